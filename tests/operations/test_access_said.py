"""What a copy says of how long things stay and of who looked is true: no less and no more than what is so."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.operations.conftest import SALES, contact
from tests.operations.test_rights_access import LEAD, asks
from tests.operations.test_rights_done import yes_to_partner

from seloste.catalogue.model import PERSON
from seloste.operations.portal.held import held
from seloste.operations.records import read
from seloste.operations.rights.give_access import copy_file, give_access
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
