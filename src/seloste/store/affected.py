"""Whom and what a breach reaches: rows of kinds, stored within a time, and the people they are about.

It counts all that the register holds, whatever a lens would show: what leaked, leaked whole.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from seloste.catalogue.model import PERSON
from seloste.clock import to_utc_text
from seloste.compiler.concerned import concerned
from seloste.compiler.register import Register
from seloste.notice.ways import references, subject_paths
from seloste.store.engine import Connection, one, quote


def countable(register: Register) -> tuple[str, ...]:
    """Kinds whose rows are about persons."""
    return tuple(kind for kind in register.tables if next(_paths(register, kind), None) is not None)


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
    found = " UNION ".join(f"{path} WHERE {within} AND {end} IS NOT NULL" for path, end in _paths(register, kind))
    if not purpose:
        rows = int(one(conn.execute(f"SELECT count(*) FROM {quote(kind)} t0 WHERE {within}", params))[0])
    else:
        people = concerned(register, [purpose], conn.dialect)
        found = f"SELECT f.record, f.who FROM ({found}) AS f WHERE f.who IN (SELECT id FROM ({people}) AS p)"
        rows = int(one(conn.execute(f"SELECT count(DISTINCT record) FROM ({found}) AS r", params))[0])
    who = conn.execute(f"SELECT DISTINCT who FROM ({found}) AS w", params)
    return rows, frozenset(int(each) for (each,) in who)


def _paths(register: Register, kind: str) -> Iterator[tuple[str, str]]:
    """SELECT of rows and the person at the end of each way to one, and the column that the person stands in."""
    for path in subject_paths(register.notice.kinds, kind):
        at, joins, last = kind, "", "t0.id"
        for number, column in enumerate(path):
            target = next(each.target for each in references(register.tables[at].kind) if each.column == column)
            last = f"t{number}.{quote(column)}"
            if number < len(path) - 1:
                joins += f" JOIN {quote(target)} t{number + 1} ON t{number + 1}.id = {last}"
            at = target
        if at == PERSON:
            yield f"SELECT t0.id AS record, {last} AS who FROM {quote(kind)} t0{joins}", last
