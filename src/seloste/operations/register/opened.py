"""Whom an account opened last, as the journal has it, and looks in passing that are no opening."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from seloste.operations.actor import Actor
from seloste.operations.journal import entries
from seloste.operations.records.model import Record
from seloste.store.journal import Entry
from seloste.store.journal_pages import Query
from seloste.store.registers import RegisterStore

BACK = 120
"""Looks that are gone through, newest first."""

IN_PASSING = "list"
"""Note of a look at a subject whose page was not opened: a name and a number beside something else."""


def opened(store: RegisterStore, kind: str, *, most: int = 8, actor: Actor, now: dt.datetime) -> list[int]:
    """The ids of the subjects of a kind whose pages the account opened last, newest first."""
    looked = [each.entry for each in entries(store, Query(actor=actor.account, verb="look", limit=BACK)).entries]
    numbers = dict.fromkeys(
        each.persons[0]
        for each in looked
        if each.kind == kind and len(each.persons) == 1 and each.count == 1 and each.note != IN_PASSING
    )
    return list(numbers)[:most]


def look_in_passing(
    store: RegisterStore, kind: str, rows: Sequence[Record], items: Sequence[str], *, actor: Actor, now: dt.datetime
) -> None:
    """Journal that some items of subjects were shown beside something else."""
    if rows:
        persons = tuple(sorted(row.id for row in rows))
        shown = tuple(item for item in items if any(item in row.values for row in rows))
        store.reads.queue(
            Entry(now, actor.account, actor.lens, "look", kind, persons, shown, len(rows), note=IN_PASSING)
        )
