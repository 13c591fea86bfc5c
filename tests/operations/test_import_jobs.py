"""An import beside the pages: its steps, its end, its files, and whose it is."""

from __future__ import annotations

import datetime as dt
import io
import threading
from pathlib import Path
from typing import Any

import pytest
from tests.operations.conftest import SALES

from seloste.operations.actor import Actor
from seloste.operations.records import read
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.records.transfer import jobs as module
from seloste.operations.records.transfer.jobs import Jobs, report_of
from seloste.operations.records.transfer.plan import ImportPlan
from seloste.operations.records.transfer.target import Target, target
from seloste.store.import_jobs import ImportJob
from seloste.store.registers import Registers, RegisterStore

HEADS = "Etunimi;Sukunimi;Sähköposti;Yritys"
FILE = f"{HEADS}\nSari;Havukoski;sari@x.example;Havupumppu Oy\nEero;Virta;eero;Havupumppu Oy\n"


@pytest.fixture
def clock(fixed_now: dt.datetime) -> list[dt.datetime]:
    return [fixed_now]


@pytest.fixture
def jobs(registers: Registers, tmp_path: Path, clock: list[dt.datetime]) -> Jobs:
    return Jobs(registers.deployment, tmp_path / "imports", lambda: clock[0])


def persons(store: RegisterStore) -> Target:
    found = target(store.register, store.register.lenses["sales"], "person")
    assert found is not None
    return found


def begun(jobs: Jobs, store: RegisterStore, text: str | bytes = FILE) -> ImportJob:
    content = text.encode() if isinstance(text, str) else text
    job = jobs.begin(store, persons(store), io.BytesIO(content), actor=SALES)
    jobs.wait(job, 20)
    return jobs.get(store, job, actor=SALES)


def checked(jobs: Jobs, store: RegisterStore, job: ImportJob, source: str = "subject") -> ImportJob:
    plan = ImportPlan(persons(store), tuple(job.facts["fields"]), source, bool(job.facts["headed"]))
    assert jobs.check(store, job, plan, actor=SALES)
    jobs.wait(job.id, 20)
    return jobs.get(store, job.id, actor=SALES)


def told(job: ImportJob) -> str:
    return str(job.facts["error"]["en"])


def count(store: RegisterStore, now: dt.datetime) -> int:
    return read.rows(store, "person", actor=SALES, now=now).total


def test_an_import_goes_from_step_to_step(
    jobs: Jobs, store: RegisterStore, fixed_now: dt.datetime, tmp_path: Path
) -> None:
    job = begun(jobs, store)
    assert (job.state, job.facts["rows"], job.facts["headed"]) == ("columns", 3, True)
    assert job.facts["fields"] == ["person.first_name", "person.last_name", "person.email", "organisation.name"]
    folder = tmp_path / "imports" / job.id
    assert {path.name for path in folder.iterdir()} == {"rows"}, "what was sent does not lie readable on the disk"
    assert b"Havukoski" not in (folder / "rows").read_bytes()
    assert folder.stat().st_mode & 0o077 == 0
    job = checked(jobs, store, job)
    assert (job.state, report_of(job.facts).rows, report_of(job.facts).faulty) == ("checked", 2, 1)
    assert [(fault.row, fault.column) for fault in jobs.faults(job.id)] == [(3, 2)]
    assert count(store, fixed_now) == 0
    assert jobs.store(store, job, skip_faulty=True, doubles="skip", actor=SALES)
    jobs.wait(job.id, 20)
    job = jobs.get(store, job.id, actor=SALES)
    assert (job.state, job.facts["result"]["taken"], job.facts["result"]["left_out"]) == ("done", 1, 1)
    assert count(store, fixed_now) == 1
    assert not folder.exists()
    assert not jobs.store(store, job, skip_faulty=True, doubles="store", actor=SALES), "it is stored once"
    assert "Havukoski" not in str(job)


def test_columns_may_be_changed_after_a_trial(jobs: Jobs, store: RegisterStore) -> None:
    job = checked(jobs, store, begun(jobs, store))
    plan = ImportPlan(persons(store), ("person.first_name", "person.last_name", "", "organisation.name"), "subject")
    assert jobs.check(store, job, plan, actor=SALES)
    jobs.wait(job.id, 20)
    job = jobs.get(store, job.id, actor=SALES)
    assert report_of(job.facts).faulty == 0
    assert jobs.plan_of(store, job) == plan


@pytest.mark.parametrize(
    ("content", "why"),
    [("", "empty"), (";;\n;;\n", "no rows"), (b"PK\x03\x04broken", "damaged"), (b"\xd0\xcf\x11\xe0....", "old Excel")],
)
def test_a_file_that_cannot_be_read_ends_the_import_with_the_reason(
    jobs: Jobs, store: RegisterStore, tmp_path: Path, content: str | bytes, why: str
) -> None:
    job = begun(jobs, store, content)
    assert job.state == "failed"
    assert why in told(job)
    assert not (tmp_path / "imports" / job.id).exists()


