"""A lens on SQLite: views of one connection, and an authorizer that lets only them through.

The authorizer is told the name of the view a read comes through, but a common table expression may carry any name. So
each kind has two views: the one with the kind's name, and an inner one. Only reads that come through an inner name
reach a base table, and only the columns that view was compiled to read. An inner name is random for each connection,
and longer than any statement may be: whoever learns it (EXPLAIN tells it) cannot write it.

What is asked of a view never sees a row the view hides (``compiler.views``), whatever it costs and however it fails.
Statistics would let SQLite read a table ahead of that order (a Bloom filter), so they are dropped before a lens is
opened; and when the tables change beneath it, the long names are read anew, are too long, and the connection ends.
"""

from __future__ import annotations

import re
import secrets
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager

from seloste.compiler.narrow import ACTING
from seloste.compiler.register import CompiledLens, Register
from seloste.compiler.views import View, lens_views
from seloste.store.dialects.sqlite import ActingConnection, SqliteConnection, connect
from seloste.store.engine import Connection, Dialect, Params, Result, Row, quote
from seloste.store.functions import order_key
from seloste.store.idle import IdlePool
from seloste.store.lens import refused, too_long

# Functions a lens may call. What reads files, loads code, tells about the database, or makes something large out of
# something small stays out.
_FUNCTIONS = """
abs avg coalesce count ifnull instr length like lower ltrim max min nullif round rtrim seloste_order substr sum total
trim upper
"""
FUNCTIONS = frozenset(_FUNCTIONS.split())

LIST = "json_each"
"""A list of ids is one parameter, read by this; unless the notice has a kind of that name."""

STEP = 100_000
MOST_STEPS = 2_000
"""How many times STEP instructions of the virtual machine one statement may take, so that none runs for ever."""

