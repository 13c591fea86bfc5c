"""The rows of a person in a few steps, on SQLite, where a statement more costs hardly more than its rows.

What is found of one kind leads to others: who has the person's orders need not look for them again to find what was
delivered. So kinds that others are found through come first, and where they hold nothing nothing is asked. Kinds that
can be asked at once, and whose rows are about as wide, are one statement: a row has a cell for each column of the
widest, and each costs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from seloste.compiler.functions import Sql
from seloste.compiler.register import Register
from seloste.compiler.rule import Scope
from seloste.compiler.views import render
from seloste.notice.ways import Path, references

PERSON_ID: Sql = sa.literal_column(":person", sa.BigInteger())
ROOMS = (1, 4)
"""For how many rows of a kind there is a text that takes their ids; beyond, the way is walked again."""
MOST = ROOMS[-1]
WIDER = 6
"""Cells by which one kind's row may be wider than another's in the same statement."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The rows of a kind that any of ``paths`` leads from to the person. ``select``: what is asked of them."""

    scope: Scope
    paths: tuple[Path, ...]
    select: sa.Select[Any]

    @property
    def width(self) -> int:
        return len(self.select.selected_columns)


@dataclass(frozen=True, slots=True)
class Step:
    """Rows of some kinds. ``sql`` takes ``:person``; each row begins with its id and ends with the number of its kind.

    ``few``, by the most rows that were found of any kind of ``above``, are texts that find the same by the ids of
    those; a name left over is NULL. ``only_above``: there is nothing where none was found.
    """

    sql: str
    above: tuple[int, ...] = ()
    few: tuple[str, ...] = ()
    only_above: bool = False
    leads: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """Kinds of this step that others are found through: the names by which the ids of their first rows are taken."""


def _names(number: int) -> tuple[str, ...]:
    return tuple(f"above{number}_{place}" for place in range(MOST))


def at_once(wanted: Sequence[Wanted], dialect: str) -> Step:
    """All kinds in one statement, in which each goes the whole way."""
    return Step(_text(dict(enumerate(wanted)), [{}] * len(wanted), 0, dialect))


def steps(wanted: Sequence[Wanted]) -> tuple[Step, ...]:
    """All kinds on SQLite, in the order in which they are to be asked."""
    numbers = {each.scope.kind: number for number, each in enumerate(wanted)}
    above = [dict(_above(each, wanted, numbers)) for each in wanted]
    groups: list[list[int]] = []
    left = sorted(numbers.values(), key=lambda number: wanted[number].width)
    while left:
        ready = [number for number in left if not set(above[number].values()) & set(left)]
        if not ready:
            # Kinds that lead to each other in a ring have none that is first: one of them goes the whole way.
            ready = left[:1]
            above[ready[0]] = {path: number for path, number in above[ready[0]].items() if number not in left}
        groups += _alike(ready, wanted)
        left = [number for number in left if number not in ready]
    leading = {number for each in above for number in each.values()}
    return tuple(_step({number: wanted[number] for number in group}, above, leading) for group in groups)


def _above(one: Wanted, wanted: Sequence[Wanted], numbers: Mapping[str, int]) -> Iterator[tuple[Path, int]]:
    """Paths whose first step leads to rows that are found anyway, each with the number of their kind."""
    kind = one.scope.register.tables[one.scope.kind].kind
    targets = {each.column: each.target for each in references(kind)}
    for path in one.paths:
        number = numbers.get(targets[path[0]]) if len(path) > 1 else None
        if number is not None and path[1:] in wanted[number].paths:
            yield path, number


def _alike(ready: Sequence[int], wanted: Sequence[Wanted]) -> Iterator[list[int]]:
    """Kinds, the narrow ones first, in groups of which none is much wider than another."""
    group: list[int] = []
    for number in ready:
        if group and wanted[number].width > wanted[group[0]].width + WIDER:
            yield group
            group = []
        group.append(number)
    yield group


def _step(group: Mapping[int, Wanted], above: Sequence[Mapping[Path, int]], leading: Collection[int]) -> Step:
    through = tuple(dict.fromkeys(kind for number in group for kind in above[number].values()))
    few: list[str] = []
    for room in ROOMS if through else ():
        few += [_text(group, above, room, "sqlite")] * (room + 1 - len(few))
    only = all(path in above[number] for number, one in group.items() for path in one.paths)
    leads_on = {number: _names(number) for number in group if number in leading}
    return Step(_text(group, above, 0, "sqlite"), through, tuple(few), only, leads_on)


def _text(group: Mapping[int, Wanted], above: Sequence[Mapping[Path, int]], room: int, dialect: str) -> str:
    """For so many ids of each kind above; 0: the whole way."""
    width = max(one.width for one in group.values())
    selects = []
    for number, one in group.items():
        through = above[number] if room else {}
        ways = [leads(one.scope, path, dialect) for path in one.paths if path not in through]
        # Each id by itself: for a list SQLite makes a table first.
        ways += [
            one.scope.row.c[column] == sa.literal_column(f":{name}", sa.BigInteger())
            for column, kind in dict.fromkeys((path[0], kind) for path, kind in through.items())
            for name in _names(kind)[:room]
        ]
        more = [*[sa.null()] * (width - one.width), sa.literal(number).label("kind")]
        selects.append(one.select.add_columns(*more).where(sa.or_(*ways)))
    return render(sa.union_all(*selects), dialect)


def end(scope: Scope, path: Path) -> Sql:
    """The id at the end of a path, without a join for its last step."""
    return scope.at(path[:-1])[0].c[path[-1]] if path else scope.row.c.id


def leads(scope: Scope, path: Path, dialect: str) -> Sql:
    """Whether a path leads to the person, in a form in which an index finds the rows."""
    if len(path) <= 1:
        return end(scope, path) == PERSON_ID
    first = scope.row.c[path[0]]
    found = sa.select(sa.literal_column("r1.id", sa.BigInteger()))
    clause, last = _between(scope.register, scope.kind, path)
    ids = found.select_from(clause).where(last == PERSON_ID)
    if dialect == "sqlite":
        return first.in_(ids)
    # Beside another way PostgreSQL would read the whole table for a list that it has not made yet.
    return first == sa.any_(sa.func.array(ids.scalar_subquery(), type_=sa.ARRAY(sa.BigInteger())))


def _between(register: Register, kind: str, path: Path) -> tuple[sa.FromClause, Sql]:
    """The rows between the first step of a path and its end, and the column that names the end."""
    rows = list(_rows(register, kind, path[:-1]))
    clause: sa.FromClause = rows[0]
    for column, before, row in zip(path[1:-1], rows, rows[1:], strict=False):
        clause = clause.join(row, before.c[column] == row.c.id)
    return clause, rows[-1].c[path[-1]]


def _rows(register: Register, kind: str, path: Sequence[str]) -> Iterator[sa.FromClause]:
    for number, column in enumerate(path, start=1):
        kind = next(each.target for each in references(register.tables[kind].kind) if each.column == column)
        yield register.sa(kind).alias(f"r{number}")
