"""Consents that are about one row: which permission a row rests on, where the notice asks for the consent of each.

The link is an id beside an id (``sys_agreed``). A row ends with its own consent, whatever else the person has
agreed to and whatever its own dates say: its last day is derived from both (``compiler.agreed``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from seloste.catalogue.model import PERSON
from seloste.clock import today
from seloste.compiler.register import Register
from seloste.store import bulk
from seloste.store.engine import Connection, quote

if TYPE_CHECKING:
    from seloste.store.work import Work


def create(conn: Connection) -> None:
    """The table, where it is not yet."""
    number = "INTEGER" if conn.dialect == "sqlite" else "BIGINT"
    conn.execute(
        f"CREATE TABLE IF NOT EXISTS sys_agreed (kind TEXT NOT NULL, row {number} NOT NULL,"
        f" permission {number} NOT NULL, PRIMARY KEY (kind, row))"
    )


def permission_of(conn: Connection, kind: str, row: int) -> int | None:
    """The permission that a row rests on."""
    create(conn)
    found = conn.execute(
        "SELECT permission FROM sys_agreed WHERE kind = :kind AND row = :row", {"kind": kind, "row": row}
    ).first()
    return None if found is None else int(found[0])


def agree(work: Work, kind: str, row: int) -> bool:
    """Have a new row rest on a consent of its person given in this operation, and end with it at the latest.

    False when there is none to its purpose on which no other row rests.
    """
    create(work.conn)
    purpose = work.register.agreed[kind]
    given = sorted(work.written.get("permission", ()))
    for number in given:
        found = work.conn.execute(
            f"SELECT p.ends_on FROM permission p, {quote(kind)} r WHERE p.id = :permission AND r.id = :row"
            f" AND p.{PERSON} = r.{PERSON} AND p.purpose = :purpose AND p.withdrawn_at IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM sys_agreed a WHERE a.permission = p.id)",
            {"permission": number, "row": row, "purpose": purpose},
        ).first()
        if found is None:
            continue
        work.conn.execute(
            "INSERT INTO sys_agreed (kind, row, permission) VALUES (:kind, :row, :permission)",
            {"kind": kind, "row": row, "permission": number},
        )
        if found[0] is not None:
            _end_by(work, kind, row, dt.date.fromisoformat(found[0]))
        return True
    return False


def touch(work: Work, subject: str, persons: Iterable[int]) -> None:
    """Rows that rest on consents of these subjects end with them, so their days follow what was said."""
    for kind in work.register.agreed if subject == PERSON else ():
        for part in bulk.parts(sorted(persons)):
            marks, params = bulk.named(part)
            sql = f"SELECT id FROM {quote(kind)} WHERE {quote(PERSON)} IN ({marks})"
            work.touch(kind, [int(row) for (row,) in work.conn.execute(sql, params)])


def end_row(work: Work, kind: str, row: int) -> None:
    """A row that rests on no consent of its own is taken back: it goes with the next look."""
    if _ends_with(work.register, kind) is None:
        work.delete(kind, row)
    else:
        _end_by(work, kind, row, today(work.now) - dt.timedelta(days=1))


def _ends_with(register: Register, kind: str) -> str | None:
    """The date that a row is kept until, when its period is no more than that."""
    base = register.keep(register.agreed[kind], kind).base
    if base is None or base.amount or base.preset or base.kind not in (None, kind):
        return None
    item = register.tables[kind].kind.items.get(base.date)
    return base.date if item is not None and item.type == "date" else None


def _end_by(work: Work, kind: str, row: int, day: dt.date) -> None:
    date = _ends_with(work.register, kind)
    if date is None:
        return
    found = work.conn.execute(f"SELECT {quote(date)} FROM {quote(kind)} WHERE id = :row", {"row": row}).first()
    if found is not None and (found[0] is None or found[0] > day.isoformat()):
        work.update(kind, row, {date: day})
