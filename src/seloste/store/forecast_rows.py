"""Rows that go by a later day, and what is answered of each step by step: the sweep's own statements asked of them.

Of each row it is kept in which order it will be answered what, and most rows share that with many others: so what
follows is worked out once for all of them, and a row takes a few bytes.
"""

from __future__ import annotations

import datetime as dt
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from seloste.compiler.forecast import all_going, asked_about, at_a_later_day, counted
from seloste.compiler.register import BITS, Register
from seloste.compiler.sweep_whole import WholeKind, answers, whole
from seloste.store.day import clock_row
from seloste.store.due import ids_value
from seloste.store.engine import Connection, one, quote
from seloste.store.forecast_said import Then
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
class Rows:
    """Rows of a kind from which something goes by the last day. Places are those among ``ids``."""

    of: WholeKind
    ids: array[int] = field(default_factory=lambda: array("q"))
    """They ascend."""
    trace: array[int] = field(default_factory=lambda: array("i"))
    """Of each row its place among ``traces``."""
    traces: dict[Trace[int], int] = field(default_factory=dict)
    bare: array[int] = field(default_factory=lambda: array("h"))
    """The step from which nobody needs a row or counts from it."""
    gone: array[int] = field(default_factory=lambda: array("h"))
    """The step at which a row goes whole: nothing points at it any more either."""
    looked: int = 0
    """How many rows were looked at, those included from which nothing goes."""

    def place(self, row: int) -> int | None:
        at = bisect_left(self.ids, row)
        return at if at < len(self.ids) and self.ids[at] == row else None

    def add(self, more: Rows) -> None:
        """Put those of higher ids behind."""
        numbers = array("i", (self.traces.setdefault(trace, len(self.traces)) for trace in more.traces))
        self.trace.extend(numbers[alike] for alike in more.trace)
        self.ids.extend(more.ids)
        self.bare.extend(more.bare)
        self.gone.extend(more.gone)
        self.looked += more.looked


class Asking:
    """What is asked of rows by the days of the steps, within one read.

    ``said``: for each step who says something else by then; ``kept`` names the table in which that is kept, if it is.
    """

    def __init__(
        self,
        conn: Connection,
        register: Register,
        days: Sequence[dt.date],
        said: Sequence[Mapping[str, Then]],
        now: dt.datetime,
        kept: str = "",
    ) -> None:
        if conn.dialect == "postgresql":
            # How many rows are asked about is seen only when each statement is planned for what it is given.
            conn.execute("SET LOCAL plan_cache_mode TO force_custom_plan")
            conn.execute("SET LOCAL jit TO off")
        self.conn, self.register, self.said, self.kept = conn, register, said, kept
        self.last = len(days) - 1
        self.clocks = [clock_row(register, day) for day in days]
        self.bits = tuple(as_columns(default_bits(register, now)))

    def going(self, kind: str, above: int, window: int, most: int) -> tuple[Rows, int | None]:
        """Those that go of the next rows of a kind by their ids above one, of which at most ``window`` are looked at
        and at most ``most`` go; and the last id that was looked at, None when there are no more."""
        found = Rows(whole(self.register, kind, self.conn.dialect))
        some = f"SELECT id FROM {quote(kind)} WHERE id > :above ORDER BY id LIMIT {int(window)}"
        found.looked, top = one(self.conn.execute(f"SELECT count(*), max(id) FROM ({some}) AS q", {"above": above}))
        if not found.looked:
            return found, None
        sql = all_going(self.register, kind, self.conn.dialect)
        ((text,),) = self._ask(self.last, kind, sql, {"above": above, "top": int(top)})
        found.ids.extend(map(int, text.split(",")) if text else ())
        more = found.looked == window
        if len(found.ids) > most:
            del found.ids[most:]
            more, top = True, found.ids[-1]
            some = f"SELECT count(*) FROM {quote(kind)} WHERE id > :above AND id <= :top"
            (found.looked,) = one(self.conn.execute(some, {"above": above, "top": top}))
        if found.ids:
            self._trace(kind, found)
        return found, int(top) if more else None

    def _trace(self, kind: str, found: Rows) -> None:
        told = self._step_by_step(found.ids, self._flags(kind, found.of))
        found.trace.extend(found.traces.setdefault(told[row], len(found.traces)) for row in found.ids)
        unneeded = [next((step for step, flags in t if found.of.verdict(flags).whole), NEVER) for t in found.traces]
        found.bare.extend(unneeded[alike] for alike in found.trace)
        self._count_out(kind, found)
        found.gone = array("h", [NEVER]) * len(found.ids)

    def _count_out(self, kind: str, found: Rows) -> None:
        """Have rows that a matter is counted from stay until it is so no more."""
        sql = self.register.once(
            ("counted", kind, self.conn.dialect), lambda: counted(self.register, kind, self.conn.dialect)
        )
        places = [place for place, step in enumerate(found.bare) if step < NEVER] if sql is not None else []
        if not places:
            return

        def asked(step: int, ids: Sequence[int]) -> dict[int, bool]:
            params = {"ids": ids_value(self.conn, ids)}
            held = {int(row) for (row,) in self._ask(step, kind, str(sql), params)}
            return {row: row in held for row in ids}

        told = self._step_by_step([found.ids[place] for place in places], asked)
        for place in places:
            free = next((step for step, held in told[found.ids[place]] if not held), NEVER)
            found.bare[place] = max(found.bare[place], free)

    def _ask(self, place: int, kind: str, sql: str, params: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
        """Rows of a statement on rows of a kind, judged by the day of a step."""
        about = self.register.once(("asked about", kind), lambda: asked_about(self.register, kind))
        said = {subject: then for subject, then in self.said[place].items() if then.asked_by(about)}
        key = "at a later day", self.conn.dialect, tuple(said), self.kept
        clock = self.clocks[place]
        head = self.register.once(
            key, lambda: at_a_later_day(self.register, self.conn.dialect, tuple(clock), said, self.bits, self.kept)
        )
        given: dict[str, Any] = {f"then_{name}": value for name, value in clock.items()}
        if said and self.kept:
            given["then_step"] = place
        for subject, then in said.items() if not self.kept else ():
            given |= then.params(self.conn, subject)
        yield from self.conn.execute(head + sql, {**given, **params})

    def _flags(self, kind: str, of: WholeKind) -> Asked[int]:
        """What is answered of rows, as the bits that ``of`` tells of."""
        sql = answers(self.register, kind, self.conn.dialect)

        def asked(place: int, ids: Sequence[int]) -> dict[int, int]:
            rows = self._ask(place, kind, sql, {"ids": ids_value(self.conn, ids)})
            if of.flags == 1:
                return {int(row): flags for row, flags in rows}
            return {int(row): sum(word << BITS * at for at, word in enumerate(words)) for row, *words in rows}

        return asked

    def _step_by_step(self, ids: Sequence[int], asked: Asked[V]) -> dict[int, Trace[V]]:
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
