"""Rows that a program sends to write more than its role may: of kinds it does not see, and at rows of another kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from tests.operations.conftest import SALES, contact

from seloste.operations.records import read
from seloste.operations.records.collect import collect
from seloste.operations.records.model import InvalidRowsError, NewRow
from seloste.operations.rights.read import request
from seloste.operations.rights.receive import receive
from seloste.store.engine import quote
from seloste.store.registers import RegisterStore


def counts(store: RegisterStore, now: dt.datetime) -> dict[str, int]:
    with store.read(now) as conn:
        return {
            kind: int(conn.execute(f"SELECT count(*) FROM {quote(kind)}").all()[0][0]) for kind in store.register.tables
        }


def test_no_row_is_stored_of_a_kind_that_the_role_does_not_see(store: RegisterStore, fixed_now: dt.datetime) -> None:
    """A restriction without an item says all that it says: the person's data may not be used (Art. 18)."""
    person = contact(store, fixed_now)
    sees = store.register.lenses[SALES.lens].sees
    before = counts(store, fixed_now)
    tried = [kind for kind, table in store.register.tables.items() if not sees(kind) and "person" in table.kind.of]
    assert {"permission", "objection", "ban", "restriction", "hold", "rights_request"} <= set(tried)
    for kind in tried:
        with pytest.raises(InvalidRowsError) as refused:
            collect(store, [NewRow(kind, {}, {"person": person})], actor=SALES, now=fixed_now)
        assert "not part of your role" in refused.value.message("en")
    assert counts(store, fixed_now) == before
    assert read.row(store, "person", person, actor=SALES, now=fixed_now).id == person


def test_a_ref_leads_only_to_a_row_of_the_kind_that_is_pointed_at(
    opened: Callable[[str], RegisterStore], fixed_now: dt.datetime
) -> None:
    """Else the number that a company gets would name whoever has that number among the people."""
    store = opened("fluiconnecto/notice")
    contact(store, fixed_now)
    before = counts(store, fixed_now)
    firm = NewRow("organisation", {"name": "Rannan Telakka Oy"}, ref="firm")
    for ref in ("firm", "1"):
        rows = [
            NewRow("organisation", firm.values, ref=ref),
            NewRow("relationship", {"title": "Ostaja"}, {"person": ref, "organisation": ref}, ref="tie"),
        ]
        with pytest.raises(InvalidRowsError) as refused:
            collect(store, rows, actor=SALES, now=fixed_now)
        assert [(each.kind, each.item) for each in refused.value.problems] == [("relationship", "person")]
    assert counts(store, fixed_now) == before


def test_a_request_in_anybodys_own_words_is_kept_whatever_signs_are_in_it(
    store: RegisterStore, fixed_now: dt.datetime
) -> None:
    words = {"asked": "Kaikki\0 tietoni", "asked_by": "\0Sari \U0001f332", "language": "fi"}
    done = receive(store, "access", channel="email", **words, actor=SALES, now=fixed_now)
    found, _ = request(store, done.id, actor=SALES, now=fixed_now)
    assert (found.asked, found.asked_by) == ("Kaikki tietoni", "Sari \U0001f332")
