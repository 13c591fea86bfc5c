"""What a rendered notice consists of, before it is HTML, Markdown or PDF.

The builders (``minute``, ``purposes``, ``sections``) make it from the facts of a notice; the writers only set it. A
block knows what it is, never how it looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Sign = Literal["consent", "contract", "law", "interest", "vital", "public"]
"""The six ground signs: what a use rests on."""

EndSort = Literal["date", "running", "law", "person", "none"]
"""Who ends it: a known day, an event not yet come, a law, the person, or nothing is held."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text."""

    text: str
    bold: bool = False
    href: str | None = None
    rule: str = ""
    """What says so: a path of the notice (``purposes.orders.keep.order``), or ``rights.`` and a right of the law's
    table; empty for words that only join others."""


Words = tuple[Run, ...]


def words(*parts: str | Run) -> Words:
    """Plain strings and runs as one line of text; empty ones are left out."""
    return tuple(part if isinstance(part, Run) else Run(part) for part in parts if part)


def said(rule: str, *texts: str) -> Words:
    """Sentences that one rule says, with a space between; empty ones are left out."""
    text = " ".join(part for part in texts if part)
    return (Run(text, rule=rule),) if text else ()


def together(*lines: Words) -> Words:
    """Lines as one, with a space between; empty ones are left out."""
    made: list[Run] = []
    for line in lines:
        if line:
            made += [Run(" "), *line] if made else line
    return tuple(made)


def merged(line: Words) -> Words:
    """The line in as few runs as its looks allow, for writers whom the rules do not concern."""
    made: list[Run] = []
    for run in line:
        if made and (made[-1].bold, made[-1].href) == (run.bold, run.href):
            made[-1] = Run(made[-1].text + run.text, run.bold, run.href)
        else:
            made.append(run)
    return tuple(made)


def plain(line: Words) -> str:
    """The line without its marks."""
    return "".join(run.text for run in line)


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: Words
    quiet: bool = False
    """Said in passing: a law, a date, a hash."""


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """``head`` names the columns; the first cell of a row is its heading."""

    head: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]
    caption: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a name and what it is."""

    pairs: tuple[tuple[str, Words], ...]


@dataclass(frozen=True, slots=True)
class Stamp:
    """The stamp line: the ground, when it ends, and the law below."""

    sign: Sign
    ground: str
    end: EndSort
    until: str
    law: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Stamps:
    items: tuple[Stamp, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Set apart from the rest, as the right to object must be (Art. 21(4))."""

    title: str
    paragraphs: tuple[Words, ...]
    law: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """Periods drawn to scale: ``(label, months, end, text)``."""

    rows: tuple[tuple[str, float, EndSort, str], ...]


Block = Paragraph | Bullets | Heading | Table | Facts | Stamps | Note | Scale


@dataclass(frozen=True, slots=True)
class Section:
    """One heading of the full text. ``purpose`` is its key when the section tells of one."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]
    purpose: str | None = None


@dataclass(frozen=True, slots=True)
class Minute:
    """The first layer: a name, a sentence, and perhaps a scale, for each question."""

    title: str
    rows: tuple[tuple[str, Words, Scale | None], ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A notice in one language, ready to be set."""

    lang: str
    register: str
    controller: str
    page: str
    """What kind of page it is: *Privacy notice*."""
    in_force: str
    title: str
    lead: Words
    minute: Minute
    object_note: Note | None
    contents: str
    sections: tuple[Section, ...]
    foot: tuple[str, ...]
