"""A breach as the controller knows it (GDPR Art. 33(3) to 33(5), 34), and its text in the register.

Numbers of people and of rows stand in it, and the query they came from; never who.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from seloste.clock import from_utc_text, to_utc_text
from seloste.errors import SelosteError
from seloste.law.breach import breach_clock

SORTS = ("confidentiality", "integrity", "availability")
"""What was broken; the usual three (EDPB Guidelines 9/2022, paragraph 17)."""

Risk = Literal["", "unlikely", "risk", "high"]
RISKS: tuple[Risk, ...] = ("unlikely", "risk", "high")

EXEMPTIONS = ("unreadable", "removed", "disproportionate")
"""Why people need not be told one by one of a high risk: Art. 34(3)(a), (b), (c)."""


class BreachError(SelosteError):
    """The breach cannot be written so; ``field`` is what is wrong."""

    def __init__(self, fi: str, en: str, field: str = "") -> None:
        super().__init__(fi, en)
        self.field = field


@dataclass(frozen=True, slots=True)
class Facts:
    """What happened. Moments are aware; texts name nobody."""

    aware: dt.datetime
    """When the controller was reasonably sure; the clock runs from it."""
    detected: dt.datetime | None = None
    occurred: dt.datetime | None = None
    noticed_by: str = ""
    system: str = ""
    sorts: tuple[str, ...] = ()
    happened: str = ""
    effects: str = ""
    measures: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """Rows of ``kinds`` stored on the days ``since`` to ``until`` (both included), of people of ``purpose``."""

    kinds: tuple[str, ...]
    since: dt.date | None = None
    until: dt.date | None = None
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Affected:
    """What a query counted: kind -> (rows, people); people in all, each once, and how many have an e-mail address."""

    query: Query
    at: dt.datetime
    counts: Mapping[str, tuple[int, int]]
    people: int
    with_mail: int

    @property
    def rows(self) -> int:
        return sum(rows for rows, _ in self.counts.values())


@dataclass(frozen=True, slots=True)
class Phase:
    """One notification to the authority; the first, or further information in phases (Art. 33(4))."""

    at: dt.datetime
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class Told:
    """Letters left for people who have an e-mail address, and how many have none."""

    at: dt.datetime
    letters: int
    without: int


@dataclass(frozen=True, slots=True)
class Breach:
    """One breach. ``tell`` is the decision on telling people; ``letters`` the notice to them by language."""

    id: int
    facts: Facts
    written_at: dt.datetime
    written_by: str
    risk: Risk = ""
    risk_why: str = ""
    delay: str = ""
    phases: tuple[Phase, ...] = ()
    tell: Literal["", "yes", "no"] = ""
    exemption: str = ""
    tell_why: str = ""
    letters: Mapping[str, str] = field(default_factory=dict)
    told: Told | None = None
    affected: Affected | None = None
    closed_at: dt.datetime | None = None

    @property
    def deadline(self) -> dt.datetime:
        """By when the authority must know, where it must: ``law.breach``."""
        return breach_clock(self.facts.aware).deadline

    @property
    def runs(self) -> bool:
        """Whether the clock still runs: the authority has not been told, and it is not settled that it need not be."""
        return self.closed_at is None and not self.phases and self.risk != "unlikely"

    def overdue(self, now: dt.datetime) -> bool:
        return self.runs and now > self.deadline

    @property
    def late(self) -> bool:
        """Whether the authority was told after the deadline."""
        return bool(self.phases) and self.phases[0].at > self.deadline


def to_text(breach: Breach) -> str:
    """The breach as it is kept, without its number."""
    found = asdict(breach)
    del found["id"]
    return json.dumps(found, ensure_ascii=False, default=_plain, sort_keys=True)


def _plain(value: object) -> str:
    if isinstance(value, dt.datetime):
        return to_utc_text(value)
    assert isinstance(value, dt.date)
    return value.isoformat()


def from_text(number: int, text: str) -> Breach:
    """What :func:`to_text` wrote."""
    found: dict[str, Any] = json.loads(text)
    facts = found["facts"]
    for name in ("aware", "detected", "occurred"):
        facts[name] = _moment(facts[name])
    facts["sorts"] = tuple(facts["sorts"])
    told, affected = found["told"], found["affected"]
    return Breach(
        **{
            **found,
            "id": number,
            "facts": Facts(**facts),
            "written_at": from_utc_text(found["written_at"]),
            "phases": tuple(Phase(from_utc_text(each["at"]), each["text"], each["by"]) for each in found["phases"]),
            "told": Told(from_utc_text(told["at"]), told["letters"], told["without"]) if told else None,
            "affected": _affected(affected) if affected else None,
            "closed_at": _moment(found["closed_at"]),
        }
    )


def _affected(found: Mapping[str, Any]) -> Affected:
    asked = found["query"]
    query = Query(tuple(asked["kinds"]), _day(asked["since"]), _day(asked["until"]), asked["purpose"])
    counts = {kind: (rows, people) for kind, (rows, people) in found["counts"].items()}
    return Affected(query, from_utc_text(found["at"]), counts, found["people"], found["with_mail"])


def _moment(text: str | None) -> dt.datetime | None:
    return from_utc_text(text) if text else None


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
