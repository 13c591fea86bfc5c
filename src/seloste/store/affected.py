"""Whom and what a breach reaches: rows of kinds, stored within a time, and the people they are about.

It counts all that the register holds, whatever a lens would show: what leaked, leaked whole.
"""

from __future__ import annotations

import datetime as dt

from seloste.clock import to_utc_text
from seloste.compiler.concerned import concerned
from seloste.compiler.register import Register
from seloste.compiler.whose import to_persons
from seloste.store.engine import Connection, one, quote


def countable(register: Register) -> tuple[str, ...]:
    """Kinds whose rows are about persons."""
    return tuple(kind for kind in register.tables if to_persons(register, kind))


def count(
    conn: Connection,
    register: Register,
    kind: str,
    *,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    purpose: str = "",
) -> tuple[int, frozenset[int]]:
    """How many rows of ``kind`` were stored within the time, and the ids of the persons they are about.

    With ``purpose`` only those about people of whom that purpose may use something now. ``until`` is left out itself.
    """
    where, params = ["1 = 1"], {}
    if since is not None:
        where.append("t0.sys_recorded_at >= :since")
        params["since"] = to_utc_text(since)
    if until is not None:
        where.append("t0.sys_recorded_at < :until")
        params["until"] = to_utc_text(until)
    within = " AND ".join(where)
    found = " UNION ".join(
        f"SELECT t0.id AS record, {way.person} AS who FROM {way.rows} WHERE {within} AND {way.person} IS NOT NULL"
        for way in to_persons(register, kind)
    )
    if not purpose:
        rows = int(one(conn.execute(f"SELECT count(*) FROM {quote(kind)} t0 WHERE {within}", params))[0])
    else:
        people = concerned(register, [purpose], conn.dialect)
        found = f"SELECT f.record, f.who FROM ({found}) AS f WHERE f.who IN (SELECT id FROM ({people}) AS p)"
        rows = int(one(conn.execute(f"SELECT count(DISTINCT record) FROM ({found}) AS r", params))[0])
    who = conn.execute(f"SELECT DISTINCT who FROM ({found}) AS w", params)
    return rows, frozenset(int(each) for (each,) in who)
