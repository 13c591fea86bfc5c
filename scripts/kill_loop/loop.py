"""The loop: prepare, kill, look at what is left, do it again to its end."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.kill_loop.deeds import Deed, HalfDoneError, deeds, must
from scripts.kill_loop.place import KEY, NOW, Place, notice
from scripts.kill_loop.victim import VICTIM
from scripts.kill_loop.warm import keep_compiled
from seloste.store.engine import quote
from seloste.store.journal import verify
from seloste.store.registers import Registers, RegisterStore
from seloste.store.verify import verify_derived

AGAIN = 0.6
"""How often what a kill left is killed once more before it is done to its end."""

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Figures:
    """What the loop saw on one engine. ``before``, ``part`` and ``after``: kills by what they left, by deed."""

    engine: str
    by_statement: int = 0
    from_outside: int = 0
    survived: int = 0
    """Orders whose program was done before it was to be killed; they are no kills."""
    before: Counter[str] = field(default_factory=Counter)
    part: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)
    statements: Counter[str] = field(default_factory=Counter)
    """The most statements that a whole deed began."""
    points: dict[str, set[int]] = field(default_factory=dict)
    """The statements at which a deed was killed."""
    seconds: float = 0.0

    @property
    def kills(self) -> int:
        return self.by_statement + self.from_outside

    def lines(self) -> Iterator[str]:
        yield (
            f"{self.engine}: {self.kills} kills in {self.seconds:.0f} s, {self.by_statement} at a counted statement, "
            f"{self.from_outside} from outside; {self.survived} programs were done before their time"
        )
        for deed, most in self.statements.items():
            left = ", ".join(f"{each[deed]} {word}" for word, each in self._left().items())
            yield f"  {deed}: {most} statements, killed at {len(self.points.get(deed, ()))} of them; left {left}"

    def _left(self) -> dict[str, Counter[str]]:
        return {"as before": self.before, "done in part, each part whole": self.part, "done": self.after}


class Loop:
    """Kills of one installation. Raises HalfDoneError at the first thing that is not as it must be."""

    def __init__(self, place: Place, *, seed: int, victim: subprocess.Popen[str]) -> None:
        self.place = place
        self.figures = Figures(place.engine)
        self._random = random.Random(seed)
        self._victim = victim
        self._took: dict[str, float] = {}

    def run(self, times: int, told: Callable[[str], None] = lambda line: None) -> Figures:
        """Kill ``times`` programs, the deeds in turn."""
        begun = time.monotonic()
        keep_compiled(self.place.engine)
        with self.place.opened() as registers:
            registers.apply(notice(), now=NOW, actor="cli")
        known = deeds(Path(self.place.folder))
        for deed in known:
            self._measure(deed)
        while self.figures.kills < times:
            for deed in known:
                if self.figures.kills < times:
                    self._one(deed, times)
                    told(f"{self.figures.kills}")
        self.figures.seconds = time.monotonic() - begun
        return self.figures

    def _measure(self, deed: Deed) -> None:
        """One run to the end, to know how many statements it begins and how long it takes."""
        facts = self._prepare(deed)
        answer = self._order(deed, facts, statement=0, after=None)
        self.figures.statements[deed.name] = answer["statements"]
        self._took[deed.name] = answer["took"]
        with self.place.opened() as registers:
            must(look(registers, deed, facts, answer["told"]) == 1, f"{deed.name} was not done to its end")

    def _one(self, deed: Deed, times: int) -> None:
        """Work for one deed, killed once or several times, looked at after each, then done to its end."""
        facts = self._prepare(deed)
        told: list[str] = []
        while True:
            answer = self._kill(deed, facts)
            told += answer["told"]
            with self.place.opened() as registers:
                done = look(registers, deed, facts, told)
                if answer["killed"]:
                    where = self.figures.before if done == 0 else self.figures.after if done == 1 else self.figures.part
                    where[deed.name] += 1
                again = answer["killed"] and self._random.random() < AGAIN
                if done < 1 and again and self.figures.kills < times:
                    continue
                deed.do(registers, facts, told.append)
                must(look(registers, deed, facts, told) == 1, f"{deed.name} was not done to its end")
                return

    def _kill(self, deed: Deed, facts: dict[str, Any]) -> dict[str, Any]:
        inside = self._random.random() < 0.7
        most = self.figures.statements[deed.name]
        statement = self._random.randint(1, most) if inside else 0
        after = None if inside else self._random.uniform(0, self._took[deed.name])
        answer = self._order(deed, facts, statement=statement, after=after)
        if not answer["killed"]:
            self.figures.survived += 1
        elif inside:
            self.figures.by_statement += 1
            self.figures.points.setdefault(deed.name, set()).add(statement)
        else:
            self.figures.from_outside += 1
        return answer

    def _prepare(self, deed: Deed) -> dict[str, Any]:
        with self.place.opened() as registers:
            return deed.prepare(registers)

    def _order(self, deed: Deed, facts: dict[str, Any], *, statement: int, after: float | None) -> dict[str, Any]:
        order = {
            "deed": deed.name, "place": self.place.as_json(), "facts": facts, "statement": statement, "after": after,
        }  # fmt: skip
        assert self._victim.stdin is not None and self._victim.stdout is not None
        self._victim.stdin.write(json.dumps(order) + "\n")
        self._victim.stdin.flush()
        answer: dict[str, Any] = json.loads(self._victim.stdout.readline())
        must(not answer["failed"], f"{deed.name} failed, see above")
        if self.place.url is not None:
            _wait_for_server(self.place.url)
        return answer


def _wait_for_server(url: str) -> None:
    """The server's own process goes on until it notices that its client is dead."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as conn:
        for _ in range(2000):
            sql = "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s"
            if conn.execute(sql, [VICTIM]).fetchall()[0][0] == 0:
                return
            time.sleep(0.005)
    raise HalfDoneError("the server goes on for a dead program")


