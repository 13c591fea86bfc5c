"""Processes that write to one file take turns, and whoever waits in vain is told so in our words."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from seloste.store.dialects import sqlite
from seloste.store.dialects.sqlite import SqliteDatabase, connect
from seloste.store.engine import BusyError


@contextmanager
def other(path: Path) -> Iterator[sqlite3.Connection]:
    """Another process, as far as SQLite is concerned."""
    raw = connect(str(path))
    yield raw
    raw.close()


@pytest.fixture
def database(sqlite_path: Path) -> Iterator[SqliteDatabase]:
    made = SqliteDatabase(str(sqlite_path))
    with made.transaction() as conn:
        conn.execute("CREATE TABLE t (n INTEGER)")
    yield made
    made.close()


def test_a_turn_that_does_not_come_is_told_and_nothing_was_begun(
    database: SqliteDatabase, sqlite_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_MS", 120)
    with other(sqlite_path) as raw:
        raw.execute("BEGIN IMMEDIATE")
        with pytest.raises(BusyError), database.transaction():
            pytest.fail("somebody else writes")
        raw.execute("ROLLBACK")
    with database.transaction() as conn:
        conn.execute("INSERT INTO t VALUES (1)")


def test_a_turn_is_waited_for_longer_than_sqlite_looks_for_it(database: SqliteDatabase, sqlite_path: Path) -> None:
    with other(sqlite_path) as raw:
        raw.execute("BEGIN IMMEDIATE")
        ends = threading.Timer(sqlite.POLL_MS * 8 / 1000, raw.execute, ["COMMIT"])
        ends.start()
        since = time.monotonic()
        with database.transaction() as conn:
            conn.execute("INSERT INTO t VALUES (1)")
        assert time.monotonic() - since > sqlite.POLL_MS * 4 / 1000
        ends.join()
