"""Rows of one register brought from one place to another while people write: all of them, then those that changed.

Triggers write down the key of each row that is changed, in its own transaction. A copy of one moment and the changes
since, as often as there are any, make the other place equal; the last of them are brought while nobody writes. A table
without a key of its own is known by all its columns. Engines may differ, as between a backup and where it is restored.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seloste.compiler.register import short_name
from seloste.store import aids, backup, backup_rows
from seloste.store.engine import Connection, Database, Row, busy, one, quote
from seloste.store.moves import Alive

LOG = "sys_moving"
"""At the place that is left: the keys of rows that changed since the copying began."""

ARRIVING = "sys_arriving"
"""At the new place until it is the register: the token of the move that makes it."""

HEAD = "journal_head"

PART = 200
"""Rows that are looked up together."""

WAIT_MS, TRIES = 2000, 60
"""How long the writers of a table are waited for before its triggers are made, and how often; they wait as long."""

Key = tuple[str | int | float | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a register. ``key``: the columns by which a row is known; ``own``: whether it has them alone."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    own: bool

    def key_of(self, row: Row) -> Key:
        return tuple(row[self.columns.index(name)] for name in self.key)


def layout(conn: Connection) -> dict[str, Table]:
    """The tables of a register in the order in which they are brought: the head of the journal seals the rest."""
    if conn.dialect == "sqlite":
        sql = (
            "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c"
            " WHERE m.type = 'table' AND c.pk > 0 ORDER BY m.name, c.pk"
        )
    else:
        sql = (
            "SELECT c.relname, a.attname FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indrelid"
            " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY(i.indkey)"
            " WHERE i.indisprimary AND c.relnamespace = current_schema()::regnamespace"
            " ORDER BY c.relname, array_position(i.indkey::int2[], a.attnum)"
        )
    keys: dict[str, list[str]] = {}
    for table, column in conn.execute(sql):
        keys.setdefault(str(table), []).append(str(column))
    found = {
        name: Table(name, columns, tuple(keys.get(name, columns)), name in keys)
        for name, columns in backup_rows.tables(conn).items()
        if name not in (LOG, ARRIVING)
    }
    return {name: found[name] for name in sorted(found, key=lambda name: (name == HEAD, name))}


# --- what changes -----------------------------------------------------------------------------------------------------


def watch(database: Database, alive: Alive) -> None:
    """Write down from now on the key of each row that changes. Raises BusyError when a table's writers do not end."""
    with database.transaction() as conn:
        aids.create_all(conn)
        own = "INTEGER PRIMARY KEY AUTOINCREMENT" if conn.dialect == "sqlite" else "BIGSERIAL PRIMARY KEY"
        conn.execute(f"DROP TABLE IF EXISTS {LOG}")
        conn.execute(f"CREATE TABLE {LOG} (seq {own}, name TEXT NOT NULL, key TEXT NOT NULL)")
    with database.read() as conn:
        tables = layout(conn)
    tries = TRIES
    for table in tables.values():
        # A table at a time, so that whoever makes them waits for writers while holding nothing that they wait for.
        while not _watched(database, table):
            alive()
            if (tries := tries - 1) < 0:
                raise busy()
        alive()


def _watched(database: Database, table: Table) -> bool:
    """Make the triggers of a table, unless its writers are long at it."""
    if database.dialect == "sqlite":
        with database.transaction() as conn:
            for statement in _triggers(conn, table):
                conn.execute(statement)
        return True
    from psycopg.errors import LockNotAvailable

    try:
        with database.transaction() as conn:
            conn.execute(f"SET LOCAL lock_timeout = {WAIT_MS}")
            for statement in _triggers(conn, table):
                conn.execute(statement)
    except LockNotAvailable:
        return False
    return True


def unwatch(database: Database) -> None:
    """Take away what :func:`watch` made."""
    with database.read() as conn:
        names = list(backup_rows.tables(conn))
    if LOG not in names:
        return
    for name in names:
        with database.transaction() as conn:
            for deed in ("insert", "update", "delete") if conn.dialect == "sqlite" else ():
                conn.execute(f"DROP TRIGGER IF EXISTS {quote(f'{LOG}_{deed}_{name}')}")
            if conn.dialect == "postgresql":
                conn.execute(f"DROP TRIGGER IF EXISTS {LOG} ON {quote(name)}")
                conn.execute(f"DROP FUNCTION IF EXISTS {_function(name)}()")
    with database.transaction() as conn:
        conn.execute(f"DROP TABLE {LOG}")


