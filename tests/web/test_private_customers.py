"""A shop that sells to people: from a customer's page one gets to everything that is done with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from tests.web.conftest import Site
from tests.web.filling import Controls, send
from tests.web.shops import PEKKA, pages, shop, shop_text
from tests.web.shops import read as read_notice

from seloste.operations.actor import CLI, Actor
from seloste.operations.records import read
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.operations.records.remove import remove
from seloste.web.staff import detail

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


def test_a_tie_without_days_says_so_and_not_its_own_name_thrice(paja: Site) -> None:
    client = paja.signed_in(PEKKA)
    rows = [
        NewRow("person", {"first_name": "Eero", "last_name": "Uusi"}, ref="eero"),
        NewRow("relationship", {}, {"person": "eero"}, ref="tie"),
    ]
    made = collect(paja.registers.open(paja.key), rows, actor=CLI, now=paja.now)
    text = client.get(f"/r/{paja.key}/person/{made.ids['eero']}").text
    assert "päivät puuttuvat" in text
    assert text.count(">Asiakassuhde<") == 2, "the heading, and the way to the tie"
    assert ">: Asiakassuhde, " in text and ">: , " not in text, "a screen reader says of what the reason is"


def test_everything_that_belongs_to_a_customer_begins_at_their_page(paja: Site) -> None:
    client = paja.signed_in(PEKKA)
    text = client.get(f"/r/{paja.key}/person/1").text
    register, lens = paja.registers.open(paja.key).register, "shop"
    kinds = [register.tables[key].kind for key in register.lenses[lens].shows]
    wanted = {kind.key for kind in kinds if "person" in kind.of and not kind.built_in and kind.about != "visitor"}
    found = re.findall(r'href="(/r/\w+/(\w+)/new\?[^"]+)"', text)
    offered = {kind: href.replace("&amp;", "&") for href, kind in found}
    # Who took part is added on the page of the deed.
    missing = [register.tables[key].kind for key in wanted - offered.keys()]
    assert all(kind.tie and len(kind.of) > 1 for kind in missing), missing
    assert {"order", "service_job", "message", "feedback", "complaint", "agreement"} <= offered.keys()
    path = offered["order"]
    answer = send(client, path, {"order.number": "T-1", "source": "subject"})
    assert answer.headers["location"].startswith(f"/r/{paja.key}/person/1?")
    page = client.get(f"/r/{paja.key}/person/1").text
    assert page.index("Tilaus T-1") < page.index("Lisätty rekisteriin"), "what was written down last is on top"


def test_nobody_is_asked_for_a_job_where_nobody_acts_for_a_company(paja: Site) -> None:
    client = paja.signed_in(PEKKA)
    names = Controls(client.get(f"/r/{paja.key}/person/new?as=customer").text).names
    assert {"relationship.stage", "relationship.began"} <= names
    assert "relationship.title" not in names
    assert "relationship.title" not in Controls(client.get(f"/r/{paja.key}/relationship/1/edit").text).names


def test_a_job_is_asked_of_those_who_act_for_a_company(tmp_path: Path, fixed_now: datetime) -> None:
    for site in shop(tmp_path, "both", fixed_now):
        client = site.signed_in(PEKKA)
        private = Controls(client.get(f"/r/{site.key}/person/new?as=customer").text).names
        acting = Controls(client.get(f"/r/{site.key}/person/new?as=contact").text).names
        assert not {"relationship.title", "relationship.organisation"} & private
        assert {"relationship.title", "relationship.organisation"} <= acting
        order = client.get(f"/r/{site.key}/order/new").text
        assert "Yksi näistä riittää: yritys tai henkilö." in order
        assert "Jos yllä on yritys: kuka siellä." in order


def test_an_order_asks_once_whose_it_is(paja: Site) -> None:
    client = paja.signed_in(PEKKA)
    text = client.get(f"/r/{paja.key}/order/new?person=1").text
    assert 'name="order.person" value="1" checked' in text
    assert "Jätä tyhjäksi, jos henkilö on sama." in text
    assert text.index('name="order.number"') < text.index('id="order.contact"'), "whose it is, then the order itself"


def test_a_message_is_of_the_one_relationship_and_of_several_one_is_chosen(paja: Site) -> None:
    client, store = paja.signed_in(PEKKA), paja.registers.open(paja.key)
    path, values = f"/r/{paja.key}/message/new?person=1", {"message.subject": "Noudettavissa", "source": "own_records"}
    assert "message.relationship" not in Controls(client.get(path).text).names
    assert send(client, path, values).status_code == 303
    collect(store, [NewRow("relationship", {"began": "1.9.2026"}, {"person": 1})], actor=CLI, now=paja.now)
    # Somebody else is chosen from the list: only then it is known that there are two.
    answer = send(client, f"/r/{paja.key}/message/new", {**values, "message.person~q": "Aino Polkija"})
    assert answer.status_code == 422
    assert "Valitse, mitä näistä tämä koskee." in answer.text
    again = send(client, f"/r/{paja.key}/message/new", {"message.relationship": "2"}, answer.text)
    assert again.status_code == 303, again.text
    found = read.rows(store, "message", actor=Actor("x", "shop"), now=paja.now).rows
    assert [row.references for row in found] == [{"relationship": 1, "person": 1}, {"relationship": 2, "person": 1}]


def test_an_erased_persons_address_says_so_to_a_role_that_saw_them(paja: Site) -> None:
    store = paja.registers.open(paja.key)
    lone = [
        NewRow("person", {"first_name": "Ohi", "last_name": "Kulkija"}, ref="p"),
        NewRow("relationship", {}, {"person": "p"}, ref="r"),
    ]
    ids = collect(store, lone, actor=CLI, now=paja.now).ids
    client, path = paja.signed_in(PEKKA), f"/r/{paja.key}/person/{ids['p']}"
    assert client.get(path).status_code == 200
    remove(store, [("person", ids["p"]), ("relationship", ids["r"])], actor=Actor("x", "shop"), now=paja.now)
    for page in (path, f"{path}/edit"):
        answer = client.get(page)
        assert answer.status_code == 410
        assert "Tätä henkilöä ei enää ole rekisterissä" in answer.text
    assert client.get(f"/r/{paja.key}/person/999").status_code == 404


def test_a_person_whom_the_role_never_saw_was_never_here(paja: Site) -> None:
    store = paja.registers.open(paja.key)
    lone = [
        NewRow("person", {"first_name": "Ohi", "last_name": "Kulkija"}, ref="p"),
        NewRow("relationship", {}, {"person": "p"}, ref="r"),
    ]
    ids = collect(store, lone, actor=CLI, now=paja.now).ids
    remove(store, [("person", ids["p"]), ("relationship", ids["r"])], actor=Actor("x", ""), now=paja.now)
    assert paja.signed_in(PEKKA).get(f"/r/{paja.key}/person/{ids['p']}").status_code == 404


def test_a_page_is_drawn_from_the_newest_and_leads_to_the_rest(paja: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    store = paja.registers.open(paja.key)
    orders = [
        NewRow("order", {"number": f"T-{day}", "ordered_on": f"{day}.11.2026"}, {"person": 1}) for day in (3, 9, 1, 7)
    ]
    collect(store, orders, actor=CLI, now=paja.now)
    found = read.around(store, "person", 1, actor=Actor("x", "shop"), now=paja.now, most=2)
    assert [row.values["number"] for row in found.rows["order"]] == ["T-9", "T-7"]
    assert found.cut == {"order"}
    monkeypatch.setattr(detail, "MOST_AROUND", 2)
    text = paja.signed_in(PEKKA).get(f"/r/{paja.key}/person/1").text
    assert "Tilaus T-9" in text
    assert "Tilaus T-3" not in text
    assert f'<a href="/r/{paja.key}/order?person=1">Kaikki tilaukset</a>' in text
    assert "Vanhempaa ei ole" not in text


def test_what_is_not_kept_of_somebody_is_said(paja: Site) -> None:
    text = paja.signed_in(PEKKA).get(f"/r/{paja.key}/person/1").text
    assert "Ei tallessa: sähköposti. Tietoa ei ole annettu, tai sen aika on päättynyt." in text
    tie = paja.signed_in(PEKKA).get(f"/r/{paja.key}/relationship/1").text
    assert "Ei tallessa" not in tie, "who acts for nobody lacks no job, and what goes on no end"


def test_what_waits_is_closed_on_its_own_page(paja: Site) -> None:
    store = paja.registers.open(paja.key)
    row = NewRow("complaint", {"subject": "Ketju katkesi", "received_on": "24.11.2026"}, {"person": 1}, ref="c")
    number = collect(store, [row], actor=CLI, now=paja.now).ids["c"]
    client, path = paja.signed_in(PEKKA), f"/r/{paja.key}/complaint/{number}"
    page = client.get(path).text
    token = re.search(rf'action="{path}/done"><input type="hidden" name="form_token" value="(\w+)"', page)
    assert token, page
    assert client.post(f"{path}/done", data={"form_token": token[1]}).status_code == 303
    after = client.get(path).text
    assert f"{path}/done" not in after
    assert "25.11.2026" in after


def test_a_form_says_where_files_come_from(paja: Site) -> None:
    client = paja.signed_in(PEKKA)
    text = client.get(f"/r/{paja.key}/person/new?as=applicant").text
    assert "Tässä ei kysytä: Ansioluettelo. Tiedostot tulevat rajapinnan kautta" in text
    assert 'type="file"' not in text


def test_what_a_complaint_is_about_is_chosen_among_the_customers_own(paja: Site) -> None:
    store = paja.registers.open(paja.key)
    other = [
        NewRow("person", {"first_name": "Veikko", "last_name": "Vaihde"}, ref="v"),
        NewRow("relationship", {}, {"person": "v"}),
    ]
    orders = [
        NewRow("order", {"number": "T-1", "ordered_on": "2.11.2026"}, {"person": 1}, ref="own"),
        NewRow("order", {"number": "T-2", "ordered_on": "3.11.2026"}, {"person": "v"}),
    ]
    ids = collect(store, [*other, *orders], actor=CLI, now=paja.now).ids
    client, path = paja.signed_in(PEKKA), f"/r/{paja.key}/complaint/new?person=1"
    text = client.get(path).text
    assert f'name="complaint.order" value="{ids["own"]}"' in text
    assert "T-2" not in text
    answer = send(client, path, {"complaint.order": str(ids["own"]), "complaint.subject": "Ketju", "source": "subject"})
    assert answer.status_code == 303, answer.text


def test_the_day_that_a_period_is_counted_from_must_be_said(paja: Site) -> None:
    client, path = paja.signed_in(PEKKA), f"/r/{paja.key}/order/new?person=1"
    answer = send(client, path, {"order.number": "T-9", "order.ordered_on": "", "source": "subject"})
    assert answer.status_code == 422
    assert "Kirjoita päivä. Säilytysaika lasketaan siitä." in answer.text
    assert send(client, path, {"order.ordered_on": "2026-11-20"}, answer.text).status_code == 303
    emptied = send(client, f"/r/{paja.key}/order/1/edit", {"order.ordered_on": "", "source": "subject"})
    assert emptied.status_code == 422
    bill = send(client, f"/r/{paja.key}/invoice/new?person=1", {"invoice.number": "L-1", "source": "own_records"})
    assert re.findall(r'<a href="#invoice.due_on">([^<]+)</a>', bill.text) == [
        "Eräpäivä: kirjoita päivä. Säilytysaika lasketaan siitä."
    ]


DOG = """kinds:
  dog:
    label: {fi: Koira, en: Dog}
    plural: {fi: Koirat, en: Dogs}
    of: [person]
    title: [name]
    items:
      name: {type: text, label: {fi: Koiran nimi, en: Name of the dog}}
