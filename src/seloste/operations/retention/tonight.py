"""What tonight's run would do, for whoever looks at a page: done and taken back, where that does not take long."""

from __future__ import annotations

import datetime as dt
import time

from seloste.operations.retention.forecast import is_large
from seloste.operations.retention.report import SweepReport, report
from seloste.operations.retention.sweep import taken_back
from seloste.store.registers import RegisterStore
from seloste.store.sweep import Swept
from seloste.store.sweep_due import between
from seloste.store.sweep_run import Run

SECONDS = 5.0
"""So long it is tried: writers wait for it on SQLite, and whoever opened the page everywhere."""


def rehearsed(store: RegisterStore, *, now: dt.datetime) -> SweepReport | None:
    """The report of a run that is done and taken back; None where it would take longer than SECONDS.

    One that looks at every row of a large register is not begun: finding what is due is one statement for all of it.
    """
    if is_large(store, now=now):
        with store.read(now) as conn:
            if between(conn, store.register, now) is None:
                return None
    until = time.monotonic() + SECONDS
    with taken_back(store, now) as work:
        work.rehearsed = True  # others write meanwhile
        run, swept = Run(every_row=False), Swept()
        while not run.done:
            if time.monotonic() > until:
                return None
            swept.add(run.step(work))
        return report(work.conn, store.register, swept, at=now, dry_run=True)
