"""What an answer does not say may still show in whether it comes: errors, costs and order must tell nothing hidden."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.attacks.tries import Lens, each_lens
from tests.attacks.world import NOW, World

from seloste.store.dialects import sqlite_lens
from seloste.store.dialects.postgresql_lens import lens_schema, login_of, place_of
from seloste.store.dialects.sqlite import SqliteDatabase
from seloste.store.dialects.sqlite_check import order_fault
from seloste.store.dialects.sqlite_lens import SqliteLens
from seloste.store.engine import quote
from seloste.store.placed import here

# {k} is a kind, {c} a column of it, {o} another kind; probe() tells which values it was asked about.
SHAPES = [
    "SELECT count(id) FROM {k} WHERE probe({c})",
    "SELECT id FROM {k} WHERE id BETWEEN 1 AND 100 AND probe({c})",
    "SELECT id FROM {k} WHERE sys_source = 'subject' AND probe({c})",
    "SELECT id FROM {k} WHERE {c} IS NOT NULL AND probe({c})",
    "SELECT id FROM {k} WHERE {c} IS NULL OR probe({c})",
    "SELECT id FROM {k} WHERE (id = 1 AND probe({c})) OR (id = 2 AND probe({c})) OR (id = 3 AND probe({c}))",
    "SELECT id FROM {k} WHERE id IN (1, 2, 3, 4, 5) AND probe({c})",
    "SELECT count(p.id) FROM {k} p JOIN {k} q ON p.{c} = q.{c} WHERE probe(p.{c}) AND probe(q.{c})",
    "SELECT count(p.id) FROM {k} p JOIN {k} q ON p.id = q.id AND probe(q.{c})",
    "SELECT count(p.id) FROM {k} p LEFT JOIN {k} q ON p.{c} = q.sys_source AND probe(q.{c})",
    "SELECT count(p.id) FROM {o} p LEFT JOIN {k} q ON p.id = q.id AND probe(q.{c})",
    "SELECT count(q.id) FROM {k} q RIGHT JOIN {o} p ON p.id = q.id AND probe(q.{c})",
    "SELECT count(q.id) FROM {k} q FULL JOIN {o} p ON p.id = q.id AND probe(q.{c})",
    "SELECT count(p.id) FROM {o} p CROSS JOIN {k} q WHERE q.id = p.id AND probe(q.{c})",
    "SELECT count(p.id) FROM {k} q CROSS JOIN {o} p WHERE q.id = p.id AND probe(q.{c})",
    "SELECT count(p.id) FROM {o} p WHERE EXISTS (SELECT 1 FROM {k} q WHERE q.id = p.id AND probe(q.{c}))",
    "SELECT count(p.id) FROM {o} p WHERE p.id IN (SELECT q.id FROM {k} q WHERE probe(q.{c}))",
    "SELECT count(p.id) FROM {o} p WHERE p.id NOT IN (SELECT q.id FROM {k} q WHERE probe(q.{c}))",
    "SELECT (SELECT max(q.id) FROM {k} q WHERE q.id >= p.id AND probe(q.{c})) FROM {o} p",
    "SELECT {c}, count(id) FROM {k} WHERE probe({c}) GROUP BY {c} HAVING probe({c})",
    "SELECT id FROM {k} ORDER BY probe({c}), id LIMIT 3",
    "SELECT DISTINCT probe({c}) FROM {k}",
    "SELECT min({c}), max(id) FROM {k} WHERE probe({c})",
    "SELECT x FROM (SELECT {c} AS x FROM {k}) z WHERE probe(x)",
    "SELECT x FROM (SELECT {c} AS x FROM {k} LIMIT 100) z WHERE probe(x)",
    "SELECT x FROM (SELECT {c} AS x FROM {k} UNION ALL SELECT {c} FROM {k}) z WHERE probe(x)",
    "SELECT x FROM (SELECT {c} AS x FROM {k} UNION SELECT {c} FROM {k}) z WHERE probe(x)",
    "SELECT x FROM (SELECT {c} AS x FROM {k} EXCEPT SELECT {c} FROM {k} WHERE id = 1) z WHERE probe(x)",
    "WITH w AS (SELECT {c} AS x FROM {k}) SELECT count(x) FROM w WHERE probe(x)",
    "WITH w AS MATERIALIZED (SELECT {c} AS x FROM {k}) SELECT count(x) FROM w WHERE probe(x)",
    "WITH w AS NOT MATERIALIZED (SELECT {c} AS x FROM {k}) SELECT 1 FROM w a, w b WHERE probe(a.x) AND probe(b.x)",
    "SELECT CASE WHEN probe({c}) THEN 1 END FROM {k}",
    "SELECT coalesce(NULL, probe({c})) FROM {k} WHERE id > 0",
    "SELECT id FROM {k} WHERE NOT probe({c})",
    "SELECT id FROM {k} WHERE ({c}, probe({c})) IN (SELECT {c}, probe({c}) FROM {k})",
]


SAID = {None, "subject"}
"""What a statement says itself: a column that it sets equal to a constant may be replaced by that."""


def _numbers_in(statement: str) -> set[int]:
    return {int(number) for number in re.findall(r"id = (\d+)", statement)}


def _shapes(lens: Lens, kind: str) -> Iterator[tuple[str, str]]:
    """(column, statement) for the id, what came with the row, a reference, the first and the last item shown."""
    table = lens.store.register.tables[kind]
    items = [item for item in lens.store.register.lenses[lens.key].shows[kind] if table.kind.items[item].type != "ref"]
    pointing = [column.name for column in table.of_role("reference")]
    with lens.store.through(lens.key, NOW) as conn:
        known = conn.execute(f"SELECT * FROM {quote(kind)}").keys
    other = quote(lens.shown[0])
    for column in dict.fromkeys(["id", "sys_source", *pointing[:1], *items[:1], *items[-1:]]):
        if column in known:
            for shape in SHAPES:
                yield column, shape.format(k=quote(kind), c=quote(column), o=other)


@pytest.fixture(params=[False, True], ids=["plain", "analyzed"])
def copy(request: pytest.FixtureRequest, on_sqlite: World, tmp_path: Path) -> dict[str, str]:
    """Register -> a copy of its file; the second time with the statistics that ANALYZE gathers."""
    found = {}
    for register in on_sqlite.marks:
        database = here(on_sqlite.store(register).database)
        assert isinstance(database, SqliteDatabase)
        database.truncate_log()
        found[register] = str(shutil.copy(database.path, tmp_path / f"{register}.db"))
        if request.param:
            with sqlite3.connect(found[register]) as conn:
                conn.execute("ANALYZE")
            conn.close()
    return found


def test_sqlite_asks_nothing_of_a_row_that_is_hidden(
    on_sqlite: World, copy: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A function in a caller's statement, put wherever it may stand, is never called with a value of a hidden row."""
    monkeypatch.setattr(sqlite_lens, "FUNCTIONS", sqlite_lens.FUNCTIONS | {"probe"})
    asked: set[Any] = set()
    tried = 0
    for lens in each_lens(on_sqlite):
        path = copy[lens.store.register.notice.register]
        raw = SqliteLens(path, lens.store.register, lens.store.register.lenses[lens.key])._open()
        raw.create_function("probe", 1, lambda value: asked.add(value) or 1, deterministic=True)
        for kind in lens.shown:
            assert order_fault(raw, kind) is None
            for column, statement in _shapes(lens, kind):
                shown = {value for (value,) in raw.execute(f"SELECT {quote(column)} FROM {quote(kind)}")} | SAID
                asked.clear()
                raw.execute(statement).fetchall()
                tried += bool(asked)
                assert asked <= shown | _numbers_in(statement), (lens.key, statement)
        raw.close()
    assert tried > 1000