"""


def test_what_is_kept_for_something_else_says_what_to_write_down_first(tmp_path: Path, fixed_now: datetime) -> None:
    text = re.sub(r"(?m)^kinds:.*\n", DOG, shop_text("people", fixed_now), count=1)
    text = text.replace("uses: [name, contact, appointment]", "uses: [name, contact, dog, appointment]")
    for site in pages(tmp_path, read_notice(text), fixed_now):
        collect(site.registers.open(site.key), CUSTOMER, actor=CLI, now=fixed_now)
        client = site.signed_in(PEKKA)
        dog = {"dog.name": "Rekku", "source": "subject"}
        new = f"/r/{site.key}/dog/new?person=1"
        said = send(client, new, dog).text
        assert "Tätä ei tarvita vielä: Koiran nimi. Kirjaa ensin se, josta säilytysaika lasketaan: ajanvaraus." in said
        booked = {"appointment.starts_at": "2026-12-03T10:00", "source": "subject"}
        assert send(client, f"/r/{site.key}/appointment/new?person=1", booked).status_code == 303
        assert send(client, new, dog).status_code == 303


@pytest.mark.parametrize(("lang", "longest"), [("fi", "24 kuukautta"), ("en", "24 months")])
def test_an_empty_list_tells_the_longest_time_that_its_rows_may_stay(paja: Site, lang: str, longest: str) -> None:
    """Applications stay for two purposes, and the shorter period is not what the notice says of them."""
    text = paja.signed_in(PEKKA).get(f"/r/{paja.key}/application?lang={lang}").text
    assert longest in text
