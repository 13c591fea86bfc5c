"""Many rows whose own date has passed, removed together before the sweep looks at what is left row by row.

A newsletter sent to everybody passes its year on one day. Each of its rows would be put where the sweep takes it from,
judged, counted and written down alone; here the rule is asked of all of them at once, in the same words.
"""

from __future__ import annotations

from collections.abc import Sequence

from seloste.compiler.register import Column, Register
from seloste.compiler.sweep import among_ids, sweep
from seloste.compiler.sweep_outright import Outright, taking
from seloste.store import due, ledger
from seloste.store.due import BARE
from seloste.store.engine import Connection, one, quote
from seloste.store.sweep import Found, Swept, finish, forget, lets_go
from seloste.store.sweep_due import asked_of, between
from seloste.store.work import Work


def remove(work: Work, each: Outright, most: int) -> Swept | None:
    """Remove at most so many rows that a rule lets go whole. None when there are none.

    What went is gone and everything derived is up to date.
    """
    conn, register = work.conn, work.register
    values = between(conn, register, work.now)
    if values is None:
        return None
    columns = _followed(conn, register, each.kind)
    asked = taking(register, each, tuple(column.name for column in columns), conn.dialect)
    told = one(conn.execute(asked.sql, asked_of(asked.sql, values) | {"most": most}))
    count, ids, targets, cells = told[0], str(told[1]), told[2 : 2 + len(columns)], told[2 + len(columns) :]
    if not count:
        return None
    found = Found(looked=int(count))
    found.rows[each.kind] = int(count)
    found.gone.update(
        {(each.kind, name): int(filled) for name, filled in zip(asked.counted, cells, strict=True) if filled}
    )
    of = sweep(register, conn.dialect).kinds[each.kind]
    for column, named in zip(columns, targets, strict=True):
        lets_go(register, of, column, set(map(int, named.split(","))) if named else (), found)
    among = {"ids": f"[{ids}]" if conn.dialect == "sqlite" else f"{{{ids}}}"}
    forget(conn, each.kind, among)
    if conn.dialect == "sqlite":
        conn.execute(f"DELETE FROM {quote(each.kind)} WHERE {among_ids('id', conn.dialect)}", among)
    ledger.note_gone(conn, each.kind, ids, work.now)
    finish(work, found)
    return found


def _followed(conn: Connection, register: Register, kind: str) -> Sequence[Column]:
    """The references by which something may go when rows of a kind do."""
    of = sweep(register, conn.dialect).kinds[kind]
    return [
        column
        for column in register.tables[kind].of_role("reference")
        if column.target in register.tables
        and (column.name in of.settles | of.loosens or _any_bare(conn, str(column.target)))
    ]


def _any_bare(conn: Connection, kind: str) -> bool:
    """Whether a row of a kind stays only because something points at it or counts from it."""
    sql = f"SELECT 1 FROM {due.DUE} WHERE run = {BARE} AND kind = :kind ORDER BY row LIMIT 1"
    return conn.execute(sql, {"kind": kind}).first() is not None
