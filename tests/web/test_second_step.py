"""The second step and fresh proof as pages: without script, and in a browser."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.web.conftest import PASSWORD, Site

from seloste.operations.accounts import totp

MIKAEL, RITVA = (f"{name}@fluiconnecto.example" for name in ("mikael.tuuri", "ritva.kaleva"))
Tokens = Callable[..., dict[str, str]]


def turn_on(site: Site, client: Any, token: dict[str, str]) -> tuple[bytes, list[str]]:
    """Codes are on: the app's secret, and the recovery codes that were shown."""
    assert client.post("/account/codes", data=token).headers["location"] == "/account/codes"
    page = client.get("/account/codes").text
    assert "<svg" in page
    assert "<title>Koodi sovellukselle</title>" in page
    found = re.search(r'class="secret">([A-Z2-7 ]+)<', page)
    assert found
    secret = base64.b32decode(found[1].replace(" ", ""))
    shown = client.post("/account/codes/first", data={"code": code(site, secret), **token})
    assert shown.status_code == 200
    return secret, re.findall(r"<code>((?:\w{4}-){3}\w{4})</code>", shown.text)


def code(site: Site, secret: bytes) -> str:
    return totp.code(secret, int(site.now.timestamp()) // 30)


def half_in(site: Site, email: str = MIKAEL, after: str = "") -> Any:
    client = site.client()
    data = {"email": email, "password": PASSWORD, **({"next": after} if after else {})}
    answer = client.post("/sign-in", data=data)
    assert answer.headers["location"].startswith("/sign-in/step"), answer.headers
    return client


def test_codes_are_turned_on_and_asked_for_at_the_next_sign_in(site: Site, form_token: Tokens) -> None:
    client = site.signed_in(MIKAEL)
    secret, recovery = turn_on(site, client, form_token(client))
    assert len(recovery) == 10
    page = client.get("/account").text
    assert "10 jäljellä" in page
    assert not any(each in page for each in recovery)
    assert client.get("/account/codes").headers["location"] == "/account", "the secret is not shown again"
    site.later(minutes=1)
    other = half_in(site, after="/account?tab=x")
    assert other.get("/account").status_code == 303, "half a sign-in opens no page"
    step = other.get("/sign-in/step?next=%2Faccount%3Ftab%3Dx").text
    assert 'autocomplete="one-time-code"' in step
    wrong = other.post("/sign-in/step", data={"code": "12345"})
    assert (wrong.status_code, "Koodi on väärin tai jo käytetty" in wrong.text) == (422, True)
    answer = other.post("/sign-in/step", data={"code": code(site, secret), "next": "/account?tab=x"})
    assert answer.headers["location"] == "/account?tab=x"
    assert other.get("/account").status_code == 200
    lost = half_in(site)
    assert lost.post("/sign-in/step", data={"code": recovery[3]}).headers["location"] == "/"
    assert "9 jäljellä" in lost.get("/account").text
    late = half_in(site)
    site.later(minutes=11)
    for answer in (late.get("/sign-in/step"), late.post("/sign-in/step", data={"code": code(site, secret)})):
        assert answer.headers["location"] == "/sign-in?why=half_gone"


def test_half_a_token_is_no_session(site: Site, form_token: Tokens) -> None:
    client = site.signed_in(MIKAEL)
    turn_on(site, client, form_token(client))
    half = half_in(site).cookies["seloste-step"]
    assert site.client(cookies={"seloste": half}).get("/account").status_code == 303


def test_an_open_session_proves_itself_anew_before_what_cannot_be_undone(site: Site, form_token: Tokens) -> None:
    client = site.signed_in(RITVA)
    token = form_token(client)
    path, data = f"/r/{site.key}/person/export?q=a", {"purpose": "nonsense", "form": "xlsx", "sensitive": ["a", "b"]}
    assert client.post(path, data={**data, **token}).status_code == 422, "just signed in, so it is asked what for"
    site.later(minutes=11)
    asked = client.post(path, data={**data, **token})
    assert asked.status_code == 403
    assert "Olet viemässä tietoja ulos rekisteristä." in asked.text
    assert f'action="{path}"' in asked.text
    carried = re.findall(r'name="(purpose|form|sensitive)" value="(\w+)"', asked.text)
    assert carried == [("purpose", "nonsense"), ("form", "xlsx"), ("sensitive", "a"), ("sensitive", "b")]
    wrong = client.post(path, data={**data, "proof_password": "väärä salasana", **token})
    assert (wrong.status_code, "Nykyinen salasana on väärin." in wrong.text) == (422, True)
    assert "väärä" not in wrong.text
    assert client.post(path, data={**data, "proof_password": PASSWORD}).status_code == 403, "without the form token"
    right = client.post(path, data={**data, "proof_password": PASSWORD, **token})
    assert right.status_code == 422
    assert "proof_password" not in right.text, "the deed itself goes on"
    assert client.post(path, data={**data, **token}).status_code == 422, "and is not asked again at once"
    site.later(minutes=11)
    for _ in range(5):
        client.post(path, data={**data, "proof_password": "arvaus", **token})
    assert client.post(path, data={**data, "proof_password": PASSWORD, **token}).status_code == 429


def test_a_page_that_needs_proof_is_reached_through_it(site: Site, form_token: Tokens) -> None:
    client = site.signed_in(MIKAEL)
    token = form_token(client)
    secret, _ = turn_on(site, client, token)
    site.later(minutes=11)
    where = client.get("/account/codes").headers["location"]
    assert where == "/account/proof?next=%2Faccount%2Fcodes&for=access"
    page = client.get(where).text
    assert 'name="next" value="/account/codes"' in page
    data = {"next": "/account/codes", "for": "access", "proof_code": code(site, secret), **token}
    assert client.post("/account/proof", data=data).headers["location"] == "/account/codes"
    site.later(minutes=11)
    evil = {**data, "next": "//evil.example", "proof_code": code(site, secret)}
    assert client.post("/account/proof", data=evil).headers["location"] == "/account"


def test_where_a_second_step_is_required_one_is_led_to_add_it(site: Site, form_token: Tokens) -> None:
    settings = replace(site.registers.settings, second_step="required")
    site.registers.settings = site.app.state.settings = settings
    client = site.signed_in(MIKAEL)
    assert client.get(f"/r/{site.key}/").headers["location"] == "/account#second-step"
    assert client.post(f"/r/{site.key}/undo", data=form_token(client)).status_code == 303
    assert "Lisää ensin toinen vaihe" in client.get("/account").text
    token = form_token(client)
    turn_on(site, client, token)
    assert client.get(f"/r/{site.key}/").status_code == 200
    assert "Lisää ensin toinen vaihe" not in client.get("/account").text
    refused = client.post("/account/codes/remove", data=token)
    assert (refused.status_code, "Toinen vaihe on pakollinen" in refused.text) == (422, True)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_pages_are_accessible_fit_and_need_no_script(
    browser: Any, axe: Callable[..., Any], site: Site, live_server: Callable[[Any], str], width: int, scheme: str
) -> None:
    address = live_server(site.app)
    page = browser.new_context(
        java_script_enabled=True, locale="fi-FI", color_scheme=scheme, viewport={"width": width, "height": 900}
    ).new_page()

    def look(name: str) -> None:
        assert axe(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name

    def sign_in() -> None:
        page.goto(address + "/sign-in?next=%2Faccount")
        page.get_by_label("Sähköposti").fill(MIKAEL)
        page.get_by_label("Salasana").fill(PASSWORD)
        page.get_by_role("button", name="Kirjaudu").click()

    sign_in()
    page.get_by_role("button", name="Ota käyttöön").first.click()
    page.wait_for_url(address + "/account/codes")
    look("codes")
    secret = base64.b32decode(page.locator(".secret").inner_text().replace(" ", ""))
    page.get_by_label("Kirjoita koodi").fill("000000")
    page.get_by_role("button", name="Ota käyttöön").click()
    page.locator("#faults").wait_for()
    look("codes with a fault")
    page.get_by_label("Kirjoita koodi").fill(code(site, secret))
    page.get_by_role("button", name="Ota käyttöön").click()
    page.get_by_role("heading", name="Varakoodit").wait_for()
    look("recovery")
    page.get_by_role("link", name="Otin ne talteen").click()
    look("account")
    site.later(minutes=11)
    page.get_by_role("button", name="Tee uudet").click()
    page.get_by_role("heading", name="Vahvista, että se olet sinä").wait_for()
    look("proof")
    page.context.clear_cookies()
    sign_in()
    page.get_by_role("heading", name="Vahvista kirjautuminen").wait_for()
    look("step")
    page.get_by_label("Kertakoodi").fill(code(site, secret))
    page.get_by_role("button", name="Kirjaudu").click()
    page.wait_for_url(address + "/account")
    page.context.close()
