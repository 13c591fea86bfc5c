"""Disclosures as whoever leads privacy sees and makes them on the pages."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.web.conftest import Site, TestClient

from seloste.operations.actor import CLI
from seloste.operations.disclosures.agreements import TEXTS, record_agreement
from seloste.operations.permissions import say
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.web.staff import disclose_to

MIKAEL, RITVA = (f"{name}@fluiconnecto.example" for name in ("mikael.tuuri", "ritva.kaleva"))
HOSE = "Letkuset Oy"
Fill = Callable[[TestClient, str], dict[str, str]]


@pytest.fixture
def known(site: Site) -> tuple[Site, int]:
    rows = [
        NewRow(ref="o", kind="organisation", values={"name": "Havupumppu Oy"}),
        NewRow(
            ref="p",
            kind="person",
            values={"first_name": "Sari", "last_name": "Havukoski", "email": "sari@havupumppu.example"},
        ),
        NewRow(kind="relationship", values={"stage": "customer"}, parents={"person": "p", "organisation": "o"}),
    ]
    store = site.registers.open(site.key)
    person = collect(store, rows, actor=CLI, now=site.now).ids["p"]
    say.grant(store, person, "partner_marketing", channel="paper", language="fi", recipient=HOSE, actor=CLI,
              now=site.now)  # fmt: skip
    return site, person


class Lead:
    """Ritva at the pages of disclosures."""

    def __init__(self, site: Site, form_token: Fill) -> None:
        self.client = site.signed_in(RITVA)
        self.base = f"/r/{site.key}/privacy/disclosures"
        self.token = form_token(self.client, "/account")

    def get(self, path: str = "") -> str:
        answer = self.client.get(self.base + path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def post(self, path: str, **data: Any) -> Any:
        return self.client.post(self.base + path, data={**self.token, **data})


@pytest.mark.promise("C45")
def test_a_list_is_given_to_a_partner_and_the_person_sees_it(
    known: tuple[Site, int], form_token: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, person = known
    lead = Lead(site, form_token)
    listed = lead.get()
    assert "Mikään" not in listed and f"{lead.base}/to/partners" in listed
    asked = lead.get("/to/partners")
    assert re.search(rf"{HOSE}<small>Yksi ihminen\.</small>", asked)
    with monkeypatch.context() as large:
        large.setattr(disclose_to, "MOST_READ", 0)
        assert f"{HOSE}<small>Enintään 1 ihmistä. Tarkka määrä selviää" in lead.get("/to/partners")
    refused = lead.post("/to/partners", whom="all", form="csv")
    assert refused.status_code == 422 and "Valitse, kuka tiedot saa." in refused.text
    given = lead.post("/to/partners", party=HOSE, whom="all", form="csv")
    assert given.status_code == 200 and given.headers["content-disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(given.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[1:] == [["Sari", "Havukoski", "sari@havupumppu.example"]]
    assert "yhden ihmisen tiedot" in lead.get()
    sheet = lead.client.get(f"/r/{site.key}/person/{person}").text
    assert HOSE in sheet


@pytest.mark.promise("C40")
def test_a_processor_is_stopped_until_its_agreement_is_whole(known: tuple[Site, int], form_token: Fill) -> None:
    lead = Lead(known[0], form_token)
    assert "Käsittelysopimusta ei ole kirjattu" in lead.get("/to/support_desk")
    options = known[0].registers.open(known[0].key).register.tables["processor_agreement"].kind.items["clauses"].options
    names = ("subject_matter", "duration", "nature", "aim", "data_types", "subjects")
    texts = dict.fromkeys(names, "kuten sopimuksessa")
    whole = {**texts, "clauses": [each.key for each in options], "signed_on": "2026-01-10", "paper": "Mappi 3"}
    half = lead.post("/agreements/support_desk", **{**whole, "clauses": ["security"]})
    assert half.status_code == 303
    shown = lead.get("/agreements/support_desk")
    assert "Sopimus on vajaa" in shown and "h) tiedot ja tarkastukset" in shown
    number = re.search(r'name="agreement" value="(\d+)"', shown)
    assert number is not None
    assert lead.post("/agreements/support_desk", agreement=number[1], **whole).status_code == 303
    assert "Sopimus on vajaa" not in lead.get("/agreements/support_desk")
    given = lead.post("/to/support_desk", purpose="customer_care", party="Tukipalvelu Oy", whom="all", form="json")
    assert given.status_code == 200 and b"Havukoski" in given.content
    wrong = lead.post("/agreements/support_desk", **{**whole, "signed_on": "2026-13-40"})
    assert wrong.status_code == 422 and "Allekirjoitettu" in wrong.text


@pytest.mark.promise("C44")
@pytest.mark.promise("P33")
def test_an_authority_is_given_what_it_asked_for_by_law(known: tuple[Site, int], form_token: Fill) -> None:
    site, person = known
    lead = Lead(site, form_token)
    assert "vain pyynnöstä" in lead.get("/to/authorities")
    assert "Sari Havukoski" in lead.get("/outside/new?find=Havukoski")
    asked = {"requester": "authority", "asked_by": "Verohallinto", "person": str(person), "what": ["person.email"],
             "received": site.now.date().isoformat(), "reference": "VH/1"}  # fmt: skip
    bare = lead.post("/outside/new", **asked)
    assert bare.status_code == 422 and "Kirjoita lainkohta" in bare.text
    law = "Laki verotusmenettelystä 1558/1995, 19 §"
    opened = lead.post("/outside/new", **asked, provision=law)
    assert opened.status_code == 303
    path = opened.headers["location"].partition("?")[0].removeprefix(lead.base)
    page = lead.get(path)
    assert law in page and "Laki sallii" in page
    beyond = lead.post(f"{path}/give", what=["person.first_name"], form="csv")
    assert beyond.status_code == 422 and "joita pyydettiin" in beyond.text
    assert lead.post(f"{path}/deny", what=["person.email"], form="csv").status_code == 404
    given = lead.post(f"{path}/give", what=["person.email"], form="csv")
    assert given.status_code == 200
    assert given.content.decode("utf-8-sig").splitlines() == ["Sähköposti", "sari@havupumppu.example"]
    assert lead.post(f"{path}/refuse", why_not="myöhässä").status_code == 422
    assert law in lead.client.get(f"/r/{site.key}/person/{person}").text
    again = lead.post("/outside/new", **{**asked, "requester": "outsider"})
    path = again.headers["location"].partition("?")[0].removeprefix(lead.base)
    assert lead.post(f"{path}/give", what=["person.email"], form="csv").status_code == 422
    assert lead.post(f"{path}/refuse", why_not="Ei perustetta.").status_code == 303
    assert "tietoja ei annettu" in lead.get(path)


def test_only_whoever_leads_privacy_gives_data_out(known: tuple[Site, int], form_token: Fill) -> None:
    site, _ = known
    client = site.signed_in(MIKAEL)
    base = f"/r/{site.key}/privacy/disclosures"
    token = form_token(client, "/account")
    for path in ("", "/to/partners", "/agreements/mailing", "/outside/new", "/outside/1"):
        assert client.get(base + path).status_code in (403, 404)
    assert client.post(f"{base}/to/partners", data={**token, "party": HOSE, "whom": "all"}).status_code in (403, 404)
    lead = Lead(site, form_token)
    for path in ("/to/nobody", "/agreements/nobody", "/outside/99"):
        assert lead.client.get(lead.base + path).status_code == 404


def test_the_register_of_processors_comes_as_a_file(site: Site) -> None:
    lead, base = site.signed_in(RITVA), f"/r/{site.key}/privacy/disclosures"
    assert f"{base}/processors.xlsx" in lead.get(base).text
    found = lead.get(f"{base}/processors.json?lang=en").json()
    notice = site.registers.open(site.key).register.notice
    assert [each["key"] for each in found["processors"]] == [one.key for one in notice.processors]
    mailing = next(each for each in found["processors"] if each["key"] == "mailing")
    assert (mailing["state"], mailing["country"]) == ("missing", "United States") and mailing["transfers"]
    values = dict.fromkeys(TEXTS, "x") | {"signed_on": "1.11.2026", "company": "Kirjekyyhky Oy"}
    record_agreement(site.registers.open(site.key), "mailing", values, actor=CLI, now=site.now)
    rows = list(load_workbook(io.BytesIO(lead.get(f"{base}/processors.xlsx?lang=fi").content)).worksheets[0].values)
    told = next(row for row in rows if row[0] == "Kirjekyyhky Oy")
    assert told[6] == "vajaa" and "b) salassapito" in told[7] and str(told[8]).startswith("2026-11-01")
    assert lead.get(f"{base}/processors.exe").status_code == 404
    assert site.signed_in(MIKAEL).get(f"{base}/processors.json").status_code in (403, 404)
