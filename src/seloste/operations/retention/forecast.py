"""What goes in the months ahead, if nothing else happens: counts by kind, item and purpose, over everybody.

The sweep's own statements answer it (``store/forecast.py``), so that what is told here is what the nightly runs do.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from pydantic import TypeAdapter, ValidationError

from seloste.clock import today
from seloste.law.periods import add_months_clip
from seloste.operations.actor import Actor
from seloste.operations.records.read import visible_ids
from seloste.operations.retention.report import laws_of
from seloste.store import forecast as store_forecast
from seloste.store import forecast_slices, kept_figures
from seloste.store.engine import one, quote
from seloste.store.forecast import Ahead, ahead
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
    return _worked_out(store, now, months, named=0)[0]


def _days(day: dt.date, months: int) -> list[dt.date]:
    """The day, and the first day after each month ahead: what has its last day on the month's last is there on it."""
    ends = [add_months_clip(day, number) for number in range(1, min(months, MOST_MONTHS) + 1)]
    return [day, *(end + dt.timedelta(days=1) for end in ends)]


def _worked_out(
    store: RegisterStore, now: dt.datetime, months: int, *, named: int
) -> tuple[Forecast, tuple[Coming, ...]]:
    with store.read(now) as conn:
        found = ahead(conn, store.register, _days(today(now), months), now, named=named)
    return _told(store, today(now), found)


def _told(store: RegisterStore, day: dt.date, found: Ahead) -> tuple[Forecast, tuple[Coming, ...]]:
    days, months = _days(day, len(found.months)), found.months
    each = zip(days, days[1:], months, strict=False)
    told = tuple(Month(begins, then - dt.timedelta(days=1), _kinds(store, month)) for begins, then, month in each)
    coming = tuple(
        Coming(kind, first, months[0].whole[kind] + months[0].parted[kind])
        for kind in store.register.tables
        if (first := months[0].named.get(kind))
    )
    needed = {kind: found.needed[kind] for kind in store.register.tables if found.needed.get(kind)}
    return Forecast(day, needed, told), coming


def _kinds(store: RegisterStore, found: store_forecast.Month) -> tuple[KindAhead, ...]:
    purposes = store.register.purposes
    told = []
    for kind in store.register.tables:
        counts = (found.whole[kind], found.parted[kind], found.held[kind], found.bare[kind])
        if not any(counts[:2]):
            continue
        items = {item: count for (of, item), count in found.cells.items() if of == kind}
        ended = [Ended(key, found.ended[kind, key]) for key in purposes if found.ended[kind, key]]
        stays = [
            Rest(key, laws_of(store.register, kind, key), found.stays[kind, key])
            for key in purposes
            if found.stays[kind, key]
        ]
        told.append(KindAhead(kind, *counts, items, tuple(ended), tuple(stays)))
    return tuple(told)


# --- what is kept -----------------------------------------------------------------------------------------------------

KEPT_FOR = dt.timedelta(hours=1)
SLOW = 1.0
"""A forecast that took longer, in seconds, is shown again for KEPT_FOR."""

LARGE = 100_000
"""Rows from which the months ahead are counted by the daily work, and not for whoever looks."""

OLD = dt.timedelta(hours=48)
"""What was counted beforehand is shown for so long: one night may fail, and a count may take most of the next day."""

SLICE = 3.0
"""Seconds for which it is counted on end."""

MOST_NAMED = 200


