"""The views of a lens: each kind it may see, each cell shown when a purpose of the lens may use it, else NULL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import visitors

from seloste.compiler.functions import Sql
from seloste.compiler.register import CompiledLens, Register
from seloste.compiler.rule import Scope, usable


@dataclass(frozen=True, slots=True)
class View:
    """What one kind looks like through a lens."""

    kind: str
    columns: tuple[str, ...]
    sql: str
    """The SELECT, with its constants in it and no parameter."""
    reads: Mapping[str, frozenset[str]]
    """Base table -> columns the SELECT may touch; the authorizer lets nothing else through."""


def render(statement: sa.ClauseElement, dialect: str) -> str:
    """Fixed SQL text with ``:name`` parameters and literal constants."""
    return str(statement.compile(dialect=dialect_of(dialect), compile_kwargs={"literal_binds": True}))


@lru_cache(maxsize=2)
def dialect_of(name: str) -> sa.Dialect:
    """SQLAlchemy's dialect for ``sqlite`` or ``postgresql``, parameters by name."""
    if name == "sqlite":
        return sqlite.dialect(paramstyle="named")
    return postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]


def lens_views(register: Register, lens: CompiledLens, dialect: str) -> dict[str, View]:
    """Every view of a lens, by kind."""
    return {kind: view(register, lens, kind, dialect) for kind in lens.shows}


def view(register: Register, lens: CompiledLens, kind: str, dialect: str) -> View:
    """One view. Cells ruled alike share one condition; when all are, the row's condition says it once."""
    acting = frozenset(lens.purposes)
    # On SQLite a view of the kind's own name stands in the way of the table, so the table is named with its schema.
    scope = Scope(register, kind, schema="main" if dialect == "sqlite" else None)
    conditions: dict[tuple[object, ...], list[Sql]] = {}
    rules: dict[str, tuple[object, ...]] = {}
    for column in _shown(register, lens, kind):
        rule = _signature(register, kind, column, acting)
        rules[column] = rule
        if rule not in conditions:
            conditions[rule] = usable(scope, column, acting.__contains__)
    parents = register.tables[kind].kind.of
    whole = next(iter(conditions)) if len(conditions) == 1 else None
    cells: list[sa.ColumnElement[Any]] = [scope.row.c.id]
    for column, rule in rules.items():
        cell = scope.row.c[column]
        # Whoever may use any cell of a row may see what it belongs to; a plain column is also found by its index.
        plain = rule == whole or column in parents
        cells.append(cell if plain else sa.case((sa.or_(*conditions[rule]), cell)).label(column))
    cells += [scope.row.c.sys_source, scope.row.c.sys_recorded_at]
    # The row shows when any cell may: each way once, however many cells share it.
    ways = {id(way): way for found in conditions.values() for way in found}
    shown = sa.or_(sa.false(), *ways.values())
    if not any(isinstance(element, sa.Column) for element in visitors.iterate(shown)):
        # SQLite names no column when only ids are asked of rows that always show, and the guard lets no such read by.
        shown = sa.and_(shown, scope.row.c.sys_recorded_at.is_not(None))
    statement = sa.select(*cells).select_from(scope.from_()).where(shown)
    columns = ("id", *rules, "sys_source", "sys_recorded_at")
    return View(kind, columns, render(statement, dialect), _reads(statement))


def _shown(register: Register, lens: CompiledLens, kind: str) -> Iterator[str]:
    table = register.tables[kind]
    items = lens.shows[kind]
    acting = set(lens.purposes)
    for column in table.columns:
        if column.role == "reference" and column.item is None:
            if acting & set(register.users(kind, column.name)):
                yield column.name
        elif column.role in ("reference", "item") and column.item in items:
            yield column.name


def _signature(register: Register, kind: str, column: str, acting: frozenset[str]) -> tuple[object, ...]:
    from seloste.notice.ways import cell_paths

    users = register.users(kind, column)
    borrowing = tuple(key for key in register.borrowers(kind, column) if key in acting)
    return (
        tuple(key for key in users if key in acting),
        borrowing,
        users if borrowing else (),
        cell_paths(register.notice.kinds, kind, column),
    )


def _reads(statement: sa.Select[Any]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for element in visitors.iterate(statement):
        if isinstance(element, sa.Column) and isinstance(element.table, sa.Alias | sa.Table):
            table = element.table.element if isinstance(element.table, sa.Alias) else element.table
            found.setdefault(str(table.name), set()).add(element.name)  # type: ignore[union-attr]
    return {table: frozenset(columns) for table, columns in found.items()}
