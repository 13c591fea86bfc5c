"""Rows of any table in and out of a database, a page at a time, the same on both engines.

Tables are taken as they lie in the database, so that one added later is carried without being named here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from seloste.store.engine import Connection, Row, one, quote

PAGE = 500
"""Rows in memory at once."""

COLUMNS = """SELECT c.relname, a.attname FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
WHERE c.oid = ANY(ARRAY(SELECT d.objid FROM pg_catalog.pg_depend d
  WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_namespace'::regclass
  AND d.refobjid = current_schema()::regnamespace))
AND c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND a.attnum > 0"""
"""Tables of a schema of PostgreSQL and their columns. No index leads from a schema to what lies in it but that of what
depends on what; without it the tables of all registers of the database are gone through."""


def tables(conn: Connection) -> dict[str, tuple[str, ...]]:
    """Every table of this file or schema, with its columns in order."""
    found: dict[str, list[str]] = {}
    if conn.dialect == "sqlite":
        sql = (
            "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c"
            " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY m.name, c.cid"
        )
    else:
        sql = f"{COLUMNS} AND NOT a.attisdropped ORDER BY c.relname, a.attnum"
    for table, column in conn.execute(sql):
        found.setdefault(str(table), []).append(str(column))
    return {table: tuple(columns) for table, columns in found.items()}


def pages(conn: Connection, table: str, columns: tuple[str, ...], size: int = PAGE) -> Iterator[list[Row]]:
    """All rows of a table in pages, within the moment that the connection reads."""
    text = f"SELECT {', '.join(map(quote, columns))} FROM {quote(table)}"
    if conn.dialect == "sqlite":
        from seloste.store.dialects.sqlite import SqliteConnection

        rows = cast(SqliteConnection, conn).raw.execute(text)
        while page := rows.fetchmany(size):
            yield page
        return
    from seloste.store.dialects.postgresql import PostgresConnection

    # A plain cursor of the driver would hold the whole table in memory.
    with cast(PostgresConnection, conn).raw.cursor(name="pages") as cursor:
        cursor.execute(text)
        while page := cursor.fetchmany(size):
            yield page


def _counted(conn: Connection) -> dict[str, str]:
    """Tables whose numbers are given by the database -> the column they stand in."""
    if conn.dialect == "sqlite":
        sql = (
            "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.pk = 1"
            " WHERE m.type = 'table' AND m.sql LIKE '%AUTOINCREMENT%'"
        )
    else:
        sql = (
            COLUMNS
            # Of a column that was dropped PostgreSQL does not answer with nothing, it fails.
            + " AND CASE WHEN a.attisdropped THEN NULL"
            " ELSE pg_get_serial_sequence(quote_ident(c.relname), a.attname) END IS NOT NULL"
        )
    return {str(table): str(column) for table, column in conn.execute(sql)}


def highest(conn: Connection) -> dict[str, int]:
    """The highest number ever given in each table; 0 where none was."""
    found = {}
    for table, column in _counted(conn).items():
        if conn.dialect == "sqlite":
            row = conn.execute("SELECT seq FROM sqlite_sequence WHERE name = :table", {"table": table}).first()
        else:
            row = conn.execute(
                "SELECT pg_sequence_last_value(pg_get_serial_sequence(quote_ident(:table), :column)::regclass)",
                {"table": table, "column": column},
            ).first()
        found[table] = int(row[0]) if row is not None and row[0] is not None else 0
    return found


def raise_numbers(conn: Connection, at_least: Mapping[str, int]) -> None:
    """Have no number given again up to ``at_least`` of each table, nor any that a row there has."""
    for table, column in _counted(conn).items():
        top = int(one(conn.execute(f"SELECT coalesce(max({quote(column)}), 0) FROM {quote(table)}"))[0])
        wanted = max(top, at_least.get(table, 0))
        if not wanted:
            continue
        params = {"table": table, "wanted": wanted}
        if conn.dialect == "sqlite":
            if not conn.execute(
                "UPDATE sqlite_sequence SET seq = max(seq, :wanted) WHERE name = :table", params
            ).rowcount:
                conn.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :wanted)", params)
            continue
        sequence = "pg_get_serial_sequence(quote_ident(:table), :column)::regclass"
        conn.execute(
            f"SELECT setval({sequence}, greatest(:wanted::bigint, coalesce(pg_sequence_last_value({sequence}), 0)))",
            {**params, "column": column},
        )
