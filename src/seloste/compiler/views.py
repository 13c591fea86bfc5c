"""The views of a lens: each kind it may see, each cell shown when a purpose of the lens may use it, else NULL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeGuard

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import visitors
from sqlalchemy.sql.compiler import SQLCompiler

from seloste.compiler.functions import Sql, among
from seloste.compiler.guard import GUARDED, guard_of, mark, standing
from seloste.compiler.narrow import narrowed
from seloste.compiler.register import CompiledLens, Register, is_cell
from seloste.compiler.rule import Scope, usable
from seloste.compiler.simplify import Formula, formula, implies, some, sql
from seloste.notice.ways import cell_paths, subject_paths


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


def render_of_ids(statement: sa.Select[Any], dialect: str) -> str:
    """The same of the rows ``t`` whose ids are ``:ids``; see ``functions.of_ids``."""
    if dialect != "sqlite":
        return render(statement.where(among("t.id", dialect)), dialect)
    sql = render(statement.where(sa.literal_column("t.id = j.value")), dialect)
    found, places = _OF_ROW.subn(r"FROM json_each(:ids) AS j CROSS JOIN \1 AS t", sql)
    assert places == 1, sql
    return found


_OF_ROW = re.compile(r"\bFROM ((?:\w+ AS c JOIN )?(?:\"[^\"]+\"|\w+)) AS t\b")
"""The row of a ``rule.Scope``, before which the clock may stand."""


@lru_cache(maxsize=2)
def dialect_of(name: str) -> sa.Dialect:
    """SQLAlchemy's dialect for ``sqlite`` or ``postgresql``, parameters by name."""
    if name == "sqlite":
        return sqlite.dialect(paramstyle="named")
    return postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]


class CrossJoin(sa.sql.selectable.Join):
    """A join whose left side SQLite always reads first; the planner may turn round any other inner join."""

    inherit_cache = True


@compiles(CrossJoin)
def _cross(element: CrossJoin, compiler: SQLCompiler, **kw: Any) -> str:
    kw.pop("asfrom", None)
    left, right = (compiler.process(side, asfrom=True, **kw) for side in (element.left, element.right))
    return f"{left} CROSS JOIN {right} ON {compiler.process(element.onclause, **kw)}"  # type: ignore[arg-type]


def lens_views(register: Register, lens: CompiledLens, dialect: str) -> Mapping[str, View]:
    """Every view of a lens, by kind."""
    return {kind: view(register, lens, kind, dialect) for kind in lens.shows}


def view(
    register: Register, lens: CompiledLens, kind: str, dialect: str, *, barred: bool = True, sealed: bool = True
) -> View:
    """One view. Cells ruled alike share one condition, and what repeats is said once.

    On SQLite the conditions ask a row of their own, and the cells come from the same row read after it: SQLite runs a
    caller's WHERE as soon as its columns are at hand, and a costly or failing one would tell of rows the view hides.
    On PostgreSQL ``security_barrier`` does the same. Where only statements of the program's own are run, whose
    conditions are keys, ``barred=False`` leaves that out and reads each row once. ``sealed=False`` is for whom no guard
    stops, an authority; nobody reads it through a connection of theirs.
    """
    return register.once(
        ("view", lens.purposes, lens.only, tuple(lens.shows.items()), kind, dialect, barred, sealed),
        lambda: _view(register, lens, kind, dialect, barred=barred, sealed=sealed),
    )


