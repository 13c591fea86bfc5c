"""What the parts of a page are made of: plain, frozen data that the macros of ``templates/components`` draw.

A page fills these and hands them to its template; nothing here knows a kind, a purpose or the database. Words are
already in the reader's language. A text may be ``Markup`` where a page needs a link or a bold word inside it; every
other text is escaped. A field named ``href`` is an address inside the site, ``tel:`` or ``mailto:``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
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


# --- frames -----------------------------------------------------------------------------------------------------------


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
    hint: str = ""


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
    """Title block: parents only in ``crumbs``; at most three ``acts``; ``opening`` is the sentence on top."""

    title: str
    crumbs: tuple[Link, ...] = ()
    sub: str = ""
    chips: tuple[Chip, ...] = ()
    acts: tuple[Act, ...] = ()
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


# --- values and their reasons -----------------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    state: May
    text: str
    note: str = ""


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


# --- lists ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One row of a row list: when, what, second line, words of the person; at the end a text, link or button."""

    text: str
    href: str = ""
    when: str = ""
    late: bool = False
    sub: str = ""
    said: str = ""
    chip: Chip | None = None
    end: str = ""
    end_href: str = ""
    act: Act | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Rank 3 hides under 60 rem, rank 2 under 40. ``sorted`` is the present order; ``href`` sorts by this column."""

    text: str
    rank: Literal[1, 2, 3] = 1
    right: bool = False
    href: str = ""
    sorted: Literal["", "ascending", "descending"] = ""
    unseen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """``phone`` is a further line for narrow screens, where columns of a lower rank are hidden."""

    text: str = ""
    href: str = ""
    sub: str = ""
    phone: str = ""
    may: May | None = None
    life: Life | None = None
    thick: bool = False
    chip: Chip | None = None
    act: Act | None = None
    tone: Tone = ""
    strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    cells: tuple[Cell, ...]
    tone: Literal["", "quiet", "stop", "stamp"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowGroup:
    rows: tuple[Row, ...]
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """``blocks`` is for tables of events: each row becomes a block under 40 rem."""

    caption: str
    columns: tuple[Column, ...]
    groups: tuple[RowGroup, ...]
    blocks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    value: str
    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A filter joins the search of the page. Without ``choices`` it is a field of ``kind``."""

    name: str
    label: str
    value: str = ""
    choices: tuple[Choice, ...] = ()
    kind: Literal["text", "date"] = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    first: int
    last: int
    total: int
    previous: str = ""
    next: str = ""


# --- time -------------------------------------------------------------------------------------------------------------


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


# --- what a new notice does -------------------------------------------------------------------------------------------


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


# --- forms ------------------------------------------------------------------------------------------------------------

Widget = Literal[
    "text", "tel", "email", "url", "password", "date", "datetime-local", "number", "textarea", "select", "checkbox",
    "radio", "checks", "file", "hidden",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form.

    ``shown`` holds what is or was typed, one text for each input (a checkbox is on when it holds ``value``). With
    ``many`` the field repeats: the values and ``extra`` empty inputs, all of one name. ``said`` is a wording read
    aloud, in the notice's voice.
    """

    name: str
    label: str
    widget: Widget = "text"
    shown: tuple[str, ...] = ()
    value: str = "1"
    choices: tuple[Choice, ...] = ()
    hint: str = ""
    error: str = ""
    said: str = ""
    optional: bool = False
    many: bool = False
    extra: int = 1
    half: bool = False
    short: bool = False
    readonly: bool = False
    autocomplete: str = ""
    inputmode: str = ""
    lines: int = 4
    unit: str = ""
    link: Link | None = None
    limits: tuple[tuple[Literal["min", "max", "step", "maxlength", "accept", "pattern"], str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Fields under one heading, with the stamp lines of what they are for in the margin."""

    title: str
    fields: tuple[Field, ...] = ()
    stamps: tuple[Stamp, ...] = ()
    margin: str = ""
    margin_intro: str = ""


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
    days: tuple[int, ...] = field(default=())
