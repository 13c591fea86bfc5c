"""What may be let go elsewhere: the kinds whose rows are judged by a derived day of a row that they point at, once it
passes, and the cells by which any other row is judged, once they are corrected.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from seloste.compiler.marks import marks, reads
from seloste.compiler.register import Register, is_cell
from seloste.compiler.rule import Scope, needed
from seloste.compiler.sweep import unfree
from seloste.compiler.sweep_turns import counting
from seloste.notice.ways import end_of


@dataclass(frozen=True, slots=True)
class Hanging:
    """``kinds`` are judged by it; ``between`` lie on their way to it."""

    kinds: frozenset[str]
    between: frozenset[str]


NOTHING = Hanging(frozenset(), frozenset())


def hanging(register: Register) -> Mapping[tuple[str, str], Hanging]:
    """By kind and column of a derived day."""
    return register.once(("hanging on",), lambda: _hanging(register))


def _hanging(register: Register) -> dict[tuple[str, str], Hanging]:
    kinds: dict[tuple[str, str], set[str]] = {}
    between: dict[tuple[str, str], set[str]] = {}
    days = {kind: {each.name for each in table.of_role("until")} for kind, table in register.tables.items()}
    for kind, table in register.tables.items():
        scope = Scope(register, kind)
        asked = sa.or_(sa.false(), *[needed(scope, each.name) for each in table.of_role("reference", "item")])
        ways = {row: (path, end) for path, (row, end) in scope.joined.items() if path}
        for element in visitors.iterate(asked):
            if is_cell(element) and element.table in ways:
                path, end = ways[element.table]
                if element.name in days[end]:
                    kinds.setdefault((end, element.name), set()).add(kind)
                    on_the_way = (end_of(register.notice.kinds, kind, path[:steps]) for steps in range(1, len(path)))
                    between.setdefault((end, element.name), set()).update(on_the_way)
        # A row from which a matter counts stays as long as that matter does.
        for matter, _ in counting(register, kind):
            for name in days[matter]:
                kinds.setdefault((matter, name), set()).add(kind)
    return {key: Hanging(frozenset(found), frozenset(between.get(key, ()))) for key, found in kinds.items()}


def rested_on(register: Register, dialect: str) -> frozenset[tuple[str, str]]:
    """Every cell, (kind, column), that decides whether some cell is needed, a row may go or a derived day passes.

    A change of any other can let nothing go but its own row, when that was its last cell.
    """
    return register.once(("rested on", dialect), lambda: _rested_on(register, dialect))


def _rested_on(register: Register, dialect: str) -> frozenset[tuple[str, str]]:
    found = set(marks(register, dialect).counted)
    for kind, table in register.tables.items():
        scope = Scope(register, kind)
        for column in table.of_role("reference", "item"):
            found |= reads(needed(scope, column.name))
        for hangs in unfree(register, kind, scope.row):
            found |= reads(hangs)
    return frozenset(found)
