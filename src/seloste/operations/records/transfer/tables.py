"""A file that somebody sent, as rows of text: CSV of any common encoding and delimiter, or the first sheet of XLSX.

Nothing is read whole into memory, nothing is computed: a formula's cell is what the sheet last showed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from seloste.operations.records.transfer.errors import FileRefusedError

MOST_ROWS = 500_000
MOST_COLUMNS = 200
LONGEST_CELL = 32_767
"""What a cell of a spreadsheet may hold."""

_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class TableFile:
    """How a file is read. ``encoding`` and ``delimiter`` are those of CSV."""

    path: Path
    form: Literal["csv", "xlsx"]
    encoding: str = ""
    delimiter: str = ""

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(row number as a spreadsheet counts, cells as text), rows without any text left out.

        Raises FileRefusedError.
        """
        if self.form == "csv":
            from seloste.operations.records.transfer.csv_files import csv_rows

            found = csv_rows(self.path, self.encoding, self.delimiter)
        else:
            from seloste.operations.records.transfer.xlsx_files import xlsx_rows

            found = xlsx_rows(self.path)
        seen = 0
        for number, cells in found:
            while cells and not cells[-1].strip():
                cells.pop()
            if not cells:
                continue
            seen += 1
            _check(number, cells, seen)
            yield number, cells


def open_table(path: Path) -> TableFile:
    """Look at the first bytes and find out how the file is read. Raises FileRefusedError."""
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise FileRefusedError("Tiedosto on tyhjä.", "The file is empty.")
    if start.startswith(_OLD_EXCEL):
        raise FileRefusedError(
            "Tämä on vanha Excel-tiedosto tai salasanalla suojattu. Tallenna se muotoon XLSX tai CSV ilman salasanaa.",
            "This is an old Excel file, or one with a password. Save it as XLSX or CSV without a password.",
        )
    if start.startswith(_ZIP):
        from seloste.operations.records.transfer.xlsx_files import check_xlsx

        check_xlsx(path)
        return TableFile(path, "xlsx")
    from seloste.operations.records.transfer.csv_files import find_delimiter, find_encoding

    encoding = find_encoding(path)
    return TableFile(path, "csv", encoding, find_delimiter(path, encoding))


def _check(number: int, cells: list[str], seen: int) -> None:
    if seen > MOST_ROWS:
        raise FileRefusedError(
            f"Tiedostossa on yli {MOST_ROWS} riviä. Jaa se osiin.",
            f"The file has more than {MOST_ROWS} rows. Split it.",
        )
    if len(cells) > MOST_COLUMNS:
        raise FileRefusedError(
            f"Rivillä {number} on yli {MOST_COLUMNS} saraketta. Poista tarpeettomat sarakkeet.",
            f"Row {number} has more than {MOST_COLUMNS} columns. Remove those not needed.",
        )
    if any(len(cell) > LONGEST_CELL for cell in cells):
        raise FileRefusedError(
            f"Rivillä {number} on solu, johon mahtuva teksti on liian pitkä.",
            f"Row {number} has a cell whose text is too long.",
        )
