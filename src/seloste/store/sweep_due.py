"""What is due: what time or an event may have let go since the last sweep is put where the sweep takes it from."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from seloste.clock import HELSINKI, to_utc_text, today
from seloste.compiler.plan import index_name
from seloste.compiler.register import Column, Register
from seloste.compiler.sweep import Sweep, among_ids, sweep
from seloste.store import due, system
from seloste.store.day import clock_row
from seloste.store.due import DAILY, WITH_ALL, ids_value
from seloste.store.engine import Connection, quote
from seloste.store.masks import EVENTS
from seloste.store.work import Work

EVERY_ROW = 30
"""Days after which every row is looked at, whether or not something is known to have let it go."""

SWEPT = "swept"


# --- what is due ------------------------------------------------------------------------------------------------------


def collect(work: Work, *, every_row: bool = False) -> bool:
    """Make due what time or an event may have let go since the last sweep. Whether that was every row.

    Every row is looked at the first time, after a changed notice, on a clock set back, and every ``EVERY_ROW`` days.
    """
    conn, register = work.conn, work.register
    due.create(conn)
    statements = sweep(register, conn.dialect)
    day = today(work.now)
    before = json.loads(system.meta(conn, SWEPT) or "{}")
    every_row = every_row or not _goes_on(before, register, day)
    if every_row:
        conn.execute(f"DELETE FROM {due.DUE} WHERE run = {due.BARE}")
        _indexes(conn, statements, before.get("digest") != register.hash)
        for kind, each in statements.kinds.items():
            due.put_select(conn, DAILY, kind, each.all_sql, due.ALONE, {})
        # What has ended for one purpose and stays for another is looked at too, so that the report tells of it.
        _by_time(conn, register, statements, dict.fromkeys(clock_row(register, day), ""), day)
    else:
        _by_time(conn, register, statements, before["clock"], day)
        _by_event(conn, register, before["at"], work.now)
    state = {
        "digest": register.hash,
        "at": to_utc_text(work.now),
        "day": day.isoformat(),
        "every_row": day.isoformat() if every_row else before["every_row"],
        "bare": True,
        "clock": clock_row(register, day),
    }
    system.put_meta(conn, SWEPT, json.dumps(state))
    return every_row


def _goes_on(before: Mapping[str, Any], register: Register, day: dt.date) -> bool:
    # An earlier version did not keep which rows stay bare.
    if before.get("digest") != register.hash or before["day"] > day.isoformat() or "bare" not in before:
        return False
    return (day - dt.date.fromisoformat(before["every_row"])).days < EVERY_ROW


def _indexes(conn: Connection, statements: Sweep, wanted: bool) -> None:
    """Dates and derived days are found by index, so that a sweep costs what expires and not what is stored."""
    if not wanted:
        return
    for anchor in statements.anchors:
        name = quote(index_name(anchor.kind, anchor.column))
        conn.execute(f"DROP INDEX IF EXISTS {name}")
        conn.execute(f"CREATE INDEX {name} ON {quote(anchor.kind)} {anchor.sql}")


def _by_time(conn: Connection, register: Register, statements: Sweep, was: Mapping[str, str], day: dt.date) -> None:
    now = clock_row(register, day)
    values = {f"was_{name}": value for name, value in was.items()}
    values |= {f"now_{name}": value for name, value in now.items()}
    for window in statements.windows:
        asked = {name: value for name, value in values.items() if re.search(rf":{name}\b", window.sql)}
        due.put_select(conn, DAILY, window.kind, window.sql, due.ALONE, asked)


def _by_event(conn: Connection, register: Register, since: str, now: dt.datetime) -> None:
    """Whoever said something or had a consent end, and rows that were corrected, since the day of the last sweep."""
    found: dict[str, set[int]] = defaultdict(set)
    # Holds and restrictions end with a Finnish day: one lifted later today stands no more since midnight.
    tomorrow = dt.datetime.combine(today(now) + dt.timedelta(days=1), dt.time(), HELSINKI)
    params = {"since": since[:10], "until": to_utc_text(tomorrow)}
    for kind, items in EVENTS.items():
        table = register.tables.get(kind)
        if table is None:
            continue
        times = [name for name in items if name in table.kind.items and table.kind.items[name].type in ("date", "time")]
        when = " OR ".join(f"({quote(name)} >= :since AND {quote(name)} <= :until)" for name in times)
        for subject in register.subjects:
            if table.column(subject) is not None:
                sql = f"SELECT DISTINCT {quote(subject)} FROM {quote(kind)} WHERE {when}"
                found[subject].update(int(row[0]) for row in conn.execute(sql, params) if row[0] is not None)
    corrected = conn.execute("SELECT DISTINCT kind, row FROM sys_cell_source WHERE at >= :since", {"since": since[:10]})
    for kind, row in corrected.all():
        if kind in register.tables:
            found[kind].add(int(row))
    for kind in [kind for kind in found if kind not in register.subjects]:
        for target, ids in _targets(conn, register, kind, found[kind]).items():
            if register.tables[target].kind.about != "nobody":
                found[target] |= ids
    due.put(conn, DAILY, found, WITH_ALL)


def _targets(conn: Connection, register: Register, kind: str, ids: Iterable[int]) -> dict[str, set[int]]:
    """What rows point at, by kind."""
    found: dict[str, set[int]] = defaultdict(set)
    for column, target in pointed(conn, register, kind, register.tables[kind].of_role("reference"), ids):
        found[str(column.target)].add(target)
    return found


def pointed(
    conn: Connection, register: Register, kind: str, columns: Sequence[Column], ids: Iterable[int]
) -> Iterator[tuple[Column, int]]:
    """What rows of a kind point at, by column."""
    columns = [column for column in columns if column.target in register.tables]
    if not columns:
        return
    names = ", ".join(quote(column.name) for column in columns)
    sql = f"SELECT {names} FROM {quote(kind)} WHERE {among_ids('id', conn.dialect)}"
    for row in conn.execute(sql, {"ids": ids_value(conn, ids)}):
        for column, target in zip(columns, row, strict=True):
            if target is not None:
                yield column, int(target)
