"""Links by which somebody sets the password of their account: hashes of tokens alone, each used once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from seloste.clock import to_utc_text
from seloste.store.accounts import COLUMNS, Account, account_of
from seloste.store.engine import Connection
from seloste.store.sessions import digest

TABLES = (
    """CREATE TABLE invitation (
      token_hash TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
      expires_at TEXT NOT NULL)""",
    "CREATE INDEX invitation_of_account ON invitation (account)",
)

HOLDER = "ALTER TABLE invitation ADD COLUMN held_by TEXT NOT NULL DEFAULT ''"
"""The account that was shown the link, to hand it over; empty where it was mailed, or printed by a command."""

MADE = (
    "ALTER TABLE invitation ADD COLUMN made_by TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE invitation ADD COLUMN made_at TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE invitation ADD COLUMN used_at TEXT NOT NULL DEFAULT ''",
)
"""Who made the link and when, and when it was used: whoever comes with it after that learns that somebody was first."""

LASTS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was made. Times are UTC text; ``used_at`` is empty while it has not been used."""

    account: Account
    expires_at: str
    held_by: str
    made_by: str
    made_at: str
    used_at: str


_COLUMNS = "i.expires_at, i.held_by, i.made_by, i.made_at, i.used_at"
_WIDTH = 5


def make(conn: Connection, account: str, now: datetime, *, by: str = "", held_by: str = "") -> str:
    """A new link's token, 256 random bits; an earlier one of the account leads nowhere any more."""
    conn.execute("DELETE FROM invitation WHERE expires_at <= :now", {"now": to_utc_text(now)})
    drop(conn, account)
    token = secrets.token_urlsafe(32)
    conn.execute(
        """INSERT INTO invitation (token_hash, account, expires_at, held_by, made_by, made_at)
        VALUES (:hash, :account, :end, :held_by, :by, :now)""",
        {
            "hash": digest(token),
            "account": account,
            "end": to_utc_text(now + LASTS),
            "held_by": held_by,
            "by": by,
            "now": to_utc_text(now),
        },
    )
    return token


def find(conn: Connection, token: str, now: datetime) -> Link | None:
    """The link of a token, used or not; None when there is none, or its account may not be in.

    Nothing changes by asking.
    """
    row = conn.execute(
        f"""SELECT {COLUMNS}, {_COLUMNS} FROM invitation i JOIN account a ON a.id = i.account
        WHERE i.token_hash = :hash AND i.expires_at > :now AND a.locked = 0 AND a.left_at IS NULL""",
        {"hash": digest(token), "now": to_utc_text(now)},
    ).first()
    return Link(account_of(row[:-_WIDTH]), *map(str, row[-_WIDTH:])) if row else None


def use(conn: Connection, token: str, now: datetime) -> bool:
    """Use a link up; False when it was used or has expired."""
    sql = """UPDATE invitation SET used_at = :now
    WHERE token_hash = :hash AND expires_at > :now AND used_at = ''"""
    return conn.execute(sql, {"hash": digest(token), "now": to_utc_text(now)}).rowcount == 1


def drop(conn: Connection, account: str) -> None:
    """Let the account's links lead nowhere; one that was used tells so for its week, whatever is done meanwhile."""
    conn.execute("DELETE FROM invitation WHERE account = :account AND used_at = ''", {"account": account})


def forget(conn: Connection, account: str) -> None:
    """The account has ended: no link of it, used or not, is known any more."""
    conn.execute("DELETE FROM invitation WHERE account = :account", {"account": account})


def until(conn: Connection, account: str, now: datetime) -> tuple[str, str] | None:
    """Until when the link of the account lasts (UTC text), and who was shown it; None when there is none."""
    sql = """SELECT expires_at, held_by FROM invitation
    WHERE account = :account AND expires_at > :now AND used_at = ''"""
    row = conn.execute(sql, {"account": account, "now": to_utc_text(now)}).first()
    return (str(row[0]), str(row[1])) if row is not None else None
