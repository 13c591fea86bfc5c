"""The journal: what it takes, how it chains, and that nothing can be changed in it unseen, on both engines."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from seloste.settings import Durability
from seloste.store import journal, journal_tables
from seloste.store.engine import Connection, Database, StoreError, open_database
from seloste.store.journal import Entry, JournalError, ReadJournal, append, append_all, verify
from seloste.store.journal_pages import Query, Words, entry, first_at, page, was_named

OTHERS = "at, actor, lens, verb, kind, person, persons, items, count, outcome, note, hash"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = open_database(database_url)
    with opened.transaction() as conn:
        journal_tables.create(conn)
    yield opened
    opened.close()


@pytest.fixture
def look(fixed_now: datetime) -> Entry:
    return Entry(fixed_now, "a1", "sales", "look", "person", (12,), ("first_name", "phone"))


def count(database: Database) -> int:
    with database.read() as conn:
        return int(conn.execute("SELECT count(*) FROM journal").all()[0][0])


def unguarded(database: Database, *statements: str) -> None:
    """Do what somebody could who may write the file itself: take the guards away, then change what stands there."""
    with database.transaction() as conn:
        if conn.dialect == "sqlite":
            names = conn.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").all()
            for (name,) in names:
                conn.execute(f"DROP TRIGGER {name}")
        else:
            conn.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            assert conn.execute(statement).rowcount == 1, statement


def fill(database: Database, entry: Entry, number: int = 6) -> None:
    with database.transaction() as conn:
        for i in range(number):
            append(conn, replace(entry, persons=tuple(range(i)), at=entry.at + timedelta(minutes=i)))


# --- the chain --------------------------------------------------------------------------------------------------------


def test_an_untouched_journal_is_whole(database: Database, look: Entry) -> None:
    assert verify(database) == journal.JournalReport(True, 0, None, journal.Head(0, journal.FIRST_SEAL))
    fill(database, look)
    report = verify(database)
    assert (report.ok, report.count, report.first_bad, report.head.seq) == (True, 6, None, 6)


def test_one_by_one_and_together_make_the_same_chain(database: Database, look: Entry) -> None:
    entries = [replace(look, count=i, persons=tuple(range(i))) for i in range(5)]
    with database.transaction() as conn:
        assert append_all(conn, entries) == 5
        together = journal.head(conn)
    with open_database("sqlite:///:memory:").transaction() as conn:
        journal_tables.create(conn)
        for entry in entries:
            append(conn, entry)
        assert journal.head(conn) == together


@pytest.mark.parametrize(
    ("deed", "first_bad"),
    [
        (["UPDATE journal SET actor = 'a2' WHERE seq = 3"], 3),
        (["UPDATE journal SET at = '2026-11-25T07:12:01Z' WHERE seq = 2"], 2),
        (["UPDATE journal SET persons = '[7]' WHERE seq = 2"], 2),
        (["UPDATE journal SET person = 9 WHERE seq = 2"], 2),
        (["UPDATE journal SET items = '[\"first_name\"]' WHERE seq = 4"], 4),
        (["UPDATE journal SET items = 'nonsense' WHERE seq = 4"], 4),
        (["UPDATE journal SET outcome = 'refused' WHERE seq = 1"], 1),
        (["UPDATE journal SET count = 99 WHERE seq = 6"], 6),
        (["UPDATE journal SET note = 'x' WHERE seq = 5"], 5),
        (["UPDATE journal SET hash = '00' WHERE seq = 5"], 5),
        (["DELETE FROM journal WHERE seq = 3"], 3),
        (["DELETE FROM journal WHERE seq = 1"], 1),
        (["DELETE FROM journal WHERE seq = 6"], 6),
        (["DELETE FROM journal_person WHERE seq = 3 AND person = 0"], 3),
        (["INSERT INTO journal_person (person, seq) VALUES (77, 4)"], 4),
        ([f"INSERT INTO journal SELECT 7, {OTHERS} FROM journal WHERE seq = 6"], 7),
        ([f"INSERT INTO journal SELECT -1, {OTHERS} FROM journal WHERE seq = 6"], -1),
        (["UPDATE journal SET seq = 100 WHERE seq = 2", "UPDATE journal SET seq = 2 WHERE seq = 3",
          "UPDATE journal SET seq = 3 WHERE seq = 100"], 2),
        (["UPDATE journal_head SET seq = 9"], 7),
        (["UPDATE journal_head SET hash = '00'"], 7),
    ],
)  # fmt: skip
def test_it_finds_what_was_changed_removed_put_in_or_moved(
    database: Database, look: Entry, deed: list[str], first_bad: int
) -> None:
    fill(database, look)
    unguarded(database, *deed)
    report = verify(database)
    assert not report.ok
    assert report.first_bad == first_bad


def test_a_tail_cut_off_with_the_head_set_back_is_found_by_a_seal_kept_elsewhere(
    database: Database, look: Entry
) -> None:
    fill(database, look)
    seal = verify(database).head.hash
    with database.read() as conn:
        before = conn.execute("SELECT hash FROM journal WHERE seq = 5").all()[0][0]
    unguarded(database, "DELETE FROM journal WHERE seq = 6", f"UPDATE journal_head SET seq = 5, hash = '{before}'")
    assert verify(database).ok
    with_seal = verify(database, seal=seal)
    assert (with_seal.ok, with_seal.seal_found) == (False, False)
    assert verify(database, seal=before).seal_found


def test_verification_reads_in_pages(database: Database, look: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "PAGE", 2)
    fill(database, look, 7)
    assert verify(database).count == 7
    assert verify(database).ok


# --- the guards -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET actor = 'a2'",
        "DELETE FROM journal",
        "DELETE FROM journal WHERE seq = 2",
        "UPDATE journal_person SET person = 1",
        "DELETE FROM journal_person",
        "DELETE FROM journal_head",
        "UPDATE journal_head SET seq = seq - 1",
        "UPDATE journal_head SET hash = '00'",
        "INSERT INTO journal_head (id, seq, hash) VALUES (1, 100, '00')",
    ],
)
def test_the_database_refuses_to_change_it(database: Database, look: Entry, statement: str) -> None:
    fill(database, look)

    def attempt(conn: Connection) -> None:
        conn.execute(statement)

    refused(database, attempt)
    assert verify(database).ok
    assert count(database) == 6


def refused(database: Database, deed: Callable[[Connection], None]) -> None:
    import sqlite3

    import psycopg

    with pytest.raises((sqlite3.DatabaseError, psycopg.Error)), database.transaction() as conn:
        deed(conn)


def test_replacing_an_entry_is_refused_too(sqlite_path: Path, look: Entry) -> None:
    database = open_database(f"sqlite:///{sqlite_path}")
    with database.transaction() as conn:
        journal_tables.create(conn)
    fill(database, look)
    for statement in (
        f"INSERT OR REPLACE INTO journal SELECT 2, {OTHERS} FROM journal WHERE seq = 6",
        "REPLACE INTO journal_person VALUES (0, 3)",
        "REPLACE INTO journal_head VALUES (1, 3, '00')",
    ):
        refused(database, lambda conn, statement=statement: (conn.execute(statement), None)[1])  # type: ignore[misc]
    assert verify(database).ok


def test_truncation_is_refused_on_postgresql(pg_url: str, look: Entry) -> None:
    database = open_database(pg_url)
    with database.transaction() as conn:
        journal_tables.create(conn)
    fill(database, look)
    for table in ("journal", "journal_person", "journal_head"):
        refused(database, lambda conn, table=table: (conn.execute(f"TRUNCATE {table}"), None)[1])  # type: ignore[misc]
    assert verify(database).count == 6
    database.close()


# --- what goes in -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["actor", "lens", "verb", "kind", "note", "items"])
@pytest.mark.parametrize("value", ["sari@havupumppu.example", "Sari Havukoski", "+358500000142", "a;b", "x" * 200])
def test_it_takes_no_values(look: Entry, where: str, value: str) -> None:
    if where == "items" and value == "x" * 200:
        value = "x y"
    with pytest.raises(JournalError):
        replace(look, **{where: (value,) if where == "items" else value})


def test_the_write_and_its_entry_go_together_or_not_at_all(database: Database, look: Entry) -> None:
    with pytest.raises(ZeroDivisionError), database.transaction() as conn:
        append(conn, look)
        raise ZeroDivisionError
    assert count(database) == 0
    assert verify(database).ok


def test_writers_at_once_make_one_chain(database: Database, look: Entry) -> None:
    def write() -> None:
        for _ in range(20):
            with database.transaction() as conn:
                append(conn, look)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    report = verify(database)
    assert (report.ok, report.count, report.head.seq) == (True, 80, 80)


# --- reads ------------------------------------------------------------------------------------------------------------


def until(true: Callable[[], bool], seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while not (met := true()) and time.monotonic() < end:
        time.sleep(0.01)
    return met


def test_a_read_is_committed_by_itself_in_a_moment(database: Database, look: Entry) -> None:
    reads = ReadJournal(database)
    reads.queue(look)
    assert until(lambda: count(database) == 1)
    for _ in range(3):
        reads.queue(look)
    assert until(lambda: count(database) == 4)
    assert verify(database).ok


def test_reads_are_committed_in_groups(database: Database, look: Entry) -> None:
    reads = ReadJournal(database)
    for _ in range(300):
        reads.queue(look)
    reads.close()
    assert count(database) == 300
    assert verify(database).ok
    with pytest.raises(StoreError):
        reads.queue(look)


def test_a_read_that_must_be_on_the_disk_waits_for_it(database: Database, look: Entry) -> None:
    reads = ReadJournal(database, Durability.EACH)

    def read() -> None:
        for _ in range(10):
            reads.queue(look)

    reads.queue(look)
    assert count(database) == 1
    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert count(database) == 41
    assert verify(database).ok


def test_a_reader_does_not_wait_for_a_long_write(database: Database, look: Entry) -> None:
    reads = ReadJournal(database)
    with database.transaction() as conn:
        append(conn, look)
        began = time.monotonic()
        done = threading.Event()

        def read() -> None:
            for _ in range(200):
                reads.queue(look)
            done.set()

        threading.Thread(target=read).start()
        assert done.wait(5)
        assert time.monotonic() - began < 2
    assert until(lambda: count(database) == 201)
    assert verify(database).ok


def test_nothing_is_shown_unjournaled_when_entries_cannot_be_written(
    sqlite_path: Path, look: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = open_database(f"sqlite:///{sqlite_path}")
    monkeypatch.setattr(journal, "MOST_WAITING", 5)
    reads = ReadJournal(database)  # the journal's tables are not there yet
    for _ in range(5):
        reads.queue(look)
    with pytest.raises(StoreError, match="could not be journaled"):
        reads.queue(look)
    with database.transaction() as conn:
        journal_tables.create(conn)
    reads.close()
    assert count(database) == 6, "what waited is not lost"


def test_the_end_of_the_program_commits_what_waits(sqlite_path: Path) -> None:
    program = f"""
        from datetime import datetime, UTC
        from seloste.store.engine import open_database
        from seloste.store import journal, journal_tables
        database = open_database("sqlite:///{sqlite_path}")
        with database.transaction() as conn:
            journal_tables.create(conn)
        reads = journal.ReadJournal(database)
        reads.queue(journal.Entry(datetime.now(UTC), "a1", "sales", "look"))
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=True, timeout=30)
    assert count(open_database(f"sqlite:///{sqlite_path}")) == 1


