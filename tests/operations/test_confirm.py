"""Double opt-in: what a web form brings is a consent once the link in the e-mail is opened, within seven days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from seloste.operations.actor import CLI, Actor
from seloste.operations.permissions import say
from seloste.operations.permissions.audience import audience
from seloste.operations.permissions.confirm import NotToConfirmError, ToConfirm, ask_to_confirm, confirm
from seloste.operations.records.collect import collect
from seloste.operations.records.enter import Said, enter
from seloste.operations.records.model import InvalidRowsError, NewRow
from seloste.operations.retention.sweep import sweep
from seloste.store.registers import RegisterStore
from seloste.store.verify import verify_derived

FORM = Actor("web_form", "")
MARKETING = Actor("a3", "marketing")
MAIL = "aino.aalto@aallokko.example"


@pytest.fixture
def store(opened: Callable[[str], RegisterStore]) -> RegisterStore:
    return opened("fluent-progress/customers")


def filled(mail: str = MAIL) -> list[NewRow]:
    """What the form of the newsletter brings."""
    return [NewRow("person", {"first_name": "Aino", "last_name": "Aalto", "email": [mail]}, source="web_form", ref="p")]


def asked(store: RegisterStore, now: dt.datetime, rows: list[NewRow] | None = None) -> ToConfirm:
    said = Said("newsletter", True, "web_form", "fi")
    return ask_to_confirm(store, rows or filled(), said, subject="p", actor=FORM, now=now)


def reached(store: RegisterStore, now: dt.datetime) -> tuple[int, ...]:
    return audience(store, "newsletter", "email", actor=MARKETING, now=now).persons


def test_an_unconfirmed_address_is_used_for_nothing(
    store: RegisterStore, fixed_now: dt.datetime, tmp_path: Path
) -> None:
    letter = asked(store, fixed_now)
    assert (letter.address, letter.until) == (MAIL, dt.date(2026, 12, 2))
    assert reached(store, fixed_now) == ()
    with store.read(fixed_now) as conn:
        counts = [conn.execute(f"SELECT count(*) FROM {kind}").all()[0][0] for kind in ("person", "permission")]
        kept = str([bytes(row[0]) for row in conn.execute("SELECT body FROM sys_unconfirmed")])
        kept += str(conn.execute("SELECT token, address, purpose FROM sys_unconfirmed").all())
        kept += str(conn.execute("SELECT * FROM journal").all())
    assert counts == [0, 0]
    assert not [word for word in ("aino", "Aino", "Aalto", letter.token) if word in kept]
    # Nor may anybody pass by the confirmation.
    with pytest.raises(say.CannotSayError):
        enter(store, filled(), [Said("newsletter", True, "web_form", "fi")], subject="p", actor=CLI, now=fixed_now)


@pytest.mark.promise("F5", "F33")
def test_the_link_makes_it_a_consent_with_its_proof(store: RegisterStore, fixed_now: dt.datetime) -> None:
    letter = asked(store, fixed_now)
    later = fixed_now + dt.timedelta(days=7)
    done = confirm(store, letter.token, actor=FORM, now=later)
    assert done.new
    assert reached(store, later) == (done.person,)
    with store.read(later) as conn:
        row = conn.execute(
            "SELECT given_at, ends_on, language, channel, notice, evidence FROM permission WHERE id = :id",
            {"id": done.permission},
        ).first()
        waiting = conn.execute("SELECT count(*) FROM sys_unconfirmed").all()
    assert row is not None
    assert row[:4] == ("2026-12-02T07:12:00Z", "2029-12-02", "fi", "web_form")
    assert row[4] == store.register.hash[:32]
    assert row[5] == "double opt-in; asked 2026-11-25T07:12:00Z; confirmed 2026-12-02T07:12:00Z"
    assert waiting == [(0,)]
    assert verify_derived(store, later).differences == ()
    with pytest.raises(NotToConfirmError):
        confirm(store, letter.token, actor=FORM, now=later)


def test_after_seven_days_it_is_gone(store: RegisterStore, fixed_now: dt.datetime) -> None:
    letter = asked(store, fixed_now)
    sweep(store, now=fixed_now + dt.timedelta(days=7), actor=CLI)
    with store.read(fixed_now) as conn:
        assert conn.execute("SELECT count(*) FROM sys_unconfirmed").all() == [(1,)]
    late = fixed_now + dt.timedelta(days=8)
    with pytest.raises(NotToConfirmError):
        confirm(store, letter.token, actor=FORM, now=late)
    sweep(store, now=late, actor=CLI)
    with store.read(late) as conn:
        assert conn.execute("SELECT count(*) FROM sys_unconfirmed").all() == [(0,)]
        assert conn.execute("SELECT count(*) FROM person").all() == [(0,)]


def test_asking_again_replaces_what_waited(store: RegisterStore, fixed_now: dt.datetime) -> None:
    first = asked(store, fixed_now)
    second = asked(store, fixed_now, filled(MAIL.upper()))
    with pytest.raises(NotToConfirmError):
        confirm(store, first.token, actor=FORM, now=fixed_now)
    assert confirm(store, second.token, actor=FORM, now=fixed_now).new


def test_whoever_is_here_already_is_not_entered_twice(store: RegisterStore, fixed_now: dt.datetime) -> None:
    rows = [*filled(), NewRow("relationship", {"stage": "customer"}, {"person": "p"})]
    person = collect(store, rows, actor=CLI, now=fixed_now).ids["p"]
    done = confirm(store, asked(store, fixed_now).token, actor=FORM, now=fixed_now)
    assert (done.person, done.new) == (person, False)
    assert reached(store, fixed_now) == (person,)


def test_what_cannot_be_stored_or_confirmed_is_refused(store: RegisterStore, fixed_now: dt.datetime) -> None:
    with pytest.raises(say.CannotSayError):
        ask_to_confirm(store, filled(), Said("events", True, "web_form", "fi"), subject="p", actor=FORM, now=fixed_now)
    no_mail = [NewRow("person", {"first_name": "Aino"}, source="web_form", ref="p")]
    with pytest.raises(say.CannotSayError):
        asked(store, fixed_now, no_mail)
    wrong = [NewRow("person", {"first_name": "Aino", "email": [MAIL], "shoe_size": "38"}, source="web_form", ref="p")]
    with pytest.raises(InvalidRowsError):
        asked(store, fixed_now, wrong)
    with pytest.raises(NotToConfirmError):
        confirm(store, "arvaus", actor=FORM, now=fixed_now)
