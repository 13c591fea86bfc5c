"""Whether the installation can do its work now, part by part; no part is told of by a name of a register or a path."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

from seloste.operations.running.in_turn import LookOn, in_turn
from seloste.store import deployment
from seloste.store.keys import mark_of, master_secret
from seloste.store.registers import Registers

Part = Literal["accounts", "migrations", "key", "registers"]
"""The database of the installation; its tables being of this version; the key file being there and the right one; the
database of every register, built by this version."""

OPENS = "opens"


@dataclass(frozen=True, slots=True)
class Ready:
    """Which parts work."""

    parts: Mapping[Part, bool]

    @property
    def ok(self) -> bool:
        return all(self.parts.values())


def ready(registers: Registers) -> Ready:
    """Try each part, of many registers some in turn. Nothing is written, and no error leaves.

    While the database of the installation is away what lies behind it is not waited for: it does not work either.
    """
    accounts = _works(lambda: bool(registers.keys()) or True)
    known = partial(opens, registers)
    return Ready(
        {
            "accounts": accounts,
            "migrations": accounts and _works(lambda: _migrated(registers)),
            "key": _works(lambda: mark_of(master_secret(registers.settings.key_file, make=False)) == registers.mark),
            "registers": accounts and _works(lambda: all(in_turn(registers, OPENS, known).values())),
        }
    )


def opens(registers: Registers, key: str) -> bool:
    """Whether a register can be used: it opens, and held when it was looked at for the first time."""
    return _works(lambda: _opens(registers, key))


def look_on(registers: Registers) -> LookOn:
    """What finds out of every register whether it can be used, in the background."""
    return LookOn(registers, OPENS, partial(opens, registers))


def _works(part: Callable[[], bool]) -> bool:
    try:
        return part()
    except Exception:  # noqa: BLE001  whatever it is, the part does not work
        return False


def _migrated(registers: Registers) -> bool:
    with registers.deployment.read() as conn:
        return deployment.reached(conn) == deployment.MIGRATIONS[-1].number


def _opens(registers: Registers, key: str) -> bool:
    with registers.aside(key) as store, store.database.read() as conn:
        conn.execute("SELECT 1 FROM sys_meta").first()
    return True
