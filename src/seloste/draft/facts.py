"""What was found in a text, each with the sentences it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from seloste.draft.lexicon import Lang
from seloste.draft.sentences import Sentence
from seloste.notice.answers import Customers

Where = dict[str, list[Sentence]]
"""The sentences that say a thing, by its key."""


@dataclass(frozen=True, slots=True)
class Period:
    """A period of the text. ``purpose`` is empty where it is not plain what it is counted from."""

    text: str
    """As the format writes it: ``2 years``."""
    where: Sentence
    purpose: str = ""
    rule: str = ""
    """Which of the ways to write a period of that purpose, a key of ``keep`` in parties.toml."""
    shortest_years: float = 0
    """The same in years; of a range its beginning."""


@dataclass(slots=True)
class Facts:
    """Sections are those of the lexicon: ``purpose``, ``item``, ``right`` ..."""

    lang: Lang
    sentences: list[Sentence]
    said: Mapping[str, Where]
    denied: Mapping[str, Where]
    controller: dict[str, tuple[str, Sentence]] = field(default_factory=dict)
    """``name``, ``business_id``, ``address``, ``email``, ``phone``, ``web``, ``role``."""
    periods: list[Period] = field(default_factory=list)
    open_ended: list[Sentence] = field(default_factory=list)
    """Sentences about how long that give no number."""
    implied: dict[str, Sentence] = field(default_factory=dict)
    """Purposes that no sentence names, but another part of the text takes for granted."""
    customers: Customers = "people"
    apart: list[tuple[str, Sentence]] = field(default_factory=list)
    """Data that the text names and nothing here has a place for: the words, and where they stand."""
    services: Where = field(default_factory=dict)
    """Services named by their own names."""

    def has(self, section: str, key: str) -> bool:
        return key in self.said.get(section, {})

    def first(self, section: str, key: str) -> Sentence | None:
        return next(iter(self.said.get(section, {}).get(key, ())), None)

    def denies(self, section: str, key: str) -> Sentence | None:
        return next(iter(self.denied.get(section, {}).get(key, ())), None)

    @property
    def purposes(self) -> dict[str, Sentence]:
        """Every purpose to write, with the first sentence it rests on."""
        named = {
            key: min(where, key=lambda one: "purpose" not in one.topics) for key, where in self.said["purpose"].items()
        }
        return named | {key: where for key, where in self.implied.items() if key not in named}
