"""What happened after a backup is in force when it is brought back: nobody erased returns, every no is a no."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from tests.operations.conftest import SALES, contact
from tests.prepared import EXAMPLES, example
from tests.store.test_backup import KEY, filled, into, nothing_came, other_pg_url, places, plain

from seloste.notice import load
from seloste.operations.actor import CLI, Actor
from seloste.operations.backup.backup import backup
from seloste.operations.backup.restore import RestoredRegister, restore
from seloste.operations.daily import keep_ledgers, run_due
from seloste.operations.permissions import say
from seloste.operations.permissions.contact import contact_answers
from seloste.operations.records import read
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.operations.retention.sweep import sweep, sweep_person
from seloste.settings import Settings
from seloste.store import ledger, ledger_file
from seloste.store.journal import verify
from seloste.store.ledger_file import LedgerError
from seloste.store.registers import Registers, RegisterStore
from seloste.store.verify import verify_derived

__all__ = ["into", "other_pg_url", "places", "plain"]

SERVICE = Actor("a2", "service")
Two = tuple[Settings, Settings]


def brought_back(there: Settings, folder: Path, now: dt.datetime) -> tuple[RestoredRegister, Registers]:
    report = restore(there, folder, now=now, actor=CLI)
    (found,) = report.registers
    assert report.ok, found
    assert found.by_ledger
    return found, Registers(there)


def answers(store: RegisterStore, person: int, now: dt.datetime, purpose: str, channel: str) -> set[str]:
    """What is answered of every sender there is."""
    found = contact_answers(store, person, actor=SALES, now=now)
    return {each.answer for each in found if (each.purpose, each.channel) == (purpose, channel)}


def seen(store: RegisterStore, actor: Actor, now: dt.datetime) -> set[int]:
    return {record.id for record in read.rows(store, "person", actor=actor, now=now).rows}


def consent(store: RegisterStore, person: int, now: dt.datetime, evidence: str = "") -> None:
    say.grant(
        store,
        person,
        "partner_marketing",
        recipient="Letkuset Oy",
        channel="web_form",
        language="fi",
        evidence=evidence,
        actor=SALES,
        now=now,
    )


def test_everything_said_after_the_backup_is_in_force(places: Two, fixed_now: dt.datetime, tmp_path: Path) -> None:
    here, there = places
    registers = filled(here, fixed_now)
    store = registers.open(KEY)
    erased, withdrew, objected, banned, paused, held, freed, proven = (
        contact(store, fixed_now, first=f"Nimi{number}") for number in range(8)
    )
    consent(store, withdrew, fixed_now)
    say.restrict(store, freed, "accuracy", actor=SALES, now=fixed_now)
    backup(registers, tmp_path / "copy", now=fixed_now, actor=CLI)
    later = fixed_now + dt.timedelta(days=3)
    assert "yes" in answers(store, withdrew, later, "partner_marketing", "email")
    no = say.object_to(store, erased, "customer_care", actor=SALES, now=later)
    say.decide_objection(store, no.id, upheld=True, reason="", actor=SALES, now=later)
    sweep_person(store, erased, now=later, actor=SALES)
    say.withdraw(store, withdrew, "partner_marketing", actor=SALES, now=later)
    no = say.object_to(store, objected, "customer_care", actor=SALES, now=later)
    say.decide_objection(store, no.id, upheld=True, reason="", actor=SALES, now=later)
    say.ban(store, banned, "email", note="soitti", actor=SALES, now=later)
    say.restrict(store, paused, "claims", actor=SALES, now=later)
    say.hold(store, held, "riita", owner="a9", review_on=later.date(), actor=SALES, now=later)
    say.lift_restriction(store, freed, actor=SALES, now=later)
    consent(store, proven, later, evidence="kortti 7")
    newcomer = contact(store, later, first="Uusi")
    say.ban(store, newcomer, "all", actor=SALES, now=later)
    keep_ledgers(registers, now=later)
    registers.close()
    found, back = brought_back(there, tmp_path / "copy", later)
    again = back.open(KEY)
    with again.database.read() as conn:
        names = {row[0]: row[1] for row in conn.execute("SELECT id, first_name FROM person")}
        assert names.get(erased) is None, "kept only as the number to which the objection belongs"
        assert not conn.execute("SELECT 1 FROM relationship WHERE person = :id", {"id": erased}).first()
        assert not conn.execute("SELECT 1 FROM sys_find WHERE key LIKE '%nimi0%'").first()
        assert newcomer not in names
    assert erased not in seen(again, SALES, later)
    assert "yes" not in answers(again, withdrew, later, "partner_marketing", "email")
    assert objected not in seen(again, SALES, later)
    assert answers(again, banned, later, "marketing", "email") == {"no"}
    assert paused not in seen(again, SALES, later) and freed in seen(again, SALES, later)
    # Its proof was not kept, so the person is asked again; and of the newcomer there is nothing to say.
    assert "yes" not in answers(again, proven, later, "partner_marketing", "email")
    # The newcomer has the one said, and the one that came back with a number that somebody had banned.
    assert (found.gone > 0, found.left_out) == (True, 3)
    much = later + dt.timedelta(days=365 * 12)
    sweep(again, now=much, actor=CLI)
    with again.database.read() as conn:
        kept = {row[0] for row in conn.execute("SELECT id FROM person WHERE first_name IS NOT NULL")}
    assert kept == {paused, held}
    assert verify(again.database).ok and verify_derived(again, much).ok
    # Numbers go on after those that were given in the days that were lost.
    assert contact(again, later, first="Taas") > newcomer
    back.close()


def test_a_row_that_went_does_not_come_back_and_nothing_points_at_it(
    into: Two, fixed_now: dt.datetime, tmp_path: Path
) -> None:
    here, there = into
    registers = filled(here, fixed_now)
    store = registers.open(KEY)
    goes, stays = contact(store, fixed_now, first="Lähtee"), contact(store, fixed_now, first="Jää")
    order = NewRow("order", {"number": "T-2", "ordered_on": fixed_now.date()}, {"person": goes}, ref="o")
    moved = collect(store, [order], actor=SALES, now=fixed_now).ids["o"]
    backup(registers, tmp_path / "copy", now=fixed_now, actor=CLI)
    with store.write(fixed_now) as work:
        work.update("order", moved, {"person": stays})
        for (row,) in work.conn.execute("SELECT id FROM relationship WHERE person = :id", {"id": goes}).all():
            work.delete("relationship", row)
        work.delete("person", goes)
    assert ledger_file.write(store, here.ledgers) == 2
    registers.close()
    found, back = brought_back(there, tmp_path / "copy", fixed_now)
    assert found.gone == 2
    with back.open(KEY).database.read() as conn:
        assert not conn.execute("SELECT 1 FROM person WHERE id = :id", {"id": goes}).first()
        assert not conn.execute('SELECT 1 FROM "order" WHERE person = :id', {"id": goes}).first()
        assert not conn.execute("SELECT 1 FROM sys_find WHERE kind = 'person' AND row = :id", {"id": goes}).first()
    back.close()


def test_what_a_later_notice_no_longer_names_does_not_come_back(
    into: Two, fixed_now: dt.datetime, tmp_path: Path
) -> None:
    here, there = into
    registers = filled(here, fixed_now)
    backup(registers, tmp_path / "copy", now=fixed_now, actor=CLI)
    whole = example("fluiconnecto/notice")
    text = (EXAMPLES / "fluiconnecto" / "notice.yaml").read_text("utf-8")
    staff = {key: lens for key, lens in whole.staff.items() if key != "service"}
    registers.apply(replace(whole, staff=staff, digest="0" * 64), now=fixed_now, actor="cli", text=text)
    keep_ledgers(registers, now=fixed_now)
    assert registers.open(KEY)
    keep_ledgers(registers, now=fixed_now)
    registers.close()
    _, back = brought_back(there, tmp_path / "copy", fixed_now)
    store = back.open(KEY)
    assert store.register.hash == "0" * 64 and "service" not in store.register.lenses
    with store.database.read() as conn:
        assert [row[0] for row in conn.execute("SELECT text FROM sys_notice ORDER BY id")][-1] == text
    assert seen(store, SALES, fixed_now)
    back.close()


def test_a_backup_may_be_brought_back_again_and_again(plain: Two, fixed_now: dt.datetime, tmp_path: Path) -> None:
    """The ledger goes on through a restore, so that an older backup after it knows of both times."""
    here, there = plain
    registers = filled(here, fixed_now)
    store = registers.open(KEY)
    first, second = contact(store, fixed_now, first="Yksi"), contact(store, fixed_now, first="Kaksi")
    backup(registers, tmp_path / "copy", now=fixed_now, actor=CLI)
    say.restrict(store, first, "claims", actor=SALES, now=fixed_now)
    keep_ledgers(registers, now=fixed_now)
    registers.close()
    _, back = brought_back(there, tmp_path / "copy", fixed_now)
    say.restrict(back.open(KEY), second, "claims", actor=SALES, now=fixed_now)
    keep_ledgers(back, now=fixed_now)
    back.close()
    third = replace(there, data_dir=tmp_path / "third")
    _, back = brought_back(third, tmp_path / "copy", fixed_now)
    assert not {first, second} & seen(back.open(KEY), SALES, fixed_now)
    back.close()


def test_the_file_holds_nothing_that_anybody_wrote(plain: Two, fixed_now: dt.datetime) -> None:
    registers = filled(plain[0], fixed_now)
    store = registers.open(KEY)
    person = contact(store, fixed_now, first="Salainen")
    consent(store, person, fixed_now, evidence="kortti 7")
    say.ban(store, person, "email", note="soitti itse", actor=SALES, now=fixed_now)
    say.hold(store, person, "riita laskusta", owner="a9", review_on=fixed_now.date(), actor=SALES, now=fixed_now)
    no = say.object_to(store, person, "customer_care", reason="pitkä perustelu", actor=SALES, now=fixed_now)
    say.decide_objection(store, no.id, upheld=False, reason="toinen perustelu", actor=SALES, now=fixed_now)
    run_due(registers, now=fixed_now)
    path = ledger_file.path_of(plain[0].ledgers, KEY)
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    notices = [line for line in lines if "notice" in line]
    assert len(notices) == 1
    rest = "".join(json.dumps(line, ensure_ascii=False) for line in lines if "notice" not in line)
    for word in ("Salainen", "Letkuset", "kortti", "soitti", "riita", "perustelu", "havupumppu", "0142"):
        assert word not in rest
    assert {line["kind"] for line in lines if "cells" in line} == {"ban", "permission", "hold", "objection"}
    assert path.stat().st_mode & 0o077 == 0
    registers.close()


def test_a_line_that_was_cut_off_is_written_again(plain: Two, fixed_now: dt.datetime) -> None:
    registers = filled(plain[0], fixed_now)
    store = registers.open(KEY)
    ledger_file.write(store, plain[0].ledgers)
    path = ledger_file.path_of(plain[0].ledgers, KEY)
    whole = path.read_bytes()
    with store.database.read() as conn:
        line = ledger.line_of(conn) or ""
    for cut in range(1, len(whole), 331):
        path.write_bytes(whole[:-cut])
        if b"\n" in whole[:-cut]:
            ledger_file.read(path, 0)
        ledger_file.write(store, plain[0].ledgers)
        again = ledger_file.read(path, 0)
        assert again.entries == ledger_file.read(path, 0).entries and again.last == 2
        assert [each.seq for each in again.entries] == [1, 2]
        assert ledger_file.find(plain[0].ledgers, KEY, line) == path
    path.write_bytes(whole.replace(b'{"seq":1', b'{"seq":x', 1))
    with pytest.raises(LedgerError, match="damaged"):
        ledger_file.read(path, 0)
    registers.close()


def test_another_register_of_the_same_key_begins_a_file_of_its_own(
    plain: Two, fixed_now: dt.datetime, tmp_path: Path
) -> None:
    here, there = plain
    registers = filled(here, fixed_now)
    backup(registers, tmp_path / "copy", now=fixed_now, actor=CLI)
    registers.close()
    anew = replace(here, data_dir=tmp_path / "anew")
    registers = Registers(anew)
    registers.apply(example("fluiconnecto/notice"), now=fixed_now, actor="cli")
    ledger_file.write(registers.open(KEY), anew.ledgers)
    registers.close()
    assert len(list(here.ledgers.glob("*.jsonl"))) == 2
    brought_back(there, tmp_path / "copy", fixed_now)[1].close()


def test_without_its_ledger_a_backup_is_not_brought_back_unless_it_is_said(
    plain: Two, fixed_now: dt.datetime, tmp_path: Path
) -> None:
    here, there = plain
    registers = filled(here, fixed_now)
    backup(registers, tmp_path / "copy", now=fixed_now, actor=CLI)
    early = ledger_file.path_of(here.ledgers, KEY).read_bytes()
    say.ban(registers.open(KEY), 1, "all", actor=SALES, now=fixed_now)
    backup(registers, tmp_path / "later", now=fixed_now, actor=CLI)
    registers.close()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for content in (None, early):
        if content is not None:
            ledger_file.path_of(elsewhere, KEY).write_bytes(content)
        with pytest.raises(LedgerError, match="--without-ledger"):
            restore(there, tmp_path / "later", ledgers=elsewhere, now=fixed_now, actor=CLI)
    assert nothing_came(there)
    report = restore(there, tmp_path / "later", ledgers=elsewhere, without_ledger=True, now=fixed_now, actor=CLI)
    assert report.ok and not report.registers[0].by_ledger


def test_a_database_put_in_place_by_hand_is_noticed(plain: Two, fixed_now: dt.datetime) -> None:
    registers = filled(plain[0], fixed_now)
    registers.close()
    path = plain[0].data_dir / "registers" / f"{KEY}.db"
    old = path.read_bytes()
    registers = Registers(plain[0])
    say.ban(registers.open(KEY), 1, "all", actor=SALES, now=fixed_now)
    keep_ledgers(registers, now=fixed_now)
    registers.close()
    path.write_bytes(old)
    registers = Registers(plain[0])
    with pytest.raises(LedgerError, match="knows more than the register"):
        ledger_file.write(registers.open(KEY), plain[0].ledgers)
    registers.close()


def test_a_register_of_an_earlier_version_gets_its_ledger_when_it_is_opened(into: Two, fixed_now: dt.datetime) -> None:
    registers = Registers(into[1])
    registers.apply(load(EXAMPLES / "fluiconnecto" / "notice.yaml"), now=fixed_now, actor="cli")
    database = registers.database(KEY)
    with database.transaction() as conn:
        conn.execute("DROP TABLE sys_ledger")
    database.close()
    store = registers.open(KEY)
    person = contact(store, fixed_now)
    say.ban(store, person, "all", actor=SALES, now=fixed_now)
    with store.database.read() as conn:
        assert [tuple(row[1:4]) for row in ledger.after(conn, 0, 9)] == [("ban", 1, 0)]
    registers.close()


def test_one_of_an_earlier_version_gets_room_for_rows_that_went_together(into: Two, fixed_now: dt.datetime) -> None:
    registers = filled(into[1], fixed_now)
    people = [contact(registers.open(KEY), fixed_now, first=f"Nimi{number}") for number in range(3)]
    registers.close()
    database = Registers(into[1]).database(KEY)
    with database.transaction() as conn:
        conn.execute("ALTER TABLE sys_ledger DROP COLUMN others")
    database.close()
    registers = Registers(into[1])
    with registers.open(KEY).write(fixed_now) as work:
        ledger.note(work.conn, "person", people, gone=True, at=fixed_now)
    ledger_file.write(registers.open(KEY), into[1].ledgers)
    read = ledger_file.read(ledger_file.path_of(into[1].ledgers, KEY), 0)
    assert [each.rows for each in read.entries if each.kind == "person" and each.gone] == [tuple(people)]
    registers.close()


def test_killed_while_the_ledger_is_written(plain: Two, fixed_now: dt.datetime) -> None:
    registers = filled(plain[0], fixed_now)
    store = registers.open(KEY)
    for number in range(40):
        say.ban(store, 1, "sms" if number % 2 else "post", actor=SALES, now=fixed_now)
    store.reads.flush()
    program = (
        "import sys; from pathlib import Path; from seloste.settings import Settings\n"
        "from seloste.store import ledger_file; from seloste.store.registers import Registers\n"
        "ledger_file.AT_ONCE = 1\n"
        "place = Path(sys.argv[1])\n"
        "store = Registers(Settings(data_dir=place, key_file=place / 'secret.key')).open(sys.argv[2])\n"
        "print('open', flush=True); ledger_file.write(store, place / 'ledger'); print('done', flush=True)\n"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", program, str(plain[0].data_dir), KEY], stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None and running.stdout.readline() == "open\n"
    running.kill()
    running.wait()
    running.stdout.close()
    ledger_file.write(store, plain[0].ledgers)
    found = ledger_file.read(ledger_file.path_of(plain[0].ledgers, KEY), 0)
    assert [each.seq for each in found.entries] == list(range(1, 43))
    registers.close()
