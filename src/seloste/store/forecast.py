"""What time will let go, step by step: the sweep's own statements asked of later days. Nothing is written for it.

What is counted is what sweeps on those days would remove if nobody did anything until then: a consent ends by its last
day, and a row waits for what points at it. Only what ``at_most`` cuts out of a longer matter may go sooner.

Of each row it is kept in which order it will be answered what, and most rows share that with many others: so what
follows is worked out once for all of them, and a row takes a few bytes.
"""

from __future__ import annotations

import datetime as dt
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from seloste.compiler.forecast import all_going, asked_about, at_a_later_day, counted
from seloste.compiler.register import BITS, Register
from seloste.compiler.sweep import among_ids, sweep
from seloste.compiler.sweep_whole import WholeKind, answers, whole
from seloste.notice.ways import references
from seloste.store.day import clock_row
from seloste.store.due import ids_value
from seloste.store.engine import Connection, quote
from seloste.store.forecast_said import said_then
from seloste.store.masks import as_columns, default_bits

PART = 20_000
"""Rows asked about at once."""

NEVER = 1 << 14
"""A step beyond every other."""

V = TypeVar("V")
Asked = Callable[[int, Sequence[int]], dict[int, V]]
"""(step, ids) -> what is answered of each row by the day of that step."""

Trace = tuple[tuple[int, V], ...]
"""What is answered of a row at the first step, and at each step at which that changes."""


