"""The record of processing (Art. 30) as a file that an authority is given on request, and as programs read it."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from seloste.notice.model import Notice
from seloste.notice.record import Record, record
from seloste.notice.record.dpv import dpv
from seloste.notice.record.fides import fides
from seloste.notice.record.plain import answers, lines, markdown, plain

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Form = Literal["xlsx", "json", "md", "dpv", "fides"]
FORMS: tuple[Form, ...] = ("xlsx", "json", "md", "dpv", "fides")

MEDIA: dict[Form, tuple[str, str]] = {
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "json": ("application/json", "json"),
    "md": ("text/markdown; charset=utf-8", "md"),
    "dpv": ("application/ld+json", "jsonld"),
    "fides": ("application/yaml", "yml"),
}
"""Media type and ending of each form."""

_A4 = 9
"""Of the paper sizes of a spreadsheet (ECMA-376 part 1, 18.3.1.63)."""


@dataclass(frozen=True, slots=True)
class RecordFile:
    """A file to hand over; ``name`` says the register and the day its notice began."""

    name: str
    media: str
    data: bytes


def record_file(notice: Notice, form: Form, *, lang: str) -> RecordFile:
    """The record of a notice as a file. The DPV form has every language of the notice at once.

    Raises ``NoSuchLanguage`` if the notice is not written in ``lang``.
    """
    made = record(notice, lang)
    match form:
        case "xlsx":
            data = _xlsx(made)
        case "json":
            data = _json(plain(made))
        case "md":
            data = markdown(made).encode()
        case "dpv":
            data = _json(dpv(notice))
        case "fides":
            data = _yaml(fides(notice, lang))
    media, ending = MEDIA[form]
    day = f"_{notice.effective.isoformat()}" if notice.effective else ""
    language = "" if form == "dpv" else f"_{lang}"
    return RecordFile(f"{notice.register}_record_of_processing{day}{language}.{ending}", media, data)


def _json(found: dict[str, Any]) -> bytes:
    return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()


def _yaml(found: dict[str, Any]) -> bytes:
    from ruamel.yaml import YAML

    writer, text = YAML(typ="safe", pure=True), io.BytesIO()
    writer.default_flow_style = False
    writer.allow_unicode = True
    writer.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    writer.width = 4096
    writer.dump(found, text)
    return text.getvalue()


def _xlsx(made: Record) -> bytes:
    """Three or four sheets: who is responsible, a row for each purpose, security, and the processor's own record."""
    from openpyxl import Workbook

    columns = made.columns
    book = Workbook()
    first: Any = book.active
    head = [(made.name, made.title), (made.law, made.made)]
    sheet(first, columns.controller, (), [*head, *((fact.label, fact.text) for fact in made.controller)], (34, 90))
    rows = [(each.purpose, *("\n".join(texts) for _, texts in lines(made, each))) for each in made.activities]
    heads = (columns.purpose, columns.ground, columns.people, columns.data, columns.recipients)
    sheet(
        book.create_sheet(),
        columns.activities,
        (*heads, columns.transfers, columns.keeps),
        rows,
        (24, 28, 20, 34, 34, 34, 38),
    )
    measures = [(each.text, answers(made, each), each.on or "", each.next_check or "") for each in made.security]
    sheet(
        book.create_sheet(),
        columns.security,
        (columns.measure, columns.how, columns.checked, columns.next),
        measures or [(columns.none_security, "", "", "")],
        (54, 34, 16, 18),
    )
    if made.on_behalf:
        law = [(made.on_behalf_name, made.on_behalf_law)]
        facts = [*law, *((fact.label, fact.text) for fact in made.on_behalf)]
        sheet(book.create_sheet(), made.on_behalf_name, (), facts, (34, 90))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def sheet(
    sheet: Worksheet, title: str, heads: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[int]
) -> None:
    """One sheet that prints on A4 across, its heading on every page. Text stays text, whatever it begins with."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.title = "".join(letter for letter in title if letter not in r"[]:*?/\'")[:31]
    for number, row in enumerate([heads, *rows] if heads else rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(row=number, column=column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1 if heads else column == 1:
                cell.font = Font(bold=True)
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    if heads:
        sheet.freeze_panes = "B2"
        sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
