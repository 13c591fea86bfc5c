"""Assessments of the house: a legitimate interest weighed, a transfer assessed. About processing, and nobody's data.

Each is one text, written and read by ``operations.assessments``; one is never changed, a later one stands beside it.
"""

from __future__ import annotations

from seloste.store.engine import Connection, has_table, one

TABLE = "sys_assessment"


def create(conn: Connection) -> None:
    """Make the table where it is not there yet. Numbers are not given again."""
    own = "INTEGER PRIMARY KEY AUTOINCREMENT" if conn.dialect == "sqlite" else "BIGSERIAL PRIMARY KEY"
    conn.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} (id {own}, text TEXT NOT NULL)")


def add(conn: Connection, text: str) -> int:
    """Write one down; its number."""
    create(conn)
    return int(one(conn.execute(f"INSERT INTO {TABLE} (text) VALUES (:text) RETURNING id", {"text": text}))[0])


def every(conn: Connection) -> tuple[tuple[int, str], ...]:
    """All of them by number, the latest written first."""
    if not has_table(conn, TABLE):
        return ()
    return tuple((int(row[0]), str(row[1])) for row in conn.execute(f"SELECT id, text FROM {TABLE} ORDER BY id DESC"))
