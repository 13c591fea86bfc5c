"""What a copy says of how long things stay and of who looked is true: no less and no more than what is so."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from tests.operations.conftest import SALES, contact
from tests.operations.test_rights_access import LEAD, asks
from tests.operations.test_rights_done import buyer, yes_to_partner

from seloste.catalogue.model import PERSON
from seloste.operations.portal.held import held
from seloste.operations.records import read
from seloste.operations.rights.carry_out import carry_out_objection
from seloste.operations.rights.erase import erase, proof
from seloste.operations.rights.give_access import copy_file, give_access
from seloste.operations.rights.letter import refusal_of
from seloste.operations.rights.read import request
from seloste.store.registers import RegisterStore

NOT_BEFORE = {
    "fi": "kunnes perut suostumuksesi, kuitenkin vähintään",
    "en": "until you withdraw your consent, but at least until",
}
ONLY_ONESELF = {"fi": "Ei kukaan muu kuin sinä itse.", "en": "Nobody but yourself."}
ONCE = {"fi": "Tietojasi on katsottu kerran.", "en": "Your data were looked at once."}
SELF = {"fi": "Sinä itse", "en": "Yourself"}
ROLE = {"fi": "Joku roolista ”", "en": "Somebody in the role “"}


def copied(store: RegisterStore, person: int, now: dt.datetime, lang: str) -> str:
    number = asks(store, person, now, language=lang)
    give_access(store, number, actor=LEAD, now=now)
    return copy_file(store, number, "html", lang=lang, actor=LEAD, now=now).body.decode()


@pytest.mark.parametrize("lang", ["fi", "en"])
def test_what_a_yes_holds_is_not_said_to_go_with_it_where_something_else_keeps_it(
    store: RegisterStore, fixed_now: dt.datetime, lang: str
) -> None:
    """Of a customer who left, some data stay a while; that they said yes to something makes that no shorter."""
    person = contact(store, fixed_now, ended="2026-11-01")
    yes_to_partner(store, person, fixed_now)
    assert NOT_BEFORE[lang] in copied(store, person, fixed_now, lang)


@pytest.mark.parametrize("lang", ["fi", "en"])
def test_ones_own_looks_are_called_so_and_not_counted_as_those_of_others(
    store: RegisterStore, fixed_now: dt.datetime, lang: str
) -> None:
    person = contact(store, fixed_now)
    held(store, person, now=fixed_now)
    text = copied(store, person, fixed_now, lang)
    assert ONLY_ONESELF[lang] in text
    assert SELF[lang] in text
    later = fixed_now + dt.timedelta(hours=1)
    read.row(store, PERSON, person, actor=SALES, now=later)
    text = copied(store, person, later, lang)
    assert ONCE[lang] in text
    assert ROLE[lang] in text


KEPT = {
    "fi": r"Tietosi \(.*etunimi.*\)\. Tarvitsemme näitä vielä tähän: .+\. Peruste: .+\. (Viimeinen säil|Ne säilyvät)",
    "en": r"Your details \(.*first name.*\)\. We still need these for: .+\. Basis: .+\. (The last day|They stay)",
}


@pytest.mark.parametrize("lang", ["fi", "en"])
def test_an_erasure_tells_of_all_that_stays_what_for_on_which_basis_and_until_when(
    store: RegisterStore, fixed_now: dt.datetime, lang: str
) -> None:
    """Also of what no law is behind; and what is said of a ban's mark holds though names stay elsewhere."""
    person, _ = buyer(store, fixed_now)
    number = asks(store, person, fixed_now, "erasure", language=lang)
    done = erase(store, number, actor=LEAD, now=fixed_now)
    stays = done.stays(beside=proof(store))
    assert any(not each.law for each in stays), "something stays for another reason than a law"
    found, _ = request(store, number, actor=LEAD, now=fixed_now)
    told = refusal_of(found)
    assert [line for line in told if re.match(KEPT[lang], line)], told
    assert all(("Peruste: " in line or "Basis: " in line) for line in told[: len(stays)]), told
    assert not [line for line in told if "jäävät:" in line or " stay: " in line]
    assert "jossa ei ole nimeäsi" not in found.answer
    assert "without your name" not in found.answer


@pytest.mark.parametrize(
    ("lang", "untrue", "told"),
    [("fi", "<td>Ei kukaan muu.</td>", "ukuumme toimi"), ("en", "<td>Nobody else.</td>", "ho work")],
)
def test_who_works_for_the_house_is_told_in_short_too(
    store: RegisterStore, fixed_now: dt.datetime, lang: str, untrue: str, told: str
) -> None:
    person = contact(store, fixed_now)
    short = copied(store, person, fixed_now, lang).partition('class="minute"')[2].partition("</section>")[0]
    assert told in short or "rocess" in short, short
    assert untrue not in short


UNUSED = {"fi": "Tähän tietojasi ei ollut käytössä", "en": "Your data were not in use for this"}
STOPPED = {"fi": "Emme enää käytä tietojasi tähän", "en": "We no longer use your data for this"}


@pytest.mark.parametrize("lang", ["fi", "en"])
def test_what_was_never_in_use_is_not_said_to_have_ended(
    store: RegisterStore, fixed_now: dt.datetime, lang: str
) -> None:
    never, once = contact(store, fixed_now), contact(store, fixed_now, first="Eero")
    yes_to_partner(store, once, fixed_now)
    for person, said, other in ((never, UNUSED, STOPPED), (once, STOPPED, UNUSED)):
        number = asks(store, person, fixed_now, "objection", language=lang)
        carry_out_objection(store, number, ["partner_marketing"], actor=LEAD, now=fixed_now)
        answer = request(store, number, actor=LEAD, now=fixed_now)[0].answer
        assert said[lang] in answer
        assert other[lang] not in answer
