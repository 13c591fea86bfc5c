"""An operation is refused exactly when the one rule says that a cell it wrote is needed by nobody."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rule.oracle import Oracle
from tests.rule.strategies import NOW, Drawn, examples, histories, operations, registers
from tests.rule.world import Names, built, do, new_place, read_rows, writing

from seloste.clock import today
from seloste.store.engine import Connection
from seloste.store.registers import RegisterStore
from seloste.store.work import NotNeededError, Work

Cells = set[tuple[str, int, str]]


class RolledBackError(Exception):
    """Nothing of the operation is kept."""


def by_the_rule(store: RegisterStore, conn: Connection, before: Oracle, work: Work) -> Cells:
    """The written cells that nobody needs; a change is taken when its cell was needed before it."""
    after = Oracle(store.register.notice, read_rows(conn, store.register), today(NOW))
    found: Cells = set()
    for kind, numbers in work.written.items():
        for number in numbers & after.rows[kind].keys():
            old = before.rows[kind].get(number)
            for column in written_columns(after, before, kind, number):
                if after.needed((kind, number), column):
                    continue
                if old is None or not before.needed((kind, number), column):
                    found.add((kind, number, column))
    return found


def written_columns(after: Oracle, before: Oracle, kind: str, number: int) -> list[str]:
    cells, old = after.rows[kind][number], before.rows[kind].get(number)
    names = [column for column, _ in after.references(kind)] + list(after.kinds[kind].items)
    return [
        name
        for name in dict.fromkeys(names)
        if cells[name] is not None and (old is None or same(old[name]) != same(cells[name]))
    ]


def same(cell: object) -> object:
    return bytes(cell) if isinstance(cell, memoryview) else cell


def store_and_compare(drawn: Drawn, data: st.DataObject, place: tuple[str, str | None]) -> None:
    steps = data.draw(histories(drawn, most=12), label="history")
    tried = data.draw(st.lists(operations(drawn), min_size=2, max_size=4), label="operations")
    with built(drawn.register, place) as store:
        names = Names()
        with writing(store, NOW) as work:
            for step in steps:
                do(work, names, step)
        for operation in tried:
            try_one(store, names.copy(), operation)


def try_one(store: RegisterStore, names: Names, operation: list[object]) -> None:
    with store.database.read() as conn:
        before = Oracle(store.register.notice, read_rows(conn, store.register), today(NOW))
    found: Cells = set()
    with pytest.raises(RolledBackError), store.database.transaction() as conn:
        store._keep_day(conn, NOW)
        work = Work(conn, store.statements, store.keys, NOW)
        for step in operation:
            do(work, names, step)  # type: ignore[arg-type]
        found = set(work.unneeded())
        assert found == by_the_rule(store, conn, before, work)
        raise RolledBackError
    again = names_of(store)
    try:
        with store.write(NOW) as work:
            for step in operation:
                do(work, again, step)  # type: ignore[arg-type]
    except NotNeededError as refused:
        assert {(kind, column) for kind, _, column in found} == set(refused.cells)
    else:
        assert found == set()


def names_of(store: RegisterStore) -> Names:
    names = Names()
    with store.database.read() as conn:
        for kind, rows in read_rows(conn, store.register).items():
            names.ids[kind] = sorted(rows)
    return names


@settings(max_examples=25)
@given(drawn=registers(), data=st.data())
def test_random_notices_on_sqlite(drawn: Drawn, data: st.DataObject, tmp_path: Path) -> None:
    store_and_compare(drawn, data, new_place("sqlite", tmp_path, None))


@settings(max_examples=5)
@given(drawn=registers(), data=st.data())
def test_random_notices_on_postgresql(drawn: Drawn, data: st.DataObject, tmp_path: Path, pg_url: str) -> None:
    store_and_compare(drawn, data, new_place("postgresql", tmp_path, pg_url))


@settings(max_examples=6)
@given(drawn=examples(), data=st.data())
def test_examples_on_sqlite(drawn: Drawn, data: st.DataObject, tmp_path: Path) -> None:
    store_and_compare(drawn, data, new_place("sqlite", tmp_path, None))
