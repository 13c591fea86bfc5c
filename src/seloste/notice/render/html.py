"""A document as HTML: the body that the public page sets in its own frame, and a page that stands alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from markupsafe import Markup, escape

from seloste.notice.render.drawing import life_line, sign, to_scale
from seloste.notice.render.model import (
    Block,
    Bullets,
    Document,
    Facts,
    Heading,
    Minute,
    Note,
    Paragraph,
    Scale,
    Section,
    Stamp,
    Stamps,
    Table,
    Words,
)

Proof = Callable[[Section], Markup | None]
"""Gives what stands beside a section, or None."""

_PAGE = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{page}: {title} – {controller}</title>
<style>
{style}</style>
</head>
<body class="public">
<header class="public-bar"><div class="public-in"><span class="controller">{controller}</span></div></header>
<main class="main" id="main"><div class="public-in">
{body}
</div></main>
<footer class="public-foot"><div class="public-in"><p>{foot}</p></div></footer>
</body>
</html>
"""

_WIDEST = 210
"""Pixels of the longest line of a scale."""


def body(document: Document, *, own: Markup | None = None, proof: Proof | None = None) -> Markup:
    """The notice from its title to its last section. ``own``: the way to one's own data, under the first layer.
    ``proof``: what the register does now, beside a promise.
    """
    parts = [
        _head(document),
        _minute(document.minute, own),
        _object(document.object_note),
        Markup('<div class="notice-body">'),
        _contents(document),
        Markup('<div class="sections">'),
        *(_section(section, proof) for section in document.sections),
        Markup("</div></div>"),
    ]
    return Markup("\n").join(part for part in parts if part)


def page(document: Document) -> str:
    """A whole page with its style inside: nothing is loaded from anywhere."""
    style = (Path(__file__).parent / "page.css").read_text("utf-8")
    foot = Markup(" · ").join(escape(line) for line in document.foot)
    return _PAGE.format(
        lang=document.lang,
        page=escape(document.page),
        title=escape(document.title),
        controller=escape(document.controller),
        style=style,
        body=body(document),
        foot=foot,
    )


# --- parts ------------------------------------------------------------------------------------------------------------


def _head(document: Document) -> Markup:
    in_force = Markup("<span>{}</span>").format(document.in_force) if document.in_force else Markup("")
    return Markup(
        '<header class="notice-head"><p class="kicker"><b>{}</b>{}</p><h1>{}</h1><p class="lead">{}</p></header>'
    ).format(document.page, in_force, document.title, _line(document.lead))


def _minute(minute: Minute, own: Markup | None) -> Markup:
    rows = Markup("").join(
        Markup("<div><dt>{}</dt><dd>{}{}</dd></div>").format(name, _line(text), _scale(scale) if scale else Markup(""))
        for name, text, scale in minute.rows
    )
    return Markup(
        '<section class="minute" aria-labelledby="minute"><h2 id="minute">{}</h2><dl>{}</dl>{}</section>'
    ).format(minute.title, rows, own or Markup(""))


def _scale(scale: Scale) -> Markup:
    longest = max(months for _, months, _, _ in scale.rows)
    per_year = min(34.0, _WIDEST / (longest / 12))
    rows = Markup("").join(
        Markup('<tr><th scope="row">{}</th><td><span>{} {}</span></td></tr>').format(
            label, to_scale(months, end, per_year), text
        )
        for label, months, end, text in scale.rows
    )
    return Markup('<table class="chart">{}</table>').format(rows)


def _object(note: Note | None) -> Markup:
    if note is None:
        return Markup("")
    text = Markup("").join(Markup("<p>{}</p>").format(_line(line)) for line in note.paragraphs)
    law = Markup('<p class="caption">{}</p>').format(note.law) if note.law else Markup("")
    return Markup(
        '<section class="note stamp-note right-to-object" id="object" aria-labelledby="object-title">'
        '<h2 id="object-title">{}</h2>{}{}</section>'
    ).format(note.title, text, law)


def _contents(document: Document) -> Markup:
    links = [(section.anchor, section.title) for section in document.sections]
    if document.object_note is not None:
        links.insert(0, ("object", document.object_note.title))
    items = Markup("").join(Markup('<li><a href="#{}">{}</a></li>').format(anchor, title) for anchor, title in links)
    # Beside the text on a wide screen; closed above it on a narrow one. Style shows one of the two.
    return Markup(
        '<nav class="contents" aria-label="{}">'
        '<details class="contents-narrow"><summary>{}</summary><ol>{}</ol></details>'
        '<div class="contents-wide"><ol>{}</ol></div></nav>'
    ).format(document.contents, document.contents, items, items)


def _section(section: Section, proof: Proof | None) -> Markup:
    beside = proof(section) if proof is not None else None
    text = Markup("").join(_block(block) for block in section.blocks)
    aside = Markup('<aside class="proof">{}</aside>').format(beside) if beside else Markup("")
    return Markup('<section class="pair" id="{}"><div><h2>{}</h2>{}</div>{}</section>').format(
        section.anchor, section.title, text, aside
    )


def _block(block: Block) -> Markup:
    match block:
        case Paragraph(text, quiet):
            return Markup('<p class="{}">{}</p>').format("caption" if quiet else "promise", _line(text))
        case Bullets(items):
            lines = Markup("").join(Markup("<li>{}</li>").format(_line(item)) for item in items)
            return Markup('<ul class="promise points">{}</ul>').format(lines)
        case Heading(text):
            return Markup("<h3>{}</h3>").format(text)
        case Table():
            return _table(block)
        case Facts(pairs):
            lines = Markup("").join(
                Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(name, _line(text)) for name, text in pairs
            )
            return Markup('<dl class="pairs who">{}</dl>').format(lines)
        case Stamps(items):
            return Markup('<ul class="stamps">{}</ul>').format(Markup("").join(_stamp(item) for item in items))
        case Note(title, paragraphs, _):
            text = Markup(" ").join(_line(line) for line in paragraphs)
            return Markup('<p class="note stamp-note"><b>{}</b> {}</p>').format(title, text)
        case Scale():
            return _scale(block)


def _stamp(stamp: Stamp) -> Markup:
    law = Markup('<span class="law">{}</span>').format(stamp.law) if stamp.law else Markup("")
    return Markup('<li class="stamp">{}<span><b>{}</b> <span class="until">{} {}</span></span>{}</li>').format(
        sign(stamp.sign), stamp.ground, life_line(stamp.end), stamp.until, law
    )


def _table(table: Table) -> Markup:
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(name) for name in table.head)
    rows = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(
                Markup('<th scope="row">{}</th>').format(_line(cell))
                if not column
                else Markup("<td>{}</td>").format(_line(cell))
                for column, cell in enumerate(row)
            )
        )
        for row in table.rows
    )
    return Markup(
        '<table class="table blocks"><caption class="vh">{}</caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table>"
    ).format(table.caption, head, rows)


def _line(text: Words) -> Markup:
    made = Markup("")
    for run in text:
        one = escape(run.text)
        if run.href is not None:
            one = Markup('<a href="{}">{}</a>').format(run.href, one)
        made += Markup("<b>{}</b>").format(one) if run.bold else one
    return made
