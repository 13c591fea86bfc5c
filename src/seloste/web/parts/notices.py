"""What a new notice does, and what the register does for each promise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from seloste.web.parts.basics import Life, Link, Stamp, Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    number: str
    strong: str
    text: str = ""
    link: Link | None = None
    tone: Tone = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """``text`` may hold ``ins`` and ``del``. A finding stands in its row with code, words and the line to mend."""

    kind: Literal["added", "changed", "removed"]
    what: str
    title: str
    text: str
    stamps: tuple[Stamp, ...] = ()
    was: Life | None = None
    now: Life | None = None
    effects: tuple[str, ...] = ()
    finding_code: str = ""
    finding: str = ""
    finding_link: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Beside a promise, what the register does now. ``good`` and ``fails`` were computed at ``checked``."""

    figure: str
    unit: str = ""
    notes: tuple[str, ...] = ()
    good: str = ""
    fails: str = ""
    checked: str = ""
    oldest: float | None = None
    scale: tuple[str, str] = ("", "")
    days: tuple[int, ...] = ()
