"""Everything held of one person, as it is told: rows, their cells, why each is held, and who looked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Protocol

from seloste.clock import from_utc_text
from seloste.operations.records.why import CellWhy

Place = tuple[str, int, str]
"""Kind, row, item: where a cell stands."""


@dataclass(frozen=True, slots=True)
class Pointed:
    """A row that a cell points at. ``title`` is empty when it is somebody else's."""

    kind: str
    id: int
    title: str


@dataclass(frozen=True, slots=True)
class OwnCell:
    """One cell of the person's. ``shared``: it is another person's too, as a note on two people is."""

    item: str
    value: Any
    why: CellWhy
    shared: bool


class Telling(Protocol):
    """What tells of a row more than its values, from what was read with it."""

    def cells(self, row: OwnRow) -> tuple[OwnCell, ...]: ...
    def recorded_at(self, row: OwnRow) -> dt.datetime | None: ...
    def purposes(self, row: OwnRow) -> tuple[str, ...]: ...


class OwnRow:
    """One row of the person's, with a value for each filled cell that is theirs and needed.

    ``values``: item -> value, of a reference the id. Reasons, sources and names of what is pointed at were read with
    it, and are made into ``cells`` when somebody asks: most who look at a row want to know what it says.
    """

    __slots__ = ("_cells", "flags", "id", "kind", "raw", "telling", "values")

    def __init__(
        self, kind: str, number: int, values: Mapping[str, Any], telling: Telling, flags: int, raw: tuple[Any, ...]
    ) -> None:
        self.kind = kind
        self.id = number
        self.values = values
        self.telling = telling
        self.flags = flags
        """The answers of the statement that the row was read by, and the row as it gave it."""
        self.raw = raw
        self._cells: tuple[OwnCell, ...] | None = None

    def __repr__(self) -> str:
        return f"OwnRow({self.kind!r}, {self.id}, {len(self.values)} cells)"  # no value goes into a log

    @property
    def cells(self) -> tuple[OwnCell, ...]:
        if self._cells is None:
            self._cells = self.telling.cells(self)
        return self._cells

    @property
    def recorded_at(self) -> dt.datetime | None:
        return self.telling.recorded_at(self)

    @property
    def purposes(self) -> tuple[str, ...]:
        """The purposes that need any of it, as they come."""
        return self.telling.purposes(self)

    def having(self, cells: Iterable[OwnCell]) -> OwnRow:
        """The same with these cells: some of its own, or with other values."""
        kept = tuple(cells)
        values = {cell.item: cell.value.id if isinstance(cell.value, Pointed) else cell.value for cell in kept}
        found = OwnRow(self.kind, self.id, values, self.telling, self.flags, self.raw)
        found._cells = kept
        return found


class Look(NamedTuple):
    """Somebody looked: when, in which role, for which purposes, at what. Not who: that stays with the house.

    ``mine``: the person looked at their own.
    """

    when: str
    lens: str
    verb: str
    purposes: tuple[str, ...]
    kind: str
    items: tuple[str, ...]
    mine: bool = False

    @property
    def at(self) -> dt.datetime:
        return from_utc_text(self.when)


@dataclass(frozen=True, slots=True)
class Own:
    """All of one person at one moment. ``withheld`` cells are left out for the sake of others (Art. 15(4))."""

    person: int
    at: dt.datetime
    rows: tuple[OwnRow, ...]
    looks: tuple[Look, ...]
    named: Mapping[str, Mapping[str, frozenset[tuple[str, int]]]] = field(default_factory=dict)
    """Recipients that rows name, by their key in the notice, each with the rows of the person that lead to it: the
    carriers of the orders that brought the person's deliveries."""
    withheld: tuple[Place, ...] = ()

    @property
    def cells(self) -> int:
        return sum(len(row.values) for row in self.rows)

    def proof(self, built_in: Collection[str]) -> int:
        """Of the cells those of kinds that every register has: proof of what the person asked and said."""
        return sum(len(row.values) for row in self.rows if row.kind in built_in)

    @property
    def items(self) -> frozenset[tuple[str, str]]:
        """Kind and item of all that is held."""
        return frozenset((row.kind, name) for row in self.rows for name in row.values)

    @property
    def places(self) -> frozenset[Place]:
        """Where all that is held stands."""
        return frozenset((row.kind, row.id, name) for row in self.rows for name in row.values)

    @property
    def contested(self) -> tuple[Place, ...]:
        """Cells that are others' too, which somebody must read before they are given out."""
        return tuple((row.kind, row.id, cell.item) for row in self.rows for cell in row.cells if cell.shared)

    def purposes(self) -> tuple[str, ...]:
        """The purposes that need any of it, as they come."""
        return tuple(dict.fromkeys(purpose for row in self.rows for purpose in row.purposes))

    def without(self, places: Collection[Place]) -> Own:
        """The same with some contested cells withheld; what nobody shares with the person is never withheld so."""
        out = {place for place in self.contested if place in places} if places else set()
        if not out:
            return replace(self, withheld=())
        rows = (row.having(cell for cell in row.cells if (row.kind, row.id, cell.item) not in out) for row in self.rows)
        withheld = tuple(place for place in self.contested if place in out)
        return replace(self, rows=tuple(row for row in rows if row.values), withheld=withheld)
