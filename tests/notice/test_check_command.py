"""``seloste check``, ``show`` and ``schema`` as a person or an editor runs them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from seloste.cli import group
from seloste.notice import doc
from seloste.notice.fields import SECTIONS
from seloste.notice.findings import FAMILIES, RULES

ROOT = Path(__file__).parents[2]
GYM = ROOT / "tests" / "corpus" / "gym" / "notice.yaml"
FAULTY = ROOT / "tests" / "corpus" / "faulty"


def run(*args: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(group, [str(arg) for arg in args])
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("file", "code"), [(GYM, 0), (FAULTY / "missing.yaml", 1), (FAULTY / "tab.yaml", 2), (Path("none.yaml"), 2)]
)
def test_the_exit_code_says_whether_it_may_be_run(file: Path, code: int) -> None:
    assert run("check", file)[0] == code
    assert run("check", file, "--format", "json")[0] == code


def test_json_is_a_list_of_findings_with_place_and_help() -> None:
    code, output = run("check", FAULTY / "rest.yaml", "--format", "json")
    assert code == 1
    found = json.loads(output)
    assert [set(finding) for finding in found] == [
        {"code", "severity", "message", "help", "file", "line", "column"}
    ] * len(found)
    first = found[0]
    assert (first["code"], first["severity"], first["line"], first["column"]) == (
        "X02-measure-unattested",
        "warning",
        6,
        5,
    )
    assert json.loads(run("check", FAULTY / "tab.yaml", "--format", "json")[1])[0]["code"] == "F03-not-yaml"
    assert json.loads(run("check", FAULTY / "sound.yaml", "--format", "json")[1])[0]["code"] == "F21-frame"


def test_text_shows_the_line_with_a_caret_under_the_word() -> None:
    _, output = run("check", FAULTY / "rest.yaml")
    lines = output.splitlines()
    at = next(number for number, line in enumerate(lines) if "X04-form-asks-too-much" in line)
    shown, caret = lines[at + 2], lines[at + 3]
    assert shown[caret.index("^") :].startswith("remark")
    assert lines[-1] == "2 errors, 1 warning." or re.fullmatch(r"\d errors?, \d warnings?\.", lines[-1])


def test_findings_speak_finnish_when_asked() -> None:
    _, output = run("check", FAULTY / "missing.yaml", "--lang", "fi")
    assert "Rivi `title:` puuttuu." in output
    assert "virhe F16-missing" in output
    assert "virhettä" in output.splitlines()[-1]


def test_nothing_to_mend_is_said_too() -> None:
    _, output = run("check", ROOT / "tests" / "corpus" / "choir" / "notice.yaml")
    assert output == "Nothing to mend.\n"


def test_show_says_each_purpose_in_words_and_expanded_all() -> None:
    code, output = run("show", GYM, "--lang", "fi")
    assert code == 0
    assert output.startswith("Jäsenet, Rautakolmio Oy (members), voimassa 1. lokakuuta 2026 alkaen\n")
    assert "\nJäsenyys ja ohjattu harjoittelu (membership)\n  peruste: sopimus\n  tiedot: etunimi" in output
    assert "enintään 2 vuotta siitä, kun hän on viimeksi ollut tekemisissä kanssamme\n" in output
    code, output = run("show", GYM, "--expanded")
    assert code == 0
    assert output.startswith("# ")
    assert "health_notes:" in output


def test_show_refuses_a_faulty_notice_with_its_errors() -> None:
    result = CliRunner().invoke(group, ["show", str(FAULTY / "missing.yaml")])
    assert result.exit_code == 1
    assert "F16-missing" in result.stderr


def test_the_schema_is_printed_as_json() -> None:
    code, output = run("schema")
    assert code == 0
    assert json.loads(output)["title"] == "Seloste notice"


def test_a_check_imports_nothing_heavy() -> None:
    script = (
        "import sys\nfrom seloste.notice.check import check\n"
        f"check({str(ROOT / 'examples' / 'fluiconnecto' / 'notice.yaml')!r})\nprint(' '.join(sys.modules))"
    )
    loaded = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout.split()
    heavy = {
        "sqlalchemy",
        "fastapi",
        "starlette",
        "pydantic",
        "holidays",
        "phonenumbers",
        "babel",
        "fpdf",
        "openpyxl",
        "jinja2",
    }
    assert not heavy & set(loaded)


def test_the_reference_of_findings_is_what_the_rules_say() -> None:
    written = (ROOT / "docs" / "reference" / "findings.md").read_text("utf-8")
    assert written == doc.page(), "run: python -m seloste.notice.doc > docs/reference/findings.md"


def test_every_code_has_a_family_a_number_and_a_name() -> None:
    doc.page()
    for code, rule in RULES.items():
        assert re.fullmatch(r"[A-Z]\d\d(-[a-z0-9]+)+", code), code
        assert rule.letter in FAMILIES
        for texts in (rule.messages, rule.helps):
            assert set(texts) == {"en", "fi"}
            assert texts["en"] != texts["fi"] or texts["en"] == "{why}.", code


def test_the_reference_of_the_format_names_every_key() -> None:
    written = (ROOT / "docs" / "reference" / "format.md").read_text("utf-8")
    seldom = {"label", "plural", "groups", "owner_item", "optional_of", "subject"}  # of kinds: in the catalogue's page
    keys = {key for fields in SECTIONS.values() for key in fields} - seldom
    assert [key for key in sorted(keys) if not re.search(rf"\b{key}\b", written)] == []
