"""A consent's proof is shown in words: those agreed to, and how it was confirmed, in the reader's language."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.operations.conftest import contact
from tests.operations.test_rights_done import yes_to_partner

from seloste.clock import HELSINKI
from seloste.operations.permissions.proof import confirming, proof_told
from seloste.operations.rights.gather import gather
from seloste.operations.rights.say import Voice
from seloste.store.registers import RegisterStore


@pytest.mark.parametrize(("lang", "said"), [("fi", "vahvistettu sähköpostin linkistä"), ("en", "confirmed by the link"),
                                            ("sv", "bekräftat via länken")])  # fmt: skip
def test_how_a_consent_was_confirmed_is_told_in_words(store: RegisterStore, lang: str, said: str) -> None:
    item = store.register.tables["permission"].kind.items["evidence"]
    at = dt.datetime(2026, 12, 1, 5, 43, tzinfo=HELSINKI)
    raw = f"form 12; {confirming(at, at + dt.timedelta(minutes=2))}"
    told = proof_told(store.register, item, raw, lang, lambda moment: f"{moment.astimezone(HELSINKI):%H.%M}")
    assert told is not None
    assert told.startswith("form 12; ")
    assert said in told
    assert "05.43" in told
    assert "05.45" in told
    assert "opt-in" not in told


@pytest.mark.parametrize(("lang", "older"), [("fi", "aiemman selosteen sanamuoto"), ("en", "an earlier notice")])
def test_the_words_agreed_to_are_told_and_not_their_mark(
    store: RegisterStore, fixed_now: dt.datetime, lang: str, older: str
) -> None:
    person = contact(store, fixed_now)
    yes_to_partner(store, person, fixed_now)
    voice = Voice(store.register, lang)
    with store.read(fixed_now) as conn:
        own = gather(store, conn, person, now=fixed_now)
    (row,) = (each for each in own.rows if each.kind == "permission")
    (cell,) = (each for each in row.cells if each.item == "wording")
    assert "Letkuset Oy saa lähettää minulle" in voice.value(row, cell)
    item = store.register.tables["permission"].kind.items["wording"]
    told = proof_told(store.register, item, "0123456789abcdef", lang, str)
    assert told is not None
    assert older in told
