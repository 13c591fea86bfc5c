"""Versions of a notice that somebody has brought in: looked at, decided on, waiting for their day.

Texts of notices only: nothing here is about a person, beside the account that decided.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from seloste.clock import from_utc_text, to_utc_text
from seloste.store.engine import Connection, Row, has_table, one

State = Literal["draft", "dropped", "waiting", "in_force", "withdrawn", "failed"]

TABLE = "sys_planned"
_COLUMNS = (
    "id, state, digest, source, expanded, brought_at, brought_by, effective, decided_at, decided_by, ended_at, why"
)


@dataclass(frozen=True, slots=True)
class Planned:
    """One version. ``source`` is the file as it was brought, ``expanded`` what it meant then, as JSON."""

    id: int
    state: State
    digest: str
    source: str
    expanded: str
    brought_at: dt.datetime
    brought_by: str
    effective: dt.date | None
    decided_at: dt.datetime | None
    decided_by: str | None
    ended_at: dt.datetime | None
    why: str
    """Of one that failed, the reason in English; no value of anybody."""


def create(conn: Connection) -> None:
    """Make the table where it is not there yet."""
    own = "INTEGER PRIMARY KEY" if conn.dialect == "sqlite" else "BIGSERIAL PRIMARY KEY"
    conn.execute(
        f"CREATE TABLE IF NOT EXISTS {TABLE} (id {own}, state TEXT NOT NULL, digest TEXT NOT NULL,"
        " source TEXT NOT NULL, expanded TEXT NOT NULL, brought_at TEXT NOT NULL, brought_by TEXT NOT NULL,"
        " effective TEXT, decided_at TEXT, decided_by TEXT, ended_at TEXT, why TEXT NOT NULL)"
    )


def exists(conn: Connection) -> bool:
    """Whether any version was ever brought here."""
    return has_table(conn, TABLE)


def bring(conn: Connection, *, digest: str, source: str, expanded: str, at: dt.datetime, by: str) -> int:
    """A version to look at; its number. Another draft of the same account is dropped, and its number not used again."""
    create(conn)
    conn.execute(
        f"UPDATE {TABLE} SET state = 'dropped', source = '', expanded = '' WHERE state = 'draft' AND brought_by = :by",
        {"by": by},
    )
    conn.execute(
        f"INSERT INTO {TABLE} (state, digest, source, expanded, brought_at, brought_by, why)"
        " VALUES ('draft', :digest, :source, :expanded, :at, :by, '')",
        {"digest": digest, "source": source, "expanded": expanded, "at": to_utc_text(at), "by": by},
    )
    return int(one(conn.execute(f"SELECT max(id) FROM {TABLE}"))[0])


def get(conn: Connection, number: int) -> Planned | None:
    """The version of a number, None when there is none or it was dropped."""
    if not exists(conn):
        return None
    row = conn.execute(f"SELECT {_COLUMNS} FROM {TABLE} WHERE id = :id AND state != 'dropped'", {"id": number}).first()
    return None if row is None else _read(row)


def waiting(conn: Connection) -> Planned | None:
    """The version that waits for its day; there is one at most."""
    if not exists(conn):
        return None
    row = conn.execute(f"SELECT {_COLUMNS} FROM {TABLE} WHERE state = 'waiting'").first()
    return None if row is None else _read(row)


def ended(conn: Connection) -> tuple[Planned, ...]:
    """Versions that were decided on and have come into force, been withdrawn or failed, the latest first."""
    if not exists(conn):
        return ()
    found = conn.execute(
        f"SELECT {_COLUMNS} FROM {TABLE} WHERE state IN ('in_force', 'withdrawn', 'failed') ORDER BY id DESC"
    )
    return tuple(map(_read, found))


def decide(conn: Connection, number: int, *, effective: dt.date, at: dt.datetime, by: str) -> bool:
    """Have a draft wait for its day. Whether it was still a draft."""
    found = conn.execute(
        f"UPDATE {TABLE} SET state = 'waiting', effective = :effective, decided_at = :at, decided_by = :by"
        f" WHERE id = :id AND state = 'draft' AND NOT EXISTS (SELECT 1 FROM {TABLE} WHERE state = 'waiting')"
        " RETURNING id",
        {"id": number, "effective": effective.isoformat(), "at": to_utc_text(at), "by": by},
    )
    return found.first() is not None


def end(conn: Connection, number: int, state: State, *, at: dt.datetime, why: str = "") -> bool:
    """Have a waiting version be ``in_force``, ``withdrawn`` or ``failed``. Whether it was still waiting."""
    found = conn.execute(
        f"UPDATE {TABLE} SET state = :state, ended_at = :at, why = :why WHERE id = :id AND state = 'waiting'"
        " RETURNING id",
        {"id": number, "state": state, "at": to_utc_text(at), "why": why},
    )
    return found.first() is not None


def _read(row: Row) -> Planned:
    (
        number,
        state,
        digest,
        source,
        expanded,
        brought_at,
        brought_by,
        effective,
        decided_at,
        decided_by,
        ended_at,
        why,
    ) = row
    return Planned(
        int(number), state, digest, source, expanded, from_utc_text(brought_at), brought_by,
        dt.date.fromisoformat(effective) if effective else None,
        from_utc_text(decided_at) if decided_at else None, decided_by,
        from_utc_text(ended_at) if ended_at else None, why,
    )  # fmt: skip