def test_postgresql_asks_nothing_of_a_row_that_is_hidden(on_postgresql: World) -> None:
    """The same with a function that costs nothing, so that the planner would like to call it first."""
    asked: list[str] = []
    tried = 0
    for lens in each_lens(on_postgresql):
        with lens.store.database.transaction() as conn:
            name, schema = place_of(conn)
            place, login = lens_schema(name, schema, lens.key), login_of(name, schema, lens.key)
            conn.execute(
                f"CREATE FUNCTION {quote(place)}.probe(anycompatible) RETURNS boolean LANGUAGE plpgsql IMMUTABLE"
                " COST 0.0000001 AS 'BEGIN RAISE NOTICE ''%'', coalesce($1::text, ''NULL''); RETURN true; END'"
            )
            conn.execute(f"GRANT EXECUTE ON FUNCTION {quote(place)}.probe TO {quote(login)}")
        lens.raw.add_notice_handler(lambda told: asked.append(told.message_primary))
        for kind in lens.shown:
            for column, statement in _shapes(lens, kind):
                shown = {
                    str(value)
                    for (value,) in lens.raw.execute(f"SELECT {quote(column)}::text FROM {quote(kind)}").fetchall()
                    if value is not None
                }
                asked.clear()
                try:
                    lens.raw.execute(statement.replace("probe(", f"{quote(place)}.probe("))
                except psycopg.Error:
                    lens.raw.rollback()  # not every shape is a statement on both engines
                tried += bool(asked)
                assert set(asked) - {"NULL"} <= shown, (lens.key, statement)
        lens.raw.rollback()
        with lens.store.database.transaction() as conn:
            conn.execute(f"DROP FUNCTION {quote(place)}.probe")
    assert tried > 1000


