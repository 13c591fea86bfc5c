"""Views of lists: kept under a name for one account in one role, without anything that was typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

from tests.web.conftest import PASSWORD, Site

from seloste.operations.accounts import roles
from seloste.operations.accounts.list_views import MOST
from seloste.operations.actor import CLI
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow

MIKAEL, RITVA = (f"{name}@fluiconnecto.example" for name in ("mikael.tuuri", "ritva.kaleva"))
Token = Callable[..., dict[str, str]]
STATE = "status=confirmed&sort=-total"


def listed(text: str) -> dict[str, str]:
    nav = text.partition('aria-label="Näkymät"')[2].partition("</nav>")[0]
    return {unescape(name): unescape(href) for href, name in re.findall(r'href="([^"]+)"[^>]*>([^<]+)<', nav)}


def everything(site: Site) -> list[tuple[Any, ...]]:
    with site.registers.deployment.read() as conn:
        return [tuple(row) for row in conn.execute("SELECT * FROM list_view").all()]


def test_a_view_is_kept_shown_and_forgotten(site: Site, form_token: Token) -> None:
    collect(
        site.registers.open(site.key),
        [
            NewRow("organisation", {"name": "Havupumppu Oy"}, ref="o"),
            NewRow("order", {"number": "T-1", "status": "confirmed"}, {"organisation": "o"}),
        ],
        actor=CLI,
        now=site.now,
    )
    client, path = site.signed_in(MIKAEL), f"/r/{site.key}/order"
    token = form_token(client)
    assert "Tallenna näkymäksi" not in client.get(path).text, "nothing narrows the list"
    typed = f"{path}?{STATE}&q=Havukoski&from=2026-05-01&organisation=1"
    form = client.get(typed).text
    action = unescape(re.search(r'action="([^"]+/views[^"]*)"', form)[1])  # type: ignore[index]
    assert not {"Havukoski", "2026-05-01", "organisation"} & set(re.findall(r"[\w-]+", action))
    answer = client.post(action, data={"name": "  Vahvistetut   kalleimmat ", **token})
    assert answer.status_code == 303
    text = client.get(answer.headers["location"]).text
    assert "Näkymä on tallennettu." in text
    assert listed(text) == {"Vahvistetut kalleimmat": f"{path}?{STATE}"}
    assert "Poista näkymä" in text
    assert "Tallenna näkymäksi" not in text
    # It is a link on the bare list too, and nobody else's.
    assert listed(client.get(path).text)
    assert not listed(site.signed_in(RITVA).get(path).text)
    client.post(f"{path}/views", data={"forget": "Vahvistetut kalleimmat", **token})
    assert everything(site) == []


def test_nothing_that_was_typed_is_kept_however_it_is_sent(site: Site, form_token: Token) -> None:
    client, path = site.signed_in(MIKAEL), f"/r/{site.key}/order/views"
    token = form_token(client)
    client.post(f"{path}?{STATE}&q=Havukoski&until=2026-05-01&organisation=12&x=Sari", data={"name": "", **token})
    ((*_, name, query),) = everything(site)
    assert query == STATE
    assert name == "vahvistettu"
    assert client.post(f"{path}?q=Havukoski", data={"name": "Haku", **token}).status_code == 404
    assert len(everything(site)) == 1


def test_views_go_with_the_role_and_have_an_end(site: Site, form_token: Token) -> None:
    client, path = site.signed_in(MIKAEL), f"/r/{site.key}/order/views?{STATE}"
    token = form_token(client)
    for number in range(MOST):
        assert client.post(path, data={"name": f"Näkymä {number}", **token}).status_code == 303
    full = client.post(path, data={"name": "Yksi liikaa", **token})
    assert full.status_code == 422
    assert "Poista ensin jokin niistä." in full.text
    assert client.post(path, data={"name": "Näkymä 3", **token}).status_code == 303, "one of the same name is replaced"
    assert len(everything(site)) == MOST
    roles.revoke(site.registers.deployment, site.accounts[MIKAEL], site.key, "sales", actor=CLI, now=site.now)
    assert everything(site) == []


def test_a_view_of_what_is_not_ones_role_is_refused(site: Site, form_token: Token) -> None:
    client = site.signed_in(RITVA)
    assert client.post(f"/r/{site.key}/interaction/views?sort=at", data=form_token(client)).status_code == 403
    assert client.post(f"/r/{site.key}/order/views?{STATE}", data={"name": "x"}).status_code == 403, "no token"


def to_the_menu(page: Any, address: str, site: Site) -> None:
    """Sign in, go to a list that is narrowed, open the menu to keep it, by keyboard."""
    page.goto(address + "/sign-in")
    page.get_by_label("Sähköposti").fill(MIKAEL)
    page.get_by_label("Salasana").fill(PASSWORD)
    page.get_by_role("button", name="Kirjaudu").click()
    page.wait_for_url(f"{address}/r/{site.key}/")
    page.goto(f"{address}/r/{site.key}/order?{STATE}")
    page.locator(".views summary").focus()
    page.keyboard.press("Enter")


def test_keeping_a_view_needs_no_script(browser: Any, site: Site, live_server: Callable[[Any], str]) -> None:
    context = browser.new_context(java_script_enabled=False, locale="fi-FI")
    page = context.new_page()
    to_the_menu(page, live_server(site.app), site)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("Näkymä on tallennettu.").wait_for()
    assert page.get_by_role("link", name="vahvistettu").get_attribute("aria-current") == "true"
    context.close()


def test_the_menu_is_accessible_and_fits_a_phone(
    page: Any, site: Site, live_server: Callable[[Any], str], axe: Callable[..., list[dict[str, Any]]]
) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    to_the_menu(page, live_server(site.app), site)
    page.get_by_label("Näkymän nimi").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert axe(page) == []
