"""The program's own reads through a lens on PostgreSQL: prepared once, one round trip each, by the lens's login.

The prepared statements are run on libpq itself, as the driver offers it: what its cursor does around each of them
takes as long as the server needs to find a row.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

import psycopg
from psycopg.adapt import Transformer
from psycopg.pq import ExecStatus

from seloste.compiler.register import CompiledLens
from seloste.store import idle
from seloste.store.dialects.postgresql import PostgresDatabase
from seloste.store.dialects.postgresql_connection import connect, server_of, with_options
from seloste.store.dialects.postgresql_lens import acting_as, login_url
from seloste.store.engine import Row, StoreError, quote, to_numbered
from seloste.store.keys import Keys
from seloste.store.lens import refused

MOST, MOST_WRITING = 8, 4
WAIT_SECONDS = 10
GENERIC = "-c plan_cache_mode=force_generic_plan"
"""What is asked is asked by key, so that a plan made once is as good as one made for each value."""


class _Statements:
    """A connection and what was prepared on it."""

    def __init__(self, raw: psycopg.Connection[Any]) -> None:
        self._raw = raw
        self._pgconn = raw.pgconn
        self._loader = Transformer.from_context(raw)
        self._prepared: dict[str, bytes] = {}

    def fetch(self, statement: str, text: bytes, values: list[bytes], first: str | None) -> list[Row] | None:
        """The rows, or None when the server did not give them; ``first`` is said to the server before."""
        if first is not None:
            self._raw.execute(first)
        name = self._prepared.get(statement)
        if name is None:
            name = f"s{len(self._prepared)}".encode()
            if self._pgconn.prepare(name, text).status != ExecStatus.COMMAND_OK:
                return None
            self._prepared[statement] = name
        found = self._pgconn.exec_prepared(name, values)
        if found.status != ExecStatus.TUPLES_OK:
            return None
        self._loader.set_pgresult(found)
        return self._loader.load_rows(0, found.ntuples, tuple)

    def close(self) -> None:
        self._raw.close()


class _Idle:
    """Connections that nobody uses just now; taking from and adding to the end of a list are one step each."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._server = server_of(url)
        self._idle: list[_Statements] = []
        self.used = time.monotonic()
        idle.watch(self)
        idle.keep(self._server, self)

    def _open(self) -> _Statements:
        idle.make_room(self._server)
        return _Statements(connect(self._url, autocommit=True, prepare_after=None))

    def __len__(self) -> int:
        """How many lie idle."""
        return len(self._idle)

    def since(self) -> float:
        """When one of them was used last."""
        return self.used

    def close_oldest(self) -> None:
        """Close the one that lies longest."""
        try:
            self._idle.pop(0).close()
        except IndexError:
            return

    def rest(self) -> None:
        """Close the connections that nobody uses just now."""
        while self._idle:
            try:
                self._idle.pop().close()
            except IndexError:
                return

    def close(self) -> None:
        self.rest()


class PostgresFixed(_Idle):
    """The fixed statements of one lens, or of the register itself. Each is a transaction that can only read."""

    def __init__(self, database: PostgresDatabase, lens: CompiledLens | None, keys: Keys) -> None:
        options = f"{GENERIC} -c default_transaction_read_only=on"
        if lens is None:
            options += f" -c search_path={quote(database.schema)}"
            url = with_options(database.url, options)
        else:
            url = with_options(login_url(database, lens, keys), options)
        self._made: dict[str, tuple[bytes, tuple[str, ...]]] = {}
        self._narrow = lens is not None and lens.only is not None
        self._turns: queue.SimpleQueue[None] = queue.SimpleQueue()
        for _ in range(MOST):
            self._turns.put(None)
        super().__init__(url)

    def make(self, sql: str) -> str:
        text, names = to_numbered(sql)
        self._made[sql] = text.encode(), names
        return sql

    def room(self, count: int) -> int:
        return int(count == 1)

    def among(self, column: str, name: str, room: int) -> str:
        return f"{quote(column)} = {f':{name}' if room else f'ANY(:{name}::bigint[])'}"

    def bind(self, name: str, ids: Collection[int], room: int) -> dict[str, int | str]:
        return {name: next(iter(ids)) if room else f"{{{','.join(map(str, ids))}}}"}

    def fetch(self, statement: str, params: Mapping[str, int | str], acting: int | None = None) -> list[Row]:
        if statement not in self._made:
            raise refused()
        text, names = self._made[statement]
        self.used = time.monotonic()
        values = [str(params[name]).encode() for name in names]
        try:
            self._turns.get(timeout=WAIT_SECONDS)
        except queue.Empty:
            raise StoreError(
                "Tietokanta on ruuhkautunut. Yritä hetken päästä uudelleen.",
                "The database is busy. Try again in a moment.",
            ) from None
        try:
            return self._fetch(statement, text, values, acting)
        finally:
            self._turns.put(None)

    def _fetch(self, statement: str, text: bytes, values: list[bytes], acting: int | None) -> list[Row]:
        while True:
            try:
                conn, fresh = self._idle.pop(), False
            except IndexError:
                conn, fresh = self._open(), True
            rows = None
            try:
                rows = conn.fetch(statement, text, values, acting_as(acting) if self._narrow else None)
            except psycopg.Error:
                pass
            finally:
                # The server was started anew, or the views are others now; a connection made after that knows.
                if rows is None:
                    conn.close()
            if rows is not None:
                self._idle.append(conn)
                return rows
            if fresh:
                raise refused()


class PostgresWrites(_Idle):
    """Statements that write, each a transaction of its own in one round trip; the gate of the register is ``:gate``."""

    def __init__(self, database: PostgresDatabase) -> None:
        options = f"{GENERIC} -c timezone=UTC -c search_path={quote(database.schema)}"
        if database.full_sync:
            options += " -c synchronous_commit=on"
        self._gate = database.gate
        # The head of the journal lets one of them write at a time; more connections would only wait in the server.
        self._turns = threading.BoundedSemaphore(MOST_WRITING)
        super().__init__(with_options(database.url, options))

    def run(self, sql: str, params: Mapping[str, int | str]) -> Row | None:
        text, names = _numbered(sql)
        self.used = time.monotonic()
        given = {**params, "gate": self._gate}
        values = [str(given[name]).encode() for name in names]
        with self._turns:
            return self._run(sql, text, values)

    def _run(self, sql: str, text: bytes, values: list[bytes]) -> Row | None:
        rows = None
        try:
            conn = self._idle.pop()
        except IndexError:
            try:
                conn = self._open()
            except StoreError:
                return None
        try:
            rows = conn.fetch(sql, text, values, None)
        except psycopg.Error:
            pass
        finally:
            if rows is None:
                conn.close()
            else:
                self._idle.append(conn)
        return rows[0] if rows else None


@lru_cache(maxsize=4096)
def _numbered(sql: str) -> tuple[bytes, tuple[str, ...]]:
    text, names = to_numbered(sql)
    return text.encode(), names
