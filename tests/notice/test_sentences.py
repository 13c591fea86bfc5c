"""Every sentence of a published notice has the rule that says it, and no text is told but that of the notice itself."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from seloste.catalogue.load import vocabulary
from seloste.law.rights import rights
from seloste.notice import load
from seloste.notice.canonical import as_mapping
from seloste.notice.model import Notice
from seloste.notice.render import render
from seloste.notice.render.build import build
from seloste.notice.render.sentences import Sentence, sentences

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = sorted(
    path for path in EXAMPLES.glob("*/*.yaml") if re.search(r"^register:", path.read_text("utf-8"), re.MULTILINE)
)
BUILT_IN = {"answer", "identity"}
"""What the law says of every request; the table of rights is of each right."""


@cache
def notice(path: Path) -> Notice:
    return load(path)


def told(found: Notice) -> tuple[Sentence, ...]:
    return sentences(build(found, found.languages[0]))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_sentence_has_a_rule_that_is_there(path: Path) -> None:
    one = notice(path)
    for lang in one.languages:
        for each in sentences(build(one, lang)):
            assert each.rule, each.text
            assert is_there(one, each.rule), (each.rule, each.text)


def is_there(one: Notice, rule: str) -> bool:
    """Whether a path leads to something that the notice says, or a right to the law's own."""
    head, *rest = rule.split(".", 1)
    if head == "rights":
        return not rest or rest[0] in {*rights(), *BUILT_IN}
    if head == "transfers":
        return True
    if head in ("never", "see_also", "cookies", "embeds"):
        return not rest or bool(getattr(one, head))
    return _leads(as_mapping(one), rule) or head in ("recipients", "sources", "security", "requests", "kinds")


def _leads(found: object, rule: str) -> bool:
    if not rule:
        return True
    if not isinstance(found, dict):
        # A period of one matter stands in one line, without the matter's key.
        return True
    keys = [key for key in found if rule == key or rule.startswith(f"{key}.")]
    return any(_leads(found[key], rule[len(key) + 1 :]) for key in keys) or rule in ("basis", "contact", "dpo", "group")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_sentences_are_those_that_are_published(path: Path) -> None:
    one = notice(path)
    published = re.sub(r"[\\*>|\-\s]+", "", str(render(one, one.languages[0], "md")))
    for each in told(one):
        if ": " in each.text and each.section in ("data", "recipients", "cookies", "controller"):
            continue  # a row of a table is told with the names of its columns
        assert re.sub(r"[\\*>|\-\s]+", "", each.text) in published, each


def test_a_changed_rule_changes_the_sentence_that_it_is_named_by() -> None:
    one = notice(EXAMPLES / "proseduuri" / "notice.yaml")
    purpose = next(each for each in one.purposes.values() if each.basis == "legitimate_interest")
    other = replace(purpose, interest={"fi": "tehdä jotakin muuta", "en": "do something else"})
    changed = replace(one, purposes={**one.purposes, purpose.key: other})
    before, after = told(one), told(changed)
    moved = {old.rule for old, new in zip(before, after, strict=True) if old.text != new.text}
    assert moved == {f"purposes.{purpose.key}.interest"}


def test_own_paragraphs_are_known_as_the_owners_own() -> None:
    one = notice(EXAMPLES / "proseduuri" / "notice.yaml")
    own = {each.rule.removeprefix("paragraphs.") for each in told(one) if each.rule.startswith("paragraphs.")}
    assert own == set(one.paragraphs)
    assert vocabulary(one.vocabulary)
