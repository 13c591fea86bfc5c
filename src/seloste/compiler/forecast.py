"""What leaves by a later day: rows that somebody needs today and nobody will then, if nothing else happens."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, cast

import sqlalchemy as sa

from seloste.compiler.functions import Sql
from seloste.compiler.lower import CLOCK
from seloste.compiler.register import Register
from seloste.compiler.rule import Scope, needed
from seloste.compiler.sweep import among, counted_from, judged_going, sweep
from seloste.compiler.sweep_turns import counting
from seloste.compiler.views import render
from seloste.notice.ways import cell_paths


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

    def make() -> str:
        now, needed_now, needed_then = _both(register, kind)
        leaves = sa.case((needed_then, 0), (needed_now, 1), else_=0)
        sums = [sa.func.coalesce(sa.func.sum(each), 0) for each in (sa.case((needed_now, 1), else_=0), leaves)]
        return render(sa.select(*sums).select_from(now.from_()), dialect)

    return register.once(("leaving", kind, dialect), make)


def leaving_rows(register: Register, kind: str, dialect: str) -> str:
    """SELECT of the ids of those rows that leave by that day."""

    def make() -> str:
        now, needed_now, needed_then = _both(register, kind)
        stays = sa.case((needed_then, 1), else_=0)
        return render(sa.select(now.row.c.id).select_from(now.from_()).where(needed_now, stays == 0), dialect)

    return register.once(("leaving rows", kind, dialect), make)


def at_a_later_day(
    register: Register, dialect: str, clock: Sequence[str], said: Collection[str], bits: Sequence[str], kept: str = ""
) -> str:
    """What stands before a SELECT of the sweep so that it judges by another day, and nothing is written for that.

    The names of the clock's row, and of the kinds in ``said``, then mean other rows than those that lie there: the
    parameters ``:then_today`` and so on, and of subjects who say something else by then on SQLite ``:said_person``, a
    JSON array of objects with ``id`` and the columns ``bits``, and on PostgreSQL ``:said_person_id`` and so on, arrays.

    ``kept``: the table in which these lie, with ``subject``, ``row``, the steps ``since`` and ``until`` between which
    it is said, and ``cells``, JSON; then only ``:then_step`` is given.
    """
    parts = [f"{CLOCK} ({', '.join(clock)}) AS (SELECT {', '.join(f'CAST(:then_{name} AS TEXT)' for name in clock)})"]
    for kind in sorted(said):
        if not kept:
            parts.append(_given(kind, dialect, bits))
        names = [column.name for column in register.sa(kind).c]
        cells = ", ".join(_cell(n, dialect, kept=bool(kept)) if n in bits else f'p."{n}" AS "{n}"' for n in names)
        # SQLite would take the plain name inside for the row being defined.
        table = f'main."{kind}"' if dialect == "sqlite" else f'"{kind}"'
        # Whoever is named more than once would be made a table of everybody, for each statement anew.
        once = "" if dialect == "sqlite" else "NOT MATERIALIZED "
        of = f"said_{kind} o ON o.id = p.id"
        if kept:
            of = f"{kept} o ON o.subject = '{kind}' AND o.row = p.id AND o.since <= :then_step AND o.until > :then_step"
        parts.append(f'"{kind}" AS {once}(SELECT {cells} FROM {table} p LEFT JOIN {of})')
    return f"WITH {', '.join(parts)} "


def _given(kind: str, dialect: str, bits: Sequence[str]) -> str:
    """Those who say something else, as the parameters have them."""
    told = ("id", *bits)
    if dialect == "sqlite":
        cells = ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in told)
        return f"said_{kind} AS (SELECT {cells} FROM json_each(:said_{kind}))"
    arrays = ", ".join(f"CAST(:said_{kind}_{name} AS bigint[])" for name in told)
    return f"said_{kind} AS NOT MATERIALIZED (SELECT * FROM unnest({arrays}) AS o({', '.join(told)}))"


def _cell(name: str, dialect: str, *, kept: bool) -> str:
    """A cell of the word: as somebody says it by then, else as it lies there."""
    said = f"o.{name}"
    if kept:
        said = f"CAST(CAST(o.cells AS json) ->> '{name}' AS bigint)"
        if dialect == "sqlite":
            said = f"json_extract(o.cells, '$.{name}')"
    return f'coalesce({said}, p."{name}") AS "{name}"'


def all_going(register: Register, kind: str, dialect: str) -> str:
    """SELECT of the ids, as one text in order, of those rows above ``:above`` up to ``:top`` from which something goes
    or of which nothing is needed."""

    def make() -> str:
        scope, each = Scope(register, kind), sweep(register, dialect).kinds[kind]
        bounds = ((scope.row.c.id > sa.literal_column(":above")), (scope.row.c.id <= sa.literal_column(":top")))
        ids = render(judged_going(scope, each.groups, each.goes, sa.and_(*bounds)), dialect)
        if dialect == "sqlite":
            return f"SELECT group_concat(id, ',') FROM (SELECT id FROM ({ids}) ORDER BY id)"
        return f"SELECT string_agg(id::text, ',' ORDER BY id) FROM ({ids}) AS q"

    return register.once(("all going", kind, dialect), make)


def asked_about(register: Register, kind: str) -> frozenset[str]:
    """The purposes whose word any statement on rows of a kind may ask for: those of the kind, and of what it counts."""
    kinds = {kind, *(matter for matter, _ in counting(register, kind))}
    return frozenset(
        purpose
        for each in kinds
        for column in register.tables[each].of_role("reference", "item")
        for purpose in register.users(each, column.name)
    )


def counted(register: Register, kind: str, dialect: str) -> str | None:
    """SELECT of those of ``:ids`` that a matter somebody needs is counted from; None when nothing ever is."""
    row = register.sa(kind).alias("t")
    reasons = list(counted_from(register, kind, row))
    return render(sa.select(row.c.id).where(among("t.id", dialect), sa.or_(*reasons)), dialect) if reasons else None


def _both(register: Register, kind: str) -> tuple[Scope, Sql, Sql]:
    """The rows, whether one is needed today, and whether it is on the later day."""
    now, then = Scope(register, kind), _LaterScope(register, kind)
    then.row, then._joined = now.row, now._joined
    columns = [column.name for column in register.tables[kind].of_role("reference", "item")]
    return now, _needed(now, columns), _needed(then, columns)


def _needed(scope: Scope, columns: list[str]) -> Sql:
    """Whether any cell of the row is needed; cells ruled alike are asked about once."""
    register = scope.register
    rules = {
        (register.users(scope.kind, name), cell_paths(register.notice.kinds, scope.kind, name)): name
        for name in columns
    }
    return sa.or_(sa.false(), *[needed(scope, name) for name in rules.values()])