def _view(register: Register, lens: CompiledLens, kind: str, dialect: str, *, barred: bool, sealed: bool) -> View:
    acting = frozenset(lens.purposes)
    # On SQLite a view of the kind's own name stands in the way of the table, so the table is named with its schema.
    schema = "main" if dialect == "sqlite" else None
    scope = Scope(register, kind, schema=schema)
    apart = barred and dialect == "sqlite"
    row = register.sa(kind, schema).alias("shown") if apart else scope.row
    conditions: dict[tuple[object, ...], Formula] = {}
    rules: dict[str, tuple[object, ...]] = {}
    for column in _shown(register, lens, kind):
        rule = _signature(register, kind, column, acting)
        rules[column] = rule
        if rule not in conditions:
            conditions[rule] = some(map(formula, usable(scope, column, acting.__contains__)))
    # The row shows when any cell may; a cell that may be used whenever its row shows needs no condition of its own.
    whole = some(conditions.values())
    always = {rule for rule, condition in conditions.items() if implies(whole, condition)}
    parents = register.tables[kind].kind.of
    own = subject_paths(register.notice.kinds, kind)
    others = any(cell_paths(register.notice.kinds, kind, column) != own for column in rules)
    guard = guard_of(register, kind) if sealed else None
    stands = standing(scope, guard) if guard is not None else sa.false()
    shut = guard.seals(lens) if guard is not None else ()
    filled: dict[str, Sql] = {}
    cells: list[sa.ColumnElement[Any]] = [row.c.id]
    for column, rule in rules.items():
        cell = row.c[column]
        # Whoever may use any cell of a row's persons may see what it belongs to; a plain column is also found by its
        # index. Through the cell of somebody else whom the row points at, they may not.
        plain = rule in always or (column in parents and not others)
        when = None if plain else sql(conditions[rule])
        if column in shut:
            there = cell.is_not(None)
            filled[column] = there if when is None else sa.and_(when, there)
            when = sa.not_(stands) if when is None else sa.and_(when, sa.not_(stands))
        cells.append(cell if when is None else sa.case((when, cell)).label(column))
    # Whether a guard stands is told to every lens, also to one that may not see the guard itself: it protects.
    marks = [GUARDED] if guard is not None else []
    cells += [mark(stands, guard, filled).label(GUARDED)] if guard is not None else []
    cells += [row.c.sys_source, row.c.sys_recorded_at]
    shown = sql(whole)
    if (mine := narrowed(scope, lens, schema=schema)) is not None:
        shown = sa.and_(shown, mine)
    source = _barred(scope, row, shown) if apart else scope.from_()
    statement = sa.select(*cells).select_from(source).where(shown)
    columns = ("id", *rules, *marks, "sys_source", "sys_recorded_at")
    return View(kind, columns, render(statement, dialect), _reads(statement))


def _barred(scope: Scope, row: sa.FromClause, shown: Sql) -> sa.FromClause:
    """The day, then the row that is judged and all it is judged by, then the row that is shown: in this order.

    The day comes first, so that what a caller asks of no column at all is asked before any row is looked for. Each
    part is asked for a column that is never empty, unless the conditions ask it for one: of a table of which only ids
    are read SQLite names no column to the guard, which lets no such read by.
    """
    day = scope.clock
    asked = {element.table for element in visitors.iterate(shown) if _beside_id(element)}
    first, *others = _joins(scope.from_())
    clause = first
    for part in others:
        assert isinstance(part, sa.sql.selectable.Join) and part.onclause is not None
        found = [] if part.right in asked else [part.right.c.sys_recorded_at.is_not(None)]
        if part.left is day:
            clause = CrossJoin(clause, part.right, sa.and_(day.c.today.is_not(None), *found))
        else:
            clause = sa.join(clause, part.right, sa.and_(part.onclause, *found), isouter=part.isouter)
    return CrossJoin(clause, row, sa.and_(scope.row.c.id == row.c.id, row.c.sys_recorded_at.is_not(None)))


def _beside_id(element: object) -> TypeGuard[sa.ColumnClause[Any]]:
    return is_cell(element) and element.name != "id"


def _joins(clause: sa.FromClause) -> list[sa.FromClause]:
    """The leftmost table, then each join from the left."""
    if isinstance(clause, sa.sql.selectable.Join):
        return [*_joins(clause.left), clause]
    return [clause]


def _shown(register: Register, lens: CompiledLens, kind: str) -> Iterator[str]:
    table = register.tables[kind]
    items = lens.shows[kind]
    acting = set(lens.purposes)
    for column in table.columns:
        if column.role == "reference" and column.item is None:
            if acting & {*register.users(kind, column.name), *register.borrowers(kind, column.name)}:
                yield column.name
        elif column.role in ("reference", "item") and column.item in items:
            yield column.name


def ruled_alike(register: Register, lens: CompiledLens, kind: str, column: str, other: str) -> bool:
    """Whether a lens shows two cells of a row together or not at all, as far as they are filled."""
    acting = frozenset(lens.purposes)
    return _signature(register, kind, column, acting) == _signature(register, kind, other, acting)


def _signature(register: Register, kind: str, column: str, acting: frozenset[str]) -> tuple[object, ...]:
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
        if is_cell(element) and isinstance(element.table, sa.Alias | sa.TableClause):
            table = element.table.element if isinstance(element.table, sa.Alias) else element.table
            found.setdefault(str(table.name), set()).add(element.name)  # type: ignore[attr-defined]
    return {table: frozenset(columns) for table, columns in found.items()}
