"""The order of a list, by the alphabet on both engines alike, and the part of a long list that one page comes from.

``seloste_order`` is called for every row it orders, which for a hundred thousand is felt. A page of a long list is
found in two steps instead: how many rows begin with which two letters, then those of the page's letters in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from seloste.catalogue.types.normal import order
from seloste.compiler.orders import is_alphabetic
from seloste.compiler.register import CompiledLens, Register
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.records.reading import columns_of
from seloste.store.engine import quote

LONG = 2_000
"""A list of so many rows is ordered whole."""
LETTERS = 2
_DIGIT = re.compile("[0-9]")


def order_by(register: Register, lens: CompiledLens, kind: str, sort: str, *, descending: bool) -> str:
    """The ORDER BY of a list: empty cells last, and rows of one last name by the first, for what names a row together
    orders it together. Raises NoSuchRowError for an item the lens does not show.
    """
    columns = columns_of(register, lens, kind)
    if sort not in ("id", "sys_recorded_at") and sort not in columns:
        raise NoSuchRowError
    way = "DESC" if descending else "ASC"
    if sort in ("id", "sys_recorded_at"):
        return f"{quote(sort)} {way}, id"
    table = register.tables[kind]
    cell, named = quote(sort), table.kind
    others = [name for name in named.title if name != sort and name in columns] if sort in named.title else []
    first = f"seloste_order({cell})" if is_text(register, kind, sort) else cell
    terms = [f"CASE WHEN {cell} IS NULL THEN 1 ELSE 0 END", f"{first} {way}"]
    # Where the one of them is empty the engines would differ.
    terms += [f"coalesce(seloste_order({quote(name)}), '') {way}" for name in others if is_text(register, kind, name)]
    return ", ".join([*terms, f"id {way}"])


def is_text(register: Register, kind: str, name: str) -> bool:
    """Whether an item is ordered by the alphabet."""
    return is_alphabetic(register.tables[kind].kind, name)


@dataclass(frozen=True, slots=True)
class Part:
    """The rows that one page of a list comes from: a condition, its parameters, and how many of them come before."""

    where: str
    before: int
    params: Mapping[str, Any] = field(default_factory=dict)


def beginnings_sql(kind: str, cell: str, where: str) -> str:
    """How many rows have a cell that begins with which letters."""
    first = f"substr({cell}, 1, {LETTERS})"
    return f"SELECT {first}, count(id) FROM {quote(kind)} WHERE {where} GROUP BY {first}"


def part_of(cell: str, found: Iterable[tuple[str | None, int]], *, start: int, size: int, descending: bool) -> Part:
    """The part with rows ``start`` to ``start + size`` of a list, from how many rows have each beginning."""
    places: dict[str, list[str]] = {}
    many: dict[str, int] = {}
    empty = 0
    for beginning, count in found:
        if beginning is None:
            empty = int(count)
            continue
        place = _place(beginning)
        places.setdefault(place, []).append(beginning)
        many[place] = many.get(place, 0) + int(count)
    ordered: list[tuple[list[str] | None, int]] = [
        (places[place], many[place]) for place in sorted(places, key=str.encode, reverse=descending)
    ]
    ordered.append((None, empty))
    at, before, chosen, with_empty = 0, 0, list[str](), False
    for beginnings, count in ordered:
        if at + count <= start:
            before += count
        elif at < start + size:
            with_empty = with_empty or beginnings is None
            chosen += beginnings or []
        at += count
    params = {f"sys_begins_{number}": each for number, each in enumerate(chosen)}
    parts = [f"substr({cell}, 1, {LETTERS}) IN ({', '.join(':' + key for key in params)})"] if params else []
    parts += [f"{cell} IS NULL"] if with_empty else []
    return Part(f"({' OR '.join(parts)})" if parts else "1 = 0", before, params)


def _place(beginning: str) -> str:
    """Where what begins so is placed. A number goes on past the beginning, so all numbers there stand together."""
    digit = _DIGIT.search(beginning)
    return order(beginning) if digit is None else order(beginning[: digit.start()]) + "0"
