"""Who looked at a person's data, when and for what: the journal as it concerns them, without names of the staff."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from seloste.operations.journal import entries
from seloste.operations.portal.me import ACCOUNT
from seloste.store.journal_pages import Query
from seloste.store.registers import RegisterStore

PAGE = 100


@dataclass(frozen=True, slots=True)
class Look:
    """One entry. ``lens`` is the role acted in, empty for the person and for the register itself.

    ``mine``: the person did it. ``purposes`` are those that the role acts for and that may use any of the items; for a
    deed with a purpose of its own, as a reveal, that one alone.
    """

    at: dt.datetime
    verb: str
    lens: str
    mine: bool
    kind: str
    items: tuple[str, ...]
    purposes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Looks:
    """Entries, newest first. ``older`` is the ``before`` of the next page, None on the last."""

    entries: tuple[Look, ...]
    older: int | None


def looks(store: RegisterStore, person: int, *, before: int | None = None, limit: int = PAGE) -> Looks:
    """What was done with the person's data, a page at a time."""
    page = entries(store, Query(persons=(person,), before=before, limit=limit))
    found = []
    for written in page.entries:
        entry = written.entry
        found.append(
            Look(
                entry.at,
                entry.verb,
                entry.lens,
                entry.actor == ACCOUNT,
                entry.kind,
                entry.items,
                _purposes(store, entry.lens, entry.kind, entry.items, entry.note),
            )
        )
    return Looks(tuple(found), page.older)


def _purposes(store: RegisterStore, lens: str, kind: str, items: tuple[str, ...], note: str) -> tuple[str, ...]:
    register = store.register
    if note in register.purposes:
        return (note,)
    acting = register.lenses.get(lens)
    if acting is None or kind not in register.tables:
        return ()
    # An item of what the row points at is named with its kind.
    cells = [(of or kind, item) for of, _, item in (each.rpartition(".") for each in items)]
    used = {key for cell in cells for key in (*register.users(*cell), *register.borrowers(*cell))}
    return tuple(key for key in acting.purposes if key in used)
