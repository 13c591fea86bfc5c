"""A date by which rows are listed is indexed once: the sweep finds by the same index what passes."""

from __future__ import annotations

import datetime as dt

import psycopg
import pytest

from seloste.compiler.orders import listed
from seloste.compiler.plan import index_name
from seloste.compiler.sweep import sweep
from seloste.operations.actor import CLI
from seloste.operations.retention.sweep import sweep as sweep_register
from seloste.store.dialects.postgresql import PostgresDatabase
from seloste.store.engine import quote, to_numbered
from seloste.store.placed import here
from seloste.store.registers import RegisterStore

NAMES = "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"


def test_no_date_is_indexed_twice_on_postgresql(store: RegisterStore, fixed_now: dt.datetime) -> None:
    if store.database.dialect == "sqlite":
        pytest.skip("a list in its own order has no index on SQLite")
    statements = sweep(store.register, "postgresql")
    dated = {
        (kind, order.cell)
        for kind, table in store.register.tables.items()
        if (order := listed(table.kind)) is not None and not order.text
    }
    spared = {(each.kind, each.column) for each in statements.spared}
    assert spared and spared <= dated and not spared & {(each.kind, each.column) for each in statements.anchors}
    with store.write(fixed_now) as work:
        # As an earlier version made it.
        kind, column = min(spared)
        work.conn.execute(f'CREATE INDEX "{index_name(kind, column)}" ON "{kind}" ("{column}")')
    sweep_register(store, now=fixed_now, actor=CLI)
    with store.read(fixed_now) as conn:
        names = {str(name) for (name,) in conn.execute(NAMES)}
    assert not {index_name(*each) for each in spared} & names
    assert {f"sys_by_{kind}" for kind, _ in spared} <= names


def test_what_passes_is_found_by_the_index_of_the_list(
    store: RegisterStore, prepared_url: str, fixed_now: dt.datetime
) -> None:
    database = here(store.database)
    if not isinstance(database, PostgresDatabase):
        pytest.skip("a list in its own order has no index on SQLite")
    sweep_register(store, now=fixed_now, actor=CLI)
    statements = sweep(store.register, "postgresql")
    looked = 0
    with psycopg.connect(prepared_url) as conn:
        # The table is empty: what stands in the way of the index is its size alone.
        conn.execute(f"SET search_path TO {quote(database.schema)}")
        conn.execute("SET enable_seqscan TO off")
        for kind, column in sorted({(each.kind, each.column) for each in statements.spared}):
            for window in statements.windows:
                if window.kind == kind and f"t.{column} <" in window.sql and window.sql.count("FROM") == 1:
                    plan = str(conn.execute(f"EXPLAIN (GENERIC_PLAN) {to_numbered(window.sql)[0]}".encode()).fetchall())
                    assert f"sys_by_{kind}" in plan and f"({column} <" in plan.partition("Index Cond")[2], plan
                    looked += 1
    assert looked
