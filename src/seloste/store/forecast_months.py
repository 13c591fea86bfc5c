"""What follows of what is answered of rows: when each goes whole, and what goes month by month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from seloste.compiler.register import Register
from seloste.compiler.sweep import among_ids
from seloste.compiler.sweep_whole import WholeKind
from seloste.notice.ways import references
from seloste.store.due import ids_value
from seloste.store.engine import Connection, quote
from seloste.store.forecast_rows import NEVER, Rows, Trace, V


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


def let_go(conn: Connection, register: Register, kinds: Mapping[str, Rows], kind: str, places: range) -> bool:
    """Have those of the rows of a kind that nobody needs go once what points at them does, by what is known of that
    now. Whether that was not known before."""
    each = kinds[kind]
    until = each.bare[places.start : places.stop]
    ids = {each.ids[place]: place - places.start for place in places if each.bare[place] < NEVER}
    for other, column in _pointing(register, kind) if ids else ():
        of = kinds[other]
        ends = [_emptied(trace, column, of.of) for trace in of.traces]
        for row, target in _pointed(conn, other, column, tuple(ids)):
            place, at = of.place(row), ids[target]
            # One from which nothing goes points for good.
            end = NEVER if place is None else min(of.gone[place], ends[of.trace[place]])
            until[at] = max(until[at], end)
    changed = until != each.gone[places.start : places.stop]
    each.gone[places.start : places.stop] = until
    return changed


def pointed_at(register: Register, kind: str) -> tuple[str, ...]:
    """The kinds at which rows of a kind may point."""
    found = (reference.target for reference in references(register.tables[kind].kind))
    return tuple(dict.fromkeys(target for target in found if target in register.tables))


def _pointing(register: Register, kind: str) -> Iterator[tuple[str, str]]:
    for other, table in register.tables.items():
        for reference in references(table.kind):
            if reference.target == kind and table.column(reference.column) is not None:
                yield other, reference.column


def _pointed(conn: Connection, kind: str, column: str, ids: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Rows of a kind that point at others, and those."""
    cell = quote(column)
    sql = f"SELECT id, {cell} FROM {quote(kind)} WHERE {among_ids(cell, conn.dialect)}"
    for row, target in conn.execute(sql, {"ids": ids_value(conn, ids)}):
        yield int(row), int(target)


# --- counting ---------------------------------------------------------------------------------------------------------


def month_by_month(kinds: Mapping[str, Rows], count: int, named: int) -> list[Month]:
    """What goes in so many months, once it is known when each row goes whole. ``named``: of how many rows of a kind the
    first gives the ids."""
    found = [Month() for _ in range(count)]
    for kind, each in kinds.items():
        effects, traces = {}, list(each.traces)
        for alike, many in Counter(zip(each.trace, each.gone, strict=True)).items():
            effects[alike] = tuple(_effects(traces[alike[0]], alike[1], each.of))
            for effect in effects[alike]:
                effect.count(kind, many, found[effect.month])
        soon = {alike: effect.whole for alike, several in effects.items() for effect in several if effect.month == 0}
        rows = zip(each.ids, zip(each.trace, each.gone, strict=True), strict=True)
        found[0].named[kind] = dict(islice(((row, soon[alike]) for row, alike in rows if alike in soon), named))
    return found


def needed_now(kinds: Mapping[str, Rows]) -> dict[str, int]:
    """By kind how many rows somebody needs on the first day."""
    return {kind: each.looked - sum(map(_unneeded(each).__getitem__, each.trace)) for kind, each in kinds.items()}


def _unneeded(each: Rows) -> list[bool]:
    return [each.of.verdict(trace[0][1]).whole for trace in each.traces]


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


__all__ = ["Month", "let_go", "month_by_month", "needed_now", "pointed_at"]
