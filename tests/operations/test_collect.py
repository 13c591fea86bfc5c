"""Entering people with what ties them and what they said, likely doubles, and taking back what was just stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from tests.operations.conftest import SALES, contact

from seloste.operations.actor import Actor
from seloste.operations.permissions.contact import contact_answers
from seloste.operations.permissions.say import CannotSayError
from seloste.operations.records import read
from seloste.operations.records.collect import collect
from seloste.operations.records.doubles import doubles
from seloste.operations.records.enter import Said, enter
from seloste.operations.records.find import find
from seloste.operations.records.model import InvalidRowsError, NewRow, NoSuchRowError
from seloste.operations.records.rectify import rectify
from seloste.operations.records.remove import CannotRemoveError, remove
from seloste.operations.records.why import why
from seloste.store.dialects.postgresql_sent import SendingConnection
from seloste.store.dialects.sqlite import SqliteConnection
from seloste.store.journal import verify
from seloste.store.journal_pages import Query, page
from seloste.store.registers import RegisterStore
from seloste.store.work import NotNeededError

PERSON = NewRow("person", {"first_name": "Pekka", "last_name": "Suolahti", "phone": ["050 000 0140"]}, ref="person")
FIRM = NewRow("organisation", {"name": "Rannan Telakka Oy"}, ref="firm")
TIE = NewRow("relationship", {"title": "Ostaja"}, {"person": "person", "organisation": "firm"}, ref="tie")


def entered(store: RegisterStore, now: dt.datetime, *said: Said, rows: Sequence[NewRow] = (PERSON, FIRM, TIE)) -> Any:
    return enter(store, rows, said, subject="person", actor=SALES, now=now)


def test_a_person_comes_with_the_tie_or_not_at_all(store: RegisterStore, fixed_now: dt.datetime) -> None:
    with pytest.raises(InvalidRowsError) as refused:
        entered(store, fixed_now, rows=[PERSON])
    assert "Add which company they act for" in refused.value.message("en")
    assert read.rows(store, "person", actor=SALES, now=fixed_now).total == 0
    done = entered(store, fixed_now)
    assert read.row(store, "person", done.ids["person"], actor=SALES, now=fixed_now).values["last_name"] == "Suolahti"
    with pytest.raises(InvalidRowsError):
        entered(store, fixed_now, rows=[PERSON, NewRow("relationship", {}, {"organisation": "x"})])


def answer(store: RegisterStore, person: int, now: dt.datetime, purpose: str) -> str:
    found = contact_answers(store, person, actor=Actor("a1", "marketing"), now=now)
    return next(each.answer for each in found if each.purpose == purpose)


def test_what_a_person_says_when_asked_holds_from_the_first_moment(
    opened: Callable[[str], RegisterStore], fixed_now: dt.datetime
) -> None:
    store = opened("fluent-progress/customers")
    desk = Actor("a1", "marketing")
    tie = NewRow("relationship", {"title": "Ostaja"}, {"person": "person"}, ref="tie")

    def say(*said: Said) -> int:
        # Each has an address of their own: what one forbids is forbidden at that address.
        mail = f"aino{len(said)}{said[0].yes if said else ''}@x.example"
        email = NewRow("person", {"first_name": "Aino", "email": [mail]}, ref="person")
        return enter(store, [email, tie], said, subject="person", actor=desk, now=fixed_now).ids["person"]

    yes = say(Said("newsletter", yes=True, channel="import", language="fi"))
    no = say(Said("newsletter", yes=False, channel="phone", language="fi"))
    silent = say()
    assert [answer(store, each, fixed_now, "newsletter") for each in (yes, no, silent)] == ["yes", "no", "ask"]
    with store.read(fixed_now) as conn:
        proof = conn.execute(
            "SELECT person, purpose, channel, language, wording, notice, ends_on FROM permission"
        ).all()
        bans = conn.execute("SELECT person, channel, purpose FROM ban").all()
    assert [row[:4] for row in proof] == [(yes, "newsletter", "import", "fi")]
    assert len(proof[0][4]) == 32
    assert proof[0][5] == store.register.hash[:32]
    assert proof[0][6] == "2029-11-25"
    assert [tuple(row) for row in bans] == [(no, "all", "newsletter")]
    with store.database.read() as conn:
        verbs = [(e.entry.verb, e.entry.persons, e.entry.note) for e in page(conn, Query()).entries if e.entry.note]
    assert ("consent", (yes,), "newsletter") in verbs
    assert ("ban", (no,), "newsletter") in verbs


def test_a_subscriber_is_held_by_the_consent_alone(
    opened: Callable[[str], RegisterStore], fixed_now: dt.datetime
) -> None:
    store = opened("fluent-progress/customers")
    row = NewRow("person", {"first_name": "Aino", "email": ["aino@x.example"]}, ref="person")
    yes = Said("newsletter", yes=True, channel="import", language="en")
    with pytest.raises(NotNeededError):
        enter(store, [row], [], subject="person", actor=Actor("a1", "marketing"), now=fixed_now)
    person = enter(store, [row], [yes], subject="person", actor=Actor("a1", "marketing"), now=fixed_now).ids["person"]
    told = why(store, "person", person, actor=Actor("a1", "marketing"), now=fixed_now)
    assert told.cells["email"].end == "person"


def test_consent_is_asked_only_where_it_is_the_basis(store: RegisterStore, fixed_now: dt.datetime) -> None:
    for purpose in ("marketing", "customer_care", "nothing"):
        with pytest.raises(CannotSayError):
            entered(store, fixed_now, Said(purpose, yes=True, channel="phone", language="fi"))
    assert read.rows(store, "person", actor=SALES, now=fixed_now).total == 0


def test_each_partner_is_named_in_the_consent(store: RegisterStore, fixed_now: dt.datetime) -> None:
    said = Said("partner_marketing", yes=True, channel="phone", language="fi", recipient="Letkuset Oy")
    person = entered(store, fixed_now, said).ids["person"]
    with store.read(fixed_now) as conn:
        assert conn.execute("SELECT person, recipient FROM permission").all() == [(person, "Letkuset Oy")]


# --- where it came from -----------------------------------------------------------------------------------------------


def tied(store: RegisterStore, source: str, now: dt.datetime, lens: str) -> tuple[int, dt.date | None]:
    """A person with a customer's tie, both from a source."""
    rows = [
        NewRow("person", {"first_name": "Aino", "last_name": "Virta"}, source=source, ref="person"),
        NewRow("organisation", {"name": "X Oy"}, source="own_records", ref="firm"),
        NewRow("relationship", {"title": "Ostaja"}, {"person": "person", "organisation": "firm"}, source=source),
    ]
    done = collect(store, rows, actor=Actor("a1", lens), now=now)
    return done.ids["person"], done.tell_by


