"""What stands in the databases in numbers, for a monitor: how old, how many, how often. Nothing of anybody."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from seloste.errors import SelosteError
from seloste.operations.daily import JOBS, TELLING, due_day
from seloste.operations.retention.runs import last_run
from seloste.operations.rights.remind import standing
from seloste.operations.running.canary import is_broken
from seloste.operations.running.in_turn import in_turn
from seloste.store import canary, daily, mail_trouble, outbox
from seloste.store.engine import has_table
from seloste.store.post import WORD
from seloste.store.registers import Registers, RegisterStore

LATELY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OfRegister:
    """``sweep_age`` in seconds, None before the first run. ``road_works`` is None before the first trial.

    ``overdue``: requests whose last day has gone by. ``journal_waiting``: looks not committed yet.
    """

    opens: bool
    sweep_age: float | None = None
    overdue: int = 0
    journal_waiting: int = 0
    letters: int = 0
    letters_tried: int = 0
    road_works: bool | None = None
    road_age: float | None = None


@dataclass(frozen=True, slots=True)
class Numbers:
    """``every``: how many registers there are; ``registers``, those that were looked at.

    ``letters_*`` of the installation and of its registers. ``work``: daily jobs of the day by (job, state).
    """

    every: int
    registers: Mapping[str, OfRegister]
    letters_waiting: int
    letters_tried: int
    letters_failed: int
    work: Mapping[tuple[str, str], int]


def numbers(registers: Registers, *, now: dt.datetime) -> Numbers:
    """Counted now; of many registers some in turn, the others as they were last. Raises StoreError.

    A register that does not open is counted as that and nothing else.
    """
    day = due_day(now)
    with registers.deployment.read() as conn:
        waiting = outbox.count(conn, without=WORD)
        tried = outbox.count(conn, tried=True, without=WORD)
        trouble = mail_trouble.since(conn, now - LATELY)
        trials = canary.trials(conn)
        work = Counter(daily.states(conn, day))
    found = in_turn(registers, "numbers", lambda key: _of(registers, key, trials.get(key), now))
    every = len(registers.keys())
    for job in (*JOBS, *TELLING):
        begun = sum(count for (name, _), count in work.items() if name == job)
        work[job, "waiting"] = every - begun
    return Numbers(
        every,
        found,
        waiting + sum(each.letters for each in found.values()),
        tried + sum(each.letters_tried for each in found.values()),
        sum(each.outcome == "given_up" for each in trouble),
        dict(work),
    )


def _of(registers: Registers, key: str, trial: canary.Trial | None, now: dt.datetime) -> OfRegister:
    try:
        with registers.aside(key) as store:
            return _counted(store, trial, now)
    except SelosteError:
        return OfRegister(opens=False)


def _counted(store: RegisterStore, trial: canary.Trial | None, now: dt.datetime) -> OfRegister:
    last = last_run(store, now=now)
    with store.read(now) as conn:
        there = has_table(conn, outbox.INSIDE)
        letters = outbox.count(conn, table=outbox.INSIDE) if there else 0
        tried = outbox.count(conn, table=outbox.INSIDE, tried=True) if there else 0
    return OfRegister(
        opens=True,
        sweep_age=(now - last).total_seconds() if last is not None else None,
        overdue=standing(store, now=now).late,
        journal_waiting=store.reads.waiting,
        letters=letters,
        letters_tried=tried,
        road_works=not is_broken(trial, now) if trial is not None else None,
        road_age=(now - trial.ok_at).total_seconds() if trial is not None and trial.ok_at is not None else None,
    )
