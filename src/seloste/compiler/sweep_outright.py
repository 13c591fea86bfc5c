"""Rows that go whole by their own date: one statement finds them, however many there are.

Where a date in the window of a rule says that its purpose needs a row no longer, that purpose is not asked again. What
is left to ask is whether another purpose needs the row, something points at it or counts from it, and whether it is of
somebody under a hold; those under one are few, so it is they who are looked for. What is not seen to go here the sweep
looks at row by row, so this may take too few rows and never one too many.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from seloste.compiler.functions import Sql
from seloste.compiler.register import Register
from seloste.compiler.rule import Scope, granted
from seloste.compiler.sweep import as_written, sweep, unfree
from seloste.compiler.sweep_turns import Turn, along, in_window, turns, window
from seloste.compiler.views import render
from seloste.notice.ways import Path, cell_paths


@dataclass(frozen=True, slots=True)
class Outright:
    """What one rule may let go whole. ``was_`` and ``now_`` before names of ``sys_clock`` are parameters, as of a
    :class:`~seloste.compiler.sweep.Window`."""

    kind: str
    turn: Turn
    window: str
    """SELECT of the ids of all rows in the window."""


@dataclass(frozen=True, slots=True)
class Taking:
    """At most ``:most`` rows that go whole.

    ``sql`` gives how many, their ids, what each of ``targets`` points at (ids with commas between), and how many cells
    of each of ``counted`` are filled. On PostgreSQL it removes the rows as well; SQLite can only find them.
    """

    sql: str
    counted: tuple[str, ...]
    targets: tuple[str, ...]


def outright(register: Register, dialect: str) -> tuple[Outright, ...]:
    """Every rule that may let rows go whole by their own date, kinds that point before kinds pointed at."""

    def make() -> tuple[Outright, ...]:
        order = list(sweep(register, dialect).kinds)
        found = [
            Outright(each.kind, each, render(in_window(register, each, each.kind, ()), dialect))
            for each in turns(register)
            if each.kind not in register.subjects and register.tables[each.kind].of_role("reference", "item")
        ]
        return tuple(sorted(dict.fromkeys(found), key=lambda each: order.index(each.kind)))

    return register.once(("outright", dialect), make)


def taking(register: Register, each: Outright, targets: tuple[str, ...], dialect: str) -> Taking:
    """The statement of a rule; ``targets`` are the references of which it is told where they lead."""
    return register.once(
        ("outright", each, targets, dialect), lambda: _taking(register, each.turn, each.kind, targets, dialect)
    )


def _taking(register: Register, turn: Turn, kind: str, targets: tuple[str, ...], dialect: str) -> Taking:
    counted = tuple(column.name for column in register.tables[kind].of_role("reference", "item"))
    scope = Scope(register, kind)
    conditions = [*window(turn, scope.row), *_unneeded(scope, turn, dialect)]
    told = [scope.row.c[name] for name in ("id", *counted)]
    if dialect != "sqlite":
        told.append(sa.literal_column("t.ctid").label("place"))
    chosen = render(sa.select(*told).select_from(scope.from_()).where(*conditions), dialect) + " LIMIT :most"
    counts = [f"count({name})" for name in map(_quoted, counted)]
    asked = ["count(*)", *(_list(name, dialect) for name in ("id", *targets)), *counts]
    if dialect == "sqlite":
        return Taking(f"SELECT {', '.join(asked)} FROM ({chosen}) AS q", counted, targets)
    # Gathered before they are removed: to have each row handed on by the DELETE costs more than all the rest.
    names = [f"a{number}" for number in range(len(asked))]
    given = ", ".join(f"{one} AS {name}" for one, name in zip(asked, names, strict=True))
    found = f"found AS MATERIALIZED (SELECT array_agg(place) AS places, {given} FROM ({chosen}) AS q)"
    gone = f"gone AS (DELETE FROM {_quoted(kind)} AS g WHERE g.ctid = ANY((SELECT places FROM found)::tid[]))"
    return Taking(f"WITH {found}, {gone} SELECT {', '.join(names)} FROM found", counted, targets)


def _list(name: str, dialect: str) -> str:
    """The filled cells of a column as one text, with commas between."""
    return f"group_concat({_quoted(name)})" if dialect == "sqlite" else f"string_agg({_quoted(name)}::text, ',')"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _unneeded(scope: Scope, turn: Turn, dialect: str) -> Iterator[Sql]:
    """That nobody needs anything of a row in the window, and nothing needed hangs on it."""
    register, kind = scope.register, scope.kind
    columns = [column.name for column in register.tables[kind].of_role("reference", "item")]
    rules = dict.fromkeys(
        (purpose, cell_paths(register.notice.kinds, kind, name))
        for name in columns
        for purpose in register.users(kind, name)
    )
    reasons = [
        granted(scope, purpose, paths, "need") for purpose, paths in rules if not _refutes(register, turn, purpose)
    ]
    if reasons:
        # A condition that is NULL is not a yes.
        yield sa.case((sa.or_(*reasons), 0), else_=1) == 1
    for path in dict.fromkeys(path for name in columns for path in cell_paths(register.notice.kinds, kind, name)):
        yield sa.literal_column(f"t.id NOT IN ({_held(register, kind, path, dialect)})")
    for hangs in unfree(register, kind, scope.row):
        yield sa.not_(hangs)


def _refutes(register: Register, turn: Turn, purpose: str) -> bool:
    """Whether the date in the window alone says that a purpose does not need the row: it bounds the row itself, or is
    that of the row's own matter or of the matters that hold it, and nothing else lets the purpose have it."""
    if purpose != turn.purpose:
        return False
    way = register.ways[purpose, turn.kind]
    return turn.trims or (way.base in ("own", "down") and not way.side)


def _held(register: Register, kind: str, path: Path, dialect: str) -> str:
    """SELECT of the ids of rows at the end of whose path is somebody under a hold or restriction."""
    row, end, clause = along(register, kind, path)
    return as_written(render(sa.select(row.c.id).select_from(clause).where(end.c.sys_held == 1), dialect), dialect)
