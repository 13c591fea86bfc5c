"""Who gets in, as pages for whoever leads: invited, given roles, kept out, left."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.web.conftest import PASSWORD, Site

MIKAEL, RITVA, NEW = (f"{name}@fluiconnecto.example" for name in ("mikael.tuuri", "ritva.kaleva", "liisa.laine"))
Tokens = Callable[..., dict[str, str]]
OTHER = "neljä isoa mäntyä"


def invited(site: Site, client: Any, token: dict[str, str], **more: Any) -> Any:
    data = {"name": "Liisa Laine", "email": NEW, "language": "fi", "role": ["sales"], **more, **token}
    return client.post(f"/r/{site.key}/privacy/staff/new", data=data)


def test_somebody_is_invited_chooses_a_password_and_gets_in(site: Site, form_token: Tokens) -> None:
    boss = site.signed_in(RITVA)
    token = form_token(boss)
    wrong = invited(site, boss, token, email="liisa", role=[])
    assert wrong.status_code == 422
    assert "Valitse ainakin yksi rooli." in wrong.text
    assert 'value="Liisa Laine"' in wrong.text
    page = invited(site, boss, token)
    assert page.status_code == 200, page.text
    link = re.search(r"http://127\.0\.0\.1:8000(/welcome/[\w-]+)", page.text)
    assert link
    team = boss.get(f"/r/{site.key}/privacy/staff").text
    assert "Liisa Laine" in team
    assert "kutsuttu, linkki toimii 2.12.2026 asti" in team
    assert link[1] not in team
    stranger = site.client()
    assert "Tunnukselle Liisa Laine" in stranger.get(link[1]).text
    for new, again, says in (("lyhyt", "lyhyt", "liian lyhyt"), (OTHER, PASSWORD, "eroavat")):
        answer = stranger.post(link[1], data={"new": new, "again": again})
        assert (answer.status_code, says in answer.text) == (422, True)
    done = stranger.post(link[1], data={"new": OTHER, "again": OTHER})
    assert done.headers["location"] == "/sign-in?done=password_chosen"
    late = stranger.get(link[1])
    assert (late.status_code, "Se on käytetty 25.11.2026 klo 9.12. Sen teki Ritva Kaleva." in late.text) == (410, True)
    assert stranger.post(link[1], data={"new": OTHER, "again": OTHER}).status_code == 410
    answer = stranger.post("/sign-in", data={"email": NEW, "password": OTHER})
    assert answer.headers["location"] == "/"
    says = "Salasana valittiin linkillä, jonka Ritva Kaleva teki."
    assert says in stranger.get(f"/r/{site.key}/").text
    assert stranger.get(f"/r/{site.key}/privacy/staff").status_code == 403


def test_what_others_did_to_an_account_is_said_for_two_weeks_and_stays_a_year(site: Site, form_token: Tokens) -> None:
    boss = site.signed_in(RITVA)
    here = f"/r/{site.key}/privacy/staff/{site.accounts[MIKAEL]}"
    boss.post(f"{here}/reset", data=form_token(boss))
    says = "Ritva Kaleva poisti toisen vaiheesi."
    for days, first in ((0, True), (15, False)):
        site.later(days=days)
        mikael = site.signed_in(MIKAEL)
        assert (says in mikael.get(f"/r/{site.key}/").text) is first
        assert says in mikael.get("/account").text


def test_roles_are_changed_and_an_account_is_kept_out_and_ended(site: Site, form_token: Tokens) -> None:
    boss, mikael = site.signed_in(RITVA), site.signed_in(MIKAEL)
    token, here = form_token(boss), f"/r/{site.key}/privacy/staff/{site.accounts[MIKAEL]}"
    page = boss.get(here).text
    assert re.findall(r'name="role" value="(\w+)"[^>]* checked', page) == ["sales", "service"]
    saved = boss.post(f"{here}/roles", data={"role": ["accountant", "king"], "lead": "1", **token})
    assert saved.headers["location"] == f"{here}?done=staff_roles"
    assert mikael.get(f"/r/{site.key}/privacy/journal").status_code == 200, "it holds at once"
    for act, opens in (("lock", 303), ("unlock", 303)):
        assert boss.post(f"{here}/{act}", data=token).headers["location"] == f"{here}?done=staff_{act}"
        assert mikael.get("/account").status_code == opens
    assert boss.post(f"{here}/nonsense", data=token).status_code == 404
    mikael = site.signed_in(MIKAEL)
    assert boss.post(f"{here}/leave", data=token).headers["location"] == f"/r/{site.key}/privacy/staff?done=staff_leave"
    assert mikael.get("/account").status_code == 303
    assert boss.get(here).status_code == 404
    own = f"/r/{site.key}/privacy/staff/{site.accounts[RITVA]}"
    refused = boss.post(f"{own}/leave", data=token)
    assert (refused.status_code, "Anna vastuu ensin toiselle" in refused.text) == (422, True)


def test_who_gets_in_is_changed_with_fresh_proof_by_who_leads(site: Site, form_token: Tokens) -> None:
    boss, mikael = site.signed_in(RITVA), site.signed_in(MIKAEL)
    here = f"/r/{site.key}/privacy/staff/{site.accounts[RITVA]}"
    assert mikael.post(f"{here}/leave", data=form_token(mikael)).status_code == 403
    assert invited(site, mikael, form_token(mikael)).status_code == 403
    site.later(minutes=11)
    token = form_token(boss)
    for answer in (
        invited(site, boss, token),
        boss.post(f"/r/{site.key}/privacy/staff/{site.accounts[MIKAEL]}/roles", data={"role": "sales", **token}),
    ):
        assert (answer.status_code, "Olet muuttamassa sitä, kuka pääsee sisään" in answer.text) == (403, True)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_pages_are_accessible_and_fit(
    page: Any, axe: Callable[..., Any], site: Site, live_server: Callable[[Any], str], width: int, scheme: str
) -> None:
    address = live_server(site.app)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{address}/sign-in?next=/r/{site.key}/privacy/staff")
    page.get_by_label("Sähköposti").fill(RITVA)
    page.get_by_label("Salasana").fill(PASSWORD)
    page.get_by_role("button", name="Kirjaudu").click()

    def look(name: str) -> None:
        assert axe(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name

    page.get_by_role("link", name="Mikael Tuuri").wait_for()
    look("staff")
    page.get_by_role("link", name="Kutsu käyttäjä").click()
    page.get_by_role("heading", name="Kutsu käyttäjä").wait_for()
    page.get_by_label("Etunimi ja sukunimi").fill("Liisa Laine")
    page.get_by_label("Sähköposti").fill(NEW)
    look("invite")
    page.locator("#role").check()
    page.get_by_role("button", name="Tee linkki").click()
    link = page.locator(".secret").inner_text()
    look("link")
    page.get_by_role("link", name="Tehty").click()
    page.get_by_role("link", name="Liisa Laine").click()
    page.get_by_role("heading", name="Liisa Laine").wait_for()
    look("member")
    page.context.clear_cookies()
    page.goto(address + link.removeprefix("http://127.0.0.1:8000"))
    look("welcome")