@dataclass(frozen=True, slots=True)
class Coming:
    """Rows of a kind that lose something by the end of the coming month: the first MOST_NAMED ids, whether each goes
    whole, and how many there are."""

    kind: str
    first: Mapping[int, bool]
    rows: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What was counted, by which notice and when."""

    digest: str
    made: dt.datetime
    forecast: Forecast
    coming: tuple[Coming, ...]


_KEPT = TypeAdapter(Kept)


def is_large(store: RegisterStore, *, now: dt.datetime) -> bool:
    """Whether there are so many rows that the months ahead are counted beforehand. No more than LARGE are looked at."""
    left = LARGE
    with store.read(now) as conn:
        for kind in store.register.tables:
            sql = f"SELECT count(*) FROM (SELECT 1 FROM {quote(kind)} LIMIT {left + 1}) AS q"
            left -= int(one(conn.execute(sql))[0])
            if left < 0:
                return True
    return False


def count_ahead(store: RegisterStore, *, now: dt.datetime, seconds: float = SLICE) -> bool:
    """Count the months ahead of a large register for a while, and keep them for whoever looks once all are counted; of
    one that is so no more nothing is kept. Whether there is more to count: then ask again, and other work may go first.
    """
    if not is_large(store, now=now):
        with store.database.transaction() as conn:
            kept_figures.drop(conn, kept_figures.AHEAD)
            forecast_slices.drop(conn)
        return False

    def keep(found: Ahead, made: dt.datetime) -> str:
        return _KEPT.dump_json(Kept(store.register.hash, made, *_told(store, today(made), found))).decode()

    days = _days(today(now), MOST_MONTHS)
    return forecast_slices.go_on(store, days, now=now, seconds=seconds, named=MOST_NAMED, keep=keep)


def counting_since(store: RegisterStore, *, now: dt.datetime) -> dt.datetime | None:
    """Since when the months ahead of a large register are being counted; None where they are not."""
    with store.read(now) as conn:
        return forecast_slices.begun(conn, store.register, now)


def read_ahead(store: RegisterStore, *, now: dt.datetime) -> Kept | None:
    """What was kept last, None where there is none of the notice that is in force, or it is older than OLD."""
    with store.read(now) as conn:
        text = kept_figures.get(conn, kept_figures.AHEAD)
    try:
        kept = _KEPT.validate_json(text) if text is not None else None
    except ValidationError:
        # Another version of the program kept it otherwise; the next night counts anew.
        return None
    if kept is None or kept.digest != store.register.hash or not dt.timedelta() <= now - kept.made < OLD:
        return None
    return kept


def kept_forecast(
    store: RegisterStore, *, now: dt.datetime, months: int = MONTHS
) -> tuple[Forecast, dt.datetime] | None:
    """The forecast, and when it was made; None where one of a large register is still to be counted by the daily work.

    One that takes long is not made anew for each who looks.
    """
    if is_large(store, now=now):
        kept = read_ahead(store, now=now)
        return None if kept is None else (replace(kept.forecast, months=kept.forecast.months[:months]), kept.made)
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


@dataclass(frozen=True, slots=True)
class Going:
    """Rows of one kind that lose something by the end of the month, as far as a lens shows them: whole, or a part."""

    kind: str
    whole: tuple[int, ...]
    parted: tuple[int, ...]
    others: int
    """Those that the lens does not show. What has gone since it was counted is not among them."""


def next_month(store: RegisterStore, *, actor: Actor, now: dt.datetime) -> tuple[tuple[Going, ...], dt.datetime] | None:
    """Which rows the coming month's sweeps touch, at most MOST_NAMED of a kind, and when that was counted; None as of
    :func:`kept_forecast`. Whoever reads the rows journals that."""
    if is_large(store, now=now):
        kept = read_ahead(store, now=now)
        if kept is None:
            return None
        coming, made = kept.coming, kept.made
    else:
        coming, made = _worked_out(store, now, 1, named=MOST_NAMED)[1], now
    lens = store.register.lenses[actor.lens]
    found = []
    for each in coming:
        seen = set()
        if lens.sees(each.kind):
            seen = set(visible_ids(store, lens.key, each.kind, each.first, now, actor.person))
        whole = tuple(sorted(row for row in seen if each.first[row]))
        parted = tuple(sorted(row for row in seen if not each.first[row]))
        went = len(each.first) - len(visible_ids(store, "", each.kind, each.first, now))
        if left := each.rows - went:
            found.append(Going(each.kind, whole, parted, left - len(seen)))
    return tuple(found), made
