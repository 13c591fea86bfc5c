"""Imports under way: which file waits at which step, and how far it is. No value of a file is here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from seloste.clock import from_utc_text, to_utc_text
from seloste.store.engine import Connection, Row

State = Literal["reading", "columns", "checking", "checked", "storing", "settling", "done", "cancelled", "failed"]

RUNNING: tuple[State, ...] = ("reading", "checking", "storing", "settling")
"""States in which the program works by itself."""

CANCELLED_FROM: tuple[State, ...] = ("reading", "columns", "checking", "checked", "storing")
"""States in which an import can still be cancelled: once all is written and only the end is left, it no longer can."""

TABLE = """CREATE TABLE import_job (
  id TEXT PRIMARY KEY, register TEXT NOT NULL, account TEXT NOT NULL, lens TEXT NOT NULL, target TEXT NOT NULL,
  state TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0, total INTEGER NOT NULL DEFAULT 0,
  facts TEXT NOT NULL DEFAULT '{}', created_at TEXT NOT NULL, touched_at TEXT NOT NULL)"""

_COLUMNS = "id, register, account, lens, target, state, done, total, facts, created_at, touched_at"


@dataclass(frozen=True, slots=True)
class ImportJob:
    """One import. ``facts`` are the choices made and the counts found: keys of the notice, numbers, our sentences."""

    id: str
    register: str
    account: str
    lens: str
    target: str
    state: State
    done: int
    total: int
    created_at: datetime
    touched_at: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def running(self) -> bool:
        return self.state in RUNNING


def insert(conn: Connection, job: ImportJob) -> None:
    """A new import."""
    conn.execute(
        f"INSERT INTO import_job ({_COLUMNS}) VALUES (:id, :register, :account, :lens, :target, :state, :done, :total,"
        " :facts, :created_at, :touched_at)",
        {
            "id": job.id,
            "register": job.register,
            "account": job.account,
            "lens": job.lens,
            "target": job.target,
            "state": job.state,
            "done": job.done,
            "total": job.total,
            "facts": json.dumps(dict(job.facts), ensure_ascii=False),
            "created_at": to_utc_text(job.created_at),
            "touched_at": to_utc_text(job.touched_at),
        },
    )


def get(conn: Connection, job: str) -> ImportJob | None:
    """The import of that id."""
    row = conn.execute(f"SELECT {_COLUMNS} FROM import_job WHERE id = :id", {"id": job}).first()
    return _job(row) if row else None


def of_account(conn: Connection, register: str, account: str) -> tuple[ImportJob, ...]:
    """The imports of one account in one register, newest first."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM import_job WHERE register = :register AND account = :account ORDER BY created_at DESC",
        {"register": register, "account": account},
    )
    return tuple(_job(row) for row in rows)


def move(conn: Connection, job: str, *, to: State, since: tuple[State, ...], now: datetime, **facts: Any) -> bool:
    """Bring an import to another state, if it is in one of ``since``; ``facts`` are added. Whether it was."""
    known = get(conn, job)
    if known is None or known.state not in since:
        return False
    names = {f"s{place}": state for place, state in enumerate(since)}
    done = conn.execute(
        "UPDATE import_job SET state = :state, done = 0, facts = :facts, touched_at = :now WHERE id = :id"
        f" AND state IN ({', '.join(':' + name for name in names)})",
        {
            **names,
            "id": job,
            "state": to,
            "facts": json.dumps({**known.facts, **facts}, ensure_ascii=False),
            "now": to_utc_text(now),
        },
    )
    return done.rowcount == 1


def progress(conn: Connection, job: str, *, done: int, total: int, now: datetime) -> State | None:
    """Note how far it is; the state it is in now, None when the import is gone."""
    conn.execute(
        "UPDATE import_job SET done = :done, total = :total, touched_at = :now WHERE id = :id",
        {"id": job, "done": done, "total": total, "now": to_utc_text(now)},
    )
    row = conn.execute("SELECT state FROM import_job WHERE id = :id", {"id": job}).first()
    return row[0] if row else None


def take_old(conn: Connection, before: datetime) -> tuple[str, ...]:
    """Remove imports begun before a moment; their ids, so that their files go too."""
    moment = {"before": to_utc_text(before)}
    found = conn.execute("SELECT id FROM import_job WHERE created_at < :before", moment).all()
    conn.execute("DELETE FROM import_job WHERE created_at < :before", moment)
    return tuple(str(row[0]) for row in found)


def states(conn: Connection) -> dict[str, tuple[State, datetime]]:
    """Every import's state and when it last gave a sign, by id."""
    rows = conn.execute("SELECT id, state, touched_at FROM import_job")
    return {str(job): (state, from_utc_text(touched)) for job, state, touched in rows}


def _job(row: Row) -> ImportJob:
    key, register, account, lens, target, state, done, total, facts, created, touched = row
    return ImportJob(
        key,
        register,
        account,
        lens,
        target,
        state,
        done,
        total,
        from_utc_text(created),
        from_utc_text(touched),
        json.loads(facts),
    )
