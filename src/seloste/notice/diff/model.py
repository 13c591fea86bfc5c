"""What a change of a notice is: before and after in words, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from seloste.notice.model import Place, Ref

Verb = Literal["added", "changed", "removed"]
Area = Literal[
    "controller", "purpose", "basis", "interest", "data", "period", "consent", "channels", "profiling",
    "recipient", "processor", "transfer", "source", "role", "promise", "wording",
]  # fmt: skip
Effect = Literal["inform", "ask", "erase", "agreement", "safeguard", "source_letter"]

AREAS: tuple[Area, ...] = (
    "purpose", "basis", "interest", "data", "consent", "channels", "profiling", "period", "recipient", "transfer",
    "processor", "source", "promise", "controller", "role", "wording",
)  # fmt: skip
"""In the order they are told: what matters most to people first."""

EFFECTS: tuple[Effect, ...] = ("inform", "ask", "erase", "agreement", "safeguard", "source_letter")
"""What a change asks of the controller.

- ``inform``: people are told before it begins (GDPR Art. 13(3), 14(4)).
- ``ask``: whoever said yes is asked again (Art. 4(11), 7).
- ``erase``: data that nothing needs any more go.
- ``agreement``: one by Art. 28(3) is needed first.
- ``safeguard``: a transfer that Art. 44 to 49 must allow.
- ``source_letter``: people get what Art. 14 asks within a month.
"""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs. Texts are in the language asked for, empty where there is nothing to say."""

    verb: Verb
    area: Area
    key: str
    """What it is about: the key of a purpose, recipient, source or role."""
    title: str
    """The same in words."""
    before: str
    after: str
    effects: tuple[Effect, ...] = ()
    purposes: tuple[str, ...] = ()
    """Whose people the effects touch, by purpose of the new notice; none with ``inform`` means everybody."""
    items: tuple[Ref, ...] = ()
    """Of a change of data, the items that came or went."""
    place: Place | None = None
    """Where the new notice says it, else where the old one did."""


@dataclass(frozen=True, slots=True)
class Difference:
    """All that changes from one version to another; no change when they mean the same."""

    before: str | None
    """The content hash of the old version; None when there is none."""
    after: str
    lang: str
    changes: tuple[Change, ...]

    def of(self, effect: Effect) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if effect in change.effects)

    @property
    def effects(self) -> tuple[Effect, ...]:
        """The effects that any change has."""
        return tuple(effect for effect in EFFECTS if self.of(effect))
