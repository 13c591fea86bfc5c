"""The months ahead of a large register are counted a slice at a time: whole or not at all, by one process, after all
other work."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.prepared import applied, example
from tests.retention.test_forecast import PEOPLED, peopled

from seloste.clock import HELSINKI, today
from seloste.operations import daily
from seloste.operations.actor import CLI
from seloste.operations.retention import forecast as forecasting
from seloste.operations.retention.forecast import count_ahead, counting_since, forecast, kept_forecast, read_ahead
from seloste.operations.retention.sweep import sweep
from seloste.store import daily as kept
from seloste.store import forecast_slices
from seloste.store.forecast_rows import Asking
from seloste.store.registers import Registers, RegisterStore

KEY = "fluiconnecto_customers"
AT_ONCE = 1e-9
"""Seconds in which there is time for one part."""


@pytest.fixture(autouse=True)
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every register is large, and a part is a few rows."""
    monkeypatch.setattr(forecasting, "LARGE", 0)
    for name, rows in {"FIRST": 2, "LEAST": 1, "MOST": 3, "WINDOW": 2, "WORDS": 1}.items():
        monkeypatch.setattr(forecast_slices, name, rows)


@pytest.fixture
def store(registers: Registers, fixed_now: dt.datetime) -> RegisterStore:
    return peopled(registers, "fluiconnecto/notice", fixed_now)


def slices(store: RegisterStore, now: dt.datetime, seconds: float = AT_ONCE) -> Iterator[int]:
    """Count until all is counted."""
    number = 1
    while count_ahead(store, now=now, seconds=seconds):
        yield number
        number += 1


def whole(store: RegisterStore, now: dt.datetime) -> forecasting.Forecast:
    return forecast(store, now=now, months=forecasting.MOST_MONTHS)


@pytest.mark.parametrize("name", list(PEOPLED))
def test_slice_by_slice_it_is_what_is_counted_at_once(registers: Registers, fixed_now: dt.datetime, name: str) -> None:
    store = peopled(registers, name, fixed_now)
    told = whole(store, fixed_now)
    assert sum(month.values for month in told.months)
    taken = 0
    for _ in slices(store, fixed_now):
        taken += 1
        assert read_ahead(store, now=fixed_now) is None, "nothing is shown before there is all of it"
        assert kept_forecast(store, now=fixed_now) is None
        assert counting_since(store, now=fixed_now) == fixed_now
    assert taken >= 2 * len(store.register.tables), "each slice did one part"
    assert kept_forecast(store, now=fixed_now, months=24) == (told, fixed_now)
    assert counting_since(store, now=fixed_now) is None
    with store.database.read() as conn:
        for table in (forecast_slices.ROWS, forecast_slices.SAID):
            assert conn.execute(f"SELECT count(*) FROM {table}").all() == [(0,)], "nothing of it is left"


