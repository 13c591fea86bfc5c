"""A no that erases something is seen first and asks who records it; whoever received what went is a task."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.operations.test_unasked import PARTNER, agreed
from tests.prepared import example
from tests.web.conftest import PASSWORD, Site, made

from seloste.operations.actor import CLI
from seloste.operations.permissions import say
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.settings import Settings

ANNA, LEAD = "anna@fluent.example", "lead@fluent.example"
Token = Callable[..., dict[str, str]]


@pytest.fixture
def site(tmp_path: Path, fixed_now: datetime) -> Iterator[Site]:
    settings = Settings(data_dir=tmp_path, key_file=tmp_path / "secret.key", language="fi")
    for found in made(settings, example("fluent-progress/customers"), fixed_now):
        found.add(ANNA, "Anna Markkinoija", "marketing")
        found.add(LEAD, "Leena Vastaava", "marketing", lead=True)
        yield found


def hidden(text: str) -> dict[str, str]:
    main = text.partition("<main")[2]
    return {name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', main)}


def key_of(client: TestClient, path: str) -> str:
    return re.findall(r'name="about" value="(partner_marketing\.\w+)"[^>]*><button[^>]*value="withdraw"',
                      client.get(path).text)[0]  # fmt: skip


def standing(site: Site) -> int:
    with site.registers.open(site.key).read(site.now) as conn:
        return int(conn.execute("SELECT count(*) FROM permission WHERE withdrawn_at IS NULL").all()[0][0])


@pytest.mark.promise("C61")
def test_what_a_withdrawal_erases_is_seen_first_and_needs_fresh_proof(site: Site, form_token: Token) -> None:
    store = site.registers.open(site.key)
    person = agreed(store, site.now)
    client, path = site.signed_in(ANNA), f"/r/{site.key}/person/{person}/permissions"
    token, key = form_token(client, path), key_of(client, path)
    site.later(minutes=11)
    seen = client.post(path, data={"act": "withdraw", "about": key, **token})
    assert (seen.status_code, standing(site)) == (200, 1), "nothing is recorded yet"
    assert "2 tietoa poistuu heti." in seen.text
    assert "2 saajaa saa ilmoituksen." in seen.text
    assert PARTNER not in seen.text.partition("opening")[2].partition("</p>")[0]
    assert f'action="{path}/erase"' in seen.text
    carried = hidden(seen.text)
    assert {"act", "about", "expected"} <= carried.keys()
    asked = client.post(f"{path}/erase", data=carried)
    assert (asked.status_code, standing(site)) == (403, 1)
    assert "proof_password" in asked.text
    again = client.post(f"{path}/erase", data={**carried, "expected": "0123", "proof_password": PASSWORD})
    assert (again.status_code, standing(site)) == (422, 1), "other things than were shown"
    assert "Tämä poistaisi muuta kuin näit." in again.text
    done = client.post(f"{path}/erase", data=hidden(again.text))
    assert done.status_code == 303
    assert (standing(site), done.headers["location"].partition("done=")[2]) == (0, "gone_after_no")
    # Whoever leads privacy sees whom to tell, where all requests are.
    lead, base = site.signed_in(LEAD), f"/r/{site.key}/privacy/requests"
    listed = lead.get(base).text
    assert PARTNER in listed
    assert "ei pyydetty erikseen" in listed
    number = re.findall(rf'href="{base}/(\d+)"', listed)[0]
    page = lead.get(f"{base}/{number}").text
    for part in (
        "Ei pyydetty erikseen.",
        "Hän näkee tämän omalla sivullaan.",
        "Suostumuksesi tähän on peruttu",
        PARTNER,
    ):
        assert part in page, part
    assert "answer.pdf" not in page
    assert "tunnistettu" not in page.partition("<main")[2]
    notice = re.findall(r'name="notice" value="(\d+)"', page)[0]
    settled = lead.post(f"{base}/{number}/notice", data={"notice": notice, "how": "told", **form_token(lead, base)})
    assert settled.status_code == 303
    assert "Yhdelle saajalle" not in lead.get(f"/r/{site.key}").text


def test_an_objection_that_erases_is_seen_first_too(site: Site, form_token: Token) -> None:
    person = agreed(site.registers.open(site.key), site.now)
    client, path = site.signed_in(ANNA), f"/r/{site.key}/person/{person}/permissions"
    seen = client.post(path, data={"act": "object", "about": "partner_marketing", **form_token(client, path)})
    assert seen.status_code == 200
    assert "Kirjaa vastustaminen: Kumppanien markkinointi" in seen.text
    assert "Markkinointikiellosta jää tunniste" in seen.text
    done = client.post(f"{path}/erase", data=hidden(seen.text))
    assert done.headers["location"].endswith("done=gone_after_no")


def test_a_no_that_erases_nothing_asks_nothing(site: Site, form_token: Token) -> None:
    store = site.registers.open(site.key)
    rows = [
        NewRow("person", {"first_name": "Aino", "email": ["aino@aalto.example"]}, ref="p"),
        NewRow("relationship", {"stage": "customer"}, {"person": "p"}),
    ]
    person = collect(store, rows, actor=CLI, now=site.now).ids["p"]
    say.grant(store, person, "partner_marketing", channel="phone", language="fi", recipient=PARTNER, actor=CLI,
              now=site.now)  # fmt: skip
    client, path = site.signed_in(ANNA), f"/r/{site.key}/person/{person}/permissions"
    token, key = form_token(client, path), key_of(client, path)
    site.later(minutes=11)
    done = client.post(path, data={"act": "withdraw", "about": key, **token})
    assert done.headers["location"] == f"{path}?done=withdrawn"
    done = client.post(path, data={"act": "object", "about": "marketing", **token})
    assert done.headers["location"] == f"{path}?done=objected"


def test_a_correction_of_what_was_wrong_is_ticked(site: Site, form_token: Token) -> None:
    """Only whoever corrects knows whether it was wrong; what was just entered is mended as it is typed."""
    store = site.registers.open(site.key)
    person = agreed(store, site.now)
    client, page = site.signed_in(ANNA), f"/r/{site.key}/person/{person}"
    assert "Aiempi tieto oli väärä" not in client.get(f"{page}/edit").text
    site.later(hours=2)
    form = client.get(f"{page}/edit").text
    assert "Aiempi tieto oli väärä" in form
    carried = {name: value for name, value in hidden(form).items() if name in ("opened", "current", "form_token")}
    given = {"person.first_name": "Aini", "person.email": "aino@aalto.example", "source": "subject", **carried}
    done = client.post(f"{page}/edit", data={**given, "was_wrong": "yes"})
    assert done.headers["location"] == f"{page}?done=changed_told"
    listed = site.signed_in(LEAD).get(f"/r/{site.key}/privacy/requests").text
    assert PARTNER in listed
    assert "Korjaus" in listed


def test_the_page_that_asks_is_readable_on_a_phone_too(
    page: Any, live_server: Callable[[Any], str], site: Site, axe: Callable[..., list[dict[str, Any]]]
) -> None:
    store = site.registers.open(site.key)
    person = agreed(store, site.now)
    address, path = live_server(site.app), f"/r/{site.key}/person/{person}/permissions"
    page.goto(address + path)
    page.get_by_label("Sähköposti").fill(ANNA)
    page.get_by_label("Salasana").fill(PASSWORD)
    page.get_by_role("button", name="Kirjaudu").click()
    page.wait_for_url(address + path)
    page.locator('button[value="withdraw"]').click()
    button = page.get_by_role("button", name="Kirjaa ja poista 2 tietoa")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert button.is_visible()
        assert axe(page) == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    button.click()
    page.get_by_text("joten ne poistettiin").wait_for()
