"""Two who answer one request at the same moment: it is carried out once."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.operations.conftest import contact
from tests.side_by_side import both_before_either_goes_on, run_at_once

from seloste.operations.actor import CLI
from seloste.operations.portal import choices, requests
from seloste.operations.rights.erase import erase
from seloste.operations.rights.model import RequestError
from seloste.operations.rights.objection import object_and_ask
from seloste.operations.rights.receive import receive
from seloste.store.registers import RegisterStore


def test_one_erasure_is_done_once(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    asked = receive(
        store, "erasure", channel="email", person=person, evidence=frozenset({"strong"}), actor=CLI, now=fixed_now
    ).id

    def answer() -> None:
        erase(store, asked, actor=CLI, now=fixed_now)

    assert [type(each) for each in run_at_once(answer, answer)] == [RequestError]
    with store.database.read() as conn:
        assert conn.execute("SELECT count(*) FROM journal WHERE verb = 'erase'").all() == [(1,)]
        assert conn.execute("SELECT count(*) FROM request_step WHERE step = 'executed'").all() == [(1,)]


def test_the_same_is_asked_once(store: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """A button that is pressed twice: each finds nothing that waits, and one clock runs all the same."""
    person = contact(store, fixed_now)
    both_before_either_goes_on(monkeypatch, requests, "own_requests", wait=20)

    def ask() -> None:
        requests.ask_own(store, person, "access", asked="", language="fi", now=fixed_now)

    assert [type(each) for each in run_at_once(ask, ask)] == [RequestError]
    with store.database.read() as conn:
        assert conn.execute("SELECT count(*) FROM rights_request").all() == [(1,)]


def test_two_objections_at_once_are_weighed_by_one_request(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)

    def object_to(purpose: str) -> None:
        object_and_ask(store, person, purpose, asked=purpose, actor=CLI, now=fixed_now)

    assert run_at_once(lambda: object_to("customer_care"), lambda: object_to("orders")) == []
    with store.database.read() as conn:
        counts = [conn.execute(f"SELECT count(*) FROM {kind}").all()[0][0] for kind in ("objection", "rights_request")]
    assert counts == [2, 1]


def test_a_switch_pressed_twice_is_one_consent(
    store: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = contact(store, fixed_now)
    both_before_either_goes_on(monkeypatch, choices, "read_said")
    choice = choices.Choice("partner_marketing", recipient="Letkuset Oy")

    def press() -> None:
        choices.turn(store, person, choice, on=True, language="fi", now=fixed_now)

    run_at_once(press, press)
    with store.database.read() as conn:
        assert conn.execute("SELECT count(*) FROM permission").all() == [(1,)]
