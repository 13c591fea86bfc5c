"""Values worked out after a statement has run, of columns that it brought: for what few ask of many rows.

The last day of a cell is such a value. Its expression is the rule's own; here it is taken apart into the columns it
reads and the few functions it applies to them, so that the database is spared work that nobody may ask for. What is
not known here is left to the statement whole, as a column of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import elements, operators

from seloste.compiler.functions import Earliest, Latest, Sql

Late = Callable[[Sequence[Any]], Any]
"""Gives the value of the cells of the columns asked for."""
Functions = Mapping[str, Callable[..., Any]]
"""The functions of ``compiler.functions`` by their names in SQL."""
Make = Callable[[Functions], Late]


def late(expression: Any, place: Callable[[Sql], int]) -> Make:
    """What works out an expression, once it is given the functions. ``place`` has a column brought, and says where."""
    while isinstance(expression, elements.Grouping):
        expression = expression.element
    if isinstance(expression, elements.Null):
        return lambda _: lambda _: None
    if isinstance(expression, elements.BindParameter) and not expression.required:
        value = expression.value
        return lambda _: lambda _: value
    found = _call(expression, place) or _unless_none(expression, place)
    if found is not None:
        return found
    at = place(expression)
    return lambda _: lambda cells: cells[at]


def _call(expression: Any, place: Callable[[Sql], int]) -> Make | None:
    if isinstance(expression, Latest | Earliest):
        name = "latest" if isinstance(expression, Latest) else "earliest"
    elif isinstance(expression, sa.sql.functions.FunctionElement):
        name = getattr(expression, "name", "")
    else:
        return None
    if name not in KNOWN:
        return None
    parts = [late(part, place) for part in expression.clauses]

    def make(functions: Functions) -> Late:
        apply = BUILT_IN.get(name) or functions[name]
        made = [part(functions) for part in parts]
        if len(made) == 1:
            (only,) = made
            return lambda cells: apply(only(cells))
        if len(made) == 2:
            one, other = made
            return lambda cells: apply(one(cells), other(cells))
        return lambda cells: apply(*[part(cells) for part in made])

    return make


def _unless_none(expression: Any, place: Callable[[Sql], int]) -> Make | None:
    """``CASE WHEN x IS NULL THEN a ELSE b END``."""
    if not isinstance(expression, elements.Case) or expression.value is not None or len(expression.whens) != 1:
        return None
    condition: Any
    condition, then = expression.whens[0]
    while isinstance(condition, elements.Grouping):
        condition = condition.element
    if not isinstance(condition, elements.BinaryExpression) or condition.operator is not operators.is_:
        return None
    if not isinstance(condition.right, elements.Null) or expression.else_ is None:
        return None
    asked, without, having = (late(part, place) for part in (condition.left, then, expression.else_))

    def make(functions: Functions) -> Late:
        is_there, none, some = asked(functions), without(functions), having(functions)
        return lambda cells: none(cells) if is_there(cells) is None else some(cells)

    return make


def _coalesce(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


def _nullif(value: Any, other: Any) -> Any:
    return None if value == other else value


def _greatest(*values: Any) -> Any:
    return None if None in values else max(values)


def _least(*values: Any) -> Any:
    return None if None in values else min(values)


BUILT_IN: Functions = {"coalesce": _coalesce, "nullif": _nullif, "latest": _greatest, "earliest": _least}
KNOWN = {*BUILT_IN, "seloste_day", "seloste_add", "seloste_preset"}
