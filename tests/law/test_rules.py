"""Every rule set: marks, dates, and the page that lists them."""

from __future__ import annotations

import re
from datetime import date
from importlib import resources
from pathlib import Path

import pytest

from seloste.errors import BadValue, NoRuleError, SelosteError
from seloste.law.rules import SETS, _entry, rule_set, survey

PAGE = Path(__file__).parents[2] / "docs" / "law.md"


def test_every_file_of_data_is_a_listed_rule_set() -> None:
    files = {path.name for path in resources.files("seloste.law").joinpath("data").iterdir()}
    assert files == {f"{name}.toml" for name in SETS}


def test_every_entry_says_where_it_stands_and_from_when() -> None:
    entries = list(survey())
    assert len(entries) > 150
    for found, entry in entries:
        assert entry.mark.source, (found.name, entry.id)
        if entry.mark.valid_from and entry.mark.valid_to:
            assert entry.mark.valid_from <= entry.mark.valid_to, (found.name, entry.id)
        if entry.mark.evidence == "text":
            assert entry.mark.valid_from or found.name in ("countries", "repealed"), (found.name, entry.id)


def test_versions_of_one_rule_do_not_overlap() -> None:
    for name in SETS:
        if name in ("housing", "marketing"):
            continue  # rows are tried in order
        seen: dict[str, date] = {}
        for entry in rule_set(name).entries():
            if entry.id in seen:
                assert entry.mark.valid_from is not None
                assert entry.mark.valid_from > seen[entry.id], entry.id
            seen[entry.id] = entry.mark.valid_to or date.max


def test_texts_are_in_three_languages() -> None:
    for found, entry in survey():
        for key in ("text", "law", "label", "name", "reason", "replacement", "postal", "web", "scope"):
            if key in entry.facts:
                assert set(entry.facts[key]) == {"fi", "en", "sv"}, (found.name, entry.id, key)


def test_a_mark_that_contradicts_its_evidence_is_refused() -> None:
    row = {"id": "x", "source": "somewhere", "evidence": "memory", "verified": True}
    with pytest.raises(ValueError, match="x: verified = True"):
        _entry("test", {}, row)


def test_a_rule_is_found_on_its_day_only() -> None:
    authority = rule_set("authority")
    assert authority.find("complaint_estimate", date(2024, 1, 1)).facts["months"] == 3
    with pytest.raises(NoRuleError):
        authority.find("complaint_estimate", date(2023, 12, 31))
    with pytest.raises(NoRuleError, match="There is no rule nothing"):
        authority.find("nothing")


def test_the_page_lists_every_rule_set_and_every_unverified_rule() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for name in SETS:
        found = rule_set(name)
        assert f"`{name}.toml`" in page, name
        assert found.checked.isoformat() in page, name
    rows = dict(re.findall(r"^\| `(\w+)\.toml` \|[^|]*\| (\d+ of \d+) \|", page, re.MULTILINE))
    for name in SETS:
        entries = [entry for rows_ in rule_set(name).lists.values() for entry in rows_]
        verified = sum(entry.mark.verified for entry in entries)
        assert rows[name] == f"{verified} of {len(entries)}", name
    for found, entry in survey():
        if not entry.mark.verified and found.name != "countries":
            assert f"`{entry.id}`" in page, (found.name, entry.id)


def test_an_error_speaks_both_languages() -> None:
    error = BadValue("Numerosta puuttuu loppu.", "The end of the number is missing.", "050 000 0140")
    assert isinstance(error, SelosteError)
    assert error.message("fi") == "Numerosta puuttuu loppu. Kirjoita esimerkiksi 050 000 0140."
    assert error.message("en") == "The end of the number is missing. Write for example 050 000 0140."
    assert str(error) == error.message("en")
    assert SelosteError("Ei.", "No.").message("sv") == "No."
    assert BadValue("Ei.", "No.").message("fi") == "Ei."
