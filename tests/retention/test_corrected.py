"""What a corrected cell lets go is gone after the day's sweep, which looks at others only where a rule rests on it."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rule.strategies import NOW, Drawn, histories, meant, registers, value_of
from tests.rule.world import Names, built, differences, do, dump, new_place, writing

from seloste.clock import HELSINKI
from seloste.compiler.lower import compile_notice
from seloste.operations.actor import CLI, Actor
from seloste.operations.records.model import InvalidRowsError, NoSuchRowError
from seloste.operations.records.rectify import rectify
from seloste.operations.retention.sweep import sweep
from seloste.store import due
from seloste.store.registers import RegisterStore
from seloste.store.sweep_due import collect
from seloste.store.work import NotNeededError

ALL = Actor("a1", "all")
LONG_AGO = {"date": dt.date(1999, 5, 2), "time": dt.datetime(1999, 5, 2, tzinfo=HELSINKI)}


def correct(store: RegisterStore, data: st.DataObject) -> None:
    """A cell of whichever row gets another value, where that is allowed; a date more often than not one long past."""
    register = store.register
    items = {
        kind: [item for name, item in table.kind.items.items() if table.column(name) in table.of_role("item")]
        for kind, table in register.tables.items()
        if kind in register.subjects or not table.kind.built_in
    }
    with store.read(NOW) as conn:
        there = [
            (kind, int(row))
            for kind, found in items.items()
            for (row,) in conn.execute(f'SELECT id FROM "{kind}" ORDER BY id').all()
            if found
        ]
    if there:
        kind, row = data.draw(st.sampled_from(there), label="row")
        dates = [item for item in items[kind] if item.type in ("date", "time")]
        item = data.draw(st.sampled_from([*dates, *dates, *items[kind]]), label="item")
        past = LONG_AGO.get(item.type)
        value = data.draw(st.one_of(st.just(past), value_of(item, list(register.purposes))), label="value")
        with suppress(InvalidRowsError, NoSuchRowError, NotNeededError):
            rectify(store, kind, row, {item.key: value}, source="subject", actor=ALL, now=NOW)


def live(drawn: Drawn, data: st.DataObject, place: tuple[str, str | None]) -> None:
    steps = data.draw(histories(drawn), label="history")
    with built(drawn.register, place) as store:
        names = Names()
        with writing(store, NOW) as work:
            for step in steps:
                do(work, names, step)
        sweep(store, now=NOW, actor=CLI)
        again = sweep(store, now=NOW, actor=CLI, every_row=True)
        if (again.rows, again.cells) != (0, 0):
            return  # The case that docs/why/retention.md says is not met.
        for _ in range(data.draw(st.integers(4, 12), label="corrections")):
            correct(store, data)
        sweep(store, now=NOW, actor=CLI)
        left = sweep(store, now=NOW, actor=CLI, every_row=True, dry_run=True)
        assert (left.rows, left.cells) == (0, 0), "what nobody needs was left"
        assert differences(store, NOW) == []


@settings(max_examples=8)
@given(drawn=registers(), data=st.data())
def test_sqlite(drawn: Drawn, data: st.DataObject, tmp_path: Path) -> None:
    live(drawn, data, new_place("sqlite", tmp_path, None))


@settings(max_examples=2)
@given(drawn=registers(), data=st.data())
def test_postgresql(drawn: Drawn, data: st.DataObject, tmp_path: Path, pg_url: str) -> None:
    live(drawn, data, new_place("postgresql", tmp_path, pg_url))


HOTEL = {
    "seloste": 1,
    "vocabulary": "2026-11",
    "register": "hotel",
    "title": "Hotel",
    "languages": ["en"],
    "effective": "2026-11-01",
    "controller": {"name": "Hotel Ltd", "address": "Katu 1, 00100 Helsinki", "email": "hotel@hotel.example"},
    "kinds": {
        "booking": {
            "label": "booking",
            "about": "person",
            "of": ["person"],
            "items": {"began": "date", "room": "text"},
            "dated": "began",
        },
        "meal": {"label": "meal", "about": "person", "of": ["booking"], "items": {"name": "text"}},
    },
    "purposes": {
        "stay": {
            "text": "A stay",
            "basis": "contract",
            "is": "ordinary",
            "needed_for": "No room otherwise.",
            "uses": ["booking", "meal", "first_name"],
            "keep": {"booking": "10 years after began"},
        },
    },
    "staff": {"all": ["stay", "accountability"]},
    "sources": ["subject"],
}


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
@pytest.mark.parametrize(
    ("item", "value", "looked"),
    [("room", "12", {"booking"}), ("began", dt.date(2003, 5, 2), {"booking", "meal", "person"})],
)
def test_others_are_looked_at_where_a_rule_rests_on_the_cell(
    engine: str, item: str, value: object, looked: set[str], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    notice = meant(HOTEL)
    assert notice is not None
    place = new_place(engine, tmp_path, request.getfixturevalue("pg_url") if engine == "postgresql" else None)
    with built(compile_notice(notice), place) as store:
        with writing(store, NOW) as work:
            person = work.insert("person", {"first_name": "Sari"}, source="subject")
            booking = work.insert("booking", {"person": person, "began": NOW.date(), "room": "11"}, source="subject")
            work.insert_many("meal", [{"booking": booking, "name": "keitto"}] * 3, source="subject")
        sweep(store, now=NOW, actor=CLI)
        rectify(store, "booking", booking, {item: value}, source="subject", actor=ALL, now=NOW)
        with store.write(NOW) as work:
            collect(work)
            due.spread(work.conn, store.register, due.DAILY)
            assert set(due.counts(work.conn, due.DAILY)) == looked
        sweep(store, now=NOW, actor=CLI)
        assert len(dump(store)["meal"]) == (3 if item == "room" else 0)
