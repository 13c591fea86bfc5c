"""What a person says: a withdrawal or an objection and the first read after it, against an upsert of one row.

And the race: somebody reads all the while, and no read begun after the word was given may see what it took away.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import multiprocessing as mp
import random
import statistics
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bench.cases import SEED, Outcome, moments, outcome
from bench.lawful import Left, ObjectedByHand, WithdrawnByHand, left
from bench.measure import UnequalError, Variant, measure, must_agree
from bench.world import NOW, World
from bench.writes import executor
from seloste.operations.actor import Actor
from seloste.operations.permissions import say
from seloste.operations.records import read
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.retention.sweep import taken_back
from seloste.settings import Settings
from seloste.store.registers import Registers, RegisterStore

PARTNERS = Actor("1", "partners")
MAILING = Actor("1", "mailing")
REGISTER = Actor("1", "")
OPS = 5
SOME = 1000
"""So many of those who have agreed are asked at most."""
RACES = 170
"""Races for each round but the first; 60 rounds make ten thousand."""
FIRST_RACES = 20


def shows(store: RegisterStore, actor: Actor, person: int, now: dt.datetime) -> bool:
    """Whether a role may use anything of a person now."""
    try:
        read.row(store, "person", person, actor=actor, now=now, journal=False)
    except NoSuchRowError:
        return False
    return True


class OneRow:
    """By hand: the no written over the yes in a table of one row a person, and read back by its key."""

    def __init__(self, world: World) -> None:
        self._execute = execute = executor(world.plain())
        execute("DROP TABLE IF EXISTS bench_word", ())
        execute("CREATE TABLE bench_word (person BIGINT, purpose TEXT, yes INTEGER, PRIMARY KEY (person, purpose))", ())
        execute("INSERT INTO bench_word SELECT id, 'partner_marketing', 1 FROM person", ())

    def say(self, person: int, yes: int) -> None:
        self._execute(
            "INSERT INTO bench_word VALUES (?, 'partner_marketing', ?)"
            " ON CONFLICT (person, purpose) DO UPDATE SET yes = excluded.yes",
            (person, yes),
        )

    def ready(self, person: int) -> None:
        """A yes stands; SQLite would write nothing where a no is written over a no."""
        self.say(person, 1)

    def deed(self, person: int) -> bool:
        self.say(person, 0)
        sql = "SELECT yes FROM bench_word WHERE person = ? AND purpose = 'partner_marketing'"
        return bool(self._execute(sql, (person,))[0][0])


class Saying:
    """The product's own calls, each with the first read through the role that it takes the person from."""

    def __init__(self, world: World) -> None:
        self._world, self._store = world, world.store
        self._times = moments()
        self._execute = executor(world.plain())
        held = "SELECT id FROM person WHERE sys_held = 0 AND sys_restricted = 0"
        self.permissions: dict[int, int] = dict(
            self._execute(
                f"SELECT person, id FROM permission WHERE purpose = 'partner_marketing' AND person IN ({held})", ()
            )
        )
        known = random.Random(SEED).sample(sorted(self.permissions), min(len(self.permissions), SOME))
        self.alone = [person for person in known if self._goes(person)]
        self.permissions = {person: self.permissions[person] for person in set(known) - set(self.alone)}
        said = "SELECT person FROM objection UNION SELECT person FROM ban"
        self.silent = [
            person for (person,) in self._execute(f"{held} AND id NOT IN ({said}) ORDER BY id LIMIT 5000", ())
            if shows(self._store, MAILING, person, NOW)
        ]  # fmt: skip

    def _goes(self, person: int) -> bool:
        """Whether something of a person is needed by this consent alone, so that it would go."""
        with taken_back(self._store, NOW) as work:
            work.update("permission", self.permissions[person], {"withdrawn_at": NOW})
            work.settled()
            return work.lets_go("person", person)

    def agree(self, person: int) -> None:
        """The consent stands again."""
        with self._store.write(NOW) as work:
            work.update("permission", self.permissions[person], {"withdrawn_at": None})

    def agrees(self, person: int) -> bool:
        """The consent stands again, and the partners may see the person by it."""
        self.agree(person)
        return shows(self._store, PARTNERS, person, NOW)

    def withdraw(self, person: int) -> bool:
        now = next(self._times)
        say.withdraw(self._store, person, "partner_marketing", actor=REGISTER, now=now)
        return shows(self._store, PARTNERS, person, now)

    def take_back(self, person: int) -> None:
        """As if the person had not objected."""
        with self._store.write(NOW) as work:
            for kind in ("objection", "ban"):
                for (row,) in work.conn.execute(f"SELECT id FROM {kind} WHERE person = :id", {"id": person}).all():
                    work.delete(kind, int(row))

    def leaves(self, person: int) -> Left:
        """What an objection leaves, which is then taken back."""
        self.object_to(person)
        found = left(self._world, self._execute, person)
        self.take_back(person)
        return found

    def object_to(self, person: int) -> bool:
        now = next(self._times)
        say.object_to(self._store, person, "marketing", actor=REGISTER, now=now)
        return shows(self._store, MAILING, person, now)


