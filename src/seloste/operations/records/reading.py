"""How one kind is read through one lens: fixed statements and how cells become records, made once for a register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from typing import Any

from seloste.catalogue.model import Item
from seloste.clock import from_utc_text
from seloste.compiler.guard import GUARDED, Guard, guard_of
from seloste.compiler.register import CompiledLens, Register
from seloste.notice.ways import subject_paths
from seloste.operations.actor import Actor
from seloste.operations.records.model import SEALED, NoSuchRowError, Record
from seloste.store.engine import Row, quote
from seloste.store.journal_entry import deed
from seloste.store.registers import RegisterStore
from seloste.store.values import converter

MOST = 2**63
"""Ids are below it on both engines."""

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

    def __init__(
        self,
        store: RegisterStore,
        lens: CompiledLens,
        kind: str,
        acting: int | None = None,
        asked: tuple[str, ...] | None = None,
    ) -> None:
        """``asked``: of the items only these, and every reference; None for all."""
        table = store.register.tables[kind]
        columns = columns_of(store.register, lens, kind)
        pointing = {column.name for column in table.of_role("reference")}
        names = [name for name in columns if name not in pointing and (asked is None or name in asked)]
        items = [(name, _converter(table.kind.items[name])) for name in names]
        self.kind = kind
        self._store = store
        self._lens = lens
        self._fixed = store.fixed(lens.key, acting)
        self._items = tuple(items)
        self._pointing = tuple(name for name in columns if name in pointing)
        self._guard = guard_of(store.register, kind)
        marks = (GUARDED,) if self._guard is not None else ()
        self._mark = len(items) + len(self._pointing)
        self.items = tuple(name for name, _ in items)
        self.columns = (*self.items, *self._pointing, *marks, "id", "sys_source", "sys_recorded_at")
        self._one = self._statement("id = :id")
        self._single: dict[str, str] = {}
        self._many: dict[tuple[str, int], str] = {}
        self._wide: dict[tuple[str, ...], str] = {}
        paths = subject_paths(store.register.notice.kinds, kind)
        self._is_person = paths == ((),)
        self._persons = tuple(path[0] if path else None for path in paths if len(path) < 2)

    def one(self, number: int, now: dt.datetime) -> Record | None:
        """The row of an id, when the lens shows it."""
        found = self.cells(number, now)
        return self.record(found[0]) if found else None

    def cells(self, number: int, now: dt.datetime) -> list[Row]:
        """The cells of ``columns`` of that row, as the database holds them; empty when the lens does not show it."""
        if not 0 < number < MOST:
            return []
        self._store.to_day(now)
        return self._fixed.fetch(self._one, {"id": number})

    def all_cells(self, columns: Sequence[str], now: dt.datetime) -> list[Row]:
        """Some cells of every row that the lens shows, as the database holds them."""
        chosen = tuple(columns)
        statement = self._wide.get(chosen)
        if statement is None:
            if not set(chosen) <= set(self.columns):
                raise NoSuchRowError
            text = f"SELECT {', '.join(map(quote, chosen))} FROM {quote(self.kind)}"
            statement = self._wide[chosen] = self._fixed.make(text)
        self._store.to_day(now)
        return self._fixed.fetch(statement, {})

    def by(self, column: str, numbers: Collection[int], now: dt.datetime) -> list[Record]:
        """The rows whose ``column`` (``id``, or a reference that the lens shows) is any of some ids, in id order."""
        return [self.record(cells) for cells in self.cells_by(column, numbers, now)]

    def cells_by(self, column: str, numbers: Collection[int], now: dt.datetime) -> list[Row]:
        """The cells of ``columns`` of those rows, as the database holds them."""
        fixed = self._fixed
        numbers = [number for number in numbers if 0 < number < MOST]
        if len(numbers) == 1:
            statement = self._single.get(column)
            if statement is None:
                condition = fixed.among(column, "ids", fixed.room(1))
                order = "" if column == "id" else " ORDER BY id"
                statement = self._single[column] = self._statement(f"{condition}{order}")
            self._store.to_day(now)
            return fixed.fetch(statement, {"ids": numbers[0]})
        if not numbers:
            return []
        room = fixed.room(len(numbers))
        statement = self._many.get((column, room))
        if statement is None:
            condition = fixed.among(column, "ids", room)
            statement = self._many[column, room] = self._statement(f"{condition} ORDER BY id")
        self._store.to_day(now)
        return fixed.fetch(statement, fixed.bind("ids", numbers, room))

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
        mark = cells[self._mark] if self._guard is not None else None
        if mark is not None:
            assert self._guard is not None
            values = with_sealed(values, mark, self._guard, [name for name, _ in self._items])
        at = from_utc_text(recorded) if recorded else None
        return Record(self.kind, number, values, references, source, at, is_guarded(mark, subject=self._is_person))

    def look(self, found: Sequence[Record], *, actor: Actor, now: dt.datetime) -> None:
        """Journal a read: of whom, which items."""
        if not found:
            return
        named = found[0].values
        if len(found) > 1:
            named = dict.fromkeys(named)
            for each in found:
                named |= each.values
        items = tuple(named)
        done = deed(actor.account, actor.lens, "look", self.kind, items)
        self._store.reads.add(done, now, self._persons_of(found), len(found))

    def persons_in(self, rows: Sequence[Row]) -> set[int]:
        """The ids of the persons of rows, by their cells, as far as the rows name them themselves."""
        persons: set[int] = set()
        for path in self._persons:
            name = "id" if path is None else path
            place = self.columns.index(name) if name in self.columns else None
            if place is not None:
                persons.update([row[place] for row in rows if row[place] is not None])
        return persons

    def _persons_of(self, found: Sequence[Record]) -> tuple[int, ...]:
        """The ids of the persons of rows, as far as the rows name them themselves; none when they are too many."""
        if self._is_person and len(found) == 1:
            return (found[0].id,)
        persons: set[int] = set()
        for path in self._persons:
            if path is None:
                persons.update([each.id for each in found])
            else:
                persons.update([each.references[path] for each in found if path in each.references])
        return tuple(sorted(persons)) if len(persons) <= MOST_PERSONS else ()


def is_guarded(mark: int | None, *, subject: bool) -> bool:
    """Whether a row is to be told apart as guarded: a guarded person's own, and any of which something is sealed."""
    return mark is not None and (subject or mark > 1)


def with_sealed(values: dict[str, Any], mark: int, guard: Guard, order: Sequence[str]) -> dict[str, Any]:
    """Values with SEALED for the cells that a guard closes, items in their order, then references to homes."""
    sealed = [name for name in guard.columns if mark & guard.bit(name)]
    if not sealed:
        return values
    found = values | dict.fromkeys(sealed, SEALED)
    return {name: found[name] for name in (*order, *sealed) if name in found}


def reading(
    store: RegisterStore, lens: str, kind: str, acting: int | None = None, asked: tuple[str, ...] | None = None
) -> Reading:
    """How a kind is read through a lens, for the person whose account acts where it sees its own only.

    ``asked``: of the items only these. Raises NoSuchRowError when the lens does not show the kind.
    """
    key = ("reading", lens, kind, acting, asked)
    found: Reading | None = store.kept.get(key)
    if found is None:
        chosen = store.register.lenses.get(lens)
        if chosen is None or not chosen.sees(kind):
            raise NoSuchRowError
        found = store.kept[key] = Reading(store, chosen, kind, acting, asked)
    return found


def _converter(item: Item) -> Callable[[Any], Any] | None:
    return (lambda _: SEALED) if item.sensitive else converter(item)
