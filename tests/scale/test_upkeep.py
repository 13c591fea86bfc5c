"""The upkeep that PostgreSQL does by itself of a table that many rows went from does not end the sweep."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from tests.prepared import applied, example

from seloste.operations.actor import CLI
from seloste.operations.retention import sweep as sweeping
from seloste.operations.retention.sweep import sweep
from seloste.settings import Settings
from seloste.store.dialects.postgresql import PostgresDatabase
from seloste.store.engine import quote
from seloste.store.placed import here
from seloste.store.registers import Registers, RegisterStore
from seloste.store.sweep import RegisterBusyError


@pytest.fixture
def store(tmp_path: Path, pg_url: str, fixed_now: dt.datetime) -> Iterator[RegisterStore]:
    made = Registers(Settings(data_dir=tmp_path, database_url=pg_url, key_file=tmp_path / "key"))
    notice = example("fluiconnecto/notice")
    applied(made, notice, fixed_now)
    yield made.open(notice.register)
    made.close()


@contextmanager
def held(url: str, store: RegisterStore, mode: str, seconds: float) -> Iterator[None]:
    """Another connection holds a lock on a table for so long, or until it is over."""
    over, taken = threading.Event(), threading.Event()
    database = here(store.database)
    assert isinstance(database, PostgresDatabase)
    schema = database.schema

    def hold() -> None:
        with psycopg.connect(url) as conn:
            conn.execute(f"LOCK TABLE {quote(schema)}.person IN {mode} MODE".encode())
            taken.set()
            over.wait(seconds)

    thread = threading.Thread(target=hold)
    thread.start()
    assert taken.wait(10)
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_the_sweep_waits_for_upkeep_and_not_for_writers(
    store: RegisterStore, pg_url: str, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def swept() -> None:
        sweep(store, now=fixed_now, actor=CLI)

    monkeypatch.setattr(sweeping, "TRIES", 2)
    with held(pg_url, store, "ROW EXCLUSIVE", 30), pytest.raises(RegisterBusyError):
        swept()
    with held(pg_url, store, "SHARE UPDATE EXCLUSIVE", 1.3):
        swept()
