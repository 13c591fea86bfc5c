"""What is in a file for a recipient: of each person the items it gets, as the purpose may use them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from seloste.catalogue.model import PERSON, Item
from seloste.catalogue.types import TYPES
from seloste.compiler.given import IDS, GivenStatement, given_lens, given_statements
from seloste.notice.model import Purpose, Ref
from seloste.notice.ways import references
from seloste.operations.disclosures.model import Target, Why
from seloste.operations.disclosures.open_rows import open_rows
from seloste.operations.disclosures.transfers import transfer_state
from seloste.operations.disclosures.who import REACHED, People, people
from seloste.operations.records.model import title
from seloste.operations.rights.rows import read_rows
from seloste.store.engine import Connection
from seloste.store.registers import RegisterStore
from seloste.store.values import from_cell

CHUNK = 500
NOT_WRITTEN = ("ref", "file")
"""Types of items that are no text: what a row points at is told by its own items."""


@dataclass(frozen=True, slots=True)
class Part:
    """One row of one kind, with what it refers to that is nobody's: the flat of a residency."""

    kind: str
    id: int
    values: Mapping[str, Any]
    beside: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By the column that refers: the values of the row it leads to."""


@dataclass(frozen=True, slots=True)
class OfPerson:
    """Everything a recipient gets of one person; their own row is the first part of kind ``person``."""

    person: int
    parts: tuple[Part, ...]
    items: tuple[str, ...]
    """Names of the items that are there (``person.email``)."""


@dataclass(frozen=True, slots=True)
class Contents:
    """All persons of a file, and how many others are left out for which reason."""

    people: tuple[OfPerson, ...]
    left_out: Mapping[Why, int]
    columns: Mapping[str, tuple[str, ...]]
    """Kind -> items, in the order of the notice."""
    beside: Mapping[str, tuple[tuple[str, str], ...]]
    """Kind -> (column, kind it leads to) of what is told beside its rows."""


def contents(
    store: RegisterStore,
    conn: Connection,
    target: Target,
    purpose: Purpose,
    *,
    party: str,
    chosen: Collection[int] | None,
    on: dt.date,
) -> Contents:
    """What the target gets for a purpose today, of those chosen or of everybody the purpose lets it get."""
    who = people(store, conn, target, purpose, party, chosen, on)
    reader = _Reader(store, conn, target, purpose)
    rows = reader.rows(who.persons)
    if target.recipient is not None and target.recipient.who_from is not None:
        rows = reader.named_by_rows(rows, party)
    if target.recipient is not None and target.recipient.country_from is not None:
        rows = reader.only_where_allowed(rows, on)
    if target.when is not None and target.when.endswith(".overdue"):
        rows = reader.only_open(rows, target.when, on)
    found, left = [], Counter(who.left_out)
    for number in who.persons:
        parts = tuple(_open(store, part, who, number) for part in rows.get(number, ()))
        items = tuple(dict.fromkeys(_items(parts, reader)))
        if items and reader.is_enough(parts):
            found.append(OfPerson(number, parts, items))
        else:
            left["nothing"] += 1
    return Contents(tuple(found), dict(left), reader.columns(), reader.beside)


def _open(store: RegisterStore, part: Part, who: People, person: int) -> Part:
    """Without the addresses by which marketing may not reach the person."""
    if who.open_to is None or part.kind != PERSON:
        return part
    items, ways = store.register.tables[PERSON].kind.items, who.open_to.get(person, frozenset())
    kept = {
        name: value
        for name, value in part.values.items()
        if items[name].type not in REACHED or ways.intersection(REACHED[items[name].type])
    }
    return Part(part.kind, part.id, kept)


def _items(parts: Iterable[Part], reader: _Reader) -> Iterator[str]:
    for part in parts:
        yield from (f"{part.kind}.{name}" for name in part.values)
        targets = dict(reader.beside.get(part.kind, ()))
        for column, values in part.beside.items():
            yield from (f"{targets[column]}.{name}" for name in values)


class _Reader:
    """Rows of many persons as one purpose may use them, narrowed to what a target gets."""

    def __init__(self, store: RegisterStore, conn: Connection, target: Target, purpose: Purpose) -> None:
        self.store, self.conn, self.target = store, conn, target
        self.tables = store.register.tables
        gets = [ref for ref in target.gets if self._written(ref)]
        self.lens = given_lens(store.register, (purpose.key,), gets)
        key = ("given", target.key, purpose.key)
        if key not in store.kept:
            sealed = target.role != "authority"
            store.kept[key] = given_statements(store.register, self.lens, store.database.dialect, sealed=sealed)
        self.statements: Mapping[str, GivenStatement] = store.kept[key]
        nobodys = [kind for kind, each in self.statements.items() if not each.about_persons]
        self.beside = {
            kind: tuple(
                (each.column, each.target) for each in references(self.tables[kind].kind) if each.target in nobodys
            )
            for kind, each in self.statements.items()
            if each.about_persons
        }
        self.named: frozenset[str] = frozenset()
        """Kinds of which a person must have a row to be in the file at all."""

    def _written(self, ref: Ref) -> bool:
        table = self.tables.get(ref.kind)
        item = table.kind.items.get(ref.item) if table is not None else None
        return item is not None and item.type not in NOT_WRITTEN

    def columns(self) -> dict[str, tuple[str, ...]]:
        return dict(self.lens.shows)

    def rows(self, persons: Sequence[int]) -> dict[int, list[Part]]:
        """By person, in the order of the kinds; the person's own row first."""
        found: dict[int, list[Part]] = {}
        ordered = sorted(self.statements, key=lambda kind: kind != PERSON)
        for kind in ordered:
            statement = self.statements[kind]
            if not statement.about_persons:
                continue
            for start in range(0, len(persons), CHUNK):
                rows = list(self._read(statement, persons[start : start + CHUNK]))
                beside = self._beside(kind, rows)
                for person, part, refers in rows:
                    more = {
                        column: values
                        for column, target in self.beside[kind]
                        if (values := beside.get((target, refers.get(column, 0))))
                    }
                    found.setdefault(person, []).append(Part(kind, part.id, part.values, more))
        return found

    def _read(self, statement: GivenStatement, ids: Sequence[int]) -> Iterator[tuple[int, Part, Mapping[str, int]]]:
        """(person, row, what it refers to); the person is 0 of a kind about nobody."""
        if not ids:
            return
        params = {f"i{place}": number for place, number in enumerate(ids)}
        sql = statement.sql.replace(IDS, ", ".join(":" + name for name in params))
        table = self.tables[statement.kind]
        for row in self.conn.execute(sql, params):
            values: dict[str, Any] = {}
            refers: dict[str, int] = {}
            for name, cell in zip(statement.columns, row, strict=False):
                column = table.column(name)
                if cell is None or column is None:
                    continue
                if column.role == "reference":
                    refers[name] = int(cell)
                elif column.role == "item" and name in self.lens.shows[statement.kind]:
                    values[name] = self._value(statement.kind, table.kind.items[name], cell)
            person = int(row[-1]) if statement.about_persons else 0
            yield person, Part(statement.kind, int(row[0]), values), refers

    def _value(self, kind: str, item: Item, cell: Any) -> Any:
        """A sensitive item is in ``gets`` only when the notice names it there, and then it is opened."""
        if not item.sensitive:
            return from_cell(item, cell)
        text = self.store.keys.decrypt(cell, place=f"{kind}.{item.key}")
        storage = TYPES[item.type].storage
        return from_cell(item, int(text) if storage in ("integer", "bool") and not item.many else text)

    def _beside(
        self, kind: str, rows: Sequence[tuple[int, Part, Mapping[str, int]]]
    ) -> dict[tuple[str, int], Mapping[str, Any]]:
        wanted: dict[str, set[int]] = {}
        for column, target in self.beside[kind]:
            wanted.setdefault(target, set()).update(refers[column] for _, _, refers in rows if column in refers)
        people = {person for person, _, _ in rows}
        found: dict[tuple[str, int], Mapping[str, Any]] = {}
        for target, numbers in wanted.items():
            ordered = sorted(numbers)
            for start in range(0, len(ordered), CHUNK):
                part = ordered[start : start + CHUNK]
                others = self._of_others(target, part, people)
                found |= {
                    (target, row.id): row.values
                    for _, row, _ in self._read(self.statements[target], part)
                    if row.id not in others
                }
        return found

    def _of_others(self, kind: str, numbers: Collection[int], persons: set[int]) -> set[int]:
        """Of a sole trader's business those that are somebody's who is not in the file."""
        owner = self.tables[kind].kind.owner_item
        if owner is None or owner not in self.tables[kind].kind.items:
            return set()
        rows = read_rows(self.store, self.conn, kind, "id", numbers)
        return {row["id"] for row in rows if owner in row and row[owner] not in persons}

    # --- conditions that a row shows ----------------------------------------------------------------------------------

    def named_by_rows(self, rows: Mapping[int, list[Part]], party: str) -> dict[int, list[Part]]:
        """Only rows that name this party as who gets them: the order's carrier."""
        assert self.target.recipient is not None and self.target.recipient.who_from is not None
        naming = self.target.recipient.who_from
        wanted = {number for number, name in parties_of_rows(self.store, self.conn, naming).items() if name == party}
        return self._only(rows, naming.kind, wanted)

    def only_where_allowed(self, rows: Mapping[int, list[Part]], on: dt.date) -> dict[int, list[Part]]:
        """Only rows to a country where data may go today: the order's destination."""
        of = self.target.recipient
        assert of is not None and of.country_from is not None
        naming = of.country_from
        wanted = {
            row["id"]
            for row in read_rows(self.store, self.conn, naming.kind, "id")
            if naming.item in row and transfer_state(row[naming.item], of.safeguard, on).ok
        }
        return self._only(rows, naming.kind, wanted)

    def only_open(self, rows: Mapping[int, list[Part]], when: str, on: dt.date) -> dict[int, list[Part]]:
        """Only rows that are overdue and unpaid."""
        kind = when.partition(".")[0]
        numbers = {part.id for parts in rows.values() for part in parts if part.kind == kind}
        return self._only(rows, kind, open_rows(self.store, self.conn, when, numbers, on))

    def _only(self, rows: Mapping[int, list[Part]], kind: str, wanted: set[int]) -> dict[int, list[Part]]:
        """Rows of a kind that are wanted and those that refer to them; what has nothing to do with the kind stays."""
        leading = {
            other: [each.column for each in references(self.tables[other].kind) if each.target == kind]
            for other in self.statements
        }
        self.named = frozenset(other for other in self.statements if other == kind or leading[other])
        leads: dict[tuple[str, int], bool] = {}
        for other, columns in leading.items():
            numbers = {part.id for parts in rows.values() for part in parts if part.kind == other}
            for row in read_rows(self.store, self.conn, other, "id", numbers) if columns and numbers else ():
                leads[other, row["id"]] = any(row.get(column) in wanted for column in columns)
        return {
            person: [part for part in parts if self._is_wanted(part, kind, wanted, leads)]
            for person, parts in rows.items()
        }

    def _is_wanted(self, part: Part, kind: str, wanted: set[int], leads: Mapping[tuple[str, int], bool]) -> bool:
        return part.id in wanted if part.kind == kind else leads.get((part.kind, part.id), True)

    def is_enough(self, parts: Sequence[Part]) -> bool:
        """Whether a person has any row by which the recipient gets something of them."""
        return not self.named or any(part.kind in self.named for part in parts)


def parties_of_rows(store: RegisterStore, conn: Connection, naming: Ref) -> dict[int, str]:
    """By row of the kind that names a recipient: who that is."""
    rows = [row for row in read_rows(store, conn, naming.kind, "id") if naming.item in row]
    item = store.register.tables[naming.kind].kind.items[naming.item]
    if item.refers_to is None:
        return {row["id"]: str(row[naming.item]) for row in rows}
    named = {
        row["id"]: title(store.register.tables[item.refers_to].kind, row)
        for row in read_rows(store, conn, item.refers_to, "id", {row[naming.item] for row in rows})
    }
    return {row["id"]: named[row[naming.item]] for row in rows if named.get(row[naming.item])}
