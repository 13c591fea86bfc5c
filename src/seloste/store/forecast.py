"""What time will let go, step by step: the sweep's own statements asked of later days. Nothing is written for it.

What is counted is what sweeps on those days would remove if nobody did anything until then: a consent ends by its last
day, and a row waits for what points at it. Only what ``at_most`` cuts out of a longer matter may go sooner.

This counts all of it within one read, for whoever waits; ``store/forecast_slices.py`` counts the same a part at a time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from seloste.compiler.register import Register
from seloste.compiler.sweep import sweep
from seloste.compiler.sweep_whole import whole
from seloste.store.engine import Connection
from seloste.store.forecast_months import Month, let_go, month_by_month, needed_now, pointed_at
from seloste.store.forecast_rows import PART, Asking, Rows
from seloste.store.forecast_said import said_then


@dataclass(frozen=True, slots=True)
class Ahead:
    """What goes month by month, and by kind how many rows somebody needs on the first day."""

    months: Sequence[Month]
    needed: Mapping[str, int]


def ahead(conn: Connection, register: Register, days: Sequence[dt.date], now: dt.datetime, *, named: int = 0) -> Ahead:
    """What sweeps would remove between each two of the days, which ascend; the first of them is today.

    What has expired already goes with what goes until the second. ``named``: of how many rows of a kind the first month
    gives the ids.
    """
    asking = Asking(conn, register, days, said_then(conn, register, days), now)
    kinds = {kind: Rows(whole(register, kind, conn.dialect)) for kind in sweep(register, conn.dialect).kinds}
    for kind, each in kinds.items():
        above: int | None = 0
        while above is not None:
            more, above = asking.going(kind, above, PART, PART)
            each.add(more)
    stale = list(kinds)
    while stale:
        kind, changed = stale.pop(0), False
        each = kinds[kind]
        for start in range(0, len(each.ids), PART):
            places = range(start, min(start + PART, len(each.ids)))
            changed = let_go(conn, register, kinds, kind, places) or changed
        stale = still_stale(register, kinds, kind, stale, changed=changed)
    return told(kinds, len(days) - 1, named)


def still_stale(
    register: Register, kinds: Mapping[str, Rows], kind: str, stale: Sequence[str], *, changed: bool
) -> list[str]:
    """The kinds, in order, of which it is not known yet when their rows go whole, once that is known of another."""
    left = {*stale, *(pointed_at(register, kind) if changed else ())}
    return [each for each in kinds if each in left]


def told(kinds: Mapping[str, Rows], months: int, named: int) -> Ahead:
    """What is told of rows of which it is known when they go."""
    return Ahead(month_by_month(kinds, months, named), needed_now(kinds))


__all__ = ["Ahead", "Month", "ahead", "still_stale", "told"]
