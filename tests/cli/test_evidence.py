"""``seloste evidence``, run as a person runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.prepared import applied, example

from seloste.cli import group
from seloste.clock import now
from seloste.settings import Settings
from seloste.store.registers import Registers


def test_a_pack_is_written_and_what_is_open_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELOSTE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SELOSTE_LANGUAGE", "en")
    registers = Registers(Settings.from_environment())
    applied(registers, example("fluent-progress/planner"), now())
    registers.close()
    out = tmp_path / "evidence" / "today"
    done = CliRunner().invoke(group, ["evidence", "fluent_planner", "--out", str(out), "--lang", "en"])
    assert done.exit_code == 1 and "No processing agreement is recorded" in done.output
    found = json.loads((out / "evidence.json").read_text("utf-8"))
    assert f"{len(found['sentences'])} sentences, 2 open, seal of the journal {found['journal']['head']['hash']}" in (
        done.output
    )
    assert CliRunner().invoke(group, ["evidence", "fluent_planner", "--out", str(out), "--lang", "sv"]).exit_code == 2
