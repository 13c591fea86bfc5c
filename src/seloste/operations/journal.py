"""Reading and checking a register's journal. Both are journaled themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from seloste.catalogue.model import PERSON
from seloste.operations.actor import Actor
from seloste.operations.records.find import find
from seloste.operations.records.model import NoSuchRowError, title
from seloste.operations.records.read import by_ids
from seloste.store import journal, journal_pages
from seloste.store.journal import Head, JournalReport
from seloste.store.journal_pages import JournalPage, Query, Words, Written
from seloste.store.registers import RegisterStore

MOST_NAMES = 20
"""Persons of one name that the journal is searched for at once."""


@dataclass(frozen=True, slots=True)
class JournalView:
    """A page of the journal. ``names`` are of persons whom the reader's lens shows; the others are numbers only."""

    page: JournalPage
    names: Mapping[int, str]
    head: Head
    since: dt.datetime | None
    actors: tuple[str, ...]
    verbs: tuple[str, ...]
    opened: Written | None = None


def persons_called(store: RegisterStore, text: str, *, actor: Actor, now: dt.datetime) -> tuple[int, ...]:
    """Whom ``text`` means: a person's number, or those whom the lens shows by that name."""
    if text.isdecimal() and len(text) < 10:
        return (int(text),)
    found = find(store, text, limit=MOST_NAMES, kinds=[PERSON], actor=actor, now=now)
    return tuple(hit.record.id for hit in found.hits)


def entries(store: RegisterStore, query: Query) -> JournalPage:
    """The entries a query asks for, newest first, those that waited too. Whoever shows them journals that."""
    store.reads.flush()
    fixed = store.fixed()
    sql, params = journal_pages.asked(query)
    return journal_pages.page_of(query, fixed.fetch(fixed.make(sql), params))


def read_journal(
    store: RegisterStore, query: Query, *, opened: int | None = None, actor: Actor, now: dt.datetime
) -> JournalView:
    """The entries asked for, newest first, with the one of number ``opened``."""
    store.reads.flush()
    words: Words = store.kept.setdefault("journal words", Words())
    with store.database.read() as conn:
        page = journal_pages.page(conn, query)
        one = journal_pages.entry(conn, opened) if opened is not None else None
        end, since = journal.head(conn), journal_pages.first_at(conn)
        actors, verbs = words.look(conn)
    # A long list of persons shows as a number, so only the persons of short ones are named.
    singles = {each.entry.persons[0] for each in page.entries if len(each.entry.persons) == 1}
    names = _names(store, tuple(sorted(singles)), actor=actor, now=now)
    store.reads.queue(
        journal.Entry(now, actor.account, actor.lens, "read_journal", persons=tuple(names), count=len(page.entries))
    )
    return JournalView(page, names, end, since, actors, verbs, one)


def _names(store: RegisterStore, persons: tuple[int, ...], *, actor: Actor, now: dt.datetime) -> Mapping[int, str]:
    try:
        rows = by_ids(store, PERSON, persons, actor=actor, now=now, journal=False)
    except NoSuchRowError:
        return {}
    kind = store.register.notice.kinds[PERSON]
    return {row.id: name for row in rows if (name := title(kind, row.values))}


def check_journal(store: RegisterStore, *, seal: str | None = None, actor: Actor, now: dt.datetime) -> JournalReport:
    """Compute every hash anew. ``seal`` is one noted earlier. The check is written into the journal after it."""
    store.reads.flush()
    report = journal.verify(store.database, seal=seal)
    note = "" if report.ok else "broken"
    with store.database.transaction() as conn:
        entry = journal.Entry(now, actor.account, actor.lens, "check_journal", count=report.count, note=note)
        journal.append(conn, entry)
    return report
