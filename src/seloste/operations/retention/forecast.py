"""What leaves in the months ahead, if nothing else happens: counts by kind, over everybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from seloste.clock import today
from seloste.compiler.forecast import leaving
from seloste.law.periods import add_months_clip
from seloste.store.day import clock_row
from seloste.store.engine import one
from seloste.store.registers import RegisterStore

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Month:
    """Rows that leave between two days, by kind: needed on ``begins`` and not on the day after ``ends``."""

    begins: dt.date
    ends: dt.date
    leaving: Mapping[str, int]

    @property
    def rows(self) -> int:
        return sum(self.leaving.values())


@dataclass(frozen=True, slots=True)
class Forecast:
    """Months ahead, and how many rows of each kind are needed today."""

    day: dt.date
    held: Mapping[str, int]
    months: tuple[Month, ...]


def forecast(store: RegisterStore, *, now: dt.datetime, months: int = MONTHS) -> Forecast:
    """Count what leaves each month ahead. Consents that end are not in it: they end by themselves, not by a period."""
    day = today(now)
    ends = [add_months_clip(day, number) for number in range(1, months + 1)]
    held: dict[str, int] = {}
    gone = [{} for _ in ends]  # type: list[dict[str, int]]
    with store.read(now) as conn:
        for kind in store.register.tables:
            sql = _statement(store, kind)
            for place, end in enumerate(ends):
                # The clock of the day after: what has its last day on the month's last is still there on it.
                then = clock_row(store.register, end + dt.timedelta(days=1))
                asked = {f"then_{name}": value for name, value in then.items() if f":then_{name}" in sql}
                rows, leaves = one(conn.execute(sql, asked))
                held[kind] = int(rows)
                gone[place][kind] = int(leaves)
                if not rows:
                    break
    found = []
    for place, end in enumerate(ends):
        before = gone[place - 1] if place else {}
        counts = {kind: count - before.get(kind, 0) for kind, count in gone[place].items()}
        begins = ends[place - 1] + dt.timedelta(days=1) if place else day
        found.append(Month(begins, end, {kind: count for kind, count in counts.items() if count}))
    return Forecast(day, {kind: rows for kind, rows in held.items() if rows}, tuple(found))


def _statement(store: RegisterStore, kind: str) -> str:
    key = (store.register.hash, kind, store.database.dialect)
    if key not in _STATEMENTS:
        _STATEMENTS[key] = leaving(store.register, kind, store.database.dialect)
    return _STATEMENTS[key]


_STATEMENTS: dict[tuple[str, str, str], str] = {}
