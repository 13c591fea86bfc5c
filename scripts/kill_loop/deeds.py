"""The five deeds that are killed: a sweep, a sweep of a day, erasure, apply, import. Each complains of half of it done.

``do`` runs in the program that is killed and tells what it has finished; ``check`` runs afterwards in another.
"""

from __future__ import annotations

import csv
import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from scripts.kill_loop.place import (
    KEY,
    LONG_AGO,
    NOW,
    SALES,
    count,
    journaled,
    named,
    notice,
    number,
    other,
    people,
)
from seloste.notice.model import Notice
from seloste.operations.actor import CLI
from seloste.operations.records import read
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.operations.retention import sweep as sweeping
from seloste.operations.rights.erase import erase
from seloste.operations.rights.receive import receive
from seloste.store import sweep as store_sweep
from seloste.store import sweep_due, sweep_run, system
from seloste.store.registers import Registers, RegisterStore

SWEPT = ("person", "relationship", "interaction", "order")
Told = Callable[[str], None]


class HalfDoneError(Exception):
    """A kill left something that is neither before the deed nor after it: what."""


def must(holds: bool, what: str) -> None:
    """Raises HalfDoneError when it does not hold."""
    if not holds:
        raise HalfDoneError(what)


def with_notice(registers: Registers, wanted: Notice) -> RegisterStore:
    """The register with a notice in force."""
    if registers.open(KEY).register.hash != wanted.digest:
        registers.apply(wanted, now=NOW, actor="cli")
    return registers.open(KEY)


class Deed(ABC):
    """``prepare`` makes work for it, and returns what ``do`` and ``check`` must know (plain JSON)."""

    name: str

    @abstractmethod
    def prepare(self, registers: Registers) -> dict[str, Any]: ...

    @abstractmethod
    def do(self, registers: Registers, facts: dict[str, Any], told: Told) -> None: ...

    @abstractmethod
    def check(self, registers: Registers, facts: dict[str, Any], told: Sequence[str]) -> float:
        """The part of it that is done, from 0 to 1. Raises HalfDoneError."""


@contextmanager
def in_small_steps() -> Iterator[None]:
    """Have sweeps of this program meanwhile take few rows at once and a transaction for each step."""
    with ExitStack() as stack:
        for module, name, value in (
            (store_sweep, "CHUNK", 10), (sweep_due, "MANY", 2), (sweep_run, "FIRST", 4), (sweeping, "AT_MOST", 0),
        ):  # fmt: skip
            stack.callback(setattr, module, name, getattr(module, name))
            setattr(module, name, value)
        yield


class Sweep(Deed):
    """Everybody's data expired; they go ten rows at a time, so that some transactions are done and some are not."""

    name = "sweep"
    PEOPLE = 15

    def prepare(self, registers: Registers) -> dict[str, Any]:
        store = with_notice(registers, notice())
        collect(store, people("vanha", self.PEOPLE), actor=CLI, now=LONG_AGO)
        return {"rows": self._rows(store), "journaled": self._journaled(store)}

    def do(self, registers: Registers, facts: dict[str, Any], told: Told) -> None:
        with in_small_steps():
            sweeping.sweep(registers.open(KEY), now=NOW, actor=CLI, every_row=True)
        told("swept")

    def check(self, registers: Registers, facts: dict[str, Any], told: Sequence[str]) -> float:
        store = registers.open(KEY)
        gone = facts["rows"] - self._rows(store)
        must(gone >= 0, "rows have come out of nothing")
        must(self._journaled(store) - facts["journaled"] == gone, "a row that went is not in the journal")
        must("swept" not in told or not named(store, "vanha"), "it was told that the sweep is done, and it is not")
        return float(gone / (len(SWEPT) * self.PEOPLE))

    @staticmethod
    def _rows(store: RegisterStore) -> int:
        return sum(count(store, kind) for kind in SWEPT)

    @staticmethod
    def _journaled(store: RegisterStore) -> int:
        return sum(journaled(store, "sweep", kind, "row") for kind in SWEPT)


