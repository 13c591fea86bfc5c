"""Forms made from the notice: what they ask, what they store, what they say when something is wrong."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from tests.web.conftest import Site, made
from tests.web.filling import Controls, filled, send

from seloste.notice import load
from seloste.operations.actor import CLI, Actor
from seloste.operations.records import read
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.operations.records.rectify import rectify
from seloste.operations.records.why import why
from seloste.settings import Settings
from seloste.store.journal_pages import Query, page
from seloste.web.staff.form_plan import has_form

EXAMPLES = Path(__file__).parents[2] / "examples"
MIKAEL, RITVA = (f"{name}@fluiconnecto.example" for name in ("mikael.tuuri", "ritva.kaleva"))
NEW = "/r/fluiconnecto_customers/person/new"
PEKKA = {
    "person.first_name": "Pekka",
    "person.last_name": "Suolahti",
    "person.phone": "050 000 0140",
    "relationship.organisation": "new",
    "relationship.organisation.name": "Rannan Telakka Oy",
    "relationship.title": "Ostaja",
    "source": "subject",
}


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", html)))


def persons(site: Site, lens: str = "sales") -> list[dict[str, Any]]:
    found = read.rows(site.registers.open(site.key), "person", actor=Actor("x", lens), now=site.now)
    return [dict(row.values) for row in found.rows]


def created(site: Site, answer: Any, kind: str = "person") -> int:
    assert answer.status_code == 303, text_of(answer.text)[:2000]
    found = re.search(rf"/{kind}/(\d+)\?", answer.headers["location"])
    assert found, answer.headers["location"]
    return int(found[1])


# --- entering ---------------------------------------------------------------------------------------------------------


def test_a_person_is_entered_with_the_company_and_the_source(site: Site) -> None:
    client = site.signed_in(MIKAEL)
    number = created(site, send(client, NEW, PEKKA))
    store, actor = site.registers.open(site.key), Actor("x", "sales")
    around = read.around(store, "person", number, actor=actor, now=site.now)
    assert around.row.values == {"first_name": "Pekka", "last_name": "Suolahti", "phone": ["+358500000140"]}
    tie = around.rows["relationship"][0]
    assert tie.values["title"] == "Ostaja"
    company = read.row(store, "organisation", tie.references["organisation"], actor=actor, now=site.now)
    assert company.values == {"name": "Rannan Telakka Oy"}
    assert why(store, "person", number, actor=actor, now=site.now).cells["phone"].source == "subject"


def test_the_form_has_what_the_role_may_write_in_the_order_of_the_notice(site: Site) -> None:
    html = site.signed_in(MIKAEL).get(NEW).text
    names = re.findall(r'name="((?:person|relationship)\.[a-z_]+)"', html)
    assert list(dict.fromkeys(names)) == [
        *("person.first_name", "person.last_name", "person.salutation"),
        *("relationship.stage", "relationship.title", "relationship.began", "relationship.ended"),
        *("person.phone", "person.email", "person.other_contact", "person.remark"),
    ] or names.index("relationship.title") < names.index("person.phone")
    assert "birth_date" not in html
    assert "personal_identity_code" not in html
    said = text_of(html)
    assert "Etunimi" in said
    assert "Titteli (ei pakollinen)" in said
    assert "Etunimi (ei pakollinen)" not in said
    assert "Lomake tehdään selosteesta" in said


def test_each_group_says_what_for_and_until_when(site: Site) -> None:
    html = site.signed_in(MIKAEL).get(NEW).text
    margins = [text_of(part) for part in re.findall(r'<div class="margin">(.*?)</section>', html, re.DOTALL)]
    assert "Tilaukset ja toimitukset" in margins[0]
    assert "tilaus + 2 v" in margins[0]
    assert "Kumppanien markkinointi" in margins[0]
    assert "kunnes hän peruu" in margins[0]
    assert "muuta tarkoitusta" in margins[0]


def test_a_role_that_cannot_tie_a_person_has_no_form_for_one(site: Site) -> None:
    site.add("laskut@fluiconnecto.example", "Laskut", "accountant")
    client = site.signed_in("laskut@fluiconnecto.example")
    for path in (NEW, "/r/fluiconnecto_customers/relationship/new", "/r/fluiconnecto_customers/permission/new"):
        assert client.get(path).status_code in (403, 404), path


def test_a_company_is_found_and_chosen_without_script(site: Site) -> None:
    store = site.registers.open(site.key)
    firms = [NewRow("organisation", {"name": name}) for name in ("Havupumppu Oy", "Havulinna Ky")]
    ids = collect(store, firms, actor=Actor("x", "sales"), now=site.now).ids
    client = site.signed_in(MIKAEL)
    typed = {**PEKKA, "relationship.organisation~q": "havu", "relationship.organisation": ""}
    found = send(client, NEW, {**typed, "find": "relationship.organisation"})
    assert found.status_code == 200
    assert "Havupumppu Oy" in found.text
    assert "Havulinna Ky" in found.text
    assert Controls(found.text).sent.count(("person.last_name", "Suolahti")) == 1, "what was typed is still there"
    assert persons(site) == []
    number = created(site, send(client, NEW, {"relationship.organisation": str(ids["0"])}, found.text))
    tie = read.around(store, "person", number, actor=Actor("x", "sales"), now=site.now).rows["relationship"][0]
    assert tie.references["organisation"] == ids["0"]


def test_a_company_that_was_typed_and_not_chosen_is_taken_when_it_can_be_no_other(site: Site) -> None:
    store = site.registers.open(site.key)
    collect(store, [NewRow("organisation", {"name": "Havupumppu Oy"})], actor=Actor("x", "sales"), now=site.now)
    client = site.signed_in(MIKAEL)
    typed = {**PEKKA, "relationship.organisation": ""}
    answer = send(client, NEW, {**typed, "relationship.organisation~q": "havupumppu oy"})
    created(site, answer)
    answer = send(
        client,
        NEW,
        {**typed, "person.phone": "050 000 0150", "relationship.organisation~q": "havu", "person.last_name": "Toinen"},
    )
    assert answer.status_code == 422
    assert "Valitse yritys luettelosta" in text_of(answer.text)
    answer = send(client, NEW, {**typed, "person.last_name": "Kolmas", "relationship.organisation~q": "Uusi Paja"})
    assert answer.status_code == 422
    assert 'value="Uusi Paja"' in answer.text
    assert ("relationship.organisation", "new") in Controls(answer.text).sent
    assert read.count(store, "organisation", actor=Actor("x", "sales"), now=site.now) == 1


def test_what_is_wrong_is_told_on_top_and_at_the_field_and_nothing_typed_is_lost(site: Site) -> None:
    client = site.signed_in(MIKAEL)
    bad = {**PEKKA, "person.phone": "05000", "person.email": "pekka", "relationship.organisation": "", "source": ""}
    answer = send(client, NEW, bad)
    assert answer.status_code == 422
    assert "<title>Virhe: Uusi henkilö" in answer.text
    summary = re.search(r'<div class="summary".*?</div>', answer.text, re.DOTALL)
    assert summary
    links = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', summary[0])
    assert links == [
        ("relationship.organisation", "Yritys: valitse yritys."),
        ("person.phone", "Puhelin: numerosta puuttuu loppu. Kirjoita esimerkiksi 050 000 0140."),
        ("person.email", "Sähköposti: osoitteesta puuttuu @-merkki. Kirjoita esimerkiksi aino@yritys.example."),
        ("source", "Valitse, mistä tiedot saatiin."),
    ]
    for name, _ in links:
        assert re.search(rf'id="{re.escape(name)}"', answer.text), name
    field = re.search(r'<input[^>]*id="person.phone"[^>]*>', answer.text)
    assert field
    assert 'aria-invalid="true"' in field[0]
    assert 'aria-describedby="person.phone-fault"' in field[0] or "05000" in field[0]
    assert {("person.phone", "05000"), ("person.email", "pekka"), ("person.first_name", "Pekka")} <= set(
        Controls(answer.text).sent
    )
    assert persons(site) == []


def test_a_name_is_asked_for_but_either_half_is_enough(site: Site) -> None:
    client = site.signed_in(MIKAEL)
    answer = send(client, NEW, {**PEKKA, "person.first_name": "", "person.last_name": " "})
    assert "Kirjoita etunimi." in answer.text
    created(site, send(client, NEW, {**PEKKA, "person.first_name": ""}))


def test_a_value_of_another_form_is_not_taken(site: Site) -> None:
    """Fields that the form does not have are no way around the notice."""
    client = site.signed_in(MIKAEL)
    body = filled(client.get(NEW).text, PEKKA)
    body += "&person.birth_date=1970-01-01&person.personal_identity_code=131052-9085&invoice.number=1"
    answer = client.post(NEW, content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    number = created(site, answer)
    with site.registers.open(site.key).read(site.now) as conn:
        assert "birth_date" not in conn.execute("SELECT * FROM person WHERE id = :id", {"id": number}).keys
    for name, value in (("relationship.organisation", "999999"), ("relationship.organisation", "1 OR 1=1")):
        wrong = body.replace("relationship.organisation=new", f"seen=1&{name}={value.replace(' ', '+')}")
        answer = client.post(NEW, content=wrong, headers={"Content-Type": "application/x-www-form-urlencoded"})
        assert answer.status_code in (404, 422)


def test_many_numbers_are_many_inputs_and_one_more(site: Site) -> None:
    client = site.signed_in(MIKAEL)
    number = created(site, send(client, NEW, {**PEKKA, "person.phone": ["050 000 0140", "", "040 000 0141"]}))
    edit = client.get(f"/r/fluiconnecto_customers/person/{number}/edit").text
    assert [value for name, value in Controls(edit).sent if name == "person.phone"] == [
        "050 000 0140",
        "040 000 0141",
        "",
    ]


def test_a_source_that_may_not_bring_an_item_is_told_at_that_item(site: Site) -> None:
    client = site.signed_in(MIKAEL)
    answer = send(client, NEW, {**PEKKA, "person.salutation": "Herra", "source": "social_media"})
    assert answer.status_code == 422
    assert 'href="#person.salutation"' in answer.text
    assert "ei saa ottaa" in answer.text


def test_whoever_must_be_told_is_told_of_beside_the_source_and_after(site: Site) -> None:
    client = site.signed_in(MIKAEL)
    html = text_of(client.get(NEW).text)
    assert "Yrityksen verkkosivuilta kerro hänelle viimeistään 25.12.2026" in html
    assert "Henkilöltä itseltään kerro" not in html
    answer = send(client, NEW, {**PEKKA, "source": "company_website"})
    assert "Kerro hänelle viimeistään 25.12.2026" in client.get(answer.headers["location"]).text


def test_what_the_notice_does_not_need_is_refused_with_its_reason_and_a_way_to_propose(site: Site) -> None:
    client = site.signed_in(MIKAEL)
    answer = send(client, NEW, {**PEKKA, "relationship.ended": "2020-01-01"})
    assert answer.status_code == 422
    said = text_of(answer.text)
    assert "Tätä ei voi tallettaa" in said
    assert "Mikään selosteen tarkoitus ei tarvitse näitä vielä tai enää: Etunimi, Sukunimi" in said
    assert said.count("Tätä ei tarvita vielä tai enää.") >= 3
    link = re.search(r'href="(mailto:[^"]+)"', answer.text)
    assert link
    assert link[1].startswith("mailto:tietosuoja@fluiconnecto.example?subject=")
    assert "Suolahti" not in link[1]
    assert persons(site) == []


def test_when_the_register_is_closed_what_was_typed_is_still_there(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from seloste.store.engine import StoreError
    from seloste.web.staff import forms

    def closed(*_: Any, **__: Any) -> None:
        raise StoreError("Ei aukea.", "Does not open.")

    client = site.signed_in(MIKAEL)
    monkeypatch.setattr(forms, "enter_asking", closed)
    answer = send(client, NEW, PEKKA)
    assert answer.status_code == 503
    assert "Kirjoittamasi on tässä lomakkeessa" in text_of(answer.text)
    assert answer.headers["X-Request-Id"] in answer.text
    monkeypatch.undo()
    created(site, send(client, NEW, {}, answer.text))


# --- consent ----------------------------------------------------------------------------------------------------------


def test_consent_is_read_aloud_never_preset_and_kept_with_its_proof(site: Site) -> None:
    client = site.signed_in(MIKAEL)
    html = client.get(NEW).text
    assert "Letkuset Oy saa lähettää minulle sähköistä markkinointia" in unescape(html)
    assert '<blockquote class="wording said">' in html
    sent = dict(Controls(html).sent)
    assert [name for name in Controls(html).names if name.startswith("consent.")] != []
    assert [name for name in sent if name.startswith("consent.")] == []
    assert "source" not in sent
    said_yes = {**PEKKA, "consent.partner_marketing.1": "yes"}
    unasked = send(client, NEW, said_yes)
    assert unasked.status_code == 422, "how it was given is part of the proof, and is not guessed"
    refused = send(client, NEW, {**PEKKA, "consent.partner_marketing.1": "no"})
    assert "Valitse, miten hän vastasi." in text_of(refused.text), "whoever said no gave no consent"
    number = created(site, send(client, NEW, {**said_yes, "consent_how": "phone"}))
    with site.registers.open(site.key).read(site.now) as conn:
        rows = conn.execute("SELECT person, purpose, recipient, channel, language FROM permission").all()
    assert rows == [(number, "partner_marketing", "Letkuset Oy", "phone", "fi")]


def test_silence_is_no_answer(site: Site) -> None:
    client = site.signed_in(MIKAEL)
    created(site, send(client, NEW, {**PEKKA, "consent.partner_marketing.0": ""}))
    with site.registers.open(site.key).read(site.now) as conn:
        assert conn.execute("SELECT count(*) FROM permission").all() == [(0,)]
        assert conn.execute("SELECT count(*) FROM ban").all() == [(0,)]


# --- likely doubles ---------------------------------------------------------------------------------------------------


def test_a_likely_double_is_told_of_once_and_blocks_nothing(site: Site) -> None:
    client = site.signed_in(MIKAEL)
    created(site, send(client, NEW, PEKKA))
    again = {**PEKKA, "person.first_name": "P.", "person.last_name": "Toinen"}
    answer = send(client, NEW, again)
    assert answer.status_code == 200
    said = text_of(answer.text)
    assert "Onko tämä sama henkilö?" in said
    assert "Pekka Suolahti on jo rekisterissä" in said
    assert len(persons(site)) == 1
    number = created(site, send(client, NEW, {}, answer.text))
    assert len(persons(site)) == 2
    assert number


def test_no_double_is_told_of_that_the_role_does_not_see(site: Site) -> None:
    store = site.registers.open(site.key)
    rows = [
        NewRow("person", {"last_name": "Salattu", "phone": ["050 000 0140"]}, ref="p"),
        NewRow("organisation", {"name": "Salattu Oy"}, ref="o"),
        NewRow("relationship", {"ended": "2026-11-24"}, {"person": "p", "organisation": "o"}),
        NewRow("invoice", {"number": "1", "due_on": "2026-12-31"}, {"person": "p"}),
    ]
    collect(store, rows, actor=CLI, now=site.now)
    site.later(days=300)
    created(site, send(site.signed_in(MIKAEL), NEW, PEKKA))


# --- taking back ------------------------------------------------------------------------------------------------------


def test_what_was_stored_is_undone_by_one_press_by_who_stored_it(site: Site) -> None:
    client = site.signed_in(MIKAEL)
    answer = send(client, NEW, PEKKA)
    shown = client.get(answer.headers["location"]).text
    form = re.search(r'<form class="inline" method="post" action="([^"]+/undo)">(.*?)</form>', shown, re.DOTALL)
    assert form
    hidden = dict(re.findall(r'name="([^"]+)" value="([^"]+)"', form[2]))
    other = site.signed_in(RITVA)
    token = re.search(r'name="form_token" value="([0-9a-f]{64})"', other.get("/account").text)
    assert token
    assert other.post(form[1], data={**hidden, "form_token": token[1]}).status_code == 403
    assert client.post(form[1], data={**hidden, "rows": "person.1,organisation.2"}).status_code == 403
    undone = client.post(form[1], data=hidden)
    assert undone.status_code == 303
    assert persons(site) == []
    assert "Tallennus peruttiin." in client.get(undone.headers["location"]).text
    assert client.post(form[1], data=hidden).status_code == 404


# --- changing ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def pekka(site: Site) -> int:
    return created(site, send(site.signed_in(MIKAEL), NEW, PEKKA))


def edit_of(number: int) -> str:
    return f"/r/fluiconnecto_customers/person/{number}/edit"


def test_a_change_changes_only_what_differs_and_keeps_its_source(site: Site, pekka: int) -> None:
    client = site.signed_in(MIKAEL)
    site.later(hours=1)
    html = client.get(edit_of(pekka)).text
    assert {("person.first_name", "Pekka"), ("person.phone", "050 000 0140")} <= set(Controls(html).sent)
    assert send(client, edit_of(pekka), {"person.last_name": "Lumi"}, html).status_code == 422, "the source is asked"
    answer = send(client, edit_of(pekka), {"person.last_name": "Lumi", "source": "own_records"}, html)
    assert answer.headers["location"] == f"/r/fluiconnecto_customers/person/{pekka}?done=changed"
    store, actor = site.registers.open(site.key), Actor("x", "sales")
    told = why(store, "person", pekka, actor=actor, now=site.now).cells
    assert (told["last_name"].source, told["first_name"].source) == ("own_records", "subject")
    with store.database.read() as conn:
        entry = page(conn, Query(verb="change")).entries[0].entry
    assert (entry.items, entry.persons) == (("last_name",), (pekka,))


def test_a_change_of_nothing_changes_nothing(site: Site, pekka: int) -> None:
    client = site.signed_in(MIKAEL)
    answer = send(client, edit_of(pekka), {"source": "subject"})
    assert answer.headers["location"].endswith("?done=unchanged")
    with site.registers.open(site.key).database.read() as conn:
        assert page(conn, Query(verb="change")).entries == ()


def test_two_who_change_the_same_see_mine_and_theirs(site: Site, pekka: int) -> None:
    client = site.signed_in(MIKAEL)
    opened = client.get(edit_of(pekka)).text
    store = site.registers.open(site.key)
    kaija = Actor(site.accounts[RITVA], "sales")
    site.later(minutes=3)
    rectify(store, "person", pekka, {"phone": ["050 000 0149"]}, source="subject", actor=kaija, now=site.now)
    mine = {"person.phone": ["050 000 0142"], "person.last_name": "Lumi", "source": "subject"}
    answer = send(client, edit_of(pekka), mine, opened)
    assert answer.status_code == 409
    said = text_of(answer.text)
    assert "Ritva Kaleva muutti kohtaa puhelin klo 9.15" in said
    assert "Sinun: 050 000 0142" in said
    assert "Hänen: 050 000 0149" in said

    def now_held() -> dict[str, Any]:
        return dict(read.row(store, "person", pekka, actor=kaija, now=site.now).values)

    assert now_held()["last_name"] == "Suolahti"
    kept = send(client, edit_of(pekka), {"clash": "theirs"}, answer.text)
    assert kept.status_code == 303
    assert (now_held()["phone"], now_held()["last_name"]) == (["+358500000149"], "Lumi")


def test_mine_wins_when_i_say_so_unless_it_changed_once_more(site: Site, pekka: int) -> None:
    client = site.signed_in(MIKAEL)
    opened = client.get(edit_of(pekka)).text
    store, kaija = site.registers.open(site.key), Actor(site.accounts[RITVA], "sales")
    rectify(store, "person", pekka, {"phone": ["050 000 0149"]}, source="subject", actor=kaija, now=site.now)
    clash = send(client, edit_of(pekka), {"person.phone": ["050 000 0142"], "source": "subject"}, opened).text
    rectify(store, "person", pekka, {"phone": ["050 000 0150"]}, source="subject", actor=kaija, now=site.now)
    again = send(client, edit_of(pekka), {"clash": "mine"}, clash)
    assert again.status_code == 409
    assert "Hänen: 050 000 0150" in text_of(again.text)
    assert send(client, edit_of(pekka), {"clash": "mine"}, again.text).status_code == 303
    assert read.row(store, "person", pekka, actor=kaija, now=site.now).values["phone"] == ["+358500000142"]


def test_what_only_somebody_else_changed_stays(site: Site, pekka: int) -> None:
    client = site.signed_in(MIKAEL)
    opened = client.get(edit_of(pekka)).text
    store, kaija = site.registers.open(site.key), Actor(site.accounts[RITVA], "sales")
    rectify(store, "person", pekka, {"first_name": "Petteri"}, source="subject", actor=kaija, now=site.now)
    answer = send(client, edit_of(pekka), {"person.last_name": "Lumi", "source": "subject"}, opened)
    assert answer.status_code == 303
    values = read.row(store, "person", pekka, actor=kaija, now=site.now).values
    assert (values["first_name"], values["last_name"]) == ("Petteri", "Lumi")


def test_a_row_that_the_role_does_not_see_has_no_form(site: Site, pekka: int) -> None:
    client = site.signed_in(RITVA)
    assert client.get(edit_of(999)).status_code == 404
    site.add("laskut@fluiconnecto.example", "Laskut", "accountant")
    assert site.signed_in("laskut@fluiconnecto.example").get(edit_of(pekka)).status_code == 404


# --- adding to what is there ------------------------------------------------------------------------------------------


def test_a_deed_from_a_persons_page_knows_the_person_and_the_one_relationship(site: Site, pekka: int) -> None:
    client = site.signed_in(MIKAEL)
    path = f"/r/fluiconnecto_customers/interaction/new?person={pekka}"
    sent = dict(Controls(client.get(path).text).sent)
    assert sent["interaction.person"] == str(pekka)
    assert "interaction.relationship" not in sent, "it follows from the person"
    assert sent["interaction.at"] == "2026-11-25T09:12"
    answer = send(client, path, {"interaction.subject": "Tarjous", "source": "own_records"})
    assert answer.headers["location"].startswith(f"/r/fluiconnecto_customers/person/{pekka}?")
    store = site.registers.open(site.key)
    around = read.around(store, "person", pekka, actor=Actor("x", "sales"), now=site.now)
    assert [row.values["subject"] for row in around.rows["interaction"]] == ["Tarjous"]
    (tie,) = around.rows["relationship"]
    assert around.rows["interaction"][0].references["relationship"] == tie.id


def test_a_second_company_is_a_tie_more(site: Site, pekka: int) -> None:
    client = site.signed_in(MIKAEL)
    path = f"/r/fluiconnecto_customers/relationship/new?person={pekka}"
    tie = {"relationship.organisation": "new", "relationship.organisation.name": "Toinen Oy", "source": "subject"}
    answer = send(client, path, tie)
    assert answer.headers["location"].startswith(f"/r/fluiconnecto_customers/person/{pekka}?")
    store = site.registers.open(site.key)
    around = read.around(store, "person", pekka, actor=Actor("x", "sales"), now=site.now)
    assert len(around.rows["relationship"]) == 2


def test_a_row_must_belong_to_something(site: Site) -> None:
    client = site.signed_in(MIKAEL)
    path = "/r/fluiconnecto_customers/interaction/new"
    answer = send(client, path, {"interaction.subject": "Tarjous", "source": "own_records"})
    assert answer.status_code == 422
    assert re.findall(r'<a href="#interaction[^"]*">([^<]+)</a>', answer.text) == ["Henkilö: valitse henkilö."]
    assert "Valitse, mihin tämä kuuluu" not in answer.text, "it is told once"


def test_suggestions_are_within_the_role(site: Site, pekka: int) -> None:
    client = site.signed_in(MIKAEL)
    found = client.get("/r/fluiconnecto_customers/pick/organisation?q=rannan&name=relationship.organisation")
    assert "Rannan Telakka Oy" in found.text
    assert "<html" not in found.text
    assert client.get("/r/fluiconnecto_customers/pick/invoice?q=1&name=x").status_code == 404
    hostile = client.get('/r/fluiconnecto_customers/pick/person?q=suolahti&name="><script>alert(1)</script>')
    assert "<script>alert" not in hostile.text


# --- every register ---------------------------------------------------------------------------------------------------

REGISTERS = (
    *("fluent-progress/customers", "fluent-progress/kunto", "fluent-progress/planner", "fluent-progress/recruiting"),
    *("fluiconnecto/notice", "fluxio/customers", "fluxio/as-oy-tuulikello", "fluxio/as-oy-tuulikello-cameras"),
    "proseduuri/notice",
)


@pytest.fixture
def any_site(tmp_path: Path, fixed_now: dt.datetime) -> Iterator[Callable[[str], Site]]:
    """A site over any example, with an account in every role."""
    makers: list[Iterator[Site]] = []

    def make(example: str) -> Site:
        settings = Settings(data_dir=tmp_path, key_file=tmp_path / "key", language="fi", allow_test_identity_codes=True)
        notice = load(EXAMPLES / f"{example}.yaml")
        maker = made(settings, notice, fixed_now)
        site = next(maker)
        makers.append(maker)
        for lens in notice.staff:
            site.add(f"{lens}@x.example", lens, lens)
        return site

    yield make
    for maker in makers:
        next(maker, None)


@pytest.mark.parametrize("example", REGISTERS)
def test_every_kind_of_every_register_has_its_form(any_site: Callable[[str], Site], example: str) -> None:
    site = any_site(example)
    register = site.registers.open(site.key).register
    seen = 0
    for lens in register.lenses.values():
        client = site.signed_in(f"{lens.key}@x.example")
        for kind in lens.shows:
            answer = client.get(f"/r/{site.key}/{kind}/new")
            expected = has_form(register, lens, kind)
            assert answer.status_code == (200 if expected else 403), (lens.key, kind)
            if not expected:
                continue
            ways = re.findall(rf'href="(/r/{site.key}/{kind}/new\?as=[^"]+)"', answer.text)
            asked: set[str] = set()
            for path in ways or [f"/r/{site.key}/{kind}/new"]:
                names = Controls(client.get(path).text).names
                assert "source" in names
                asked |= names
                seen += 1
            # Of a person each way in asks what may be kept of those who come in by it; some way asks each item.
            shown = [register.tables[kind].kind.items[item] for item in lens.shows[kind]]
            typed = {f"{kind}.{item.key}" for item in shown if item.type not in ("ref", "file")}
            assert typed <= asked, (lens.key, kind)
    assert seen


def test_several_ways_in_are_asked_first(any_site: Callable[[str], Site]) -> None:
    site = any_site("fluxio/as-oy-tuulikello")
    client = site.signed_in("property_manager@x.example")
    html = client.get(f"/r/{site.key}/person/new").text
    assert re.findall(r"\?as=(\w+)", html) == ["resident", "shareholder", "representative"]
    assert "Valitse ensin, kuka hän on rekisterille" in html


# What each promise of data names, where a form takes it: register, role, kind, item, what is typed, what is kept.
DATA = [
    ("F17", "fluent-progress/customers", "customer_service", "person.last_name", "Virta", "Virta"),
    ("F18", "fluent-progress/customers", "customer_service", "person.phone", "050 000 0140", ["+358500000140"]),
    ("F19", "fluent-progress/customers", "customer_service", "person.email", "a@x.example", ["a@x.example"]),
    ("F20", "fluent-progress/customers", "customer_service", "address.street", "Katu 1", "Katu 1"),
    ("F21", "fluent-progress/customers", "customer_service", "relationship.title", "Ostaja", "Ostaja"),
    ("F23", "fluent-progress/customers", "customer_service", "relationship.unit", "Huolto", "Huolto"),
    ("F24", "fluent-progress/customers", "customer_service", "relationship.tasks", "Tilaukset", "Tilaukset"),
    ("F25", "fluent-progress/customers", "customer_service", "person.interests", "Kunto", ["Kunto"]),
    ("F27", "fluent-progress/customers", "customer_service", "relationship.roles", "decides", ["decides"]),
    (
        "F35",
        "fluent-progress/customers",
        "customer_service",
        "person.social_profiles",
        "https://x.example/a",
        ["https://x.example/a"],
    ),
    ("C3", "fluiconnecto/notice", "sales", "person.first_name", "Sari", "Sari"),
    ("C4", "fluiconnecto/notice", "sales", "person.salutation", "Rouva", "Rouva"),
    ("C5", "fluiconnecto/notice", "sales", "person.phone", "050 000 0140", ["+358500000140"]),
    ("C6", "fluiconnecto/notice", "sales", "person.other_contact", "radio 7", ["radio 7"]),
    ("C7", "fluiconnecto/notice", "sales", "address.postal_code", "40320", "40320"),
    ("C12", "fluiconnecto/notice", "sales", "person.remark", "Soita iltapäivällä", "Soita iltapäivällä"),
    ("P11", "proseduuri/notice", "sales", "person.first_name", "Sari", "Sari"),
    ("P13", "proseduuri/notice", "sales", "relationship.tasks", "Hankinnat", "Hankinnat"),
    ("P15", "proseduuri/notice", "sales", "person.email", "a@x.example", ["a@x.example"]),
]


@pytest.mark.promise("F17", "F18", "F19", "F20", "F21", "F23", "F24", "F25", "F27", "F35")
@pytest.mark.promise("C3", "C4", "C5", "C6", "C7", "C12", "P11", "P13", "P15")
@pytest.mark.parametrize(
    ("example", "lens", "name", "typed", "kept"),
    [pytest.param(*rest, id=promise) for promise, *rest in DATA],
)
def test_what_the_notice_promises_to_hold_the_form_takes_and_keeps(
    any_site: Callable[[str], Site], example: str, lens: str, name: str, typed: str, kept: Any
) -> None:
    site = any_site(example)
    client = site.signed_in(f"{lens}@x.example")
    path = f"/r/{site.key}/person/new"
    html = client.get(path).text
    if "?as=" in html:
        path += "?as=customer"
        html = client.get(path).text
    base = {"person.last_name": "Suolahti", "source": "subject"}
    firm = {"relationship.organisation": "new", "relationship.organisation.name": "Rannan Telakka Oy"}
    answer = send(client, path, {**base, **firm, name: typed}, html)
    number = created(site, answer)
    around = read.around(site.registers.open(site.key), "person", number, actor=Actor("x", lens), now=site.now)
    kind, _, item = name.partition(".")
    row = around.row if kind == "person" else around.rows[kind][0]
    assert row.values[item] == kept
