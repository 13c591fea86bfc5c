"""Requests in a real browser: an access request that nobody contests is one press; pages that axe finds nothing in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from tests.web.conftest import PASSWORD, Site

from seloste.operations.actor import CLI
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.operations.rights.ask import ask
from seloste.operations.rights.receive import receive

RITVA = "ritva.kaleva@fluiconnecto.example"
Axe = Callable[..., list[dict[str, Any]]]
STRONG = frozenset({"strong"})


def test_a_bad_day_is_seen_at_once_and_an_uncontested_access_is_one_press(
    page: Any, live_server: Callable[[Any], str], site: Site, axe: Axe
) -> None:
    store = site.registers.open(site.key)
    rows = [
        NewRow("organisation", {"name": "Havupumppu Oy"}, ref="o"),
        NewRow("person", {"first_name": "Sari", "last_name": "Havukoski", "phone": ["050 000 0142"]}, ref="p"),
        NewRow("relationship", {"title": "Huoltopäällikkö"}, {"person": "p", "organisation": "o"}),
    ]
    person = collect(store, rows, actor=CLI, now=site.now).ids["p"]
    past = site.now - dt.timedelta(days=40)
    late = receive(store, "access", channel="post", person=person, evidence=STRONG, language="fi", received_at=past,
                   actor=CLI, now=site.now).id  # fmt: skip
    unknown = receive(store, "erasure", channel="post", asked_by="Veikko Virtanen, Kuusitie 1", actor=CLI,
                      now=site.now).id  # fmt: skip
    ask(store, unknown, "identity", actor=CLI, now=site.now)
    address, base = live_server(site.app), f"/r/{site.key}/privacy/requests"

    page.goto(address + base)
    page.get_by_label("Sähköposti").fill(RITVA)
    page.get_by_label("Salasana").fill(PASSWORD)
    page.get_by_role("button", name="Kirjaudu").click()
    page.wait_for_url(address + base)
    main = page.locator("main")
    assert main.get_by_text("Yksi pyyntö on myöhässä.").is_visible()
    shown = main.locator("table").first.inner_text()
    assert shown.index("Sari Havukoski") < shown.index("Veikko Virtanen"), "late first, who is waited for last"
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for path in ("", "/calendar", f"/{unknown}", f"/{late}"):
            page.goto(address + base + path)
            for each in page.locator("main details").all():
                each.evaluate("it => it.open = true")
            assert axe(page) == [], (path, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)

    # Nothing is another person's: what was opened is given by one press, and the answer stands there.
    page.get_by_role("button", name="merkitse vastatuksi").first.click()
    page.get_by_text("Pyyntöön on vastattu.").wait_for()
    assert main.get_by_role("link", name="Vastaus paperille (PDF)").is_visible()
    assert main.get_by_role("heading", name="Toimitettava hänelle").is_visible()
    page.get_by_text("Tulosta kirje").click()
    page.get_by_label("Osoite kirjekuoreen").fill("Sari Havukoski\nKuusitie 1\n00100 Helsinki")
    page.get_by_role("button", name="Merkitse toimitetuksi").click()
    page.get_by_text("Viesti on merkitty toimitetuksi.").wait_for()
