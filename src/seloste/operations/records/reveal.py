"""Open one encrypted or guarded value, once, with a reason that is journaled and that the person will see."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from seloste.catalogue.types import TYPES
from seloste.compiler.guard import GUARDED, guard_of
from seloste.errors import SelosteError
from seloste.notice.ways import references
from seloste.operations.actor import Actor
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.records.read import lens_of, persons_touched, titles
from seloste.store.engine import quote
from seloste.store.journal import Entry, append
from seloste.store.registers import RegisterStore
from seloste.store.values import from_cell


class ReasonNeededError(SelosteError):
    """A reason must be one of the purposes for which the lens may use the item."""


@dataclass(frozen=True, slots=True)
class Revealed:
    """The value of one cell, and for which purpose it was opened."""

    kind: str
    id: int
    item: str
    value: Any
    purpose: str


def reasons(store: RegisterStore, kind: str, item: str, *, actor: Actor) -> tuple[str, ...]:
    """The purposes that may be given as the reason: those of the lens that use the item, or borrow it."""
    lens = lens_of(store, actor, kind)
    asked = (*store.register.users(kind, item), *store.register.borrowers(kind, item))
    return tuple(dict.fromkeys(key for key in asked if key in lens.purposes))


def reveal(
    store: RegisterStore, kind: str, number: int, item: str, *, purpose: str, actor: Actor, now: dt.datetime
) -> Revealed:
    """Give one sealed cell, or one that a guard closes. The look is journaled before the value is given out.

    Of a reference that a guard closes (where somebody lives) the value is what the other row is called.
    Raises NoSuchRowError when the lens does not show the cell or it is empty, ReasonNeededError for a purpose that is
    not a reason here.
    """
    lens = lens_of(store, actor, kind)
    known = store.register.tables[kind].kind.items.get(item)
    guard = guard_of(store.register, kind)
    closed = guard is not None and item in guard.columns
    if not closed and (known is None or not known.sensitive or not lens.sees(kind, item)):
        raise NoSuchRowError
    if purpose not in reasons(store, kind, item, actor=actor):
        raise ReasonNeededError("Valitse, mihin tarvitset tietoa.", "Choose what you need it for.")
    with store.through(lens.key, now, actor.person) as conn:
        chosen = quote(GUARDED if closed else item)
        row = conn.execute(f"SELECT {chosen} FROM {quote(kind)} WHERE id = :id", {"id": number}).first()
    if row is None or row[0] is None or (guard is not None and closed and not int(row[0]) & guard.bit(item)):
        raise NoSuchRowError
    with store.database.transaction() as conn:
        append(
            conn,
            Entry(
                at=now,
                actor=actor.account,
                lens=actor.lens,
                verb="reveal",
                kind=kind,
                persons=persons_touched(conn, store.register, kind, [number]),
                items=(item,),
                note=purpose,
            ),
        )
    if closed:
        return Revealed(kind, number, item, _unsealed(store, kind, number, item, actor=actor, now=now), purpose)
    assert known is not None
    text = store.keys.decrypt(row[0], place=f"{kind}.{item}")
    storage = TYPES[known.type].storage
    cell: Any = int(text) if storage in ("integer", "bool") else float(text) if storage == "real" else text
    return Revealed(kind, number, item, from_cell(known, cell), purpose)


def _unsealed(store: RegisterStore, kind: str, number: int, column: str, *, actor: Actor, now: dt.datetime) -> Any:
    """A cell that a guard closes: the views do not give it, so it is read beside them, after they said it is there."""
    with store.read(now) as conn:
        row = conn.execute(f"SELECT {quote(column)} FROM {quote(kind)} WHERE id = :id", {"id": number}).first()
    if row is None or row[0] is None:
        raise NoSuchRowError
    this = store.register.tables[kind].kind
    target = next((each.target for each in references(this) if each.column == column), None)
    if target is None:
        return from_cell(this.items[column], row[0])
    return titles(store, target, [int(row[0])], actor=actor, now=now).get(int(row[0]), "")
