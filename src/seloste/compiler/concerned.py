"""Whom a purpose concerns: the data subjects of whom it may use something now. SQL text, run by operations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from seloste.catalogue.model import PERSON
from seloste.compiler.register import CompiledLens, Register
from seloste.compiler.views import lens_views

PERMISSION = "permission"
"""The kind whose rows are what people said yes to."""


def concerned(register: Register, purposes: Iterable[str], dialect: str) -> str:
    """A SELECT of the ids of every person of whom one of ``purposes`` may use something, each once."""
    parts = [view for key in purposes for view in _views(register, key, dialect)]
    return " UNION ".join(f"SELECT id FROM ({sql}) AS v{number}" for number, sql in enumerate(parts)) or _NOBODY


def everybody(register: Register, dialect: str) -> str:
    """The same over all purposes that the notice's owner wrote."""
    return concerned(register, [key for key, each in register.purposes.items() if not each.built_in], dialect)


def consenting(register: Register, purposes: Iterable[str]) -> str:
    """A SELECT of the ids of every person whose yes to one of ``purposes`` stands."""
    table = register.tables.get(PERMISSION)
    named = ", ".join("'" + key.replace("'", "''") + "'" for key in purposes)
    if table is None or table.column(PERSON) is None or table.column("purpose") is None or not named:
        return _NOBODY
    return f'SELECT {PERSON} FROM "{PERMISSION}" WHERE purpose IN ({named}) AND withdrawn_at IS NULL'


_NOBODY = "SELECT 0 AS id WHERE 1 = 0"


def _views(register: Register, purpose: str, dialect: str) -> Iterator[str]:
    """What the purpose alone would see of a person, as any lens sees it; a purpose that uses nothing sees nobody."""
    chosen = register.purposes[purpose]
    items = tuple(ref.item for ref in (*chosen.uses, *chosen.borrows) if ref.kind == PERSON)
    if PERSON in register.tables and items:
        lens = CompiledLens(purpose, chosen.text, (purpose,), {PERSON: tuple(dict.fromkeys(items))})
        yield lens_views(register, lens, dialect)[PERSON].sql
