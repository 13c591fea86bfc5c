"""GDPRbench's operations by the product's own calls, each as a role of the notice, judged and journaled.

Two have no call of their own, since no page asks so: the purpose's cells of everybody at once, and entries of the
journal without names. They are put together here of what such a page would be made of, their own entries of the journal
too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from bench.gdprbench.model import Operation
from bench.world import NOW, World
from seloste.operations.actor import CLI, Actor
from seloste.operations.journal import entries
from seloste.operations.permissions import say
from seloste.operations.records import read
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow, NoSuchRowError, Record
from seloste.operations.records.reading import reading
from seloste.operations.records.rectify import rectify
from seloste.operations.retention.sweep import sweep
from seloste.operations.rights.erase import erase
from seloste.operations.rights.receive import receive
from seloste.store.journal import Entry
from seloste.store.journal_entry import deed
from seloste.store.journal_pages import Query

CLERK, MACHINE, REGISTER = Actor("1", "clerk"), Actor("1", "machine"), Actor("1", "")
ITEMS = {"ACL": "access", "SHR": "shared", "SRC": "origin", "CAT": "category"}
Answer = Any


class Ours:
    """One register. A record and a user are asked for by their ids, which whoever made them was given."""

    def __init__(self, world: World) -> None:
        self._store = world.store
        self.now = NOW
        with world.store.database.read() as conn:
            users = conn.execute("SELECT id, last_name FROM person").all()
            records = int(conn.execute("SELECT count(*) FROM record").all()[0][0])
            against = conn.execute("SELECT person, id FROM objection WHERE withdrawn_at IS NULL").all()
        self._users = {int(name.removeprefix("user")): int(number) for number, name in users}
        self._records = {number: number + 1 for number in range(records)}
        self._numbers = {row: number for number, row in self._records.items()}
        self._names = {row: f"user{number}" for number, row in self._users.items()}
        self._objections = {int(person): int(number) for person, number in against}
        self._verbs: Mapping[str, Callable[[Operation], Answer]] = {
            name.removeprefix("_do_"): getattr(self, name) for name in dir(self) if name.startswith("_do_")
        }

    def __call__(self, operation: Operation) -> Answer:
        """What is answered; None when what it is about is not there (any more)."""
        try:
            return self._verbs[operation.verb](operation)
        except (NoSuchRowError, KeyError):
            return None

    def to_day(self, day: dt.date) -> None:
        self.now = dt.datetime.combine(day, NOW.timetz())

    def end_of_round(self) -> None:
        """What was read is in the journal."""
        self._store.reads.flush()

    def end_of_day(self) -> None:
        """And what is past its time is gone, as a server does it by itself."""
        self._store.reads.flush()
        sweep(self._store, now=self.now, actor=CLI)
        self._store.reads.flush()

    # --- reads: what the product returns, made comparable by ``plain`` afterwards -------------------------------------

    def _do_data_key(self, asked: Operation) -> Answer:
        return [read.row(self._store, "record", self._records[asked.record], actor=CLERK, now=self.now)]

    def _do_data_user(self, asked: Operation) -> Answer:
        return self._by("person", [self._users[asked.user]])

    def _do_data_purpose(self, asked: Operation) -> Answer:
        return self._by("activity", [asked.purpose + 1])

    def _do_data_objection(self, asked: Operation) -> Answer:
        same = [read.Filter("objects_to", "=", asked.value)]
        return self._by("person", read.ids(self._store, "person", filters=same, actor=CLERK, now=self.now))

    def _do_data_decisions(self, _: Operation) -> Answer:
        """Of everybody who may be decided on."""
        how = reading(self._store, "machine", "record")
        found = how.all_cells(("id", "data"), self.now)
        looked = deed(MACHINE.account, MACHINE.lens, "look", "record", ("data",))
        self._store.reads.add(looked, self.now, (), len(found))
        return found

    def _by(self, column: str, ids: list[int]) -> list[Record]:
        how = reading(self._store, "clerk", "record")
        found = how.by(column, ids, self.now)
        how.look(found, actor=CLERK, now=self.now)
        return found

    def _do_meta_key(self, asked: Operation) -> Answer:
        return self._meta("id", self._records[asked.record])

    def _do_meta_user(self, asked: Operation) -> Answer:
        return self._meta("person", self._users[asked.user])

    def _do_meta_purpose(self, asked: Operation) -> Answer:
        return self._meta("activity", asked.purpose + 1)

    def _meta(self, column: str, number: int) -> Answer:
        """The records with what stands elsewhere: of their purposes, of their people, and who may be decided on."""
        asked: dict[str, Any] = {"items": ("ends_on",), "role": MACHINE.lens}
        found = read.beside(self._store, "record", column, [number], **asked, actor=CLERK, now=self.now)
        return found if found.cells else None

    def _do_logs(self, asked: Operation) -> Answer:
        page = entries(self._store, Query(limit=int(asked.value)))
        self._store.reads.queue(Entry(self.now, CLERK.account, CLERK.lens, "read_journal", count=len(page.entries)))
        return page.entries

    def _do_gone(self, asked: Operation) -> Answer:
        return not read.visible_ids(self._store, "clerk", "record", [self._records[asked.record]], self.now)

    # --- writes -------------------------------------------------------------------------------------------------------

    def _do_create(self, asked: Operation) -> Answer:
        ends = dt.date.fromisoformat(asked.new["TTL"])
        whose: int | str = self._users.get(asked.user, "p")
        tied = {"person": whose, "activity": asked.purpose + 1}
        record = NewRow("record", {"data": asked.value, "ends_on": ends}, tied, "subject", ref="r")
        named = {"last_name": f"user{asked.user}", "objects_to": asked.new["OBJ"]}
        person = NewRow("person", named, {}, "subject", ref="p")
        rows = [person, record] if whose == "p" else [record]
        ids = collect(self._store, rows, actor=CLERK, now=self.now).ids
        if whose == "p":
            self._users[asked.user] = ids["p"]
            self._names[ids["p"]] = f"user{asked.user}"
        self._records[asked.record] = ids["r"]
        self._numbers[ids["r"]] = asked.record
        return True

    def _do_delete_user(self, asked: Operation) -> Answer:
        """The person asks for erasure (Art. 17) and it is carried out, answered and all."""
        person = self._users[asked.user]
        told: dict[str, Any] = {"channel": "office", "evidence": frozenset({"in_person"}), "person": person}
        if not read.visible_ids(self._store, "clerk", "person", [person], self.now):
            return None
        request = receive(self._store, "erasure", **told, actor=REGISTER, now=self.now)
        erase(self._store, request.id, actor=REGISTER, now=self.now)
        return True

    def _do_delete_key(self, asked: Operation) -> Answer:
        """The record has ended: nobody sees it from now on, and the day's sweep removes it."""
        self._rectify("record", self._records[asked.record], "ends_on", asked.day - dt.timedelta(days=1))
        return True

    def _do_update_data(self, asked: Operation) -> Answer:
        return self._rectify("record", self._records[asked.record], "data", asked.value)

    def _do_set_key(self, asked: Operation) -> Answer:
        return self._rectify("record", self._records[asked.record], "ends_on", dt.date.fromisoformat(asked.value))

    def _do_set_user(self, asked: Operation) -> Answer:
        person = self._users[asked.user]
        if asked.field == "OBJ":
            return self._rectify("person", person, "objects_to", asked.value)
        if asked.value == "dec0":
            done = say.object_to(self._store, person, "decisions", actor=CLERK, now=self.now)
            self._objections[person] = done.id
        else:
            say.take_back_objection(self._store, person, self._objections.pop(person), actor=REGISTER, now=self.now)
        return True

    def _do_set_purpose(self, asked: Operation) -> Answer:
        return self._rectify("activity", asked.purpose + 1, ITEMS[asked.field], asked.value)

    def _do_set_shared(self, asked: Operation) -> Answer:
        same = [read.Filter("shared", "=", asked.field)]
        for number in read.ids(self._store, "activity", filters=same, actor=CLERK, now=self.now):
            self._rectify("activity", number, "category", asked.value)
        return True

    def _rectify(self, kind: str, row: int, item: str, value: Any) -> bool:
        rectify(self._store, kind, row, {item: value}, source="subject", actor=CLERK, now=self.now)
        return True

    # --- as all layouts say it ----------------------------------------------------------------------------------------

    def plain(self, asked: Operation, answer: Answer) -> Answer:
        """An answer as all layouts say it."""
        if answer is None or isinstance(answer, bool | int):
            return answer
        if asked.verb == "data_decisions":
            return sorted((self._numbers[row], data) for row, data in answer)
        if not asked.verb.startswith("meta"):
            return sorted((self._numbers[each.id], each.values["data"]) for each in answer)
        of = {number: each.values for number, each in answer.pointed["activity"].items()}
        said = {number: each.values["objects_to"] for number, each in answer.pointed["person"].items()}
        return sorted(
            (
                self._numbers[each.id], of[each.references["activity"]]["name"], each.values["ends_on"].isoformat(),
                self._names[each.references["person"]], said[each.references["person"]],
                "dec1" if each.references["person"] in answer.usable["person"] else "dec0",
                *(of[each.references["activity"]][item] for item in ITEMS.values()),
            )
            for each in answer.records()
        )  # fmt: skip
