"""The case that writes: a new contact of a company, stored by the product and by hand, and the rows compared."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bench.cases import SALES, SEED, Outcome, outcome
from bench.measure import Variant, few, measure, must_agree
from bench.world import NOW, World
from seloste.clock import to_utc_text
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.store.values import search_keys, to_cell

KINDS = ("person", "relationship")
# What differs between two contacts though nothing is wrong: their ids. The rest must be equal, the derived days too.
_IDS = {"id", "person"}


class Contact:
    """What a form brings of one contact, different for each number, and the company it acts for."""

    def __init__(self, number: int, company: int) -> None:
        self.person = {
            "first_name": "Uusi",
            "last_name": f"Asiakas-{number}",
            "phone": [f"+35840000{number % 10000:04d}"],
            "email": [f"uusi.{number}@yritys.example"],
        }
        self.company = company
        self.relationship = {"stage": "customer", "title": "Ostaja", "began": NOW.date().isoformat()}


class ByHand:
    """Two inserts and the search keys, in one transaction. What the rule derives for such a row is given to it."""

    def __init__(self, world: World, connection: Any, derived: Mapping[str, Mapping[str, Any]]) -> None:
        self._world = world
        self._execute = executor(connection)
        self._derived = derived
        self._recorded = to_utc_text(NOW)

    def __call__(self, contact: Contact) -> int:
        self._execute("BEGIN" if self._world.engine == "postgresql" else "BEGIN IMMEDIATE", ())
        person = self._insert("person", contact.person)
        ends = {"person": person, "organisation": contact.company}
        self._insert("relationship", {**contact.relationship, **ends})
        self._execute("COMMIT", ())
        return person

    def _insert(self, kind: str, values: Mapping[str, Any]) -> int:
        items = self._world.store.register.tables[kind].kind.items
        cells = {name: to_cell(items[name], value) if name in items else value for name, value in values.items()}
        cells |= {"sys_source": "subject", "sys_recorded_at": self._recorded, **self._derived[kind]}
        names, marks = ", ".join(f'"{name}"' for name in cells), ", ".join("?" * len(cells))
        sql = f'INSERT INTO "{kind}" ({names}) VALUES ({marks}) RETURNING id'
        number = int(self._execute(sql, tuple(cells.values()))[0][0])
        keys = [
            (key, kind, number, name)
            for name in values
            if name in items
            for key in search_keys(items[name], values[name])
        ]
        if keys:
            sql = f"INSERT INTO sys_find (key, kind, row, item) VALUES {', '.join(['(?, ?, ?, ?)'] * len(keys))}"
            self._execute(sql, tuple(itertools.chain.from_iterable(keys)))
        return number


Execute = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]


def executor(connection: Any) -> Execute:
    """A statement on the plain driver, prepared, with what it returns. SQL with ``?``."""
    if isinstance(connection, sqlite3.Connection):
        return lambda sql, params: connection.execute(sql, params).fetchall()
    cursor = connection.cursor()
    texts: dict[str, str] = {}

    def run(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
        text = texts.get(sql)
        if text is None:
            text = texts[sql] = sql.replace("%", "%%").replace("?", "%s")
        cursor.execute(text, params, prepare=True)
        return cursor.fetchall() if cursor.description else []

    return run


def by_product(world: World, contact: Contact) -> int:
    """The same contact by the operation that the pages and the API call: judged by the rule, journaled."""
    rows = [
        NewRow("person", contact.person, source="subject", ref="p"),
        NewRow("relationship", contact.relationship, {"person": "p", "organisation": contact.company}, "subject"),
    ]
    return collect(world.store, rows, actor=SALES, now=NOW).ids["p"]


def stored(execute: Execute, world: World, person: int) -> dict[str, list[dict[str, Any]]]:
    """Every cell of a contact as it lies in the tables, derived ones and search keys included, but for ids."""
    found: dict[str, list[dict[str, Any]]] = {}
    for kind, column in (("person", "id"), ("relationship", "person")):
        names = sorted({each.name for each in world.store.register.tables[kind].columns})
        chosen = ", ".join(f'"{name}"' for name in names)
        rows = execute(f'SELECT {chosen} FROM "{kind}" WHERE "{column}" = ?', (person,))
        found[kind] = [{name: cell for name, cell in zip(names, row, strict=True) if name not in _IDS} for row in rows]
        number = next(row[names.index("id")] for row in rows)
        keys = execute("SELECT key, item FROM sys_find WHERE kind = ? AND row = ? ORDER BY item, key", (kind, number))
        found[f"{kind} keys"] = [{"key": key, "item": item} for key, item in keys]
    return found


def collect_contact(world: World, rounds: int) -> list[Outcome]:
    """A person and their tie to a company, as one form stores them."""
    connection = world.plain()
    execute = executor(connection)
    # Without an agreement of the company the same days follow for every contact, so that by hand they are constants.
    free = execute("SELECT id FROM organisation WHERE id NOT IN (SELECT organisation FROM agreement) ORDER BY id", ())
    contacts = [Contact(number, free[number % len(free)][0]) for number in range(2000)]
    tops = {kind: execute(f'SELECT max(id) FROM "{kind}"', ())[0][0] for kind in KINDS}
    try:
        first = stored(execute, world, by_product(world, contacts[0]))
        derived = {
            kind: {name: cell for name, cell in first[kind][0].items() if _is_derived(world, kind, name)}
            for kind in KINDS
        }
        by_hand = ByHand(world, connection, derived)
        variants = [Variant("raw", by_hand), Variant("on", lambda contact: by_product(world, contact))]
        seen = [each.giving(lambda person: stored(execute, world, person)) for each in variants]
        must_agree(seen, few(contacts[:50], rounds))
        found = measure(variants, contacts, rounds=rounds, ops=25, seed=SEED, waits=world.waits)
        note = f"2 rows judged by the rule, journaled in the same transaction; {world.durability}"
        return [outcome("collect", world, found[0], found[1], None, note)]
    finally:
        for kind, top in tops.items():
            execute(f'DELETE FROM "{kind}" WHERE id > ?', (top,))
            execute("DELETE FROM sys_find WHERE kind = ? AND row > ?", (kind, top))


def _is_derived(world: World, kind: str, name: str) -> bool:
    column = world.store.register.tables[kind].column(name)
    return name.startswith("sys_") and name not in ("sys_source", "sys_recorded_at") and column is not None
