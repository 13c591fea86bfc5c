"""Passkeys in a real browser with a device of its own making: added, signed in by, a second step, fresh proof."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.web.conftest import PASSWORD, Site

MIKAEL = "mikael.tuuri@fluiconnecto.example"
Axe = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def address(site: Site, live_server: Callable[[Any], str]) -> str:
    """The pages under the name localhost, which browsers take for as good as https."""
    home = live_server(site.app).replace("127.0.0.1", "localhost")
    site.registers.settings = site.app.state.settings = replace(site.registers.settings, public_url=home)
    return home


def device(page: Any) -> Any:
    """A device with a fingerprint reader, whose finger is always right."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    made = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return cdp, made["authenticatorId"]


def by_password(page: Any, address: str) -> None:
    page.goto(address + "/sign-in?next=%2Faccount")
    page.get_by_label("Sähköposti").fill(MIKAEL)
    page.get_by_label("Salasana").fill(PASSWORD)
    page.get_by_role("button", name="Kirjaudu", exact=True).click()


def test_a_passkey_is_added_and_used_in_each_way(page: Any, address: str, site: Site, axe: Axe) -> None:
    cdp, authenticator = device(page)
    by_password(page, address)
    page.wait_for_url(address + "/account")
    assert page.get_by_label("Pääsyavaimen nimi").input_value() == "Chrome, Linux"
    page.get_by_label("Pääsyavaimen nimi").fill("Työkone")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Varakoodit").wait_for()
    kept = cdp.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]
    assert [(one["isResidentCredential"], one["rpId"]) for one in kept] == [(True, "localhost")]
    page.get_by_role("link", name="Otin ne talteen").click()
    page.get_by_text("Työkone").wait_for()
    assert axe(page) == []

    page.context.clear_cookies()
    page.goto(address + "/sign-in?next=%2Faccount")
    page.get_by_role("button", name="Kirjaudu pääsyavaimella").wait_for()
    assert axe(page) == []
    page.get_by_role("button", name="Kirjaudu pääsyavaimella").click()
    page.wait_for_url(address + "/account")

    page.context.clear_cookies()
    by_password(page, address)
    page.get_by_role("heading", name="Vahvista kirjautuminen").wait_for()
    assert axe(page) == []
    page.get_by_role("button", name="Vahvista pääsyavaimella").click()
    page.wait_for_url(address + "/account")

    site.later(minutes=11)
    page.get_by_role("button", name="Tee uudet").click()
    page.get_by_role("heading", name="Vahvista, että se olet sinä").wait_for()
    assert axe(page) == []
    page.get_by_role("button", name="Vahvista pääsyavaimella").click()
    page.get_by_role("heading", name="Varakoodit").wait_for()

    page.goto(address + "/account")
    page.get_by_role("link", name="Työkone").click()
    page.get_by_label("Pääsyavaimen nimi").fill("Toimiston kone")
    assert axe(page) == []
    page.get_by_role("button", name="Tallenna").click()
    page.get_by_text("Pääsyavaimen nimi on vaihdettu.").wait_for()
    page.get_by_role("link", name="Toimiston kone").wait_for()
    page.locator("#passkeys").get_by_role("button", name="Poista").click()
    page.get_by_text("Pääsyavain on poistettu.").wait_for()
    page.context.clear_cookies()
    page.goto(address + "/sign-in")
    page.get_by_role("button", name="Kirjaudu pääsyavaimella").click()
    page.get_by_role("alert").filter(has_text="Pääsyavain ei kelvannut").wait_for()


def test_a_finger_that_is_not_right_is_said_and_changes_nothing(page: Any, address: str) -> None:
    cdp, authenticator = device(page)
    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    by_password(page, address)
    page.wait_for_url(address + "/account")
    page.get_by_role("button", name="Lisää pääsyavain").click()
    page.get_by_text("Se keskeytyi, tai laite ei vastannut.").wait_for()
    assert page.get_by_role("button", name="Lisää pääsyavain").is_enabled()


def test_without_script_and_at_another_address_there_is_no_button(browser: Any, page: Any, address: str) -> None:
    page.goto(address.replace("localhost", "127.0.0.1") + "/sign-in")
    page.get_by_role("button", name="Kirjaudu", exact=True).wait_for()
    assert page.get_by_role("button", name="Kirjaudu pääsyavaimella").count() == 0
    context = browser.new_context(java_script_enabled=False, locale="fi-FI")
    plain = context.new_page()
    by_password(plain, address)
    plain.get_by_text("vaatii JavaScriptin").wait_for()
    assert plain.get_by_role("button", name="Lisää pääsyavain").count() == 0
    context.close()
