"""What is to be done with a file, and what was found and done: plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from seloste.operations.records.transfer.target import Target

Doubles = Literal["skip", "store"]
"""What becomes of rows whose person is in the register already, by address or number."""


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """``fields`` holds a field's key for each column, empty for one that is left out.

    ``source`` is one of the notice's. ``headed``: the first row names the columns.
    """

    target: Target
    fields: tuple[str, ...]
    source: str
    headed: bool = True


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row, and in which column (counted from 0; None: the row as a whole). Never the value."""

    row: int
    column: int | None
    fi: str
    en: str

    def message(self, lang: str) -> str:
        return self.fi if lang == "fi" else self.en


@dataclass(slots=True)
class ReadyRow:
    """A row of the file as it will be stored. ``nodes`` holds, by kind, the id of a row that is there already, or the
    cells of one to be made (items as cells hold them before encryption) and ``key``, the same for rows that share it.
    """

    number: int
    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)
    double: bool = False

    def as_json(self) -> list[Any]:
        return [self.number, self.nodes, self.double]

    @staticmethod
    def from_json(raw: list[Any]) -> ReadyRow:
        return ReadyRow(raw[0], raw[1], raw[2])


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a dry run found. ``faulty`` rows have ``faults`` each; ``made`` counts rows to be made by kind."""

    rows: int
    faulty: int
    doubles: int
    made: Mapping[str, int]
    found: Mapping[str, int]
    """Rows of the register that would be used as they are, by kind."""
    faults: tuple[Fault, ...] = ()
    """The first of the faults; all of them went to the caller's sink."""

    @property
    def good(self) -> int:
        return self.rows - self.faulty


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What was stored: rows of the file taken and left out, rows made by kind."""

    taken: int
    left_out: int
    made: Mapping[str, int]
    first: int | None
    """The id of the first row of the imported kind."""
    banned: int = 0
    """Persons whose address is banned from marketing; the ban was set on them anew."""
