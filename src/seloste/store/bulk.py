"""Many rows at once: ids taken beforehand, then one statement for all of them on each engine.

Ids are needed before the rows are written, for rows of one operation point at each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from seloste.store.engine import Connection, quote

if TYPE_CHECKING:
    from seloste.compiler.register import Storage

_ARRAYS: Mapping[Storage, str] = {
    "integer": "bigint[]",
    "text": "text[]",
    "real": "double precision[]",
    "bytes": "bytea[]",
}


CHUNK = 500
"""Ids in one statement."""


def parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Ids as one statement takes them."""
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def named(ids: Sequence[int]) -> tuple[str, dict[str, int]]:
    """The text of a list of ids in a statement, and its parameters."""
    params = {f"i{number}": each for number, each in enumerate(ids)}
    return ", ".join(":" + name for name in params), params


@lru_cache(maxsize=512)
def of_so_many(sql: str, ids: int) -> str:
    """A statement of ``compiler.judge`` for so many ids, the same text each time, so that it is known at a glance."""
    return sql.replace("/*ids*/", named(range(ids))[0])


@lru_cache(maxsize=512)
def insert_text(table: str, names: tuple[str, ...]) -> str:
    """Adds one row and tells its id."""
    marks = ", ".join(f":{name}" for name in names)
    return f"INSERT INTO {quote(table)} ({', '.join(map(quote, names))}) VALUES ({marks}) RETURNING id"


def new_ids(conn: Connection, table: str, count: int) -> list[int]:
    """So many ids of a table that no row has had, in order, for this transaction to use."""
    if conn.dialect == "postgresql":
        found = conn.execute(
            "SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)",
            {"table": quote(table), "count": count},
        )
        return [int(number) for (number,) in found]
    # Writers take turns on SQLite, so what is above the highest id ever given belongs to this transaction.
    sql = f"SELECT max(seq) FROM sqlite_sequence WHERE name = :table UNION ALL SELECT max(id) FROM {quote(table)}"
    first = max(int(top or 0) for (top,) in conn.execute(sql, {"table": table})) + 1
    return list(range(first, first + count))


def insert(
    conn: Connection,
    table: str,
    columns: Mapping[str, Storage],
    rows: Sequence[Mapping[str, Any]],
    *,
    skip_known: bool = False,
) -> None:
    """Insert rows; a column that a row does not name is NULL. ``skip_known`` leaves out rows that are there already."""
    if not rows:
        return
    names = ", ".join(quote(name) for name in columns)
    tail = " ON CONFLICT DO NOTHING" if skip_known else ""
    if conn.dialect == "postgresql":
        # One array for each column: a thousand rows cost little more than one, and no value is part of the text.
        arrays = ", ".join(f":{name}::{_ARRAYS[storage]}" for name, storage in columns.items())
        conn.send(
            f"INSERT INTO {quote(table)} ({names}) SELECT * FROM unnest({arrays}){tail}",
            {name: [row.get(name) for row in rows] for name in columns},
        )
        return
    if not skip_known:
        conn.append(table, tuple(columns), [tuple(map(row.get, columns)) for row in rows])
        return
    values = ", ".join(":" + name for name in columns)
    empty = dict.fromkeys(columns)
    conn.executemany(
        f"INSERT INTO {quote(table)} ({names}) VALUES ({values}){tail}", [{**empty, **row} for row in rows]
    )
