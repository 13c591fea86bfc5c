"""Whom a guard protects is not found by what it seals: in search, in lists, as a possible double, by a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from tests.web.conftest import Site
from tests.web.houses import HANNA, MINTTU, house

from seloste.operations.actor import Actor
from seloste.operations.records.doubles import doubles
from seloste.operations.records.find import find
from seloste.operations.records.model import SEALED
from seloste.operations.records.transfer.match import Matcher, keys_of

GUARDED, OPEN = "050 000 0132", "050 000 0131"


@pytest.fixture
def houses(tmp_path: Path, fixed_now: datetime) -> Iterator[tuple[Site, dict[str, int]]]:
    yield from house(tmp_path, fixed_now)


@pytest.mark.parametrize(("email", "role"), [(HANNA, "property_manager"), (MINTTU, "service_desk")])
def test_a_number_leads_to_nobody_guarded(houses: tuple[Site, dict[str, int]], email: str, role: str) -> None:
    site, ids = houses
    store, actor = site.registers.open(site.key), Actor(site.accounts[email], role)
    parse = store.types["phone"].parse

    def doubled(**values: object) -> list[tuple[int, tuple[str, ...]]]:
        return [(each.record.id, each.items) for each in doubles(store, "person", values, actor=actor, now=site.now)]

    assert doubled(phone=[parse(OPEN)]) == [(ids["joonas"], ("phone",))], "the guard alone makes the difference"
    assert doubled(phone=[parse(GUARDED)]) == []
    # The name is not sealed, so the same name is told, and that the number is the same is not.
    named = {"first_name": "Milla", "last_name": "Ketola", "phone": [parse(GUARDED)]}
    assert doubled(**named) == [(ids["milla"], ("first_name", "last_name"))]
    assert {hit.record.id for hit in find(store, OPEN, actor=actor, now=site.now).hits} == {ids["joonas"]}
    assert find(store, GUARDED, actor=actor, now=site.now).hits == ()
    client = site.signed_in(email)
    for path in (f"/r/{site.key}/find", f"/r/{site.key}/suggest", f"/r/{site.key}/person"):
        assert "Milla" not in client.get(path, params={"q": GUARDED}).text
    assert "Joonas" in client.get(f"/r/{site.key}/person", params={"q": OPEN}).text
    assert client.get(f"/r/{site.key}/person").text.count("Yhteystiedot on suojattu") == 1, "why a number is missing"


def test_a_file_does_not_meet_a_guarded_row_by_its_number(houses: tuple[Site, dict[str, int]]) -> None:
    site, ids = houses
    store = site.registers.open(site.key)
    lens = store.register.lenses["property_manager"]
    matcher = Matcher(store, lens, "person", actor=Actor(site.accounts[HANNA], lens.key), now=site.now)
    rows = [{"phone": [store.types["phone"].parse(number)]} for number in (OPEN, GUARDED)]
    matcher.learn(rows)
    assert [matcher.find(row) for row in rows] == [ids["joonas"], None]


def test_what_is_sealed_is_no_key(houses: tuple[Site, dict[str, int]]) -> None:
    items = houses[0].registers.open(houses[0].key).register.tables["person"].kind.items
    assert list(keys_of((items["phone"],), {"phone": SEALED})) == []
    assert list(keys_of((items["first_name"], items["last_name"]), {"first_name": "SEALED", "last_name": SEALED})) == []
