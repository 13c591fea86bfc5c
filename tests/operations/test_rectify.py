"""Changing what is held: each change with its source and its author; who left the company has an end date."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.operations.conftest import SALES, contact

from seloste.operations.actor import Actor
from seloste.operations.records import read
from seloste.operations.records.changed import last_change
from seloste.operations.records.model import InvalidRowsError, NoSuchRowError
from seloste.operations.records.rectify import rectify
from seloste.operations.records.why import why
from seloste.store.registers import RegisterStore

KAIJA = Actor("a7", "service")


@pytest.mark.promise("F55", "F56", "C56", "P39")
def test_a_change_keeps_where_it_became_known_and_the_rest_keeps_its_own(
    store: RegisterStore, fixed_now: dt.datetime
) -> None:
    person = contact(store, fixed_now)
    later = fixed_now + dt.timedelta(days=2)
    rectify(store, "person", person, {"phone": ["050 000 0199"]}, source="company_website", actor=KAIJA, now=later)
    told = why(store, "person", person, actor=SALES, now=later).cells
    assert (told["phone"].source, told["phone"].recorded_at) == ("company_website", later)
    assert (told["email"].source, told["email"].recorded_at) == ("subject", fixed_now)
    with pytest.raises(InvalidRowsError):
        rectify(store, "person", person, {"phone": ["050 000 0199"]}, source="hearsay", actor=KAIJA, now=later)


def test_the_journal_knows_who_changed_what_last(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    other = contact(store, fixed_now, first="Eero", last="Virta")
    assert last_change(store, "person", person, {"phone"}) is None
    for minutes, (who, row, items) in enumerate(
        [
            (SALES, person, {"phone": ["050 000 0001"]}),
            (KAIJA, person, {"phone": ["050 000 0002"], "email": ["x@x.example"]}),
            (SALES, person, {"last_name": "Lumi"}),
            (SALES, other, {"phone": ["050 000 0003"]}),
        ]
    ):
        at = fixed_now + dt.timedelta(minutes=minutes)
        rectify(store, "person", row, items, source="subject", actor=who, now=at)
    assert last_change(store, "person", person, {"phone"}) == ("a7", fixed_now + dt.timedelta(minutes=1))
    assert last_change(store, "person", person, {"last_name"}) == ("a1", fixed_now + dt.timedelta(minutes=2))
    assert last_change(store, "organisation", 1, {"name"}) is None


@pytest.mark.promise("C38")
def test_who_left_the_company_is_marked_so_and_goes_in_half_a_year(
    store: RegisterStore, fixed_now: dt.datetime
) -> None:
    person = contact(store, fixed_now)
    tie = read.around(store, "person", person, actor=SALES, now=fixed_now).rows["relationship"][0]
    rectify(store, "relationship", tie.id, {"ended": "31.8.2026"}, source="subject", actor=SALES, now=fixed_now)
    shown = read.row(store, "relationship", tie.id, actor=SALES, now=fixed_now)
    assert shown.values["ended"] == dt.date(2026, 8, 31)
    assert why(store, "person", person, actor=SALES, now=fixed_now).until == dt.date(2027, 2, 28)
    gone = dt.datetime(2027, 3, 1, 9, tzinfo=fixed_now.tzinfo)
    with pytest.raises(NoSuchRowError):
        read.row(store, "person", person, actor=SALES, now=gone)
