"""The rows of one page of a list, with what stands beside them: ties, last deeds, permissions, ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from seloste.catalogue.model import PERSON
from seloste.lazily import cached_property
from seloste.operations.permissions.contact import ContactAnswer, contacts
from seloste.operations.records import read
from seloste.operations.records.ends import leaving_ids
from seloste.operations.records.find import find
from seloste.operations.records.latest import Deed, latest_deeds
from seloste.operations.records.model import Record
from seloste.operations.records.read import PAGE, Filter
from seloste.operations.records.why import Why, whys
from seloste.web.present import Presenter
from seloste.web.staff.asked import Asked
from seloste.web.staff.sheet import day_of

MOST_FOUND = 400
MOST_PLACES = 20
MOST_COUNTED = 10_000
"""Rows that a list counts. That there are more it says; how many, an export does."""


def page_of(asked: Asked) -> read.Page:
    """A page of the list: filters and order in the database, words by the index of search."""
    show = asked.show
    return read.rows(
        show.store,
        asked.kind.key,
        filters=_filters(asked),
        sort=asked.sort,
        descending=asked.descending,
        page=asked.page,
        size=PAGE,
        begins=asked.begins,
        most=MOST_COUNTED,
        actor=show.actor,
        now=show.now,
    )


def ids_of(asked: Asked) -> list[int]:
    """The ids of the whole list, in its order."""
    show = asked.show
    return read.ids(
        show.store,
        asked.kind.key,
        filters=_filters(asked),
        sort=asked.sort,
        descending=asked.descending,
        actor=show.actor,
        now=show.now,
    )


def _filters(asked: Asked) -> list[Filter]:
    """The filters of the address, with what its words find and what leaves."""
    show, filters = asked.show, asked.filters()
    if asked.query:
        filters.append(Filter("id", "in", sorted(_found(asked))))
    if asked.leaves:
        leaving = leaving_ids(show.store, asked.kind.key, actor=show.actor, now=show.now)
        filters.append(Filter("id", "in", leaving))
    return filters


def _found(asked: Asked) -> set[int]:
    """Rows that the words find, and for subjects those whom a found company or place ties."""
    show, kind = asked.show, asked.kind.key
    found = find(
        show.store, asked.query, limit=MOST_FOUND, kinds=[kind], journal=False, actor=show.actor, now=show.now
    ).hits
    numbers = {hit.record.id for hit in found}
    for tie, end in _ties(show, kind) if asked.kind.subject else ():
        places = find(
            show.store, asked.query, limit=MOST_PLACES, kinds=[end], journal=False, actor=show.actor, now=show.now
        ).hits
        tied = read.pointing(show.store, tie, end, [hit.record.id for hit in places], actor=show.actor, now=show.now)
        numbers |= {each.references[kind] for each in tied if kind in each.references}
    return numbers


def _ties(show: Presenter, kind: str) -> list[tuple[str, str]]:
    """(tie, other end) of what ties a subject to places, in the notice's order."""
    return [
        (tie, end)
        for tie in show.lens.shows
        if show.is_position(tie) and kind in show.kind(tie).of
        for end in show.kind(tie).of
        if end != kind and show.lens.sees(end)
    ]


@dataclass
class Listed:
    """One page of rows and what stands beside them, each read once for the whole page."""

    asked: Asked
    page: read.Page

    @property
    def show(self) -> Presenter:
        return self.asked.show

    @property
    def kind(self) -> str:
        return self.asked.kind.key

    @property
    def rows(self) -> tuple[Record, ...]:
        return self.page.rows

    @cached_property
    def numbers(self) -> list[int]:
        return [record.id for record in self.rows]

    @cached_property
    def named(self) -> Mapping[tuple[str, int], str]:
        """What the rows are tied to and point at is called."""
        every = [*self.rows, *(tie for ties in self.ties.values() for tie in ties)]
        return self.show.titles(every) | self.show.ends_of(self.rows)

    @cached_property
    def ties(self) -> dict[int, list[Record]]:
        """For subjects: their ties to places, standing ones first and the newest of them."""
        found: dict[int, list[Record]] = {}
        if not self.asked.kind.subject or not self.rows:
            return found
        for tie in dict.fromkeys(tie for tie, _ in _ties(self.show, self.kind)):
            tied = read.pointing(
                self.show.store, tie, self.kind, self.numbers, actor=self.show.actor, now=self.show.now
            )
            for each in sorted(tied, key=lambda one: one.id, reverse=True):
                found.setdefault(each.references[self.kind], []).append(each)
        for ties in found.values():
            ties.sort(key=lambda one: self.ended(one) is not None)
        return found

    def ended(self, tie: Record) -> object | None:
        """The day a tie ended, when it has."""
        days = [name for name, item in self.show.kind(tie.kind).items.items() if item.type in ("date", "time")]
        last = day_of(tie.values.get(days[-1])) if len(days) > 1 else None
        return last if last is not None and last <= self.show.today else None

    @cached_property
    def places(self) -> list[str]:
        """The kinds of places that ties lead to, for the heading of their column."""
        tied = {tie.kind for ties in self.ties.values() for tie in ties}
        return list(dict.fromkeys(end for tie, end in _ties(self.show, self.kind) if tie in tied))

    @cached_property
    def deeds(self) -> Mapping[int, Deed]:
        """When one was last in touch with each."""
        if not self.rows or not self.asked.kind.subject:
            return {}
        return latest_deeds(self.show.store, self.kind, self.numbers, actor=self.show.actor, now=self.show.now)

    @cached_property
    def answers(self) -> Mapping[int, Sequence[ContactAnswer]]:
        """Whether each may be reached with marketing."""
        if self.kind != PERSON or not self.rows:
            return {}
        return contacts(self.show.store, self.numbers, actor=self.show.actor, now=self.show.now)

    @cached_property
    def ends(self) -> Mapping[int, Why]:
        """Until when each is kept."""
        return whys(self.show.store, self.kind, self.numbers, actor=self.show.actor, now=self.show.now)
