"""Rectify and complete (Art. 16): changed cells of a row, each with the source of the change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from seloste.catalogue.model import PERSON
from seloste.clock import to_utc_text
from seloste.operations.actor import Actor
from seloste.operations.mail.changed import settled, tell_old
from seloste.operations.records.model import InvalidRowsError, NewRow, NoSuchRowError
from seloste.operations.records.read import persons_asked, persons_of, persons_touched, visible_ids
from seloste.operations.records.validate import Validator
from seloste.operations.rights.unasked import tell_corrected
from seloste.store.corrected_at_once import SOURCE, correct
from seloste.store.journal import Entry
from seloste.store.registers import RegisterStore


@dataclass(frozen=True, slots=True)
class Rectified:
    """Which items of which row were changed."""

    kind: str
    id: int
    items: tuple[str, ...]
    banned: bool = False
    """Whether a new address was banned from marketing; the ban was then set on the person anew."""
    told: tuple[str, ...] = ()
    """Who received what was wrong: to tell each is a task."""


def rectify(
    store: RegisterStore,
    kind: str,
    row: int,
    changes: Mapping[str, Any],
    *,
    source: str,
    actor: Actor,
    now: dt.datetime,
    wrong: bool = False,
) -> Rectified:
    """Change cells; None empties one. An e-mail address that is changed is told so.

    ``wrong``: what stood there was so and has not only changed since. Then it is a correction, which those who received
    it are told (Art. 16, 19): a task each.

    Raises InvalidRowsError, NoSuchRowError, NotNeededError; then nothing changed.
    """
    table = store.register.tables.get(kind)
    if table is None or row not in visible_ids(store, actor.lens, kind, {row}, now, actor.person):
        raise NoSuchRowError
    validator = Validator(store.register, store.acted_in(actor.lens), store.types)
    values = validator.changes(table.kind, changes, source)
    _targets(store, validator, kind, values, actor, now)
    if validator.problems:
        raise InvalidRowsError(validator.problems)
    entry = Entry(now, actor.account, actor.lens, "change", kind, items=tuple(values))
    if not wrong and correct(store, kind, row, values, source, entry):
        return Rectified(kind, row, tuple(values))
    with store.write(now) as work:
        before = settled(store, work, row, values) if kind == PERSON else []
        told: tuple[str, ...] = ()
        if wrong and values:
            persons = persons_touched(work.conn, store.register, kind, [row])
            told = tell_corrected(store, work, kind, row, values, persons, actor)
        if not values or not work.update(kind, row, values):
            raise NoSuchRowError
        if before:
            tell_old(store, work, row, before)
        for item in values:
            said = {"kind": kind, "row": row, "item": item, "source": source, "at": to_utc_text(now)}
            work.conn.send(SOURCE, said)
        work.journal.add_asking(
            persons_asked(store.register, kind, [row]), lambda found: replace(entry, persons=persons_of(found))
        )
    return Rectified(kind, row, tuple(values), bool(work.banned_again), told)


def _targets(
    store: RegisterStore, validator: Validator, kind: str, values: Mapping[str, Any], actor: Actor, now: dt.datetime
) -> None:
    """Rows newly pointed at must be ones the lens shows."""
    for _, target, given in validator.pointers(NewRow(kind, values)):
        number = int(given) if isinstance(given, int) or (given.isascii() and given.isdecimal()) else 0
        if not visible_ids(store, actor.lens, target, {number}, now, actor.person):
            raise NoSuchRowError
