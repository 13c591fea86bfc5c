"""The API as a program meets it: one key, one register, one lens; problems in RFC 9457 form."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate
from starlette.testclient import TestClient
from tests.friends import befriended, friends
from tests.prepared import applied_all, example

from seloste.operations.accounts.keys import make_key, revoke_key
from seloste.operations.actor import CLI
from seloste.operations.permissions import say
from seloste.settings import Settings
from seloste.store.journal import head, verify
from seloste.store.journal_pages import Query, page
from seloste.store.registers import Registers
from seloste.web.app import make_app

KEY = example("fluiconnecto/notice").register


class Api:
    """A client with the key of one lens."""

    def __init__(self, registers: Registers, client: TestClient, key: str, lens: str, now: dt.datetime) -> None:
        self.registers, self.client, self.register = registers, client, key
        self.store = registers.open(key)
        made = make_key(registers.deployment, self.store, lens, "test", actor=CLI, now=now)
        self.id, self.headers = made.key.id, {"Authorization": f"Bearer {made.token}"}

    def call(self, method: str, path: str, **options: Any) -> Any:
        return self.client.request(method, f"/api/{self.register}{path}", headers=self.headers, **options)


@pytest.fixture
def registers(tmp_path: Path, prepared_url: str, fixed_now: dt.datetime) -> Iterator[Registers]:
    url = None if prepared_url.startswith("sqlite") else prepared_url
    made = Registers(Settings(data_dir=tmp_path, database_url=url, key_file=tmp_path / "key"))
    applied_all(made, [example(name) for name in ("fluiconnecto/notice", "proseduuri/notice")], fixed_now)
    yield made
    made.close()


@pytest.fixture
def client(registers: Registers, fixed_now: dt.datetime) -> TestClient:
    app = make_app(registers.settings, registers, now=lambda: fixed_now)
    return TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False)


@pytest.fixture
def sales(registers: Registers, client: TestClient, fixed_now: dt.datetime) -> Api:
    return Api(registers, client, KEY, "sales", fixed_now)


CONTACT = {
    "rows": [
        {"ref": "o", "kind": "organisation", "values": {"name": "Havupumppu Oy"}, "source": "subject"},
        {
            "ref": "p",
            "kind": "person",
            "values": {"first_name": "Sari", "last_name": "Havukoski", "phone": ["050 000 0142"]},
            "source": "subject",
        },
        {
            "kind": "relationship",
            "values": {"title": "Huoltopäällikkö", "began": "14.3.2024"},
            "parents": {"person": "p", "organisation": "o"},
            "source": "subject",
        },
    ]
}


def test_it_stores_reads_changes_and_finds(sales: Api) -> None:
    stored = sales.call("POST", "/collect", json=CONTACT)
    assert stored.status_code == 201, stored.text
    number = stored.json()["ids"]["p"]
    read = sales.call("GET", f"/records/person/{number}").json()
    assert read["values"]["phone"] == ["+358500000142"]
    changed = sales.call(
        "PATCH", f"/records/person/{number}", json={"changes": {"first_name": "Saara"}, "source": "subject"}
    )
    assert changed.json()["values"]["first_name"] == "Saara"
    found = sales.call("GET", "/find", params={"q": "havuk"}).json()
    assert [hit["record"]["id"] for hit in found["hits"] if hit["record"]["kind"] == "person"] == [number]
    around = sales.call("GET", f"/records/person/{number}/around").json()
    assert around["rows"]["relationship"][0]["values"]["began"] == "2024-03-14"
    listed = sales.call("GET", "/records/person", params={"last_name": "Havukoski", "_sort": "-last_name"}).json()
    assert (listed["total"], listed["rows"][0]["id"]) == (1, number)
    assert sales.call("GET", "/records/person", params={"last_name.filled": "false"}).json()["total"] == 0
    sales.store.reads.flush()
    assert verify(sales.store.database).ok


def test_it_says_why_a_value_is_held(sales: Api) -> None:
    number = sales.call("POST", "/collect", json=CONTACT).json()["ids"]["p"]
    why = sales.call("GET", f"/records/person/{number}/why").json()
    phone = why["cells"]["phone"]
    assert phone["source"] == "subject"
    care = next(each for each in phone["purposes"] if each["purpose"] == "customer_care")
    assert (care["needed"], care["usable"], care["until"]) == (True, True, "2029-11-25")


def test_it_says_who_borrows_a_value_and_obeys_what_the_person_said(sales: Api, fixed_now: dt.datetime) -> None:
    number = sales.call("POST", "/collect", json=CONTACT).json()["ids"]["p"]

    def borrowers() -> set[str]:
        return set(sales.call("GET", f"/records/person/{number}/why").json()["cells"]["phone"]["borrowed_by"])

    before = borrowers()
    assert {"marketing", "group_administration"} <= before
    assert "partner_marketing" not in before, "nobody has asked for their consent"
    say.ban(sales.store, number, "all", actor=CLI, now=fixed_now)
    assert borrowers() == before - {"marketing"}
    say.object_to(sales.store, number, "group_administration", actor=CLI, now=fixed_now)
    assert borrowers() == before - {"marketing", "group_administration"}, "an objection that waits stops the use too"


def test_a_row_that_nobody_needs_is_refused_in_the_words_of_the_notice(sales: Api) -> None:
    organisation, person, tie = CONTACT["rows"]
    ended = {**tie, "values": {"began": "14.3.2004", "ended": "14.3.2005"}}
    answer = sales.call("POST", "/collect", json={"rows": [organisation, person, ended]})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert "is not needed" in answer.json()["detail"]
    assert sales.call("GET", "/records/person").json()["total"] == 0


def test_a_refusal_says_to_a_program_what_to_do(sales: Api) -> None:
    organisation, person, tie = CONTACT["rows"]
    ended = {**tie, "values": {"began": "14.3.2004", "ended": "14.3.2005"}}
    unneeded = sales.call("POST", "/collect", json={"rows": [organisation, person, ended]}).json()
    assert {"ref": "", "kind": "person", "item": "phone", "detail": unneeded["detail"]} in unneeded["problems"]
    for method, path, status, word in (
        ("GET", "/records/person/999", 404, "no such record"),
        ("GET", "/nowhere", 404, "/openapi.json"),
        ("DELETE", "/records/person", 405, "does not take this method"),
        ("POST", "/collect", 400, "Content-Type: application/json"),
    ):
        answer = sales.call(method, path)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), path
        assert word in answer.json()["detail"], path
    sales.headers = {"Accept-Language": "fi"}
    assert "Authorization: Bearer" in sales.call("GET", "/records/person").json()["detail"]


@pytest.mark.parametrize("prepared_url", ["sqlite", "postgresql anew"], indirect=True)
def test_a_key_whose_role_has_gone_says_so(sales: Api, fixed_now: dt.datetime) -> None:
    whole = example("fluiconnecto/notice")
    staff = {key: lens for key, lens in whole.staff.items() if key != "sales"}
    sales.registers.apply(replace(whole, staff=staff, digest="0" * 64), now=fixed_now, actor="cli")
    answer = sales.call("GET", "/records/person")
    assert answer.status_code == 403
    assert "no longer has the role" in answer.json()["detail"]


def test_every_problem_of_every_row_is_told(sales: Api) -> None:
    rows = [
        {"ref": "a", "kind": "person", "values": {"phone": ["050"], "birth_date": "1.1.1990"}, "source": "subject"},
        {"ref": "b", "kind": "person", "values": {"email": ["sari.example"]}, "source": "hearsay"},
    ]
    answer = sales.call("POST", "/collect", json={"rows": rows})
    told = {(each["ref"], each["item"]) for each in answer.json()["problems"]}
    assert told == {("a", "phone"), ("a", "birth_date"), ("b", "email"), ("b", "source"), ("a", ""), ("b", "")}


@pytest.mark.parametrize(
    ("value"), [12, {"a": 1}, [1], True, [{"x": []}], "\x00", ["\x00"], [None], [[["050 000 0142"]]]]
)
def test_a_value_of_another_form_is_a_problem_and_never_a_fault(sales: Api, value: object) -> None:
    for name in ("first_name", "phone"):
        answer = sales.call("POST", "/records/person", json={"values": {name: value}, "source": "subject"})
        assert answer.status_code in (400, 422), (name, answer.text)


@pytest.mark.parametrize("body", [b"", b"[]", b"nul", b'{"rows": [1]}', b'{"rows": [{"kind": 1}]}', b"[" * 50_000])
def test_a_body_that_is_not_the_documented_json_is_a_problem(sales: Api, body: bytes) -> None:
    answer = sales.client.post(
        f"/api/{sales.register}/collect",
        content=body,
        headers={**sales.headers, "Content-Type": "application/json"},
    )
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:seloste:problem:bad-request"


@pytest.mark.parametrize("place", ["ref", "kind", "source", "value"])
def test_half_a_character_is_a_problem_wherever_it_stands(sales: Api, place: str) -> None:
    row = {"ref": "a", "kind": "person", "source": "subject", "values": {"first_name": "x"}}
    row |= {"values": {"first_name": "HALF"}} if place == "value" else {place: "HALF"}
    answer = sales.client.post(
        f"/api/{sales.register}/collect",
        content=json.dumps({"rows": [row]}).replace("HALF", "\\ud800"),
        headers={**sales.headers, "Content-Type": "application/json"},
    )
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_what_is_held_of_somebody_is_not_told_without_an_entry(sales: Api) -> None:
    number = sales.call("POST", "/collect", json=CONTACT).json()["ids"]["p"]
    for path in ("", "/why", "/around"):
        sales.store.reads.flush()
        with sales.store.database.read() as conn:
            before = head(conn).seq
        assert sales.call("GET", f"/records/person/{number}{path}").status_code == 200
        sales.store.reads.flush()
        with sales.store.database.read() as conn:
            written = page(conn, Query(persons=(number,), actor=sales.id, verb="look")).entries
        assert any(entry.seq > before and entry.entry.kind == "person" for entry in written), path


def test_a_number_of_thousands_of_digits_is_no_row(sales: Api) -> None:
    for digits in (19, 30, 31, 5000):
        assert sales.call("GET", f"/records/person/{'9' * digits}").status_code == 404, digits


def test_without_a_key_there_is_nothing(sales: Api, client: TestClient) -> None:
    for headers in ({}, {"Authorization": "Bearer seloste_x"}, {"Authorization": "Basic x"}):
        answer = client.get(f"/api/{sales.register}/records/person", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_revoked_key_opens_nothing(sales: Api, fixed_now: dt.datetime) -> None:
    revoke_key(sales.registers.deployment, sales.id, actor=CLI, now=fixed_now)
    assert sales.call("GET", "/records/person").status_code == 401


def test_a_key_opens_one_register_only(sales: Api, client: TestClient) -> None:
    everywhere = sales.registers.keys()
    assert len(everywhere) == 2
    for other in {*everywhere, "nowhere"} - {sales.register}:
        assert client.get(f"/api/{other}/records/person", headers=sales.headers).status_code == 404


def test_a_kind_that_the_lens_does_not_show_is_not_there(
    registers: Registers, client: TestClient, fixed_now: dt.datetime, sales: Api
) -> None:
    accountant = Api(registers, client, sales.register, "accountant", fixed_now)
    number = sales.call("POST", "/collect", json=CONTACT).json()["ids"]["p"]
    assert accountant.call("GET", "/records/interaction").status_code == 404
    assert accountant.call("GET", f"/records/person/{number}").status_code == 404
    assert accountant.call("GET", "/records/person", params={"phone": "050 000 0142"}).status_code == 404


def test_system_columns_cannot_be_asked_for(sales: Api) -> None:
    for name in ("sys_use_0", "sys_until_orders", "sys_key_x", "id;--", '"'):
        assert sales.call("GET", "/records/person", params={name: "1"}).status_code == 404
        assert sales.call("GET", "/records/person", params={"_sort": name}).status_code == 404


def test_the_document_is_valid_and_names_only_what_the_lens_shows(
    registers: Registers, client: TestClient, fixed_now: dt.datetime, sales: Api
) -> None:
    document = sales.call("GET", "/openapi.json").json()
    validate(document)
    assert "/records/order" in document["paths"]
    accountant = Api(registers, client, sales.register, "accountant", fixed_now)
    theirs = accountant.call("GET", "/openapi.json").json()
    validate(theirs)
    assert "/records/interaction" not in theirs["paths"]
    assert "interaction" not in str(theirs)


def test_every_answer_is_as_the_document_says(sales: Api) -> None:
    """Each path of the document answers, for a row that is there, with JSON of the named shape."""
    import jsonschema

    document = sales.call("GET", "/openapi.json").json()
    number = sales.call("POST", "/collect", json=CONTACT).json()["ids"]["p"]
    for path in ("/records/person", f"/records/person/{number}", f"/records/person/{number}/why", "/find?q=havu"):
        template = path.partition("?")[0].replace(str(number), "{id}")
        answer = sales.call("GET", path)
        schema = document["paths"][template]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.validate(answer.json(), {**schema, "components": document["components"]})


@pytest.mark.parametrize("prepared_url", ["sqlite"], indirect=True)
def test_nobody_writes_proof_by_hand(registers: Registers, client: TestClient, fixed_now: dt.datetime) -> None:
    """A role that is shown consents and requests would else make a consent that nobody gave, or take back a no."""
    auditing = "auditor: {text: {fi: Tarkastaja, en: Auditor}, for: [printing, accountability]}"
    registers.apply(friends(auditing), now=fixed_now, actor="cli")
    store = registers.open("friends")
    person, consent = befriended(store, fixed_now, first_name="Aino")
    auditor = Api(registers, client, "friends", "auditor", fixed_now)
    assert auditor.call("GET", f"/records/permission/{consent}").json()["values"]["purpose"] == "printing"
    given = {"kind": "permission", "parents": {"person": person}, "source": "subject",
             "values": {"purpose": "printing", "given_at": "25.11.2026 klo 9.12"}}  # fmt: skip
    answers = [
        auditor.call("POST", "/collect", json={"rows": [given]}),
        auditor.call("POST", "/records/permission", json={k: v for k, v in given.items() if k != "kind"}),
        auditor.call(
            "PATCH",
            f"/records/permission/{consent}",
            json={"changes": {"withdrawn_at": "25.11.2026 klo 9.12"}, "source": "subject"},
        ),
    ]
    assert [each.status_code for each in answers] == [422, 422, 422]
    assert "not written by hand" in answers[0].json()["problems"][0]["detail"]
    with store.read(fixed_now) as conn:
        assert conn.execute("SELECT id, withdrawn_at FROM permission").all() == [(consent, None)]
    paths = auditor.call("GET", "/openapi.json").json()["paths"]
    assert [set(paths[f"/records/{kind}"]) for kind in ("permission", "person")] == [{"get"}, {"get", "post"}]
