"""Changes that people are told of before they begin (GDPR Art. 13(3), 14(4)): whom they concern, and that they wait.

One rule for the page and the command line: what concerns somebody begins today only where those people know of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from seloste.catalogue.model import Text
from seloste.clock import today
from seloste.compiler.concerned import concerned, everybody
from seloste.compiler.register import Register
from seloste.errors import SelosteError
from seloste.notice.diff import Change, compare
from seloste.notice.model import Notice
from seloste.store import planned
from seloste.store.engine import Connection
from seloste.store.registers import Registers
from seloste.store.trial import tried


class UntoldError(SelosteError):
    """A change would begin before the people whom it concerns are told."""


@dataclass(frozen=True, slots=True)
class Concerned:
    """A change to tell of, and how many people it concerns."""

    change: Change
    people: int


@dataclass(frozen=True, slots=True)
class Untold:
    """What a version asks to be told before it begins. Only changes that concern somebody; counts, nobody's number."""

    changes: tuple[Concerned, ...] = ()
    people: int = 0
    """How many, each once."""


def untold(registers: Registers, notice: Notice, lang: str, *, now: dt.datetime) -> Untold:
    """Of whom ``notice`` asks to be told before it begins in its register, compared with what the register runs.

    Nobody for a first notice, and for a version that was published and whose day has come: that was decided in time.
    The register is tried and taken back where there is something to tell. Raises StoreError when the notice cannot be
    applied.
    """
    found = registers.stored(notice.register) if notice.register in registers.keys() else None  # noqa: SIM118
    changes = compare(found.register.notice if found else None, notice, lang).of("inform")
    if not changes or _published(registers, notice, now):
        return Untold()
    with tried(registers, notice, now=now) as done:
        conn, register = done.work.conn, done.work.register
        counted = tuple(Concerned(each, len(whom(conn, register, [each]))) for each in changes)
        people = len(whom(conn, register, changes))
    return Untold(tuple(each for each in counted if each.people), people)


def whom(conn: Connection, register: Register, changes: Iterable[Change]) -> set[int]:
    """People of the purposes of the changes; everybody where a change names none."""
    found = list(changes)
    if any(not change.purposes for change in found):
        sql = everybody(register, conn.dialect)
    else:
        named = dict.fromkeys(key for change in found for key in change.purposes if key in register.purposes)
        sql = concerned(register, named, conn.dialect)
    return {int(number) for (number,) in conn.execute(sql)}


def refuse_untold(people: int, begins: dt.date, mend: Text, *, now: dt.datetime) -> None:
    """Raises UntoldError, which ends with ``mend``, when ``people`` are to be told and it would begin today already."""
    if people and begins <= today(now):
        them = "yhtä ihmistä" if people == 1 else f"{people} ihmistä"
        raise UntoldError(
            f"Muutoksesta on kerrottava ennen sen alkua, ja se koskee {them}. {mend['fi']}",
            f"People must be told of this change before it begins, and it concerns {people}. {mend['en']}",
        )


def _published(registers: Registers, notice: Notice, now: dt.datetime) -> bool:
    database = registers.database(notice.register)
    try:
        with database.read() as conn:
            version = planned.waiting(conn)
    finally:
        database.close()
    if version is None or version.effective is None or version.digest != notice.digest:
        return False
    return version.effective <= today(now)
