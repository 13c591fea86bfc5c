"""The statements of the sweep: what nobody needs any more goes, cell by cell, and a row with none of its cells.

Sentences 4 and 10 of ``docs/why/one-rule.md``, asked of rows whose period, person or tie has changed. What stays though
no purpose needs it, because something needed would lose its meaning without it, is told in ``docs/why/retention.md``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from seloste.compiler.functions import Sql, among, among_ids, day
from seloste.compiler.marks import last_contact
from seloste.compiler.orders import listed
from seloste.compiler.register import Register, until_column
from seloste.compiler.rule import Scope, needed
from seloste.compiler.sweep_turns import counting, index_text, let_go, terms, tie, turns
from seloste.compiler.views import render, render_of_ids
from seloste.notice.ways import cell_paths, own_date, references

HELD = "sys_held"

EMPTY, GOES, NEEDED = 0, 1, 2
"""What a statement says of a group of cells: none filled, filled and not needed, filled and needed."""


@dataclass(frozen=True, slots=True)
class KindSweep:
    """The statements of one kind. Each takes ids as ``:ids``: a JSON array on SQLite, a list on PostgreSQL."""

    kind: str
    groups: tuple[tuple[str, ...], ...]
    """Columns ruled alike."""
    goes: tuple[tuple[str, ...], ...]
    """Of each group, the columns that may be emptied while the row stays."""
    judge: str
    """id, and EMPTY, GOES or NEEDED for each group."""
    look: str
    """The same, and after it 1 or 0 for each column, references and items, that is filled."""
    all_sql: str
    """The ids of every row of the kind from which something goes."""
    free: str
    """id and references of rows that nothing points at and no running matter counts from; none of their cells is
    needed, as ``judge`` said."""
    settles: frozenset[str]
    """References to rows whose derived days hang on rows of this kind."""
    loosens: frozenset[str]
    """References to rows that may lose something when a row of this kind goes, because a period counts from them or
    their derived days hang on it. Any other row pointed at can only go whole, if nobody needs it by then already."""


@dataclass(frozen=True, slots=True)
class Window:
    """SELECT of ids of a kind that one rule may have let go between two days.

    ``was_`` and ``now_`` before a name of ``sys_clock`` are its values at the last sweep and now.
    """

    kind: str
    sql: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """An index that the sweep needs, as on a date or derived day: a name of ``plan.index_name`` and what is indexed."""

    kind: str
    column: str
    sql: str


@dataclass(frozen=True, slots=True)
class Sweep:
    """Everything a sweep runs, kinds in the order in which rows that point come before rows pointed at."""

    kinds: Mapping[str, KindSweep]
    windows: tuple[Window, ...]
    anchors: tuple[Anchor, ...]
    spared: tuple[Anchor, ...] = ()
    """Those for which another index does as well; an earlier version made them."""


def sweep(register: Register, dialect: str) -> Sweep:
    """Everything that a sweep of a register runs."""
    return register.once(("sweep", dialect), lambda: _sweep(register, dialect))


def _sweep(register: Register, dialect: str) -> Sweep:
    kinds = {kind: _kind(register, kind, dialect) for kind in _pointing_first(register)}
    windows, anchors = [], []
    for each in turns(register):
        anchors.append(Anchor(each.kind, each.column, index_text(each)))
        found = [(kind, render(chosen, dialect)) for kind, chosen in let_go(register, each)]
        windows += [Window(kind, as_written(sql, dialect)) for kind, sql in found]
    # Those under a hold are few, and are looked for when many others go.
    anchors += [Anchor(subject, HELD, f'("{HELD}") WHERE "{HELD}" = 1') for subject in register.subjects]
    every = {(a.kind, a.column): a for a in anchors}.values()
    spared = tuple(each for each in every if dialect == "postgresql" and _in_order(register, each))
    return Sweep(kinds, tuple(dict.fromkeys(windows)), tuple(each for each in every if each not in spared), spared)


def _in_order(register: Register, anchor: Anchor) -> bool:
    """Whether the index by which a kind is listed in its own order begins with that date alone: it finds it as well."""
    order = listed(register.tables[anchor.kind].kind)
    plain = anchor.sql == f'("{anchor.column}")'
    return plain and order is not None and not order.text and order.cell == anchor.column


def as_written(sql: str, dialect: str) -> str:
    """Have SQLite join in the order that is written, from the dates in the window to what hangs on them.

    It keeps no statistics of its own accord, and would as soon begin with the larger table.
    """
    return sql.replace(" JOIN ", " CROSS JOIN ") if dialect == "sqlite" else sql


def kept_with_row(register: Register, kind: str) -> frozenset[str]:
    """Columns that stay as long as their row does: whose it is, what it belongs to, the dates that periods count from.

    An emptied end date would read "still running", and what has ended would begin again.
    """
    found = {reference.column for reference in references(register.tables[kind].kind) if reference.parent}
    found |= {owner for owner in (register.tables[kind].kind.owner_item,) if owner is not None}
    for purpose in register.purposes.values():
        for keep in purpose.keep:
            for term in terms(keep):
                if term.date == "last_contact":
                    found |= {act for act in (register.tables[kind].kind.act,) if act is not None}
                elif (term.kind or keep.matter) == kind:
                    found.add(term.date)
        if any(limit.kind == kind for limit in purpose.at_most):
            found |= {dated for dated in (own_date(register.tables[kind].kind),) if dated is not None}
    return frozenset(found)


def _pointing_first(register: Register) -> list[str]:
    order: list[str] = []
    state: dict[str, bool] = {}

    def visit(kind: str) -> None:
        if kind in state:
            return
        state[kind] = True
        for reference in references(register.tables[kind].kind):
            if reference.target in register.tables:
                visit(reference.target)
        order.append(kind)

    for kind in register.tables:
        visit(kind)
    return order[::-1]


# --- one kind ---------------------------------------------------------------------------------------------------------


def _kind(register: Register, kind: str, dialect: str) -> KindSweep:
    groups = _groups(register, kind)
    stays = kept_with_row(register, kind)
    goes = tuple(tuple(name for name in group if name not in stays) for group in groups)
    return KindSweep(
        kind=kind,
        groups=groups,
        goes=goes,
        judge=_judge(register, kind, groups, goes, dialect),
        look=_judge(register, kind, groups, goes, dialect, filled=True),
        all_sql=_judge_all(register, kind, groups, goes, dialect),
        free=_free(register, kind, dialect),
        settles=frozenset(_settles(register, kind)),
        loosens=frozenset(_loosens(register, kind)),
    )


def _settles(register: Register, kind: str) -> Iterator[str]:
    columns = [column.name for column in register.tables[kind].of_role("reference") if column.target is not None]
    if counting(register, kind):
        # Periods count from it, and the matters they belong to may be reached by whatever it points at.
        yield from columns
    for (purpose, held), way in register.ways.items():
        if way.base != "own" and register.tables[held].column(until_column(purpose)) is not None:
            yield from (down.column for down in way.downs if down.kind == kind)


def _loosens(register: Register, kind: str) -> Iterator[str]:
    yield from _settles(register, kind)
    for column in register.tables[kind].of_role("reference"):
        target = column.target
        if target in register.tables and any(matter == kind for matter, _ in counting(register, str(target))):
            yield column.name


def _groups(register: Register, kind: str) -> tuple[tuple[str, ...], ...]:
    found: dict[tuple[object, ...], list[str]] = {}
    for column in register.tables[kind].of_role("reference", "item"):
        rule = (register.users(kind, column.name), cell_paths(register.notice.kinds, kind, column.name))
        found.setdefault(rule, []).append(column.name)
    return tuple(tuple(columns) for columns in found.values())


def _judge(
    register: Register,
    kind: str,
    groups: Sequence[Sequence[str]],
    goes: Sequence[Sequence[str]],
    dialect: str,
    *,
    filled: bool = False,
) -> str:
    scope = Scope(register, kind)
    statement = _judged(scope, groups, goes)
    names = [column.name for column in register.tables[kind].of_role("reference", "item")] if filled else []
    there = [sa.case((scope.row.c[name].is_(None), 0), else_=1).label(f"f{at}") for at, name in enumerate(names)]
    return render_of_ids(statement.add_columns(*there), dialect)


def _judge_all(
    register: Register, kind: str, groups: Sequence[Sequence[str]], goes: Sequence[Sequence[str]], dialect: str
) -> str:
    return render(judged_going(Scope(register, kind), groups, goes, sa.true()), dialect)


def judged_going(
    scope: Scope, groups: Sequence[Sequence[str]], goes: Sequence[Sequence[str]], which: Sql
) -> sa.Select[tuple[int]]:
    """The ids of those rows from which something goes, or of which nothing is needed."""
    judged = _judged(scope, groups, goes).where(which).subquery("j")
    states = [column for column in judged.c if column.name != "id"]
    something = sa.or_(sa.false(), *[state == GOES for state in states])
    nothing = sa.and_(sa.true(), *[state != NEEDED for state in states])
    return sa.select(judged.c.id).where(sa.or_(something, nothing))


def _judged(scope: Scope, groups: Sequence[Sequence[str]], goes: Sequence[Sequence[str]]) -> sa.Select[tuple[int]]:
    states = [_state(scope, group, going) for group, going in zip(groups, goes, strict=True)]
    columns = [state.label(f"g{number}") for number, state in enumerate(states)]
    return sa.select(scope.row.c.id, *columns).select_from(scope.from_())


def _state(scope: Scope, group: Sequence[str], going: Sequence[str]) -> Sql:
    filled = sa.or_(*[scope.row.c[name].is_not(None) for name in group])
    need = sa.or_(needed(scope, group[0]), *_tells_whose(scope, group[0]))
    leaves = sa.or_(sa.false(), *[scope.row.c[name].is_not(None) for name in going])
    # A condition that is NULL is not a yes, so the needed case comes before everything that is not.
    return sa.case((sa.not_(filled), EMPTY), (need, NEEDED), (leaves, GOES), else_=EMPTY)


def _tells_whose(scope: Scope, column: str) -> Iterator[Sql]:
    """Why a pointer to a person stays: a needed free text of the row is his too, or the row is his last contact."""
    if names_subject(scope.register, scope.kind, column):
        yield from texts_of_whom(scope, column)
        yield from counted_from(scope.register, scope.kind, scope.row)


def names_subject(register: Register, kind: str, column: str) -> bool:
    """Whether an item of a kind says who it is about."""
    item = register.tables[kind].kind.items.get(column)
    return item is not None and item.refers_to in register.subjects


def texts_of_whom(scope: Scope, column: str) -> Iterator[Sql]:
    """The needed free texts of a row that would lose whose they are with a pointer to a person."""
    for text in scope.register.tables[scope.kind].kind.items.values():
        if text.free_text and text.key != column and scope.register.users(scope.kind, text.key):
            yield sa.and_(scope.row.c[text.key].is_not(None), needed(scope, text.key))


def _free(register: Register, kind: str, dialect: str) -> str:
    row = register.sa(kind).alias("t")
    columns = [row.c[column.name] for column in register.tables[kind].of_role("reference")]
    hangs = [sa.not_(each) for each in unfree(register, kind, row)]
    return render_of_ids(sa.select(row.c.id, *columns).where(*hangs), dialect)


def unfree(register: Register, kind: str, row: sa.FromClause) -> Iterator[Sql]:
    """Why a row that nobody needs stays: something points at it, or a matter that is needed counts from it."""
    for other, table in register.tables.items():
        for reference in references(table.kind):
            if reference.target == kind and table.column(reference.column) is not None:
                pointing = register.sa(other).alias("x")
                yield sa.exists().where(pointing.c[reference.column] == row.c.id).correlate(row)
    yield from counted_from(register, kind, row)


def counted_from(register: Register, kind: str, row: sa.FromClause, *, whatever: bool = False) -> Iterator[Sql]:
    """Whether a matter that somebody needs counts its period from this row: its last contact, or a date it carries.

    ``whatever``: whether it would, were this the last contact.
    """
    for matter, newest in counting(register, kind):
        scope = Scope(register, matter, alias="m")
        # Needed by whichever purpose: a matter that one purpose has ended and another keeps would begin again.
        stays = sa.or_(*[needed(scope, group[0]) for group in _groups(register, matter)])
        tied = tie(register, matter, scope.row, kind, row, newest=newest)
        if tied is None:
            continue
        if newest and not whatever:
            act = register.tables[kind].kind.act
            assert act is not None
            moment = day(sa.func.coalesce(row.c[act], row.c.sys_recorded_at))
            # The last contact is looked for only of a matter that stays: it is among all deeds of a person.
            stays = sa.case((stays, moment >= last_contact(register, matter, scope.row)), else_=sa.false())
        yield sa.select(sa.literal(1)).select_from(scope.from_()).where(tied, stays).correlate(row).exists()


__all__ = [
    "EMPTY",
    "GOES",
    "NEEDED",
    "Anchor",
    "KindSweep",
    "Sweep",
    "Window",
    "among",
    "among_ids",
    "judged_going",
    "kept_with_row",
    "sweep",
]
