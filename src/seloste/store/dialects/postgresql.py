"""PostgreSQL: one schema, few connections, every statement by the extended protocol so that none can be stacked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import psycopg
from psycopg.pq import TransactionStatus

from seloste.store.dialects.postgresql_connection import (
    PostgresConnection,
    PostgresResult,
    answers,
    connect,
    server_of,
    with_options,
)
from seloste.store.dialects.postgresql_rewrite import rewrite
from seloste.store.dialects.postgresql_sent import SendingConnection
from seloste.store.dialects.postgresql_wire import take_back
from seloste.store.engine import Connection, Dialect, Row, busy, quote
from seloste.store.idle import IdlePool

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

        # Rows are asked for by key or by index, so that a plan made once is as good as one made for each value.
        options = f"-c search_path={quote(schema)} -c timezone=UTC -c plan_cache_mode=force_generic_plan"
        if full_sync:
            options += " -c synchronous_commit=on"
        self._told = with_options(url, options)
        self._pool = IdlePool(self._open, psycopg.Connection.close, most=size, fresh=answers, server=server_of(url))

    def _open(self) -> psycopg.Connection[Row]:
        raw = connect(self._told)
        raw.prepared_max = KEPT
        return raw

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection[Row]]:
        """A connection, with what was done on it committed at the end, or taken back when the block raises."""
        raw = self._pool.take()
        whole = False
        try:
            yield raw
            raw.commit()
            whole = True
        finally:
            (self._pool.give if whole or _taken_back(raw) else self._pool.drop)(raw)

    @contextmanager
    def transaction(self, *, relaxed: bool = False, asking: str = "") -> Iterator[Connection]:
        begin = []
        if relaxed and not self.full_sync:
            begin.append("SET LOCAL synchronous_commit TO off")
        if self.gated:
            begin.append(f"SELECT pg_advisory_xact_lock_shared({self.gate})")
        try:
            with self._connection() as raw:
                conn = SendingConnection(raw, begin)
                if asking:
                    conn.asked = conn.execute(asking).all()
                elif self.gated:
                    # Whoever comes in is within the gate, and looks from there where the register lies.
                    conn.flush()
                yield conn
                conn.finish()
        except psycopg.errors.DeadlockDetected as problem:
            # Of two that wait for each other the server ends one. Nothing of it is kept, and it may be done again.
            raise busy() from problem

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
        """Close the connections that nobody uses just now."""
        self._pool.sweep(0)

    def close(self) -> None:
        self._pool.close()


def _taken_back(raw: psycopg.Connection[Row]) -> bool:
    """Whether a connection on which something failed may be used again; what was begun on it is taken back."""
    try:
        take_back(raw)
        # Of a read whose end failed; whoever writes next would be refused.
        raw.set_isolation_level(None)
        raw.set_read_only(None)
    except psycopg.Error:
        return False
    return raw.pgconn.transaction_status == TransactionStatus.IDLE


__all__ = ["PostgresConnection", "PostgresDatabase", "PostgresResult"]
