"""What some purposes may use of many people at once, as one statement per kind: what a recipient is given.

The cells are those of a view of these purposes (``compiler.views``), so what is restricted, objected to or not needed
is not in it; whose a row is follows ``notice.ways``, as in a person's copy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from seloste.catalogue.model import PERSON
from seloste.compiler.functions import Sql
from seloste.compiler.register import CompiledLens, Register
from seloste.compiler.rule import Scope, counts, granted, says, usable
from seloste.compiler.views import render, view
from seloste.notice.model import Ref
from seloste.notice.ways import cell_paths, end_of, subject_paths

IDS = "/*ids*/"
"""Stands in a statement for the parameters of the ids asked for."""


@dataclass(frozen=True, slots=True)
class GivenStatement:
    """``sql`` gives ``columns`` (the first is ``id``) and, of a kind with persons, whose the row is: ``person``.

    The ids that stand in for ``/*ids*/`` are of persons; of a kind about nobody those of its rows.
    """

    kind: str
    sql: str
    columns: tuple[str, ...]
    about_persons: bool


def given_lens(register: Register, purposes: Iterable[str], gets: Iterable[Ref]) -> CompiledLens:
    """The purposes, narrowed to the items that a recipient gets and that these purposes may use."""
    acting, wanted = tuple(purposes), set(gets)
    shows: dict[str, tuple[str, ...]] = {}
    for key, table in register.tables.items():
        named = tuple(
            item
            for item in table.kind.items
            if Ref(key, item) in wanted and set(acting) & {*register.users(key, item), *register.borrowers(key, item)}
        )
        if named:
            shows[key] = named
    return CompiledLens("", {}, acting, shows)


def given_statements(
    register: Register, lens: CompiledLens, dialect: str, *, sealed: bool = True
) -> Mapping[str, GivenStatement]:
    """The statement of every kind that the lens shows; with ``sealed=False`` as no order of non-disclosure stops it."""
    return {kind: _statement(register, lens, kind, dialect, sealed=sealed) for kind in lens.shows}


def _statement(register: Register, lens: CompiledLens, kind: str, dialect: str, *, sealed: bool) -> GivenStatement:
    shown = view(register, lens, kind, dialect, barred=False, sealed=sealed)
    columns = ", ".join(f'v."{name}"' for name in shown.columns)
    kinds = register.notice.kinds
    nobodys = kinds[kind].about == "nobody" and not kinds[kind].subject
    paths = {
        path: None
        for name in ([] if nobodys else ["", *lens.shows[kind]])
        for path in (cell_paths(kinds, kind, name) if name else subject_paths(kinds, kind))
        if end_of(kinds, kind, path) == PERSON
    }
    if not paths:
        return GivenStatement(
            kind, f"SELECT {columns} FROM ({shown.sql}) v WHERE v.id IN ({IDS})", shown.columns, False
        )
    found = []
    for path in paths:
        scope = Scope(register, kind, alias="g")
        end = scope.at(path[:-1])[0].c[path[-1]] if path else scope.row.c.id
        condition = sa.and_(counts(scope, path), end.op("IN")(sa.literal_column(f"({IDS})")))
        found.append(
            sa.select(scope.row.c.id.label("of_row"), end.label("person")).select_from(scope.from_()).where(condition)
        )
    reached = render(sa.union(*found), dialect)
    sql = (
        f"SELECT {columns}, w.person FROM ({shown.sql}) v JOIN ({reached}) w ON w.of_row = v.id ORDER BY w.person, v.id"
    )
    return GivenStatement(kind, sql, shown.columns, True)


def people_statement(register: Register, lens: CompiledLens, dialect: str) -> str:
    """Everybody whom the purposes of the lens have to do with: ``(id, may be used, restricted, guarded)``.

    A person of whom a purpose needs something is told of also when it may not be used now.
    """
    scope = Scope(register, PERSON)
    own = subject_paths(register.notice.kinds, PERSON)
    concerned: list[Sql] = []
    used: list[Sql] = []
    for column in register.tables[PERSON].of_role("item"):
        lenders = register.users(PERSON, column.name)
        used += usable(scope, column.name, lens.purposes.__contains__)
        concerned += [granted(scope, each, own, "need") for each in lenders if each in lens.purposes]
        lent = [granted(scope, each, own, "need") for each in lenders]
        concerned += [
            sa.and_(sa.or_(sa.false(), *lent), says(register, each, scope.row, "need"))
            for each in register.borrowers(PERSON, column.name)
            if each in lens.purposes
        ]
    guards = [scope.row.c[name].is_not(None) for name in register.tables[PERSON].kind.guards]
    chosen = (
        scope.row.c.id,
        _flag(sa.or_(sa.false(), *dict.fromkeys(used))),
        _flag(scope.row.c.sys_restricted != 0),
        _flag(sa.or_(sa.false(), *guards)),
    )
    statement = sa.select(*chosen).select_from(scope.from_()).where(sa.or_(sa.false(), *concerned))
    return render(statement.order_by(scope.row.c.id), dialect)


def _flag(condition: Sql) -> Sql:
    return sa.case((condition, 1), else_=0)
