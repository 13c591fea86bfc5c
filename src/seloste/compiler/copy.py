"""A person's own rows: what of each kind is theirs and needed, and why, as one statement (Art. 15 and 20).

What is theirs is what ``notice.ways`` says it is, and needed is sentence 4 of ``docs/why/one-rule.md``: the sweep
removes the rest, but for the dates that periods count from and what a row belongs to, which stay with their row. So
what a person is told is what is held, and what an erasure looks at.

Each predicate is asked once for a row and answered by a bit, however many cells hang on it: whose a cell is, whether a
purpose needs and may use it, whether it is another's too. Last days are worked out of what the row brings, when asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from seloste.catalogue.model import PERSON
from seloste.compiler.functions import Sql
from seloste.compiler.late import Make, late
from seloste.compiler.parts import Part, flags_of, width_of
from seloste.compiler.register import Register, Storage
from seloste.compiler.rule import Scope, counts, granted
from seloste.compiler.sweep import kept_with_row
from seloste.compiler.views import render
from seloste.compiler.why import Asked, last_day_of
from seloste.notice.ways import Path, cell_paths, end_of, references, subject_paths


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
    """The rows of one kind in the statement's result. ``late``: places of what last days are worked out of."""

    kind: str
    cells: tuple[CopyCell, ...]
    answers: tuple[Answer, ...]
    late: tuple[int, ...]
    held: int
    """The bit that a hold or restriction of one of the row's persons stands."""
    sourced: int
    """The bit that a cell of the row has a source of its own."""


@dataclass(frozen=True, slots=True)
class Copy:
    """``sql`` takes ``:person``. Each row begins with the number of its kind in ``kinds``, its id, sys_source and
    sys_recorded_at; then ``flags`` numbers of BITS bits each, the lowest first.
    """

    sql: str
    kinds: tuple[CopyKind, ...]
    flags: int


HEAD = 4
"""What stands before the flags in a row."""


def copy_statement(register: Register, dialect: str, only: frozenset[str] | None = None) -> Copy:
    """The statement over every kind that can hold anything of a person, or over ``only`` these of them."""
    return register.once(("copy", dialect, only), lambda: _statement(register, dialect, only))


def _statement(register: Register, dialect: str, only: frozenset[str] | None) -> Copy:
    asked = (kind for kind in register.tables if only is None or kind in only)
    parts = [part for kind in asked if (part := _part(register, kind)) is not None]
    flags, width = flags_of(parts), width_of(parts)
    selects = []
    for number, part in enumerate(parts):
        row = part.scope.row
        head = [sa.literal(number).label("kind"), row.c.id.label("id")]
        head += [row.c.sys_source.label("source"), row.c.sys_recorded_at.label("recorded")]
        reached = sa.or_(*[_leads(part.scope, path, dialect) for path in part.paths])
        selects.append(part.select(head, flags, width, dialect).where(reached))
    kinds = tuple(part.kind_of(HEAD + flags, width) for part in parts)
    return Copy(render(sa.union_all(*selects), dialect), kinds, flags)


@dataclass
class _Part(Part):
    """One kind of a copy while it is put together."""

    cells: list[CopyCell] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    paths: dict[Path, None] = field(default_factory=dict)
    held: int = 0
    sourced: int = 0

    def kind_of(self, head: int, width: Mapping[Storage, int]) -> CopyKind:
        """With every place as it is in a row of the result."""
        places = self.places(head, width)
        cells = tuple(replace(each, place=places[each.place]) for each in self.cells)
        late_ = tuple(places[place] for place in self.late)
        return CopyKind(self.kind, cells, tuple(self.answers), late_, self.held, self.sourced)


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
    person: Sql = sa.literal_column(":person", sa.BigInteger())
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
    own = part.bit(sa.or_(*[sa.and_(counts(scope, path), _end(scope, path) == person) for path in paths]))
    shared = part.bit(_others(scope, paths, person)) if len(paths) > 1 else 0
    column = register.tables[part.kind].column(name)
    assert column is not None
    place = part.bring(column.storage, scope.row.c[name])
    part.cells.append(
        CopyCell(name, place, own, needed, shared, tuple(users), name in kept_with_row(register, part.kind))
    )


def _end(scope: Scope, path: Path) -> Sql:
    """The id at the end of a path, without a join for its last step."""
    return scope.at(path[:-1])[0].c[path[-1]] if path else scope.row.c.id


def _others(scope: Scope, paths: tuple[Path, ...], person: Sql) -> Sql:
    """Whether a cell has another person beside this one."""
    another = [
        sa.and_(counts(scope, path), _end(scope, path).is_not(None), _end(scope, path) != person) for path in paths
    ]
    return sa.or_(*another)


def _sourced(scope: Scope) -> sa.Select[Any]:
    """The sources of single cells of a row."""
    cells = sa.table("sys_cell_source", sa.column("kind"), sa.column("row")).alias("s")
    own = cells.c.kind == sa.literal(scope.kind), cells.c.row == scope.row.c.id
    return sa.select(sa.literal(1)).select_from(cells).where(*own).correlate(scope.row)


def _leads(scope: Scope, path: Path, dialect: str) -> Sql:
    """Whether a path leads to the person, in a form in which an index finds the rows."""
    person: Sql = sa.literal_column(":person", sa.BigInteger())
    if len(path) <= 1:
        return _end(scope, path) == person
    first = scope.row.c[path[0]]
    found = sa.select(sa.literal_column("r1.id", sa.BigInteger()))
    clause, last = _between(scope.register, scope.kind, path)
    ids = found.select_from(clause).where(last == person)
    if dialect == "sqlite":
        return first.in_(ids)
    # Beside another way PostgreSQL would read the whole table for a list that it has not made yet.
    return first == sa.any_(sa.func.array(ids.scalar_subquery(), type_=sa.ARRAY(sa.BigInteger())))


def _between(register: Register, kind: str, path: Path) -> tuple[sa.FromClause, Sql]:
    """The rows between the first step of a path and its end, and the column that names the end."""
    steps = list(_steps(register, kind, path[:-1]))
    clause: sa.FromClause = steps[0]
    for column, before, row in zip(path[1:-1], steps, steps[1:], strict=False):
        clause = clause.join(row, before.c[column] == row.c.id)
    return clause, steps[-1].c[path[-1]]


def _steps(register: Register, kind: str, path: Sequence[str]) -> Iterator[sa.FromClause]:
    for number, column in enumerate(path, start=1):
        kind = next(each.target for each in references(register.tables[kind].kind) if each.column == column)
        yield register.sa(kind).alias(f"r{number}")