def look(registers: Registers, deed: Deed, facts: dict[str, Any], told: list[str]) -> float:
    """Everything whole, as another program finds it. The part of the deed that is done."""
    whole(registers)
    return deed.check(registers, facts, told)


def whole(registers: Registers) -> None:
    """No reference leads nowhere, nothing derived differs, and the journals are whole."""
    store = registers.open(KEY)
    for line in (*_dangling(store), *_left_behind(store)):
        raise HalfDoneError(line)
    found = verify_derived(store, NOW)
    must(found.ok, f"derived otherwise: {found.differences}")
    must(verify(store.database).ok and verify(registers.deployment).ok, "a journal is not whole")


def _dangling(store: RegisterStore) -> Iterator[str]:
    with store.database.read() as conn:
        for kind, table in store.register.tables.items():
            for column in table.of_role("reference"):
                sql = (
                    f"SELECT 1 FROM {quote(kind)} x LEFT JOIN {quote(str(column.target))} y"
                    f" ON x.{quote(column.name)} = y.id WHERE x.{quote(column.name)} IS NOT NULL AND y.id IS NULL"
                )
                if conn.execute(sql).first():
                    yield f"{kind}.{column.name} points at nothing"


def _left_behind(store: RegisterStore) -> Iterator[str]:
    with store.database.read() as conn:
        for table in ("sys_find", "sys_cell_source"):
            for kind in store.register.tables:
                sql = f"SELECT 1 FROM {table} WHERE kind = :kind AND row NOT IN (SELECT id FROM {quote(kind)})"
                if conn.execute(sql, {"kind": kind}).first():
                    yield f"{table} holds keys of a {kind} that is not there"


@contextmanager
def victims(place: Place) -> Iterator[subprocess.Popen[str]]:
    """The program whose children are killed."""
    program = subprocess.Popen(
        [sys.executable, "-m", "scripts.kill_loop.victim", place.folder, place.engine],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    try:
        yield program
    finally:
        assert program.stdin is not None and program.stdout is not None
        program.stdin.close()
        program.wait()
        program.stdout.close()
