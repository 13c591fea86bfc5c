"""What ``seloste plan`` tells an owner before anything is done: made, changed, erased, in words and with counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from seloste.cli import group
from seloste.clock import now
from seloste.notice import load
from seloste.operations.actor import CLI
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.settings import Settings
from seloste.store import system
from seloste.store.registers import Registers

SHOP = Path(__file__).parents[1] / "corpus" / "bicycle_shop" / "notice.yaml"


@pytest.fixture
def notice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shop's notice to change, and a data folder of its own."""
    monkeypatch.setenv("SELOSTE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SELOSTE_LANGUAGE", "en")
    file = tmp_path / "notice.yaml"
    file.write_text(SHOP.read_text("utf-8"), "utf-8")
    return file


def run(*words: str) -> Result:
    return CliRunner().invoke(group, words)


def fill(file: Path) -> None:
    registers = Registers(Settings.from_environment())
    try:
        registers.apply(load(file), now=now(), actor="cli")
        rows = []
        for number, (name, colour) in enumerate((("Virta", "red"), ("Lumi", "blue"), ("Oja", ""))):
            rows.append(NewRow("person", {"last_name": name, "phone": f"050 000 014{number}"}, ref=f"p{number}"))
            values = {"frame_number": f"F{number}", "brought_on": now().date().isoformat(), "colour": colour}
            rows.append(NewRow("bicycle", values, {"person": f"p{number}"}, ref=f"b{number}"))
        collect(registers.open("shop"), rows, actor=CLI, now=now())
    finally:
        registers.close()


