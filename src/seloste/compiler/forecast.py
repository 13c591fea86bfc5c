"""What leaves by a later day: rows that somebody needs today and nobody will then, if nothing else happens."""

from __future__ import annotations

from typing import Any, cast

import sqlalchemy as sa

from seloste.compiler.functions import Sql
from seloste.compiler.register import Register
from seloste.compiler.rule import Scope, needed
from seloste.compiler.views import render


class _LaterClock:
    """Stands where the clock's row stands: its columns are parameters, ``:then_today`` and ``:then_cut_1`` ..."""

    class Columns:
        def __getitem__(self, name: str) -> Sql:
            return cast(Sql, sa.literal_column(f":then_{name}", sa.Text()))

        def __getattr__(self, name: str) -> Sql:
            return self[name]

    c = Columns()


class _LaterScope(Scope):
    """The same rows, judged by the parameters."""

    @property
    def clock(self) -> Any:
        return _LaterClock()


def leaving(register: Register, kind: str, dialect: str) -> str:
    """SELECT of how many rows there are, and how many of them leave by the day that the parameters say.

    The parameters are the columns of ``sys_clock`` for that day, each with ``then_`` before its name.
    """
    now, needed_now, needed_then = _both(register, kind)
    leaves = sa.case((needed_then, 0), (needed_now, 1), else_=0)
    here = sa.case((needed_now, 1), else_=0)
    statement = sa.select(sa.func.coalesce(sa.func.sum(here), 0), sa.func.coalesce(sa.func.sum(leaves), 0)).select_from(
        now.from_()
    )
    return render(statement, dialect)


def leaving_rows(register: Register, kind: str, dialect: str) -> str:
    """SELECT of the ids of those rows that leave by that day."""
    now, needed_now, needed_then = _both(register, kind)
    stays = sa.case((needed_then, 1), else_=0)
    return render(sa.select(now.row.c.id).select_from(now.from_()).where(needed_now, stays == 0), dialect)


def _both(register: Register, kind: str) -> tuple[Scope, Sql, Sql]:
    """The rows, whether one is needed today, and whether it is on the later day."""
    now, then = Scope(register, kind), _LaterScope(register, kind)
    then.row, then._joined = now.row, now._joined
    columns = [column.name for column in register.tables[kind].of_role("reference", "item")]
    return now, _needed(now, columns), _needed(then, columns)


def _needed(scope: Scope, columns: list[str]) -> Sql:
    """Whether any cell of the row is needed; cells ruled alike are asked about once."""
    from seloste.notice.ways import cell_paths

    register = scope.register
    rules = {
        (register.users(scope.kind, name), cell_paths(register.notice.kinds, scope.kind, name)): name
        for name in columns
    }
    return sa.or_(sa.false(), *[needed(scope, name) for name in rules.values()])
