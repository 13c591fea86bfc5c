"""Data that a text names and the vocabulary has no place for: those of a dog or a car, and words it does not know."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seloste.draft.lexicon import Lexicon
from seloste.draft.sentences import Sentence

A_PERSONS = frozenset({"phone", "email", "other_contact", "personal_identity_code", "social_profiles", "language"})
"""Items of a person that no dog and no car has, whatever stands beside them."""
BETWEEN = re.compile(r"\s*[,;()]\s*|\s+(?:ja|sekä|tai|and|or)\s+")
LONGEST = 6
"""Words of a phrase that names data; a longer one is a sentence of its own."""


def may_be_a_things(item: str) -> bool:
    """Whether a dog or a car may have such data too: a name, a birthday, an illness."""
    kind, _, name = item.partition(".")
    return item in ("name", "health") or (kind == "person" and name not in A_PERSONS)


def phrases(text: str) -> list[str]:
    """A list taken apart at its commas and conjunctions."""
    _, colon, after = text.rpartition(":")
    return [each.strip(" .") for each in BETWEEN.split(after if colon else text) if each.strip(" .")]


def of_people(words: Lexicon, text: str) -> tuple[str, list[str]]:
    """``text`` without the phrases about an animal or a thing, and these. What follows one in a list is of it too (*the
    dog's breed and date of birth*), until the person is named again.
    """
    kept: list[str] = []
    things: list[str] = []
    thing = False
    for each in phrases(text):
        low = each.lower()
        if words.persons.search(low):
            thing = False
        elif words.things.search(low):
            thing = True
        (things if thing else kept).append(each)
    return ", ".join(kept), things


def not_placed(words: Lexicon, one: Sentence) -> Iterator[str]:
    """The phrases of a point in a list of data that the vocabulary has no item for, and those about a thing."""
    _, things = of_people(words, one.text)
    for each in phrases(one.text):
        found = {key for key, _ in words.found("item", each)}
        if each in things:
            found = {key for key in found if not may_be_a_things(key)}
        if not found and len(each.split()) <= LONGEST and re.search(r"[^\W\d]{3}", each):
            yield each
