"""The sweep at work: rows that are due are judged by the rule; what nobody needs goes, in the caller's transaction."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from seloste.catalogue.model import PERSON
from seloste.clock import to_utc_text
from seloste.compiler.register import Column, Register
from seloste.compiler.sweep import GOES, NEEDED, KindSweep, among_ids, sweep
from seloste.compiler.sweep_whole import WholeKind
from seloste.store import due, ledger
from seloste.store.bans import remember
from seloste.store.due import DAILY, FOLLOWS, WITH_ALL, AtOnce, ids_value
from seloste.store.engine import Connection, Dialect, StoreError, quote
from seloste.store.masks import EVENTS
from seloste.store.sweep_due import pointed
from seloste.store.work import Work

CHUNK = 1000
"""Rows of a kind that are looked at together."""

WAIT_MS = 300
"""On PostgreSQL the sweep waits no longer for the day's writers, and tries again later."""

VACUUM_MS = 2000
"""So long it waits for the server's own upkeep of a table, which stops when somebody has waited for it for a second."""

UPKEEP = """SELECT 1 FROM pg_catalog.pg_locks WHERE granted AND mode = 'ShareUpdateExclusiveLock' AND database =
 (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) AND relation IN
 (SELECT oid FROM pg_catalog.pg_class WHERE relnamespace = current_schema()::regnamespace) LIMIT 1"""
"""Numbers of tables are those of a database: another of the server has others by the same."""


class RegisterBusyError(StoreError):
    """Others are writing; nothing was swept in this transaction. Try again."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Rows of one kind as a statement over many kinds gave them, by id, each with its answers."""

    of: WholeKind
    rows: dict[int, tuple[Sequence[Any], int]] = field(default_factory=dict)


@dataclass
class Swept:
    """What went and what was looked at and stayed. Counts and ids, never a value."""

    every_row: bool = False
    gone: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(kind, column) -> cells that went."""
    rows: Counter[str] = field(default_factory=Counter)
    """kind -> rows that went."""
    emptied: Counter[str] = field(default_factory=Counter)
    """kind -> rows that stay and lost cells."""
    stayed: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """kind -> rows looked at that stay."""
    bare: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """kind -> rows of which nothing is needed, kept because something needed points at them or counts from them."""
    looked: int = 0
    """How many rows were looked at."""
    judged: Mapping[str, Judged] = field(default_factory=dict)
    """kind -> those that stay as they were judged last, where all of somebody was judged together."""

    def add(self, other: Swept) -> None:
        self.every_row = self.every_row or other.every_row
        self.looked += other.looked
        self.gone.update(other.gone)
        self.rows.update(other.rows)
        self.emptied.update(other.emptied)
        for kind, ids in other.stayed.items():
            self.stayed[kind] |= ids
        for kind, ids in other.bare.items():
            self.bare[kind] |= ids


def _sets() -> dict[str, set[int]]:
    return defaultdict(set)


@dataclass
class Found(Swept):
    """With what hangs on what went: rows by kind."""

    deleted: dict[str, set[int]] = field(default_factory=_sets)
    settles: dict[str, set[int]] = field(default_factory=_sets)
    """Their derived days may have changed."""
    loosened: dict[str, set[int]] = field(default_factory=_sets)
    """They may lose something."""
    freed: dict[str, set[int]] = field(default_factory=_sets)
    """They were pointed at, and that is all."""
    said: dict[str, set[int]] = field(default_factory=_sets)
    """Subjects whose word went."""

    def count(self, kind: str, names: Sequence[str], rows: Sequence[Sequence[int]], going: Sequence[str]) -> None:
        """Count the filled cells that go of rows, each with 1 or 0 for each of ``names``."""
        for name, filled in zip(names, zip(*rows, strict=True), strict=True) if rows else ():
            if name in going and (number := sum(filled)):
                self.gone[kind, name] += number


# --- looking at it ----------------------------------------------------------------------------------------------------


def hold_still(conn: Connection, register: Register, *, again: bool = False) -> None:
    """Keep others from writing during a chunk. Raises RegisterBusyError when they are at it.

    ``again``: it was so a moment ago. What many rows were removed from PostgreSQL tidies for minutes.
    On SQLite a writer is alone. On PostgreSQL a deed could be recorded for a matter just being judged past its end.
    """
    if conn.dialect == "sqlite":
        return
    wait = VACUUM_MS if again and conn.execute(UPKEEP).first() is not None else WAIT_MS
    conn.execute(f"SET LOCAL lock_timeout = '{wait}ms'")
    names = ", ".join(quote(kind) for kind in sorted(register.tables))
    with giving_way(conn.dialect):
        conn.execute(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")


@contextmanager
def giving_way(dialect: Dialect) -> Iterator[None]:
    """Raises RegisterBusyError where a lock was waited for too long: whoever writes the ledger's file holds one too."""
    if dialect == "sqlite":
        yield
        return
    from psycopg.errors import DeadlockDetected, LockNotAvailable

    try:
        yield
    except (LockNotAvailable, DeadlockDetected) as problem:
        raise RegisterBusyError(
            "Rekisteriin kirjoitetaan juuri nyt. Yritä hetken kuluttua uudelleen.",
            "The register is being written to. Try again in a moment.",
        ) from problem


