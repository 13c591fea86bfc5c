"""What of somebody is judged together goes as it would row by row, kind after kind, over random notices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rule.strategies import NOW, Drawn, histories, later_days, registers
from tests.rule.world import Names, built, do, new_place, writing

from seloste.catalogue.model import PERSON
from seloste.operations.retention.report import report
from seloste.operations.retention.sweep import taken_back
from seloste.store import due
from seloste.store.bans import remember
from seloste.store.engine import Connection, quote
from seloste.store.ledger import rows_of
from seloste.store.registers import RegisterStore
from seloste.store.sweep import Swept, chunk
from seloste.store.sweep_whole import referring, sweep_whole
from seloste.store.work import Work

Rows = Mapping[str, set[int]]


def kind_by_kind(work: Work, begin: Rows) -> Swept:
    """As the sweep of the register goes on from what is due, again until nothing goes."""
    due.create(work.conn)
    swept, goes = Swept(), True
    rows = referring(work.conn, work.register, begin)
    while goes:
        at_once, goes = due.AtOnce(), False
        at_once.put(rows, due.ALONE)
        while (found := chunk(work, at_once)) is not None:
            swept.add(found)
            goes |= bool(found.rows or found.emptied)
    return swept


def left(conn: Connection, store: RegisterStore) -> dict[str, list[Any]]:
    """Every cell, derived ones too, the keys beside them, and which rows the ledger tells of."""
    found = {kind: conn.execute(f"SELECT * FROM {quote(kind)} ORDER BY id").all() for kind in store.register.tables}
    for table in ("sys_find", "sys_cell_source"):
        found[table] = sorted(map(repr, conn.execute(f"SELECT * FROM {table}")))
    gone = conn.execute("SELECT kind, row, others FROM sys_ledger WHERE gone = 1").all()
    found["gone"] = sorted((kind, row) for kind, first, others in gone for row in rows_of(first, others))
    return found


def live(drawn: Drawn, data: st.DataObject, place: tuple[str, str | None]) -> None:
    steps = data.draw(histories(drawn), label="history")
    with built(drawn.register, place) as store:
        names = Names()
        with writing(store, NOW) as work:
            for step in steps:
                do(work, names, step)
        for kind in store.register.subjects:
            with store.read(NOW) as conn:
                numbers = [row[0] for row in conn.execute(f"SELECT id FROM {quote(kind)} ORDER BY id LIMIT 2")]
            for number in numbers:
                for now in (NOW, *later_days()):
                    same(store, {kind: {number}}, now)


def same(store: RegisterStore, begin: Rows, now: dt.datetime) -> None:
    found = []
    for way in (sweep_whole, kind_by_kind):
        with taken_back(store, now) as work:
            work.settled()
            # What was written without being judged has left no hashes yet, and each way leaves them at another time.
            remember(work, sorted(begin.get(PERSON, ())))
            told = report(work.conn, store.register, way(work, begin), at=now, dry_run=True)
            counts = {line.kind: (line.gone, line.stays, line.bare) for line in told.kinds}
            found.append((left(work.conn, store), {(each.kind, each.item): each for each in told.items}, counts))
    for one, other in zip(*found, strict=True):
        assert one == other


@settings(max_examples=7)
@given(drawn=registers(), data=st.data())
def test_sqlite(drawn: Drawn, data: st.DataObject, tmp_path: Path) -> None:
    live(drawn, data, new_place("sqlite", tmp_path, None))


@settings(max_examples=2)
@given(drawn=registers(), data=st.data())
def test_postgresql(drawn: Drawn, data: st.DataObject, tmp_path: Path, pg_url: str) -> None:
    live(drawn, data, new_place("postgresql", tmp_path, pg_url))
