"""Everything held of the person, as ``rights.gather`` finds it, for their own page: what is sealed there, and why.

Sensitive values are opened one by one, or all in the copy. Where a guard stands on the person no value is shown at
all: whoever reads their mail may be the one that the order of non-disclosure is against. ``proven`` says that who looks
was identified strongly; then the guard does not stand in their own way.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from seloste.catalogue.model import PERSON
from seloste.operations.portal.me import ACCOUNT
from seloste.operations.records.model import SEALED, NoSuchRowError, title
from seloste.operations.rights.gather import Own, OwnCell, OwnRow, Pointed, gather
from seloste.store.engine import Connection, quote
from seloste.store.journal import Entry
from seloste.store.registers import RegisterStore


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of a person. With ``guarded`` every value is SEALED."""

    own: Own
    guarded: bool


def held(
    store: RegisterStore,
    person: int,
    *,
    kinds: Collection[str] | None = None,
    opened: bool = False,
    verb: str = "look",
    proven: bool = False,
    now: dt.datetime,
) -> Held:
    """Everything of a person, or of some kinds. Sensitive values are SEALED unless ``opened``.

    So is what is another person's too: whether it may be told, somebody weighs on request (Art. 15(4)).
    The look is journaled as the person's own. Raises NoSuchRowError when the person is not held any more.
    """
    store.reads.flush()
    with store.read(now) as conn:
        guarded = _guarded(store, conn, person) and not proven
        found = gather(store, conn, person, now=now)
    rows = [row for row in found.rows if kinds is None or row.kind in kinds]
    shown = tuple(_sealed(store, row, guarded=guarded, opened=opened) for row in rows)
    for kind in dict.fromkeys(row.kind for row in shown):
        several = [row for row in shown if row.kind == kind]
        items = tuple(dict.fromkeys(cell.item for row in several for cell in row.cells))
        store.reads.queue(Entry(now, ACCOUNT, "", verb, kind, (person,), items, count=len(several)))
    return Held(replace(found, rows=shown), guarded)


def reveal(
    store: RegisterStore, person: int, kind: str, number: int, item: str, *, proven: bool = False, now: dt.datetime
) -> Any:
    """One sealed value of one's own, journaled before it is given. Raises NoSuchRowError, also where a guard stands."""
    with store.read(now) as conn:
        guarded = _guarded(store, conn, person) and not proven
        found = gather(store, conn, person, now=now)
    cells = [cell for row in found.rows if (row.kind, row.id) == (kind, number) for cell in row.cells]
    cell = next((each for each in cells if each.item == item), None)
    if guarded or cell is None or cell.shared or isinstance(cell.value, Pointed):
        raise NoSuchRowError
    store.reads.queue(Entry(now, ACCOUNT, "", "reveal", kind, (person,), (item,)))
    store.reads.flush()
    return cell.value


def called(store: RegisterStore, person: int, *, proven: bool = False, now: dt.datetime) -> str:
    """What the person is called, to greet them by; empty when there is no name, or a guard stands."""
    kind = store.register.tables[PERSON].kind
    names = [name for name in kind.title if not kind.items[name].sensitive]
    with store.read(now) as conn:
        if not names or (_guarded(store, conn, person) and not proven):
            return ""
        chosen = ", ".join(map(quote, names))
        row = conn.execute(f"SELECT {chosen} FROM {quote(PERSON)} WHERE id = :id", {"id": person}).first()
    return title(kind, dict(zip(names, row, strict=True))) if row is not None else ""


def is_guarded(store: RegisterStore, person: int, *, proven: bool = False, now: dt.datetime) -> bool:
    """Whether a guard stands between the person and their own. Raises NoSuchRowError when they are not held."""
    with store.read(now) as conn:
        return _guarded(store, conn, person) and not proven


def _guarded(store: RegisterStore, conn: Connection, person: int) -> bool:
    """Whether a guard stands on the person. Raises NoSuchRowError when they are not held."""
    guards = store.register.tables[PERSON].kind.guards
    chosen = ", ".join(["id", *map(quote, guards)])
    row = conn.execute(f"SELECT {chosen} FROM {quote(PERSON)} WHERE id = :id", {"id": person}).first()
    if row is None:
        raise NoSuchRowError
    return any(cell is not None for cell in row[1:])


def _sealed(store: RegisterStore, row: OwnRow, *, guarded: bool, opened: bool) -> OwnRow:
    items = store.register.tables[row.kind].kind.items

    def seal(cell: OwnCell) -> OwnCell:
        sensitive = cell.item in items and items[cell.item].sensitive
        closed = guarded or cell.shared or (sensitive and not opened)
        return replace(cell, value=SEALED) if closed else cell

    return row.having(seal(cell) for cell in row.cells)
