"""The register of personal data breaches (GDPR Art. 33(5)): about the controller, and no person's data in it.

Each is one text, written and read by ``operations.breaches``: what is known of a breach grows for weeks, and no other
table asks anything of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from seloste.store.engine import Connection, has_table, one

TABLE = "sys_breach"


@dataclass(frozen=True, slots=True)
class Kept:
    """One breach as it lies in the register: its number and its text, JSON."""

    id: int
    text: str


def create(conn: Connection) -> None:
    """Make the table where it is not there yet. Numbers are not given again."""
    own = "INTEGER PRIMARY KEY AUTOINCREMENT" if conn.dialect == "sqlite" else "BIGSERIAL PRIMARY KEY"
    conn.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} (id {own}, text TEXT NOT NULL)")


def exists(conn: Connection) -> bool:
    """Whether any breach was ever written down here."""
    return has_table(conn, TABLE)


def add(conn: Connection, text: str) -> int:
    """Write a breach down; its number."""
    create(conn)
    return int(one(conn.execute(f"INSERT INTO {TABLE} (text) VALUES (:text) RETURNING id", {"text": text}))[0])


def get(conn: Connection, number: int) -> Kept | None:
    """The breach of a number, None when there is none."""
    if not exists(conn):
        return None
    row = conn.execute(f"SELECT id, text FROM {TABLE} WHERE id = :id", {"id": number}).first()
    return None if row is None else Kept(int(row[0]), row[1])


def every(conn: Connection) -> tuple[Kept, ...]:
    """All of them, the latest written first."""
    if not exists(conn):
        return ()
    return tuple(Kept(int(row[0]), row[1]) for row in conn.execute(f"SELECT id, text FROM {TABLE} ORDER BY id DESC"))


def change(conn: Connection, before: Kept, text: str) -> bool:
    """Put another text in place of the one read. Whether it was still that one: what somebody else wrote stays."""
    found = conn.execute(
        f"UPDATE {TABLE} SET text = :text WHERE id = :id AND text = :before RETURNING id",
        {"id": before.id, "before": before.text, "text": text},
    )
    return found.first() is not None
