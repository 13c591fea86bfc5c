"""What a no lets go is gone at once, over random notices and rows, though only what it may reach is looked at."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rule.strategies import NOW, Drawn, histories, registers
from tests.rule.world import Names, built, differences, do, new_place, writing

from seloste.operations.actor import CLI
from seloste.operations.permissions import say
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.retention.sweep import sweep
from seloste.store.registers import RegisterStore


def no(store: RegisterStore, person: int, purpose: str) -> None:
    """Whatever takes back a yes to a purpose."""
    if store.register.purposes[purpose].basis == "consent":
        say.withdraw(store, person, purpose, actor=CLI, now=NOW)
        return
    with suppress(say.CannotSayError):
        raised = say.object_to(store, person, purpose, actor=CLI, now=NOW)
        if store.register.purposes[purpose].nature != "marketing":
            say.decide_objection(store, raised.id, upheld=True, reason="", actor=CLI, now=NOW)


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
        with store.read(NOW) as conn:
            persons = [int(number) for (number,) in conn.execute("SELECT id FROM person ORDER BY id")]
        purposes = [key for key, each in store.register.purposes.items() if not each.built_in]
        for person in persons:
            for purpose in data.draw(st.permutations(purposes), label="no"):
                with suppress(NoSuchRowError):
                    no(store, person, purpose)
                left = sweep(store, now=NOW, actor=CLI, every_row=True, dry_run=True)
                assert (left.rows, left.cells) == (0, 0), f"{purpose}: what nobody needs was left"
        assert differences(store, NOW) == []


@settings(max_examples=10)
@given(drawn=registers(), data=st.data())
def test_sqlite(drawn: Drawn, data: st.DataObject, tmp_path: Path) -> None:
    live(drawn, data, new_place("sqlite", tmp_path, None))


@settings(max_examples=2)
@given(drawn=registers(), data=st.data())
def test_postgresql(drawn: Drawn, data: st.DataObject, tmp_path: Path, pg_url: str) -> None:
    live(drawn, data, new_place("postgresql", tmp_path, pg_url))
