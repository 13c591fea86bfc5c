"""The sweep: a tenth of many rows is past its period, removed by the product and by one indexed DELETE.

The rows are newsletters that were sent: the example keeps them for a year, whatever becomes of whom they went to.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any

from bench.cases import SEED, Outcome, outcome
from bench.measure import UnequalError, Variant, measure, must_agree
from bench.world import NOW, World
from bench.writes import Execute, executor
from seloste.clock import HELSINKI, from_utc_text, to_utc_text
from seloste.operations.actor import CLI
from seloste.operations.retention.sweep import sweep
from seloste.store import due, system
from seloste.store.day import clock_row
from seloste.store.sweep_due import SWEPT, collect

KIND = "message"
ROWS_A_PERSON = 10
TENTH = 10
LATER = NOW + dt.timedelta(days=1)


class Expiring:
    """Ten newsletters for each person; a tenth of all passes its year tomorrow."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.execute: Execute = executor(world.plain())
        if world.engine == "postgresql":
            self.execute("SET statement_timeout = 0", ())
        self.rows = world.people * ROWS_A_PERSON
        _, cut = world.store.register.trims["customer_care", KIND]
        self.was, self.now = (clock_row(world.store.register, day.date())[cut.column] for day in (NOW, LATER))
        first = from_utc_text(self.now).astimezone(HELSINKI).date()
        days = [first - dt.timedelta(days=1), *(first + dt.timedelta(days=15 * n) for n in range(1, TENTH))]
        self._moments = [to_utc_text(dt.datetime.combine(day, dt.time(12), HELSINKI)) for day in days]
        self.execute(f"DELETE FROM {KIND}", ())
        self.execute(f"DELETE FROM sys_find WHERE kind = '{KIND}'", ())
        self._insert(range(TENTH))
        store = world.store
        with store.write(NOW) as work:
            # As after the sweep of today: indexes made, nothing due.
            collect(work, every_row=True)
            work.conn.execute(f"DELETE FROM {due.DUE}")
            self._state = system.meta(work.conn, SWEPT) or ""
        store.to_day(LATER)
        sweep(store, now=LATER, actor=CLI)  # takes along what else the day lets go

    def _insert(self, which: Sequence[int]) -> None:
        """Rows by number; of each ten, one is of each date."""
        series = (
            f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {self.rows})"
            if self._world.engine == "sqlite"
            else f"WITH n(i) AS (SELECT generate_series(1, {self.rows}::bigint))"
        )
        date = " ".join(f"WHEN {each} THEN '{moment}'" for each, moment in enumerate(self._moments))
        # What a hold keeps does not go, and with a tie that ends all its rows would.
        lasting = (
            "relationship r JOIN person p ON p.id = r.person WHERE p.sys_held = 0"
            f" AND r.sys_until_customer_care > '{LATER.date() + dt.timedelta(days=30)}'"
        )
        ties = f"SELECT r.id, row_number() OVER (ORDER BY r.id) - 1 AS place FROM {lasting}"
        count = int(self.execute(f"SELECT count(*) FROM {lasting}", ())[0][0])
        self.execute(
            f"{series}, ties AS ({ties}) INSERT INTO {KIND} (id, relationship, sent_at, channel, subject, template,"
            f" status, sys_source, sys_recorded_at) SELECT i, ties.id, CASE n.i * 31 % {TENTH} {date} END, 'email',"
            f" 'Uutiskirje', 'newsletter', 'sent', 'own_records', '{to_utc_text(NOW)}'"
            f" FROM n JOIN ties ON ties.place = (n.i * 7919) % {count}"
            f" WHERE n.i * 31 % {TENTH} IN ({', '.join(map(str, which))}) ON CONFLICT DO NOTHING",
            (),
        )

    def put_back(self, _: Any) -> None:
        """What the deed before removed, and the day of the last sweep."""
        self._insert([0])
        store = self._world.store
        with store.write(LATER) as work:
            system.put_meta(work.conn, SWEPT, self._state)
        if self._world.engine == "sqlite":
            self.execute("PRAGMA wal_checkpoint(TRUNCATE)", ())
        else:
            self.execute(f"VACUUM ANALYZE {KIND}", ())
            self.execute("CHECKPOINT", ())

    def by_hand(self, _: Any) -> str:
        """One DELETE along the index of the date; on SQLite the log is cut afterwards, as the product does."""
        moment = "coalesce(sent_at, sys_recorded_at)"
        self.execute(f"DELETE FROM {KIND} WHERE {moment} >= ? AND {moment} < ?", (self.was, self.now))
        if self._world.engine == "sqlite":
            self.execute("PRAGMA wal_checkpoint(TRUNCATE)", ())
        return ""

    def by_product(self, _: Any) -> str:
        """The sweep of the day: collected, judged by the rule, removed, journaled, reported, the log cut."""
        sweep(self._world.store, now=LATER, actor=CLI)
        return ""

    def left(self, _: str) -> tuple[int, str]:
        ids = [number for (number,) in self.execute(f"SELECT id FROM {KIND} ORDER BY id", ())]
        return len(ids), hashlib.sha256(repr(ids).encode()).hexdigest()


def sweeping(world: World, rounds: int) -> list[Outcome]:
    """A tenth of the rows goes; what it costs all together."""
    rows = Expiring(world)
    variants = [
        Variant("raw", rows.by_hand, ready=rows.put_back),
        Variant("ours", rows.by_product, ready=rows.put_back),
    ]
    must_agree([each.giving(rows.left) for each in variants], [0])
    if rows.left("")[0] != rows.rows - rows.rows // TENTH:
        raise UnequalError("not a tenth of the rows went")
    found = measure(variants, [0], rounds=max(rounds // 12, 1), ops=1, seed=SEED, waits=world.waits)
    note = f"{rows.rows // TENTH} of {rows.rows} rows; {world.durability}"
    return [outcome("sweep", world, found[0], found[1], 1.3, note)]
