"""Where the bytes of what was removed are on PostgreSQL, and when they are gone, read from the server's own files."""

from __future__ import annotations

import datetime as dt
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.operations.conftest import contact
from tests.retention.test_bytes import MARK, NOTICE, ROWS, forget_nobodys, plant, rewrite

from seloste.clock import HELSINKI
from seloste.notice import load
from seloste.operations.actor import CLI
from seloste.operations.retention.sweep import sweep, wipe
from seloste.settings import Settings
from seloste.store.backup_rows import raise_numbers
from seloste.store.engine import StoreError
from seloste.store.keys import Keys
from seloste.store.registers import Registers, RegisterStore

KEY = "fluiconnecto_customers"
THEN, LATER = dt.datetime(2019, 5, 2, 9, tzinfo=HELSINKI), dt.datetime(2055, 1, 1, 9, tzinfo=HELSINKI)


@pytest.fixture
def store(tmp_path: Path, pg_url: str) -> Iterator[RegisterStore]:
    registers = Registers(Settings(data_dir=tmp_path, database_url=pg_url, key_file=tmp_path / "key"))
    registers.apply(load(NOTICE), now=THEN, actor="cli")
    yield registers.open(KEY)
    registers.close()


@pytest.fixture
def admin(pg_url: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with psycopg.connect(pg_url, autocommit=True) as made:
        yield made


def holding(admin: psycopg.Connection[tuple[object, ...]], place: str, mark: str = MARK) -> set[str]:
    """The server's files under ``base`` of this database, or under ``pg_wal``, in which the mark stands."""
    admin.execute("CHECKPOINT")
    row = admin.execute(
        "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()"
    ).fetchone()
    assert row is not None
    root = Path(str(row[0])) / (f"base/{row[1]}" if place == "base" else place)
    return {each.name for each in root.iterdir() if each.is_file() and mark.encode() in each.read_bytes().lower()}


def sampled(admin: psycopg.Connection[tuple[object, ...]]) -> bool:
    """Whether a value with the mark stands in what the planner knows of columns, and of indexes, as bytes."""
    mark = f"{MARK}|{MARK.encode().hex()}"
    sql = "SELECT 1 FROM pg_stats WHERE most_common_vals::text ~ %s OR histogram_bounds::text ~ %s LIMIT 1"
    return admin.execute(sql, [mark, mark]).fetchone() is not None


def test_no_file_of_a_table_holds_what_went_once_it_is_written_anew_and_no_log_after_checkpoints(
    store: RegisterStore, admin: psycopg.Connection[tuple[object, ...]]
) -> None:
    # Otherwise old segments of the log are kept under new names, to be written over some day.
    admin.execute("ALTER SYSTEM SET wal_recycle = off")
    admin.execute("SELECT pg_reload_conf()")
    try:
        with store.database.transaction() as conn:
            plant(conn, store)
        with store.database.transaction() as conn:
            rewrite(conn, store)
            forget_nobodys(conn, store)
            raise_numbers(conn, {})
        # The server does so by itself when it finds the time: samples of the values are kept apart from the tables.
        admin.execute("ANALYZE")
        assert sampled(admin)
        # Somebody stays behind the rows that go, so that no file is merely cut off.
        contact(store, LATER)
        assert holding(admin, "base") and holding(admin, "pg_wal")
        done = sweep(store, now=LATER, actor=CLI)
        assert done.rows >= ROWS
        # The segment that what went lies in ends here, so that it is never written to later than this.
        admin.execute("SELECT pg_switch_wal()")
        swept = admin.execute("SELECT clock_timestamp()").fetchone()
        # How docs/howto/retention.md measures what the log may hold: as long as its oldest segment is older, something.
        oldest = "SELECT min(modification) FROM pg_ls_waldir()"
        assert admin.execute(oldest).fetchone() < swept
        time.sleep(1.1)  # the server tells these times in whole seconds
        admin.execute("VACUUM")
        with store.database.read() as conn:
            assert conn.execute("SELECT count(*) FROM person").all() == [(1,)]
        assert sampled(admin), "an empty table is not analysed again of itself"
        indexes = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = %s ORDER BY 1"
        before = admin.execute(indexes, [f"reg_{KEY}"]).fetchall()
        wipe(store, rewrite=True)
        assert admin.execute(indexes, [f"reg_{KEY}"]).fetchall() == before
        assert not sampled(admin)
        assert holding(admin, "base") == set()
        # A checkpoint lets go of the segments before the one that the last one began in.
        for _ in range(4):
            admin.execute("SELECT pg_switch_wal()")
            admin.execute("CHECKPOINT")
        assert holding(admin, "pg_wal") == set()
        assert admin.execute(oldest).fetchone() > swept
    finally:
        admin.execute("ALTER SYSTEM RESET wal_recycle")
        admin.execute("SELECT pg_reload_conf()")


def test_what_is_sealed_cannot_be_read_once_its_key_is_gone(
    store: RegisterStore, admin: psycopg.Connection[tuple[object, ...]]
) -> None:
    # A word of its own: the log is the whole server's, and may hold the mark of a test before.
    word = "zyxwsealed"
    sealed = store.keys.encrypt(word, place="person.remark")
    admin.execute(f"INSERT INTO reg_{KEY}.person (first_name, remark) VALUES ('x', encode(%s, 'base64'))", (sealed,))
    # Neither the table nor the log ever held it readable.
    assert holding(admin, "base", word) == holding(admin, "pg_wal", word) == set()
    for other in (Keys(secrets.token_bytes(32), KEY), Keys(bytes(32), KEY)):
        with pytest.raises(StoreError, match="cannot be opened with this key"):
            other.decrypt(sealed, place="person.remark")
    assert store.keys.decrypt(sealed, place="person.remark") == word
