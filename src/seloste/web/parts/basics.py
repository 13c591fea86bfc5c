"""What every part may hold: tones, life lines, links, chips, buttons, stamp lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

End = Literal["date", "running", "law", "person", "soon", "past"]
"""Who ends it: a known day, an event yet to come, a law, the person; *soon* and *past* are known days in colour."""

Tone = Literal["", "stamp", "ok", "soon", "stop"]
"""Tint of a chip or note: quiet, own act, done or allowed, soon, late or error."""

May = Literal["yes", "no", "ask"]

Look = Literal["plain", "main", "erase", "link"]
"""How a button looks. One *main* in a view; *erase* says number and consequence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A life line. ``elapsed`` is the part of the whole that has gone, 0 to 1; ``text`` always stands beside it."""

    end: End
    text: str = ""
    elapsed: float | None = None
    tone: Literal["", "soon", "past", "was"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    text: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    text: str
    tone: Tone = ""
    icon: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A button. With ``href`` a link, with ``post`` a form of its own (``hidden`` goes along), else a submit button."""

    text: str
    href: str = ""
    post: str = ""
    look: Look = "plain"
    small: bool = False
    name: str = ""
    value: str = ""
    icon: str = ""
    hidden: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """The stamp line: ground, purpose, until when, and the law last and small."""

    basis: str
    purpose: str
    life: Life
    law: str = ""
