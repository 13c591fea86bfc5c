"""What the register does every day by itself: the sweep, so that nobody has to remember it.

Any number of processes may run this side by side: a job of a day is claimed before it is begun, and what ended
without a word (a process that was killed) is taken up again by another. What takes long is done a slice at a time:
between two slices the claim is given back, and the work of other registers goes first.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from seloste import clock
from seloste.clock import HELSINKI, today
from seloste.errors import SelosteError
from seloste.operations.actor import Actor
from seloste.operations.evidence.living import keep, read
from seloste.operations.notices.publish import begin_due
from seloste.operations.records.transfer.leftovers import clear_imports
from seloste.operations.retention.forecast import count_ahead, is_large, read_ahead
from seloste.operations.retention.sweep import sweep
from seloste.operations.rights.mails import give_up_late
from seloste.operations.rights.remind import remind
from seloste.operations.running.canary import try_again, try_road
from seloste.store import access_state, daily, ledger_file
from seloste.store.registers import Registers, RegisterStore

HOUR = 3
"""The hour of the night at which the work of a day is due; a register that was not running then does it when it is."""

GIVEN_UP = dt.timedelta(minutes=20)
"""A job that has not ended by then is another's to take up. Sweeping twice at once harms nothing."""

FIRST_SECONDS = 5.0
"""Before the first look, so that the pages come up first."""

WAKE_SECONDS = 30.0
STOP_SECONDS = 5.0

WORKER = Actor("register", "")
"""The register itself; it acts in no role."""

log = logging.getLogger("seloste.daily")


def _sweep(store: RegisterStore, now: dt.datetime) -> None:
    sweep(store, now=now, actor=WORKER)


def _ledger(store: RegisterStore, now: dt.datetime) -> None:
    if store.ledgers is not None:
        ledger_file.write(store, store.ledgers)


def _messages(store: RegisterStore, now: dt.datetime) -> None:
    give_up_late(store, now)


def _figures(store: RegisterStore, now: dt.datetime) -> None:
    if store.register.notice.proofs:
        keep(store, now=now)


def _begin_ahead(store: RegisterStore, now: dt.datetime) -> bool:
    return count_ahead(store, now=now, seconds=0)


def _ahead(store: RegisterStore, now: dt.datetime) -> bool:
    return count_ahead(store, now=now)


JOBS: Mapping[str, Callable[[RegisterStore, dt.datetime], bool | None]] = {
    "sweep": _sweep,
    "messages": _messages,
    "ledger": _ledger,
    "figures": _figures,
    "ahead": _begin_ahead,
}
"""In the order they are done: the ledger tells of what the sweep removed, and so do the figures of the public page.
What says True has more to do, which :func:`go_on` does once nothing else waits."""

SLICES: Mapping[str, Callable[[RegisterStore, dt.datetime], bool]] = {"ahead": _ahead}
"""What does one slice more of those that have more to do: what goes in the months ahead takes minutes or hours where
a register is large."""


def _forget(registers: Registers, register: str, now: dt.datetime) -> None:
    """The ledger tells of what the kept backups lack, and of nothing older."""
    store, days = registers.open(register), registers.settings.backup_days
    if store.ledgers is not None:
        ledger_file.forget(store, store.ledgers, now - dt.timedelta(days=days))


TELLING: Mapping[str, Callable[[Registers, str, dt.datetime], object]] = {
    "remind": remind,
    "forget": _forget,
    "canary": try_road,
}
"""Jobs after them that are the installation's too: what its staff is told, how long its backups are kept."""


@dataclass(frozen=True, slots=True)
class Done:
    """A job that was run for a day; ``failed`` is the name of the error that ended it, empty when it went well.
    ``more``: it goes on at another turn."""

    register: str
    job: str
    day: dt.date
    failed: str = ""
    more: bool = False


def due_day(now: dt.datetime) -> dt.date:
    """The day whose work is due: today from HOUR on, before that yesterday."""
    moment = now.astimezone(HELSINKI)
    return today(now) - dt.timedelta(days=int(moment.hour < HOUR))


def run_due(registers: Registers, *, now: dt.datetime) -> tuple[Done, ...]:
    """Do what is due and nobody has begun. An error ends one job of one register, and is told by its name alone.

    Files of imports that nobody went on with are cleared away first.
    """
    clear_imports(registers.deployment, registers.settings.data_dir / "imports", now)
    day = due_day(now)
    given_up = now - GIVEN_UP
    with registers.deployment.read() as conn:
        waiting = daily.waiting(conn, registers.keys(), (*JOBS, *TELLING), day, given_up)
    jobs = defaultdict(list)
    for register, job in waiting:
        jobs[register].append(job)
    # Where a register is in use its new version comes into force with the day, elsewhere before the night's work.
    in_use = [store.register.notice.register for store in registers.opened()]
    _begin(registers, in_use, now)
    # One register after the other, so that each is opened once however many there are. One whose turn another process
    # has just taken waits until the end: two that began together do not follow each other from job to job.
    turn, put_off, done = deque(jobs), set[str](), list[Done]()
    while turn:
        register, begun = turn.popleft(), False
        for job in jobs[register]:
            with registers.deployment.transaction() as conn:
                mine = daily.claim(conn, register, job, day, now=now, given_up=given_up)
            if not mine and not begun and register not in put_off:
                put_off.add(register)
                turn.append(register)
                break
            if mine:
                if not begun and register not in in_use:
                    _begin(registers, [register], now)
                begun = True
                done.append(_run(registers, register, job, day, now))
    try_again(registers, now=now)
    return tuple(done)


