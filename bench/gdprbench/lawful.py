"""The same writes by hand with all that they must leave behind: what the controller has to show, and what a backup that
is brought back has to know. Nothing is judged: what goes, what stays and whom it is about are known beforehand.

A cell that was changed says where the change came from (Art. 15(1)(g)), every write has its sealed entry in the
journal, what went and what was said stands in the ledger, and an erasure is a request that was received, carried out
and answered (Art. 12(3)), with the objections that it is (Art. 17(1)(c)). Reads leave nothing, though GDPRbench has
them logged.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from bench.gdprbench.hand import Answer, ByHand
from bench.gdprbench.model import Operation
from bench.gdprbench.ours import ITEMS
from bench.world import World
from seloste.clock import from_utc_text
from seloste.store.journal import Entry
from seloste.store.journal_entry import COLUMNS, sealed

Said = tuple[str, str, tuple[int, ...], tuple[str, ...], int, str]
"""Verb, kind, persons, items, count and note of an entry of the journal."""
ENDED = ("service", "decisions")
"""The purposes to which an erasure is an objection."""
ANSWER = (
    "These were erased: {count} items (people and records).\nNothing else stays but the proof of what you asked and"
    " said, and of what we answered.\nIt is kept because we must be able to show that we acted rightly."
)


class Lawful(ByHand):
    """Each write is one transaction with its records, its statements known beforehand."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._lock = "" if world.engine == "sqlite" else " FOR UPDATE"
        self._entry = f"INSERT INTO journal ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"

    def _log(self, said: Iterable[Said], lens: str = "clerk") -> None:
        """Entries of the journal, and the end of the transaction."""
        run, at = self._run, from_utc_text(self._now)
        seq, seal = run(f"SELECT seq, hash FROM journal_head WHERE id = 1{self._lock}", ())[0]
        done = [
            (Entry(at, "1", lens, verb, kind, persons, items, count, note=note).deed, at, persons, count)
            for verb, kind, persons, items, count, note in said
        ]
        rows = sealed(done, seq, seal)
        for row in rows:
            run(self._entry, row)
        if rows:
            run("UPDATE journal_head SET seq = ?, hash = ? WHERE id = 1", (rows[-1][0], rows[-1][-1]))
        run("COMMIT", ())

    def _noted(self, kind: str, rows: Sequence[int], *, gone: bool = True) -> None:
        """An entry of the ledger for all that went of a kind, or for an event."""
        others = ",".join(map(str, rows[1:])) or None
        sql = "INSERT INTO sys_ledger (kind, row, gone, at, others) VALUES (?, ?, ?, ?, ?)"
        self._run(sql, (kind, rows[0], int(gone), self._now, others))

    def _corrected(
        self, kind: str, items: Sequence[str], sql: str, params: Sequence[Any], *, whose: bool = True
    ) -> Answer:
        """A change of cells, of rows that it returns with whose they are."""
        run = self._run
        run(self._begin, ())
        found = run(sql, params)
        for row, _ in found:
            for item in items:
                run(
                    "INSERT INTO sys_cell_source (kind, row, item, source, at) VALUES (?, ?, ?, 'subject', ?)"
                    " ON CONFLICT (row, kind, item) DO UPDATE SET source = excluded.source, at = excluded.at",
                    (kind, row, item, self._now),
                )
                self._find(kind, row, item, params[0])
        self._log(("change", kind, (person,) if whose else (), tuple(items), 1, "") for _, person in found)
        return found

    def _find(self, kind: str, row: int, item: str, value: str) -> None:
        """By what the new value is found, of items that are searched."""
        keys = self._keys(kind, item, value)
        if keys is None:
            return
        self._run("DELETE FROM sys_find WHERE kind = ? AND row = ? AND item = ?", (kind, row, item))
        for key in keys:
            self._run("INSERT INTO sys_find (key, kind, row, item) VALUES (?, ?, ?, ?)", (key, kind, row, item))

    # --- writes -------------------------------------------------------------------------------------------------------

    def _made(self, asked: Operation, person: int, *, new: bool) -> None:
        self._log(
            [
                *([("store", "person", (person,), ("last_name", "objects_to"), 1, "")] if new else []),
                ("store", "record", (person,), ("data", "ends_on"), 1, ""),
            ]
        )

    def do_delete_user(self, asked: Operation) -> Answer:
        person, run, at = self._users[asked.user], self._run, self._now
        run(self._begin, ())
        gone = run("DELETE FROM record WHERE person = ? RETURNING id", (person,))
        if not gone:
            run("COMMIT", ())
            return gone
        self._users[asked.user] = 0
        rows = sorted(int(row) for (row,) in gone)
        counted = 4 * len(rows) + 2
        due = (self._day + dt.timedelta(days=30)).isoformat()
        text = ANSWER.format(count=counted)
        ((request,),) = run(
            'INSERT INTO rights_request (person, "right", received_at, channel, state, due_on, answered_at, answer,'
            " sys_source, sys_recorded_at) VALUES (?, 'erasure', ?, 'office', 'done', ?, ?, ?, 'subject', ?)"
            " RETURNING id",
            (person, at, due, at, text, at),
        )
        written = "rights_request, sys_source, sys_recorded_at) VALUES"
        for step, how in (("identified", "in_person"), ("executed", None), ("answered", None)):
            sql = f"INSERT INTO request_step (step, at, how, {written} (?, ?, ?, ?, 'own_records', ?)"
            run(sql, (step, at, how, request, at))
        sql = f"INSERT INTO request_letter (about, way, since, {written} ('answered', 'hand', ?, ?, 'own_records', ?)"
        run(sql, (at, request, at))
        for purpose in ENDED:
            self._objected(person, purpose)
        use = " & ".join(f"~{self._bits[purpose]}" for purpose in ENDED)
        run(
            "UPDATE person SET last_name = NULL, objects_to = NULL, sys_until_service = NULL,"
            f" sys_need_0 = sys_need_0 & {use}, sys_use_0 = sys_use_0 & {use} WHERE id = ?",
            (person,),
        )
        run("DELETE FROM sys_find WHERE kind = 'person' AND row = ?", (person,))
        run("DELETE FROM sys_cell_source WHERE kind = 'person' AND row = ?", (person,))
        for row in rows:
            run("DELETE FROM sys_cell_source WHERE kind = 'record' AND row = ?", (row,))
        self._noted("record", rows)
        said = [("receive_request", 1, "erasure"), ("answer", 1, "erasure"), ("erase", counted, "")]
        self._log([(verb, "rights_request", (person,), (), count, note) for verb, count, note in said], lens="")
        if self._engine == "sqlite":
            run("PRAGMA wal_checkpoint(TRUNCATE)", ())
        return gone

    def _objected(self, person: int, purpose: str) -> None:
        """An objection that is upheld: one that was pending, or a new one."""
        run, at = self._run, self._now
        found = run(
            "UPDATE objection SET state = 'upheld', decided_at = ? WHERE person = ? AND purpose = ?"
            " AND withdrawn_at IS NULL RETURNING id",
            (at, person, purpose),
        )
        if not found:
            found = run(
                "INSERT INTO objection (person, purpose, state, raised_at, decided_at, sys_source, sys_recorded_at)"
                " VALUES (?, ?, 'upheld', ?, ?, 'subject', ?) RETURNING id",
                (person, purpose, at, at, at),
            )
            sql = "INSERT INTO sys_find (key, kind, row, item) VALUES (?, 'objection', ?, 'purpose')"
            run(sql, (purpose, found[0][0]))
        for (row,) in found:
            self._noted("objection", [int(row)], gone=False)

    def do_delete_key(self, asked: Operation) -> Answer:
        run, row = self._run, self._records[asked.record]
        run(self._begin, ())
        found = run("DELETE FROM record WHERE id = ? RETURNING person", (row,))
        if found:
            self._left.add(int(found[0][0]))
            run("DELETE FROM sys_cell_source WHERE kind = 'record' AND row = ?", (row,))
            self._noted("record", [row])
        self._log([("remove", "record", (int(person),), (), 1, "") for (person,) in found])
        return found

    def do_update_data(self, asked: Operation) -> Answer:
        sql = "UPDATE record SET data = ? WHERE id = ? RETURNING id, person"
        return self._corrected("record", ["data"], sql, (asked.value, self._records[asked.record]))

    def do_set_key(self, asked: Operation) -> Answer:
        sql = "UPDATE record SET ends_on = ? WHERE id = ? RETURNING id, person"
        return self._corrected("record", ["ends_on"], sql, (asked.value, self._records[asked.record]))

    def do_set_user(self, asked: Operation) -> Answer:
        person, run = self._users[asked.user], self._run
        if asked.field == "OBJ":
            sql = "UPDATE person SET objects_to = ? WHERE id = ? RETURNING id, id"
            return self._corrected("person", ["objects_to"], sql, (asked.value, person))
        run(self._begin, ())
        verb, lens, statements = self._decided(person, objects=asked.value == "dec0")
        for sql, params in statements:
            found = run(f"{sql} RETURNING id", params)
            for (row,) in found if "INTO objection" in sql else ():
                text = "INSERT INTO sys_find (key, kind, row, item) VALUES ('decisions', 'objection', ?, 'purpose')"
                run(text, (row,))
            for (row,) in found if " objection " in sql else ():
                self._noted("objection", [int(row)], gone=False)
        self._log([(verb, "person", (person,), (), 1, "decisions")], lens)
        return found

    def do_set_purpose(self, asked: Operation) -> Answer:
        item = ITEMS[asked.field]
        sql = f"UPDATE activity SET {item} = ? WHERE id = ? RETURNING id, NULL"
        return self._corrected("activity", [item], sql, (asked.value, asked.purpose + 1), whose=False)

    def do_set_shared(self, asked: Operation) -> Answer:
        sql = "UPDATE activity SET category = ? WHERE shared = ? RETURNING id, NULL"
        return self._corrected("activity", ["category"], sql, (asked.value, asked.field), whose=False)

    def end_of_day(self) -> None:
        run = self._run
        run(self._begin, ())
        gone = run("DELETE FROM record WHERE ends_on < ? RETURNING id, person", (self._day.isoformat(),))
        rows = sorted(int(row) for row, _ in gone)
        for row in rows:
            run("DELETE FROM sys_cell_source WHERE kind = 'record' AND row = ?", (row,))
        if rows:
            self._noted("record", rows)
        if left := self._empty(person for _, person in gone):
            self._noted("person", left)
        self._log([("sweep", "record", (), ("data", "ends_on"), len(rows), "row")] if rows else [], lens="")
        if self._engine == "sqlite":
            run("PRAGMA wal_checkpoint(TRUNCATE)", ())
