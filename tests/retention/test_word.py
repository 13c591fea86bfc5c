"""What a no lets go is gone at once, over random notices and rows, though only what it may reach is looked at."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rule.strategies import NOW, Drawn, histories, meant, registers
from tests.rule.world import Names, built, differences, do, dump, new_place, writing

from seloste.compiler.lower import compile_notice
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


@settings(max_examples=6)
@given(drawn=registers(), data=st.data())
def test_sqlite(drawn: Drawn, data: st.DataObject, tmp_path: Path) -> None:
    live(drawn, data, new_place("sqlite", tmp_path, None))


@settings(max_examples=2)
@given(drawn=registers(), data=st.data())
def test_postgresql(drawn: Drawn, data: st.DataObject, tmp_path: Path, pg_url: str) -> None:
    live(drawn, data, new_place("postgresql", tmp_path, pg_url))


ALBUM = {
    "seloste": 1,
    "vocabulary": "2026-11",
    "register": "album",
    "title": "Album",
    "languages": ["en"],
    "effective": "2026-11-01",
    "controller": {"name": "Album Ltd", "address": "Katu 1, 00100 Helsinki", "email": "album@album.example"},
    "kinds": {
        "sitting": {
            "label": "sitting",
            "about": "person",
            "of": ["person"],
            "items": {"began": "date"},
            "dated": "began",
        },
        "photo": {"label": "photo", "about": "person", "of": ["sitting"], "items": {"name": "text"}},
        "print": {"label": "print", "about": "person", "of": ["photo"], "items": {"name": "text"}},
    },
    "purposes": {
        "care": {
            "text": "Care",
            "basis": "contract",
            "is": "ordinary",
            "needed_for": "No sitting otherwise.",
            "uses": ["sitting", "first_name"],
            "keep": {"sitting": "10 years after began"},
        },
        "album": {
            "text": "An album",
            "basis": "consent",
            "is": "statistics",
            "consent": "You may.",
            "uses": ["photo", "print"],
            "keep": "until withdrawn",
        },
    },
    "staff": {"all": ["care", "album", "accountability"]},
    "sources": ["subject"],
}


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_what_hangs_on_the_person_by_several_rows_goes_with_the_no(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    notice = meant(ALBUM)
    assert notice is not None
    url = str(request.getfixturevalue("pg_url")) if engine == "postgresql" else None
    with built(compile_notice(notice), new_place(engine, tmp_path, url)) as store:
        people = []
        for name in ("Aino", "Eero"):
            with writing(store, NOW) as work:
                person = work.insert("person", {"first_name": name}, source="subject", recorded_at=NOW)
                held = {"person": person, "began": NOW.date()}
                sitting = work.insert("sitting", held, source="subject", recorded_at=NOW)
            say.grant(store, person, "album", channel="web", language="en", actor=CLI, now=NOW)
            with writing(store, NOW) as work:
                photo = work.insert("photo", {"sitting": sitting, "name": name}, source="subject", recorded_at=NOW)
                work.insert("print", {"photo": photo, "name": name}, source="subject", recorded_at=NOW)
            people.append(person)
        say.withdraw(store, people[0], "album", actor=CLI, now=NOW)
        left = dump(store)
        assert {kind: len(left[kind]) for kind in ("person", "sitting", "photo", "print")} == {
            "person": 2, "sitting": 2, "photo": 1, "print": 1,
        }  # fmt: skip
        assert [row["name"] for row in left["photo"].values()] == ["Eero"]
