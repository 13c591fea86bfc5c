"""Whom rows are of, for lists of what waits: their names, where they belong, their numbers."""

from __future__ import annotations

from collections.abc import Sequence

from seloste.operations.records import read
from seloste.operations.records.model import Record
from seloste.operations.register.opened import look_in_passing
from seloste.web.parts import Link
from seloste.web.present import Presenter


class People:
    """Whom rows are of: names with where they belong, and their numbers; read once for all rows."""

    def __init__(self, show: Presenter, rows: Sequence[Record]) -> None:
        self.show = show
        self.named = show.titles(rows) | show.ends_of(rows)
        self._of: dict[tuple[str, int], tuple[str, int]] = {}
        self._persons: dict[tuple[str, int], Record] = {}
        self._point(rows)
        self._read()

    def who(self, row: Record) -> str:
        """*Sari Havukoski, Havupumppu Oy*."""
        targets = self.show.targets(row)
        texts = [self.named.get((targets[column], row.references[column]), "") for column in targets]
        return next((text for text in texts if text), "")

    def phone(self, row: Record) -> Link | None:
        person = self._persons.get(self._of.get((row.kind, row.id), ("", 0)))
        text, href = self.show.phone(person) if person is not None else ("", "")
        return Link(text=text, href=href) if text else None

    def _point(self, rows: Sequence[Record]) -> None:
        """The subject of each row: the one it points at, or the one its tie does."""
        show, subjects = self.show, self.show.register.subjects
        ties: dict[str, dict[int, list[Record]]] = {}
        for row in rows:
            for column, target in show.targets(row).items():
                if target in subjects:
                    self._of.setdefault((row.kind, row.id), (target, row.references[column]))
                elif show.kind(target).tie and show.lens.sees(target):
                    ties.setdefault(target, {}).setdefault(row.references[column], []).append(row)
        for tie, asking in ties.items():
            found = read.by_ids(show.store, tie, sorted(asking), actor=show.actor, now=show.now, journal=False)
            ends = [
                (each, c, target) for each in found for c, target in show.targets(each).items() if target in subjects
            ]
            for each, column, target in ends:
                for row in asking[each.id]:
                    self._of.setdefault((row.kind, row.id), (target, each.references[column]))

    def _read(self) -> None:
        """Their rows, for their numbers; the look is journaled."""
        show = self.show
        wanted: dict[str, set[int]] = {}
        for kind, number in self._of.values():
            wanted.setdefault(kind, set()).add(number)
        for kind, numbers in wanted.items():
            if show.lens.sees(kind):
                found = read.by_ids(show.store, kind, sorted(numbers), actor=show.actor, now=show.now, journal=False)
                named = show.kind(kind)
                shown = [*named.title, *(name for name, item in named.items.items() if item.type == "phone")]
                look_in_passing(show.store, kind, found, shown, actor=show.actor, now=show.now)
                self._persons |= {(kind, record.id): record for record in found}
