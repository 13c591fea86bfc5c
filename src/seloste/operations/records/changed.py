"""Who changed a row last, and when: asked when two people have changed the same at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from seloste.operations.records.read import persons_touched
from seloste.store.journal_pages import Query, page
from seloste.store.registers import RegisterStore

LOOKED_THROUGH = 20
"""Changes about the person that are looked through, newest first."""


def last_change(store: RegisterStore, kind: str, number: int, items: Collection[str]) -> tuple[str, dt.datetime] | None:
    """The account that last changed one of the items, and when, by the journal. None for rows that are nobody's."""
    with store.database.read() as conn:
        persons = persons_touched(conn, store.register, kind, [number])
        if not persons:
            return None
        found = page(conn, Query(persons=persons, verb="change", limit=LOOKED_THROUGH))
    for written in found.entries:
        if written.entry.kind == kind and set(written.entry.items) & set(items):
            return written.entry.actor, written.entry.at
    return None
