"""Everything derived computed again, and that it was written into the journal: the last time is evidence."""

from __future__ import annotations

import datetime as dt

from seloste.operations.actor import Actor
from seloste.store.journal import Entry, append
from seloste.store.registers import RegisterStore
from seloste.store.verify import DerivedReport, verify_derived

VERB = "verify_derived"


def verify(store: RegisterStore, *, actor: Actor, now: dt.datetime) -> DerivedReport:
    """Compute again and compare. The entry counts the rows read; its note says whether something differed."""
    report = verify_derived(store, now)
    note = "" if report.ok else "differs"
    with store.database.transaction() as conn:
        append(conn, Entry(now, actor.account, actor.lens, VERB, count=report.checked, note=note))
    return report