def _begin(registers: Registers, keys: Iterable[str], now: dt.datetime) -> None:
    """Have what was decided on come into force; one register's trouble is not another's."""
    for key in keys:
        try:
            begin_due(registers, [key], now=now)
        except Exception as problem:  # noqa: BLE001  a server may go away at any moment
            log.error("notice of %s not looked at: %s", key, type(problem).__name__)  # noqa: TRY400


def keep_ledgers(registers: Registers, *, now: dt.datetime) -> None:
    """Note within moments what went and what was said in the registers that are open here, and who may come in; what
    cannot be, is later."""
    for store in registers.opened():
        if store.ledgers is not None:
            with suppress(SelosteError):
                ledger_file.write(store, store.ledgers, soon=True)
    with suppress(SelosteError), registers.deployment.read() as conn:
        access_state.write(conn, registers.settings.ledgers, now)


def go_on(registers: Registers, *, now: dt.datetime, after: str = "") -> Done | None:
    """Do one slice more of a job that has more to do, of the register that comes ``after`` one; None if none has."""
    day, keys = due_day(now), set(registers.keys())
    with registers.deployment.read() as conn:
        waiting = [each for each in daily.goes_on(conn, day) if each[0] in keys and each[1] in SLICES]
    for register, job in sorted(waiting, key=lambda each: (each[0] <= after, each)):
        with registers.deployment.transaction() as conn:
            mine = daily.claim(conn, register, job, day, now=now, given_up=now - GIVEN_UP)
        if mine:
            return _run(registers, register, job, day, now, SLICES)
    return None


def keep_figures(registers: Registers, *, now: dt.datetime) -> None:
    """Have the figures of the public page, and what goes in the months ahead of a large register, where a register is
    in use and the day's were counted of another notice."""
    lack = {"figures": _lacks_figures, "ahead": _lacks_ahead}
    day = due_day(now)
    for store in registers.opened():
        key = store.register.notice.register
        for job, lacks in lack.items():
            if not lacks(store, now):
                continue
            with registers.deployment.transaction() as conn:
                mine = daily.claim_anew(conn, key, job, day, now=now)
            # Another process may have ended it between the look and the claim; then there is nothing left to count.
            if mine and lacks(store, now):
                _run(registers, key, job, day, now)
            elif mine:
                with registers.deployment.transaction() as conn:
                    daily.end(conn, key, job, day, now=now)


def _lacks_figures(store: RegisterStore, now: dt.datetime) -> bool:
    return bool(store.register.notice.proofs) and read(store, now=now) is None


def _lacks_ahead(store: RegisterStore, now: dt.datetime) -> bool:
    if read_ahead(store, now=now) is not None:
        return False
    # Whether it is large is asked once a day: a register does not become so within moments.
    asked = ("is large", today(now))
    if asked not in store.kept:
        store.kept[asked] = is_large(store, now=now)
    return bool(store.kept[asked])


def _run(
    registers: Registers,
    register: str,
    job: str,
    day: dt.date,
    now: dt.datetime,
    jobs: Mapping[str, Callable[[RegisterStore, dt.datetime], bool | None]] | None = None,
) -> Done:
    more = False
    try:
        if job in TELLING:
            TELLING[job](registers, register, now)
        else:
            more = (jobs or JOBS)[job](registers.open(register), now) is True
    except Exception as problem:  # noqa: BLE001  one register's trouble is not another's
        name = type(problem).__name__
        with registers.deployment.transaction() as conn:
            daily.fail(conn, register, job, day, name)
        # Our own errors hold no value of anybody; of others only the name is safe to keep.
        reason = problem.message("en") if isinstance(problem, SelosteError) else name
        log.error("daily %s of %s failed: %s", job, register, reason)  # noqa: TRY400
        return Done(register, job, day, name)
    with registers.deployment.transaction() as conn:
        if more:
            daily.put_off(conn, register, job, day)
        else:
            daily.end(conn, register, job, day, now=now)
    return Done(register, job, day, more=more)


class Daily(threading.Thread):
    """Runs what is due beside the pages, until it is stopped."""

    def __init__(self, registers: Registers, now: Callable[[], dt.datetime] = clock.now) -> None:
        super().__init__(name="seloste-daily", daemon=True)
        self._registers = registers
        self._now = now
        self._stopped = threading.Event()
        self._last = ""
        """The register of which a slice was done last."""

    def run(self) -> None:
        wait = FIRST_SECONDS
        while not self._stopped.wait(wait):
            wait = WAKE_SECONDS
            try:
                run_due(self._registers, now=self._now())
                keep_ledgers(self._registers, now=self._now())
                keep_figures(self._registers, now=self._now())
                wait = self._go_on()
            except Exception as problem:  # noqa: BLE001  the database may be away for a while
                log.error("daily work failed: %s", type(problem).__name__)  # noqa: TRY400

    def _go_on(self) -> float:
        """Do what takes long in the time until the next look, with a rest after each slice as long as that took: then
        it has no more than half a processor, here and in the server. How long there is still to wait."""
        until = time.monotonic() + WAKE_SECONDS
        while (began := time.monotonic()) < until:
            done = go_on(self._registers, now=self._now(), after=self._last)
            if done is None:
                break
            self._last = done.register
            if self._stopped.wait(min(time.monotonic() - began, WAKE_SECONDS)):
                break
        return max(until - time.monotonic(), 0.0)

    def stop(self) -> None:
        """End, and wait a while for the job under way; one that is cut off leaves whole rows, and goes on next time."""
        self._stopped.set()
        self.join(STOP_SECONDS)
