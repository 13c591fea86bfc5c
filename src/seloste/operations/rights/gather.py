"""Everything held of one person, with its reasons: what a copy tells them, whoever in the house may see what (Art. 15).

The set is the compiler's: each cell that is theirs and needed, and what stays with its row. Nothing here lists a kind,
an item or a column. One statement brings the rows with the answers to every question that is asked of them; see
``compiler.copy``.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, reduce
from operator import or_
from typing import Any

from seloste.catalogue.model import PERSON, Item
from seloste.catalogue.types import TYPES
from seloste.clock import from_utc_text
from seloste.compiler.copy import HEAD, Copy, CopyKind, copy_statement
from seloste.compiler.late import Late
from seloste.compiler.register import BITS
from seloste.compiler.sweep import sweep
from seloste.notice.model import Recipient, Ref
from seloste.notice.ways import references
from seloste.operations.portal.me import ACCOUNT
from seloste.operations.records.model import title
from seloste.operations.records.why import MOST_REASONS, CellWhy, Grounds, Known, cell_whys, known_of
from seloste.operations.rights.own import Look, Own, OwnCell, OwnRow, Place, Pointed
from seloste.operations.rights.rows import read_rows
from seloste.store.due import ids_value
from seloste.store.engine import Connection
from seloste.store.functions import functions
from seloste.store.journal_pages import deeds_on
from seloste.store.registers import RegisterStore
from seloste.store.values import converter

LOOKING = ("look", "reveal", "export")
"""Deeds of the journal by which somebody saw a person's data or took them along."""

Origins = Mapping[str, tuple[str, str]]
"""Of single cells: item -> source and when it came."""


def gather(
    store: RegisterStore,
    conn: Connection,
    person: int,
    *,
    now: dt.datetime,
    whole: bool = True,
    kinds: frozenset[str] | None = None,
) -> Own:
    """Everything of a person. Call :meth:`reads.flush` of the store first, or the latest looks are missing.

    Unless ``whole``, without looks and without names of what rows point at. ``kinds``: rows of these alone.
    """
    looks = tuple(_looks(store, conn, person)) if whole else ()
    rows = _rows(store, conn, person, kinds, named=whole)
    return Own(person, now, rows, looks, _named(store, conn, rows))


# --- rows -------------------------------------------------------------------------------------------------------------


class _Plan:
    """The statement of a register and what is known beforehand of each kind that it brings."""

    def __init__(self, store: RegisterStore, dialect: str, only: frozenset[str] | None) -> None:
        self.copy: Copy = copy_statement(store.register, dialect, only)
        self.kinds = [_Kind(store, each, dialect) for each in self.copy.kinds]


def _rows(
    store: RegisterStore, conn: Connection, person: int, only: frozenset[str] | None, *, named: bool
) -> tuple[OwnRow, ...]:
    plan: _Plan | None = store.kept.get(("copy", only))
    if plan is None:
        plan = store.kept["copy", only] = _Plan(store, conn.dialect, only)
    told = _Told(store, person)
    kinds, several = plan.kinds, range(1, plan.copy.flags)
    found: list[list[OwnRow]] = [[] for _ in kinds]
    bare: dict[int, list[int]] = {}
    sourced: dict[str, list[int]] = {}
    for raw in conn.fetch(plan.copy.sql, {"person": person}):
        kind, flags = kinds[raw[0]], raw[HEAD]
        for place in several:
            flags |= raw[HEAD + place] << (BITS * place)
        values = kind.values(raw, flags, person)
        if values:
            found[raw[0]].append(OwnRow(kind.kind, raw[1], values, told, flags, raw))
            if not kind.needed & flags:
                bare.setdefault(raw[0], []).append(raw[1])
            if flags & kind.sourced:
                sourced.setdefault(kind.kind, []).append(raw[1])
    for place, numbers in bare.items():
        going = _going(store, conn, kinds[place].kind, numbers)
        found[place] = [row for row in found[place] if row.id not in going]
    for each in found:
        each.sort(key=_number)
    rows = tuple(row for each in found for row in each)
    told.kinds = {kind.kind: kind for kind, each in zip(kinds, found, strict=True) if each}
    told.rows = rows
    told.origins = _origins(conn, sourced)
    told.names = _names(store, conn, told.kinds, rows) if named else {}
    return rows


