"""Two who answer one request at the same moment: it is carried out once."""

from __future__ import annotations

import datetime as dt
import threading
from contextlib import suppress
from typing import Any

import pytest
from tests.operations.conftest import contact

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
    together, refused = threading.Barrier(2), []

    def answer() -> None:
        together.wait()
        try:
            erase(store, asked, actor=CLI, now=fixed_now)
        except RequestError as problem:
            refused.append(problem)

    both = [threading.Thread(target=answer) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert len(refused) == 1
    with store.database.read() as conn:
        assert conn.execute("SELECT count(*) FROM journal WHERE verb = 'erase'").all() == [(1,)]
        assert conn.execute("SELECT count(*) FROM request_step WHERE step = 'executed'").all() == [(1,)]


def test_the_same_is_asked_once(store: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """A button that is pressed twice: each finds nothing that waits, and one clock runs all the same."""
    person = contact(store, fixed_now)
    together, refused = threading.Barrier(2), []
    read = requests.own_requests

    def both_read(*args: Any, **more: Any) -> Any:
        found = read(*args, **more)
        together.wait(timeout=20)
        return found

    monkeypatch.setattr(requests, "own_requests", both_read)

    def ask() -> None:
        try:
            requests.ask_own(store, person, "access", asked="", language="fi", now=fixed_now)
        except RequestError as problem:
            refused.append(problem)

    both = [threading.Thread(target=ask) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert len(refused) == 1
    with store.database.read() as conn:
        assert conn.execute("SELECT count(*) FROM rights_request").all() == [(1,)]


def test_two_objections_at_once_are_weighed_by_one_request(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    together = threading.Barrier(2)

    def object_to(purpose: str) -> None:
        together.wait(timeout=20)
        object_and_ask(store, person, purpose, asked=purpose, actor=CLI, now=fixed_now)

    both = [threading.Thread(target=object_to, args=(each,)) for each in ("customer_care", "orders")]
    for each in both:
        each.start()
    for each in both:
        each.join()
    with store.database.read() as conn:
        counts = [conn.execute(f"SELECT count(*) FROM {kind}").all()[0][0] for kind in ("objection", "rights_request")]
    assert counts == [2, 1]


def test_a_switch_pressed_twice_is_one_consent(
    store: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = contact(store, fixed_now)
    together, read = threading.Barrier(2), choices.read_said

    def both_read(*args: Any) -> Any:
        found = read(*args)
        # Who waits for the other's end does not come here before that.
        with suppress(threading.BrokenBarrierError):
            together.wait(timeout=1)
        return found

    monkeypatch.setattr(choices, "read_said", both_read)
    choice = choices.Choice("partner_marketing", recipient="Letkuset Oy")

    def press() -> None:
        choices.turn(store, person, choice, on=True, language="fi", now=fixed_now)

    both = [threading.Thread(target=press) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    with store.database.read() as conn:
        assert conn.execute("SELECT count(*) FROM permission").all() == [(1,)]
