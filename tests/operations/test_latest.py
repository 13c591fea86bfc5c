"""When one was last in touch: through the relationship and directly, newest first, and only what the role sees."""

from __future__ import annotations

import datetime as dt

from tests.operations.conftest import SALES, contact

from seloste.operations.actor import Actor
from seloste.operations.records.collect import collect
from seloste.operations.records.ends import leaving_ids
from seloste.operations.records.latest import latest_deeds
from seloste.operations.records.model import NewRow, Record
from seloste.operations.records.read import pointing
from seloste.store.registers import RegisterStore


def test_the_newest_deed_of_each_person(store: RegisterStore, fixed_now: dt.datetime) -> None:
    sari = contact(store, fixed_now)
    eero = contact(store, fixed_now, first="Eero", last="Havuvirta")
    (tie,) = pointing(store, "relationship", "person", [sari], actor=SALES, now=fixed_now)
    rows = [
        NewRow(
            "interaction", {"at": fixed_now - dt.timedelta(days=days), "subject": f"{days}"}, {"relationship": tie.id}
        )
        for days in (9, 2, 30)
    ]
    rows.append(NewRow("order", {"number": "T-1", "ordered_on": "1.11.2026", "contact": sari}, _firm(tie)))
    collect(store, rows, actor=SALES, now=fixed_now)
    found = latest_deeds(store, "person", [sari, eero], actor=SALES, now=fixed_now)
    assert set(found) == {sari}
    assert found[sari].record.values["subject"] == "2"
    firm = tie.references["organisation"]
    assert latest_deeds(store, "organisation", [firm], actor=SALES, now=fixed_now)[firm].record.kind == "interaction"


def test_a_role_is_told_only_of_deeds_it_sees(store: RegisterStore, fixed_now: dt.datetime) -> None:
    sari = contact(store, fixed_now)
    (tie,) = pointing(store, "relationship", "person", [sari], actor=SALES, now=fixed_now)
    collect(store, [NewRow("interaction", {"at": fixed_now}, {"relationship": tie.id})], actor=SALES, now=fixed_now)
    assert latest_deeds(store, "person", [sari], actor=Actor("a", "management"), now=fixed_now) == {}


def _firm(tie: Record) -> dict[str, int]:
    return {"organisation": tie.references["organisation"]}


def test_who_leaves_soon_is_named_to_those_who_see_them(store: RegisterStore, fixed_now: dt.datetime) -> None:
    sari = contact(store, fixed_now, ended="1.6.2026")
    contact(store, fixed_now, first="Eero", last="Havuvirta")
    soon = dt.datetime(2026, 11, 10, 12, tzinfo=fixed_now.tzinfo)
    assert leaving_ids(store, "person", actor=SALES, now=soon) == [sari]
    assert leaving_ids(store, "person", days=5, actor=SALES, now=soon) == []
    assert leaving_ids(store, "person", actor=Actor("a", "accountant"), now=soon) == []
