"""A connection of the PostgreSQL driver, as the store sees connections: every statement by the extended protocol."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

import psycopg
from psycopg import conninfo
from psycopg.pq import ExecStatus

from seloste.store.engine import AwayError, Dialect, Params, Result, Row, quote, to_numbered, to_pyformat

CONNECT_SECONDS = 10
NOTHING: Params = MappingProxyType({})


NARROW = "SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)"
"""To join by the rows at hand alone, until the transaction ends."""


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


@lru_cache(maxsize=64)
def _long(sql: str) -> tuple[bytes, tuple[str, ...]]:
    """The text as the server wants it, the same object each time, so that it is not hashed anew."""
    text, names = to_numbered(sql)
    return text.encode(), names


class PostgresConnection:
    """A driver connection; ``:name`` parameters are rewritten once per text and kept."""

    dialect: Dialect = "postgresql"

    def __init__(self, raw: psycopg.Connection[Row]) -> None:
        self._raw = raw
        self.asked: Sequence[Row] = ()

    @property
    def raw(self) -> psycopg.Connection[Row]:
        """The driver's connection."""
        return self._raw

    def execute(self, sql: str, params: Params = NOTHING) -> Result:
        # With nothing to bind the driver takes the simple protocol, on which statements can be stacked; preparing keeps
        # to the extended one: one statement, never two.
        return PostgresResult(self.raw.execute(to_pyformat(sql), dict(params), prepare=None if params else True))

    def executemany(self, sql: str, rows: Iterable[Params]) -> int:
        with self.raw.cursor() as cursor:
            cursor.executemany(to_pyformat(sql), [dict(row) for row in rows])
            return cursor.rowcount

    def send(self, sql: str, params: Params = NOTHING) -> None:
        self.execute(sql, params)

    def ask(self, asked: Sequence[tuple[str, Params]]) -> list[Result]:
        return [self.execute(sql, params) for sql, params in asked]

    def fetch(self, sql: str, params: Mapping[str, int | str | None]) -> list[Row]:
        # The driver reads a long text with its own marks anew for each call; one with the server's it takes as it is.
        text, names = _long(sql)
        with psycopg.RawCursor(self.raw) as cursor:
            return cursor.execute(
                text, [None if (value := params[name]) is None else str(value) for name in names], prepare=True
            ).fetchall()

    def narrow(self) -> None:
        self.send(NARROW)

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


def server_of(url: str) -> str:
    """By what the server of an address is told from others."""
    parts = conninfo.conninfo_to_dict(url)
    return f"{parts.get('host', '')}:{parts.get('port', '')}"


def with_options(url: str, options: str) -> str:
    """An address with settings that hold from the beginning of its connections, after those that it has itself."""
    own = conninfo.conninfo_to_dict(url).get("options", "")
    return conninfo.make_conninfo(url, options=f"{own} {options}".strip())


def connect(url: str, *, autocommit: bool = False, prepare_after: int | None = 1) -> psycopg.Connection[Row]:
    """A connection to a server. Raises AwayError, which holds nothing of the address nor of the server's words."""
    try:
        return psycopg.connect(
            url, autocommit=autocommit, connect_timeout=CONNECT_SECONDS, prepare_threshold=prepare_after
        )
    except psycopg.Error:
        pass
    # Raised here, so that the driver's own error does not travel with ours.
    raise AwayError(
        "PostgreSQL-palvelimeen ei saada yhteyttä. Tarkista, että se on käynnissä, että sen osoite on oikein ja että"
        " se ottaa vastaan lisää yhteyksiä.",
        "PostgreSQL cannot be reached. Check that it runs, that its address is right, and that it takes more"
        " connections.",
    )


def answers(raw: psycopg.Connection[Row]) -> bool:
    """Whether the server is still at the other end of a connection that lies idle."""
    try:
        # Beneath the driver, which would begin a transaction and forget what it prepared when that is taken back.
        return raw.pgconn.exec_(b"").status == ExecStatus.EMPTY_QUERY
    except psycopg.Error:
        return False
