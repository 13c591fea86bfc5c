"""The record of processing of one register in one language: facts and words, ready for a writer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from seloste.notice.model import Basis


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and what it is: *Data protection officer*, who that is."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A transfer to a third country (Art. 30(1)(e)).

    ``country`` is an ISO 3166-1 alpha-2 code, None where each row says it; ``mechanism`` a key of the vocabulary's
    safeguards, None where the notice names none.
    """

    who: str
    country: str | None
    where: str
    mechanism: str | None
    safeguard: str
    text: str


@dataclass(frozen=True, slots=True)
class Activity:
    """One purpose with all that Art. 30(1)(b) to (f) asks of it. No part is empty but ``transfers``."""

    key: str
    purpose: str
    basis: Basis
    ground: tuple[str, ...]
    """The legal basis, the interest or law behind it, and the grounds of sensitive data: good practice, not Art. 30."""
    people: tuple[str, ...]
    data: str
    recipients: tuple[str, ...]
    transfers: tuple[Sent, ...]
    keeps: tuple[str, ...]
    """The time limits for erasure, one for each matter that holds data for the purpose."""
    built_in: bool


@dataclass(frozen=True, slots=True)
class Secured:
    """A security measure (Art. 30(1)(g)): proved by the system, or attested by somebody on a day."""

    key: str
    text: str
    proved: bool
    by: str
    on: dt.date | None
    next_check: dt.date | None


@dataclass(frozen=True, slots=True)
class Columns:
    """The headings of the record in its language."""

    controller: str
    activities: str
    purpose: str
    ground: str
    people: str
    data: str
    recipients: str
    transfers: str
    keeps: str
    security: str
    measure: str
    how: str
    checked: str
    next: str
    proved: str
    attested: str
    none_recipients: str
    none_transfers: str
    none_security: str


@dataclass(frozen=True, slots=True)
class Record:
    """The record of a controller (Art. 30(1)); ``on_behalf`` that of whoever runs the register for it (Art. 30(2))."""

    register: str
    name: str
    """What the paper is called: *Record of processing activities*."""
    law: str
    title: str
    lang: str
    effective: dt.date | None
    digest: str
    made: str
    controller: tuple[Fact, ...]
    activities: tuple[Activity, ...]
    security: tuple[Secured, ...]
    on_behalf: tuple[Fact, ...]
    """Empty when the controller runs the register itself."""
    on_behalf_name: str
    on_behalf_law: str
    columns: Columns
