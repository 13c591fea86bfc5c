"""The program's own reads through a lens on PostgreSQL: prepared once, one round trip each, by the lens's login."""

from __future__ import annotations

import queue
from collections.abc import Collection, Mapping
from typing import Any

import psycopg
from psycopg import conninfo

from seloste.compiler.register import CompiledLens
from seloste.store.dialects.postgresql import PostgresDatabase
from seloste.store.dialects.postgresql_lens import acting_as, login_url
from seloste.store.engine import Row, StoreError, quote, to_pyformat
from seloste.store.keys import Keys
from seloste.store.lens import refused

MOST = 8
WAIT_SECONDS = 10
GENERIC = "-c plan_cache_mode=force_generic_plan"
"""What is asked is asked by key, so that a plan made once is as good as one made for each value."""


class PostgresFixed:
    """The fixed statements of one lens, or of the register itself. Each is a transaction that can only read."""

    def __init__(self, database: PostgresDatabase, lens: CompiledLens | None, keys: Keys) -> None:
        options = f"{GENERIC} -c default_transaction_read_only=on"
        if lens is None:
            options += f" -c search_path={quote(database.schema)}"
            self._url = conninfo.make_conninfo(database.url, options=options)
        else:
            self._url = login_url(database, lens, keys, options=options)
        self._made: set[str] = set()
        self._narrow = lens is not None and lens.only is not None
        # Taking from and adding to the end of a list are one step each, so that no lock is needed.
        self._idle: list[psycopg.Cursor[Row]] = []
        self._turns: queue.SimpleQueue[None] = queue.SimpleQueue()
        for _ in range(MOST):
            self._turns.put(None)

    def make(self, sql: str) -> str:
        text = to_pyformat(sql)
        self._made.add(text)
        return text

    def room(self, count: int) -> int:
        return int(count == 1)

    def among(self, column: str, name: str, room: int) -> str:
        return f"{quote(column)} = {f':{name}' if room else f'ANY(:{name}::bigint[])'}"

    def bind(self, name: str, ids: Collection[int], room: int) -> dict[str, Any]:
        return {name: next(iter(ids)) if room else f"{{{','.join(map(str, ids))}}}"}

    def fetch(self, statement: str, params: Mapping[str, Any], acting: int | None = None) -> list[Row]:
        if statement not in self._made:
            raise refused()
        try:
            self._turns.get(timeout=WAIT_SECONDS)
        except queue.Empty:
            raise StoreError(
                "Tietokanta on ruuhkautunut. Yritä hetken päästä uudelleen.",
                "The database is busy. Try again in a moment.",
            ) from None
        try:
            return self._fetch(statement, params, acting)
        finally:
            self._turns.put(None)

    def _fetch(self, statement: str, params: Mapping[str, Any], acting: int | None) -> list[Row]:
        while True:
            try:
                cursor, fresh = self._idle.pop(), False
            except IndexError:
                cursor, fresh = self._open(), True
            try:
                if self._narrow:
                    cursor.execute(acting_as(acting))
                rows = cursor.execute(statement, params).fetchall()
            except psycopg.Error:
                # The server was started anew, or the views are others now; a connection made after that knows.
                cursor.connection.close()
            else:
                self._idle.append(cursor)
                return rows
            if fresh:
                raise refused()

    def _open(self) -> psycopg.Cursor[Row]:
        try:
            raw = psycopg.connect(self._url, autocommit=True, prepare_threshold=0)
        except psycopg.Error:
            raw = None
        if raw is None:
            raise StoreError("PostgreSQL-palvelimeen ei saada yhteyttä.", "PostgreSQL cannot be reached.")
        return raw.cursor()

    def close(self) -> None:
        while self._idle:
            self._idle.pop().connection.close()
