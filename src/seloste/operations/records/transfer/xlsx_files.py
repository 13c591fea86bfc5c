"""XLSX: a zip of XML, so its unpacked size is asked before anything is unpacked; formulas are never computed."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from seloste.operations.records.transfer.errors import FileRefusedError

MOST_UNPACKED = 600 << 20
"""Bytes that a workbook may unpack to; 100 000 rows of twenty columns take about a third of it."""

MOST_SHARED = 96 << 20
"""Bytes of the parts that must be in memory at once: texts, styles, the list of sheets."""

MOST_MEMBERS = 5_000
BIGGEST_RATIO = 400
"""How many times its packed size a part may unpack to, once it is larger than a megabyte."""


def _refused(fi: str, en: str) -> FileRefusedError:
    return FileRefusedError(fi, en)


def check_xlsx(path: Path) -> None:
    """Raises FileRefusedError for a file that is no workbook, or one that unpacks to more than it should.

    The sizes are those the archive declares; reading stops at them, so a false one gives a damaged file, not more data.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as problem:
        raise _damaged() from problem
    names = {member.filename for member in members}
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise _refused(
            "Tiedosto ei ole Excel-taulukko. Tallenna se muotoon XLSX tai CSV.",
            "The file is not an Excel workbook. Save it as XLSX or CSV.",
        )
    if any(member.flag_bits & 1 for member in members):
        raise _refused(
            "Tiedosto on suojattu salasanalla. Poista salasana.",
            "The file has a password. Remove the password.",
        )
    total = sum(member.file_size for member in members)
    in_memory = sum(m.file_size for m in members if not m.filename.startswith("xl/worksheets/"))
    swollen = any(m.file_size > 1 << 20 and m.file_size > BIGGEST_RATIO * max(m.compress_size, 1) for m in members)
    if total > MOST_UNPACKED or in_memory > MOST_SHARED or len(members) > MOST_MEMBERS or swollen:
        raise _refused(
            "Tiedosto purkautuu liian suureksi. Jaa se osiin tai tallenna se muotoon CSV.",
            "The file unpacks to more than is read. Split it, or save it as CSV.",
        )


def _damaged() -> FileRefusedError:
    return _refused(
        "Tiedosto on vioittunut. Tallenna se uudelleen ja lähetä.", "The file is damaged. Save it again and send it."
    )


def xlsx_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells as text) of the first sheet that holds cells. Raises FileRefusedError."""
    from openpyxl import load_workbook

    check_xlsx(path)
    try:
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        try:
            if not book.worksheets:
                raise _refused("Tiedostossa ei ole taulukkoa.", "The file has no sheet.")
            sheet: Any = book.worksheets[0]
            # What the sheet says of its own size may be false, and rows would be filled up to it.
            sheet.reset_dimensions()
            for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
                yield number, [_text(cell) for cell in cells]
        finally:
            book.close()
    except FileRefusedError:
        raise
    # The library tells a damaged workbook by whatever error it runs into; none of them is ours.
    except Exception as problem:
        raise _damaged() from problem


def _text(cell: object) -> str:
    """A cell as somebody would have typed it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(timespec="seconds")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return str(cell)
