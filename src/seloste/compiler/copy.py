"""A person's own rows: what of each kind is theirs and needed, and why (Art. 15 and 20).

On PostgreSQL that is one statement over every kind, for each one more is a round trip more; on SQLite a few steps, see
``compiler.copy_steps``.

What is theirs is what ``notice.ways`` says it is, and needed is sentence 4 of ``docs/why/one-rule.md``: the sweep
removes the rest, but for the dates that periods count from and what a row belongs to, which stay with their row. So
what a person is told is what is held, and what an erasure looks at.

Each predicate is asked once for a row and answered by a bit, however many cells hang on it: whose a cell is, whether a
purpose needs and may use it, whether it is another's too. Last days are worked out of what the row brings, when asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from seloste.catalogue.model import PERSON
from seloste.compiler.copy_steps import PERSON_ID, Step, Wanted, at_once, end, steps
from seloste.compiler.functions import Sql
from seloste.compiler.late import Make, late
from seloste.compiler.parts import Part, flags_of, width_of
from seloste.compiler.register import Register
from seloste.compiler.rule import Scope, counts, granted
from seloste.compiler.sweep import kept_with_row
from seloste.compiler.why import Asked, last_day_of
from seloste.lazily import cached_property
from seloste.notice.ways import Path, cell_paths, end_of, subject_paths


@dataclass(frozen=True, slots=True)
class CopyCell:
    """One column that may hold something of the person. ``place`` is where the cell stands in the row.

    It is theirs where the bit ``mine`` is set, needed where any of ``needed`` is, another's too where ``shared`` is;
    ``users`` are the purposes that may need it, each with its bit. ``stays``: it is held as long as its row is.
    """

    name: str
    place: int
    mine: int
    needed: int
    shared: int
    users: tuple[tuple[str, int], ...]
    stays: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What one purpose says of cells: the bits of need and use, and the last day, of the cells at ``late``."""

    asked: Asked
    need: int
    use: int
    until: Make


@dataclass(frozen=True, slots=True)
class CopyKind:
    """The rows of one kind. ``late``: places of what last days are worked out of.

    Each row begins with its id, sys_source and sys_recorded_at; then come ``flags`` numbers of BITS bits each, the
    lowest first.
    """

    kind: str
    flags: int
    cells: tuple[CopyCell, ...]
    answers: tuple[Answer, ...]
    late: tuple[int, ...]
    held: int
    """The bit that a hold or restriction of one of the row's persons stands."""
    sourced: int
    """The bit that a cell of the row has a source of its own."""


