"""Acts that are gone but still cited, so that a notice citing one can be told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from seloste.law.rules import Entry, Mark, Text, rule_set


@dataclass(frozen=True, slots=True)
class Citation:
    """One repealed act found in a text."""

    act: str
    """Number and year, ``523/1999``; a directive's ``95/46``."""
    name: Text
    found: str
    """The words that cite it, as written."""
    start: int
    """Where they begin, 0-based."""
    last_day: date
    """The last day the act was in force."""
    replaced_by: str
    replacement: Text
    mark: Mark


def repealed(text: str, on: date | None = None) -> list[Citation]:
    """Every repealed act the text cites, by number or by a name that no act in force shares, in the text's order.

    An act is listed once, where it is first cited. ``on`` asks what was repealed by that day (default: by now).
    """
    if _any().search(text) is None:  # of nearly every text, and a notice is full of texts
        return []
    found = [citation for entry in rule_set("repealed").entries() if (citation := _first(entry, text, on)) is not None]
    return sorted(found, key=lambda citation: citation.start)


def _first(entry: Entry, text: str, on: date | None) -> Citation | None:
    ended = entry.mark.valid_to
    assert ended is not None
    if on is not None and on <= ended:
        return None
    matches = [match for pattern in _patterns(entry) if (match := pattern.search(text)) is not None]
    if not matches:
        return None
    first = min(matches, key=lambda match: (match.start(), -len(match.group())))
    return Citation(
        act=entry.id,
        name=entry.facts["name"],
        found=first.group(),
        start=first.start(),
        last_day=ended,
        replaced_by=entry.facts["replaced_by"],
        replacement=entry.facts["replacement"],
        mark=entry.mark,
    )


def _patterns(entry: Entry) -> Iterator[re.Pattern[str]]:
    yield from map(re.compile, _written(entry))


def _written(entry: Entry) -> Iterator[str]:
    yield rf"(?<![\d/]){re.escape(entry.id)}(?!\d)"
    for name in entry.facts["names"]:
        yield rf"(?i:\b(?:{name}))"


@cache
def _any() -> re.Pattern[str]:
    """What finds something where any act would be found."""
    return re.compile("|".join(each for entry in rule_set("repealed").entries() for each in _written(entry)))
