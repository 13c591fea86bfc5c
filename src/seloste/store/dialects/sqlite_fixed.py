"""The program's own reads on SQLite: through a lens, each kind is one view that reads a row once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from seloste.compiler.register import CompiledLens, Register
from seloste.compiler.views import View, view
from seloste.store.dialects.sqlite import connect
from seloste.store.engine import Row, quote
from seloste.store.lens import refused

LIST = "json_each"


class _Guard:
    """The authorizer: the views of a lens, and what they read. Only statements of ours are ever asked about."""

    def __init__(self, views: Mapping[str, View]) -> None:
        self._views = views
        self._tables = frozenset(table for each in views.values() for table in each.reads)

    def __call__(
        self, action: int, first: str | None, second: str | None, database: str | None, source: str | None
    ) -> int:
        if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_FUNCTION):
            return sqlite3.SQLITE_OK
        if action != sqlite3.SQLITE_READ or first is None:
            return sqlite3.SQLITE_DENY
        through = self._views.get(source or "")
        if database == "main" and not second:
            # A table of which only ids are read is named without a column, and without the view.
            allowed = first in self._tables
        elif database == "main" and through is not None:
            allowed = second in through.reads.get(first, ())
        else:
            allowed = first == LIST or (database == "temp" and first in self._views)
        return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


class SqliteFixed:
    """The fixed statements of one lens, or of the register itself, in one file."""

    def __init__(self, path: str, register: Register, lens: CompiledLens | None) -> None:
        self._path = path
        self._views: dict[str, View] | None = None
        if lens is not None:
            self._views = {kind: view(register, lens, kind, "sqlite", barred=False) for kind in lens.shows}
        self._made: set[str] = set()
        # Taking from and adding to the end of a list are one step each, so that no lock is needed.
        self._idle: list[sqlite3.Connection] = []

    def make(self, sql: str) -> str:
        self._made.add(sql)
        return sql

    def fetch(self, statement: str, params: Mapping[str, Any]) -> list[Row]:
        if statement not in self._made:
            raise refused()
        while True:
            try:
                raw, fresh = self._idle.pop(), False
            except IndexError:
                raw, fresh = self._open(), True
            try:
                rows = raw.execute(statement, params).fetchall()
            except sqlite3.Error:
                # The tables may have changed beneath the connection; one made after that knows.
                raw.close()
            else:
                self._idle.append(raw)
                return rows
            if fresh:
                raise refused()

    def among(self, column: str, name: str) -> str:
        return f"{quote(column)} IN (SELECT value FROM {LIST}(:{name}))"

    def numbers(self, ids: Iterable[int]) -> str:
        return f"[{','.join(map(str, ids))}]"

    def _open(self) -> sqlite3.Connection:
        raw = connect(self._path)
        for kind, each in (self._views or {}).items():
            raw.execute(f"CREATE TEMP VIEW {quote(kind)} AS {each.sql}")
        # Used once, it is there for every later statement; making it is nothing an authorizer lets by.
        raw.execute(f"SELECT value FROM {LIST}('[]')")
        raw.execute("PRAGMA query_only=ON")
        raw.execute("PRAGMA trusted_schema=OFF")
        raw.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        if self._views is not None:
            raw.set_authorizer(_Guard(self._views))
        return raw

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()
