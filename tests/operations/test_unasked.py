"""Art. 19 without a request: those who received what a word erases, or a correction mends, are told too."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from tests.friends import REGISTER as FRIENDS
from tests.friends import befriended, friends
from tests.operations.conftest import SALES, contact
from tests.operations.test_rights_access import LEAD, asks
from tests.operations.test_rights_done import CARRIER, buyer
from tests.side_by_side import both_before_either_goes_on, run_at_once

from seloste.catalogue.model import PERSON
from seloste.operations.actor import Actor
from seloste.operations.evidence.facts import gather as facts
from seloste.operations.permissions import say
from seloste.operations.permissions.wording import consent_values
from seloste.operations.portal.choices import Choice, turn
from seloste.operations.portal.requests import own_requests
from seloste.operations.portal.unsubscribe import Mailing, end_mailing, token
from seloste.operations.records.rectify import rectify
from seloste.operations.rights import fee, recipients
from seloste.operations.rights.corrected import carry_out_correction
from seloste.operations.rights.model import Request
from seloste.operations.rights.read import request, requests
from seloste.operations.rights.recipients import notices, settle_notice, untold
from seloste.operations.rights.remind import standing
from seloste.operations.rights.unasked import ErasesError
from seloste.settings import Durability
from seloste.store import at_once
from seloste.store.journal import verify
from seloste.store.registers import Registers, RegisterStore
from seloste.store.verify import verify_derived

PARTNER, OTHER = "Kuntokaari Esimerkki Oy", "Työpolku Esimerkki Oy"
PRINTER = "Painotalo Oy"
GROUP = "Fluent Progress Group Oy"
"""By the notice it gets of everybody what is held, for its marketing."""
CHOICE = Choice("partner_marketing", recipient=PARTNER)
MARKETER = Actor("a3", "marketing")


@pytest.fixture
def customers(opened: Callable[[str], RegisterStore]) -> RegisterStore:
    """A register in which one may be held for nothing but a yes to a partner."""
    return opened("fluent-progress/customers")


def agreed(store: RegisterStore, now: dt.datetime, *, given: tuple[str, ...] = ()) -> int:
    """Somebody held by a yes to one partner alone, of whom ``given`` was written down as given to a printer."""
    words = consent_values(
        store, "partner_marketing", channel="web_form", language="fi", given_at=now, recipient=PARTNER
    )
    with store.write(now) as work:
        person = work.insert(PERSON, {"first_name": "Aino", "email": ["aino@aalto.example"]}, source="subject")
        columns = store.register.tables["permission"]
        known = {name: value for name, value in words.items() if value is not None and columns.column(name)}
        work.insert("permission", {**known, PERSON: person}, source="subject")
        if given:
            values = {"recipient": PRINTER, "at": now, "what": list(given), PERSON: person}
            work.insert("disclosure", values, source="own_records")
    return person


def written(store: RegisterStore, now: dt.datetime) -> list[Request]:
    queue = requests(store, actor=LEAD, now=now)
    assert not [each for each in queue.open if each.unasked], "nobody waits for it"
    return [each for each in queue.answered if each.unasked]


def emails(store: RegisterStore, now: dt.datetime) -> list[Any]:
    with store.read(now) as conn:
        return [row[0] for row in conn.execute("SELECT email FROM person WHERE email IS NOT NULL")]


def by_staff(store: RegisterStore, person: int, now: dt.datetime) -> None:
    assert PARTNER in "".join(say.withdraw(store, person, "partner_marketing", actor=MARKETER, now=now).told)


def by_switch(store: RegisterStore, person: int, now: dt.datetime) -> None:
    turn(store, person, CHOICE, on=False, language="en", now=now)


def by_letter(store: RegisterStore, person: int, now: dt.datetime) -> None:
    end_mailing(store, token(store.keys, Mailing(person, CHOICE)), language="en", now=now)


@pytest.mark.promise("C61")
@pytest.mark.parametrize(
    ("how", "known"),
    [(by_staff, ""), (by_switch, "own_account"), (by_letter, "address_on_file")],
    ids=["staff", "switch", "letter"],
)
def test_whoever_received_what_a_withdrawal_erases_is_told(
    customers: RegisterStore, fixed_now: dt.datetime, how: Callable[..., None], known: str
) -> None:
    store = customers
    person = agreed(store, fixed_now, given=("person.email",))
    agreed(store, fixed_now)
    how(store, person, fixed_now)
    assert len(emails(store, fixed_now)) == 1, "it went at once, whichever way it was said"
    [found] = written(store, fixed_now)
    assert (found.right, found.state, found.person, found.identified) == ("withdrawal", "done", person, known)
    tasks = notices(store, found.id, now=fixed_now)
    assert {each.recipient.partition(" (")[0] for each in tasks} == {GROUP, PARTNER, PRINTER}
    assert not any(OTHER in each.recipient for each in tasks), "it was never said yes to"
    assert untold(store, now=fixed_now) == {found.id: tuple(each.recipient for each in tasks)}
    # The person finds what was done and waits for nothing; no letter leaves.
    own = own_requests(store, person, now=fixed_now)
    assert (own.open, [each.id for each in own.answered]) == ((), [found.id])
    assert PRINTER in found.answer
    assert ("withdrawn" if known else "peruttu") in found.answer
    with store.read(fixed_now) as conn:
        assert conn.execute("SELECT count(*) FROM request_letter").all() == [(0,)]
    # It flatters no figure, and nobody who says no asks often.
    told = facts(store, now=fixed_now)
    assert (told.requests.answered, told.open, told.to_tell) == (0, 0, "few")
    number = asks(store, person, fixed_now, "access")
    assert fee.earlier(store, number, person, now=fixed_now) == ()
    assert standing(store, now=fixed_now).to_tell == 3
    # Whom it is about stays to be told to them, and no longer.
    assert found.asked_by == "Aino, aino@aalto.example"
    for each in tasks:
        assert request(store, found.id, actor=LEAD, now=fixed_now)[0].asked_by == found.asked_by
        settle_notice(store, found.id, each.id, actor=LEAD, now=fixed_now)
    assert request(store, found.id, actor=LEAD, now=fixed_now)[0].asked_by == ""
    assert (untold(store, now=fixed_now), standing(store, now=fixed_now).to_tell) == ({}, 0)
    assert verify_derived(store, fixed_now).differences == ()
    assert verify(store.database).ok


def test_where_nothing_goes_nothing_is_written_down(
    store: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A no that lets nothing go is written at once and does not come here at all."""
    person = contact(store, fixed_now)
    words = {"recipient": "Letkuset Oy", "channel": "web_form", "language": "fi"}
    say.grant(store, person, "partner_marketing", **words, actor=SALES, now=fixed_now)
    monkeypatch.setattr("seloste.operations.permissions.say.let_go_said", None)
    assert say.withdraw(store, person, "partner_marketing", actor=SALES, now=fixed_now).ended == 1
    assert say.object_to(store, person, "marketing", actor=SALES, now=fixed_now).told == ()
    monkeypatch.undo()
    monkeypatch.setattr(at_once, "withdraw", lambda *_: None)
    say.grant(store, person, "partner_marketing", **words, actor=SALES, now=fixed_now)
    assert say.withdraw(store, person, "partner_marketing", actor=SALES, now=fixed_now).told == ()
    assert written(store, fixed_now) == []


