"""A breach of personal data from the first word of it until it is closed (GDPR Art. 33 and 34)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from tests.operations.conftest import SALES, contact
from tests.smtp_sink import sink

from seloste.operations.breaches import letter
from seloste.operations.breaches.affected import askable, count
from seloste.operations.breaches.model import BreachError, Facts, Query
from seloste.operations.breaches.record import assess, close, correct, decide, every, notify, of_number, write_down
from seloste.operations.letters import LETTERS, SETTLERS
from seloste.operations.mail.sender import send_due
from seloste.operations.mail.smtp import server_of
from seloste.store.backup_rows import tables
from seloste.store.journal_pages import Query as Asked
from seloste.store.journal_pages import page
from seloste.store.registers import Registers, RegisterStore

HOUR = dt.timedelta(hours=1)
SECRET = "Salasanat olivat taulukossa, jonka Sari Havukoski löysi."


def test_a_breach_from_its_discovery_until_it_is_closed(
    registers: Registers, store: RegisterStore, fixed_now: dt.datetime
) -> None:
    now, by = fixed_now, {"actor": SALES, "now": fixed_now}
    sari = contact(store, now - 40 * HOUR)
    contact(store, now, first="Aino")
    facts = Facts(now - 73 * HOUR, sorts=("confidentiality",), happened=SECRET)
    with pytest.raises(BreachError) as wrong:
        write_down(store, replace(facts, detected=now), **by)
    assert wrong.value.field == "detected"
    assert every(store, now=now) == ()

    late = write_down(store, facts, **by)
    number = write_down(store, replace(facts, aware=now - 2 * HOUR), **by)
    first, second = every(store, now=now)
    assert (first.id, first.runs, first.overdue(now)) == (late, True, True)
    assert (second.id, second.overdue(now), second.deadline) == (number, False, now + 70 * HOUR)

    _counts(store, number, now)
    correct(store, number, replace(facts, aware=now - 2 * HOUR, effects="Viestejä voi tulla."), **by)
    assess(store, number, "high", "Salasanat selväkielisinä.", **by)
    with pytest.raises(BreachError) as wrong:
        decide(store, number, "no", "", "Emme halua.", **by)
    assert wrong.value.field == "exemption"
    with pytest.raises(BreachError) as wrong:
        close(store, number, **by)
    assert wrong.value.field == "notified"

    notify(store, number, now - HOUR, "Ensi-ilmoitus.", "", **by)
    notify(store, number, now, "Lisätiedot.", "", **by)
    with pytest.raises(BreachError) as wrong:
        notify(store, late, now, "Ilmoitus.", " ", **by)
    assert wrong.value.field == "delay"
    notify(store, late, now, "Ilmoitus.", "Vastuuhenkilö oli poissa.", **by)
    assert of_number(store, late, now=now).late
    assert [each.text for each in of_number(store, number, now=now).phases] == ["Ensi-ilmoitus.", "Lisätiedot."]

    decide(store, number, "yes", "", "", **by)
    _tells(registers, store, number, now)
    close(store, number, **by)
    assert not of_number(store, number, now=now).runs
    with pytest.raises(BreachError, match="closed"):
        assess(store, number, "risk", "Pieni.", **by)
    store.reads.flush()
    with store.read(now) as conn:
        # It comes along in a backup, which takes the tables as they lie; the journal says nothing of what it holds.
        assert tables(conn)["sys_breach"] == ("id", "text")
        noted = [each.entry for each in page(conn, Asked()).entries if each.entry.verb.startswith("breach_")]
    assert {each.verb for each in noted} >= {"breach_written", "breach_counted", "breach_told", "breach_closed"}
    assert all(not each.persons and each.note.split(":")[0] in (str(number), str(late)) for each in noted)
    assert sari


def _counts(store: RegisterStore, number: int, now: dt.datetime) -> None:
    """Rows and people by kind, of a day, of a purpose; numbers alone are kept."""
    kinds = askable(store)
    assert kinds[0] == "person"
    assert {"relationship", "permission"} <= set(kinds)
    assert "organisation" not in kinds
    by = {"actor": SALES, "now": now}
    everything = count(store, number, Query(("person", "relationship")), **by)
    assert everything.counts == {"person": (2, 2), "relationship": (2, 2)}
    assert (everything.people, everything.with_mail, everything.rows) == (2, 2, 4)
    today = count(store, number, Query(("person",), since=now.date()), **by)
    assert today.counts == {"person": (1, 1)}
    nobody = count(store, number, Query(("person", "relationship"), purpose="partner_marketing"), **by)
    assert (nobody.people, nobody.rows) == (0, 0)
    served = count(store, number, Query(("relationship",), purpose="customer_care"), **by)
    assert served.counts == {"relationship": (2, 2)}
    with pytest.raises(BreachError) as wrong:
        count(store, number, Query(("organisation",)), **by)
    assert wrong.value.field == "kinds"
    count(store, number, Query(("person",)), **by)
    assert of_number(store, number, now=now).affected is not None


def _tells(registers: Registers, store: RegisterStore, number: int, now: dt.datetime) -> None:
    """A letter to each who has an address, once, and never with a bracket left in it."""
    by = {"actor": SALES, "now": now}
    with sink() as server:
        registers.settings = replace(
            registers.settings,
            smtp_url=f"smtp://127.0.0.1:{server.port}",
            mail_from="Yritys Oy <tietosuoja@yritys.example>",
            public_url="https://rekisteri.example",
        )
        drafts = letter.drafts(store, of_number(store, number, now=now), "fi")
        assert SECRET in drafts["fi"]
        letter.save(store, number, drafts, **by)
        with pytest.raises(BreachError, match="square brackets"):
            letter.tell(store, number, by_mail=True, **by)
        letter.save(store, number, dict.fromkeys(drafts, "Hei,\r\n\r\nsalasanasi on vaihdettava."), **by)
        told = letter.tell(store, number, by_mail=True, **by)
        assert (told.letters, told.without) == (2, 0)
        with pytest.raises(BreachError, match="already"):
            letter.tell(store, number, by_mail=True, **by)
        with pytest.raises(BreachError, match="already"):
            letter.save(store, number, dict.fromkeys(drafts, "Toinen teksti."), **by)
        for _ in range(3):
            send_due(registers, LETTERS, server_of(registers.settings), settlers=SETTLERS, now=now + HOUR / 20)
        assert sorted(str(each["To"]) for each in server.letters) == [
            "aino@havupumppu.example",
            "sari@havupumppu.example",
        ]
        assert server.letters[0].get_content().splitlines()[2] == "salasanasi on vaihdettava."
