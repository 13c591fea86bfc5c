"""What stands around a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from seloste.web.parts.basics import Act, Chip, Link, Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """One row of the side bar. ``count`` only for open work, already written."""

    text: str
    href: str
    current: bool = False
    count: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NavGroup:
    entries: tuple[NavItem, ...]
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """The one search field. ``suggest`` answers the same query with a list of options as HTML."""

    action: str
    suggest: str = ""
    query: str = ""
    post: str = ""
    """Where the words are sent so that no address holds them; ``hidden`` goes with them."""
    hidden: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language to choose: by ``href``, or by posting its code to the settings where there is none."""

    code: str
    name: str
    href: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """The signed-in person. ``settings`` takes posts of ``language``, ``theme`` and ``keys``; ``hidden`` goes along."""

    name: str
    role: str
    role_href: str
    settings: str
    sign_out: str
    languages: tuple[Language, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around every staff page. ``theme`` is the account's choice; empty follows the device."""

    register: str
    controller: str
    home: str
    menu: str
    nav: tuple[NavGroup, ...] = ()
    registers: tuple[Link, ...] = ()
    search: Search | None = None
    new: tuple[Link, ...] = ()
    user: User | None = None
    theme: Literal["", "light", "dark"] = ""
    keys: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Flash:
    """What was just done, with a way back where there is one."""

    text: str
    tone: Tone = "ok"
    undo: Act | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Title block: parents only in ``crumbs``; at most three ``acts``, others under ``more``; ``opening`` is the
    sentence on top.
    """

    title: str
    crumbs: tuple[Link, ...] = ()
    sub: str = ""
    chips: tuple[Chip, ...] = ()
    acts: tuple[Act, ...] = ()
    more: tuple[Link, ...] = ()
    opening: str = ""
    aside: str = ""
    flash: Flash | None = None
    errors: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFrame:
    """Around the public notice and the portal: the controller's name; ours only in the foot."""

    controller: str
    home: str
    languages: tuple[Language, ...] = ()
    contact: str = ""
    foot: tuple[Link, ...] = ()
    leave: Act | None = None
    print_line: str = ""
    portal: bool = False
    theme: Literal["", "light", "dark"] = ""
