"""Old shape, new register -> the steps between them. Says the SQL; ``store.apply`` runs it.

A removed item is a step that erases, named and counted in the report, never an orphan column.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.schema import CreateTable

from seloste.catalogue.model import Text
from seloste.compiler.lower import CLOCK, TOUCHED
from seloste.compiler.orders import index_sql, orders
from seloste.compiler.register import Register, short_name
from seloste.compiler.shape import Shape, ShapeColumn, shape
from seloste.compiler.views import dialect_of

Verb = Literal["create", "add", "erase", "drop_derived", "index", "recompute", "masks", "clock", "lens"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it does to what, the SQL that does it, and how many values it would erase (counted by SQL)."""

    verb: Verb
    target: str
    sql: tuple[str, ...]
    count_sql: str | None = None
    """For ``erase``: how many rows hold a value that goes."""

    def text(self, lang: str) -> str:
        return _SENTENCES[self.verb]["fi" if lang == "fi" else "en"].format(target=self.target)


_SENTENCES: dict[Verb, Text] = {
    "create": {"fi": "Luo laji {target}", "en": "Create kind {target}"},
    "add": {"fi": "Lisää tieto {target}", "en": "Add item {target}"},
    "erase": {"fi": "Poista tieto {target} ja kaikki sen arvot", "en": "Erase item {target} and every value of it"},
    "drop_derived": {"fi": "Poista johdettu sarake {target}", "en": "Drop derived column {target}"},
    "index": {"fi": "Hakemisto {target}", "en": "Index {target}"},
    "recompute": {"fi": "Laske uudelleen {target}", "en": "Compute again {target}"},
    "masks": {"fi": "Laske luvat ja kiellot uudelleen ({target})", "en": "Compute permissions again ({target})"},
    "clock": {"fi": "Aseta päivän rajat ({target})", "en": "Set the day's limits ({target})"},
    "lens": {"fi": "Rakenna näkymät roolille {target}", "en": "Build the views of role {target}"},
}


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps in the order they run; no step means nothing changes."""

    steps: tuple[Step, ...]

    @property
    def erases(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.verb == "erase")


def plan(old: Shape | None, new: Register, dialect: str) -> Plan:
    """The steps from what is built (None: nothing) to what the notice says. ``plan(shape(x), x)`` has no step."""
    wanted = shape(new)
    if old is not None and _same(old, wanted):
        return Plan(())
    steps = [
        *_system(old, new, wanted, dialect),
        *_erased(old, wanted, dialect),
        *_built(old, new, wanted, dialect),
        *_ordered(old, new, wanted, dialect),
        *_derived(old, wanted),
        *_lenses(old, wanted),
    ]
    return Plan(tuple(steps))


def _same(old: Shape, wanted: Shape) -> bool:
    """Everything but the digest: a reworded notice changes no table."""
    return all(
        getattr(old, name) == getattr(wanted, name)
        for name in ("tables", "purposes", "rules", "cuts", "lenses", "reading", "orders")
    )


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _ddl(element: sa.schema.ExecutableDDLElement, dialect: str) -> str:
    return str(element.compile(dialect=dialect_of(dialect))).strip()


def _system(old: Shape | None, new: Register, wanted: Shape, dialect: str) -> Iterator[Step]:
    if old is None:
        yield Step("create", TOUCHED, (_ddl(CreateTable(new.metadata.tables[TOUCHED]), dialect),))
    if old is None or old.cuts != wanted.cuts:
        again = () if old is None else (f"DROP TABLE {CLOCK}",)
        made = _ddl(CreateTable(new.metadata.tables[CLOCK]), dialect)
        yield Step("clock", f"{len(wanted.cuts)}", (*again, made))


def _erased(old: Shape | None, wanted: Shape, dialect: str) -> Iterator[Step]:
    """Cells the new notice does not name. Kinds go whole; a changed type is another item, so the old one goes."""
    for kind, columns in (old.tables if old else {}).items():
        if kind not in wanted.tables:
            yield Step("erase", kind, (f"DROP TABLE {_quote(kind)}",), f"SELECT count(*) FROM {_quote(kind)}")
            continue
        kept = {column.name: column for column in wanted.tables[kind]}
        for column in columns:
            if column.name in kept and _alike(column, kept[column.name]):
                continue
            yield _drop(kind, column, dialect)


def _alike(column: ShapeColumn, other: ShapeColumn) -> bool:
    return (column.storage, column.role, column.target, column.type) == (
        other.storage,
        other.role,
        other.target,
        other.type,
    )


def _drop(kind: str, column: ShapeColumn, dialect: str) -> Step:
    table, name = _quote(kind), _quote(column.name)
    sql = [
        f"DROP INDEX IF EXISTS {_quote(index_name(kind, column.name))}",
        f"ALTER TABLE {table} DROP COLUMN {name}",
    ]
    target = f"{kind}.{column.name}"
    if column.role not in ("item", "reference", "lookup"):
        return Step("drop_derived", target, tuple(sql))
    if dialect == "postgresql":
        # PostgreSQL drops a column by forgetting it; its values would stay in rows that are never written again.
        sql.insert(0, f"UPDATE {table} SET {name} = NULL WHERE {name} IS NOT NULL")
    if column.role == "lookup":
        return Step("drop_derived", target, tuple(sql))
    return Step("erase", target, tuple(sql), f"SELECT count(*) FROM {table} WHERE {name} IS NOT NULL")


def index_name(kind: str, column: str) -> str:
    return short_name(f"sys_ix_{kind}_{column}")


def _built(old: Shape | None, new: Register, wanted: Shape, dialect: str) -> Iterator[Step]:
    for kind, columns in wanted.tables.items():
        table = new.metadata.tables[kind]
        before = {column.name: column for column in old.tables[kind]} if old and kind in old.tables else None
        if before is None:
            yield Step("create", kind, (_ddl(CreateTable(table), dialect), *_indexes(kind, columns)))
            continue
        for column in columns:
            if column.name in before and _alike(before[column.name], column):
                continue
            kept = table.c[column.name].type.compile(dialect_of(dialect))
            added = f"ALTER TABLE {_quote(kind)} ADD COLUMN {_quote(column.name)} {kept}"
            yield Step("add", f"{kind}.{column.name}", (added, *_indexes(kind, (column,))))


def _indexes(kind: str, columns: tuple[ShapeColumn, ...]) -> tuple[str, ...]:
    """References and look-up keys are found by index."""
    return tuple(
        f"CREATE INDEX {_quote(index_name(kind, column.name))} ON {_quote(kind)} ({_quote(column.name)})"
        for column in columns
        if column.role in ("reference", "lookup")
    )


def _ordered(old: Shape | None, new: Register, wanted: Shape, dialect: str) -> Iterator[Step]:
    """Lists are found by an index on PostgreSQL; SQLite has no function of its own that orders by the alphabet."""
    for kind, table in new.tables.items() if dialect == "postgresql" else ():
        known = old is not None and kind in old.tables
        for name, order in orders(table.kind).items():
            if old is None or not known or old.orders.get(name) != wanted.orders[name]:
                made = index_sql(kind, order)
                # A new table has none to drop.
                yield Step("index", name, made if known else made[1:])


def _derived(old: Shape | None, wanted: Shape) -> Iterator[Step]:
    if old is None:
        return
    there = {f"{kind}.{column.name}" for kind, columns in old.tables.items() for column in columns}
    for name, sql in wanted.rules.items():
        if old.rules.get(name) != sql or name not in there:
            yield Step("recompute", name, ())
    if old.purposes != wanted.purposes:
        yield Step("masks", str(len(wanted.purposes)), ())


def _lenses(old: Shape | None, wanted: Shape) -> Iterator[Step]:
    gone = () if old is None else tuple(key for key in old.lenses if key not in wanted.lenses)
    for lens in (*wanted.lenses, *gone):
        yield Step("lens", lens, ())
