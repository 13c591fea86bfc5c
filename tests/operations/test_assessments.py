"""Interests weighed and transfers assessed: what needs one, what is missing or late, and that nothing stops."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from seloste.operations.actor import CLI, Actor
from seloste.operations.assessments.model import TEXTS, AssessmentError, needs
from seloste.operations.assessments.record import assessed, of, write_down
from seloste.operations.evidence.facts import gather
from seloste.operations.evidence.open import Open, open_of
from seloste.operations.evidence.proofs import proofs
from seloste.operations.evidence.words import Words
from seloste.operations.records.model import NoSuchRowError
from seloste.store.journal_pages import Query, page
from seloste.store.registers import RegisterStore

LEAD = Actor("a9", "sales")
YEAR = dt.timedelta(days=365)


def opens(store: RegisterStore, now: dt.datetime) -> dict[str, list[Open]]:
    found: dict[str, list[Open]] = {}
    for each in open_of(Words(store.register, "en"), gather(store, now=now)):
        found.setdefault(each.code, []).append(each)
    return found


def write(store: RegisterStore, sort: str, key: str, now: dt.datetime, **more: object) -> None:
    texts = {name: f"{name} x" for name in TEXTS["balancing" if sort == "balancing" else "transfer"]}
    given = {"outcome": "stands", "on": now.date(), "review_on": (now + YEAR).date()} | more
    write_down(store, sort, key, texts, actor=LEAD, now=now, **given)  # type: ignore[arg-type]


def test_what_needs_one_is_open_until_it_is_written_and_again_after_its_day(
    store: RegisterStore, fixed_now: dt.datetime
) -> None:
    notice = store.register.notice
    asked = {(each.sort, each.of) for each in assessed(store, now=fixed_now)}
    on_interest = {key for key, one in notice.purposes.items() if one.interest and not one.built_in}
    assert {key for sort, key in asked if sort == "balancing"} == on_interest
    # By standard clauses it needs one, by the Commission's decision on the United States none.
    group = of(store, "transfer", "group", now=fixed_now)
    assert (group.state, group.countries) == ("missing", ("US", "CN"))
    assert ("transfer", "mailing") in asked and ("transfer", "website") not in asked
    by_decision = tuple(replace(one, safeguard="dpf") for one in notice.processors)
    others = {
        key for sort, key, _ in needs(replace(notice, processors=by_decision), fixed_now.date()) if sort != "balancing"
    }
    assert "mailing" not in others
    before = opens(store, fixed_now)
    assert len(before["balancing_missing"]) == len(on_interest) and not before["balancing_missing"][0].warns
    assert before["transfer_missing"][0].concerns("recipients.group")

    write(store, "balancing", "orders", fixed_now)
    after = opens(store, fixed_now)
    assert len(after["balancing_missing"]) == len(on_interest) - 1
    words, facts = Words(store.register, "en"), gather(store, now=fixed_now)
    assert "The interest was weighed on 25 Nov 2026; to be looked at again by 25 Nov 2027." in list(
        proofs(words, facts, "purposes.orders.interest")
    )
    with store.read(fixed_now) as conn:
        [entry] = page(conn, Query(verb="assess")).entries
    assert entry.entry.note == "balancing.orders"

    late = opens(store, fixed_now + YEAR + dt.timedelta(days=2))["balancing_overdue"]
    assert [each.rules for each in late] == [("purposes.orders.interest",)]
    write(store, "balancing", "orders", fixed_now + YEAR, outcome="fails")
    [fails] = opens(store, fixed_now + YEAR)["balancing_fails"]
    assert fails.concerns("purposes.orders.interest")
    assert len(of(store, "balancing", "orders", now=fixed_now + YEAR).all) == 2


def test_what_the_notice_says_of_it_is_known_and_has_no_day(store: RegisterStore, fixed_now: dt.datetime) -> None:
    purposes = store.register.notice.purposes
    said = replace(purposes["feedback"], balancing={"fi": "kansio 7", "en": "folder 7"})
    register = replace(store.register, notice=replace(store.register.notice, purposes={**purposes, "feedback": said}))
    store.register = register
    assert of(store, "balancing", "feedback", now=fixed_now).state == "in_notice"
    [known] = opens(store, fixed_now)["balancing_in_notice"]
    assert known.warns


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"outcome": ""}, "outcome"),
        ({"on": None}, "on"),
        ({"on": dt.date(2027, 1, 1)}, "on"),
        ({"review_on": None}, "review_on"),
        ({"review_on": dt.date(2026, 11, 25)}, "review_on"),
    ],
)
def test_a_half_one_is_refused_with_its_field(
    store: RegisterStore, fixed_now: dt.datetime, more: dict[str, object], field: str
) -> None:
    with pytest.raises(AssessmentError) as wrong:
        write(store, "balancing", "orders", fixed_now, **more)
    assert wrong.value.field == field
    assert of(store, "balancing", "orders", now=fixed_now).state == "missing"


def test_nothing_else_takes_one(store: RegisterStore, fixed_now: dt.datetime) -> None:
    for sort, key in (("balancing", "bookkeeping"), ("balancing", "nothing"), ("transfer", "website"), ("x", "orders")):
        with pytest.raises(NoSuchRowError):
            write_down(store, sort, key, {}, outcome="stands", on=None, review_on=None, actor=CLI, now=fixed_now)
    assert list(needs(store.register.notice, fixed_now.date()))