# --- the page ---------------------------------------------------------------------------------------------------------


def test_it_is_read_by_who_about_whom_what_and_when(database: Database, look: Entry) -> None:
    with database.transaction() as conn:
        append(conn, look)
        append(conn, replace(look, actor="a2", persons=(12, 13, 14), verb="list", at=look.at + timedelta(days=1)))
        append(conn, replace(look, persons=(13,), verb="change", at=look.at + timedelta(days=2)))
        append(conn, replace(look, persons=(), outcome="refused", at=look.at + timedelta(days=3)))
    with database.read() as conn:

        def found(**query: object) -> list[int]:
            return [written.seq for written in page(conn, Query(**query)).entries]  # type: ignore[arg-type]

        assert found() == [4, 3, 2, 1]
        assert found(persons=(12,)) == [2, 1]
        assert found(persons=(13,)) == [3, 2]
        assert found(persons=(99,)) == found(persons=()) == []
        assert found(persons=(14, 99, 12)) == [2, 1]
        assert found(actor="a2") == [2]
        assert found(verb="change") == [3]
        assert found(outcome="refused") == [4]
        assert found(since=look.at + timedelta(days=1), until=look.at + timedelta(days=2)) == [2]
        assert found(persons=(13,), actor="a1", limit=1) == [3]
        words = Words()
        assert words.look(conn) == words.look(conn) == (("a1", "a2"), ("change", "list", "look"))
        assert first_at(conn) == look.at
        third = entry(conn, 3)
        assert third is not None
        assert (third.seq, third.entry.verb) == (3, "change")
        assert entry(conn, 5) is entry(conn, 0) is None
        first = page(conn, Query(limit=3))
        assert first.older == 2
        last = page(conn, Query(limit=3, before=first.older))
        assert [w.seq for w in last.entries] == [1]
        assert last.older is None
        assert last.entries[0].entry == look
        assert last.entries[0].previous == journal.FIRST_SEAL
        assert first.entries[-1].previous == last.entries[0].hash