def _function(table: str) -> str:
    """The function of a table's trigger, unlike that of a table whose long name begins alike."""
    return quote(short_name(f"{LOG}_{table}"))


def _triggers(conn: Connection, table: Table) -> Iterator[str]:
    name = "'" + table.name.replace("'", "''") + "'"
    made = "json_array" if conn.dialect == "sqlite" else "json_build_array"
    old, new = (f"{made}({', '.join(f'{row}.{quote(each)}' for each in table.key)})" for row in ("OLD", "NEW"))
    put = f"INSERT INTO {LOG} (name, key)"
    if conn.dialect == "sqlite":
        moved = f"{put} SELECT {name}, {old} WHERE {old} <> {new}; {put} VALUES ({name}, {new})"
        for deed, then in (
            ("insert", f"{put} VALUES ({name}, {new})"),
            ("update", moved),
            ("delete", f"{put} VALUES ({name}, {old})"),
        ):
            trigger = quote(f"{LOG}_{deed}_{table.name}")
            yield f"CREATE TRIGGER {trigger} AFTER {deed.upper()} ON {quote(table.name)} BEGIN {then}; END"
        return
    function = _function(table.name)
    yield (
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF TG_OP <> 'INSERT' THEN {put} VALUES ({name}, {old}::text); END IF;"
        f" IF TG_OP <> 'DELETE' THEN {put} VALUES ({name}, {new}::text); END IF;"
        " RETURN NULL; END $$"
    )
    yield f"REVOKE ALL ON FUNCTION {function}() FROM PUBLIC"
    yield f"DROP TRIGGER IF EXISTS {LOG} ON {quote(table.name)}"
    yield (
        f"CREATE TRIGGER {LOG} AFTER INSERT OR UPDATE OR DELETE ON {quote(table.name)}"
        f" FOR EACH ROW EXECUTE FUNCTION {function}()"
    )


def changes(conn: Connection) -> int:
    """How many changes are written down and not yet brought."""
    return int(one(conn.execute(f"SELECT count(*) FROM {LOG}"))[0])


@dataclass(frozen=True, slots=True)
class Followed:
    """Changes that were brought: their numbers, and the keys of their rows by table."""

    numbers: tuple[int, ...]
    keys: Mapping[str, frozenset[Key]]


def follow(source: Connection, target: Database, tables: Mapping[str, Table], alive: Alive) -> Followed:
    """Bring the rows of all changes that a read sees, as that read sees them."""
    numbers, keys = [], dict[str, set[Key]]()
    for number, name, key in source.execute(f"SELECT seq, name, key FROM {LOG} ORDER BY seq"):
        numbers.append(int(number))
        keys.setdefault(str(name), set()).add(tuple(json.loads(key)))
    with target.transaction() as conn:
        for table in tables.values():
            for part in _parts(keys.get(table.name, ())):
                _bring(source, conn, table, part)
                alive()
    return Followed(tuple(numbers), {name: frozenset(found) for name, found in keys.items()})


def forget(database: Database, numbers: Sequence[int]) -> None:
    """Changes that were brought need not be looked at again."""
    for start in range(0, len(numbers), 5000):
        with database.transaction() as conn:
            part = [{"seq": number} for number in numbers[start : start + 5000]]
            conn.executemany(f"DELETE FROM {LOG} WHERE seq = :seq", part)


# --- rows -------------------------------------------------------------------------------------------------------------


def copy(source: Connection, target: Database, tables: Mapping[str, Table], alive: Alive) -> int:
    """Bring every row that a read sees to a place that was only built; how many."""
    count = 0
    for table in tables.values():
        with target.transaction() as conn:
            if conn.execute(f"SELECT 1 FROM {quote(table.name)}").first() is not None:
                # What building puts there: a row or a few.
                here, there = (_all(each, table) for each in (source, conn))
                for part in _parts({table.key_of(row) for row in (*here, *there)}):
                    _bring(source, conn, table, part)
                continue
            for page in backup_rows.pages(source, table.name, table.columns, size=2000):
                conn.append(table.name, table.columns, page)
                count += len(page) if backup.is_data(table.name) else 0
                alive()
    return count


def _all(conn: Connection, table: Table) -> list[Row]:
    return [row for page in backup_rows.pages(conn, table.name, table.columns) for row in page]


def _parts(keys: Iterable[Key]) -> Iterator[list[Key]]:
    every = sorted(keys, key=repr)
    for start in range(0, len(every), PART):
        yield every[start : start + PART]