def _going(store: RegisterStore, conn: Connection, kind: str, numbers: Sequence[int]) -> set[int]:
    """Of rows of which nobody needs anything, those that the next sweep takes: nothing hangs on them."""
    free = sweep(store.register, conn.dialect).kinds[kind].free
    return {int(row[0]) for row in conn.execute(free, {"ids": ids_value(conn, numbers)})}


def _number(row: OwnRow) -> int:
    return row.id


Convert = Callable[[Any], Any]


class _Kind:
    """One kind of the statement: which cells of a row are shown, and why, by the answers that came with it."""

    def __init__(self, store: RegisterStore, of: CopyKind, dialect: str) -> None:
        register = store.register
        table = register.tables[of.kind]
        self.of, self.kind, self.sourced = of, of.kind, of.sourced
        self._dialect = dialect
        self._register = register
        self._convert: dict[str, Convert | None] = {}
        self.targets: dict[str, str] = {}
        self.persons: set[str] = set()
        """References to a person that say of the row whose it is, and nothing beside."""
        for cell in of.cells:
            column = table.column(cell.name)
            assert column is not None
            if column.role == "reference":
                self.targets[cell.name] = column.target or ""
                self._convert[cell.name] = None
                if column.target == PERSON and column.item is None:
                    self.persons.add(cell.name)
            else:
                self._convert[cell.name] = _from_cell(store, of.kind, table.kind.items[cell.name])
        self.nobodys = [
            (name, target) for name, target in self.targets.items() if register.tables[target].kind.about == "nobody"
        ]
        self.needed = reduce(or_, (cell.needed for cell in of.cells), 0)
        """The bits of need of all its cells."""
        self._shown: dict[int, tuple[list[tuple[str, int, Convert | None]], list[tuple[str, int]]]] = {}
        self._purposes: dict[tuple[int, frozenset[str]], tuple[str, ...]] = {}
        self._answers: dict[tuple[Any, ...], tuple[Sequence[Any], dict[int, Grounds]]] = {}

    def values(self, raw: tuple[Any, ...], flags: int, person: int) -> dict[str, Any]:
        """The filled cells that are theirs and held for good reason, as values."""
        shown = self._shown.get(flags)
        if shown is None:
            shown = self._shown[flags] = self._show(flags)
        found = {}
        for name, place, convert in shown[0]:
            cell = raw[place]
            if cell is not None:
                found[name] = cell if convert is None else convert(cell)
        for name, place in shown[1]:
            # That the row is theirs is said by its being there.
            if raw[place] is not None and raw[place] != person:
                found[name] = raw[place]
        return found

    def _show(self, flags: int) -> tuple[list[tuple[str, int, Convert | None]], list[tuple[str, int]]]:
        shown = [cell for cell in self.of.cells if cell.mine & flags and (cell.stays or cell.needed & flags)]
        cells = [(cell.name, cell.place, self._convert[cell.name]) for cell in shown if cell.name not in self.persons]
        return cells, [(cell.name, cell.place) for cell in shown if cell.name in self.persons]

    def purposes(self, flags: int, names: frozenset[str]) -> tuple[str, ...]:
        """The purposes that need any of some cells."""
        found = self._purposes.get((flags, names))
        if found is None:
            users = (user for cell in self.of.cells if cell.name in names for user in cell.users)
            found = self._purposes[flags, names] = tuple(dict.fromkeys(key for key, need in users if need & flags))
        return found

    @cached_property
    def _known(self) -> Known:
        return known_of(self._register, self.kind, self._dialect)

    @cached_property
    def _untils(self) -> list[Late]:
        known = functions(self._register)
        return [answer.until(known) for answer in self.of.answers]

    def whys(self, row: OwnRow, origins: Origins) -> dict[str, CellWhy]:
        """Why each filled cell is held. Rows of which the same was answered share their reasons."""
        late = tuple(row.raw[place] for place in self.of.late)
        key = row.flags, *late
        found = self._answers.get(key)
        if found is None:
            if len(self._answers) > MOST_REASONS:
                self._answers.clear()
            found = self._answers[key] = self._answered(row.flags, late), {}
        columns = (self._known.columns[cell.name] for cell in self.of.cells if cell.name in row.values)
        written = row.raw[2] or "", row.raw[3] or ""
        whys = cell_whys(self._known, columns, found[0], origins, written, found[1])
        for cell in self.of.cells:
            if cell.name in whys and not cell.needed & row.flags:
                whys[cell.name] = replace(whys[cell.name], until=None, end="row")
        return whys

    def _answered(self, flags: int, late: Sequence[Any]) -> Sequence[Any]:
        """The answers as the statement of :class:`Known` gives them."""
        found: list[Any] = [0] * self._known.width
        found[1] = int(flags & self.of.held != 0)
        for answer, until in zip(self.of.answers, self._untils, strict=True):
            place = self._known.places[answer.asked]
            found[place : place + 3] = int(flags & answer.need != 0), int(flags & answer.use != 0), until(late)
        return found


