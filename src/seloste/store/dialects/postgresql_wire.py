"""Statements that travel together to PostgreSQL, on libpq itself as the driver offers it.

What the driver does around each statement of its own pipeline takes three times as long as the server needs for a row,
and wakes the server for each alone. Here all of them are one write, and what comes back is read once.
"""

from __future__ import annotations

import itertools
import select
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import errors
from psycopg.adapt import Transformer
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

from seloste.store.engine import Row, to_numbered

MOST_PREPARED = 2000
"""Statements that a connection keeps prepared; one is prepared when it comes the second time."""

MOST_SEEN = 10_000

_NUMBERS = itertools.count(1)
"""So that no name is ever given twice on a connection."""

Said = tuple[str, Mapping[str, Any]]
Key = tuple[str, tuple[int, ...]]


class OtherTypeError(TypeError):
    """A value of a type that the driver itself has to write."""


class SentResult:
    """The rows of a statement that has ended."""

    def __init__(self, found: PGresult, rows: list[Row]) -> None:
        self._found = found
        self._rows = rows
        self._next = 0
        self.rowcount = -1 if found.command_tuples is None else found.command_tuples

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple((self._found.fname(place) or b"").decode() for place in range(self._found.nfields))

    def all(self) -> list[Row]:
        rows, self._next = self._rows[self._next :], len(self._rows)
        return rows

    def first(self) -> Row | None:
        if self._next >= len(self._rows):
            return None
        self._next += 1
        return self._rows[self._next - 1]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.all())


class Wire:
    """A connection beneath the driver, with what was prepared on it."""

    def __init__(self, raw: psycopg.Connection[Row]) -> None:
        self._pgconn = raw.pgconn
        self._loader = Transformer.from_context(raw)
        self._prepared: dict[Key, bytes] = {}
        self._seen: set[Key] = set()

    def run(self, said: Sequence[Said], *, begin: bytes, commit: bool) -> list[SentResult]:
        """Run statements in order, in the transaction that is open or in one that ``begin`` begins, in one round trip.

        Raises the driver's error of the first that fails, and OtherTypeError before anything was sent.
        """
        asked = [_dumped(*each) for each in said]
        pgconn = self._pgconn
        begins = pgconn.transaction_status == TransactionStatus.IDLE
        pgconn.enter_pipeline_mode()
        if begins:
            pgconn.send_query_params(begin, None)
        sent = [self._send(*each) for each in asked]
        if commit:
            pgconn.send_query_params(b"COMMIT", None)
        pgconn.pipeline_sync()
        results = self._received(begins + sum(1 + (new is not None) for new in sent) + commit)
        pgconn.exit_pipeline_mode()
        found = iter(results[1:] if begins else results)
        answers = []
        for new in sent:
            if new is not None:
                next(found)
                self._prepared[new[0]] = new[1]
            answers.append(self._loaded(next(found)))
        return answers

    def _send(self, key: Key, text: bytes, values: list[bytes | None], formats: list[int]) -> tuple[Key, bytes] | None:
        """Key and name of a statement that is prepared with it."""
        name, new = self._prepared.get(key), None
        if name is None and key in self._seen and len(self._prepared) < MOST_PREPARED:
            name = f"w{next(_NUMBERS)}".encode()
            new = key, name
            self._pgconn.send_prepare(name, text, key[1])
        if name is not None:
            self._pgconn.send_query_prepared(name, values, formats)
            return new
        if len(self._seen) >= MOST_SEEN:
            self._seen.clear()
        self._seen.add(key)
        self._pgconn.send_query_params(text, values, key[1], formats)
        return None

    def _received(self, count: int) -> list[PGresult]:
        """So many results. Raises the error of the first that failed, once all have come."""
        results: list[PGresult] = []
        failed: PGresult | None = None
        while len(results) < count:
            found = self._next()
            if found is None:
                raise errors.OperationalError("the connection is lost")
            if failed is None and found.status not in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
                failed = found
            results.append(found)
            self._next()
        if (end := self._next()) is None or end.status != ExecStatus.PIPELINE_SYNC:
            raise errors.OperationalError("the connection is lost")
        if failed is not None:
            self._pgconn.exit_pipeline_mode()
            raise errors.error_from_result(failed)
        return results

    def _next(self) -> PGresult | None:
        """The next result; others of the program work while it is waited for."""
        pgconn = self._pgconn
        while pgconn.flush():
            if _ready(pgconn.socket, select.POLLIN | select.POLLOUT) & select.POLLIN:
                pgconn.consume_input()
        while pgconn.is_busy():
            _ready(pgconn.socket, select.POLLIN)
            pgconn.consume_input()
        return pgconn.get_result()

    def _loaded(self, found: PGresult) -> SentResult:
        if found.status != ExecStatus.TUPLES_OK:
            if (found.command_status or b"").startswith((b"ALTER", b"DROP")):
                # What was prepared may be about what is no more.
                self._prepared.clear()
            return SentResult(found, [])
        self._loader.set_pgresult(found)
        return SentResult(found, self._loader.load_rows(0, found.ntuples, tuple))


