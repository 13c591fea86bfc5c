"""The way into one's own page and what is read there, without the pages: on both engines."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from tests.operations.conftest import SALES, contact
from tests.side_by_side import run_at_once
from tests.smtp_sink import sink

from seloste.operations.mail.sender import send_due
from seloste.operations.mail.smtp import MailNotSetUpError, server_of
from seloste.operations.portal import signing
from seloste.operations.portal.ask import ask_link
from seloste.operations.portal.held import called, held, reveal
from seloste.operations.portal.letters import LETTERS, SETTLES, persons_at
from seloste.operations.portal.looks import looks
from seloste.operations.portal.signing import LinkGoneError
from seloste.operations.records import read
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.records.rectify import rectify
from seloste.store import portal
from seloste.store.registers import Registers, RegisterStore

KEY = "fluiconnecto_customers"


def link(registers: Registers, persons: list[int], now: dt.datetime) -> str:
    with registers.deployment.transaction() as conn:
        return portal.make_link(conn, KEY, persons, now)


def test_from_the_address_to_the_data(registers: Registers, store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    with sink() as server:
        registers.settings = replace(
            registers.settings,
            smtp_url=f"smtp://127.0.0.1:{server.port}",
            mail_from="t@y.example",
            public_url="https://rekisteri.example",
        )
        ask_link(registers, KEY, "Sari@Havupumppu.example", lang="sv", source="::1", now=fixed_now)
        sent = send_due(registers, LETTERS, server_of(registers.settings), now=fixed_now)
    assert [one.outcome for one in sent] == ["sent"]
    token = server.letters[0].get_content().partition("/open/")[2].split("?")[0]
    assert signing.link_stands(registers, KEY, token, now=fixed_now)
    opened = signing.open_link(registers, KEY, token, old=None, now=fixed_now)
    assert opened.token != token
    assert opened.session.person == person
    assert signing.use(registers, KEY, opened.token, now=fixed_now) == opened.session
    assert signing.use(registers, "another", opened.token, now=fixed_now) is None
    assert called(store, person, now=fixed_now) == "Sari Havukoski"
    found = held(store, person, now=fixed_now)
    assert {row.kind for row in found.own.rows} >= {"person", "relationship"}
    signing.leave(registers, opened.token)
    assert signing.use(registers, KEY, opened.token, now=fixed_now) is None


def test_without_mail_nothing_is_left_behind(
    registers: Registers, store: RegisterStore, fixed_now: dt.datetime
) -> None:
    with pytest.raises(MailNotSetUpError):
        ask_link(registers, KEY, "a@b.example", lang="fi", source="::1", now=fixed_now)


def test_an_address_is_that_of_a_person_and_nothing_else(store: RegisterStore, fixed_now: dt.datetime) -> None:
    first, second = contact(store, fixed_now), contact(store, fixed_now, last="Koivu")
    assert persons_at(store, "SARI@havupumppu.example", fixed_now) == (first, second)
    # Not part of one, nor a name, a number or a company that has the same domain.
    for text in ("havupumppu.example", "@havupumppu.example", "sari@", "sari", "havukoski", "+358500000142", "%", ""):
        assert persons_at(store, text, fixed_now) == (), text


def test_whoever_writes_an_address_gets_no_link_by_it(store: RegisterStore, fixed_now: dt.datetime) -> None:
    """A role that may write an address would else read what every other role sees, sensitive values opened."""
    person = contact(store, fixed_now)
    later = fixed_now + dt.timedelta(days=30)
    both = ["sari@havupumppu.example", "myyja@fluiconnecto.example"]
    rectify(store, "person", person, {"email": both}, source="subject", actor=SALES, now=later)
    for wait, whose in ((dt.timedelta(0), ()), (SETTLES - dt.timedelta(seconds=1), ()), (SETTLES, (person,))):
        assert [persons_at(store, each, later + wait) for each in both] == [whose, whose], wait
    rectify(store, "person", person, {"first_name": "Saara"}, source="subject", actor=SALES, now=later + 2 * SETTLES)
    assert persons_at(store, both[0], later + 2 * SETTLES) == (person,)


def test_of_those_who_press_at_once_one_gets_in(
    registers: Registers, store: RegisterStore, fixed_now: dt.datetime
) -> None:
    token = link(registers, [contact(store, fixed_now)], fixed_now)
    got: list[str] = []

    def press() -> None:
        got.append(signing.open_link(registers, KEY, token, old=None, now=fixed_now).token)

    refused = run_at_once(*[press] * 4)
    assert [type(each) for each in refused] == [LinkGoneError] * 3
    assert len(got) == 1


def test_one_may_not_become_another(registers: Registers, store: RegisterStore, fixed_now: dt.datetime) -> None:
    mine, other = contact(store, fixed_now), contact(store, fixed_now, first="Liisa")
    opened = signing.open_link(registers, KEY, link(registers, [mine], fixed_now), old=None, now=fixed_now)
    assert not signing.choose(registers, KEY, opened.token, other, now=fixed_now)
    session = signing.use(registers, KEY, opened.token, now=fixed_now)
    assert session is not None
    assert session.person == mine


def test_ones_own_looks_are_told_from_those_of_the_staff(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    read.row(store, "person", person, actor=SALES, now=fixed_now)
    held(store, person, now=fixed_now)
    found = looks(store, person).entries
    seen = [each for each in found if each.verb == "look" and each.kind == "person"]
    assert [(each.mine, each.lens) for each in seen] == [(True, ""), (False, "sales")]
    assert "customer_care" in seen[1].purposes
    page = looks(store, person, limit=1)
    assert page.older is not None
    assert looks(store, person, before=page.older).entries == found[1:]


def test_whoever_is_not_held_is_not_looked_for(store: RegisterStore, fixed_now: dt.datetime) -> None:
    for call in (held, called):
        with pytest.raises(NoSuchRowError):
            call(store, 12345, now=fixed_now)
    with pytest.raises(NoSuchRowError):
        reveal(store, 12345, "person", 12345, "email", now=fixed_now)