LIMITS = {
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 10_000,
    sqlite3.SQLITE_LIMIT_LENGTH: 64_000_000,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1_000,
    sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 2_000,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 50,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 0,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
SECRET = 32
INNER_LENGTH = LIMITS[sqlite3.SQLITE_LIMIT_SQL_LENGTH] + 1
"""Letters of an inner view's name: SECRET random ones, then enough to outgrow any statement."""

# What the driver raises for a statement it does not run, or a value it cannot bind.
ERRORS = (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError, TypeError)
SELECT = re.compile(r"\s*(SELECT|WITH)\b[^\0]*\Z", re.IGNORECASE)


def _drop_statistics(path: str) -> None:
    """Forget what somebody's ANALYZE gathered; no statement of ours rests on it."""
    raw = connect(path)
    try:
        for (name,) in raw.execute(
            "SELECT name FROM sqlite_master WHERE name LIKE 'sqlite\\_stat_' ESCAPE '\\'"
        ).fetchall():
            raw.execute(f"DROP TABLE {quote(name)}")
    finally:
        raw.close()


class _Guard:
    """The authorizer of one connection."""

    def __init__(self, views: Mapping[str, View], inner: Mapping[str, str], tables: Collection[str] = ()) -> None:
        self._lists = LIST not in tables
        # Whom it tells of, the caller knows: it is the acting person.
        self._functions = FUNCTIONS | {ACTING}
        self._reads = {inner[kind][:SECRET]: view.reads for kind, view in views.items()}
        self._outer = {kind: frozenset(view.columns) for kind, view in views.items()}
        self._outer_of_inner = {inner[kind][:SECRET]: kind for kind in views}

    def __call__(
        self, action: int, first: str | None, second: str | None, database: str | None, source: str | None
    ) -> int:
        if action == sqlite3.SQLITE_SELECT:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_FUNCTION:
            return sqlite3.SQLITE_OK if (second or "").lower() in self._functions else sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_READ and first is not None:
            return sqlite3.SQLITE_OK if self._may_read(first, second or "", database, source) else sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_DENY

    def _may_read(self, table: str, column: str, database: str | None, source: str | None) -> bool:
        if source is not None and len(source) == INNER_LENGTH:
            allowed = self._reads.get(source[:SECRET], {}).get(table)
            return database == "main" and allowed is not None and column in allowed
        if table == LIST and self._lists:
            return True
        if database != "temp":
            return False
        if len(table) == INNER_LENGTH:
            return source is not None and source == self._outer_of_inner.get(table[:SECRET])
        # A table of which no column is read has an empty name here; a query through a lens counts ids, never rows.
        return table in self._outer and column in self._outer[table]


class _Meter:
    """Counts what a statement costs, and ends it when that is too much."""

    __slots__ = ("steps",)

    def __init__(self) -> None:
        self.steps = 0

    def __call__(self) -> int:
        self.steps += 1
        return int(self.steps > MOST_STEPS)


class _Raw(ActingConnection):
    """A driver connection that carries the meter of its statements, and what is asked before it is used again."""

    meter: _Meter
    probe = ""

    def stands(self) -> bool:
        """Whether the tables are still those it was opened on; a sweep or a plan may have changed them meanwhile."""
        if not self.probe:
            return True
        self.meter.steps = 0
        try:
            self.execute(self.probe).fetchall()
        except sqlite3.Error:
            return False
        return True


class LensResult:
    """A cursor's rows; an error on the way to a later row is told in our words too."""

    def __init__(self, owner: LensConnection, cursor: sqlite3.Cursor) -> None:
        self._owner = owner
        self._cursor = cursor

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(column[0] for column in self._cursor.description or ())

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount

    def all(self) -> list[Row]:
        try:
            return self._cursor.fetchall()
        except ERRORS as problem:
            error = self._owner.failed(problem)
        raise error

    def first(self) -> Row | None:
        try:
            row: Row | None = self._cursor.fetchone()
            self._cursor.close()
            return row
        except ERRORS as problem:
            error = self._owner.failed(problem)
        raise error

    def __iter__(self) -> Iterator[Row]:
        return iter(self.all())


class LensConnection(SqliteConnection):
    """A connection of a lens: one SELECT at a time, and errors that never carry the database's words."""

    dialect: Dialect = "sqlite"

    raw: _Raw

    def __init__(self, raw: _Raw) -> None:
        super().__init__(raw)
        self.open = True
        self.spoilt = False

    def execute(self, sql: str, params: Params = {}) -> Result:  # noqa: B006 - never written to
        if not self.open or SELECT.match(sql) is None:
            raise refused()
        self.raw.meter.steps = 0
        try:
            return LensResult(self, self.raw.execute(sql, params if type(params) is dict else dict(params)))
        except ERRORS as problem:
            error = self.failed(problem)
        # Raised here, so that the database's own error does not travel with ours.
        raise error

    def fetch(self, sql: str, params: Mapping[str, int | str | None]) -> list[Row]:
        return self.execute(sql, params).all()

    def failed(self, problem: Exception) -> Exception:
        """Our error for the driver's. The connection is not used again: the tables may have changed beneath it."""
        self.spoilt = True
        over = getattr(problem, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT
        return too_long() if over else refused()


class SqliteLens:
    """The connections of one lens on one SQLite register."""

    def __init__(self, path: str, register: Register, lens: CompiledLens) -> None:
        self.lens = lens
        self._path = path
        self._views = lens_views(register, lens, "sqlite")
        self._tables = frozenset(register.tables)
        self._probe = f"SELECT id FROM {quote(next(iter(self._views)))} LIMIT 0" if self._views else ""
        self._pool = IdlePool(self._open, sqlite3.Connection.close)

    def _open(self) -> _Raw:
        inner = {kind: secrets.token_hex(SECRET // 2).ljust(INNER_LENGTH, "_") for kind in self._views}
        _drop_statistics(self._path)
        raw = connect(self._path, factory=_Raw)
        assert isinstance(raw, _Raw)
        for kind, view in self._views.items():
            raw.execute(f"CREATE TEMP VIEW {quote(inner[kind])} AS {view.sql}")
            columns = ", ".join(quote(column) for column in view.columns)
            raw.execute(f"CREATE TEMP VIEW {quote(kind)} AS SELECT {columns} FROM {quote(inner[kind])}")
        raw.create_function("seloste_order", 1, order_key, deterministic=True)
        raw.execute("PRAGMA query_only=ON")
        raw.execute("PRAGMA trusted_schema=OFF")
        # An index made on the way would read rows before they are judged.
        raw.execute("PRAGMA automatic_index=OFF")
        for limit, most in LIMITS.items():
            raw.setlimit(limit, most)
        raw.meter = _Meter()
        raw.set_progress_handler(raw.meter, STEP)
        # Used once, it is there for later statements; making it is nothing the guard lets by.
        raw.execute(f"SELECT value FROM {LIST}('[]')").fetchall()
        if self.lens.only is not None:
            raw.create_function(ACTING, 0, raw.who)
        raw.set_authorizer(_Guard(self._views, inner, self._tables))
        return raw

    def read(self, acting: int | None = None) -> AbstractContextManager[Connection]:
        return _Reading(self._pool, acting, self._probe)

    def close(self) -> None:
        self._pool.close()


class _Reading:
    """A connection of the pool for one ``with``; a class, since a generator costs a fifth of reading one row."""

    __slots__ = ("_acting", "_conn", "_pool", "_probe")

    def __init__(self, pool: IdlePool[_Raw], acting: int | None, probe: str) -> None:
        self._pool = pool
        self._probe = probe
        self._acting = acting

    def __enter__(self) -> Connection:
        raw = self._pool.take()
        while not raw.stands():
            self._pool.drop(raw)
            raw = self._pool.take()
        self._conn = LensConnection(raw)
        self._conn.raw.acting = self._acting
        return self._conn

    def __exit__(self, *_: object) -> None:
        conn = self._conn
        conn.open = False
        if conn.spoilt:
            self._pool.drop(conn.raw)
        else:
            # One that lay idle is asked before it is used again; a new one knows the tables.
            conn.raw.probe = self._probe
            self._pool.give(conn.raw)
