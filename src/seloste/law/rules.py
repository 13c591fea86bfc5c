"""Reads the rule sets of ``data/``: every entry comes with its mark, and entries are chosen by the day asked about."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any, Literal

from seloste.errors import NoRuleError

Text = Mapping[str, str]
"""One text by ISO 639-1 language code."""

Evidence = Literal["text", "guidance", "memory", "design"]
"""What an entry rests on: the law's own text, an authority's page, memory, or a proposal of ours that is not law."""

Alternatives = Sequence[Mapping[str, Sequence[Any]]]
"""Any of the mappings: fact -> the values of it that match."""

SETS = (
    "answer_deadline",
    "authority",
    "breach",
    "checklist",
    "children",
    "countries",
    "housing",
    "identity_code",
    "kept_by",
    "marketing",
    "repealed",
    "retention",
    "rights",
)

_MARK_KEYS = ("source", "evidence", "verified", "valid_from", "valid_to", "note")


@dataclass(frozen=True, slots=True)
class Mark:
    """Where an entry stands in the law, on what evidence, and from when to when it holds (both days included)."""

    source: str
    evidence: Evidence
    verified: bool
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""

    def holds(self, on: date | None) -> bool:
        """True if the entry is in force on that day. None asks for the law of today's books: what has no end."""
        if on is None:
            return self.valid_to is None
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a rule set: its name, its mark, and whatever else that set writes."""

    id: str
    mark: Mark
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RuleSet:
    name: str
    title: str
    checked: date
    """When the set was last compared with its sources."""
    lists: Mapping[str, tuple[Entry, ...]]

    def entries(self, kind: str = "rule") -> tuple[Entry, ...]:
        return self.lists[kind]

    def find(self, entry_id: str, on: date | None = None, kind: str = "rule") -> Entry:
        """The entry of that name in force on the day. Raises :class:`NoRuleError`."""
        found = [entry for entry in self.lists[kind] if entry.id == entry_id]
        if not found:
            names = ", ".join(sorted({entry.id for entry in self.lists[kind]}))
            raise NoRuleError(
                f"Sääntöä {entry_id} ei ole. Säännöt ovat: {names}.",
                f"There is no rule {entry_id}. The rules are: {names}.",
            )
        return _in_force(entry_id, found, on)


@cache
def rule_set(name: str) -> RuleSet:
    """The rule set ``data/<name>.toml``."""
    raw = tomllib.loads(resources.files("seloste.law").joinpath("data", f"{name}.toml").read_text(encoding="utf-8"))
    head = raw.pop("set")
    lists = {kind: tuple(_entry(name, head, row) for row in rows) for kind, rows in raw.items()}
    return RuleSet(name, head["title"], head["checked"], lists)


def matches(alternatives: Alternatives, known: Mapping[str, Any]) -> bool:
    """True if a row of a table of decisions is about these facts: one alternative accepts each fact it names."""
    return any(all(known[fact] in accepted for fact, accepted in one.items()) for one in alternatives)


def survey() -> Iterator[tuple[RuleSet, Entry]]:
    """Every entry of every rule set, for the page that says what is verified."""
    for name in SETS:
        found = rule_set(name)
        for rows in found.lists.values():
            for entry in rows:
                yield found, entry


def _entry(name: str, head: Mapping[str, Any], row: Mapping[str, Any]) -> Entry:
    both = {**{key: head[key] for key in _MARK_KEYS if key in head}, **row}
    mark = Mark(
        source=both["source"],
        evidence=both["evidence"],
        verified=both["verified"],
        valid_from=both.get("valid_from"),
        valid_to=both.get("valid_to"),
        note=both.get("note", ""),
    )
    if mark.verified != (mark.evidence in ("text", "guidance")):
        raise ValueError(f"{name}.toml, {row['id']}: verified = {mark.verified} does not go with {mark.evidence!r}")
    return Entry(row["id"], mark, {key: value for key, value in row.items() if key not in ("id", *_MARK_KEYS)})


def _in_force(entry_id: str, found: Sequence[Entry], on: date | None) -> Entry:
    holding = [entry for entry in found if entry.mark.holds(on)]
    if on is None and not holding:
        holding = list(found)
    if not holding:
        assert on is not None
        raise NoRuleError(
            f"Sääntö {entry_id} ei ole voimassa {on.day}.{on.month}.{on.year}.",
            f"The rule {entry_id} is not in force on {on.isoformat()}.",
        )
    return holding[-1]