@dataclass(frozen=True)
class Copy:
    """The rows of each kind of ``kinds`` are brought by one of ``steps``, with its number there at their end."""

    kinds: tuple[CopyKind, ...]
    steps: tuple[Step, ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every name by which a step takes an id."""
        return tuple(name for step in self.steps for names in step.leads.values() for name in names)


HEAD = 3
"""What stands before the flags in a row."""


def copy_of(register: Register, dialect: str, only: frozenset[str] | None = None) -> Copy:
    """The statements over every kind that can hold anything of a person, or over ``only`` these of them."""
    return register.once(("copy", dialect, only), lambda: _copy(register, dialect, only))


def _copy(register: Register, dialect: str, only: frozenset[str] | None) -> Copy:
    asked = (kind for kind in register.tables if only is None or kind in only)
    parts = [part for kind in asked if (part := _part(register, kind)) is not None]
    # On SQLite a row is as wide as it must be; elsewhere all of a result have the same columns.
    among = {part.kind: [part] if dialect == "sqlite" else parts for part in parts}
    wanted = [Wanted(part.scope, tuple(part.paths), _asking(part, among[part.kind], dialect)) for part in parts]
    kinds = tuple(_kind_of(part, among[part.kind]) for part in parts)
    return Copy(kinds, steps(wanted) if dialect == "sqlite" else (at_once(wanted, dialect),))


def _asking(part: _Part, among: Sequence[_Part], dialect: str) -> sa.Select[Any]:
    """All that is asked of rows of a kind, in rows as wide as the widest of some kinds; of which rows is not said."""
    row = part.scope.row
    head = [row.c.id.label("id"), row.c.sys_source.label("source"), row.c.sys_recorded_at.label("recorded")]
    return part.select(head, flags_of(among), width_of(among), dialect)


def _kind_of(part: _Part, among: Sequence[_Part]) -> CopyKind:
    """With every place as it is in a row of :func:`_asking`."""
    flags = flags_of(among)
    places = part.places(HEAD + flags, width_of(among))
    cells = tuple(replace(each, place=places[each.place]) for each in part.cells)
    late_ = tuple(places[place] for place in part.late)
    return CopyKind(part.kind, flags, cells, tuple(part.answers), late_, part.held, part.sourced)


@dataclass
class _Part(Part):
    """One kind of a copy while it is put together."""

    cells: list[CopyCell] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    paths: dict[Path, None] = field(default_factory=dict)
    held: int = 0
    sourced: int = 0


def _part(register: Register, kind: str) -> _Part | None:
    kinds = register.notice.kinds
    mine: dict[str, tuple[Path, ...]] = {}
    for column in register.tables[kind].of_role("reference", "item"):
        paths = tuple(path for path in cell_paths(kinds, kind, column.name) if end_of(kinds, kind, path) == PERSON)
        if paths:
            mine[column.name] = paths
    if not mine:
        return None
    part = _Part(Scope(register, kind))
    part.paths = dict.fromkeys(path for paths in mine.values() for path in paths)
    answers: dict[Asked, Answer] = {}
    for name, paths in mine.items():
        _cell(part, name, paths, answers)
    part.answers = list(answers.values())
    persons = subject_paths(kinds, kind)
    part.held = part.bit(sa.or_(sa.false(), *[part.scope.at(path)[0].c.sys_held == 1 for path in persons]))
    part.sourced = part.bit(sa.exists(_sourced(part.scope)))
    return part


def _cell(part: _Part, name: str, paths: tuple[Path, ...], answers: dict[Asked, Answer]) -> None:
    register, scope = part.register, part.scope
    every = cell_paths(register.notice.kinds, part.kind, name)
    needed, users = 0, []
    for purpose in register.users(part.kind, name):
        asked = Asked(purpose, every)
        if asked not in answers:
            answers[asked] = Answer(
                asked,
                part.bit(granted(scope, purpose, every, "need")),
                part.bit(granted(scope, purpose, every, "use")),
                late(last_day_of(scope, purpose), part.bring_late),
            )
        needed |= answers[asked].need
        users.append((purpose, answers[asked].need))
    for path in every:
        needed |= part.bit(sa.and_(counts(scope, path), scope.at(path)[0].c.sys_held == 1))
    own = part.bit(sa.or_(*[sa.and_(counts(scope, path), end(scope, path) == PERSON_ID) for path in paths]))
    shared = part.bit(_others(scope, paths)) if len(paths) > 1 else 0
    column = register.tables[part.kind].column(name)
    assert column is not None
    place = part.bring(column.storage, scope.row.c[name])
    part.cells.append(
        CopyCell(name, place, own, needed, shared, tuple(users), name in kept_with_row(register, part.kind))
    )


def _others(scope: Scope, paths: tuple[Path, ...]) -> Sql:
    """Whether a cell has another person beside this one."""
    another = [
        sa.and_(counts(scope, path), end(scope, path).is_not(None), end(scope, path) != PERSON_ID) for path in paths
    ]
    return sa.or_(*another)


def _sourced(scope: Scope) -> sa.Select[Any]:
    """The sources of single cells of a row."""
    cells = sa.table("sys_cell_source", sa.column("kind"), sa.column("row")).alias("s")
    own = cells.c.kind == sa.literal(scope.kind), cells.c.row == scope.row.c.id
    return sa.select(sa.literal(1)).select_from(cells).where(*own).correlate(scope.row)
