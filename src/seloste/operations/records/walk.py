"""A page of a long list by the index of its kind (:mod:`seloste.compiler.orders`): what it costs does not grow.

Candidates come in their order as they are stored, read by the register itself, ids and nothing else; which of them are
shown and pass the filters is asked of the lens. A page begins where another ended, at a row that the address names.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from seloste.compiler.orders import Listed, walked
from seloste.compiler.register import CompiledLens
from seloste.store.engine import Connection, Row, quote
from seloste.store.registers import RegisterStore

STEPS = (128, 1024, 8192)
"""Candidates that are read at once: first, then when those do not fill a page."""
MOST_READ = 100_000
"""Candidates after which a page that is not full is looked for otherwise: the filters let hardly any through."""


Asked = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class From:
    """The page begins after the row ``number``, or ends before it (``back``)."""

    number: int
    back: bool = False


@dataclass(frozen=True, slots=True)
class Walk:
    """A kind in its own order, through one lens."""

    store: RegisterStore
    lens: CompiledLens
    kind: str
    order: Listed
    by: str
    """The ORDER BY of the whole list."""
    descending: bool
    now: dt.datetime

    def page(
        self, conn: Connection, where: str, params: Mapping[str, Any], size: int, begins: From | None
    ) -> list[int] | None:
        """The ids of ``size`` rows that a condition lets through, in their order; ``conn`` reads through the lens.

        Of a page that ends before a row the last one is that row, so that both ways the last says that others follow.
        None when they cannot be found so: the list has no such row, or the cell that orders is empty in it.
        """
        asked = where, params
        back = begins is not None and begins.back
        start = None
        if begins is not None:
            start = self._start(conn, asked, begins.number)
            if start is None:
                return None
        wanted = size - back
        found: list[int] = []
        for read, part in self._candidates(start, up=self.descending == back):
            shown = self._shown(conn, asked, part)
            found += [number for number in part if number in shown]
            if len(found) >= wanted:
                found = found[:wanted]
                return [*found[::-1], int(begins.number)] if begins is not None and back else found
            if read > MOST_READ:
                return None
        # Before the first row there is nothing: the page is the first then. After the last one stand the empty ones.
        return (
            self.page(conn, where, params, size, None) if back else found + self._empty(conn, asked, size - len(found))
        )

    def _empty(self, conn: Connection, asked: Asked, most: int) -> list[int]:
        """The first of the rows in which the cell that orders is empty, which stand last."""
        where, params = asked
        sql = f"SELECT id FROM {quote(self.kind)} WHERE {where} AND {quote(self.order.cell)} IS NULL"
        return [int(number) for (number,) in conn.execute(f"{sql} ORDER BY {self.by} LIMIT {int(most)}", params)]

    def _start(self, conn: Connection, asked: Asked, number: int) -> Row | None:
        """The keys of a row of this list, its id last."""
        if not self._shown(conn, asked, [number]):
            return None
        keys = ", ".join((*self.order.keys(), "id"))
        sql = f"SELECT {keys} FROM {quote(self.kind)} WHERE id = :id AND {quote(self.order.cell)} IS NOT NULL"
        found = self._own(sql, {"id": number})
        return found[0] if found else None

    def _candidates(self, start: Row | None, *, up: bool) -> Iterator[tuple[int, list[int]]]:
        """Ids in the order of the index, part by part, and how many were read."""
        read = 0
        for number in range(MOST_READ):
            step = STEPS[min(number, len(STEPS) - 1)]
            rows = self._part(start, step, up=up)
            read += len(rows)
            if rows:
                yield read, [int(row[-1]) for row in rows]
            if len(rows) < step:
                return
            start = rows[-1]

    def _part(self, start: Row | None, step: int, *, up: bool) -> list[Row]:
        keys = [*self.order.keys(), "id"]
        way = "ASC" if up else "DESC"
        after, params = "", {}
        if start is not None:
            kinds = [*["bytea" if self.order.text else "text"] * (len(keys) - 1), "bigint"]
            marks = ", ".join(f":k{place}::{kind}" for place, kind in enumerate(kinds))
            after = f" AND ({', '.join(keys)}) {'>' if up else '<'} ({marks})"
            params = {f"k{place}": _bound(cell) for place, cell in enumerate(start)}
        # How many is written into the text: a plan for any number would not trust the index.
        return self._own(
            f"SELECT {', '.join(keys)} FROM {quote(self.kind)} WHERE {quote(self.order.cell)} IS NOT NULL{after}"
            f" ORDER BY {', '.join(f'{key} {way}' for key in keys)} LIMIT {step}",
            params,
        )

    def _own(self, sql: str, params: Mapping[str, int | str]) -> list[Row]:
        fixed = self.store.fixed()
        self.store.to_day(self.now)
        return fixed.fetch(fixed.make(sql), params)

    def _shown(self, conn: Connection, asked: Asked, numbers: list[int]) -> set[int]:
        fixed = self.store.fixed(self.lens.key)
        among, bound = fixed.among("id", "sys_part", 0), fixed.bind("sys_part", numbers, 0)
        sql = f"SELECT id FROM {quote(self.kind)} WHERE {among} AND {quote(self.order.cell)} IS NOT NULL"
        where, params = asked
        return {int(number) for (number,) in conn.execute(f"{sql} AND {where}", {**params, **bound})}


def walk_of(
    store: RegisterStore, lens: CompiledLens, kind: str, sort: str, by: str, *, descending: bool, now: dt.datetime
) -> Walk | None:
    """The walk through a list whose ORDER BY is ``by``, None where no index has its order."""
    order = walked(store.register, lens, kind, sort) if store.database.dialect == "postgresql" else None
    return None if order is None else Walk(store, lens, kind, order, by, descending, now)


def _bound(cell: Any) -> int | str:
    """A key as the fixed reads bind it."""
    return f"\\x{bytes(cell).hex()}" if isinstance(cell, bytes | memoryview) else cell
