"""What is due: what time or an event may have let go since the last sweep is put where the sweep takes it from."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seloste.clock import HELSINKI, to_utc_text, today
from seloste.compiler.plan import index_name
from seloste.compiler.register import Column, Register
from seloste.compiler.sweep import Sweep, Window, among_ids, sweep
from seloste.compiler.sweep_hangs import rested_on
from seloste.compiler.sweep_outright import Outright, outright
from seloste.store import due, system
from seloste.store.day import clock_row
from seloste.store.due import DAILY, WITH_ALL, ids_value
from seloste.store.engine import Connection, quote
from seloste.store.masks import EVENTS
from seloste.store.work import Work

EVERY_ROW = 30
"""Days after which every row is looked at, whether or not something is known to have let it go."""

SWEPT = "swept"

MANY = 500
"""Rows of a kind that are due from which it is worth asking of them together."""

TOGETHER = 100
"""Windows that one statement looks through; most are empty, and what costs is to ask."""


# --- what is due ------------------------------------------------------------------------------------------------------


def collect(work: Work, *, every_row: bool = False) -> bool:
    """Make due what time or an event may have let go since the last sweep. Whether that was every row.

    Every row is looked at the first time, after a changed notice, on a clock set back, and every ``EVERY_ROW`` days.
    """
    return _collect(work, every_row, spare=()).every_row


def begin(work: Work, *, every_row: bool = False) -> Begun:
    """The same, but of a rule that lets many rows go by their own date only some are made due, and the rule is told.

    While any is, the day is not noted as swept, and all is collected again by whoever comes next. Whoever has removed
    what such rules let go outright calls :func:`go_on`.
    """
    rules = tuple(each for each in outright(work.register, work.conn.dialect) if each.kind not in EVENTS)
    return _collect(work, every_row, spare=rules)


def go_on(work: Work, rules: Sequence[Outright]) -> None:
    """Make due what is left of what some rules let go, and note the day."""
    conn, register, day = work.conn, work.register, today(work.now)
    before = _before(conn)
    values = between(conn, register, work.now)
    for rule in rules if values is not None else ():
        assert values is not None
        due.drop_gone(conn, DAILY, rule.kind)
        due.put_select(conn, DAILY, rule.kind, rule.window, due.ALONE, asked_of(rule.window, values))
    _note(work, day, str(before["every_row"]), str(before.get("indexes", "")))


@dataclass(frozen=True, slots=True)
class Begun:
    """Whether every row was made due, and the rules that let many rows go."""

    every_row: bool
    rules: tuple[Outright, ...] = ()


def _collect(work: Work, every_row: bool, spare: Sequence[Outright]) -> Begun:
    conn, register = work.conn, work.register
    due.create(conn)
    statements = sweep(register, conn.dialect)
    day = today(work.now)
    before = _before(conn)
    every_row = every_row or not _goes_on(before, register, day)
    made = _indexes(conn, statements, before.get("indexes", ""))
    if every_row:
        conn.execute(f"DELETE FROM {due.DUE} WHERE run = {due.BARE}")
        for kind, each in statements.kinds.items():
            due.put_select(conn, DAILY, kind, each.all_sql, due.ALONE, {})
        # What has ended for one purpose and stays for another is looked at too, so that the report tells of it.
        _by_time(conn, register, dict.fromkeys(clock_row(register, day), ""), day)
    else:
        _by_time(conn, register, before["clock"], day, spare)
        _by_event(conn, register, before["at"], work.now)
        many = {kind for kind, count in due.counts(conn, DAILY).items() if count >= MANY} if spare else set()
        rules = tuple(rule for rule in spare if rule.kind in many)
        if rules:
            return Begun(every_row=False, rules=rules)
    _note(work, day, day.isoformat() if every_row else before["every_row"], made)
    return Begun(every_row)


def _before(conn: Connection) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(system.meta(conn, SWEPT) or "{}")
    return found


def _note(work: Work, day: dt.date, every_row: str, indexes: str) -> None:
    state = {
        "digest": work.register.hash,
        "at": to_utc_text(work.now),
        "day": day.isoformat(),
        "every_row": every_row,
        "bare": True,
        "indexes": indexes,
        "clock": clock_row(work.register, day),
    }
    system.put_meta(work.conn, SWEPT, json.dumps(state))


def between(conn: Connection, register: Register, now: dt.datetime) -> dict[str, str] | None:
    """Parameters of the windows between the day that was noted last and now; None when every row is to be looked at."""
    before, day = _before(conn), today(now)
    return _between(before["clock"], clock_row(register, day)) if _goes_on(before, register, day) else None


def _between(was: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    return {f"was_{name}": value for name, value in was.items()} | {f"now_{name}": each for name, each in now.items()}


def _goes_on(before: Mapping[str, Any], register: Register, day: dt.date) -> bool:
    # An earlier version did not keep which rows stay bare.
    if before.get("digest") != register.hash or before["day"] > day.isoformat() or "bare" not in before:
        return False
    return (day - dt.date.fromisoformat(before["every_row"])).days < EVERY_ROW


FIND = ("DROP INDEX IF EXISTS sys_find_row", "CREATE INDEX sys_find_row ON sys_find (kind, row, item)")
"""As ``system`` makes it; in an earlier version the row came first, which does not tell whether a kind has any."""


def _indexes(conn: Connection, statements: Sweep, made: str) -> str:
    """Dates and derived days are found by index, so that a sweep costs what expires and not what is stored.

    Returns a mark of those that are there, for the next time.
    """
    mark = hashlib.sha256(repr((FIND, statements.anchors, statements.spared)).encode()).hexdigest()[:16]
    if made == mark:
        return mark
    for text in FIND:
        conn.execute(text)
    for anchor in (*statements.anchors, *statements.spared):
        conn.execute(f"DROP INDEX IF EXISTS {quote(index_name(anchor.kind, anchor.column))}")
    for anchor in statements.anchors:
        name = quote(index_name(anchor.kind, anchor.column))
        conn.execute(f"CREATE INDEX {name} ON {quote(anchor.kind)} {anchor.sql}")
    return mark


def _by_time(
    conn: Connection, register: Register, was: Mapping[str, str], day: dt.date, spare: Sequence[Outright] = ()
) -> None:
    values = _between(was, clock_row(register, day))
    statements = sweep(register, conn.dialect)
    some = frozenset((rule.kind, rule.window) for rule in spare)
    key = "by time", conn.dialect, MANY if some else 0
    for select in register.once(key, lambda: list(_selects(statements, some))):
        due.put_windows(conn, DAILY, select, due.ALONE, asked_of(select, values))


def _selects(statements: Sweep, some: Collection[tuple[str, str]]) -> Iterator[str]:
    """SELECTs of (kind, id) of all windows; of ``some`` at most MANY rows each."""
    for start in range(0, len(statements.windows), TOGETHER):
        yield " UNION ALL ".join(
            f"SELECT {due.as_text(each.kind)} AS kind, p.id FROM ({each.sql}{_limit(each, some)}) AS p"
            for each in statements.windows[start : start + TOGETHER]
        )


def _limit(each: Window, some: Collection[tuple[str, str]]) -> str:
    return f" LIMIT {int(MANY)}" if (each.kind, each.sql) in some else ""


def asked_of(sql: str, values: Mapping[str, str]) -> dict[str, Any]:
    """Those of the parameters that a statement names."""
    return {name: values[name] for name in set(_NAMED.findall(sql))}


_NAMED = re.compile(r"(?<!:):((?:was|now)_\w+)")


def _by_event(conn: Connection, register: Register, since: str, now: dt.datetime) -> None:
    """Whoever said something or had a consent end, and rows that were corrected, since the day of the last sweep.

    A corrected cell by which nothing else is judged makes its own row due and no more.
    """
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
    alone: dict[str, set[int]] = defaultdict(set)
    rests = rested_on(register, conn.dialect)
    corrected = conn.execute("SELECT kind, row, item FROM sys_cell_source WHERE at >= :since", {"since": since[:10]})
    for kind, row, item in corrected.all():
        if kind in register.tables:
            (found if kind in EVENTS or (kind, item) in rests else alone)[kind].add(int(row))
    for kind in [kind for kind in found if kind not in register.subjects]:
        for target, ids in _targets(conn, register, kind, found[kind]).items():
            if register.tables[target].kind.about != "nobody":
                found[target] |= ids
    due.put(conn, DAILY, alone, due.ALONE)
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
