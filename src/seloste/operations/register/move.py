"""Move a register to another cell while people work in it.

Its rows are copied as they stand in one moment, then what changed meanwhile, again and again while writers go on. When
both places are found equal the gate of its writers is closed: they wait, the last changes go over, the directory is
switched, and they go on at the new place without knowing it. Only then is the old copy taken away. Ended at any moment,
the register lies where the directory says, whole; what is left beside it goes when the command is given again.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from seloste import clock
from seloste.operations.actor import Actor
from seloste.store import journal, moves, moving, moving_rows
from seloste.store.destroy import destroy
from seloste.store.engine import Database
from seloste.store.journal import JournalReport
from seloste.store.moves import Move
from seloste.store.moving import MoveError
from seloste.store.moving_rows import Table
from seloste.store.placed import LOOK_AGAIN
from seloste.store.places import Place, plain, schema_of
from seloste.store.registers import NoRegisterError, Registers, RegisterStore

FEW = 200
"""Changes that are few enough to be brought while writers wait."""

ROUNDS = 30
"""How often changes are brought before the gate is closed on more of them."""

SETTLE_SECONDS = 3.0
"""How long the old copy stays for whoever began to read in it."""

BEAT_SECONDS = 3.0

Reached = Callable[[str], None]
"""Told of each step when it is done: ``begun``, ``built``, ``watched``, ``copied``, ``compared``, ``closed``,
``brought``, ``switched``, ``opened``, ``gone``."""


@dataclass(frozen=True, slots=True)
class MoveReport:
    """A register that lies in another cell now.

    ``rows`` of people and of what is theirs came, ``changes`` of them or of others were written meanwhile and brought
    after. Writers waited for ``waited`` seconds. ``digest``: what both places were found to hold, before the last
    changes. ``finished``: whether this ended a move whose process had been killed after the switch.
    """

    register: str
    came_from: str
    goes_to: str
    rows: int
    changes: int
    waited: float
    digest: str
    journal: JournalReport
    finished: bool = False


@dataclass(frozen=True, slots=True)
class _Moved:
    rows: int
    changes: int
    waited: float
    digest: str


def move(
    registers: Registers,
    register: str,
    cell: str,
    *,
    now: dt.datetime,
    actor: Actor,
    reached: Reached = lambda point: None,
) -> MoveReport:
    """Move a register to the cell of that name: ``home``, ``files``, or one of the settings.

    Takes up what a process that was killed left of the last move of this register. Raises NoRegisterError, NoCellError,
    MovingError when another process moves it, MoveError when it lies there already or cannot lie there, BusyError when
    somebody writes to it without end. Then it lies where it lay.
    """
    if register not in registers.keys():  # noqa: SIM118  not a mapping
        raise NoRegisterError(f"Rekisteriä {register} ei ole.", f"There is no register {register}.")
    settings, cell = registers.settings, plain(registers.settings, cell)
    goal = Place(cell, schema_of(settings, cell, register))
    with registers.deployment.transaction() as conn:
        left = moves.claim(conn, register, clock.now())
    if left is not None and left.state == "left":
        _finish(registers, left, now=now, actor=actor, reached=reached)
        if left.goes_to.cell == cell:
            return _report(registers, left, _Moved(0, 0, 0.0, ""), finished=True)
    elif left is not None:
        moving.clear(registers, left)
    store = registers.open(register)
    with registers.deployment.transaction() as conn:
        lies = registers.place(register)
        if lies.cell == goal.cell:
            raise MoveError(
                f"Rekisteri {register} on jo solussa {cell}. Mitään ei siirretty.",
                f"The register {register} is in the cell {cell} already. Nothing was moved.",
            )
        this = moves.begin(conn, register, Place(lies.cell, lies.schema), goal, clock.now())
    told = time.monotonic()
    reached("begun")
    try:
        moved = _carry(registers, store, this, told, now=now, actor=actor, reached=reached)
    except BaseException:
        with registers.deployment.read() as conn:
            found = moves.find(conn, register)
        if found is not None and (found.token, found.state) == (this.token, "copying"):
            moving.clear(registers, this)
        raise
    _finish(registers, this, now=now, actor=actor, reached=reached)
    return _report(registers, this, moved)


def _carry(
    registers: Registers,
    store: RegisterStore,
    this: Move,
    told: float,
    *,
    now: dt.datetime,
    actor: Actor,
    reached: Reached,
) -> _Moved:
    alive = _Beat(registers, this)
    source = registers.database_at(this.register, this.came_from)
    target = None
    try:
        moving_rows.watch(source, alive)
        reached("watched")
        target = moving.make(registers, this, store.register, store.keys, now=now)
        reached("built")
        with source.read() as here:
            with target.read() as there:
                tables = moving.alike(here, there)
            rows = moving_rows.copy(here, target, tables, alive)
        reached("copied")
        changes = _catch_up(source, target, tables, alive)
        digest = _compare(source, target, tables, alive)
        changes += digest[1] + _catch_up(source, target, tables, alive)
        reached("compared")
        # Whoever looked just before this was begun has looked again by now, and looks whenever it writes.
        time.sleep(max(0.0, told + 1.5 * LOOK_AGAIN - time.monotonic()))
        waited, last = _switch(registers, store, this, source, target, tables, now=now, actor=actor, reached=reached)
        reached("opened")
        return _Moved(rows, changes + last, waited, digest[0])
    finally:
        source.close()
        if target is not None:
            target.close()


class _Beat:
    """Says now and then that this process is still at it."""

    def __init__(self, registers: Registers, this: Move) -> None:
        self._registers, self._this, self._last = registers, this, time.monotonic()

    def __call__(self) -> None:
        if time.monotonic() - self._last > BEAT_SECONDS:
            with self._registers.deployment.transaction() as conn:
                moves.still(conn, self._this, clock.now())
            self._last = time.monotonic()


def _catch_up(source: Database, target: Database, tables: Mapping[str, Table], alive: moves.Alive) -> int:
    """Bring changes until few are left; how many were brought."""
    brought = 0
    for _ in range(ROUNDS):
        with source.read() as here:
            if moving_rows.changes(here) <= FEW:
                break
            followed = moving_rows.follow(here, target, tables, alive)
        moving_rows.forget(source, followed.numbers)
        brought += len(followed.numbers)
    return brought


def _compare(source: Database, target: Database, tables: Mapping[str, Table], alive: moves.Alive) -> tuple[str, int]:
    """The digest of what both places hold in one moment, with the changes brought to it. Raises MoveError."""
    with source.read() as here:
        followed = moving_rows.follow(here, target, tables, alive)
        mine = moving_rows.sums(here, tables, alive)
    with target.read() as there:
        theirs = moving_rows.sums(there, tables, alive)
    moving_rows.forget(source, followed.numbers)
    _check(tuple(name for name in tables if mine[name] != theirs[name]))
    return moving_rows.whole(mine), len(followed.numbers)


def _check(unlike: tuple[str, ...]) -> None:
    if unlike:
        names = ", ".join(unlike)
        raise MoveError(
            f"Uusi kopio ei ole sama kuin vanha (taulut {names}). Mitään ei siirretty. Yritä uudelleen.",
            f"The new copy is not the same as the old one (tables {names}). Nothing was moved. Try again.",
        )


def _switch(
    registers: Registers,
    store: RegisterStore,
    this: Move,
    source: Database,
    target: Database,
    tables: Mapping[str, Table],
    *,
    now: dt.datetime,
    actor: Actor,
    reached: Reached,
) -> tuple[float, int]:
    """Bring what is left and have the directory name the new place, while nobody writes; how long they waited."""
    with moving.alone(source, _Beat(registers, this)) as here:
        since = time.monotonic()
        reached("closed")
        moving.unchanged(here, store.register, tables)
        followed = moving_rows.follow(here, target, tables, lambda: None)
        with target.transaction() as there:
            _check(moving_rows.unlike(here, there, tables, followed.keys))
            moving.numbers(here, there)
            journal.append(there, journal.Entry(now, actor.account, actor.lens, "move", note=this.goes_to.cell))
        reached("brought")
        with registers.deployment.transaction() as conn:
            moves.switch(conn, this)
        reached("switched")
    return time.monotonic() - since, len(followed.numbers)


def _finish(registers: Registers, this: Move, *, now: dt.datetime, actor: Actor, reached: Reached) -> None:
    """Take the old copy away when whoever read in it has ended."""
    target = registers.database_at(this.register, this.goes_to)
    try:
        with target.transaction() as conn:
            moving.arrived(conn)
    finally:
        target.close()
    time.sleep(SETTLE_SECONDS)
    destroy(registers, this.register, this.came_from)
    with registers.deployment.transaction() as conn:
        moves.end(conn, this)
        journal.append(conn, journal.Entry(now, actor.account, actor.lens, "move", note=this.register))
    reached("gone")


def _report(registers: Registers, this: Move, moved: _Moved, *, finished: bool = False) -> MoveReport:
    return MoveReport(
        register=this.register,
        came_from=this.came_from.cell,
        goes_to=this.goes_to.cell,
        rows=moved.rows,
        changes=moved.changes,
        waited=moved.waited,
        digest=moved.digest,
        journal=journal.verify(registers.open(this.register).database),
        finished=finished,
    )
