"""The traps that the rule was made for, by hand: who leaves, who pays, whose code, whose company."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from seloste.clock import HELSINKI
from seloste.notice import load
from seloste.operations.actor import Actor
from seloste.operations.permissions import say
from seloste.operations.records import read
from seloste.operations.records.collect import collect
from seloste.operations.records.model import InvalidRowsError, NewRow, NoSuchRowError
from seloste.operations.records.rectify import rectify
from seloste.settings import Settings
from seloste.store.registers import Registers, RegisterStore
from seloste.store.work import NotNeededError

EXAMPLES = Path(__file__).parents[2] / "examples"
CLI = Actor("cli", "")
SALES, SERVICE, ACCOUNTANT = Actor("a1", "sales"), Actor("a1", "service"), Actor("a1", "accountant")
Opens = Callable[[str], RegisterStore]


@pytest.fixture
def opened(tmp_path: Path, database_url: str, fixed_now: dt.datetime) -> Iterator[Opens]:
    """The register of an example, on each engine."""
    url = None if database_url.startswith("sqlite") else database_url
    registers = Registers(
        Settings(data_dir=tmp_path, database_url=url, key_file=tmp_path / "key", allow_test_identity_codes=True)
    )

    def opens(name: str) -> RegisterStore:
        notice = load(EXAMPLES / f"{name}.yaml")
        registers.apply(notice, now=fixed_now, actor="cli")
        return registers.open(notice.register)

    yield opens
    registers.close()


def at(year: int, month: int, day: int) -> dt.datetime:
    return dt.datetime(year, month, day, 12, tzinfo=HELSINKI)


def shown(store: RegisterStore, kind: str, row: int, actor: Actor, now: dt.datetime) -> set[str]:
    """The items of a row that a role sees; empty when it sees no row."""
    try:
        return set(read.row(store, kind, row, actor=actor, now=now).values)
    except NoSuchRowError:
        return set()


# --- a leaver ---------------------------------------------------------------------------------------------------------


def at_two_companies(store: RegisterStore) -> dict[str, int]:
    """Somebody who worked at one company until June 2024 and has worked at another since; both are in touch."""
    rows = [
        NewRow("organisation", {"name": "Ensimmäinen Oy"}, ref="one"),
        NewRow("organisation", {"name": "Toinen Oy"}, ref="two"),
        NewRow("person", {"first_name": "Sari", "last_name": "Havukoski", "phone": ["050 000 0142"]}, ref="p"),
        NewRow("relationship", {"title": "Ostaja"}, {"person": "p", "organisation": "one"}, ref="r1"),
        NewRow("interaction", {"at": "2.5.2024 10:00", "subject": "Tarjous"}, {"relationship": "r1"}, ref="i1"),
    ]
    ids = dict(collect(store, rows, actor=CLI, now=at(2024, 5, 2)).ids)
    moved = [
        NewRow("relationship", {"title": "Johtaja"}, {"person": ids["p"], "organisation": ids["two"]}, ref="r2"),
        NewRow("interaction", {"at": "1.7.2024 10:00", "subject": "Tuttu"}, {"relationship": "r2"}, ref="i2"),
    ]
    ids |= collect(store, moved, actor=CLI, now=at(2024, 7, 1)).ids
    rectify(store, "relationship", ids["r1"], {"ended": "30.6.2024"}, source="subject", actor=CLI, now=at(2024, 7, 1))
    return ids


@pytest.mark.promise("C34", "C38")
def test_a_leaver_is_not_kept_alive_by_his_second_employer(opened: Opens) -> None:
    store = opened("fluiconnecto/notice")
    ids = at_two_companies(store)
    for now, first in ((at(2024, 12, 30), True), (at(2024, 12, 31), False), (at(2026, 11, 25), False)):
        assert bool(shown(store, "relationship", ids["r1"], SALES, now)) is first
        assert bool(shown(store, "interaction", ids["i1"], SALES, now)) is first
        assert shown(store, "relationship", ids["r2"], SALES, now) == {"title"}
        assert shown(store, "interaction", ids["i2"], SALES, now) == {"at", "subject"}
        assert "phone" in shown(store, "person", ids["p"], SALES, now)
    # And the second ends three years after the last contact with him there, not with him anywhere.
    assert "phone" in shown(store, "person", ids["p"], SALES, at(2027, 7, 1))
    assert shown(store, "person", ids["p"], SALES, at(2027, 7, 2)) == set()


@pytest.mark.promise("C34")
def test_an_agreement_in_force_keeps_its_companys_contact_and_no_other(opened: Opens) -> None:
    store = opened("fluiconnecto/notice")
    ids = at_two_companies(store)
    agreement = NewRow("agreement", {"number": "7", "signed_on": "1.8.2024"}, {"organisation": ids["two"]}, ref="a")
    signed = collect(store, [agreement], actor=CLI, now=at(2024, 8, 1)).ids["a"]
    later = at(2031, 1, 1)
    assert "phone" in shown(store, "person", ids["p"], SALES, later)
    assert shown(store, "relationship", ids["r1"], SALES, later) == set()
    rectify(store, "agreement", signed, {"ended_on": "31.1.2031"}, source="subject", actor=CLI, now=later)
    assert "phone" in shown(store, "person", ids["p"], SALES, at(2031, 1, 31))
    assert "phone" not in shown(store, "person", ids["p"], SALES, at(2031, 2, 1))


def test_that_somebody_left_can_be_written_down_late(opened: Opens) -> None:
    store = opened("fluiconnecto/notice")
    ids = at_two_companies(store)
    now = at(2026, 1, 15)
    rectify(store, "relationship", ids["r2"], {"ended": "31.1.2025"}, source="subject", actor=CLI, now=now)
    assert shown(store, "relationship", ids["r2"], SALES, now) == set()
    # What has ended takes nothing new.
    with pytest.raises(NotNeededError):
        rectify(store, "relationship", ids["r2"], {"title": "Neuvonantaja"}, source="subject", actor=CLI, now=now)


# --- a debt -----------------------------------------------------------------------------------------------------------


def with_two_charges(store: RegisterStore) -> dict[str, int]:
    """Somebody who moved out in August 2024 owing two charges, both reminded of."""
    rows = [
        NewRow("housing_company", {"name": "Asunto Oy Esimerkin Tuulikello"}, ref="h"),
        NewRow("apartment", {"code": "A 12"}, {"housing_company": "h"}, ref="a"),
        NewRow("person", {"first_name": "Joonas", "last_name": "Ketola", "phone": ["050 000 0143"]}, ref="p"),
        NewRow("residency", {"moved_in": "1.9.2020"}, {"person": "p", "apartment": "a"}, ref="res"),
    ]
    for name, due in (("c1", "5.6.2024"), ("c2", "5.7.2024")):
        rows += [
            NewRow("charge", {"amount": "416,50", "due_on": due}, {"apartment": "a"}, ref=name),
            NewRow("debtor", {"liable_as": "tenant"}, {"charge": name, "person": "p"}),
            NewRow("reminder", {"sent_on": "1.8.2024", "fee": "5,00"}, {"charge": name}, ref=f"r{name}"),
        ]
    ids = dict(collect(store, rows, actor=CLI, now=at(2024, 8, 1)).ids)
    out = {"moved_out": "31.8.2024"}
    rectify(store, "residency", ids["res"], out, source="subject", actor=CLI, now=at(2024, 9, 1))
    return ids


@pytest.mark.promise("X35", "X36")
def test_a_paid_debt_is_not_kept_three_years_too_long(opened: Opens) -> None:
    store = opened("fluxio/as-oy-tuulikello")
    ids = with_two_charges(store)
    paid = {"paid_on": "15.3.2025"}
    rectify(store, "charge", ids["c1"], paid, source="subject", actor=CLI, now=at(2025, 3, 15))
    owing = at(2025, 3, 16)
    assert shown(store, "reminder", ids["rc1"], ACCOUNTANT, owing) == set()
    assert shown(store, "reminder", ids["rc2"], ACCOUNTANT, owing) == {"sent_on", "fee"}
    assert "phone" in shown(store, "person", ids["p"], ACCOUNTANT, owing)
    # Three years from the last reminder when it stays unpaid, and not a day when it is paid.
    assert "phone" in shown(store, "person", ids["p"], ACCOUNTANT, at(2027, 8, 1))
    assert "phone" not in shown(store, "person", ids["p"], ACCOUNTANT, at(2027, 8, 2))
    later = {"paid_on": "1.4.2025"}
    rectify(store, "charge", ids["c2"], later, source="subject", actor=CLI, now=at(2025, 4, 1))
    assert "phone" in shown(store, "person", ids["p"], ACCOUNTANT, at(2025, 4, 1))
    assert "phone" not in shown(store, "person", ids["p"], ACCOUNTANT, at(2025, 4, 2))


@pytest.mark.promise("X18")
def test_an_identity_code_is_there_only_while_a_collection_from_that_person_is_open(opened: Opens) -> None:
    store = opened("fluxio/as-oy-tuulikello")
    ids = with_two_charges(store)
    now = at(2024, 10, 1)
    code = {"personal_identity_code": "131052-9085"}

    def store_code() -> None:
        rectify(store, "person", ids["p"], code, source="subject", actor=CLI, now=now)

    with pytest.raises(NotNeededError):
        store_code()
    neighbour = [
        NewRow("person", {"first_name": "Naapuri"}, ref="n"),
        NewRow("residency", {"moved_in": "1.9.2024"}, {"person": "n", "apartment": ids["a"]}),
        NewRow("collection", {"opened_on": "1.10.2024", "debtor": "n"}, {"charge": ids["c2"]}),
    ]
    collect(store, neighbour, actor=CLI, now=now)
    with pytest.raises(NotNeededError):
        store_code()
    opened_on = [NewRow("collection", {"opened_on": "1.10.2024", "debtor": ids["p"]}, {"charge": ids["c1"]}, ref="k")]
    collection = collect(store, opened_on, actor=CLI, now=now).ids["k"]
    store_code()
    assert "personal_identity_code" in shown(store, "person", ids["p"], ACCOUNTANT, now)
    closed = {"closed_on": "2.12.2024"}
    rectify(store, "collection", collection, closed, source="subject", actor=CLI, now=at(2024, 12, 2))
    assert "personal_identity_code" in shown(store, "person", ids["p"], ACCOUNTANT, at(2024, 12, 2))
    assert "personal_identity_code" not in shown(store, "person", ids["p"], ACCOUNTANT, at(2024, 12, 3))


# --- private persons --------------------------------------------------------------------------------------------------


@pytest.mark.promise("C1", "C2")
def test_a_private_person_cannot_enter_a_register_of_company_contacts(opened: Opens, fixed_now: dt.datetime) -> None:
    store = opened("fluiconnecto/notice")
    person = NewRow("person", {"first_name": "Yksin", "last_name": "Tulija"}, ref="p")
    firm = NewRow("organisation", {"name": "Havupumppu Oy"}, ref="o")
    feedback = NewRow("feedback", {"given_at": "1.11.2026 10:00", "text": "Hyvää työtä"}, {"person": "p"})
    for alone in (
        [person],
        [person, firm],
        [person, NewRow("relationship", {"title": "Ostaja"}, {"person": "p"})],
        [person, feedback],
        [person, NewRow("order", {"ordered_on": "1.11.2026"}, {"person": "p"})],
    ):
        with pytest.raises((InvalidRowsError, NotNeededError)):
            collect(store, alone, actor=CLI, now=fixed_now)
    assert read.count(store, "person", actor=SERVICE, now=fixed_now) == 0
    tie = NewRow("relationship", {"title": "Ostaja"}, {"person": "p", "organisation": "o"})
    collect(store, [person, firm, tie, feedback], actor=CLI, now=fixed_now)
    assert read.count(store, "person", actor=SERVICE, now=fixed_now) == 1


# --- what stays, and why ----------------------------------------------------------------------------------------------


@pytest.mark.promise("C35", "C39")
def test_an_invoice_keeps_its_names_for_its_years_though_the_contact_is_gone(opened: Opens) -> None:
    store = opened("fluiconnecto/notice")
    ids = at_two_companies(store)
    invoice = NewRow(
        "invoice",
        {"number": "1001", "dated": "15.6.2024", "due_on": "15.7.2024", "billed_name": "Sari Havukoski"},
        {"organisation": ids["one"]},
        ref="i",
    )
    number = collect(store, [invoice], actor=CLI, now=at(2024, 7, 1)).ids["i"]
    for purpose in ("customer_care", "orders", "transactions", "feedback", "service", "agreements"):
        objection = say.object_to(store, ids["p"], purpose, actor=CLI, now=at(2024, 9, 1)).id
        say.decide_objection(store, objection, upheld=True, reason="", actor=CLI, now=at(2024, 9, 1))
    assert "phone" not in shown(store, "person", ids["p"], SALES, at(2024, 9, 2))
    # Six years from the end of the year in which the financial year ended: 31.12.2030.
    assert "billed_name" in shown(store, "invoice", number, ACCOUNTANT, at(2030, 12, 31))
    assert shown(store, "invoice", number, ACCOUNTANT, at(2031, 1, 1)) == set()


@pytest.mark.promise("P36")
def test_a_relationship_ends_with_contact_or_its_end_and_a_sale_keeps_it_meanwhile(
    opened: Opens, fixed_now: dt.datetime
) -> None:
    store = opened("proseduuri/notice")
    sales = Actor("a1", "sales")
    rows = [
        NewRow("organisation", {"name": "Toimisto Oy"}, ref="o"),
        NewRow("person", {"first_name": "Outi", "phone": ["040 000 0144"]}, ref="p"),
        NewRow("relationship", {"title": "Ostaja"}, {"person": "p", "organisation": "o"}, ref="r"),
    ]
    ids = collect(store, rows, actor=CLI, now=fixed_now).ids
    assert "phone" in shown(store, "person", ids["p"], sales, fixed_now)
    assert shown(store, "person", ids["p"], sales, fixed_now + dt.timedelta(days=6 * 366)) == set()
