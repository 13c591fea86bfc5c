"""What somebody types into an address, a header or a hidden field to have a page fail."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.web.conftest import Site
from tests.web.test_security import MIKAEL, RITVA

LONG = "9" * 5000
"""More digits than Python reads a number of."""


def test_no_address_makes_a_page_fail(site: Site) -> None:
    client = site.signed_in(MIKAEL)
    tried = {
        f"person/{LONG}": 404,
        f"person/{LONG}/edit": 404,
        f"person/{'9' * 30}": 404,
        f"relationship/new?person={LONG}": 200,
        f"person/new?as=relationship&organisation={LONG}": 200,
        "interaction?from=0001-01-01&until=0001-01-01": 200,
        "interaction?from=9999-12-31&until=9999-12-31": 200,
        "person?undo=person.1&seal=\u00e4": 200,
    }
    for address, status in tried.items():
        assert client.get(f"/r/{site.key}/{address}").status_code == status, address[:60]
    client = site.signed_in(RITVA)
    for day in ("0001-01-01", "9999-12-31"):
        assert client.get(f"/r/{site.key}/privacy/journal?from={day}").status_code == 200, day
    for person in (LONG, "9" * 20, "0"):
        assert client.get(f"/r/{site.key}/privacy/requests/new?person={person}").status_code == 200, person[:30]
        assert client.get(f"/r/{site.key}/privacy/requests/{person}").status_code == 404, person[:30]


def test_no_number_makes_a_request_fail(site: Site, form_token: Callable[..., dict[str, str]]) -> None:
    client = site.signed_in(RITVA)
    asked = {"right": "access", "channel": "email", "asked_by": "Sari", "received": site.now.date().isoformat()}
    path, token = f"/r/{site.key}/privacy/requests", form_token(client)
    made = client.post(f"{path}/new", data={**token, **asked})
    assert made.status_code == 303
    for person, status in ((LONG, 303), ("9" * 20, 303), ("9" * 18, 422)):
        answer = client.post(f"{path}/new", data={**token, **asked, "person": person})
        assert answer.status_code == status, person[:30]
        there = made.headers["location"].partition("?")[0]
        answer = client.post(f"{there}/identify", data={**token, "person": person, "evidence": "in_person"})
        assert answer.status_code < 500, person[:30]


def test_no_field_makes_a_page_fail(site: Site, form_token: Callable[..., dict[str, str]]) -> None:
    client = site.signed_in(MIKAEL)
    token = form_token(client)
    for path, field, value, status in (
        ("undo", "seal", "\u00e4", 403),
        ("relationship/new", "from", f"person.{LONG}", 422),
    ):
        data = {**token, "source": "subject", "rows": "person.1", field: value}
        assert client.post(f"/r/{site.key}/{path}", data=data).status_code == status, path


def test_bytes_that_no_browser_sends_are_refused_and_no_fault_of_ours(
    site: Site, form_token: Callable[..., dict[str, str]]
) -> None:
    client = site.client()
    for data in ({"email": "a\0@fluiconnecto.example", "password": "x"}, {"email": "a", "password": "x", "a\0": "b"}):
        assert client.post("/sign-in", data=data).status_code == 400
    lead = site.signed_in(RITVA)
    answer = lead.post(f"/r/{site.key}/privacy/staff/new", data={**form_token(lead), "name": "a\0", "email": "b"})
    assert answer.status_code == 400
    for path in (f"/r/{site.key}/privacy/staff/%00", f"/r/{site.key}/privacy/assessments/balancing/%00"):
        assert lead.get(path).status_code == 404, path
    assert lead.get(f"/r/{site.key}/privacy/journal?row=1&kind=%00").status_code == 400


def test_what_a_stranger_writes_into_an_address_is_in_no_log(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    assert site.client().get("/identified/sari.havukoski@example.fi?code=a").status_code < 500
    assert "identification by ? failed" in caplog.text
    assert "havukoski" not in caplog.text


@pytest.mark.parametrize("name", ["\ud800", "a\0b", "ä", "", 5, None])
def test_a_passkey_of_no_name_is_refused_and_counted(site: Site, name: object) -> None:
    site.app.state.settings = replace(site.app.state.settings, public_url="https://seloste.example")
    client, sent = site.client(), {"passkey": json.dumps({"rawId": name, "response": {"clientDataJSON": "e30"}})}
    found = [client.post("/sign-in/passkey", data=sent).status_code for _ in range(6)]
    assert found == [422] * 5 + [429]


@pytest.mark.parametrize("origin", ["http://[bad", "null", "http://", "://seloste.example", "seloste.example"])
def test_an_origin_that_is_no_address_is_another_site(
    site: Site, origin: str, form_token: Callable[..., dict[str, str]]
) -> None:
    client = site.signed_in(MIKAEL)
    answer = client.post("/account", data=form_token(client), headers={"origin": origin})
    assert answer.status_code == 403, answer.text


def test_of_a_stranger_no_large_body_is_read(site: Site) -> None:
    file = {"file": ("x.csv", b"a;b\n" * 100_000, "text/csv")}
    for client in (site.client(), site.client(cookies={"seloste": "x" * 43})):
        assert client.post(f"/r/{site.key}/import", files=file).status_code == 413
    small = {"file": ("x.csv", b"a;b\n", "text/csv")}
    assert site.client().post(f"/r/{site.key}/import", files=small).status_code == 303
    # Of whoever has signed in it is read, and then the form's token is missed.
    assert site.signed_in(MIKAEL).post(f"/r/{site.key}/import", files=file).status_code == 403
