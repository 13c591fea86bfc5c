"""Who says something else by a later day, though nobody does anything: consents end by themselves."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from seloste.clock import HELSINKI, today
from seloste.compiler.register import Register
from seloste.store.due import ids_value
from seloste.store.engine import Connection, quote
from seloste.store.masks import as_columns, bits_of, read_said

PART = 5000
"""Subjects whose events are in memory at once."""


@dataclass(frozen=True, slots=True)
class Word:
    """What a subject says from the day of one step to that of another, which is not what it says on the first.

    ``purposes``: those of which it says something else; ``held``: a hold or restriction of it has begun or ended.
    """

    owner: int
    since: int
    until: int
    cells: Mapping[str, int]
    purposes: frozenset[str]
    held: bool


@dataclass
class Then:
    """The subjects of a kind whose word is another than on the first day. ``purposes``: what any of them says something
    else of by then."""

    cells: dict[int, Mapping[str, int]] = field(default_factory=dict)
    """id -> the columns of the word; empty where words are kept in the register."""
    purposes: set[str] = field(default_factory=set)
    held: bool = False
    """A hold or restriction of one of them has begun or ended."""
    _params: Mapping[str, str] | None = None

    def add(self, word: Word) -> None:
        self.purposes |= word.purposes
        self.held |= word.held

    def asked_by(self, about: frozenset[str]) -> bool:
        """Whether a statement that may ask for the word on some purposes could be answered otherwise."""
        return self.held or bool(self.purposes & about)

    def params(self, conn: Connection, kind: str) -> Mapping[str, str]:
        """As :func:`~seloste.compiler.forecast.at_a_later_day` takes them."""
        if self._params is None:
            rows: list[dict[str, Any]] = [{"id": number, **cells} for number, cells in self.cells.items()]
            if conn.dialect == "sqlite":
                self._params = {f"said_{kind}": json.dumps(rows)}
            else:
                self._params = {f"said_{kind}_{name}": ids_value(conn, (row[name] for row in rows)) for name in rows[0]}
        return self._params


def said_then(conn: Connection, register: Register, days: Sequence[dt.date]) -> list[Mapping[str, Then]]:
    """For each of the days by kind of subject those who say something else by then than on the first."""
    found: list[dict[str, Then]] = [{} for _ in days]
    for subject in subjects(register):
        above: int | None = 0
        while above is not None:
            words, above = words_above(conn, register, subject, days, above, PART)
            for word in words:
                for place in range(word.since, word.until):
                    then = found[place].setdefault(subject, Then())
                    then.cells[word.owner] = word.cells
                    then.add(word)
    return list(found)


def subjects(register: Register) -> tuple[str, ...]:
    """The kinds of subject of whom a consent may end by itself."""
    table = register.tables.get("permission")
    if table is None or table.column("ends_on") is None:
        return ()
    return tuple(subject for subject in register.subjects if table.column(subject) is not None)


def words_above(
    conn: Connection, register: Register, subject: str, days: Sequence[dt.date], above: int, most: int
) -> tuple[list[Word], int | None]:
    """The words of the next subjects of whom a consent ends between the days, by their ids above one; and the last id
    that was looked at, None when there are no more."""
    cell = quote(subject)
    ending = f"FROM permission WHERE {cell} > :above AND withdrawn_at IS NULL AND ends_on >= :first AND ends_on < :last"
    params = {"above": above, "first": days[0].isoformat(), "last": days[-1].isoformat()}
    sql = f"SELECT DISTINCT {cell} {ending} ORDER BY {cell} LIMIT {int(most)}"
    each = f"SELECT {cell}, ends_on {ending}"
    owners = [int(owner) for (owner,) in conn.execute(sql, params)]
    if not owners:
        return [], None
    turns: dict[int, set[int]] = defaultdict(set)
    for owner, ends in conn.execute(f"{each} AND {cell} <= :top", {**params, "top": owners[-1]}):
        turns[int(owner)].add(next(place for place, day in enumerate(days) if ends < day.isoformat()))
    moments = [dt.datetime.combine(day, dt.time(12), HELSINKI) for day in days]
    assert [today(moment) for moment in moments] == list(days)
    events = read_said(conn, register, subject, owners)
    words: list[Word] = []
    for owner in owners:
        said = [as_columns(bits_of(register, events[owner], moments[place])) for place in (0, *sorted(turns[owner]))]
        words += _words(register, owner, said, (*sorted(turns[owner]), len(days)))
    return words, owners[-1] if len(owners) == most else None


def _words(register: Register, owner: int, said: Sequence[Mapping[str, int]], turns: Sequence[int]) -> Iterator[Word]:
    """What somebody says first and from each turn to the next, where that differs."""
    before = said[0]
    for after, since, until in zip(said[1:], turns, turns[1:], strict=False):
        if after != before:
            lost = frozenset(_lost(register, before, after))
            yield Word(owner, since, until, after, lost, before["sys_held"] != after["sys_held"])


def _lost(register: Register, before: Mapping[str, int], after: Mapping[str, int]) -> Iterator[str]:
    for purpose in register.purposes:
        number, bit = register.bit(purpose)
        if (before[f"sys_need_{number}"] ^ after[f"sys_need_{number}"]) & bit:
            yield purpose
