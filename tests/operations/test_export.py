"""A list into a file: for one purpose, no more than it may use, journaled before anything is given out."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from tests.operations.conftest import SALES, contact

from seloste.operations.actor import Actor
from seloste.operations.permissions.say import ban, object_to, restrict
from seloste.operations.records import export as op
from seloste.operations.records import read
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow, NoSuchRowError
from seloste.operations.records.read import Filter
from seloste.operations.records.rectify import rectify
from seloste.operations.records.transfer.sheets import Form, harmless
from seloste.store.journal import JournalError
from seloste.store.journal_pages import Query, page
from seloste.store.registers import RegisterStore

FORMULA = '=HYPERLINK("http://evil.example","x")'


def exported(
    store: RegisterStore, kind: str, now: dt.datetime, *, purpose: str, actor: Actor = SALES, **more: Any
) -> list[list[str]]:
    numbers = read.ids(store, kind, actor=actor, now=now)
    done = op.export(store, kind, numbers, purpose=purpose, actor=actor, now=now, **more)
    with done.file as file:
        text = file.read().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_the_file_holds_what_the_purpose_may_use_and_no_more(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    collect(store, [NewRow("address", {"street": "Katu 1"}, {"person": person})], actor=SALES, now=fixed_now)
    care = exported(store, "person", fixed_now, purpose="customer_care")
    assert care[0] == [
        *("First name", "Last name", "Form of address", "Phone", "E-mail", "Other way to reach", "Remark", "Company"),
    ]
    assert care[1] == ["Sari", "Havukoski", "", "+358 50 000 0142", "sari@havupumppu.example", "", "", "Havupumppu Oy"]
    assert len(care) == 2
    # She has no order, so nothing of hers is needed for orders: the role sees her, that purpose does not.
    assert exported(store, "person", fixed_now, purpose="orders")[1:] == []
    order = {"number": "T-1", "ordered_on": "2026-11-20"}
    collect(store, [NewRow("order", order, {"person": person})], actor=SALES, now=fixed_now)
    orders = exported(store, "person", fixed_now, purpose="orders", lang="fi")
    assert orders[0] == ["Etunimi", "Sukunimi", "Puhelin", "Sähköposti"]
    assert orders[1] == ["Sari", "Havukoski", "050 000 0142", "sari@havupumppu.example"]


def test_only_purposes_of_the_role_are_purposes_of_its_files(store: RegisterStore, fixed_now: dt.datetime) -> None:
    contact(store, fixed_now)
    assert "customer_care" in op.purposes(store, "person", actor=SALES)
    for purpose in ("bookkeeping", "accountability", "nothing", ""):
        with pytest.raises(op.ExportRefusedError):
            exported(store, "person", fixed_now, purpose=purpose)
    with pytest.raises(NoSuchRowError):
        op.export(store, "invoice", [1], purpose="orders", actor=SALES, now=fixed_now)


def test_no_address_goes_into_a_file_for_marketing_that_marketing_may_not_use(
    store: RegisterStore, fixed_now: dt.datetime
) -> None:
    sari = contact(store, fixed_now)
    eero = contact(store, fixed_now, first="Eero", last="Virta")
    aki = contact(store, fixed_now, first="Aki", last="Tervo")
    ilona = contact(store, fixed_now, first="Ilona", last="Havusalmi")
    # A number that somebody has forbidden is not called for a colleague who shares it, so each has their own.
    for person, number in ((eero, "050 000 0143"), (aki, "050 000 0144"), (ilona, "050 000 0145")):
        rectify(store, "person", person, {"phone": [number]}, source="subject", actor=SALES, now=fixed_now)
    with store.database.transaction() as conn:
        conn.execute("UPDATE organisation SET business_id = '2710574-2'")
    ban(store, sari, "phone", actor=SALES, now=fixed_now)
    ban(store, eero, "email", actor=SALES, now=fixed_now)
    object_to(store, ilona, "marketing", actor=SALES, now=fixed_now)
    rows = {row[0]: row for row in exported(store, "person", fixed_now, purpose="marketing", lang="fi")[1:]}
    assert rows["Sari"][2:4] == ["", "sari@havupumppu.example"]
    assert rows["Eero"][2:4] == ["050 000 0143", ""]
    assert rows["Aki"][2:4] == ["050 000 0144", "aki@havupumppu.example"]
    assert "Ilona" not in rows
    ban(store, aki, "all", actor=SALES, now=fixed_now)
    assert "Aki" not in {row[0] for row in exported(store, "person", fixed_now, purpose="marketing")}
    care = {row[0] for row in exported(store, "person", fixed_now, purpose="customer_care")}
    assert {"Sari", "Eero", "Aki", "Ilona"} <= care


def test_whoever_is_restricted_is_in_no_file(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    restrict(store, person, "accuracy", actor=SALES, now=fixed_now)
    done = op.export(store, "person", [person], purpose="customer_care", actor=SALES, now=fixed_now)
    assert done.count == 0
    with done.file as file:
        assert b"Havukoski" not in file.read()


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+358+1", "+A1", "-2", "@SUM(A1)", "\tx", "\rx", "=cmd|' /C calc'!A0"),
        *("\uff1d1+1", "\uff0b358", "\uff0d2", "\uff20SUM(A1)", "\u22122", "\u200b=1+1", "\ufeff=1+1", "\x00=1+1"),
    ],
)
def test_no_text_becomes_a_formula(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert harmless(f" {text}") == f" {text}"


@pytest.mark.parametrize("number", ["+358500000142", "+358 50 000 0142"])
def test_a_telephone_number_stays_a_number(number: str) -> None:
    assert harmless(number) == number


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_formula_in_a_name_stays_a_name(store: RegisterStore, fixed_now: dt.datetime, form: str) -> None:
    person = contact(store, fixed_now)
    names = {"first_name": FORMULA, "last_name": "@Virta"}
    rectify(store, "person", person, names, source="subject", actor=SALES, now=fixed_now)
    chosen: Form = "xlsx" if form == "xlsx" else "csv"
    done = op.export(store, "person", [person], purpose="customer_care", form=chosen, actor=SALES, now=fixed_now)
    with done.file as file:
        content = file.read()
    if form == "csv":
        row = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))[1]
        assert row[:2] == [f"'{FORMULA}", "'@Virta"]
        return
    from openpyxl import load_workbook

    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert [(cell.value, cell.data_type) for cell in sheet[2]][:2] == [(FORMULA, "s"), ("@Virta", "s")]


def test_dates_and_references_are_readable(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    values = {"number": "T-1", "ordered_on": "20.11.2026", "total": "1284,50", "lines": "Letku; 2; 12,50"}
    collect(store, [NewRow("order", values, {"person": person})], actor=SALES, now=fixed_now)
    head, row = exported(store, "order", fixed_now, purpose="orders", lang="fi")
    cells = dict(zip(head, row, strict=True))
    assert cells["Henkilö"] == "Sari Havukoski"
    assert "2026-11-20" in row
    assert "1 284,50 €".replace(" ", "\u00a0") in row


def test_sensitive_items_are_left_out_unless_named(
    opened: Callable[[str], RegisterStore], fixed_now: dt.datetime
) -> None:
    store = opened("fluxio/as-oy-tuulikello")
    manager = Actor("a2", "property_manager")
    rows = [
        NewRow("housing_company", {"name": "As Oy Tuulikello"}, ref="h"),
        NewRow("apartment", {"code": "A 1"}, {"housing_company": "h"}, ref="a"),
        NewRow("person", {"first_name": "Milla", "last_name": "Ketola", "non_disclosure": "kyllä"}, ref="p"),
        NewRow("residency", {"moved_in": "2026-01-01"}, {"person": "p", "apartment": "a"}),
    ]
    collect(store, rows, actor=manager, now=fixed_now)
    assert [item.key for item in op.sensitive_items(store, "person", actor=manager)] == ["non_disclosure"]
    head, row = exported(store, "person", fixed_now, purpose="property_management", actor=manager, lang="fi")
    assert "Turvakielto" not in head
    assert "kyllä" not in row
    head, row = exported(
        store, "person", fixed_now, purpose="property_management", actor=manager, lang="fi", named=("non_disclosure",)
    )
    assert dict(zip(head, row, strict=True))["Turvakielto"] == "kyllä"
    with pytest.raises(NoSuchRowError):
        exported(
            store, "person", fixed_now, purpose="property_management", actor=manager, named=("personal_identity_code",)
        )


def test_the_journal_says_what_left_for_what_and_whose(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    exported(store, "person", fixed_now, purpose="customer_care")
    with store.database.read() as conn:
        entries = [each.entry for each in page(conn, Query(verb="export")).entries]
    assert [(e.actor, e.lens, e.kind, e.persons, e.count, e.note) for e in entries] == [
        ("a1", "sales", "person", (person,), 1, "customer_care")
    ]
    assert {"phone", "email", "first_name"} <= set(entries[0].items)


def test_nothing_is_given_out_that_cannot_be_journaled(
    store: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact(store, fixed_now)

    def refuse(*_: object) -> None:
        raise JournalError("Ei.", "No.")

    monkeypatch.setattr(op, "append", refuse)
    with pytest.raises(JournalError):
        exported(store, "person", fixed_now, purpose="customer_care")


def test_the_name_of_the_file_holds_no_personal_data(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    done = op.export(store, "person", [person], purpose="customer_care", actor=SALES, now=fixed_now)
    done.file.close()
    assert done.name == "fluiconnecto_customers_person_2026-11-25.csv"


def test_ids_follow_the_list_its_filters_and_its_order(store: RegisterStore, fixed_now: dt.datetime) -> None:
    first = contact(store, fixed_now, stage="customer")
    second = contact(store, fixed_now, first="Aki", last="Aalto", stage="lead")
    asked = {"actor": SALES, "now": fixed_now}
    assert read.ids(store, "person", sort="last_name", **asked) == [second, first]  # type: ignore[arg-type]
    assert read.ids(store, "person", sort="last_name", descending=True, **asked) == [first, second]  # type: ignore[arg-type]
    found = read.ids(store, "relationship", filters=[Filter("stage", "=", "lead")], **asked)  # type: ignore[arg-type]
    assert len(found) == 1
    with pytest.raises(NoSuchRowError):
        read.ids(store, "person", sort="sys_held", **asked)  # type: ignore[arg-type]


def test_ids_that_the_role_does_not_see_give_nothing(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    accountant = Actor("a3", "accountant")
    for actor, purpose, count in ((accountant, "claims", 0), (SALES, "customer_care", 1)):
        done = op.export(store, "person", [person, 999], purpose=purpose, actor=actor, now=fixed_now)
        done.file.close()
        assert done.count == count
