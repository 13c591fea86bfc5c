"""The runs of the sweep: what each removed, when the last one went well, and whether the nightly one is missing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from seloste.clock import from_utc_text
from seloste.operations.retention.report import SweepReport
from seloste.operations.retention.sweep import last_reports
from seloste.store import daily
from seloste.store import runs as kept
from seloste.store.engine import Database
from seloste.store.registers import RegisterStore

LATE = dt.timedelta(hours=36)
"""A day and a half: one night may be missed by a machine that was off, two not without somebody knowing."""

SWEEP = "sweep"


@dataclass(frozen=True, slots=True)
class Runs:
    """``reports`` newest first. ``last`` is None before the first run; ``failed`` names the error that ended a later
    try, empty when none did."""

    reports: tuple[SweepReport, ...]
    last: dt.datetime | None
    missing: bool
    """No run for longer than LATE."""
    failed: str


def runs(store: RegisterStore, deployment: Database, *, now: dt.datetime, most: int = 30) -> Runs:
    """The latest runs, and whether one is missing. Nothing of anybody is read."""
    reports = last_reports(store, now=now, most=most)
    last = last_run(store, now=now)
    with deployment.read() as conn:
        tries = [each for each in daily.runs(conn, store.register.notice.register) if each.job == SWEEP]
    failed = [
        each for each in tries if each.failed and each.ended_at is None and (last is None or each.begun_at > last)
    ]
    return Runs(reports, last, is_missing(store, now=now), str(failed[0].failed) if failed else "")


def last_run(store: RegisterStore, *, now: dt.datetime) -> dt.datetime | None:
    """When the last run was, None before the first."""
    with store.read(now) as conn:
        found = kept.last(conn)
    return from_utc_text(found) if found is not None else None


def is_missing(store: RegisterStore, *, now: dt.datetime) -> bool:
    """Whether no run was in the last LATE hours, of a register that has been there so long."""
    last = last_run(store, now=now)
    if last is None:
        with store.read(now) as conn:
            made = kept.begun(conn)
        last = from_utc_text(made) if made is not None else now
    return now - last > LATE
