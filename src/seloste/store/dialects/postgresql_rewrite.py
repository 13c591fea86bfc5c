"""Tables of PostgreSQL written anew: no byte of what went is left in their files, nor in what was sampled of them.

ANALYZE, of the server's own accord as well, keeps values of each column in ``pg_statistic``: the most common ones, and
bounds of a histogram. They stay there until the table is analysed again, and of a table that is empty for good.
An index on an expression has samples of its own, which stay as long as it does when it has no row left.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import psycopg
from psycopg import sql as pgsql

FILLED = """SELECT attname, atttypid IN ('text'::regtype, 'bytea'::regtype) FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND (attnotnull OR attname = 'id')"""
"""The columns that no row leaves empty, and whether they hold text."""

EXPRESSIONS = """SELECT n.nspname, c.relname, pg_get_indexdef(c.oid) FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE i.indrelid = %s::regclass AND i.indexprs IS NOT NULL ORDER BY c.relname"""
"""The indexes of a table on an expression, and the statement that makes each."""


def rewrite(conn: psycopg.Connection[Any], schema: str, tables: Iterable[str]) -> None:
    """Write tables, their indexes and their statistics anew, on a connection that commits each statement.

    Statistics that were are dead rows of ``pg_statistic`` then, which is written anew last. Whoever does not own the
    database may not do that; there the server warns, and its own vacuum gives their place to others.
    """
    for table in tables:
        name = pgsql.Identifier(schema, table)
        conn.execute(pgsql.SQL("VACUUM (FULL) {}").format(name))
        with conn.transaction():
            _forget_expressions(conn, name)
            _analyse(conn, name)
    conn.execute("VACUUM (FULL) pg_catalog.pg_statistic")


def _forget_expressions(conn: psycopg.Connection[Any], name: pgsql.Identifier) -> None:
    """Make the indexes on expressions another time, with which their samples go.

    ANALYZE does not touch the samples of an index that has no row, also where its table has some. Who may take them
    away by themselves is a superuser, or the owner since PostgreSQL 18.
    """
    for schema, index, made in conn.execute(EXPRESSIONS, [name.as_string(conn)]).fetchall():
        conn.execute(pgsql.SQL("DROP INDEX {}").format(pgsql.Identifier(schema, index)))
        conn.execute(made)


def _analyse(conn: psycopg.Connection[Any], name: pgsql.Identifier) -> None:
    """ANALYZE leaves the statistics of an empty table as they were: it is shown a row without a value, seen by none."""
    analyse = pgsql.SQL("ANALYZE {}").format(name)
    if conn.execute(pgsql.SQL("SELECT 1 FROM {} LIMIT 1").format(name)).fetchone() is not None:
        conn.execute(analyse)
        return
    filled = conn.execute(FILLED, [name.as_string(conn)]).fetchall()
    names = pgsql.SQL(", ").join(pgsql.Identifier(column) for column, _ in filled)
    values = pgsql.SQL(", ").join(pgsql.Literal("" if text else 0) for _, text in filled)
    conn.execute(pgsql.SQL("INSERT INTO {} ({}) VALUES ({})").format(name, names, values))
    conn.execute(analyse)
    conn.execute(pgsql.SQL("DELETE FROM {}").format(name))
