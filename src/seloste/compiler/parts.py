"""One kind's part of a statement over many kinds: each predicate asked once for a row and answered by a bit.

Rows of all kinds stand in one result, so each brings as many flags and as many cells of each storage as the widest.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from seloste.compiler.functions import Sql
from seloste.compiler.register import BITS, Register, Storage, is_cell
from seloste.compiler.rule import Scope
from seloste.compiler.simplify import FALSE, TRUE, Formula, formula, sql

STORAGES: tuple[Storage, ...] = ("integer", "text", "real", "bytes")
_TYPES: Mapping[Storage, sa.types.TypeEngine[Any]] = {
    "integer": sa.BigInteger(),
    "text": sa.Text(),
    "real": sa.Double(),
    "bytes": sa.LargeBinary(),
}


@dataclass
class Part:
    """One kind while it is put together. Places are counted among what it brings."""

    scope: Scope
    bits: list[Formula] = field(default_factory=lambda: [TRUE])
    brought: list[tuple[Storage, Sql]] = field(default_factory=list)
    late: list[int] = field(default_factory=list)
    _places: dict[Hashable, int] = field(default_factory=dict)
    _late: dict[int, int] = field(default_factory=dict)

    @property
    def register(self) -> Register:
        return self.scope.register

    @property
    def kind(self) -> str:
        return self.scope.kind

    def bit(self, predicate: Sql) -> int:
        """The bit of a predicate; equal ones have the same."""
        found = formula(predicate)
        if found == FALSE:
            return 0
        if found not in self.bits:
            self.bits.append(found)
        return 1 << self.bits.index(found)

    def bring(self, storage: Storage, cell: Sql) -> int:
        """Where a cell stands; what a last day is worked out of is mostly told as well, and comes once."""
        key = storage, _named(cell)
        if key not in self._places:
            self.brought.append((storage, cell))
            self._places[key] = len(self.brought) - 1
        return self._places[key]

    def bring_late(self, cell: Sql) -> int:
        """A place among ``late``."""
        place = self.bring(_storage(cell), cell)
        if place not in self._late:
            self._late[place] = len(self.late)
            self.late.append(place)
        return self._late[place]

    def count(self, storage: Storage) -> int:
        return sum(each == storage for each, _ in self.brought)

    def select(self, head: Sequence[Any], flags: int, width: Mapping[Storage, int], dialect: str) -> sa.Select[Any]:
        """``head``, then the flags, then what is brought; NULL where another kind brings more."""
        chosen = [*head, *(self._flags(place).label(f"f{place}") for place in range(flags))]
        for storage in STORAGES:
            found = [cell for each, cell in self.brought if each == storage]
            nothing = sa.null() if dialect == "sqlite" else sa.cast(sa.null(), _TYPES[storage])
            found += [nothing] * (width[storage] - len(found))
            chosen += [cell.label(f"{storage}{place}") for place, cell in enumerate(found)]
        return sa.select(*chosen).select_from(self.scope.from_())

    def _flags(self, place: int) -> Sql:
        """The bits of one number, those of what always holds written out."""
        always, asked = 0, []
        for bit, found in enumerate(self.bits[place * BITS : (place + 1) * BITS]):
            if found == TRUE:
                always |= 1 << bit
            else:
                asked.append(sa.case((sql(found), sa.literal(1 << bit, sa.BigInteger())), else_=0))
        return sum(asked, sa.literal(always, sa.BigInteger()))

    def places(self, head: int, width: Mapping[Storage, int]) -> Sequence[int]:
        """Where in a row of the result what is brought stands; ``head`` columns, flags included, come before."""
        starts: dict[Storage, int] = {}
        for storage in STORAGES:
            starts[storage] = head
            head += width[storage]
        places = []
        for storage, _ in self.brought:
            places.append(starts[storage])
            starts[storage] += 1
        return places


def flags_of(parts: Sequence[Part]) -> int:
    """How many numbers the bits of any row take."""
    return max(len(part.bits) // BITS + 1 for part in parts)


def width_of(parts: Sequence[Part]) -> Mapping[Storage, int]:
    """How many cells of each storage a row has."""
    return {storage: max(part.count(storage) for part in parts) for storage in STORAGES}


def _named(cell: Any) -> Hashable:
    """Equal for cells that are the same."""
    if is_cell(cell):
        table: Any = cell.table
        return str(table.name), cell.name
    return str(cell.compile(compile_kwargs={"literal_binds": True}))


def _storage(cell: Any) -> Storage:
    kind = cell.type
    if isinstance(kind, sa.Integer):
        return "integer"
    return "real" if isinstance(kind, sa.Float) else "text"
