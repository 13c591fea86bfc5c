"""Which reminders about which requests have gone out: numbers and steps alone, so that each goes once."""

from __future__ import annotations

from datetime import datetime

from seloste.clock import to_utc_text
from seloste.store.engine import Connection

TABLE = """CREATE TABLE reminder (
  register TEXT NOT NULL, request BIGINT NOT NULL, step TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (register, request, step))"""


def claim(conn: Connection, register: str, request: int, step: str, now: datetime) -> bool:
    """Take a reminder, so that nobody else sends it; whether it had not been taken."""
    done = conn.execute(
        "INSERT INTO reminder (register, request, step, at) VALUES (:register, :request, :step, :at)"
        " ON CONFLICT DO NOTHING",
        {"register": register, "request": request, "step": step, "at": to_utc_text(now)},
    )
    return done.rowcount == 1


def forget(conn: Connection, register: str, before: datetime) -> None:
    """Drop what is older: its request was answered long ago."""
    sql = "DELETE FROM reminder WHERE register = :register AND at < :before"
    conn.execute(sql, {"register": register, "before": to_utc_text(before)})
