"""Judging what was written: for each kind one statement that finds cells nobody needs (sentence 9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from seloste.compiler.register import Register
from seloste.compiler.rule import Scope, needed
from seloste.compiler.views import render
from seloste.notice.ways import cell_paths


@dataclass(frozen=True, slots=True)
class Judgement:
    """``sql`` gives id and, for each group of columns ruled alike, 1 when a filled one is not needed.

    ``needs`` gives the same of every row asked about, whether anything is filled or not: what might be written there;
    and after that what it points at, by ``pointers``. The ids asked about stand in for ``/*ids*/``.
    """

    sql: str
    needs: str
    groups: tuple[tuple[str, ...], ...]
    pointers: tuple[str, ...]


def judgements(register: Register, dialect: str) -> Mapping[str, Judgement]:
    """One statement for each kind."""
    return register.once(
        ("judgements", dialect), lambda: {kind: judge(register, kind, dialect) for kind in register.tables}
    )


def judge(register: Register, kind: str, dialect: str) -> Judgement:
    table = register.tables[kind]
    scope = Scope(register, kind)
    groups: dict[tuple[object, ...], list[str]] = {}
    for column in table.of_role("reference", "item"):
        rule = (register.users(kind, column.name), cell_paths(register.notice.kinds, kind, column.name))
        groups.setdefault(rule, []).append(column.name)
    flags, unneeded = [], []
    for columns in groups.values():
        filled = sa.or_(*[scope.row.c[name].is_not(None) for name in columns])
        # A condition that is NULL is not a yes, so the needed case comes first and everything else is unneeded.
        unneeded.append(sa.case((needed(scope, columns[0]), 0), else_=1))
        flags.append(sa.case((sa.not_(filled), 0), (needed(scope, columns[0]), 0), else_=1))
    ids = sa.text("t.id IN (/*ids*/)")
    failing = sa.or_(*[flag == 1 for flag in flags]) if flags else sa.false()
    statement = (
        sa.select(scope.row.c.id, *[flag.label(f"g{number}") for number, flag in enumerate(flags)])
        .select_from(scope.from_())
        .where(ids, failing)
    )
    pointers = tuple(column.name for column in table.of_role("reference"))
    pointing = [scope.row.c[name] for name in pointers]
    needs = sa.select(scope.row.c.id, *unneeded, *pointing).select_from(scope.from_()).where(ids)
    names = tuple(tuple(columns) for columns in groups.values())
    return Judgement(render(statement, dialect), render(needs, dialect), names, pointers)
