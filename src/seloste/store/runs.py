"""Reports of sweeps as they lie in the register: how long they are kept. They hold counts and no value."""

from __future__ import annotations

import datetime as dt

from seloste.clock import to_utc_text
from seloste.store import due
from seloste.store.engine import Connection

KEPT_DAYS = 800
"""A little over two years: whoever audits a year has it whole, with the one before it."""


def forget_old(conn: Connection, now: dt.datetime) -> int:
    """Remove reports older than KEPT_DAYS, in the caller's transaction; how many."""
    before = to_utc_text(now - dt.timedelta(days=KEPT_DAYS))
    return conn.execute("DELETE FROM sys_sweep WHERE at < :before", {"before": before}).rowcount


def begun(conn: Connection) -> str | None:
    """When the register was first made, the moment from which runs can be missed."""
    row = conn.execute("SELECT min(applied_at) FROM sys_notice").first()
    return str(row[0]) if row is not None and row[0] is not None else None


def last(conn: Connection) -> str | None:
    """When the last report was kept."""
    if not due.exists(conn):
        return None
    row = conn.execute("SELECT max(at) FROM sys_sweep").first()
    return str(row[0]) if row is not None and row[0] is not None else None
