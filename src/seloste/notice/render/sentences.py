"""The sentences of a rendered notice one by one, each with the rule that says it: read from the blocks themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from seloste.notice.render.model import (
    Block,
    Bullets,
    Document,
    Facts,
    Heading,
    Note,
    Paragraph,
    Run,
    Scale,
    Section,
    Stamps,
    Table,
    Words,
    plain,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a reader is told. ``rule`` is the path of the notice, or ``rights.`` and a key of the law's table."""

    text: str
    rule: str
    section: str
    """The anchor of the section it stands in, empty above the first."""


def sentences(document: Document) -> tuple[Sentence, ...]:
    """Every sentence from the lead to the last section, in the order of reading. Headings and drawings say nothing."""
    found = [*_line(document.lead, "")]
    for _, text, _ in document.minute.rows:
        found += _line(text, "minute")
    if document.object_note is not None:
        for line in document.object_note.paragraphs:
            found += _line(line, "object")
    for section in document.sections:
        found += of_section(section)
    return tuple(found)


def of_section(section: Section) -> Iterator[Sentence]:
    """The sentences of one section."""
    for block in section.blocks:
        yield from _block(block, section.anchor)


def _block(block: Block, section: str) -> Iterator[Sentence]:
    match block:
        case Table(head, rows, _):
            for row in rows:
                yield from _row(zip(head, row, strict=True), section)
        case Facts(pairs):
            for pair in pairs:
                yield from _row([pair], section)
        case Stamps(items):
            for stamp in items:
                text = " · ".join(part for part in (stamp.ground, stamp.until, stamp.law) if part)
                yield Sentence(text, stamp.rule, section)
        case Paragraph() | Bullets() | Note():
            for line in _lines(block):
                yield from _line(line, section)
        case Heading() | Scale():
            return


def _lines(block: Paragraph | Bullets | Note) -> tuple[Words, ...]:
    match block:
        case Paragraph(text, _):
            return (text,)
        case Bullets(items):
            return items
        case Note(title, paragraphs, _):
            # The title is the beginning of the first: *You may object to this* for a reason of your own.
            return ((Run(f"{title} "), *paragraphs[0]), *paragraphs[1:])


def _row(cells: Iterable[tuple[str, Words]], section: str) -> Iterator[Sentence]:
    filled = [(name, text) for name, text in cells if text]
    rule = next((run.rule for _, text in filled for run in text if run.rule), "")
    yield Sentence("; ".join(f"{name}: {plain(text).rstrip('.')}" for name, text in filled), rule, section)


def _line(line: Words, section: str) -> Iterator[Sentence]:
    """Runs of one rule are one sentence; those without go with what is before them."""
    text, rule = "", ""
    for run in line:
        if run.rule and rule and run.rule != rule:
            yield Sentence(text.strip(), rule, section)
            text = ""
        text, rule = text + run.text, run.rule or rule
    if text.strip():
        yield Sentence(text.strip(), rule, section)
