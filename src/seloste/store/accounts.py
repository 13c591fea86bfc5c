"""Rows of the staff's accounts and their roles. Rules about them live in ``operations/accounts``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from seloste.clock import to_utc_text
from seloste.store.engine import Connection, Row

Appearance = Literal["system", "light", "dark"]


@dataclass(frozen=True, slots=True)
class Account:
    """One person of the staff. ``left_at`` is UTC text, None while they work here."""

    id: str
    email: str
    name: str
    language: str
    """``fi`` or ``en``; empty until the person or whoever added them chose one."""
    appearance: Appearance
    single_keys: bool
    locked: bool
    created_at: str
    left_at: str | None

    @property
    def active(self) -> bool:
        """Whether they may sign in at all."""
        return not self.locked and self.left_at is None


@dataclass(frozen=True, slots=True)
class Grant:
    """A role: this account acts in this register as this lens; ``lead`` opens the privacy pages too."""

    account: str
    register: str
    lens: str
    lead: bool
    person: int | None = None
    """Whom of the register's people the account is, for a role that sees its own only."""


OPENED_BY = "ALTER TABLE account ADD COLUMN opened_by TEXT NOT NULL DEFAULT ''"
"""Who was shown the link by which the password was chosen, and so may be the one who chose it. Empty where the link was
mailed or a command gave the password, and once a provider has told that the address is the person's own."""

COLUMNS = "a.id, a.email, a.name, a.language, a.appearance, a.single_keys, a.locked, a.created_at, a.left_at"


def account_of(row: Row) -> Account:
    """The account that a row of COLUMNS holds."""
    identity, email, name, language, appearance, keys, locked, created_at, left_at = row
    return Account(identity, email, name, language, appearance, bool(keys), bool(locked), created_at, left_at)


def insert(conn: Connection, account: Account, password_hash: str | None) -> bool:
    """Add an account; False when its e-mail is taken already."""
    return (
        conn.execute(
            """INSERT INTO account (id, email, name, language, appearance, single_keys, password_hash, created_at)
            VALUES (:id, :email, :name, :language, :appearance, :single_keys, :password_hash, :created_at)
            ON CONFLICT DO NOTHING""",
            {
                "id": account.id,
                "email": account.email,
                "name": account.name,
                "language": account.language,
                "appearance": account.appearance,
                "single_keys": int(account.single_keys),
                "password_hash": password_hash,
                "created_at": account.created_at,
            },
        ).rowcount
        == 1
    )


def by_id(conn: Connection, identity: str) -> Account | None:
    """The account of that id."""
    row = conn.execute(f"SELECT {COLUMNS} FROM account a WHERE a.id = :id", {"id": identity}).first()
    return account_of(row) if row else None


def by_email(conn: Connection, email: str) -> tuple[Account, str | None] | None:
    """The account of an e-mail in its normal form, and the hash of its password."""
    row = conn.execute(
        f"SELECT {COLUMNS}, a.password_hash FROM account a WHERE a.email = :email", {"email": email}
    ).first()
    return (account_of(row[:-1]), row[-1]) if row else None


def password_hash(conn: Connection, identity: str) -> str | None:
    """The hash of an account's password, None when it has none."""
    row = conn.execute("SELECT password_hash FROM account WHERE id = :id", {"id": identity}).first()
    return row[0] if row else None


def lock(conn: Connection, identity: str) -> None:
    """Until this transaction ends no other one changes by what the account is opened: each waits its turn here.

    On SQLite there is one who writes at a time anyway. Rows that hang on the account may still be added meanwhile.
    """
    if conn.dialect == "postgresql":
        conn.execute("SELECT 1 FROM account WHERE id = :id FOR NO KEY UPDATE", {"id": identity})


def opens_still(conn: Connection, identity: str, hashed: str | None) -> bool:
    """Whether the account may be in and its password is still the one of that hash.

    Until this transaction ends nobody changes either.
    """
    lock = " FOR UPDATE" if conn.dialect == "postgresql" else ""
    sql = "SELECT password_hash, locked, left_at FROM account WHERE id = :id" + lock
    row = conn.execute(sql, {"id": identity}).first()
    return row is not None and tuple(row) == (hashed, 0, None)


def every(conn: Connection) -> tuple[Account, ...]:
    """All accounts by e-mail, those who left included."""
    return tuple(account_of(row) for row in conn.execute(f"SELECT {COLUMNS} FROM account a ORDER BY a.email"))


