"""Double opt-in: a yes is a consent once the link in the letter is opened, within seven days, whoever wrote it down."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest
from tests.smtp_sink import sink

from seloste.notice import load
from seloste.operations.actor import CLI, Actor
from seloste.operations.letters import LETTERS
from seloste.operations.mail.sender import Sent, send_due
from seloste.operations.mail.smtp import MailNotSetUpError, server_of
from seloste.operations.permissions import say
from seloste.operations.permissions.age import GuardianNeededError
from seloste.operations.permissions.asking import enter_asking
from seloste.operations.permissions.audience import audience
from seloste.operations.permissions.confirm import (
    NotToConfirmError,
    ToConfirm,
    ask_person,
    ask_to_confirm,
    confirm,
    waiting_for,
    waiting_of,
)
from seloste.operations.permissions.errors import RestrictedError
from seloste.operations.records.collect import collect
from seloste.operations.records.enter import Said, enter
from seloste.operations.records.model import InvalidRowsError, NewRow
from seloste.operations.records.rectify import rectify
from seloste.operations.retention.sweep import sweep
from seloste.operations.rights.erase import erase, preview_erasure
from seloste.operations.rights.receive import receive
from seloste.store import outbox, post
from seloste.store.registers import Registers, RegisterStore
from seloste.store.verify import verify_derived

lite = pytest.mark.parametrize("prepared_url", ["sqlite"], indirect=True)
"""What does not differ by the engine is tried on one."""
EXAMPLES = Path(__file__).parents[2] / "examples"
FORM = Actor("web_form", "")
MARKETING = Actor("a3", "marketing")
MAIL = "aino.aalto@aallokko.example"
YES = Said("newsletter", True, "web_form", "fi")


@pytest.fixture
def store(opened: Callable[[str], RegisterStore], registers: Registers) -> RegisterStore:
    registers.settings = replace(
        registers.settings,
        smtp_url="smtp://127.0.0.1:9",
        mail_from="Fluent <tietosuoja@fluent.example>",
        public_url="https://rekisteri.example",
    )
    return opened("fluent-progress/customers")


def filled(mail: str = MAIL, first: str = "Aino") -> list[NewRow]:
    """What the form of the newsletter brings."""
    return [NewRow("person", {"first_name": first, "last_name": "Aalto", "email": [mail]}, source="web_form", ref="p")]


def customer(*more: str) -> list[NewRow]:
    """Somebody whom more than the newsletter needs."""
    return [*filled(*more), NewRow("relationship", {"stage": "customer"}, {"person": "p"}, ref="r")]


def asked(store: RegisterStore, now: dt.datetime, rows: list[NewRow] | None = None) -> ToConfirm:
    return ask_to_confirm(store, rows or filled(), YES, subject="p", actor=FORM, now=now)


def delivered(registers: Registers, now: dt.datetime) -> list[tuple[str, str]]:
    """(address, text) of each letter that a mail server got."""
    with sink() as server:
        registers.settings = replace(registers.settings, smtp_url=f"smtp://127.0.0.1:{server.port}")
        sent = send_due(registers, LETTERS, server_of(registers.settings), now=now)
        assert {each.outcome for each in sent} <= {"sent", "nothing"}
    return [(letter["To"], letter.get_content()) for letter in server.letters]


def token_in(text: str, key: str = "fluent_customers") -> str:
    found = re.search(rf"https://rekisteri\.example/confirm/{key}/([\w-]+)\?lang=", text)
    assert found, text
    return found[1]


def token(registers: Registers, now: dt.datetime) -> str:
    [(_, text)] = delivered(registers, now)
    return token_in(text)


def reached(store: RegisterStore, now: dt.datetime) -> tuple[int, ...]:
    return audience(store, "newsletter", "email", actor=MARKETING, now=now).persons


@lite
def test_an_unconfirmed_address_is_used_for_the_letter_alone(
    store: RegisterStore, registers: Registers, fixed_now: dt.datetime
) -> None:
    done = asked(store, fixed_now)
    assert (done.address, done.until) == (MAIL, dt.date(2026, 12, 2))
    assert reached(store, fixed_now) == ()
    with store.read(fixed_now) as conn:
        counts = [conn.execute(f"SELECT count(*) FROM {kind}").all()[0][0] for kind in ("person", "permission")]
        kept = str([bytes(row[0]) for row in conn.execute("SELECT body FROM sys_unconfirmed")])
        kept += str(conn.execute("SELECT token, address, purpose FROM sys_unconfirmed").all())
        kept += str(conn.execute("SELECT * FROM sys_outbox").all()) + str(conn.execute("SELECT * FROM journal").all())
    [(to, text)] = delivered(registers, fixed_now)
    assert to == MAIL
    assert "Fluent Progress saa lähettää minulle uutiskirjeen." in text
    assert "2. joulukuuta 2026" in text
    assert counts == [0, 0]
    assert not [word for word in ("aino", "Aino", "Aalto", token_in(text)) if word in kept]
    # Looking, as a mail scanner does, confirms nothing.
    assert waiting_for(store, token_in(text), now=fixed_now) is not None
    assert reached(store, fixed_now) == ()


@pytest.mark.promise("F5", "F33")
def test_the_link_makes_it_a_consent_with_its_proof(
    store: RegisterStore, registers: Registers, fixed_now: dt.datetime
) -> None:
    asked(store, fixed_now)
    link, later = token(registers, fixed_now), fixed_now + dt.timedelta(days=7)
    done = confirm(store, link, actor=FORM, now=later)
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
        confirm(store, link, actor=FORM, now=later)


def test_what_staff_write_down_counts_only_when_it_is_confirmed(
    store: RegisterStore, registers: Registers, fixed_now: dt.datetime
) -> None:
    phone = replace(YES, channel="phone")
    for goes_past in (
        lambda: enter(store, customer(), [phone], subject="p", actor=CLI, now=fixed_now),
        lambda: say.grant(store, 1, "newsletter", channel="paper", language="fi", actor=CLI, now=fixed_now),
    ):
        with pytest.raises(say.CannotSayError, match="confirmed through a link"):
            goes_past()
    # A customer is stored at once; the yes is nothing before it is confirmed, and nothing else is asked of the rule.
    first = enter_asking(store, customer(), [phone], subject="p", actor=CLI, now=fixed_now)
    assert first.stored is not None
    person = first.stored.ids["p"]
    assert [one.address for one in first.asked] == [MAIL]
    assert reached(store, fixed_now) == ()
    assert verify_derived(store, fixed_now).differences == ()
    assert [each.purpose for each in waiting_of(store, person, now=fixed_now)] == ["newsletter"]
    done = confirm(store, token(registers, fixed_now), actor=FORM, now=fixed_now)
    assert (done.person, done.new, reached(store, fixed_now)) == (person, False, (person,))
    assert verify_derived(store, fixed_now).differences == ()
    # Whom nothing but the newsletter needs waits with it; what else they said comes with them.
    no = Said("marketing", False, "phone", "fi")
    second = enter_asking(
        store, filled("outi@aallokko.example", "Outi"), [phone, no], subject="p", actor=CLI, now=fixed_now
    )
    assert second.stored is None
    with store.read(fixed_now) as conn:
        assert conn.execute("SELECT count(*) FROM person").all() == [(1,)]
    outi = confirm(store, token(registers, fixed_now), actor=FORM, now=fixed_now)
    assert reached(store, fixed_now) == (person, outi.person)
    with store.read(fixed_now) as conn:
        assert conn.execute("SELECT person, purpose FROM ban").all() == [(outi.person, "marketing")]


@lite
def test_a_confirmation_is_asked_at_an_address_of_theirs(
    store: RegisterStore, registers: Registers, fixed_now: dt.datetime
) -> None:
    person = collect(store, customer(), actor=CLI, now=fixed_now).ids["p"]
    with pytest.raises(say.CannotSayError, match="e-mail address"):
        ask_person(store, person, YES, address="joku@muu.example", actor=CLI, now=fixed_now)
    ask_person(store, person, YES, evidence="puhelu", actor=CLI, now=fixed_now)
    link = token(registers, fixed_now)
    # The address was changed before the link was opened: whoever has it now is not the one who said yes.
    with store.write(fixed_now) as work:
        work.update("person", person, {"email": ["uusi@aallokko.example"]})
    with pytest.raises(NotToConfirmError):
        confirm(store, link, actor=FORM, now=fixed_now)
    with store.write(fixed_now) as work:
        work.update("person", person, {"email": [MAIL.title()]})
    confirm(store, link, actor=FORM, now=fixed_now)
    with store.read(fixed_now) as conn:
        [(evidence,)] = conn.execute("SELECT evidence FROM permission").all()
    assert evidence.startswith("puhelu; double opt-in")
    # Nobody is written to who is held no more.
    rows = customer("outi@aallokko.example", "Outi")
    gone = collect(store, rows, actor=CLI, now=fixed_now).ids
    ask_person(store, gone["p"], YES, actor=CLI, now=fixed_now)
    with store.write(fixed_now) as work:
        work.delete("relationship", gone["r"])
        work.delete("person", gone["p"])
    assert delivered(registers, fixed_now) == []


def test_an_erasure_takes_what_waits_to_be_confirmed(
    store: RegisterStore, registers: Registers, fixed_now: dt.datetime
) -> None:
    """The letter would go to an address that the person was told is erased."""
    ids = [collect(store, customer(mail), actor=CLI, now=fixed_now).ids["p"] for mail in (MAIL, "eeva@posti.example")]
    for person in ids:
        ask_person(store, person, YES, actor=FORM, now=fixed_now)
    asked(store, fixed_now)
    request = receive(store, "erasure", channel="post", person=ids[0], evidence=frozenset({"in_person"}), actor=CLI,
                      now=fixed_now).id  # fmt: skip
    preview_erasure(store, request, actor=CLI, now=fixed_now)
    assert [len(waiting_of(store, person, now=fixed_now)) for person in ids] == [1, 1]
    erase(store, request, actor=CLI, now=fixed_now)
    with store.read(fixed_now) as conn:
        assert conn.execute("SELECT count(*) FROM sys_unconfirmed").all() == [(1,)]
    assert [len(waiting_of(store, person, now=fixed_now)) for person in ids] == [0, 1]
    letters = [address for address, text in delivered(registers, fixed_now) if "/confirm/" in text]
    assert letters == ["eeva@posti.example"]


@lite
def test_after_seven_days_it_is_gone(store: RegisterStore, registers: Registers, fixed_now: dt.datetime) -> None:
    asked(store, fixed_now)
    link = token(registers, fixed_now)
    asked(store, fixed_now, filled("toinen@aallokko.example"))
    sweep(store, now=fixed_now + dt.timedelta(days=7), actor=CLI)
    with store.read(fixed_now) as conn:
        assert conn.execute("SELECT count(*) FROM sys_unconfirmed").all() == [(2,)]
    late = fixed_now + dt.timedelta(days=8)
    with pytest.raises(NotToConfirmError):
        confirm(store, link, actor=FORM, now=late)
    sweep(store, now=late, actor=CLI)
    with store.read(late) as conn:
        for table in ("sys_unconfirmed", "sys_outbox", "person"):
            assert conn.execute(f"SELECT count(*) FROM {table}").all() == [(0,)], table
    assert delivered(registers, late) == []


@lite
def test_asking_again_replaces_what_waited_and_fills_no_mailbox(
    store: RegisterStore, registers: Registers, fixed_now: dt.datetime
) -> None:
    asked(store, fixed_now)
    first = token(registers, fixed_now)
    asked(store, fixed_now, filled(MAIL.upper(), "Outi"))
    assert delivered(registers, fixed_now) == []
    later = fixed_now + dt.timedelta(minutes=11)
    asked(store, later, filled(MAIL.upper(), "Outi"))
    second = token(registers, later)
    with pytest.raises(NotToConfirmError):
        confirm(store, first, actor=FORM, now=later)
    assert confirm(store, second, actor=FORM, now=later).new


def test_two_who_share_an_address_confirm_side_by_side(
    store: RegisterStore, registers: Registers, fixed_now: dt.datetime
) -> None:
    """A letter each, in whichever order they are opened; asked again, one replaces its own alone."""
    aino = collect(store, customer(), actor=CLI, now=fixed_now).ids["p"]
    outi = collect(store, customer(MAIL, "Outi"), actor=CLI, now=fixed_now).ids["p"]
    asked(store, fixed_now)
    links = [token(registers, fixed_now)]
    for person in (aino, outi):
        ask_person(store, person, YES, actor=CLI, now=fixed_now)
        links.append(token(registers, fixed_now))
    ask_person(store, aino, YES, actor=CLI, now=fixed_now)
    assert delivered(registers, fixed_now) == [], "so soon nobody gets another"
    assert all(waiting_for(store, each, now=fixed_now) is not None for each in links)
    assert confirm(store, links[2], actor=FORM, now=fixed_now).person == outi
    assert confirm(store, links[1], actor=FORM, now=fixed_now).person == aino
    assert set(reached(store, fixed_now)) == {aino, outi}


@lite
def test_whoever_is_here_already_is_not_entered_twice(
    store: RegisterStore, registers: Registers, fixed_now: dt.datetime
) -> None:
    person = collect(store, customer(), actor=CLI, now=fixed_now).ids["p"]
    asked(store, fixed_now)
    done = confirm(store, token(registers, fixed_now), actor=FORM, now=fixed_now)
    assert (done.person, done.new) == (person, False)
    assert reached(store, fixed_now) == (person,)


@lite
def test_what_cannot_be_stored_or_confirmed_is_refused(
    store: RegisterStore, registers: Registers, fixed_now: dt.datetime
) -> None:
    with pytest.raises(say.CannotSayError):
        ask_to_confirm(store, filled(), replace(YES, purpose="events"), subject="p", actor=FORM, now=fixed_now)
    no_mail = [NewRow("person", {"first_name": "Aino"}, source="web_form", ref="p")]
    with pytest.raises(say.CannotSayError):
        asked(store, fixed_now, no_mail)
    wrong = [NewRow("person", {"first_name": "Aino", "email": [MAIL], "shoe_size": "38"}, source="web_form", ref="p")]
    with pytest.raises(InvalidRowsError):
        asked(store, fixed_now, wrong)
    with pytest.raises(NotToConfirmError):
        confirm(store, "arvaus", actor=FORM, now=fixed_now)
    registers.settings = replace(registers.settings, smtp_url=None)
    with pytest.raises(MailNotSetUpError) as refused:
        asked(store, fixed_now)
    wanted = {"fi": ("vahvistaa", "Mitään ei tallennettu", "Kerro"), "en": ("confirms", "Nothing was stored", "Tell")}
    for lang, words in wanted.items():
        said = refused.value.message(lang)
        assert all(word in said for word in words), said
        assert "SELOSTE_" not in said, "what is set is for whoever runs it, and doctor tells them"


def test_a_letter_of_a_register_is_neither_lost_nor_sent_for_nothing(
    store: RegisterStore, registers: Registers, fixed_now: dt.datetime
) -> None:
    """Killed before what causes it is kept there is no letter; killed right after, the word that was left finds it."""
    with pytest.raises(RuntimeError), store.write(fixed_now) as work:
        post.leave(store, work, "confirm", {"token": "x"}, expires_at=fixed_now + dt.timedelta(days=1))
        raise RuntimeError
    after = fixed_now + dt.timedelta(minutes=1)
    assert delivered(registers, after) == []
    with registers.deployment.read() as conn:
        assert outbox.count(conn) == 0
    store.post.hurry = lambda number, now: None  # type: ignore[union-attr, method-assign, misc]
    asked(store, fixed_now)
    assert delivered(registers, fixed_now) == []
    assert [to for to, _ in delivered(registers, after)] == [MAIL]


@lite
def test_a_server_that_is_away_gets_the_letter_later(
    store: RegisterStore, registers: Registers, fixed_now: dt.datetime
) -> None:
    asked(store, fixed_now)
    with sink(busy=True) as server:
        registers.settings = replace(registers.settings, smtp_url=f"smtp://127.0.0.1:{server.port}")
        assert send_due(registers, LETTERS, server_of(registers.settings), now=fixed_now) == (Sent("confirm", "again"),)
    assert len(delivered(registers, fixed_now + dt.timedelta(minutes=1))) == 1


@lite
def test_a_child_does_not_consent_alone(registers: Registers, tmp_path: Path, fixed_now: dt.datetime) -> None:
    copytree(EXAMPLES / "fluent-progress", tmp_path / "fluent", ignore=ignore_patterns("people", "expected"))
    text = (tmp_path / "fluent" / "customers.yaml").read_text("utf-8")
    text = text.replace("      - interests\n", "      - interests\n      - birth_date\n", 1)
    (tmp_path / "fluent" / "customers.yaml").write_text(text, "utf-8")
    registers.apply(load(tmp_path / "fluent" / "customers.yaml"), now=fixed_now, actor="cli")
    store = registers.open("fluent_customers")
    registers.settings = replace(
        registers.settings, smtp_url="smtp://127.0.0.1:9", mail_from="a@b.example", public_url="https://r.example"
    )
    phone = replace(YES, channel="phone")

    def child(born: str) -> list[NewRow]:
        person, *rest = customer()
        return [replace(person, values={**person.values, "birth_date": born}), *rest]

    # Twelve years and 364 days, by themselves; then on the birthday. Confirmed by a link it is online, however heard.
    with pytest.raises(GuardianNeededError, match="under 13"):
        enter_asking(store, child("26.11.2013"), [phone], subject="p", actor=CLI, now=fixed_now)
    enter_asking(store, child("25.11.2013"), [phone], subject="p", actor=CLI, now=fixed_now)
    person = enter(store, child("26.11.2013"), [], subject="p", actor=CLI, now=fixed_now).ids["p"]
    with pytest.raises(GuardianNeededError):
        ask_person(store, person, phone, actor=CLI, now=fixed_now)
    ask_person(store, person, phone, guardian="Äiti Outi Aalto, lomake", actor=CLI, now=fixed_now)
    say.restrict(store, person, "accuracy", actor=CLI, now=fixed_now)
    with pytest.raises(RestrictedError, match="paused"):
        ask_person(store, person, phone, actor=CLI, now=fixed_now + dt.timedelta(hours=1))


def test_an_address_that_was_changed_is_told_so(
    store: RegisterStore, registers: Registers, fixed_now: dt.datetime
) -> None:
    person = collect(store, customer(), actor=CLI, now=fixed_now).ids["p"]
    by = {"source": "subject", "actor": CLI}
    # A slip of the pen is put right the same day, and writes to nobody.
    rectify(store, "person", person, {"email": ["aino@vaara.example"]}, now=fixed_now, **by)
    assert delivered(registers, fixed_now) == []
    later = fixed_now + dt.timedelta(days=2)
    rectify(store, "person", person, {"email": ["AINO@vaara.example", "toinen@oma.example"]}, now=later, **by)
    assert delivered(registers, later) == [], "it is still hers"
    latest = later + dt.timedelta(days=2)
    rectify(store, "person", person, {"email": ["aino@oma.example"]}, now=latest, **by)
    letters = delivered(registers, latest)
    assert sorted(to for to, _ in letters) == ["AINO@vaara.example", "toinen@oma.example"]
    text = letters[0][1]
    assert "Jos et pyytänyt sitä, kerro meille heti:" in text
    assert not [word for word in ("aino", "Aino", "Aalto", "oma.example") if word in text]
    # Refused, nothing is sent.
    with pytest.raises(InvalidRowsError):
        rectify(store, "person", person, {"email": ["ei osoite"]}, now=latest + dt.timedelta(days=2), **by)
    assert delivered(registers, latest + dt.timedelta(days=2)) == []
