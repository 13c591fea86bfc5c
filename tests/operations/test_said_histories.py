"""Whatever people say and take back, in any order: what is derived is what was said, and a no is obeyed at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.operations.conftest import SALES, contact

from seloste.operations.actor import CLI
from seloste.operations.permissions import say
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow, NoSuchRowError
from seloste.operations.retention.sweep import sweep, sweep_person
from seloste.operations.rights.erase import erase
from seloste.operations.rights.receive import receive
from seloste.store.registers import RegisterStore
from seloste.store.verify import verify_derived

DEEDS = (
    "grant",
    "withdraw",
    "ban",
    "lift_ban",
    "object",
    "decide",
    "take_back",
    "restrict",
    "lift",
    "hold",
    "release",
    "wait",
)


@st.composite
def deeds(draw: st.DrawFn) -> list[tuple[str, int, int]]:
    """(what is said, by whom, about which of several)."""
    one = st.tuples(st.sampled_from(DEEDS), st.integers(0, 1), st.integers(0, 20))
    return draw(st.lists(one, min_size=3, max_size=14))


def do(store: RegisterStore, deed: str, person: int, nth: int, now: dt.datetime) -> None:
    """One deed; what cannot be said of that purpose, or of somebody who is gone, is passed over."""
    keys = [key for key, each in store.register.purposes.items() if not each.built_in]
    purpose, by = keys[nth % len(keys)], {"actor": CLI, "now": now}
    channel = ("all", "email", "phone")[nth % 3]
    recipient = ("", "Letkuset Oy", "Öljytukku Oy")[nth % 3]
    with store.read(now) as conn:
        sql = "SELECT max(id) FROM ban WHERE person = :id AND lifted_at IS NULL"
        standing = conn.execute(sql, {"id": person}).all()[0][0]
        raised = conn.execute("SELECT max(id) FROM objection WHERE person = :id", {"id": person}).all()[0][0]
        pending = conn.execute("SELECT min(id) FROM objection WHERE state = 'pending'").all()[0][0]
    calls: dict[str, Callable[[], Any]] = {
        "grant": lambda: say.grant(store, person, purpose, channel="phone", language="fi", recipient=recipient, **by),
        "withdraw": lambda: say.withdraw(store, person, purpose, **by),
        "ban": lambda: say.ban(store, person, channel, sender=recipient, **by),
        "lift_ban": lambda: say.lift_ban(store, person, standing or 0, **by),
        "object": lambda: say.object_to(store, person, purpose, **by),
        "take_back": lambda: say.take_back_objection(store, person, raised or 0, **by),
        "decide": lambda: say.decide_objection(store, pending or 0, upheld=nth % 2 == 0, reason="Punnittu.", **by),
        "restrict": lambda: say.restrict(store, person, "accuracy", **by),
        "lift": lambda: say.lift_restriction(store, person, **by),
        "hold": lambda: say.hold(store, person, "Riita", owner="sales", review_on=now.date(), **by),
        "release": lambda: say.release(store, person, **by),
        "wait": lambda: None,
    }
    with suppress(say.CannotSayError, NoSuchRowError):
        calls[deed]()


@settings(max_examples=5)
@given(history=deeds())
def test_what_is_derived_is_what_was_said(
    store: RegisterStore, fixed_now: dt.datetime, history: list[tuple[str, int, int]]
) -> None:
    now = fixed_now
    people = [contact(store, now), contact(store, now, first="Eero")]
    for deed, who, nth in history:
        now += dt.timedelta(days=40 if deed == "wait" else 0, minutes=1)
        if deed == "wait":
            sweep(store, now=now, actor=CLI)
        do(store, deed, people[who], nth, now)
        if deed in ("lift", "release"):
            sweep(store, now=now, actor=CLI)  # what stood still meanwhile goes in the night
        left = sweep_person(store, people[who], actor=CLI, now=now, dry_run=True)
        assert (left.rows, left.cells) == (0, 0), f"{deed} has left what nobody needs"
    assert verify_derived(store, now).differences == ()
    sweep(store, now=now, actor=CLI)
    assert verify_derived(store, now).differences == ()


def newsletter(store: RegisterStore, now: dt.datetime, **more: object) -> int:
    """Somebody of whom there is nothing but a subscription to the newsletter."""
    rows = [
        NewRow("person", {"first_name": "Aino", "last_name": "Aalto", "email": ["aino@aalto.example"]}, ref="p"),
        NewRow(
            "permission",
            {"purpose": "newsletter", "given_at": now, "channel": "web_form", "language": "fi", **more},
            {"person": "p"},
        ),
    ]
    return collect(store, rows, actor=CLI, now=now).ids["p"]


@pytest.mark.promise("C59", "F33")
def test_a_withdrawal_removes_at_once_what_only_it_held(
    opened: Callable[[str], RegisterStore], fixed_now: dt.datetime
) -> None:
    store = opened("fluent-progress/customers")
    person = newsletter(store, fixed_now)
    said = say.withdraw(store, person, "newsletter", actor=CLI, now=fixed_now)
    assert said.ended == 1
    assert said.swept is not None
    assert {(line.kind, line.item) for line in said.swept.items if line.goes} == {
        ("person", "first_name"),
        ("person", "last_name"),
        ("person", "email"),
    }
    # The proof of the consent stays, and says for which purpose and how long.
    stays = said.swept.line("permission", "given_at").why
    assert [(each.purpose, each.rule) for each in stays] == [
        ("accountability", "3 years after withdrawn_at, at most 3 years after ends_on")
    ]
    with store.read(fixed_now) as conn:
        row = conn.execute("SELECT first_name, email FROM person WHERE id = :id", {"id": person}).first()
        verbs = [verb for (verb,) in conn.execute("SELECT DISTINCT verb FROM journal WHERE person = :p", {"p": person})]
    assert row == (None, None)
    assert {"withdraw", "sweep"} <= set(verbs)


def test_a_consent_that_has_run_out_does_not_stand_in_the_way(
    opened: Callable[[str], RegisterStore], fixed_now: dt.datetime
) -> None:
    """Its proof is past its own end too and the sweep has not come yet: it is not withdrawn once more."""
    store = opened("fluent-progress/customers")
    person = newsletter(store, fixed_now, ends_on=fixed_now.date() + dt.timedelta(days=30))
    later = fixed_now + dt.timedelta(days=30 + 3 * 366)
    assert say.withdraw(store, person, "newsletter", actor=CLI, now=later).ended == 0
    again = newsletter(store, fixed_now, ends_on=fixed_now.date() + dt.timedelta(days=30))
    asked = receive(
        store, "erasure", channel="email", person=again, evidence=frozenset({"strong"}), actor=CLI, now=later
    )
    assert erase(store, asked.id, actor=CLI, now=later).withdrawn == 0


def test_an_upheld_objection_removes_at_once_and_a_pending_one_nothing(
    store: RegisterStore, fixed_now: dt.datetime
) -> None:
    person = contact(store, fixed_now)
    raised = say.object_to(store, person, "customer_care", reason="En halua.", actor=SALES, now=fixed_now)
    assert raised.swept is None
    for purpose in ("claims", "agreements", "group_administration", "sale_of_business", "research", "service"):
        with suppress(say.CannotSayError):
            other = say.object_to(store, person, purpose, actor=CLI, now=fixed_now)
            if purpose != "research":
                say.decide_objection(store, other.id, upheld=True, reason="", actor=CLI, now=fixed_now)
    with store.read(fixed_now) as conn:
        assert conn.execute("SELECT first_name FROM person WHERE id = :id", {"id": person}).first() == ("Sari",)
    done = say.decide_objection(store, raised.id, upheld=True, reason="", actor=CLI, now=fixed_now)
    assert done.swept is not None
    assert done.swept.line("person", "first_name").goes == 1
    with store.read(fixed_now) as conn:
        assert conn.execute("SELECT first_name FROM person WHERE id = :id", {"id": person}).first() == (None,)
    assert verify_derived(store, fixed_now).differences == ()


def test_a_hold_keeps_what_a_withdrawal_would_remove(
    opened: Callable[[str], RegisterStore], fixed_now: dt.datetime
) -> None:
    store = opened("fluent-progress/customers")
    person = newsletter(store, fixed_now)
    say.hold(store, person, "Riita", owner="marketing", review_on=fixed_now.date(), actor=CLI, now=fixed_now)
    said = say.withdraw(store, person, "newsletter", actor=CLI, now=fixed_now)
    assert (said.ended, said.swept) == (1, None)
    assert sweep_person(store, person, actor=CLI, now=fixed_now, dry_run=True).line("person", "email").held == 1
    with store.read(fixed_now) as conn:
        assert conn.execute("SELECT first_name FROM person WHERE id = :id", {"id": person}).first() == ("Aino",)
