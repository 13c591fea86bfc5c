"""A page of a long list on PostgreSQL is read by an index, and is the page that the list ordered whole has there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.operations.conftest import SALES
from tests.prepared import applied, example

from seloste.compiler.orders import Listed
from seloste.operations.actor import CLI
from seloste.operations.records import ordering, read, walk
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow, Record, TooFarError
from seloste.operations.records.read import Filter, From, Page
from seloste.operations.records.where import Tied
from seloste.settings import Settings
from seloste.store.dialects.postgresql import PostgresDatabase
from seloste.store.engine import Row, quote, to_numbered
from seloste.store.placed import here
from seloste.store.registers import Registers, RegisterStore

SIZE = 7
PEOPLE = 60


@pytest.fixture
def store(tmp_path: Path, pg_url: str, fixed_now: dt.datetime) -> Iterator[RegisterStore]:
    """A register of company contacts on PostgreSQL, some of one name, some without a last name, some who have left."""
    made = Registers(Settings(data_dir=tmp_path, database_url=pg_url, key_file=tmp_path / "key"))
    notice = example("fluiconnecto/notice")
    applied(made, notice, fixed_now)
    opened = made.open(notice.register)
    rows = [NewRow("organisation", {"name": "Havupumppu Oy"}, ref="o")]
    for number in range(PEOPLE):
        name = {"first_name": f"Sari {number % 5}"} | ({"last_name": f"Åä {number % 9}"} if number % 8 else {})
        rows.append(NewRow("person", name, ref=f"p{number}"))
        tie = {"stage": "lead" if number % 10 == 3 else "customer", "began": f"20{10 + number % 11}-05-01"}
        gone = {"ended": "2026-11-20"} if number % 6 == 1 else {}
        rows.append(NewRow("relationship", tie | gone, {"person": f"p{number}", "organisation": "o"}))
    collect(opened, rows, actor=CLI, now=fixed_now)
    yield opened
    made.close()


def counted(select: Callable[..., list[Record]], found: list[object]) -> Callable[..., list[Record]]:
    """Rows are selected as ever; each time by an offset is noted."""

    def selects(*given: Any) -> list[Record]:
        if "OFFSET" in given[4]:
            found.append(given[4])
        return select(*given)

    return selects


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize(("kind", "sort"), [("person", "last_name"), ("relationship", "began")])
def test_pages_follow_each_other_as_in_the_list_ordered_whole(
    store: RegisterStore,
    fixed_now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    sort: str,
    *,
    descending: bool,
) -> None:
    now = fixed_now + dt.timedelta(days=365)  # who has left is shown no more, and was not swept yet
    read_by_offset: list[object] = []

    def page(number: int, begins: From | None = None) -> Page:
        return read.rows(
            store, kind, sort=sort, descending=descending, page=number, size=SIZE, begins=begins, most=20,
            actor=SALES, now=now,
        )  # fmt: skip

    whole = read.ids(store, kind, sort=sort, descending=descending, actor=SALES, now=now)
    pages = [whole[start : start + SIZE] for start in range(0, len(whole), SIZE)]
    monkeypatch.setattr(ordering, "LONG", 0)
    monkeypatch.setattr(read, "_select", counted(read._select, read_by_offset))
    begins, found = None, list[Page]()
    for number in range(1, len(pages) + 1):
        found.append(page(number, begins))
        begins = From(found[-1].rows[-1].id)
    assert [[row.id for row in each.rows] for each in found] == pages
    assert [each.follows for each in found] == [True] * (len(pages) - 1) + [False]
    assert {(each.total, each.over) for each in found} == {(20, True)}
    before = page(2, From(found[2].rows[0].id, back=True))
    assert ([row.id for row in before.rows], before.follows) == (pages[1], True)
    first = page(1, From(found[0].rows[2].id, back=True))
    assert [row.id for row in first.rows] == pages[0]
    assert len(whole) < PEOPLE
    # Only a page that begins among those without a name is read from the beginning of the list.
    assert len(read_by_offset) <= (1 if kind == "person" else 0)


def test_a_page_is_read_by_the_index_and_nothing_is_sorted(
    store: RegisterStore, pg_url: str, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def own(self: walk.Candidates, sql: str, params: dict[str, Any]) -> list[Row]:
        asked.append(sql)
        return ask(self, sql, params)

    ask = walk.Walk.own
    monkeypatch.setattr(ordering, "LONG", 0)
    monkeypatch.setattr(walk.Candidates, "own", own)
    for kind, sort in (("person", "last_name"), ("relationship", "began")):
        first = read.rows(store, kind, sort=sort, size=SIZE, actor=SALES, now=fixed_now)
        read.rows(store, kind, sort=sort, size=SIZE, begins=From(first.rows[-1].id), actor=SALES, now=fixed_now)
    parts = [sql for sql in asked if "ORDER BY" in sql]
    assert len(parts) == 4
    database = here(store.database)
    assert isinstance(database, PostgresDatabase)
    with psycopg.connect(pg_url) as conn:
        # The table is small: what stands in the way of the index is its size alone.
        conn.execute(f"SET search_path TO {quote(database.schema)}")
        conn.execute("SET enable_seqscan TO off; SET enable_bitmapscan TO off")
        for sql in parts:
            plan = str(conn.execute(f"EXPLAIN (GENERIC_PLAN) {to_numbered(sql)[0]}".encode()).fetchall())
            assert " using sys_by_" in plan and "Sort" not in plan, plan


@pytest.mark.parametrize("most", [200, 20, 2])
@pytest.mark.parametrize("stage", ["customer", "lead"])
def test_people_narrowed_by_what_ties_them_are_found_without_reading_every_tie(
    store: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch, most: int, stage: str
) -> None:
    narrowed = [Filter("relationship.stage", "=", stage)]
    now = fixed_now + dt.timedelta(days=365)
    whole = read.ids(store, "person", filters=narrowed, sort="last_name", actor=SALES, now=now)
    every = read.ids(store, "person", sort="last_name", actor=SALES, now=now)
    assert 2 < len(whole) < len(every), "some are not tied so, and some of those who are have left"

    def refused(self: Tied) -> str:
        raise AssertionError(f"every {self.kind} is read")

    rows = read.rows(store, "person", size=99, actor=SALES, now=now).rows
    named = {row.id for row in rows if "last_name" in row.values} & set(whole)
    monkeypatch.setattr(ordering, "LONG", 0)
    monkeypatch.setattr(Tied, "whole", property(refused))
    begins, found = None, list[int]()
    while len(found) < len(named) - 3:
        page = read.rows(
            store, "person", filters=narrowed, sort="last_name", size=2, begins=begins, most=most, actor=SALES, now=now
        )
        assert (page.total, page.over) == (min(len(whole), most), len(whole) > most)
        found += [row.id for row in page.rows]
        begins = From(found[-1])
    assert found and found == whole[: len(found)]


def test_a_page_beyond_what_is_counted_is_reached_from_the_one_before_and_not_by_its_number(
    store: RegisterStore, fixed_now: dt.datetime
) -> None:
    def page(number: int, begins: From | None = None, most: int = 20) -> Page:
        return read.rows(
            store, "person", sort="last_name", page=number, size=5, begins=begins, most=most, actor=SALES, now=fixed_now
        )

    assert page(4).follows
    with pytest.raises(TooFarError, match="first 20"):
        page(5)
    assert page(5, From(page(4).rows[-1].id)).rows
    beyond = page(3000, most=10_000)
    assert beyond.rows == () and beyond.total > 20 and not beyond.over, "there is no such page of a short list"


def test_what_is_due_is_found_by_an_index_of_what_is_not_done(
    store: RegisterStore, pg_url: str, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = fixed_now.date()
    rows = []
    for number in range(40):
        due = {"due_on": (day + dt.timedelta(days=number % 13 - 8)).isoformat()} if number % 5 else {}
        done = {"done_on": day.isoformat()} if number % 3 == 0 else {}
        rows.append(NewRow("task", {"subject": f"Soita {number}"} | due | done, {"relationship": 1 + number % 7}))
        at = {"at": fixed_now, "channel": "meeting", "text": "Sovittiin."}
        again = {"next_on": due["due_on"]} if due else {}
        rows.append(NewRow("interaction", at | again, {"relationship": 1 + number % 7}))
    collect(store, rows, actor=CLI, now=fixed_now)
    soon, since = day + dt.timedelta(days=2), day - dt.timedelta(days=5)
    asked = {
        "task": ("due_on", [Filter("due_on", "<=", soon), Filter("done_on", "empty")]),
        "interaction": ("next_on", [Filter("next_on", "<=", soon), Filter("next_on", ">=", since)]),
    }
    statements: list[str] = []
    ask = walk.Candidates.own

    def own(self: walk.Candidates, sql: str, params: dict[str, Any]) -> list[Row]:
        statements.append(sql)
        return ask(self, sql, params)

    monkeypatch.setattr(walk.Candidates, "own", own)

    def found(kind: str) -> tuple[list[int], bool]:
        sort, filters = asked[kind]
        page = read.rows(store, kind, filters=filters, sort=sort, size=6, most=0, actor=SALES, now=fixed_now)
        return [row.id for row in page.rows], page.follows

    quick = {kind: found(kind) for kind in asked}
    assert len(statements) == 2 and all(len(ids) == 6 and follows for ids, follows in quick.values())
    database = here(store.database)
    assert isinstance(database, PostgresDatabase)
    with psycopg.connect(pg_url) as conn:
        conn.execute(f"SET search_path TO {quote(database.schema)}")
        conn.execute("SET enable_seqscan TO off; SET enable_bitmapscan TO off")
        for sql in statements:
            plan = str(conn.execute(f"EXPLAIN (GENERIC_PLAN) {to_numbered(sql)[0]}".encode()).fetchall())
            assert " using sys_due_" in plan and "Sort" not in plan, plan
    monkeypatch.setattr(walk, "due_in_order", lambda *_: None)
    assert {kind: found(kind) for kind in asked} == quick
    assert len(statements) == 2


def test_the_mark_of_an_index_that_registers_have_is_as_it_was() -> None:
    # By the mark it is seen whether the index is as it is to be; another one has every register's made anew.
    assert repr(Listed("last_name", ("first_name",), text=True)) == (
        "Listed(cell='last_name', then=('first_name',), text=True)"
    )
