"""The shapes a vocabulary is made of: kinds of record and their items.

A kind of the shipped catalogue and a kind a notice defines under ``kinds:`` are the same thing; nothing treats
them differently.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

# One text in the languages it is written in, keyed by ISO 639-1 code: {"fi": "Nimi", "en": "Name"}.
Text = Mapping[str, str]

About = Literal["person", "visitor", "owner", "nobody"]

REACHING = ("phone", "email")
"""Types of items by which somebody is reached at once."""

PERSON = "person"
"""The kind every pointer item points at, and the root of everything that is about somebody."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of an item of type ``choice``."""

    key: str
    label: Text


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that may be recorded on a row of a kind."""

    key: str
    type: str
    """A key of ``catalogue.types.TYPES``, or ``ref`` when the item points at a row of another kind."""
    label: Text
    many: bool = False
    extra: bool = False
    """Held only when a purpose names it one by one; never through the bare name of its kind."""
    sensitive: bool = False
    """Encrypted at rest; never held through a kind's or group's name."""
    free_text: bool = False
    """May be about anybody: the text is everybody's the row points at."""
    refers_to: str | None = None
    """The kind the item points at (type ``ref``). When it is a subject kind the cell is that subject's."""
    options: tuple[Option, ...] = ()
    dpv: str | None = None
    """The term of the Data Privacy Vocabulary, as ``pd:EmailAddress``."""
    special: bool = False
    """A special category of personal data (Art. 9)."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record: what a row is about, what it belongs to, and its items in form order."""

    key: str
    label: Text
    plural: Text
    about: About
    of: tuple[str, ...] = ()
    """Kinds a row belongs to, each a reference column of that name. A tie has all of them, others at least one."""
    tie: bool = False
    act: str | None = None
    """The item that dates a deed of the person; such rows count for the virtual date ``last_contact``."""
    items: Mapping[str, Item] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names that stand for several items, as ``name: (first_name, last_name)``."""
    title: tuple[str, ...] = ()
    """Items that name a row to people, in order."""
    subject: bool = False
    """Rows are themselves data subjects (person, or a browser without a name)."""
    owner_item: str | None = None
    """An item pointing at a person that makes a row of nobody that person's (a sole trader's organisation)."""
    optional_of: tuple[str, ...] = ()
    """Those of ``of`` that a tie may lack."""
    only_with: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """End of a tie -> the items that only one who has it is asked for: a job title, of those who act for a company."""
    dated: str | None = None
    """The item that dates a row, for ``each`` and ``at_most`` (default: ``act``, else its first date or time)."""
    due: str | None = None
    """The date or time by which something is to be done about a row."""
    done: str | None = None
    """The date or time at which it was done; a row where it is empty is open work."""
    assigned: str | None = None
    """The item that says who does it: an account or a role."""
    built_in: bool = False
    """Part of every register (permissions, objections, restrictions, holds ...)."""

    @property
    def of_house(self) -> bool:
        """Papers of the house that are in every register and about nobody, as the agreement with a processor."""
        return self.built_in and self.about == "nobody"

    @property
    def ends(self) -> str | None:
        """The date with which a tie ends: the last of its dates, when it has one to begin with as well."""
        days = [name for name, item in self.items.items() if item.type in ("date", "time")]
        return days[-1] if self.tie and len(days) > 1 else None

    @property
    def guards(self) -> tuple[str, ...]:
        """Sealed truths, as an order of non-disclosure: where one stands on a person, where they live and how they are
        reached is sealed on every row of theirs (``compiler.guard``).
        """
        return tuple(name for name, item in self.items.items() if item.type == "bool" and item.sensitive)
