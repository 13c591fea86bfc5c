"""What both engines must refuse: other tables, other lenses, names taken for a view's, writes, tables of the system."""

from __future__ import annotations

import pytest
from tests.attacks.tries import Lens, each_lens, got_through, let_out
from tests.attacks.world import NOW, World

from seloste.store.engine import quote


def system_tables(lens: Lens) -> list[str]:
    """Every table of the register that is no kind's: search keys, the notice, the journal, whatever else there is."""
    sql = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        if lens.world.dialect == "sqlite"
        else "SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = current_schema()"
    )
    with lens.store.database.read() as conn:
        found = {str(name) for (name,) in conn.execute(sql)} - set(lens.store.register.tables)
    assert {"sys_find", "sys_meta", "sys_notice", "sys_cell_source", "sys_clock", "journal"} <= found
    return sorted(found)


def test_the_world_hides_something_from_every_lens(world: World) -> None:
    for store, lens in world.lenses():
        seen = world.seen(store, lens)
        assert seen
        assert world.hidden(store, lens)
        assert [mark for mark in seen if mark.startswith("Markplain")]
        own = {
            mark
            for mark, (kind, _) in world.marks[store.register.notice.register].items()
            if kind == "person" and "restricted" in mark
        }
        assert own
        assert not own & seen


def _reads_of(base: str, kind: str) -> list[str]:
    return [
        f"SELECT * FROM {base}",
        f"SELECT count(*) FROM {base}",
        f"SELECT count(id) FROM {base}",
        f"SELECT 1 FROM {base}",
        f"SELECT id FROM {kind} UNION ALL SELECT id FROM {base}",
        f"SELECT (SELECT max(id) FROM {base})",
        f"SELECT * FROM {kind} WHERE EXISTS (SELECT 1 FROM {base})",
        f"SELECT * FROM {kind} WHERE id IN (SELECT id FROM {base})",
        f"SELECT * FROM {kind} k JOIN {base} b ON b.id = k.id",
        f"SELECT k.id FROM {kind} k LEFT JOIN {base} b ON b.id = k.id",
        f"SELECT k.id FROM {kind} k, {base}",
        f"SELECT k.id FROM {kind} k ORDER BY (SELECT max(id) FROM {base})",
        f"SELECT * FROM (SELECT * FROM {base}) AS {kind}",
        f"WITH x AS (SELECT * FROM {base}) SELECT * FROM x",
        f"WITH {kind} AS (SELECT * FROM {base}) SELECT * FROM {kind}",
        f"WITH {kind} AS (SELECT * FROM {base}), y AS (SELECT * FROM {kind}) SELECT * FROM y",
        f"WITH RECURSIVE {kind} AS (SELECT * FROM {base} UNION SELECT * FROM {base}) SELECT * FROM {kind}",
        f"SELECT/**/*/**/FROM/**/{base}",
        f"select * from {base} -- as a list",
        f"SELECT 1; SELECT * FROM {base}",
    ]


def test_no_base_table_is_read(world: World) -> None:
    for lens in each_lens(world):
        tables = [*_some(lens), *lens.withheld[:2]]
        statements = [each for table in tables for each in _reads_of(lens.base(table), quote(lens.shown[0]))]
        assert got_through(lens, statements) == []


def test_no_table_of_the_system_is_read(world: World) -> None:
    for lens in each_lens(world):
        tables = system_tables(lens)
        statements = [f"SELECT * FROM {name}" for table in tables for name in (table, lens.base(table))]
        first = quote(lens.shown[0])
        statements += [f"WITH {first} AS (SELECT * FROM {table}) SELECT * FROM {first}" for table in tables]
        assert got_through(lens, statements) == []


def test_no_kind_is_read_that_the_lens_does_not_show(world: World) -> None:
    for lens in each_lens(world):
        assert lens.withheld
        assert got_through(lens, [f"SELECT * FROM {quote(kind)}" for kind in lens.withheld]) == []


def test_no_other_lens_is_read(world: World) -> None:
    for lens in each_lens(world):
        statements = [
            f"SELECT * FROM {quote(schema)}.{quote(kind)}"
            for schema in lens.others()
            for kind in lens.store.register.tables
        ]
        statements += [f"WITH person AS ({each}) SELECT * FROM person" for each in statements[:20]]
        assert got_through(lens, statements) == []


def test_no_cell_is_read_that_the_lens_does_not_show(world: World) -> None:
    for lens in each_lens(world):
        statements = []
        for kind in lens.shown:
            columns = {column.name for column in lens.store.register.tables[kind].columns}
            with lens.store.through(lens.key, NOW) as conn:
                columns -= set(conn.execute(f"SELECT * FROM {quote(kind)}").keys)
            statements += [f"SELECT {quote(column)} FROM {quote(kind)} v" for column in columns]
            statements += [f"SELECT id FROM {quote(kind)} v ORDER BY v.{quote(column)}" for column in columns]
        assert statements
        # SQLite takes a name in double quotes that it does not know for a text; it then gives that text.
        assert let_out(lens, statements) == []
        named = [each for each in statements if "ORDER" in each]
        assert got_through(lens, named) == []


