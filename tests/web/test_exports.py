"""Exporting through the pages: asked for a purpose, within the role, as the list was filtered; never from elsewhere."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from tests.web.conftest import Site

from seloste.operations.actor import Actor
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.store.journal_pages import Query, page

MIKAEL = "mikael.tuuri@fluiconnecto.example"
BASE = "/r/fluiconnecto_customers"
Token = Callable[..., dict[str, str]]


@pytest.fixture
def client(site: Site) -> Any:
    for last, stage in (("Virta", "customer"), ("Aalto", "lead"), ("Lumi", "lead")):
        rows = [
            NewRow("person", {"last_name": last, "email": [f"{last.lower()}@x.example"]}, ref="p"),
            NewRow("organisation", {"name": f"{last} Oy"}, ref="o"),
            NewRow("relationship", {"stage": stage}, {"person": "p", "organisation": "o"}),
        ]
        collect(site.registers.open(site.key), rows, actor=Actor("x", "sales"), now=site.now)
    return site.signed_in(MIKAEL)


def sheet(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200, answer.status_code
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))


def sent(client: Any, form_token: Token, path: str, **more: str) -> Any:
    return client.post(path, data={**form_token(client), "purpose": "customer_care", "form": "csv", **more})


def test_the_file_has_the_lists_order_and_filters(client: Any, form_token: Token) -> None:
    rows = sheet(sent(client, form_token, BASE + "/person/export?sort=-last_name"))
    assert [row[1] for row in rows[1:]] == ["Virta", "Lumi", "Aalto"]
    rows = sheet(sent(client, form_token, BASE + "/relationship/export?stage=lead"))
    assert len(rows) == 3
    rows = sheet(sent(client, form_token, BASE + "/person/export?q=lumi"))
    assert [row[1] for row in rows[1:]] == ["Lumi"]


def test_it_is_a_download_that_nobody_keeps(client: Any, form_token: Token) -> None:
    answer = sent(client, form_token, BASE + "/person/export?q=virta")
    assert (
        answer.headers["content-disposition"] == 'attachment; filename="fluiconnecto_customers_person_2026-11-25.csv"'
    )
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"].startswith("text/csv")
    workbook = sent(client, form_token, BASE + "/person/export", form="xlsx")
    assert workbook.content.startswith(b"PK")
    assert workbook.headers["content-disposition"].endswith('.xlsx"')


def test_the_purpose_is_asked_and_none_is_preset(client: Any, site: Site, form_token: Token) -> None:
    shown = client.get(BASE + "/person/export").text
    assert 'name="purpose"' in shown
    assert "checked" not in shown.partition('name="form"')[0]
    for purpose in ("", "bookkeeping", "accountability", "x"):
        answer = sent(client, form_token, BASE + "/person/export", purpose=purpose)
        assert answer.status_code == 422, purpose
        assert "Valitse, mihin tarvitset tiedoston." in answer.text
    with site.registers.open(site.key).database.read() as conn:
        assert page(conn, Query(verb="export")).entries == ()


def test_it_is_journaled_under_the_account_and_role(client: Any, site: Site, form_token: Token) -> None:
    sent(client, form_token, BASE + "/person/export?q=lumi")
    with site.registers.open(site.key).database.read() as conn:
        entry = page(conn, Query(verb="export")).entries[0].entry
    assert (entry.actor, entry.lens, entry.count, entry.note) == (site.accounts[MIKAEL], "sales", 1, "customer_care")
    assert len(entry.persons) == 1


@pytest.mark.parametrize("kind", ["invoice", "permission", "nothing", "sys_find"])
def test_what_the_role_does_not_see_is_no_list_to_export(client: Any, form_token: Token, kind: str) -> None:
    assert client.get(f"{BASE}/{kind}/export").status_code == 404
    assert sent(client, form_token, f"{BASE}/{kind}/export").status_code == 404


def test_no_address_and_no_field_takes_a_statement(client: Any, form_token: Token) -> None:
    for path in (
        "sort=last_name;DROP TABLE person",
        "sort=sys_held",
        "stage=' OR 1=1 --",
        "q='; DELETE FROM person; --",
    ):
        answer = sent(client, form_token, f"{BASE}/person/export?{path}")
        assert answer.status_code == 200, path
    answer = sent(client, form_token, BASE + "/person/export", sensitive="first_name FROM person; --")
    assert answer.status_code == 404
    assert len(sheet(sent(client, form_token, BASE + "/person/export"))) == 4


def test_no_other_site_takes_a_list(client: Any, form_token: Token) -> None:
    data = {**form_token(client), "purpose": "customer_care"}
    answer = client.post(BASE + "/person/export", data=data, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert client.post(BASE + "/person/export", data={"purpose": "customer_care"}).status_code == 403
