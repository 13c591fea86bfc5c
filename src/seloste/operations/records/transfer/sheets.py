"""Rows into a CSV or XLSX file. What somebody typed stays text: no spreadsheet takes it for a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import IO, Any, Literal

from seloste.catalogue.model import Item
from seloste.catalogue.types import TYPES
from seloste.operations.records.model import Sealed, show

Form = Literal["csv", "xlsx"]

MEDIA: dict[Form, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet compute a cell when it begins with it."""

_PHONE = re.compile(r"\+[0-9]+(?: [0-9]+)*")

_UNSEEN = ("Cc", "Cf")
"""Categories of letters that are not drawn: some programs drop them, and the next letter begins the cell."""


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before what would begin one.

    A full-width ``＝`` or a minus of another script is read as the plain one by some; so is what stands behind letters
    that are not drawn. A plus with digits alone, as every telephone number begins, is left as it is: it computes to
    nothing but itself, and other programs would take the apostrophe for a part of the number.
    """
    if _PHONE.fullmatch(text):
        return text
    begins = next((letter for letter in text if unicodedata.category(letter) not in _UNSEEN), "")
    plain = unicodedata.normalize("NFKC", begins)
    return f"'{text}" if text.startswith(_DANGEROUS) or (plain in (*_DANGEROUS, "\u2212") and begins) else text


def cell_of(item: Item, value: Any, lang: str) -> Any:
    """A value for a sheet: dates and numbers as such, everything else as people read it."""
    if value is None or isinstance(value, Sealed):
        return ""
    if item.many:
        return ", ".join(str(cell_of_one(item, each, lang)) for each in value)
    return cell_of_one(item, value, lang)


def cell_of_one(item: Item, value: Any, lang: str) -> Any:
    if item.type == "date" and isinstance(value, dt.date):
        return value
    if item.type in ("int", "days") and isinstance(value, int):
        return value
    if item.type == "ref" or item.type not in TYPES:
        return str(value)
    return show_one(item, value, lang)


def show_one(item: Item, value: Any, lang: str) -> str:
    from dataclasses import replace

    return show(replace(item, many=False), value, lang)


def write(file: IO[bytes], form: Form, heads: Sequence[str], rows: Iterable[Sequence[Any]], title: str) -> int:
    """Write a sheet; returns how many rows it holds below its heads."""
    return _csv(file, heads, rows) if form == "csv" else _xlsx(file, heads, rows, title)


def _csv(file: IO[bytes], heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    # The mark at the start tells spreadsheets that it is UTF-8; semicolons are what they expect in this country.
    file.write(b"\xef\xbb\xbf")
    out = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(out, delimiter=";")
    writer.writerow([harmless(head) for head in heads])
    count = 0
    for row in rows:
        writer.writerow([_plain(cell) for cell in row])
        count += 1
    out.detach()
    return count


def _plain(cell: Any) -> str:
    if isinstance(cell, dt.date):
        return cell.isoformat()
    # A number may be negative; only text can hide a formula.
    return str(cell) if isinstance(cell, int) else harmless(str(cell))


def _xlsx(file: IO[bytes], heads: Sequence[str], rows: Iterable[Sequence[Any]], title: str) -> int:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("".join(letter for letter in title if letter not in r"[]:*?/\'")[:31] or "1")

    def cell(value: Any) -> Any:
        if isinstance(value, str):
            made = WriteOnlyCell(sheet, value=value[:32_767])
            made.data_type = "s"
            return made
        return value

    sheet.append([cell(head) for head in heads])
    count = 0
    for row in rows:
        sheet.append([cell(value) for value in row])
        count += 1
    book.save(file)
    return count