def wire_of(raw: psycopg.Connection[Row]) -> Wire:
    """The wire of a connection, one for as long as it lives."""
    found = raw.__dict__.get("seloste_wire")
    if not isinstance(found, Wire):
        found = raw.__dict__["seloste_wire"] = Wire(raw)
    return found


def beginning(raw: psycopg.Connection[Row]) -> bytes:
    """How a transaction begins on a connection, as it was told to the driver."""
    level = raw.isolation_level
    words = ["BEGIN", *(["ISOLATION LEVEL", level.name.replace("_", " ")] if level is not None else [])]
    if raw.read_only is not None:
        words.append("READ ONLY" if raw.read_only else "READ WRITE")
    return " ".join(words).encode()


def take_back(raw: psycopg.Connection[Row]) -> None:
    """Roll back beneath the driver, which would forget what was prepared, and have the server forget it."""
    if raw.pgconn.transaction_status != TransactionStatus.IDLE:
        raw.pgconn.exec_(b"ROLLBACK")


def _ready(socket: int, events: int) -> int:
    poll = select.poll()
    poll.register(socket, events)
    ((_, happened),) = poll.poll()
    return happened


@lru_cache(maxsize=4096)
def _text(sql: str) -> tuple[bytes, tuple[str, ...]]:
    text, names = to_numbered(sql)
    return text.encode(), names


def _dumped(sql: str, params: Mapping[str, Any]) -> tuple[Key, bytes, list[bytes | None], list[int]]:
    text, names = _text(sql)
    types, values, formats = [], [], []
    for name in names:
        kind, value, form = _value(params[name])
        types.append(kind)
        values.append(value)
        formats.append(form)
    return (sql, tuple(types)), text, values, formats


def _value(value: Any) -> tuple[int, bytes | None, int]:
    """Number of the type (0: what the statement makes of it), text or bytes, and which of the two."""
    if value is None:
        return 0, None, 0
    kind = type(value)
    if kind is str:
        return 0, _whole(value), 0
    if kind is int:
        # As the driver does: the narrowest, so that it fits whatever it is compared with.
        size = 21 if -(2**15) <= value < 2**15 else 23 if -(2**31) <= value < 2**31 else 20
        return size if -(2**63) <= value < 2**63 else 1700, str(value).encode(), 0
    if kind is list:
        return 0, f"{{{','.join(map(_element, value))}}}".encode(), 0
    if kind is bytes:
        return 17, value, 1
    if kind is float:
        return 701, repr(value).encode(), 0
    if kind is bool:
        return 16, b"t" if value else b"f", 0
    raise OtherTypeError


def _whole(text: str) -> bytes:
    if "\0" in text:
        raise errors.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    return text.encode()


def _element(value: Any) -> str:
    """One of a list, in the text of an array."""
    if value is None:
        return "NULL"
    kind = type(value)
    if kind is int:
        return str(value)
    if kind is str:
        _whole(value)
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if kind is bytes:
        return f'"\\\\x{value.hex()}"'
    if kind is float:
        return repr(value)
    raise OtherTypeError
