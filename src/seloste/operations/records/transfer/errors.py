"""What can be wrong with a file as a whole. What is wrong with a row is a fault of that row."""

from __future__ import annotations

from seloste.errors import SelosteError


class FileRefusedError(SelosteError):
    """The file cannot be read as a table: its form, its size, its content."""


class ImportRefusedError(SelosteError):
    """The import cannot begin or end: a column leads nowhere, rows are faulty, or somebody cancelled it."""


class ImportCancelledError(ImportRefusedError):
    """Somebody cancelled it; nothing was stored."""

    def __init__(self) -> None:
        super().__init__("Tuonti peruttiin. Mitään ei talletettu.", "The import was cancelled. Nothing was stored.")
