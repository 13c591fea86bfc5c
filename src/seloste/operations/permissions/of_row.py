"""Consents about one row (``per: row``): the row and its consent end together, and nothing else does."""

from __future__ import annotations

import datetime as dt

from seloste.catalogue.model import PERSON
from seloste.operations.actor import Actor
from seloste.operations.permissions.say import CannotSayError, SaidReport
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.records.read import persons_touched, visible_ids
from seloste.operations.retention.sweep import wipe
from seloste.operations.rights.unasked import Word, let_go_rows
from seloste.store.agreed import end_row, permission_of
from seloste.store.journal import Entry
from seloste.store.registers import RegisterStore


def withdraw_row(store: RegisterStore, kind: str, row: int, *, actor: Actor, now: dt.datetime) -> SaidReport:
    """Take back the consent to one row (Art. 7(3)): the row goes at once, and what else was agreed to stays.

    Raises CannotSayError for a kind that is not agreed to row by row, NoSuchRowError when the role does not see it.
    """
    purpose = store.register.agreed.get(kind)
    if purpose is None:
        raise CannotSayError(
            "Tähän ei kysytä lupaa erikseen. Peru lupa koko tarkoitukseen.",
            "No consent is asked for this alone. Withdraw the consent to the whole purpose.",
        )
    if row not in visible_ids(store, actor.lens, kind, {row}, now, actor.person):
        raise NoSuchRowError
    with store.write(now) as work:
        # A row stored by an earlier version has no consent of its own, and ends all the same.
        permission = permission_of(work.conn, kind, row)
        persons = persons_touched(work.conn, store.register, kind, [row])
        if permission is not None:
            work.update("permission", permission, {"withdrawn_at": now})
        else:
            end_row(work, kind, row)
        work.journal.add(
            Entry(
                at=now,
                actor=actor.account,
                lens=actor.lens,
                verb="withdraw",
                kind=kind,
                persons=persons,
                count=1,
                note=purpose,
            ),
        )
        ended = int(permission is not None)
        rows = {kind: {row}, PERSON: set(persons)}
        gone = let_go_rows(store, work, rows, persons, Word("withdrawal", purpose, ended), actor=actor)
    wipe(store)
    return SaidReport("permission", permission or 0, ended, gone.report, gone.told)


__all__ = ["withdraw_row"]
