"""A document as PDF on A4, in fonts that are shipped with the program (OFL), so that every machine prints the same."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace

from seloste.notice.render.model import (
    Block,
    Bullets,
    Document,
    EndSort,
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
    merged,
    plain,
)

FONTS = Path(__file__).parent / "fonts"
_FACES = (("serif", "", "SourceSerifPro-Regular"), ("serif", "B", "SourceSerifPro-Semibold"))
_FACES += (("sans", "", "SourceSansPro-Regular"), ("sans", "B", "SourceSansPro-Semibold"))  # type: ignore[assignment]

_INK, _QUIET, _STAMP, _TINT, _LINE = (29, 28, 36), (89, 85, 99), (58, 56, 137), (237, 236, 248), (190, 186, 176)
_SIDE, _TOP, _FOOT = 22.0, 20.0, 20.0
_MEASURE = 150.0
"""Running text is no wider than this, in millimetres."""
_LEAD = 1.42
_PAD = 2.5
_WINDOW = 52.0
"""Where the window of an envelope begins, from the top of the sheet."""
_A_POINT = 0.3528
"""Millimetres in a point."""


def pdf(document: Document, *, made: dt.datetime | None = None, to: Sequence[str] = ()) -> bytes:
    """The notice as a PDF file. The same document gives the same bytes; ``made`` is the time written into the file.

    ``to``: lines of an address, for a first page that goes in front and shows through the window of an envelope.
    """
    logging.getLogger("fontTools.subset").setLevel(logging.WARNING)  # it tells about every table it keeps
    sheet = _Sheet(document, made or dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
    if to:
        sheet.envelope(to)
    sheet.head()
    if document.minute.rows:
        sheet.minute()
    if document.object_note is not None:
        sheet.own_note(document.object_note)
    for section in document.sections:
        sheet.section(section)
    return bytes(sheet.output())


class _Sheet(FPDF):
    def __init__(self, document: Document, made: dt.datetime) -> None:
        super().__init__(format="A4")
        self.document = document
        self.set_creation_date(made)
        self.set_title(f"{document.page}: {document.title}")
        self.set_author(document.controller)
        self.set_lang(document.lang)
        self.set_producer("seloste")
        self.set_margins(_SIDE, _TOP)
        self.set_auto_page_break(True, _FOOT + 4)
        for family, style, file in _FACES:
            self.add_font(family, style, FONTS / f"{file}.ttf")
        self.add_page()

    # --- the page -------------------------------------------------------------------------------------------------

    def footer(self) -> None:
        # A page may break inside an indented paragraph, so the foot keeps to the sheet's own margins.
        self.set_xy(_SIDE, self.h - _FOOT)
        self._font("sans", 8, _QUIET)
        left, width = " · ".join((self.document.controller, self.document.title)), self.w - 2 * _SIDE
        self.cell(width - 20, 5, self._cut(left, width - 22))
        self.cell(20, 5, f"{self.page_no()}/{{nb}}", align="R")

    def head(self) -> None:
        document = self.document
        self._font("sans", 10, _INK, "B")
        self.cell(0, 6, document.controller, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(8)
        self._font("sans", 9.5, _QUIET)
        kicker = " · ".join(part for part in (document.page, document.in_force) if part)
        self.cell(0, 5, kicker, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self._font("serif", 25, _INK)
        self.multi_cell(_MEASURE, 10.5, document.title, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(2)
        self._flow(document.lead, "serif", 12)
        self.ln(4)

    def envelope(self, to: Sequence[str]) -> None:
        """The address alone, where the window of a C5 or C4 envelope is (SFS 2487): nothing else may show."""
        self._font("sans", 10, _INK, "B")
        self.cell(0, 6, self.document.controller)
        self._font("sans", 12, _INK)
        self.set_y(_WINDOW)
        for line in to:
            self.cell(0, 6, self._cut(line, 90), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.add_page()

    def minute(self) -> None:
        minute = self.document.minute
        self.set_draw_color(_STAMP)
        self.set_line_width(0.9)
        self.line(self.l_margin, self.y, self.w - self.r_margin, self.y)
        self.ln(3)
        self._headline(minute.title, 13, "sans", "B")
        for name, text, scale in minute.rows:
            self._room(14)
            self._font("sans", 9, _INK, "B")
            top = self.y
            self.cell(30, 5, name)
            self.set_xy(self.l_margin + 32, top)
            self._flow(text, "serif", 10, indent=32)
            if scale is not None:
                self._scale(scale, indent=32)
            self._rule()

    def own_note(self, note: Note) -> None:
        self.ln(2)
        self._room(40)
        paragraphs = [_plain_bold(note.title), *note.paragraphs]
        self._tinted(paragraphs, note.law, heading=True)

    def section(self, section: Section) -> None:
        self.ln(5)
        self._room(26)
        if section.title:
            self._headline(section.title, 15, "serif", "")
        for block, following in zip(section.blocks, (*section.blocks[1:], None), strict=True):
            self._with_next(block, following)
            self._block(block)

    def _with_next(self, block: Block, following: Block | None) -> None:
        """A new page where a block would be parted from what it belongs to: a list from its lead, a right to object
        from the basis above it.
        """
        match block, following:
            case Paragraph(), Bullets():
                self._room(16)
            case Stamps(items), Note():
                self._room(sum(10 if stamp.law else 6 for stamp in items) + 13)

    # --- blocks ---------------------------------------------------------------------------------------------------

    def _block(self, block: Block) -> None:
        match block:
            case Paragraph(text, quiet):
                self._flow(text, "sans" if quiet else "serif", 8.5 if quiet else 10.5, _QUIET if quiet else _INK)
                self.ln(1.4)
            case Bullets(items):
                for item in items:
                    self._bullet(item)
                self.ln(0.8)
            case Heading(text):
                self._room(18)
                self.ln(1.5)
                self._headline(text, 10.5, "sans", "B", level=1)
            case Table():
                self._table(block)
            case Facts(pairs):
                for name, text in pairs:
                    self._fact(name, text)
            case Stamps():
                self._stamps(block)
            case Note(title, paragraphs, _):
                line: Words = (Run(f"{title} ", bold=True), *(run for one in paragraphs for run in one))
                self._tinted([line], "", heading=False)
            case Scale():
                self._scale(block, indent=0)

    def _bullet(self, text: Words) -> None:
        self._room(6)
        self._font("serif", 10.5, _STAMP)
        top = self.y
        self.cell(4, 10.5 * _A_POINT * _LEAD, "–")
        self.set_xy(self.l_margin + 4.5, top)
        self._flow(text, "serif", 10.5, indent=4.5)
        self.ln(0.6)

    def _fact(self, name: str, text: Words) -> None:
        self._room(8)
        self._font("sans", 9, _QUIET)
        top = self.y
        self.multi_cell(46, 5, name, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        low = self.y
        self.set_xy(self.l_margin + 48, top)
        self._flow(text, "sans", 9.5, indent=48)
        self.set_y(max(low, self.y) + 0.6)

    def _stamps(self, stamps: Stamps) -> None:
        for stamp in stamps.items:
            self._room(9)
            top = self.y
            self._font("sans", 9, _INK, "B")
            width = self.get_string_width(stamp.ground)
            self.cell(width + 2, 5, stamp.ground)
            drawn = 0 if stamp.end == "none" else 14
            self._life_line(stamp.end, self.l_margin + width + 3, top + 2.5)
            self.set_xy(self.l_margin + width + 3 + drawn, top)
            self._font("sans", 9, _QUIET)
            self.cell(0, 5, stamp.until, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            if stamp.law:
                self._font("sans", 8, _QUIET)
                self.multi_cell(_MEASURE, 4, stamp.law, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(1)

    def _life_line(self, end: EndSort, x: float, y: float, length: float = 12.0) -> None:
        """Drawn as on the page: the end says who ends it."""
        self.set_line_width(0.2)
        self.set_draw_color(_LINE)
        if end not in ("running", "none"):
            self.line(x, y, x + length, y)
        if end != "none":
            self.set_draw_color(_STAMP)
            self.set_line_width(0.7)
            self.line(x, y, x + length * 2 / 3, y)
        self.set_draw_color(_INK)
        self.set_line_width(0.4)
        match end:
            case "law":
                self.line(x + length - 1.2, y - 1.6, x + length - 1.2, y + 1.6)
                self.line(x + length, y - 1.6, x + length, y + 1.6)
            case "date":
                self.line(x + length, y - 1.6, x + length, y + 1.6)
            case "person":
                self.set_fill_color(255, 255, 255)
                self.circle(x + length - 1.1, y, 1.1, style="DF")
            case "running":
                self.set_fill_color(_LINE)
                for step in (1.2, 2.4, 3.6):
                    self.circle(x + length * 2 / 3 + step, y, 0.25, style="F")
            case "none":
                pass

    def _scale(self, scale: Scale, *, indent: float) -> None:
        longest = max(months for _, months, _, _ in scale.rows)
        self._font("sans", 9, _QUIET)
        label = min(55.0, max(self.get_string_width(name) for name, _, _, _ in scale.rows) + 3)
        per_month = min(0.75, 60 / longest)
        self.ln(1)
        for name, months, end, text in scale.rows:
            self._room(6)
            self._font("sans", 9, _QUIET)
            top, left = self.y, self.l_margin + indent
            self.set_x(left)
            self.cell(label, 4.8, self._cut(name, label - 1))
            start, stop = left + label, left + label + max(2.5, months * per_month)
            self.set_draw_color(_STAMP)
            self.set_line_width(0.7)
            self.line(start, top + 2.4, stop, top + 2.4)
            self.set_draw_color(_INK)
            self.set_line_width(0.4)
            for x in (stop - 1.2, stop) if end == "law" else (stop,):
                self.line(x, top + 0.9, x, top + 3.9)
            self.set_xy(stop + 2, top)
            self._font("sans", 9, _INK)
            self.cell(0, 4.8, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(1)

    def _table(self, table: Table) -> None:
        self._room(24)
        self.ln(1)
        widths = {2: (3, 7), 3: (4, 3, 5), 4: (3, 5, 2, 3)}.get(len(table.head), (1,) * len(table.head))
        self._font("sans", 9, _INK)
        self.set_draw_color(_LINE)
        self.set_line_width(0.2)
        self.set_fill_color(255, 255, 255)
        heading = FontFace(family="sans", emphasis="", size_pt=8.5, color=_QUIET)
        first = FontFace(family="sans", emphasis="B")
        with self.table(
            col_widths=widths, text_align="LEFT", borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            line_height=9 * _A_POINT * 1.38, headings_style=heading, padding=(1.0, 2.0, 1.0, 0.0), v_align="TOP",
        ) as made:  # fmt: skip
            row = made.row()
            for name in table.head:
                row.cell(name)
            for cells in table.rows:
                row = made.row()
                for column, cell in enumerate(cells):
                    row.cell("".join(run.text for run in cell), style=None if column else first)
        self.ln(2)

    def _tinted(self, paragraphs: list[Words], law: str, *, heading: bool) -> None:
        """Text on a tint with a rule at its left. Measured first, so that it is not cut by the end of a page."""
        height = self._height(paragraphs, law, heading)
        if self.y + height > self.h - self.b_margin:
            self.add_page()
        self.set_fill_color(_TINT)
        self.rect(self.l_margin, self.y, self.epw, height, style="F")
        self.set_fill_color(_STAMP)
        self.rect(self.l_margin, self.y, 0.9, height, style="F")
        self._inside(paragraphs, law, heading)
        self.ln(1.5)

    def _inside(self, paragraphs: list[Words], law: str, heading: bool) -> None:
        self.set_y(self.y + _PAD)
        for number, line in enumerate(paragraphs):
            first = heading and number == 0
            self._flow(line, "sans", 12 if first else 10, indent=5)
            self.ln(1.2 if number < len(paragraphs) - 1 else 0)
        if law:
            self.ln(1)
            self._flow((Run(law),), "sans", 8.5, _QUIET, indent=5)
        self.set_y(self.y + _PAD)

    def _height(self, paragraphs: list[Words], law: str, heading: bool) -> float:
        """How high the text will be: each paragraph set in the same font and width, on nothing."""
        width = min(self.epw - 5, _MEASURE + 5)
        height = 2 * _PAD + 1.2 * (len(paragraphs) - 1) + (1 if law else 0)
        sized = [(plain(line), 12 if heading and not number else 10.0) for number, line in enumerate(paragraphs)]
        for text, size in [*sized, *([(law, 8.5)] if law else [])]:
            self._font("sans", size, _INK)
            height += float(
                self.multi_cell(width, size * _A_POINT * _LEAD, text, align="L", dry_run=True, output="HEIGHT")  # type: ignore[arg-type]
            )
        return height

    # --- text -----------------------------------------------------------------------------------------------------

    def _flow(
        self, text: Words, family: str, size: float, color: tuple[int, int, int] = _INK, *, indent: float = 0
    ) -> None:
        """Runs of text in one paragraph, wrapped at the measure."""
        text = merged(text)
        left, right, height = self.l_margin, self.r_margin, size * _A_POINT * _LEAD
        self.set_left_margin(left + indent)
        self.set_right_margin(max(right, self.w - left - _MEASURE - (10 if indent else 0)))
        self.set_x(left + indent)
        if len(text) == 1 and text[0].href is None:
            # One run is set as a cell: it breaks lines as a paragraph does.
            self._font(family, size, color, "B" if text[0].bold else "")
            self.multi_cell(0, height, text[0].text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            text = ()
        for run in text:
            self._font(family, size, _STAMP if run.href else color, "B" if run.bold else "")
            link: Any = run.href if run.href and run.href.startswith("http") else ""
            self.write(height, run.text, link)
        if text:
            self.ln(height)
        self.set_left_margin(left)
        self.set_right_margin(right)
        self.set_x(left)

    def _headline(self, text: str, size: float, family: str, style: str, *, level: int = 0) -> None:
        self.start_section(text, level=level)
        self._font(family, size, _INK, style)
        self.multi_cell(_MEASURE, size * _A_POINT * 1.3, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(1.5)

    def _font(self, family: str, size: float, color: tuple[int, int, int], style: str = "") -> None:
        self.set_font(family, style, size)
        self.set_text_color(*color)

    def _rule(self) -> None:
        self.ln(1.2)
        self.set_draw_color(_LINE)
        self.set_line_width(0.2)
        self.line(self.l_margin, self.y, self.w - self.r_margin, self.y)
        self.ln(1.8)

    def _room(self, height: float) -> None:
        """A new page when less than ``height`` is left: a heading does not stand alone at the foot."""
        if self.y + height > self.h - self.b_margin:
            self.add_page()

    def _cut(self, text: str, width: float) -> str:
        if self.get_string_width(text) <= width:
            return text
        while text and self.get_string_width(text + "…") > width:
            text = text[:-1]
        return text.rstrip() + "…"


def _plain_bold(text: str) -> Words:
    return (Run(text, bold=True),)