@dataclass
class Month:
    """What goes between two of the days, since the one before. Counts by kind, and no value."""

    whole: Counter[str] = field(default_factory=Counter)
    """Rows that go whole."""
    parted: Counter[str] = field(default_factory=Counter)
    """Rows that lose a part and stay."""
    cells: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(kind, column) -> filled cells that go, those of whole rows included."""
    ended: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(kind, purpose) -> of those rows, how many the purpose had needed until then."""
    stays: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(kind, purpose) -> of those that lose a part, how many it needs still."""
    held: Counter[str] = field(default_factory=Counter)
    """Of those that lose a part, how many are under a hold or restriction."""
    bare: Counter[str] = field(default_factory=Counter)
    """Of those, how many nobody needs any more, kept since something needed points at them."""
    named: dict[str, dict[int, bool]] = field(default_factory=dict)
    """The ids of the first of the rows, and whether each goes whole; of the first month alone."""


def ahead(
    conn: Connection, register: Register, days: Sequence[dt.date], now: dt.datetime, *, named: int = 0
) -> list[Month]:
    """What sweeps would remove between each two of the days, which ascend; the first of them is today.

    What has expired already goes with what goes until the second. ``named``: of how many rows of a kind the first month
    gives the ids.
    """
    if conn.dialect == "postgresql":
        # How many rows are asked about is seen only when each statement is planned for what it is given.
        conn.execute("SET LOCAL plan_cache_mode TO force_custom_plan")
        conn.execute("SET LOCAL jit TO off")
    return _Ahead(conn, register, days, now).months(named)


@dataclass(frozen=True, slots=True)
class _Effect:
    """What rows do in a month that are alike in all that is asked of them."""

    month: int
    whole: bool
    cells: tuple[str, ...]
    ended: frozenset[str]
    stays: frozenset[str]
    held: bool

    def count(self, kind: str, rows: int, found: Month) -> None:
        """Add so many rows to what goes in the month."""
        (found.whole if self.whole else found.parted)[kind] += rows
        for name in self.cells:
            found.cells[kind, name] += rows
        for purpose in self.ended:
            found.ended[kind, purpose] += rows
        if not self.whole:
            for purpose in self.stays:
                found.stays[kind, purpose] += rows
            found.held[kind] += rows * self.held
            found.bare[kind] += rows * (not self.stays and not self.held)


@dataclass
class _Kind:
    """Rows of a kind from which something goes by the last day. Places are those among ``ids``."""

    of: WholeKind
    ids: array[int] = field(default_factory=lambda: array("q"))
    """They ascend."""
    trace: array[int] = field(default_factory=lambda: array("l"))
    """Of each row its place among ``traces``."""
    traces: dict[Trace[int], int] = field(default_factory=dict)
    bare: array[int] = field(default_factory=lambda: array("h"))
    """The step from which nobody needs a row or counts from it."""
    gone: array[int] = field(default_factory=lambda: array("h"))
    """The step at which a row goes whole: nothing points at it any more either."""
    pointing: list[_Pointing] = field(default_factory=list)

    def place(self, row: int) -> int | None:
        at = bisect_left(self.ids, row)
        return at if at < len(self.ids) and self.ids[at] == row else None


@dataclass(frozen=True, slots=True)
class _Pointing:
    """What points at rows of a kind and may itself go, by the places of both, and the step at which the cell goes."""

    kind: str
    rows: array[int] = field(default_factory=lambda: array("l"))
    targets: array[int] = field(default_factory=lambda: array("l"))
    emptied: array[int] = field(default_factory=lambda: array("h"))


class _Ahead:
    def __init__(self, conn: Connection, register: Register, days: Sequence[dt.date], now: dt.datetime) -> None:
        self.conn, self.register = conn, register
        self.last = len(days) - 1
        self.clocks = [clock_row(register, day) for day in days]
        self.bits = tuple(as_columns(default_bits(register, now)))
        self.said = said_then(conn, register, days)
        self.kinds: dict[str, _Kind] = {}

    def months(self, named: int) -> list[Month]:
        for kind in sweep(self.register, self.conn.dialect).kinds:
            self.kinds[kind] = self.traced(kind)
        self.go()
        found = [Month() for _ in self.clocks[1:]]
        for kind, each in self.kinds.items():
            effects, traces = {}, list(each.traces)
            for alike, many in Counter(zip(each.trace, each.gone, strict=True)).items():
                effects[alike] = tuple(_effects(traces[alike[0]], alike[1], each.of))
                for effect in effects[alike]:
                    effect.count(kind, many, found[effect.month])
            rows = zip(each.ids, zip(each.trace, each.gone, strict=True), strict=True)
            first = ((row, effect.whole) for row, alike in rows for effect in effects[alike] if effect.month == 0)
            found[0].named[kind] = dict(islice(first, named))
        return found

    # --- what is asked ------------------------------------------------------------------------------------------------

    def ask(self, place: int, kind: str, sql: str, params: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
        """Rows of a statement on rows of a kind, judged by the day of a step."""
        about = self.register.once(("asked about", kind), lambda: asked_about(self.register, kind))
        said = {subject: then for subject, then in self.said[place].items() if then.held or then.purposes & about}
        key = "at a later day", self.conn.dialect, tuple(said)
        clock = self.clocks[place]
        head = self.register.once(
            key, lambda: at_a_later_day(self.register, self.conn.dialect, tuple(clock), said, self.bits)
        )
        given = {f"then_{name}": value for name, value in clock.items()}
        for subject, then in said.items():
            given |= then.params(self.conn, subject)
        yield from self.conn.execute(head + sql, {**given, **params})

    def flags(self, kind: str, of: WholeKind) -> Asked[int]:
        """What is answered of rows, as the bits that ``of`` tells of."""
        sql = answers(self.register, kind, self.conn.dialect)

        def asked(place: int, ids: Sequence[int]) -> dict[int, int]:
            rows = self.ask(place, kind, sql, {"ids": ids_value(self.conn, ids)})
            if of.flags == 1:
                return {int(row): flags for row, flags in rows}
            return {int(row): sum(word << BITS * at for at, word in enumerate(words)) for row, *words in rows}

        return asked

    def trace(self, ids: Sequence[int], asked: Asked[V]) -> dict[int, Trace[V]]:
        """For each row what is answered of it, step by step.

        Time only ever lets go, so what is alike at two steps is alike between them.
        """
        first, final = asked(0, ids), asked(self.last, ids)
        found: dict[int, Trace[V]] = {row: ((0, value),) for row, value in first.items()}

        def between(low: int, high: int, before: Mapping[int, V], after: Mapping[int, V]) -> None:
            differ = [row for row in before if before[row] != after[row]]
            if not differ:
                return
            if high - low == 1:
                for row in differ:
                    found[row] = (*found[row], (high, after[row]))
                return
            middle = (low + high) // 2
            told = asked(middle, differ)
            between(low, middle, {row: before[row] for row in differ}, told)
            between(middle, high, told, {row: after[row] for row in differ})

        between(0, self.last, first, final)
        return found

    def traced(self, kind: str) -> _Kind:
        """The rows of a kind from which something goes, and what is answered of them."""
        each = _Kind(whole(self.register, kind, self.conn.dialect))
        ((text,),) = self.ask(self.last, kind, all_going(self.register, kind, self.conn.dialect), {})
        each.ids.extend(map(int, text.split(",")) if text else ())
        asked = self.flags(kind, each.of)
        for start in range(0, len(each.ids), PART):
            part = each.ids[start : start + PART]
            told = self.trace(part, asked)
            each.trace.extend(each.traces.setdefault(told[row], len(each.traces)) for row in part)
        unneeded = [next((step for step, flags in t if each.of.verdict(flags).whole), NEVER) for t in each.traces]
        each.bare.extend(unneeded[alike] for alike in each.trace)
        self.count_out(kind, each)
        return each

    def count_out(self, kind: str, each: _Kind) -> None:
        """Have rows that a matter is counted from stay until it is so no more."""
        sql = self.register.once(
            ("counted", kind, self.conn.dialect), lambda: counted(self.register, kind, self.conn.dialect)
        )
        places = [place for place, step in enumerate(each.bare) if step < NEVER] if sql is not None else []

        def asked(step: int, ids: Sequence[int]) -> dict[int, bool]:
            params = {"ids": ids_value(self.conn, ids)}
            held = {int(row) for (row,) in self.ask(step, kind, str(sql), params)}
            return {row: row in held for row in ids}

        for start in range(0, len(places), PART):
            part = places[start : start + PART]
            told = self.trace([each.ids[place] for place in part], asked)
            for place in part:
                free = next((step for step, held in told[each.ids[place]] if not held), NEVER)
                each.bare[place] = max(each.bare[place], free)

    # --- when a row goes whole ----------------------------------------------------------------------------------------

    def go(self) -> None:
        """Have each row that nobody needs go once what points at it does."""
        for kind, each in self.kinds.items():
            each.gone = array("h", [NEVER]) * len(each.ids)
            each.pointing = list(self.pointing(kind, each))
        again = True
        while again:
            again = False
            for each in self.kinds.values():
                until = each.bare[:]
                for one_of in each.pointing:
                    gone = self.kinds[one_of.kind].gone
                    for row, target, emptied in zip(one_of.rows, one_of.targets, one_of.emptied, strict=True):
                        until[target] = max(until[target], min(gone[row], emptied))
                again = again or until != each.gone
                each.gone = until

    def pointing(self, kind: str, each: _Kind) -> Iterator[_Pointing]:
        """What points at the rows of a kind that nobody needs. Those at which anything always will are needed."""
        ids = array("q", (row for row, step in zip(each.ids, each.bare, strict=True) if step < NEVER))
        for other, table in self.register.tables.items():
            for reference in references(table.kind):
                if reference.target != kind or table.column(reference.column) is None or not ids:
                    continue
                found = _Pointing(other)
                ends = [_emptied(trace, reference.column, self.kinds[other].of) for trace in self.kinds[other].traces]
                for row, target in self.pointed(other, reference.column, ids):
                    self.point(found, each, ends, row, target)
                yield found

    def point(self, found: _Pointing, each: _Kind, ends: Sequence[int], row: int, target: int) -> None:
        other, at = self.kinds[found.kind], each.place(target)
        assert at is not None
        place = other.place(row)
        end = NEVER if place is None else ends[other.trace[place]]
        if place is None or other.bare[place] >= NEVER:
            each.bare[at] = max(each.bare[at], end)
            return
        found.rows.append(place)
        found.targets.append(at)
        found.emptied.append(end)

    def pointed(self, kind: str, column: str, ids: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Rows of a kind that point at others, and those."""
        cell = quote(column)
        sql = f"SELECT id, {cell} FROM {quote(kind)} WHERE {among_ids(cell, self.conn.dialect)}"
        for start in range(0, len(ids), PART):
            for row, target in self.conn.execute(sql, {"ids": ids_value(self.conn, ids[start : start + PART])}):
                yield int(row), int(target)


