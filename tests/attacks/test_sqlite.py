"""What only SQLite's own words can try: its schema tables, pragmas, files, functions, plans, and its names."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.attacks.tries import Lens, each_lens, got_through
from tests.attacks.world import NOW, World
from tests.side_by_side import run_at_once

from seloste.store.dialects import sqlite_lens
from seloste.store.dialects.sqlite import SqliteDatabase
from seloste.store.dialects.sqlite_lens import INNER_LENGTH, LIMITS, SqliteLens
from seloste.store.engine import quote
from seloste.store.lens import LensRefusedError
from seloste.store.placed import here

STATEMENTS = [
    "SELECT * FROM sqlite_master",
    "SELECT * FROM sqlite_schema",
    "SELECT * FROM main.sqlite_master",
    "SELECT * FROM temp.sqlite_master",
    "SELECT * FROM sqlite_temp_master",
    "SELECT * FROM sqlite_temp_schema",
    "SELECT count(*) FROM sqlite_master",
    "SELECT * FROM sqlite_sequence",
    "SELECT * FROM sqlite_stat1",
    "SELECT * FROM sqlite_stat4",
    "SELECT * FROM pragma_table_info('person')",
    "SELECT * FROM pragma_table_xinfo('person')",
    "SELECT * FROM pragma_table_list",
    "SELECT * FROM pragma_index_list('person')",
    "SELECT * FROM pragma_database_list",
    "SELECT * FROM pragma_compile_options",
    "SELECT * FROM pragma_function_list",
    "SELECT * FROM pragma_query_only",
    "SELECT * FROM dbstat",
    "SELECT * FROM sqlite_dbpage",
    "SELECT * FROM sqlite_stmt",
    "SELECT * FROM bytecode('SELECT 1')",
    "SELECT * FROM tables_used('SELECT * FROM person')",
    "SELECT * FROM json_tree('[1]')",
    "SELECT * FROM generate_series(1, 10)",
    "SELECT * FROM fsdir('/')",
    "PRAGMA query_only = OFF",
    "PRAGMA writable_schema = ON",
    "PRAGMA table_info(person)",
    "PRAGMA database_list",
    "PRAGMA trusted_schema = ON",
    "PRAGMA key = 'x'",
    "PRAGMA temp_store_directory = '/'",
    "ATTACH DATABASE ':memory:' AS other",
    "ATTACH DATABASE 'file:other.db' AS other",
    "DETACH DATABASE main",
    "SELECT load_extension('other')",
    "SELECT readfile('/etc/hostname')",
    "SELECT writefile('other', 'x')",
    "SELECT fts3_tokenizer('simple')",
    "SELECT sqlite_version()",
    "SELECT sqlite_source_id()",
    "SELECT sqlite_compileoption_get(1)",
    "SELECT last_insert_rowid(), changes(), total_changes()",
    "SELECT zeroblob(1000000000)",
    "SELECT randomblob(1000000000)",
    "SELECT hex(zeroblob(100000000))",
    "SELECT printf('%.*c', 100000000, 'x')",
    "SELECT format('%.*c', 100000000, 'x')",
    "SELECT replace(replace('aaaaaaaa', 'a', 'aaaaaaaa'), 'a', 'aaaaaaaa')",
    "SELECT group_concat(id) FROM person",
    "SELECT char(0)",
    "SELECT quote('x')",
    "SELECT unicode('x')",
    "SELECT glob('*', 'x')",
    "SELECT 'x' GLOB '*'",
    "SELECT 'x' REGEXP '.*'",
    "SELECT 'x' MATCH 'x'",
    "SELECT person MATCH 'x' FROM person",
    "SELECT snippet(person) FROM person",
    "SELECT json('bad')",
    "SELECT json_extract('bad', '$')",
    "SELECT iif(1, random(), 2)",
    "SELECT sqlite_log(1, 'x')",
    "SELECT date('now')",
    "SELECT row_number() OVER () FROM person",
    "SELECT raise(ABORT, 'x')",
    "SELECT sqlite_rename_table(1, 2, 3, 4, 5, 6, 7)",
    "SELECT seloste_day('2026-11-25')",
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(x) FROM n",
    "REINDEX",
    "SAVEPOINT x",
    "REPLACE INTO person (id) VALUES (1)",
    "INSERT OR REPLACE INTO main.person (id) VALUES (1)",
    "CREATE TEMP TRIGGER sys_try AFTER UPDATE ON main.person BEGIN SELECT 1; END",
    "CREATE TEMP TRIGGER sys_try INSTEAD OF UPDATE ON person BEGIN DELETE FROM person; END",
    "CREATE VIRTUAL TABLE temp.sys_try USING fts5(x)",
    "CREATE VIRTUAL TABLE temp.sys_try USING dbstat(main)",
    "DROP TRIGGER sys_try",
]


def test_sqlites_own_doors_are_shut(on_sqlite: World) -> None:
    for lens in each_lens(on_sqlite):
        assert got_through(lens, STATEMENTS) == []


def test_a_list_of_numbers_is_read_and_no_table_that_takes_its_name(on_sqlite: World) -> None:
    for lens in each_lens(on_sqlite):
        assert lens.through("SELECT value FROM json_each('[1, 2]')") == [(1,), (2,)]
        base = lens.base("person")
        statements = [
            f"WITH json_each AS (SELECT * FROM {base}) SELECT * FROM json_each",
            "SELECT * FROM json_each('[')",
        ]
        assert got_through(lens, statements) == []
    guard = sqlite_lens._Guard({}, {}, ["json_each"])
    assert guard(sqlite3.SQLITE_READ, "json_each", "value", "main", None) == sqlite3.SQLITE_DENY


def test_hints_of_indexes_and_keys_are_refused(on_sqlite: World) -> None:
    for lens in each_lens(on_sqlite):
        base = lens.base("person")
        with lens.store.database.read() as conn:
            indexes = [str(name) for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'index'")]
        assert indexes
        statements = [f"SELECT id FROM person INDEXED BY {quote(index)}" for index in indexes]
        statements += [f"SELECT id FROM {base} INDEXED BY {quote(index)}" for index in indexes[:3]]
        statements += [
            f"SELECT id FROM {base} NOT INDEXED",
            "SELECT id FROM main.'person'",
            "SELECT id FROM [main].[person]",
        ]
        assert got_through(lens, statements) == []


def test_the_inner_names_cannot_be_written_even_by_whoever_knows_them(on_sqlite: World) -> None:
    """EXPLAIN on the bare connection tells an inner name; a table expression of that name would open a base table."""
    for lens in each_lens(on_sqlite):
        names = _inner_names(lens)
        assert names
        for kind, name in names.items():
            assert len(name) == INNER_LENGTH > LIMITS[sqlite3.SQLITE_LIMIT_SQL_LENGTH]
            base = lens.base(kind)
            for statement in (
                f"WITH {quote(name)} AS (SELECT * FROM {base}) SELECT * FROM {quote(name)}",
                f"SELECT * FROM {quote(name)}",
                f"SELECT * FROM temp.{quote(name)}",
                f"SELECT * FROM (SELECT * FROM {base}) AS {quote(name)}",
            ):
                assert lens.through(statement) is None
                assert lens.beneath(statement) is None


def test_a_shorter_name_would_open_every_table(on_sqlite: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the length is for: were it that of an ordinary name, knowing it would be enough."""
    monkeypatch.setattr(sqlite_lens, "INNER_LENGTH", 40)
    store = on_sqlite.store("fluiconnecto_customers")
    database = here(store.database)
    assert isinstance(database, SqliteDatabase)
    raw = SqliteLens(database.path, store.register, store.register.lenses["accountant"])._open()
    lens = Lens(on_sqlite, store, "accountant", raw)
    name = quote(_inner_names(lens)["person"])
    rows = lens.beneath(f"WITH {name} AS (SELECT last_name FROM main.person) SELECT * FROM {name}")
    assert on_sqlite.marks_in(store, rows) & on_sqlite.hidden(store, "accountant")
    raw.close()