def _found(conn: Connection, table: Table, keys: Sequence[Key]) -> dict[Key, list[Row]]:
    """The rows of keys."""
    found: dict[Key, list[Row]] = {}
    # What has an empty cell in its key is no equal of itself in SQL, and is asked for alone.
    whole = [key for key in keys if None not in key]
    params = {f"k{number}_{place}": cell for number, key in enumerate(whole) for place, cell in enumerate(key)}
    marks = [", ".join(f":k{number}_{place}" for place in range(len(table.key))) for number in range(len(whole))]
    names = ", ".join(map(quote, table.key))
    where = (
        f"{names} IN ({', '.join(marks)})"
        if len(table.key) == 1
        else f"({names}) IN (VALUES {', '.join(f'({each})' for each in marks)})"
    )
    asked = [(where, params)] if whole else []
    for where, params in (*asked, *(_known_by(conn, table, key) for key in keys if None in key)):
        sql = f"SELECT {', '.join(map(quote, table.columns))} FROM {quote(table.name)} WHERE {where}"
        for row in conn.execute(sql, params):
            found.setdefault(table.key_of(row), []).append(tuple(row))
    return found


def _known_by(conn: Connection, table: Table, key: Key) -> tuple[str, dict[str, Any]]:
    """The condition that a row is that of a key, and its parameters."""
    alike = "IS" if conn.dialect == "sqlite" else "IS NOT DISTINCT FROM"
    where = [
        f"{quote(name)} {'=' if cell is not None else alike} :k{place}"
        for place, (name, cell) in enumerate(zip(table.key, key, strict=True))
    ]
    return " AND ".join(where), {f"k{place}": cell for place, cell in enumerate(key)}


def _bring(source: Connection, target: Connection, table: Table, keys: Sequence[Key]) -> None:
    """Make the rows of keys at the new place as they are at the old one."""
    here, there, new = _found(source, table, keys), _found(target, table, keys), list[Row]()
    for key in keys:
        rows, old = here.get(key, []), there.get(key, [])
        if Counter(rows) == Counter(old):
            continue
        same, where = _known_by(target, table, key)
        if table.own and rows and old:
            cells = ", ".join(f"{quote(name)} = :c{place}" for place, name in enumerate(table.columns))
            values = {f"c{place}": cell for place, cell in enumerate(rows[0])}
            target.execute(f"UPDATE {quote(table.name)} SET {cells} WHERE {same}", {**values, **where})
            continue
        if old:
            target.execute(f"DELETE FROM {quote(table.name)} WHERE {same}", where)
        new += rows
    if new:
        target.append(table.name, table.columns, new)


# --- whether it is the same -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sum:
    """What a table holds: how many rows, and a digest in which their order does not matter."""

    rows: int
    digest: str


def sums(conn: Connection, tables: Mapping[str, Table], alive: Alive) -> dict[str, Sum]:
    """What each table holds, as a read sees it."""
    found = {}
    for table in tables.values():
        rows = total = 0
        for page in backup_rows.pages(conn, table.name, table.columns, size=2000):
            rows += len(page)
            # Added up, the digests of rows give the same in any order, and two rows alike do not cancel out.
            total += sum(int.from_bytes(hashlib.blake2b(_bytes(row), digest_size=16).digest()) for row in page)
            alive()
        found[table.name] = Sum(rows, f"{total % 2**128:032x}")
    return found


def whole(found: Mapping[str, Sum]) -> str:
    """One digest of all tables."""
    text = "".join(f"{name} {found[name].rows} {found[name].digest}\n" for name in sorted(found))
    return hashlib.sha256(text.encode()).hexdigest()


def _bytes(row: Row) -> bytes:
    return repr(tuple(bytes(cell) if isinstance(cell, memoryview) else cell for cell in row)).encode()


def counts(conn: Connection, tables: Mapping[str, Table]) -> dict[str, int]:
    """How many rows each table has, as a read sees it."""
    return {name: int(one(conn.execute(f"SELECT count(*) FROM {quote(name)}"))[0]) for name in tables}


def unlike(
    source: Connection, target: Connection, tables: Mapping[str, Table], keys: Mapping[str, Iterable[Key]]
) -> tuple[str, ...]:
    """Tables in which the rows of keys differ, or whose numbers of rows do."""
    here, there = counts(source, tables), counts(target, tables)
    found = {name for name in tables if here[name] != there[name]}
    for name, changed in keys.items():
        for part in _parts(changed):
            mine, theirs = (_found(each, tables[name], part) for each in (source, target))
            if any(Counter(mine.get(key, ())) != Counter(theirs.get(key, ())) for key in part):
                found.add(name)
    return tuple(sorted(found))