def _emptied(trace: Trace[int], column: str, of: WholeKind) -> int:
    """The step at which a cell of rows goes while they may stay."""
    return next((step for step, flags in trace if column in of.verdict(flags).goes), NEVER)


def _effects(trace: Trace[int], gone: int, of: WholeKind) -> Iterator[_Effect]:
    """What goes month by month of rows that are answered alike and go whole at a step."""
    leaves = {name: min(gone, _emptied(trace, name, of)) for name in of.verdict(trace[0][1]).filled}
    steps = sorted({step for step in (gone, *leaves.values()) if step < NEVER})
    months: dict[int, list[int]] = {}
    for step in steps:
        months.setdefault(max(step - 1, 0), []).append(step)
    for month, several in months.items():
        flags = _at(trace, several[-1])
        ended = [_needing(_at(trace, step - 1), of) - _needing(_at(trace, step), of) for step in several if step]
        yield _Effect(
            month=month,
            whole=gone in several,
            cells=tuple(name for name, step in leaves.items() if step in several),
            ended=frozenset().union(*ended),
            stays=_needing(flags, of),
            held=bool(flags & of.held),
        )


def _needing(flags: int, of: WholeKind) -> frozenset[str]:
    return frozenset(why.asked.purpose for why in of.whys if why.need & flags)


def _at(trace: Trace[V], step: int) -> V:
    return next(value for at, value in reversed(trace) if at <= step)


__all__ = ["Month", "ahead"]