@pytest.mark.parametrize(
    ("example", "lens", "source", "art14"),
    [
        pytest.param(
            "fluent-progress/customers", "customer_service", "web_form", False, marks=pytest.mark.promise("F40")
        ),
        pytest.param("fluent-progress/customers", "customer_service", "email", False, marks=pytest.mark.promise("F41")),
        pytest.param("fluent-progress/customers", "customer_service", "phone", False, marks=pytest.mark.promise("F42")),
        pytest.param(
            "fluent-progress/customers", "customer_service", "social_message", False, marks=pytest.mark.promise("F43")
        ),
        pytest.param(
            "fluent-progress/customers", "customer_service", "agreement", False, marks=pytest.mark.promise("F44")
        ),
        pytest.param(
            "fluent-progress/customers", "customer_service", "meeting", False, marks=pytest.mark.promise("F45")
        ),
        pytest.param(
            "fluent-progress/customers", "customer_service", "subject", False, marks=pytest.mark.promise("F46")
        ),
        pytest.param(
            "fluent-progress/customers", "customer_service", "service_use", False, marks=pytest.mark.promise("F47")
        ),
        pytest.param("fluiconnecto/notice", "sales", "subject", False, marks=pytest.mark.promise("C24")),
        pytest.param("fluiconnecto/notice", "sales", "service_use", False, marks=pytest.mark.promise("C25")),
        pytest.param("fluiconnecto/notice", "sales", "group", True, marks=pytest.mark.promise("C25")),
        pytest.param("fluiconnecto/notice", "sales", "social_media", True, marks=pytest.mark.promise("C26")),
        pytest.param("fluiconnecto/notice", "sales", "company_website", True, marks=pytest.mark.promise("C27")),
        pytest.param("fluiconnecto/notice", "sales", "event_organiser", True, marks=pytest.mark.promise("C28")),
        pytest.param("proseduuri/notice", "sales", "web_form", False, marks=pytest.mark.promise("P17")),
        pytest.param("proseduuri/notice", "sales", "chat", False, marks=pytest.mark.promise("P18")),
        pytest.param("proseduuri/notice", "sales", "configurator", False, marks=pytest.mark.promise("P19")),
        pytest.param("proseduuri/notice", "sales", "subject", False, marks=pytest.mark.promise("P20")),
        pytest.param("proseduuri/notice", "sales", "employer", True, marks=pytest.mark.promise("P21")),
    ],
)
def test_each_source_of_the_notice_is_kept_with_the_data_and_tells_when_the_person_must_know(
    opened: Callable[[str], RegisterStore], fixed_now: dt.datetime, example: str, lens: str, source: str, art14: bool
) -> None:
    store = opened(example)
    person, tell_by = tied(store, source, fixed_now, lens)
    told = why(store, "person", person, actor=Actor("a1", lens), now=fixed_now).cells["last_name"]
    assert told.source == source
    assert told.source_text == store.register.notice.sources[source].text
    assert tell_by == (dt.date(2026, 12, 25) if art14 else None)


