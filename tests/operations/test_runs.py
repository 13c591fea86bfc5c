"""Each sweep leaves a report without anybody in it, and a night that was missed is noticed."""

from __future__ import annotations

import datetime as dt

from tests.operations.conftest import contact

from seloste.operations import daily as nightly
from seloste.operations.retention.runs import runs
from seloste.operations.retention.sweep import sweep
from seloste.store.registers import Registers, RegisterStore


def test_a_night_that_was_missed_is_noticed(store: RegisterStore, registers: Registers, fixed_now: dt.datetime) -> None:
    contact(store, fixed_now)
    first = runs(store, registers.deployment, now=fixed_now)
    assert (first.reports, first.last, first.missing, first.failed) == ((), None, False, "")
    assert runs(store, registers.deployment, now=fixed_now + dt.timedelta(hours=37)).missing

    done = fixed_now + dt.timedelta(days=1200)
    nightly.run_due(registers, now=done)
    found = runs(store, registers.deployment, now=done + dt.timedelta(hours=35))
    assert (found.last, found.missing) == (done, False)
    assert runs(store, registers.deployment, now=done + dt.timedelta(hours=37)).missing
    (report,) = found.reports
    assert report.by == "register" and report.seconds >= 0
    assert {line.kind: line.gone for line in report.kinds}["person"] == 1
    with store.database.read() as conn:
        (kept,) = conn.execute("SELECT report FROM sys_sweep").all()
    assert not any(word in kept[0] for word in ("Sari", "Havu", "050"))

    sweep(store, now=done + dt.timedelta(days=801), actor=nightly.WORKER)
    assert len(runs(store, registers.deployment, now=done).reports) == 1, "reports do not pile up for ever"


def test_a_run_that_failed_is_told_by_its_name(
    store: RegisterStore, registers: Registers, fixed_now: dt.datetime
) -> None:
    contact(store, fixed_now)
    with store.database.transaction() as conn:
        conn.execute("ALTER TABLE sys_find RENAME TO sys_lost")
    done, *_ = nightly.run_due(registers, now=fixed_now + dt.timedelta(days=1200))
    assert done.failed
    assert runs(store, registers.deployment, now=fixed_now + dt.timedelta(days=1200)).failed == done.failed
