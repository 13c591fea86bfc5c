"""The program's own reads on SQLite: through a lens, each kind is one view that reads a row once."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Collection, Mapping
from functools import lru_cache

from seloste.compiler.narrow import ACTING
from seloste.compiler.register import CompiledLens, Register
from seloste.compiler.views import View, view
from seloste.store import idle
from seloste.store.dialects.sqlite import ActingConnection, connect
from seloste.store.engine import Row, quote
from seloste.store.lens import refused

LIST = "json_each"
MOST_PLACES = 16
ROOMS = tuple(1 << max(count - 1, 0).bit_length() for count in range(MOST_PLACES + 1))


@lru_cache(maxsize=256)
def _places(name: str, room: int) -> tuple[str, ...]:
    return tuple(f"{name}_{place}" for place in range(room))


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
            allowed = (first == LIST and first not in self._tables) or (database == "temp" and first in self._views)
        return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


class SqliteFixed:
    """The fixed statements of one lens, or of the register itself, in one file."""

    def __init__(self, path: str, register: Register, lens: CompiledLens | None) -> None:
        self._path = path
        self._views: dict[str, View] | None = None
        if lens is not None:
            self._views = {kind: view(register, lens, kind, "sqlite", barred=False) for kind in lens.shows}
        # A kind may bear the name of the function that reads lists; then long lists are written out too.
        self._lists = LIST not in register.tables
        self._made: set[str] = set()
        # Taking from and adding to the end of a list are one step each, so that no lock is needed.
        self._idle: list[ActingConnection] = []
        self._narrow = lens is not None and lens.only is not None
        self.used = time.monotonic()
        idle.watch(self)

    def make(self, sql: str) -> str:
        self._made.add(sql)
        return sql

    def fetch(self, statement: str, params: Mapping[str, int | str], acting: int | None = None) -> list[Row]:
        if statement not in self._made:
            raise refused()
        self.used = time.monotonic()
        while True:
            try:
                raw, fresh = self._idle.pop(), False
            except IndexError:
                raw, fresh = self._open(), True
            raw.acting = acting
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

    def room(self, count: int) -> int:
        # A list of its own costs as much as a short read, so that short lists are written out.
        if count <= MOST_PLACES:
            return ROOMS[count]
        return 0 if self._lists else 1 << (count - 1).bit_length()

    def among(self, column: str, name: str, room: int) -> str:
        if room == 1:
            return f"{quote(column)} = :{name}"
        if room == 0:
            return f"{quote(column)} IN (SELECT value FROM {LIST}(:{name}))"
        return f"{quote(column)} IN ({', '.join(f':{place}' for place in _places(name, room))})"

    def bind(self, name: str, ids: Collection[int], room: int) -> dict[str, int | str]:
        if room == 1:
            return {name: next(iter(ids))}
        if room == 0:
            return {name: f"[{','.join(map(str, ids))}]"}
        found = list(ids)
        # Places left over name the last id again.
        found += found[-1:] * (room - len(found))
        return dict(zip(_places(name, room), found, strict=True))

    def _open(self) -> ActingConnection:
        raw = connect(self._path, factory=ActingConnection)
        assert isinstance(raw, ActingConnection)
        if self._narrow:
            raw.create_function(ACTING, 0, raw.who)
        for kind, each in (self._views or {}).items():
            raw.execute(f"CREATE TEMP VIEW {quote(kind)} AS {each.sql}")
        if self._lists:
            # Used once, it is there for every later statement; making it is nothing an authorizer lets by.
            raw.execute(f"SELECT value FROM {LIST}('[]')").fetchall()
        raw.execute("PRAGMA query_only=ON")
        raw.execute("PRAGMA trusted_schema=OFF")
        raw.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        if self._views is not None:
            raw.set_authorizer(_Guard(self._views))
        return raw

    def rest(self) -> None:
        """Close the connections that nobody uses just now."""
        while self._idle:
            try:
                self._idle.pop().close()
            except IndexError:
                return

    def close(self) -> None:
        self.rest()
