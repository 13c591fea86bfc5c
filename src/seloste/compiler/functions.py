"""The few SQL functions the statements of a register rest on, named alike on both engines.

``seloste_day(x)``: the Finnish day of a date or UTC time. ``seloste_add(day, n, unit)``: n units later, the last day of
a shorter month when the day does not exist there. ``seloste_preset(day, name)``: the last day by a preset of ``law/``.
All take and give text, ``YYYY-MM-DD``; store/dialects defines them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from seloste.compiler.register import FOREVER

Sql = sa.ColumnElement[Any]


class Latest(FunctionElement[str]):
    """The greatest of several texts, none of them NULL."""

    inherit_cache = True
    type = sa.Text()


class Earliest(FunctionElement[str]):
    """The least of several texts, none of them NULL."""

    inherit_cache = True
    type = sa.Text()


@compiles(Latest, "sqlite")
def _latest_sqlite(element: Latest, compiler: SQLCompiler, **kw: Any) -> str:
    return f"max({compiler.process(element.clauses, **kw)})"


@compiles(Latest)
def _latest(element: Latest, compiler: SQLCompiler, **kw: Any) -> str:
    return f"greatest({compiler.process(element.clauses, **kw)})"


@compiles(Earliest, "sqlite")
def _earliest_sqlite(element: Earliest, compiler: SQLCompiler, **kw: Any) -> str:
    return f"min({compiler.process(element.clauses, **kw)})"


@compiles(Earliest)
def _earliest(element: Earliest, compiler: SQLCompiler, **kw: Any) -> str:
    return f"least({compiler.process(element.clauses, **kw)})"


def latest(days: Sequence[Sql]) -> Sql:
    """SQLite's one-argument max is an aggregate, so a single day stays as it is."""
    return days[0] if len(days) == 1 else Latest(*days)


def earliest(days: Sequence[Sql]) -> Sql:
    return days[0] if len(days) == 1 else Earliest(*days)


def day(moment: Sql) -> Sql:
    return sa.func.seloste_day(moment, type_=sa.Text())


def add(start: Sql, amount: int, unit: str) -> Sql:
    return start if amount == 0 else sa.func.seloste_add(start, amount, unit, type_=sa.Text())


def preset_last(start: Sql, preset: str) -> Sql:
    return sa.func.seloste_preset(start, preset, type_=sa.Text())


def or_forever(moment: Sql) -> Sql:
    return sa.func.coalesce(moment, sa.literal(FOREVER), type_=sa.Text())


def among_ids(column: str, dialect: str, ids: str = "ids") -> str:
    """SQL: whether a column is among ``:ids``."""
    among = f"IN (SELECT value FROM json_each(:{ids}))" if dialect == "sqlite" else f"= ANY(CAST(:{ids} AS bigint[]))"
    return f"{column} {among}"


def of_ids(table: str, column: str, dialect: str) -> str:
    """SQL: the FROM of rows ``t`` of a table of which a column is among ``:ids``, each of these given once.

    SQLite goes through the list and looks each row up: a condition with IN makes a table of the list first, which takes
    three times as long as to find a row.
    """
    if dialect == "sqlite":
        return f"FROM json_each(:ids) AS j CROSS JOIN {table} AS t ON t.{column} = j.value"
    return f"FROM {table} AS t WHERE {among_ids(f't.{column}', dialect)}"


def among(column: str, dialect: str) -> Sql:
    """The same as a condition."""
    # Without a type: SQLite would be given "IN (...) = 1", and find no row by its id.
    return sa.literal_column(among_ids(column, dialect))
