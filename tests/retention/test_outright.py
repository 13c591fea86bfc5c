"""Many rows whose own date has passed go together: the same rows, counts and traces as one by one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.operations.conftest import SALES, contact
from tests.retention.test_sweep import cells
from tests.retention.test_word import ALBUM
from tests.rule.strategies import meant
from tests.rule.world import built, new_place

from seloste.compiler.lower import compile_notice
from seloste.operations.actor import CLI
from seloste.operations.permissions import say
from seloste.operations.retention import sweep as sweeping
from seloste.operations.retention.sweep import SweepReport, sweep, taken_back
from seloste.store import ledger, sweep_due
from seloste.store.engine import one
from seloste.store.journal import verify
from seloste.store.registers import RegisterStore
from seloste.store.sweep import forget
from seloste.store.sweep_run import Run
from seloste.store.verify import verify_derived

MAILED = 40


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sweep_due, "MANY", 5)
    yield


def mailed(store: RegisterStore, now: dt.datetime) -> dt.datetime:
    """Newsletters to four people, one of whom comes under a hold; the day after the year of all but one has passed."""
    people = [contact(store, now, first=f"Nimi{number}") for number in range(4)]
    ties = {int(str(row["person"])): int(str(row["id"])) for row in cells(store, "relationship", now)}
    rows = []
    for number in range(MAILED):
        who = people[number % 4]
        to = {"person": who} if number % 8 < 2 else {"relationship": ties[who]}
        sent = now + dt.timedelta(days=9 if number == 0 else 0)
        rows.append({**to, "sent_at": sent, "channel": "email", "subject": f"Kirje {number}" if number % 3 else None})
    with store.write(now) as work:
        work.insert_many("message", rows, source="own_records")
    later = now + dt.timedelta(days=364)
    sweep(store, now=later, actor=CLI, every_row=True)
    say.hold(store, people[3], "riita", owner="a9", review_on=None, actor=SALES, now=later)
    return later + dt.timedelta(days=3)


def plain(report: SweepReport) -> SweepReport:
    return replace(report, dry_run=False, by="", seconds=0)


def test_they_go_as_they_would_one_by_one(
    store: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = mailed(store, fixed_now)
    with taken_back(store, day) as work:
        assert "message" in {rule.kind for rule in sweep_due.begin(work).rules}
    told = sweep(store, now=day, actor=CLI, dry_run=True)
    monkeypatch.setattr(sweep_due, "MANY", 10_000)
    with taken_back(store, day) as work:
        assert sweep_due.begin(work).rules == ()
    assert plain(sweep(store, now=day, actor=CLI, dry_run=True)) == plain(told)
    monkeypatch.setattr(sweep_due, "MANY", 5)
    with store.read(day) as conn:
        before = ledger.last(conn)
    done = sweep(store, now=day, actor=CLI)
    assert plain(done) == plain(told)
    left = {int(str(row["id"])) for row in cells(store, "message", day)}
    # The one that was sent later, and those of whoever is under a hold.
    assert len(left) == 1 + MAILED // 4
    assert done.line("message", "subject").goes == sum(bool(n % 3) for n in range(1, MAILED) if n % 4 != 3)
    with store.read(day) as conn:
        noted = [row for row in ledger.after(conn, before, 99) if row[1] == "message"]
        assert one(conn.execute("SELECT sum(count) FROM journal WHERE kind = 'message' AND verb = 'sweep'")) == (29,)
        assert not conn.execute(
            "SELECT 1 FROM sys_find WHERE kind = 'message' AND row NOT IN (SELECT id FROM message)"
        ).first()
    ((_, _, first, gone, _, others),) = noted
    rows = ledger.rows_of(first, others)
    assert gone and len(rows) == MAILED - len(left) and not left & set(rows)
    assert verify(store.database).ok and verify_derived(store, day).ok
    assert sweep(store, now=day, actor=CLI, every_row=True).rows == 0


def test_a_hold_that_comes_while_they_go_keeps_its_own(
    store: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = mailed(store, fixed_now)
    monkeypatch.setattr(sweeping, "AT_MOST", 0)
    monkeypatch.setattr("seloste.store.sweep_run.FIRST", 4)
    run = Run(every_row=False)
    for _ in range(2):  # what is due is found, and the first four go
        with store.write(day) as work:
            run.step(work)
    (holder,) = {int(str(row["person"])) for row in cells(store, "relationship", day)[:1]}
    say.hold(store, holder, "riita", owner="a9", review_on=None, actor=SALES, now=day)
    kept = len(cells(store, "message", day))
    # That run was ended. The next begins where it was.
    done = sweep(store, now=day, actor=CLI)
    left = cells(store, "message", day)
    assert len(left) == kept - done.rows > 1 + MAILED // 4
    ties = {int(str(row["id"])): int(str(row["person"])) for row in cells(store, "relationship", day)}
    mine = [row for row in left if holder in (row.get("person"), ties.get(int(str(row.get("relationship", 0)))))]
    assert len(mine) == len(left) - MAILED // 4
    assert verify_derived(store, day).ok and verify(store.database).ok


def test_keys_of_a_kind_that_has_none_are_not_looked_for_among_all_others(tmp_path: Path, pg_url: str) -> None:
    notice = meant(ALBUM)
    assert notice is not None
    with built(compile_notice(notice), new_place("postgresql", tmp_path, pg_url)) as store:
        with store.database.transaction() as conn:
            keys = "SELECT 'key' || n, 'person', n, 'first_name' FROM generate_series(1, 5000) n"
            conn.execute(f"INSERT INTO sys_find (key, kind, row, item) {keys}")
            conn.execute("ANALYZE sys_find")
        with store.database.transaction() as conn:
            forget(conn, "print", {"ids": "{}"})
            read = "SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'sys_find'"
            assert one(conn.execute(f"{read} AND schemaname = current_schema()")) == (0,)