def chunk(work: Work, at_once: AtOnce | None = None) -> Swept | None:
    """Look at the next due rows, of the register's own sweep or ``at_once``. None when nothing is due.

    What went is gone and everything derived is up to date.
    """
    conn, register = work.conn, work.register
    statements = sweep(register, conn.dialect)
    if at_once is None:
        due.spread(conn, register, DAILY)
        taken = due.take(conn, DAILY, tuple(statements.kinds), CHUNK)
    else:
        taken = _next(work, at_once, tuple(statements.kinds))
    if taken is None:
        return None
    kind, rows = taken
    found = Found(looked=len(rows))
    if kind == PERSON:
        remember(work, [row for row, _ in rows])
    _look(conn, register, statements.kinds[kind], [row for row, _ in rows], found)
    found.stayed[kind] = {row for row, reach in rows if reach != FOLLOWS} - found.deleted[kind]
    finish(work, found, at_once)
    return found


def finish(work: Work, found: Found, at_once: AtOnce | None = None) -> None:
    """Write down what went, bring up to date what hangs on it, and have looked at what it may let go."""
    conn = work.conn
    for kind, ids in found.deleted.items():
        ledger.note(conn, kind, ids, gone=True, at=work.now)
    for subject, ids in found.said.items():
        # Their event went, so what they say is computed again without it.
        work.touch_bits(subject, ids)
    if any(found.bare.values()):
        due.create(conn)
        due.put(conn, due.BARE, found.bare, due.ALONE)
    if at_once is None:
        fallen = settle(work, found.settles) if found.settles or found.said else {}
        due.put(conn, DAILY, found.loosened, FOLLOWS)
        due.put_bare(conn, DAILY, found.freed)
        due.put(conn, DAILY, fallen, WITH_ALL)
    else:
        at_once.put(found.loosened, FOLLOWS)
        # Which rows are bare is known only once the register's own sweep has looked at them.
        at_once.put(found.freed, FOLLOWS)
        if found.settles or found.said:
            at_once.settle_later(found.settles)


def _next(work: Work, at_once: AtOnce, kinds: tuple[str, ...]) -> tuple[str, list[tuple[int, int]]] | None:
    """The next rows to look at. When there are none, what was pointed at is brought up to date, once for all that went.

    A row judged before that may stay for a matter that went since: it is looked at again. Less is needed then, never
    more, so that whatever has gone need not be asked about again.
    """
    while (taken := at_once.take(kinds, CHUNK)) is None and at_once.settles is not None:
        follows, at_once.settles = at_once.settles, None
        for kind, days in settle(work, follows).items():
            at_once.put_fallen(work.conn, work.register, kind, days)
    return taken


def _look(
    conn: Connection,
    register: Register,
    each: KindSweep,
    ids: Sequence[int],
    found: Found,
) -> None:
    whole: list[int] = []
    parts: dict[tuple[int, ...], list[int]] = defaultdict(list)
    names = [column.name for column in register.tables[each.kind].of_role("reference", "item")]
    filled: dict[int, Sequence[int]] = {}
    for row, *states in conn.execute(each.look, {"ids": ids_value(conn, ids)}):
        filled[int(row)] = states[len(each.groups) :]
        del states[len(each.groups) :]
        going = tuple(number for number, state in enumerate(states) if state == GOES)
        if NEEDED not in states:
            whole.append(int(row))
        if going:
            parts[going].append(int(row))
    if whole:
        deleted = found.deleted[each.kind] = _delete(conn, register, each, whole, found)
        found.bare[each.kind] = set(whole) - deleted
        found.count(each.kind, names, [filled[row] for row in deleted], names)
    for going, rows in parts.items():
        staying = [row for row in rows if row not in found.deleted[each.kind]]
        if staying:
            columns = [column for group in going for column in each.goes[group]]
            found.count(each.kind, names, [filled[row] for row in staying], columns)
            _empty(conn, register, each, columns, staying, found)


def _delete(
    conn: Connection,
    register: Register,
    each: KindSweep,
    ids: Sequence[int],
    found: Found,
) -> set[int]:
    columns = register.tables[each.kind].of_role("reference")
    free: list[int] = []
    for row, *targets in conn.execute(each.free, {"ids": ids_value(conn, ids)}):
        free.append(int(row))
        for column, target in zip(columns, targets, strict=True):
            if target is not None and column.target in register.tables:
                lets_go(register, each, column, (int(target),), found)
    if not free:
        return set()
    among = {"ids": ids_value(conn, free)}
    forget(conn, each.kind, among)
    conn.execute(f"DELETE FROM {quote(each.kind)} WHERE {among_ids('id', conn.dialect)}", among)
    found.rows[each.kind] += len(free)
    return set(free)


