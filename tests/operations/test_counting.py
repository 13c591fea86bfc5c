"""Rows that always show, as a company's, are counted and asked about by their ids like any other."""

from __future__ import annotations

import datetime as dt

from tests.operations.conftest import SALES, contact

from seloste.operations.records.read import count, rows, visible_ids
from seloste.store.registers import RegisterStore


def test_companies_are_counted_and_known_by_their_ids(store: RegisterStore, fixed_now: dt.datetime) -> None:
    contact(store, fixed_now)
    assert count(store, "organisation", actor=SALES, now=fixed_now) == 1
    page = rows(store, "organisation", actor=SALES, now=fixed_now)
    assert page.total == 1
    number = page.rows[0].id
    assert visible_ids(store, "sales", "organisation", {number, 999}, fixed_now) == {number}
