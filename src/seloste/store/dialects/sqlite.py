"""SQLite: one file, write-ahead log, one writer at a time, erased bytes overwritten."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain
from pathlib import Path
from types import MappingProxyType

from seloste.store import idle
from seloste.store.engine import Connection, Dialect, Params, Result, Row, StoreError, busy, quote

BUSY_MS = 10_000
POLL_MS = 25
"""How long SQLite is left to wait for the turn to write.

Left to itself it soon looks ten times a second only, and never finds a process that writes without rest between two
transactions; begun anew it looks again after one, two and five milliseconds.
"""
MOST_CELLS = 600
"""Values bound to one statement; SQLite takes 999 everywhere."""
NOTHING: Params = MappingProxyType({})
SqlFunction = Callable[..., str | int | float | None]


class SqliteResult:
    """A cursor's rows."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(column[0] for column in self._cursor.description or ())

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount

    def all(self) -> list[Row]:
        return self._cursor.fetchall()

    def first(self) -> Row | None:
        row: Row | None = self._cursor.fetchone()
        return row

    def __iter__(self) -> Iterator[Row]:
        return iter(self._cursor)


class FetchedResult:
    """The rows of a statement that has ended."""

    def __init__(self, result: Result) -> None:
        self._result = result
        self.rowcount = result.rowcount
        self._rows = result.all()

    @property
    def keys(self) -> tuple[str, ...]:
        return self._result.keys

    def all(self) -> list[Row]:
        return self._rows

    def first(self) -> Row | None:
        return self._rows[0] if self._rows else None

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)


