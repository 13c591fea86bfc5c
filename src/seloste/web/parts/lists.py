"""Rows, tables, filters, pages of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from seloste.web.parts.basics import Act, Chip, Life, May, Tone


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
    """``blocks`` is for tables of events: each row becomes a block under 40 rem, where a number says what it counts."""

    caption: str
    columns: tuple[Column, ...]
    groups: tuple[RowGroup, ...]
    blocks: bool = False
    look: Literal["", "journal"] = ""


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
    total: str
    previous: str = ""
    next: str = ""
