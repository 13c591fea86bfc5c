"""What every program compiles when it starts, kept from one kill to the next, so that kills are cheap."""

from __future__ import annotations

from functools import cache

from scripts.kill_loop.place import notice, other
from seloste.compiler.lower import compile_text
from seloste.compiler.register import Register
from seloste.compiler.sweep import sweep
from seloste.notice.serial import to_json
from seloste.store import opened
from seloste.store.dialects import sqlite
from seloste.store.engine import Dialect
from seloste.store.statements import Statements


def keep_compiled(engine: Dialect) -> None:
    """Compile the two notices of the loop now; registers opened later in this process take what is there."""
    known = {register.hash: register for register in (compile_text(to_json(each)) for each in (notice(), other()))}

    @cache
    def statements(digest: str, dialect: Dialect) -> Statements:
        return Statements(known[digest], dialect)

    def kept(register: Register, dialect: Dialect) -> Statements:
        return statements(register.hash, dialect)

    setattr(opened, "Statements", kept)  # noqa: B010  it stands for a class
    # A killed program takes nothing with it that the system was given, so nothing is gained by waiting for the disk.
    sqlite.SYNCHRONOUS = "NORMAL"
    for register in known.values():
        made = kept(register, engine)
        _ = made.marks, made.judgements
        sweep(register, engine)
