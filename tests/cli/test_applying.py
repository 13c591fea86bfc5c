"""``plan``, ``apply`` and ``key`` as an owner types them, in a folder of data that is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from seloste.cli import group

EXAMPLE = Path(__file__).parents[2] / "examples" / "fluiconnecto" / "notice.yaml"
KEY = "fluiconnecto_customers"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SELOSTE_LANGUAGE", "en")
    return tmp_path / "data"


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(group, [*words, "--data-dir", str(folder)])


def later(folder: Path) -> Path:
    text = EXAMPLE.read_text("utf-8")
    line = next(line for line in text.splitlines() if line.startswith("effective:"))
    path = folder.parent / "later.yaml"
    path.write_text(text.replace(line, "effective: 2999-01-31"), "utf-8")
    return path


def test_a_new_register_says_what_comes_next_and_its_data_are_where_they_were_asked_to_be(folder: Path) -> None:
    planned = run(folder, "plan", str(EXAMPLE))
    assert planned.exit_code == 0, planned.output
    first = run(folder, "apply", str(EXAMPLE))
    assert f'Next: seloste user add EMAIL --name "NAME" --register {KEY} --role sales --lead' in first.output
    assert (folder / "registers" / f"{KEY}.db").exists()
    assert not (folder.parent / "var").exists()
    assert run(folder, "apply", str(EXAMPLE)).output == "Nothing changed.\n"
    made = run(folder, "key", "add", KEY, "sales", "--name", "shop")
    assert made.exit_code == 0
    assert "shop" in run(folder, "key", "list").output


def test_a_changed_notice_waits_for_its_day_unless_it_is_told_not_to(folder: Path) -> None:
    """People are told of a change before it begins, so a file with a later day does not change a register at once."""
    assert run(folder, "apply", str(EXAMPLE)).exit_code == 0
    refused = run(folder, "apply", str(later(folder)))
    assert refused.exit_code == 2
    assert "takes effect on 2999-01-31" in refused.output
    assert "Nothing changed." in run(folder, "apply", str(EXAMPLE)).output
    assert run(folder, "apply", str(later(folder)), "--early").exit_code == 0


def test_a_first_notice_may_be_applied_before_its_day(folder: Path) -> None:
    folder.parent.mkdir(exist_ok=True)
    assert run(folder, "apply", str(later(folder))).exit_code == 0
