"""Whose a row is, as the journal names it: the persons at the end of each of its ways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from seloste.catalogue.model import PERSON
from seloste.compiler.register import Register
from seloste.notice.ways import references, subject_paths


@dataclass(frozen=True, slots=True)
class ToPerson:
    """One way from rows of a kind to a person: what is read, the rows as ``t0``, and the column of the person's id."""

    rows: str
    person: str


def to_persons(register: Register, kind: str) -> tuple[ToPerson, ...]:
    """Every way from rows of a kind to a person."""
    return register.once(("to persons", kind), lambda: tuple(_ways(register, kind)))


def whose(register: Register, kind: str) -> tuple[str, ...]:
    """For each way from rows of a kind, ``t0``, to a person the SELECT of the person's id, without a condition."""
    return tuple(f"SELECT DISTINCT {way.person} FROM {way.rows}" for way in to_persons(register, kind))


def _ways(register: Register, kind: str) -> Iterator[ToPerson]:
    for path in subject_paths(register.notice.kinds, kind):
        at, joins, last = kind, "", "t0.id"
        for number, column in enumerate(path):
            target = next(r.target for r in references(register.tables[at].kind) if r.column == column)
            last = f't{number}."{column}"'
            if number < len(path) - 1:
                joins += f' JOIN "{target}" t{number + 1} ON t{number + 1}.id = {last}'
            at = target
        if at == PERSON:
            yield ToPerson(f'"{kind}" t0{joins}', last)