def test_the_words_of_a_journal_are_read_from_where_the_last_look_ended(database: Database, look: Entry) -> None:
    words = Words()
    for verb, known in (("look", ("look",)), ("change", ("change", "look")), ("look", ("change", "look"))):
        with database.transaction() as conn:
            append(conn, replace(look, verb=verb))
        with database.read() as conn:
            assert words.look(conn) == (("a1",), known)
    unguarded(database, "DELETE FROM journal WHERE verb = 'change'", "DELETE FROM journal WHERE seq = 3")
    with database.read() as conn:
        assert words.look(conn) == (("a1",), ("look",)), "another journal stands in its place"


def test_entries_about_a_person_are_found_in_every_block_of_numbers(database: Database, look: Entry) -> None:
    number = 2 * 2**journal_tables.BLOCK + 5
    whom = [(n % 1000,) if n % 3 else (n % 1000, n % 7) for n in range(1, number + 1)]
    with database.transaction() as conn:
        append_all(conn, [replace(look, persons=persons) for persons in whom])
    expected = [n for n, persons in enumerate(whom, 1) if 3 in persons or 999 in persons]
    assert {n >> journal_tables.BLOCK for n in expected} == {0, 1, 2}
    with database.read() as conn:
        found = page(conn, Query(persons=(3, 999), limit=number)).entries
        assert [each.seq for each in found] == expected[::-1]
        assert was_named(conn, 999, "sales") and was_named(conn, 3, "sales")
        assert not was_named(conn, 999, "care") and not was_named(conn, 1000, "sales")
        if conn.dialect == "sqlite":
            # Each block is looked into by an index, however many entries there are.
            plans = conn.execute(
                f"EXPLAIN QUERY PLAN {journal_tables.BLOCKS} SELECT e.seq FROM block CROSS JOIN journal e"
                f" WHERE {journal_tables.in_block('e')} AND e.person IN (1, 2) UNION ALL SELECT p.seq FROM block"
                f" CROSS JOIN journal_person p WHERE {journal_tables.in_block('p')} AND p.person IN (1, 2)"
            ).all()
            used = " ".join(str(row[-1]) for row in plans)
            assert "journal_of_person" in used and "journal_person_once" in used
    assert verify(database).ok


def test_what_is_hashed_is_the_facts_as_json_in_order(database: Database, look: Entry) -> None:
    odd = replace(look, actor="väinö", persons=(3, 1, 2), items=("a", "ä\nb"), note="x:y", outcome="refused", count=0)
    with database.transaction() as conn:
        append_all(conn, [look, odd, replace(look, persons=(), items=(), kind="", lens="")])
    assert verify(database).ok
    assert verify(database).count == 3
