"""Requests of the people: received, identified, extended, answered, refused; their clock and state, on both engines."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.operations.conftest import contact

from seloste.clock import HELSINKI
from seloste.operations.actor import Actor
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.rights.answer import answer, refuse
from seloste.operations.rights.ask import ask, came
from seloste.operations.rights.evidence import NotIdentifiedError
from seloste.operations.rights.extend import extend
from seloste.operations.rights.identify import identify
from seloste.operations.rights.model import RequestError
from seloste.operations.rights.read import request, requests
from seloste.operations.rights.receive import receive
from seloste.store.journal import verify
from seloste.store.registers import RegisterStore

LEAD = Actor("a9", "sales")
STRONG = frozenset({"strong"})


def at(day: str, hour: int = 12) -> dt.datetime:
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(hour), HELSINKI)


def known(store: RegisterStore, person: int, day: str, right: str = "access") -> int:
    """A request of somebody who is known, received on a day."""
    when = at(day)
    return receive(store, right, channel="email", person=person, evidence=STRONG, actor=LEAD, now=when).id


@pytest.mark.promise("F59", "C55")
def test_a_month_runs_from_the_day_it_arrived_and_ends_on_a_working_day(store: RegisterStore) -> None:
    person = contact(store, at("2026-01-30"))
    number = known(store, person, "2026-01-30")
    found, name = request(store, number, actor=LEAD, now=at("2026-02-10"))
    assert (found.clock.day, found.clock.left, found.state) == (dt.date(2026, 3, 2), 20, "received")
    assert name == "Sari Havukoski"
    # A second request in the same year has the same month and the same price: none (T8).
    again = known(store, person, "2026-02-16")
    found, _ = request(store, again, actor=LEAD, now=at("2026-02-16"))
    assert found.clock.day == dt.date(2026, 3, 16)


@pytest.mark.promise("F58")
def test_an_identity_code_and_a_name_do_not_identify(store: RegisterStore) -> None:
    """T7: asked for more, the clock stands; what comes sets it going again."""
    person = contact(store, at("2026-03-02"))
    number = receive(
        store, "access", channel="email", asked_by="Sari Havukoski, sari@kotiposti.example", actor=LEAD,
        now=at("2026-03-03"),
    ).id  # fmt: skip
    for evidence in (frozenset({"identity_code"}), frozenset({"identity_code", "name"})):
        with pytest.raises(NotIdentifiedError, match=r"s\. 29"):
            identify(store, number, evidence, person=person, actor=LEAD, now=at("2026-03-04"))
    with pytest.raises(NotIdentifiedError):
        identify(store, number, frozenset({"card_copy"}), person=person, actor=LEAD, now=at("2026-03-04"))
    with pytest.raises(RequestError, match="who asks"):
        answer(store, number, "done", actor=LEAD, now=at("2026-03-04"))
    assert ask(store, number, "identity", actor=LEAD, now=at("2026-03-04")).due is None
    found, name = request(store, number, actor=LEAD, now=at("2026-03-20"))
    assert (found.state, found.clock.paused, name) == ("waiting", True, "")
    with pytest.raises(RequestError):
        ask(store, number, "identity", actor=LEAD, now=at("2026-03-21"))
    done = identify(store, number, frozenset({"identity_code", "strong"}), person=person, actor=LEAD,
                    now=at("2026-03-25"))  # fmt: skip
    # 3 April is Good Friday; 21 days stood still, and 24 April is a Friday.
    assert (done.state, done.due) == ("received", dt.date(2026, 4, 24))
    found, name = request(store, number, actor=LEAD, now=at("2026-03-25"))
    assert (found.person, found.identified, name) == (person, "strong", "Sari Havukoski")
    with store.read(at("2026-03-25")) as conn:
        assert conn.execute("SELECT count(*) FROM person").all() == [(1,)], "the key of the unknown one is gone"


def test_detail_asked_for_stops_the_clock_until_it_comes(store: RegisterStore) -> None:
    number = known(store, contact(store, at("2026-03-02")), "2026-03-03")
    with pytest.raises(RequestError):
        came(store, number, actor=LEAD, now=at("2026-03-04"))
    ask(store, number, "detail", text="Mitä vuotta tarkoitat?", actor=LEAD, now=at("2026-03-05"))
    done = came(store, number, text="Vuotta 2025.", actor=LEAD, now=at("2026-03-10"))
    assert done.due == dt.date(2026, 4, 8)


@pytest.mark.promise("F59")
def test_an_extension_comes_in_time_with_reasons_or_not_at_all(store: RegisterStore) -> None:
    """T15, and three months from receipt."""
    person = contact(store, at("2026-01-05"))
    number = known(store, person, "2026-01-05")
    with pytest.raises(RequestError, match="why"):
        extend(store, number, reason=" ", actor=LEAD, now=at("2026-02-05"))
    assert extend(store, number, reason="Paljon aineistoa.", actor=LEAD, now=at("2026-02-05")).due == dt.date(
        2026, 4, 7
    )
    with pytest.raises(RequestError, match="once"):
        extend(store, number, reason="Vielä.", actor=LEAD, now=at("2026-02-05"))
    late = known(store, person, "2026-01-05")
    with pytest.raises(RequestError, match="passed"):
        extend(store, late, reason="Paljon aineistoa.", actor=LEAD, now=at("2026-02-06"))
    found, _ = request(store, late, actor=LEAD, now=at("2026-02-06"))
    assert (found.clock.overdue, found.clock.left) == (True, -1)
    # Asking now, or having been asked, heals nothing; it is answered all the same, and stays late.
    ask(store, late, "detail", actor=LEAD, now=at("2026-02-09"))
    found, _ = request(store, late, actor=LEAD, now=at("2026-02-20"))
    assert (found.clock.overdue, found.clock.paused, found.clock.day) == (True, False, dt.date(2026, 2, 5))
    answer(store, late, "done", actor=LEAD, now=at("2026-02-20"))
    found, _ = request(store, late, actor=LEAD, now=at("2026-06-01"))
    assert (found.clock.overdue, found.clock.left, found.open) == (True, -15, False)


@pytest.mark.promise("F57", "C65")
def test_by_any_channel_and_in_any_form(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    for channel in ("portal", "email", "post", "office", "phone"):
        receive(store, "access", channel=channel, person=person, actor=LEAD, now=fixed_now)
    assert len(requests(store, actor=LEAD, now=fixed_now).open) == 5
    with pytest.raises(RequestError):
        receive(store, "access", channel="telex", person=person, actor=LEAD, now=fixed_now)
    with pytest.raises(RequestError, match="who they said"):
        receive(store, "access", channel="post", actor=LEAD, now=fixed_now)
    with pytest.raises(RequestError, match="to come"):
        later = fixed_now + dt.timedelta(days=1)
        receive(store, "access", channel="post", person=person, received_at=later, actor=LEAD, now=fixed_now)
    with pytest.raises(NoSuchRowError):
        receive(store, "access", channel="post", person=person + 99, actor=LEAD, now=fixed_now)


def test_a_refusal_has_its_reasons_and_closes_what_nobody_identified(store: RegisterStore) -> None:
    number = receive(
        store, "erasure", channel="email", asked_by="Joku, joku@posti.example", actor=LEAD, now=at("2026-03-03")
    ).id
    with pytest.raises(RequestError, match="why not"):
        refuse(store, number, reason="", actor=LEAD, now=at("2026-03-20"))
    done = refuse(store, number, reason="Emme saaneet selville, kuka pyytää.", actor=LEAD, now=at("2026-03-20"))
    assert done.state == "refused"
    found, _ = request(store, number, actor=LEAD, now=at("2026-03-20"))
    assert (found.state, found.steps[-1].text) == ("refused", "Emme saaneet selville, kuka pyytää.")
    with pytest.raises(RequestError, match="answered"):
        answer(store, number, "done", actor=LEAD, now=at("2026-03-21"))


def test_the_most_urgent_comes_first_and_the_late_one_stays(store: RegisterStore) -> None:
    person = contact(store, at("2026-01-05"))
    late, soon = known(store, person, "2026-01-05"), known(store, person, "2026-01-30")
    waits = known(store, person, "2026-01-06")
    ask(store, waits, "detail", actor=LEAD, now=at("2026-01-07"))
    over = known(store, person, "2026-01-07")
    answer(store, over, "done", actor=LEAD, now=at("2026-01-08"))
    queue = requests(store, actor=LEAD, now=at("2026-02-10"))
    assert [each.id for each in queue.open] == [late, soon, waits]
    assert [each.id for each in queue.answered] == [over]
    assert queue.names == {person: "Sari Havukoski"}


def test_requests_are_the_persons_and_their_words_are_in_no_journal(
    store: RegisterStore, fixed_now: dt.datetime
) -> None:
    person = contact(store, fixed_now)
    number = receive(
        store, "rectification", channel="post", person=person, asked="Salainen pyyntö", asked_by="Salanimi",
        evidence=frozenset({"in_person"}), actor=LEAD, now=fixed_now,
    ).id  # fmt: skip
    answer(store, number, "partly_done", text="Salainen vastaus", reason="Salainen syy", actor=LEAD, now=fixed_now)
    requests(store, actor=LEAD, now=fixed_now)
    store.reads.flush()
    with store.read(fixed_now) as conn:
        verbs = [row[0] for row in conn.execute("SELECT verb FROM journal WHERE kind = 'rights_request' ORDER BY seq")]
        everything = str(conn.execute("SELECT * FROM journal").all())
    assert verbs == ["receive_request", "answer", "look"]
    assert "ala" + "inen" not in everything
    assert "Salanimi" not in everything
    assert verify(store.database).ok
