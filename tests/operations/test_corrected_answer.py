"""The answer to a request for correction says what was corrected since it came, and no more."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.operations.conftest import SALES
from tests.operations.test_rights_access import LEAD, asks
from tests.operations.test_rights_done import buyer

from seloste.catalogue.model import PERSON
from seloste.operations.actor import CLI
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.operations.records.rectify import rectify
from seloste.operations.rights.corrected import carry_out_correction, corrected
from seloste.operations.rights.letter import refusal_of
from seloste.operations.rights.model import RequestError
from seloste.operations.rights.read import request
from seloste.operations.rights.recipients import notices
from seloste.store.registers import RegisterStore


@pytest.mark.parametrize(
    ("lang", "told"), [("fi", "Korjasimme nämä tiedot: sukunimi"), ("en", "We corrected these data: last name")]
)
def test_an_answer_says_what_was_corrected_since_it_was_asked(
    store: RegisterStore, fixed_now: dt.datetime, lang: str, told: str
) -> None:
    person, _ = buyer(store, fixed_now)
    # What was corrected before the request is no answer to it.
    rectify(store, PERSON, person, {"first_name": "Sari"}, source="subject", actor=SALES, now=fixed_now)
    later = fixed_now + dt.timedelta(hours=1)
    number = asks(store, person, later, "rectification", language=lang)
    with pytest.raises(RequestError, match="Nothing has been corrected"):
        carry_out_correction(store, number, actor=LEAD, now=later)
    rectify(store, PERSON, person, {"last_name": "Havu"}, source="subject", actor=SALES, now=later)
    with store.read(later) as conn:
        (tie,) = (int(row[0]) for row in conn.execute("SELECT id FROM relationship").all())
    rectify(store, "relationship", tie, {"stage": "lead"}, source="own_records", actor=SALES, now=later)
    assert carry_out_correction(store, number, actor=LEAD, now=later).state == "done"
    found, _ = request(store, number, actor=LEAD, now=later)
    assert told in found.answer
    assert found.answer.splitlines()[0].endswith(").")
    assert "Tieverkko Kuljetus Oy" in found.answer.splitlines()[1], "they are told who is told (Art. 19)"
    assert "etunimi" not in found.answer.lower()
    assert "first name" not in found.answer.lower()


def test_what_was_added_completes_the_data_and_an_order_does_not(store: RegisterStore, fixed_now: dt.datetime) -> None:
    """Art. 16 has incomplete data completed; an address is a row of its own."""
    person, _ = buyer(store, fixed_now)
    number = asks(store, person, fixed_now, "rectification")
    order = NewRow(kind="order", values={"ordered_on": fixed_now.date()}, parents={PERSON: str(person)})
    collect(store, [order], actor=CLI, now=fixed_now)
    assert corrected(store, number, now=fixed_now) == ()
    address = NewRow(
        kind="address",
        values={"street": "Kuusitie 1", "postal_code": "00100"},
        parents={PERSON: str(person)},
        source="subject",
    )
    collect(store, [address], actor=CLI, now=fixed_now)
    assert carry_out_correction(store, number, actor=LEAD, now=fixed_now).state == "done"
    found, _ = request(store, number, actor=LEAD, now=fixed_now)
    assert found.answer.splitlines()[0] == "Täydensimme tietojasi. Lisäsimme: osoite."


def test_where_nothing_needed_correcting_the_answer_is_a_refusal_with_its_reason(
    store: RegisterStore, fixed_now: dt.datetime
) -> None:
    person, _ = buyer(store, fixed_now)
    number = asks(store, person, fixed_now, "rectification")
    why = "Sukunimi on jo niin kuin pyysit."
    assert carry_out_correction(store, number, text=why, actor=LEAD, now=fixed_now).state == "refused"
    found, _ = request(store, number, actor=LEAD, now=fixed_now)
    assert (found.answer, refusal_of(found)) == ("", [why])
    assert notices(store, number, now=fixed_now) == ()
