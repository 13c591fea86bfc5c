"""Statements of the register's own connections on PostgreSQL: together, prepared, in order, and never two in one."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from seloste.store.dialects.postgresql import PostgresDatabase
from seloste.store.dialects.postgresql_connection import PostgresConnection
from seloste.store.dialects.postgresql_wire import Wire


@pytest.fixture
def database(pg_url: str) -> Iterator[PostgresDatabase]:
    found = PostgresDatabase(pg_url, schema="sent")
    with found.transaction() as conn:
        conn.execute("CREATE SCHEMA IF NOT EXISTS sent")
        conn.execute("DROP TABLE IF EXISTS said")
        conn.execute("CREATE TABLE said (id BIGINT PRIMARY KEY, word TEXT, part DOUBLE PRECISION, raw BYTEA)")
    yield found
    found.close()


VALUES: tuple[Any, ...] = ("", 'Ä "\\ {}\n', "x" * 3_000_000, None)


@pytest.mark.parametrize("word", VALUES, ids=["empty", "marks", "long", "none"])
def test_what_is_sent_is_what_is_kept(database: PostgresDatabase, word: str | None) -> None:
    row = {"id": 2**40, "word": word, "part": 0.1, "raw": b"\0\xff\\"}
    with database.transaction() as conn:
        for again in range(3):  # as it comes, prepared, and by what is prepared
            conn.send("DELETE FROM said WHERE id = :id", {"id": 2**40})
            conn.send("INSERT INTO said (id, word, part, raw) VALUES (:id, :word, :part, :raw)", row)
            found = conn.execute("SELECT id, word, part, raw FROM said")
            assert (found.keys, found.rowcount) == (("id", "word", "part", "raw"), 1), again
            assert found.first() == tuple(row.values())
        lists = conn.execute("SELECT :words::text[], :ids::bigint[]", {"words": [word, "a,b"], "ids": [1, 2**40]})
        assert lists.first() == ([word, "a,b"], [1, 2**40])


def test_nothing_of_a_transaction_stays_when_what_was_only_sent_fails(database: PostgresDatabase) -> None:
    for _ in range(3):
        with pytest.raises(psycopg.errors.UniqueViolation), database.transaction() as conn:
            conn.send("INSERT INTO said (id) VALUES (:id)", {"id": 1})
            conn.send("INSERT INTO said (id) VALUES (:id)", {"id": 1})
        with database.read() as conn:
            assert conn.execute("SELECT count(*) FROM said").all() == [(0,)]


def test_a_transaction_begins_with_what_it_asks(database: PostgresDatabase) -> None:
    with database.transaction() as conn:
        conn.execute("INSERT INTO said (id, word) VALUES (1, 'a')")
    for _ in range(3):
        with database.transaction(asking="SELECT id, word FROM said") as conn:
            assert conn.asked == [(1, "a")]
            conn.send("UPDATE said SET word = 'a'")


def test_answers_come_in_the_order_of_what_was_asked(database: PostgresDatabase) -> None:
    with database.transaction() as conn:
        assert conn.executemany("INSERT INTO said (id, word) VALUES (:id, 'a')", [{"id": n} for n in range(250)]) == 250
        asked = [("SELECT id FROM said WHERE id = :id", {"id": n}) for n in range(250)]
        assert [each.all() for each in conn.ask(asked)] == [[(n,)] for n in range(250)]


def test_tables_may_change_beneath_what_is_prepared(database: PostgresDatabase) -> None:
    with database.transaction() as conn:
        conn.execute("INSERT INTO said (id) VALUES (1)")
        for kind, value in (("BIGINT", 1), ("TEXT", "1")):
            conn.execute(f"ALTER TABLE said ALTER COLUMN id TYPE {kind}")
            for _ in range(3):
                assert conn.execute("SELECT id FROM said").first() == (value,)


@pytest.mark.parametrize("params", [{}, {"id": 1}])
def test_a_second_statement_behind_the_first_is_refused(database: PostgresDatabase, params: dict[str, int]) -> None:
    where = "WHERE id = :id" if params else ""
    for _ in range(3):
        with pytest.raises(psycopg.errors.SyntaxError), database.transaction() as conn:
            conn.execute(f"SELECT id FROM said {where}; DROP TABLE said", params)
    with database.read() as conn:
        assert conn.execute("SELECT id FROM said").all() == []


def test_half_a_text_is_refused_and_not_cut(database: PostgresDatabase) -> None:
    with pytest.raises(psycopg.DataError), database.transaction() as conn:
        conn.execute("INSERT INTO said (id, word) VALUES (1, :word)", {"word": "a\0b"})


def test_what_was_prepared_outlives_what_is_taken_back(pg_url: str, database: PostgresDatabase) -> None:
    """The driver has the server forget all of it when it rolls back, also what it has not prepared itself."""
    alone = PostgresDatabase(pg_url, schema="sent", size=1)
    sql = "SELECT count(*) FROM said WHERE id = :id"
    for _ in range(4):
        for _ in range(3):
            with alone.read() as reading:
                # Through the driver, which prepares it too.
                assert PostgresConnection.fetch(reading, sql, {"id": 1}) == [(0,)]  # type: ignore[arg-type]
            with alone.transaction() as conn:
                assert conn.execute(sql, {"id": 1}).all() == [(0,)]
        with pytest.raises(psycopg.errors.UndefinedTable), alone.transaction() as conn:
            conn.execute(sql, {"id": 1})
            conn.execute("SELECT 1 FROM nothing")
    alone.close()


def test_what_only_the_driver_can_write_is_left_to_it(database: PostgresDatabase) -> None:
    moment = dt.datetime(2026, 11, 25, 9, 12, tzinfo=dt.UTC)
    with database.transaction() as conn:
        conn.send("INSERT INTO said (id, word) VALUES (1, 'a')")
        assert conn.execute("SELECT :at::timestamptz, word FROM said", {"at": moment}).all() == [(moment, "a")]
    with database.read() as conn:
        assert conn.execute("SELECT id FROM said").all() == [(1,)]


def test_statements_travel_beneath_the_driver_in_one_round_trip(
    database: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(psycopg.Connection, "pipeline", None)
    asked: list[int] = []
    run = Wire.run

    def noted(wire: Wire, said: Any, **how: Any) -> Any:
        asked.append(len(said))
        return run(wire, said, **how)

    monkeypatch.setattr(Wire, "run", noted)
    with database.transaction() as conn:
        for number in range(5):
            conn.send("INSERT INTO said (id) VALUES (:id)", {"id": number})
        assert conn.execute("SELECT count(*) FROM said").all() == [(5,)]
        conn.send("DELETE FROM said")
        assert conn.fetch("SELECT count(*), :word::text FROM said", {"word": None}) == [(0, None)]
    assert asked == [6, 2, 0]


def test_others_of_the_program_work_while_an_answer_is_waited_for(database: PostgresDatabase) -> None:
    with database.transaction() as conn:
        conn.execute("INSERT INTO said (id) VALUES (1)")
    waiting = threading.Thread(target=lambda: _update(database))
    with database.transaction() as conn:
        conn.execute("UPDATE said SET word = 'a'")
        waiting.start()
        time.sleep(0.3)
        assert waiting.is_alive()
    waiting.join(10)
    assert not waiting.is_alive()


def _update(database: PostgresDatabase) -> None:
    with database.transaction() as conn:
        conn.execute("UPDATE said SET word = 'b'")


def test_a_read_sees_one_moment_and_writes_nothing(database: PostgresDatabase) -> None:
    with database.read() as conn:
        assert conn.execute("SELECT count(*) FROM said").all() == [(0,)]
        with database.transaction() as other:
            other.execute("INSERT INTO said (id) VALUES (1)")
        assert conn.execute("SELECT count(*) FROM said").all() == [(0,)]
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), database.read() as conn:
        conn.execute("DELETE FROM said")
    with database.transaction() as conn:
        assert conn.execute("SHOW transaction_isolation").all() == [("read committed",)]
        assert conn.execute("DELETE FROM said").rowcount == 1