def _writes(base: str, kind: str) -> list[str]:
    return [
        f"INSERT INTO {kind} (id) VALUES (990001)",
        f"INSERT INTO {base} (id) VALUES (990001)",
        f"UPDATE {kind} SET id = 990001",
        f"UPDATE {base} SET sys_source = 'x'",
        f"DELETE FROM {kind}",
        f"DELETE FROM {base}",
        f"WITH x AS (DELETE FROM {base} RETURNING *) SELECT * FROM x",
        f"WITH x AS (SELECT 1) DELETE FROM {base}",
        f"DROP VIEW {kind}",
        f"DROP TABLE {base}",
        f"ALTER TABLE {base} ADD COLUMN x text",
        "CREATE TABLE sys_try (x text)",
        "CREATE TEMP TABLE sys_try (x text)",
        f"CREATE TABLE sys_try AS SELECT * FROM {kind}",
        f"CREATE TEMP VIEW sys_try AS SELECT * FROM {base}",
        f"CREATE VIEW sys_try AS SELECT * FROM {base}",
        f"CREATE INDEX sys_try ON {base} (id)",
        f"SELECT * INTO sys_try FROM {kind}",
        f"SELECT 1; DELETE FROM {base}",
    ]


def test_nothing_is_written(world: World) -> None:
    for lens in each_lens(world):
        before = _everything(lens)
        for kind in _some(lens):
            assert got_through(lens, _writes(lens.base(kind), quote(kind))) == []
        assert _everything(lens) == before


def test_one_statement_is_run_at_a_time(world: World) -> None:
    for lens in each_lens(world):
        statements = ["SELECT 1; SELECT 2", "SELECT 1;\nCOMMIT", "SELECT 1; ROLLBACK; SELECT 2", "SELECT 1;;SELECT 2"]
        assert got_through(lens, statements) == []


@pytest.mark.parametrize(
    "statement",
    [
        "EXPLAIN SELECT * FROM person",
        "EXPLAIN QUERY PLAN SELECT * FROM person",
        "EXPLAIN (ANALYZE, FORMAT JSON) SELECT * FROM person",
        "/* a list */ EXPLAIN SELECT * FROM person",
        "-- a list\nEXPLAIN SELECT * FROM person",
        "VALUES (1)",
        "TABLE person",
        "SHOW ALL",
        "SET statement_timeout = 0",
        "RESET ALL",
        "BEGIN",
        "COMMIT",
        "PRAGMA table_list",
        "ANALYZE",
        "VACUUM",
        "(SELECT 1)",
        "SELECTx",
        "SELECT 1\0; SELECT 2",
        "",
        ";",
    ],
)
def test_only_a_plain_select_passes(world: World, statement: str) -> None:
    for lens in each_lens(world):
        assert lens.through(statement) is None


def test_what_passes_shows_only_what_the_lens_shows(world: World) -> None:
    """Statements that are allowed, written to reach further: the answer holds no mark that the lens hides."""
    for lens in each_lens(world):
        statements = []
        for kind in lens.shown:
            name = quote(kind)
            statements += [
                f"SELECT * FROM {name}",
                f"SELECT * FROM {name} WHERE 1 = 1 OR 1 = 1",
                f"SELECT * FROM {name} WHERE id > 0 UNION SELECT * FROM {name}",
                f"SELECT * FROM {name} a LEFT JOIN {name} b ON a.id <> b.id",
                f"SELECT * FROM {name} a RIGHT JOIN {name} b ON a.id <> b.id",
                f"SELECT * FROM {name} a FULL JOIN {name} b ON a.id = b.id + 1",
                f"SELECT * FROM {name} WHERE id NOT IN (SELECT id FROM {name} WHERE id < 0)",
                f"SELECT min(sys_source), max(sys_recorded_at) FROM {name}",
                f"SELECT * FROM {name} ORDER BY id DESC LIMIT 1000 OFFSET 0",
                f"WITH x AS (SELECT * FROM {name}) SELECT * FROM x a, x b",
                f"SELECT * FROM {name} EXCEPT SELECT * FROM {name} WHERE id = 1",
                f"SELECT DISTINCT a.* FROM {name} a JOIN {quote(lens.shown[0])} b ON 1 = 1",
            ]
        assert let_out(lens, statements) == []


def test_rows_that_are_hidden_are_not_counted(world: World) -> None:
    for lens in each_lens(world):
        for kind in lens.shown:
            listed = lens.through(f"SELECT id FROM {quote(kind)}")
            assert listed is not None
            for statement in (
                "SELECT count(*) FROM {}",
                "SELECT count(id) FROM {}",
                "SELECT count(1) FROM {} v WHERE 1 = 1",
            ):
                counted = lens.through(statement.format(quote(kind)))
                assert counted is None or counted == [(len(listed),)]
            # Counting ids is what a list is paged by, so that must work.
            assert lens.through(f"SELECT count(id) FROM {quote(kind)}") == [(len(listed),)]


def test_rows_are_reached_by_no_other_key(world: World) -> None:
    keys = ["rowid", "_rowid_", "oid", "ctid", "tableoid", "xmin", "xmax", "cmin"]
    for lens in each_lens(world):
        statements = [f"SELECT {key} FROM {quote(kind)} v" for kind in lens.shown for key in keys]
        assert got_through(lens, statements) == []


def _some(lens: Lens) -> list[str]:
    """A subject's kind and one that points at it."""
    return list(dict.fromkeys([lens.shown[0], lens.shown[-1]]))


def _everything(lens: Lens) -> list[object]:
    with lens.store.database.read() as conn:
        return [conn.execute(f"SELECT * FROM {quote(kind)} ORDER BY id").all() for kind in lens.store.register.tables]