def change(file: Path, *pairs: tuple[str, str]) -> None:
    text = file.read_text("utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, "utf-8")


def test_a_new_register_is_told_by_what_it_holds_and_who_sees_it(notice: Path) -> None:
    told = run("plan", str(notice))
    assert told.exit_code == 0, told.output
    assert told.output.startswith("A new register: Customers of the shop, Spoke and Saddle Oy (shop)\n")
    assert "  bicycles: frame number, brought in and colour\n" in told.output
    assert "  to show that the law is followed: consents, objections" in told.output
    assert "  Bookkeeper (books): people, invoices, payments, bicycles and repairs\n" in told.output
    assert told.output.endswith(f"Nothing that is stored is erased.\nCarry it out: seloste apply {notice}\n")
    assert "CREATE" not in told.output
    assert not (notice.parent / "data").exists(), "a plan changes nothing, and makes nothing"


def test_the_sql_is_told_where_it_is_asked_for(notice: Path) -> None:
    told = run("plan", str(notice), "--sql")
    assert "Create kind bicycle" in told.output
    assert "CREATE TABLE bicycle" in told.output
    run("apply", str(notice))
    assert run("plan", str(notice), "--sql").output == "There are no steps.\n"


def test_what_would_be_erased_comes_with_the_number_of_rows_that_lose_it(notice: Path) -> None:
    fill(notice)
    change(
        notice,
        ("      colour: {type: text, label: {en: Colour, sv: Färg}}\n", "      size: {type: text, label: Size}\n"),
        ("[en, sv]", "[en]"),
    )
    told = run("plan", str(notice))
    assert told.exit_code == 0, told.output
    assert "Made:\n  bicycles: size\n" in told.output
    assert "Erased for good:\n  bicycles: 2 of them lose the colour\n" in told.output
    assert told.output.endswith(f"Carry it out: seloste apply --erase {notice}\n")
    refused = run("apply", str(notice))
    assert refused.exit_code == 2
    assert "This would erase for good values that the notice no longer names: 2." in refused.output
    assert "Values erased: 2." in run("apply", str(notice), "--erase").output


def test_a_kind_that_goes_is_told_whole_with_the_purpose_and_what_roles_no_longer_see(notice: Path) -> None:
    fill(notice)
    text = notice.read_text("utf-8")
    begin, end = text.index("  repairs:\n"), text.index("  bookkeeping:\n")
    notice.write_text(text[:begin] + text[end:], "utf-8")
    change(
        notice,
        ("[customer_care, repairs, newsletter]", "[customer_care, newsletter]"),
        ("[bookkeeping, repairs]", "[bookkeeping]"),
        ("2 years after last_contact", "1 year after last_contact"),
        ("  counter:", "  workshop: [customer_care]\n  counter:"),
    )
    told = run("plan", str(notice))
    assert told.exit_code == 0, told.output
    assert "  a purpose ends: Repairs of bicycles\n" in told.output
    assert "  Looking after the customer relationship: kept for 1 year after they were last in contact with us" in (
        told.output
    )
    assert "(now for 2 years after they were last in contact with us)\n" in told.output
    assert "  a new role: Workshop (workshop)\n" in told.output
    assert "(counter) no longer sees: bicycles, repairs\n" in told.output
    assert "  bicycles: all 3\n" in told.output
    assert "  repairs: there are none\n" in told.output


def test_a_notice_that_is_only_reworded_changes_no_data(notice: Path) -> None:
    run("apply", str(notice))
    assert "nothing changes" in run("plan", str(notice)).output
    change(notice, ("Customers of the shop", "Customers of our shop"))
    assert "The data stay as they are." in run("plan", str(notice)).output
    assert run("apply", str(notice)).output == "The published notice changed, the data did not.\n"
    assert run("apply", str(notice)).output == "Nothing changed.\n"


def test_a_change_of_a_day_to_come_is_carried_out_then(notice: Path) -> None:
    fill(notice)
    change(
        notice, ("Customers of the shop", "Customers of our shop"), ("effective: 2026-09-15", "effective: 2999-01-31")
    )
    told = run("plan", str(notice)).output.splitlines()[-1]
    assert told.startswith("It takes effect on 2999-01-31. Publish it on the page Notice, or carry it out then: ")
    assert run("apply", str(notice)).exit_code == 2


def test_it_is_told_in_finnish_too(notice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELOSTE_LANGUAGE", "fi")
    fill(notice)
    change(notice, ("      colour: {type: text, label: {en: Colour, sv: Färg}}\n", ""))
    told = run("plan", str(notice)).output
    assert "Poistetaan lopullisesti:\n" in told
    assert "2 riviltä lähtee" in told
    assert f"Toteuta: seloste apply --erase {notice}" in told


def test_what_a_new_version_of_the_program_does_is_told_apart_from_the_notices_changes(notice: Path) -> None:
    """Here another version built the register: it computed a day less, and its vocabulary had no item of a person."""
    assert run("apply", str(notice)).exit_code == 0
    registers = Registers(Settings.from_environment())
    database = registers.database("shop")
    with database.transaction() as conn:
        built = json.loads(system.meta(conn, "shape") or "")
        day = next(each["name"] for each in built["tables"]["person"] if each["role"] == "until")
        for name in (day, "phone"):
            built["tables"]["person"] = [each for each in built["tables"]["person"] if each["name"] != name]
            conn.execute(f"ALTER TABLE person DROP COLUMN {name}")
        system.put_meta(conn, "shape", json.dumps(built))
        system.put_meta(conn, "compiler", "another")
    database.close()
    registers.close()
    own = "The program's own change by its new version, not your notice's:\n"
    told = run("plan", str(notice))
    assert told.exit_code == 0, told.output
    assert own in told.output
    assert "\nMade:" not in told.output
    assert "  Made: people: phone\n" in told.output
    assert "helper columns and views are made or computed again\n" in told.output
    assert "Your notice itself is unchanged.\nNothing that is stored is erased.\n" in told.output
    colour = "      colour: {type: text, label: {en: Colour, sv: Färg}}\n"
    change(notice, (colour, f"{colour}      size: {{type: text, label: {{en: Size, sv: Storlek}}}}\n"))
    told = run("plan", str(notice))
    assert "Made:\n  bicycles: size\n" in told.output.partition(own)[0]
    assert "phone" in told.output.partition(own)[2]
    assert "size" not in told.output.partition(own)[2].partition("Carry it out")[0]


def test_a_change_that_people_are_told_of_first_waits_until_they_are(notice: Path) -> None:
    """As the page refuses today for it (Art. 13(3)); the first notice, and an empty register, have nobody to tell."""
    assert run("apply", str(notice)).exit_code == 0
    change(notice, ("3 years after last_contact", "4 years after last_contact"))
    assert "Tell people" not in run("plan", str(notice)).output
    assert run("apply", str(notice)).exit_code == 0
    fill(notice)
    change(notice, ("4 years after last_contact", "5 years after last_contact"))
    to_tell = "Changes: period, Repairs of bicycles (3 people)"
    told = run("plan", str(notice)).output
    assert f"Tell people before this begins (GDPR 13(3), 14(4)):\n  {to_tell}\n" in told
    assert told.endswith(
        "Write a later day on the line `effective:` and publish it on the page Notice. If they have been told:"
        f" seloste apply --told {notice}\n"
    )
    refused = run("apply", str(notice))
    assert refused.exit_code == 1
    assert (
        "before it begins, and it concerns 3. Nothing was done."
        f" To tell: {to_tell}. Write a later day on the line `effective:`"
    ) in refused.output
    assert f"If they have been told: seloste apply --told {notice}." in refused.output
    assert run("diff", str(notice)).exit_code == 1, "nothing has changed yet"
    # A day to come is not enough: somebody tells them, or the page does when it publishes.
    change(notice, ("effective: 2026-09-15", "effective: 2999-01-31"))
    then = "Publish it on the page Notice, or, if they have been told, carry it out then: seloste apply --told "
    assert then in run("plan", str(notice)).output
    assert run("apply", "--early", str(notice)).exit_code == 1
    change(notice, ("effective: 2999-01-31", "effective: 2026-09-15"))
    # Whoever says that they were told is kept in the journal with how many they were.
    assert run("apply", "--told", str(notice)).exit_code == 0
    registers = Registers(Settings.from_environment())
    try:
        with registers.database("shop").read() as conn:
            entries = conn.execute("SELECT actor, verb, count FROM journal ORDER BY seq DESC LIMIT 2").all()
    finally:
        registers.close()
    assert entries[1] == ("cli", "tell_change", 3)
    assert entries[0][1] == "apply"
