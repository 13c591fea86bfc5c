"""Signing in, the account and the journal in a real browser, with keyboard and without script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.web.conftest import PASSWORD, Site

MIKAEL, RITVA = (f"{name}@fluiconnecto.example" for name in ("mikael.tuuri", "ritva.kaleva"))
Axe = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def address(site: Site, live_server: Callable[[Any], str]) -> str:
    return live_server(site.app)


def sign_in(page: Any, address: str, email: str = MIKAEL, path: str = "/account") -> None:
    page.goto(address + path)
    page.get_by_label("Sähköposti").fill(email)
    page.get_by_label("Salasana").fill(PASSWORD)
    page.get_by_role("button", name="Kirjaudu").click()
    page.wait_for_url(address + path)


def test_one_signs_in_and_out_by_keyboard_alone(page: Any, address: str) -> None:
    page.goto(address + "/account")
    assert page.url == address + "/sign-in?next=%2Faccount"
    page.get_by_label("Sähköposti").focus()
    page.keyboard.type(MIKAEL)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("väärä salasana")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    assert page.get_by_role("alert").inner_text() == "Sähköposti tai salasana on väärin"
    assert page.title().startswith("Virhe: Kirjaudu sisään")
    assert page.get_by_label("Sähköposti").input_value() == MIKAEL
    assert page.get_by_label("Salasana").input_value() == ""
    page.get_by_label("Salasana").focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(address + "/account")
    cookie = page.context.cookies()[0]
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["secure"]) == (True, "Lax", False)
    assert page.evaluate("document.cookie") == ""
    page.locator(".user summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Kirjaudu ulos", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(address + "/sign-in?done=signed_out")
    assert page.get_by_role("status").inner_text() == "Kirjauduit ulos."
    page.go_back()
    assert "/sign-in" in page.url or "Kirjaudu sisään" in page.content(), "the back button shows nothing"


def test_the_menu_changes_how_the_screens_look(page: Any, address: str) -> None:
    sign_in(page, address)
    page.locator(".user summary").click()
    page.get_by_role("button", name="Tumma").click()
    page.wait_for_selector('html[data-theme="dark"]')
    page.locator(".user summary").click()
    page.locator(".user").get_by_role("button", name="English").click()
    page.wait_for_selector('html[lang="en"][data-theme="dark"]')
    assert page.get_by_role("heading", name="Language and appearance").is_visible()


def test_a_page_of_another_site_cannot_write(page: Any, address: str, live_server: Callable[[Any], str]) -> None:
    from starlette.applications import Starlette
    from starlette.responses import HTMLResponse
    from starlette.routing import Route

    form = (
        f'<form method="post" action="{address}/account"><input name="language" value="en"><button>x</button></form>'
        f'<form method="post" action="{address}/sign-out"><button>y</button></form>'
    )
    # Another port is another origin but the same site, so the cookie itself goes along.
    evil = live_server(Starlette(routes=[Route("/", lambda request: HTMLResponse(form))]))
    sign_in(page, address)
    for button in ("x", "y"):
        page.goto(evil)
        page.get_by_role("button", name=button).click()
        page.get_by_role("heading", name="Toinen sivusto lähetti tämän").wait_for()
    page.goto(address + "/account")
    assert page.get_by_role("heading", name="Kieli ja ulkoasu").is_visible(), "still signed in, still in Finnish"


def test_it_works_without_script(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="fi-FI")
    page = context.new_page()
    sign_in(page, address)
    page.get_by_label("Tumma").check()
    page.get_by_role("button", name="Tallenna asetukset").click()
    page.wait_for_selector('html[data-theme="dark"]')
    page.locator(".user summary").click()
    page.get_by_role("button", name="Kirjaudu ulos", exact=True).click()
    page.wait_for_url(address + "/sign-in?done=signed_out")
    context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_pages_are_accessible_and_fit(
    page: Any, address: str, axe: Axe, site: Site, width: int, scheme: str
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)

    def look(name: str) -> None:
        assert axe(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name

    page.goto(address + "/sign-in")
    look("sign-in")
    page.get_by_role("button", name="Kirjaudu").click()
    page.get_by_role("alert").wait_for()
    look("refused")
    sign_in(page, address, RITVA)
    look("account")
    page.get_by_role("button", name="Vaihda salasana").click()
    page.locator("#faults").wait_for()
    look("account with faults")
    for path in (
        f"/r/{site.key}/privacy/journal?entry=1",
        f"/r/{site.key}/menu",
        "/nothing",
        "/r/nothing/privacy/journal",
    ):
        page.goto(address + path)
        look(path)
