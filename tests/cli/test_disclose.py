"""``seloste disclose``, run as a person runs it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.prepared import applied, example

from seloste.cli import group
from seloste.clock import now
from seloste.operations.actor import CLI
from seloste.operations.permissions.say import grant
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.settings import Settings
from seloste.store.registers import Registers

REGISTER, PARTNER = "fluiconnecto_customers", "Letkuset Oy"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SELOSTE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SELOSTE_LANGUAGE", "en")
    registers = Registers(Settings.from_environment())
    applied(registers, example("fluiconnecto/notice"), now())
    store = registers.open(REGISTER)
    rows = [
        NewRow("organisation", {"name": "Havupumppu Oy"}, ref="o"),
        NewRow("person", {"first_name": "Sari", "email": ["sari@havupumppu.example"]}, ref="p"),
        NewRow("relationship", {"stage": "customer"}, {"person": "p", "organisation": "o"}),
    ]
    person = collect(store, rows, actor=CLI, now=now()).ids["p"]
    grant(store, person, "partner_marketing", channel="paper", language="fi", recipient=PARTNER, actor=CLI, now=now())
    registers.close()
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["disclose", REGISTER, *arguments])


def given_so_far() -> int:
    registers = Registers(Settings.from_environment())
    with registers.open(REGISTER).read(now()) as conn:
        found = int(conn.execute("SELECT count(*) FROM disclosure").all()[0][0])
    registers.close()
    return found


def test_a_partner_gets_its_file_and_what_stops_others_is_said(folder: Path) -> None:
    listed = {line.split("\t")[0]: line for line in run().output.splitlines()}
    assert listed["partners"].endswith("\tok")
    assert "No processing agreement is recorded." in listed["mailing"]
    assert run("partners", "--to", PARTNER, "--dry-run").output == "1 person\n"
    # A file that has no place to be is no disclosure.
    nowhere = run("partners", "--to", PARTNER, "--out", str(folder / "nowhere" / "list.csv"))
    assert nowhere.exit_code == 2 and "there is no such folder" in nowhere.output
    assert given_so_far() == 0
    given = run("partners", "--to", PARTNER, "--out", str(folder / "list.csv"))
    assert given_so_far() == 1
    assert (folder / "list.csv").stat().st_mode & 0o077 == 0, "others on the machine read it"
    assert given.output == f"{folder / 'list.csv'}: 1 person\n"
    with (folder / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file, delimiter=";")) == [["First name", "E-mail"], ["Sari", "sari@havupumppu.example"]]
    for arguments, why in (
        (["nobody"], "names no nobody"),
        (["mailing"], "Say which purpose"),
        (["mailing", "--purpose", "marketing"], "No processing agreement"),
        (["partners"], "Choose who receives"),
        (["authorities"], "on request only"),
    ):
        refused = run(*arguments)
        assert refused.exit_code == 2 and why in refused.output, arguments


def test_receipts_of_one_person_are_exported(folder: Path) -> None:
    arguments = [
        "export",
        REGISTER,
        "person",
        "--role",
        "sales",
        "--purpose",
        "partner_marketing",
        "--format",
        "receipts",
    ]
    out = folder / "receipts.json"
    done = CliRunner().invoke(group, [*arguments, "--person", "1", "--out", str(out)])
    assert done.exit_code == 0, done.output
    [receipt] = json.loads(out.read_text("utf-8"))["receipts"]
    assert receipt["consent_record"]["pii_processing"][0]["purposes"][0]["recipient_third_parties"]
    assert out.stat().st_mode & 0o077 == 0
    assert CliRunner().invoke(group, arguments).exit_code == 2
