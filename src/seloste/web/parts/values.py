"""Values and their reasons, addresses and what they may be used for, a person's own yes or no."""

from __future__ import annotations

from dataclasses import dataclass

from seloste.web.parts.basics import Act, Chip, Life, Link, May, Stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """The why box of one value. ``own_end`` shows the end's own words in the row; others say only *why?*.

    ``opened`` is set by ``?why=1``: the box is open, and printed.
    """

    about: str
    life: Life
    own_end: bool = False
    sentence: str = ""
    say_it: bool = False
    sources: tuple[str, ...] = ()
    stamps: tuple[Stamp, ...] = ()
    not_for: tuple[str, ...] = ()
    to_whom: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    opened: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    text: str
    href: str = ""
    sub: str = ""
    chip: Chip | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    label: str
    shown: tuple[Shown, ...]
    why: Why | None = None
    act: Act | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    state: May
    text: str
    note: str = ""
    act: Act | None = None
    """What to write down when the person says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A number or address with what it may be used for."""

    text: str
    href: str = ""
    permissions: tuple[Permission, ...] = ()
    why: Why | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """A person's own yes or no: ``post`` acts at once; ``said`` is the wording; ``about`` tells since when."""

    name: str
    label: str
    on: bool
    post: str
    said: str = ""
    about: str = ""
    life: Life | None = None
    hidden: tuple[tuple[str, str], ...] = ()
