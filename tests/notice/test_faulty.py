"""A corpus of faulty notices, each with the findings expected of it beside it, word for word and place for place.

``SELOSTE_GOLDEN=write`` writes the expected files anew; read the difference before it is committed.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from seloste.notice.check import check, checkers
from seloste.notice.findings import RULES, Finding, NoticeUnreadable

FAULTY = Path(__file__).parents[1] / "corpus" / "faulty"
FILES = sorted(path for path in FAULTY.glob("*.yaml") if path.stem != "sound")
NEEDS_MORE_THAN_A_FILE = {"F01-too-big", "F10-no-file"}


def found_in(path: Path) -> list[Finding]:
    try:
        return list(check(path).findings)
    except NoticeUnreadable as error:
        return [error.finding]


def said(finding: Finding) -> str:
    where = f"{Path(finding.file).name}:{finding.line}:{finding.column}"
    return f"{where} {finding.severity} {finding.code}\n  {finding.message('en')}\n  {finding.message('fi')}\n"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_faulty_notice_has_exactly_the_findings_written_beside_it(path: Path) -> None:
    golden = path.with_suffix(".txt")
    text = "".join(said(finding) for finding in found_in(path))
    if os.environ.get("SELOSTE_GOLDEN") == "write":
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_every_rule_is_broken_by_some_faulty_notice() -> None:
    list(checkers())
    broken = {finding.code for path in FILES for finding in found_in(path)}
    assert set(RULES) - broken - NEEDS_MORE_THAN_A_FILE == set()


def test_the_sound_frame_has_no_fault_when_it_is_given_a_register(tmp_path: Path) -> None:
    sound = tmp_path / "sound.yaml"
    sound.write_text((FAULTY / "sound.yaml").read_text("utf-8") + "register: sound\n", "utf-8")
    assert check(sound).findings == ()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_finding_speaks_both_languages_and_points_into_the_file(path: Path) -> None:
    for finding in found_in(path):
        for lang in ("en", "fi"):
            for sentence in (finding.message(lang), finding.help(lang)):
                assert sentence, finding.code
                assert "{" not in sentence.replace("{{", "").replace("`", "") or "{" in str(finding.rule.helps), (
                    finding.code
                )
                assert "!" not in sentence.replace("`!`", "").replace("!organisation", ""), finding.code
        lines = Path(finding.file).read_bytes().split(b"\n")
        assert 1 <= finding.line <= len(lines) + 1
        assert finding.column >= 1
