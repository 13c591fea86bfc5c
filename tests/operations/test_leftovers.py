"""Files of an import that nobody goes on with are gone within a day, by the daily work alone."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from pathlib import Path

import pytest
from tests.operations.test_import_jobs import begun

from seloste.operations.daily import run_due
from seloste.operations.records.transfer.jobs import Jobs
from seloste.operations.records.transfer.leftovers import ROOM
from seloste.store.registers import Registers, RegisterStore


def test_the_daily_work_clears_what_imports_left(
    registers: Registers, store: RegisterStore, fixed_now: dt.datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = tmp_path / "room"
    room.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(room))
    folder = registers.settings.data_dir / "imports"
    job = begun(Jobs(registers.deployment, folder, lambda: fixed_now), store)
    old, new, other = (room / name for name in (f"{ROOM}a", f"{ROOM}b", "muu"))
    for each, age in ((old, 25), (new, 1), (other, 25)):
        each.mkdir()
        (each / "ready").write_bytes(b"x")
        moment = (fixed_now - dt.timedelta(hours=age)).timestamp()
        os.utime(each, (moment, moment))

    run_due(registers, now=fixed_now + dt.timedelta(minutes=1))
    assert (folder / job.id).exists() and new.exists() and other.exists()
    assert not old.exists()
    # Nobody opens the page of imports again.
    run_due(registers, now=fixed_now + dt.timedelta(hours=25))
    assert list(folder.iterdir()) == []
    assert not new.exists() and other.exists()
