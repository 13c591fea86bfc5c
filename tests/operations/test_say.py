"""What a person says is in force for the very next read, on both engines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.operations.conftest import SALES, contact

from seloste.operations.actor import CLI, Actor
from seloste.operations.permissions import say
from seloste.operations.permissions.contact import contact_answers, contacts
from seloste.operations.records import read
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow, NoSuchRowError
from seloste.operations.records.why import last_of, why
from seloste.store.journal import verify
from seloste.store.registers import RegisterStore
from seloste.store.verify import verify_derived

SERVICE = Actor("a2", "service")


def answers(store: RegisterStore, person: int, now: dt.datetime) -> dict[tuple[str, str], str]:
    found = contact_answers(store, person, actor=SALES, now=now)
    # The partner that the tests name is the last of the two.
    return {(each.purpose, each.channel): each.answer for each in found}


def seen(store: RegisterStore, actor: Actor, now: dt.datetime) -> set[int]:
    return {record.id for record in read.rows(store, "person", actor=actor, now=now).rows}


@pytest.mark.promise("C58", "C61", "C66", "P42")
def test_a_ban_by_channel_stops_that_channel_and_no_other(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    assert answers(store, person, fixed_now)["marketing", "phone"] == "yes"
    first = say.ban(store, person, "phone", note="asiakaspalvelusta", actor=SALES, now=fixed_now).id
    after = answers(store, person, fixed_now)
    assert (after["marketing", "phone"], after["marketing", "email"]) == ("no", "yes")
    # Of two on one channel the one that is lifted goes, and the other holds.
    second = say.ban(store, person, "phone", purpose="marketing", actor=SALES, now=fixed_now).id
    say.lift_ban(store, person, first, actor=SALES, now=fixed_now)
    assert answers(store, person, fixed_now)["marketing", "phone"] == "no"
    with pytest.raises(NoSuchRowError):
        say.lift_ban(store, person, first, actor=SALES, now=fixed_now)
    say.lift_ban(store, person, second, actor=SALES, now=fixed_now)
    assert answers(store, person, fixed_now)["marketing", "phone"] == "yes"


def test_an_objection_to_marketing_is_taken_back_with_its_ban(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    number = say.object_to(store, person, "marketing", actor=SALES, now=fixed_now).id
    other = say.ban(store, person, "post", actor=SALES, now=fixed_now).id
    assert answers(store, person, fixed_now)["marketing", "email"] == "no"
    say.take_back_objection(store, person, number, actor=SALES, now=fixed_now)
    after = answers(store, person, fixed_now)
    assert (after["marketing", "email"], after["marketing", "post"]) == ("yes", "no")
    with pytest.raises(NoSuchRowError):
        say.take_back_objection(store, person, number, actor=SALES, now=fixed_now)
    say.lift_ban(store, person, other, actor=SALES, now=fixed_now)
    assert verify_derived(store, fixed_now).differences == ()


@pytest.mark.promise("C58", "C61")
def test_nobody_takes_back_what_was_said_of_a_purpose_that_is_not_theirs(
    store: RegisterStore, fixed_now: dt.datetime
) -> None:
    """The page shows a role neither the ban nor the objection; a number that is guessed must not end them either."""
    person = contact(store, fixed_now)
    assert person in seen(store, SERVICE, fixed_now)
    banned = say.ban(store, person, "phone", purpose="marketing", actor=SALES, now=fixed_now).id
    objected = say.object_to(store, person, "marketing", actor=SALES, now=fixed_now).id
    with pytest.raises(NoSuchRowError):
        say.lift_ban(store, person, banned, actor=SERVICE, now=fixed_now)
    with pytest.raises(NoSuchRowError):
        say.take_back_objection(store, person, objected, actor=SERVICE, now=fixed_now)
    say.take_back_objection(store, person, objected, actor=SALES, now=fixed_now)
    assert answers(store, person, fixed_now)["marketing", "phone"] == "no"
    # A ban on everything is everybody's to write down and to undo.
    whole = say.ban(store, person, "all", actor=SERVICE, now=fixed_now).id
    say.lift_ban(store, person, whole, actor=SERVICE, now=fixed_now)


@pytest.mark.promise("C33")
def test_a_partner_may_write_only_with_a_consent(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    key = ("partner_marketing", "email")
    assert answers(store, person, fixed_now)[key] == "ask"
    say.grant(
        store,
        person,
        "partner_marketing",
        recipient="Letkuset Oy",
        channel="web_form",
        language="fi",
        actor=SALES,
        now=fixed_now,
    )
    assert answers(store, person, fixed_now)[key] == "yes"
    ended = say.withdraw(store, person, "partner_marketing", actor=SALES, now=fixed_now)
    assert ended.ended == 1
    # A withdrawn consent never falls back to anything.
    assert answers(store, person, fixed_now)[key] == "no"


@pytest.mark.promise("C59")
def test_a_withdrawn_consent_needs_nothing_any_more(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    words = {"recipient": "Letkuset Oy", "channel": "web_form", "language": "fi"}
    say.grant(store, person, "partner_marketing", **words, actor=SALES, now=fixed_now)
    before = why(store, "person", person, actor=SALES, now=fixed_now).cells["email"]
    assert next(r for r in before.reasons if r.purpose == "partner_marketing").usable
    say.withdraw(store, person, "partner_marketing", actor=SALES, now=fixed_now)
    after = why(store, "person", person, actor=SALES, now=fixed_now).cells["email"]
    assert not next(r for r in after.reasons if r.purpose == "partner_marketing").needed


def test_an_objection_is_pending_until_weighed_and_hides_meanwhile(
    store: RegisterStore, fixed_now: dt.datetime
) -> None:
    person = contact(store, fixed_now)
    raised = say.object_to(store, person, "customer_care", reason="En halua.", actor=SALES, now=fixed_now)
    reason = {r.purpose: r for r in why_all(store, person, fixed_now)}["customer_care"]
    assert (reason.needed, reason.usable) == (True, False)
    with pytest.raises(say.CannotSayError):
        say.decide_objection(store, raised.id, upheld=False, reason=" ", actor=SALES, now=fixed_now)
    say.decide_objection(store, raised.id, upheld=False, reason="Sopimus on voimassa.", actor=SALES, now=fixed_now)
    reason = {r.purpose: r for r in why_all(store, person, fixed_now)}["customer_care"]
    assert (reason.needed, reason.usable) == (True, True)
    with pytest.raises(NoSuchRowError):
        say.decide_objection(store, raised.id, upheld=True, reason="", actor=SALES, now=fixed_now)


def test_a_consent_to_a_day_does_not_end_what_another_purpose_keeps_longer(
    store: RegisterStore, fixed_now: dt.datetime
) -> None:
    person = contact(store, fixed_now)
    care = {r.purpose: r for r in why_all(store, person, fixed_now)}["customer_care"]
    assert care.until is not None
    for until, end in ((care.until - dt.timedelta(days=1), care.end), (care.until, care.end), (dt.date.max, "person")):
        consent = replace(care, purpose="newsletter", end="person", until=until)
        assert last_of([consent, care], held=False) == (max(until, care.until), end)
    assert last_of([replace(care, end="person", until=None), care], held=False) == (None, "person"), (
        "till it is withdrawn"
    )


def why_all(store: RegisterStore, person: int, now: dt.datetime):  # type: ignore[no-untyped-def]
    """Reasons of the first name, asked outside any lens that the objection might blind."""
    from seloste.operations.records.why import whys

    found = whys(store, "person", [person], actor=SERVICE, now=now)
    if person in found:
        return found[person].cells["first_name"].reasons
    # Nothing of the person shows: ask as the register itself.
    import dataclasses

    from seloste.compiler.why import why_statement
    from seloste.store.due import ids_value

    statement = why_statement(store.register, "person", store.database.dialect)
    with store.read(now) as conn:
        row = conn.execute(statement.sql, {"ids": ids_value(conn, [person])}).all()[0]

    @dataclasses.dataclass
    class Said:
        purpose: str
        needed: bool
        usable: bool

    return [
        Said(each.purpose, bool(row[2 + 3 * place]), bool(row[3 + 3 * place]))
        for place, each in enumerate(statement.asked)
    ]


@pytest.mark.promise("F61", "C57", "P41")
def test_a_restricted_person_is_not_used_and_not_gone(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person, other = contact(store, fixed_now), contact(store, fixed_now, first="Eero")
    say.restrict(store, person, "accuracy", actor=SALES, now=fixed_now)
    assert seen(store, SALES, fixed_now) == {other}
    with store.read(fixed_now) as conn:
        assert conn.execute("SELECT first_name FROM person WHERE id = :id", {"id": person}).first() == ("Sari",)
    say.lift_restriction(store, person, actor=CLI, now=fixed_now)
    assert seen(store, SALES, fixed_now) == {person, other}


def test_a_hold_keeps_what_time_would_end(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now, ended="2026-11-01")
    later = fixed_now + dt.timedelta(days=400)
    say.hold(store, person, "Riita kesken", owner="service", review_on=later.date(), actor=SALES, now=fixed_now)
    with store.read(later) as conn:
        assert conn.execute("SELECT sys_held FROM person WHERE id = :id", {"id": person}).first() == (1,)
    assert seen(store, SALES, later) == set()
    say.release(store, person, actor=CLI, now=later)
    with store.read(later) as conn:
        assert conn.execute("SELECT sys_held FROM person WHERE id = :id", {"id": person}).first() == (0,)


def test_what_cannot_be_said_is_refused(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    with pytest.raises(say.CannotSayError):
        say.object_to(store, person, "bookkeeping", actor=SALES, now=fixed_now)
    with pytest.raises(say.CannotSayError):
        say.grant(store, person, "orders", channel="phone", language="fi", actor=SALES, now=fixed_now)
    with pytest.raises(say.CannotSayError):
        say.object_to(store, person, "nothing", actor=SALES, now=fixed_now)
    with pytest.raises(NoSuchRowError):
        say.ban(store, person + 1000, "all", actor=SALES, now=fixed_now)


def test_every_word_is_in_the_journal_without_its_content(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    say.object_to(store, person, "marketing", reason="Salainen syy", actor=SALES, now=fixed_now)
    with store.read(fixed_now) as conn:
        rows = conn.execute("SELECT verb, person, note FROM journal WHERE verb = 'object'").all()
        everything = str(conn.execute("SELECT * FROM journal").all())
    assert rows == [("object", person, "marketing")]
    assert "Salainen" not in everything
    assert "Havukoski" not in everything
    assert verify(store.database).ok


@pytest.mark.promise("F5")
def test_a_consent_carries_its_proof(opened: Callable[[str], RegisterStore], fixed_now: dt.datetime) -> None:
    """Which wording, which notice, which language, how and when (Art. 7(1))."""
    store = opened("fluent-progress/customers")
    purpose = next(p for p in store.register.purposes.values() if p.consent and not (p.confirm or p.per))
    rows = [
        NewRow("person", {"first_name": "Aino", "last_name": "Aalto", "email": ["aino@aalto.example"]}, ref="p"),
        NewRow(
            "permission",
            {"purpose": purpose.key, "given_at": fixed_now, "channel": "web_form", "language": "fi"},
            {"person": "p"},
        ),
        NewRow("relationship", {"stage": "customer"}, {"person": "p"}),
    ]
    person = collect(store, rows, actor=CLI, now=fixed_now).ids["p"]
    said = say.grant(
        store, person, purpose.key, channel="in_person", language="fi", evidence="lomake 12", actor=CLI, now=fixed_now
    )
    with store.read(fixed_now) as conn:
        row = conn.execute(
            "SELECT wording, notice, language, channel, given_at, evidence FROM permission WHERE id = :id",
            {"id": said.id},
        ).first()
    assert row is not None
    assert all(row)
    assert row[1] == store.register.hash[:32]


def test_many_are_answered_as_each_and_a_refusal_has_its_day(store: RegisterStore, fixed_now: dt.datetime) -> None:
    sari = contact(store, fixed_now)
    eero = contact(store, fixed_now, first="Eero", last="Havuvirta")
    say.ban(store, sari, "phone", actor=SALES, now=fixed_now)
    found = contacts(store, [sari, eero, 999], actor=SALES, now=fixed_now)
    assert set(found) == {sari, eero}
    assert all(found[each] == contact_answers(store, each, actor=SALES, now=fixed_now) for each in found)
    refused = {each.channel: each.since for each in found[sari] if each.answer == "no" and each.since is not None}
    assert refused == {"phone": fixed_now}
    assert not [each for each in found[eero] if each.answer == "no" and each.since is not None]
