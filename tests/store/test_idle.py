"""Connections that lie idle: as many as a server is to hold, none that is dead, and a server that is away is told."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator

import psycopg
import pytest

from seloste.store import idle
from seloste.store.dialects.postgresql import PostgresDatabase
from seloste.store.engine import BusyError, StoreError
from seloste.store.idle import IdlePool

MOST = 3


@pytest.fixture
def database(pg_url: str) -> Iterator[PostgresDatabase]:
    one = PostgresDatabase(pg_url)
    with one.transaction() as conn:
        conn.execute("CREATE TABLE thing (id bigint)")
    yield one
    one.close()


def at_the_server(pg_url: str) -> list[int]:
    """The processes of the connections to a database, beside the one that asks."""
    with psycopg.connect(pg_url) as conn:
        sql = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        return [int(pid) for (pid,) in conn.execute(sql)]


def test_no_more_lie_idle_than_a_server_is_to_hold(pg_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idle, "MOST_IDLE", MOST)
    before = threading.active_count()
    many = [PostgresDatabase(pg_url, schema=f"s{number}") for number in range(MOST * 3)]
    for each in (*many, *many):
        with each.read() as conn:
            assert conn.execute("SELECT 1").all() == [(1,)]
    assert len(at_the_server(pg_url)) == MOST
    # Those stay that were used last, and nobody needs a thread for them.
    assert [len(each._pool) for each in many] == [0] * (MOST * 2) + [1] * MOST
    assert threading.active_count() <= before + 1
    for each in many:
        each.rest()
    assert at_the_server(pg_url) == []


def test_a_connection_that_died_while_it_lay_idle_is_not_used(database: PostgresDatabase, pg_url: str) -> None:
    (pid,) = at_the_server(pg_url)
    with psycopg.connect(pg_url) as conn:
        conn.execute("SELECT pg_terminate_backend(%s)", (pid,))
    time.sleep(1.1)
    with database.transaction() as conn:
        conn.execute("INSERT INTO thing VALUES (1)")
    assert at_the_server(pg_url) != [pid]


def test_what_fails_is_taken_back_and_the_next_begins_anew(database: PostgresDatabase, pg_url: str) -> None:
    for _ in range(6):
        with pytest.raises(ZeroDivisionError), database.transaction() as conn:
            conn.execute("INSERT INTO thing VALUES (1)")
            raise ZeroDivisionError
        with pytest.raises(psycopg.Error), database.transaction() as conn:
            conn.execute("INSERT INTO nothing VALUES (1)")
        with pytest.raises(psycopg.Error), database.transaction() as conn:
            conn.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    with database.read() as conn:
        assert conn.execute("SELECT count(*) FROM thing").all() == [(0,)]
    assert len(at_the_server(pg_url)) == 1


def test_a_read_whose_end_fails_leaves_no_connection_that_only_reads(
    database: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cancelled(_: object) -> None:
        raise psycopg.errors.QueryCanceled

    with monkeypatch.context() as patch:
        patch.setattr(psycopg.Connection, "commit", cancelled)
        with pytest.raises(psycopg.errors.QueryCanceled), database.read() as conn:
            conn.execute("SELECT 1")
    with database.transaction() as conn:
        conn.execute("INSERT INTO thing VALUES (1)")


def test_a_connection_that_cannot_be_closed_keeps_nobody_from_the_next() -> None:
    def fails(_: object) -> None:
        raise OSError

    pool = IdlePool(object, fails, most=1)
    one = pool.take()
    pool.close()
    with pytest.raises(OSError):
        pool.give(one)
    assert pool.take() is not one


def test_of_two_that_wait_for_each_other_one_is_told_to_try_again(database: PostgresDatabase) -> None:
    with database.transaction() as conn:
        conn.execute("INSERT INTO thing VALUES (1), (2)")
    met, told = threading.Barrier(2), []

    def write(first: int, second: int) -> None:
        try:
            with database.transaction() as conn:
                conn.execute("UPDATE thing SET id = id WHERE id = :id", {"id": first})
                met.wait()
                conn.execute("UPDATE thing SET id = id WHERE id = :id", {"id": second})
        except BusyError as problem:
            told.append(problem)

    both = [threading.Thread(target=write, args=pair) for pair in ((1, 2), (2, 1))]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert len(told) == 1


def test_a_pool_that_nobody_holds_any_more_closes_what_lies_in_it() -> None:
    closed: list[str] = []
    pool = IdlePool(lambda: "connection", closed.append)
    pool.give(pool.take())
    assert len(pool) == 1 and closed == []
    del pool
    gc.collect()
    assert closed == ["connection"]


def test_a_server_that_is_away_is_told_at_once_and_in_our_words() -> None:
    away = PostgresDatabase("postgresql://somebody:secret@127.0.0.1:9/nothing")
    since = time.monotonic()
    with pytest.raises(StoreError, match="Check that it runs") as told, away.read():
        pass
    assert time.monotonic() - since < 5
    assert told.value.__cause__ is None and told.value.__context__ is None


def test_who_waits_for_a_connection_longer_than_is_good_is_told(
    database: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idle, "WAIT_SECONDS", 0.1)
    held = [database.read() for _ in range(4)]
    for each in held:
        each.__enter__()
    with pytest.raises(StoreError, match="The database is busy"), database.read():
        pass
    held.pop().__exit__(None, None, None)
    with database.read() as conn:
        assert conn.execute("SELECT 1").all() == [(1,)]
    for each in held:
        each.__exit__(None, None, None)


def test_idle_ones_are_gone_through_while_others_come() -> None:
    """As when registers are opened while the thread that closes idle connections is at work."""
    over = threading.Event()

    def come() -> None:
        while not over.is_set():
            kept.append(IdlePool(object, lambda _: None))
            del kept[:-500]

    kept: list[IdlePool[object]] = []
    others = [threading.Thread(target=come) for _ in range(2)]
    for each in others:
        each.start()
    try:
        until = time.monotonic() + 1
        while time.monotonic() < until:
            idle._sweep()
    finally:
        over.set()
        for each in others:
            each.join()
