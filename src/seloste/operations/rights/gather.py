"""Everything held of one person, with its reasons: what a copy tells them, whoever in the house may see what (Art. 15).

The set is the compiler's: each cell that is theirs and needed. Nothing here lists a kind, an item or a column.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from seloste.catalogue.model import PERSON, Item
from seloste.catalogue.types import TYPES
from seloste.clock import from_utc_text
from seloste.compiler.copy import CopyStatement, copy_statements
from seloste.notice.model import Recipient, Ref
from seloste.notice.ways import references
from seloste.operations.records.model import title
from seloste.operations.records.why import CellWhy, told
from seloste.operations.rights.rows import read_rows
from seloste.store.engine import Connection
from seloste.store.journal_pages import Query, page
from seloste.store.registers import RegisterStore
from seloste.store.values import from_cell

LOOKING = ("look", "reveal", "export")
"""Deeds of the journal by which somebody saw a person's data or took them along."""

PAGE = 1000

Place = tuple[str, int, str]
"""Kind, row, item: where a cell stands."""


@dataclass(frozen=True, slots=True)
class Pointed:
    """A row that a cell points at. ``title`` is empty when it is somebody else's."""

    kind: str
    id: int
    title: str


@dataclass(frozen=True, slots=True)
class OwnCell:
    """One cell of the person's. ``shared``: it is another person's too, as a note on two people is."""

    item: str
    value: Any
    why: CellWhy
    shared: bool


