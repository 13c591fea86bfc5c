"""What a lens shows is what the one rule says, and what is derived is what it would be computed anew.

Random notices with random histories, on both engines, today and on later days.
"""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rule.strategies import NOW, Drawn, examples, histories, later_days, narrowed, registers
from tests.rule.world import Names, built, differences, do, new_place, writing

from seloste.store.verify import verify_derived


def look(drawn: Drawn, data: st.DataObject, place: tuple[str, str | None]) -> None:
    steps = data.draw(histories(drawn), label="history")
    with built(drawn.register, place) as store:
        names = Names()
        for part in (steps[: len(steps) // 2], steps[len(steps) // 2 :]):
            with writing(store, NOW) as work:
                for step in part:
                    do(work, names, step)
            assert verify_derived(store, NOW).differences == ()
            assert differences(store, NOW) == []
        for now in later_days():
            assert differences(store, now) == []
            assert verify_derived(store, now).differences == ()


@settings(max_examples=10)
@given(drawn=registers(), data=st.data())
def test_random_notices_on_sqlite(drawn: Drawn, data: st.DataObject, tmp_path: Path) -> None:
    look(drawn, data, new_place("sqlite", tmp_path, None))


@settings(max_examples=3)
@given(drawn=registers(), data=st.data())
def test_random_notices_on_postgresql(drawn: Drawn, data: st.DataObject, tmp_path: Path, pg_url: str) -> None:
    look(drawn, data, new_place("postgresql", tmp_path, pg_url))


@settings(max_examples=5)
@given(drawn=registers().flatmap(narrowed), data=st.data())
def test_narrowed_roles_on_sqlite(drawn: Drawn, data: st.DataObject, tmp_path: Path) -> None:
    look(drawn, data, new_place("sqlite", tmp_path, None))


@settings(max_examples=2)
@given(drawn=st.one_of(registers(), examples()).flatmap(narrowed), data=st.data())
def test_narrowed_roles_on_postgresql(drawn: Drawn, data: st.DataObject, tmp_path: Path, pg_url: str) -> None:
    look(drawn, data, new_place("postgresql", tmp_path, pg_url))


@settings(max_examples=6)
@given(drawn=examples(), data=st.data())
def test_examples_on_sqlite(drawn: Drawn, data: st.DataObject, tmp_path: Path) -> None:
    look(drawn, data, new_place("sqlite", tmp_path, None))


@settings(max_examples=2)
@given(drawn=examples(), data=st.data())
def test_examples_on_postgresql(drawn: Drawn, data: st.DataObject, tmp_path: Path, pg_url: str) -> None:
    look(drawn, data, new_place("postgresql", tmp_path, pg_url))