def forget(conn: Connection, kind: str, among: Mapping[str, Any]) -> None:
    """Remove what stands beside rows that go: the keys by which they are found, and where their cells came from."""
    for table in ("sys_find", "sys_cell_source"):
        # Of many kinds there is nothing in it, and to look for each row would cost as much as to remove it. In order,
        # because PostgreSQL otherwise takes for granted that there is one, and reads the whole table in search of it.
        sql = f"SELECT 1 FROM {table} WHERE kind = :kind ORDER BY kind, row LIMIT 1"
        if conn.execute(sql, {"kind": kind}).first() is not None:
            text = f"DELETE FROM {table} WHERE kind = :kind AND {among_ids('row', conn.dialect)}"
            conn.execute(text, {"kind": kind, **among})


def lets_go(register: Register, each: KindSweep, column: Column, targets: Iterable[int], found: Found) -> None:
    """Note what rows that are pointed at no more may lose by that."""
    kind = str(column.target)
    if column.name in each.settles:
        found.settles[kind].update(targets)
    (found.loosened if column.name in each.loosens else found.freed)[kind].update(targets)
    if each.kind in EVENTS and kind in register.subjects:
        found.said[kind].update(targets)


def _empty(
    conn: Connection,
    register: Register,
    each: KindSweep,
    columns: Sequence[str],
    ids: Sequence[int],
    found: Found,
) -> None:
    kind, table = each.kind, register.tables[each.kind]
    references = table.of_role("reference")
    if any(column.name in columns for column in references):
        # What one pointer holds may hang on where another leads, so both are looked at.
        asked = [column for column in references if column.name in columns or column.name in each.settles]
        for column, target in pointed(conn, register, kind, asked, ids):
            lets_go(register, each, column, (target,), found)
    empty(conn, register, kind, columns, ids)
    found.emptied[kind] += len(ids)


def empty(conn: Connection, register: Register, kind: str, columns: Sequence[str], ids: Sequence[int]) -> None:
    """Empty cells of rows, with the keys by which they are found and where they came from."""
    table, among = register.tables[kind], {"ids": ids_value(conn, ids)}
    lookups = [column.name for column in table.of_role("lookup") if column.item in columns]
    sets = ", ".join(f"{quote(name)} = NULL" for name in (*columns, *lookups))
    conn.send(f"UPDATE {quote(kind)} SET {sets} WHERE {among_ids('id', conn.dialect)}", among)
    items = ", ".join(due.as_text(name) for name in columns)
    for place in ("sys_find", "sys_cell_source"):
        conn.send(
            f"DELETE FROM {place} WHERE kind = :kind AND item IN ({items}) AND {among_ids('row', conn.dialect)}",
            {"kind": kind, **among},
        )


def settle(work: Work, follows: Mapping[str, set[int]]) -> dict[str, dict[int, frozenset[str]]]:
    """Bring what was pointed at up to date; by kind and row the derived days that passed by that."""
    for kind, ids in follows.items():
        work.touch(kind, ids)
    before = {kind: _running(work.conn, work.register, kind, ids) for kind, ids in follows.items()}
    work.settle()
    work.touched.clear()
    fallen: dict[str, dict[int, frozenset[str]]] = {}
    for kind, was in before.items():
        now = _running(work.conn, work.register, kind, follows[kind]) if was else {}
        passed = {row: days - now.get(row, frozenset()) for row, days in was.items()}
        fallen[kind] = {row: days for row, days in passed.items() if days}
    return fallen


def _running(conn: Connection, register: Register, kind: str, ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """Of rows with derived days, those that have not passed."""
    columns = [column.name for column in register.tables[kind].of_role("until")]
    if not columns:
        return {}
    day = "(SELECT today FROM sys_clock)"
    asked = ", ".join(f"CASE WHEN {quote(name)} >= {day} THEN 1 ELSE 0 END" for name in columns)
    sql = f"SELECT id, {asked} FROM {quote(kind)} WHERE {among_ids('id', conn.dialect)}"
    return {
        int(row): frozenset(name for name, running in zip(columns, flags, strict=True) if running)
        for row, *flags in conn.execute(sql, {"ids": ids_value(conn, ids)})
    }


def keep_report(conn: Connection, at: dt.datetime, report: str) -> None:
    """Keep the report of a run: counts, kinds, items and purposes."""
    conn.execute("INSERT INTO sys_sweep (at, report) VALUES (:at, :report)", {"at": to_utc_text(at), "report": report})


def kept_reports(conn: Connection, most: int) -> list[str]:
    """The latest reports, newest first; none where nothing was ever swept. It only reads."""
    if not due.exists(conn):
        return []
    return [row[0] for row in conn.execute("SELECT report FROM sys_sweep ORDER BY id DESC LIMIT :most", {"most": most})]
