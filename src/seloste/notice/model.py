"""A notice as it means, after frames, presets and groups are expanded: frozen facts with their place in the file.

Nothing here knows SQL, the web or the clock. ``notice.parse`` makes it; everything else reads it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from seloste.catalogue.model import Kind, Text

Basis = Literal[
    "consent",
    "contract",
    "company_contract",
    "legal_obligation",
    "legitimate_interest",
    "public_task",
    "vital",
]
Nature = Literal["ordinary", "claims", "marketing", "research", "statistics", "profiling", "accountability"]
Unit = Literal["day", "month", "year"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is written: file, 1-based line and column. A preset's fact has its purpose's place."""

    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Ref:
    """One item of one kind, ``person.email``."""

    kind: str
    item: str

    def __str__(self) -> str:
        return f"{self.kind}.{self.item}"


@dataclass(frozen=True, slots=True)
class Term:
    """One period of a keep rule: how long, counted from which date.

    ``kind`` is None when the date is the matter's own. ``date`` is an item key, or a virtual anchor (``last_contact``).
    ``amount`` 0 means *until* the date itself. ``preset`` names a rule of ``law/`` that says how the last day follows
    from the date (``accounting_voucher``, ``accounting_ledger``); amount and unit are then unused.
    An empty date means still running, unless the term is an ``at_least`` of another kind that has no row: then the
    term asks for nothing.
    """

    amount: int
    unit: Unit
    date: str
    kind: str | None = None
    preset: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Keep:
    """How long one matter keeps what belongs to it: max(base, at_least ...), then min with each at_most."""

    matter: str
    """The kind whose rows are the matters."""
    base: Term | None
    """None: until withdrawn (the matter is the permission itself)."""
    at_least: tuple[Term, ...] = ()
    at_most: tuple[Term, ...] = ()
    text: str = ""
    """The rule as written, for people."""
    law: str | None = None
    """Citation when the period comes from a preset of ``law/``."""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class AtMost:
    """A row of this kind goes this long after its own date, however long its matter lasts."""

    kind: str
    amount: int
    unit: Unit
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why data are processed, on which basis, with which items, until when."""

    key: str
    text: Text
    basis: Basis
    nature: Nature = "ordinary"
    interest: Text | None = None
    law: tuple[str, ...] = ()
    uses: tuple[Ref, ...] = ()
    borrows: tuple[Ref, ...] = ()
    """Items that may be used while another purpose holds them; a borrower holds nothing itself."""
    keep: tuple[Keep, ...] = ()
    at_most: tuple[AtMost, ...] = ()
    channels: Mapping[str, str] = field(default_factory=dict)
    """For marketing: channel -> consent | interest."""
    senders: tuple[str, ...] = ("own",)
    consent: Text | None = None
    """The wording a person says yes to."""
    lasts: tuple[int, Unit] | None = None
    confirm: str | None = None
    per: str | None = None
    only_during: str | None = None
    longest: tuple[int, Literal["hour", "day", "month", "year"]] | None = None
    becomes: str | None = None
    at_intake: tuple[Ref, ...] = ()
    needed_for: Text | None = None
    special: str | None = None
    identity_code_ground: str | None = None
    profiling: Text | None = None
    balancing: Text | None = None
    """Where the weighing of a legitimate interest is recorded."""
    text_written: bool = True
    """False when neither the notice nor a preset says the purpose in words; ``text`` is then made of the key."""
    built_in: bool = False
    preset: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """A named company or authority with its country (ISO 3166 alpha-2, or None when it comes from the row)."""

    name: str
    country: str | None


@dataclass(frozen=True, slots=True)
class Processor:
    key: str
    does: Text
    name: str | None
    country: str | None
    safeguard: str | None
    purposes: tuple[str, ...]
    """Empty: every purpose."""
    sub_processors: tuple[Party, ...] = ()
    agreement: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    key: str
    text: Text
    who: tuple[Party, ...]
    who_from: Ref | None
    """The row's item that names the recipient (``order.carrier``)."""
    country_from: Ref | None
    purposes: tuple[str, ...]
    gets: tuple[Ref, ...]
    when: str | None
    authority: bool
    safeguard: str | None
    country: str | None = None
    place: Place | None = None
    text_written: bool = True
    """False when the text is made of the key or the parties' names."""


