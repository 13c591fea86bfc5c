"""A change of the notice writes no row of those whom it does not concern, however many there are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from scripts.one_large import without
from tests.operations.conftest import contact
from tests.prepared import example

from seloste.notice.model import AtMost, Notice, Ref
from seloste.settings import Settings
from seloste.store.registers import Registers


@pytest.fixture
def registers(tmp_path: Path, pg_url: str) -> Iterator[Registers]:
    made = Registers(Settings(data_dir=tmp_path, database_url=pg_url, key_file=tmp_path / "key"))
    yield made
    made.close()


def with_another_limit(notice: Notice) -> Notice:
    """The same with one more limit, so that the day is made anew."""
    purpose = next(each for each in notice.purposes.values() if "interaction" in {ref.kind for ref in each.uses})
    changed = {purpose.key: replace(purpose, at_most=(*purpose.at_most, AtMost("interaction", 9, "year")))}
    return replace(notice, purposes={**notice.purposes, **changed}, digest="e" * 64)


def test_a_change_writes_only_rows_that_it_changes(registers: Registers, fixed_now: dt.datetime) -> None:
    whole = example("fluiconnecto/notice")
    fewer = without(whole, Ref("task", "subject"))
    registers.apply(fewer, now=fixed_now, actor="cli")
    store = registers.open(whole.register)
    people = [contact(store, fixed_now, last=f"Havukoski {number}") for number in range(5)]

    def places() -> list[tuple[int, str]]:
        with store.database.read() as conn:
            return [(row, str(place)) for row, place in conn.execute("SELECT id, ctid FROM person ORDER BY id")]

    before = places()
    registers.apply(whole, now=fixed_now, actor="cli")
    assert places() == before
    store = registers.open(whole.register)
    with store.database.transaction() as conn:
        conn.execute("UPDATE person SET sys_use_0 = 0 WHERE id = :id", {"id": people[0]})
    wrong = places()
    assert wrong[1:] == before[1:]
    registers.apply(with_another_limit(whole), now=fixed_now, actor="cli")
    store = registers.open(whole.register)
    assert places()[1:] == before[1:]
    assert places()[0] != wrong[0]
    with store.database.read() as conn:
        assert len(conn.execute("SELECT DISTINCT sys_use_0 FROM person").all()) == 1
