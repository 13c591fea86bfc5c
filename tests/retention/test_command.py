"""``seloste retain`` as a person runs it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.operations.conftest import SALES, contact

from seloste.cli import group
from seloste.clock import now
from seloste.notice import load
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.settings import Settings
from seloste.store.registers import Registers

EXAMPLE = Path(__file__).parents[2] / "examples" / "fluiconnecto" / "notice.yaml"
KEY = "fluiconnecto_customers"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A register where an order of one purpose has ended and one contact is long past."""
    monkeypatch.setenv("SELOSTE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SELOSTE_LANGUAGE", "en")
    registers = Registers(Settings.from_environment())
    registers.apply(load(EXAMPLE), now=now(), actor="cli")
    store = registers.open(KEY)
    before = now() - timedelta(days=800)
    person = contact(store, before)
    values = {"number": "T-1", "ordered_on": before.date(), "notes": "soittaa ensin"}
    collect(store, [NewRow("order", values, {"person": person})], actor=SALES, now=before)
    contact(store, now() - timedelta(days=1200), first="Olli")
    registers.close()
    return tmp_path


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(group, ["retain", *arguments])
    assert result.exit_code == 0, result.output
    return result


def holds(folder: Path, text: str) -> bool:
    return any(text.encode() in file.read_bytes() for file in (folder / "registers").iterdir())


def test_a_dry_run_says_what_would_go_and_changes_nothing(folder: Path) -> None:
    shown = run(KEY, "--dry-run").output
    assert "people: 1 would go" in shown
    assert "what the customer added: 1 goes, 0 stay" in shown
    assert "1, for " in shown and "until " in shown
    assert holds(folder, "soittaa ensin")
    assert run(KEY, "--dry-run").output == shown


def test_the_run_does_it_and_tells_no_value(folder: Path) -> None:
    shown = run().output
    assert "people: 1 went" in shown
    assert not holds(folder, "soittaa ensin")
    assert not holds(folder, "Olli") and holds(folder, "Sari")
    assert "Sari" not in shown
    report = json.loads(run(KEY, "--json").output)
    assert (report["register"], report["dry_run"], sum(kind["gone"] for kind in report["kinds"])) == (KEY, False, 0)
    verified = CliRunner().invoke(group, ["journal", "verify", KEY])
    assert verified.exit_code == 0


def test_it_is_told_in_finnish_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELOSTE_LANGUAGE", "fi")
    shown = run(KEY, "--dry-run").output
    assert "ihmiset: 1 poistuisi" in shown
    assert "asiakkaan lisätiedot: 1 poistuu, 0 jää" in shown
    assert "needed" not in run(KEY, "--forecast").output
    run(KEY)
    assert run(KEY).output == f"{KEY}: mitään ei poistunut\n"


def test_the_forecast_counts_by_month(folder: Path) -> None:
    lines = run(KEY, "--forecast").output.splitlines()
    assert len([line for line in lines if line.startswith("  2")]) == 12
    assert "needed on" in lines[0]
    assert any("people: 1 whole" in line for line in lines[1:])
    found = json.loads(run(KEY, "--forecast", "--json").output)
    assert len(found["months"]) == 12
    assert CliRunner().invoke(group, ["retain", "--forecast", "--dry-run"]).exit_code == 2
