"""A register that another version of the program built, brought to this one where nothing of anybody's is touched.

Its notice is the one that is stored in it, word for word, so whatever differs is the program's own: columns that it
computes, tables it keeps beside, the views of the roles.
"""

from __future__ import annotations

from dataclasses import dataclass

from seloste.compiler.lower import compile_text
from seloste.compiler.plan import Plan, Verb, plan
from seloste.compiler.register import Register
from seloste.errors import SelosteError
from seloste.store import system
from seloste.store.apply import built_shape
from seloste.store.engine import Database

ADDS: frozenset[Verb] = frozenset({"create", "add", "index", "recompute", "masks", "clock", "lens"})
"""Steps that take nothing away. A column that is dropped may be one that a newer version filled."""


@dataclass(frozen=True, slots=True)
class Stored:
    """The notice that a register runs, as this version of the program understands it.

    ``text`` is the file it was last applied from, empty when it is not kept.
    """

    register: Register
    text: str
    own: Plan
    """What this version would do to the register though nothing of its notice changed."""

    @property
    def only_adds(self) -> bool:
        return all(step.verb in ADDS for step in self.own.steps)


def stored(database: Database) -> Stored | None:
    """What a register runs; None when there is none, or this version cannot read what is stored of it."""
    with database.read() as conn:
        text = system.meta(conn, "notice") if system.exists(conn) else None
        if text is None:
            return None
        last = conn.execute("SELECT text FROM sys_notice ORDER BY id DESC LIMIT 1").first()
        try:
            register = compile_text(text)
            own = plan(built_shape(conn), register, database.dialect)
        except (ValueError, LookupError, TypeError, AttributeError, SelosteError):
            return None
    return Stored(register, str(last[0]) if last is not None else "", own)
