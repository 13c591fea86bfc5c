"""A shop that sells to people: from a customer's page one gets to everything that is done with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from tests.web.conftest import Site
from tests.web.filling import send
from tests.web.shops import PEKKA, shop

from seloste.operations.actor import CLI
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow

CUSTOMER = [
    NewRow("person", {"first_name": "Aino", "last_name": "Polkija", "phone": ["050 000 0801"]}, ref="aino"),
    NewRow("relationship", {"stage": "customer", "began": "1.3.2026"}, {"person": "aino"}, ref="tie"),
]


@pytest.fixture
def paja(tmp_path: Path, fixed_now: datetime) -> Iterator[Site]:
    for site in shop(tmp_path, "people", fixed_now):
        collect(site.registers.open(site.key), CUSTOMER, actor=CLI, now=fixed_now)
        yield site


def test_the_customers_own_tie_is_on_their_page_and_leads_to_its_own(paja: Site) -> None:
    client = paja.signed_in(PEKKA)
    text = client.get(f"/r/{paja.key}/person/1").text
    assert f'href="/r/{paja.key}/relationship/1">Asiakassuhde</a>' in text
    assert "asiakassuhde vuodesta 2026" in text
    assert client.get(f"/r/{paja.key}/relationship/1").status_code == 200


def test_everything_that_belongs_to_a_customer_begins_at_their_page(paja: Site) -> None:
    client = paja.signed_in(PEKKA)
    text = client.get(f"/r/{paja.key}/person/1").text
    register, lens = paja.registers.open(paja.key).register, "shop"
    kinds = [register.tables[key].kind for key in register.lenses[lens].shows]
    wanted = {kind.key for kind in kinds if "person" in kind.of and not kind.built_in and kind.about != "visitor"}
    found = re.findall(r'href="(/r/\w+/(\w+)/new\?[^"]+)"', text)
    offered = {kind: href.replace("&amp;", "&") for href, kind in found}
    # Who took part is added on the page of the deed.
    assert wanted - offered.keys() == {"interaction_participant", "interviewer"}
    assert {"order", "service_job", "message", "feedback", "complaint", "agreement"} <= offered.keys()
    path = offered["order"]
    answer = send(client, path, {"order.number": "T-1", "source": "subject"})
    assert answer.headers["location"].startswith(f"/r/{paja.key}/person/1?")
    assert "Tilaus T-1" in client.get(f"/r/{paja.key}/person/1").text
