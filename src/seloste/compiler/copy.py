"""A person's own rows: what of each kind is theirs and needed, as one statement per kind (Art. 15 and 20).

What is theirs is what ``notice.ways`` says it is, and needed is sentence 4 of ``docs/why/one-rule.md``: the sweep
removes the rest. So what a person is told is what is held, and what an erasure looks at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from seloste.catalogue.model import PERSON
from seloste.compiler.functions import Sql
from seloste.compiler.register import Register
from seloste.compiler.rule import Scope, counts, needed
from seloste.compiler.views import render
from seloste.notice.ways import Path, cell_paths, end_of, references


@dataclass(frozen=True, slots=True)
class CopyStatement:
    """``sql`` takes ``:person`` and gives ``columns`` (NULL for a cell that is not theirs or not needed), id,
    sys_source, sys_recorded_at, then for each of ``shared`` 1 where the cell is another person's too.
    """

    kind: str
    sql: str
    columns: tuple[str, ...]
    shared: tuple[str, ...]


def copy_statements(register: Register, dialect: str) -> Mapping[str, CopyStatement]:
    """The statement of every kind that can hold anything of a person."""
    return register.once(("copy", dialect), lambda: _statements(register, dialect))


def _statements(register: Register, dialect: str) -> Mapping[str, CopyStatement]:
    found = {kind: _statement(register, kind, dialect) for kind in register.tables}
    return {kind: each for kind, each in found.items() if each is not None}


def _statement(register: Register, kind: str, dialect: str) -> CopyStatement | None:
    kinds = register.notice.kinds
    scope = Scope(register, kind)
    paths: dict[Path, None] = {}
    cells: dict[str, tuple[Path, ...]] = {}
    for column in register.tables[kind].of_role("reference", "item"):
        mine = tuple(path for path in cell_paths(kinds, kind, column.name) if end_of(kinds, kind, path) == PERSON)
        if mine:
            cells[column.name] = mine
            paths |= dict.fromkeys(mine)
    if not cells:
        return None
    person: Sql = sa.literal_column(":person", sa.BigInteger())
    own = {path: sa.and_(counts(scope, path), _end(scope, path) == person) for path in paths}
    columns: list[Sql] = []
    for name, mine in cells.items():
        whose = sa.or_(*[own[path] for path in mine])
        columns.append(sa.case((sa.and_(whose, needed(scope, name)), scope.row.c[name])).label(name))
    shared = tuple(name for name, mine in cells.items() if len(mine) > 1)
    others = [_others(scope, cells[name], person).label(f"shared_{name}") for name in shared]
    chosen = [*columns, scope.row.c.id, scope.row.c.sys_source, scope.row.c.sys_recorded_at, *others]
    rows = sa.union(*[_reached(register, kind, path, person) for path in paths])
    statement = sa.select(*chosen).select_from(scope.from_()).where(scope.row.c.id.in_(rows)).order_by(scope.row.c.id)
    return CopyStatement(kind, render(statement, dialect), tuple(cells), shared)


def _end(scope: Scope, path: Path) -> Sql:
    """The id at the end of a path, without a join for its last step."""
    return scope.at(path[:-1])[0].c[path[-1]] if path else scope.row.c.id


def _others(scope: Scope, paths: tuple[Path, ...], person: Sql) -> Sql:
    """Whether a cell has another person beside this one."""
    another = [
        sa.and_(counts(scope, path), _end(scope, path).is_not(None), _end(scope, path) != person) for path in paths
    ]
    return sa.case((sa.or_(*another), 1), else_=0)


def _reached(register: Register, kind: str, path: Path, person: Sql) -> sa.Select[tuple[int]]:
    """The ids of rows from which a path leads to the person; each step is found by the index of its reference."""
    first = register.sa(kind).alias("r0")
    clause: sa.FromClause = first
    at, row = kind, first
    for number, column in enumerate(path[:-1], start=1):
        at = next(each.target for each in references(register.tables[at].kind) if each.column == column)
        joined = register.sa(at).alias(f"r{number}")
        clause = clause.join(joined, row.c[column] == joined.c.id)
        row = joined
    last = row.c[path[-1]] if path else row.c.id
    return sa.select(first.c.id).select_from(clause).where(last == person)