class Day(Deed):
    """The year of many deeds has passed since the last sweep; they go four at a time, found by their date alone."""

    name = "day"
    PEOPLE, DEEDS = 4, 5

    def prepare(self, registers: Registers) -> dict[str, Any]:
        store = with_notice(registers, notice())
        then = NOW - dt.timedelta(days=370)
        ids = collect(store, people("tuttu", self.PEOPLE), actor=CLI, now=then).ids
        rows = [
            NewRow("interaction", {"text": "Soitti"}, {"person": ids[f"p{each}"], "relationship": ids[f"r{each}"]})
            for each in range(self.PEOPLE) for _ in range(self.DEEDS)
        ]  # fmt: skip
        collect(store, rows, actor=CLI, now=then - dt.timedelta(days=1))
        sweeping.sweep(store, now=NOW - dt.timedelta(days=10), actor=CLI)
        return {"rows": count(store, "interaction"), "journaled": journaled(store, "sweep", "interaction", "row")}

    def do(self, registers: Registers, facts: dict[str, Any], told: Told) -> None:
        with in_small_steps():
            sweeping.sweep(registers.open(KEY), now=NOW, actor=CLI)
        told("swept")

    def check(self, registers: Registers, facts: dict[str, Any], told: Sequence[str]) -> float:
        store = registers.open(KEY)
        gone = facts["rows"] - count(store, "interaction")
        done = journaled(store, "sweep", "interaction", "row") - facts["journaled"]
        must(gone == done, "a row that went is not in the journal")
        must(
            "swept" not in told or gone >= self.PEOPLE * self.DEEDS, "it was told that the sweep is done, and it is not"
        )
        return min(float(gone / (self.PEOPLE * self.DEEDS)), 1.0)


class Erase(Deed):
    """Some people ask for erasure, and are answered one after another."""

    name = "erase"
    PEOPLE = 4

    def __init__(self) -> None:
        self._round = 0

    def prepare(self, registers: Registers) -> dict[str, Any]:
        store = with_notice(registers, notice())
        self._round += 1  # Whoever comes with an address that was erased has its ban, so each time there are others.
        ids = collect(store, people(f"pyytävä{self._round}x", self.PEOPLE), actor=CLI, now=LONG_AGO).ids
        asked = {}
        for each in range(self.PEOPLE):
            done = receive(
                store, "erasure", channel="email", person=ids[f"p{each}"], evidence=frozenset({"strong"}), actor=CLI,
                now=LONG_AGO,
            )  # fmt: skip
            asked[str(done.id)] = ids[f"p{each}"]
        return {"asked": asked}

    def do(self, registers: Registers, facts: dict[str, Any], told: Told) -> None:
        store = registers.open(KEY)
        for request in facts["asked"]:
            if self._open(store, int(request)):
                erase(store, int(request), actor=CLI, now=LONG_AGO)
                told(request)

    def check(self, registers: Registers, facts: dict[str, Any], told: Sequence[str]) -> float:
        store = registers.open(KEY)
        done = 0
        for request, person in facts["asked"].items():
            found = self._of(store, int(request), person)
            right = (0, 0, 0, 0, 0, 0, 1) if found["erased"] else (1, 1, 1, 1, 1, 1, 0)
            must(tuple(found.values())[:7] == right, f"an erasure is half done: {found}")
            must(bool(found["erased"]) or request not in told, "it was told that a person is erased, and they are not")
            must(not found["erased"] or found["said"] >= 3, f"what an erasure says is not all there: {found}")
            must(bool(found["erased"]) or found["said"] == 0, f"something was said and not done: {found}")
            done += found["erased"]
        return done / self.PEOPLE

    @staticmethod
    def _open(store: RegisterStore, request: int) -> bool:
        sql = "SELECT count(*) FROM rights_request WHERE id = :id AND answered_at IS NULL"
        return number(store, sql, id=request) == 1

    def _of(self, store: RegisterStore, request: int, person: int) -> dict[str, int]:
        who = {"id": person}
        found = {
            item: number(store, f"SELECT count({item}) FROM person WHERE id = :id", **who)
            for item in ("first_name", "email", "remark")
        }
        for kind in ("relationship", "interaction"):
            found[kind] = number(store, f"SELECT count(*) FROM {kind} WHERE person = :id", **who)
        found["open"] = int(self._open(store, request))
        found["erased"] = number(store, "SELECT count(*) FROM journal WHERE verb = 'erase' AND person = :id", **who)
        found["said"] = sum(
            number(store, f"SELECT count(*) FROM {kind} WHERE person = :id", **who) for kind in ("objection", "ban")
        )
        return found