@pytest.mark.promise("C29", "P23")
@pytest.mark.parametrize(
    ("example", "lens", "source", "kind", "allowed", "refused"),
    [
        (
            "fluiconnecto/notice",
            "sales",
            "address_service",
            "person",
            {"phone": ["050 000 0140"]},
            {"salutation": "Rouva"},
        ),
        ("proseduuri/notice", "sales", "public_register", "organisation", {"business_id": "2710574-2"}, {}),
        ("proseduuri/notice", "sales", "public_register", "person", {}, {"phone": ["050 000 0140"]}),
    ],
)
def test_a_source_brings_only_what_the_notice_lets_it_bring(
    opened: Callable[[str], RegisterStore],
    fixed_now: dt.datetime,
    example: str,
    lens: str,
    source: str,
    kind: str,
    allowed: dict[str, Any],
    refused: dict[str, Any],
) -> None:
    store = opened(example)
    actor = Actor("a1", lens)

    def give(values: dict[str, Any]) -> None:
        rows = [NewRow(kind, values, source=source, ref="person")]
        if kind == "person":
            rows += [FIRM, NewRow("relationship", {"title": "x"}, {"person": "person", "organisation": "firm"})]
        collect(store, rows, actor=actor, now=fixed_now)

    if allowed:
        give(allowed)
    if refused:
        with pytest.raises(InvalidRowsError, match="may not come from"):
            give(refused)


@pytest.mark.promise("P22")
def test_visits_come_by_themselves_and_bring_visits_only(
    opened: Callable[[str], RegisterStore], fixed_now: dt.datetime
) -> None:
    store = opened("proseduuri/notice")
    sales = Actor("a1", "sales")
    device = NewRow("device", {"browser_id": "b-1"}, source="tracker", ref="device")
    visit = NewRow("visit", {"at": fixed_now, "page": "https://x.example/"}, {"device": "device"}, source="tracker")
    yes = [NewRow("permission", {"purpose": "web_tracking", "given_at": fixed_now}, {"device": "device"})]
    with pytest.raises(NotNeededError):
        collect(store, [device, visit], actor=Actor("web", ""), now=fixed_now)
    collect(store, [device, visit, *yes], actor=Actor("web", ""), now=fixed_now)
    assert read.rows(store, "visit", actor=sales, now=fixed_now).rows[0].source == "tracker"
    with pytest.raises(InvalidRowsError, match="may not come from"):
        tied(store, "tracker", fixed_now, "sales")


