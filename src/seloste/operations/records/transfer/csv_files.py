"""CSV as spreadsheets of this part of the world write it: UTF-8, UTF-16 or Windows-1252; semicolon, comma or tab."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from seloste.operations.records.transfer.errors import FileRefusedError

DELIMITERS = (";", ",", "\t", "|")
SAMPLE = 100
"""Rows that tell the delimiter."""

_BLOCK = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Bytes that Windows-1252 leaves undefined; a text with one of them is Latin-1, where they are control characters.
_UNDEFINED = frozenset(b"\x81\x8d\x8f\x90\x9d")


def find_encoding(path: Path) -> str:
    """By the mark at the start, by every other byte being zero (UTF-16 without its mark), by being valid UTF-8, else
    Windows-1252, of which Latin-1 is a part."""
    with path.open("rb") as file:
        start = file.read(4096)
        for mark, name in _MARKS:
            if start.startswith(mark):
                return name
        if start.count(0) > len(start) // 4:
            return "utf-16-be" if start[0:1] == b"\0" else "utf-16-le"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        undefined = False
        valid = True
        while block := file.read(_BLOCK):
            undefined = undefined or not _UNDEFINED.isdisjoint(block)
            if valid:
                try:
                    decoder.decode(block)
                except UnicodeDecodeError:
                    valid = False
        if valid:
            try:
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                valid = False
    if valid:
        return "utf-8"
    return "latin-1" if undefined else "cp1252"


def find_delimiter(path: Path, encoding: str) -> str:
    """The delimiter that cuts the first rows into the most columns that most of them have alike; else a comma."""
    best, most = ",", (1, 0)
    for delimiter in DELIMITERS:
        widths: Counter[int] = Counter()
        try:
            for number, (_, cells) in enumerate(csv_rows(path, encoding, delimiter)):
                if number == SAMPLE:
                    break
                if cells:
                    widths[len(cells)] += 1
        except FileRefusedError:
            continue
        if not widths:
            continue
        width, rows = widths.most_common(1)[0]
        # A delimiter counts when most rows agree on it; more columns win, and more agreement among equals.
        if width > 1 and rows * 2 > widths.total() and (width, rows) > most:
            best, most = delimiter, (width, rows)
    return best


def csv_rows(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(line on which the row ends, cells). Raises FileRefusedError."""
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        try:
            # Row numbers count rows as a spreadsheet does: one that holds a line break is still one row.
            yield from enumerate(reader, 1)
        except UnicodeDecodeError as problem:
            raise FileRefusedError(
                f"Tiedoston merkistö vaihtuu kesken rivin {reader.line_num + 1}. Tallenna se muotoon CSV UTF-8.",
                f"The encoding of the file changes at line {reader.line_num + 1}. Save it as CSV UTF-8.",
            ) from problem
        except csv.Error as problem:
            raise FileRefusedError(
                f"Riviä {reader.line_num} ei voi lukea: lainausmerkki jäi auki, tai solu on liian pitkä.",
                f"Line {reader.line_num} cannot be read: a quotation mark is left open, or a cell is too long.",
            ) from problem
