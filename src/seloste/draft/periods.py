"""How long: the periods a text gives, and the sentences that give none."""

from __future__ import annotations

import re

from seloste.draft.facts import Period
from seloste.draft.lexicon import Lexicon
from seloste.draft.sentences import Sentence

YEARS = {"day": 1 / 365, "week": 7 / 365, "month": 1 / 12, "year": 1.0}
LONGEST = 150
APART = 200
"""More than any distance in a sentence: the cue after a comma or an "and" is of the next thing said."""
NOT_HERE = {"rights", "controller", "complaint", "cookies"}
"""A month to answer a request is no storage period, nor is the life of a cookie one of the register."""


def periods(words: Lexicon, sentences: list[Sentence]) -> tuple[list[Period], list[Sentence]]:
    """Each period with what it is counted from, and the sentences that tell how long without a number."""
    found: list[Period] = []
    vague: list[Sentence] = []
    for one in sentences:
        told = "retention" in one.topics or words.says("tells", "retention", one.text)
        if one.heading or not told or one.topics & NOT_HERE:
            continue
        here = _of(words, one)
        found += here
        if not here and words.says("tells", "open_ended", one.text):
            vague.append(one)
    return found, vague


def _of(words: Lexicon, one: Sentence) -> list[Period]:
    text = one.text.lower()
    hits = [
        (m, unit, number)
        for unit, pattern in _patterns(words)
        for m in pattern.finditer(text)
        for number in [_number(words, m)]
    ]
    hits = sorted((hit for hit in hits if 0 < hit[2] <= LONGEST), key=lambda hit: hit[0].start())
    found = []
    for at, (match, unit, number) in enumerate(hits):
        start = hits[at - 1][0].end() if at else 0
        end = hits[at + 1][0].start() if at + 1 < len(hits) else len(text)
        rule = _anchor(words, text, match, start, end) or _anchor_of_lead(words, one, len(hits))
        plural = "" if number == 1 else "s"
        found.append(Period(f"{number} {unit}{plural}", one, rule.partition(".")[0], rule, number * YEARS[unit]))
    return found


def _patterns(words: Lexicon) -> list[tuple[str, re.Pattern[str]]]:
    spelled = "|".join(pattern.pattern for pattern in words.cues["number"].values())
    digits = r"(?P<digits>(?<![\d.,-])\d{1,3})(?:\s*[-–]\s*\d{1,3})?\s*"
    return [
        (unit, re.compile(rf"{digits}(?:{pattern.pattern})|(?P<word>{spelled})\s+(?:{pattern.pattern})"))
        for unit, pattern in words.cues["unit"].items()
    ]


def _number(words: Lexicon, match: re.Match[str]) -> int:
    if match["digits"]:
        return int(match["digits"])
    return next(int(key) for key, pattern in words.cues["number"].items() if pattern.fullmatch(match["word"]))


def _anchor(words: Lexicon, text: str, match: re.Match[str], start: int, end: int) -> str:
    """The purpose whose cue stands nearest to the period, between its neighbours."""
    near = [
        (_distance(text, match, hit), key)
        for key, pattern in words.cues["anchor"].items()
        for hit in pattern.finditer(text, start, end)
    ]
    return min(near)[1] if near else ""


def _distance(text: str, period: re.Match[str], hit: re.Match[str]) -> int:
    """How far a cue is from a period: what follows it ("two years after the visit") comes before what precedes it."""
    if hit.start() < period.start():
        return 2 * max(period.start() - hit.end(), 0)
    between = text[period.end() : hit.start()]
    return len(between) + (APART if re.search(r"[,;.]|\b(?:ja|sekä|and)\b", between) else 0)


def _anchor_of_lead(words: Lexicon, one: Sentence, many: int) -> str:
    if many != 1 or not one.lead:
        return ""
    found = [key for key, yes in words.found("anchor", one.lead) if yes]
    return found[0] if len(found) == 1 else ""
