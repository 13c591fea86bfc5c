"""A register changed from one notice to another is the register the other would have been built as.

Applying twice is applying once, nothing of a removed item is left, and a step that fails leaves everything as it was.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rule.strategies import NOW, Drawn, changes, examples, histories, registers
from tests.rule.world import KEYS, Names, built, differences, do, new_place, writing

from seloste.compiler.plan import plan
from seloste.compiler.register import Register
from seloste.compiler.shape import Shape, shape
from seloste.settings import Durability
from seloste.store import apply as applying
from seloste.store.apply import apply, built_shape
from seloste.store.engine import Database, quote
from seloste.store.journal import ReadJournal
from seloste.store.registers import RegisterStore
from seloste.store.verify import verify_derived

ENGINES = ["sqlite", "postgresql"]


def everything(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, by table."""
    with database.read() as conn:
        if database.dialect == "sqlite":
            names = conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'").all()
        else:
            names = conn.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()").all()
        found = {}
        for (name,) in names:
            rows = conn.execute(f"SELECT * FROM {quote(name)}").all()
            found[name] = sorted((tuple(map(plain, row)) for row in rows), key=repr)
        return found


def plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def columns(database: Database, register: Register) -> dict[str, set[tuple[str, str]]]:
    """Name and type of the columns of each kind, and of the day."""
    found: dict[str, set[tuple[str, str]]] = {}
    with database.read() as conn:
        for table in (*register.tables, "sys_clock"):
            if database.dialect == "sqlite":
                rows = conn.execute(f"SELECT name, type FROM pragma_table_info('{table}')")
            else:
                rows = conn.execute(
                    "SELECT column_name, data_type FROM information_schema.columns"
                    " WHERE table_schema = current_schema() AND table_name = :name",
                    {"name": table},
                )
            found[table] = {(str(name), str(type_)) for name, type_ in rows}
    return found


def indexes(database: Database) -> set[str]:
    with database.read() as conn:
        if database.dialect == "sqlite":
            rows = conn.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        else:
            rows = conn.execute("SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()")
        return {str(name) for (name,) in rows if name.startswith("sys_ix_")}


def views(database: Database) -> set[tuple[str, str]]:
    """On PostgreSQL, the definitions of every lens's views. On SQLite a view lives as long as its connection."""
    if database.dialect == "sqlite":
        return set()
    with database.read() as conn:
        schema = str(conn.execute("SELECT current_schema()").all()[0][0])
        rows = conn.execute(
            "SELECT viewname, definition FROM pg_views WHERE schemaname LIKE :place", {"place": f"{schema}\\_\\_%"}
        )
        return {(str(name), str(text).replace(f"{schema}.", "")) for name, text in rows}


def marked(register: Register) -> dict[str, str]:
    """A text of its own for each item that holds text."""
    return {
        f"{kind}.{item.key}": f"mark-{kind}-{item.key}"
        for kind, table in register.tables.items()
        for item in table.kind.items.values()
        if item.type in ("text", "text_long") and not item.sensitive and not item.many
    }


def change(first: Drawn, then: Drawn, data: st.DataObject, folder: Path, pg_url: str | None, engine: str) -> None:
    steps = data.draw(histories(first, most=10), label="history")
    marks = marked(first.register)
    place = new_place(engine, folder, pg_url)
    with built(first.register, place) as store:
        names = Names()
        with writing(store, NOW) as work:
            for step in steps:
                do(work, names, step, marks)
        report = apply(store.database, then.register, KEYS, now=NOW, actor="test")
        assert apply(store.database, then.register, KEYS, now=NOW, actor="test").steps == ()
        assert report.erased == sum(done.erased for done in report.steps)
        store.register = then.register  # so that its lenses go too
        after = RegisterStore(then.register, store.database, KEYS, ReadJournal(store.database, Durability.GROUP))
        try:
            assert verify_derived(after, NOW).differences == ()
            assert differences(after, NOW) == []
        finally:
            after.reads.close()
            after._made.close()
        gone = set(marks.values()) - set(marked(then.register).values())
        kept = json.dumps(
            {k: v for k, v in everything(store.database).items() if not k.startswith("journal")}, default=str
        )
        assert [text for text in gone if text in kept] == []
        with built(then.register, new_place(engine, folder, pg_url)) as fresh:
            with fresh.database.read() as one, store.database.read() as other:
                assert built_shape(one) == built_shape(other) == shape(then.register)
            assert columns(store.database, then.register) == columns(fresh.database, then.register)
            assert indexes(store.database) == indexes(fresh.database)
            assert views(store.database) == views(fresh.database)


@settings(max_examples=14)
@given(pair=changes(), data=st.data())
def test_a_changed_register_is_like_one_built_anew_on_sqlite(
    pair: tuple[Drawn, Drawn], data: st.DataObject, tmp_path: Path
) -> None:
    change(*pair, data, tmp_path, None, "sqlite")


@settings(max_examples=3)
@given(pair=changes(), data=st.data())
def test_a_changed_register_is_like_one_built_anew_on_postgresql(
    pair: tuple[Drawn, Drawn], data: st.DataObject, tmp_path: Path, pg_url: str
) -> None:
    change(*pair, data, tmp_path, pg_url, "postgresql")


@settings(max_examples=30)
@given(drawn=st.one_of(registers(), examples()))
def test_what_is_built_needs_no_step(drawn: Drawn) -> None:
    known = Shape.from_json(shape(drawn.register).to_json())
    assert plan(known, drawn.register, "sqlite").steps == ()
    assert plan(known, drawn.register, "postgresql").steps == ()


class BrokenError(Exception):
    """A step that fails."""


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=3)
@given(pair=changes(), data=st.data())
def test_a_step_that_fails_leaves_everything_as_it_was(
    engine: str, pair: tuple[Drawn, Drawn], data: st.DataObject, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    first, then = pair
    url = request.getfixturevalue("pg_url") if engine == "postgresql" else None
    steps = data.draw(histories(first, most=6), label="history")
    with built(first.register, new_place(engine, tmp_path, url)) as store:
        names = Names()
        with writing(store, NOW) as work:
            for step in steps:
                do(work, names, step)
        with store.database.read() as conn:
            count = len(plan(built_shape(conn), then.register, store.database.dialect).steps)
        before = everything(store.database), columns(store.database, first.register), views(store.database)
        broken = data.draw(st.integers(0, count), label="broken step")
        with pytest.MonkeyPatch.context() as patch, pytest.raises(BrokenError):
            patch.setattr(applying, "_run", failing_at(broken))
            patch.setattr(applying, "_record", failing_at(0))  # when no step is the broken one, the last thing done is
            apply(store.database, then.register, KEYS, now=NOW, actor="test")
        assert (everything(store.database), columns(store.database, first.register), views(store.database)) == before
        assert differences(store, NOW) == []


def failing_at(number: int) -> Any:
    run, count = applying._run, [0]

    def fails(*args: Any) -> Any:
        if count[0] == number:
            raise BrokenError
        count[0] += 1
        return run(*args)

    return fails
