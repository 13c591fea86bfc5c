"""Why a cell is held: for each purpose whether it needs and may use it, and until when, as one statement per kind."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa

from seloste.compiler.functions import Sql, add, day, earliest, latest, or_forever
from seloste.compiler.marks import last_day
from seloste.compiler.register import FOREVER, Register, until_column
from seloste.compiler.rule import Scope, borrowed, granted
from seloste.compiler.sweep import among
from seloste.compiler.views import render
from seloste.notice.ways import Path, Way, cell_paths, own_date, subject_paths


@dataclass(frozen=True, slots=True)
class Asked:
    """One purpose asked about cells of the same persons. The statement's columns need, use and until follow in turn."""

    purpose: str
    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class WhyStatement:
    """``sql`` gives id, held (1 while a hold or restriction stands), then need, use, until for each of ``asked``.

    until is a text day: FOREVER while the clock has not begun, NULL when no matter holds it (a standing consent).
    It takes the ids asked about as ``:ids``, as the statements of the sweep do.
    """

    sql: str
    asked: tuple[Asked, ...]


def why_statement(register: Register, kind: str, dialect: str) -> WhyStatement:
    """The statement of a kind, over every purpose that uses any of its cells."""
    return register.once(("why", kind, dialect), lambda: _why_statement(register, kind, dialect))


def staying_statement(register: Register, kind: str, dialect: str) -> WhyStatement:
    """The same, each row ending with 1 or 0 for each column, references and items, that is filled."""
    return register.once(("why stays", kind, dialect), lambda: _why_statement(register, kind, dialect, filled=True))


def _why_statement(register: Register, kind: str, dialect: str, *, filled: bool = False) -> WhyStatement:
    scope = Scope(register, kind)
    asked: dict[Asked, None] = {}
    for column in register.tables[kind].of_role("reference", "item"):
        paths = cell_paths(register.notice.kinds, kind, column.name)
        for purpose in register.users(kind, column.name):
            asked[Asked(purpose, paths)] = None
    columns: list[Sql] = []
    for number, each in enumerate(asked):
        need = granted(scope, each.purpose, each.paths, "need")
        use = granted(scope, each.purpose, each.paths, "use")
        columns += [
            sa.case((need, 1), else_=0).label(f"n{number}"),
            sa.case((use, 1), else_=0).label(f"u{number}"),
            last_day_of(scope, each.purpose).label(f"d{number}"),
        ]
    if filled:
        names = [column.name for column in register.tables[kind].of_role("reference", "item")]
        columns += [sa.case((scope.row.c[name].is_(None), 0), else_=1).label(f"f{at}") for at, name in enumerate(names)]
    holds = [scope.at(path)[0].c.sys_held == 1 for path in subject_paths(register.notice.kinds, kind)]
    held = sa.case((sa.or_(sa.false(), *holds), 1), else_=0).label("held")
    statement = sa.select(scope.row.c.id, held, *columns).select_from(scope.from_()).where(among("t.id", dialect))
    return WhyStatement(render(statement, dialect), tuple(asked))


def borrowing_statement(register: Register, kind: str, dialect: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Of rows which cells a borrower may use now: id, then 1 or 0 for each (column, purpose); empty where none borrows.

    It takes the ids asked about as ``:ids``.
    """
    return register.once(("borrowing", kind, dialect), lambda: _borrowing_statement(register, kind, dialect))


def _borrowing_statement(register: Register, kind: str, dialect: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    scope = Scope(register, kind)
    asked: list[tuple[str, str]] = []
    columns: list[Sql] = []
    for column in register.tables[kind].of_role("reference", "item"):
        lenders, paths = register.users(kind, column.name), cell_paths(register.notice.kinds, kind, column.name)
        for purpose in register.borrowers(kind, column.name) if lenders else ():
            found = scope.once((purpose, lenders, paths), partial(borrowed, scope, purpose, lenders, paths))
            columns.append(sa.case((found, 1), else_=0).label(f"b{len(columns)}"))
            asked.append((column.name, purpose))
    if not asked:
        return "", ()
    statement = sa.select(scope.row.c.id, *columns).select_from(scope.from_()).where(among("t.id", dialect))
    return render(statement, dialect), tuple(asked)


def last_day_of(scope: Scope, purpose: str) -> Sql:
    """Until when a purpose needs cells of the row, as :class:`WhyStatement` says it."""
    register = scope.register
    way = register.ways[purpose, scope.kind]
    nothing = sa.literal("")
    if way.base == "own":
        days = [last_day(register, purpose, scope.kind, scope.row)]
    elif way.base == "down":
        days = [scope.row.c[until_column(purpose)]]
    elif way.base == "up":
        days = [_above(scope, purpose, up.path) for up in way.ups]
        days += [scope.row.c[until_column(purpose)]] if way.downs else []
    elif way.base == "master":
        days = [_of_master(scope, purpose, way)]
    else:
        days = []
    if way.side:
        days += [_of_subject(scope, purpose, path) for path in subject_paths(register.notice.kinds, scope.kind)]
    if not days:
        return sa.null()
    found = sa.func.nullif(
        latest([sa.func.coalesce(each, nothing, type_=sa.Text()) for each in days]), "", type_=sa.Text()
    )
    trim = register.trims.get((purpose, scope.kind))
    if trim is None:
        return found
    dated = own_date(register.tables[scope.kind].kind)
    recorded = scope.row.c.sys_recorded_at
    start = day(recorded if dated is None else sa.func.coalesce(scope.row.c[dated], recorded))
    return earliest([or_forever(found), add(start, trim[0].amount, trim[0].unit)])


def _of_master(scope: Scope, purpose: str, way: Way) -> Sql:
    owner = scope.register.tables[scope.kind].kind.owner_item
    if owner is None or not (way.downs or way.side):
        return sa.literal(FOREVER)
    held = scope.row.c[until_column(purpose)] if way.downs else sa.null()
    return sa.case((scope.row.c[owner].is_(None), FOREVER), else_=held)


def _above(scope: Scope, purpose: str, path: Path) -> Sql:
    row, kind = scope.at(path)
    if scope.register.ways[purpose, kind].base == "own":
        return sa.case((row.c.id.is_(None), None), else_=last_day(scope.register, purpose, kind, row))
    return row.c[until_column(purpose)]


def _of_subject(scope: Scope, purpose: str, path: Path) -> Sql:
    row, kind = scope.at(path)
    found = scope.register.ways.get((purpose, kind))
    if found is None or found.base != "down":
        return sa.null()
    return row.c[until_column(purpose)]
