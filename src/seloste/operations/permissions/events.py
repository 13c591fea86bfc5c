"""The parts of which what a person says is written down: an event, its end, the journal's entry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from seloste.catalogue.model import PERSON
from seloste.clock import today
from seloste.operations.actor import Actor
from seloste.store.engine import quote
from seloste.store.journal import Entry
from seloste.store.work import Work


def add_event(work: Work, kind: str, subject_kind: str, subject: int, values: Mapping[str, Any]) -> int:
    """Write an event of a subject. Its id."""
    table = work.register.tables[kind]
    known = {name: value for name, value in values.items() if table.column(name) is not None and value is not None}
    return work.insert(kind, {**known, subject_kind: subject}, source="subject")


def end_events(
    work: Work, kind: str, subject_kind: str, subject: int, end: str, now: dt.datetime, where: Mapping[str, str]
) -> int:
    """Date the end of every standing event of a subject that matches; how many there were."""
    conditions = "".join(f" AND {quote(name)} = :{name}" for name in where)
    if kind == "permission":
        # A consent that has run out stands no more, and its proof may be past its own end, waiting for the sweep.
        conditions, where = f"{conditions} AND (ends_on IS NULL OR ends_on >= :day)", {**where, "day": f"{today(now)}"}
    rows = work.conn.execute(
        f"SELECT id FROM {quote(kind)} WHERE {quote(subject_kind)} = :subject AND {quote(end)} IS NULL{conditions}",
        {"subject": subject, **where},
    ).all()
    for (number,) in rows:
        work.update(kind, int(number), {end: now})
    return len(rows)


def log(work: Work, actor: Actor, now: dt.datetime, verb: str, subject_kind: str, subject: int, note: str) -> None:
    """Write in the journal what was said."""
    work.journal.add(entry_of(actor, now, verb, subject_kind, subject, note))


def entry_of(actor: Actor, now: dt.datetime, verb: str, subject_kind: str, subject: int, note: str) -> Entry:
    """The entry of a word of a subject; ``note`` is what it was about."""
    persons = (subject,) if subject_kind == PERSON else ()
    return Entry(at=now, actor=actor.account, lens=actor.lens, verb=verb, kind=subject_kind, persons=persons, note=note)
