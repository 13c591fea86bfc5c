"""Search over everything the role sees, as a page and as one types."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import PASSWORD, Site

from seloste.operations.actor import CLI
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow

MIKAEL, RITVA = (f"{name}@fluiconnecto.example" for name in ("mikael.tuuri", "ritva.kaleva"))


@pytest.fixture
def found(site: Site) -> dict[str, int]:
    """Eight people of one name, their firm, and an order."""
    rows = [NewRow("organisation", {"name": "Havupumppu Oy", "phone": ["050 000 0100"]}, ref="o")]
    for number in range(8):
        names = {"first_name": f"Etu{number}", "last_name": "Havukoski", "phone": [f"050 000 01{number + 10}"]}
        rows.append(NewRow("person", names, ref=f"p{number}"))
        rows.append(NewRow("relationship", {"title": "Ostaja"}, {"person": f"p{number}", "organisation": "o"}))
    rows.append(
        NewRow("order", {"number": "T-1187", "ordered_on": "19.11.2026", "contact": "p0"}, {"organisation": "o"})
    )
    return dict(collect(site.registers.open(site.key), rows, actor=CLI, now=site.now).ids)


def test_hits_stand_by_kind_with_where_they_belong_and_their_number(site: Site, found: dict[str, int]) -> None:
    text = site.signed_in(MIKAEL).get(f"/r/{site.key}/find?q=havu").text.partition("<main")[2]
    assert text.index("<h2>Ihmiset</h2>") < text.index("<h2>Yritykset</h2>")
    assert text.count("<mark>Havu</mark>koski") == 8
    assert text.count('class="sub">Havupumppu Oy<') == 8
    assert 'href="tel:+358500000110"' in text


@pytest.mark.parametrize("query", ["t-1187", "T-1187", "050 000 0113", "+358 50 000 0113", "havukoski etu3", "etu3"])
def test_one_thing_is_found_by_what_one_has_of_it(site: Site, found: dict[str, int], query: str) -> None:
    text = site.signed_in(MIKAEL).get(f"/r/{site.key}/find", params={"q": query}).text.partition("<main")[2]
    links = set(re.findall(r'class="name" href="([^"]*)"', text))
    wanted = "order/1" if "1187" in query else f"person/{found['p3']}"
    assert links == {f"/r/{site.key}/{wanted}"}


def test_at_most_six_are_suggested_each_with_a_number(site: Site, found: dict[str, int]) -> None:
    text = site.signed_in(MIKAEL).get(f"/r/{site.key}/suggest?q=havu").text
    assert text.count('role="option"') == 6
    assert "6 ehdotusta" in text
    assert len(re.findall("050\u00a0000\u00a001", text)) == 6
    assert "<html" not in text


def test_another_role_finds_only_what_it_sees(site: Site, found: dict[str, int]) -> None:
    text = site.signed_in(RITVA).get(f"/r/{site.key}/find?q=t-1187").text
    assert "Ei osumia haulla ”t-1187”." in text
    assert "Roolisi Johto" in text


def test_nothing_is_asked_of_one_letter_or_none(site: Site, found: dict[str, int]) -> None:
    client = site.signed_in(MIKAEL)
    for query in ("", "h", "%", "_", " " * 300):
        text = client.get(f"/r/{site.key}/find", params={"q": query}).text
        assert "Havukoski" not in text.partition("<main")[2], query
        assert client.get(f"/r/{site.key}/suggest", params={"q": query}).text.count("role=") == 0


def test_a_search_journals_whom_it_showed_and_never_what_was_typed(site: Site, found: dict[str, int]) -> None:
    site.signed_in(MIKAEL).get(f"/r/{site.key}/find?q=etu3")
    store = site.registers.open(site.key)
    store.reads.flush()
    with store.database.read() as conn:
        rows = conn.execute("SELECT * FROM journal WHERE verb = 'look'").all()
        ((persons, items),) = conn.execute("SELECT persons, items FROM journal WHERE verb = 'look'").all()
    assert json.loads(persons) == [found["p3"]]
    assert json.loads(items) == ["first_name", "last_name", "phone"]
    assert "etu3" not in str(rows).lower()


def test_suggestions_come_as_one_types_and_go_with_escape(
    page: Any, site: Site, found: dict[str, int], live_server: Callable[[Any], str]
) -> None:
    address = live_server(site.app)
    page.goto(f"{address}/sign-in")
    page.get_by_label("Sähköposti").fill(MIKAEL)
    page.get_by_label("Salasana").fill(PASSWORD)
    page.get_by_role("button", name="Kirjaudu").click()
    page.wait_for_url(f"{address}/r/{site.key}/")
    page.keyboard.press("/")
    page.keyboard.type("havup")
    option = page.get_by_role("option").first
    option.wait_for()
    assert "Havupumppu Oy" in option.inner_text()
    page.keyboard.press("Escape")
    assert page.get_by_role("option").count() == 0
    page.keyboard.press("Enter")
    page.wait_for_url("**/find?q=~*")
    assert page.get_by_role("heading", level=1).inner_text() == "Haku: ”havup”"


def test_no_address_holds_what_was_searched_for(
    page: Any, site: Site, found: dict[str, int], live_server: Callable[[Any], str]
) -> None:
    """Neither typing, searching, sorting, choosing nor going back; and for another session it opens nothing."""
    address, seen = live_server(site.app), list[str]()
    page.on("request", lambda each: seen.append(unquote(each.url)))
    page.goto(f"{address}/sign-in")
    page.get_by_label("Sähköposti").fill(MIKAEL)
    page.get_by_label("Salasana").fill(PASSWORD)
    page.get_by_role("button", name="Kirjaudu").click()
    page.wait_for_url(f"{address}/r/{site.key}/")
    page.goto(f"{address}/r/{site.key}/person")
    page.locator("#q").fill("havu")
    page.locator("#q").press("Enter")
    page.wait_for_url("**/person?q=~*")
    searched = page.url
    assert "Havukoski" in page.locator("[data-results]").inner_text()
    page.locator("thead a").first.click()
    page.wait_for_url("**sort=*")
    assert page.locator("#q").input_value() == "havu"
    with page.expect_response("**/search"):
        page.locator("select[form=find]").first.select_option(index=1)
    page.wait_for_url("**/person?q=~*&sort=*")
    page.goto(searched)
    assert page.locator("#q").input_value() == "havu"
    page.goto(f"{address}/r/{site.key}/register")
    page.go_back()
    assert "Havukoski" in page.locator("[data-results]").inner_text()
    assert len(seen) > 9
    assert not [each for each in seen if "havu" in each.lower().replace("havupumppu", "")]
    other = site.signed_in(MIKAEL).get(searched.removeprefix(address)).text
    assert 'id="q" name="q" value=""' in other


def test_a_search_leads_to_no_page_but_one_of_the_register(
    site: Site, form_token: Callable[[TestClient, str], dict[str, str]]
) -> None:
    client = site.signed_in(MIKAEL)
    token = form_token(client, "/account")
    for to in ("https://else.example/", f"/r/{site.key}/../other/", "/account", ""):
        answer = client.post(f"/r/{site.key}/search", data={**token, "to": to, "q": "havu"})
        assert answer.status_code == 404, to


def test_no_form_of_a_page_that_found_somebody_holds_what_was_typed(
    site: Site, found: dict[str, int], form_token: Callable[[TestClient, str], dict[str, str]]
) -> None:
    """The form beside the hits is sent with their search again, so that a fault shows them anew."""
    client = site.signed_in(RITVA)
    token = form_token(client, "/account")
    for page in ("requests/new", "holds/new", "disclosures/outside/new"):
        to = f"/r/{site.key}/privacy/{page}"
        sent = client.post(f"/r/{site.key}/search", data={**token, "to": to, "find": "havukoski"})
        answer = client.get(sent.headers["location"])
        assert answer.status_code == 200 and "Havukoski" in answer.text, page
        addresses = re.findall(r'(?:action|href)="([^"]*)"', answer.text)
        assert any(f"{to}?find=~" in each for each in addresses), page
        assert not [each for each in addresses if "havukoski" in unquote(each).lower()]
