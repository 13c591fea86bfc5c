"""Rows that always show, as a company's, are counted and asked about by their ids like any other."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.operations.conftest import SALES, contact

from seloste.operations.records.model import NoSuchRowError
from seloste.operations.records.read import Filter, count, rows, visible_ids
from seloste.store.registers import RegisterStore


def test_companies_are_counted_and_known_by_their_ids(store: RegisterStore, fixed_now: dt.datetime) -> None:
    contact(store, fixed_now)
    assert count(store, "organisation", actor=SALES, now=fixed_now) == 1
    page = rows(store, "organisation", actor=SALES, now=fixed_now)
    assert page.total == 1
    number = page.rows[0].id
    assert visible_ids(store, "sales", "organisation", {number, 999}, fixed_now) == {number}


def test_people_are_filtered_by_what_ties_them(store: RegisterStore, fixed_now: dt.datetime) -> None:
    sari = contact(store, fixed_now, stage="customer")
    contact(store, fixed_now, first="Eero", last="Havuvirta", stage="former")
    firm = rows(store, "organisation", actor=SALES, now=fixed_now).rows[0].id

    def found(*filters: Filter) -> list[int]:
        return [row.id for row in rows(store, "person", filters=filters, actor=SALES, now=fixed_now).rows]

    assert found(Filter("relationship.stage", "=", "customer")) == [sari]
    assert found(Filter("relationship.organisation", "=", firm)) == [sari]
    assert found(Filter("relationship.ended", "filled")) == []
    assert found(Filter("id", "in", [sari, 999])) == [sari]
    assert found(Filter("id", "in", [])) == []
    assert found(Filter("email", "has", "eero@havupumppu.example")) == [sari + 1]
    assert count(store, "person", filters=[Filter("phone", "empty")], actor=SALES, now=fixed_now) == 0


@pytest.mark.parametrize(
    "item", ["restriction.ground", "relationship.sys_until_customer_care", "person.phone", "sys_use_0"]
)
def test_nothing_is_filtered_by_what_the_role_does_not_see(
    store: RegisterStore, fixed_now: dt.datetime, item: str
) -> None:
    with pytest.raises(NoSuchRowError):
        rows(store, "person", filters=[Filter(item, "=", "1")], actor=SALES, now=fixed_now)
