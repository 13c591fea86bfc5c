"""The filters of a list as a condition on what a lens shows of a kind."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from seloste.catalogue.model import Item
from seloste.compiler.guard import GUARDED, guard_of
from seloste.compiler.register import CompiledLens, Register, Storage
from seloste.errors import BadValue
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.records.reading import columns_of
from seloste.store.engine import quote
from seloste.store.registers import RegisterStore
from seloste.store.values import to_cell


@dataclass(frozen=True, slots=True)
class Filter:
    """Rows whose item compares so with a value of its type.

    ``op``: ``=``, ``>=``, ``<=``, ``empty``, ``filled``, ``has`` (a list holds the value) and, of ``id``, ``in``.
    ``relationship.stage`` is an item of a tie: rows that some tie of that kind, so filtered, leads to.
    """

    item: str
    op: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Tied:
    """That some row of ``kind`` for which ``sql`` holds points at a row by ``column``."""

    kind: str
    column: str
    sql: str
    params: Mapping[str, Any]
    stored: bool
    """Whatever the lens shows so is stored so: a cell that it hides is shown empty, and never as a value."""

    @property
    def whole(self) -> str:
        """The condition as one on an id."""
        return f"id IN ({self.select()})"

    def select(self) -> str:
        return f"SELECT {quote(self.column)} FROM {quote(self.kind)} WHERE {self.sql}"


@dataclass(frozen=True, slots=True)
class Where:
    """``own`` are the filters on the kind itself; ``named``: one of them names rows by their ids."""

    own: str
    own_params: Mapping[str, Any]
    ties: tuple[Tied, ...] = ()
    named: bool = False
    bounds: Mapping[str, tuple[tuple[str, Any], ...]] = field(default_factory=dict)
    """Of each cell that the filters bound by which comparisons with what."""
    empty: frozenset[str] = frozenset()
    """The cells that they ask to be empty."""

    @property
    def sql(self) -> str:
        return " AND ".join([self.own, *(tie.whole for tie in self.ties)])

    @property
    def params(self) -> dict[str, Any]:
        found = dict(self.own_params)
        for tie in self.ties:
            found |= tie.params
        return found


_COMPARISONS = {"=": "=", ">=": ">=", "<=": "<="}


def where_of(store: RegisterStore, lens: CompiledLens, kind: str, filters: Sequence[Filter]) -> Where:
    """The filters of a list as a condition. Raises NoSuchRowError and BadValue, as :func:`_condition` does."""
    parts, params, ties = ["1 = 1"], dict[str, Any](), list[Tied]()
    bounds = dict[str, tuple[tuple[str, Any], ...]]()
    for number, each in enumerate(filters):
        tie, _, item = each.item.rpartition(".")
        if not tie:
            part, given = _condition(store, lens, kind, each, f"f{number}")
            parts.append(part)
            params |= given
            if each.op in ("<=", ">="):
                bounds[item] = (*bounds.get(item, ()), (each.op, *given.values()))
        elif not lens.sees(tie) or kind not in columns_of(store.register, lens, tie):
            raise NoSuchRowError
        else:
            inner, given = _condition(store, lens, tie, Filter(item, each.op, each.value), f"f{number}")
            ties.append(Tied(tie, kind, inner, given, stored=each.op in (*_COMPARISONS, "has")))
    named = any(each.op == "in" for each in filters)
    empty = frozenset(each.item for each in filters if each.op == "empty")
    return Where(" AND ".join(parts), params, tuple(ties), named=named, bounds=bounds, empty=empty)


def _condition(
    store: RegisterStore, lens: CompiledLens, kind: str, each: Filter, name: str
) -> tuple[str, dict[str, Any]]:
    """One filter as a condition on the rows of a kind.

    Raises NoSuchRowError for an item the lens does not show or a comparison there is not, and BadValue for a value that
    is not of the item's type.
    """
    if each.item == "id" and each.op == "in":
        fixed = store.fixed(lens.key)
        return fixed.among("id", name, 0), fixed.bind(name, _whole(each.value), 0)
    if each.item not in columns_of(store.register, lens, kind):
        raise NoSuchRowError
    if each.op in ("empty", "filled"):
        return _filled(store.register, kind, each.item, wanted=each.op == "filled"), {}
    table = store.register.tables[kind]
    item, column = table.kind.items.get(each.item), table.column(each.item)
    if column is None or column.storage == "bytes":
        raise NoSuchRowError
    if each.op == "has":
        wanted = (
            re.sub(r"([!%_])", r"!\1", json.dumps(each.value, ensure_ascii=False)) if _is_text(each.value) else None
        )
        if wanted is None or item is None or not item.many:
            raise _unfit()
        return f"{quote(each.item)} LIKE :{name} ESCAPE '!'", {name: f"%{wanted}%"}
    if each.op not in _COMPARISONS:
        raise NoSuchRowError
    value = _cell(item, column.storage, each.value)
    return f"{quote(each.item)} {_COMPARISONS[each.op]} :{name}", {name: value}


def _filled(register: Register, kind: str, column: str, *, wanted: bool) -> str:
    """Whether there is a value; of a sealed cell that is told, and nothing else."""
    guard = guard_of(register, kind)
    there = f"{quote(column)} IS NOT NULL"
    if guard is not None and column in guard.columns:
        there = f"({there} OR (coalesce({GUARDED}, 0) & {guard.bit(column)}) != 0)"
    return there if wanted else f"NOT {there}"


def _cell(item: Item | None, storage: Storage, value: Any) -> Any:
    """What a value is compared as; each engine takes only what its column holds."""
    try:
        cell = value if item is None or item.type == "ref" else to_cell(item, value)
    except (TypeError, ValueError, AttributeError) as problem:
        raise _unfit() from problem
    if storage == "integer" and isinstance(cell, int) and abs(cell) < 2**63:
        return int(cell)
    if storage == "real" and isinstance(cell, int | float) and math.isfinite(cell):
        return float(cell)
    if storage == "text" and _is_text(cell):
        return cell
    raise _unfit()


def _whole(value: Any) -> list[int]:
    if isinstance(value, list | tuple | set) and all(isinstance(each, int) and abs(each) < 2**63 for each in value):
        return [int(each) for each in value]
    raise _unfit()


def _is_text(value: Any) -> bool:
    """Text that both engines can be asked about: no NUL and no half of a character."""
    return isinstance(value, str) and "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)


def _unfit() -> BadValue:
    return BadValue("Tällä arvolla ei voi rajata tätä tietoa.", "This item cannot be filtered by such a value.")
