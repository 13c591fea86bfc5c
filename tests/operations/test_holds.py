"""Holds: who is held, why, who answers, until when it is looked at again; and what does not go meanwhile."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.operations.conftest import SALES, contact

from seloste.clock import today
from seloste.operations.actor import CLI, Actor
from seloste.operations.permissions.say import CannotSayError, restrict
from seloste.operations.portal.held import held
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow, NoSuchRowError
from seloste.operations.records.read import visible_ids
from seloste.operations.retention import holds
from seloste.operations.retention.forecast import forecast
from seloste.operations.retention.sweep import sweep
from seloste.operations.rights.erase import erase
from seloste.operations.rights.receive import receive
from seloste.store.registers import RegisterStore

LEAD = Actor("a9", "management")
"""Whoever leads privacy; a role is acted in as by anybody."""


def after(now: dt.datetime, days: int) -> dt.datetime:
    return now + dt.timedelta(days=days)


def test_a_hold_keeps_everything_until_it_is_lifted(store: RegisterStore, fixed_now: dt.datetime) -> None:
    sari = contact(store, fixed_now)
    order = collect(
        store,
        [NewRow("order", {"number": "T-1", "ordered_on": today(fixed_now)}, {"person": sari}, ref="t")],
        actor=SALES,
        now=fixed_now,
    ).ids["t"]
    assert holds.persons_of(store, "order", order, now=fixed_now) == (sari,)
    review = today(fixed_now) + dt.timedelta(days=60)
    (number,) = holds.place(
        store, [sari], "Vaatimus käräjillä", owner="Ritva Kaleva", review_on=review, actor=LEAD, now=fixed_now
    )
    later = after(fixed_now, 365 * 12)
    assert not any(month.kinds for month in forecast(store, now=fixed_now, months=24).months)
    assert sweep(store, now=later, actor=CLI).cells == 0
    assert visible_ids(store, "", "order", {order}, later) == {order}

    assert holds.to_review(store, now=fixed_now) == ()
    (due,) = holds.to_review(store, now=after(fixed_now, 60))
    assert (due.id, due.person, due.why, due.owner) == (number, sari, "Vaatimus käräjillä", "Ritva Kaleva")
    assert not due.overdue(review) and due.overdue(review + dt.timedelta(days=1))
    holds.review(store, number, today(later) + dt.timedelta(days=30), actor=LEAD, now=later)
    assert holds.to_review(store, now=later) == ()

    holds.end(store, number, actor=LEAD, now=later)
    assert holds.held(store, actor=LEAD, now=later).holds == ()
    sweep(store, now=after(later, 1), actor=CLI)
    assert visible_ids(store, "", "order", {order}, later) == set()
    with pytest.raises(NoSuchRowError):
        holds.end(store, number, actor=LEAD, now=later)


def test_an_erasure_leaves_what_is_held_and_says_so(store: RegisterStore, fixed_now: dt.datetime) -> None:
    sari = contact(store, fixed_now)
    review = today(fixed_now) + dt.timedelta(days=60)
    holds.place(store, [sari], "Riita", owner="Ritva", review_on=review, actor=LEAD, now=fixed_now)
    asked = receive(
        store, "erasure", channel="email", person=sari, evidence=frozenset({"in_person"}), language="fi",
        actor=LEAD, now=fixed_now,
    )  # fmt: skip
    done = erase(store, asked.id, actor=LEAD, now=fixed_now)
    assert done.held and done.goes == 0
    assert visible_ids(store, "", "person", {sari}, fixed_now) == {sari}


def test_the_person_is_told_of_the_hold_and_why(store: RegisterStore, fixed_now: dt.datetime) -> None:
    sari = contact(store, fixed_now)
    review = today(fixed_now) + dt.timedelta(days=60)
    holds.place(store, [sari], "Reklamaatio R-12", owner="Ritva", review_on=review, actor=LEAD, now=fixed_now)
    (told,) = (row for row in held(store, sari, now=fixed_now).own.rows if row.kind == "hold")
    assert {cell.item: cell.value for cell in told.cells}["reason"] == "Reklamaatio R-12"
    # After everything else has ended, what stays says that it is held and not that a purpose needs it.
    (name,) = (
        cell
        for row in held(store, sari, now=after(fixed_now, 365 * 12)).own.rows
        for cell in row.cells
        if (row.kind, cell.item) == ("person", "last_name")
    )
    assert name.value == "Havukoski"


def test_one_whose_use_is_paused_can_be_held_and_both_are_listed(store: RegisterStore, fixed_now: dt.datetime) -> None:
    sari, olli = contact(store, fixed_now), contact(store, fixed_now, first="Olli", last="Ojala")
    restrict(store, sari, "accuracy", actor=SALES, now=fixed_now)
    days = [today(fixed_now) + dt.timedelta(days=each) for each in (90, 30)]
    for person, day in zip((sari, olli), days, strict=True):
        holds.place(store, [person], "Riita", owner="Ritva", review_on=day, actor=LEAD, now=fixed_now)
    found = holds.held(store, actor=LEAD, now=fixed_now)
    assert [each.person for each in found.holds] == [olli, sari], "the one to be looked at first comes first"
    assert [(each.person, each.why, each.by) for each in found.restrictions] == [(sari, "accuracy", SALES.account)]
    assert found.names == {sari: "Sari Havukoski", olli: "Olli Ojala"}
    assert {each.kind for each in holds.held_of(store, sari, now=fixed_now)} == {"hold", "restriction"}


@pytest.mark.parametrize(
    ("reason", "owner", "days", "told"),
    [(" ", "Ritva", 60, "Write the reason"), ("Riita", "", 60, "who answers"), ("Riita", "Ritva", 0, "to come")],
)
def test_a_hold_without_reason_owner_or_day_is_refused(
    store: RegisterStore, fixed_now: dt.datetime, reason: str, owner: str, days: int, told: str
) -> None:
    sari = contact(store, fixed_now)
    review = today(fixed_now) + dt.timedelta(days=days)
    with pytest.raises(CannotSayError) as refused:
        holds.place(store, [sari], reason, owner=owner, review_on=review, actor=LEAD, now=fixed_now)
    assert told in refused.value.message("en")
    assert holds.held_of(store, sari, now=fixed_now) == ()
