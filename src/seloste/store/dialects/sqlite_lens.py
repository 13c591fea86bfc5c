"""A lens on SQLite: views of one connection, and an authorizer that lets only them through.

The authorizer is told the name of the view a read comes through, but a common table expression may carry any name. So
each kind has two views: the one with the kind's name, and an inner one whose name is random for each connection. Only
reads that come through an inner name reach a base table, and only the columns that view was compiled to read; the
names stand nowhere that the connection may read.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from seloste.compiler.register import CompiledLens, Register
from seloste.compiler.views import View, lens_views
from seloste.store.dialects.sqlite import SqliteConnection, SqliteResult, connect
from seloste.store.engine import Connection, Dialect, Params, Result, quote
from seloste.store.lens import refused

# Functions a lens may call. Everything that reads files, loads code, or tells about the database stays out.
_FUNCTIONS = """
abs avg coalesce count group_concat ifnull instr json_array json_extract json_group_array json_group_object json_object
length like lower ltrim max min nullif replace round rtrim substr sum total trim upper
"""
FUNCTIONS = frozenset(_FUNCTIONS.split())

STEP = 100_000
MOST_STEPS = 3_000
"""How many times STEP instructions of the virtual machine one statement may take, so that none runs for ever."""


class _Guard:
    """The authorizer of one connection."""

    def __init__(self, views: Mapping[str, View], inner: Mapping[str, str]) -> None:
        self._reads = {inner[kind]: view.reads for kind, view in views.items()}
        self._outer = {kind: frozenset(view.columns) for kind, view in views.items()}
        self._outer_of_inner = {inner[kind]: kind for kind in views}

    def __call__(
        self, action: int, first: str | None, second: str | None, database: str | None, source: str | None
    ) -> int:
        if action == sqlite3.SQLITE_SELECT:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_FUNCTION:
            return sqlite3.SQLITE_OK if (second or "").lower() in FUNCTIONS else sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_READ and first is not None:
            return sqlite3.SQLITE_OK if self._may_read(first, second or "", database, source) else sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_DENY

    def _may_read(self, table: str, column: str, database: str | None, source: str | None) -> bool:
        if source in self._reads:
            allowed = self._reads[source].get(table)
            return database == "main" and allowed is not None and column in allowed
        if database != "temp":
            return False
        if table in self._outer_of_inner:
            return source == self._outer_of_inner[table]
        # A table of which no column is read has an empty name here, and that would count rows the view hides; so a
        # query through a lens counts ids, never rows.
        return table in self._outer and column in self._outer[table]


class LensConnection(SqliteConnection):
    """A connection of a lens: one SELECT at a time, and errors that never carry the database's words."""

    dialect: Dialect = "sqlite"

    def execute(self, sql: str, params: Params = {}) -> Result:  # noqa: B006 - never written to
        if not sql.lstrip().upper().startswith(("SELECT", "WITH")):
            raise refused()
        steps = 0

        def bound() -> int:
            nonlocal steps
            steps += 1
            return int(steps > MOST_STEPS)

        self.raw.set_progress_handler(bound, STEP)
        try:
            return SqliteResult(self.raw.execute(sql, dict(params)))
        except sqlite3.Error:
            raise refused() from None


class SqliteLens:
    """The connections of one lens on one SQLite register."""

    def __init__(self, path: str, register: Register, lens: CompiledLens) -> None:
        self.lens = lens
        self._path = path
        self._views = lens_views(register, lens, "sqlite")
        self._idle: list[sqlite3.Connection] = []
        self._guard = threading.Lock()

    def _open(self) -> sqlite3.Connection:
        inner = {kind: f"v{secrets.token_hex(16)}" for kind in self._views}
        raw = connect(self._path)
        for kind, view in self._views.items():
            raw.execute(f"CREATE TEMP VIEW {quote(inner[kind])} AS {view.sql}")
            columns = ", ".join(quote(column) for column in view.columns)
            raw.execute(f"CREATE TEMP VIEW {quote(kind)} AS SELECT {columns} FROM {quote(inner[kind])}")
        raw.execute("PRAGMA query_only=ON")
        raw.execute("PRAGMA trusted_schema=OFF")
        raw.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        raw.set_authorizer(_Guard(self._views, inner))
        return raw

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self._guard:
            raw = self._idle.pop() if self._idle else None
        if raw is None:
            raw = self._open()
        try:
            yield LensConnection(raw)
        finally:
            with self._guard:
                self._idle.append(raw)

    def close(self) -> None:
        with self._guard:
            for raw in self._idle:
                raw.close()
            self._idle.clear()
