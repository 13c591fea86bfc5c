"""The work of a day: done once, by whichever process comes first, and again by another when the first was killed."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.operations.conftest import SALES, contact
from tests.prepared import applied, example

from seloste.cli import group
from seloste.clock import HELSINKI
from seloste.operations import daily
from seloste.operations.daily import Daily, Done, due_day, run_due
from seloste.operations.records import read
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.retention.sweep import last_reports
from seloste.settings import Settings
from seloste.store import daily as kept
from seloste.store.registers import Registers, RegisterStore

KEY = "fluiconnecto_customers"


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=HELSINKI)


def test_the_work_of_a_day_is_due_from_three_in_the_night() -> None:
    assert due_day(at(25, 2, 59)) == dt.date(2026, 11, 24)
    assert due_day(at(25, 3)) == dt.date(2026, 11, 25)
    assert due_day(at(25, 23, 59)) == dt.date(2026, 11, 25)
    # The hour is that of Helsinki, wherever the moment was written down.
    assert due_day(dt.datetime(2026, 11, 25, 0, 59, tzinfo=dt.UTC)) == dt.date(2026, 11, 24)


@pytest.mark.promise("F39", "C34")
def test_what_nobody_needs_goes_by_itself(registers: Registers, store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now, ended="2026-11-24")
    later = at(25, 4).replace(year=2036)
    with store.database.read() as conn:
        assert conn.execute("SELECT count(*) FROM person").all() == [(1,)]
    day = dt.date(2036, 11, 25)
    assert run_due(registers, now=later) == tuple(Done(KEY, job, day) for job in (*daily.JOBS, *daily.TELLING))
    with store.database.read() as conn:
        assert conn.execute("SELECT count(*) FROM person").all() == [(0,)]
    with pytest.raises(NoSuchRowError):
        read.row(store, "person", person, actor=SALES, now=later)
    assert last_reports(store, now=later)[0].rows > 0


def test_a_day_is_done_once_and_the_next_day_anew(
    registers: Registers, store: RegisterStore, fixed_now: dt.datetime
) -> None:
    assert [each.job for each in run_due(registers, now=fixed_now)] == [*daily.JOBS, *daily.TELLING]
    assert run_due(registers, now=fixed_now + dt.timedelta(hours=5)) == ()
    assert {each.day.day for each in run_due(registers, now=at(26, 3))} == {26}
    with registers.deployment.read() as conn:
        assert [
            (run.day.day, run.failed, run.ended_at is not None) for run in kept.runs(conn, KEY) if run.job == "sweep"
        ] == [
            (26, None, True),
            (25, None, True),
        ]


def test_processes_side_by_side_do_nothing_twice(
    registers: Registers, store: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []
    both = threading.Barrier(2)

    def slow(opened: RegisterStore, now: dt.datetime) -> None:
        ran.append(opened.register.notice.register)

    real = kept.waiting

    def together(*args: object, **more: object) -> list[tuple[str, str]]:
        found = real(*args, **more)  # type: ignore[arg-type]
        # Both have seen that the job waits before either claims it.
        both.wait(10)
        return found

    monkeypatch.setattr(daily, "JOBS", {"sweep": slow})
    monkeypatch.setattr(daily, "TELLING", {})
    monkeypatch.setattr(kept, "waiting", together)
    threads = [threading.Thread(target=run_due, args=(registers,), kwargs={"now": fixed_now}) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert ran == [KEY]


def test_what_a_killed_process_left_is_taken_up_by_another(
    registers: Registers, store: RegisterStore, fixed_now: dt.datetime
) -> None:
    with registers.deployment.transaction() as conn:
        assert kept.claim(conn, KEY, "sweep", due_day(fixed_now), now=fixed_now, given_up=fixed_now - daily.GIVEN_UP)
    assert "sweep" not in [each.job for each in run_due(registers, now=fixed_now + dt.timedelta(minutes=19))]
    assert [each.job for each in run_due(registers, now=fixed_now + dt.timedelta(minutes=21))] == ["sweep"]


def test_trouble_with_one_register_is_told_by_its_name_and_tried_again(
    registers: Registers,
    opened: Callable[[str], RegisterStore],
    fixed_now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    opened("fluiconnecto/notice")
    opened("proseduuri/notice")

    def failing(store: RegisterStore, now: dt.datetime) -> None:
        if store.register.notice.register == KEY:
            raise ValueError("Sari Havukoski")

    monkeypatch.setattr(daily, "JOBS", {"sweep": failing})
    monkeypatch.setattr(daily, "TELLING", {})
    with caplog.at_level(logging.ERROR):
        done = run_due(registers, now=fixed_now)
    assert sorted((each.register, each.failed) for each in done) == [(KEY, "ValueError"), ("proseduuri_customers", "")]
    assert "ValueError" in caplog.text
    assert "Havukoski" not in caplog.text
    again = run_due(registers, now=fixed_now + dt.timedelta(minutes=21))
    assert [each.register for each in again] == [KEY]


def test_a_new_version_of_a_register_in_use_does_not_wait_for_the_work_of_others(
    registers: Registers,
    opened: Callable[[str], RegisterStore],
    fixed_now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened("fluiconnecto/notice")
    opened("proseduuri/notice")
    in_use = {store.register.notice.register for store in registers.opened()}
    did: list[tuple[str, str]] = []
    monkeypatch.setattr(daily, "begin_due", lambda _, keys, now: did.extend(("begin", key) for key in keys))
    monkeypatch.setattr(
        daily, "JOBS", {"sweep": lambda store, now: did.append(("sweep", store.register.notice.register))}
    )
    monkeypatch.setattr(daily, "TELLING", {})
    run_due(registers, now=fixed_now)
    assert len(in_use) == 2 and {key for what, key in did[:2] if what == "begin"} == in_use
    assert [what for what, _ in did] == ["begin", "begin", "sweep", "sweep"]


def test_a_server_does_it_beside_the_pages_and_stops_when_told(
    registers: Registers, store: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept = threading.Event()
    monkeypatch.setattr(daily, "FIRST_SECONDS", 0.01)
    monkeypatch.setattr(daily, "JOBS", {"sweep": lambda store, now: swept.set()})
    monkeypatch.setattr(daily, "TELLING", {})
    worker = Daily(registers, now=lambda: fixed_now)
    worker.start()
    assert swept.wait(10)
    worker.stop()
    assert not worker.is_alive()


def test_a_timer_of_the_system_may_do_it(tmp_path: Path, fixed_now: dt.datetime) -> None:
    made = Registers(Settings(data_dir=tmp_path, key_file=tmp_path / "secret.key"))
    applied(made, example("fluiconnecto/notice"), fixed_now)
    made.close()
    first = CliRunner().invoke(group, ["work", "--once", "--data-dir", str(tmp_path)])
    assert (first.exit_code, first.output.startswith(f"{KEY}: sweep ")) == (0, True)
    second = CliRunner().invoke(group, ["work", "--once", "--data-dir", str(tmp_path)], env={"SELOSTE_LANGUAGE": "en"})
    assert (second.exit_code, second.output) == (0, "Nothing is due.\n")
