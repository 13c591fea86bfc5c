"""What those at work feel of a sweep: reads in another process while it runs, and while it does not."""

from __future__ import annotations

import datetime as dt
import itertools
import multiprocessing as mp
import random
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.cases import SALES, SEED, Outcome
from bench.measure import UnequalError, Waits, one, percentile
from bench.sweeps import LATER, TENTH, Expiring
from bench.words import shows
from bench.world import World
from bench.writes import executor
from seloste.operations.records import read
from seloste.settings import Settings
from seloste.store.registers import Registers

REST, WITHOUT, WITH, ENDED = range(4)
"""What the reader is told: to rest, that no sweep runs, that one does, to end."""
LOOK = 0.001
OPERATIONS = ("point_read", "rows_of_person")
WAIT = 60.0
"""Seconds in which the reader must be there."""


def _reader(environment: Mapping[str, str], register: str, people: list[int], told: Any, answer: Any) -> None:
    """Reads one person after another, alone and with all that is theirs; gives what each took, in microseconds."""
    registers = Registers(
        Settings(
            data_dir=Path(environment["DATA_DIR"]),
            database_url=environment["DATABASE_URL"] or None,
            key_file=Path(environment["KEY_FILE"]),
        )
    )
    costs: dict[tuple[str, int], list[float]] = {(name, mode): [] for name in OPERATIONS for mode in (WITHOUT, WITH)}
    store, waits = registers.open(register), Waits()
    times = itertools.cycle([LATER + dt.timedelta(milliseconds=number) for number in range(10_000)])
    deeds = {
        "point_read": lambda each: read.row(store, "person", each, actor=SALES, now=next(times), journal=False),
        "rows_of_person": lambda each: read.around(store, "person", each, actor=SALES, now=next(times), journal=False),
    }
    for name, each in itertools.product(OPERATIONS, people[:50]):
        deeds[name](each)
    waits.renew()
    answer.send("ready")
    for person in itertools.cycle(people):
        mode = told[0]
        if mode == ENDED:
            break
        if mode == REST:
            time.sleep(LOOK)
            continue
        for name in OPERATIONS:
            took = one(deeds[name], person, waits)
            if took.seen and told[0] == mode:
                costs[name, mode].append(took.without_waiting)
    answer.send(costs)
    registers.close()


def beside_sweep(world: World, rounds: int) -> list[Outcome]:
    """The 95th percentile of reads while a tenth of the rows goes, against that of reads moments before or after."""
    rows = Expiring(world)
    chance = random.Random(SEED)
    everybody = executor(world.plain())("SELECT id FROM person ORDER BY (id * 7919) % 99991 LIMIT 2000", ())
    people = [int(number) for (number,) in everybody if shows(world.store, SALES, int(number), LATER)]
    context = mp.get_context("spawn")
    told, (ours, theirs) = context.RawArray("i", 1), context.Pipe()
    key = world.store.register.notice.register
    process = context.Process(target=_reader, args=(world.environment, key, people, told, theirs), daemon=True)
    process.start()
    try:
        if not ours.poll(WAIT) or ours.recv() != "ready":
            raise UnequalError("the reader did not begin")
        took = 0.2
        for _ in range(max(rounds // 6, 1)):
            rows.put_back(0)
            for mode in chance.sample((WITHOUT, WITH), 2):
                began = time.monotonic()
                told[0] = mode
                if mode == WITH:
                    rows.by_product(0)
                    took = time.monotonic() - began
                else:
                    time.sleep(took)
                told[0] = REST
        told[0] = ENDED
        if not ours.poll(WAIT):
            raise UnequalError("the reader gave no answer")
        costs = ours.recv()
    finally:
        told[0] = ENDED
        process.join(10)
    return [_told(world, rows, name, costs[name, WITHOUT], costs[name, WITH]) for name in OPERATIONS]


def _told(world: World, rows: Expiring, name: str, without: list[float], during: list[float]) -> Outcome:
    # On a register of a few people a sweep may be over before anybody has read.
    before, then = (percentile(found, 0.95) if found else 1.0 for found in (without, during))
    note = f"p95 of {len(during)} reads while {rows.rows // TENTH} of {rows.rows} rows go, against {len(without)}"
    ratio, case = then / before, f"beside_sweep_{name}"
    return Outcome(case, world.engine, world.people, ratio, ratio, 1.1, before, then, note)
