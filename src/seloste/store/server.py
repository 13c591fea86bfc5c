"""What the database says of itself: its version and its clock."""

from __future__ import annotations

import datetime as dt

from seloste.store.engine import Database, one


def version_of(database: Database) -> tuple[int, ...]:
    """The version: (3, 51, 3) of SQLite, (18, 1) of PostgreSQL."""
    with database.read() as conn:
        if conn.dialect == "sqlite":
            text = str(one(conn.execute("SELECT sqlite_version()"))[0])
            return tuple(int(part) for part in text.split("."))
        number = int(one(conn.execute("SELECT current_setting('server_version_num')"))[0])
    return number // 10_000, number % 10_000


def server_time(database: Database) -> dt.datetime | None:
    """The time of the server's clock; None where there is no server but this machine."""
    with database.read() as conn:
        if conn.dialect == "sqlite":
            return None
        found: dt.datetime = one(conn.execute("SELECT clock_timestamp()"))[0]
    return found
