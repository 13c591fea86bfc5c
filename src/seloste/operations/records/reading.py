"""How one kind is read through one lens: fixed statements and how cells become records, made once for a register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from typing import Any

from seloste.catalogue.model import Item
from seloste.clock import from_utc_text
from seloste.compiler.register import CompiledLens, Register
from seloste.notice.ways import subject_paths
from seloste.operations.actor import Actor
from seloste.operations.records.model import SEALED, NoSuchRowError, Record
from seloste.store.engine import Row, quote
from seloste.store.journal import Entry
from seloste.store.registers import RegisterStore
from seloste.store.values import converter

MOST_PERSONS = 1000
"""Persons named in one journal entry; a wider read is journaled by its count."""


def columns_of(register: Register, lens: CompiledLens, kind: str) -> tuple[str, ...]:
    """The references and items of a kind that a lens shows."""
    acting = set(lens.purposes)
    return tuple(
        column.name
        for column in register.tables[kind].of_role("reference", "item")
        if column.item in lens.shows[kind]
        or (
            column.item is None
            and acting & {*register.users(kind, column.name), *register.borrowers(kind, column.name)}
        )
    )


class Reading:
    """The reads of one kind through one lens. Nothing here is journaled; ``look`` journals what was read."""

    def __init__(self, store: RegisterStore, lens: CompiledLens, kind: str) -> None:
        table = store.register.tables[kind]
        columns = columns_of(store.register, lens, kind)
        pointing = {column.name for column in table.of_role("reference")}
        items = [(name, _converter(table.kind.items[name])) for name in columns if name not in pointing]
        self.kind = kind
        self._store = store
        self._lens = lens
        self._fixed = store.fixed(lens.key)
        self._items = tuple(items)
        self._pointing = tuple(name for name in columns if name in pointing)
        self.columns = (*(name for name, _ in items), *self._pointing, "id", "sys_source", "sys_recorded_at")
        self._one = self._statement("id = :id")
        self._many: dict[str, str] = {}
        paths = subject_paths(store.register.notice.kinds, kind)
        self._persons = tuple(path[0] if path else None for path in paths if len(path) < 2)

    def one(self, number: int, now: dt.datetime) -> Record | None:
        """The row of an id, when the lens shows it."""
        self._store.to_day(now)
        for cells in self._fixed.fetch(self._one, {"id": number}):
            return self.record(cells)
        return None

    def by(self, column: str, numbers: Collection[int], now: dt.datetime) -> list[Record]:
        """The rows whose ``column`` (``id``, or a reference that the lens shows) is any of some ids, in id order."""
        if not numbers:
            return []
        self._store.to_day(now)
        statement = self._many.get(column)
        if statement is None:
            statement = self._many[column] = self._statement(f"{self._fixed.among(column, 'ids')} ORDER BY id")
        return [self.record(cells) for cells in self._fixed.fetch(statement, {"ids": self._fixed.numbers(numbers)})]

    def _statement(self, where: str) -> str:
        return self._fixed.make(f"SELECT {', '.join(map(quote, self.columns))} FROM {quote(self.kind)} WHERE {where}")

    def record(self, cells: Row) -> Record:
        """The cells of ``columns`` as a record."""
        values: dict[str, Any] = {}
        for (name, convert), cell in zip(self._items, cells):  # noqa: B905 - the other columns follow the items
            if cell is not None:
                values[name] = cell if convert is None else convert(cell)
        pointing = zip(self._pointing, cells[len(self._items) :])  # noqa: B905
        references = {name: cell for name, cell in pointing if cell is not None}
        number, source, recorded = cells[-3:]
        return Record(self.kind, number, values, references, source, from_utc_text(recorded) if recorded else None)

    def look(self, found: Sequence[Record], *, actor: Actor, now: dt.datetime) -> None:
        """Journal a read: of whom, which items."""
        if not found:
            return
        persons: set[int] = set()
        for path in self._persons:
            if path is None:
                persons.update(each.id for each in found)
            else:
                persons.update(each.references[path] for each in found if path in each.references)
        named = tuple(sorted(persons)) if len(persons) <= MOST_PERSONS else ()
        items = tuple(found[0].values) if len(found) == 1 else tuple(dict.fromkeys(k for r in found for k in r.values))
        self._store.reads.queue(Entry(now, actor.account, actor.lens, "look", self.kind, named, items, len(found)))


def reading(store: RegisterStore, lens: str, kind: str) -> Reading:
    """How a kind is read through a lens. Raises NoSuchRowError when the lens does not show it."""
    found: Reading | None = store.kept.get(("reading", lens, kind))
    if found is None:
        chosen = store.register.lenses.get(lens)
        if chosen is None or not chosen.sees(kind):
            raise NoSuchRowError
        found = store.kept["reading", lens, kind] = Reading(store, chosen, kind)
    return found


def _converter(item: Item) -> Callable[[Any], Any] | None:
    return (lambda _: SEALED) if item.sensitive else converter(item)
