"""Publication to the extent agreed beforehand: each agreed with its own consent, and ended alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from seloste.compiler.at_once import withdrawal
from seloste.compiler.objected_at_once import objection
from seloste.operations.actor import CLI, Actor
from seloste.operations.permissions import say
from seloste.operations.permissions.of_row import withdraw_row
from seloste.operations.records import read
from seloste.operations.records.collect import Collected, collect
from seloste.operations.records.enter import Said, enter
from seloste.operations.records.import_ import dry_run
from seloste.operations.records.model import InvalidRowsError, NewRow, NoSuchRowError
from seloste.operations.records.rectify import rectify
from seloste.operations.records.remove import remove
from seloste.operations.records.transfer.errors import ImportRefusedError
from seloste.operations.records.transfer.plan import ImportPlan
from seloste.operations.records.transfer.target import target
from seloste.store.registers import RegisterStore
from seloste.store.spool import Spool
from seloste.store.verify import verify_derived

SERVICE = Actor("a4", "customer_service")
YES = Said("publication", True, "in_person", "fi")


@pytest.fixture
def store(opened: Callable[[str], RegisterStore]) -> RegisterStore:
    return opened("fluent-progress/customers")


@pytest.fixture
def person(store: RegisterStore, fixed_now: dt.datetime) -> int:
    rows = [
        NewRow("person", {"first_name": "Aino", "last_name": "Aalto", "email": ["aino@aalto.example"]}, ref="p"),
        NewRow("relationship", {"stage": "customer"}, {"person": "p"}),
    ]
    return collect(store, rows, actor=SERVICE, now=fixed_now).ids["p"]


def publication(person: int, where: str, ref: str = "", **more: str) -> NewRow:
    values = {"what": ["person.first_name"], "where": where, "agreed_on": "25.11.2026", **more}
    return NewRow("publication", values, {"person": person}, ref=ref or where)


def agreed(store: RegisterStore, person: int, now: dt.datetime, *where: str) -> Collected:
    rows = [publication(person, each) for each in where]
    return enter(store, rows, [YES], subject=person, actor=SERVICE, now=now)


def seen(store: RegisterStore, now: dt.datetime) -> set[int]:
    return {each.id for each in read.rows(store, "publication", actor=SERVICE, now=now).rows}


@pytest.mark.promise("F49")
def test_nothing_is_published_without_the_consent_to_it(
    store: RegisterStore, person: int, fixed_now: dt.datetime
) -> None:
    for said in ([], [Said("publication", False, "in_person", "fi")]):
        with pytest.raises(InvalidRowsError):
            enter(store, [publication(person, "website")], said, subject=person, actor=SERVICE, now=fixed_now)
    first = agreed(store, person, fixed_now, "website").ids["website"]
    # A yes to one is none to the next.
    with pytest.raises(InvalidRowsError):
        collect(store, [publication(person, "print")], actor=SERVICE, now=fixed_now)
    with pytest.raises(say.CannotSayError):
        say.grant(store, person, "publication", channel="paper", language="fi", actor=SERVICE, now=fixed_now)
    assert seen(store, fixed_now) == {first}
    with store.read(fixed_now) as conn:
        proofs = conn.execute("SELECT wording, notice, language, channel FROM permission").all()
        ends = conn.execute("SELECT ended_on FROM publication").all()
    assert len(proofs) == 1
    assert all(proofs[0])
    # The consent lasts three years, and what rests on it no longer.
    assert ends == [("2029-11-25",)]


@pytest.mark.promise("F49")
def test_one_taken_back_ends_alone(store: RegisterStore, person: int, fixed_now: dt.datetime) -> None:
    ids = agreed(store, person, fixed_now, "website", "print").ids
    with store.read(fixed_now) as conn:
        assert conn.execute("SELECT count(*) FROM permission WHERE withdrawn_at IS NULL").all() == [(2,)]
    done = withdraw_row(store, "publication", ids["website"], actor=SERVICE, now=fixed_now)
    assert done.swept is not None
    assert done.swept.line("publication", "where").goes == 1
    assert seen(store, fixed_now) == {ids["print"]}
    with store.read(fixed_now) as conn:
        assert conn.execute("SELECT id FROM publication").all() == [(ids["print"],)]
        assert conn.execute("SELECT count(*) FROM permission WHERE withdrawn_at IS NULL").all() == [(1,)]
    assert verify_derived(store, fixed_now).differences == ()
    with pytest.raises(NoSuchRowError):
        withdraw_row(store, "publication", ids["website"], actor=SERVICE, now=fixed_now)
    # A no to the purpose is a no to all that is left of it.
    say.withdraw(store, person, "publication", actor=SERVICE, now=fixed_now)
    with store.read(fixed_now) as conn:
        assert conn.execute("SELECT count(*) FROM publication").all() == [(0,)]


def test_what_is_agreed_for_shorter_ends_earlier(store: RegisterStore, person: int, fixed_now: dt.datetime) -> None:
    rows = [publication(person, "website", ended_on="31.12.2026")]
    enter(store, rows, [YES], subject=person, actor=SERVICE, now=fixed_now)
    with store.read(fixed_now) as conn:
        assert conn.execute("SELECT ended_on FROM publication").all() == [("2026-12-31",)]


@pytest.mark.promise("F49")
def test_no_date_written_later_keeps_it_longer_than_its_own_consent(
    store: RegisterStore, person: int, fixed_now: dt.datetime
) -> None:
    first = agreed(store, person, fixed_now, "website").ids["website"]
    second = agreed(store, person, fixed_now + dt.timedelta(days=365), "print").ids["print"]
    change = {"ended_on": "1.1.2035"}
    rectify(store, "publication", first, change, source="subject", actor=SERVICE, now=fixed_now)
    last = fixed_now + dt.timedelta(days=3 * 365 + 1)
    assert last.date() == dt.date(2029, 11, 25)
    assert seen(store, last) == {first, second}
    assert seen(store, last + dt.timedelta(days=1)) == {second}
    assert verify_derived(store, last).differences == ()


def test_what_a_hold_kept_does_not_come_back_with_another_consent(
    store: RegisterStore, person: int, fixed_now: dt.datetime
) -> None:
    first = agreed(store, person, fixed_now, "website").ids["website"]
    say.hold(store, person, "Riita", owner="customer_service", review_on=fixed_now.date(), actor=CLI, now=fixed_now)
    say.withdraw(store, person, "publication", actor=SERVICE, now=fixed_now)
    with store.read(fixed_now) as conn:
        assert conn.execute("SELECT id FROM publication").all() == [(first,)]
    say.release(store, person, actor=CLI, now=fixed_now)
    later = fixed_now + dt.timedelta(minutes=5)
    second = agreed(store, person, later, "print").ids["print"]
    assert seen(store, later) == {second}
    assert verify_derived(store, later).differences == ()


def test_undone_it_takes_its_consent_along(store: RegisterStore, person: int, fixed_now: dt.datetime) -> None:
    ids = agreed(store, person, fixed_now, "website", "print").ids
    remove(store, [("publication", ids["website"])], actor=SERVICE, now=fixed_now)
    with store.read(fixed_now) as conn:
        assert conn.execute("SELECT count(*) FROM permission").all() == [(1,)]
    assert seen(store, fixed_now) == {ids["print"]}


def test_no_file_brings_a_consent_to_each(store: RegisterStore, fixed_now: dt.datetime, tmp_path: Path) -> None:
    to = target(store.register, store.register.lenses["customer_service"], "publication", "")
    assert to is not None
    plan = ImportPlan(to, ("publication.where",), "subject")
    with pytest.raises(ImportRefusedError):
        ready = Spool(tmp_path / "ready", store.keys, "import")
        dry_run(store, iter([(1, ["print"])]), plan, ready=ready, actor=SERVICE, now=fixed_now)


def test_only_what_is_agreed_to_apart_is_taken_back_apart(
    store: RegisterStore, person: int, fixed_now: dt.datetime
) -> None:
    with pytest.raises(say.CannotSayError):
        withdraw_row(store, "relationship", 1, actor=SERVICE, now=fixed_now)


def test_a_no_is_said_whole_where_rows_end_with_what_is_said(store: RegisterStore) -> None:
    """The short way writes events and bits, and would leave the last days of such rows as they were."""
    register = store.register
    assert register.agreed
    for purpose in register.purposes:
        assert withdrawal(register, "person", purpose, store.database.dialect) is None
        assert objection(register, purpose, (), store.database.dialect) is None
