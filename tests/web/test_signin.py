"""Signing in, the account's own page, and what a session may do, through the whole application."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import PASSWORD, Site, made

from seloste.notice.model import Notice
from seloste.operations.accounts.roles import find_account
from seloste.settings import Settings
from seloste.store.journal import verify

MIKAEL, RITVA, NEW = (f"{name}@fluiconnecto.example" for name in ("mikael.tuuri", "ritva.kaleva", "uusi"))
Tokens = Callable[..., dict[str, str]]


@pytest.fixture(params=["sqlite", "postgresql"])
def each_site(request: pytest.FixtureRequest, tmp_path: Path, example: Notice, fixed_now: datetime) -> Iterator[Site]:
    url = None if request.param == "sqlite" else str(request.getfixturevalue("pg_url"))
    settings = Settings(data_dir=tmp_path, key_file=tmp_path / "secret.key", database_url=url, language="fi")
    yield from made(settings, example, fixed_now)


def attempt(client: TestClient, email: str = MIKAEL, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/sign-in", data={"email": email, "password": password, **more})


@pytest.mark.promise("P46")
def test_a_person_signs_in_looks_and_signs_out(each_site: Site, form_token: Tokens) -> None:
    client = each_site.client()
    assert client.get("/account").headers["location"] == "/sign-in?next=%2Faccount"
    answer = attempt(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert client.get("/").headers["location"] == f"/r/{each_site.key}/"
    page = client.get("/account")
    assert page.status_code == 200
    assert "Mikael Tuuri" in page.text
    token = dict(client.cookies)
    answer = client.post("/sign-out", data=form_token(client))
    assert answer.headers["location"] == "/sign-in?done=signed_out"
    assert answer.headers["clear-site-data"] == '"cache"'
    assert "Kirjauduit ulos." in client.get(answer.headers["location"]).text
    client.cookies.update(token)
    assert client.get("/account").status_code == 303, "the token is worth nothing after signing out"
    assert verify(each_site.registers.deployment).ok


def test_it_never_says_which_was_wrong(site: Site) -> None:
    pages = set()
    for email, password in ((MIKAEL, "väärä salasana"), ("nobody@fluiconnecto.example", PASSWORD)):
        answer = attempt(site.client(), email, password)
        assert answer.status_code == 422
        assert "Sähköposti tai salasana on väärin" in answer.text
        assert "<title>Virhe:" in answer.text
        assert password not in answer.text
        pages.add(answer.text.replace(email, "…"))
    assert len(pages) == 1


def test_too_many_failures_say_when_to_try_again(site: Site) -> None:
    for email in (MIKAEL, "nobody@fluiconnecto.example"):
        for _ in range(5):
            assert attempt(site.client(), email, "väärä salasana").status_code == 422
        answer = attempt(site.client(), email)
        assert answer.status_code == 429
        assert "Yritä uudelleen klo 9.17" in answer.text
    site.later(minutes=5)
    assert attempt(site.client()).status_code == 303


def test_a_forwarded_address_does_not_fool_the_count(site: Site) -> None:
    client = site.client(client=("192.0.2.50", 1234))
    answers = [
        client.post(
            "/sign-in",
            data={"email": f"guess{turn}@fluiconnecto.example", "password": "x"},
            headers={"X-Forwarded-For": f"198.51.100.{turn}", "X-Real-IP": f"198.51.100.{turn}"},
        ).status_code
        for turn in range(21)
    ]
    assert answers == [422] * 20 + [429]


@pytest.mark.parametrize(
    "evil",
    [
        "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
        "javascript:alert(1)", " //evil.example", "/%0d%0aLocation:", "/x\r\nSet-Cookie: a=b", "http:evil.example", "",
    ],
)  # fmt: skip
def test_nobody_is_sent_elsewhere_after_signing_in(site: Site, evil: str) -> None:
    where = attempt(site.client(), next=evil).headers["location"]
    assert where in ("/", "/%0d%0aLocation:"), "an encoded line break is a plain path of ours"
    client = site.signed_in(MIKAEL)
    assert client.get("/sign-in", params={"next": evil}).headers["location"] in (
        f"/r/{site.key}/",
        "/%0d%0aLocation:",
    )


def test_one_comes_back_to_the_page_asked_for(site: Site) -> None:
    client = site.client()
    asked = client.get("/account?tab=x").headers["location"]
    form = client.get(asked)
    assert 'name="next" value="/account?tab=x"' in form.text
    assert attempt(client, next="/account?tab=x").headers["location"] == "/account?tab=x"


def test_a_planted_token_is_not_taken_over(site: Site) -> None:
    client = site.client()
    client.cookies.set("seloste", "planted", domain="seloste.example")
    answer = attempt(client)
    assert "seloste=planted" not in answer.headers["set-cookie"]
    other = site.client(cookies={"seloste": "planted"})
    assert other.get("/account").status_code == 303


def test_signing_in_again_makes_a_new_token_and_ends_the_old(site: Site) -> None:
    client = site.signed_in(MIKAEL)
    old = client.cookies["seloste"]
    attempt(client)
    assert client.cookies["seloste"] != old
    assert site.client(cookies={"seloste": old}).get("/account").status_code == 303


def test_the_cookie_is_out_of_reach_and_bound_to_the_host_over_https(site: Site) -> None:
    plain = attempt(site.client()).headers["set-cookie"]
    assert plain.startswith("seloste=")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(plain.split("; "))
    client = site.client("https://seloste.example")
    cookie = attempt(client).headers["set-cookie"]
    assert cookie.startswith("__Host-seloste=")
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Secure"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert client.get("/account").status_code == 200
    planted = site.client("https://seloste.example", cookies={"seloste": client.cookies["__Host-seloste"]})
    assert planted.get("/account").status_code == 303, "over https the unbound name is not read"


def test_a_session_ends_by_itself(site: Site) -> None:
    client = site.signed_in(MIKAEL)
    site.later(hours=11)
    assert client.get("/account").status_code == 200
    site.later(hours=11)
    assert client.get("/account").status_code == 200
    site.later(hours=12)
    assert client.get("/account").status_code == 303


# --- the account ------------------------------------------------------------------------------------------------------


def test_language_and_looks_are_the_accounts(site: Site, form_token: Tokens) -> None:
    client = site.signed_in(MIKAEL)
    assert '<html lang="fi">' in client.get("/account").text
    back = {"Referer": "http://seloste.example/account?lang=fi&x=1"}
    answer = client.post("/account", data={"language": "en", **form_token(client)}, headers=back)
    assert answer.headers["location"] == "/account?x=1"
    client.post("/account", data={"theme": "dark", "keys": "off", **form_token(client)})
    text = client.get("/account").text
    assert '<html lang="en" data-theme="dark">' in text
    assert "js/keys" not in text
    account = find_account(site.registers.deployment, MIKAEL)
    assert (account.language, account.appearance, account.single_keys) == ("en", "dark", False)
    client.post("/account", data={"theme": "", **form_token(client)})
    assert '<html lang="en">' in client.get("/account").text
    assert '<html lang="fi">' in client.get("/account?lang=fi").text


def test_a_language_that_nobody_chose_is_the_browsers(site: Site, form_token: Tokens) -> None:
    site.add("kieletta@fluiconnecto.example", "Uusi Tulija", "sales", language="")
    client = site.signed_in("kieletta@fluiconnecto.example")
    for tongue in ("fi", "en"):
        assert f'<html lang="{tongue}"' in client.get("/account", headers={"Accept-Language": tongue}).text
    assert '<html lang="fi"' in client.get("/account", headers={"Accept-Language": ""}).text, "the installation's"
    client.post("/account", data={"theme": "dark", **form_token(client)})
    assert find_account(site.registers.deployment, "kieletta@fluiconnecto.example").language == "", "looks choose none"
    client.post("/account", data={"language": "en", **form_token(client)})
    assert '<html lang="en"' in client.get("/account", headers={"Accept-Language": "fi"}).text, "chosen once, kept"


def test_after_settings_nobody_is_sent_elsewhere(site: Site, form_token: Tokens) -> None:
    client = site.signed_in(MIKAEL)
    for referer in ("http://evil.example/x", "http://seloste.example//evil.example", "nonsense"):
        answer = client.post("/account", data={"theme": "", **form_token(client)}, headers={"Referer": referer})
        assert answer.headers["location"] == "/account"


def test_a_new_password_needs_the_present_one(site: Site, form_token: Tokens) -> None:
    client, elsewhere = site.signed_in(MIKAEL), site.signed_in(MIKAEL)
    new = "neljä isoa mäntyä"

    def change(current: str, new: str, again: str) -> Any:
        data = {"current": current, "new": new, "again": again, **form_token(client)}
        return client.post("/account/password", data=data)

    for current, first, again, says in (
        ("väärä salasana", new, new, "Nykyinen salasana on väärin."),
        (PASSWORD, new, "viisi isoa mäntyä", "Salasanat eroavat toisistaan."),
        (PASSWORD, "lyhyt", "lyhyt", "liian lyhyt"),
        (PASSWORD, "mikael.tuuri", "mikael.tuuri", "liian helppo arvata"),
    ):
        answer = change(current, first, again)
        assert answer.status_code == 422, says
        assert says in answer.text
        assert "<title>Virhe:" in answer.text
        assert 'aria-invalid="true"' in answer.text
    assert elsewhere.get("/account").status_code == 200
    assert change(PASSWORD, new, new).headers["location"] == "/account?done=password"
    assert "Salasana on vaihdettu." in client.get("/account?done=password").text
    assert elsewhere.get("/account").status_code == 303, "the other sessions ended"
    assert attempt(site.client()).status_code == 422
    assert attempt(site.client(), password=new).status_code == 303


def test_guesses_at_the_present_password_are_counted(site: Site, form_token: Tokens) -> None:
    client = site.signed_in(MIKAEL)
    data = {"current": "arvaus", "new": "neljä isoa mäntyä", "again": "neljä isoa mäntyä", **form_token(client)}
    for _ in range(5):
        assert "Nykyinen salasana on väärin." in client.post("/account/password", data=data).text
    right = client.post("/account/password", data={**data, "current": PASSWORD})
    assert "Liian monta väärää yritystä." in right.text


def test_sessions_are_ended_one_by_one_and_all_at_once(site: Site, form_token: Tokens) -> None:
    import re

    client, second, third = (site.signed_in(MIKAEL) for _ in range(3))
    ids = re.findall(r'name="session" value="(\w+)"', client.get("/account").text)
    assert len(ids) == 2, "the session in use has no button"
    answer = client.post("/account/sessions", data={"session": ids[0], **form_token(client)})
    assert answer.headers["location"] == "/account?done=session_ended"
    assert sorted(other.get("/account").status_code for other in (second, third)) == [200, 303]
    answer = client.post("/account/sessions", data={"everywhere": "yes", **form_token(client)})
    assert answer.headers["location"] == "/sign-in?done=signed_out"
    assert [one.get("/account").status_code for one in (client, second, third)] == [303] * 3


def test_one_role_is_acted_in_at_a_time(site: Site, form_token: Tokens) -> None:
    client = site.signed_in(MIKAEL)
    sales, service = (site.registers.open(site.key).register.lenses[key].text["fi"] for key in ("sales", "service"))
    assert sales != service
    first = client.get("/account").text
    assert f"<small>{sales}</small>" in first
    answer = client.post("/account/role", data={"role": f"{site.key} service", **form_token(client)})
    assert answer.headers["location"] == f"/r/{site.key}/"
    assert f"<small>{service}</small>" in client.get("/account").text
    for lens in ("management", "nonsense"):
        answer = client.post("/account/role", data={"role": f"{site.key} {lens}", **form_token(client)})
        assert answer.status_code == 404
    assert f"<small>{service}</small>" in client.get("/account").text


def test_an_account_without_a_role_is_told_whom_to_ask(site: Site) -> None:
    client = site.signed_in(NEW)
    assert client.get("/").headers["location"] == "/account"
    page = client.get("/account")
    assert page.status_code == 200
    assert "Sinulla ei ole vielä roolia" in page.text


def test_the_menu_is_a_page_too(site: Site) -> None:
    text = site.signed_in(MIKAEL).get(f"/r/{site.key}/menu").text
    assert text.count('href="/account#roles"') == 2, "in the bar and on the page"
    assert f'href="/r/{site.key}/person"' in text
    assert "Kirjaudu ulos" in site.signed_in(NEW).get("/menu").text


def test_a_refusal_says_who_sees_a_page_and_a_missing_one_what_may_be_done(site: Site) -> None:
    client = site.signed_in(MIKAEL)
    refused = client.get(f"/r/{site.key}/privacy/journal")
    assert refused.status_code == 403
    assert "Sivun näkee vain se, joka vastaa tietosuojasta." in refused.text
    assert "hae rekisteristä" in client.get(f"/r/{site.key}/nothing").text
    outside = site.client().get("/nothing", headers={"Accept-Language": "fi"})
    assert outside.status_code == 404
    assert "Tarkista osoite." in outside.text
    assert "hae rekisteristä" not in outside.text
