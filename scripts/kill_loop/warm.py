"""What every program compiles when it starts, kept from one kill to the next, so that kills are cheap."""

from __future__ import annotations

from functools import cache
from typing import Any

from scripts.kill_loop.place import notice, other
from seloste.compiler.lower import compile_notice
from seloste.compiler.register import Register
from seloste.notice.model import Notice
from seloste.store import registers
from seloste.store.dialects import sqlite
from seloste.store.engine import Dialect
from seloste.store.sweep_due import compiled
from seloste.store.work import Statements


def keep_compiled(engine: Dialect) -> None:
    """Compile the two notices of the loop now; registers opened later in this process take what is there."""
    known = {each.digest: compile_notice(each) for each in (notice(), other())}

    def kept(wanted: Notice) -> Register:
        return known[wanted.digest]

    @cache
    def statements(digest: str, dialect: Dialect) -> Statements:
        return Statements(known[digest], dialect)

    def kept_statements(register: Register, dialect: Dialect) -> Statements:
        return statements(register.hash, dialect)

    replaced: dict[str, Any] = {"compile_notice": kept, "Statements": kept_statements}
    for name, function in replaced.items():
        setattr(registers, name, function)
    # A killed program takes nothing with it that the system was given, so nothing is gained by waiting for the disk.
    sqlite.SYNCHRONOUS = "NORMAL"
    for register in known.values():
        made = kept_statements(register, engine)
        _ = made.marks, made.judgements
        compiled(register, engine)
