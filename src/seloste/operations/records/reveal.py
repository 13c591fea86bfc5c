"""Open one encrypted or guarded value, once, with a reason that is journaled and that the person will see."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from seloste.catalogue.types import TYPES
from seloste.compiler.views import GUARDED
from seloste.errors import SelosteError
from seloste.operations.actor import Actor
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.records.read import lens_of, persons_touched
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
    """Give one sealed cell, or one of a guarded row. The look is journaled before the value is given out.

    Raises NoSuchRowError when the lens does not show the cell or it is empty, ReasonNeededError for a purpose that is
    not a reason here.
    """
    lens = lens_of(store, actor, kind)
    known = store.register.tables[kind].kind.items.get(item)
    if known is None or not lens.sees(kind, item):
        raise NoSuchRowError
    guarding = () if known.sensitive else (GUARDED,)
    if not known.sensitive and item not in store.register.tables[kind].kind.guarded:
        raise NoSuchRowError
    if purpose not in reasons(store, kind, item, actor=actor):
        raise ReasonNeededError("Valitse, mihin tarvitset tietoa.", "Choose what you need it for.")
    with store.through(lens.key, now, actor.person) as conn:
        chosen = ", ".join(quote(name) for name in (item, *guarding))
        row = conn.execute(f"SELECT {chosen} FROM {quote(kind)} WHERE id = :id", {"id": number}).first()
    if row is None or row[0] is None or (guarding and not any(row[1:])):
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
    if not known.sensitive:
        return Revealed(kind, number, item, from_cell(known, row[0]), purpose)
    text = store.keys.decrypt(row[0], place=f"{kind}.{item}")
    storage = TYPES[known.type].storage
    cell: Any = int(text) if storage in ("integer", "bool") else float(text) if storage == "real" else text
    return Revealed(kind, number, item, from_cell(known, cell), purpose)
