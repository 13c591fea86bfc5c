"""The ledger of a register: which rows went, which events were written, which notice came into force, by number alone.

A backup is older than what happened since. The ledger is kept apart from backups (``ledger_file``) and replayed when
one is brought back (``ledger_replay``), so that whoever was erased stays erased and a no stays a no. It holds ids,
kinds, codes, choices and times; nothing that anybody wrote and no value by which a person could be known.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime

from seloste.clock import to_utc_text
from seloste.compiler.register import Register, Storage
from seloste.compiler.sweep import among_ids
from seloste.store import bulk, due, system
from seloste.store.engine import Connection, Database, Row, StoreError, has_table, one, quote
from seloste.store.masks import EVENTS

TABLE = "sys_ledger"

LINE = "ledger"
"""Where ``sys_meta`` keeps the mark of this line of entries; a backup takes it along, another register has another."""

NOTICE = ""
"""The kind of an entry that says a notice came into force; its row is that of ``sys_notice``."""

KEPT_TYPES = frozenset(("code", "choice", "date", "time", "bool"))
"""Types of item of which the ledger keeps what an event says."""

WAIT_MS = 10_000
"""How long the writers of the day are waited for where the ledger must be brought up to date, and they wait too."""

SHORT_MS = 300
"""The same where it may as well be done later."""

COLUMNS: Mapping[str, Storage] = {
    "kind": "text", "row": "integer", "gone": "integer", "at": "text", "others": "text",
}  # fmt: skip

NOTED = f"INSERT INTO {TABLE} (kind, row, gone, at) VALUES (:kind, :row, 0, :at)"
"""Says that one event was written."""

_PARTS = 1000


def create(conn: Connection) -> None:
    """Make the table when it is not there, or its last column, in the caller's transaction.

    ``others``: ids of further rows that went with the first, with commas between.
    """
    if up_to_date(conn):
        return
    if exists(conn):
        conn.execute(f"ALTER TABLE {TABLE} ADD COLUMN others TEXT")
        return
    number, own = "BIGINT", "BIGSERIAL PRIMARY KEY"
    if conn.dialect == "sqlite":
        number, own = "INTEGER", "INTEGER PRIMARY KEY AUTOINCREMENT"
    conn.execute(
        f"CREATE TABLE {TABLE} (seq {own}, kind TEXT NOT NULL, row {number} NOT NULL, gone INTEGER NOT NULL,"
        " at TEXT NOT NULL, others TEXT)"
    )
    begin_line(conn)


def begin_line(conn: Connection) -> None:
    """Have the entries be of a line of their own, which no file is of yet."""
    system.put_meta(conn, LINE, secrets.token_hex(8))


def exists(conn: Connection) -> bool:
    """Whether the register has a ledger; one made by an earlier version gets it when it is opened."""
    return has_table(conn, TABLE)


def up_to_date(conn: Connection) -> bool:
    """Whether it has one as this version makes it."""
    sql = (
        f"SELECT 1 FROM pragma_table_info('{TABLE}') WHERE name = 'others'"
        if conn.dialect == "sqlite"
        else "SELECT 1 FROM pg_catalog.pg_attribute WHERE attname = 'others'"
        f" AND attrelid = to_regclass(quote_ident(current_schema()) || '.{TABLE}')"
    )
    return conn.execute(sql).first() is not None


def note(conn: Connection, kind: str, rows: Iterable[int], *, gone: bool, at: datetime) -> None:
    """Say of rows that they went or were written, in the transaction that does it.

    Rows that went have an entry together: all that is ever asked of it is which they were. An event has an entry of its
    own, for beside it stands what it says.
    """
    ids = sorted(rows)
    if gone and ids:
        note_gone(conn, kind, ",".join(map(str, ids)), at)
        return
    note_written(conn, {kind: ids}, at)


def note_written(conn: Connection, rows: Mapping[str, Iterable[int]], at: datetime) -> None:
    """The same of events of several kinds that were written."""
    moment = to_utc_text(at)
    cells = [{"kind": kind, "row": row, "gone": 0, "at": moment} for kind, ids in rows.items() for row in sorted(ids)]
    for start in range(0, len(cells), _PARTS):
        bulk.insert(conn, TABLE, COLUMNS, cells[start : start + _PARTS])


def note_gone(conn: Connection, kind: str, rows: str, at: datetime) -> None:
    """Say that rows went, at least one; their ids with commas between."""
    bulk.insert(conn, TABLE, COLUMNS, [_gone(kind, rows, to_utc_text(at))])


def note_gone_of(conn: Connection, rows: Mapping[str, Iterable[int]], at: datetime) -> None:
    """The same of several kinds at once, at least one row of each."""
    moment = to_utc_text(at)
    cells = [_gone(kind, ",".join(map(str, sorted(ids))), moment) for kind, ids in rows.items()]
    bulk.insert(conn, TABLE, COLUMNS, cells)


def _gone(kind: str, rows: str, moment: str) -> dict[str, str | int | None]:
    first, _, others = rows.partition(",")
    return {"kind": kind, "row": int(first), "gone": 1, "at": moment, "others": others or None}


def rows_of(first: int, others: str | None) -> tuple[int, ...]:
    """The ids of all rows of an entry."""
    return (first, *map(int, others.split(","))) if others else (first,)


def last(conn: Connection) -> int:
    """The number of the last entry, 0 when there is none."""
    return int(one(conn.execute(f"SELECT coalesce(max(seq), 0) FROM {TABLE}"))[0]) if exists(conn) else 0


def line_of(conn: Connection) -> str | None:
    """The mark of this line of entries, None in what an earlier version made."""
    return system.meta(conn, LINE)


def after(conn: Connection, seq: int, most: int) -> list[Row]:
    """Entries after a number, (seq, kind, row, gone, at, others)."""
    return conn.execute(
        f"SELECT seq, kind, row, gone, at, others FROM {TABLE} WHERE seq > :seq ORDER BY seq LIMIT :most",
        {"seq": seq, "most": most},
    ).all()


def rows_by_id(conn: Connection, kind: str, columns: Sequence[str], ids: Iterable[int]) -> list[Row]:
    """Rows of a kind as they lie in the database, the id first."""
    names = ", ".join(["id", *map(quote, columns)])
    sql = f"SELECT {names} FROM {quote(kind)} WHERE {among_ids('id', conn.dialect)}"
    return conn.execute(sql, {"ids": due.ids_value(conn, ids)}).all()


def kept_columns(register: Register, kind: str) -> tuple[str, ...]:
    """The columns of an event of which the ledger keeps the cells."""
    table = register.tables[kind]
    kept = []
    for column in table.columns:
        item = table.kind.items.get(column.item or "")
        coded = item is not None and item.type in KEPT_TYPES and not (item.sensitive or item.free_text)
        if column.role in ("reference", "source", "recorded") or (column.role == "item" and coded):
            kept.append(column.name)
    return tuple(kept)


def left_columns(register: Register, kind: str) -> tuple[str, ...]:
    """The items of an event that the ledger does not keep."""
    kept = kept_columns(register, kind)
    return tuple(column.name for column in register.tables[kind].of_role("item") if column.name not in kept)


def events(register: Register) -> tuple[str, ...]:
    """The kinds of this register whose writing is noted."""
    return tuple(kind for kind in EVENTS if kind in register.tables)


@contextmanager
def gate(database: Database, wait_ms: int = WAIT_MS) -> Iterator[None]:
    """While this is held every entry that has a number can be read, and none is being written.

    Numbers are given before a transaction commits, so that on PostgreSQL a lower one may come after a higher.
    """
    if database.dialect == "sqlite":
        yield
        return
    from psycopg.errors import LockNotAvailable

    with database.transaction() as conn:
        conn.execute(f"SET LOCAL lock_timeout = '{int(wait_ms)}ms'")
        try:
            if exists(conn):
                conn.execute(f"LOCK TABLE {TABLE} IN SHARE MODE")
        except LockNotAvailable as problem:
            raise StoreError(
                "Rekisteriin kirjoitetaan juuri nyt pitkään. Yritä hetken kuluttua uudelleen.",
                "Somebody is writing to the register for long. Try again in a moment.",
            ) from problem
        yield


@contextmanager
def moment(database: Database, wait_ms: int = WAIT_MS) -> Iterator[Connection]:
    """A consistent read in which no entry is missing that has a lower number than another."""
    with ExitStack() as reading:
        with gate(database, wait_ms):
            conn = reading.enter_context(database.read())
            last(conn)  # the first statement is what fixes the moment
        yield conn