@pytest.mark.promise("X25", "X26", "X27")
@pytest.mark.parametrize(
    ("source", "art14"),
    [("subject", False), ("phone", False), ("email", False), ("official_source", True), ("service_provider", True)],
)
def test_a_resident_is_known_by_the_move_or_by_an_authority(
    opened: Callable[[str], RegisterStore], fixed_now: dt.datetime, source: str, art14: bool
) -> None:
    store = opened("fluxio/as-oy-tuulikello")
    manager = Actor("a1", "property_manager")
    rows = [
        NewRow("housing_company", {"name": "As Oy Tuulikello"}, source="own_records", ref="h"),
        NewRow("apartment", {"code": "A 1"}, {"housing_company": "h"}, source="own_records", ref="a"),
        NewRow("person", {"first_name": "Milla", "last_name": "Ketola"}, source=source, ref="p"),
        NewRow("residency", {"moved_in": "1.9.2026"}, {"person": "p", "apartment": "a"}, source=source, ref="r"),
    ]
    done = collect(store, rows, actor=manager, now=fixed_now)
    assert why(store, "residency", done.ids["r"], actor=manager, now=fixed_now).cells["moved_in"].source == source
    assert done.tell_by == (dt.date(2026, 12, 25) if art14 else None)
    # The website tells of its use, and of nothing else than the account that uses it.
    account = NewRow("account", {"username": "milla"}, {"person": done.ids["p"]}, source="service_use")
    made = collect(store, [account], actor=Actor("a2", "service_desk"), now=fixed_now).ids["0"]
    assert read.row(store, "account", made, actor=Actor("a2", "service_desk"), now=fixed_now).source == "service_use"


@pytest.mark.promise("F32")
def test_signing_up_and_coming_are_two_facts(opened: Callable[[str], RegisterStore], fixed_now: dt.datetime) -> None:
    from seloste.operations.records.rectify import rectify

    store = opened("fluent-progress/customers")
    desk = Actor("a1", "customer_service")
    rows = [
        NewRow("event", {"name": "Syyspäivä", "starts_at": "24.11.2026 klo 9.00"}, ref="event"),
        NewRow("person", {"first_name": "Aino", "email": ["aino@x.example"]}, ref="person"),
        NewRow("registration", {"registered_at": fixed_now}, {"event": "event", "person": "person"}, ref="r"),
    ]
    number = collect(store, rows, actor=desk, now=fixed_now).ids["r"]
    assert "attended" not in read.row(store, "registration", number, actor=desk, now=fixed_now).values
    rectify(store, "registration", number, {"attended": "ei"}, source="own_records", actor=desk, now=fixed_now)
    values = read.row(store, "registration", number, actor=desk, now=fixed_now).values
    assert values["registered_at"] == fixed_now
    assert values["attended"] is False


# --- likely doubles ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "shared"),
    [
        ({"email": ["SARI@havupumppu.example"]}, ("email",)),
        ({"phone": ["+358500000142"]}, ("phone",)),
        ({"first_name": "sari", "last_name": "HAVUKOSKI"}, ("first_name", "last_name")),
        ({"first_name": "Sari", "last_name": "Lumi"}, None),
        ({"last_name": "Havukoski"}, None),
        ({"email": ["eero@havupumppu.example"]}, None),
    ],
)
def test_who_shares_an_address_a_number_or_the_whole_name_may_be_the_same(
    store: RegisterStore, fixed_now: dt.datetime, values: dict[str, Any], shared: tuple[str, ...] | None
) -> None:
    person = contact(store, fixed_now)
    found = doubles(store, "person", values, actor=SALES, now=fixed_now)
    assert [(each.record.id, each.items) for each in found] == ([(person, shared)] if shared else [])
    assert doubles(store, "person", values, actor=Actor("a3", "accountant"), now=fixed_now) == ()


# --- taking back ------------------------------------------------------------------------------------------------------


def stored(done: Any) -> list[tuple[str, int]]:
    return [("person", done.ids["person"]), ("organisation", done.ids["firm"]), ("relationship", done.ids["tie"])]


