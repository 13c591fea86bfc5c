"""Figures as the daily work counted them last.

FIGURES are those that the public page shows beside its promises, numbers of nobody; AHEAD what goes in the months
ahead, and the ids of the first of those rows.
"""

from __future__ import annotations

from seloste.store.engine import Connection, has_table

TABLE = "sys_figures"
FIGURES, AHEAD = 1, 2


def create(conn: Connection) -> None:
    """Make the table where it is not there yet."""
    conn.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")


def get(conn: Connection, which: int = FIGURES) -> str | None:
    """The text kept last, None when there is none."""
    if not has_table(conn, TABLE):
        return None
    row = conn.execute(f"SELECT text FROM {TABLE} WHERE id = :id", {"id": which}).first()
    return None if row is None else str(row[0])


def put(conn: Connection, text: str, which: int = FIGURES) -> None:
    """Keep a text in place of the one before."""
    create(conn)
    conn.execute(
        f"INSERT INTO {TABLE} (id, text) VALUES (:id, :text) ON CONFLICT (id) DO UPDATE SET text = excluded.text",
        {"id": which, "text": text},
    )


def drop(conn: Connection, which: int) -> None:
    """Keep no such text any more."""
    if has_table(conn, TABLE):
        conn.execute(f"DELETE FROM {TABLE} WHERE id = :id", {"id": which})
