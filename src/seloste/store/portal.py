"""Links and sessions of people who look at their own data: hashes of tokens, and of people only numbers."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from seloste.clock import to_utc_text
from seloste.store.engine import Connection, Row
from seloste.store.sessions import digest

TABLES = (
    """CREATE TABLE own_link (
      token_hash TEXT PRIMARY KEY, register TEXT NOT NULL, persons TEXT NOT NULL, expires_at TEXT NOT NULL)""",
    """CREATE TABLE own_session (
      token_hash TEXT PRIMARY KEY, register TEXT NOT NULL, persons TEXT NOT NULL, person BIGINT,
      expires_at TEXT NOT NULL)""",
)

MADE = "ALTER TABLE own_link ADD COLUMN made_at TEXT NOT NULL DEFAULT ''"
"""When a link was made; empty for one of an earlier version."""

STRONG = "ALTER TABLE own_session ADD COLUMN strong INTEGER NOT NULL DEFAULT 0"
"""Whether who looks was proven by strong identification, and not only by an address on file."""

LASTS = timedelta(minutes=30)
"""How long a link may be opened, and how long what it opened stays open."""


@dataclass(frozen=True, slots=True)
class OwnSession:
    """Whose data are looked at. ``person`` is None while several have the address and none of them was chosen.

    ``strong``: they were identified strongly, and came by no link.
    """

    register: str
    persons: tuple[int, ...]
    person: int | None
    strong: bool = False


@dataclass(frozen=True, slots=True)
class OwnLink:
    """Whose a link is, and when it was made, as UTC text."""

    persons: tuple[int, ...]
    made_at: str


def make_link(
    conn: Connection, register: str, persons: Sequence[int], now: datetime, *, lasts: timedelta = LASTS
) -> str:
    """A new link's token, 256 random bits; it may be opened once, until ``lasts`` is over."""
    _forget(conn, now)
    token = secrets.token_urlsafe(32)
    conn.execute(
        "INSERT INTO own_link (token_hash, register, persons, expires_at, made_at)"
        " VALUES (:hash, :register, :persons, :end, :made)",
        {
            "hash": digest(token),
            "register": register,
            "persons": json.dumps(list(persons)),
            "end": to_utc_text(now + lasts),
            "made": to_utc_text(now),
        },
    )
    return token


def link_stands(conn: Connection, register: str, token: str, now: datetime) -> bool:
    """Whether a link can still be opened. Nothing changes by asking."""
    row = conn.execute(
        "SELECT 1 FROM own_link WHERE token_hash = :hash AND register = :register AND expires_at > :now",
        {"hash": digest(token), "register": register, "now": to_utc_text(now)},
    ).first()
    return row is not None


def use_link(conn: Connection, register: str, token: str, now: datetime) -> OwnLink | None:
    """Use a link up. None for one that cannot be used."""
    row = conn.execute(
        """DELETE FROM own_link WHERE token_hash = :hash AND register = :register AND expires_at > :now
        RETURNING persons, made_at""",
        {"hash": digest(token), "register": register, "now": to_utc_text(now)},
    ).first()
    return OwnLink(tuple(json.loads(row[0])), str(row[1])) if row is not None else None


def begin(conn: Connection, found: OwnSession, now: datetime) -> str:
    """Begin a session and return its token, 256 random bits."""
    _forget(conn, now)
    token = secrets.token_urlsafe(32)
    conn.execute(
        """INSERT INTO own_session (token_hash, register, persons, person, strong, expires_at)
        VALUES (:hash, :register, :persons, :person, :strong, :end)""",
        {
            "hash": digest(token),
            "register": found.register,
            "persons": json.dumps(list(found.persons)),
            "person": found.person,
            "strong": int(found.strong),
            "end": to_utc_text(now + LASTS),
        },
    )
    return token


def session(conn: Connection, register: str, token: str, now: datetime) -> OwnSession | None:
    """The session of a token in this register, None when it has ended."""
    row = conn.execute(
        """SELECT register, persons, person, strong FROM own_session
        WHERE token_hash = :hash AND register = :register AND expires_at > :now""",
        {"hash": digest(token), "register": register, "now": to_utc_text(now)},
    ).first()
    return _session(row) if row is not None else None


def choose(conn: Connection, token: str, person: int) -> None:
    """Look at this one of the people of the session."""
    conn.execute(
        "UPDATE own_session SET person = :person WHERE token_hash = :hash", {"person": person, "hash": digest(token)}
    )


def leave(conn: Connection, token: str) -> None:
    """End a session."""
    conn.execute("DELETE FROM own_session WHERE token_hash = :hash", {"hash": digest(token)})


def _session(row: Row) -> OwnSession:
    register, persons, person, strong = row
    whose = int(person) if person is not None else None
    return OwnSession(register, tuple(json.loads(persons)), whose, bool(strong))


def _forget(conn: Connection, now: datetime) -> None:
    for table in ("own_link", "own_session"):
        conn.execute(f"DELETE FROM {table} WHERE expires_at <= :now", {"now": to_utc_text(now)})
