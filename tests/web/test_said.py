"""What a customer says of marketing is written down beside the number, by whoever has them on the line."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from tests.web.conftest import Site

from seloste.operations.actor import CLI, Actor
from seloste.operations.permissions.say import ban
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow

SALES = Actor("a", "sales")
MIKAEL = "mikael.tuuri@fluiconnecto.example"
Token = Callable[..., dict[str, str]]


@pytest.fixture
def person(site: Site) -> int:
    rows = [
        NewRow("organisation", {"name": "Havupumppu Oy"}, ref="o"),
        NewRow(
            "person",
            {"first_name": "Sari", "phone": ["050 000 0142"], "email": ["sari@havupumppu.example"]},
            ref="p",
        ),
        NewRow("relationship", {"stage": "customer"}, {"person": "p", "organisation": "o"}),
    ]
    return collect(site.registers.open(site.key), rows, actor=CLI, now=site.now).ids["p"]


def lines(text: str) -> list[tuple[str, str]]:
    """(what may be done, the button beside it) of the block of numbers and addresses."""
    block = text.partition('<ul class="reach"')[2].partition("<h2")[0]
    found = re.findall(r'<li class="(?:yes|no|ask)">(.*?)</li>', block, re.DOTALL)
    return [
        (
            unescape(re.sub(r"<svg.*?</svg>|<small>.*", "", each, flags=re.DOTALL))
            .replace("<span>", "")
            .replace("</span>", ""),
            "".join(re.findall(r"<button[^>]*>(.*?)</button>", each)),
        )
        for each in found
    ]


def bans(site: Site) -> list[tuple[object, ...]]:
    with site.registers.open(site.key).read(site.now) as conn:
        sql = "SELECT channel, purpose, sender, lifted_at IS NOT NULL FROM ban ORDER BY id"
        return [(*row[:3], bool(row[3])) for row in conn.execute(sql)]


@pytest.mark.promise("C61", "C66")
def test_a_ban_is_recorded_and_lifted_where_the_number_is(site: Site, person: int, form_token: Token) -> None:
    client, path = site.signed_in(MIKAEL), f"/r/{site.key}/person/{person}"
    page = client.get(path)
    assert ("Suoramarkkinointi", "Kirjaa kielto") in lines(page.text)
    about = {"purpose": "marketing", "channel": "phone", "sender": "", **form_token(client, path)}
    for _ in range(2):  # sent twice it is said once
        answer = client.post(f"{path}/said", data={**about, "say": "ban"})
        assert answer.status_code == 303
    assert bans(site) == [("phone", "marketing", None, False)]
    page = client.get(path)
    assert ("Ei: suoramarkkinointi", "Peru kielto") in lines(page.text)
    assert ("Suoramarkkinointi", "Kirjaa kielto") in lines(page.text), "e-mail was not forbidden"
    client.post(f"{path}/said", data={**about, "say": "lift"})
    assert bans(site) == [("phone", "marketing", None, True)]


def test_a_ban_on_one_partner_leaves_the_other(site: Site, person: int, form_token: Token) -> None:
    client, path = site.signed_in(MIKAEL), f"/r/{site.key}/person/{person}"
    about = {"purpose": "partner_marketing", "channel": "email", "sender": "Letkuset Oy", **form_token(client, path)}
    client.post(f"{path}/said", data={**about, "say": "ban"})
    assert bans(site) == [("email", "partner_marketing", "Letkuset Oy", False)]
    found = lines(client.get(path).text)
    assert ("Ei: kumppanien markkinointi: Letkuset Oy", "Peru kielto") in found
    assert ("Kysy ensin: kumppanien markkinointi: Öljytukku Oy", "Kirjaa kielto") in found


def test_a_ban_on_everything_says_so_when_it_is_lifted(site: Site, person: int) -> None:
    ban(site.registers.open(site.key), person, "all", actor=SALES, now=site.now)
    found = lines(site.signed_in(MIKAEL).get(f"/r/{site.key}/person/{person}").text)
    assert ("Ei: suoramarkkinointi", "Peru kielto kaikista tavoista") in found


def test_what_no_line_is_about_cannot_be_said(site: Site, person: int, form_token: Token) -> None:
    client, path = site.signed_in(MIKAEL), f"/r/{site.key}/person/{person}"
    about = {"purpose": "orders", "channel": "phone", "sender": "", **form_token(client, path)}
    assert client.post(f"{path}/said", data={**about, "say": "ban"}).status_code == 404
    about["purpose"] = "marketing"
    assert client.post(f"/r/{site.key}/person/{person + 99}/said", data={**about, "say": "ban"}).status_code == 404
    assert client.post(f"/r/{site.key}/organisation/1/said", data={**about, "say": "ban"}).status_code == 404
    assert client.post(f"{path}/said", data={**about, "say": "?"}).status_code == 303
    assert bans(site) == []
