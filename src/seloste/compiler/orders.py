"""The order that a kind is listed in unless another is asked for, the one in which its rows are due, and the indexes by
which PostgreSQL finds a page of either.

The index stands on the cells as they are stored, which a lens may hide: what is found by it are candidates, and the
lens says which of them it shows (:mod:`seloste.operations.records.walk`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from seloste.catalogue.model import Kind
from seloste.catalogue.types.normal import DIGITS, ORDER
from seloste.compiler.register import CompiledLens, Register, short_name
from seloste.compiler.views import ruled_alike
from seloste.notice.ways import own_date

LONGEST = 200
"""Bytes of a text by which the index orders; an entry of it has room for some 2,700."""


@dataclass(frozen=True, slots=True)
class Listed:
    """``cell`` is what orders first, ``then`` what orders rows that are alike in it. ``text``: by the alphabet.
    ``index``: how its index is named. ``unless``: only rows in which that cell is empty.
    """

    cell: str
    then: tuple[str, ...]
    text: bool
    # Not part of the mark by which it is seen whether an index is as it is to be: its statement is.
    index: str = field(default="by", repr=False)
    unless: str = field(default="", repr=False)

    @property
    def where(self) -> str:
        """Of which rows the index is."""
        return f'"{self.cell}" IS NOT NULL' + (f' AND "{self.unless}" IS NULL' if self.unless else "")

    def keys(self) -> tuple[str, ...]:
        """What is compared, in order, before the id; for rows in which ``cell`` is not empty."""
        if not self.text:
            return (f'"{self.cell}"',)
        return (_placed(self.cell), *(f"coalesce({_placed(name)}, '')" for name in self.then))


def listed(kind: Kind) -> Listed | None:
    """By the day that a row is dated by, or by what it is called; a person by the last name. None for neither."""
    dated = None if kind.subject else own_date(kind)
    if dated is not None:
        item = kind.items[dated]
        return None if item.sensitive or item.many else Listed(dated, (), text=False)
    named = [name for name in kind.title if is_alphabetic(kind, name)]
    if kind.subject:
        named.reverse()
    if not named:
        return None
    return Listed(named[0], tuple(name for name in kind.title if name in named[1:]), text=True)


def awaited(kind: Kind) -> Listed | None:
    """By the day by which a row is due, those that are done left out. None where nothing is."""
    item = kind.items.get(kind.due) if kind.due is not None else None
    if item is None or item.sensitive or item.many:
        return None
    return Listed(item.key, (), text=False, index="due", unless=kind.done or "")


def orders(kind: Kind) -> dict[str, Listed]:
    """The orders of which a kind has an index, by what the index is of: the kind, or an item of it."""
    found = {kind.key: listed(kind)}
    due = awaited(kind)
    if due is not None:
        found[f"{kind.key}.{due.cell}"] = due
    return {name: order for name, order in found.items() if order is not None}


def is_alphabetic(kind: Kind, name: str) -> bool:
    """Whether an item is ordered by the alphabet."""
    item = kind.items.get(name)
    return item is not None and item.type == "text" and not (item.many or item.sensitive)


def walked(register: Register, lens: CompiledLens, kind: str, sort: str) -> Listed | None:
    """The order of a list that the index has too: the kind's own, where the lens shows all that it is made of alike.

    Cells ruled unlike are ordered by what the lens shows of them and by nothing else, so that the order tells no more.
    """
    found = listed(register.tables[kind].kind)
    if found is None or found.cell != sort or not all(lens.sees(kind, name) for name in (found.cell, *found.then)):
        return None
    alike = all(ruled_alike(register, lens, kind, found.cell, name) for name in found.then)
    return found if alike else None


def due_in_order(register: Register, lens: CompiledLens, kind: str, sort: str, empty: Collection[str]) -> Listed | None:
    """The order in which rows of a kind are due, where a list is asked for in it; ``empty``: cells asked to be empty.

    What was done is left out of the index, and so is what is hidden: where the lens hides the one it hides the other.
    """
    found = awaited(register.tables[kind].kind)
    if found is None or found.cell != sort or not lens.sees(kind, found.cell):
        return None
    if not found.unless:
        return found
    alike = lens.sees(kind, found.unless) and ruled_alike(register, lens, kind, found.cell, found.unless)
    return found if alike and found.unless in empty else None


def index_sql(kind: str, order: Listed) -> tuple[str, ...]:
    """Statements that make the index of a kind anew, on PostgreSQL."""
    name = short_name(f"sys_{order.index}_{kind}")
    keys = ", ".join((*order.keys(), "id"))
    return (
        f'DROP INDEX IF EXISTS "{name}"',
        f'CREATE INDEX "{name}" ON "{kind}" ({keys}) WHERE {order.where}',
    )


def alphabet() -> str:
    """What the texts of an index were placed by: another alphabet is another index."""
    return repr((sorted(ORDER.items()), DIGITS))


def _placed(name: str) -> str:
    return f'substring(seloste_order("{name}") from 1 for {LONGEST})'
