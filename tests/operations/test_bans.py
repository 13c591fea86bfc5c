"""A ban outlives the person as a keyed hash, comes back with the address, and goes too when the person asks."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from tests.operations.conftest import SALES, contact

from seloste.errors import BadValue
from seloste.operations.actor import CLI
from seloste.operations.permissions import say
from seloste.operations.permissions.contact import contact_answers
from seloste.operations.permissions.forget import WARNING, NotWarnedError, find_bans, forget_bans
from seloste.operations.records.collect import Collected, collect
from seloste.operations.records.import_ import run
from seloste.operations.records.model import NewRow, NoSuchRowError
from seloste.operations.records.rectify import rectify
from seloste.operations.records.transfer.mapping import propose
from seloste.operations.records.transfer.plan import ImportPlan
from seloste.operations.records.transfer.tables import open_table
from seloste.operations.records.transfer.target import target
from seloste.operations.retention.sweep import sweep
from seloste.store.keys import Keys
from seloste.store.registers import RegisterStore
from seloste.store.verify import verify_derived


def entered(store: RegisterStore, now: dt.datetime, **values: str | list[str]) -> Collected:
    """A person with a relationship to the company, with these addresses."""
    rows = [
        NewRow("organisation", {"name": "Uusi Oy"}, ref="o"),
        NewRow("person", {"first_name": "Sari", "last_name": "Havukoski", **values}, ref="p"),
        NewRow("relationship", {"title": "Johtaja"}, {"person": "p", "organisation": "o"}),
    ]
    return collect(store, rows, actor=SALES, now=now)


def gone(store: RegisterStore, now: dt.datetime, channel: str = "all") -> tuple[int, dt.datetime]:
    """A person who forbade marketing and whose every matter has ended and was swept; and a moment after that."""
    person = contact(store, now, ended="2026-11-20")
    say.ban(store, person, channel, note="puhelussa", actor=SALES, now=now)
    later = now + dt.timedelta(days=800)
    sweep(store, now=later, actor=CLI)
    return person, later


def answer(store: RegisterStore, person: int, now: dt.datetime, channel: str = "email") -> str:
    found = contact_answers(store, person, actor=SALES, now=now)
    return next(each.answer for each in found if (each.purpose, each.channel) == ("marketing", channel))


@pytest.mark.promise("F26", "C11")
def test_of_somebody_who_is_gone_stays_the_ban_and_a_hash(
    store: RegisterStore, fixed_now: dt.datetime, tmp_path: Path
) -> None:
    person, later = gone(store, fixed_now)
    with store.read(later) as conn:
        row = conn.execute("SELECT first_name, last_name, phone, email FROM person WHERE id = :id", {"id": person})
        assert row.first() == (None, None, None, None)
        ban = conn.execute("SELECT person, channel, fingerprints FROM ban").all()
        found = conn.execute("SELECT key FROM sys_find WHERE kind = 'person' AND row = :id", {"id": person}).all()
    assert [(each[0], each[1]) for each in ban] == [(person, "all")]
    assert found == []
    mail = store.keys.fingerprint("email:sari@havupumppu.example")
    number = store.keys.fingerprint("phone:358500000142")
    assert set(json.loads(ban[0][2])) == {mail, number}
    # Another installation, or another register, makes another hash of the same address.
    assert Keys(b"x" * 32, "fluiconnecto_customers").fingerprint("email:sari@havupumppu.example") != mail
    assert verify_derived(store, later).differences == ()


@pytest.mark.promise("F26", "C11", "C37")
def test_a_ban_comes_back_with_the_address(store: RegisterStore, fixed_now: dt.datetime) -> None:
    _, later = gone(store, fixed_now)
    done = entered(store, later, email=["SARI@havupumppu.example"])
    person = done.ids["p"]
    assert done.banned == (person,)
    assert answer(store, person, later) == "no"
    with store.read(later) as conn:
        told = conn.execute("SELECT actor, note FROM journal WHERE verb = 'ban' AND person = :id", {"id": person}).all()
    assert told == [("register", "again:all")]
    assert verify_derived(store, later).differences == ()
    # Entered once more the ban stands already; of somebody else there is none.
    assert entered(store, later, email=["eero@havupumppu.example"]).banned == ()


def test_a_ban_comes_back_with_a_corrected_address(store: RegisterStore, fixed_now: dt.datetime) -> None:
    _, later = gone(store, fixed_now, "email")
    person = entered(store, later, phone=["050 000 0142"]).ids["p"]
    # The number may be anybody's at that company, and it was e-mail that was forbidden.
    assert answer(store, person, later) == "yes"
    done = rectify(
        store, "person", person, {"email": ["sari@havupumppu.example"]}, source="subject", actor=SALES, now=later
    )
    assert done.banned
    assert (answer(store, person, later), answer(store, person, later, "phone")) == ("no", "yes")


def test_a_ban_by_phone_comes_back_with_the_number(store: RegisterStore, fixed_now: dt.datetime) -> None:
    _, later = gone(store, fixed_now, "phone")
    done = entered(store, later, phone=["+358 50 0000142"])
    assert done.banned == (done.ids["p"],)
    assert answer(store, done.ids["p"], later, "phone") == "no"


def test_a_lifted_ban_does_not_come_back(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now, ended="2026-11-20")
    banned = say.ban(store, person, "all", actor=SALES, now=fixed_now).id
    say.lift_ban(store, person, banned, actor=SALES, now=fixed_now)
    later = fixed_now + dt.timedelta(days=800)
    sweep(store, now=later, actor=CLI)
    assert entered(store, later, email=["sari@havupumppu.example"]).banned == ()
    with store.read(later) as conn:
        assert conn.execute("SELECT count(*) FROM ban").all() == [(0,)]


@pytest.mark.promise("F26", "C11", "C37")
def test_an_import_sets_the_ban_anew_and_says_so(store: RegisterStore, fixed_now: dt.datetime, tmp_path: Path) -> None:
    _, later = gone(store, fixed_now)
    file = tmp_path / "fair.csv"
    file.write_text(
        "Etunimi,Sukunimi,Sähköposti,Yritys\n"
        "Sari,Havukoski,sari@havupumppu.example,Messu Oy\n"
        "Eero,Havuvirta,eero@havuvirta.example,Messu Oy\n",
        encoding="utf-8",
    )
    to = target(store.register, store.register.lenses["sales"], "person", "")
    assert to is not None
    proposal = propose(store.register, to, [cells for _, cells in open_table(file).rows()])
    plan = ImportPlan(to, proposal.fields, "event_organiser", proposal.headed)
    _, done = run(store, file, plan, actor=SALES, now=later)
    assert done is not None
    assert (done.taken, done.banned) == (2, 1)
    with store.read(later) as conn:
        rows = conn.execute("SELECT id, email FROM person WHERE email IS NOT NULL ORDER BY id").all()
    assert [answer(store, int(number), later) for number, _ in rows] == ["no", "yes"]


@pytest.mark.promise("C37")
def test_the_record_goes_too_if_the_person_asks(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person, later = gone(store, fixed_now)
    seen = find_bans(store, "Sari@havupumppu.example", actor=CLI, now=later)
    assert ([(each.channel, each.purpose) for each in seen.bans], seen.persons, seen.here) == ([("all", "")], 1, 0)
    assert find_bans(store, "050 000 0142", actor=CLI, now=later) == seen
    assert find_bans(store, "eero@havupumppu.example", actor=CLI, now=later).bans == ()
    with pytest.raises(BadValue):
        find_bans(store, "Sari", actor=CLI, now=later)
    with pytest.raises(NotWarnedError) as told:
        forget_bans(store, address="sari@havupumppu.example", warned=False, actor=CLI, now=later)
    assert told.value.message("fi") == WARNING["fi"]
    with pytest.raises(BadValue):
        forget_bans(store, address="Sari", warned=True, actor=CLI, now=later)
    with pytest.raises(NoSuchRowError):
        forget_bans(store, address="eero@havupumppu.example", warned=True, actor=CLI, now=later)
    assert forget_bans(store, address="Sari@havupumppu.example", warned=True, actor=CLI, now=later).bans == 1
    with store.read(later) as conn:
        assert conn.execute("SELECT count(*) FROM ban").all() == [(0,)]
        assert conn.execute("SELECT count(*) FROM person WHERE id = :id", {"id": person}).all() == [(0,)]
        entries = str(conn.execute("SELECT * FROM journal").all())
        assert "forget_ban" in entries
        assert not any(part in entries for part in ("havupumppu", "0142"))
    assert entered(store, later, email=["sari@havupumppu.example"]).banned == ()


@pytest.mark.promise("C37")
def test_a_person_who_is_here_may_have_it_forgotten(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    say.ban(store, person, "all", actor=SALES, now=fixed_now)
    assert answer(store, person, fixed_now) == "no"
    done = forget_bans(store, person=person, warned=True, actor=SALES, now=fixed_now)
    assert done.bans == 1
    assert answer(store, person, fixed_now) == "yes"
    assert verify_derived(store, fixed_now).differences == ()


def test_an_address_that_came_later_is_banned_too(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    say.ban(store, person, "email", actor=SALES, now=fixed_now)
    rectify(store, "person", person, {"email": ["sari@uusi.example"]}, source="subject", actor=SALES, now=fixed_now)
    assert entered(store, fixed_now, email=["sari@uusi.example"]).banned != ()
    assert entered(store, fixed_now, email=["sari@havupumppu.example"]).banned != ()


@pytest.mark.promise("C37", "C58")
def test_an_objection_to_marketing_outlives_the_person_too(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now, ended="2026-11-20")
    say.object_to(store, person, "marketing", actor=SALES, now=fixed_now)
    say.object_to(store, person, "marketing", actor=SALES, now=fixed_now)
    with store.read(fixed_now) as conn:
        assert conn.execute("SELECT channel, purpose FROM ban").all() == [("all", "marketing")]
    later = fixed_now + dt.timedelta(days=800)
    sweep(store, now=later, actor=CLI)
    back = entered(store, later, email=["sari@havupumppu.example"])
    assert back.banned == (back.ids["p"],)
    assert answer(store, back.ids["p"], later) == "no"
    seen = find_bans(store, "sari@havupumppu.example", actor=CLI, now=later)
    assert (len(seen.bans), seen.persons, seen.here) == (2, 2, 1), "who came back may be marketed to again"
    assert forget_bans(store, address="sari@havupumppu.example", warned=True, actor=CLI, now=later).bans == 2
    with store.read(later) as conn:
        assert conn.execute("SELECT count(*) FROM objection").all() == [(0,)]
        assert conn.execute("SELECT count(*) FROM person WHERE id = :id", {"id": person}).all() == [(0,)]
    assert answer(store, back.ids["p"], later) == "yes"


def test_an_objection_to_other_use_is_no_ban(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    raised = say.object_to(store, person, "research", actor=SALES, now=fixed_now)
    say.decide_objection(store, raised.id, upheld=True, reason="", actor=SALES, now=fixed_now)
    with store.read(fixed_now) as conn:
        assert conn.execute("SELECT count(*) FROM ban").all() == [(0,)]
