"""A sweep that is killed leaves whole rows, a whole journal and nothing derived out of date; the next one goes on."""

from __future__ import annotations

import datetime as dt
import random
import subprocess
import sys
import time
from pathlib import Path

from tests.operations.conftest import SALES

from seloste.operations.actor import CLI
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.operations.retention.sweep import sweep
from seloste.store.engine import one, quote
from seloste.store.journal import verify
from seloste.store.registers import Registers, RegisterStore

PEOPLE = 400
SWEPT = ("person", "relationship", "order")
KILLS = 8
ROOT = Path(__file__).parents[2]


def fill(store: RegisterStore, now: dt.datetime) -> None:
    rows = [NewRow("organisation", {"name": "Havupumppu Oy"}, ref="o")]
    for number in range(PEOPLE):
        rows += [
            NewRow("person", {"first_name": f"Nimi{number}", "email": [f"n{number}@havu.example"]}, ref=f"p{number}"),
            NewRow(
                "relationship", {"title": "Ostaja"}, {"person": f"p{number}", "organisation": "o"}, ref=f"r{number}"
            ),
            NewRow("order", {"number": f"T-{number}", "ordered_on": now.date()}, {"person": f"p{number}"}),
        ]
    collect(store, rows, actor=SALES, now=now)


def whole(store: RegisterStore) -> int:
    """How many rows are left, when everything left is whole."""
    register = store.register
    with store.database.read() as conn:
        for kind, table in register.tables.items():
            for column in table.of_role("reference"):
                dangling = (
                    f"SELECT count(*) FROM {quote(kind)} x LEFT JOIN {quote(str(column.target))} y"
                    f" ON x.{quote(column.name)} = y.id WHERE x.{quote(column.name)} IS NOT NULL AND y.id IS NULL"
                )
                assert one(conn.execute(dangling))[0] == 0, f"{kind}.{column.name} points at nothing"
        for table_name in ("sys_find", "sys_cell_source"):
            for kind in register.tables:
                sql = f"SELECT count(*) FROM {table_name} WHERE kind = :k AND row NOT IN (SELECT id FROM {quote(kind)})"
                assert one(conn.execute(sql, {"k": kind}))[0] == 0
        left = sum(int(one(conn.execute(f"SELECT count(*) FROM {quote(kind)}"))[0]) for kind in SWEPT)
        before = derived(store)
    swept = "SELECT coalesce(sum(count), 0) FROM journal WHERE verb = 'sweep' AND note = 'row'"
    with store.database.read() as conn:
        assert int(one(conn.execute(swept))[0]) == PEOPLE * len(SWEPT) - left, "every row that went is in the journal"
    with store.database.transaction() as conn:
        for mark in (*store.statements.marks.matters, *store.statements.marks.held):
            conn.execute(mark.all_sql)
    assert derived(store) == before
    assert verify(store.database).ok
    return left


def derived(store: RegisterStore) -> dict[str, list[tuple[object, ...]]]:
    found = {}
    with store.database.read() as conn:
        for kind, table in store.register.tables.items():
            names = ", ".join(["id", *(quote(column.name) for column in table.of_role("until"))])
            found[kind] = [tuple(row) for row in conn.execute(f"SELECT {names} FROM {quote(kind)} ORDER BY id")]
    return found


def test_killed_at_any_moment(
    registers: Registers, store: RegisterStore, fixed_now: dt.datetime, tmp_path: Path
) -> None:
    fill(store, fixed_now)
    key, later = store.register.notice.register, fixed_now + dt.timedelta(days=1200)
    url = registers.settings.database_url or ""
    random.seed(7)
    lefts = [PEOPLE * len(SWEPT)]
    for _ in range(KILLS):
        program = subprocess.Popen(
            [sys.executable, "-m", "tests.retention.sweeping", str(tmp_path), url, key, later.isoformat()],
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
        assert program.stdout is not None
        for _ in range(random.randint(1, 12)):
            assert program.stdout.readline() in (b"chunk\n", b"done\n", b"")
        time.sleep(random.uniform(0.0, 0.02))
        program.kill()
        program.wait()
        program.stdout.close()
        lefts.append(whole(store))
    assert lefts == sorted(lefts, reverse=True)
    sweep(store, now=later, actor=CLI)
    assert whole(store) == 0
    again = sweep(store, now=later, actor=CLI, every_row=True)
    assert (again.rows, again.cells) == (0, 0)
    assert any(0 < left < PEOPLE * len(SWEPT) for left in lefts), f"no kill fell within the sweep: {lefts}"
