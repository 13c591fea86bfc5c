"""Who says something else by a later day, though nobody does anything: consents end by themselves."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from seloste.clock import HELSINKI, today
from seloste.compiler.register import Register
from seloste.store.due import ids_value
from seloste.store.engine import Connection, quote
from seloste.store.masks import as_columns, bits_of, read_said


@dataclass
class Then:
    """The subjects of a kind whose word is another than today's. ``purposes``: what any of them says no to by then."""

    cells: dict[int, dict[str, int]] = field(default_factory=dict)
    """id -> the columns of the word."""
    purposes: set[str] = field(default_factory=set)
    held: bool = False
    """A hold or restriction of one of them has begun or ended."""
    _params: Mapping[str, str] | None = None

    def params(self, conn: Connection, kind: str) -> Mapping[str, str]:
        """As :func:`~seloste.compiler.forecast.at_a_later_day` takes them."""
        if self._params is None:
            rows: list[dict[str, Any]] = [{"id": number, **cells} for number, cells in self.cells.items()]
            if conn.dialect == "sqlite":
                self._params = {f"said_{kind}": json.dumps(rows)}
            else:
                self._params = {f"said_{kind}_{name}": ids_value(conn, (row[name] for row in rows)) for name in rows[0]}
        return self._params


def said_then(conn: Connection, register: Register, days: Sequence[dt.date]) -> list[Mapping[str, Then]]:
    """For each of the days by kind of subject those who say something else by then than on the first."""
    turns = {subject: _turns(conn, subject, days) for subject in register.subjects if _may_end(register, subject)}
    found: list[Mapping[str, Then]] = []
    now: dict[str, Then] = {}
    for place, day in enumerate(days):
        changed = {subject: several[place] for subject, several in turns.items() if several[place]}
        if changed:
            # What was given for an earlier day stays as it was.
            now = {s: Then(dict(then.cells), set(then.purposes), then.held) for s, then in now.items()}
        for subject, owners in changed.items():
            _turn(conn, register, subject, sorted(owners), (days[0], day), now.setdefault(subject, Then()))
        found.append({subject: then for subject, then in now.items() if then.cells})
    return found


def _may_end(register: Register, subject: str) -> bool:
    table = register.tables.get("permission")
    return table is not None and table.column(subject) is not None and table.column("ends_on") is not None


def _turns(conn: Connection, subject: str, days: Sequence[dt.date]) -> Mapping[int, set[int]]:
    """For each place among the days the subjects of whose consents one has ended by it and not by the one before."""
    sql = f"SELECT DISTINCT {quote(subject)}, ends_on FROM permission WHERE {quote(subject)} IS NOT NULL"
    sql += " AND withdrawn_at IS NULL AND ends_on >= :first AND ends_on < :last"
    found: dict[int, set[int]] = defaultdict(set)
    for owner, ends in conn.execute(sql, {"first": days[0].isoformat(), "last": days[-1].isoformat()}):
        place = next(place for place, day in enumerate(days) if ends < day.isoformat())
        found[place].add(int(owner))
    return found


def _turn(
    conn: Connection, register: Register, subject: str, owners: Sequence[int], days: tuple[dt.date, dt.date], then: Then
) -> None:
    """Have it that owners say what they do on the second of the days, where that is not what they do on the first."""
    moments = [dt.datetime.combine(day, dt.time(12), HELSINKI) for day in days]
    assert [today(moment) for moment in moments] == list(days)
    for start in range(0, len(owners), PART):
        part = owners[start : start + PART]
        events = read_said(conn, register, subject, part)
        for owner in part:
            before, after = (as_columns(bits_of(register, events[owner], moment)) for moment in moments)
            then.cells.pop(owner, None)
            if before != after:
                then.cells[owner] = after
                then.purposes |= set(_lost(register, before, after))
                then.held |= before["sys_held"] != after["sys_held"]


def _lost(register: Register, before: Mapping[str, int], after: Mapping[str, int]) -> Iterator[str]:
    for purpose in register.purposes:
        number, bit = register.bit(purpose)
        if (before[f"sys_need_{number}"] ^ after[f"sys_need_{number}"]) & bit:
            yield purpose


PART = 5000
"""Subjects whose events are in memory at once."""
