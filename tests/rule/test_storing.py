"""An operation is refused exactly when the one rule says that a cell it wrote is needed by nobody."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rule.oracle import Oracle
from tests.rule.strategies import NOW, Drawn, Step, examples, histories, operations, registers
from tests.rule.world import Names, built, do, new_place, read_rows, writing

from seloste.clock import today
from seloste.store.registers import RegisterStore
from seloste.store.work import NotNeededError, Work

Cells = set[tuple[str, int, str]]


class RolledBackError(Exception):
    """Nothing of the operation is kept."""


def by_the_rule(after: Oracle, before: Oracle, written: list[tuple[str, int, set[str]]]) -> Cells:
    """The written cells that nobody needs; a change is taken when its cell was needed before it."""
    return {
        (kind, number, column)
        for kind, number, columns in written
        for column in columns
        if after.rows[kind][number][column] is not None
        and not after.needed((kind, number), column)
        and not (number in before.rows[kind] and before.needed((kind, number), column))
    }


def grants(after: Oracle, before: Oracle) -> list[tuple[str, int, set[str]]]:
    """The consents that were written with rows that are agreed to apart."""
    new = after.rows.get("permission", {}).keys() - before.rows.get("permission", {}).keys()
    return [("permission", number, {"person", "purpose", "given_at", "ends_on"}) for number in new]


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


def try_one(store: RegisterStore, names: Names, operation: list[Step]) -> None:
    with store.database.read() as conn:
        before = Oracle(store.register.notice, read_rows(conn, store.register), today(NOW))
    found: Cells = set()
    again = names.copy()
    with pytest.raises(RolledBackError), store.database.transaction() as conn:
        store._keep_day(conn, NOW)
        work = Work(conn, store.statements, store.keys, NOW)
        written = [done for step in operation if (done := do(work, names, step)) is not None]
        found = set(work.unneeded())
        after = Oracle(store.register.notice, read_rows(conn, store.register), today(NOW))
        assert found == by_the_rule(after, before, [*written, *grants(after, before)])
        raise RolledBackError
    try:
        with store.write(NOW) as work:
            for step in operation:
                do(work, again, step)
    except NotNeededError as refused:
        assert {(kind, column) for kind, _, column in found} == set(refused.cells)
    else:
        assert found == set()


@settings(max_examples=14)
@given(drawn=registers(), data=st.data())
def test_random_notices_on_sqlite(drawn: Drawn, data: st.DataObject, tmp_path: Path) -> None:
    store_and_compare(drawn, data, new_place("sqlite", tmp_path, None))


@settings(max_examples=3)
@given(drawn=registers(), data=st.data())
def test_random_notices_on_postgresql(drawn: Drawn, data: st.DataObject, tmp_path: Path, pg_url: str) -> None:
    store_and_compare(drawn, data, new_place("postgresql", tmp_path, pg_url))


@settings(max_examples=6)
@given(drawn=examples(), data=st.data())
def test_examples_on_sqlite(drawn: Drawn, data: st.DataObject, tmp_path: Path) -> None:
    store_and_compare(drawn, data, new_place("sqlite", tmp_path, None))
