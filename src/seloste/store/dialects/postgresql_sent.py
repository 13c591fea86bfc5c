"""A connection of the register's own: what nobody waits for travels together with the next that somebody does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import psycopg

from seloste.store.dialects.postgresql_connection import NOTHING, PostgresConnection, PostgresResult
from seloste.store.dialects.postgresql_wire import OtherTypeError, beginning, wire_of
from seloste.store.engine import Params, Result, Row, quote, to_pyformat

MOST_WAITING = 100
"""Statements that travel together; their answers must fit where the socket keeps them meanwhile."""

FEW = 10
"""Rows that are sooner sent with what else waits than in a stream, which takes round trips of its own."""

Said = tuple[str, Params]


class SendingConnection(PostgresConnection):
    """What is sent waits for the next statement, or for the end of the transaction, and shares its round trip."""

    def __init__(self, raw: psycopg.Connection[Row], begin: Sequence[str] = ()) -> None:
        super().__init__(raw)
        self._waiting: list[Said] = [(each, NOTHING) for each in begin]
        self._first = len(begin)
        self._begun = False
        self._said: list[Said] = []

    @property
    def raw(self) -> psycopg.Connection[Row]:
        """The driver's connection, with all that waited sent."""
        self.flush()
        return self._raw

    def execute(self, sql: str, params: Params = NOTHING) -> Result:
        return self._run([(sql, params)])[0]

    def send(self, sql: str, params: Params = NOTHING) -> None:
        self._waiting.append((sql, params))
        if len(self._waiting) >= MOST_WAITING:
            self.flush()

    def ask(self, asked: Sequence[Said]) -> list[Result]:
        found: list[Result] = []
        for start in range(0, len(asked), MOST_WAITING):
            found += self._run(asked[start : start + MOST_WAITING])
        return found

    def fetch(self, sql: str, params: Mapping[str, int | str | None]) -> list[Row]:
        # As text each value is what the statement says it is, so that it is prepared once for all numbers.
        given = {name: None if value is None else str(value) for name, value in params.items()}
        return self._run([(sql, given)])[0].all()

    def executemany(self, sql: str, rows: Iterable[Params]) -> int:
        return sum(max(each.rowcount, 0) for each in self.ask([(sql, row) for row in rows]))

    def append(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        if len(rows) <= FEW:
            for row in rows:
                self.send(_insert_text(table, tuple(columns)), dict(zip(columns, row, strict=True)))
            return
        super().append(table, columns, rows)

    def finish(self) -> None:
        """Commit, with all that waits. Raises the driver's error when anything of it fails."""
        if self._begun or len(self._waiting) > self._first:
            self._run((), commit=True)

    def flush(self) -> None:
        """Send what waits now."""
        if self._waiting:
            self._run(())

    def _run(self, said: Sequence[Said], *, commit: bool = False) -> Sequence[Result]:
        waiting, self._waiting = self._waiting, []
        self._begun = True
        for each in (*waiting, *said):
            self._say(*each)
        together, self._said = self._said, []
        try:
            found: Sequence[Result] = wire_of(self._raw).run(together, begin=beginning(self._raw), commit=commit)
        except OtherTypeError:
            found = self._by_the_driver(together, commit=commit)
        return found[len(waiting) :]

    def _say(self, sql: str, params: Params) -> None:
        """Every statement passes here, in the order in which it is said."""
        self._said.append((sql, params))

    def _by_the_driver(self, said: Sequence[Said], *, commit: bool) -> Sequence[Result]:
        with self._raw.pipeline():
            # With nothing to bind the driver takes the simple protocol, on which statements can be stacked; preparing
            # keeps to the extended one: one statement, never two.
            found = [
                self._raw.execute(to_pyformat(sql), params, prepare=None if params else True) for sql, params in said
            ]
            if commit:
                self._raw.commit()
        return [PostgresResult(cursor) for cursor in found]


@lru_cache(maxsize=64)
def _insert_text(table: str, columns: tuple[str, ...]) -> str:
    names, marks = ", ".join(map(quote, columns)), ", ".join(f":{name}" for name in columns)
    return f"INSERT INTO {quote(table)} ({names}) VALUES ({marks})"
