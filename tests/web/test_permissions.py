"""A person's yes and no on their page: each button acts at once, and what was said stays in the history."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.operations.conftest import SALES, contact
from tests.prepared import example
from tests.smtp_sink import sink
from tests.web.conftest import Site, made
from tests.web.filling import Controls, send

from seloste.operations.actor import CLI, Actor
from seloste.operations.letters import LETTERS
from seloste.operations.mail.sender import send_due
from seloste.operations.mail.smtp import server_of
from seloste.operations.permissions import say
from seloste.operations.permissions.audience import audience
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.settings import Settings

MIKAEL = "mikael.tuuri@fluiconnecto.example"
Token = Callable[..., dict[str, str]]


def text_of(client: TestClient, path: str) -> str:
    found = client.get(path)
    assert found.status_code == 200, found.text
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", found.text.partition("<main")[2])))


def standing(site: Site, kind: str, end: str) -> int:
    with site.registers.open(site.key).read(site.now) as conn:
        return int(conn.execute(f"SELECT count(*) FROM {kind} WHERE {end} IS NULL").all()[0][0])


@pytest.mark.promise("C58", "C59")
def test_what_somebody_says_is_written_down_and_undone_only_by_saying_otherwise(site: Site, form_token: Token) -> None:
    store = site.registers.open(site.key)
    person = contact(store, site.now)
    client, page = site.signed_in(MIKAEL), f"/r/{site.key}/person/{person}"
    assert "Luvat ja kiellot, myös aiemmat" in text_of(client, page)
    path, token = f"{page}/permissions", form_token(client, f"{page}/permissions")

    def press(act: str, about: object) -> str:
        answer = client.post(path, data={"act": act, "about": str(about), **token})
        assert answer.status_code == 303
        return text_of(client, answer.headers["location"])

    key = re.findall(r"consent\?about=(partner_marketing\.\w+)", client.get(path).text)[0]
    form = f"{path}/consent?about={key}"
    asked = text_of(client, form)
    assert "saa" in asked
    given = {"how": "phone", "day": "3.11.2026", "evidence": "puhelu, muistio 12", **token}
    wrong = client.post(form, data={**given, "how": "portal", "day": "1.1.2030"})
    assert wrong.status_code == 422
    assert "Valitse, miten hän antoi luvan." in wrong.text
    assert "Päivä on vasta tulossa." in wrong.text
    answer = client.post(form, data=given)
    assert answer.status_code == 303
    told = text_of(client, answer.headers["location"])
    assert "Lupa on kirjattu." in told
    assert "Lupa annettu 3.11.2026." in told
    assert "puhelimessa · puhelu, muistio 12 · kirjasi Mikael Tuuri" in told
    told = press("withdraw", key)
    assert "Lupa peruttu 25.11.2026." in told
    assert "kirjasi Mikael Tuuri" in told.partition("Historia")[2]
    assert standing(site, "permission", "withdrawn_at") == 0
    # Bans: two on one way, and the one that is lifted goes alone.
    press("ban", "marketing.phone")
    say.ban(store, person, "phone", note="asiakaspalvelusta", actor=SALES, now=site.now)
    first = re.findall(r'name="about" value="(\d+)"', client.get(path).text)
    assert len(first) == 2
    shown = text_of(client, path)
    assert "Voimassa olevat kiellot" not in shown, "one on a single way is lifted where that way stands"
    assert shown.count("Peru kielto") == 2
    told = press("lift", first[0])
    assert standing(site, "ban", "lifted_at") == 1
    assert "Kielto peruttu" in told
    told = press("lift", first[1])
    assert standing(site, "ban", "lifted_at") == 0
    # One by e-mail is on the partners' marketing too: it is not lifted as if it were on our own alone.
    wide = say.ban(store, person, "email", actor=SALES, now=site.now)
    assert "Voimassa olevat kiellot" in text_of(client, path)
    press("lift", wide.id)
    # Objections: to marketing at once; another waits for a decision.
    told = press("object", "marketing")
    assert "hyväksytty" in told
    assert "Voimassa olevat kiellot" not in told, "the ban that it set stands among the objections, and once"
    assert audience(store, "marketing", "email", actor=SALES, now=site.now).persons == ()
    number = re.findall(r'name="about" value="(\d+)"[^>]*><button[^>]*value="take_back"', client.get(path).text)
    told = press("take_back", number[0])
    assert audience(store, "marketing", "email", actor=SALES, now=site.now).persons == (person,)
    for verb in ("Vastustaminen peruttu", "Vastustaminen", "Kielto", "Lupa peruttu", "Lupa"):
        assert verb in told.partition("Historia")[2]
    # One that must be weighed is a request, so that somebody answers it within its month.
    press("object", "customer_care")
    with store.read(site.now) as conn:
        asked = conn.execute('SELECT "right", state, asked FROM rights_request').all()
    assert [row[:2] for row in asked] == [("objection", "received")]
    # What does not stand, or is of somebody else, changes nothing.
    assert "Mikään ei muuttunut" in press("lift", 99)
    assert client.post(path, data={"act": "ban", "about": "orders.phone", **token}).status_code in (403, 404, 409, 422)
    assert client.get(f"/r/{site.key}/organisation/1/permissions").status_code == 404
    assert client.post(path, data={"act": "ban", "about": "marketing.phone"}).status_code == 403


@pytest.mark.promise("C38")
def test_a_contact_who_left_is_marked_with_one_press(site: Site, form_token: Token) -> None:
    store = site.registers.open(site.key)
    person = contact(store, site.now)
    client, page = site.signed_in(MIKAEL), f"/r/{site.key}/person/{person}"
    found = client.get(page).text
    action = re.findall(r'action="(/r/[^"]+/left)"', found)
    assert len(action) == 1
    answer = client.post(action[0], data={"back": f"person.{person}", **form_token(client, page)})
    assert answer.headers["location"].startswith(f"{page}?done=marked_left")
    assert "Merkitty tänään lopettaneeksi." in text_of(client, answer.headers["location"])
    assert "/left" not in client.get(page).text
    assert audience(store, "marketing", "email", actor=SALES, now=site.now).refused == {"12": 1}
    assert client.post(f"/r/{site.key}/person/{person}/left", data=form_token(client, page)).status_code == 404


@pytest.fixture
def fluent(tmp_path: Path, fixed_now: datetime) -> Iterator[Site]:
    settings = Settings(data_dir=tmp_path, key_file=tmp_path / "secret.key", language="fi")
    for site in made(settings, example("fluent-progress/customers"), fixed_now):
        site.add("anna@fluent.example", "Anna Markkinoija", "marketing")
        yield site


@pytest.mark.promise("F33")
def test_a_consent_that_is_confirmed_by_email_waits_for_the_person(fluent: Site, form_token: Token) -> None:
    site = fluent
    person = collect(
        site.registers.open(site.key),
        [
            NewRow("person", {"first_name": "Aino", "email": ["aino@aalto.example", "a@tyo.example"]}, ref="p"),
            NewRow("relationship", {"stage": "customer"}, {"person": "p"}),
        ],
        actor=CLI,
        now=site.now,
    ).ids["p"]
    client, path = site.signed_in("anna@fluent.example"), f"/r/{site.key}/person/{person}/permissions"
    form, token = f"{path}/consent?about=newsletter", form_token(client, path)
    given = {"how": "in_person", "day": "24.11.2026", "address": "a@tyo.example", **token}
    # Without mail nothing could confirm it, and that is said.
    refused = client.post(form, data=given)
    assert refused.status_code == 422
    assert "Seloste ei vielä lähetä sähköpostia. Mitään ei tallennettu." in refused.text
    with sink() as server:
        site.registers.settings = replace(
            site.registers.settings,
            smtp_url=f"smtp://127.0.0.1:{server.port}",
            mail_from="Fluent <tietosuoja@fluent.example>",
            public_url="https://rekisteri.example",
        )
        answer = client.post(form, data=given)
        assert "Vahvistuspyyntö lähti 25.11.2026." in text_of(client, answer.headers["location"])
        send_due(site.registers, LETTERS, server_of(site.registers.settings), now=site.now)
    [letter] = server.letters
    assert letter["To"] == "a@tyo.example"
    found = re.search(r"https://rekisteri\.example(/confirm/\S+)", letter.get_content())
    assert found
    browser, marketer = site.client(), Actor("a", "marketing")

    def reached() -> tuple[int, ...]:
        return audience(site.registers.open(site.key), "newsletter", "email", actor=marketer, now=site.now).persons

    looked = browser.get(found[1])
    assert "Vahvista lupasi" in looked.text
    assert "Fluent Progress saa lähettää minulle uutiskirjeen." in looked.text
    assert reached() == (), "a GET confirms nothing"
    action = re.findall(r'<form method="post" action="([^"]+)"', looked.text)[0]
    done = browser.post(unescape(action))
    assert "Kiitos, lupasi on vahvistettu" in done.text
    assert reached() == (person,)
    assert browser.post(unescape(action)).status_code == 410
    assert browser.get("/confirm/fluent_customers/arvaus").status_code == 410
    told = text_of(client, path)
    assert "Lupa annettu 25.11.2026." in told
    assert "kirjasi hän itse" in told or "hän itse" in told


def test_a_yes_in_a_form_is_no_consent_before_it_is_confirmed(fluent: Site) -> None:
    site = fluent
    client = site.signed_in("anna@fluent.example")
    path = f"/r/{site.key}/person/new?as=customer"
    names = Controls(client.get(path).text).names
    yes = next(name for name in names if name.endswith("newsletter"))
    values = {"person.first_name": "Aino", "person.email": "aino@aalto.example", "source": "subject", yes: "yes"}
    values["consent_how"] = "in_person"
    refused = send(client, path, values)
    assert refused.status_code == 422
    assert "Seloste ei vielä lähetä sähköpostia. Mitään ei tallennettu." in refused.text
    site.registers.settings = replace(
        site.registers.settings, smtp_url="smtp://127.0.0.1:9", mail_from="a@b.example", public_url="https://r.example"
    )
    done = send(client, path, values)
    assert done.status_code == 303, done.text
    assert "done=stored_asked" in done.headers["location"]
    assert standing(site, "permission", "withdrawn_at") == 0
    found = audience(site.registers.open(site.key), "newsletter", "email", actor=Actor("a", "marketing"), now=site.now)
    assert (found.persons, found.refused) == ((), {"5": 1})


def test_the_consents_come_as_receipts_for_the_person(site: Site) -> None:
    store = site.registers.open(site.key)
    person = contact(store, site.now)
    client, path = site.signed_in(MIKAEL), f"/r/{site.key}/person/{person}/permissions"
    assert "receipts.json" not in client.get(path).text
    say.grant(store, person, "partner_marketing", channel="paper", language="fi", recipient="Letkuset Oy",
              actor=SALES, now=site.now)  # fmt: skip
    assert f"{path}/receipts.json" in client.get(path).text
    answer = client.get(f"{path}/receipts.json")
    assert (
        answer.headers["content-type"] == "application/json" and "attachment" in answer.headers["content-disposition"]
    )
    [receipt] = answer.json()["receipts"]
    assert "Letkuset Oy" in receipt["consent_record"]["pii_processing"][0]["purposes"][0]["consent_wording"]
    assert client.get(f"/r/{site.key}/person/9999/permissions/receipts.json").status_code == 404
