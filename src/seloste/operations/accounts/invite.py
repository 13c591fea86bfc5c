"""Invite somebody by a link that sets the password of their account: used once, within seven days.

Where mail is sent the link goes to the address and to nobody else, so that it proves who reads the mail; without mail
whoever invites hands it over, and it leads somewhere only while they lead all that the account reaches. A link for
somebody who has an account already lets them choose a new password; it does not replace their second step.

Who was shown a link may use it themselves. So a link that was used says so, whoever made one and when it was used is
shown to whoever is in (:mod:`seloste.store.account_deeds`), and such an account gets no role from others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from seloste.operations.accounts import passwords
from seloste.operations.accounts.create import checked_email, create_account
from seloste.operations.accounts.errors import AccountError
from seloste.operations.accounts.leads import check_manages, check_whose, may_hold
from seloste.operations.accounts.roles import Given, set_roles
from seloste.operations.actor import CLI, Actor
from seloste.operations.mail.letter import Letter
from seloste.operations.mail.sender import Maker
from seloste.settings import Settings
from seloste.store import account_deeds, accounts, feeds, invitations, journal, outbox, second_step, sessions
from seloste.store.accounts import Account
from seloste.store.engine import Connection, Database
from seloste.store.registers import Registers

LETTER = "staff_invited"
PATH = "/welcome/"

_TEXTS = {
    "fi": (
        "Tunnuksesi: valitse salasana",
        "Hei,\n\nsinulle on avattu tunnus. Avaa tämä linkki ja valitse salasana:\n\n{link}\n\nLinkki toimii kerran, "
        "seitsemän päivän ajan. Älä lähetä sitä kenellekään.\n\n"
        "Jos et odottanut tätä, sinun ei tarvitse tehdä mitään.\n",
    ),
    "en": (
        "Your account: choose a password",
        "Hello,\n\nan account is open for you. Open this link and choose a password:\n\n{link}\n\nThe link works once, "
        "for seven days. Do not send it to anybody.\n\nIf you did not expect this, you need not do anything.\n",
    ),
}


@dataclass(frozen=True, slots=True)
class Invited:
    """The account; ``token`` is the link's when it was not sent by mail, shown once and kept nowhere.

    ``known``: somebody who had an account and a way in already; they got the roles and need no link.
    """

    account: str
    token: str | None = None
    mailed: bool = False
    known: bool = False


def invite(
    registers: Registers,
    email: str,
    name: str,
    register: str,
    given: Iterable[Given],
    *,
    language: str = "fi",
    actor: Actor,
    now: datetime,
) -> Invited:
    """Make an account with roles in one register and a link to it; somebody who has one gets the roles.

    Raises AccountError for an e-mail, name or language that is none, and for an account that may be in other hands.
    """
    with registers.deployment.read() as conn:
        found = accounts.by_email(conn, checked_email(email))
        if found is not None:
            check_whose(conn, found[0].id, register, actor)
    if found is not None:
        account = found[0].id
    else:
        account = create_account(registers.deployment, email, name, language=language, actor=actor, now=now).account
    set_roles(registers.deployment, account, register, tuple(given), keep=True, actor=actor, now=now)
    if found is not None and (found[1] is not None or not _manages(registers.deployment, account, actor)):
        return Invited(account, known=True)
    return _link(registers, account, actor=actor, now=now)


def send_link(registers: Registers, account: str, *, actor: Actor, now: datetime) -> Invited:
    """A new link for an account, in place of any earlier one. Raises AccountError, NotYoursError."""
    with registers.deployment.read() as conn:
        check_manages(conn, actor, account)
        found = accounts.by_id(conn, account)
    if found is None or not found.active:
        raise AccountError(
            "Tunnus on lukittu tai päättynyt. Avaa lukitus ensin.",
            "The account is locked or has ended. Unlock it first.",
        )
    return _link(registers, account, actor=actor, now=now)


def address(settings: Settings, token: str) -> str:
    """The link of a token: where these pages are seen, as the installation says."""
    return f"{settings.public_url or f'http://{settings.host}:{settings.port}'}{PATH}{token}"


def _manages(deployment: Database, account: str, actor: Actor) -> bool:
    """Whether the actor may open the account: else who leads one register would get into another by it."""
    with deployment.read() as conn:
        try:
            check_manages(conn, actor, account)
        except AccountError:
            return False
    return True


def _link(registers: Registers, account: str, *, actor: Actor, now: datetime) -> Invited:
    mailed = registers.settings.sends_mail
    with registers.deployment.transaction() as conn:
        held_by = "" if mailed or actor == CLI else actor.account
        token = invitations.make(conn, account, now, by=actor.account, held_by=held_by)
        if mailed:
            parts = {"account": account, "token": token}
            outbox.put(conn, registers.own_keys, "", LETTER, parts, now=now, expires_at=now + invitations.LASTS)
        account_deeds.note(conn, account, "link_mailed" if mailed else "link_shown", actor.account, now)
        journal.append(conn, journal.Entry(now, actor.account, actor.lens, "invite", note=account))
    return Invited(account, None if mailed else token, mailed)


@dataclass(frozen=True, slots=True)
class Opened:
    """A link as whoever comes with it may know it. ``by`` is the name of who made it, empty for a command.

    Times are UTC text; ``used_at`` is empty while it may be used.
    """

    account: Account
    by: str
    made_at: str
    used_at: str


def invited(deployment: Database, token: str, *, now: datetime) -> Account | None:
    """Whose link it is, None when it leads nowhere any more. Looking at it uses nothing up."""
    found = looked_at(deployment, token, now=now)
    return found.account if found is not None and not found.used_at else None


def looked_at(deployment: Database, token: str, *, now: datetime) -> Opened | None:
    """The link of a token, used or not, None when it leads nowhere. Looking at it uses nothing up."""
    with deployment.read() as conn:
        found = _find(conn, token, now)
        if found is None:
            return None
        maker = accounts.by_id(conn, found.made_by)
    return Opened(found.account, maker.name if maker is not None else "", found.made_at, found.used_at)


def _find(conn: Connection, token: str, now: datetime) -> invitations.Link | None:
    found = invitations.find(conn, token, now)
    leads = found is not None and (found.used_at or may_hold(conn, found.held_by, found.account.id))
    return found if leads else None


def accept(deployment: Database, token: str, password: str, *, agent: str = "", now: datetime) -> Account:
    """Set the password by a link, which is used up; whoever was in by the old password is out.

    ``agent`` is the device in a word or two. Raises PasswordError, and AccountError when the link leads nowhere.
    """
    account = invited(deployment, token, now=now)
    if account is None:
        raise _gone()
    passwords.check(password, email=account.email, name=account.name)
    hashed = passwords.hashed(password)
    with deployment.transaction() as conn:
        accounts.lock(conn, account.id)
        link = _find(conn, token, now)
        if link is None or not invitations.use(conn, token, now):
            raise _gone()
        accounts.set_password_hash(conn, account.id, hashed)
        accounts.set_opened_by(conn, account.id, link.held_by)
        account_deeds.note(conn, account.id, "link_used", link.made_by, now, agent=agent)
        second_step.end_halves(conn, account.id)
        sessions.end_all(conn, account.id)
        feeds.end_all(conn, account.id)
        journal.append(conn, journal.Entry(now, account.id, "", "accept_invitation"))
    return account


def _gone() -> AccountError:
    return AccountError(
        "Linkki ei enää toimi. Pyydä uusi siltä, joka kutsui sinut.",
        "The link does not work any more. Ask whoever invited you for a new one.",
    )


def letter(registers: Registers, register: str, parts: Mapping[str, str], now: datetime) -> Letter | None:
    """The letter with the link; None when the link leads nowhere any more."""
    account = invited(registers.deployment, parts["token"], now=now)
    if account is None or account.id != parts["account"]:
        return None
    subject, text = _TEXTS["fi" if (account.language or registers.settings.language) == "fi" else "en"]
    return Letter(account.email, subject, text.format(link=address(registers.settings, parts["token"])))


LETTERS: Mapping[str, Maker] = {LETTER: letter}
