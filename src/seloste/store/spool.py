"""A file of rows beside the database, for as long as one import takes: encrypted, written and read in parts.

What waits to be imported is as personal as what was, so nothing of it lies readable on the disk, and memory holds one
part at a time.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from seloste.store.engine import StoreError
from seloste.store.keys import Keys

PART = 500
"""Rows encrypted together."""

_LENGTH = struct.Struct(">I")


class Spool:
    """Rows of JSON values in a file that only this register's key opens. ``place`` is bound into each part."""

    def __init__(self, path: Path, keys: Keys, place: str) -> None:
        self.path = path
        self._keys = keys
        self._place = place

    def write(self, rows: Iterable[Any]) -> int:
        """Write the file anew; returns how many rows it holds."""
        count, part = 0, []
        with os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            for row in rows:
                part.append(row)
                count += 1
                if len(part) == PART:
                    file.write(self._sealed(part))
                    part = []
            if part:
                file.write(self._sealed(part))
        return count

    def read(self) -> Iterator[Any]:
        """The rows in order. Raises StoreError when the file is not there or is not of this register."""
        for part in self.parts():
            yield from part

    def parts(self) -> Iterator[list[Any]]:
        """The rows in the parts they were written in, at most PART each."""
        try:
            with self.path.open("rb") as file:
                while head := file.read(_LENGTH.size):
                    (length,) = _LENGTH.unpack(head)
                    yield json.loads(self._keys.decrypt(file.read(length), place=self._place))
        except (OSError, struct.error, ValueError) as problem:
            raise StoreError(
                "Odottava tiedosto on poissa tai vioittunut. Lähetä se uudelleen.",
                "The waiting file is gone or damaged. Send it again.",
            ) from problem

    def _sealed(self, part: list[Any]) -> bytes:
        cell = self._keys.encrypt(json.dumps(part, ensure_ascii=False), place=self._place)
        return _LENGTH.pack(len(cell)) + cell
