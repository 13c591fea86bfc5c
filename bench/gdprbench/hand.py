"""The same operations by SQL written by hand: on our layout, where nothing is judged, journaled or asked who asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bench.gdprbench.model import Operation
from bench.gdprbench.ours import ITEMS
from bench.world import NOW, World
from bench.writes import Execute, executor
from seloste.clock import to_utc_text
from seloste.operations.records.reading import reading
from seloste.store.journal import FACTS
from seloste.store.journal_pages import Written
from seloste.store.masks import as_columns, default_bits
from seloste.store.values import is_searched, search_keys

Answer = Any


class Verbs:
    """What answers operations by methods named ``do_<verb>``."""

    def __init__(self) -> None:
        self._verbs: Mapping[str, Callable[[Operation], Answer]] = {
            name.removeprefix("do_"): getattr(self, name) for name in dir(self) if name.startswith("do_")
        }

    def __call__(self, operation: Operation) -> Answer:
        """What is answered; None, or nothing, when what it is about is not there (any more)."""
        return self._verbs[operation.verb](operation)


# Metadata of records, in the order in which every layout says it, from our tables.
_META = (
    "SELECT r.id, a.name, r.ends_on, p.last_name, p.objects_to, p.sys_use_0, a.access, a.shared, a.origin, a.category"
    ' FROM record r JOIN activity a ON a.id = r.activity JOIN person p ON p.id = r.person WHERE r."{column}" = ?'
)


class ByHand(Verbs):
    """On our layout: one statement for a question, one transaction for a change."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._engine = world.engine
        self._run: Execute = executor(world.plain())
        self._clerk = reading(world.store, "clerk", "record")
        self._names = ", ".join(f'"{name}"' for name in self._clerk.columns)
        self._begin = "BEGIN IMMEDIATE" if self._engine == "sqlite" else "BEGIN"
        self._bits = {purpose: world.store.register.bit(purpose)[1] for purpose in ("service", "decisions")}
        self._bit = self._bits["decisions"]
        self._tables = world.store.register.tables
        self._left: set[int] = set()
        """People of whom a record was deleted: who has none left goes at the end of the day, as with the product."""
        self._default = as_columns(default_bits(world.store.register, NOW))
        self._day = NOW.date()
        self._now = to_utc_text(NOW)
        self._users = {
            int(name.removeprefix("user")): int(row) for row, name in self._run("SELECT id, last_name FROM person", ())
        }
        self._records = {int(row) - 1: int(row) for (row,) in self._run("SELECT id FROM record", ())}
        self._numbers = {row: number for number, row in self._records.items()}

    def to_day(self, day: dt.date) -> None:
        self._day = day
        self._now = to_utc_text(dt.datetime.combine(day, NOW.timetz()))

    def end_of_round(self) -> None:
        """Nothing waits."""

    def end_of_day(self) -> None:
        """One DELETE along the index of the date, and who has nothing left; the log is cut, as the product does."""
        run = self._run
        run(self._begin, ())
        self._empty(
            person
            for (person,) in run("DELETE FROM record WHERE ends_on < ? RETURNING person", (self._day.isoformat(),))
        )
        run("COMMIT", ())
        if self._engine == "sqlite":
            run("PRAGMA wal_checkpoint(TRUNCATE)", ())

    def _empty(self, more: Iterable[int]) -> list[int]:
        """Remove who has no record left, of those whose last one may have gone today."""
        asked, self._left = self._left | set(more), set()
        going = sorted(
            person for person in asked if not self._run("SELECT 1 FROM record WHERE person = ? LIMIT 1", (person,))
        )
        for person in going:
            self._forget(person)
        return going

    def _together(self, statements: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        """Statements in one transaction; what the last returns."""
        run, found = self._run, []
        run(self._begin, ())
        for sql, params in statements:
            found = run(sql, params)
        run("COMMIT", ())
        return found

    def _forget(self, person: int) -> None:
        for sql in (
            "DELETE FROM objection WHERE person = ?",
            "DELETE FROM sys_find WHERE kind = 'person' AND row = ?",
            "DELETE FROM person WHERE id = ?",
        ):
            self._run(sql, (person,))

    # --- reads --------------------------------------------------------------------------------------------------------

    def _read(self, where: str, *params: Any) -> Answer:
        """The same records made of the cells as the product makes."""
        cells = self._run(f"SELECT {self._names} FROM record WHERE {where}", params)
        return [self._clerk.record(each) for each in cells]

    def do_data_key(self, asked: Operation) -> Answer:
        return self._read("id = ?", self._records[asked.record])

    def do_data_user(self, asked: Operation) -> Answer:
        return self._read("person = ?", self._users[asked.user])

    def do_data_purpose(self, asked: Operation) -> Answer:
        return self._read("activity = ?", asked.purpose + 1)

    def do_data_objection(self, asked: Operation) -> Answer:
        return self._read("person IN (SELECT id FROM person WHERE objects_to = ?)", asked.value)

    def do_data_decisions(self, _: Operation) -> Answer:
        sql = "SELECT r.id, r.data FROM record r JOIN person p ON p.id = r.person WHERE (p.sys_use_0 & ?) != 0"
        return self._run(sql, (self._bit,))

    def do_meta_key(self, asked: Operation) -> Answer:
        return self._run(_META.format(column="id"), (self._records[asked.record],))

    def do_meta_user(self, asked: Operation) -> Answer:
        return self._run(_META.format(column="person"), (self._users[asked.user],))

    def do_meta_purpose(self, asked: Operation) -> Answer:
        return self._run(_META.format(column="activity"), (asked.purpose + 1,))

    def do_logs(self, asked: Operation) -> Answer:
        """The same entries as the product gives, the hash before each being that of the next."""
        rows = self._run(f"SELECT {FACTS} FROM journal ORDER BY seq DESC LIMIT ?", (int(asked.value) + 1,))
        return list(map(Written, rows, [row[-1] for row in rows[1:]]))

    def do_gone(self, asked: Operation) -> Answer:
        return not self._run("SELECT 1 FROM record WHERE id = ?", (self._records[asked.record],))

    # --- writes -------------------------------------------------------------------------------------------------------

    def do_create(self, asked: Operation) -> Answer:
        run = self._run
        run(self._begin, ())
        person = self._users.get(asked.user)
        new = person is None
        if person is None:
            person = self._users[asked.user] = self._person(asked)
        cells = (person, asked.purpose + 1, asked.value, asked.new["TTL"], "subject", self._now)
        sql = (
            "INSERT INTO record (person, activity, data, ends_on, sys_source, sys_recorded_at)"
            " VALUES (?, ?, ?, ?, ?, ?) RETURNING id"
        )
        number = int(run(sql, cells)[0][0])
        self._made(asked, person, new=new)
        self._records[asked.record] = number
        self._numbers[number] = asked.record
        return True

    def _made(self, asked: Operation, person: int, *, new: bool) -> None:
        """What ends the transaction in which a record was stored."""
        self._run("COMMIT", ())

    def _keys(self, kind: str, item: str, value: str) -> list[str] | None:
        """By what a value is found; None for an item that is not searched."""
        found = self._tables[kind].kind.items[item]
        return search_keys(found, value) if is_searched(found) else None

    def _person(self, asked: Operation) -> int:
        name = f"user{asked.user}"
        own = {"last_name": name, "objects_to": asked.new["OBJ"], "sys_source": "subject", "sys_recorded_at": self._now}
        cells = {**own, **self._default}
        names, marks = ", ".join(cells), ", ".join("?" * len(cells))
        number = int(self._run(f"INSERT INTO person ({names}) VALUES ({marks}) RETURNING id", [*cells.values()])[0][0])
        for item in ("last_name", "objects_to"):
            for key in self._keys("person", item, own[item]) or ():
                sql = "INSERT INTO sys_find (key, kind, row, item) VALUES (?, 'person', ?, ?)"
                self._run(sql, (key, number, item))
        return number

    def do_delete_user(self, asked: Operation) -> Answer:
        run, person = self._run, self._users[asked.user]
        run(self._begin, ())
        found = run("DELETE FROM record WHERE person = ? RETURNING person", (person,))
        if found:
            self._forget(person)
        run("COMMIT", ())
        if self._engine == "sqlite":
            run("PRAGMA wal_checkpoint(TRUNCATE)", ())
        return found

    def do_delete_key(self, asked: Operation) -> Answer:
        found = self._run("DELETE FROM record WHERE id = ? RETURNING person", (self._records[asked.record],))
        self._left.update(person for (person,) in found)
        return found

    def do_update_data(self, asked: Operation) -> Answer:
        return self._run(
            "UPDATE record SET data = ? WHERE id = ? RETURNING id", (asked.value, self._records[asked.record])
        )

    def do_set_key(self, asked: Operation) -> Answer:
        return self._run(
            "UPDATE record SET ends_on = ? WHERE id = ? RETURNING id", (asked.value, self._records[asked.record])
        )

    def do_set_user(self, asked: Operation) -> Answer:
        person = self._users[asked.user]
        if asked.field == "OBJ":
            return self._run("UPDATE person SET objects_to = ? WHERE id = ? RETURNING id", (asked.value, person))
        _, _, (first, (sql, params)) = self._decided(person, objects=asked.value == "dec0")
        return self._together([first, (f"{sql} RETURNING id", params)])

    def _decided(self, person: int, *, objects: bool) -> tuple[str, str, list[tuple[str, Sequence[Any]]]]:
        """Verb and lens of an objection to decisions or of taking it back, and the statements, the person's last."""
        if objects:
            sql = (
                "INSERT INTO objection (person, purpose, state, raised_at, sys_source, sys_recorded_at)"
                " VALUES (?, 'decisions', 'pending', ?, 'subject', ?)"
            )
            first = (sql, (person, self._now, self._now))
            use = f"sys_use_0 & ~{self._bit}"
        else:
            sql = "UPDATE objection SET withdrawn_at = ? WHERE person = ? AND withdrawn_at IS NULL"
            first = (sql, (self._now, person))
            use = f"sys_use_0 | {self._bit}"
        verb, lens = ("object", "clerk") if objects else ("unobject", "")
        return verb, lens, [first, (f"UPDATE person SET sys_use_0 = {use} WHERE id = ?", (person,))]

    def do_set_purpose(self, asked: Operation) -> Answer:
        sql = f"UPDATE activity SET {ITEMS[asked.field]} = ? WHERE id = ? RETURNING id"
        return self._run(sql, (asked.value, asked.purpose + 1))

    def do_set_shared(self, asked: Operation) -> Answer:
        return self._run("UPDATE activity SET category = ? WHERE shared = ? RETURNING id", (asked.value, asked.field))

    # --- as all layouts say it ----------------------------------------------------------------------------------------

    def plain(self, asked: Operation, answer: Answer) -> Answer:
        if asked.verb == "data_decisions":
            return sorted((self._numbers[row], data) for row, data in answer)
        if asked.verb.startswith("data"):
            return sorted((self._numbers[each.id], each.values["data"]) for each in answer)
        if asked.verb.startswith("meta"):
            return sorted(
                (self._numbers[row], *cells[:4], "dec1" if cells[4] & self._bit else "dec0", *cells[5:])
                for row, *cells in answer
            )
        return answer
