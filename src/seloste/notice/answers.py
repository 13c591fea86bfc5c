"""What a company answers in the interview that writes its first notice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Customers = Literal["companies", "people", "both"]


@dataclass(frozen=True, slots=True)
class Helper:
    """A service provider: its name, country (two letters), and the agreement with its date, or empty."""

    name: str = ""
    country: str = "FI"
    agreement: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the company said. ``activities`` are keys of :func:`activities`; ``staff`` maps a role to activities."""

    name: str
    email: str
    activities: tuple[str, ...]
    languages: tuple[str, ...] = ("fi",)
    customers: Customers = "companies"
    business_id: str = ""
    address: str = ""
    phone: str = ""
    web: str = ""
    contact_role: Mapping[str, str] = field(default_factory=dict)
    financial_year_ends: str = "12-31"
    staff: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    helpers: Mapping[str, Helper] = field(default_factory=dict)
    sensitive: bool = False
    """Whether data of Art. 9 are handled: under a notice of their own, which this one points at."""
    promises: bool = True
    sends_mail: bool = False
    """Whether the register will send e-mail, so that a yes to the newsletter is confirmed through a link."""