def test_a_slice_ends_in_time_and_the_next_goes_on(
    store: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, real, asked = whole(store, fixed_now), Asking.going, list[tuple[str, int]]()

    def slow(asking: Asking, kind: str, above: int, window: int, most: int) -> object:
        assert window <= 6 and most <= 3
        time.sleep(0.05)
        asked.append((kind, above))
        return real(asking, kind, above, window, most)

    monkeypatch.setattr(Asking, "going", slow)
    began = time.monotonic()
    assert count_ahead(store, now=fixed_now, seconds=0.3)
    first = len(asked)
    assert 1 <= first <= 7 and time.monotonic() - began < 5
    for _ in slices(store, fixed_now, 0.3):
        pass
    assert len(asked) == len(set(asked)) > first, "no part is asked about twice"
    assert kept_forecast(store, now=fixed_now, months=24) == (told, fixed_now)


def test_no_transaction_is_longer_than_a_part(
    store: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    if store.database.dialect == "sqlite":
        pytest.skip("a reader holds up nobody's tidying there")
    real, began = Asking.going, list[object]()

    def noted(asking: Asking, kind: str, above: int, window: int, most: int) -> object:
        began.extend(asking.conn.execute("SELECT now()").all())
        return real(asking, kind, above, window, most)

    monkeypatch.setattr(Asking, "going", noted)
    for _ in slices(store, fixed_now, 60):
        pass
    assert len(began) == len(set(began)) >= len(store.register.tables)


def test_two_that_are_at_the_same_part_keep_it_once(
    store: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, real = whole(store, fixed_now), Asking.going
    count_ahead(store, now=fixed_now, seconds=0)

    def overtaken(asking: Asking, kind: str, above: int, window: int, most: int) -> object:
        found = real(asking, kind, above, window, most)
        monkeypatch.setattr(Asking, "going", real)
        assert count_ahead(store, now=fixed_now, seconds=AT_ONCE), "the other is the first to end"
        return found

    for _ in range(5):
        before = _parts(store)
        monkeypatch.setattr(Asking, "going", overtaken)
        assert count_ahead(store, now=fixed_now, seconds=60), "it ends where it finds that another has gone on"
        assert _parts(store) in (before, before + 1)
    for _ in slices(store, fixed_now):
        pass
    assert kept_forecast(store, now=fixed_now, months=24) == (told, fixed_now)


def _parts(store: RegisterStore) -> int:
    with store.database.read() as conn:
        ((count,),) = conn.execute(f"SELECT count(*) FROM {forecast_slices.ROWS} WHERE kind <> ''")
    return int(count)


@pytest.mark.parametrize("where", ["_said", "_rows", "_gone"])
def test_what_was_killed_is_gone_on_with_by_another(
    registers: Registers, store: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    told, real = whole(store, fixed_now), forecast_slices._moved_on

    class Killed(BaseException):
        pass

    def killed(*_: object) -> bool:
        raise Killed

    def steps(count: forecast_slices._Count, of: str) -> bool:
        monkeypatch.setattr(forecast_slices, "_moved_on", killed)
        return step(count, of)

    step = getattr(forecast_slices._Count, where)
    monkeypatch.setattr(forecast_slices._Count, where, steps)
    with pytest.raises(Killed):
        count_ahead(store, now=fixed_now, seconds=60)
    assert read_ahead(store, now=fixed_now) is None and counting_since(store, now=fixed_now) == fixed_now
    monkeypatch.setattr(forecast_slices, "_moved_on", real)
    monkeypatch.setattr(forecast_slices._Count, where, step)
    later = Registers(registers.settings)
    other = later.open(store.register.notice.register)
    for _ in slices(other, fixed_now):
        pass
    assert kept_forecast(other, now=fixed_now, months=24) == (told, fixed_now)
    later.close()


def test_what_a_failed_part_left_in_memory_is_not_taken_for_kept(
    store: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, real, moved = whole(store, fixed_now), forecast_slices.let_go, list[int]()

    def refused(*_: object) -> bool:
        raise RuntimeError

    def noted(*asked: object) -> bool:
        changed = real(*asked)  # type: ignore[arg-type]
        moved.extend([1] * changed)
        if changed and len(moved) == 2:
            patched.setattr(forecast_slices, "_moved_on", refused)
        return changed

    with monkeypatch.context() as patched, pytest.raises(RuntimeError):
        patched.setattr(forecast_slices, "let_go", noted)
        count_ahead(store, now=fixed_now, seconds=60)
    assert count_ahead(store, now=fixed_now, seconds=AT_ONCE)
    # As for another process, which has only what lies in the register.
    store.kept.pop(forecast_slices.KEPT, None)
    for _ in slices(store, fixed_now):
        pass
    assert kept_forecast(store, now=fixed_now, months=24) == (told, fixed_now)


def test_it_is_of_one_day_one_notice_and_the_rows_after_one_sweep(
    registers: Registers, store: RegisterStore, fixed_now: dt.datetime
) -> None:
    def begun(now: dt.datetime) -> dt.datetime | None:
        for _ in range(9):
            count_ahead(store, now=now, seconds=AT_ONCE)
        return counting_since(store, now=now)

    assert begun(fixed_now) == fixed_now
    sweep(store, now=fixed_now, actor=CLI)
    later = fixed_now + dt.timedelta(hours=1)
    assert begun(later) == fixed_now, "it goes on, also where it began at the moment of the night's own sweep"
    sweep(store, now=later, actor=CLI)
    assert counting_since(store, now=later) is None and begun(later) == later
    midnight = dt.datetime.combine(today(later) + dt.timedelta(days=1), dt.time(), HELSINKI)
    assert counting_since(store, now=midnight) is None and begun(midnight) == midnight
    changed = replace(store.register.notice, digest="e" * 64)
    registers.apply(changed, now=midnight, actor="cli")
    store = registers.open(changed.register)
    assert counting_since(store, now=midnight) is None
    told = whole(store, midnight)
    for _ in slices(store, midnight):
        pass
    assert kept_forecast(store, now=midnight, months=24) == (told, midnight)


def test_what_was_counted_too_long_ago_is_not_shown(store: RegisterStore, fixed_now: dt.datetime) -> None:
    for _ in slices(store, fixed_now, 60):
        pass
    assert kept_forecast(store, now=fixed_now + forecasting.OLD - dt.timedelta(minutes=1)) is not None
    assert kept_forecast(store, now=fixed_now + forecasting.OLD) is None
    assert kept_forecast(store, now=fixed_now - dt.timedelta(minutes=1)) is None, "nor what is of a later day"


# --- among the work of the day ----------------------------------------------------------------------------------------


def test_the_work_of_others_goes_before_each_slice(
    registers: Registers,
    opened: Callable[[str], RegisterStore],
    fixed_now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened("fluiconnecto/notice")
    opened("proseduuri/notice")
    did = list[tuple[str, str]]()

    def job(name: str, *, more: bool) -> Callable[[RegisterStore, dt.datetime], bool]:
        return lambda store, now: did.append((name, store.register.notice.register)) is None and more

    monkeypatch.setattr(daily, "JOBS", {"sweep": job("sweep", more=False), "ahead": job("begin", more=True)})
    monkeypatch.setattr(daily, "SLICES", {"ahead": job("slice", more=True)})
    monkeypatch.setattr(daily, "TELLING", {})
    done = daily.run_due(registers, now=fixed_now)
    assert [name for name, _ in did] == ["sweep", "begin"] * 2
    assert [each.more for each in done] == [False, True] * 2
    assert daily.run_due(registers, now=fixed_now) == (), "what has more to do is not due as a whole"
    last = ""
    for _ in range(4):
        one = daily.go_on(registers, now=fixed_now, after=last)
        assert one is not None and one.more
        last = one.register
    assert did[4:] == [("slice", KEY), ("slice", "proseduuri_customers")] * 2, "they take turns"


def test_a_slice_is_one_processs_at_a_time(
    registers: Registers, store: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    at, most, both = list[int](), list[int](), threading.Barrier(2)

    def slow(store: RegisterStore, now: dt.datetime) -> bool:
        at.append(1)
        most.append(len(at))
        time.sleep(0.3)
        at.pop()
        return True

    real = kept.goes_on

    def together(*args: object) -> list[tuple[str, str]]:
        found = real(*args)  # type: ignore[arg-type]
        # Both have seen that there is more to do before either claims it.
        both.wait(10)
        return found

    monkeypatch.setattr(daily, "SLICES", {"ahead": slow})
    daily.run_due(registers, now=fixed_now)
    monkeypatch.setattr(kept, "goes_on", together)
    threads = [threading.Thread(target=daily.go_on, args=(registers,), kwargs={"now": fixed_now}) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert most == [1]


def test_a_register_in_use_is_counted_anew_by_one_process(
    registers: Registers, store: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    daily.run_due(registers, now=fixed_now)
    while daily.go_on(registers, now=fixed_now) is not None:
        pass
    assert read_ahead(store, now=fixed_now) is not None
    changed = replace(store.register.notice, digest="e" * 64)
    registers.apply(changed, now=fixed_now, actor="cli")
    store, asked = registers.open(KEY), list[int]()
    real = forecasting.is_large
    monkeypatch.setattr(daily, "is_large", lambda *a, **k: asked.append(1) or real(*a, **k))
    assert daily.go_on(registers, now=fixed_now) is None
    for _ in range(3):
        daily.keep_figures(registers, now=fixed_now)
    assert len(asked) == 1, "whether a register is large is not asked again and again"
    with registers.deployment.read() as conn:
        assert kept.goes_on(conn, daily.due_day(fixed_now)) == [(KEY, "ahead")]
    while daily.go_on(registers, now=fixed_now) is not None:
        pass
    assert read_ahead(store, now=fixed_now) is not None
    # Another process that looked before it was there does not count it again.
    monkeypatch.setattr(daily, "SLICES", {})
    looks = iter((None, read_ahead(store, now=fixed_now)))
    monkeypatch.setattr(daily, "read_ahead", lambda *a, **k: next(looks))
    daily.keep_figures(registers, now=fixed_now)
    with registers.deployment.read() as conn:
        assert kept.goes_on(conn, daily.due_day(fixed_now)) == []


def test_a_worker_does_what_is_due_between_slices(
    registers: Registers, store: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, did, enough = list[int](), list[int](), threading.Event()
    real = daily.run_due

    def due(registers: Registers, *, now: dt.datetime) -> tuple[daily.Done, ...]:
        looks.append(len(did))
        if len(looks) > 3:
            enough.set()
        return real(registers, now=now)

    def more(store: RegisterStore, now: dt.datetime) -> bool:
        did.append(1)
        return True

    monkeypatch.setattr(daily, "FIRST_SECONDS", 0.01)
    monkeypatch.setattr(daily, "WAKE_SECONDS", 0.3)
    monkeypatch.setattr(daily, "SLICES", {"ahead": more})
    monkeypatch.setattr(daily, "run_due", due)
    worker = daily.Daily(registers, now=lambda: fixed_now)
    worker.start()
    assert enough.wait(30), "a count without an end holds up nobody"
    worker.stop()
    assert not worker.is_alive() and looks[1] > looks[0]


def test_the_whole_count_is_done_by_a_timer_too(tmp_path: Path, fixed_now: dt.datetime) -> None:
    from click.testing import CliRunner

    from seloste.cli import group
    from seloste.clock import now
    from seloste.settings import Settings

    registers = Registers(Settings(data_dir=tmp_path, key_file=tmp_path / "secret.key"))
    applied(registers, example("fluiconnecto/notice"), fixed_now)
    peopled(registers, "fluiconnecto/notice", fixed_now)
    registers.close()
    once = CliRunner().invoke(group, ["work", "--once", "--data-dir", str(tmp_path)])
    assert once.exit_code == 0 and f"{KEY}: ahead " in once.output
    registers = Registers(Settings(data_dir=tmp_path, key_file=tmp_path / "secret.key"))
    assert read_ahead(registers.open(KEY), now=now()) is not None
    registers.close()
