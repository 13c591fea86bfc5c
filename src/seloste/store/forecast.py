"""What time will let go, step by step: the sweep's own statements asked of later days. Nothing is written for it.

What is counted is what sweeps on those days would remove if nobody did anything until then: a consent ends by its last
day, and a row waits for what points at it. Only what ``at_most`` cuts out of a longer matter may go sooner.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from seloste.clock import HELSINKI, today
from seloste.compiler.forecast import at_a_later_day, counted, needing
from seloste.compiler.register import Register
from seloste.compiler.sweep import GOES, NEEDED, KindSweep, among_ids, sweep
from seloste.notice.ways import references
from seloste.store.day import clock_row
from seloste.store.due import ids_value
from seloste.store.engine import Connection, quote
from seloste.store.masks import as_columns, bits_of, default_bits, read_said

PART = 5000
"""Rows asked about at once."""

NEVER = 1 << 30
"""A step beyond every other."""

V = TypeVar("V")
Asked = Callable[[int, Sequence[int]], dict[int, V]]
"""(step, ids) -> what is answered of each row by the day of that step."""


@dataclass
class Step:
    """What goes on one of the days, since the one before. Counts, and the ids of rows, never a value."""

    ids: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """kind -> rows that lose something."""
    whole: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """kind -> those of them that go whole."""
    cells: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(kind, column) -> filled cells that go, those of whole rows included."""
    ended: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(kind, purpose) -> of those rows, how many the purpose had needed until then."""
    stays: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(kind, purpose) -> of those that lose a part, how many it needs still."""
    held: Counter[str] = field(default_factory=Counter)
    """kind -> of those that lose a part, how many are under a hold or restriction."""
    bare: Counter[str] = field(default_factory=Counter)
    """kind -> of those, how many nobody needs any more, kept since something needed points at them."""


def ahead(conn: Connection, register: Register, days: Sequence[dt.date], now: dt.datetime) -> list[Step]:
    """What a sweep on each of the days would remove; the first is today. Days must ascend."""
    return _Ahead(conn, register, days, now).steps()


