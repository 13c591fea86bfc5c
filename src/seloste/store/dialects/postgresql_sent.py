"""Statements as the register's own connections send them to PostgreSQL: prepared once, several in one round trip.

They run on libpq itself, as the driver offers it: what the driver's cursor does around a statement takes several times
as long as the server needs for it. Every statement goes by the extended protocol, so that none can be stacked.
"""

from __future__ import annotations

import select
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import psycopg
from psycopg.abc import Transformer as Loader
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.pq.abc import PGconn, PGresult

from seloste.store.dialects.postgresql_connection import NOTHING, PostgresConnection
from seloste.store.engine import Params, Result, Row, quote, to_numbered

MOST_PREPARED = 2000
"""Statements kept prepared on a connection; beyond them all are forgotten and made again as they come."""

MOST_WAITING = 100
"""Statements that travel together; their answers must fit where the socket keeps them meanwhile."""

Key = tuple[str, tuple[int, ...]]
Bound = tuple[Key, bytes, list[bytes | None]]
"""A statement with the types of its values, its text, and the values."""

_DONE = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)
_UNKNOWN, _BOOL, _BYTES, _INTEGER, _BIGINT, _REAL, _NUMERIC = 0, 16, 17, 23, 20, 701, 1700


class Raw(psycopg.Connection[Row]):
    """A driver connection that keeps what was prepared on it, for as long as it is open."""

    statements: Statements | None = None

    def sending(self) -> Statements:
        if self.statements is None:
            self.statements = Statements(self)
        return self.statements


class Statements:
    """What was prepared on one connection. A statement is prepared when it comes the second time."""

    def __init__(self, raw: psycopg.Connection[Any]) -> None:
        self.pgconn: PGconn = raw.pgconn
        self.loader: Loader = Transformer.from_context(raw)
        self._encoding = raw.info.encoding
        self._names: dict[Key, bytes] = {}
        self._seen: set[Key] = set()
        self._count = 0
        self._readable = select.poll()
        self._readable.register(self.pgconn.socket, select.POLLIN)
        self._either = select.poll()
        self._either.register(self.pgconn.socket, select.POLLIN | select.POLLOUT)

    def bind(self, sql: str, params: Params) -> Bound:
        """Raises KeyError for a parameter that is not given, DataError for text that PostgreSQL cannot hold."""
        text, names = to_numbered(sql)
        oids: list[int] = []
        values: list[bytes | None] = []
        for name in names:
            oid, value = self._dump(params[name])
            oids.append(oid)
            values.append(value)
        return (sql, tuple(oids)), _encoded(text), values

    def _dump(self, value: Any) -> tuple[int, bytes | None]:
        """The type of a value and its text; without a type the server takes it for what the place wants."""
        sort = type(value)
        if sort is int:
            return _whole(value), b"%d" % value
        if sort is str:
            return _UNKNOWN, self._text(value)
        if value is None:
            return _UNKNOWN, None
        if sort is list or sort is tuple:
            return _UNKNOWN, b"{%s}" % b",".join(map(self._element, value))
        if sort is bool:
            return _BOOL, b"t" if value else b"f"
        if sort is float:
            return _REAL, repr(value).encode()
        if sort is bytes:
            return _BYTES, b"\\x" + value.hex().encode()
        dumper = self.loader.get_dumper(value, PyFormat.TEXT)
        dumped = dumper.dump(value)
        return dumper.oid, None if dumped is None else bytes(dumped)

    def _text(self, value: str) -> bytes:
        found = value.encode(self._encoding)
        if b"\0" in found:
            raise psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
        return found

    def _element(self, value: Any) -> bytes:
        if type(value) is int:
            return b"%d" % value
        _, dumped = self._dump(value)
        if dumped is None:
            return b"NULL"
        return b'"%s"' % dumped.replace(b"\\", b"\\\\").replace(b'"', b'\\"')

    def run(self, bound: Sequence[Bound]) -> list[PGresult]:
        """Run statements in order, in one round trip; an answer for each. Raises the driver's error of the first that
        fails; those after it were not run.
        """
        if len(self._names) > MOST_PREPARED or len(self._seen) > MOST_PREPARED:
            self._forget()
        results = [self._one(bound[0])] if len(bound) == 1 else self._together(bound)
        if any(_changes_tables(result) for result in results):
            # What was prepared on tables that are others now would fail.
            self._forget()
        return results

    def _one(self, bound: Bound) -> PGresult:
        key, text, values = bound
        name = self._names.get(key)
        if name is None and key in self._seen:
            name = self._new_name()
            self.pgconn.send_prepare(name, text, key[1])
            self._checked(self._only_answer())
            self._names[key] = name
        if name is not None:
            self.pgconn.send_query_prepared(name, values)
        else:
            self._seen.add(key)
            self.pgconn.send_query_params(text, values, key[1])
        return self._checked(self._only_answer())

    def _together(self, bound: Sequence[Bound]) -> list[PGresult]:
        made: dict[Key, bytes] = {}
        places: list[Key | None] = []
        self.pgconn.enter_pipeline_mode()
        try:
            for key, text, values in bound:
                name = self._names.get(key) or made.get(key)
                if name is None and key in self._seen:
                    name = made[key] = self._new_name()
                    self.pgconn.send_prepare(name, text, key[1])
                    places.append(key)
                if name is not None:
                    self.pgconn.send_query_prepared(name, values)
                else:
                    self.pgconn.send_query_params(text, values, key[1])
                self._seen.add(key)
                places.append(None)
            self.pgconn.pipeline_sync()
            self._send_all()
            answers = list(self._answers(len(places)))
        finally:
            if self.pgconn.status == ConnStatus.OK:
                self.pgconn.exit_pipeline_mode()
        found = []
        for place, answer in zip(places, answers, strict=False):
            self._checked(answer)
            if place is None:
                found.append(answer)
            else:
                self._names[place] = made[place]
        return found

    def _answers(self, count: int) -> Iterator[PGresult]:
        """Every answer up to where the server and this side are in step again."""
        nothing = 0
        while nothing <= count + 1:
            result = self._answer()
            if result is None:
                nothing += 1
            elif result.status == ExecStatus.PIPELINE_SYNC:
                return
            else:
                yield result
        raise psycopg.OperationalError("the connection is lost")

    def _send_all(self) -> None:
        """Have the server take what was said and take in what it answers, so that neither waits for the other."""
        while self.pgconn.flush():
            if any(event & ~select.POLLOUT for _, event in self._either.poll()):
                self.pgconn.consume_input()

    def _only_answer(self) -> PGresult:
        self._send_all()
        found = self._answer()
        if found is None:
            raise psycopg.OperationalError("the connection is lost")
        while self._answer() is not None:
            pass
        return found

    def _answer(self) -> PGresult | None:
        """The next answer, waited for so that other threads go on meanwhile; libpq itself would keep them from it."""
        while self.pgconn.is_busy():
            self._readable.poll()
            self.pgconn.consume_input()
        return self.pgconn.get_result()

    def _checked(self, result: PGresult) -> PGresult:
        if result.status not in _DONE:
            raise error_from_result(result, self._encoding)
        return result

    def _new_name(self) -> bytes:
        self._count += 1
        return b"s%d" % self._count

    def _forget(self) -> None:
        self._seen.clear()
        if self._names:
            self.pgconn.send_query_params(b"DEALLOCATE ALL", None)
            self._checked(self._only_answer())
            self._names.clear()


