"""Whose a row is, as the journal names it: the persons at the end of each of its ways."""

from __future__ import annotations

from collections.abc import Iterator

from seloste.catalogue.model import PERSON
from seloste.compiler.register import Register
from seloste.notice.ways import references, subject_paths


def whose(register: Register, kind: str) -> tuple[str, ...]:
    """For each way from rows of a kind, ``t0``, to a person the SELECT of the person's id, without a condition."""
    return register.once(("whose", kind), lambda: tuple(_made(register, kind)))


def _made(register: Register, kind: str) -> Iterator[str]:
    for path in subject_paths(register.notice.kinds, kind):
        at, joins, last = kind, "", "t0.id"
        for number, column in enumerate(path):
            target = next(r.target for r in references(register.tables[at].kind) if r.column == column)
            last = f't{number}."{column}"'
            if number < len(path) - 1:
                joins += f' JOIN "{target}" t{number + 1} ON t{number + 1}.id = {last}'
            at = target
        if at == PERSON:
            yield f'SELECT DISTINCT {last} FROM "{kind}" t0{joins}'
