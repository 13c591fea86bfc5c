"""What goes in the months ahead, if nothing else happens: counts by kind, item and purpose, over everybody.

The sweep's own statements answer it (``store/forecast.py``), so that what is told here is what the nightly runs do.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping
from dataclasses import dataclass

from seloste.clock import today
from seloste.compiler.forecast import leaving
from seloste.law.periods import add_months_clip
from seloste.operations.actor import Actor
from seloste.operations.records.read import visible_ids
from seloste.operations.retention.report import laws_of
from seloste.store.day import clock_row
from seloste.store.engine import one
from seloste.store.forecast import Step, ahead
from seloste.store.registers import RegisterStore

MONTHS = 12
MOST_MONTHS = 24


@dataclass(frozen=True, slots=True)
class Ended:
    """A purpose that needs rows no longer: how many of those that lose something."""

    purpose: str
    rows: int


@dataclass(frozen=True, slots=True)
class Rest:
    """A purpose for which what is left of rows stays, under which law: how many rows."""

    purpose: str
    law: tuple[str, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class KindAhead:
    """What goes of one kind in a month. ``rows`` go whole, ``parted`` lose a part and stay: ``held`` of these under a
    hold or restriction, ``bare`` only since something points at them. ``items`` counts the values that go, those of
    whole rows included."""

    kind: str
    rows: int
    parted: int
    held: int
    bare: int
    items: Mapping[str, int]
    ended: tuple[Ended, ...]
    stays: tuple[Rest, ...]

    @property
    def values(self) -> int:
        return sum(self.items.values())


@dataclass(frozen=True, slots=True)
class Month:
    """What goes between two days: needed on ``begins`` and not on the day after ``ends``. The first has with it what
    has expired already and waits for the night."""

    begins: dt.date
    ends: dt.date
    kinds: tuple[KindAhead, ...]

    @property
    def leaving(self) -> Mapping[str, int]:
        """Rows that go whole, by kind."""
        return {each.kind: each.rows for each in self.kinds if each.rows}

    @property
    def rows(self) -> int:
        return sum(each.rows for each in self.kinds)

    @property
    def values(self) -> int:
        return sum(each.values for each in self.kinds)


@dataclass(frozen=True, slots=True)
class Forecast:
    """Months ahead, and how many rows of each kind are needed today."""

    day: dt.date
    held: Mapping[str, int]
    months: tuple[Month, ...]


def forecast(store: RegisterStore, *, now: dt.datetime, months: int = MONTHS) -> Forecast:
    """What sweeps would remove each month ahead, at most MOST_MONTHS of them. Reads only, and no value."""
    day = today(now)
    ends = [add_months_clip(day, number) for number in range(1, min(months, MOST_MONTHS) + 1)]
    with store.read(now) as conn:
        # The day after: what has its last day on the month's last is still there on it.
        days = [day, *(end + dt.timedelta(days=1) for end in ends)]
        waiting, first, *later = ahead(conn, store.register, days, now)
        held = {}
        for kind in store.register.tables:
            sql = leaving(store.register, kind, store.database.dialect)
            then = {f"then_{name}": value for name, value in clock_row(store.register, day).items()}
            held[kind] = int(one(conn.execute(sql, {n: v for n, v in then.items() if f":{n}" in sql}))[0])
    starts = [day, *(end + dt.timedelta(days=1) for end in ends)]
    steps = zip(starts, ends, [_joined(waiting, first), *later], strict=False)
    found = tuple(Month(begins, end, _kinds(store, step)) for begins, end, step in steps)
    return Forecast(day, {kind: rows for kind, rows in held.items() if rows}, found)


KEPT_FOR = dt.timedelta(hours=1)
SLOW = 1.0
"""A forecast that took longer, in seconds, is shown again for KEPT_FOR."""


def kept_forecast(store: RegisterStore, *, now: dt.datetime, months: int = MONTHS) -> tuple[Forecast, dt.datetime]:
    """The forecast, and when it was made: one of a large register is not made anew for each who looks."""
    key = ("forecast", months)
    known: tuple[Forecast, dt.datetime] | None = store.kept.get(key)
    if known is not None and known[0].day == today(now) and dt.timedelta() <= now - known[1] < KEPT_FOR:
        return known
    store.kept.pop(key, None)
    began = time.monotonic()
    made = forecast(store, now=now, months=months), now
    if time.monotonic() - began > SLOW:
        store.kept[key] = made
    return made


def _joined(waiting: Step, first: Step) -> Step:
    """Two steps as one; what lost a part in the first of them and goes in the second, goes."""
    first.cells.update(waiting.cells)
    first.ended.update(waiting.ended)
    first.stays.update(waiting.stays)
    first.held.update(waiting.held)
    first.bare.update(waiting.bare)
    for kind, ids in waiting.ids.items():
        first.ids[kind] |= ids
        first.whole[kind] |= waiting.whole[kind]
    return first


def _kinds(store: RegisterStore, step: Step) -> tuple[KindAhead, ...]:
    purposes = store.register.purposes
    found = []
    for kind in store.register.tables:
        items = {item: count for (of, item), count in step.cells.items() if of == kind}
        whole, touched = step.whole[kind], step.ids[kind]
        if not touched:
            continue
        ended = [Ended(key, step.ended[kind, key]) for key in purposes if step.ended[kind, key]]
        stays = [
            Rest(key, laws_of(store.register, kind, key), step.stays[kind, key])
            for key in purposes
            if step.stays[kind, key]
        ]
        counts = (len(whole), len(touched - whole), step.held[kind], step.bare[kind])
        found.append(KindAhead(kind, *counts, items, tuple(ended), tuple(stays)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Going:
    """Rows of one kind that lose something by the end of the month, as far as a lens shows them: whole, or a part."""

    kind: str
    whole: tuple[int, ...]
    parted: tuple[int, ...]
    others: int
    """Those that the lens does not show."""


MOST_NAMED = 200


def next_month(store: RegisterStore, *, actor: Actor, now: dt.datetime) -> tuple[Going, ...]:
    """Which rows the coming month's sweeps touch, at most MOST_NAMED of a kind. Whoever reads them journals that."""
    day = today(now)
    end = add_months_clip(day, 1) + dt.timedelta(days=1)
    with store.read(now) as conn:
        steps = ahead(conn, store.register, [day, end], now)
    lens = store.register.lenses[actor.lens]
    found = []
    for kind in store.register.tables:
        whole = {row for step in steps for row in step.whole[kind]}
        every = {row for step in steps for row in step.ids[kind]}
        if not every:
            continue
        seen = set()
        if lens.sees(kind):
            asked = set(sorted(every)[:MOST_NAMED])
            seen = set(visible_ids(store, lens.key, kind, asked, now, actor.person))
        found.append(Going(kind, tuple(sorted(seen & whole)), tuple(sorted(seen - whole)), len(every) - len(seen)))
    return tuple(found)
