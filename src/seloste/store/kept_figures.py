"""The figures that the public page shows beside its promises, as they were counted last: numbers of nobody."""

from __future__ import annotations

from seloste.store.engine import Connection, has_table

TABLE = "sys_figures"


def create(conn: Connection) -> None:
    """Make the table where it is not there yet."""
    conn.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")


def get(conn: Connection) -> str | None:
    """The text kept last, None when there is none."""
    if not has_table(conn, TABLE):
        return None
    row = conn.execute(f"SELECT text FROM {TABLE} WHERE id = 1").first()
    return None if row is None else str(row[0])


def put(conn: Connection, text: str) -> None:
    """Keep a text in place of the one before."""
    create(conn)
    conn.execute(
        f"INSERT INTO {TABLE} (id, text) VALUES (1, :text) ON CONFLICT (id) DO UPDATE SET text = excluded.text",
        {"text": text},
    )