def test_what_was_just_stored_can_be_taken_back_whole(store: RegisterStore, fixed_now: dt.datetime) -> None:
    said = Said("partner_marketing", yes=True, channel="phone", language="fi", recipient="Letkuset Oy")
    done = entered(store, fixed_now, said)
    removed = remove(store, stored(done), actor=SALES, now=fixed_now + dt.timedelta(minutes=5))
    assert ("permission", 1) in removed.rows
    for kind in ("person", "organisation", "relationship"):
        assert read.rows(store, kind, actor=SALES, now=fixed_now).total == 0
    assert find(store, "Suolahti", actor=SALES, now=fixed_now).hits == ()
    with store.read(fixed_now) as conn:
        for table in ("person", "organisation", "relationship", "permission", "sys_find", "sys_cell_source"):
            assert conn.execute(f"SELECT count(*) FROM {table}").all() == [(0,)], table
    with store.database.read() as conn:
        entries = [each.entry for each in page(conn, Query(verb="remove")).entries]
    assert {(entry.kind, entry.persons) for entry in entries} == {
        ("person", (done.ids["person"],)),
        ("organisation", ()),
        ("relationship", (done.ids["person"],)),
        ("permission", (done.ids["person"],)),
    }
    assert verify(store.database).ok


def test_what_something_rests_on_stays(store: RegisterStore, fixed_now: dt.datetime) -> None:
    done = entered(store, fixed_now)
    order = NewRow("order", {"number": "T-1", "ordered_on": "2026-11-25"}, {"person": done.ids["person"]})
    collect(store, [order], actor=SALES, now=fixed_now)
    with pytest.raises(CannotRemoveError, match="rests on"):
        remove(store, stored(done), actor=SALES, now=fixed_now)
    assert read.rows(store, "relationship", actor=SALES, now=fixed_now).total == 1


def test_after_a_while_it_stays(store: RegisterStore, fixed_now: dt.datetime) -> None:
    done = entered(store, fixed_now)
    with pytest.raises(CannotRemoveError, match="half an hour"):
        remove(store, stored(done), actor=SALES, now=fixed_now + dt.timedelta(minutes=31))


def test_another_role_takes_nothing_back(store: RegisterStore, fixed_now: dt.datetime) -> None:
    done = entered(store, fixed_now)
    for rows in (stored(done), [("person", 999)], [("nothing", 1)]):
        with pytest.raises(NoSuchRowError):
            remove(store, rows, actor=Actor("a3", "accountant"), now=fixed_now)
    assert read.rows(store, "person", actor=SALES, now=fixed_now).total == 1


def test_a_day_that_a_period_counts_from_is_given_from_the_start(store: RegisterStore, fixed_now: dt.datetime) -> None:
    """An invoice without a due date would be kept for claims for ever: no due date reads "not over yet"."""
    office = Actor("cli", "")
    assert store.register.must_date("invoice") == {"due_on"}
    assert store.register.must_date("order") == frozenset()
    bill = NewRow("invoice", {"number": "1001", "dated": "2026-11-02"}, {"organisation": "firm"}, ref="bill")
    with pytest.raises(InvalidRowsError) as refused:
        collect(store, [FIRM, bill], actor=office, now=fixed_now)
    assert [(each.kind, each.item) for each in refused.value.problems] == [("invoice", "due_on")]
    assert "Due date is missing" in refused.value.message("en")
    whole = replace(bill, values={**bill.values, "due_on": "2026-11-16"})
    number = collect(store, [FIRM, whole], actor=office, now=fixed_now).ids["bill"]
    with pytest.raises(InvalidRowsError):
        rectify(store, "invoice", number, {"due_on": None}, source="subject", actor=office, now=fixed_now)
    shown = read.row(store, "invoice", number, actor=Actor("a1", "accountant"), now=fixed_now)
    assert shown.values["due_on"] == dt.date(2026, 11, 16)


def test_whose_rows_are_is_asked_with_the_end_of_the_journal(
    store: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A question of its own would be a round trip more for each kind of a form on PostgreSQL."""
    together: list[list[str]] = []
    for each in (SqliteConnection, SendingConnection):

        def noted(self: Any, asked: Sequence[tuple[str, Any]], _ask: Any = each.ask) -> Any:
            together.append([sql for sql, _ in asked])
            return _ask(self, asked)

        monkeypatch.setattr(each, "ask", noted)
    person = contact(store, fixed_now)
    ends = [texts for texts in together if any("journal_head" in sql for sql in texts)]
    assert [sum(sql.startswith("SELECT DISTINCT t0.") for sql in texts) for texts in ends] == [2]
    with store.read(fixed_now) as conn:
        found = conn.execute("SELECT kind, persons FROM journal WHERE verb = 'store' ORDER BY seq").all()
    assert found == [("organisation", "[]"), ("person", f"[{person}]"), ("relationship", f"[{person}]")]