def test_a_condition_on_no_column_does_not_tell_whether_a_hidden_row_is_there(
    on_sqlite: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_lens, "FUNCTIONS", sqlite_lens.FUNCTIONS | {"probe"})
    asked: list[int] = []
    for lens in each_lens(on_sqlite):
        database = here(lens.store.database)
        assert isinstance(database, SqliteDatabase)
        raw = SqliteLens(database.path, lens.store.register, lens.store.register.lenses[lens.key])._open()
        raw.create_function("probe", 1, lambda value: asked.append(value) or 1)
        for kind in lens.shown:
            shown = {row for (row,) in raw.execute(f"SELECT id FROM {quote(kind)}")}
            with database.read() as conn:
                there = {int(row) for (row,) in conn.execute(f"SELECT id FROM {quote(kind)}")}
            counts = []
            for row in [*sorted(there - shown)[:1], 10**9]:
                asked.clear()
                raw.execute(f"SELECT id FROM {quote(kind)} WHERE id = ? AND probe((SELECT 1))", (row,)).fetchall()
                counts.append(len(asked))
            assert len(set(counts)) == 1, (lens.key, kind)
        raw.close()


SQLITE_FAILURES = [
    "abs(-9223372036854775807 - 1)",
    "'a' LIKE 'b' ESCAPE 'long'",
    "(SELECT sum(x) FROM (SELECT 9223372036854775807 AS x UNION ALL SELECT 9223372036854775807))",
    "x'00' || {c} LIKE {c} || '%' ESCAPE {c}",
]
POSTGRESQL_FAILURES = [
    "1 / (id - id)",
    "({c}::text || 'x')::int",
    "(('x' || {c}::text)::date IS NULL)::int",
    "1 / (id - id)::numeric",
]


def test_a_failure_tells_nothing_of_what_is_hidden(world: World) -> None:
    """A statement that fails when a cell begins with a hidden text ends as it does for a text that is nowhere."""
    failures = SQLITE_FAILURES if world.dialect == "sqlite" else POSTGRESQL_FAILURES
    for lens in each_lens(world):
        hidden = world.hidden(lens.store, lens.key)
        marks = world.marks[lens.store.register.notice.register]
        for kind in lens.shown:
            texts = sorted(mark for mark in hidden if marks[mark][0] == kind)[:3]
            for item in lens.store.register.lenses[lens.key].shows[kind]:
                for text in [each for each in texts if marks[each][1] == item]:
                    for failure in failures:
                        outcomes = [
                            lens.through(_failing(quote(kind), quote(item), wanted, failure)) is None
                            for wanted in (text, "MarkNowhere")
                        ]
                        assert outcomes == [False, False], (lens.key, kind, item, failure)


def test_a_failure_on_what_is_shown_is_a_failure(world: World) -> None:
    """So that the test above is one: the same statements do fail on a text that the lens shows."""
    failures = SQLITE_FAILURES if world.dialect == "sqlite" else POSTGRESQL_FAILURES
    lens = next(each_lens(world))
    with lens.store.through(lens.key, NOW) as conn:
        (text,) = conn.execute("SELECT max(last_name) FROM person").all()[0]
    for failure in failures:
        assert lens.through(_failing("person", "last_name", text, failure)) is None


def _failing(kind: str, column: str, text: str, failure: str) -> str:
    failing = failure.format(c=column)
    return f"SELECT id FROM {kind} WHERE CASE WHEN {column} LIKE '{text}%' THEN {failing} ELSE 1 END IS NOT NULL"


def test_order_and_aggregates_tell_nothing_of_what_is_hidden(world: World) -> None:
    for lens in each_lens(world):
        hidden = world.hidden(lens.store, lens.key)
        for kind in lens.shown:
            for item in lens.store.register.lenses[lens.key].shows[kind]:
                column = quote(item)
                for statement in (
                    f"SELECT max({column}), min({column}), count({column}) FROM {quote(kind)}",
                    f"SELECT {column} FROM {quote(kind)} ORDER BY {column} DESC",
                    f"SELECT {column}, count(id) FROM {quote(kind)} GROUP BY {column}",
                ):
                    answer = repr(lens.through(statement))
                    assert not [mark for mark in hidden if mark in answer], (lens.key, statement)


def test_the_order_of_reading_would_be_seen_to_be_wrong(on_sqlite: World) -> None:
    """The check that ``serve`` makes sees a view that reads a row before it is judged."""
    from seloste.compiler.views import view

    store = on_sqlite.store("fluiconnecto_customers")
    database = here(store.database)
    assert isinstance(database, SqliteDatabase)
    with sqlite3.connect(database.path) as raw:
        open_view = view(store.register, store.register.lenses["sales"], "person", "sqlite", barred=False)
        raw.execute(f"CREATE TEMP VIEW person AS {open_view.sql}")
        assert order_fault(raw, "person") is not None
    raw.close()
