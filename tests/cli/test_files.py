"""``seloste import`` and ``seloste export``, run as a person runs them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from seloste.cli import group
from seloste.clock import now
from seloste.notice import load
from seloste.operations.actor import Actor
from seloste.operations.records import read
from seloste.settings import Settings
from seloste.store.journal_pages import Query, page
from seloste.store.registers import Registers

SHOP = Path(__file__).parents[1] / "corpus" / "bicycle_shop" / "notice.yaml"
FILE = (
    "Nimi;Puh.;Sähköposti;Kengännumero\nAino Virta;050 000 0140;aino@x.example;38\nEero Lumi;05000;eero@x.example;43\n"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SELOSTE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SELOSTE_LANGUAGE", "en")
    registers = Registers(Settings.from_environment())
    registers.apply(load(SHOP), now=now(), actor="cli")
    registers.close()
    (tmp_path / "people.csv").write_text(FILE, encoding="cp1252")
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, arguments)


def bring(folder: Path, *more: str, source: str = "subject", file: str = "people.csv") -> Result:
    return run("import", "shop", str(folder / file), "--kind", "person", "--source", source, *more)


def names() -> set[str]:
    registers = Registers(Settings.from_environment())
    try:
        found = read.rows(registers.open("shop"), "person", actor=Actor("x", "counter"), now=now()).rows
        return {str(row.values["last_name"]) for row in found}
    finally:
        registers.close()


def test_a_dry_run_tells_the_columns_and_every_fault_and_stores_nothing(folder: Path) -> None:
    told = bring(folder, "--dry-run", "--faults", str(folder / "faults.csv"))
    assert told.exit_code == 1
    assert "Nimi -> person.name" in told.output
    assert "Kengännumero -> left out" in told.output
    assert "3, Puh.: The end of the number is missing." in told.output
    assert "1 of 2 rows are in order. Nothing was stored." in told.output
    with (folder / "faults.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert rows[1][:2] == ["3", "Puh."]
    assert names() == set()


def test_faulty_rows_stop_it_unless_they_are_left_out(folder: Path) -> None:
    assert bring(folder).exit_code == 1
    assert names() == set()
    told = bring(folder, "--skip-faulty")
    assert (told.exit_code, names()) == (0, {"Virta"})
    assert "1 rows imported, 1 left out." in told.output
    registers = Registers(Settings.from_environment())
    with registers.open("shop").database.read() as conn:
        entry = page(conn, Query(verb="import")).entries[0].entry
    registers.close()
    assert (entry.actor, entry.count, entry.note) == ("cli", 1, "subject")


def test_a_dry_run_tells_how_many_persons_are_there_already(folder: Path) -> None:
    assert "is in the register already" not in bring(folder, "--skip-faulty").output
    said = "Rows whose person is in the register already: 1. They are left out without --with-doubles."
    assert said in bring(folder, "--dry-run").output
    assert said not in bring(folder, "--dry-run", "--with-doubles").output


def test_a_column_is_led_elsewhere_by_hand(folder: Path) -> None:
    told = bring(folder, "--map", "Puh.=", "--map", "Sähköposti=person.email", "--dry-run")
    assert told.exit_code == 0
    assert "2 of 2 rows are in order" in told.output
    for wrong in ("Puhelin=person.phone", "Puh.=person.shoe_size", "Puh."):
        assert bring(folder, "--map", wrong).exit_code == 2, wrong


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--kind", "horse", "--source", "subject"], "cannot be imported"),
        (["--kind", "person", "--source", "hearsay"], "The notice has no source"),
        (["--kind", "person", "--source", "subject", "--role", "nobody"], "has no role nobody"),
    ],
)
def test_what_the_register_does_not_have_is_said(folder: Path, arguments: list[str], why: str) -> None:
    told = run("import", "shop", str(folder / "people.csv"), *arguments)
    assert told.exit_code == 2
    assert why in told.output


def test_a_file_that_is_no_table_is_refused(folder: Path) -> None:
    (folder / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0" + b"x" * 99)
    told = bring(folder, file="old.xls")
    assert told.exit_code == 2
    assert "old Excel file" in told.output


def test_a_list_goes_into_a_file_for_a_purpose(folder: Path) -> None:
    bring(folder, "--skip-faulty")
    told = run("export", "shop", "person", "--role", "counter", "--purpose", "customer_care", "--out", str(folder))
    assert told.exit_code == 0, told.output
    path = next(folder.glob("shop_person_*.csv"))
    assert told.output == f"{path}: 1 rows\n"
    assert "Virta" in path.read_text("utf-8-sig")
    narrowed = folder / "none.xlsx"
    told = run(
        *("export", "shop", "person", "--role", "counter", "--purpose", "customer_care", "--format", "xlsx"),
        *("--filter", "last_name=Lumi", "--out", str(narrowed)),
    )
    assert told.output == f"{narrowed}: 0 rows\n"


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["person", "--role", "counter", "--purpose", "bookkeeping"], "The role counter has no purpose bookkeeping"),
        (["person", "--role", "nobody", "--purpose", "customer_care"], "has no role nobody"),
        (["invoice", "--role", "counter", "--purpose", "repairs"], "does not see invoice"),
        (["person", "--role", "counter", "--purpose", "repairs", "--filter", "shoe_size=38"], "ITEM=VALUE"),
    ],
)
def test_what_the_role_may_not_export_is_said(folder: Path, arguments: list[str], why: str) -> None:
    told = run("export", "shop", *arguments, "--out", str(folder))
    assert told.exit_code == 2
    assert why in told.output
    assert list(folder.glob("shop_*")) == []
