"""PostgreSQL: one schema, small pools, every statement by the extended protocol so that none can be stacked."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql as pgsql
from psycopg_pool import ConnectionPool

from seloste.store import idle
from seloste.store.dialects.postgresql_connection import PostgresConnection, PostgresResult
from seloste.store.dialects.postgresql_rewrite import rewrite
from seloste.store.dialects.postgresql_sent import SendingConnection
from seloste.store.engine import Connection, Dialect, Row, StoreError, busy

KEPT = 2000
"""Statements kept prepared on a connection."""


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
        self.gate = int.from_bytes(hashlib.sha256(f"gate of {schema}".encode()).digest()[:8], signed=True)
        self.gated = gated
        self.schema = schema
        self.full_sync = full_sync
        self.read_only = read_only

        self.used = time.monotonic()
        self._guard = threading.Lock()
        self._size = size
        self._pool: ConnectionPool[psycopg.Connection[Row]] | None = None
        self._users = 0
        idle.watch(self)

    def _configure(self, raw: psycopg.Connection[Any]) -> None:
        raw.execute(pgsql.SQL("SET search_path TO {}").format(pgsql.Identifier(self.schema)))
        raw.execute("SET TIME ZONE 'UTC'")
        # Rows are asked for by key or by index, so that a plan made once is as good as one made for each value.
        raw.execute("SET plan_cache_mode TO force_generic_plan")
        if self.full_sync:
            raw.execute("SET synchronous_commit TO on")
        raw.prepared_max = KEPT
        raw.commit()

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection[Row]]:
        """A connection of the pool, which is made when the first is wanted and closed when none was for a while."""
        with self._guard:
            self._users += 1
            if self._pool is None:
                self._pool = self._made()
            pool = self._pool
        self.used = time.monotonic()
        try:
            with pool.connection() as raw:
                yield raw
        finally:
            with self._guard:
                self._users -= 1

    def _made(self) -> ConnectionPool[psycopg.Connection[Row]]:
        try:
            return ConnectionPool(
                self.url,
                min_size=0,
                max_size=self._size,
                configure=self._configure,
                open=True,
                timeout=10,
                # Many registers, few threads and connections: what lies idle for a minute is closed.
                num_workers=1,
                max_idle=60,
                kwargs={"prepare_threshold": 1},
            )
        except psycopg.Error as problem:
            raise StoreError("PostgreSQL-palvelimeen ei saada yhteyttä.", "PostgreSQL cannot be reached.") from problem

    @contextmanager
    def transaction(self, *, relaxed: bool = False, asking: str = "") -> Iterator[Connection]:
        begin = []
        if relaxed and not self.full_sync:
            begin.append("SET LOCAL synchronous_commit TO off")
        if self.gated:
            begin.append(f"SELECT pg_advisory_xact_lock_shared({self.gate})")
        with self._connection() as raw:
            conn = SendingConnection(raw, begin)
            if asking:
                conn.asked = conn.execute(asking).all()
            elif self.gated:
                # Whoever comes in is within the gate, and looks from there where the register lies.
                conn.flush()
            yield conn
            conn.finish()

    @contextmanager
    def alone(self, wait_ms: int) -> Iterator[Connection]:
        """One writing transaction while no other of a gated database is under way, nor begins: they wait.

        Raises BusyError when those under way do not end within ``wait_ms``.
        """
        with self._connection() as raw:
            conn = SendingConnection(raw, (f"SET LOCAL lock_timeout = {int(wait_ms)}",))
            try:
                conn.execute(f"SELECT pg_advisory_xact_lock({self.gate})")
            except psycopg.errors.LockNotAvailable as problem:
                raise busy() from problem
            conn.send("SET LOCAL lock_timeout = 0")
            yield conn
            conn.finish()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self._connection() as raw:
            # Said before the transaction begins, these travel with its BEGIN.
            raw.set_isolation_level(psycopg.IsolationLevel.REPEATABLE_READ)
            raw.set_read_only(True)
            try:
                yield SendingConnection(raw)
            finally:
                # Nothing was written, so nothing is taken back; after a rollback the driver forgets whatever was
                # prepared, and each statement would be planned anew for the next read.
                raw.commit()
                raw.set_isolation_level(None)
                raw.set_read_only(None)

    def rewrite(self, tables: Iterable[str]) -> None:
        """Write tables and their indexes anew, so that no byte of a row that went stays in their files.

        VACUUM alone gives the place of such a row free and leaves its bytes there until others come. Nobody reads or
        writes a table while it is written anew. What the planner knows of the tables goes the same way.
        """
        with self._connection() as raw:
            raw.set_autocommit(True)
            try:
                rewrite(raw, self.schema, tables)
            finally:
                raw.set_autocommit(False)

    def rest(self) -> None:
        """Close the connections and the threads of the pool, unless somebody uses it just now."""
        with self._guard:
            if self._users or self._pool is None:
                return
            pool, self._pool = self._pool, None
        pool.close()

    def close(self) -> None:
        with self._guard:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.close()


__all__ = ["PostgresConnection", "PostgresDatabase", "PostgresResult"]
