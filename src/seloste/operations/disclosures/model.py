"""What disclosures are made of: to whom, what stands in the way, what was given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from seloste.catalogue.model import Text
from seloste.errors import SelosteError
from seloste.notice.model import Party, Processor, Recipient, Ref
from seloste.operations.disclosures.transfers import TransferState

DISCLOSURE = "disclosure"
OUTSIDE = "outside_request"
AGREEMENT = "processor_agreement"

Role = Literal["recipient", "processor", "group", "authority"]
Why = Literal["restricted", "protected", "objected", "banned", "no_consent", "not_sent", "nothing"]
"""Why somebody is not in a file: their data is restricted; a non-disclosure order; they objected; a ban on marketing;
they have not said yes to this recipient; marketing may not reach them; there is nothing of theirs to give."""


class DisclosureError(SelosteError):
    """Nothing is given out: what stands in the way, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Block:
    """One thing that keeps data from being given out. ``code`` names it; ``fi`` and ``en`` say it."""

    code: str
    fi: str
    en: str

    def message(self, lang: str) -> str:
        return self.fi if lang == "fi" else self.en


@dataclass(frozen=True, slots=True)
class Target:
    """Somebody the notice names as receiving data: a recipient, or a processor who works for the controller."""

    key: str
    role: Role
    text: Text
    parties: tuple[Party, ...]
    """Those named; empty when a row or whoever gives the data out says who it is."""
    purposes: tuple[str, ...]
    gets: tuple[Ref, ...]
    """What they get, in the order of the notice; empty for an authority, which gets what its request covers."""
    when: str | None
    transfers: tuple[TransferState, ...]
    blocks: tuple[Block, ...]
    recipient: Recipient | None = None
    processor: Processor | None = None

    @property
    def by_request(self) -> bool:
        """Only a request that cites what it rests on opens it, one person at a time."""
        return self.when in ("legal_request", "housing_law") or (self.role == "authority" and not self.gets)

    @property
    def needs_evidence(self) -> bool:
        """A condition that no row shows: what it rests on is written down each time."""
        return self.when in ("agreed", "released")

    @property
    def asks_country(self) -> bool:
        """Nothing says where they are, so whoever gives the data says it."""
        of = self.recipient or self.processor
        row_says = self.recipient is not None and self.recipient.country_from is not None
        return not row_says and (of is None or of.country is None) and not any(each.country for each in self.parties)

    @property
    def name_from_row(self) -> bool:
        return self.recipient is not None and self.recipient.who_from is not None


@dataclass(frozen=True, slots=True)
class Plan:
    """Who would be in a file, and how many are left out for which reason.

    Unless ``exact``, who might be: whether there is anything of them to give was not looked at.
    """

    persons: tuple[int, ...]
    left_out: Mapping[Why, int]
    exact: bool = True

    @property
    def count(self) -> int:
        return len(self.persons)


@dataclass(frozen=True, slots=True)
class Given:
    """One disclosure as it was written down: the same moment, recipient and purpose for so many persons."""

    at: dt.datetime
    recipient: str
    key: str
    purpose: str
    provision: str
    ground: str
    count: int
