"""Registers that are being moved, in the installation's data: who moves what where, and how far it is.

A row is there from before the first step until the old copy is gone. ``copying``: the register lies where the directory
says, and at the new place there is half a copy. ``left``: the directory names the new place, and at the old one there
is a copy that nobody uses. Both are changed in one transaction with the directory, so that a register always lies in
one place.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from seloste.clock import from_utc_text, to_utc_text
from seloste.errors import SelosteError
from seloste.store.engine import Connection
from seloste.store.places import Place

TABLE = """CREATE TABLE move (
  register TEXT PRIMARY KEY, from_cell TEXT NOT NULL, from_schema TEXT NOT NULL, to_cell TEXT NOT NULL,
  to_schema TEXT NOT NULL, state TEXT NOT NULL, token TEXT NOT NULL, worker TEXT NOT NULL, seen_at TEXT NOT NULL)"""

UNDER_WAY = "EXISTS (SELECT 1 FROM move WHERE move.register = register.key)"
"""A column beside those of the directory: whether a register is being moved."""

GIVEN_UP = timedelta(seconds=30)
"""A move whose process gave no sign of life for so long may be taken up by another."""


class MovingError(SelosteError):
    """The register is being moved by another process."""


@dataclass(frozen=True, slots=True)
class Move:
    """A move under way. ``token`` is what only its process knows."""

    register: str
    came_from: Place
    goes_to: Place
    state: Literal["copying", "left"]
    token: str


def find(conn: Connection, register: str) -> Move | None:
    """The move of a register, whoever makes it, None when there is none."""
    row = conn.execute(
        "SELECT from_cell, from_schema, to_cell, to_schema, state, token FROM move WHERE register = :register",
        {"register": register},
    ).first()
    return Move(register, Place(*row[:2]), Place(*row[2:4]), *row[4:]) if row else None


def claim(conn: Connection, register: str, at: datetime) -> Move | None:
    """What another process left of a move of the register, now this one's; None when there is nothing.

    Raises MovingError while that process is at it.
    """
    left = find(conn, register)
    if left is None:
        return None
    worker, seen = conn.execute(
        "SELECT worker, seen_at FROM move WHERE register = :register", {"register": register}
    ).all()[0]
    if at - from_utc_text(seen) < GIVEN_UP and not _ended(worker):
        raise moving(register)
    mine = Move(register, left.came_from, left.goes_to, left.state, secrets.token_hex(8))
    conn.execute(
        "UPDATE move SET token = :token, worker = :worker, seen_at = :at WHERE register = :register",
        {"token": mine.token, "worker": _worker(), "at": to_utc_text(at), "register": register},
    )
    return mine


def begin(conn: Connection, register: str, came_from: Place, goes_to: Place, at: datetime) -> Move:
    """Write a move down before its first step. Raises MovingError when there is one."""
    move = Move(register, came_from, goes_to, "copying", secrets.token_hex(8))
    put = conn.execute(
        """INSERT INTO move (register, from_cell, from_schema, to_cell, to_schema, state, token, worker, seen_at)
        VALUES (:register, :from_cell, :from_schema, :to_cell, :to_schema, :state, :token, :worker, :at)
        ON CONFLICT (register) DO NOTHING""",
        {
            "register": register,
            "from_cell": came_from.cell,
            "from_schema": came_from.schema,
            "to_cell": goes_to.cell,
            "to_schema": goes_to.schema,
            "state": move.state,
            "token": move.token,
            "worker": _worker(),
            "at": to_utc_text(at),
        },
    )
    if put.rowcount != 1:
        raise moving(register)
    return move


def still(conn: Connection, move: Move, at: datetime) -> None:
    """Give a sign of life. Raises MovingError when another process has taken the move up."""
    if not conn.execute(
        "UPDATE move SET seen_at = :at WHERE register = :register AND token = :token",
        {"at": to_utc_text(at), "register": move.register, "token": move.token},
    ).rowcount:
        raise moving(move.register)


def switch(conn: Connection, move: Move) -> None:
    """Have the directory name the new place: from this transaction's end the new copy is the register."""
    params = {"register": move.register, "token": move.token}
    if not conn.execute(
        "UPDATE move SET state = 'left' WHERE register = :register AND token = :token AND state = 'copying'", params
    ).rowcount:
        raise moving(move.register)
    conn.execute(
        "UPDATE register SET cell = :cell, schema_name = :schema WHERE key = :key",
        {"cell": move.goes_to.cell, "schema": move.goes_to.schema, "key": move.register},
    )


def end(conn: Connection, move: Move) -> None:
    """Nothing is left to be done of a move."""
    conn.execute(
        "DELETE FROM move WHERE register = :register AND token = :token",
        {"register": move.register, "token": move.token},
    )


def moving(register: str) -> MovingError:
    return MovingError(
        f"Rekisteriä {register} siirretään juuri solusta toiseen. Yritä hetken kuluttua uudelleen. Jos siirto "
        "keskeytyi, anna seloste move uudelleen.",
        f"The register {register} is just being moved to another cell. Try again in a moment. If the move was ended, "
        "give seloste move again.",
    )


def _worker() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def _ended(worker: str) -> bool:
    """Whether a process of this machine is no more."""
    host, _, number = worker.rpartition(":")
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return int(number) == os.getpid()


Alive = Callable[[], None]
"""Called now and then while a move takes long."""
