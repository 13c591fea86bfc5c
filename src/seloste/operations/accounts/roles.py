"""Give and take roles, and list who has which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from seloste.operations.accounts.create import normal_email
from seloste.operations.accounts.errors import AccountError
from seloste.operations.accounts.leads import check_whose, kept
from seloste.operations.actor import Actor
from seloste.store import accounts, journal
from seloste.store.accounts import Account, Grant
from seloste.store.engine import Database


@dataclass(frozen=True, slots=True)
class Listed:
    """An account and its roles."""

    account: Account
    grants: tuple[Grant, ...]


def grant(
    deployment: Database,
    account: str,
    register: str,
    lens: str,
    *,
    lead: bool = False,
    person: int | None = None,
    actor: Actor,
    now: datetime,
) -> Grant:
    """Give a role; the caller makes sure that the register has that lens. Raises AccountError for an unknown account,
    LastLeadError when a role no longer leads that was the last to.

    ``person`` is whom of the register's people the account is: a role that sees its own only shows nothing without.
    """
    given = Grant(account, register, lens, lead, person)
    with deployment.transaction() as conn:
        if accounts.by_id(conn, account) is None:
            raise AccountError("Tunnusta ei ole.", "There is no such account.")
        with kept(conn, account):
            accounts.add_grant(conn, given, now)
        journal.append(conn, journal.Entry(now, actor.account, lens, "grant_role", note=f"{account}:{register}"))
    return given


def revoke(deployment: Database, account: str, register: str, lens: str, *, actor: Actor, now: datetime) -> None:
    """Take a role away at once. Raises AccountError when the account does not have it, LastLeadError."""
    with deployment.transaction() as conn, kept(conn, account):
        if not accounts.remove_grant(conn, account, register, lens):
            raise AccountError("Tunnuksella ei ole tätä roolia.", "The account does not have this role.")
        journal.append(conn, journal.Entry(now, actor.account, lens, "revoke_role", note=f"{account}:{register}"))


@dataclass(frozen=True, slots=True)
class Given:
    """A role to have in a register."""

    lens: str
    lead: bool = False
    person: int | None = None


def set_roles(
    deployment: Database,
    account: str,
    register: str,
    given: tuple[Given, ...],
    *,
    keep: bool = False,
    actor: Actor,
    now: datetime,
) -> None:
    """Have just these roles in a register, in one step; with ``keep`` besides those there are.

    Raises AccountError for an unknown account and for a new role of one that may be in other hands, LastLeadError.
    """
    with deployment.transaction() as conn:
        if accounts.by_id(conn, account) is None:
            raise AccountError("Tunnusta ei ole.", "There is no such account.")
        had = {each.lens: each for each in accounts.grants_of(conn, account) if each.register == register}
        note = f"{account}:{register}"
        with kept(conn, account):
            for each in given:
                before = had.get(each.lens)
                # Who leads already does not lose that by being invited once more.
                lead = each.lead or (keep and before is not None and before.lead)
                wanted = Grant(account, register, each.lens, lead, each.person)
                if before != wanted:
                    # In whichever hands the account is, they get what is given here.
                    check_whose(conn, account, register, actor)
                    accounts.add_grant(conn, wanted, now)
                    journal.append(conn, journal.Entry(now, actor.account, each.lens, "grant_role", note=note))
            for lens in had.keys() - {each.lens for each in given} if not keep else ():
                accounts.remove_grant(conn, account, register, lens)
                journal.append(conn, journal.Entry(now, actor.account, lens, "revoke_role", note=note))


def list_accounts(deployment: Database) -> tuple[Listed, ...]:
    """All accounts by e-mail, with their roles."""
    with deployment.read() as conn:
        everyone = accounts.every(conn)
        roles: dict[str, list[Grant]] = {}
        for given in accounts.all_grants(conn):
            roles.setdefault(given.account, []).append(given)
    return tuple(Listed(account, tuple(roles.get(account.id, ()))) for account in everyone)


def find_account(deployment: Database, email: str) -> Account:
    """The account of an e-mail. Raises AccountError; for people who administer accounts, never for a sign-in."""
    with deployment.read() as conn:
        found = accounts.by_email(conn, normal_email(email))
    if found is None:
        raise AccountError(
            "Sähköpostilla ei ole tunnusta. Listaa tunnukset komennolla seloste user list.",
            "The e-mail has no account. List the accounts with seloste user list.",
        )
    return found[0]


def account_names(deployment: Database) -> Mapping[str, str]:
    """Names of the accounts by id, for pages that show who did what."""
    with deployment.read() as conn:
        return accounts.names(conn)
