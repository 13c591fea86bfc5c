"""Everything derived, computed again from the rows and events it is derived from: what differs, and where.

Rows and events are the truth. Derived are the days ``sys_until_*``, the bits beside each subject, the cuts of the day,
and the keys by which values are found. A difference is a fault of the program or of whoever wrote past it; ``apply``
computes all of it anew when the notice changes.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from seloste.clock import today
from seloste.compiler.lower import CLOCK
from seloste.compiler.register import Table
from seloste.store.day import clock_row
from seloste.store.engine import Connection, quote
from seloste.store.masks import Said, as_columns, bits_of, read_said
from seloste.store.registers import RegisterStore
from seloste.store.values import from_cell, search_keys

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Difference:
    """A derived column that is not what its rows and events say: of how many rows, and the ids of the first of them."""

    kind: str
    column: str
    count: int
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DerivedReport:
    """``checked`` rows were read; nothing differs when there is no difference."""

    checked: int
    differences: tuple[Difference, ...]

    @property
    def ok(self) -> bool:
        return not self.differences


def verify_derived(store: RegisterStore, now: dt.datetime) -> DerivedReport:
    """Compute everything derived again and compare, in one consistent read. Changes nothing, holds no value."""
    store.to_day(now)
    with store.database.read() as conn:
        checked = sum(_count(conn, kind) for kind in store.register.tables)
        found = [*_days(store, conn), *_bits(store, conn, now), *_clock(store, conn, now), *_keys(store, conn)]
    return DerivedReport(checked, tuple(found))


def _count(conn: Connection, kind: str) -> int:
    return int(conn.execute(f"SELECT count(*) FROM {quote(kind)}").all()[0][0])


def _difference(kind: str, column: str, ids: Sequence[int]) -> Iterator[Difference]:
    if ids:
        yield Difference(kind, column, len(ids), tuple(ids[:SHOWN]))


def _days(store: RegisterStore, conn: Connection) -> Iterator[Difference]:
    found = store.statements.marks
    for mark in (*found.matters, *found.held):
        yield from _difference(mark.kind, mark.column, [int(row[0]) for row in conn.execute(mark.wrong_sql)])


def _bits(store: RegisterStore, conn: Connection, now: dt.datetime) -> Iterator[Difference]:
    register = store.register
    for subject in register.subjects:
        said = read_said(conn, register, subject, None)
        silent = as_columns(bits_of(register, Said(), now))
        wrong: dict[str, list[int]] = {name: [] for name in silent}
        names = ", ".join(map(quote, silent))
        for number, *bits in conn.execute(f"SELECT id, {names} FROM {quote(subject)} ORDER BY id"):
            right = as_columns(bits_of(register, said[number], now)) if number in said else silent
            for name, bit in zip(silent, bits, strict=True):
                if bit != right[name]:
                    wrong[name].append(int(number))
        for name, ids in wrong.items():
            yield from _difference(subject, name, ids)


def _clock(store: RegisterStore, conn: Connection, now: dt.datetime) -> Iterator[Difference]:
    right = clock_row(store.register, today(now))
    rows = conn.execute(f"SELECT {', '.join(map(quote, right))} FROM {CLOCK}").all()
    if len(rows) != 1:
        yield Difference(CLOCK, "today", len(rows), ())
        return
    for name, value in zip(right, rows[0], strict=True):
        if value != right[name]:
            yield Difference(CLOCK, name, 1, ())


def _keys(store: RegisterStore, conn: Connection) -> Iterator[Difference]:
    """Keys of search and look-up, against the values they are made of."""
    for table in store.register.tables.values():
        held: dict[str, Counter[tuple[int, str]]] = {}
        for row, item, key in conn.execute(
            "SELECT row, item, key FROM sys_find WHERE kind = :kind", {"kind": table.name}
        ):
            held.setdefault(str(item), Counter())[int(row), str(key)] += 1
        wrong: dict[str, list[int]] = {}
        for number, cells in _rows(conn, table):
            for name, item_found in table.kind.items.items():
                if table.column(name) is None:
                    continue
                right = _right_keys(store, table, name, cells)
                mine = held.get(name, Counter())
                if any(mine.pop((number, key), 0) != 1 for key in right) or _lookup_differs(store, table, name, cells):
                    wrong.setdefault(item_found.key, []).append(number)
        # What is left belongs to no value that is there.
        for item, left in held.items():
            wrong.setdefault(item, []).extend(sorted({row for row, _ in left}))
        for item, ids in wrong.items():
            yield from _difference(table.name, item, sorted(set(ids)))


def _rows(conn: Connection, table: Table) -> Iterator[tuple[int, dict[str, Any]]]:
    names = [column.name for column in table.of_role("reference", "item", "lookup")]
    chosen = ", ".join(map(quote, ["id", *names]))
    for row in conn.execute(f"SELECT {chosen} FROM {quote(table.name)} ORDER BY id"):
        yield int(row[0]), dict(zip(names, row[1:], strict=True))


def _right_keys(store: RegisterStore, table: Table, name: str, cells: dict[str, Any]) -> list[str]:
    item = table.kind.items[name]
    if cells[name] is None or item.sensitive or item.type == "ref":
        return []
    return search_keys(item, from_cell(item, cells[name]))


def _lookup_differs(store: RegisterStore, table: Table, name: str, cells: dict[str, Any]) -> bool:
    column = f"sys_key_{name}"
    if column not in cells:
        return False
    place = f"{table.name}.{name}"
    right = (
        None if cells[name] is None else store.keys.lookup(store.keys.decrypt(cells[name], place=place), place=place)
    )
    return bool(cells[column] != right)
