"""A groomer's page of a customer: own kinds first, a birthday dates nothing, an invoice is seen, a visit is to come."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.web.conftest import Site
from tests.web.shops import PEKKA, pages, read, shop_text

from seloste.operations.actor import CLI
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow

DOG = """kinds:
  dog:
    label: {fi: Koira, en: Dog}
    plural: {fi: Koirat, en: Dogs}
    of: [person]
    title: [name]
    items:
      name: {type: text, label: {fi: Koiran nimi, en: Name of the dog}}
      born: {type: date, label: {fi: Koira syntynyt, en: Dog born}}
      allergies: {type: text, label: {fi: Koiran allergiat, en: Allergies of the dog}}
  remark_of_coat:
    label: {fi: Turkkihuomio, en: Remark on the coat}
    plural: {fi: Turkkihuomiot, en: Remarks on the coat}
    about: person
    of: [dog]
    title: [seen]
    items:
      seen: {type: text, label: {fi: Huomio, en: Remark}}
      last_cut: {type: date, label: {fi: Edellinen leikkuu, en: The cut before}}
"""


@pytest.fixture
def salon(tmp_path: Path, fixed_now: datetime) -> Iterator[Site]:
    text = shop_text("people", fixed_now)
    text = re.sub(r"^kinds:.*\n", DOG, text, count=1, flags=re.MULTILINE)
    text = text.replace("interaction, task, message]", "interaction, task, message, dog, remark_of_coat]", 1)
    for site in pages(tmp_path, read(text), fixed_now):
        rows = [
            NewRow("person", {"first_name": "Aino", "last_name": "Turkki", "phone": ["050 000 0801"]}, ref="aino"),
            NewRow("relationship", {"stage": "customer", "began": "1.3.2026"}, {"person": "aino"}),
            NewRow("dog", {"name": "Musti", "born": "4.5.2019", "allergies": "kana"}, {"person": "aino"}, ref="dog"),
            NewRow("remark_of_coat", {"seen": "takkuja", "last_cut": "2.2.2019"}, {"dog": "dog"}),
            NewRow(
                "invoice",
                {"number": "L-77", "dated": "1.11.2026", "due_on": "15.11.2026", "total": "60"},
                {"person": "aino"},
            ),
        ]
        collect(site.registers.open(site.key), rows, actor=CLI, now=fixed_now)
        yield site


def test_what_the_company_uses_most_is_added_first(salon: Site) -> None:
    text = salon.signed_in(PEKKA).get(f"/r/{salon.key}/person/1").text
    added = re.findall(r"/r/\w+/(\w+)/new\?", text)
    assert added[:2] == ["appointment", "dog"], "what happens, then what it happens to"


def test_a_birthday_dates_nothing_that_happened(salon: Site) -> None:
    text = salon.signed_in(PEKKA).get(f"/r/{salon.key}/person/1").text
    assert "Musti" in text and "kana" in text, "the dog is a fact of its owner"
    assert 'datetime="2019' not in text
    assert "takkuja" in text, "what belongs to the dog is told, by when it was written down"


def test_an_invoice_is_on_the_page_of_who_pays_it(salon: Site) -> None:
    assert "L-77" in salon.signed_in(PEKKA).get(f"/r/{salon.key}/person/1").text


def test_a_visit_to_come_is_no_last_contact(salon: Site) -> None:
    store, client = salon.registers.open(salon.key), salon.signed_in(PEKKA)
    coming = NewRow("appointment", {"starts_at": salon.now + timedelta(days=9)}, {"person": 1})
    collect(store, [coming], actor=CLI, now=salon.now)
    assert "ajanvaraus" not in _row(client.get(f"/r/{salon.key}/person").text)
    gone = NewRow("appointment", {"starts_at": salon.now - timedelta(days=400)}, {"person": 1})
    collect(store, [gone], actor=CLI, now=salon.now)
    assert "ajanvaraus" in _row(client.get(f"/r/{salon.key}/person").text)


def _row(text: str) -> str:
    """The customer's row of the list."""
    found = re.findall(r"<tr.*?</tr>", text, flags=re.DOTALL)
    return next(row for row in found if "Aino" in row)


def test_applications_are_in_the_menu(salon: Site) -> None:
    client = salon.signed_in(PEKKA)
    assert f'href="/r/{salon.key}/application"' in client.get(f"/r/{salon.key}/").text
    assert client.get(f"/r/{salon.key}/application").status_code == 200