@dataclass(frozen=True, slots=True)
class OwnRow:
    kind: str
    id: int
    recorded_at: dt.datetime | None
    cells: tuple[OwnCell, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked: when, in which role, for which purposes, at what. Not who: that stays with the house."""

    at: dt.datetime
    lens: str
    verb: str
    purposes: tuple[str, ...]
    kind: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Own:
    """All of one person at one moment. ``withheld`` cells are left out for the sake of others (Art. 15(4))."""

    person: int
    at: dt.datetime
    rows: tuple[OwnRow, ...]
    looks: tuple[Look, ...]
    named: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Recipients that rows name, by their key in the notice: the carriers of the orders that brought the person's
    deliveries."""
    withheld: tuple[Place, ...] = ()

    @property
    def cells(self) -> int:
        return sum(len(row.cells) for row in self.rows)

    @property
    def contested(self) -> tuple[Place, ...]:
        """Cells that are others' too, which somebody must read before they are given out."""
        return tuple((row.kind, row.id, cell.item) for row in self.rows for cell in row.cells if cell.shared)

    def purposes(self) -> tuple[str, ...]:
        """The purposes that need any of it, as they come."""
        found = (each.purpose for row in self.rows for cell in row.cells for each in cell.why.reasons if each.needed)
        return tuple(dict.fromkeys(found))

    def without(self, places: Collection[Place]) -> Own:
        """The same with some contested cells withheld; what nobody shares with the person is never withheld so."""
        out = [place for place in self.contested if place in places]
        rows = (
            replace(row, cells=tuple(cell for cell in row.cells if (row.kind, row.id, cell.item) not in out))
            for row in self.rows
        )
        return replace(self, rows=tuple(row for row in rows if row.cells), withheld=tuple(out))


def gather(store: RegisterStore, conn: Connection, person: int, *, now: dt.datetime) -> Own:
    """Everything of a person. Call :meth:`reads.flush` of the store first, or the latest looks are missing."""
    rows = [row for each in _statements(store, conn).values() for row in _rows(store, conn, each, person)]
    rows = _name(store, conn, rows)
    named = {one.key: _named_by_rows(store, conn, one, rows) for one in store.register.notice.recipients}
    return Own(person, now, tuple(rows), tuple(_looks(store, conn, person)), named)


def _statements(store: RegisterStore, conn: Connection) -> Mapping[str, CopyStatement]:
    found: Mapping[str, CopyStatement] | None = store.kept.get("copy")
    if found is None:
        found = store.kept["copy"] = copy_statements(store.register, conn.dialect)
    return found


def _rows(store: RegisterStore, conn: Connection, statement: CopyStatement, person: int) -> Iterator[OwnRow]:
    table = store.register.tables[statement.kind]
    found = conn.execute(statement.sql, {"person": person}).all()
    why = told(store, conn, statement.kind, [int(row[len(statement.columns)]) for row in found], statement.columns)
    for row in found:
        number, _, recorded = row[len(statement.columns) : len(statement.columns) + 3]
        shared = dict(zip(statement.shared, row[len(statement.columns) + 3 :], strict=True))
        cells = []
        for name, cell in zip(statement.columns, row[: len(statement.columns)], strict=True):
            column = table.column(name)
            assert column is not None
            # That the row is theirs is said by its being there.
            if cell is None or (column.target == PERSON and int(cell) == person and column.item is None):
                continue
            if column.role == "reference":
                value: Any = Pointed(column.target or "", int(cell), "")
            else:
                value = _value(store, statement.kind, table.kind.items[name], cell)
            cells.append(OwnCell(name, value, why[int(number)].cells[name], bool(shared.get(name))))
        if cells:
            yield OwnRow(statement.kind, int(number), from_utc_text(recorded) if recorded else None, tuple(cells))


def _value(store: RegisterStore, kind: str, item: Item, cell: Any) -> Any:
    """The value, opened where it is encrypted: it is the person's own."""
    if not item.sensitive:
        return from_cell(item, cell)
    text = store.keys.decrypt(cell, place=f"{kind}.{item.key}")
    storage = TYPES[item.type].storage
    if storage in ("integer", "bool") and not item.many:
        return from_cell(item, int(text))
    return from_cell(item, float(text) if storage == "real" and not item.many else text)


def _name(store: RegisterStore, conn: Connection, rows: Sequence[OwnRow]) -> list[OwnRow]:
    """Give what rows point at its name: that of the person's own rows, and of what is nobody's."""
    kinds = store.register.notice.kinds
    names = {(row.kind, row.id): title(kinds[row.kind], {cell.item: cell.value for cell in row.cells}) for row in rows}
    wanted: dict[str, set[int]] = {}
    for row in rows:
        for cell in row.cells:
            if isinstance(cell.value, Pointed) and (cell.value.kind, cell.value.id) not in names:
                wanted.setdefault(cell.value.kind, set()).add(cell.value.id)
    for kind, numbers in wanted.items():
        if kinds[kind].about == "nobody":
            owner = kinds[kind].owner_item
            for each in read_rows(store, conn, kind, "id", numbers):
                if owner is None or owner not in each:
                    names[kind, each["id"]] = title(kinds[kind], each)
    return [replace(row, cells=tuple(_named(cell, names) for cell in row.cells)) for row in rows]


def _named(cell: OwnCell, names: Mapping[tuple[str, int], str]) -> OwnCell:
    if not isinstance(cell.value, Pointed):
        return cell
    return replace(cell, value=replace(cell.value, title=names.get((cell.value.kind, cell.value.id), "")))


def _named_by_rows(store: RegisterStore, conn: Connection, one: Recipient, rows: Sequence[OwnRow]) -> tuple[str, ...]:
    """Who a recipient is, where a row says it: the row of what it gets of the person, or one that row refers to."""
    if one.who_from is None:
        return ()
    kinds, gets = store.register.notice.kinds, set(one.gets)
    wanted: dict[str, set[int]] = {}
    for row in rows:
        if any(Ref(row.kind, cell.item) in gets for cell in row.cells):
            wanted.setdefault(row.kind, set()).add(row.id)
    naming = set(wanted.get(one.who_from.kind, ()))
    for kind, numbers in wanted.items():
        columns = [each.column for each in references(kinds[kind]) if each.target == one.who_from.kind]
        for whole in read_rows(store, conn, kind, "id", numbers) if columns else ():
            naming |= {whole[column] for column in columns if column in whole}
    found = [row[one.who_from.item] for row in read_rows(store, conn, one.who_from.kind, "id", naming)
             if one.who_from.item in row]  # fmt: skip
    item = kinds[one.who_from.kind].items[one.who_from.item]
    if item.refers_to is None:
        return tuple(dict.fromkeys(str(each) for each in found))
    named = read_rows(store, conn, item.refers_to, "id", set(found))
    return tuple(dict.fromkeys(name for row in named if (name := title(kinds[item.refers_to], row))))


def _looks(store: RegisterStore, conn: Connection, person: int) -> Iterator[Look]:
    """Looks at the person, newest first: their dates and purposes (C-579/21)."""
    before: int | None = None
    while True:
        found = page(conn, Query(persons=(person,), outcome="done", before=before, limit=PAGE))
        for written in found.entries:
            entry = written.entry
            if entry.verb in LOOKING:
                purposes = _acted_for(store, entry.lens, entry.kind)
                if entry.verb == "export" and entry.note in store.register.purposes:
                    purposes = (entry.note,)
                yield Look(entry.at, entry.lens, entry.verb, purposes, entry.kind, entry.items)
        if found.older is None:
            return
        before = found.older


def _acted_for(store: RegisterStore, lens: str, kind: str) -> tuple[str, ...]:
    """The purposes of a role that concern a kind."""
    found = store.register.lenses.get(lens)
    if found is None or kind not in store.register.tables:
        return ()
    columns = [column.name for column in store.register.tables[kind].of_role("reference", "item")]
    using = {
        key for name in columns for key in (*store.register.users(kind, name), *store.register.borrowers(kind, name))
    }
    return tuple(key for key in found.purposes if key in using)