class SqliteConnection:
    """A driver connection; statements run as they are written."""

    dialect: Dialect = "sqlite"

    def __init__(self, raw: sqlite3.Connection) -> None:
        self.raw = raw
        self.asked: Sequence[Row] = ()
        self._cursor: sqlite3.Cursor | None = None

    def execute(self, sql: str, params: Params = NOTHING) -> Result:
        return SqliteResult(self.raw.execute(sql, params if type(params) is dict else dict(params)))

    def send(self, sql: str, params: Params = NOTHING) -> None:
        self.execute(sql, params)

    def ask(self, asked: Sequence[tuple[str, Params]]) -> list[Result]:
        return [FetchedResult(self.execute(sql, params)) for sql, params in asked]

    def executemany(self, sql: str, rows: Iterable[Params]) -> int:
        return self.raw.executemany(sql, rows).rowcount

    def fetch(self, sql: str, params: Mapping[str, int | str | None]) -> list[Row]:
        # Whoever fetches many times takes one cursor for all; each leaves it at its end.
        if self._cursor is None:
            self._cursor = self.raw.cursor()
        return self._cursor.execute(sql, params).fetchall()

    def narrow(self) -> None:
        """It joins by the rows at hand anyway."""

    def append(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        # Many rows in one statement save its beginning and end for each. By powers of two, so that few texts are
        # prepared for all lengths there are.
        names, most, start = tuple(columns), max(MOST_CELLS // len(columns), 1), 0
        while (left := len(rows) - start) > 0:
            count = most if left >= most else 1 << (left.bit_length() - 1)
            cells = rows[start] if count == 1 else [*chain.from_iterable(rows[start : start + count])]
            self.raw.execute(_insert_text(table, names, count), cells)
            start += count


@lru_cache(maxsize=256)
def _insert_text(table: str, columns: tuple[str, ...], rows: int) -> str:
    """For so many rows; the text of one takes as long to make as the row to write."""
    marks = ", ".join([f"({', '.join('?' * len(columns))})"] * rows)
    return f"INSERT INTO {quote(table)} ({', '.join(map(quote, columns))}) VALUES {marks}"


class ActingConnection(sqlite3.Connection):
    """A driver connection that knows for whom it reads: the person whose account acts, or nobody."""

    acting: int | None = None

    def who(self) -> int | None:
        """As a function of SQL; see ``compiler.narrow``."""
        return self.acting


SYNCHRONOUS = "FULL"
"""What was written is on the disk before the writer is told so, whatever happens to the machine."""


def connect(
    path: str,
    *,
    factory: type[sqlite3.Connection] = sqlite3.Connection,
) -> sqlite3.Connection:
    """A driver connection with every pragma set. Raises StoreError when the file cannot be opened."""
    try:
        raw = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, cached_statements=512, factory=factory
        )
        raw.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute(f"PRAGMA synchronous={SYNCHRONOUS}")
        raw.execute("PRAGMA foreign_keys=ON")
        # Deleted and overwritten bytes are zeroed at once; the log is truncated after an erasure.
        raw.execute("PRAGMA secure_delete=ON")
        raw.execute("PRAGMA temp_store=MEMORY")
        raw.execute("PRAGMA cache_size=-16000")
    except sqlite3.Error as problem:
        raise StoreError(
            "Tietokantatiedostoa ei voi avata. Tarkista, että kansio on olemassa ja siihen saa kirjoittaa.",
            "The database file cannot be opened. Check that the folder exists and may be written.",
        ) from problem
    return raw


def _begin(raw: sqlite3.Connection) -> None:
    """Take the turn to write among all processes. Raises BusyError when others do not end within BUSY_MS."""
    until = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            if time.monotonic() > until:
                raise busy() from problem
        else:
            return


class SqliteDatabase:
    """One file. Readers have a connection each; writers take turns."""

    dialect: Dialect = "sqlite"

    def __init__(self, path: str, *, full_sync: bool = False) -> None:
        self.path = path
        self.url = f"sqlite:///{path}"
        self.full_sync = full_sync
        if path != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        # Always before the guard: a writer that reads beside takes the guard within its turn.
        self._turn = threading.RLock()
        self._writer: sqlite3.Connection | None = None
        self._readers: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        self.used = time.monotonic()
        idle.watch(self)
        self.functions: dict[str, tuple[int, SqlFunction]] = {}
        """SQL functions the writer has, by name: (number of arguments, function)."""

    def _open(self) -> sqlite3.Connection:
        raw = connect(self.path)
        for name, (arguments, function) in self.functions.items():
            raw.create_function(name, arguments, function, deterministic=True)
        return raw

    def _writing(self) -> sqlite3.Connection:
        """The connection that writes; only within the turn."""
        if self._writer is None:
            self._writer = self._open()
            self._writer.execute(f"PRAGMA busy_timeout={POLL_MS}")
        return self._writer

    def add_function(self, name: str, arguments: int, function: SqlFunction) -> None:
        """Make a deterministic SQL function known to every connection, those already open included."""
        with self._turn, self._guard:
            self.functions[name] = (arguments, function)
            for raw in [*self._readers, *([self._writer] if self._writer else [])]:
                raw.create_function(name, arguments, function, deterministic=True)

    @contextmanager
    def transaction(self, *, relaxed: bool = False, asking: str = "") -> Iterator[Connection]:
        relaxed = relaxed and not self.full_sync
        self.used = time.monotonic()
        with self._turn:
            raw = self._writing()
            if raw.in_transaction:
                raise StoreError(
                    "Tapahtuma on jo auki tässä säikeessä.", "A transaction is already open on this thread."
                )
            if relaxed:
                raw.execute("PRAGMA synchronous=NORMAL")
            try:
                _begin(raw)
                try:
                    conn = SqliteConnection(raw)
                    if asking:
                        conn.asked = conn.execute(asking).all()
                    yield conn
                except BaseException:
                    raw.execute("ROLLBACK")
                    raise
                raw.execute("COMMIT")
            finally:
                if relaxed:
                    raw.execute(f"PRAGMA synchronous={SYNCHRONOUS}")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        self.used = time.monotonic()
        with self._guard:
            raw = self._readers.pop() if self._readers else None
        if raw is None:
            raw = self._open()
            raw.execute("PRAGMA query_only=ON")
        try:
            raw.execute("BEGIN")
            try:
                yield SqliteConnection(raw)
            finally:
                raw.execute("ROLLBACK")
        finally:
            with self._guard:
                self._readers.append(raw)

    def rest(self) -> None:
        """Close the connections that nobody uses just now; the next to come opens its own."""
        if self.path == ":memory:" or not self._turn.acquire(blocking=False):
            return
        try:
            with self._guard:
                readers, self._readers = self._readers, []
            for raw in readers:
                raw.close()
            if self._writer is not None and not self._writer.in_transaction:
                self._writer.close()
                self._writer = None
        finally:
            self._turn.release()

    def truncate_log(self) -> None:
        """Write the log into the file and cut it to nothing, so that no erased byte stays in it."""
        with self._turn:
            raw = self._writing()
            # Whoever reads is waited for here.
            raw.execute(f"PRAGMA busy_timeout={BUSY_MS}")
            try:
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                raw.execute(f"PRAGMA busy_timeout={POLL_MS}")

    def close(self) -> None:
        with self._turn, self._guard:
            for raw in self._readers:
                raw.close()
            self._readers.clear()
            if self._writer is not None:
                self._writer.close()
                self._writer = None
