"""The register's day: the one row every view compares with, set when a day begins.

A cut is the earliest date whose last day has not passed. Setting it is all that a new day costs; no data row changes
but those of persons whose consent ended.
"""

from __future__ import annotations

import datetime as dt

from seloste.clock import HELSINKI, to_utc_text
from seloste.clock import today as day_of
from seloste.compiler.lower import CLOCK
from seloste.compiler.register import Cut, Register
from seloste.store.engine import Connection, quote
from seloste.store.functions import financial_year, last
from seloste.store.masks import refresh_bits


def cut_value(cut: Cut, today: dt.date, financial_year_ends: tuple[int, int]) -> str:
    """The earliest date (as the compared column holds it) whose last day is today or later."""
    wanted = today.isoformat()
    low, high = dt.date.min.toordinal(), today.toordinal() + 1
    while low < high:
        middle = (low + high) // 2
        if last(cut.period, dt.date.fromordinal(middle).isoformat(), financial_year_ends) >= wanted:
            high = middle
        else:
            low = middle + 1
    day = dt.date.fromordinal(low)
    if not cut.of_time:
        return day.isoformat()
    if day.year <= 1:
        return day.isoformat()
    return to_utc_text(dt.datetime(day.year, day.month, day.day, tzinfo=HELSINKI))


def clock_row(register: Register, today: dt.date) -> dict[str, str]:
    """The one row of ``sys_clock`` for a day."""
    ends = financial_year(register)
    cuts = (*register.cuts.values(), *(cut for _, cut in register.trims.values()))
    return {"today": today.isoformat()} | {cut.column: cut_value(cut, today, ends) for cut in cuts}


def current_day(conn: Connection) -> str | None:
    """The day the register stands at, or None before the first."""
    row = conn.execute(f"SELECT today FROM {CLOCK}").first()
    return None if row is None else str(row[0])


def set_day(conn: Connection, register: Register, now: dt.datetime) -> None:
    """Set the day of ``now`` and everything that follows from it, in the caller's transaction."""
    before = current_day(conn)
    row = clock_row(register, day_of(now))
    if before is None:
        names = ", ".join(quote(name) for name in row)
        conn.execute(f"INSERT INTO {CLOCK} ({names}) VALUES ({', '.join(':' + name for name in row)})", row)
    else:
        conn.execute(f"UPDATE {CLOCK} SET {', '.join(f'{quote(name)} = :{name}' for name in row)}", row)
    if before is not None and "permission" in register.tables:
        _end_consents(conn, register, before, row["today"], now)


def _end_consents(conn: Connection, register: Register, before: str, after: str, now: dt.datetime) -> None:
    """Bits of those whose consent ended (or, on a clock set back, had not yet) between two days."""
    low, high = sorted((before, after))
    for subject in register.subjects:
        if register.tables["permission"].column(subject) is None:
            continue
        rows = conn.execute(
            f"SELECT DISTINCT {quote(subject)} FROM permission WHERE {quote(subject)} IS NOT NULL"
            " AND ends_on >= :low AND ends_on < :high",
            {"low": low, "high": high},
        ).all()
        if rows:
            refresh_bits(conn, register, subject, [row[0] for row in rows], now)
