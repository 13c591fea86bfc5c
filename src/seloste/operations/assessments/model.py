"""An assessment: of what, what was weighed, what came of it, and when it is looked at again."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from seloste.clock import from_utc_text, to_utc_text
from seloste.errors import SelosteError
from seloste.notice.fields import ON_INTEREST
from seloste.notice.model import Notice, Purpose
from seloste.operations.disclosures.targets import parties_of
from seloste.operations.disclosures.transfers import transfer_states

Sort = Literal["balancing", "transfer"]
"""``balancing`` of a purpose on a legitimate interest (Art. 6(1)(f)); ``transfer`` of a party outside the EEA that no
decision of the Commission covers (Art. 46, C-311/18)."""

Outcome = Literal["stands", "fails"]
State = Literal["in_force", "in_notice", "missing", "overdue", "fails"]
"""``in_notice``: the notice says where it is, and nothing is recorded here, so that no day of review is known."""

TEXTS: Mapping[Sort, tuple[str, ...]] = {
    "balancing": ("interest", "necessity", "impact", "measures"),
    "transfer": ("data", "law", "safeguard", "measures"),
}
"""What each sort sets out in words."""


class AssessmentError(SelosteError):
    """It cannot be written down so. ``field`` names what is wrong in the form."""

    def __init__(self, field: str, message_fi: str, message_en: str) -> None:
        super().__init__(message_fi, message_en)
        self.field = field


@dataclass(frozen=True, slots=True)
class Assessment:
    """One as it was written. ``of`` is the key of the purpose or of the party."""

    id: int
    sort: Sort
    of: str
    texts: Mapping[str, str]
    outcome: Outcome
    on: dt.date
    review_on: dt.date
    written_at: dt.datetime
    written_by: str


@dataclass(frozen=True, slots=True)
class Assessed:
    """Something that needs an assessment, how it stands on a day, and all there have been, newest first."""

    sort: Sort
    of: str
    state: State
    current: Assessment | None = None
    all: tuple[Assessment, ...] = ()
    countries: tuple[str, ...] = ()
    """Of a transfer, where to (ISO 3166 alpha-2)."""

    @property
    def path(self) -> str:
        """``balancing/orders``, as addresses have it."""
        return f"{self.sort}/{self.of}"


def needs(notice: Notice, on: dt.date) -> Iterator[tuple[Sort, str, tuple[str, ...]]]:
    """What of a notice needs an assessment on a day: sort, key, and of a transfer the countries."""
    for purpose in notice.purposes.values():
        if purpose.basis in ON_INTEREST and not purpose.built_in:
            yield "balancing", purpose.key, ()
    for key, parties, safeguard in parties_of(notice):
        countries = tuple(
            state.country for state in transfer_states(parties, safeguard, on) if state.ok and not state.by_decision
        )
        if countries:
            yield "transfer", key, countries


def said_in_notice(notice: Notice, sort: Sort, of: str) -> bool:
    """Whether the notice says where the assessment is."""
    purpose: Purpose | None = notice.purposes.get(of)
    return sort == "balancing" and purpose is not None and bool(purpose.balancing)


def to_text(one: Assessment) -> str:
    """The assessment as it is kept, without its number."""
    found = {
        "sort": one.sort,
        "of": one.of,
        "texts": dict(one.texts),
        "outcome": one.outcome,
        "on": one.on.isoformat(),
        "review_on": one.review_on.isoformat(),
        "written_at": to_utc_text(one.written_at),
        "written_by": one.written_by,
    }
    return json.dumps(found, ensure_ascii=False, sort_keys=True)


def from_text(number: int, text: str) -> Assessment:
    """What :func:`to_text` wrote."""
    found = json.loads(text)
    days = {name: dt.date.fromisoformat(found[name]) for name in ("on", "review_on")}
    return Assessment(**{**found, **days, "id": number, "written_at": from_utc_text(found["written_at"])})
