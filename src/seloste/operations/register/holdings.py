"""What the register holds: rows of each kind, how many leave soon, which notice it runs. No person's data is read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from seloste.clock import from_utc_text, today
from seloste.compiler.forecast import leaving
from seloste.store.day import clock_row
from seloste.store.engine import one
from seloste.store.registers import RegisterStore

SOON = 30
"""Days ahead that count as soon (the design's life line turns amber then)."""


@dataclass(frozen=True, slots=True)
class KindHolding:
    """Rows of one kind that somebody needs, and how many of them nobody will need in ``SOON`` days."""

    kind: str
    rows: int
    leaving: int


@dataclass(frozen=True, slots=True)
class Holdings:
    """The whole register, kinds in the notice's order."""

    kinds: tuple[KindHolding, ...]
    day: dt.date
    soon: dt.date
    version: int
    """How many versions of the notice have been applied."""
    applied_at: dt.datetime | None
    digest: str
    journal_entries: int


def holdings(store: RegisterStore, *, now: dt.datetime, kinds: Collection[str] | None = None) -> Holdings:
    """Counts by kind (of ``kinds`` only, when given), over everybody; a public page hides small ones."""
    register = store.register
    soon = today(now) + dt.timedelta(days=SOON)
    then = {f"then_{name}": value for name, value in clock_row(register, soon).items()}
    found = []
    with store.read(now) as conn:
        for kind in register.tables if kinds is None else kinds:
            sql = leaving(store.register, kind, store.database.dialect)
            rows, leaves = one(conn.execute(sql, _asked(sql, then)))
            found.append(KindHolding(kind, int(rows), int(leaves)))
        versions, last = one(conn.execute("SELECT count(*), max(applied_at) FROM sys_notice"))
        entries = one(conn.execute("SELECT seq FROM journal_head"))[0]
    return Holdings(
        kinds=tuple(found),
        day=today(now),
        soon=soon,
        version=int(versions),
        applied_at=from_utc_text(last) if last else None,
        digest=register.hash,
        journal_entries=int(entries),
    )


def _asked(sql: str, then: Mapping[str, str]) -> dict[str, str]:
    """Only the parameters that the statement has; PostgreSQL takes no others."""
    return {name: value for name, value in then.items() if f":{name}" in sql}
