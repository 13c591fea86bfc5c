"""Answers of identification providers that were used up, and whose account of the staff somebody at a provider is."""

from __future__ import annotations

from datetime import datetime

from seloste.clock import to_utc_text
from seloste.store.engine import Connection

TABLES = (
    "CREATE TABLE identified (mark TEXT PRIMARY KEY, expires_at TEXT NOT NULL)",
    """CREATE TABLE account_link (
      issuer TEXT NOT NULL, subject TEXT NOT NULL, account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
      linked_at TEXT NOT NULL, PRIMARY KEY (issuer, subject), UNIQUE (issuer, account))""",
)


def use_up(conn: Connection, mark: str, until: datetime, now: datetime) -> bool:
    """Use an answer up; False when it was used before. Older marks than can come again are removed on the way."""
    conn.execute("DELETE FROM identified WHERE expires_at <= :now", {"now": to_utc_text(now)})
    done = conn.execute(
        "INSERT INTO identified (mark, expires_at) VALUES (:mark, :until) ON CONFLICT DO NOTHING",
        {"mark": mark, "until": to_utc_text(until)},
    )
    return done.rowcount == 1


def give_back(conn: Connection, mark: str) -> None:
    """What an answer was used up for did not come about."""
    conn.execute("DELETE FROM identified WHERE mark = :mark", {"mark": mark})


def account_of(conn: Connection, issuer: str, subject: str) -> str | None:
    """The account of whoever the issuer calls that."""
    row = conn.execute(
        "SELECT account FROM account_link WHERE issuer = :issuer AND subject = :subject",
        {"issuer": issuer, "subject": subject},
    ).first()
    return str(row[0]) if row else None


def unlink(conn: Connection, account: str) -> None:
    """Nobody of any issuer is this account any more."""
    conn.execute("DELETE FROM account_link WHERE account = :account", {"account": account})


def link(conn: Connection, issuer: str, subject: str, account: str, now: datetime) -> bool:
    """Link them; False when the account is linked with somebody else of that issuer."""
    done = conn.execute(
        """INSERT INTO account_link (issuer, subject, account, linked_at) VALUES (:issuer, :subject, :account, :now)
        ON CONFLICT DO NOTHING""",
        {"issuer": issuer, "subject": subject, "account": account, "now": to_utc_text(now)},
    )
    return done.rowcount == 1
