"""How the daily trial of the road of requests went: one row a register, which holds nothing of anybody."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from seloste.clock import from_utc_text, to_utc_text
from seloste.store.engine import Connection, Row

TABLE = """CREATE TABLE canary (
  register TEXT PRIMARY KEY, mark TEXT NOT NULL, begun_at TEXT NOT NULL, ended_at TEXT, failed TEXT NOT NULL DEFAULT '',
  was TEXT NOT NULL DEFAULT '', mailed INTEGER NOT NULL DEFAULT 0, ok_at TEXT)"""


@dataclass(frozen=True, slots=True)
class Trial:
    """The latest trial of a register. ``failed`` is where the road ended, empty where it did not or is under way.

    ``was``: where it was broken when this trial began, so that an alarm lasts until a trial comes to its end.
    ``mailed``: it went by a letter; without mail only the part within the register is tried. ``ok_at``: when a trial
    last came to its end.
    """

    register: str
    mark: str
    begun_at: dt.datetime
    ended_at: dt.datetime | None
    failed: str
    was: str
    mailed: bool
    ok_at: dt.datetime | None


def begin(
    conn: Connection, register: str, now: dt.datetime, *, was: str = "", before: dt.datetime | None = None
) -> str | None:
    """Begin a trial; its mark, or None when another was begun after ``before`` (None: begin in any case)."""
    mark = secrets.token_hex(8)
    done = conn.execute(
        """INSERT INTO canary (register, mark, begun_at, was) VALUES (:register, :mark, :now, :was)
        ON CONFLICT (register) DO UPDATE SET mark = excluded.mark, begun_at = excluded.begun_at, ended_at = NULL,
        failed = '', was = excluded.was, mailed = 0 WHERE canary.begun_at <= :before""",
        {
            "register": register,
            "mark": mark,
            "was": was,
            "now": to_utc_text(now),
            "before": to_utc_text(now if before is None else before),
        },
    )
    return mark if done.rowcount == 1 else None


def end(conn: Connection, register: str, mark: str, now: dt.datetime, *, mailed: bool, failed: str = "") -> bool:
    """The trial of that mark ended; False when a later one has taken its place."""
    done = conn.execute(
        "UPDATE canary SET ended_at = :now, failed = :failed, mailed = :mailed,"
        " ok_at = CASE WHEN :failed = '' THEN :now ELSE ok_at END"
        " WHERE register = :register AND mark = :mark AND ended_at IS NULL",
        {"register": register, "mark": mark, "now": to_utc_text(now), "failed": failed, "mailed": int(mailed)},
    )
    return done.rowcount == 1


def trials(conn: Connection) -> dict[str, Trial]:
    """The latest trial of each register that has had one."""
    return _read(conn.execute(f"SELECT {_COLUMNS} FROM canary"))


def trial(conn: Connection, register: str) -> Trial | None:
    """The latest trial of a register, None before the first."""
    rows = conn.execute(f"SELECT {_COLUMNS} FROM canary WHERE register = :register", {"register": register})
    return _read(rows).get(register)


_COLUMNS = "register, mark, begun_at, ended_at, failed, was, mailed, ok_at"


def _read(rows: Iterable[Row]) -> dict[str, Trial]:
    return {
        str(register): Trial(
            str(register),
            str(mark),
            from_utc_text(begun),
            from_utc_text(ended) if ended else None,
            str(failed),
            str(was),
            bool(mailed),
            from_utc_text(ok) if ok else None,
        )
        for register, mark, begun, ended, failed, was, mailed, ok in rows
    }
