"""A text split into what can be read one by one: headings, sentences, points of a list, each with its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field

LIMIT = 400_000
"""Characters that are read; a notice in prose is a few pages."""
BULLET = re.compile(r"^\s*(?:[•·▪●◦\uf0b7*–—-]|[a-z]\)|\(?[ivx]+\))\s+")
NUMBERED = re.compile(r"^\s*\d{1,2}(?:\.\d{1,2})*[.)]?\s+(?=\D)")
# A full stop ends a sentence where a capital follows, unless it ends one of these short forms.
SHORT = r"(?<!\besim)(?<!\bmm)(?<!\bks)(?<!\bns)(?<!\bkts)(?<!\be\.g)(?<!\bi\.e)(?<!\bNo)(?<!\bnro)(?<!\bArt)(?<!\bs)"
ENDS = re.compile(SHORT + r"[.!?]+[”\"')]?\s+(?=[\"“”'(]?[A-ZÅÄÖ])")
OF_LISTS = frozenset({"data", "purpose", "source", "recipients", "rights", "basis", "retention"})
"""What the opening words of a list can be about, apart from the section they stand in."""
WRAPPED = 60
"""A line at least this long may go on in the next one."""
HEADING = 100


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, heading or point of a list; ``line`` counts from 1. ``topics`` are what its section is about."""

    text: str
    line: int
    topics: frozenset[str] = frozenset()
    heading: bool = False
    point: bool = False
    lead: str = ""
    """The sentence that opens the list a point is of."""


@dataclass(slots=True)
class _Unit:
    text: str
    line: int
    point: bool = False
    alone: bool = True
    """Whether an empty line stands before it."""
    parts: list[tuple[int, int]] = field(default_factory=list)
    """Where each line of the text begins in it, and its number."""


def split(text: str, topics_of: Callable[[str, bool], Set[str]]) -> list[Sentence]:
    """The sentences of ``text``, in order. ``topics_of(text, is_heading)`` says what a heading or a lead is about."""
    found: list[Sentence] = []
    section: frozenset[str] = frozenset()
    listed, lead = section, ""
    for unit in _units(text[:LIMIT]):
        if not unit.point and (topics := _as_heading(unit, topics_of)) is not None:
            section, listed, lead = topics, topics, ""
            found.append(Sentence(unit.text, unit.line, section, heading=True))
            continue
        if not unit.point and not unit.text[:1].islower():
            listed, lead = section, ""
        for sentence, line in _sentences(unit):
            found.append(Sentence(sentence, line, listed, point=unit.point, lead=lead if unit.point else ""))
        last = found[-1].text if found else ""
        if not unit.point and last.endswith(":"):
            lead = last
            opens = frozenset(topics_of(last, False)) & OF_LISTS
            listed = opens & section or opens or section
    return found


def _as_heading(unit: _Unit, topics_of: Callable[[str, bool], Set[str]]) -> frozenset[str] | None:
    numbered = NUMBERED.match(unit.text)
    bare = unit.text[numbered.end() if numbered else 0 :].rstrip(":")
    if (
        len(unit.text) > HEADING
        or bare.endswith((".", ",", ";"))
        or re.search(r":(?!\w)", bare)
        or re.search(r"[.!?] [A-ZÅÄÖ]", bare)
    ):
        return None
    if bare[:1].islower() or re.search(r"@|\d{5}", bare):
        return None
    if unit.text.endswith(":") and len(bare.split()) > 5:
        return None
    topics = frozenset(topics_of(bare, True))
    return topics if topics or numbered else None


def _units(text: str) -> Iterator[_Unit]:
    """Lines joined where a sentence was only wrapped."""
    current: _Unit | None = None
    empty = True
    length = 0
    for number, raw in enumerate(text.splitlines(), 1):
        line = " ".join(re.sub(r"[\x00-\x08\x0b\x0e-\x1f\ufeff]", " ", raw).split())
        if not line:
            empty = True
            continue
        bullet = BULLET.match(line)
        bare = line[bullet.end() :] if bullet else line
        if current is not None and bullet is None and _goes_on(current, line, length, empty):
            current.parts.append((len(current.text) + 1, number))
            current.text += ("" if current.text.endswith("-") else " ") + line
        else:
            if current is not None:
                yield current
            current = _Unit(bare, number, point=bullet is not None, alone=empty, parts=[(0, number)])
        empty, length = False, len(raw)
    if current is not None:
        yield current


def _goes_on(current: _Unit, line: str, length: int, empty: bool) -> bool:
    if empty or NUMBERED.match(line):
        # A wrapped point of a list may have an empty line in it; its bracket is then still open.
        return empty and current.point and current.text.count("(") > current.text.count(")") and line[:1].islower()
    if current.text.endswith("-") or line[:1].islower():
        return True
    return length >= WRAPPED and not current.text.endswith((".", ":", "!", "?", ";"))


def _sentences(unit: _Unit) -> Iterator[tuple[str, int]]:
    start = 0
    for end in [*(match.end() for match in ENDS.finditer(unit.text)), len(unit.text)]:
        said = unit.text[start:end].strip()
        if said:
            yield said, next((line for at, line in reversed(unit.parts) if at <= start), unit.line)
        start = end
