"""Links by which somebody sets the password of their account: hashes of tokens alone, each used once."""

from __future__ import annotations

import secrets
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

LASTS = timedelta(days=7)


def make(conn: Connection, account: str, now: datetime, *, held_by: str = "") -> str:
    """A new link's token, 256 random bits; an earlier one of the account leads nowhere any more."""
    conn.execute("DELETE FROM invitation WHERE expires_at <= :now", {"now": to_utc_text(now)})
    drop(conn, account)
    token = secrets.token_urlsafe(32)
    conn.execute(
        "INSERT INTO invitation (token_hash, account, expires_at, held_by) VALUES (:hash, :account, :end, :held_by)",
        {"hash": digest(token), "account": account, "end": to_utc_text(now + LASTS), "held_by": held_by},
    )
    return token


def whose(conn: Connection, token: str, now: datetime) -> tuple[Account, str] | None:
    """Whose link it is, and who was shown it (empty: nobody); None when it leads nowhere, or the account may not be in.

    Nothing changes by asking.
    """
    row = conn.execute(
        f"""SELECT {COLUMNS}, i.held_by FROM invitation i JOIN account a ON a.id = i.account
        WHERE i.token_hash = :hash AND i.expires_at > :now AND a.locked = 0 AND a.left_at IS NULL""",
        {"hash": digest(token), "now": to_utc_text(now)},
    ).first()
    return (account_of(row[:-1]), str(row[-1])) if row else None


def use(conn: Connection, token: str, now: datetime) -> bool:
    """Use a link up; False when it was used or has expired."""
    sql = "DELETE FROM invitation WHERE token_hash = :hash AND expires_at > :now"
    return conn.execute(sql, {"hash": digest(token), "now": to_utc_text(now)}).rowcount == 1


def drop(conn: Connection, account: str) -> None:
    """Let the account's links lead nowhere."""
    conn.execute("DELETE FROM invitation WHERE account = :account", {"account": account})


def until(conn: Connection, account: str, now: datetime) -> tuple[str, str] | None:
    """Until when the link of the account lasts (UTC text), and who was shown it; None when there is none."""
    sql = "SELECT expires_at, held_by FROM invitation WHERE account = :account AND expires_at > :now"
    row = conn.execute(sql, {"account": account, "now": to_utc_text(now)}).first()
    return (str(row[0]), str(row[1])) if row is not None else None
