"""What a person is told of a request: by e-mail through a real mail server, or as somebody's task; no data in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from tests.operations.conftest import SALES, contact
from tests.smtp_sink import Sink, sink

from seloste.operations.actor import CLI
from seloste.operations.mail.sender import send_due
from seloste.operations.mail.smtp import server_of
from seloste.operations.portal import signing
from seloste.operations.portal.requests import own_requests
from seloste.operations.records.rectify import rectify
from seloste.operations.rights import mails
from seloste.operations.rights.answer import refuse
from seloste.operations.rights.ask import ask
from seloste.operations.rights.carry_out import carry_out_restriction, lift, tell_of_lifting
from seloste.operations.rights.erase import erase
from seloste.operations.rights.extend import extend
from seloste.operations.rights.fee import earlier, refuse_excess, tell_fee
from seloste.operations.rights.give_access import give_access
from seloste.operations.rights.model import RequestError
from seloste.operations.rights.read import request
from seloste.operations.rights.receive import receive
from seloste.operations.rights.tell import LASTS, delivered, messages, send_again, undelivered
from seloste.store.registers import Registers, RegisterStore

STRONG = frozenset({"strong"})
SARI = "sari@havupumppu.example"


@pytest.fixture
def server() -> Iterator[Sink]:
    with sink() as found:
        yield found


@pytest.fixture
def posting(registers: Registers, server: Sink, opened: Callable[[str], RegisterStore]) -> RegisterStore:
    """A register that sends its letters to the server of the test."""
    registers.settings = replace(
        registers.settings,
        smtp_url=f"smtp://127.0.0.1:{server.port}",
        mail_from="Yritys Oy <tietosuoja@yritys.example>",
        public_url="https://rekisteri.example",
    )
    return opened("fluiconnecto/notice")


def sends(registers: Registers, now: dt.datetime) -> list[str]:
    transport = server_of(registers.settings)
    return [each.outcome for each in send_due(registers, mails.MAKERS, transport, settlers=mails.SETTLERS, now=now)]


def asks(store: RegisterStore, person: int, now: dt.datetime, right: str = "access", *, how: bool = True) -> int:
    evidence = STRONG if how else frozenset[str]()
    words = {"channel": "email", "language": "fi", "asked": "Salainen sana"}
    return receive(store, right, **words, person=person, evidence=evidence, actor=CLI, now=now).id


@pytest.mark.promise("C67", "F59")
def test_each_turn_is_told_by_e_mail_and_the_answer_waits_behind_a_link(
    registers: Registers, posting: RegisterStore, server: Sink, fixed_now: dt.datetime
) -> None:
    person = contact(posting, fixed_now)
    number = asks(posting, person, fixed_now, how=False)
    ask(posting, number, "identity", text="Käy näyttämässä jokin asiakirja.", actor=CLI, now=fixed_now)
    later = fixed_now + dt.timedelta(minutes=1)
    other = asks(posting, person, later, "portability")
    extend(posting, other, reason="Tietoja on paljon.", actor=CLI, now=later)
    third = asks(posting, person, later)
    give_access(posting, third, text="Hei Sari.", actor=CLI, now=later)
    assert {each.state for each in messages(posting, third, now=later)} == {"waiting"}
    assert set(sends(registers, later)) == {"sent"}
    assert sends(registers, later) == [], "once"
    texts = {letter["Subject"]: letter.get_content() for letter in server.letters}
    assert all(letter["To"] == SARI for letter in server.letters)
    whole = "".join(texts) + "".join(texts.values())
    for secret in ("Havukoski", "Salainen", "050 000 0142", "Havupumppu Oy", "Hei Sari"):
        assert secret not in whole, secret
    assert "Käy näyttämässä" in texts[f"Pyyntö {number}: kerro, kuka olet"]
    assert "28. joulukuuta 2026" in texts[f"Olemme saaneet pyyntösi {number}"]
    assert "Tietoja on paljon." in texts[f"Pyyntö {other}: vastaus viivästyy"]
    assert "25. helmikuuta 2027" in texts[f"Pyyntö {other}: vastaus viivästyy"]
    answer = texts[f"Pyyntö {third}: vastaus odottaa sinua"]
    token, _, asked = answer.partition("/open/")[2].split()[0].partition("?")
    assert asked == f"answer={third}&lang=fi", "the answer is what the link opens"
    week = later + dt.timedelta(days=7)
    found = signing.open_link(registers, "fluiconnecto_customers", token, old=None, now=week)
    assert found.session.person == person
    assert own_requests(posting, person, now=week).answered[0].answer == "Hei Sari."
    assert {each.state for each in messages(posting, third, now=later)} == {"sent"}
    assert undelivered(posting, now=later) == ()
    for register in (registers.deployment, posting.database):
        with register.read() as conn:
            left = "outbox" if register is registers.deployment else "request_letter"
            assert SARI not in str(conn.execute(f"SELECT * FROM {left}").all()), "no address is kept"


def test_whoever_is_erased_is_told_and_a_refusal_says_where_to_complain(
    registers: Registers, posting: RegisterStore, server: Sink, fixed_now: dt.datetime
) -> None:
    person, other = contact(posting, fixed_now), contact(posting, fixed_now, first="Aino")
    number = asks(posting, person, fixed_now, "erasure")
    erase(posting, number, actor=CLI, now=fixed_now)
    refused = asks(posting, other, fixed_now, how=False)
    refuse(posting, refused, reason="Emme saaneet tietää, kuka pyytää.", actor=CLI, now=fixed_now)
    sends(registers, fixed_now)
    texts = {letter["Subject"]: letter for letter in server.letters}
    assert texts[f"Pyyntö {number}: vastaus odottaa sinua"]["To"] == SARI
    refusal = texts[f"Pyyntö {refused}: emme toteuta pyyntöä"].get_content()
    for part in ("Emme saaneet tietää", "Tietosuojavaltuutetun toimisto", "tuomioistui"):
        assert part in refusal


def test_what_does_not_reach_them_becomes_a_task(
    registers: Registers, posting: RegisterStore, server: Sink, fixed_now: dt.datetime
) -> None:
    person = contact(posting, fixed_now)
    nobody = receive(posting, "access", channel="post", asked_by="Joku, Tie 1", actor=CLI, now=fixed_now).id
    ask(posting, nobody, "identity", actor=CLI, now=fixed_now)
    (paper,) = messages(posting, nobody, now=fixed_now)
    assert (paper.about, paper.state) == ("asked_identity", "by_hand")
    with pytest.raises(RequestError, match="no address"):
        send_again(posting, nobody, paper.id, actor=CLI, now=fixed_now)
    delivered(posting, nobody, paper.id, actor=CLI, now=fixed_now)
    assert undelivered(posting, now=fixed_now) == ()

    server.refuse[SARI] = 550
    number = asks(posting, person, fixed_now)
    assert sends(registers, fixed_now) == ["given_up"]
    (failed,) = undelivered(posting, now=fixed_now)
    assert (failed.request, failed.state, failed.why_not) == (number, "failed", "refused")
    server.refuse.clear()
    send_again(posting, number, failed.id, actor=CLI, now=fixed_now)
    assert sends(registers, fixed_now) == ["sent"]
    assert undelivered(posting, now=fixed_now) == ()

    # The mail server is away for days: nobody is left to believe that it was told.
    give_access(posting, number, actor=CLI, now=fixed_now)
    late = fixed_now + LASTS + dt.timedelta(hours=2)
    assert [each.about for each in undelivered(posting, now=late)] == ["answered"]
    assert mails.give_up_late(posting, late) == 1
    assert messages(posting, number, now=late)[0].why_not == "late"


def test_an_answer_goes_to_no_address_that_somebody_has_just_put_there(
    posting: RegisterStore, fixed_now: dt.datetime
) -> None:
    person = contact(posting, fixed_now)
    later = fixed_now + dt.timedelta(days=30)
    rectify(posting, "person", person, {"email": ["joku.muu@toinen.example"]}, source="subject", actor=SALES, now=later)
    number = asks(posting, person, later)
    give_access(posting, number, actor=CLI, now=later)
    assert [each.state for each in messages(posting, number, now=later)] == ["by_hand"]


def test_words_about_somebody_with_an_order_of_non_disclosure_leave_by_no_mail(
    registers: Registers, posting: RegisterStore, server: Sink, opened: Callable[[str], RegisterStore],
    fixed_now: dt.datetime,
) -> None:  # fmt: skip
    """Whoever reads their mail may be the one that the order is against."""
    homes = opened("fluxio/as-oy-tuulikello")
    people = {}
    for name, order in (("Aino", None), ("Eeva", True)):
        with homes.write(fixed_now) as work:
            values = {"first_name": name, "email": [f"{name.lower()}@koti.example"], "non_disclosure": order}
            people[name] = work.insert("person", values, source="subject")
            home = work.insert("apartment", {"code": f"A {name}"}, source="own_records")
            lives = {"person": people[name], "apartment": home, "moved_in": dt.date(2024, 1, 1)}
            work.insert("residency", lives, source="subject")
    numbers = {name: asks(homes, person, fixed_now, "human_review") for name, person in people.items()}
    for number in numbers.values():
        ask(homes, number, "detail", text="Muutitko Piilopolulle?", actor=CLI, now=fixed_now)
    told = {name: {each.about: each.way for each in messages(homes, n, now=fixed_now)} for name, n in numbers.items()}
    assert told == {
        "Aino": {"received": "email", "asked_detail": "email"},
        "Eeva": {"received": "email", "asked_detail": "hand"},
    }
    sends(registers, fixed_now)
    words = [letter["To"] for letter in server.letters if "Piilopolulle" in letter.get_content()]
    assert words == ["aino@koti.example"]
    task = next(each for each in undelivered(homes, now=fixed_now) if each.request == numbers["Eeva"])
    with pytest.raises(RequestError, match="non-disclosure"):
        send_again(homes, task.request, task.id, actor=CLI, now=fixed_now)


def test_a_message_does_not_go_to_an_address_that_was_changed_while_it_waited(
    registers: Registers, posting: RegisterStore, server: Sink, fixed_now: dt.datetime
) -> None:
    person = contact(posting, fixed_now)
    number = asks(posting, person, fixed_now)
    give_access(posting, number, text="Hei Sari.", actor=CLI, now=fixed_now)
    later = fixed_now + dt.timedelta(minutes=1)
    rectify(posting, "person", person, {"email": ["sari@toinen.example"]}, source="subject", actor=SALES, now=later)
    assert "sent" not in sends(registers, later + dt.timedelta(minutes=1))
    assert [each for each in server.letters if each["Subject"].startswith("Pyyntö")] == []
    tasks = undelivered(posting, now=later + LASTS + dt.timedelta(hours=2))
    assert "answered" in [each.about for each in tasks if each.request == number], "somebody sees to it"


def test_a_letter_that_was_never_meant_is_not_sent(
    registers: Registers, posting: RegisterStore, server: Sink, fixed_now: dt.datetime
) -> None:
    """What left it was taken back: the letter waits a while for it, and goes nowhere."""
    person = contact(posting, fixed_now)
    number = asks(posting, person, fixed_now)
    sends(registers, fixed_now)
    assert posting.leave is not None
    never = {"request": str(number), "about": "refused", "at": "2026-11-25T07:12:00.000001Z", "to": SARI}
    posting.leave("request", never, now=fixed_now, expires_at=fixed_now + LASTS)
    assert sends(registers, fixed_now) == ["again"]
    assert sends(registers, fixed_now + dt.timedelta(minutes=11)) == ["nothing"]
    assert len(server.letters) == 1


def test_the_use_goes_on_only_when_they_have_been_told(
    registers: Registers, posting: RegisterStore, server: Sink, fixed_now: dt.datetime
) -> None:
    """Art. 18(3)."""
    person = contact(posting, fixed_now)
    number = asks(posting, person, fixed_now, "restriction")
    carry_out_restriction(posting, number, "accuracy", actor=CLI, now=fixed_now)
    sends(registers, fixed_now)
    later = fixed_now + dt.timedelta(days=2)
    with pytest.raises(RequestError, match="Tell them first"):
        lift(posting, number, actor=CLI, now=later)
    tell_of_lifting(posting, number, text="Tiedot on tarkistettu.", actor=CLI, now=later)
    with pytest.raises(RequestError, match="has not left"):
        lift(posting, number, actor=CLI, now=later)
    assert sends(registers, later) == ["sent"]
    assert "Tiedot on tarkistettu." in server.letters[-1].get_content()
    assert lift(posting, number, actor=CLI, now=later) == 1


def test_a_fee_has_its_reasons_and_is_told_beforehand(
    registers: Registers, posting: RegisterStore, server: Sink, fixed_now: dt.datetime
) -> None:
    """Art. 12(5). A second request in a year is free as the first (T8); how many there were is shown, no ground."""
    person = contact(posting, fixed_now)
    first = asks(posting, person, fixed_now)
    give_access(posting, first, actor=CLI, now=fixed_now)
    later = fixed_now + dt.timedelta(days=20)
    number = asks(posting, person, later)
    assert earlier(posting, number, person, now=later) == (fixed_now,)
    for wrong in ({"reason": " "}, {"why": "often"}, {"amount": "0"}, {"amount": "paljon"}, {"amount": "NaN"}):
        given = {"why": "excessive", "amount": "15,00", "reason": "Viides samanlainen viikossa."}
        with pytest.raises(RequestError):
            tell_fee(posting, number, **{**given, **wrong}, actor=CLI, now=later)
    tell_fee(posting, number, **given, actor=CLI, now=later)
    sends(registers, later)
    text = "".join(letter.get_content() for letter in server.letters)
    assert "15,00 €" in text
    assert "Viides samanlainen viikossa." in text
    found, _ = request(posting, number, actor=CLI, now=later)
    assert found.open
    assert not found.clock.paused, "a fee stops no clock"
    with pytest.raises(RequestError):
        refuse_excess(posting, number, why="unfounded", reason="", actor=CLI, now=later)
    done = refuse_excess(posting, number, why="excessive", reason="Sama pyyntö.", actor=CLI, now=later)
    assert done.state == "refused"
    assert "kohtuuton" in request(posting, number, actor=CLI, now=later)[0].steps[-1].text