def word_and_read(world: World, rounds: int) -> list[Outcome]:
    """Withdrawal and objection, each with the read after it."""
    saying, one, withdrawn = Saying(world), OneRow(world), WithdrawnByHand(world)
    objected = ObjectedByHand(world, "marketing", saying)
    must_agree([Variant("raw", objected.leaves), Variant("ours", saying.leaves)], saying.silent[:5])
    # First, for those who are emptied do not come back.
    emptied = [_emptied(world, saying, one)] if saying.alone else []
    raw = Variant("raw", one.deed, ready=one.ready)
    durable = f"by hand: an upsert; {world.durability}"
    found = []
    for case, deed, ready, keys, lawful in (
        (
            "withdraw_and_read",
            saying.withdraw,
            saying.agree,
            sorted(saying.permissions),
            withdrawn.deed,
        ),
        ("object_and_read", saying.object_to, saying.take_back, saying.silent, objected.deed),
    ):
        variants = [raw, Variant("ours", deed, ready=ready), Variant("lawful", lawful, ready=ready)]
        must_agree(variants, keys[:5])
        costs = measure(variants, keys, rounds=max(rounds // 2, 1), ops=OPS, seed=SEED, waits=world.waits)
        found.append(outcome(case, world, costs[0], costs[1], 1.5, durable))
        found.append(outcome(f"{case}_lawful", world, costs[2], costs[1], None, "by hand: what it must leave"))
    return [*found, *emptied]


def _emptied(world: World, saying: Saying, one: OneRow) -> Outcome:
    """The withdrawal of those of whom nothing else is needed: they are emptied with it, once."""
    costs: dict[str, list[float]] = {"raw": [], "ours": []}
    for person in saying.alone[: 10 * OPS]:
        one.ready(person)
        for name, deed in (("raw", one.deed), ("ours", saying.withdraw)):
            begun = time.perf_counter()
            deed(person)
            costs[name].append((time.perf_counter() - begun) * 1e6)
    raw, ours = (statistics.median(costs[name]) for name in ("raw", "ours"))
    note = f"{len(costs['ours'])} people emptied with it; by hand: an upsert"
    return Outcome("withdraw_and_empty", world.engine, world.people, ours / raw, ours / raw, None, raw, ours, note)


def racing(world: World, rounds: int) -> list[Outcome]:
    """Withdrawals while others read; the line says how many, and that no read was stale."""
    count = (rounds - 1) * RACES + FIRST_RACES
    saying = Saying(world)
    with _no_wait_for_the_disk(world) as waits:
        begun = time.monotonic()
        reads = races(world, saying, count)
        took = (time.monotonic() - begun) * 1e6 / count
    note = f"{count} races, {reads} reads begun after the word, none stale; {waits}"
    return [Outcome("race", world.engine, world.people, 1.0, 1.0, None, took, took, note)]


# --- the race ---------------------------------------------------------------------------------------------------------

RACE, SAID, PERSON, ENDED = range(4)
"""Places in what writer and readers share: number of the race, last race whose word was given, whose it is, the end."""
BEFORE, AFTER, STALE = range(3)
"""Places of a reader: last race in which it saw the person before the word, and read after it; stale reads."""
READERS = 2


@contextlib.contextmanager
def _no_wait_for_the_disk(world: World) -> Iterator[str]:
    """On a PostgreSQL server of our own, commits that return before the disk has them; says which it was.

    Who reads sees a commit in the order of the log, written down or not, so nothing is proved less: the read that must
    not be stale only begins sooner after the word. Two commits of each race would wait for a disk that others use.
    """
    begun_here = (Path(world.environment["DATA_DIR"]).parent / "server" / "postmaster.pid").exists()
    if world.engine != "postgresql" or not begun_here:
        yield "commits waited for the disk"
        return
    execute = executor(world.plain())
    for statement in ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"):
        execute(statement, ())
    try:
        yield "commits did not wait for the disk"
    finally:
        for statement in ("ALTER SYSTEM RESET fsync", "SELECT pg_reload_conf()", "CHECKPOINT"):
            execute(statement, ())


def _reader(store: RegisterStore, shared: Any, mine: Any, reads: Any) -> None:
    times = moments()
    while not shared[ENDED]:
        race, person = shared[RACE], shared[PERSON]
        said = shared[SAID]  # looked at before the read begins
        if not race or (mine[AFTER] == race):
            time.sleep(0.0002)
            continue
        seen = shows(store, PARTNERS, person, next(times))
        if said == race:
            reads[0] += 1
            mine[STALE] += seen
            mine[AFTER] = race
        elif seen and shared[RACE] == race:
            mine[BEFORE] = race


def _elsewhere(environment: Mapping[str, str], register: str, shared: Any, mine: Any, reads: Any) -> None:
    """A reader in a process of its own, as another server of the same register is."""
    registers = Registers(
        Settings(
            data_dir=Path(environment["DATA_DIR"]),
            database_url=environment["DATABASE_URL"] or None,
            key_file=Path(environment["KEY_FILE"]),
        )
    )
    try:
        _reader(registers.open(register), shared, mine, reads)
    finally:
        registers.close()


def races(world: World, saying: Saying, count: int) -> int:
    """Withdraw while a thread and a process read; how many reads began after. Raises UnequalError at a stale one."""
    context = mp.get_context("spawn")
    shared = context.RawArray("q", 4)
    mine = [context.RawArray("q", 3) for _ in range(READERS)]
    reads = [context.RawArray("q", 1) for _ in range(READERS)]
    key = world.store.register.notice.register
    thread = threading.Thread(target=_reader, args=(world.store, shared, mine[0], reads[0]), daemon=True)
    process = context.Process(target=_elsewhere, args=(world.environment, key, shared, mine[1], reads[1]), daemon=True)
    thread.start()
    process.start()
    switching = sys.getswitchinterval()
    sys.setswitchinterval(0.0002)  # or the thread that reads without rest would keep the one that writes from it
    try:
        people = itertools.cycle(sorted(saying.permissions))
        for race in range(1, count + 1):
            person = next(each for each in people if saying.agrees(each))
            shared[PERSON] = person
            shared[RACE] = race
            _all(mine, BEFORE, race, thread, process)
            say.withdraw(world.store, person, "partner_marketing", actor=REGISTER, now=NOW)
            shared[SAID] = race
            _all(mine, AFTER, race, thread, process)
    finally:
        sys.setswitchinterval(switching)
        shared[ENDED] = 1
        thread.join(10)
        process.join(10)
    if stale := sum(each[STALE] for each in mine):
        raise UnequalError(f"{stale} reads saw what had been taken back")
    return sum(each[0] for each in reads)


def _all(mine: Any, place: int, race: int, thread: threading.Thread, process: Any) -> None:
    """Wait until every reader has come so far in a race."""
    while not all(each[place] >= race for each in mine):
        if not (thread.is_alive() and process.is_alive()):
            raise UnequalError("a reader has ended before the race")
        time.sleep(0.0002)