def names(conn: Connection) -> Mapping[str, str]:
    """Names of the accounts by id, for pages that show who did what."""
    return {identity: name for identity, name in conn.execute("SELECT id, name FROM account")}  # noqa: C416


def opened_by(conn: Connection, identity: str) -> str:
    """Whom the account may belong to besides the person it is named after; empty when nobody."""
    row = conn.execute("SELECT opened_by FROM account WHERE id = :id", {"id": identity}).first()
    return str(row[0]) if row else ""


def set_opened_by(conn: Connection, identity: str, holder: str) -> None:
    """Note who was shown the link by which the account was opened."""
    conn.execute("UPDATE account SET opened_by = :holder WHERE id = :id", {"holder": holder, "id": identity})


def set_password_hash(conn: Connection, identity: str, hashed: str | None) -> None:
    """Replace the hash of an account's password; with None there is no password any more."""
    conn.execute("UPDATE account SET password_hash = :hash WHERE id = :id", {"hash": hashed, "id": identity})


def set_preferences(
    conn: Connection, identity: str, *, language: str, appearance: Appearance, single_keys: bool
) -> None:
    """How the screens look and speak to this person."""
    conn.execute(
        "UPDATE account SET language = :language, appearance = :appearance, single_keys = :keys WHERE id = :id",
        {"language": language, "appearance": appearance, "keys": int(single_keys), "id": identity},
    )


def set_locked(conn: Connection, identity: str, *, locked: bool) -> None:
    """Whether the account is kept out until somebody lets it in again."""
    conn.execute("UPDATE account SET locked = :locked WHERE id = :id", {"locked": int(locked), "id": identity})


def set_left(conn: Connection, identity: str, at: datetime) -> None:
    """The person no longer works here; their name stays beside what they did, their address does not."""
    conn.execute(
        "UPDATE account SET left_at = :at, password_hash = NULL, email = id WHERE id = :id",
        {"at": to_utc_text(at), "id": identity},
    )


def grants_of(conn: Connection, identity: str) -> tuple[Grant, ...]:
    """The account's roles, in the order they were given."""
    rows = conn.execute(
        "SELECT account, register, lens, lead, person FROM granted WHERE account = :id ORDER BY place, register, lens",
        {"id": identity},
    )
    return tuple(map(_grant, rows))


def all_grants(conn: Connection) -> tuple[Grant, ...]:
    """Everybody's roles."""
    rows = conn.execute(
        "SELECT account, register, lens, lead, person FROM granted ORDER BY account, place, register, lens"
    )
    return tuple(map(_grant, rows))


def lock_leads(conn: Connection, register: str) -> bool:
    """Whether somebody leads the register; until this transaction ends nobody else takes one of them away."""
    lock = " FOR UPDATE" if conn.dialect == "postgresql" else ""
    sql = "SELECT account FROM granted WHERE register = :register AND lead = 1 ORDER BY account, lens" + lock
    return bool(conn.execute(sql, {"register": register}).all())


def leads(conn: Connection, register: str) -> tuple[str, ...]:
    """Ids of the accounts that lead the register and may be in."""
    rows = conn.execute(
        """SELECT DISTINCT g.account FROM granted g JOIN account a ON a.id = g.account
        WHERE g.register = :register AND g.lead = 1 AND a.locked = 0 AND a.left_at IS NULL ORDER BY g.account""",
        {"register": register},
    )
    return tuple(str(account) for (account,) in rows)


def _grant(row: Row) -> Grant:
    account, register, lens, lead, person = row
    return Grant(account, register, lens, bool(lead), person)


def add_grant(conn: Connection, grant: Grant, at: datetime) -> None:
    """Give a role, or change whether it leads and whom of the register's people the account is."""
    conn.execute(
        """INSERT INTO granted (account, register, lens, lead, person, place, granted_at)
        VALUES (:account, :register, :lens, :lead, :person,
          (SELECT coalesce(max(place), 0) + 1 FROM granted WHERE account = :account), :at)
        ON CONFLICT (account, register, lens) DO UPDATE SET lead = excluded.lead, person = excluded.person""",
        {
            "account": grant.account,
            "register": grant.register,
            "lens": grant.lens,
            "lead": int(grant.lead),
            "person": grant.person,
            "at": to_utc_text(at),
        },
    )


def remove_grant(conn: Connection, account: str, register: str, lens: str) -> bool:
    """Take a role away; whether it was there."""
    return (
        conn.execute(
            "DELETE FROM granted WHERE account = :account AND register = :register AND lens = :lens",
            {"account": account, "register": register, "lens": lens},
        ).rowcount
        == 1
    )
