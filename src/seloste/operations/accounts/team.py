"""Who gets into a register, as whoever leads it sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from seloste.operations.accounts import means
from seloste.operations.accounts.errors import AccountError
from seloste.operations.accounts.leads import check_manages, may_hold
from seloste.operations.actor import Actor
from seloste.store import accounts, invitations
from seloste.store.accounts import Account, Grant
from seloste.store.engine import Connection, Database


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with a role in the register.

    ``invited_until`` is UTC text while a link may be used. ``manages``: the actor leads every register the account
    reaches, and so may lock it, end it, or help over a lost phone.
    """

    account: Account
    grants: tuple[Grant, ...]
    second_step: bool
    has_password: bool
    invited_until: str | None
    manages: bool

    @property
    def leads(self) -> bool:
        return any(grant.lead for grant in self.grants)


def members(deployment: Database, register: str, *, actor: Actor, now: datetime) -> tuple[Member, ...]:
    """Everybody with a role in the register, by name."""
    with deployment.read() as conn:
        known = {grant.account for grant in accounts.all_grants(conn) if grant.register == register}
        found = [member for account in known if (member := _member(conn, account, register, actor, now)) is not None]
    return tuple(sorted(found, key=lambda each: (each.account.name.casefold(), each.account.id)))


def member(deployment: Database, account: str, register: str, *, actor: Actor, now: datetime) -> Member | None:
    """One of them, None when the account has no role in the register."""
    with deployment.read() as conn:
        return _member(conn, account, register, actor, now)


def _member(conn: Connection, account: str, register: str, actor: Actor, now: datetime) -> Member | None:
    found = accounts.by_id(conn, account)
    grants = tuple(grant for grant in accounts.grants_of(conn, account) if grant.register == register)
    if found is None or not grants:
        return None
    has = means.of(conn, account)
    try:
        check_manages(conn, actor, account)
        manages = True
    except AccountError:
        manages = False
    link = invitations.until(conn, account, now)
    until = link[0] if link is not None and may_hold(conn, link[1], account) else None
    return Member(found, grants, has.second_step, has.password, until, manages)
