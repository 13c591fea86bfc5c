"""A page of a long list by the index of its kind (:mod:`seloste.compiler.orders`): what it costs does not grow.

Candidates come in their order as they are stored, read by the register itself, ids and nothing else; which of them are
shown and pass the filters is asked of the lens. A page begins where another ended, at a row that the address names.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from seloste.compiler.orders import Listed, due_in_order, walked
from seloste.compiler.register import CompiledLens
from seloste.operations.records.where import Tied, Where
from seloste.store.engine import Connection, Row, quote
from seloste.store.registers import RegisterStore

STEPS = (128, 1024, 8192)
"""Candidates that are read at once: first, then when those do not fill a page."""
MOST_READ = 100_000
"""Candidates after which a page that is not full is looked for otherwise: the filters let hardly any through."""


@dataclass(frozen=True, slots=True)
class From:
    """The page begins after the row ``number``, or ends before it (``back``)."""

    number: int
    back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Rows of a kind as they are stored, of which a lens is asked which it shows."""

    store: RegisterStore
    lens: CompiledLens
    kind: str
    now: dt.datetime

    def count(self, conn: Connection, asked: Where, most: int) -> tuple[int, Where] | None:
        """How many rows there are, ``most + 1`` for more; and the condition, by their ids where a tie narrows them to
        few. None where the whole kind would have to be gone through."""
        if asked.named:
            return None
        found: set[int] = set()
        for part, is_last in self._stored(asked, most + 1):
            found |= self.shown(conn, asked, part)
            if len(found) > most:
                return most + 1, asked
            if is_last and asked.ties:
                fixed = self.store.fixed(self.lens.key)
                some = Where(fixed.among("id", "sys_found", 0), fixed.bind("sys_found", found, 0), named=True)
                return len(found), some
            if is_last:
                return len(found), asked
        return None

    def _stored(self, asked: Where, most: int) -> Iterator[tuple[list[int], bool]]:
        """Ids of what may pass, and whether those are all: what is tied as is asked, or whatever there is."""
        tie = next((tie for tie in asked.ties if tie.stored), None)
        if tie is not None:
            rows = self.own(f"{tie.select()} LIMIT {2 * most}", tie.params)
            yield sorted({int(row) for (row,) in rows if row is not None}), len(rows) < 2 * most
            return
        last = 0
        for _ in range(2):
            rows = self.own(
                f"SELECT id FROM {quote(self.kind)} WHERE id > :last ORDER BY id LIMIT {most}", {"last": last}
            )
            yield [int(row) for (row,) in rows], len(rows) < most
            if len(rows) < most:
                return
            last = int(rows[-1][0])

    def shown(self, conn: Connection, asked: Where, numbers: list[int], more: str = "1 = 1") -> set[int]:
        """Those of the ids that the lens shows and the filters let through. What ties them is looked up by what it
        points at: asked of all ties there are, it would cost as much for one row as for all."""
        if not numbers:
            return set()
        fixed = self.store.fixed(self.lens.key)
        parts = [fixed.among("id", "sys_part", 0), more, asked.own]
        params = {**asked.own_params, **fixed.bind("sys_part", numbers, 0)}
        for place, tie in enumerate(asked.ties):
            name = f"sys_tie{place}"
            parts.append(f"id IN ({tie.select()} AND {fixed.among('id', name, 0)})")
            params |= {**tie.params, **fixed.bind(name, self._tying(tie, numbers), 0)}
        sql = f"SELECT id FROM {quote(self.kind)} WHERE {' AND '.join(parts)}"
        return {int(number) for (number,) in conn.execute(sql, params)}

    def _tying(self, tie: Tied, numbers: list[int]) -> list[int]:
        """The rows that tie any of some rows, and may be as is asked."""
        fixed = self.store.fixed()
        sql = f"SELECT id FROM {quote(tie.kind)} WHERE {fixed.among(tie.column, 'sys_at', 0)}"
        more, params = (f" AND {tie.sql}", tie.params) if tie.stored else ("", {})
        return [int(row) for (row,) in self.own(sql + more, {**params, **fixed.bind("sys_at", numbers, 0)})]

    def own(self, sql: str, params: Mapping[str, int | str]) -> list[Row]:
        """Read by the register itself: ids, and the keys by which they are ordered."""
        fixed = self.store.fixed()
        self.store.to_day(self.now)
        return fixed.fetch(fixed.make(sql), params)


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk(Candidates):
    """A kind in its own order, through one lens."""

    order: Listed
    by: str
    """The ORDER BY of the whole list."""
    descending: bool
    bounds: tuple[tuple[str, Any], ...] = ()
    """What the filters compare the cell that orders with: no row outside of that is read."""

    def page(self, conn: Connection, asked: Where, size: int, begins: From | None) -> list[int] | None:
        """The ids of ``size`` rows that the filters let through, in their order; ``conn`` reads through the lens.

        Of a page that ends before a row the last one is that row, so that both ways the last says that others follow.
        None when they cannot be found so: the list has no such row, or the cell that orders is empty in it.
        """
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
        if self.bounds and not back:
            return found
        # Before the first row there is nothing: the page is the first then. After the last one stand the empty ones.
        return self.page(conn, asked, size, None) if back else found + self._empty(conn, asked, size - len(found))

    def _empty(self, conn: Connection, asked: Where, most: int) -> list[int]:
        """The first of the rows in which the cell that orders is empty, which stand last."""
        sql = f"SELECT id FROM {quote(self.kind)} WHERE {asked.sql} AND {quote(self.order.cell)} IS NULL"
        return [int(number) for (number,) in conn.execute(f"{sql} ORDER BY {self.by} LIMIT {int(most)}", asked.params)]

    def _start(self, conn: Connection, asked: Where, number: int) -> Row | None:
        """The keys of a row of this list, its id last."""
        if not self._shown(conn, asked, [number]):
            return None
        keys = ", ".join((*self.order.keys(), "id"))
        sql = f"SELECT {keys} FROM {quote(self.kind)} WHERE id = :id AND {quote(self.order.cell)} IS NOT NULL"
        found = self.own(sql, {"id": number})
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
        for place, (op, value) in enumerate(self.bounds):
            after += f" AND {quote(self.order.cell)} {op} :b{place}::text"
            params[f"b{place}"] = value
        # How many is written into the text: a plan for any number would not trust the index.
        return self.own(
            f"SELECT {', '.join(keys)} FROM {quote(self.kind)} WHERE {self.order.where}{after}"
            f" ORDER BY {', '.join(f'{key} {way}' for key in keys)} LIMIT {step}",
            params,
        )

    def _shown(self, conn: Connection, asked: Where, numbers: list[int]) -> set[int]:
        return self.shown(conn, asked, numbers, f"{quote(self.order.cell)} IS NOT NULL")


def walk_of(
    store: RegisterStore,
    lens: CompiledLens,
    kind: str,
    sort: str,
    by: str,
    asked: Where,
    *,
    descending: bool,
    now: dt.datetime,
) -> Walk | None:
    """The walk through a list whose ORDER BY is ``by``, None where no index has its order."""
    if store.database.dialect != "postgresql":
        return None
    bounds = asked.bounds.get(sort, ())
    order = due_in_order(store.register, lens, kind, sort, asked.empty) if bounds else None
    if order is None:
        order, bounds = walked(store.register, lens, kind, sort), ()
    if order is None:
        return None
    return Walk(store=store, lens=lens, kind=kind, order=order, by=by, descending=descending, now=now, bounds=bounds)


def _bound(cell: Any) -> int | str:
    """A key as the fixed reads bind it."""
    return f"\\x{bytes(cell).hex()}" if isinstance(cell, bytes | memoryview) else cell
