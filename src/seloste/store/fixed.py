"""The program's own reads: fixed statements, made once, run on connections that take no other text.

A caller's SQL runs on the connections of ``store.lens``, where every condition may be hostile. These read the cells
that a lens shows by keys alone, and every page rests on them; so they cost hardly more than the rule itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from seloste.compiler.register import CompiledLens, Register
from seloste.store.engine import Database, Row
from seloste.store.keys import Keys
from seloste.store.placed import here


class FixedReads(Protocol):
    """Statements of one lens, or of the register itself. Each read sees one moment; two reads may see two."""

    def make(self, sql: str) -> str:
        """A statement of our own, a SELECT with ``:name`` parameters, as :meth:`fetch` takes it."""
        ...

    def fetch(self, statement: str, params: Mapping[str, int | str], acting: int | None = None) -> list[Row]:
        """Run a statement that was made here, for the person whose account acts where the lens sees its own only.

        Raises LensRefusedError for any other statement, and StoreError.
        """
        ...

    def room(self, count: int) -> int:
        """How many places a condition has for so many ids; 1 for one id, 0 for a list of any length.

        Statements differ by it, and there are few.
        """
        ...

    def among(self, column: str, name: str, room: int) -> str:
        """The condition that a column is one of the ids bound as ``name``."""
        ...

    def bind(self, name: str, ids: Collection[int], room: int) -> dict[str, int | str]:
        """The parameters of :meth:`among`; of one id, the id by that name."""
        ...

    def close(self) -> None: ...


class FixedWrites(Protocol):
    """Statements of the register's own that are a transaction each, on PostgreSQL."""

    def run(self, sql: str, params: Mapping[str, int | str]) -> Row | None:
        """The only row that it gives; None when it gave none or failed, and then it has written nothing.

        Unless the server went away at the very end: then it may have.
        """
        ...

    def close(self) -> None: ...


class Acting:
    """The fixed reads of a lens that sees its own only, for one acting person; without one it sees nobody's."""

    def __init__(self, reads: FixedReads, acting: int | None) -> None:
        self._reads, self._acting = reads, acting
        self.make, self.room, self.among, self.bind = reads.make, reads.room, reads.among, reads.bind

    def fetch(self, statement: str, params: Mapping[str, int | str], acting: int | None = None) -> list[Row]:
        return self._reads.fetch(statement, params, self._acting)

    def close(self) -> None:
        """Nothing of its own; the shared reads are closed with the register."""


def fixed_reads(database: Database, register: Register, lens: CompiledLens | None, keys: Keys) -> FixedReads:
    """The fixed reads of one lens of a register; without a lens of the register itself, its tables."""
    from seloste.store.dialects.sqlite import SqliteDatabase

    database = here(database)
    if isinstance(database, SqliteDatabase):
        from seloste.store.dialects.sqlite_fixed import SqliteFixed

        return SqliteFixed(database.path, register, lens)
    from seloste.store.dialects.postgresql import PostgresDatabase
    from seloste.store.dialects.postgresql_fixed import PostgresFixed

    assert isinstance(database, PostgresDatabase)
    return PostgresFixed(database, lens, keys)


def fixed_writes(database: Database) -> FixedWrites:
    """The fixed statements by which a register on PostgreSQL is written."""
    from seloste.store.dialects.postgresql import PostgresDatabase
    from seloste.store.dialects.postgresql_fixed import PostgresWrites

    assert isinstance(database, PostgresDatabase)
    return PostgresWrites(database)