class _Ahead:
    def __init__(self, conn: Connection, register: Register, days: Sequence[dt.date], now: dt.datetime) -> None:
        self.conn, self.register = conn, register
        self.statements = sweep(register, conn.dialect)
        self.last = len(days) - 1
        self.clocks = [clock_row(register, day) for day in days]
        self.bits = tuple(as_columns(default_bits(register, now)))
        self.said = list(_said_then(conn, register, days))
        self.traced: dict[str, dict[int, list[tuple[int, tuple[int, ...]]]]] = {}

    def ask(self, place: int, sql: str, params: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
        """Rows of a statement judged by the day of a step."""
        said = self.said[place]
        head = at_a_later_day(self.register, self.conn.dialect, tuple(self.clocks[place]), said, self.bits)
        given = {f"then_{name}": value for name, value in self.clocks[place].items()}
        given |= {f"said_{kind}": json.dumps(several) for kind, several in said.items()}
        yield from self.conn.execute(head + sql, {**given, **params})

    def among(self, place: int, sql: str, ids: Sequence[int]) -> Iterator[Sequence[Any]]:
        for start in range(0, len(ids), PART):
            yield from self.ask(place, sql, {"ids": ids_value(self.conn, ids[start : start + PART])})

    def steps(self) -> list[Step]:
        found = [Step() for _ in self.clocks]
        for kind, each in self.statements.kinds.items():
            ids = sorted(int(row[0]) for row in self.ask(self.last, each.all_sql, {}))
            self.traced[kind] = self.trace(ids, self.judged(each))
        gone = self.gone()
        for kind, each in self.statements.kinds.items():
            self.count(each, gone[kind], found)
        return found

    def trace(self, ids: Sequence[int], asked: Asked[V]) -> dict[int, list[tuple[int, V]]]:
        """For each row what is answered of it at the first step, and at each step at which that changes.

        Time only ever lets go, so what is alike at two steps is alike between them.
        """
        first, final = asked(0, ids), asked(self.last, ids)
        found = {row: [(0, value)] for row, value in first.items()}

        def between(low: int, high: int, before: Mapping[int, V], after: Mapping[int, V]) -> None:
            differ = [row for row in before if before[row] != after[row]]
            if not differ:
                return
            if high - low == 1:
                for row in differ:
                    found[row].append((high, after[row]))
                return
            middle = (low + high) // 2
            answers = asked(middle, differ)
            between(low, middle, {row: before[row] for row in differ}, answers)
            between(middle, high, answers, {row: after[row] for row in differ})

        between(0, self.last, first, final)
        return found

    def judged(self, each: KindSweep) -> Asked[tuple[int, ...]]:
        def asked(place: int, ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
            return {int(row): tuple(states) for row, *states in self.among(place, each.judge, ids)}

        return asked

    # --- when a row goes whole ----------------------------------------------------------------------------------------

    def gone(self) -> dict[str, dict[int, int]]:
        """kind -> row -> the step at which it goes whole: nobody needs it, points at it or is counted from it."""
        gone: dict[str, dict[int, int]] = {kind: {} for kind in self.traced}
        bare: dict[str, dict[int, int]] = {}
        for kind, rows in self.traced.items():
            unneeded = {row: self.first(told, lambda states: NEEDED not in states) for row, told in rows.items()}
            bare[kind] = self.uncounted(kind, {row: step for row, step in unneeded.items() if step < NEVER})
        pointing = {kind: list(self.pointing(kind, sorted(rows))) for kind, rows in bare.items()}
        again = True
        while again:
            again = False
            for kind, ends in bare.items():
                until = dict(ends)
                for other, column, row, target in pointing[kind]:
                    until[target] = max(until[target], self.lets_go(other, column, row, gone))
                reached = {row: step for row, step in until.items() if step < NEVER}
                again = again or reached != gone[kind]
                gone[kind] = reached
        return gone

    def first(self, told: Sequence[tuple[int, tuple[int, ...]]], whether: Callable[[tuple[int, ...]], bool]) -> int:
        return next((step for step, states in told if whether(states)), NEVER)

    def uncounted(self, kind: str, rows: Mapping[int, int]) -> dict[int, int]:
        """The same rows, each from the step at which no matter is counted from it either."""
        sql = _counted(self.register, kind, self.conn.dialect)
        if sql is None or not rows:
            return dict(rows)

        def asked(place: int, ids: Sequence[int]) -> dict[int, bool]:
            held = {int(row) for (row,) in self.among(place, sql, ids)}
            return {row: row in held for row in ids}

        told = self.trace(sorted(rows), asked)
        free = {row: next((step for step, held in several if not held), NEVER) for row, several in told.items()}
        return {row: max(step, free[row]) for row, step in rows.items() if free[row] < NEVER}

    def pointing(self, kind: str, ids: Sequence[int]) -> Iterator[tuple[str, str, int, int]]:
        """(kind, column, row) of what points at rows of a kind, and the row pointed at."""
        for other, table in self.register.tables.items() if ids else ():
            for reference in references(table.kind):
                if reference.target != kind or table.column(reference.column) is None:
                    continue
                column = quote(reference.column)
                sql = f"SELECT id, {column} FROM {quote(other)} WHERE {among_ids(column, self.conn.dialect)}"
                for start in range(0, len(ids), PART):
                    params = {"ids": ids_value(self.conn, ids[start : start + PART])}
                    for row, target in self.conn.execute(sql, params):
                        yield other, reference.column, int(row), int(target)

    def lets_go(self, kind: str, column: str, row: int, gone: Mapping[str, Mapping[int, int]]) -> int:
        """The step at which a row no longer points: it goes, or the pointing cell does."""
        whole = gone[kind].get(row, NEVER)
        told = self.traced[kind].get(row)
        if told is None:
            return whole
        return min([whole, *(step for step, columns in self.emptied(kind, told) if column in columns)])

    def emptied(self, kind: str, told: Sequence[tuple[int, tuple[int, ...]]]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """(step, columns) of groups of cells that go while the row may stay."""
        for number, columns in enumerate(self.statements.kinds[kind].goes):
            step = next((step for step, states in told if states[number] == GOES), NEVER)
            if step < NEVER:
                yield step, columns

    # --- counting -----------------------------------------------------------------------------------------------------

    def count(self, each: KindSweep, gone: Mapping[int, int], found: list[Step]) -> None:
        kind, rows = each.kind, self.traced[each.kind]
        columns = [column.name for column in self.register.tables[kind].of_role("reference", "item")]
        steps: dict[int, set[int]] = {}
        for row, filled in self.filled(kind, columns, sorted(rows)):
            leaves = dict.fromkeys(filled, gone.get(row, NEVER))
            for step, several in self.emptied(kind, rows[row]):
                leaves |= {name: min(step, leaves[name]) for name in several if name in leaves}
            for name, step in leaves.items():
                if step < NEVER:
                    found[step].cells[kind, name] += 1
            steps[row] = {step for step in (*leaves.values(), gone.get(row, NEVER)) if step < NEVER}
            for step in steps[row]:
                found[step].ids[kind].add(row)
                if step == gone.get(row):
                    found[step].whole[kind].add(row)
        self.reasons(kind, {row: several for row, several in steps.items() if several}, gone, found)

    def filled(self, kind: str, columns: Sequence[str], ids: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
        flags = ", ".join(["id", *(f"CASE WHEN {quote(name)} IS NULL THEN 0 ELSE 1 END" for name in columns)])
        sql = f"SELECT {flags} FROM {quote(kind)} WHERE {among_ids('id', self.conn.dialect)}"
        for start in range(0, len(ids), PART):
            for row, *there in self.conn.execute(sql, {"ids": ids_value(self.conn, ids[start : start + PART])}):
                yield int(row), [name for name, full in zip(columns, there, strict=True) if full]

    def reasons(self, kind: str, steps: Mapping[int, set[int]], gone: Mapping[int, int], found: list[Step]) -> None:
        """For which purposes rows were kept until they lost something, and for which what is left of them stays."""
        sql, purposes = _needing(self.register, kind, self.conn.dialect)
        known: dict[tuple[int, ...], frozenset[str]] = {}

        def asked(place: int, ids: Sequence[int]) -> dict[int, tuple[frozenset[str], bool]]:
            answers = {}
            for row, held, *told in self.among(place, sql, ids):
                flags = tuple(told)
                if flags not in known:
                    known[flags] = frozenset(one for one, need in zip(purposes, flags, strict=True) if need)
                answers[int(row)] = (known[flags], bool(held))
            return answers

        for row, told in self.trace(sorted(steps), asked).items():
            for step in steps[row]:
                before = _at(told, step - 1)[0] if step else frozenset()
                needs, held = _at(told, step)
                found[step].ended.update((kind, purpose) for purpose in before - needs)
                if step != gone.get(row):
                    found[step].stays.update((kind, purpose) for purpose in needs)
                    found[step].held[kind] += held
                    found[step].bare[kind] += not needs and not held


def _at(told: Sequence[tuple[int, V]], step: int) -> V:
    return next(value for at, value in reversed(told) if at <= step)


def _said_then(
    conn: Connection, register: Register, days: Sequence[dt.date]
) -> Iterator[dict[str, list[dict[str, Any]]]]:
    """For each day, subjects who say something else by then than today: consents end by themselves."""
    now: dict[str, dict[int, dict[str, Any]]] = {}
    turns: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    said = {}
    for subject in register.subjects:
        table = register.tables.get("permission")
        if table is None or table.column(subject) is None or table.column("ends_on") is None:
            continue
        sql = f"SELECT {quote(subject)}, ends_on FROM permission WHERE {quote(subject)} IS NOT NULL"
        sql += " AND withdrawn_at IS NULL AND ends_on >= :first AND ends_on < :last"
        params = {"first": days[0].isoformat(), "last": days[-1].isoformat()}
        for owner, ends in conn.execute(sql, params).all():
            place = next(place for place, day in enumerate(days) if ends < day.isoformat())
            turns[place][subject].add(int(owner))
        ids = sorted({owner for several in turns.values() for owner in several[subject]})
        said[subject] = read_said(conn, register, subject, ids) if ids else {}
        now[subject] = {}
    for place, day in enumerate(days):
        moment = dt.datetime.combine(day, dt.time(12), HELSINKI)
        assert today(moment) == day
        for subject, owners in turns[place].items():
            for owner in owners:
                now[subject][owner] = {"id": owner, **as_columns(bits_of(register, said[subject][owner], moment))}
        yield {subject: list(several.values()) for subject, several in now.items() if several}


def _needing(register: Register, kind: str, dialect: str) -> tuple[str, tuple[str, ...]]:
    key = (register.hash, kind, dialect)
    if key not in _NEEDING:
        _NEEDING[key] = needing(register, kind, dialect)
    return _NEEDING[key]


def _counted(register: Register, kind: str, dialect: str) -> str | None:
    key = (register.hash, kind, dialect)
    if key not in _COUNTED:
        _COUNTED[key] = counted(register, kind, dialect)
    return _COUNTED[key]


_NEEDING: dict[tuple[str, str, str], tuple[str, tuple[str, ...]]] = {}
_COUNTED: dict[tuple[str, str, str], str | None] = {}

__all__ = ["Step", "ahead"]
