"""The register's own page, for whoever has a role in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.web.conftest import PASSWORD, Site

from seloste.operations.actor import CLI
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow

MIKAEL = "mikael.tuuri@fluiconnecto.example"
Axe = Callable[..., list[dict[str, Any]]]


def fill(site: Site) -> None:
    rows = [
        NewRow("organisation", {"name": "Havupumppu Oy"}, ref="o"),
        NewRow("person", {"first_name": "Sari", "last_name": "Havukoski"}, ref="p"),
        NewRow("relationship", {"ended": "2026-06-05"}, {"person": "p", "organisation": "o"}),
    ]
    collect(site.registers.open(site.key), rows, actor=CLI, now=site.now)


def test_it_counts_what_is_held_and_what_leaves_and_names_nobody(site: Site) -> None:
    fill(site)
    answer = site.signed_in(MIKAEL).get(f"/r/{site.key}/register")
    assert answer.status_code == 200
    assert "2 riviä poistuu 30 päivän kuluessa" in answer.text
    assert "Havukoski" not in answer.text
    assert site.registers.open(site.key).register.hash[:16] in answer.text


def test_what_belongs_to_somebody_is_not_called_nobodys_and_the_staff_are_not_spoken_to_as_them(site: Site) -> None:
    client = site.signed_in(MIKAEL)
    text = client.get(f"/r/{site.key}/register").text
    rows = dict(re.findall(r'<th scope="row"[^>]*>\s*<b>([^<]+)</b>\s*<span class="sub">([^<]+)</span>', text))
    assert "ihmiset, yritykset" in rows["Osoitteet"]
    assert [kind for kind, said in rows.items() if "Ei ole kenenkään" in said] == ["Yritykset"]
    to_them = re.compile(r"\b(olet|you|your|sinun|vastasit)\b|suhteesi")
    assert not [said for said in rows.values() if to_them.search(said)]
    client.cookies.set("lang", "en")
    english = client.get(f"/r/{site.key}/register?lang=en").text
    assert not [said for said in re.findall(r'<span class="sub">([^<]+)</span>', english) if to_them.search(said)]


def test_without_a_role_there_is_no_page(site: Site) -> None:
    assert site.signed_in("uusi@fluiconnecto.example").get(f"/r/{site.key}/register").status_code == 403
    assert site.client().get(f"/r/{site.key}/register").status_code == 303


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_it_is_readable_by_all(
    page: Any, site: Site, live_server: Callable[[Any], str], axe: Axe, width: int, scheme: str
) -> None:
    fill(site)
    address = live_server(site.app)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{address}/sign-in?next=%2Fr%2F{site.key}%2Fregister")
    page.get_by_label("Sähköposti").fill(MIKAEL)
    page.get_by_label("Salasana").fill(PASSWORD)
    page.get_by_role("button", name="Kirjaudu").click()
    page.wait_for_url(f"{address}/r/{site.key}/register")
    assert axe(page) == [], (width, scheme)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