@lru_cache(maxsize=4096)
def _encoded(text: str) -> bytes:
    return text.encode()


def _whole(value: int) -> int:
    if -(2**31) <= value < 2**31:
        return _INTEGER
    return _BIGINT if -(2**63) <= value < 2**63 else _NUMERIC


def _changes_tables(result: PGresult) -> bool:
    return result.status == ExecStatus.COMMAND_OK and (result.command_status or b"").startswith((b"ALTER", b"DROP"))


class SentResult:
    """The answer to one statement."""

    def __init__(self, result: PGresult, loader: Loader) -> None:
        self._result = result
        self._loader = loader

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple((self._result.fname(place) or b"").decode() for place in range(self._result.nfields))

    @property
    def rowcount(self) -> int:
        if self._result.status == ExecStatus.TUPLES_OK:
            return self._result.ntuples
        found = self._result.command_tuples
        return -1 if found is None else found

    def all(self) -> list[Row]:
        return self._rows(self._result.ntuples)

    def first(self) -> Row | None:
        return next(iter(self._rows(min(self._result.ntuples, 1))), None)

    def _rows(self, count: int) -> list[Row]:
        if not count:
            return []
        self._loader.set_pgresult(self._result)
        return self._loader.load_rows(0, count, tuple)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.all())


class SendingConnection(PostgresConnection):
    """A connection of the register's own: what nobody waits for travels with the next statement, BEGIN first."""

    def __init__(self, raw: Raw, begin: Sequence[str]) -> None:
        super().__init__(raw)
        self._statements = raw.sending()
        self._waiting: list[Bound] = [self._statements.bind(each, NOTHING) for each in begin]
        self._first = len(begin)
        self._begun = False

    @property
    def raw(self) -> psycopg.Connection[Row]:
        """The driver's connection, with all that waited sent."""
        self.flush()
        return self._raw

    def execute(self, sql: str, params: Params = NOTHING) -> Result:
        return SentResult(self._sent([self._statements.bind(sql, params)])[-1], self._statements.loader)

    def send(self, sql: str, params: Params = NOTHING) -> None:
        self._waiting.append(self._statements.bind(sql, params))
        if len(self._waiting) >= MOST_WAITING:
            self.flush()

    def ask(self, asked: Sequence[tuple[str, Params]]) -> list[Result]:
        results: list[Result] = []
        for start in range(0, len(asked), MOST_WAITING):
            bound = [self._statements.bind(sql, params) for sql, params in asked[start : start + MOST_WAITING]]
            sent = self._sent(bound)[-len(bound) :]
            results += [SentResult(each, self._statements.loader) for each in sent]
        return results

    def fetch(self, sql: str, params: Mapping[str, int | str]) -> list[Row]:
        return self.execute(sql, {name: str(value) for name, value in params.items()}).all()

    def executemany(self, sql: str, rows: Iterable[Params]) -> int:
        return sum(max(each.rowcount, 0) for each in self.ask([(sql, row) for row in rows]))

    def append(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        if len(rows) == 1:
            self.send(_insert_text(table, tuple(columns)), dict(zip(columns, rows[0], strict=True)))
            return
        super().append(table, columns, rows)

    def finish(self) -> None:
        """Commit, with all that waits. Raises the driver's error when anything of it fails."""
        if self._begun or len(self._waiting) > self._first:
            self._sent([self._statements.bind("COMMIT", NOTHING)])

    def _sent(self, bound: Sequence[Bound]) -> list[PGresult]:
        waiting, self._waiting = self._waiting, []
        self._begun = True
        return self._statements.run([*waiting, *bound])

    def flush(self) -> None:
        """Send what waits now."""
        if self._waiting:
            self._sent(())


@lru_cache(maxsize=64)
def _insert_text(table: str, columns: tuple[str, ...]) -> str:
    names, marks = ", ".join(map(quote, columns)), ", ".join(f":{name}" for name in columns)
    return f"INSERT INTO {quote(table)} ({names}) VALUES ({marks})"
