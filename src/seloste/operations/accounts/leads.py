"""Every register keeps somebody who leads it, and nobody manages an account that reaches beyond what they lead."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from seloste.operations.accounts.errors import AccountError
from seloste.operations.actor import CLI, Actor
from seloste.store import accounts
from seloste.store.engine import Connection


class LastLeadError(AccountError):
    """Nobody would lead a register any more."""


class NotYoursError(AccountError):
    """The account has roles in a register that the actor does not lead."""


@contextmanager
def kept(conn: Connection, account: str) -> Iterator[None]:
    """What happens inside may not leave a register that ``account`` leads without anybody who does.

    Raises LastLeadError; then the transaction it is part of is given up.
    """
    led = sorted({grant.register for grant in accounts.grants_of(conn, account) if grant.lead})
    found = accounts.by_id(conn, account)
    active = found is not None and found.active
    before = [register for register in led if active and accounts.lock_leads(conn, register)]
    yield
    for register in before:
        if not accounts.leads(conn, register):
            raise LastLeadError(
                f"Rekisteriin {register} ei jäisi ketään, joka vastaa tietosuojasta. Anna vastuu ensin toiselle.",
                f"Nobody would be left who leads privacy in the register {register}. Give that to somebody else first.",
            )


def may_hold(conn: Connection, holder: str, account: str) -> bool:
    """Whether a link to ``account`` that ``holder`` was shown still leads somewhere.

    Nobody keeps a way into what they do not lead: it ends when the account gets a role elsewhere, and when the holder
    leads no more or is kept out. Nobody holds one that was mailed or printed by a command.
    """
    if not holder:
        return True
    found = accounts.by_id(conn, holder)
    try:
        check_manages(conn, Actor(holder, ""), account)
    except AccountError:
        return False
    return found is not None and found.active


def check_manages(conn: Connection, actor: Actor, account: str) -> None:
    """The actor leads every register in which the account has a role; whoever runs commands may do all.

    Raises NotYoursError, and AccountError when there is no such account.
    """
    if accounts.by_id(conn, account) is None:
        raise AccountError("Tunnusta ei ole.", "There is no such account.")
    if actor == CLI:
        return
    led = {grant.register for grant in accounts.grants_of(conn, actor.account) if grant.lead}
    reached = {grant.register for grant in accounts.grants_of(conn, account)}
    if not reached or not reached <= led:
        raise NotYoursError(
            "Tunnuksella on rooli myös rekisterissä, josta et vastaa. Pyydä muutos ylläpitäjältä, joka ajaa komennon "
            "seloste user.",
            "The account has a role in a register that you do not lead too. Ask whoever runs the command seloste user.",
        )


def check_whose(conn: Connection, account: str, register: str, actor: Actor) -> None:
    """Nobody gives a role to an account whose password another one may have chosen, who does not lead that register.

    Whoever opened the account would have the role, however much the giver leads. Raises AccountError.
    """
    holder = accounts.opened_by(conn, account)
    if not holder or actor == CLI or holder == actor.account:
        return
    if not any(each.lead and each.register == register for each in accounts.grants_of(conn, holder)):
        raise AccountError(
            "Osoitteella on tunnus, jonka toisen rekisterin vastuuhenkilö avasi, ja hän on voinut valita sen "
            "salasanan. Pyydä roolit ylläpitäjältä: hän varmistaa henkilöltä, että tunnus on tämän, ja ajaa komennon "
            "seloste user grant.",
            "The address has an account that somebody who leads another register opened, and they may have chosen its "
            "password. Ask whoever runs the program for the roles: they ask the person whether the account is theirs, "
            "and run seloste user grant.",
        )
