"""Pages are driven with the cast of the demo, right and wrong; no value of anybody reaches the log, in either form."""

from __future__ import annotations

import json
import logging
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.smtp_sink import sink
from tests.web.conftest import EXAMPLE, PASSWORD, Site, TestClient
from tests.web.test_links import links_of, sort_of

from seloste.cli.logs import JsonLines, Lines
from seloste.cli.people import read_people
from seloste.operations.accounts.keys import make_key
from seloste.operations.actor import CLI
from seloste.operations.letters import LETTERS, SETTLERS
from seloste.operations.mail.sender import send_due
from seloste.operations.mail.smtp import server_of
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.settings import Settings

PEOPLE = EXAMPLE.parent / "people" / "fluiconnecto_customers.yaml"
RITVA, SARI = "ritva.kaleva@fluiconnecto.example", "sari.havukoski@havupumppu.example"
WRONG = "Vääräsana Kirjoitettu"
PAGES = 25


class Kept(logging.Handler):
    """Every record of every logger, as both forms write it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.text: list[str] = []
        self.json: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.partition(".")[0] in ("httpx", "httpcore", "asyncio"):
            return  # the browser of these tests
        self.text.append(Lines().format(record))
        self.json.append(JsonLines().format(record))


@pytest.fixture
def log() -> Iterator[Kept]:
    kept, root = Kept(), logging.getLogger()
    before = root.level
    root.addHandler(kept)
    root.setLevel(logging.DEBUG)
    yield kept
    root.removeHandler(kept)
    root.setLevel(before)


def values(rows: tuple[NewRow, ...]) -> set[str]:
    """What is written of people, long enough to be nothing else: names, addresses, numbers, remarks."""
    found: set[str] = set()

    def take(value: Any) -> None:
        if isinstance(value, list):
            for each in value:
                take(each)
        elif isinstance(value, str) and (" " in value or "@" in value or value[:1].isupper() or value[:3].isdecimal()):
            found.add(value)

    for row in rows:
        if row.kind in ("person", "organisation"):
            for name, value in row.values.items():
                if name not in ("country", "form"):
                    take(value)
    return {each for each in found if len(each) > 3}


def drive(client: TestClient, site: Site) -> None:
    """One page of each sort, by the links between them."""
    seen: set[str] = set()
    waiting = deque([f"/r/{site.key}/", f"/r/{site.key}/find?q=Havukoski", f"/r/{site.key}/person?q={SARI}"])
    while waiting and len(seen) < PAGES:
        path = waiting.popleft()
        if sort_of(path) not in seen and "sign-out" not in path:
            seen.add(sort_of(path))
            waiting.extend(links_of(client.get(path, follow_redirects=True).text))


def own_page(site: Site, port: int) -> None:
    """A person asks for a link, opens it, and asks for something on their own page."""
    site.registers.settings = replace(
        site.registers.settings,
        smtp_url=f"smtp://127.0.0.1:{port}",
        mail_from="tietosuoja@fluiconnecto.example",
        public_url="https://rekisteri.example",
    )
    browser = site.client()
    browser.post(f"/own/{site.key}", data={"email": SARI})
    with sink() as server:
        settings = replace(site.registers.settings, smtp_url=f"smtp://127.0.0.1:{server.port}")
        site.registers.settings = settings
        send_due(site.registers, LETTERS, server_of(settings), settlers=SETTLERS, now=site.now)
        link = re.search(r"https://rekisteri.example(/own/\S+)", server.letters[-1].get_content())
    assert link
    assert browser.post(link[1]).status_code == 303
    form = re.search(r'name="form_token" value="(\w+)"', browser.get(f"/own/{site.key}/home").text)
    assert form
    for page in ("data", "requests", "permissions", "received", "looked"):
        assert browser.get(f"/own/{site.key}/{page}").status_code == 200
    browser.post(f"/own/{site.key}/requests/rectification", data={"form_token": form[1], "asked": WRONG})


def mistakes(site: Site, client: TestClient) -> None:
    """What people get wrong, with somebody's data in it: addresses, sign-ins, forms, bodies."""
    for path in (f"/{SARI}", f"/r/{site.key}/person/Havukoski", f"/own/{site.key}/open/{SARI}", f"/r/{SARI}/"):
        client.get(path)
    client.post("/sign-in", data={"email": SARI, "password": WRONG})
    client.post("/sign-in", data={"email": RITVA, "password": WRONG})
    client.post(f"/own/{site.key}", data={"email": WRONG})
    client.post(f"/r/{site.key}/person/new", data={"person.last_name": WRONG, "person.email": WRONG})
    client.post("/sign-in", content=WRONG.encode(), headers={"content-type": "text/plain"})
    key = make_key(site.registers.deployment, site.registers.open(site.key), "sales", "koe", actor=CLI, now=site.now)
    program = {"Authorization": f"Bearer {key.token}"}
    client.get(f"/api/{site.key}/find", params={"q": SARI}, headers=program)
    client.post(f"/api/{site.key}/collect", json={"rows": [{"kind": "person", "values": WRONG}]}, headers=program)
    client.get(f"/api/{site.key}/find", params={"q": SARI}, headers={"Authorization": f"Bearer {WRONG.encode().hex()}"})


