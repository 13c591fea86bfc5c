"""Lists in the order of the Finnish alphabet, alike on both engines."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from tests.operations.conftest import SALES, contact

from seloste.catalogue.types.normal import ORDER, order
from seloste.operations.actor import CLI
from seloste.operations.records import ordering, read
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.store.registers import RegisterStore

# In the order they must come; the texts of one pair are equal in it.
LAST = ["aalto", "Aalto-Salo", "von Essen", "Zetterberg", "Åberg", "Äijälä", "äyräs", "Öhman", "Österlund"]
LETTERS = "".join(ORDER)
TEXTS = [
    *LAST,
    LETTERS,
    "A 2",
    "A 10",
    "a10b",
    "A 007",
    "1234567890123 4",
    "0000000000000",
    "0",
    "ʼn",
    "Жук",
    "名",
    "😀1",
]


def test_names_follow_the_alphabet_and_then_the_first_name(store: RegisterStore, fixed_now: dt.datetime) -> None:
    for last in reversed(LAST):
        contact(store, fixed_now, first="Ädla", last=last)
    contact(store, fixed_now, first="Zelda", last="ZETTERBERG")
    contact(store, fixed_now, first="aada", last="Zetterberg")

    def listed(*, descending: bool = False) -> list[str]:
        found = read.rows(store, "person", sort="last_name", descending=descending, actor=SALES, now=fixed_now).rows
        return [f"{row.values['last_name']} {row.values['first_name']}" for row in found]

    zetas = ["Zetterberg aada", "ZETTERBERG Zelda", "Zetterberg Ädla"]
    wanted = [f"{last} Ädla" for last in LAST]
    wanted[3:4] = zetas
    assert listed() == wanted
    assert listed(descending=True) == wanted[::-1]
    assert read.ids(store, "person", sort="last_name", actor=SALES, now=fixed_now) == [
        row.id for row in read.rows(store, "person", sort="last_name", actor=SALES, now=fixed_now).rows
    ]


def test_numbers_in_names_follow_by_their_value(store: RegisterStore, fixed_now: dt.datetime) -> None:
    names = ["Halli 2", "Halli 10", "Halli 10 b", "halli 12"]
    rows = [NewRow("organisation", {"name": name}, source="own_records") for name in reversed(names)]
    collect(store, rows, actor=CLI, now=fixed_now)
    found = read.rows(store, "organisation", sort="name", actor=SALES, now=fixed_now).rows
    assert [row.values["name"] for row in found] == names


def test_both_engines_place_a_text_as_python_does(store: RegisterStore, fixed_now: dt.datetime) -> None:
    with store.through("sales", fixed_now) as conn:
        for text in TEXTS:
            (found,) = conn.execute("SELECT seloste_order(:text)", {"text": text}).all()[0]
            said = found if isinstance(found, str) else bytes(found).decode()
            assert said == order(text), text
        assert conn.execute("SELECT seloste_order(NULL)").all()[0][0] is None


@pytest.mark.parametrize("several", [LAST, ["A 2", "a 10", "A 10 b", "B 1"]])
def test_the_key_orders_by_its_bytes(several: list[str]) -> None:
    assert all(order(first).encode() < order(then).encode() for first, then in pairwise(several))


@pytest.mark.parametrize("descending", [False, True])
def test_a_page_of_a_long_list_is_the_same_as_of_one_ordered_whole(
    store: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch, *, descending: bool
) -> None:
    names = [*LAST, "A 2", "A 10", "a1", "A1b", "A", "a", "10", "9 b", "kk", "Kk 2", "ää", "Åå"]
    rows = [NewRow("organisation", {"name": name}, source="own_records") for name in names]
    rows += [NewRow("organisation", {"phone": ["050 000 0100"]}, source="own_records") for _ in range(4)]
    collect(store, rows, actor=CLI, now=fixed_now)

    def paged() -> list[list[int]]:
        asked = [
            read.rows(
                store, "organisation", sort="name", descending=descending, page=page, size=4, actor=SALES, now=fixed_now
            )
            for page in range(1, 9)
        ]
        assert {found.total for found in asked} == {len(rows)}
        return [[row.id for row in found.rows] for found in asked]

    whole = paged()
    monkeypatch.setattr(ordering, "LONG", 0)
    assert paged() == whole
    assert sum(map(len, whole)) == len(rows)
    assert whole[-2:] == [whole[-2], []]
