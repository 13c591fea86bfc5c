"""Importing through the pages: whose an import is, what it takes, what it says."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.web.conftest import Site

from seloste.operations.actor import Actor
from seloste.operations.records import read
from seloste.web import routes

MIKAEL, RITVA = (f"{name}@fluiconnecto.example" for name in ("mikael.tuuri", "ritva.kaleva"))
BASE = "/r/fluiconnecto_customers/import"
FILE = "Nimi;Sähköposti;Yritys\nAino Virta;aino@x.example;X Oy\nEero Lumi;eero;X Oy\n"
Token = Callable[..., dict[str, str]]


def begun(client: Any, form_token: Token, content: str | bytes = FILE, target: str = "person+relationship") -> Any:
    data = content.encode() if isinstance(content, str) else content
    files = {"file": ("rows.csv", data, "text/csv")}
    return client.post(BASE, data={**form_token(client), "target": target}, files=files)


def told(site: Site, client: Any, path: str) -> str:
    site.app.state.imports.wait(path.rpartition("/")[2], 20)
    return str(client.get(path).text)


def tried(site: Site, client: Any, form_token: Token, path: str) -> str:
    shown = told(site, client, path)
    fields = re.findall(r'<select id="(column\.\d+)".*?<option value="([^"]*)" selected', shown, re.DOTALL)
    data = {**form_token(client), **dict(fields), "headed": "1", "source": "subject", "do": "try"}
    assert client.post(path, data=data).status_code == 303
    return told(site, client, path)


def test_nobody_but_who_sent_it_comes_to_an_import(site: Site, form_token: Token) -> None:
    client = site.signed_in(MIKAEL)
    path = begun(client, form_token).headers["location"]
    assert "Mihin kukin sarake kuuluu" in told(site, client, path)
    assert "Odottava tuonti" in client.get(BASE).text
    site.add("toinen@fluiconnecto.example", "Toinen", "sales")
    other = site.signed_in("toinen@fluiconnecto.example")
    for address in (path, path + "/faults.csv"):
        assert other.get(address).status_code == 404
    assert other.post(path, data={**form_token(other), "do": "cancel"}).status_code == 404
    assert "Odottava tuonti" not in other.get(BASE).text
    assert site.client().get(path).headers["location"].startswith("/sign-in")


def test_what_is_sent_again_or_out_of_turn_changes_nothing(site: Site, form_token: Token) -> None:
    client = site.signed_in(MIKAEL)
    path = begun(client, form_token).headers["location"]
    told(site, client, path)
    store = {**form_token(client), "do": "store", "faulty": "skip"}
    client.post(path, data=store)
    tried(site, client, form_token, path)
    refused = client.post(path, data={**form_token(client), "do": "store", "faulty": "fix"})
    assert refused.status_code == 422
    assert "Virhe:" in refused.text
    for _ in range(3):
        client.post(path, data=store)
        told(site, client, path)
    found = read.rows(site.registers.open(site.key), "person", actor=Actor("x", "sales"), now=site.now)
    assert found.total == 1
    assert "1 rivi tuotiin" in client.get(path).text


def test_the_faults_hold_no_value_and_no_formula(site: Site, form_token: Token) -> None:
    client = site.signed_in(MIKAEL)
    heads = "\"=cmd|' /C calc'!A0\";Sukunimi;Yritys\n"
    path = begun(client, form_token, heads + "salainen.osoite;Aino;X Oy\n").headers["location"]
    shown = told(site, client, path)
    assert "=cmd" in shown
    data = {"column.0": "person.email", "column.1": "person.last_name", "column.2": "organisation.name"}
    client.post(path, data={**form_token(client), **data, "headed": "1", "source": "subject", "do": "try"})
    assert "Osoitteesta puuttuu @-merkki" in told(site, client, path)
    answer = client.get(path + "/faults.csv")
    assert "salainen" not in answer.text
    assert re.fullmatch(r'attachment; filename="[\w.-]+\.csv"', answer.headers["content-disposition"])
    assert "2;'=cmd" in answer.text
    assert ";=" not in answer.text


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "Tiedosto on tyhjä."), (b"PK\x03\x04x", "Tiedosto on vioittunut."), (b"\xd0\xcf\x11\xe0", "vanha Excel")],
)
def test_a_file_that_is_no_table_is_told_so(site: Site, form_token: Token, content: bytes, says: str) -> None:
    client = site.signed_in(MIKAEL)
    path = begun(client, form_token, content).headers["location"]
    assert says in told(site, client, path)


def test_without_a_file_or_for_nothing_known_it_asks_again(site: Site, form_token: Token) -> None:
    client = site.signed_in(MIKAEL)
    answer = client.post(BASE, data={**form_token(client), "target": "person+relationship"})
    assert answer.status_code == 422
    assert "Valitse tiedosto." in answer.text
    for target in ("invoice", "person+residency", "", "<script>"):
        answer = begun(client, form_token, target=target)
        assert answer.status_code == 422, target
        assert "<script>" not in answer.text.replace('<script type="module"', "")


def test_a_file_larger_than_the_page_takes_is_refused_by_its_length(site: Site, form_token: Token) -> None:
    route = next(each for each in routes.ROUTES if each.path == "/r/{reg}/import" and "POST" in each.methods)
    assert route.limit == 64 * routes.MIB
    client = site.signed_in(MIKAEL)
    headers = {"content-type": "multipart/form-data; boundary=x", "content-length": str(route.limit + 1)}
    assert client.post(BASE, content=b"", headers=headers).status_code == 413


def test_no_other_site_sends_a_file(site: Site, form_token: Token) -> None:
    client = site.signed_in(MIKAEL)
    files = {"file": ("rows.csv", FILE.encode(), "text/csv")}
    data = {**form_token(client), "target": "person+relationship"}
    assert client.post(BASE, data=data, files=files, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.post(BASE, data={"target": "person+relationship"}, files=files).status_code == 403
    assert (
        not hasattr(site.app.state, "imports")
        or site.app.state.imports.waiting(site.registers.open(site.key), actor=Actor(site.accounts[MIKAEL], "sales"))
        == ()
    )
