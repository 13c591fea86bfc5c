"""What a no can let go at all: the kinds it reaches, and for each a statement that finds such rows of one subject.

Whether a cell is needed hangs on what its persons say only by the bits of the purposes that use it. So whoever takes a
yes back lets go of cells of those purposes' kinds alone, and of none while everything of theirs is needed by others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from seloste.compiler.lower import purpose_always_says_yes
from seloste.compiler.register import Path, Register
from seloste.compiler.rule import Scope
from seloste.compiler.sweep import judged_going, sweep
from seloste.compiler.views import render
from seloste.notice.ways import cell_paths, end_of, references, subject_paths


@dataclass(frozen=True, slots=True)
class Probe:
    """``sql`` gives the ids of a kind's rows of one ``:subject`` from which something goes, or of which nothing stays.

    ``held``: the bits of the purposes that use anything of the kind, a number for each mask column.
    """

    kind: str
    sql: str
    held: tuple[int, ...]


def probes(register: Register, subject: str, dialect: str) -> tuple[Probe, ...]:
    """The probes of a kind of subject, in no order that matters."""
    return register.once(("probes", subject, dialect), lambda: tuple(_probes(register, subject, dialect)))


def _probes(register: Register, subject: str, dialect: str) -> Iterator[Probe]:
    swept = sweep(register, dialect).kinds
    for kind in register.tables:
        held = _held(register, kind)
        paths = _paths(register, kind, subject)
        if not any(held) or not paths:
            continue
        each = swept[kind]
        mine = " UNION ".join(_of_subject(register, kind, path) for path in sorted(paths))
        which: sa.ColumnElement[bool] = sa.literal_column(f"t.id IN ({mine})")
        yield Probe(kind, render(judged_going(Scope(register, kind), each.groups, each.goes, which), dialect), held)


def _held(register: Register, kind: str) -> tuple[int, ...]:
    """Bits of the purposes that use cells of a kind and say yes only while the subject does."""
    words = [0] * register.mask_count
    for column in register.tables[kind].of_role("reference", "item"):
        for key in register.users(kind, column.name):
            if not purpose_always_says_yes(register.purposes[key]):
                number, bit = register.bit(key)
                words[number] |= bit
    return tuple(words)


def _paths(register: Register, kind: str, subject: str) -> set[Path]:
    """The ways along which any cell of a kind, or its row, is a subject's of this kind."""
    kinds = register.notice.kinds
    found = set(subject_paths(kinds, kind))
    for column in register.tables[kind].of_role("reference", "item"):
        found |= set(cell_paths(kinds, kind, column.name))
    return {path for path in found if end_of(kinds, kind, path) == subject}


def _of_subject(register: Register, kind: str, path: Path) -> str:
    """SELECT of the ids of a kind's rows from which a path leads to the subject, from its end to its beginning."""
    if not path:
        return "SELECT CAST(:subject AS bigint)"
    column, *further = path
    name = register.sa(kind).name
    if not further:
        return f"SELECT id FROM {_quoted(name)} WHERE {_quoted(column)} = :subject"
    target = next(each.target for each in references(register.tables[kind].kind) if each.column == column)
    return (
        f"SELECT id FROM {_quoted(name)} WHERE {_quoted(column)} IN ({_of_subject(register, target, tuple(further))})"
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def reached(found: tuple[Probe, ...], lost: tuple[int, ...]) -> Mapping[str, Probe]:
    """The probes of kinds of which something is used by a purpose whose yes was lost."""
    return {each.kind: each for each in found if any(a & b for a, b in zip(each.held, lost, strict=False))}