@dataclass(frozen=True, slots=True)
class Source:
    key: str
    text: Text
    art14: bool
    public: bool
    items: tuple[Ref, ...]
    """The held items it may bring; all when ``brings_all``."""
    art14_said: bool = True
    """False when an own source does not say whether Art. 14 applies."""
    brings_all: bool = False
    """Nothing limits what it may bring; else only ``items``, which the register may not hold at all."""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Lens:
    """A staff role: who inside acts for which purposes."""

    key: str
    text: Text
    purposes: tuple[str, ...]
    only: Ref | None = None
    """Narrows to the acting person's own (``office.housing_company``)."""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Controller:
    name: str
    address: str | None
    business_id: str | None
    email: str | None
    phone: str | None
    web: str | None
    contact_role: Text | None
    contact_email: str | None
    contact_phone: str | None
    financial_year_ends: tuple[int, int] | None
    """(month, day)."""
    group: tuple[Party, ...] = ()
    data_protection_officer: Text | None = None
    processor: str | None = None
    """The one who runs the register for the controller, when it is somebody else (name)."""
    processor_contact: str | None = None
    representative: Text | None = None
    """In the Union (Art. 27)."""
    joint: tuple[Party, ...] = ()
    arrangement: Text | None = None
    """The essence of the arrangement between joint controllers (Art. 26(2))."""
    each: str | None = None
    """The kind of row each of which is a controller with a register of its own (in a frame)."""
    processor_key: str | None = None
    """The key under ``processors`` of ``processor``, when it is one of them."""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Cookie:
    name: str
    provider: str
    text: Text
    purpose: str | None
    duration: str
    necessary: bool
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Category:
    """A category of data subjects, by the tie that makes a person one."""

    key: str
    text: Text
    tie: str | None
    required: tuple[str, ...] = ()
    """Other ends that must exist (``relationship !organisation``)."""
    youngest: int | None = None
    through: str | None = None
    """A pointer item of the tie that leads to the person, when it is not the tie's own person."""
    text_written: bool = True
    """False when the text is made of the key."""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A security measure: proved by the system, or attested (by whom, when, next check)."""

    key: str
    text: Text
    proved: bool
    by: str | None = None
    on: dt.date | None = None
    next_check: dt.date | None = None
    by_text: Text | None = None
    """``by`` in each language."""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Form:
    key: str
    text: Text
    items: tuple[Ref, ...]
    purposes: tuple[str, ...]
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Embed:
    key: str
    text: Text
    provider: str
    privacy_url: str | None
    country: str | None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class SeeAlso:
    text: Text
    url: str | None
    register: str | None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding the owner accepts, with the reason."""

    code: str
    at: str
    because: Text
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """One register's whole notice, expanded."""

    register: str
    title: Text
    vocabulary: str
    languages: tuple[str, ...]
    effective: dt.date | None
    controller: Controller
    categories: tuple[Category, ...]
    kinds: Mapping[str, Kind]
    """Every kind the notice's purposes touch, with only the items some purpose names, plus the built-in kinds."""
    purposes: Mapping[str, Purpose]
    processors: tuple[Processor, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    staff: Mapping[str, Lens] = field(default_factory=dict)
    never: tuple[str, ...] = ()
    proofs: tuple[str, ...] = ()
    """What the public page shows beside its promises: words of ``fields.PROOFS``."""
    gives_more: Mapping[str, object] = field(default_factory=dict)
    security: tuple[Measure, ...] = ()
    requests: Mapping[str, bool] = field(default_factory=dict)
    paragraphs: Mapping[str, Text] = field(default_factory=dict)
    forms: tuple[Form, ...] = ()
    embeds: tuple[Embed, ...] = ()
    cookies: tuple[Cookie, ...] = ()
    see_also: tuple[SeeAlso, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)
    """Where each dotted path of the expanded notice is written: ``purposes.orders.keep`` -> Place."""
    words: Mapping[str, str] = field(default_factory=dict)
    """The word by which an item was named: ``purposes.orders.uses.order.number`` -> ``order``."""
    file: str = ""
    digest: str = ""
    """SHA-256 (hex) over the canonical expanded notice, places left out."""
