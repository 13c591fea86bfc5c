"""The guide to kinds of one's own: what it says to write makes a sound notice of what the interview wrote."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from seloste.notice.answers import Answers, Helper
from seloste.notice.check import CheckResult, check_parsed
from seloste.notice.new import draft
from seloste.notice.parse import read_text

GUIDE = Path(__file__).parents[2] / "docs" / "howto" / "own-kinds.md"


def written(keep: str = "") -> str:
    """The notice of a salon with the guide's lines where they belong; ``keep`` in place of the appointments' period."""
    kind, pointer, purposes, period = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text("utf-8"), flags=re.DOTALL)
    salon = Answers(
        name="Coat Salon Oy",
        email="office@coat.example",
        address="Polkukatu 5, 20100 Turku",
        languages=("en",),
        customers="people",
        activities=("customers", "appointments"),
        helpers={"mail_and_files": Helper("Example Mail", "FI", "Terms of 2026")},
    )
    text = draft(salon, day=dt.date(2026, 12, 1))
    text = re.sub(r"^(kinds:.*\n)", lambda found: found[0] + kind, text, flags=re.MULTILINE)
    text = text.replace("        label: Cancelled\n", "        label: Cancelled\n" + pointer)
    for key, uses in re.findall(r"^  (\w+):\n    (uses: .*)$", purposes, flags=re.MULTILINE):
        before = re.search(rf"(?m)^  {key}:\n(?:    .*\n)*?    (uses: .*)$", text)
        assert before is not None, key
        text = text.replace(before[1], uses)
    usual = "    keep: 2 years after appointment.starts_at\n"
    assert usual in text
    return text.replace(usual, keep.replace("GUIDE", period)) if keep else text


def checked(text: str) -> CheckResult:
    return check_parsed(read_text(text))


def test_the_guides_dog_is_held_and_nothing_is_found() -> None:
    made = checked(written())
    assert [(one.code, one.line, one.message()) for one in made.findings] == []
    assert made.notice is not None
    assert set(made.notice.kinds["dog"].items) == {"name", "breed", "born", "allergies"}
    assert {ref.item for ref in made.notice.purposes["appointments"].uses if ref.kind == "appointment"} > {"dog"}


def test_a_period_of_its_own_is_written_as_the_guide_says() -> None:
    text = written("GUIDE")
    (note,) = checked(text).findings
    assert note.code == "K14-kept-longer-elsewhere" and "`customer_care` keeps the same rows" in note.message()
    alone = text.replace("message, dog]", "message]")
    assert alone != text
    assert [(one.code, one.line, one.message()) for one in checked(alone).findings] == []


def test_last_contact_without_a_kind_is_explained_by_a_kind_of_the_purpose() -> None:
    (found,) = checked(written("    keep: 2 years after last_contact\n")).findings
    assert found.code == "K03-which-matter"
    assert "no kind of the purpose has it" not in found.message()
    assert "viimeksi yhteydessä" in found.message("fi")
    for lang in ("fi", "en"):
        assert "`keep: {appointment: 2 years after last_contact}`" in found.help(lang)
        assert "docs/howto/own-kinds.md" in found.help(lang)
