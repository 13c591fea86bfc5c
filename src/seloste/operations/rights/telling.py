"""The rows of one person as the statements of ``compiler.copy`` bring them, made rows that can tell of themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any

from seloste.catalogue.model import PERSON, Item
from seloste.catalogue.types import TYPES
from seloste.clock import from_utc_text
from seloste.compiler.copy import HEAD, CopyKind
from seloste.compiler.late import Late
from seloste.compiler.register import BITS
from seloste.lazily import cached_property
from seloste.operations.records.model import title
from seloste.operations.records.why import MOST_REASONS, CellWhy, Grounds, Known, cell_whys, known_of
from seloste.operations.rights.own import OwnCell, OwnRow, Pointed
from seloste.store.functions import functions
from seloste.store.registers import RegisterStore
from seloste.store.values import converter

Convert = Callable[[Any], Any]
Origins = Mapping[str, tuple[str, str]]
"""Of single cells: item -> source and when it came."""


def _number(row: OwnRow) -> int:
    return row.id


@dataclass(frozen=True, slots=True)
class _Shown:
    """What rows with the same answers show: cells by name and place, and how a value is made of each."""

    cells: tuple[tuple[str, int, Convert | None], ...]
    persons: tuple[tuple[str, int], ...]
    """References to a person that say of the row whose it is, and nothing beside."""
    bare: bool
    """Nobody needs anything of such a row."""
    sourced: bool


class OwnKind:
    """One kind: which cells of a row are shown, and why, by the answers that came with it."""

    def __init__(self, store: RegisterStore, of: CopyKind, dialect: str) -> None:
        register = store.register
        table = register.tables[of.kind]
        self.of, self.kind = of, of.kind
        self._dialect = dialect
        self._register = register
        self._convert: dict[str, Convert | None] = {}
        self.targets: dict[str, str] = {}
        self._persons: set[str] = set()
        for cell in of.cells:
            column = table.column(cell.name)
            assert column is not None
            if column.role == "reference":
                self.targets[cell.name] = column.target or ""
                self._convert[cell.name] = None
                if column.target == PERSON and column.item is None:
                    self._persons.add(cell.name)
            else:
                self._convert[cell.name] = _from_cell(store, of.kind, table.kind.items[cell.name])
        self.nobodys = [
            (name, target) for name, target in self.targets.items() if register.tables[target].kind.about == "nobody"
        ]
        self._needed = reduce(or_, (cell.needed for cell in of.cells), 0)
        self._shown: dict[int, _Shown] = {}
        self._purposes: dict[tuple[int, frozenset[str]], tuple[str, ...]] = {}
        self._answers: dict[tuple[Any, ...], tuple[Sequence[Any], dict[int, Grounds]]] = {}

    def rows(self, raws: Sequence[tuple[Any, ...]], told: Told) -> list[OwnRow]:
        """Those of which something is theirs and held for good reason, in the order of their ids."""
        kind, person, shown, several = self.kind, told.person, self._shown, range(1, self.of.flags)
        found = []
        for raw in raws:
            flags = raw[HEAD]
            for place in several:
                flags |= raw[HEAD + place] << (BITS * place)
            known = shown.get(flags)
            if known is None:
                known = shown[flags] = self._show(flags)
            values = {}
            for name, place, convert in known.cells:
                cell = raw[place]
                if cell is not None:
                    values[name] = cell if convert is None else convert(cell)
            for name, place in known.persons:
                # That the row is theirs is said by its being there.
                if raw[place] is not None and raw[place] != person:
                    values[name] = raw[place]
            if values:
                found.append(OwnRow(kind, raw[0], values, told, flags, raw))
                if known.bare:
                    told.bare.setdefault(kind, []).append(raw[0])
                if known.sourced:
                    told.sourced.setdefault(kind, []).append(raw[0])
        if len(found) > 1:
            found.sort(key=_number)
        told.values[kind] = [(row.id, row.values) for row in found]
        return found

    def _show(self, flags: int) -> _Shown:
        shown = [cell for cell in self.of.cells if cell.mine & flags and (cell.stays or cell.needed & flags)]
        cells = [(cell.name, cell.place, self._convert[cell.name]) for cell in shown if cell.name not in self._persons]
        persons = [(cell.name, cell.place) for cell in shown if cell.name in self._persons]
        return _Shown(
            tuple(cells), tuple(persons), bare=not self._needed & flags, sourced=bool(self.of.sourced & flags)
        )

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
        written = row.raw[1] or "", row.raw[2] or ""
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


class Told:
    """What tells of the rows of one person, each when it is asked for.

    It knows what they say and not the rows, which know it: so they are gone as soon as nobody has them.
    """

    def __init__(self, store: RegisterStore, person: int) -> None:
        self._store = store
        self.person = person
        self.kinds: dict[str, OwnKind] = {}
        self.values: dict[str, list[tuple[int, Mapping[str, Any]]]] = {}
        """Of each kind the id and values of each row."""
        self.bare: dict[str, list[int]] = {}
        """Of each kind, the rows of which nobody needs anything."""
        self.sourced: dict[str, list[int]] = {}
        """And those in which cells have sources of their own."""
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
        return from_utc_text(row.raw[2]) if row.raw[2] else None

    def purposes(self, row: OwnRow) -> tuple[str, ...]:
        return self.kinds[row.kind].purposes(row.flags, frozenset(row.values))

    def _title(self, kind: str, number: int) -> str:
        """What a row that is pointed at is called: the person's own, or what is nobody's; of anybody else nothing."""
        own = self._own.get((kind, number))
        if own is None:
            return self.names.get((kind, number), "")
        targets = self.kinds[kind].targets
        values = {name: value for name, value in own.items() if name not in targets}
        return title(self._store.register.notice.kinds[kind], values)

    @cached_property
    def _own(self) -> Mapping[tuple[str, int], Mapping[str, Any]]:
        return {(kind, number): values for kind, rows in self.values.items() for number, values in rows}


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