class _Told:
    """What tells of the rows of one person, each when it is asked for."""

    def __init__(self, store: RegisterStore, person: int) -> None:
        self._store = store
        self.person = person
        self.kinds: Mapping[str, _Kind] = {}
        self.rows: Sequence[OwnRow] = ()
        self.origins: Mapping[tuple[str, int], Origins] = {}
        self.names: Mapping[tuple[str, int], str] = {}

    def cells(self, row: OwnRow) -> tuple[OwnCell, ...]:
        kind = self.kinds[row.kind]
        whys = kind.whys(row, self.origins.get((row.kind, row.id), {}))
        found = []
        for cell in kind.of.cells:
            if cell.name in row.values:
                value = row.values[cell.name]
                if cell.name in kind.targets:
                    target = kind.targets[cell.name]
                    value = Pointed(target, int(value), self._title(target, int(value)))
                found.append(OwnCell(cell.name, value, whys[cell.name], bool(row.flags & cell.shared)))
        return tuple(found)

    def recorded_at(self, row: OwnRow) -> dt.datetime | None:
        return from_utc_text(row.raw[3]) if row.raw[3] else None

    def purposes(self, row: OwnRow) -> tuple[str, ...]:
        return self.kinds[row.kind].purposes(row.flags, frozenset(row.values))

    def _title(self, kind: str, number: int) -> str:
        """What a row that is pointed at is called: the person's own, or what is nobody's; of anybody else nothing."""
        own = self._own.get((kind, number))
        if own is None:
            return self.names.get((kind, number), "")
        targets = self.kinds[kind].targets
        values = {name: value for name, value in own.values.items() if name not in targets}
        return title(self._store.register.notice.kinds[kind], values)

    @cached_property
    def _own(self) -> Mapping[tuple[str, int], OwnRow]:
        return {(row.kind, row.id): row for row in self.rows}


def _from_cell(store: RegisterStore, kind: str, item: Item) -> Convert | None:
    """What makes a value of a cell; a sensitive one is opened, for the copy is the person's own."""
    if not item.sensitive:
        return converter(item)
    storage, convert, place = TYPES[item.type].storage, converter(item), f"{kind}.{item.key}"

    def opened(cell: Any) -> Any:
        text: Any = store.keys.decrypt(cell, place=place)
        if storage in ("integer", "bool", "real") and not item.many:
            text = float(text) if storage == "real" else int(text)
        return text if convert is None else convert(text)

    return opened


def _origins(conn: Connection, rows: Mapping[str, Sequence[int]]) -> dict[tuple[str, int], Origins]:
    """The sources of single cells, of rows that have any."""
    sql = "SELECT item, source, at FROM sys_cell_source WHERE kind = :kind AND row = :row"
    return {
        (kind, number): {item: (source, at) for item, source, at in conn.execute(sql, {"kind": kind, "row": number})}
        for kind, numbers in rows.items()
        for number in numbers
    }


def _names(
    store: RegisterStore, conn: Connection, kinds: Mapping[str, _Kind], rows: Sequence[OwnRow]
) -> dict[tuple[str, int], str]:
    """What rows point at that is nobody's, by its name."""
    wanted: dict[str, set[int]] = {}
    for row in rows:
        for name, target in kinds[row.kind].nobodys:
            if name in row.values:
                wanted.setdefault(target, set()).add(row.values[name])
    found = {}
    for kind, numbers in wanted.items():
        of = store.register.notice.kinds[kind]
        for each in read_rows(store, conn, kind, "id", numbers):
            if of.owner_item is None or of.owner_item not in each:
                found[kind, each["id"]] = title(of, each)
    return found