def test_what_was_not_seen_is_not_erased(
    customers: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = customers
    # Each look is journaled before it is shown; within the transaction of the word it would wait for that one's end.
    monkeypatch.setattr(store.reads, "_durability", Durability.EACH)
    person = agreed(store, fixed_now)

    def withdraw(seen: str | None) -> say.SaidReport:
        return say.withdraw(store, person, "partner_marketing", seen=seen, actor=MARKETER, now=fixed_now)

    for seen in ("", "0123"):
        with pytest.raises(ErasesError) as refused:
            withdraw(seen)
    gone = refused.value.gone
    assert gone.goes == 2
    assert {each.partition(" (")[0] for each in gone.told} == {GROUP, PARTNER}
    assert (len(emails(store, fixed_now)), written(store, fixed_now)) == (1, []), "nothing was done"
    assert untold(store, now=fixed_now) == {}
    said = withdraw(gone.mark)
    assert said.swept is not None
    assert (said.swept.cells, said.told) == (gone.goes, gone.told)
    store.reads.flush()
    with store.read(fixed_now) as conn:
        looks = conn.execute("SELECT actor, note, count FROM journal WHERE verb = 'look' AND kind = 'rights_request'")
        assert ("a3", "withdrawal", 2) in [tuple(row) for row in looks]


@pytest.mark.promise("C61")
def test_whoever_received_what_an_objection_to_marketing_erases_is_told(
    customers: RegisterStore, fixed_now: dt.datetime
) -> None:
    store = customers
    person, purpose = agreed(store, fixed_now), "partner_marketing"
    with pytest.raises(ErasesError) as refused:
        say.object_to(store, person, purpose, seen="", actor=MARKETER, now=fixed_now)
    gone = refused.value.gone
    assert gone.ban_stays, "the keyed hash of the address"
    said = say.object_to(store, person, purpose, seen=gone.mark, actor=MARKETER, now=fixed_now)
    assert (said.swept is not None, len(said.told)) == (True, 2)
    [found] = written(store, fixed_now)
    assert (found.right, found.asked_by) == ("objection", "Aino, aino@aalto.example")
    assert "Markkinointikiellostasi jää tunniste" in found.answer
    assert [each.recipient for each in notices(store, found.id, now=fixed_now)] == list(said.told)


def test_the_name_goes_when_the_last_two_are_told_at_once(
    customers: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = customers
    by_switch(store, agreed(store, fixed_now), fixed_now)
    [found] = written(store, fixed_now)
    tasks = notices(store, found.id, now=fixed_now)
    assert (len(tasks), found.asked_by) == (2, "Aino, aino@aalto.example")
    both_before_either_goes_on(monkeypatch, recipients, "read_rows")

    def tell(task: int) -> None:
        settle_notice(store, found.id, task, actor=LEAD, now=fixed_now)

    assert run_at_once(*(partial(tell, each.id) for each in tasks)) == []
    monkeypatch.undo()
    assert untold(store, now=fixed_now) == {}
    assert request(store, found.id, actor=LEAD, now=fixed_now)[0].asked_by == ""


def test_what_an_order_seals_is_not_kept_to_tell_by(registers: Registers, fixed_now: dt.datetime) -> None:
    """On a request it would be read without a reason, also by whoever may not see it."""
    office = "office: {text: {fi: Toimisto, en: Office}, for: [printing]}"
    registers.apply(friends(office, uses="name, email, non_disclosure"), now=fixed_now, actor="cli")
    store = registers.open(FRIENDS)
    kept = {}
    for name, order in (("Aino", None), ("Eeva", True)):
        values = {"first_name": name, "email": [f"{name.lower()}@aalto.example"], "non_disclosure": order}
        person, _ = befriended(store, fixed_now, **values)
        assert say.withdraw(store, person, "printing", actor=Actor("a1", "office"), now=fixed_now).told
        kept[name] = next(each.asked_by for each in written(store, fixed_now) if each.person == person)
    assert kept == {"Aino": "Aino, aino@aalto.example", "Eeva": "Eeva"}


# --- corrections ------------------------------------------------------------------------------------------------------


def given(store: RegisterStore, person: int, now: dt.datetime, what: str) -> None:
    with store.write(now) as work:
        values = {"recipient": PRINTER, "at": now, "what": [what], PERSON: person}
        work.insert("disclosure", values, source="own_records")


@pytest.mark.promise("C61")
def test_who_received_what_was_wrong_is_told_of_its_correction(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    given(store, person, fixed_now, "person.last_name")
    by: dict[str, Any] = {"source": "subject", "actor": SALES, "now": fixed_now}
    assert rectify(store, PERSON, person, {"last_name": "Havu"}, **by).told == (), "it has only changed"
    assert rectify(store, PERSON, person, {"salutation": "rouva"}, wrong=True, **by).told == (), "nobody got it"
    assert written(store, fixed_now) == []
    assert rectify(store, PERSON, person, {"last_name": "Havukoski-Salo"}, wrong=True, **by).told[-1] == PRINTER
    [found] = written(store, fixed_now)
    assert (found.right, found.person) == ("rectification", person)
    assert "Korjasimme nämä tiedot: sukunimi." in found.answer
    assert re.search(f"Kerromme korjauksesta näille, joille tietosi on annettu: .*{PRINTER}\\.", found.answer)
    tasks = {each.recipient for each in notices(store, found.id, now=fixed_now)}
    assert PRINTER in tasks
    assert not [each for each in tasks if "Letkuset" in each], "a partner whom they never said yes to got nothing"


def test_who_was_given_a_name_by_what_points_at_it_is_told_too(store: RegisterStore, fixed_now: dt.datetime) -> None:
    """The carrier of a delivery got who takes it, and not the item of the name."""
    person, _ = buyer(store, fixed_now)
    by: dict[str, Any] = {"source": "subject", "wrong": True, "actor": SALES, "now": fixed_now}
    assert CARRIER in rectify(store, PERSON, person, {"last_name": "Havukoski-Salo"}, **by).told
    assert CARRIER not in rectify(store, PERSON, person, {"salutation": "rouva"}, **by).told


def test_an_open_request_for_correction_makes_its_own_tasks(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    given(store, person, fixed_now, "person.last_name")
    number = asks(store, person, fixed_now, "rectification")
    made = rectify(
        store, PERSON, person, {"last_name": "Salo"}, source="subject", wrong=True, actor=SALES, now=fixed_now
    )
    assert (made.told, written(store, fixed_now)) == ((), [])
    carry_out_correction(store, number, actor=LEAD, now=fixed_now)
    assert PRINTER in {each.recipient for each in notices(store, number, now=fixed_now)}