def _inner_names(lens: Lens) -> dict[str, str]:
    """Kind -> the name of its inner view, as the connection's own schema has it, the guard put aside."""
    lens.raw.set_authorizer(None)
    lens.raw.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, 10_000_000)
    try:
        names = [str(name) for (name,) in lens.raw.execute("SELECT name FROM sqlite_temp_master WHERE type = 'view'")]
        texts = dict(lens.raw.execute("SELECT name, sql FROM sqlite_temp_master").fetchall())
    finally:
        lens.raw.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, LIMITS[sqlite3.SQLITE_LIMIT_SQL_LENGTH])
        views = sqlite_lens.lens_views(lens.store.register, lens.store.register.lenses[lens.key], "sqlite")
        inner = {kind: next(each for each in names if each not in views and each in texts[kind]) for kind in views}
        lens.raw.set_authorizer(sqlite_lens._Guard(views, inner))
    return inner


def test_when_the_tables_change_beneath_a_connection_it_is_not_used_again(on_sqlite: World, tmp_path: Path) -> None:
    """A statement then ends; one that lay idle is opened anew before it is used, and has no statistics either."""
    store = on_sqlite.store("fluiconnecto_customers")
    database = here(store.database)
    assert isinstance(database, SqliteDatabase)
    database.truncate_log()
    path = tmp_path / "copy.db"
    path.write_bytes(Path(database.path).read_bytes())
    reader = SqliteLens(str(path), store.register, store.register.lenses["sales"])

    def analyse() -> None:
        with sqlite3.connect(path) as other:
            other.execute("ANALYZE")
        other.close()

    with reader.read() as conn:
        before = conn.execute("SELECT id FROM person").all()
        analyse()
        with pytest.raises(LensRefusedError):
            conn.execute("SELECT id FROM person  ").all()
    for _ in range(2):
        with reader.read() as conn:
            assert conn.execute("SELECT id FROM person").all() == before
        analyse()
    with reader.read() as conn:
        assert conn.execute("SELECT id FROM person").all() == before
    with sqlite3.connect(path) as other:
        assert (
            other.execute("SELECT 1 FROM sqlite_master WHERE name LIKE 'sqlite\\_stat%' ESCAPE '\\'").fetchall() == []
        )
    other.close()
    reader.close()


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT count(a.id) FROM {a} a, {a} b, {a} c, {a} d, {a} e, {a} f, {a} g, {a} h, {a} i, {a} j, {a} k, {a} l"
        " WHERE a.sys_source || b.sys_source LIKE '%'",
        "SELECT a.id FROM {a} a, {a} b, {a} c, {a} d, {a} e, {a} f, {a} g, {a} h, {a} i, {a} j"
        " ORDER BY b.id || c.id || d.id",
    ],
)
def test_a_statement_without_end_is_stopped(on_sqlite: World, monkeypatch: pytest.MonkeyPatch, statement: str) -> None:
    monkeypatch.setattr(sqlite_lens, "MOST_STEPS", 50)
    lens = next(each_lens(on_sqlite))
    began = time.monotonic()
    with lens.store.through(lens.key, NOW) as conn, pytest.raises(LensRefusedError, match="took too long"):
        conn.execute(statement.format(a="organisation")).all()
    assert time.monotonic() - began < 20


