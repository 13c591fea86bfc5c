"""The register's day: the one row every view compares with, set when a day begins.

A cut is the earliest date whose last day has not passed. Setting it is all that a new day costs; no data row changes
but those of persons whose consent ended, or whose restriction or hold begins or ends that day.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from seloste.clock import HELSINKI, to_utc_text
from seloste.clock import today as day_of
from seloste.compiler.lower import CLOCK
from seloste.compiler.register import Cut, Register
from seloste.store.engine import Connection, quote
from seloste.store.functions import financial_year, last
from seloste.store.masks import TURNS, refresh_bits


@lru_cache(maxsize=4096)
def cut_day(cut: Cut, today: dt.date, financial_year_ends: tuple[int, int]) -> dt.date:
    """The earliest date whose last day is today or later."""
    wanted = today.isoformat()
    low, high = dt.date.min.toordinal(), today.toordinal() + 1
    while low < high:
        middle = (low + high) // 2
        if last(cut.period, dt.date.fromordinal(middle).isoformat(), financial_year_ends) >= wanted:
            high = middle
        else:
            low = middle + 1
    return dt.date.fromordinal(low)


def _moment(day: dt.date) -> str:
    """The UTC time at which a day begins in Finland."""
    if day.year <= 1:
        return day.isoformat()
    return to_utc_text(dt.datetime(day.year, day.month, day.day, tzinfo=HELSINKI))


def clock_row(register: Register, today: dt.date) -> dict[str, str]:
    """The one row of ``sys_clock`` for a day."""
    ends = financial_year(register)
    row = {"today": today.isoformat()}
    for cut in (*register.cuts.values(), *(cut for _, cut in register.trims.values())):
        day = cut_day(cut, today, ends)
        row |= {cut.column: day.isoformat(), cut.moment_column: _moment(day)}
    return row


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
    if before is not None:
        _turn_events(conn, register, before, row["today"], now)


def _turn_events(conn: Connection, register: Register, before: str, after: str, now: dt.datetime) -> None:
    """Bits of those for whom an event began or ended (or, on a clock set back, had not yet) between two days."""
    low, high = (dt.date.fromisoformat(day) for day in sorted((before, after)))
    following = dt.timedelta(days=1)
    params = {
        "low": low.isoformat(),
        "high": high.isoformat(),
        "from": _moment(low + following),
        "until": _moment(high + following),
    }
    for subject in register.subjects:
        found: set[int] = set()
        for kind, columns in TURNS.items():
            table = register.tables.get(kind)
            if table is None or table.column(subject) is None:
                continue
            turns = [f"({quote(name)} >= :from AND {quote(name)} < :until)" for name in columns if table.column(name)]
            if table.column("ends_on") is not None:
                turns.append("(ends_on >= :low AND ends_on < :high)")
            if turns:
                sql = f"SELECT DISTINCT {quote(subject)} FROM {quote(kind)} WHERE {quote(subject)} IS NOT NULL"
                found |= {int(each) for (each,) in conn.execute(f"{sql} AND ({' OR '.join(turns)})", params)}
        if found:
            refresh_bits(conn, register, subject, sorted(found), now)