# --- who else ---------------------------------------------------------------------------------------------------------


Naming = dict[str, frozenset[tuple[str, int]]]
"""Names of recipients, each with the rows (kind and id) that lead to it."""


def _named(store: RegisterStore, conn: Connection, rows: Sequence[OwnRow]) -> dict[str, Naming]:
    recipients = store.register.notice.recipients
    return {one.key: _named_by_rows(store, conn, one, rows) for one in recipients if one.who_from is not None}


def _named_by_rows(store: RegisterStore, conn: Connection, one: Recipient, rows: Sequence[OwnRow]) -> Naming:
    """Who a recipient is, where a row says it: the row of what it gets of the person, or one that row refers to."""
    assert one.who_from is not None
    kinds, gets = store.register.notice.kinds, set(one.gets)
    among = {ref.kind for ref in gets}
    wanted: dict[str, set[int]] = {}
    for row in rows:
        if row.kind in among and any(Ref(row.kind, name) in gets for name in row.values):
            wanted.setdefault(row.kind, set()).add(row.id)
    naming = _naming(store, conn, one.who_from.kind, wanted)
    found: dict[Any, set[tuple[str, int]]] = defaultdict(set)
    for named in read_rows(store, conn, one.who_from.kind, "id", set(naming)):
        if one.who_from.item in named:
            found[named[one.who_from.item]] |= naming[named["id"]]
    item = kinds[one.who_from.kind].items[one.who_from.item]
    if item.refers_to is None:
        return {str(each): frozenset(leading) for each, leading in found.items()}
    names: dict[str, frozenset[tuple[str, int]]] = {}
    for party in read_rows(store, conn, item.refers_to, "id", set(found)):
        if name := title(kinds[item.refers_to], party):
            names[name] = names.get(name, frozenset()) | found[party["id"]]
    return names


def _naming(
    store: RegisterStore, conn: Connection, kind: str, wanted: Mapping[str, set[int]]
) -> dict[int, set[tuple[str, int]]]:
    """Rows of the kind that names somebody, each with those of the wanted rows that are it or refer to it."""
    naming: dict[int, set[tuple[str, int]]] = defaultdict(set)
    for number in wanted.get(kind, ()):
        naming[number].add((kind, number))
    for other, numbers in wanted.items():
        columns = [each.column for each in references(store.register.notice.kinds[other]) if each.target == kind]
        for row in read_rows(store, conn, other, "id", numbers) if columns else ():
            for column in columns:
                if column in row:
                    naming[row[column]].add((other, row["id"]))
    return naming


def _looks(store: RegisterStore, conn: Connection, person: int) -> Iterator[Look]:
    """Looks at the person, newest first: their dates and purposes (C-579/21)."""
    for deed in deeds_on(conn, person, LOOKING):
        purposes = _acted_for(store, deed.lens, deed.kind)
        if deed.verb == "export" and deed.note in store.register.purposes:
            purposes = (deed.note,)
        yield Look(deed.at, deed.lens, deed.verb, purposes, deed.kind, deed.items, deed.actor == ACCOUNT)


def _acted_for(store: RegisterStore, lens: str, kind: str) -> tuple[str, ...]:
    """The purposes of a role that concern a kind."""
    found = store.register.lenses.get(lens)
    if found is None or kind not in store.register.tables:
        return ()
    return store.register.once(("acted for", lens, kind), lambda: _concerning(store, found.purposes, kind))


def _concerning(store: RegisterStore, purposes: Sequence[str], kind: str) -> tuple[str, ...]:
    columns = [column.name for column in store.register.tables[kind].of_role("reference", "item")]
    using = {
        key for name in columns for key in (*store.register.users(kind, name), *store.register.borrowers(kind, name))
    }
    return tuple(key for key in purposes if key in using)


__all__ = ["Look", "Own", "OwnCell", "OwnRow", "Place", "Pointed", "gather"]
