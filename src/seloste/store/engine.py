"""Databases as the store sees them: transactions and statements, the same on SQLite and PostgreSQL.

Statements are fixed text with ``:name`` parameters; values are only ever bound. Nothing outside ``store/`` opens a
connection. A transaction is all or nothing on both engines, data definition included: on SQLite that needs
``BEGIN IMMEDIATE`` by hand, since the driver's own transactions leave half-applied DDL behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any, Literal, Protocol

from seloste.errors import SelosteError

Row = tuple[Any, ...]
Params = Mapping[str, Any]
Dialect = Literal["sqlite", "postgresql"]


class StoreError(SelosteError):
    """The database refused or cannot be reached. The message never carries the database's own words."""


class BusyError(StoreError):
    """Others are writing, and did not end in the time there was."""


class AwayError(StoreError):
    """The server cannot be reached now; nothing is said of what was asked of it."""


def busy() -> BusyError:
    return BusyError(
        "Rekisteriin kirjoitetaan juuri nyt pitkään. Yritä hetken kuluttua uudelleen.",
        "Somebody is writing to the register for long. Try again in a moment.",
    )


class Result(Protocol):
    """What a statement gave."""

    @property
    def keys(self) -> tuple[str, ...]: ...
    @property
    def rowcount(self) -> int: ...
    def all(self) -> list[Row]: ...
    def first(self) -> Row | None: ...
    def __iter__(self) -> Iterator[Row]: ...


class Connection(Protocol):
    """One connection inside one transaction (or a read)."""

    @property
    def dialect(self) -> Dialect: ...
    @property
    def asked(self) -> Sequence[Row]:
        """The rows of the query that the transaction began with."""
        ...

    def execute(self, sql: str, params: Params = ...) -> Result: ...
    def send(self, sql: str, params: Params = ...) -> None:
        """Run a statement whose answer nobody reads: it may travel with the next one.

        What is wrong with it is raised then, or at the end of the transaction at the latest.
        """
        ...

    def ask(self, asked: Sequence[tuple[str, Params]]) -> list[Result]:
        """Run statements in order, on PostgreSQL in one round trip; a result for each. For a few short answers."""
        ...

    def executemany(self, sql: str, rows: Iterable[Params]) -> int: ...
    def fetch(self, sql: str, params: Mapping[str, int | str | None]) -> list[Row]:
        """The rows of a long fixed SELECT, which is prepared on first asking and kept by its text."""
        ...

    def narrow(self) -> None:
        """Tell the planner that what follows in this transaction concerns one person: go by the indexes.

        Where one customer has most of the rows it takes everybody for one of many rows, and reads whole tables.
        """
        ...

    def append(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Insert rows, cells in the order of ``columns``, in the quickest way there is."""
        ...


class Database(Protocol):
    """One SQLite file, or one PostgreSQL schema."""

    @property
    def dialect(self) -> Dialect: ...
    @property
    def url(self) -> str: ...
    def transaction(self, *, relaxed: bool = False, asking: str = "") -> AbstractContextManager[Connection]:
        """One writing transaction: committed when the block ends, rolled back whole when it raises.

        Committed is on the disk, unless ``relaxed``: then a crash of the machine may lose it with what came just
        before, never a part of it. A database opened with ``full_sync`` relaxes nothing.

        ``asking`` is a query that the transaction begins with, in the round trip of its beginning; the connection's
        ``asked`` has the rows.
        """
        ...

    def read(self) -> AbstractContextManager[Connection]:
        """A consistent read; nothing can be written through it."""
        ...

    def close(self) -> None: ...


def one(result: Result) -> Row:
    """The only row of a result. Raises StoreError when there is none or more than one."""
    rows = result.all()
    if len(rows) != 1:
        raise StoreError(f"Odotettiin yhtä riviä, saatiin {len(rows)}.", f"Expected one row, found {len(rows)}.")
    return rows[0]


# A parameter is a colon and a name that is not part of a cast (::) and not inside quotes; quoted text is matched
# first so that it is passed over.
_PARAMETER = re.compile(r"('(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")|(?<![:\w]):([a-z_][a-z0-9_]*)", re.IGNORECASE)


@lru_cache(maxsize=4096)
def to_pyformat(sql: str) -> str:
    """``:name`` text as psycopg wants it, ``%(name)s``."""

    def swap(match: re.Match[str]) -> str:
        quoted, name = match.groups()
        return str(quoted) if quoted is not None else f"%({name})s"

    return _PARAMETER.sub(swap, sql.replace("%", "%%"))


@lru_cache(maxsize=4096)
def to_numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """``:name`` text as PostgreSQL itself wants it, ``$1``, and the names in the order of their numbers."""
    names: dict[str, int] = {}

    def swap(match: re.Match[str]) -> str:
        quoted, name = match.groups()
        return str(quoted) if quoted is not None else f"${names.setdefault(name, len(names) + 1)}"

    return _PARAMETER.sub(swap, sql), tuple(names)


def open_database(url: str, *, schema: str | None = None, full_sync: bool = False, gated: bool = False) -> Database:
    """Open ``sqlite:///path`` or ``postgresql://...`` (with a schema of its own). Raises StoreError.

    ``gated``: each of its writers passes a gate, so that one may close it and be alone; a file has one writer anyway.
    """
    if url.startswith("sqlite:///"):
        from seloste.store.dialects.sqlite import SqliteDatabase

        return SqliteDatabase(url.removeprefix("sqlite:///"), full_sync=full_sync)
    if url.startswith(("postgresql://", "postgres://")):
        from seloste.store.dialects.postgresql import PostgresDatabase

        return PostgresDatabase(url, schema=schema or "public", full_sync=full_sync, gated=gated)
    raise StoreError(
        "Tietokannan osoitteen on alettava sqlite:/// tai postgresql://.",
        "The database address must begin with sqlite:/// or postgresql://.",
    )


def quote(identifier: str) -> str:
    """An identifier in double quotes. Only names the compiler or this room made come here."""
    if "\x00" in identifier or not identifier:
        raise ValueError("not an identifier")
    return '"' + identifier.replace('"', '""') + '"'


def has_table(conn: Connection, name: str) -> bool:
    """Whether a table is in the database that the connection stands in."""
    sql = (
        "SELECT 1 FROM sqlite_master WHERE name = :name"
        if conn.dialect == "sqlite"
        else "SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename = :name"
    )
    return conn.execute(sql, {"name": name}).first() is not None


def has_schema(conn: Connection, name: str) -> bool:
    """Whether PostgreSQL has a schema of that name."""
    sql = "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = :name"
    return conn.execute(sql, {"name": name}).first() is not None


__all__ = [
    "AwayError",
    "BusyError",
    "Connection",
    "Database",
    "Dialect",
    "Params",
    "Result",
    "Row",
    "Sequence",
    "StoreError",
    "busy",
    "has_schema",
    "has_table",
    "one",
    "open_database",
    "quote",
    "to_numbered",
    "to_pyformat",
]
