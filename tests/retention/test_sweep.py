"""What time and people let go is gone after a sweep; what somebody needs stays, and the report says for what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from tests.operations.conftest import SALES, contact

from seloste.operations.actor import CLI, Actor
from seloste.operations.permissions import say
from seloste.operations.records import read
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.operations.records.rectify import rectify
from seloste.operations.retention.forecast import forecast
from seloste.operations.retention.sweep import last_reports, sweep, sweep_person
from seloste.store.engine import quote
from seloste.store.journal import verify
from seloste.store.registers import RegisterStore

SERVICE = Actor("a2", "service")
ACCOUNTANT = Actor("a3", "accountant")


def cells(store: RegisterStore, kind: str, now: dt.datetime) -> list[dict[str, object]]:
    """Every row of a kind as it lies in the database, empty cells left out."""
    names = [column.name for column in store.register.tables[kind].of_role("id", "reference", "item")]
    with store.read(now) as conn:
        rows = conn.execute(f"SELECT {', '.join(map(quote, names))} FROM {quote(kind)} ORDER BY id").all()
    return [{name: value for name, value in zip(names, row, strict=True) if value is not None} for row in rows]


def years(now: dt.datetime, number: float) -> dt.datetime:
    return now + dt.timedelta(days=round(number * 365.25))


def order(store: RegisterStore, now: dt.datetime, person: int, **more: object) -> int:
    values = {"number": "T-1", "ordered_on": now.date(), "notes": "soittaa ensin", "status": "delivered"}
    rows = [NewRow("order", {**values, **more}, {"person": person}, ref="t")]
    return collect(store, rows, actor=SALES, now=now).ids["t"]


@pytest.mark.promise("F39", "P36")
def test_a_relation_goes_when_its_last_contact_is_three_years_past(
    store: RegisterStore, fixed_now: dt.datetime
) -> None:
    person = contact(store, fixed_now)
    assert sweep(store, now=fixed_now, actor=CLI).rows == 0
    kept = sweep(store, now=years(fixed_now, 2.9), actor=CLI)
    assert (kept.rows, kept.cells) == (0, 0)
    gone = sweep(store, now=years(fixed_now, 3.1), actor=CLI)
    assert not cells(store, "person", fixed_now)
    assert not cells(store, "relationship", fixed_now)
    # A company is nobody's, and stays.
    assert [row["name"] for row in cells(store, "organisation", fixed_now)] == ["Havupumppu Oy"]
    assert gone.line("person", "email").goes == 1
    assert person
    with store.read(fixed_now) as conn:
        for table in ("sys_find", "sys_cell_source"):
            assert not conn.execute(f"SELECT 1 FROM {table} WHERE kind = 'person'").all()
    assert verify(store.database).ok


@pytest.mark.promise("F39")
def test_a_running_agreement_keeps_the_relation(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    firm = int(str(cells(store, "relationship", fixed_now)[0]["organisation"]))
    rows = [NewRow("agreement", {"number": "S-1", "signed_on": fixed_now.date()}, {"organisation": firm}, ref="s")]
    agreement = collect(store, rows, actor=SALES, now=fixed_now).ids["s"]
    later = years(fixed_now, 5)
    assert sweep(store, now=later, actor=CLI).rows == 0
    assert cells(store, "person", later)[0]["email"]
    rectify(store, "agreement", agreement, {"ended_on": later.date()}, source="own_records", actor=SALES, now=later)
    assert sweep(store, now=later + dt.timedelta(days=1), actor=CLI).rows == 2
    assert person and not cells(store, "person", later)


def test_expired_data_is_hidden_before_it_is_swept(store: RegisterStore, fixed_now: dt.datetime) -> None:
    contact(store, fixed_now)
    later = years(fixed_now, 3.1)
    assert not read.rows(store, "person", actor=SALES, now=later).rows
    assert cells(store, "person", later)
    sweep(store, now=later, actor=CLI)
    assert not cells(store, "person", later)


def test_cells_go_one_by_one_and_the_report_says_what_stays_for_what(
    store: RegisterStore, fixed_now: dt.datetime
) -> None:
    person = contact(store, fixed_now)
    order(store, fixed_now, person)
    later = years(fixed_now, 2.5)
    rehearsed = sweep(store, now=later, actor=CLI, dry_run=True)
    assert cells(store, "order", later)[0]["notes"] == "soittaa ensin"
    done = sweep(store, now=later, actor=CLI)
    assert rehearsed.items == done.items
    assert "notes" not in cells(store, "order", later)[0]
    assert cells(store, "order", later)[0]["number"] == "T-1"
    assert done.line("order", "notes").goes == 1
    number = done.line("order", "number")
    assert (number.goes, number.stays) == (0, 1)
    why = number.why[0]
    assert (why.purpose, why.cells) == ("transactions", 1)
    assert why.first == why.last == fixed_now.date().replace(year=fixed_now.year + 3)
    assert last_reports(store, now=later)[0].items == done.items


def test_the_last_contact_keeps_its_date_and_nothing_else(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    for moment in (years(fixed_now, 1), years(fixed_now, 2)):
        rows = [NewRow("feedback", {"given_at": moment, "text": "Hyvin meni"}, {"person": person})]
        collect(store, rows, actor=SERVICE, now=moment)
    # Feedback is kept two years, and the relation three years after the last contact, which it was.
    later = years(fixed_now, 4.5)
    sweep(store, now=later, actor=CLI)
    (last,) = cells(store, "feedback", later)
    assert set(last) == {"id", "person", "given_at"}
    assert cells(store, "person", later)[0]["email"]
    again = sweep(store, now=later, actor=CLI, every_row=True)
    assert (again.rows, again.cells) == (0, 0)
    assert cells(store, "person", later)[0]["email"]
    assert not read.rows(store, "feedback", actor=SERVICE, now=later).rows
    sweep(store, now=years(fixed_now, 5.1), actor=CLI)
    assert not cells(store, "person", later)
    assert not cells(store, "feedback", later)


@pytest.mark.promise("C36")
def test_an_open_complaint_keeps_what_it_is_about_until_it_is_resolved(
    store: RegisterStore, fixed_now: dt.datetime
) -> None:
    person = contact(store, fixed_now)
    sold = order(store, fixed_now, person)
    rows = [
        NewRow(
            "complaint",
            {"number": "R-1", "received_on": fixed_now.date(), "subject": "Letku vuotaa", "order": sold},
            {"person": person},
            ref="c",
        )
    ]
    complaint = collect(store, rows, actor=SERVICE, now=fixed_now).ids["c"]
    later = years(fixed_now, 6)
    sweep(store, now=later, actor=CLI)
    assert cells(store, "order", later)[0]["number"] == "T-1"
    assert cells(store, "complaint", later)[0]["subject"] == "Letku vuotaa"
    rectify(
        store, "complaint", complaint, {"resolved_on": later.date()}, source="own_records", actor=SERVICE, now=later
    )
    sweep(store, now=years(later, 1.1), actor=CLI)
    assert not cells(store, "complaint", later)
    assert not cells(store, "order", later)
    assert not cells(store, "person", later)


@pytest.mark.promise("C36")
def test_a_hold_keeps_everything_of_one_person_until_it_is_released(
    store: RegisterStore, fixed_now: dt.datetime
) -> None:
    person, other = contact(store, fixed_now), contact(store, fixed_now, first="Olli")
    say.hold(store, person, "riita", owner="a9", review_on=fixed_now.date(), actor=SALES, now=fixed_now)
    later = years(fixed_now, 3.5)
    done = sweep(store, now=later, actor=CLI)
    assert [row["id"] for row in cells(store, "person", later)] == [person]
    assert other and done.holds == 1
    assert done.line("person", "email").held == 1
    say.release(store, person, actor=SALES, now=later)
    sweep(store, now=later + dt.timedelta(days=1), actor=CLI)
    # The hold itself is proof for three years more, and so is whose it was.
    assert [set(row) for row in cells(store, "person", later)] == [{"id"}]
    sweep(store, now=years(later, 3.1), actor=CLI)
    assert not cells(store, "person", later)
    assert not cells(store, "hold", later)


@pytest.mark.promise("P37")
def test_what_a_withdrawal_lets_go_goes_at_once_and_from_nobody_else(
    store: RegisterStore, fixed_now: dt.datetime
) -> None:
    person, other = contact(store, fixed_now), contact(store, fixed_now, first="Olli")
    order(store, fixed_now, person)
    # The word alone, so that the sweep can be rehearsed; whoever says it by ``say`` is swept in the same transaction.
    word = {"purpose": "customer_care", "state": "upheld", "raised_at": fixed_now, "person": person}
    with store.write(fixed_now) as work:
        work.insert("objection", word, source="subject")
    rehearsed = sweep_person(store, person, now=fixed_now, actor=SALES, dry_run=True)
    assert len(cells(store, "relationship", fixed_now)) == 2
    done = sweep_person(store, person, now=fixed_now, actor=SALES)
    assert rehearsed.items == done.items
    assert [row["person"] for row in cells(store, "relationship", fixed_now)] == [other]
    assert done.line("relationship", "title").goes == 1
    # The order is of another purpose and keeps the name and address it needs.
    stays = done.line("person", "email")
    assert stays.stays == 1 and {why.purpose for why in stays.why} >= {"orders"}
    assert sweep(store, now=fixed_now, actor=CLI).rows == 0


def test_a_day_later_only_what_fell_between_is_looked_at(store: RegisterStore, fixed_now: dt.datetime) -> None:
    for number in range(20):
        contact(store, fixed_now + dt.timedelta(days=number), first=f"Nimi{number}")
    sweep(store, now=fixed_now + dt.timedelta(days=30), actor=CLI)
    day = fixed_now.replace(year=fixed_now.year + 3)
    sweep(store, now=day + dt.timedelta(days=5), actor=CLI)
    done = sweep(store, now=day + dt.timedelta(days=6), actor=CLI)
    assert not done.every_row
    assert {line.kind: line.gone for line in done.kinds if line.gone} == {"person": 1, "relationship": 1}
    assert sum(line.stays for line in done.kinds) == 0
    assert len(cells(store, "person", day)) == 14


def test_the_forecast_is_what_the_sweep_then_does(store: RegisterStore, fixed_now: dt.datetime) -> None:
    for number in range(6):
        contact(store, fixed_now + dt.timedelta(days=40 * number), first=f"Nimi{number}")
    start = fixed_now.replace(year=fixed_now.year + 3)
    ahead = forecast(store, now=start)
    assert sum(month.leaving.get("person", 0) for month in ahead.months) == 6
    for month in ahead.months:
        after = dt.datetime.combine(month.ends, dt.time(9), fixed_now.tzinfo) + dt.timedelta(days=1)
        done = sweep(store, now=after, actor=CLI)
        assert sum(line.gone for line in done.kinds if line.kind == "person") == month.leaving.get("person", 0)


@pytest.mark.promise("X35", "X36")
def test_a_resident_is_kept_while_he_lives_there_and_his_debt_until_it_is_paid(
    opened: Callable[[str], RegisterStore], fixed_now: dt.datetime
) -> None:
    store = opened("fluxio/as-oy-tuulikello")
    rows = [
        NewRow("housing_company", {"name": "Asunto Oy Esimerkin Tuulikello"}, ref="h"),
        NewRow("apartment", {"code": "A 4"}, {"housing_company": "h"}, ref="a"),
        *[
            NewRow("person", {"first_name": name, "email": [f"{name}@koti.example"]}, ref=name)
            for name in ("ada", "eetu")
        ],
        NewRow("residency", {"moved_in": fixed_now.date()}, {"person": "ada", "apartment": "a"}, ref="ada_r"),
        NewRow("residency", {"moved_in": fixed_now.date()}, {"person": "eetu", "apartment": "a"}, ref="eetu_r"),
        NewRow("charge", {"due_on": fixed_now.date(), "amount": "300"}, {"apartment": "a", "person": "eetu"}, ref="c"),
    ]
    ids = collect(store, rows, actor=CLI, now=fixed_now).ids
    # However long they live there.
    out = years(fixed_now, 9)
    sweep(store, now=out, actor=CLI)
    assert len(cells(store, "person", out)) == 2
    assert all("email" in row for row in cells(store, "person", out))
    # An old debt is past the limitation of debts, and the voucher past its years; the new one below is not.
    ends = {"apartment": ids["a"], "person": ids["eetu"]}
    new = [NewRow("charge", {"due_on": out.date(), "amount": "300"}, ends, ref="c")]
    charge = collect(store, new, actor=CLI, now=out).ids["c"]
    for ref in ("ada_r", "eetu_r"):
        with store.write(out) as work:
            work.update("residency", ids[ref], {"moved_out": out.date()})
    later = years(out, 2)
    sweep(store, now=later, actor=CLI)
    assert [row["id"] for row in cells(store, "person", later)] == [ids["eetu"]]
    assert cells(store, "person", later)[0]["first_name"] == "eetu"
    with store.write(later) as work:
        work.update("charge", charge, {"paid_on": later.date()})
    done = sweep(store, now=later + dt.timedelta(days=2), actor=CLI)
    # The voucher stays for its years, with nothing of him but his number.
    assert [set(row) for row in cells(store, "person", later)] == [{"id"}]
    assert done.line("charge", "amount").stays == 1