def test_no_value_of_anybody_reaches_the_log(site: Site, log: Kept) -> None:
    every = read_people(PEOPLE, site.now).rows
    rows = tuple(row for row in every if row.kind in ("organisation", "person", "relationship"))
    collect(site.registers.open(site.key), rows, actor=CLI, now=site.now)
    client = site.signed_in(RITVA)
    drive(client, site)
    own_page(site, 1)
    mistakes(site, site.client())
    mistakes(site, client)
    # A fault with a value in its words: only its type and place are told.
    with site.registers.deployment.transaction() as conn:
        conn.execute("ALTER TABLE granted RENAME TO gone")
    assert client.get(f"/r/{site.key}/person?q={SARI}").status_code == 500

    told = [line for line in log.text if " GET " in line or " POST " in line]
    assert len(told) > PAGES
    assert any("fault" in line for line in log.text)
    cast = values(rows) | {SARI, RITVA, "Ritva Kaleva", WRONG, PASSWORD, "Vääräsana", "havukoski"}
    assert len(cast) > 100
    assert any(json.loads(line).get("actor") == "person" for line in log.json), (
        "somebody on their own page, by no number"
    )
    for lines in (log.text, log.json):
        whole = "\n".join(lines).lower()
        assert [value for value in cast if value.lower() in whole] == []
        assert not re.search(r"/person/\d|/requests/\d|\?q=", whole)


def test_a_line_says_what_was_done_in_fields(site: Site, log: Kept) -> None:
    account = site.accounts[RITVA]
    client = site.signed_in(RITVA)
    answer = client.get(f"/r/{site.key}/person?q=Havukoski")
    (line,) = [each for each in map(json.loads, log.json) if each.get("route") == "/r/{reg}/{kind}"]
    assert line | {"ms": 0, "time": ""} == {
        "time": "",
        "level": "info",
        "logger": "seloste.access",
        "message": line["message"],
        "request": answer.headers["x-request-id"],
        "method": "GET",
        "route": "/r/{reg}/{kind}",
        "status": 200,
        "ms": 0,
        "actor": account,
    }
    assert line["ms"] > 0
    site.client().get("/sign-in")
    (line,) = [each for each in map(json.loads, log.json) if " GET /sign-in " in each["message"]]
    assert "actor" not in line, "nobody was signed in"


def test_an_error_is_written_by_its_type_and_place_alone() -> None:
    try:
        raise ValueError(SARI)
    except ValueError as error:
        found = (type(error), error, error.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "it failed", None, found)
    for text in (Lines().format(record), JsonLines().format(record)):
        assert SARI not in text
        assert "ValueError" in text
        assert Path(__file__).name in text


@pytest.mark.parametrize(("chosen", "is_json"), [("json", True), ("text", False), (None, True)])
def test_the_form_is_a_setting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], chosen: str | None, is_json: bool
) -> None:
    """Without one it is JSON here, for nobody sits at this terminal."""
    from seloste.cli import logs

    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    logs.set_up(Settings(log_format=chosen))
    logging.getLogger("seloste.test").warning("a line")
    written = capsys.readouterr().err
    assert written.startswith("{") is is_json
    assert "a line" in written
