"""``only:`` read slowly: which rows are the acting person's own or lead to these, row by row over dictionaries."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from tests.rule.oracle import Oracle, Row

from seloste.notice.model import Ref


class Mine:
    """What a role narrowed by ``only`` may see, as far as that decides, when ``acting`` is the person who acts."""

    def __init__(self, oracle: Oracle, only: Ref, acting: int | None) -> None:
        self.oracle, self.only, self.acting = oracle, only, acting

    @cached_property
    def target(self) -> str:
        return dict(self.oracle.references(self.only.kind))[self.only.item]

    @property
    def anchor(self) -> str:
        return self.only.kind if self._is_subject(self.target) else self.target

    def _is_subject(self, kind: str) -> bool:
        return self.oracle.kinds[kind].subject

    @cached_property
    def anchors(self) -> set[int]:
        """The ids of the rows that are the acting person's own."""
        found: set[int] = set()
        for number, cells in self.oracle.rows[self.only.kind].items():
            if self._ended(cells) or self.acting is None:
                continue
            if self._is_subject(self.target):
                if cells[self.only.item] == self.acting:
                    found.add(number)
            elif cells[self.only.item] is not None:
                subjects = [each for each, to in self.oracle.references(self.only.kind) if self._is_subject(to)]
                if any(cells[each] == self.acting for each in subjects):
                    found.add(cells[self.only.item])
        return found

    def _ended(self, cells: Any) -> bool:
        """Whether a day that some purpose counts the row's period from, and that does not date it, has passed."""
        kind = self.oracle.kinds[self.only.kind]
        dating = kind.dated or kind.act
        for purpose in self.oracle.notice.purposes.values():
            for keep in purpose.keep:
                if keep.matter == self.only.kind and keep.base is not None and keep.base.date in kind.items:
                    first = next((name for name, item in kind.items.items() if item.type in ("date", "time")), None)
                    day = cells[keep.base.date]
                    if keep.base.date != (dating or first) and day is not None and day[:10] < f"{self.oracle.today}":
                        return True
        return False

    def steps(self, kind: str) -> int | None:
        """How many references lead from a row of a kind to an anchor, at the least; None when none do."""
        return self._distance(kind).get(self.anchor)

    def _distance(self, start: str) -> dict[str, int]:
        found, edge = {start: 0}, [start]
        while edge:
            further = []
            for kind in edge:
                for _, target in self.oracle.references(kind):
                    if target not in found:
                        found[target] = found[kind] + 1
                        further.append(target)
            edge = further
        return found

    def leads(self, row: Row) -> bool:
        """Whether the shortest way from a row ends at an anchor."""
        left = self.steps(row[0])
        if left is None:
            return False
        if left == 0:
            return row[1] in self.anchors
        cells = self.oracle.cells(row)
        return any(
            self.leads((target, cells[column]))
            for column, target in self.oracle.references(row[0])
            if cells[column] is not None and self.steps(target) == left - 1
        )

    def shows(self, row: Row) -> bool:
        if self.steps(row[0]) is not None:
            return self.leads(row)
        distance = self._distance(row[0])
        near = [far for kind, far in distance.items() if self._pointing(kind)]
        if not near:
            return self.oracle.kinds[row[0]].about == "nobody"
        return any(self._held(end) for end in self._ends(row, min(near), distance))

    def _pointing(self, kind: str) -> list[tuple[str, str]]:
        """(kind, column) that point at a kind and from which an anchor is reached."""
        return [
            (other, column)
            for other in self.oracle.kinds
            if self.steps(other) is not None
            for column, target in self.oracle.references(other)
            if target == kind
        ]

    def _held(self, row: Row) -> bool:
        return any(
            cells[column] == row[1] and self.leads((other, number))
            for other, column in self._pointing(row[0])
            for number, cells in self.oracle.rows.get(other, {}).items()
        )

    def _ends(self, row: Row, left: int, distance: dict[str, int]) -> list[Row]:
        """The rows at the end of the shortest ways of ``left`` references from a row."""
        if left == 0:
            return [row]
        done = distance[row[0]]
        cells = self.oracle.cells(row)
        return [
            end
            for column, target in self.oracle.references(row[0])
            if cells[column] is not None and distance[target] == done + 1
            for end in self._ends((target, cells[column]), left - 1, distance)
        ]
