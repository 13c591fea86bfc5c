"""A register's database wherever it lies now: who uses it goes along when the register is moved to another cell.

The directory row of the register is the truth, and is looked into once a second; while a move is under way, whenever
the database is asked for. A writer looks *within* its gate: once it holds that, nobody moves the register before it
ends, and what it wrote at the old place went along. The one who moves tells of it well before it closes the gate
(:data:`LOOK_AGAIN`), so that nobody who was late to look writes to what was left behind.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from seloste.store.engine import Connection, Database, Dialect
from seloste.store.idle import Rests
from seloste.store.places import Place

LOOK_AGAIN = 1.0
"""Seconds for which a register is taken to lie where it lay."""

LET_BE = 60.0
"""Seconds for which whoever still reads at the place that was left may end."""


class PlacedDatabase:
    """The database of one register; ``look`` asks the directory, ``opens`` opens a place."""

    def __init__(self, look: Callable[[], Place], opens: Callable[[Place], Database]) -> None:
        self._look, self._opens = look, opens
        self._place = look()
        self._looked = time.monotonic()
        self._here = opens(self._place)
        self._left: list[tuple[float, Database]] = []
        self._lock = threading.Lock()

    @property
    def dialect(self) -> Dialect:
        return self._here.dialect

    @property
    def url(self) -> str:
        return self._here.url

    @property
    def last(self) -> Database:
        """Where it was when it was looked at last."""
        return self._here

    def here(self) -> Database:
        """The file or schema itself, as the directory had it a second ago; now, while a move is under way."""
        # Two comparisons for a register that lies still.
        if not self._place.moving and time.monotonic() - self._looked < LOOK_AGAIN:
            return self._here
        with self._lock:
            asked = time.monotonic()
            place = self._look()
            if (place.cell, place.schema) != (self._place.cell, self._place.schema):
                found = self._opens(place)
                self._left.append((asked, self._here))
                self._here = found
            self._place, self._looked = place, asked
            here = self._here
            old = [each for each in self._left if each[0] < asked - LET_BE]
            self._left = [each for each in self._left if each not in old]
        # Not while the lock is held: closing waits for writers, and a writer comes here within its turn.
        for _, database in old:
            database.close()
        return here

    @contextmanager
    def transaction(self, *, relaxed: bool = False, asking: str = "") -> Iterator[Connection]:
        while True:
            here = self.here()
            with here.transaction(relaxed=relaxed, asking=asking) as conn:
                # The gate is held. Had the register been moved while this waited for it, the directory says so now.
                if self.here() is here:
                    yield conn
                    return

    def read(self) -> AbstractContextManager[Connection]:
        return self.here().read()

    def close(self) -> None:
        with self._lock:
            every = [*(database for _, database in self._left), self._here]
            self._left = []
        for database in every:
            database.close()


def here(database: Database) -> Database:
    """The file or schema itself behind a database that may be moved."""
    return database.here() if isinstance(database, PlacedDatabase) else database


def rest(database: Database) -> None:
    """Close the connections of a database that nobody uses just now."""
    file_or_schema = database.last if isinstance(database, PlacedDatabase) else database
    if isinstance(file_or_schema, Rests):
        file_or_schema.rest()
