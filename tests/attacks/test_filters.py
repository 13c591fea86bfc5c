"""Hostile names and values in every filter, sort, search and write: our errors, or rows that the lens shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from tests.attacks.hostile import DATABASE_WORDS, NAMES, TEXTS, VALUES
from tests.attacks.world import NOW, World

from seloste.errors import SelosteError
from seloste.operations.actor import Actor
from seloste.operations.records import read
from seloste.operations.records.collect import collect
from seloste.operations.records.find import find
from seloste.operations.records.model import NewRow
from seloste.operations.records.read import Filter
from seloste.operations.records.rectify import rectify
from seloste.operations.records.reveal import reveal
from seloste.operations.records.validate import Validator
from seloste.operations.records.why import why
from seloste.store.registers import RegisterStore

OPS = ["=", ">=", "<=", "empty", "filled", "has", "in"]


def ours(world: World, store: RegisterStore, lens: str, verb: Callable[..., object], *args: Any, **more: Any) -> object:
    """What a verb gives, None when it refused in our words. Whatever it says or gives holds nothing hidden."""
    actor = Actor("a", lens)
    try:
        given = verb(store, *args, **more, actor=actor, now=NOW)
    except SelosteError as error:
        told = error.message("fi") + error.message("en")
        said = repr((args, more)).lower()
        assert not [word for word in DATABASE_WORDS if word in told.lower() and word not in said], told
        assert len(told) < 20_000
        assert not world.marks_in(store, told) & world.hidden(store, lens)
        return None
    assert not world.marks_in(store, given) & world.hidden(store, lens)
    return given


def test_filters_take_no_name_that_the_lens_does_not_show(world: World) -> None:
    for store, lens in world.lenses():
        kind = next(iter(store.register.lenses[lens].shows))
        for name in NAMES:
            for op in OPS:
                for value in ("x", 1, [1]):
                    filters = [Filter(name, op, value)]
                    assert ours(world, store, lens, read.rows, kind, filters=filters) is None, (name, op)


def test_sorting_takes_no_name_that_the_lens_does_not_show(world: World) -> None:
    for store, lens in world.lenses():
        kind = next(iter(store.register.lenses[lens].shows))
        for name in [name for name in NAMES if name not in store.register.lenses[lens].shows[kind]]:
            assert ours(world, store, lens, read.rows, kind, sort=name) is None
            assert ours(world, store, lens, read.ids, kind, sort=name) is None


def test_kinds_take_no_name_that_the_lens_does_not_show(world: World) -> None:
    for store, lens in world.lenses():
        kinds = [*NAMES, *(set(store.register.tables) - set(store.register.lenses[lens].shows)), "sys_find", "sys_meta"]
        for kind in kinds:
            assert ours(world, store, lens, read.rows, kind) is None
            assert ours(world, store, lens, read.count, kind) is None
            for verb in (read.row, read.around, why):
                assert ours(world, store, lens, verb, kind, 1) is None
            assert ours(world, store, lens, rectify, kind, 1, {"x": "y"}, source="subject") is None
            assert ours(world, store, lens, collect, [NewRow(kind, {"x": "y"})]) is None
            assert ours(world, store, lens, reveal, kind, 1, kind, purpose=kind) is None


@pytest.mark.parametrize("lens", [*NAMES, "sales'", "postgres"])
def test_lenses_that_are_not_there_see_nothing(world: World, lens: str) -> None:
    actor = Actor("a", lens)
    for register in world.marks:
        store = world.store(register)
        with pytest.raises(SelosteError):
            read.rows(store, "person", actor=actor, now=NOW)
        with pytest.raises(SelosteError):
            read.row(store, "person", 1, actor=actor, now=NOW)
        assert find(store, "Mark", actor=actor, now=NOW).hits == ()


@pytest.mark.parametrize("op", OPS)
def test_filters_take_any_value(world: World, op: str) -> None:
    for store, lens in list(world.lenses())[::3]:
        for kind, items in store.register.lenses[lens].shows.items():
            for item in [*items, *(c.name for c in store.register.tables[kind].of_role("reference")), "id"]:
                for value in VALUES[:: 1 if kind == "person" else 7]:
                    filters = [Filter(item, op, value)]
                    ours(world, store, lens, read.rows, kind, filters=filters)
                    ours(world, store, lens, read.count, kind, filters=filters)


@pytest.mark.parametrize("text", TEXTS)
def test_search_takes_any_text_and_finds_only_what_the_lens_shows(world: World, text: str) -> None:
    for store, lens in world.lenses():
        ours(world, store, lens, find, text)
        ours(world, store, lens, find, f"Mark {text}", kinds=["person", text])


def test_search_finds_no_hidden_text(world: World) -> None:
    for store, lens in world.lenses():
        for mark in sorted(world.hidden(store, lens)):
            found = find(store, mark, actor=Actor("a", lens), now=NOW)
            assert found.hits == ()
            assert not found.more


@pytest.mark.parametrize("number", [0, -1, -(2**63), 2**31, 2**63 - 1, 2**63, 10**30])
def test_pages_and_numbers_of_any_size(world: World, number: int) -> None:
    store = world.store("fluiconnecto_customers")
    for verb in (read.row, read.around, why):
        ours(world, store, "sales", verb, "person", number)
    ours(world, store, "sales", read.rows, "person", page=number)
    ours(world, store, "sales", read.by_ids, "person", [number, 1])
    ours(world, store, "sales", rectify, "person", number, {"last_name": "x"}, source="subject")


def test_a_filter_of_many_ids_is_one(world: World) -> None:
    """A search or a list of what leaves may name thousands."""
    store = world.store("fluiconnecto_customers")
    actor = Actor("a", "sales")
    everyone = read.rows(store, "person", actor=actor, now=NOW)
    filters = [Filter("id", "in", list(range(1, 20_000)))]
    assert read.rows(store, "person", filters=filters, actor=actor, now=NOW) == everyone
    assert read.count(store, "person", filters=filters, actor=actor, now=NOW) == everyone.total


def test_writes_take_no_name_that_is_not_the_notices(world: World) -> None:
    for store, lens in list(world.lenses())[::3]:
        before = _rows(store)
        for name in NAMES:
            for value in ("x", 1):
                row = NewRow("person", {name: value}, {name: 1}, source=name, ref=name, cell_sources={name: name})
                assert ours(world, store, lens, collect, [row]) is None
                assert ours(world, store, lens, rectify, "person", 2, {name: value}, source="subject") is None
        assert _rows(store) == before


@pytest.mark.parametrize("kind", ["person", "organisation", "interaction", "order", "invoice"])
def test_items_take_any_value_or_refuse_it(world: World, kind: str) -> None:
    """What passes the validator can be stored and read; what does not is refused in our words. It is then undone."""
    store = world.store("fluiconnecto_customers")
    for lens in store.register.lenses.values():
        for item in lens.shows.get(kind, ()):
            for value in VALUES:
                row = NewRow(kind, {item: value}, {"organisation": 1, "person": 2}, source="subject")
                ours(world, store, lens.key, _stored_and_undone, row)


def test_rows_are_pointed_at_by_numbers_or_names_of_rows_that_come_along(world: World) -> None:
    store = world.store("fluiconnecto_customers")
    before = _rows(store)
    for value in [*VALUES, 10**18, 990_001]:
        if value in (None, "", []):
            continue
        for row in (
            NewRow("order", {"number": "x", "contact": value}, {"person": 2}),
            NewRow("order", {"number": "x"}, {"person": value}),  # type: ignore[dict-item]
            NewRow("interaction", {"subject": "x"}, {"relationship": value, "person": 2}),  # type: ignore[dict-item]
        ):
            assert ours(world, store, "sales", collect, [row]) is None
        assert ours(world, store, "sales", rectify, "order", 2, {"contact": value}, source="subject") is None
    assert _rows(store) == before


class _UndoneError(SelosteError):
    pass


def _stored_and_undone(store: RegisterStore, row: NewRow, *, actor: Actor, now: dt.datetime) -> None:
    validator = Validator(store.register, store.register.lenses[actor.lens])
    values = validator.row(row)
    parents = set(store.register.tables[row.kind].kind.of)
    if validator.problems or any(column not in parents for column, _, _ in validator.pointers(row)):
        return  # a row that is pointed at is looked for by collect itself, which the next test asks
    with store.write(now) as work:
        work.insert(row.kind, values, source=row.source)
        raise _UndoneError("x", "x")


def _rows(store: RegisterStore) -> list[object]:
    with store.database.read() as conn:
        return [conn.execute(f'SELECT count(*) FROM "{kind}"').all() for kind in store.register.tables]


def test_no_value_reaches_the_journal(world: World) -> None:
    for register in world.marks:
        store = world.store(register)
        store.reads.flush()
        with store.database.read() as conn:
            journal = repr(conn.execute("SELECT * FROM journal").all())
        assert len(journal) > 1000
        assert not world.marks_in(store, journal)
        assert "DROP TABLE" not in journal
        assert dt.date(2026, 11, 25).isoformat() in journal
