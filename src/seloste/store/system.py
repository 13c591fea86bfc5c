"""The tables every register has beside those of its notice. They hold no value of their own making.

``sys_meta``: what is built (shape, digest, notice). ``sys_notice``: every version of its text. ``sys_find``: normalised
keys by which values are found, beside the row and cell they come from. ``sys_cell_source``: where a cell came from when
it is not where its row came from.
"""

from __future__ import annotations

from seloste.store import journal_tables
from seloste.store.engine import Connection, has_table

BY_KEY = "kind || ''"
"""The kind of a row of ``sys_find`` where it is looked up by its keys. SQLite holds no statistics of a register, which
would be values of people, and takes it that few rows are of one kind: named as a column, it would read all rows of that
kind rather than the few that have the key.
"""


def create(conn: Connection) -> None:
    """Make the tables, in the caller's transaction."""
    # Keys are compared byte by byte, so that a prefix is a range of the index on both engines.
    bytewise = "" if conn.dialect == "sqlite" else ' COLLATE "C"'
    number = "INTEGER" if conn.dialect == "sqlite" else "BIGINT"
    own = "INTEGER PRIMARY KEY" if conn.dialect == "sqlite" else "BIGSERIAL PRIMARY KEY"
    for statement in (
        "CREATE TABLE sys_meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
        f"CREATE TABLE sys_notice (id {own}, digest TEXT NOT NULL, applied_at TEXT NOT NULL, effective TEXT,"
        " text TEXT NOT NULL)",
        f"CREATE TABLE sys_find (key TEXT{bytewise} NOT NULL, kind TEXT NOT NULL, row {number} NOT NULL,"
        " item TEXT NOT NULL)",
        "CREATE INDEX sys_find_key ON sys_find (key, kind, row)",
        "CREATE INDEX sys_find_row ON sys_find (kind, row, item)",
        f"CREATE TABLE sys_cell_source (kind TEXT NOT NULL, row {number} NOT NULL, item TEXT NOT NULL,"
        " source TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (kind, row, item))",
    ):
        conn.send(statement)
    journal_tables.create(conn)


def exists(conn: Connection) -> bool:
    """Whether a register is built here."""
    return has_table(conn, "sys_meta")


def meta(conn: Connection, key: str) -> str | None:
    row = conn.execute("SELECT value FROM sys_meta WHERE key = :key", {"key": key}).first()
    return None if row is None else str(row[0])


def put_meta(conn: Connection, key: str, value: str) -> None:
    conn.send(
        "INSERT INTO sys_meta (key, value) VALUES (:key, :value)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        {"key": key, "value": value},
    )
