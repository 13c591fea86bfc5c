"""Remove: take back rows that were just stored by mistake. It takes no more than was stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from seloste.catalogue.model import PERSON
from seloste.clock import from_utc_text
from seloste.errors import SelosteError
from seloste.notice.ways import references
from seloste.operations.actor import Actor
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.records.read import persons_touched, visible_ids
from seloste.store.agreed import permission_of
from seloste.store.engine import quote
from seloste.store.journal import Entry
from seloste.store.masks import EVENTS
from seloste.store.registers import RegisterStore
from seloste.store.work import Work

WHILE = dt.timedelta(minutes=30)
"""How long what was stored may be taken back."""

ANSWERS = ("permission", "ban")
"""Events that are stored with a person (see ``enter``) and go with them."""

RowId = tuple[str, int]


class CannotRemoveError(SelosteError):
    """The rows stay: too much time has gone by, or something else rests on them."""


@dataclass(frozen=True, slots=True)
class Removed:
    """The rows that are gone, by kind and id."""

    rows: tuple[RowId, ...]


def remove(store: RegisterStore, rows: Sequence[RowId], *, actor: Actor, now: dt.datetime) -> Removed:
    """Take rows back, all or none, with the answers that came with them.

    Raises NoSuchRowError when the lens does not show one, CannotRemoveError when one is older than WHILE or when a row
    that is not of these points at it.
    """
    for kind, number in rows:
        if kind not in store.register.tables or number not in visible_ids(
            store, actor.lens, kind, {number}, now, actor.person
        ):
            raise NoSuchRowError
    with store.write(now) as work:
        whole = [*rows, *_answers(work, rows)]
        for kind, number in whole:
            _check_age(work, kind, number, now)
            _check_alone(work, kind, number, set(whole))
        entries = []
        for kind in dict.fromkeys(kind for kind, _ in whole):
            numbers = [number for each, number in whole if each == kind]
            persons = persons_touched(work.conn, store.register, kind, numbers)
            entries.append(
                Entry(
                    at=now,
                    actor=actor.account,
                    lens=actor.lens,
                    verb="remove",
                    kind=kind,
                    persons=persons,
                    count=len(numbers),
                )
            )
        # What points goes before what is pointed at, so that nothing is brought up to date for a row already gone.
        for kind, number in sorted(whole, key=lambda row: store.register.tables[row[0]].kind.subject):
            _bits(work, kind, number, set(whole))
            work.delete(kind, number)
        work.journal.add(*entries)
    return Removed(tuple(whole))


def _answers(work: Work, rows: Sequence[RowId]) -> Iterator[RowId]:
    agreed = work.register.agreed
    persons = {number for kind, number in rows if kind == PERSON}
    for kind, number in rows:
        if kind in agreed and (permission := permission_of(work.conn, kind, number)) is not None:
            sql = f"SELECT {quote(PERSON)} FROM permission WHERE id = :id"
            whose = work.conn.execute(sql, {"id": permission}).first()
            if whose is not None and whose[0] not in persons:
                yield "permission", permission
        if kind != PERSON:
            continue
        for event in ANSWERS:
            if event in work.register.tables:
                sql = f"SELECT id FROM {quote(event)} WHERE {quote(PERSON)} = :person"
                for (found,) in work.conn.execute(sql, {"person": number}).all():
                    yield event, int(found)


def _check_age(work: Work, kind: str, number: int, now: dt.datetime) -> None:
    found = work.conn.execute(f"SELECT sys_recorded_at FROM {quote(kind)} WHERE id = :id", {"id": number}).first()
    if found is None:
        raise NoSuchRowError
    if from_utc_text(found[0]) < now - WHILE:
        raise CannotRemoveError(
            "Tallennuksesta on yli puoli tuntia, joten sitä ei voi enää perua.",
            "It was stored more than half an hour ago and can no longer be undone.",
        )


def _check_alone(work: Work, kind: str, number: int, whole: set[RowId]) -> None:
    """Nothing but these rows points at it."""
    for other, table in work.register.tables.items():
        for reference in references(table.kind):
            if reference.target != kind or table.column(reference.column) is None:
                continue
            sql = f"SELECT id FROM {quote(other)} WHERE {quote(reference.column)} = :id"
            found = work.conn.execute(sql, {"id": number}).all()
            if any((other, int(each)) not in whole for (each,) in found):
                raise CannotRemoveError(
                    "Tähän on jo liitetty muuta, joten tallennusta ei voi perua.",
                    "Something else already rests on this, so it cannot be undone.",
                )


def _bits(work: Work, kind: str, number: int, whole: set[RowId]) -> None:
    """A subject that stays speaks otherwise once an event of theirs is gone."""
    for subject in work.register.subjects if kind in EVENTS else ():
        if work.register.tables[kind].column(subject) is None:
            continue
        sql = f"SELECT {quote(subject)} FROM {quote(kind)} WHERE id = :id"
        found = work.conn.execute(sql, {"id": number}).first()
        if found is not None and found[0] is not None and (subject, int(found[0])) not in whole:
            work.touch_bits(subject, (int(found[0]),))
