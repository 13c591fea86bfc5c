"""Whether a person was here whom nobody can see any more: their data left, and only the journal knows the number."""

from __future__ import annotations

import datetime as dt

from seloste.catalogue.model import PERSON
from seloste.operations.actor import Actor
from seloste.operations.records.read import visible_ids
from seloste.store.journal_pages import was_named
from seloste.store.registers import RegisterStore


def is_gone(store: RegisterStore, kind: str, number: int, *, actor: Actor, now: dt.datetime) -> bool:
    """Whether a row is a person whom this role was shown and whose row is not in the register any more.

    Of a person whom the role never saw nothing is told: neither that they were here nor that they are, hidden. The
    journal numbers nothing but persons, so that of other rows it is not known.
    """
    if kind != PERSON or not 0 < number < 2**63 or visible_ids(store, "", kind, {number}, now):
        return False
    store.reads.flush()
    lens = store.register.lenses.get(actor.lens)
    # In a role that sees its own only, each account has its own people: another's are none of theirs.
    mine = actor.account if lens is not None and lens.only is not None else None
    with store.database.read() as conn:
        return was_named(conn, number, actor.lens, mine)
