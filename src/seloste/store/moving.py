"""The place that a register is moved to: built, marked as half made until it is in charge, taken away if it is not."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from seloste.compiler.register import Register
from seloste.errors import SelosteError
from seloste.store import aids, backup_rows, moves, system
from seloste.store.apply import build
from seloste.store.destroy import destroy
from seloste.store.dialects.postgresql import PostgresDatabase
from seloste.store.engine import BusyError, Connection, Database, has_table
from seloste.store.keys import Keys
from seloste.store.lens import check_lens
from seloste.store.moves import Alive, Move
from seloste.store.moving_rows import ARRIVING, Table, layout, unwatch
from seloste.store.registers import Registers

GATE_MS = 400
"""How long the gate waits for the writers under way; whoever comes after them waits as long."""

GATE_TRIES = 150
GATE_PAUSE = 0.4
"""Seconds between two tries, in which others write."""


class MoveError(SelosteError):
    """The register was not moved; it lies where it lay."""


def make(registers: Registers, move: Move, register: Register, keys: Keys, *, now: dt.datetime) -> Database:
    """Build the register at its new place, empty. Raises MoveError when one of its key is there."""
    target = registers.database_at(move.register, move.goes_to)
    try:
        with target.transaction() as conn:
            if system.exists(conn):
                raise MoveError(
                    f"Solussa {move.goes_to.cell} on jo rekisteri {move.register}. Mitään ei siirretty. Vie se sieltä "
                    "ensin pois, tai siirrä toiseen soluun.",
                    f"There is a register {move.register} in the cell {move.goes_to.cell} already. Nothing was moved. "
                    "Take it away from there first, or move to another cell.",
                )
            build(target, conn, register, keys, now=now)
            aids.create_all(conn)
            conn.execute(f"CREATE TABLE {ARRIVING} (token TEXT NOT NULL)")
            conn.execute(f"INSERT INTO {ARRIVING} VALUES (:token)", {"token": move.token})
        _check_lenses(target, move.goes_to.cell, register, keys)
    except BaseException:
        target.close()
        raise
    return target


def _check_lenses(target: Database, cell: str, register: Register, keys: Keys) -> None:
    """Raises MoveError when the new server would show a role more than its purposes may use."""
    for lens in register.lenses.values():
        if findings := check_lens(target, register, lens, keys):
            raise MoveError(
                f"Solun {cell} palvelin ei pidä roolia {lens.key} siinä, mitä se saa nähdä: {findings[0]} Mitään ei "
                "siirretty. Aja seloste harden siinä solussa.",
                f"The server of the cell {cell} does not keep the role {lens.key} to what it may see: {findings[0]} "
                "Nothing was moved. Run seloste harden in that cell.",
            )


def alike(source: Connection, target: Connection) -> dict[str, Table]:
    """The tables of a register at both places. Raises MoveError when this version builds it otherwise than it is."""
    here, there = layout(source), layout(target)
    for name, table in here.items():
        if name not in there or set(table.columns) != set(there[name].columns):
            raise MoveError(
                f"Rekisterin taulu {name} on toisen ohjelmaversion tekemä. Mitään ei siirretty. Aja ensin seloste "
                "apply.",
                f"The table {name} of the register was made by another version of the program. Nothing was moved. Run "
                "seloste apply first.",
            )
    return here


@contextmanager
def alone(database: Database, alive: Alive) -> Iterator[Connection]:
    """One writing transaction while nobody else writes. Raises BusyError when others do so for long."""
    if not isinstance(database, PostgresDatabase):
        with database.transaction() as conn:
            yield conn
        return
    for left in range(GATE_TRIES, -1, -1):
        gate = database.alone(GATE_MS)
        try:
            conn = gate.__enter__()
        except BusyError:
            alive()
            if not left:
                raise
            time.sleep(GATE_PAUSE)
            continue
        break
    try:
        yield conn
    except BaseException as problem:
        gate.__exit__(type(problem), problem, problem.__traceback__)
        raise
    gate.__exit__(None, None, None)


def unchanged(source: Connection, register: Register, tables: Mapping[str, Table]) -> None:
    """Raises MoveError when the register's notice or its tables changed while it was copied."""
    here = layout(source)
    if system.meta(source, "digest") != register.hash or here != tables:
        raise MoveError(
            "Seloste muuttui kesken siirron. Mitään ei siirretty. Yritä uudelleen.",
            "The notice changed during the move. Nothing was moved. Try again.",
        )


def numbers(source: Connection, target: Connection) -> None:
    """Have the new place give no number that the old one gave."""
    backup_rows.raise_numbers(target, backup_rows.highest(source))


def arrived(conn: Connection) -> None:
    """The new place is no longer half made."""
    conn.execute(f"DROP TABLE IF EXISTS {ARRIVING}")


def clear(registers: Registers, move: Move) -> None:
    """Take away what a move that did not come about left: the half copy, and what was watched."""
    if _half_made(registers, move):
        destroy(registers, move.register, move.goes_to)
    source = registers.database_at(move.register, move.came_from)
    try:
        unwatch(source)
    finally:
        source.close()
    with registers.deployment.transaction() as conn:
        moves.end(conn, move)


def _half_made(registers: Registers, move: Move) -> bool:
    """Whether what lies at the new place is the half copy of a move, or nothing: never a register of its own."""
    target = registers.database_at(move.register, move.goes_to)
    try:
        with target.read() as conn:
            return has_table(conn, ARRIVING) or not system.exists(conn)
    finally:
        target.close()
