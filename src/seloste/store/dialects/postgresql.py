"""PostgreSQL: one schema, small pools, every statement by the extended protocol so that none can be stacked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import psycopg
from psycopg import sql as pgsql
from psycopg_pool import ConnectionPool

from seloste.store.engine import (
    Connection,
    Dialect,
    Params,
    Result,
    Row,
    StoreError,
    busy,
    quote,
    to_numbered,
    to_pyformat,
)

NOTHING: Params = MappingProxyType({})

_GATE = "SELECT pg_advisory_xact_lock_shared(%s)"
_GATE_ALONE = "SELECT pg_advisory_xact_lock(%s)"


class PostgresResult:
    """A cursor's rows."""

    def __init__(self, cursor: psycopg.Cursor[Row]) -> None:
        self._cursor = cursor

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(column.name for column in self._cursor.description or ())

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount

    def all(self) -> list[Row]:
        return self._cursor.fetchall()

    def first(self) -> Row | None:
        return self._cursor.fetchone()

    def __iter__(self) -> Iterator[Row]:
        return iter(self._cursor)


KEPT = 500
"""Statements that stay prepared on a connection; a register has some hundreds."""


@lru_cache(maxsize=64)
def _long(sql: str) -> tuple[bytes, tuple[str, ...]]:
    """The text as the server wants it, the same object each time, so that it is not hashed anew."""
    text, names = to_numbered(sql)
    return text.encode(), names


class PostgresConnection:
    """A driver connection; ``:name`` parameters are rewritten once per text and kept."""

    dialect: Dialect = "postgresql"

    def __init__(self, raw: psycopg.Connection[Row]) -> None:
        self.raw = raw

    def execute(self, sql: str, params: Params = NOTHING) -> Result:
        # With nothing to bind the driver takes the simple protocol, on which statements can be stacked; preparing keeps
        # to the extended one: one statement, never two.
        return PostgresResult(self.raw.execute(to_pyformat(sql), dict(params), prepare=None if params else True))

    def executemany(self, sql: str, rows: Iterable[Params]) -> int:
        with self.raw.cursor() as cursor:
            cursor.executemany(to_pyformat(sql), [dict(row) for row in rows])
            return cursor.rowcount

    def fetch(self, sql: str, params: Mapping[str, int | str]) -> list[Row]:
        # The driver reads a long text with its own marks anew for each call; one with the server's it takes as it is.
        text, names = _long(sql)
        with psycopg.RawCursor(self.raw) as cursor:
            return cursor.execute(text, [str(params[name]) for name in names], prepare=True).fetchall()

    def append(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        names = ", ".join(map(quote, columns))
        # A stream of rows costs a third of arrays or of a statement for each; one row is not worth beginning it.
        if len(rows) == 1:
            marks = ", ".join(["%s"] * len(columns))
            self.raw.execute(f"INSERT INTO {quote(table)} ({names}) VALUES ({marks})", rows[0])
            return
        with self.raw.cursor() as cursor, cursor.copy(f"COPY {quote(table)} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


class PostgresDatabase:
    """One schema of one database, by one login."""

    dialect: Dialect = "postgresql"

    def __init__(
        self,
        url: str,
        *,
        schema: str = "public",
        full_sync: bool = False,
        size: int = 4,
        read_only: bool = False,
        gated: bool = False,
    ) -> None:
        """``gated``: each writing transaction passes the gate that :meth:`alone` closes."""
        self.url = url
        self._gate = int.from_bytes(hashlib.sha256(f"gate of {schema}".encode()).digest()[:8], signed=True)
        self._gated = gated
        self.schema = schema
        self.full_sync = full_sync
        self.read_only = read_only

        def configure(raw: psycopg.Connection[Any]) -> None:
            raw.execute(pgsql.SQL("SET search_path TO {}").format(pgsql.Identifier(schema)))
            raw.execute("SET TIME ZONE 'UTC'")
            if full_sync:
                raw.execute("SET synchronous_commit TO on")
            raw.prepared_max = KEPT
            raw.commit()

        try:
            self._pool: ConnectionPool[psycopg.Connection[Row]] = ConnectionPool(
                url,
                min_size=0,
                max_size=size,
                configure=configure,
                open=True,
                timeout=10,
                # Many registers, few threads and connections: what lies idle for a minute is closed.
                num_workers=1,
                max_idle=60,
                kwargs={"prepare_threshold": 2},
            )
        except psycopg.Error as problem:
            raise StoreError("PostgreSQL-palvelimeen ei saada yhteyttä.", "PostgreSQL cannot be reached.") from problem

    @contextmanager
    def transaction(self, *, relaxed: bool = False) -> Iterator[Connection]:
        with self._pool.connection() as raw:
            if relaxed and not self.full_sync:
                raw.execute("SET LOCAL synchronous_commit TO off")
            if self._gated:
                # In a pipeline it travels with the BEGIN before it, and costs no round trip of its own.
                with raw.pipeline():
                    raw.execute(_GATE, (self._gate,))
            yield PostgresConnection(raw)

    @contextmanager
    def alone(self, wait_ms: int) -> Iterator[Connection]:
        """One writing transaction while no other of a gated database is under way, nor begins: they wait.

        Raises BusyError when those under way do not end within ``wait_ms``.
        """
        with self._pool.connection() as raw:
            raw.execute(f"SET LOCAL lock_timeout = {int(wait_ms)}")
            try:
                raw.execute(_GATE_ALONE, (self._gate,))
            except psycopg.errors.LockNotAvailable as problem:
                raise busy() from problem
            raw.execute("SET LOCAL lock_timeout = 0")
            yield PostgresConnection(raw)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self._pool.connection() as raw:
            # Said before the transaction begins, these travel with its BEGIN.
            raw.set_isolation_level(psycopg.IsolationLevel.REPEATABLE_READ)
            raw.set_read_only(True)
            try:
                yield PostgresConnection(raw)
            finally:
                # Nothing was written, so nothing is taken back; after a rollback the driver forgets whatever was
                # prepared, and each statement would be planned anew for the next read.
                raw.commit()
                raw.set_isolation_level(None)
                raw.set_read_only(None)

    def rewrite(self, tables: Iterable[str]) -> None:
        """Write tables and their indexes anew, so that no byte of a row that went stays in their files.

        VACUUM alone gives the place of such a row free and leaves its bytes there until others come. Nobody reads or
        writes a table while it is written anew.
        """
        with self._pool.connection() as raw:
            raw.set_autocommit(True)
            try:
                for table in tables:
                    raw.execute(pgsql.SQL("VACUUM (FULL) {}").format(pgsql.Identifier(self.schema, table)))
            finally:
                raw.set_autocommit(False)

    def close(self) -> None:
        self._pool.close()
