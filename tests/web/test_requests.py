"""Requests of the people, as whoever leads privacy answers them on the pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.web.conftest import Site, TestClient

from seloste.catalogue.model import PERSON
from seloste.operations.actor import CLI
from seloste.operations.permissions import say
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.operations.records.rectify import rectify
from seloste.operations.rights.read import requests

MIKAEL, RITVA = (f"{name}@fluiconnecto.example" for name in ("mikael.tuuri", "ritva.kaleva"))
SARI = {"first_name": "Sari", "last_name": "Havukoski", "phone": "050 000 0142"}
Fill = Callable[[TestClient, str], dict[str, str]]


@pytest.fixture
def known(site: Site) -> tuple[Site, int]:
    rows = [
        NewRow(ref="o", kind="organisation", values={"name": "Havupumppu Oy"}),
        NewRow(
            ref="p", kind="person", values={"first_name": "Sari", "last_name": "Havukoski", "phone": "050 000 0142"}
        ),
        NewRow(kind="relationship", values={"stage": "customer"}, parents={"person": "p", "organisation": "o"}),
    ]
    return site, collect(site.registers.open(site.key), rows, actor=CLI, now=site.now).ids["p"]


class Lead:
    """Ritva at the pages of requests."""

    def __init__(self, site: Site, form_token: Fill) -> None:
        self.site, self.client = site, site.signed_in(RITVA)
        self.base = f"/r/{site.key}/privacy/requests"
        self.token = form_token(self.client, "/account")

    def get(self, path: str = "") -> str:
        answer = self.client.get(self.base + path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def post(self, path: str, **data: Any) -> Any:
        return self.client.post(self.base + path, data={**self.token, **data})

    def new(self, **data: Any) -> int:
        given = {"right": "access", "channel": "post", "received": self.site.now.date().isoformat(), "language": "fi"}
        answer = self.post("/new", **{**given, **data})
        assert answer.status_code == 303, answer.text
        return int(re.findall(r"/requests/(\d+)", answer.headers["location"])[0])


@pytest.fixture
def lead(known: tuple[Site, int], form_token: Fill) -> Iterator[Lead]:
    yield Lead(known[0], form_token)


def test_a_letter_is_written_down_identified_and_answered(lead: Lead, known: tuple[Site, int]) -> None:
    _, person = known
    assert "Sari Havukoski, Havupumppu Oy" in lead.get("/new?find=havuk")
    number = lead.new(asked_by="Sari Havukoski, Kuusitie 1", asked="Mitä tietoja teillä on minusta?")
    page = lead.get(f"/{number}")
    assert "Mitä tietoja teillä on minusta?" in page
    assert "pe 25.12.2026" not in page, "Christmas Day is no working day"
    assert "ma 28.12.2026" in page
    assert "Tunnista pyytäjä" in page
    assert "/answer.pdf" not in page

    refused = lead.post(f"/{number}/identify", evidence="identity_code", person=str(person))
    assert refused.status_code == 422
    assert "tietosuojalaki 29 §" in refused.text
    lead.post(f"/{number}/ask_identity", note="Pyysimme häntä käymään.")
    assert "Häneltä on kysytty, kuka hän on" in lead.get()
    assert "Sari Havukoski, Havupumppu Oy" in lead.get(f"/{number}?find=havuk")
    assert lead.post(f"/{number}/identify", evidence="in_person", person=str(person)).status_code == 303

    page = lead.get(f"/{number}")
    assert "Anna tiedot ja merkitse vastatuksi" in page, "the answer holds its own entries too"
    answer = lead.post(f"/{number}/give", text="Hei Sari.")
    assert answer.headers["location"].endswith("done=request_answered")
    page = lead.get(f"/{number}")
    assert "Hei Sari." in page
    letter = lead.client.get(f"{lead.base}/{number}/answer.html")
    assert "attachment" in letter.headers["content-disposition"]
    assert "Sari" not in letter.headers["content-disposition"]
    for part in ("Hei Sari.", "050 000 0142", "Tietosuojavaltuutetun toimisto"):
        assert part in letter.text
    assert lead.client.get(f"{lead.base}/{number}/answer.pdf").content.startswith(b"%PDF")
    assert lead.client.get(f"{lead.base}/{number}/answer.json").json()["data"]["person"]
    assert lead.client.get(f"{lead.base}/{number}/answer.txt").status_code == 404

    # The register has no e-mail of hers: what she must be told is printed, with a page for the envelope.
    assert "Toimitettava hänelle" in page
    for task in re.findall(r'name="message" value="(\d+)"', page):
        printed = lead.post(f"/{number}/print", message=task, to="Sari Havukoski\nKuusitie 1\n00100 Helsinki")
        assert printed.content.startswith(b"%PDF")
        assert lead.post(f"/{number}/delivered", message=task).status_code == 303
        assert lead.post(f"/{number}/delivered", message=task).status_code == 422
        assert lead.post(f"/{number}/send_again", message=task).status_code == 422
    assert lead.post(f"/{number}/print", message="999").status_code == 422
    assert "Toimitettava hänelle" not in lead.get(f"/{number}")


def test_the_page_of_a_person_leads_to_their_request(lead: Lead, known: tuple[Site, int]) -> None:
    site, person = known
    asks = f"/r/{site.key}/privacy/requests/new?person={person}"
    assert asks in lead.client.get(f"/r/{site.key}/person/{person}").text
    form = lead.get(f"/new?person={person}")
    assert re.search(rf'name="person" value="{person}"[^>]*checked', form)
    assert asks not in site.signed_in(MIKAEL).get(f"/r/{site.key}/person/{person}").text


@pytest.mark.promise("C57", "P40")
def test_an_erasure_is_seen_and_then_done(lead: Lead, known: tuple[Site, int]) -> None:
    site, person = known
    number = lead.new(right="erasure", person=str(person), evidence="strong")
    page = lead.get(f"/{number}")
    assert "Poistuu" in page
    goes = re.findall(r"Poista (\d+) tietoa ja merkitse vastatuksi", page)
    assert int(goes[0]) > 3
    assert "Mitään ei jää." not in page
    assert "Markkinointikiellosta jää tunniste, avaimella laskettu tiiviste" in page, "the ban outlives the address"
    mark = re.findall(r'name="expected" value="([0-9a-f]+)"', page)[0]
    stale = lead.post(f"/{number}/erase", expected="0123")
    assert stale.status_code == 422
    assert "Mitään ei poistettu" in stale.text
    assert lead.post(f"/{number}/erase", expected=mark).status_code == 303
    with site.registers.open(site.key).read(site.now) as conn:
        assert conn.execute("SELECT first_name FROM person WHERE id = :id", {"id": person}).first() == (None,)
    done = lead.get(f"/{number}")
    assert "nimi on poistettu" in done, "nobody knows the name any more"
    assert "ei vielä tiedossa" not in done, "they were known"
    assert "Poistamme tunnisteenkin, jos pyydät." in done


def test_the_ban_of_an_erased_person_is_found_by_an_address_that_is_theirs(lead: Lead, known: tuple[Site, int]) -> None:
    """Nobody can be looked for by name any more; the address stands in no address of a page."""
    site, person = known
    erase = lead.new(right="erasure", person=str(person), evidence="strong")
    assert lead.post(f"/{erase}/erase").status_code == 303
    assert f'href="{lead.base}/ban"' in lead.get()
    assert "Sähköpostiosoite tai puhelinnumero" in lead.get("/ban")
    assert lead.post("/ban", address="Sari").status_code == 422
    assert "Tällä osoitteella ei ole kieltoa." in lead.post("/ban", address="050 000 0143").text
    seen = lead.post("/ban", address="050 000 0142").text
    assert "Osoitteella on yksi kielto." in seen
    assert "Kiellon tieto suojaa sinua" in seen
    for given in ({}, {"proved": "1"}, {"warned": "1"}):
        refused = lead.post("/ban/erase", address="050 000 0142", **given)
        assert refused.status_code == 422
        assert "Vahvista tämä ensin" in refused.text
    agreed = {"address": "050 000 0142", "proved": "1", "warned": "1"}
    site.later(minutes=30)
    assert lead.post("/ban/erase", **agreed).status_code == 403, "it asks for fresh proof"
    lead.client = site.signed_in(RITVA)
    lead.token = {"form_token": re.findall(r'name="form_token" value="([0-9a-f]{64})"', lead.get("/new"))[0]}
    done = lead.post("/ban/erase", **agreed)
    assert done.headers["location"].endswith("done=ban_forgotten")
    assert "Kielto ja sen tiivisteet on poistettu." in lead.client.get(done.headers["location"]).text
    assert "Tällä osoitteella ei ole kieltoa." in lead.post("/ban/erase", **agreed).text
    with site.registers.open(site.key).read(site.now) as conn:
        assert conn.execute("SELECT count(*) FROM ban").first() == (0,)


def test_a_ban_of_somebody_who_is_still_here_says_what_follows(lead: Lead, known: tuple[Site, int]) -> None:
    site, person = known
    say.ban(site.registers.open(site.key), person, "phone", actor=CLI, now=site.now)
    seen = lead.post("/ban", address="050 000 0142").text
    assert "yksi kielto. Hän on yhä rekisterissä, ja hänelle voidaan markkinoida poiston jälkeen." in seen


def test_compelling_grounds_are_weighed_seen_and_told(lead: Lead, known: tuple[Site, int]) -> None:
    """Art. 21(1): what goes on is seen before the erasure, with its grounds; marketing is never among it."""
    site, person = known
    number = lead.new(right="erasure", person=str(person), evidence="strong")
    page = lead.get(f"/{number}")
    choices = re.findall(r'name="keep" value="(\w+)"', page)
    assert "customer_care" in choices
    assert "marketing" not in choices
    answer = lead.post(f"/{number}/weigh", keep="customer_care", grounds=" ")
    assert answer.status_code == 422
    assert "Kirjoita, miksi syynne painaa enemmän" in answer.text
    seen = lead.post(f"/{number}/weigh", keep="customer_care", grounds="Reklamaatio on kesken.").text
    assert "Yksi käyttö jatkuu punninnan mukaan." in seen
    mark = re.findall(r'name="expected" value="([0-9a-f]+)"', seen)[0]
    assert mark not in page
    assert lead.post(f"/{number}/erase", expected=mark).status_code == 422, "without the grounds it does something else"
    done = lead.post(f"/{number}/erase", expected=mark, keep="customer_care", grounds="Reklamaatio on kesken.")
    assert done.status_code == 303
    assert "Reklamaatio on kesken." in lead.get(f"/{number}")
    with site.registers.open(site.key).read(site.now) as conn:
        assert conn.execute("SELECT first_name FROM person WHERE id = :id", {"id": person}).first() == ("Sari",)


def test_what_an_objection_removes_is_seen_before_it_is_upheld(lead: Lead, known: tuple[Site, int]) -> None:
    """Art. 17(1)(c): the use that was the last to hold the data takes them along, and nobody presses that unseen."""
    site, person = known
    waits = lead.new(right="access", person=str(person), evidence="strong")
    number = lead.new(right="objection", person=str(person), evidence="strong")
    page = lead.get(f"/{number}")
    assert "Valitse, mitä hän vastustaa. Näet ennen ratkaisua" in page
    uses = re.findall(r'name="purposes" value="(\w+)"', page)
    unseen = re.findall(r'name="expected" value="([0-9a-f]+)"', page)[0]
    warned = page.index("Vastaa ensin hänen toiseen pyyntöönsä")
    assert warned < page.index(f'href="{lead.base}/{waits}"') < page.index(f'action="{lead.base}/{number}/object"')

    refused = lead.post(f"/{number}/object", purposes=uses, expected=unseen)
    assert refused.status_code == 422
    assert "Tämä poistaisi muuta kuin näit." in refused.text
    seen = lead.post(f"/{number}/object_look", purposes=uses).text
    goes = int(re.findall(r"Poista (\d+) tietoa ja merkitse vastatuksi", seen)[0])
    assert goes > 3
    assert "Markkinointikiellosta jää tunniste" in seen
    with site.registers.open(site.key).read(site.now) as conn:
        assert conn.execute("SELECT first_name FROM person WHERE id = :id", {"id": person}).first() == ("Sari",)

    mark = re.findall(r'name="expected" value="([0-9a-f]+)"', seen)[0]
    assert f'action="{lead.base}/{number}/object_erase"' in seen, "an address of its own, which asks for fresh proof"
    for unproved in ({"expected": mark}, {}):
        assert lead.post(f"/{number}/object", purposes=uses, **unproved).status_code == 422
    assert lead.post(f"/{number}/object_erase", purposes=uses, expected=mark).status_code == 303
    with site.registers.open(site.key).read(site.now) as conn:
        assert conn.execute("SELECT first_name FROM person WHERE id = :id", {"id": person}).first() == (None,)
    page = lead.get(f"/{number}")
    assert f"Nämä poistuivat: {goes} tietoa (" in page
    assert "Markkinointikiellostasi jää tunniste" in page


def test_what_a_withdrawal_removes_is_seen_before_it_is_done(lead: Lead, known: tuple[Site, int]) -> None:
    """Art. 17(1)(b): all else is objected to, so that the consent is the last to hold the data."""
    site, person = known
    words = {"recipient": "Letkuset Oy", "channel": "web_form", "language": "fi"}
    say.grant(site.registers.open(site.key), person, "partner_marketing", **words, actor=CLI, now=site.now)
    earlier = lead.new(right="objection", person=str(person), evidence="strong")
    uses = set(re.findall(r'name="purposes" value="(\w+)"', lead.get(f"/{earlier}"))) - {"partner_marketing"}
    assert lead.post(f"/{earlier}/object_erase", purposes=sorted(uses)).status_code == 303
    number = lead.new(right="withdrawal", person=str(person), evidence="strong")
    page = lead.get(f"/{number}")
    ends = page[page.index("Suostumukset, jotka päättyvät") : page.index("<h2>Poistuu")]
    assert "Kumppanien markkinointi" in ends
    goes = re.findall(r"Peru suostumukset, poista (\d+) tietoa ja merkitse vastatuksi", page)
    mark = re.findall(r'name="expected" value="([0-9a-f]+)"', page)[0]
    assert lead.post(f"/{number}/withdraw", expected="0123").status_code == 422
    assert f'action="{lead.base}/{number}/withdraw_erase"' in page
    for unproved in ({"expected": mark}, {}):
        assert lead.post(f"/{number}/withdraw", **unproved).status_code == 422
    site.later(days=0, minutes=30)
    asked = lead.post(f"/{number}/withdraw_erase", expected=mark)
    assert asked.status_code == 403
    assert f'name="expected" value="{mark}"' in asked.text, "what was chosen is carried along"
    lead.client = site.signed_in(RITVA)
    lead.token = {"form_token": re.findall(r'name="form_token" value="([0-9a-f]{64})"', lead.get("/new"))[0]}
    assert lead.post(f"/{number}/withdraw_erase", expected=mark).status_code == 303
    assert f"Nämä poistuivat: {goes[0]} tietoa (" in lead.get(f"/{number}")


def test_somebody_whose_use_is_paused_may_ask_too(lead: Lead, known: tuple[Site, int]) -> None:
    site, person = known
    say.restrict(site.registers.open(site.key), person, "accuracy", actor=CLI, now=site.now)
    assert f'name="person" value="{person}"' in lead.get("/new?find=havuk")


def test_what_is_wrong_is_said_and_what_was_typed_stays(lead: Lead, known: tuple[Site, int]) -> None:
    _, person = known
    answer = lead.post("/new", right="access", channel="post", received="", asked="Kirje")
    assert answer.status_code == 422
    assert "Kirjoita päivä" in answer.text
    assert ">Kirje<" in answer.text.replace("\n", "")
    assert lead.post("/new", right="access", channel="post", received="2026-11-25").status_code == 422
    number = lead.new(right="objection", person=str(person), evidence="strong")
    answer = lead.post(f"/{number}/object", text="Kiitos viestistä.")
    assert answer.status_code == 422
    assert "Valitse, mitä hän vastustaa" in answer.text
    assert "Kiitos viestistä." in answer.text
    assert lead.post(f"/{number}/object", purposes=["marketing"]).status_code == 303
    assert lead.post(f"/{number}/dance").status_code == 404


def test_the_late_one_says_so_until_it_is_answered(lead: Lead, known: tuple[Site, int]) -> None:
    site, person = known
    number = lead.new(person=str(person), evidence="strong")
    site.later(days=40)
    lead.client = site.signed_in(RITVA)
    lead.token = {"form_token": re.findall(r'name="form_token" value="([0-9a-f]{64})"', lead.get("/new"))[0]}
    assert "Myöhässä" in lead.get()
    page = lead.get(f"/{number}")
    assert "Jatka määräaikaa" not in page
    assert lead.post(f"/{number}/extend", why_longer="Paljon").status_code == 422
    lead.post(f"/{number}/give")
    assert "päivää myöhässä" in lead.get()


def test_only_whoever_leads_comes_in(lead: Lead, known: tuple[Site, int], form_token: Fill) -> None:
    site, person = known
    number = lead.new(person=str(person), evidence="strong")
    client = site.signed_in(MIKAEL)
    token = form_token(client, "/account")
    for path in ("", "/new", f"/{number}", f"/{number}/answer.json"):
        assert client.get(lead.base + path).status_code == 403, path
    assert client.post(f"{lead.base}/{number}/give", data=token).status_code == 403
    store = site.registers.open(site.key)
    assert len(requests(store, actor=CLI, now=site.now).open) == 1


def test_a_fee_needs_its_ground_and_its_reasons(lead: Lead, known: tuple[Site, int]) -> None:
    _, person = known
    lead.new(person=str(person), evidence="strong")
    number = lead.new(person=str(person), evidence="strong")
    page = lead.get(f"/{number}")
    assert "Häneltä on tullut yksi pyyntö vuoden sisällä (25.11.2026). Määrä ei yksin riitä syyksi." in page
    answer = lead.post(f"/{number}/tell_fee", excess="excessive", amount="15", excess_reason="")
    assert answer.status_code == 422
    assert "Teidän on osoitettava" in answer.text
    assert lead.post(f"/{number}/tell_fee", excess="excessive", amount="15", excess_reason="Viides.").status_code == 303
    page = lead.get(f"/{number}")
    assert "15,00 €" in page
    assert "/tell_fee" not in page
    lead.post(f"/{number}/refuse_excess", excess="excessive", excess_reason="Ei vastannut.")
    assert "kohtuuton" in lead.get(f"/{number}")


@pytest.mark.parametrize("right", ["rectification", "restriction", "portability", "withdrawal", "human_review"])
def test_every_right_has_its_way_to_an_answer(lead: Lead, known: tuple[Site, int], right: str) -> None:
    site, person = known
    words = {"recipient": "Letkuset Oy", "channel": "web_form", "language": "fi"}
    say.grant(site.registers.open(site.key), person, "partner_marketing", **words, actor=CLI, now=site.now)
    number = lead.new(right=right, person=str(person), evidence="strong")
    page = lead.get(f"/{number}")
    act = re.findall(rf'action="{lead.base}/{number}/(\w+)"', page)[0]
    if right == "rectification":
        assert "Mitään ei ole korjattu" in page
        assert lead.post(f"/{number}/{act}", text=" ").status_code == 422
        changes, by = {"last_name": "Havu"}, {"source": "subject", "actor": CLI}
        rectify(site.registers.open(site.key), PERSON, person, changes, **by, now=site.now)
        assert "on korjattu tai lisätty: sukunimi" in lead.get(f"/{number}")
    assert lead.post(f"/{number}/{act}", ground="accuracy", text="Selvä.").status_code == 303
    page = lead.get(f"/{number}")
    assert "Selvä." in page
    assert lead.client.get(f"{lead.base}/{number}/answer.pdf").content.startswith(b"%PDF")
    if right == "portability":
        assert lead.client.get(f"{lead.base}/{number}/answer.zip").content.startswith(b"PK")
    if right == "restriction":
        assert lead.post(f"/{number}/lift").status_code == 422
        lead.post(f"/{number}/tell_lifting", note="Tiedot on tarkistettu.")
        assert lead.post(f"/{number}/lift").status_code == 422, "it has not been delivered"
        lead.post(f"/{number}/tell_lifting", note="Kerroimme puhelimessa.", lifting_already="1")
        assert lead.post(f"/{number}/lift").status_code == 303
    for task in re.findall(r'name="notice" value="(\d+)"', page):
        assert lead.post(f"/{number}/notice", notice=task, how="told").status_code == 303
    assert 'name="notice"' not in lead.get(f"/{number}")
