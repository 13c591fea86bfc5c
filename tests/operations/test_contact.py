"""Whom marketing may reach: one person, and a whole audience in one statement, by the same table."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.operations.conftest import SALES, contact
from tests.rule.world import writing

from seloste.operations.actor import CLI, Actor
from seloste.operations.permissions import say
from seloste.operations.permissions.audience import NoAudienceError, audience
from seloste.operations.permissions.contact import channels, contact_answers, contacts
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.operations.records.rectify import rectify
from seloste.store.registers import RegisterStore

MARKETING = Actor("a3", "marketing")
PARTNERS = ("Öljytukku Oy", "Letkuset Oy")
DAYS = (-400, -2, -1, 0, 1)


def private(store: RegisterStore, now: dt.datetime, first: str = "Aino") -> int:
    """A private customer."""
    rows = [
        NewRow("person", {"first_name": first, "last_name": "Aalto", "email": [f"{first}@aalto.example"]}, ref="p"),
        NewRow("relationship", {"stage": "customer"}, {"person": "p"}),
    ]
    return collect(store, rows, actor=CLI, now=now).ids["p"]


@st.composite
def said(
    draw: st.DrawFn, purposes: tuple[str, ...], names: tuple[str, ...], now: dt.datetime
) -> tuple[str, dict[str, Any]]:
    """One event, of any age, perhaps ended."""

    def moment() -> dt.datetime:
        return now + dt.timedelta(days=draw(st.sampled_from(DAYS)))

    purpose = draw(st.sampled_from(purposes))
    ended = moment() if draw(st.booleans()) else None
    kind = draw(st.sampled_from(["permission", "permission", "objection", "ban", "restriction"]))
    if kind == "permission":
        ends = moment().date() if draw(st.booleans()) else None
        who = draw(st.sampled_from([None, *names]))
        return kind, {
            "purpose": purpose,
            "recipient": who,
            "given_at": moment(),
            "ends_on": ends,
            "withdrawn_at": ended,
        }
    if kind == "objection":
        state = draw(st.sampled_from(["pending", "upheld", "refused"]))
        return kind, {"purpose": purpose, "state": state, "raised_at": moment(), "withdrawn_at": ended}
    if kind == "ban":
        return kind, {
            "channel": draw(st.sampled_from(["all", "email", "phone", "post"])),
            "purpose": draw(st.sampled_from([None, purpose])),
            "sender": draw(st.sampled_from([None, *names])),
            "set_at": moment(),
            "lifted_at": ended,
        }
    return kind, {"ground": "accuracy", "from_at": moment(), "lifted_at": ended}


def told(store: RegisterStore, actor: Actor, now: dt.datetime) -> int:
    """Compare the audience of every purpose, channel and sender with the answers one by one; how many there were."""
    with store.read(now) as conn:
        everybody = [int(row[0]) for row in conn.execute("SELECT id FROM person ORDER BY id")]
    each = contacts(store, everybody, group=True, actor=actor, now=now)
    ways = {(a.purpose, a.channel, a.sender) for answers in each.values() for a in answers}
    for purpose, channel, sender in ways:
        mine = {
            person: next(a for a in answers if (a.purpose, a.channel, a.sender) == (purpose, channel, sender))
            for person, answers in each.items()
        }
        found = audience(store, purpose, channel, sender=sender, actor=actor, now=now)
        assert found.persons == tuple(sorted(person for person, a in mine.items() if a.answer == "yes"))
        assert found.refused == Counter(a.rule for a in mine.values() if a.answer != "yes")
        assert found.reasons == {a.rule: a.reason for a in mine.values() if a.answer != "yes"}
    return len(ways)


def history(
    store: RegisterStore, data: st.DataObject, people: list[int], names: tuple[str, ...], now: dt.datetime
) -> None:
    purposes = tuple(key for key, each in store.register.purposes.items() if each.nature == "marketing")
    for _ in range(data.draw(st.integers(1, 12), label="how many")):
        kind, values = data.draw(said(purposes, names, now))
        person = data.draw(st.sampled_from(people), label="who")
        with writing(store, now) as work:
            work.insert(
                kind, {**{k: v for k, v in values.items() if v is not None}, "person": person}, source="subject"
            )


@settings(max_examples=6)
@given(data=st.data())
def test_an_audience_is_each_of_its_people_of_companies(
    store: RegisterStore, fixed_now: dt.datetime, data: st.DataObject
) -> None:
    people = [contact(store, fixed_now), contact(store, fixed_now, first="Eero", ended="2026-11-01")]
    trader = contact(store, fixed_now, first="Tea")
    with store.write(fixed_now) as work:
        firm = work.conn.execute("SELECT max(organisation) FROM relationship").all()[0][0]
        if store.register.tables["organisation"].column("proprietor"):
            work.update("organisation", int(firm), {"proprietor": trader})
    history(store, data, [*people, trader], (*PARTNERS, "Fluiconnecto Oy"), fixed_now)
    assert told(store, SALES, fixed_now) == 5


@settings(max_examples=6)
@given(data=st.data())
def test_an_audience_is_each_of_its_private_people(
    opened: Callable[[str], RegisterStore], fixed_now: dt.datetime, data: st.DataObject
) -> None:
    store = opened("fluent-progress/customers")
    names = ("Fluent Progress Group Oy", "Kuntokaari Esimerkki Oy", store.register.notice.controller.name)
    history(store, data, [private(store, fixed_now) for _ in range(3)], names, fixed_now)
    told(store, MARKETING, fixed_now)


def test_an_audience_counts_those_refused_by_reason(store: RegisterStore, fixed_now: dt.datetime) -> None:
    sari, eero, outi = (contact(store, fixed_now, first=name) for name in ("Sari", "Eero", "Outi"))
    say.ban(store, eero, "email", actor=SALES, now=fixed_now)
    say.object_to(store, outi, "marketing", actor=SALES, now=fixed_now)
    found = audience(store, "marketing", "email", actor=SALES, now=fixed_now)
    assert (found.persons, found.refused) == ((sari,), {"1": 2})
    assert found.reasons["1"]["en"] == "They have refused marketing this way."
    assert audience(store, "marketing", "phone", actor=SALES, now=fixed_now).persons == (sari, eero)
    with store.read(fixed_now) as conn:
        row = conn.execute("SELECT count, note FROM journal WHERE verb = 'audience' ORDER BY seq").first()
    assert row == (1, "marketing.email")


def test_an_audience_is_of_the_role_and_as_the_notice_says(store: RegisterStore, fixed_now: dt.datetime) -> None:
    for actor, purpose, channel, sender in [
        (SALES, "orders", "email", ""),
        (SALES, "marketing", "sms", ""),
        (SALES, "marketing", "email", "Joku Oy"),
        (SALES, "partner_marketing", "email", ""),
        (Actor("a2", "service"), "marketing", "email", ""),
    ]:
        with pytest.raises(NoAudienceError):
            audience(store, purpose, channel, sender=sender, actor=actor, now=fixed_now)


@pytest.mark.promise("C45", "F13")
def test_a_consent_to_one_partner_is_none_to_another(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    words = {"channel": "web_form", "language": "fi", "actor": SALES, "now": fixed_now}
    with pytest.raises(say.CannotSayError):
        say.grant(store, person, "partner_marketing", **words)
    with pytest.raises(say.CannotSayError):
        say.grant(store, person, "partner_marketing", recipient="Joku Oy", **words)
    say.grant(store, person, "partner_marketing", recipient=PARTNERS[0], **words)
    sent = {
        partner: audience(store, "partner_marketing", "email", sender=partner, actor=SALES, now=fixed_now).persons
        for partner in PARTNERS
    }
    assert sent == {PARTNERS[0]: (person,), PARTNERS[1]: ()}
    answers = {a.sender: a.answer for a in contact_answers(store, person, actor=SALES, now=fixed_now) if a.sender}
    assert answers == {PARTNERS[0]: "yes", PARTNERS[1]: "ask"}


@pytest.mark.promise("F13")
def test_the_group_writes_only_with_the_consent_that_names_it(
    opened: Callable[[str], RegisterStore], fixed_now: dt.datetime
) -> None:
    store = opened("fluent-progress/customers")
    person, group = private(store, fixed_now), "Fluent Progress Group Oy"

    def may(sender: str) -> tuple[int, ...]:
        return audience(store, "marketing", "email", sender=sender, actor=MARKETING, now=fixed_now).persons

    assert (may(""), may(group)) == ((), ())
    say.grant(store, person, "marketing", channel="web_form", language="fi", actor=CLI, now=fixed_now)
    assert (may(""), may(group)) == ((person,), (person,))
    say.ban(store, person, "email", sender=group, actor=CLI, now=fixed_now)
    assert (may(""), may(group)) == ((person,), ())
    # A call needs no consent, and the ban was on the e-mail alone.
    assert audience(store, "marketing", "phone", sender=group, actor=MARKETING, now=fixed_now).persons == (person,)


def test_a_consent_past_its_end_is_asked_for_anew(
    opened: Callable[[str], RegisterStore], fixed_now: dt.datetime
) -> None:
    store = opened("fluent-progress/customers")
    person = private(store, fixed_now)
    say.grant(store, person, "newsletter", channel="import", language="fi", actor=CLI, now=fixed_now)

    def answer(now: dt.datetime) -> str:
        found = contact_answers(store, person, actor=MARKETING, now=now)
        return next(each.answer for each in found if each.purpose == "newsletter")

    assert answer(fixed_now) == "yes"
    with store.write(fixed_now) as work:
        work.update("permission", 1, {"ends_on": dt.date(2026, 11, 30)})
    assert answer(dt.datetime(2026, 11, 30, 12, tzinfo=fixed_now.tzinfo)) == "yes"
    assert answer(dt.datetime(2026, 12, 1, 12, tzinfo=fixed_now.tzinfo)) == "ask"


def test_whoever_is_banned_by_name_is_known(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    with pytest.raises(say.CannotSayError):
        say.ban(store, person, "email", sender="Joku Oy", actor=SALES, now=fixed_now)
    with pytest.raises(say.CannotSayError):
        say.ban(store, person, "email", purpose="orders", actor=SALES, now=fixed_now)
    assert set(PARTNERS) < set(say.known_senders(store))
    assert channels(store.register.purposes["marketing"]) == ("email", "phone", "post")


@pytest.mark.promise("C38")
def test_a_contact_who_left_is_marked_and_no_more_reached_as_the_companys(
    store: RegisterStore, fixed_now: dt.datetime
) -> None:
    person, other = contact(store, fixed_now), contact(store, fixed_now, first="Eero")
    with store.read(fixed_now) as conn:
        tie = conn.execute("SELECT id FROM relationship WHERE person = :id", {"id": person}).all()[0][0]
    # On the last day of work they still are the company's contact; the day is known beforehand.
    leaving = {"ended": "30.11.2026"}
    rectify(store, "relationship", int(tie), leaving, source="subject", actor=SALES, now=fixed_now)
    last, after = (fixed_now.replace(day=28), fixed_now + dt.timedelta(days=6))

    def found(now: dt.datetime, channel: str) -> tuple[tuple[int, ...], dict[str, int]]:
        reached = audience(store, "marketing", channel, actor=SALES, now=now)
        return reached.persons, dict(reached.refused)

    for channel in ("email", "phone"):
        assert found(last, channel) == ((person, other), {})
        assert found(after, channel) == ((other,), {"12": 1})
    answer = next(a for a in contact_answers(store, person, actor=SALES, now=after) if a.channel == "email")
    assert (answer.answer, answer.reason["en"]) == ("no", "They no longer act for the company whose contact they were.")
    # At another company they are its contact.
    rows = [
        NewRow("organisation", {"name": "Uusi Oy"}, ref="o"),
        NewRow("relationship", {}, {"person": person, "organisation": "o"}),
    ]
    collect(store, rows, actor=SALES, now=after)
    assert found(after, "email") == ((person, other), {})
