"""Rows of sessions and of failed sign-ins. A session is found by the SHA-256 of its token; the token is never kept."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from seloste.clock import from_utc_text, to_utc_text
from seloste.store.accounts import COLUMNS, Account, account_of
from seloste.store.engine import Connection, Row, one

SLIDING = timedelta(hours=12)
"""A session ends when it has not been used for so long."""
ABSOLUTE = timedelta(days=7)
"""A session ends after so long, however much it is used."""
TOUCH_EVERY = timedelta(minutes=5)
"""How often the use of a session is written down."""
FORGET_ATTEMPTS = timedelta(hours=24)
"""Failed sign-ins are forgotten after so long without another."""


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in browser. Times are UTC text. ``choices`` is the lens chosen in each register.

    ``way`` is how it was begun, ``proved_at`` when its owner last proved who they are, ``network`` a keyed hash of the
    network it was begun from, by which two may be compared and none is read.
    """

    id: str
    account: str
    created_at: str
    seen_at: str
    expires_at: str
    agent: str
    choices: Mapping[str, str]
    way: str
    proved_at: str
    network: str


def _session_of(row: Row) -> Session:
    identity, account, created_at, seen_at, expires_at, agent, choices, *more = row
    return Session(identity, account, created_at, seen_at, expires_at, agent, json.loads(choices), *more)


_COLUMNS = "s.id, s.account, s.created_at, s.seen_at, s.expires_at, s.agent, s.choices, s.way, s.proved_at, s.network"
_WIDTH = _COLUMNS.count(",") + 1


def digest(token: str) -> str:
    """The hash that a token is found by."""
    return sha256(token.encode()).hexdigest()


def start(
    conn: Connection,
    account: str,
    agent: str,
    now: datetime,
    *,
    way: str = "password",
    network: str = "",
    proved: datetime | None = None,
) -> str:
    """Begin a session and return its token, 256 random bits. Sessions that have ended are removed on the way."""
    conn.execute("DELETE FROM session WHERE expires_at <= :now", {"now": to_utc_text(now)})
    token = secrets.token_urlsafe(32)
    conn.execute(
        """INSERT INTO session
          (token_hash, id, account, created_at, seen_at, expires_at, agent, way, proved_at, network)
        VALUES (:hash, :id, :account, :now, :now, :expires, :agent, :way, :proved, :network)""",
        {
            "hash": digest(token),
            "id": secrets.token_hex(6),
            "account": account,
            "now": to_utc_text(now),
            "expires": to_utc_text(now + SLIDING),
            "agent": agent,
            "way": way,
            "network": network,
            "proved": to_utc_text(proved or now),
        },
    )
    return token


def find(conn: Connection, token: str, now: datetime) -> tuple[Session, Account] | None:
    """The session of a token and its account, None when it has ended or its account may not be in."""
    row = conn.execute(
        f"""SELECT {COLUMNS}, {_COLUMNS}
        FROM session s JOIN account a ON a.id = s.account
        WHERE s.token_hash = :hash AND s.expires_at > :now AND a.locked = 0 AND a.left_at IS NULL""",
        {"hash": digest(token), "now": to_utc_text(now)},
    ).first()
    if row is None:
        return None
    return _session_of(row[-_WIDTH:]), account_of(row[:-_WIDTH])


def is_due_for_touch(session: Session, now: datetime) -> bool:
    """Whether the use of the session should be written down again."""
    return session.seen_at <= to_utc_text(now - TOUCH_EVERY)


def touch(conn: Connection, session: Session, now: datetime) -> None:
    """The session was used now: it ends later, but never after its absolute end."""
    end = min(now + SLIDING, from_utc_text(session.created_at) + ABSOLUTE)
    conn.execute(
        "UPDATE session SET seen_at = :now, expires_at = :expires WHERE id = :id",
        {"now": to_utc_text(now), "expires": to_utc_text(end), "id": session.id},
    )


def of_account(conn: Connection, account: str, now: datetime) -> tuple[Session, ...]:
    """The account's sessions that have not ended, last used first."""
    rows = conn.execute(
        f"""SELECT {_COLUMNS} FROM session s
        WHERE s.account = :account AND s.expires_at > :now ORDER BY s.seen_at DESC, s.id""",
        {"account": account, "now": to_utc_text(now)},
    )
    return tuple(_session_of(row) for row in rows)


def prove(conn: Connection, session: str, now: datetime, *, way: str | None = None) -> None:
    """Its owner proved who they are now; with ``way``, so that the session counts as one begun in that way."""
    conn.execute(
        "UPDATE session SET proved_at = :now, way = coalesce(:way, way) WHERE id = :id",
        {"now": to_utc_text(now), "way": way, "id": session},
    )


def choose(conn: Connection, session: Session, register: str, lens: str) -> None:
    """Act in this register as this lens from now on, in this session."""
    conn.execute(
        "UPDATE session SET choices = :choices WHERE id = :id",
        {"choices": json.dumps({**session.choices, register: lens}), "id": session.id},
    )


def end(conn: Connection, token: str) -> bool:
    """End the session of a token; whether there was one."""
    return conn.execute("DELETE FROM session WHERE token_hash = :hash", {"hash": digest(token)}).rowcount == 1


def end_one(conn: Connection, account: str, session: str) -> bool:
    """End the session of that id if it is this account's; whether it was."""
    return (
        conn.execute(
            "DELETE FROM session WHERE id = :id AND account = :account", {"id": session, "account": account}
        ).rowcount
        == 1
    )


def end_all(conn: Connection, account: str, *, but: str | None = None) -> int:
    """End the account's sessions, except the one of id ``but``; how many."""
    return conn.execute(
        "DELETE FROM session WHERE account = :account AND id <> :but", {"account": account, "but": but or ""}
    ).rowcount


@dataclass(frozen=True, slots=True)
class Attempt:
    """Failed sign-ins under one key. ``locked_until`` is UTC text, None when open."""

    failures: int
    locked_until: str | None


def attempt_of(conn: Connection, key: str, now: datetime) -> Attempt:
    """What is known under a key, nothing after a day without failures; others who ask wait for this transaction."""
    conn.execute(
        "INSERT INTO attempt (key, failures, last_at) VALUES (:key, 0, :now) ON CONFLICT DO NOTHING",
        {"key": key, "now": to_utc_text(now)},
    )
    lock = " FOR UPDATE" if conn.dialect == "postgresql" else ""
    failures, until, last = one(
        conn.execute("SELECT failures, locked_until, last_at FROM attempt WHERE key = :key" + lock, {"key": key})
    )
    return Attempt(failures, until) if last > to_utc_text(now - FORGET_ATTEMPTS) else Attempt(0, None)


def put_attempt(conn: Connection, key: str, attempt: Attempt, now: datetime) -> None:
    """Write down what is known under a key that was asked about in this transaction."""
    conn.execute(
        "UPDATE attempt SET failures = :failures, locked_until = :until, last_at = :now WHERE key = :key",
        {"key": key, "failures": attempt.failures, "until": attempt.locked_until, "now": to_utc_text(now)},
    )


def forget_attempts(conn: Connection, now: datetime) -> None:
    """Remove what is older than a day."""
    conn.execute("DELETE FROM attempt WHERE last_at <= :oldest", {"oldest": to_utc_text(now - FORGET_ATTEMPTS)})