def test_a_value_cannot_be_made_to_fill_the_memory(on_sqlite: World) -> None:
    """Each step doubles a text; it is refused before it is large."""
    steps = ", ".join(f"s{n} AS MATERIALIZED (SELECT x || x AS x FROM s{n - 1})" for n in range(1, 40))
    statement = f"WITH s0 AS MATERIALIZED (SELECT 'aaaaaaaaaa' AS x), {steps} SELECT length(x) FROM s39"
    for lens in each_lens(on_sqlite):
        assert lens.through(statement) is None


def test_an_error_on_a_later_row_is_told_in_our_words(on_sqlite: World) -> None:
    lens = next(each_lens(on_sqlite))
    failing = "CASE WHEN id = (SELECT max(id) FROM organisation) THEN abs(-9223372036854775807 - 1) END"
    statement = f"SELECT {failing} FROM organisation"
    assert lens.through(f"{statement} ORDER BY id") is None
    with lens.store.through(lens.key, NOW) as conn:
        rows = conn.execute(statement)
        with pytest.raises(LensRefusedError):
            list(rows)


@pytest.mark.parametrize("params", [{}, {"id": 2**70}, {"id": "\ud800"}, {"id": object()}, {"id": b"\0"}, {"id": "\0"}])
def test_a_value_that_cannot_be_bound_is_told_in_our_words(on_sqlite: World, params: dict[str, object]) -> None:
    lens = next(each_lens(on_sqlite))
    assert lens.through("SELECT id FROM person WHERE id = :id", params) in (None, [])


def test_a_connection_is_refused_once_it_was_given_back(on_sqlite: World) -> None:
    lens = next(each_lens(on_sqlite))
    with lens.store.through(lens.key, NOW) as conn:
        assert conn.execute("SELECT count(id) FROM person").all()
    with pytest.raises(LensRefusedError):
        conn.execute("SELECT count(id) FROM person")


def test_many_threads_read_at_once_and_each_what_its_lens_shows(world: World) -> None:
    expected = {
        (store.register.notice.register, lens): sorted(world.seen(store, lens)) for store, lens in world.lenses()
    }
    faults: list[object] = []

    def read() -> None:
        for store, lens in world.lenses():
            seen = sorted(world.seen(store, lens))
            if seen != expected[store.register.notice.register, lens]:
                faults.append((lens, seen))

    faults += run_at_once(*[read] * 8)
    assert faults == []


def test_a_row_is_found_by_its_id_and_not_by_reading_all(on_sqlite: World) -> None:
    for lens, kind in _kinds(on_sqlite):
        for condition in ("id = 1", "id IN (1, 2, 3)"):
            plan = lens.beneath(f"EXPLAIN QUERY PLAN SELECT * FROM {quote(kind)} WHERE {condition}")
            assert plan is not None
            steps = [str(step[3]) for step in plan]
            assert steps[0] == "SCAN c", steps
            assert all(step.startswith("SEARCH ") and "rowid=?" in step for step in steps[1:]), steps


def _kinds(world: World) -> Iterator[tuple[Lens, str]]:
    for lens in each_lens(world):
        for kind in lens.shown:
            yield lens, kind
