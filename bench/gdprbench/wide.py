"""GDPRbench's own layout: one table of eleven texts, all metadata in every record, with none or more indexes on it."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.gdprbench.hand import Answer, Verbs
from bench.gdprbench.model import Operation, data_of, wide_row
from bench.world import NOW, World
from bench.writes import executor

COLUMNS = ("key", "pur", "ttl", "usr", "obj", "dec", "acl", "shr", "src", "cat", "data")
INDEXES = {"wide_0": (), "wide_2": ("pur", "usr"), "wide_9": COLUMNS[1:-1]}
BARE = "wide_user"
"""The table with an index of its users alone: what space is compared with."""
LOG = 2000
"""Lines of a log beside it, of which the last are read; nothing is written to it."""
_META = ", ".join(COLUMNS[:-1])


class Wide(Verbs):
    """The table with some indexes on its metadata."""

    def __init__(self, world: World, name: str, folder: Path, users: int, records: int) -> None:
        super().__init__()
        self._engine = world.engine
        raw: Any
        if world.engine == "sqlite":
            from seloste.store.dialects.sqlite import connect

            raw = world.opened.enter_context(contextlib.closing(connect(str(folder / f"{name}.db"))))
        else:
            raw = world.plain()
        self._raw, self._run = raw, executor(raw)
        self._table = table = f'"{name}"'
        self._log = f'"{name}_log"'
        self._day = NOW.date()
        for each in (table, self._log):
            self._run(f"DROP TABLE IF EXISTS {each}", ())
        texts = ", ".join(f"{column} TEXT" for column in COLUMNS[1:])
        self._run(f"CREATE TABLE {table} (key TEXT PRIMARY KEY, {texts})", ())
        self._run(f"CREATE TABLE {self._log} (seq INTEGER PRIMARY KEY, line TEXT)", ())
        self._fill(raw, users, records)
        for column in INDEXES.get(name, ("usr",)):
            self._run(f'CREATE INDEX "{name}_{column}" ON {table} ({column})', ())
        if world.engine == "sqlite":
            self._run("VACUUM", ())
        else:
            self._run(f"VACUUM ANALYZE {table}", ())

    def _fill(self, raw: Any, users: int, records: int) -> None:
        rows = (wide_row(number, users) for number in range(records))
        lines = ((number, data_of(number)) for number in range(LOG))
        if self._engine == "sqlite":
            raw.execute("BEGIN")
            raw.executemany(f"INSERT INTO {self._table} VALUES ({', '.join('?' * len(COLUMNS))})", rows)
            raw.executemany(f"INSERT INTO {self._log} VALUES (?, ?)", lines)
            raw.execute("COMMIT")
            return
        with raw.transaction(), raw.cursor() as cursor:
            for table, each in ((self._table, rows), (self._log, lines)):
                with cursor.copy(f"COPY {table} FROM STDIN".encode()) as copy:
                    for row in each:
                        copy.write_row(row)

    def to_day(self, day: dt.date) -> None:
        self._day = day

    def end_of_round(self) -> None:
        """Nothing waits."""

    def end_of_day(self) -> None:
        self._run(f"DELETE FROM {self._table} WHERE ttl < ?", (self._day.isoformat(),))

    def bytes(self) -> int:
        """Bytes of the table and its indexes."""
        if self._engine == "sqlite":
            pages, size = self._run("PRAGMA page_count", ())[0][0], self._run("PRAGMA page_size", ())[0][0]
            return int(pages * size)
        return int(self._run("SELECT pg_total_relation_size(?::regclass)", (self._table,))[0][0])

    def _read(self, columns: str, where: str, value: str) -> Answer:
        return self._run(f"SELECT {columns} FROM {self._table} WHERE {where} = ?", (value,))

    def do_data_key(self, asked: Operation) -> Answer:
        return self._read("key, data", "key", f"key{asked.record}")

    def do_data_user(self, asked: Operation) -> Answer:
        return self._read("key, data", "usr", f"user{asked.user}")

    def do_data_purpose(self, asked: Operation) -> Answer:
        return self._read("key, data", "pur", f"purpose{asked.purpose}")

    def do_data_objection(self, asked: Operation) -> Answer:
        return self._read("key, data", "obj", asked.value)

    def do_data_decisions(self, _: Operation) -> Answer:
        return self._read("key, data", "dec", "dec1")

    def do_meta_key(self, asked: Operation) -> Answer:
        return self._read(_META, "key", f"key{asked.record}")

    def do_meta_user(self, asked: Operation) -> Answer:
        return self._read(_META, "usr", f"user{asked.user}")

    def do_meta_purpose(self, asked: Operation) -> Answer:
        return self._read(_META, "pur", f"purpose{asked.purpose}")

    def do_logs(self, asked: Operation) -> Answer:
        return self._run(f"SELECT * FROM {self._log} ORDER BY seq DESC LIMIT ?", (int(asked.value),))

    def do_gone(self, asked: Operation) -> Answer:
        return not self._read("1", "key", f"key{asked.record}")

    def do_create(self, asked: Operation) -> Answer:
        new = asked.new
        cells = (
            f"key{asked.record}", f"purpose{asked.purpose}", new["TTL"], f"user{asked.user}", new["OBJ"], new["DEC"],
            new["ACL"], new["SHR"], new["SRC"], new["CAT"], asked.value,
        )  # fmt: skip
        self._run(f"INSERT INTO {self._table} VALUES ({', '.join('?' * len(COLUMNS))})", cells)
        return True

    def do_delete_user(self, asked: Operation) -> Answer:
        return self._write("DELETE FROM", "", "usr", [f"user{asked.user}"])

    def do_delete_key(self, asked: Operation) -> Answer:
        return self._write("DELETE FROM", "", "key", [f"key{asked.record}"])

    def do_update_data(self, asked: Operation) -> Answer:
        return self._write("UPDATE", "SET data = ?", "key", [asked.value, f"key{asked.record}"])

    def do_set_key(self, asked: Operation) -> Answer:
        return self._write("UPDATE", "SET ttl = ?", "key", [asked.value, f"key{asked.record}"])

    def do_set_user(self, asked: Operation) -> Answer:
        return self._write("UPDATE", f"SET {asked.field} = ?", "usr", [asked.value, f"user{asked.user}"])

    def do_set_purpose(self, asked: Operation) -> Answer:
        return self._write("UPDATE", f"SET {asked.field} = ?", "pur", [asked.value, f"purpose{asked.purpose}"])

    def do_set_shared(self, asked: Operation) -> Answer:
        return self._write("UPDATE", "SET cat = ?", "shr", [asked.value, asked.field])

    def _write(self, what: str, change: str, where: str, values: Sequence[str]) -> Answer:
        """How many records were changed."""
        sql = f"{what} {self._table} {change} WHERE {where} = ?"
        if self._engine == "sqlite":
            return self._raw.execute(sql, values).rowcount
        return self._raw.execute(sql.replace("?", "%s"), values, prepare=True).rowcount

    def plain(self, asked: Operation, answer: Answer) -> Answer:
        if asked.verb.startswith(("data", "meta")):
            return sorted((int(key.removeprefix("key")), *cells) for key, *cells in answer)
        return answer
