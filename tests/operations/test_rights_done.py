"""What is asked is carried out: erasure, withdrawal, objection, restriction, portability, and recipients are told."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable

import pytest
from tests.operations.conftest import SALES, contact
from tests.operations.test_rights_access import LEAD, asks

from seloste.catalogue.model import PERSON
from seloste.operations.actor import CLI
from seloste.operations.permissions import say
from seloste.operations.records import read
from seloste.operations.records.rectify import rectify
from seloste.operations.retention.sweep import sweep
from seloste.operations.rights.carry_out import (
    carry_out_objection,
    carry_out_restriction,
    carry_out_withdrawal,
    lift,
    preview_objection,
    tell_of_lifting,
)
from seloste.operations.rights.corrected import carry_out_correction
from seloste.operations.rights.erase import ChangedMeanwhileError, erase, preview_erasure, proof
from seloste.operations.rights.gather import gather
from seloste.operations.rights.give_access import copy_file
from seloste.operations.rights.model import RequestError
from seloste.operations.rights.read import request
from seloste.operations.rights.recipients import notices, settle_notice, who_received
from seloste.operations.rights.say import Voice
from seloste.operations.rights.take_along import give_portable, portable, portable_file
from seloste.operations.rights.word import objectable
from seloste.store.bans import marked
from seloste.store.registers import RegisterStore

CARRIER = "Tieverkko Kuljetus Oy"


def buyer(store: RegisterStore, now: dt.datetime) -> tuple[int, int]:
    """A contact with an invoice of June 2025 and an order that a carrier took."""
    person = contact(store, now)
    with store.write(now) as work:
        (company,) = (int(row[0]) for row in work.conn.execute("SELECT id FROM organisation").all())
        carrier = work.insert("organisation", {"name": "Tieverkko Kuljetus Oy"}, source="own_records")
        values = {"ordered_on": dt.date(2025, 6, 1), "carrier": carrier, "contact": person, "organisation": company}
        order = work.insert("order", values, source="subject")
        work.insert("delivery", {"order": order, "recipient": person}, source="own_records")
        values = {"number": "1001", "dated": dt.date(2025, 6, 15), "contact": person, "order": order}
        work.insert("invoice", {**values, "organisation": company}, source="own_records")
    return person, order


def yes_to_partner(store: RegisterStore, person: int, now: dt.datetime) -> None:
    words = {"recipient": "Letkuset Oy", "channel": "web_form", "language": "fi"}
    say.grant(store, person, "partner_marketing", **words, actor=SALES, now=now)


def letter(store: RegisterStore, number: int, now: dt.datetime) -> str:
    return copy_file(store, number, "html", lang="fi", actor=LEAD, now=now).body.decode()


@pytest.mark.promise("F60", "C57", "P40", "P37")
def test_an_erasure_leaves_what_a_law_holds_and_says_so(store: RegisterStore, fixed_now: dt.datetime) -> None:
    """T1: the file goes, the invoice stays to the end of 2031, the carrier is told, the rest is reasons."""
    person, order = buyer(store, fixed_now)
    number = asks(store, person, fixed_now, "erasure")
    seen = preview_erasure(store, number, actor=LEAD, now=fixed_now)
    assert seen.report.dry_run
    with store.read(fixed_now) as conn:
        assert conn.execute("SELECT first_name FROM person WHERE id = :id", {"id": person}).first() == ("Sari",)
        assert conn.execute("SELECT count(*) FROM recipient_notice").all() == [(0,)]
    done = erase(store, number, expected=seen.mark, actor=LEAD, now=fixed_now)
    assert (done.mark, done.goes, done.told) == (seen.mark, seen.goes, seen.told)
    with store.read(fixed_now) as conn:
        gone = conn.execute("SELECT phone, email FROM person WHERE id = :id", {"id": person}).first()
        own = gather(store, conn, person, now=fixed_now)
    assert gone == (None, None)
    stays = {(each.kind, each.purpose): each for each in done.stays(beside=proof(store))}
    invoice = next(each for (kind, _), each in stays.items() if kind == "invoice" and each.law)
    assert invoice.last == dt.date(2031, 12, 31)
    assert {row.kind for row in own.rows if row.kind == "relationship"} == set()
    assert CARRIER in {each.recipient for each in notices(store, number, now=fixed_now)}
    found, _ = request(store, number, actor=LEAD, now=fixed_now)
    assert found.state == "partly_done"
    text = letter(store, number, fixed_now)
    for part in (
        "Laskut (",
        "Viimeinen säilytyspäivä on 31. joulukuuta 2031",
        "1336/1997",
        "tuomioistuimeen",
        "Tieverkko Kuljetus Oy",
        "Meille jää myös näyttö",
    ):
        assert part in text
    assert order
    # And nothing more is to go: the erasure was the one rule's.
    assert sweep(store, now=fixed_now, actor=LEAD, dry_run=True, every_row=True).cells == 0


@pytest.mark.promise("C61")
def test_of_an_erasure_are_told_those_who_received_what_goes(store: RegisterStore, fixed_now: dt.datetime) -> None:
    """Art. 19: of what a law holds nobody has anything to forget, and no erasure is told of where nothing goes."""
    person, _ = buyer(store, fixed_now)
    with store.write(fixed_now) as work:
        for name, what in (("Sai numeron Oy", ["person.phone"]), ("Sai laskun Oy", ["invoice.number"])):
            values = {"recipient": name, "at": fixed_now, "what": what, PERSON: person}
            work.insert("disclosure", values, source="own_records")
    number = asks(store, person, fixed_now, "erasure")
    done = erase(store, number, actor=LEAD, now=fixed_now)
    assert {"Sai numeron Oy", CARRIER} <= set(done.told)
    assert "Sai laskun Oy" not in done.told
    assert {each.recipient for each in notices(store, number, now=fixed_now)} == set(done.told)
    again = asks(store, person, fixed_now, "erasure")
    assert erase(store, again, actor=LEAD, now=fixed_now).told == (), "the invoice stays, and nothing else is left"


def test_where_erasure_is_on_hold_nobody_is_said_to_be_told_of_one(
    store: RegisterStore, fixed_now: dt.datetime
) -> None:
    person, _ = buyer(store, fixed_now)
    held = {"owner": "Ritva Kaleva", "review_on": dt.date(2027, 1, 1)}
    say.hold(store, person, "riita", **held, actor=LEAD, now=fixed_now)
    number = asks(store, person, fixed_now, "erasure")
    done = erase(store, number, actor=LEAD, now=fixed_now)
    assert done.goes == 0
    assert "Kerromme poistosta" not in letter(store, number, fixed_now)
    assert {each.recipient for each in notices(store, number, now=fixed_now)} == set(done.told) >= {CARRIER}


@pytest.mark.promise("P42", "C61")
def test_the_no_outlives_the_address_unless_they_want_to_be_without(
    store: RegisterStore, fixed_now: dt.datetime
) -> None:
    keeps, without = contact(store, fixed_now), contact(store, fixed_now, first="Eero")
    for person, ban in ((keeps, True), (without, False)):
        erase(store, asks(store, person, fixed_now, "erasure"), ban=ban, actor=LEAD, now=fixed_now)
    with store.read(fixed_now) as conn:
        bans = conn.execute("SELECT person, channel, fingerprints FROM ban").all()
    assert [(row[0], row[1]) for row in bans] == [(keeps, "all")]
    assert bans[0][2], "hashes of the addresses that went"
    again = contact(store, fixed_now)
    with store.read(fixed_now) as conn:
        back = conn.execute("SELECT channel FROM ban WHERE person = :id", {"id": again}).all()
    assert ("all",) in [tuple(row) for row in back]


def test_a_ban_of_an_objection_outlives_the_address_and_goes_with_an_erasure_that_leaves_none(
    store: RegisterStore, fixed_now: dt.datetime
) -> None:
    """The letter says that the mark goes if they ask."""
    person = contact(store, fixed_now)
    number = asks(store, person, fixed_now, "objection")
    uses = objectable(store.register)
    seen = preview_objection(store, number, uses, actor=LEAD, now=fixed_now)
    assert seen.ban_stays
    carry_out_objection(store, number, uses, expected=seen.mark, actor=LEAD, now=fixed_now)
    assert "avaimella laskettu tiiviste" in letter(store, number, fixed_now)
    with store.read(fixed_now) as conn:
        assert conn.execute("SELECT email FROM person WHERE id = :id", {"id": person}).first() == (None,)
        assert marked(conn, store.register, person)
    done = erase(store, asks(store, person, fixed_now, "erasure"), ban=False, actor=LEAD, now=fixed_now)
    assert not done.ban_stays
    with store.read(fixed_now) as conn:
        left = conn.execute("SELECT fingerprints FROM ban WHERE person = :id", {"id": person}).all()
    assert not any(prints for (prints,) in left)


@pytest.mark.promise("C61")
def test_those_who_received_what_an_objection_lets_go_are_told_and_nobody_else(
    store: RegisterStore, fixed_now: dt.datetime
) -> None:
    """Art. 19: an erasure under Art. 17(1)(c) is told to them too; of what stays nobody has anything to forget."""
    person, _ = buyer(store, fixed_now)
    with store.write(fixed_now) as work:
        for name, what in (("Sai sähköpostin Oy", ["person.email"]), ("Sai laskun Oy", ["invoice.contact"]),
                           ("Sai jotakin Oy", [])):  # fmt: skip
            values = {"recipient": name, "at": fixed_now, "what": what or None, PERSON: person}
            work.insert("disclosure", values, source="own_records")
    number = asks(store, person, fixed_now, "objection")
    nothing = preview_objection(store, number, ["marketing"], actor=LEAD, now=fixed_now)
    assert (nothing.goes, nothing.told) == (0, ())
    uses = objectable(store.register)
    seen = preview_objection(store, number, uses, actor=LEAD, now=fixed_now)
    assert notices(store, number, now=fixed_now) == ()
    assert {"Sai sähköpostin Oy", "Sai jotakin Oy"} <= set(seen.told)
    assert CARRIER in seen.told, "the delivery goes, of which the carrier was told"
    assert "Sai laskun Oy" not in seen.told, "the invoice stays"
    carry_out_objection(store, number, uses, expected=seen.mark, actor=LEAD, now=fixed_now)
    tasks = {each.recipient for each in notices(store, number, now=fixed_now)}
    assert tasks == set(seen.told)
    with store.read(fixed_now) as conn:
        assert ("invoice", "contact") in gather(store, conn, person, now=fixed_now).items, "it was theirs, and is"
    assert "Kerromme poistosta näille" in letter(store, number, fixed_now)


def test_whom_a_row_names_is_told_of_what_went_with_that_row(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person, _ = buyer(store, fixed_now)
    with store.write(fixed_now) as work:
        other = work.insert("organisation", {"name": "Toinen Kuljetus Oy"}, source="own_records")
        values = {"ordered_on": dt.date(2026, 10, 1), "carrier": other, "contact": person, "organisation": 1}
        order = work.insert("order", values, source="subject")
        brought = work.insert("delivery", {"order": order, "recipient": person}, source="own_records")
    with store.read(fixed_now) as conn:
        own = gather(store, conn, person, now=fixed_now)
    voice = Voice(store.register, "fi")
    named = {CARRIER, "Toinen Kuljetus Oy"}
    assert named <= set(who_received(voice, own))
    gone = {place for place in own.places if place[:2] == ("delivery", brought)}
    assert named & set(who_received(voice, own, gone)) == {"Toinen Kuljetus Oy"}
    phone = {place for place in own.places if place[2] == "phone"}
    assert not named & set(who_received(voice, own, phone)), "the carriers got no number"
    assert who_received(voice, own, ()) == {}


def test_a_consent_that_ends_by_an_objection_is_seen_before_and_told(
    store: RegisterStore, fixed_now: dt.datetime
) -> None:
    person = contact(store, fixed_now)
    yes_to_partner(store, person, fixed_now)
    number = asks(store, person, fixed_now, "objection")
    assert preview_objection(store, number, ["marketing"], actor=LEAD, now=fixed_now).ended == {}
    seen = preview_objection(store, number, ["partner_marketing"], actor=LEAD, now=fixed_now)
    assert seen.ended == {"partner_marketing": 1}
    carry_out_objection(store, number, ["partner_marketing"], expected=seen.mark, actor=LEAD, now=fixed_now)
    assert "Suostumuksesi päättyi samalla" in letter(store, number, fixed_now)
    again = asks(store, person, fixed_now, "objection")
    assert preview_objection(store, again, ["partner_marketing"], actor=LEAD, now=fixed_now).ended == {}


def test_what_changed_since_the_preview_is_shown_again(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person, _ = buyer(store, fixed_now)
    number = asks(store, person, fixed_now, "erasure")
    seen = preview_erasure(store, number, actor=LEAD, now=fixed_now)
    with store.write(fixed_now) as work:
        work.update(PERSON, person, {"phone": None})
    with pytest.raises(ChangedMeanwhileError):
        erase(store, number, expected=seen.mark, actor=LEAD, now=fixed_now)
    with store.read(fixed_now) as conn:
        assert conn.execute("SELECT first_name FROM person WHERE id = :id", {"id": person}).first() == ("Sari",)


def test_a_compelling_ground_keeps_a_purpose_but_never_marketing(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    number = asks(store, person, fixed_now, "erasure")
    kept = {"customer_care": "Toimitus on kesken.", "marketing": "Haluamme myydä."}
    done = erase(store, number, kept=kept, actor=LEAD, now=fixed_now)
    assert "customer_care" not in done.upheld
    assert "marketing" in done.upheld
    assert {each.purpose for each in done.stays(beside=proof(store))} >= {"customer_care"}


@pytest.mark.promise("F60")
def test_the_answer_to_an_erasure_tells_all_that_it_ended_and_why_proof_stays(
    store: RegisterStore, fixed_now: dt.datetime
) -> None:
    """Art. 12(3): the action taken. Also where nothing goes: a consent that ended is no refusal."""
    person = contact(store, fixed_now)
    yes_to_partner(store, person, fixed_now)
    number = asks(store, person, fixed_now, "erasure")
    assert erase(store, number, actor=LEAD, now=fixed_now).withdrawn == 1
    text = letter(store, number, fixed_now)
    for part in (
        "Suostumuksesi päättyi samalla: kumppanien",
        "Emme enää markkinoi sinulle.",
        "Mitään muuta ei jää kuin näyttö",
        "3 vuotta siitä, kun pyyntöön on vastattu",
        "5 artiklan 2 kohta",
    ):
        assert part in text, part
    number = asks(store, person, fixed_now, "erasure")
    erase(store, number, actor=LEAD, now=fixed_now)
    assert "Suostumuksesi päättyi" not in letter(store, number, fixed_now)


def test_an_erasure_that_only_ends_a_consent_is_no_refusal(store: RegisterStore, fixed_now: dt.datetime) -> None:
    """Art. 12(4): what was asked was done in part, though all else that is held stays."""
    person, _ = buyer(store, fixed_now)
    erase(store, asks(store, person, fixed_now, "erasure"), actor=LEAD, now=fixed_now)
    states = []
    for agrees in (True, False):
        if agrees:
            words = {"recipient": "Letkuset Oy", "channel": "web_form", "language": "fi"}
            say.grant(store, person, "partner_marketing", **words, actor=CLI, now=fixed_now)
        number = asks(store, person, fixed_now, "erasure")
        done = erase(store, number, actor=LEAD, now=fixed_now)
        assert (done.goes, bool(done.ended), bool(done.stays())) == (0, agrees, True)
        states.append(request(store, number, actor=LEAD, now=fixed_now)[0].state)
    assert states == ["partly_done", "refused"]


def test_a_hold_is_told_with_its_ground(store: RegisterStore, fixed_now: dt.datetime) -> None:
    """Art. 12(4), 17(3)(e): the reasons, the complaint and the court."""
    person = contact(store, fixed_now)
    say.hold(store, person, "Riita 12", owner="a1", review_on=dt.date(2027, 1, 4), actor=SALES, now=fixed_now)
    number = asks(store, person, fixed_now, "erasure")
    assert erase(store, number, actor=LEAD, now=fixed_now).held
    text = letter(store, number, fixed_now)
    assert "17 artiklan 3 kohdan e alakohta" in text
    assert "tuomioistuimeen" in text
    assert "Riita 12" not in text


def test_who_is_told_of_a_pause_is_told_to_the_person(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person, _ = buyer(store, fixed_now)
    number = asks(store, person, fixed_now, "restriction")
    carry_out_restriction(store, number, "accuracy", actor=LEAD, now=fixed_now)
    assert CARRIER in {each.recipient for each in notices(store, number, now=fixed_now)}
    assert "Kerromme keskeytyksestä näille, joille tietosi on annettu: " in letter(store, number, fixed_now)


@pytest.mark.promise("C59", "P37")
def test_a_withdrawn_consent_takes_what_only_it_held(
    opened: Callable[[str], RegisterStore], fixed_now: dt.datetime
) -> None:
    """T2: the sending stops and the address goes in the same transaction; the proof of the consent stays."""
    store = opened("fluiconnecto/notice")
    person = contact(store, fixed_now)
    yes_to_partner(store, person, fixed_now)
    number = asks(store, person, fixed_now, "withdrawal")
    assert carry_out_withdrawal(store, number, actor=LEAD, now=fixed_now).state == "done"
    with store.read(fixed_now) as conn:
        (row,) = conn.execute("SELECT wording, withdrawn_at FROM permission").all()
    assert all(row)
    assert "Suostumuksesi tähän on peruttu: kumppanien" in letter(store, number, fixed_now)
    with pytest.raises(RequestError, match="no consent"):
        carry_out_withdrawal(store, asks(store, person, fixed_now, "withdrawal"), actor=LEAD, now=fixed_now)


@pytest.mark.promise("C58", "P41", "P42", "F61", "F62")
def test_an_objection_stops_marketing_without_weighing_and_others_unless_there_are_grounds(
    store: RegisterStore, fixed_now: dt.datetime
) -> None:
    """T3 and T4."""
    person = contact(store, fixed_now)
    number = asks(store, person, fixed_now, "objection")
    with pytest.raises(RequestError, match="Choose what"):
        carry_out_objection(store, number, ["bookkeeping"], actor=LEAD, now=fixed_now)
    kept = {"marketing": "Haluamme myydä.", "customer_care": "Takuu on voimassa."}
    done = carry_out_objection(store, number, ["marketing", "customer_care"], kept=kept, actor=LEAD, now=fixed_now)
    assert done.state == "partly_done"
    with store.read(fixed_now) as conn:
        states = dict(conn.execute("SELECT purpose, state FROM objection").all())  # type: ignore[arg-type]
    assert states == {"marketing": "upheld", "customer_care": "refused"}
    assert read.row(store, PERSON, person, actor=SALES, now=fixed_now).values["first_name"] == "Sari"
    text = letter(store, number, fixed_now)
    assert "Takuu on voimassa." in text
    assert "tuomioistuimeen" in text


@pytest.mark.promise("F61", "P41")
def test_a_restriction_is_lifted_only_after_the_person_is_told(store: RegisterStore, fixed_now: dt.datetime) -> None:
    """T9."""
    person, _ = buyer(store, fixed_now)
    number = asks(store, person, fixed_now, "restriction")
    with pytest.raises(RequestError):
        carry_out_restriction(store, number, "boredom", actor=LEAD, now=fixed_now)
    carry_out_restriction(store, number, "accuracy", actor=LEAD, now=fixed_now)
    assert read.rows(store, PERSON, actor=SALES, now=fixed_now).total == 0
    assert CARRIER in {each.recipient for each in notices(store, number, now=fixed_now)}
    much_later = fixed_now + dt.timedelta(days=4000)
    assert sweep(store, now=much_later, actor=LEAD, dry_run=True, every_row=True).line(PERSON, "first_name").goes == 0
    with pytest.raises(RequestError, match="Tell them first"):
        lift(store, number, actor=LEAD, now=fixed_now)
    tell_of_lifting(store, number, text="Tiedot on tarkistettu.", already=True, actor=LEAD, now=fixed_now)
    assert lift(store, number, actor=LEAD, now=fixed_now) == 1
    assert read.rows(store, PERSON, actor=SALES, now=fixed_now).total == 1


def test_a_recipient_is_told_or_it_is_written_why_not(store: RegisterStore, fixed_now: dt.datetime) -> None:
    """T13."""
    person, _ = buyer(store, fixed_now)
    with store.write(fixed_now) as work:
        values = {"recipient": "Lopetettu Oy", "at": fixed_now, "what": ["person.email"], PERSON: person}
        work.insert("disclosure", values, source="own_records")
    number = asks(store, person, fixed_now, "rectification")
    rectify(store, PERSON, person, {"last_name": "Havu"}, source="subject", actor=SALES, now=fixed_now)
    carry_out_correction(store, number, actor=LEAD, now=fixed_now)
    told = {each.recipient: each for each in notices(store, number, now=fixed_now)}
    carrier, ended = told[CARRIER], told["Lopetettu Oy"]
    settle_notice(store, number, carrier.id, actor=LEAD, now=fixed_now)
    with pytest.raises(RequestError, match="why"):
        settle_notice(store, number, ended.id, why_not=" ", actor=LEAD, now=fixed_now)
    settle_notice(store, number, ended.id, why_not="Yhtiö on lopetettu.", actor=LEAD, now=fixed_now)
    with pytest.raises(RequestError, match="settled"):
        settle_notice(store, number, carrier.id, actor=LEAD, now=fixed_now)
    after = {each.recipient: each for each in notices(store, number, now=fixed_now)}
    assert (bool(after[CARRIER].told_at), after["Lopetettu Oy"].why_not) == (True, "Yhtiö on lopetettu.")
    # Those to whom nothing has gone are nobody to tell: partners without a consent, a collector without a debt.
    assert not {"Letkuset Oy (Suomi)", "Perintä Oy (Suomi)"} & set(after)


@pytest.mark.promise("C62")
def test_only_what_was_provided_under_consent_or_contract_is_taken_along(
    opened: Callable[[str], RegisterStore], fixed_now: dt.datetime
) -> None:
    """T6, and T5 for a basis of interest alone."""
    store = opened("fluiconnecto/notice")
    person = contact(store, fixed_now)
    yes_to_partner(store, person, fixed_now)
    values = {"ordered_on": dt.date(2026, 10, 1), "contact": person, "organisation": 1}
    with store.write(fixed_now) as work:
        theirs = work.insert("order", values, source="subject")
        noted = work.insert("order", values, source="own_records")
    with store.read(fixed_now) as conn:
        own = gather(store, conn, person, now=fixed_now)
    mine = portable(store.register, own)
    assert {row.id for row in own.rows if row.kind == "order"} == {theirs, noted}
    assert {row.id for row in mine.rows if row.kind == "order"} == {theirs}, "what we noted ourselves is not provided"
    assert {cell.item for row in mine.rows for cell in row.cells} >= {"email"}
    assert not any(cell.why.source == "own_records" for row in mine.rows for cell in row.cells)
    number = asks(store, person, fixed_now, "portability")
    assert give_portable(store, number, actor=LEAD, now=fixed_now).state == "done"
    assert "koneellisesti luettavassa muodossa" in letter(store, number, fixed_now), "an answer says what was done"
    with zipfile.ZipFile(io.BytesIO(portable_file(store, number, actor=LEAD, now=fixed_now).body)) as archive:
        assert {"data.json", "schema.json", "person.csv"} <= set(archive.namelist())
        data = json.loads(archive.read("data.json"))["data"]
        assert "sari@havupumppu.example" in archive.read("person.csv").decode()
    assert data["person"][0]["values"]["email"] == ["sari@havupumppu.example"]

    homes = opened("fluxio/as-oy-tuulikello")
    with homes.write(fixed_now) as work:
        resident = work.insert(PERSON, {"first_name": "Elina"}, source="subject")
        home = work.insert("apartment", {"code": "A 1"}, source="own_records")
        work.insert(
            "residency", {PERSON: resident, "apartment": home, "moved_in": dt.date(2024, 1, 1)}, source="subject"
        )
    refused = asks(homes, resident, fixed_now, "portability")
    assert give_portable(homes, refused, actor=LEAD, now=fixed_now).state == "refused"
    text = letter(homes, refused, fixed_now)
    assert "20(1)(a)" in text
    assert "kopion kaikista tiedoistasi" in text


@pytest.mark.promise("P37", "P40")
def test_a_notice_that_erases_on_request_weighs_nothing_against_it(
    opened: Callable[[str], RegisterStore], fixed_now: dt.datetime
) -> None:
    """T12: the customer file goes whatever the reason; only what a law or a claim holds may stay."""
    store = opened("proseduuri/notice")
    person = contact(store, fixed_now)
    number = asks(store, person, fixed_now, "erasure")
    done = erase(store, number, kept={"customer_care": "Haluamme pitää."}, actor=LEAD, now=fixed_now)
    assert "customer_care" in done.upheld
    with store.read(fixed_now) as conn:
        row = conn.execute("SELECT first_name, phone, email FROM person WHERE id = :id", {"id": person}).first()
        own = gather(store, conn, person, now=fixed_now)
    assert row == (None, None, None)
    assert all(store.register.tables[each.kind].kind.built_in for each in own.rows)
    assert done.stays(beside=proof(store)) == ()
    assert request(store, number, actor=LEAD, now=fixed_now)[0].state == "done"


@pytest.mark.promise("X36")
def test_a_debt_stays_to_its_day_when_a_resident_asks_for_erasure(
    opened: Callable[[str], RegisterStore], fixed_now: dt.datetime
) -> None:
    """T10: arrears of somebody who moved out stay until they are time-barred; the rest goes."""
    store = opened("fluxio/as-oy-tuulikello")
    with store.write(fixed_now) as work:
        person = work.insert(
            PERSON, {"first_name": "Elina", "last_name": "Salo", "phone": ["+358500000199"]}, source="subject"
        )
        home = work.insert("apartment", {"code": "A 1"}, source="own_records")
        values = {
            PERSON: person,
            "apartment": home,
            "moved_in": dt.date(2024, 1, 1),
            "moved_out": dt.date(2026, 10, 31),
        }
        work.insert("residency", values, source="subject")
        values = {PERSON: person, "apartment": home, "due_on": dt.date(2026, 3, 10), "sort": "maintenance"}
        work.insert("charge", values, source="own_records")
    number = asks(store, person, fixed_now, "erasure")
    done = erase(store, number, actor=LEAD, now=fixed_now)
    debt = [each for each in done.stays(beside=proof(store)) if each.kind == "charge"]
    assert dt.date(2029, 3, 10) in {each.last for each in debt}
    with store.read(fixed_now) as conn:
        own = gather(store, conn, person, now=fixed_now)
    assert not any(row.kind == "residency" for row in own.rows)
