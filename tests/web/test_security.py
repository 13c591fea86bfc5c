"""What guards every page: headers, other sites, form tokens, roles, sizes, errors and logs."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.testclient import TestClient
from tests.web.conftest import Site

from seloste.errors import BadValue
from seloste.store.engine import StoreError
from seloste.store.journal_pages import Query, page
from seloste.web import app as app_module
from seloste.web.app import load, make_app
from seloste.web.problems import ForbiddenError, GoneError
from seloste.web.responses import accepted
from seloste.web.routes import MOUNTS, ROUTES
from seloste.web.routing import PERMISSIONS, Mount, Route, RouteError
from seloste.web.security import local_path

MIKAEL, RITVA = (f"{name}@fluiconnecto.example" for name in ("mikael.tuuri", "ritva.kaleva"))
SECRET = "Sari Havukoski 050 000 0142"


# --- the list of routes -----------------------------------------------------------------------------------------------


def test_every_route_names_a_handler_and_a_permission_of_its_audience() -> None:
    for entry in (*ROUTES, *MOUNTS):
        handler = load(entry.handler if isinstance(entry, Route) else entry.factory)
        assert callable(handler)
        assert entry.audience in PERMISSIONS[entry.permission], entry
    answered = [(route.path, method) for route in ROUTES for method in route.methods]
    assert len(set(answered)) == len(answered), "two handlers for one address"


def test_only_a_few_pages_are_open_to_anybody() -> None:
    for route in ROUTES:
        if route.path.startswith(("/r/", "/account")):
            assert route.audience in ("staff", "lead"), route


@pytest.mark.promise("P45")
def test_no_page_of_the_staff_opens_without_a_session(site: Site) -> None:
    client = site.client()
    for route in ROUTES:
        if route.audience in ("staff", "lead"):
            for method in route.methods:
                path = re.sub(r"\{\w+(:int)?\}", "1", route.path.replace("{reg}", site.key))
                answer = client.request(method, path)
                assert answer.status_code == 303, route
                assert answer.headers["location"].startswith("/sign-in"), route


# --- headers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/sign-in", "/account", "/nothing", "/health", "/static/css/tokens.css", "/api/x"])
def test_every_answer_carries_the_headers(site: Site, path: str) -> None:
    headers = site.client().get(path).headers
    policy = headers["content-security-policy"]
    for part in ("default-src 'none'", "script-src 'self'", "form-action 'self'", "frame-ancestors 'none'",
                 "base-uri 'none'"):  # fmt: skip
        assert part in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-frame-options"] == "DENY"
    assert len(headers["x-request-id"]) == 8
    assert "strict-transport-security" not in headers
    secure = site.client("https://seloste.example").get(path, headers={"Origin": "https://elsewhere.example"}).headers
    assert secure["strict-transport-security"] == "max-age=31536000"
    assert not [name for name in secure if name.startswith("access-control-")]


def test_pages_are_not_kept_and_files_are(site: Site) -> None:
    import re

    client = site.client()
    front = client.get("/sign-in")
    assert front.headers["cache-control"] == "no-store"
    address = re.search(r'href="(/static/css/tokens\.css\?v=\w+)"', front.text)
    assert address
    file = client.get(address[1])
    assert file.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert file.headers["content-type"].startswith("text/css")
    again = client.get(address[1], headers={"If-None-Match": file.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    for other in ("/static/css/tokens.css", "/static/css/tokens.css?v=0123"):
        assert client.get(other).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "name", ["../app.py", "..%2fapp.py", "%2e%2e/%2e%2e/settings.py", "/etc/passwd", "css", "css/../../app.py", ""]
)
def test_no_path_leads_out_of_the_folder_of_files(site: Site, name: str) -> None:
    assert site.client().get(f"/static/{name}").status_code == 404


# --- other sites ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://seloste.example"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://seloste.example.evil.example"},
        {"Origin": "http://seloste.example:8001"},
        {"Origin": "null"},
    ],
)
def test_a_write_that_another_site_caused_is_refused(
    site: Site, headers: dict[str, str], form_token: Callable[..., dict[str, str]]
) -> None:
    client = site.signed_in(MIKAEL)
    for path, data in (
        ("/account", {"language": "en", **form_token(client)}),
        ("/sign-out", {}),
        ("/sign-in", {"email": RITVA, "password": "kolme pientä kuusta"}),
    ):
        answer = client.post(path, data=data, headers=headers)
        assert answer.status_code == 403, path
        assert "Toinen sivusto lähetti tämän" in answer.text
        assert "set-cookie" not in answer.headers
    assert '<html lang="fi">' in client.get("/account").text


def test_a_write_from_our_own_page_passes(site: Site, form_token: Callable[..., dict[str, str]]) -> None:
    client = site.signed_in(MIKAEL)
    for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://seloste.example"}, {}):
        assert client.post("/account", data={"theme": "", **form_token(client)}, headers=headers).status_code == 303


def test_a_form_needs_the_token_of_its_own_session(site: Site, form_token: Callable[..., dict[str, str]]) -> None:
    mikael, ritva = site.signed_in(MIKAEL), site.signed_in(RITVA)
    for sent in ({}, {"form_token": ""}, {"form_token": "0" * 64}, {"form_token": "ä"}, form_token(ritva)):
        answer = mikael.post("/account", data={"language": "en", **sent})
        assert answer.status_code == 403
        assert "Lomake on vanhentunut" in answer.text
    as_file = {"form_token": ("x", b"y")}
    assert mikael.post("/account", data={"language": "en"}, files=as_file).status_code == 403
    assert mikael.cookies["seloste"] not in mikael.get("/account").text, "the form token does not tell the session's"


def test_a_page_takes_nothing_but_forms(site: Site, form_token: Callable[..., dict[str, str]]) -> None:
    client = site.signed_in(MIKAEL)
    for kind in ("application/json", "text/plain", ""):
        answer = client.post("/account", content=b'{"language": "en"}', headers={"Content-Type": kind})
        assert answer.status_code == 405
    assert client.put("/account").status_code == 405
    assert client.post("/account", content=b"--x", headers={"Content-Type": "multipart/form-data"}).status_code == 400


# --- sizes ------------------------------------------------------------------------------------------------------------


def test_a_body_that_is_too_long_is_refused(site: Site) -> None:
    client = site.client()
    long = {"email": "x" * 20_000, "password": "y"}
    assert client.post("/sign-in", data=long).status_code == 413

    def parts() -> Any:
        yield b"email="
        for _ in range(20):
            yield b"x" * 1000

    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post("/sign-in", content=parts(), headers=kind).status_code == 413
    assert client.post("/sign-in", content=b"a=b", headers={**kind, "Content-Length": "-1"}).status_code == 413


# --- roles ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def trying(site: Site) -> Callable[[Callable[[Request], Response]], Site]:
    """The same site with one more page, ``/r/{reg}/try``, answered by a function of the test."""

    def add(handler: Callable[[Request], Response], **more: Any) -> Site:
        route = replace(Route("/r/{reg}/try", "trial:page", ("GET", "POST"), "staff", "register:read"), **more)
        original = app_module.load

        def load_with_trial(name: str) -> Any:
            return handler if name == "trial:page" else original(name)

        patch.setattr(app_module, "load", load_with_trial)
        app = make_app(site.registers.settings, site.registers, now=lambda: site.now, routes=(route, *ROUTES))
        site.app = app
        return site

    patch = pytest.MonkeyPatch()
    yield add
    patch.undo()


def seen(site: Site, email: str, path: str) -> Any:
    return site.signed_in(email).get(path)


def test_a_page_knows_who_asks_and_as_what(trying: Any) -> None:
    def page(request: Request) -> Response:
        s = request.state
        return PlainTextResponse(f"{s.account.name}|{s.actor.lens}|{s.lead}|{s.register_key}|{s.lang}")

    site = trying(page)
    path = f"/r/{site.key}/try"
    assert seen(site, MIKAEL, path).text == f"Mikael Tuuri|sales|False|{site.key}|fi"
    assert seen(site, RITVA, path).text == f"Ritva Kaleva|management|True|{site.key}|fi"


def test_a_file_of_peoples_data_leaves_no_route_that_asks_for_no_proof(trying: Any) -> None:
    """Whatever the flags of Python: a handler that forgets it answers with a fault."""

    def page(request: Request) -> Response:
        return PlainTextResponse("Sari;050", headers={"Content-Disposition": "attachment"})

    site = trying(page)
    answer = seen(site, MIKAEL, f"/r/{site.key}/try")
    assert answer.status_code == 500
    assert "Sari" not in answer.text
    assert "content-disposition" not in answer.headers
    assert seen(trying(page, nobodys=True), MIKAEL, f"/r/{site.key}/try").status_code == 200


def test_a_route_that_cannot_be_is_said_when_the_program_starts(trying: Any) -> None:
    for wrong in (
        {"permission": "privacy:write"},
        {"audience": "public", "permission": "open", "fresh": "erase"},
        {"fresh": "take_out", "nobodys": True},
    ):
        with pytest.raises(RouteError, match="try"):
            trying(lambda request: PlainTextResponse("in"), **wrong)


def test_a_register_without_a_role_looks_like_no_register(trying: Any) -> None:
    site = trying(lambda request: PlainTextResponse("in"))
    client = site.signed_in("uusi@fluiconnecto.example")
    there, nowhere = client.get(f"/r/{site.key}/try"), client.get("/r/nothing/try")
    assert there.status_code == nowhere.status_code == 403
    scrub = lambda answer: answer.text.replace(answer.headers["x-request-id"], "")  # noqa: E731
    assert scrub(there) == scrub(nowhere)
    assert "Tämä sivu ei kuulu rooliisi" in there.text
    assert seen(site, MIKAEL, "/r/nothing/try").status_code == 403


def test_privacy_pages_open_to_the_lead_alone_and_refusals_are_journaled(trying: Any) -> None:
    site = trying(lambda request: PlainTextResponse("in"), audience="lead", permission="privacy:read")
    path = f"/r/{site.key}/try"
    assert seen(site, RITVA, path).text == "in"
    refused = seen(site, MIKAEL, path)
    assert refused.status_code == 403
    assert "Mikael Tuuri" in refused.text, "the page stays in the frame"
    store = site.registers.open(site.key)
    store.reads.flush()
    with store.database.read() as conn:
        last = page(conn, Query(limit=1)).entries[0].entry
    assert (last.actor, last.lens, last.verb, last.outcome, last.note) == (
        site.accounts[MIKAEL],
        "sales",
        "open_page",
        "refused",
        "privacy:read",
    )


# --- errors -----------------------------------------------------------------------------------------------------------


def raising(error: Exception) -> Callable[[Request], Response]:
    def handler(request: Request) -> Response:
        raise error

    return handler


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (
            ForbiddenError(role="Kirjanpito", contact="Ritva Kaleva"),
            403,
            "Kenelle sivu näkyy: Kirjanpito. Jos tarvitset sitä työssäsi, pyydä apua: Ritva Kaleva.",
        ),
        (GoneError(person=True), 410, "Tätä henkilöä ei enää ole rekisterissä"),
        (GoneError(), 410, "Tätä ei enää ole rekisterissä"),
        (BadValue("Numerosta puuttuu loppu.", "The end is missing.", "050 000 0140"), 422, "Numerosta puuttuu loppu."),
        (StoreError(SECRET, SECRET), 503, "Sivu ei auennut"),
        (ValueError(SECRET), 500, "Sivu ei auennut"),
    ],
)
def test_errors_are_pages_that_tell_nothing_they_should_not(
    trying: Any, caplog: pytest.LogCaptureFixture, error: Exception, status: int, says: str
) -> None:
    site = trying(raising(error))
    with caplog.at_level(logging.DEBUG):
        answer = seen(site, MIKAEL, f"/r/{site.key}/try?q={SECRET}")
    assert answer.status_code == status
    assert says in answer.text
    assert answer.text.count("<!doctype html>") == 1
    assert SECRET not in answer.text
    for part in (SECRET, "Sari", "0142", "mikael"):
        assert not [r for r in caplog.records if r.name.startswith("seloste") and part in r.getMessage()]
    if status >= 500:
        assert answer.headers["x-request-id"] in answer.text, "the code that support asks for"
        assert any("fault" in r.getMessage() and "test_security.py" in r.getMessage() for r in caplog.records)


def test_even_a_page_that_cannot_be_drawn_leaves_its_code(trying: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from seloste.web import problems

    site = trying(raising(ValueError(SECRET)))
    client = site.signed_in(MIKAEL)
    monkeypatch.setattr(problems, "page_response", raising(KeyError(SECRET)))
    answer = client.get(f"/r/{site.key}/try")
    assert (answer.status_code, answer.text) == (500, f"500 {answer.headers['x-request-id']}\n")


def test_the_database_being_away_is_said_without_a_session(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    client = site.signed_in(MIKAEL)

    def away() -> Any:
        raise StoreError(SECRET, SECRET)

    monkeypatch.setattr(site.registers.deployment, "read", away)
    answer = client.get("/account")
    assert answer.status_code == 503
    assert SECRET not in answer.text


def test_unknown_addresses_are_pages_for_people_and_problems_for_programs(site: Site) -> None:
    client = site.client()
    answer = client.get("/nothing/here?lang=en")
    assert answer.status_code == 404
    assert "Page not found" in answer.text
    assert "Mikael Tuuri" in seen(site, MIKAEL, "/nothing").text, "in the frame for who is signed in"
    problem = client.get("/api/nothing", headers={"Accept-Language": "en"})
    assert problem.headers["content-type"] == "application/problem+json"
    body = problem.json()
    assert (body["status"], body["title"], body["type"]) == (404, "Page not found", "urn:seloste:problem:not-found")
    assert body["instance"].endswith(problem.headers["x-request-id"])


def test_the_log_names_the_route_and_not_the_address(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="seloste.access"):
        seen(site, MIKAEL, f"/r/{site.key}/privacy/journal?q={SECRET}")
        site.client().get(f"/{SECRET}")
    lines = [record.getMessage() for record in caplog.records if record.name == "seloste.access"]
    assert any("GET /r/{reg}/privacy/journal 403" in line for line in lines)
    assert any("GET - 404" in line for line in lines)
    assert not any("Sari" in line or "havukoski" in line.lower() for line in lines)


# --- applications of programs -----------------------------------------------------------------------------------------


def made_api(registers: Any, settings: Any) -> Any:
    async def answer(scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        await PlainTextResponse(f"{len(await request.body())} {settings.language}")(scope, receive, send)

    return answer


def test_an_application_is_made_when_first_asked_for_and_guarded_too(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def load_it(name: str) -> Any:
        made.append(name)
        return made_api

    monkeypatch.setattr(app_module, "load", load_it)
    mount = Mount("/api", "trial:make", "api", "api", limit=100)
    app = make_app(site.registers.settings, site.registers, routes=(), mounts=(mount,))
    client = TestClient(app, base_url="http://seloste.example")
    assert made == []
    assert client.post("/api/x", content=b"x" * 100).text == "100 fi"
    assert client.post("/api/x", content=b"x" * 101).status_code == 413
    assert made == ["trial:make"]
    client.cookies.set("seloste", "x", domain="seloste.example")
    refused = client.post("/api/x", headers={"Origin": "http://evil.example"})
    assert refused.status_code == 403
    assert refused.headers["content-type"] == "application/problem+json"


# --- small parts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("fi-FI,fi;q=0.9,en;q=0.8", "fi"),
        ("sv,en;q=0.5,fi;q=0.4", "en"),
        ("en;q=0.1, fi;q=0.2", "fi"),
        ("sv", None),
        ("", None),
        ("fi;q=x,en", "en"),
        ("fi;q=0", None),
        (";;;,,,", None),
    ],
)
def test_the_browsers_language(header: str, lang: str | None) -> None:
    assert accepted(header) == lang


@pytest.mark.parametrize("path", ["/", "/account", "/r/x/person/1?why=1#a", "/%2F%2Fevil"])
def test_paths_of_ours_are_kept(path: str) -> None:
    assert local_path(path, "no") == path


def test_templates_and_handlers_use_no_inline_code() -> None:
    import re

    folder = Path(app_module.__file__).parent / "templates"
    for template in folder.rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"\son\w+\s*=|style\s*=|javascript:|<style", text), template
        assert not re.search(r"<script(?![^>]*src=)", text), template
        # The signs are drawn from constants in their own template; nothing else passes by the escaping.
        assert template.name == "signs.html" or "|safe" not in text.replace(" ", ""), template
