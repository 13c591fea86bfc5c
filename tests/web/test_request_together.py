"""One answer from all registers of a controller, for whoever leads them; from none that they do not lead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.prepared import applied, example
from tests.web.conftest import Site, made

from seloste.operations.accounts import roles
from seloste.operations.actor import CLI
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.operations.rights.read import requests
from seloste.settings import Settings

RITVA = "ritva.kaleva@fluiconnecto.example"
SECOND = "fluiconnecto_second"


@pytest.fixture
def site(tmp_path: Path, fixed_now: datetime) -> Iterator[Site]:
    notice = example("fluiconnecto/notice")
    for found in made(Settings(data_dir=tmp_path, key_file=tmp_path / "key", language="fi"), notice, fixed_now):
        second = replace(notice, register=SECOND, title={**notice.title, "fi": "Huoltokoulutus"})
        applied(found.registers, second, fixed_now)
        applied(found.registers, example("proseduuri/notice"), fixed_now)
        for key, phone in ((found.key, "050 000 0142"), (SECOND, "050 000 0143")):
            rows = [
                NewRow("organisation", {"name": "Havupumppu Oy"}, ref="o"),
                NewRow("person", {"first_name": "Sari", "last_name": "Havukoski", "phone": [phone]}, ref="p"),
                NewRow("relationship", {"stage": "customer"}, {"person": "p", "organisation": "o"}),
            ]
            collect(found.registers.open(key), rows, actor=CLI, now=fixed_now)
        yield found


def test_one_answer_tells_what_every_register_of_the_company_holds(site: Site) -> None:
    client = site.signed_in(RITVA)
    base = f"/r/{site.key}/privacy/requests"
    token = {"form_token": re.findall(r'name="form_token" value="([0-9a-f]{64})"', client.get("/account").text)[0]}

    def post(path: str, **data: Any) -> Any:
        return client.post(base + path, data={**token, **data})

    given = {"right": "access", "channel": "post", "received": site.now.date().isoformat(), "language": "fi"}
    post("/new", **given, person="1", evidence="in_person")
    assert "Huoltokoulutus" not in client.get(f"{base}/1").text, "she does not lead it"
    assert post("/1/ask_there", register=SECOND, **{f"there-{SECOND}": "1"}).status_code == 422
    for key in (SECOND, "proseduuri_customers"):
        account = site.accounts[RITVA]
        roles.grant(site.registers.deployment, account, key, "management", lead=True, actor=CLI, now=site.now)

    page = client.get(f"{base}/1").text
    assert "Huoltokoulutus" in page
    assert "proseduuri" not in page.partition("<main")[2], "another company's"
    assert (
        post("/1/ask_there", register="proseduuri_customers", **{"there-proseduuri_customers": "1"}).status_code == 422
    )
    assert post("/1/ask_there", register=SECOND, **{f"there-{SECOND}": "1"}).status_code == 303
    assert post("/1/ask_there", register=SECOND, **{f"there-{SECOND}": "1"}).status_code == 422, "once"
    (twin,) = requests(site.registers.open(SECOND), actor=CLI, now=site.now).open
    assert twin.identified == "in_person"

    assert post("/1/give", text="Hei.").status_code == 303
    assert requests(site.registers.open(SECOND), actor=CLI, now=site.now).open == ()
    letter = client.get(f"{base}/1/answer.html").text
    for part in ("050 000 0142", "050 000 0143", "Huoltokoulutus: "):
        assert part in letter
    assert client.get(f"{base}/1/answer.pdf").content.startswith(b"%PDF")
    both = client.get(f"{base}/1/answer.json").json()["registers"]
    assert both.keys() == {site.key, SECOND}
    with site.registers.open(SECOND).read(site.now) as conn:
        assert conn.execute("SELECT count(*) FROM request_letter").all() == [(0,)], "one message, not two"
        verbs = [row[0] for row in conn.execute("SELECT verb FROM journal WHERE kind = 'rights_request'")]
    assert "take_copy" in verbs, "each register journals what left it"
    after = site.add("seuraaja@fluiconnecto.example", "Seuraaja")
    roles.grant(site.registers.deployment, after, SECOND, "management", lead=True, actor=CLI, now=site.now)
    roles.revoke(site.registers.deployment, site.accounts[RITVA], SECOND, "management", actor=CLI, now=site.now)
    assert "050 000 0143" not in client.get(f"{base}/1/answer.html").text
