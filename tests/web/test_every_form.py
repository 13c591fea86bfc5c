"""Every form of every register, filled and sent once by each role that has it: it is stored, or the refusal is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest
from tests.prepared import EXAMPLES, applied, read_people
from tests.web.conftest import PASSWORD, TestClient
from tests.web.filling import Controls, send

from seloste.catalogue.model import Item, Kind
from seloste.notice import load
from seloste.operations.accounts import roles
from seloste.operations.accounts.create import create_account
from seloste.operations.actor import CLI, Actor
from seloste.operations.records.collect import collect
from seloste.operations.records.read import rows
from seloste.operations.records.transfer.target import entries
from seloste.settings import Settings
from seloste.store.registers import Registers, RegisterStore
from seloste.web.app import make_app
from seloste.web.staff.form_plan import HOW, Plan, has_form, plan_new

PEOPLE = sorted(EXAMPLES.glob("*/people/*.yaml"))

SAMPLES = {
    "text": "Koe", "text_long": "Sovittu näin.", "phone": "050 000 0999", "email": "koe@koe.example",
    "url": "https://koe.example/", "date": "2026-11-24", "time": "2026-11-24T10:00", "days": "12", "int": "3",
    "money": "12,50", "country": "FI", "postal_code": "40320", "business_id": "9184206-9", "hetu": "131052-904T",
    "iban": "FI2112345600000785", "reference_number": "1009", "ip": "192.0.2.1", "code": "K-1", "degrees": "60.17",
    "lines": "Letku; 2; 12,50", "fields": "Koko: M", "bool": "true", "items": "",
}  # fmt: skip


def sample(item: Item, offered: list[str]) -> str:
    """Something that may be typed for an item."""
    if item.options:
        return item.options[0].key
    if item.type in ("items", "bool"):
        return next((value for value in offered if value), "")
    return SAMPLES[item.type]


def ends(kind: Kind, item: Item) -> bool:
    """Whether an item says that something is over; of that nothing new is kept."""
    dates = [name for name, each in kind.items.items() if each.type in ("date", "time")]
    return item.key in dates[1:] and item.key not in (kind.act, kind.dated, kind.due)


def typed(plan: Plan, html: str) -> dict[str, str]:
    """Something for every field, and a company made at once where one must be chosen and none is."""
    controls = Controls(html)
    values: dict[str, str] = {}
    for part in plan.parts:
        for item in part.items:
            name = part.name(item)
            if name in controls.names and not ends(part.kind, item):
                values[name] = sample(item, controls.options.get(name, []))
        for end in part.ends:
            if end.required and end.news:
                new = {end.name: "new"} | {f"{end.name}.{item.key}": SAMPLES[item.type] for item in end.news}
                values |= new if ("checked" not in html.partition(f'name="{end.name}"')[2][:60]) else {}
    values = {name: value for name, value in values.items() if name in controls.names}
    values["source"] = (
        "own_records" if "own_records" in controls.options.get("source", []) else controls.options["source"][0]
    )
    return {name: value for name, value in values.items() if value}


def chosen(store: RegisterStore, kind: str, actor: Actor, now: datetime) -> int:
    """A row that something new may belong to: the first that is open, else the first; 0 when there is none."""
    first, done = rows(store, kind, size=200, actor=actor, now=now).rows, store.register.tables[kind].kind.done
    return next((row.id for row in first if done not in row.values), first[0].id if first else 0)


@pytest.fixture(scope="module")
def registers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registers]:
    folder = tmp_path_factory.mktemp("forms")
    made = Registers(Settings(data_dir=folder, key_file=folder / "key", language="fi", allow_test_identity_codes=True))
    yield made
    made.close()


def filled(registers: Registers, people: Path, now: datetime) -> RegisterStore:
    notices = [load(path) for path in people.parents[1].glob("*.yaml")]
    notice = next(one for one in notices if one.register == people.stem)
    applied(registers, notice, now)
    store = registers.open(notice.register)
    collect(store, read_people(people, now).rows, actor=CLI, now=now)
    return store


def refusals(html: str) -> str:
    """What the page says is wrong."""
    found = re.findall(r'(?s)<div class="(?:summary|note stop)".*?</div>|<p class="fault".*?</p>', html)
    return " | ".join(re.sub(r"\s+", " ", unescape(re.sub("<[^>]+>", " ", each))).strip() for each in found)


@pytest.mark.parametrize("people", PEOPLE, ids=lambda path: path.stem)
def test_every_form_of_every_role_stores_or_says_why_not(
    registers: Registers, people: Path, fixed_now: datetime
) -> None:
    store = filled(registers, people, fixed_now)
    key, app = people.stem, make_app(registers.settings, registers, now=lambda: fixed_now)
    told = []
    for lens in store.register.lenses.values():
        email = f"{lens.key.replace('_', '-')}@{key.replace('_', '-')}.example"
        account = create_account(
            registers.deployment, email, "Joku", language="fi", password=PASSWORD, actor=CLI, now=fixed_now
        ).account
        roles.grant(registers.deployment, account, key, lens.key, lead=False, actor=CLI, now=fixed_now)
        client = TestClient(app, base_url="http://seloste.example", follow_redirects=False)
        assert client.post("/sign-in", data={"email": email, "password": PASSWORD}).status_code == 303
        actor = Actor(account, lens.key)
        found = {kind: number for kind in lens.shows if (number := chosen(store, kind, actor, fixed_now))}
        for kind in lens.shows:
            if not has_form(store.register, lens, kind):
                continue
            ways = entries(store.register, lens, kind) if store.register.tables[kind].kind.subject else (None,)
            for way in ways:
                plan = plan_new(store, lens, kind, way)
                asked = {"as": way.categories[0]} if way else {}
                # As from the page of a row: what there is to belong to is chosen. A tie says whose it is.
                owners = [end for end in plan.ends if end.parent and end.kind.key in found]
                followed = {end.follows for end in owners}
                asked |= {end.column: str(found[end.kind.key]) for end in owners if end.column not in followed}
                path = f"/r/{key}/{kind}/new?{urlencode(asked)}"
                page = client.get(path)
                assert page.status_code == 200, (lens.key, path)
                if any(end.required and end.kind.key not in found and not end.news for end in plan.ends):
                    continue
                values = typed(plan, page.text)
                answer = send(client, path, values, page.text)
                if answer.status_code == 200 and 'name="seen"' in answer.text:
                    answer = send(client, path, {}, answer.text)
                assert answer.status_code in (303, 422), (lens.key, path, answer.status_code)
                if answer.status_code == 422 and plan.consents and not plan.kind.subject:
                    assert "suostumuksen" in refusals(answer.text), (lens.key, path)
                    said_yes = {consent.name: "yes" for consent in plan.consents}
                    assert "vastasi" in refusals(send(client, path, said_yes, answer.text).text), (lens.key, path)
                    said_yes[HOW] = "phone"
                    answer = send(client, path, said_yes, answer.text)
                if answer.status_code == 422 and "suostumuksen" in refusals(answer.text):
                    continue  # nobody has said yes to it
                if answer.status_code == 422:
                    told.append(f"{lens.key} {path}: {refusals(answer.text)}")
                    continue
                back = client.get(answer.headers["location"])
                assert back.status_code == 200, (lens.key, path)
    assert told == [], "\n".join(told)
