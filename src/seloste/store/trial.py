"""A notice tried on its register: applied in a transaction of which nothing stays.

So what is said of a change beforehand is what the change does, and not a second opinion of it. While it is tried,
nobody writes; on PostgreSQL nobody reads either.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from seloste.compiler.lower import compile_text
from seloste.notice.model import Notice
from seloste.notice.serial import to_json
from seloste.store.apply import Done, rebuild
from seloste.store.registers import Registers, missing
from seloste.store.statements import Statements
from seloste.store.work import Work


class _TakenBack(Exception):  # noqa: N818
    """Ends the transaction, so that nothing of it stays."""


@dataclass(frozen=True, slots=True)
class Tried:
    """The register as the notice would have it, open until the trial ends."""

    work: Work
    steps: tuple[Done, ...]
    """What applying does, with the number of values that it erases."""


@contextmanager
def tried(registers: Registers, notice: Notice, *, now: dt.datetime) -> Iterator[Tried]:
    """The register of ``notice`` with it applied, for as long as the block runs; then all is as it was.

    Raises NoRegisterError when there is no such register, StoreError when the notice cannot be applied.
    """
    if notice.register not in registers.keys():  # noqa: SIM118  not a mapping
        raise missing(notice.register)
    register = compile_text(to_json(notice))
    database = registers.database(notice.register)
    keys = registers.register_keys(notice.register)
    try:
        with database.transaction() as conn:
            steps = rebuild(database, conn, register, keys, now=now, text="", noted=False)
            yield Tried(Work(conn, Statements(register, database.dialect), keys, now, rehearsed=True), steps)
            raise _TakenBack
    except _TakenBack:
        return
    finally:
        database.close()