def test_a_source_that_is_none_ends_it_with_the_reason(jobs: Jobs, store: RegisterStore) -> None:
    job = checked(jobs, store, begun(jobs, store), source="bought")
    assert job.state == "failed"
    assert "does not name this source" in told(job)


def test_a_fault_of_ours_ends_it_without_its_words(
    jobs: Jobs, store: RegisterStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    job = begun(jobs, store)

    def broken(*_: Any, **__: Any) -> None:
        raise ValueError("sari@x.example")

    monkeypatch.setattr(module.import_, "dry_run", broken)
    job = checked(jobs, store, job)
    assert (job.state, "error" in job.facts) == ("failed", False)
    assert "ValueError" in caplog.text
    assert "sari@x.example" not in caplog.text


def test_an_import_is_cancelled_while_it_waits(
    jobs: Jobs, store: RegisterStore, fixed_now: dt.datetime, tmp_path: Path
) -> None:
    job = checked(jobs, store, begun(jobs, store))
    jobs.cancel(job)
    assert jobs.get(store, job.id, actor=SALES).state == "cancelled"
    assert not (tmp_path / "imports" / job.id).exists()
    assert not jobs.store(store, job, skip_faulty=True, doubles="skip", actor=SALES)
    assert count(store, fixed_now) == 0


def test_an_import_is_cancelled_while_it_stores(
    jobs: Jobs, store: RegisterStore, fixed_now: dt.datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TELL_EVERY", 0)
    job = checked(jobs, store, begun(jobs, store))
    reached, go_on = threading.Event(), threading.Event()
    real = module.import_.write_rows

    def slowly(*given: Any) -> Any:
        found = real(*given)
        reached.set()
        assert go_on.wait(20)
        return found

    monkeypatch.setattr(module.import_, "write_rows", slowly)
    assert jobs.store(store, job, skip_faulty=True, doubles="skip", actor=SALES)
    assert reached.wait(20)
    jobs.cancel(jobs.get(store, job.id, actor=SALES))
    go_on.set()
    jobs.wait(job.id, 20)
    assert jobs.get(store, job.id, actor=SALES).state == "cancelled"
    assert count(store, fixed_now) == 0
    assert not (tmp_path / "imports" / job.id).exists()


def test_an_import_whose_program_was_closed_says_so(
    registers: Registers, jobs: Jobs, store: RegisterStore, clock: list[dt.datetime], tmp_path: Path
) -> None:
    job = begun(jobs, store)
    with registers.deployment.transaction() as conn:
        conn.execute("UPDATE import_job SET state = 'storing'")
    other = Jobs(registers.deployment, tmp_path / "imports", lambda: clock[0])
    assert other.get(store, job.id, actor=SALES).state == "storing"
    clock[0] += dt.timedelta(minutes=5)
    found = other.get(store, job.id, actor=SALES)
    assert found.state == "failed"
    assert "Nothing was stored" in told(found)


def test_what_nobody_goes_on_with_goes_after_a_day(
    jobs: Jobs, store: RegisterStore, clock: list[dt.datetime], tmp_path: Path
) -> None:
    old = begun(jobs, store)
    clock[0] += dt.timedelta(hours=25)
    new = begun(jobs, store)
    with pytest.raises(NoSuchRowError):
        jobs.get(store, old.id, actor=SALES)
    assert [path.name for path in (tmp_path / "imports").iterdir()] == [new.id]


def test_what_a_closed_program_left_lying_goes_when_it_starts_again(
    registers: Registers, jobs: Jobs, store: RegisterStore, clock: list[dt.datetime], tmp_path: Path
) -> None:
    job = begun(jobs, store)
    raw = tmp_path / "imports" / job.id / "raw"
    raw.write_text(FILE, encoding="utf-8")
    (tmp_path / "imports" / "nobody").mkdir()
    Jobs(registers.deployment, tmp_path / "imports", lambda: clock[0])
    assert not raw.exists()
    assert [path.name for path in (tmp_path / "imports").iterdir()] == [job.id]


def test_nobody_else_sees_an_import(jobs: Jobs, store: RegisterStore) -> None:
    job = begun(jobs, store)
    for other in (Actor("a2", "sales"), Actor("a1", "service")):
        with pytest.raises(NoSuchRowError):
            jobs.get(store, job.id, actor=other)
        assert jobs.waiting(store, actor=other) == ()
    assert [each.id for each in jobs.waiting(store, actor=SALES)] == [job.id]
    with pytest.raises(NoSuchRowError):
        jobs.get(store, "0" * 16, actor=SALES)
