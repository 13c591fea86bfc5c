"""What happened, when it ends, and charts of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from seloste.web.parts.basics import Chip, End, Life


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """``own`` is the person's own act or a milestone (filled dot); ``iso`` is the moment for machines."""

    when: str
    what: str
    iso: str = ""
    href: str = ""
    meta: str = ""
    text: str = ""
    more: str = ""
    chip: Chip | None = None
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A deadline: weekday and date in bold, what is left beside or below. Colour only from seven days."""

    life: Life
    date: str
    left: str = ""
    state: Literal["", "soon", "past", "paused"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One row of a chart: ``length`` in pixels, drawn as a line with its end; never scaled text."""

    label: str
    length: int
    text: str
    end: End = "date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    letter: str
    state: Literal["paid", "late", "unpaid"]
