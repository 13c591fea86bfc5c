"""A document as Markdown: CommonMark with the tables of GitHub, readable as plain text too."""

from __future__ import annotations

import re

from seloste.notice.render.model import (
    Block,
    Bullets,
    Document,
    Facts,
    Heading,
    Note,
    Paragraph,
    Scale,
    Section,
    Stamps,
    Table,
    Words,
    merged,
)

_SPECIAL = re.compile(r"([\\`*_\[\]<>|])")
_LINE_START = re.compile(r"^(\d+)([.)])(?=\s)|^([#+-])(?=\s)")


def markdown(document: Document) -> str:
    """The whole notice as one Markdown text that ends in a line break."""
    kicker = " · ".join(part for part in (document.controller, document.page, document.in_force) if part)
    parts = [f"# {_text(document.title)}", _text(kicker), _line(document.lead), f"## {_text(document.minute.title)}"]
    for name, text, scale in document.minute.rows:
        parts.append(f"**{_text(name)}.** {_line(text)}")
        if scale is not None:
            parts.append(_block(scale))
    if document.object_note is not None:
        note = document.object_note
        parts.append(f"## {_text(note.title)}")
        parts.append(_quote([*map(_line, note.paragraphs), *([_text(note.law)] if note.law else [])]))
    parts += [section_text(section) for section in document.sections]
    parts += ["---", " · ".join(_text(line) for line in document.foot)]
    return "\n\n".join(parts) + "\n"


def section_text(section: Section) -> str:
    """A section as Markdown: its heading, then its blocks."""
    return "\n\n".join([f"## {_text(section.title)}", *(_block(block) for block in section.blocks)])


def _block(block: Block) -> str:
    match block:
        case Paragraph(text, quiet):
            return f"*{_line(text)}*" if quiet else _start(_line(text))
        case Bullets(items):
            return "\n".join(f"- {_line(item)}" for item in items)
        case Heading(text):
            return f"### {_text(text)}"
        case Table(head, rows, _):
            lines = [
                [_text(name) for name in head],
                ["---"] * len(head),
                *([_line(cell) for cell in row] for row in rows),
            ]
            return "\n".join(f"| {' | '.join(line)} |" for line in lines)
        case Facts(pairs):
            return "\n".join(f"- **{_text(name)}:** {_line(text)}" for name, text in pairs)
        case Stamps(items):
            return "\n".join(
                f"- **{_text(stamp.ground)}** · {_text(stamp.until)}{f' · {_text(stamp.law)}' if stamp.law else ''}"
                for stamp in items
            )
        case Note(title, paragraphs, _):
            return _quote([f"**{_text(title)}** {' '.join(_line(line) for line in paragraphs)}"])
        case Scale(rows):
            return "\n".join(f"- {_text(label)}: {_text(text)}" for label, _, _, text in rows)


def _quote(paragraphs: list[str]) -> str:
    return "\n>\n".join(f"> {paragraph}" for paragraph in paragraphs)


def _line(text: Words) -> str:
    made = ""
    for run in merged(text):
        one = _text(run.text)
        if run.href is not None:
            one = f"[{one}]({run.href})"
        made += f"**{one}**" if run.bold else one
    return made


def _text(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _start(text: str) -> str:
    """A paragraph that would begin as a list or a heading does not."""
    return _LINE_START.sub(lambda match: f"{match[1]}\\{match[2]}" if match[1] else f"\\{match[3]}", text)