class Apply(Deed):
    """A notice that no longer names an item, which erases it; and back again."""

    name = "apply"
    PEOPLE = 12

    def __init__(self) -> None:
        self._forth = False

    def prepare(self, registers: Registers) -> dict[str, Any]:
        self._forth = forth = not self._forth
        store = with_notice(registers, notice())
        if named(store, "asiakas") == 0:
            collect(store, people("asiakas", self.PEOPLE), actor=CLI, now=NOW)
        if forth:
            with store.write(NOW) as work:
                for (row,) in work.conn.execute("SELECT id FROM person WHERE first_name LIKE 'asiakas%'").all():
                    work.update("person", int(row), {"remark": "Soita"})
        else:
            store = with_notice(registers, other())
        return {"forth": forth, "names": named(store, "asiakas"), "journaled": journaled(store, "apply")}

    def do(self, registers: Registers, facts: dict[str, Any], told: Told) -> None:
        registers.apply(self._wanted(facts), now=NOW, actor="cli")
        told("applied")

    def check(self, registers: Registers, facts: dict[str, Any], told: Sequence[str]) -> float:
        store = registers.open(KEY)
        with store.database.read() as conn:
            built = system.meta(conn, "digest")
        done = built == self._wanted(facts).digest
        must(done or built in (notice().digest, other().digest), "the register is of neither notice")
        must(done or "applied" not in told, "it was told that the notice is in force, and it is not")
        must(named(store, "asiakas") == facts["names"], "people have gone with an item")
        has_remark = store.register.tables["person"].column("remark") is not None
        must(has_remark == (built == notice().digest), "the register is not built as its notice says")
        must(len(read.ids(store, "person", actor=SALES, now=NOW)) >= facts["names"], "a role does not see its people")
        if facts["forth"] and not done:
            must(count(store, "person", "remark") >= self.PEOPLE, "the item is gone and the notice is not in force")
        return float(done)

    @staticmethod
    def _wanted(facts: dict[str, Any]) -> Notice:
        return other() if facts["forth"] else notice()


class Import(Deed):
    """A file of people: all of them or none."""

    name = "import"
    PEOPLE = 25

    def __init__(self, folder: Path) -> None:
        self._path = folder / "people.csv"
        self._round = 0

    def prepare(self, registers: Registers) -> dict[str, Any]:
        store = with_notice(registers, notice())
        if self._round % 10 == 0:
            self._forget(store)
        self._round += 1
        prefix = f"tuotu{self._round}x"
        with self._path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["Etunimi", "Sukunimi", "Sähköposti", "Yritys"])
            for each in range(self.PEOPLE):
                writer.writerow([f"{prefix}{each}", "Tuotu", f"{prefix}{each}@tuotu.example", f"{prefix} Oy"])
        return {"prefix": prefix, "path": str(self._path), "journaled": journaled(store, "import")}

    def do(self, registers: Registers, facts: dict[str, Any], told: Told) -> None:
        from seloste.operations.records import import_ as importing
        from seloste.operations.records.transfer.errors import ImportRefusedError
        from seloste.operations.records.transfer.mapping import propose
        from seloste.operations.records.transfer.tables import open_table
        from seloste.operations.records.transfer.target import targets

        store = registers.open(KEY)
        target = next(each for each in targets(store.register, None) if each.tie == "relationship")
        path = Path(facts["path"])
        rows = [cells for _, cells in open_table(path).rows()]
        plan = importing.ImportPlan(target, tuple(propose(store.register, target, rows).fields), "subject")
        try:
            report, _ = importing.run(store, path, plan, actor=CLI, now=NOW)
            must(report.good == self.PEOPLE, f"the file is not in order: {report}")
        except ImportRefusedError:
            # The program was killed when all was done: everybody in the file is there already.
            must(named(store, facts["prefix"]) == self.PEOPLE, "a file in order was refused")
        told("imported")

    def check(self, registers: Registers, facts: dict[str, Any], told: Sequence[str]) -> float:
        store = registers.open(KEY)
        there = named(store, facts["prefix"])
        must(there in (0, self.PEOPLE), f"{there} of {self.PEOPLE} people of a file are there")
        must(there > 0 or "imported" not in told, "it was told that a file is imported, and it is not")
        must(journaled(store, "import") - facts["journaled"] == there, "the journal does not say what was imported")
        return there / self.PEOPLE

    def _forget(self, store: RegisterStore) -> None:
        """Keep the register small, however long the loop is."""
        ids = "SELECT id FROM person WHERE first_name LIKE 'tuotu%'"
        with store.write(NOW) as work:
            for (row,) in work.conn.execute(f"SELECT id FROM relationship WHERE person IN ({ids})").all():
                work.delete("relationship", int(row))
            for (row,) in work.conn.execute(ids).all():
                work.delete("person", int(row))


def deeds(folder: Path) -> tuple[Deed, ...]:
    """All of them; ``folder`` is where the file to import lies."""
    return Sweep(), Day(), Erase(), Apply(), Import(folder)


__all__ = ["Deed", "HalfDoneError", "deeds", "must"]
