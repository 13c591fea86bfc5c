"""Reading, finding, saying why and opening, through the lens and on both engines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from tests.operations.conftest import SALES, contact

from seloste.operations.actor import CLI, Actor
from seloste.operations.records import read
from seloste.operations.records.collect import collect
from seloste.operations.records.find import find
from seloste.operations.records.model import SEALED, InvalidRowsError, NewRow, NoSuchRowError
from seloste.operations.records.read import Filter
from seloste.operations.records.rectify import rectify
from seloste.operations.records.reveal import ReasonNeededError, reasons, reveal
from seloste.operations.records.why import why
from seloste.operations.register.holdings import holdings
from seloste.store.journal_pages import Query, page
from seloste.store.registers import NoRegisterError, RegisterStore
from seloste.store.work import NotNeededError

ACCOUNTANT = Actor("a3", "accountant")
CODE = "131052-9085"
"""A personal identity code of the test series (900 to 999)."""


@pytest.mark.parametrize(
    "query",
    ["havuk", "Sari Havu", "HAVUKOSKI sari", "050 000 0142", "+358500000142", "0500000142", "sari@havu", "5000001"],
)
def test_it_finds_by_name_phone_and_e_mail(store: RegisterStore, fixed_now: dt.datetime, query: str) -> None:
    person = contact(store, fixed_now)
    contact(store, fixed_now, first="Eero", last="Virta")
    hits = find(store, query, actor=SALES, now=fixed_now).hits
    assert person in {hit.record.id for hit in hits if hit.record.kind == "person"}


@pytest.mark.parametrize("query", ["", " ", "x", "havukoski eero", "sari' OR '1'='1", "%", "_", "\x00", "ä" * 5000])
def test_it_finds_nothing_where_nothing_fits(store: RegisterStore, fixed_now: dt.datetime, query: str) -> None:
    contact(store, fixed_now)
    assert find(store, query, actor=SALES, now=fixed_now).hits == ()


def test_whoever_has_the_name_comes_before_what_only_mentions_it(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    (tie,) = read.around(store, "person", person, actor=SALES, now=fixed_now).rows["relationship"]
    rows = [
        NewRow("order", {"ordered_on": "2026-11-20"}, {"organisation": tie.references["organisation"]}, ref="o"),
        NewRow("delivery", {"shipped_on": "2026-11-21", "recipient_name": "Sari Havukoski"}, {"order": "o"}),
    ]
    collect(store, rows, actor=SALES, now=fixed_now)
    hits = find(store, "havukoski", actor=SALES, now=fixed_now).hits
    assert [hit.record.kind for hit in hits] == ["person", "delivery"]
    assert hits[0].record.id == person


def test_it_finds_only_what_the_role_sees(store: RegisterStore, fixed_now: dt.datetime) -> None:
    contact(store, fixed_now)
    assert find(store, "havuk", actor=ACCOUNTANT, now=fixed_now).hits == ()


def test_what_was_rectified_is_found_by_the_new_and_not_by_the_old(
    store: RegisterStore, fixed_now: dt.datetime
) -> None:
    person = contact(store, fixed_now)
    rectify(store, "person", person, {"last_name": "Lumi"}, source="subject", actor=SALES, now=fixed_now)
    assert find(store, "havukoski", kinds=["person"], actor=SALES, now=fixed_now).hits == ()
    assert [hit.record.id for hit in find(store, "lumi", actor=SALES, now=fixed_now).hits] == [person]


def test_lists_filter_sort_and_page(store: RegisterStore, fixed_now: dt.datetime) -> None:
    for first, last in (("A", "Salo"), ("B", "Aho"), ("C", "Mäki")):
        contact(store, fixed_now, first=first, last=last)
    listed = read.rows(store, "person", sort="last_name", size=2, actor=SALES, now=fixed_now)
    assert ([each.values["last_name"] for each in listed.rows], listed.total) == (["Aho", "Mäki"], 3)
    second = read.rows(store, "person", sort="last_name", size=2, page=2, actor=SALES, now=fixed_now)
    assert [each.values["last_name"] for each in second.rows] == ["Salo"]
    chosen = read.rows(store, "person", filters=[Filter("last_name", "=", "Salo")], actor=SALES, now=fixed_now)
    assert chosen.total == 1
    with pytest.raises(NoSuchRowError):
        read.rows(store, "person", sort="sys_use_0", actor=SALES, now=fixed_now)


@pytest.mark.promise("C1", "C2")
def test_a_person_without_a_tie_to_a_company_cannot_be_stored(store: RegisterStore, fixed_now: dt.datetime) -> None:
    with pytest.raises(InvalidRowsError) as refused:
        collect(store, [NewRow("person", {"first_name": "Yksin"})], actor=SALES, now=fixed_now)
    assert "Add which company they act for" in refused.value.message("en")
    assert "Yksin" not in refused.value.message("en") + refused.value.message("fi")
    assert read.count(store, "person", actor=SALES, now=fixed_now) == 0


def test_an_unknown_item_names_the_line_that_would_be_needed(store: RegisterStore, fixed_now: dt.datetime) -> None:
    with pytest.raises(InvalidRowsError) as refused:
        collect(store, [NewRow("person", {"birth_date": "1.1.1990"})], actor=SALES, now=fixed_now)
    assert "uses" in refused.value.message("en")
    assert "birth_date" in refused.value.message("fi")


@pytest.mark.promise("C26")
def test_a_source_may_bring_only_what_the_notice_lets_it(store: RegisterStore, fixed_now: dt.datetime) -> None:
    rows = [
        NewRow("organisation", {"name": "Havupumppu Oy"}, ref="o"),
        NewRow("person", {"first_name": "Sari", "remark": "vapaa sana"}, ref="p", source="social_media"),
        NewRow("relationship", {}, {"person": "p", "organisation": "o"}),
    ]
    with pytest.raises(InvalidRowsError) as refused:
        collect(store, rows, actor=SALES, now=fixed_now)
    assert [(each.ref, each.item) for each in refused.value.problems] == [("p", "remark")]


@pytest.mark.promise("C27", "C28", "C29")
def test_a_source_that_needs_a_letter_starts_its_clock(store: RegisterStore, fixed_now: dt.datetime) -> None:
    rows = [
        NewRow("organisation", {"name": "Havupumppu Oy"}, ref="o"),
        NewRow("person", {"first_name": "Sari"}, ref="p", source="event_organiser"),
        NewRow("relationship", {}, {"person": "p", "organisation": "o"}, source="event_organiser"),
    ]
    stored = collect(store, rows, actor=SALES, now=fixed_now)
    assert stored.tell_by == dt.date(2026, 12, 25)
    told = why(store, "person", stored.ids["p"], actor=SALES, now=fixed_now).cells["first_name"]
    assert told.source == "event_organiser"


@pytest.mark.promise("X18")
def test_an_identity_code_lives_only_while_a_collection_is_open(
    opened: Callable[[str], RegisterStore], fixed_now: dt.datetime
) -> None:
    store = opened("fluxio/as-oy-tuulikello")
    with_debt = [
        NewRow("housing_company", {"name": "Asunto Oy Esimerkin Tuulikello"}, ref="h"),
        NewRow("apartment", {"code": "A 12"}, {"housing_company": "h"}, ref="a"),
        NewRow("person", {"first_name": "Joonas", "last_name": "Ketola"}, ref="p"),
        NewRow("residency", {"moved_in": "1.9.2025"}, {"person": "p", "apartment": "a"}),
        NewRow("charge", {"amount": "416,50", "due_on": "5.8.2026"}, {"apartment": "a"}, ref="c"),
        NewRow("debtor", {}, {"charge": "c", "person": "p"}),
    ]
    ids = collect(store, with_debt, actor=CLI, now=fixed_now).ids
    code = {"personal_identity_code": CODE}
    with pytest.raises(NotNeededError):
        rectify(store, "person", ids["p"], code, source="subject", actor=CLI, now=fixed_now)
    opened_on = [NewRow("collection", {"opened_on": "1.11.2026", "debtor": ids["p"]}, {"charge": ids["c"]}, ref="k")]
    collection = collect(store, opened_on, actor=CLI, now=fixed_now).ids["k"]
    rectify(store, "person", ids["p"], code, source="subject", actor=CLI, now=fixed_now)
    seen = read.row(store, "person", ids["p"], actor=ACCOUNTANT, now=fixed_now)
    assert seen.values["personal_identity_code"] is SEALED
    with store.read(fixed_now) as conn:
        cell = conn.execute("SELECT personal_identity_code FROM person WHERE id = :id", {"id": ids["p"]}).first()
    assert cell is not None
    assert CODE.encode() not in bytes(cell[0])
    found = find(store, CODE, actor=ACCOUNTANT, now=fixed_now).hits
    assert [(hit.record.id, hit.items) for hit in found] == [(ids["p"], ("personal_identity_code",))]
    purpose = reasons(store, "person", "personal_identity_code", actor=ACCOUNTANT)[0]
    opened_code = reveal(
        store, "person", ids["p"], "personal_identity_code", purpose=purpose, actor=ACCOUNTANT, now=fixed_now
    )
    assert opened_code.value == CODE
    with pytest.raises(ReasonNeededError):
        reveal(store, "person", ids["p"], "personal_identity_code", purpose="orders", actor=ACCOUNTANT, now=fixed_now)
    # The debt is paid and the collection closed: the code shows to nobody the day after.
    rectify(store, "collection", collection, {"closed_on": "25.11.2026"}, source="subject", actor=CLI, now=fixed_now)
    after = read.row(store, "person", ids["p"], actor=ACCOUNTANT, now=fixed_now + dt.timedelta(days=1))
    assert "personal_identity_code" not in after.values
    with store.read(fixed_now) as conn:
        journal = str(conn.execute("SELECT * FROM journal").all())
    assert CODE not in journal


@pytest.mark.promise("C35", "C39")
def test_an_invoice_keeps_its_own_names_for_the_years_of_bookkeeping(
    store: RegisterStore, fixed_now: dt.datetime
) -> None:
    invoice = NewRow(
        "invoice",
        {
            "number": "1001",
            "dated": "15.6.2025",
            "due_on": "15.7.2025",
            "total": "1284,00",
            "billed_name": "Havupumppu Oy / Sari Havukoski",
        },
        {"organisation": "o"},
        ref="i",
    )
    rows = [NewRow("organisation", {"name": "Havupumppu Oy"}, ref="o"), invoice]
    ids = collect(store, rows, actor=CLI, now=fixed_now).ids
    cell = why(store, "invoice", ids["i"], actor=ACCOUNTANT, now=fixed_now).cells["billed_name"]
    keeping = next(each for each in cell.reasons if each.purpose == "bookkeeping")
    assert (keeping.until, keeping.end) == (dt.date(2031, 12, 31), "law")
    last, first_after = (
        dt.datetime(2031, 12, 31, 12, tzinfo=fixed_now.tzinfo),
        dt.datetime(2032, 1, 1, 0, 30, tzinfo=fixed_now.tzinfo),
    )
    assert read.row(store, "invoice", ids["i"], actor=ACCOUNTANT, now=last).values["number"] == "1001"
    with pytest.raises(NoSuchRowError):
        read.row(store, "invoice", ids["i"], actor=ACCOUNTANT, now=first_after)


@pytest.mark.promise("C34", "C38")
def test_who_left_the_company_leaves_the_register(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now, ended="2026-11-01")
    cell = why(store, "person", person, actor=SALES, now=fixed_now).cells["phone"]
    assert cell.until == dt.date(2027, 5, 1)
    gone = dt.datetime(2027, 5, 2, 9, tzinfo=fixed_now.tzinfo)
    with pytest.raises(NoSuchRowError):
        read.row(store, "person", person, actor=SALES, now=gone)


def test_a_new_contact_moves_the_end_on(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    relation = read.around(store, "person", person, actor=SALES, now=fixed_now).rows["relationship"][0].id
    later = fixed_now + dt.timedelta(days=200)
    call = NewRow("interaction", {"at": later, "channel": "call", "subject": "Soitto"}, {"relationship": relation})
    collect(store, [call], actor=SALES, now=later)
    assert why(store, "person", person, actor=SALES, now=later).until == dt.date(2030, 6, 13)


def test_the_holdings_count_what_is_needed_and_what_leaves(store: RegisterStore, fixed_now: dt.datetime) -> None:
    contact(store, fixed_now, ended="2026-06-05")
    contact(store, fixed_now, first="Eero")
    held = {each.kind: (each.rows, each.leaving) for each in holdings(store, now=fixed_now).kinds}
    assert held["person"] == (2, 1)
    assert held["relationship"] == (2, 1)
    assert held["organisation"] == (2, 0)


def test_around_a_person_is_what_is_theirs_and_not_their_colleagues(
    store: RegisterStore, fixed_now: dt.datetime
) -> None:
    person = contact(store, fixed_now)
    other = contact(store, fixed_now, first="Eero")
    found = read.around(store, "person", person, actor=SALES, now=fixed_now)
    assert {each.references["person"] for each in found.rows["relationship"]} == {person}
    assert other not in {each.id for each in found.rows.get("person", ())}


def test_rows_come_with_what_they_point_at_in_one_look(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person, other = contact(store, fixed_now), contact(store, fixed_now, first="Eero")
    (tie,) = read.around(store, "person", person, actor=SALES, now=fixed_now).rows["relationship"]
    org = tie.references["organisation"]
    collect(
        store, [NewRow("relationship", {"stage": "customer"}, {"person": other, "organisation": org})],
        actor=SALES, now=fixed_now,
    )  # fmt: skip
    for column, number, whom in (("person", person, {person}), ("id", tie.id, {person}), ("organisation", org, None)):
        store.reads.flush()
        found = read.beside(
            store, "relationship", column, [number], items=("title",), role="service", actor=SALES, now=fixed_now
        )
        ties = read.by_ids(store, "relationship", [row.id for row in found.records()], actor=SALES, now=fixed_now)
        assert [each.references for each in found.records()] == [each.references for each in ties]
        whom = {person, other} if whom is None else whom
        pointed = {kind: {row.id: row.values for row in rows.values()} for kind, rows in found.pointed.items()}
        assert pointed == {
            kind: {row.id: row.values for row in read.by_ids(store, kind, ids, actor=SALES, now=fixed_now)}
            for kind, ids in (("person", whom), ("organisation", {org}))
        }
        assert found.usable["person"] == read.visible_ids(store, "service", "person", whom, fixed_now) == whom
        with store.database.read() as conn:
            before = page(conn, Query(limit=1)).entries[0].seq
        store.reads.flush()
        with store.database.read() as conn:
            looks = [each.entry for each in page(conn, Query()).entries if each.seq > before]
        first = looks[-1]
        assert (first.verb, first.kind, set(first.persons)) == ("look", "relationship", whom)
        assert {"person.last_name", "organisation.name"} < set(first.items)
        assert {each.rpartition(".")[2] for each in first.items} >= {"phone", "email"}
    nobody = read.beside(store, "relationship", "id", [tie.id], role="accountant", actor=SALES, now=fixed_now)
    assert not nobody.usable.get("person")


def test_a_role_that_is_not_in_the_notice_is_not_the_register_itself(
    store: RegisterStore, fixed_now: dt.datetime
) -> None:
    person = contact(store, fixed_now)
    gone = Actor("a1", "a_role_of_yesterday")
    for deed in (
        lambda: collect(store, [NewRow("organisation", {"name": "Havu Oy"})], actor=gone, now=fixed_now),
        lambda: rectify(store, "person", person, {"last_name": "X"}, source="subject", actor=gone, now=fixed_now),
        lambda: read.visible_ids(store, gone.lens, "person", {person}, fixed_now),
    ):
        with pytest.raises(NoRegisterError, match="no such role"):
            deed()
    assert read.visible_ids(store, "", "person", {person}, fixed_now) == {person}
