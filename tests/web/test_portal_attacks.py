"""A person's own pages, attacked route by route: from the list of routes, so that a new page is attacked too."""

from __future__ import annotations

import re
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import PASSWORD
from tests.web.test_identification import AINO, BOSS, EEVA, House, built, form, house, notice, why

from seloste.operations.actor import CLI
from seloste.operations.portal.requests import ask_own
from seloste.operations.rights.ask import ask
from seloste.store.engine import Database
from seloste.web.routes import ROUTES

__all__ = ["built", "house", "notice"]

OWN = [route for route in ROUTES if route.audience == "person"]
WRITTEN_BY_LOOKING = re.compile(r"journal|^sqlite_|_seal$")
"""A look is in the journal; nothing else may come of it."""


@pytest.fixture
def asked(house: House) -> int:
    """A request of Aino's that waits for her answer."""
    store, now = house.site.registers.open(house.site.key), house.site.now
    with store.read(now) as conn:
        found = conn.execute("SELECT id FROM rights_request WHERE answered_at IS NULL").all()
    if found:
        return int(found[0][0])
    done = ask_own(store, house.ids["aino"], "restriction", asked="Ainon sanat", language="fi", now=now)
    ask(store, done.id, "detail", text="Ainolta kysytään", actor=CLI, now=now)
    return done.id


def paths(house: House, asked: int, person: str) -> list[tuple[str, str]]:
    """Every address of one's own page, as it is for a person; with its method."""
    values = {
        "{reg}": house.site.key,
        "{kind}": "person",
        "{item}": "birth_date",
        "{purpose}": "collection",
        "{right}": "erasure",
    }
    found = []
    for route in OWN:
        number = asked if "/requests/" in route.path else house.ids[person]
        path = route.path.replace("{id:int}", str(number))
        for name, value in values.items():
            path = path.replace(name, value)
        assert "{" not in path, path
        found += [(method, path) for method in route.methods]
    assert len(found) > 15
    return found


def tables(database: Database) -> dict[str, Any]:
    """Every row of every table but the journal."""
    with database.read() as conn:
        names = [name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'").all()]
        kept = [name for name in names if not WRITTEN_BY_LOOKING.search(name)]
        return {name: sorted(map(repr, conn.execute(f'SELECT * FROM "{name}"').all())) for name in kept}


def everything(house: House) -> dict[str, Any]:
    store = house.site.registers.open(house.site.key)
    store.reads.flush()
    return {**tables(store.database), **{f"d.{k}": v for k, v in tables(house.site.registers.deployment).items()}}


def test_looking_changes_nothing_whoever_looks(house: House, asked: int) -> None:
    client, answer = house.identified(**AINO)
    assert why(answer) == ""
    before = everything(house)
    for method, path in paths(house, asked, "aino"):
        if method == "GET":
            assert client.get(path).status_code == 200, path
            assert client.head(path).status_code == 200, path
    for path in ("", "/open/none", "/who", "/unsubscribe/none", "/identify/bank", "/identify/none", "?why=nobody"):
        house.site.client().get(house.path + path)
        client.get(house.path + path)
    after = everything(house)
    assert {name for name in after if after[name] != before[name]} == set()


def strangers(house: House) -> list[TestClient]:
    """Browsers that must see nothing: with no cookie, a made-up one, one of the staff, and one that was left."""
    made_up, staff, left = house.site.client(), house.site.client(), house.identified(**AINO)[0]
    made_up.cookies["seloste-own"] = "x" * 43
    assert staff.post("/sign-in", data={"email": BOSS, "password": PASSWORD}).status_code == 303
    staff.cookies["seloste-own"] = staff.cookies["seloste"]
    cookie = left.cookies["seloste-own"]
    left.post(f"{house.path}/leave", data=form(house, left))
    left.cookies["seloste-own"] = cookie
    return [house.site.client(), made_up, staff, left]


def test_nobody_sees_or_does_anything_without_a_page_of_their_own(house: House, asked: int) -> None:
    browsers = strangers(house)
    before = everything(house)
    for client in browsers:
        token = form(house, client) if "seloste-own" in client.cookies else {}
        for method, path in paths(house, asked, "aino"):
            answer = client.request(method, path, data={**token, "form": "json", "text": "x"})
            assert answer.status_code == 303, path
            assert answer.headers["location"].startswith(f"{house.path}?ended"), path
            assert "Aino" not in answer.text, path
    after = everything(house)
    assert {name for name in after if after[name] != before[name]} == set()


def test_nobody_sees_or_does_anything_of_another(house: House, asked: int) -> None:
    """Eeva, who is in, asks for what is Aino's."""
    client, _ = house.identified(**EEVA)
    before = everything(house)
    for method, path in paths(house, asked, "aino"):
        if not re.search(r"/\d+", path):
            continue
        answer = client.request(method, path, data=form(house, client) | {"text": "x"} if method == "POST" else None)
        if path.endswith("/birth_date") and method == "GET":
            # The page that would open it shows nothing, whoever's number the address has.
            assert "1990" not in answer.text
            continue
        assert answer.status_code == 404, (method, path)
        assert "Aino" not in answer.text, path
    after = everything(house)
    assert {name for name in after if after[name] != before[name]} == set()


def test_no_form_is_taken_without_its_token(house: House, asked: int) -> None:
    client, _ = house.identified(**AINO)
    other, _ = house.identified(**EEVA)
    before = everything(house)
    for method, path in paths(house, asked, "aino"):
        if method == "POST":
            for token in ({}, {"form_token": "0" * 64}, form(house, other)):
                answer = client.post(path, data={**token, "form": "json", "text": "x", "hire": "no"})
                assert answer.status_code == 403, path
            answer = client.post(path, data=form(house, client), headers={"Sec-Fetch-Site": "cross-site"})
            assert answer.status_code == 403, path
    after = everything(house)
    assert {name for name in after if after[name] != before[name]} == set()
