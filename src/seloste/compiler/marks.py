"""Derived days: the statements that keep ``sys_until_*`` true, run in the transaction that touched a row.

A day is derived in two cases only: a matter whose period counts from dates elsewhere (another kind's, the last
contact), and a row that matters point at (a person, an order under complaint). Events and rows are the truth; these
columns can be computed again from them at any time, and ``verify derived`` does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from seloste.compiler.agreed import agreed_until
from seloste.compiler.functions import Sql, add, among, day, earliest, latest, or_forever, preset_last
from seloste.compiler.lower import TOUCHED
from seloste.compiler.register import Register, is_cell, until_column
from seloste.compiler.views import render
from seloste.lazily import cached_property
from seloste.notice.model import Keep, Term
from seloste.notice.ways import Down, Reference, end_of, own_date, references


@dataclass(frozen=True, slots=True)
class Spread:
    """Marks rows of ``adds`` touched because rows of ``kind`` are."""

    kind: str
    adds: str
    sql: str
    reads: frozenset[tuple[str, str]]
    """The cells, (kind, column), that decide which rows those are."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Computes one derived day of every row of a kind (``all_sql``).

    ``wrong_sql`` gives the ids of rows in which it is not what it would be, computed again.
    """

    kind: str
    column: str
    all_sql: str
    wrong_sql: str
    reads: frozenset[tuple[str, str]]
    """The cells, (kind, column), that the day is computed from."""


@dataclass(frozen=True, slots=True)
class Marking:
    """Computes derived days of rows of a kind that hang on nothing of each other, all at once.

    ``sql`` does it for the touched rows, ``of_ids`` for those in ``:ids``, as ``sweep.among_ids`` takes them.
    """

    kind: str
    sql: str
    of_ids: str


@dataclass(frozen=True)
class Marks:
    """In order: spread to matters, mark them, spread to rows they hold, mark those.

    ``mark_matters`` and ``mark_held`` compute what ``matters`` and ``held`` do, one statement for each kind.
    """

    to_matters: tuple[Spread, ...]
    matters: tuple[Mark, ...]
    to_pointing: tuple[Spread, ...]
    to_held: tuple[Spread, ...]
    held: tuple[Mark, ...]
    mark_matters: tuple[Marking, ...]
    mark_held: tuple[Marking, ...]
    counted: frozenset[tuple[str, str]]
    """Every cell, (kind, column), that a derived day may rest on, references all: a change of others changes none."""

    @cached_property
    def spreading(self) -> frozenset[str]:
        """Kinds on whose rows derived days of others hang."""
        return frozenset(each.kind for each in (*self.to_matters, *self.to_pointing, *self.to_held))


def marks(register: Register, dialect: str) -> Marks:
    """Every statement that keeps the derived days of a register."""
    return register.once(("marks", dialect), lambda: _marks(register, dialect))


def own_days(register: Register, kind: str) -> dict[str, Sql]:
    """Derived days of a matter that count from its own cells and others', by column, as of a row of its table."""
    return {
        until_column(purpose): _last_day(register, purpose, register.sa(kind), register.keep(purpose, kind))
        for (purpose, matter), way in register.ways.items()
        if matter == kind and way.base == "own" and register.tables[kind].column(until_column(purpose)) is not None
    }


def _marks(register: Register, dialect: str) -> Marks:
    matters, to_matters = [], []
    held, to_pointing, to_held = [], [], []
    matter_days: dict[str, dict[str, Sql]] = {}
    held_days: dict[str, dict[str, Sql]] = {}
    for (purpose, kind), way in register.ways.items():
        column = until_column(purpose)
        if register.tables[kind].column(column) is None:
            continue
        if way.base == "own":
            keep = register.keep(purpose, kind)
            row = register.sa(kind)
            last = _last_day(register, purpose, row, keep)
            matter_days.setdefault(kind, {})[column] = last
            matters.append(_mark(register, kind, column, last, dialect))
            to_matters += _spread_to_matter(register, keep, dialect)
        else:
            until = _held_until(register, purpose, kind, way.downs)
            held_days.setdefault(kind, {})[column] = until
            held.append(_mark(register, kind, column, until, dialect))
            for down in way.downs:
                to_held.append(_spread_down(register, down, kind, dialect))
                to_pointing += _spread_to_pointing(register, down, dialect)
    parts: list[Spread | Mark] = [*to_matters, *matters, *to_pointing, *to_held, *held]
    counted = frozenset(cell for part in parts for cell in part.reads) | {
        (key, column.name) for key, table in register.tables.items() for column in table.of_role("reference")
    }
    return Marks(
        _distinct(to_matters),
        tuple(matters),
        _distinct(to_pointing),
        _distinct(to_held),
        tuple(held),
        _together(register, matter_days, dialect),
        _together(register, held_days, dialect),
        counted,
    )


def _together(register: Register, days: Mapping[str, Mapping[str, Sql]], dialect: str) -> tuple[Marking, ...]:
    found = []
    touched = register.metadata.tables[TOUCHED]
    for kind, values in days.items():
        row = register.sa(kind)
        update = sa.update(row).values(values)
        only = update.where(row.c.id.in_(sa.select(touched.c.row).where(touched.c.kind == kind)))
        found.append(Marking(kind, render(only, dialect), render(update.where(among("id", dialect)), dialect)))
    return tuple(found)


def _distinct(spreads: Sequence[Spread]) -> tuple[Spread, ...]:
    return tuple(dict.fromkeys(spreads))


def _mark(register: Register, kind: str, column: str, value: Sql, dialect: str) -> Mark:
    row = register.sa(kind)
    update = sa.update(row).values({column: value})
    nothing = sa.literal("")
    held, again = (sa.func.coalesce(each, nothing, type_=sa.Text()) for each in (row.c[column], value))
    wrong = sa.select(row.c.id).where(held != again).order_by(row.c.id)
    return Mark(kind, column, render(update, dialect), render(wrong, dialect), reads(value))


def reads(part: sa.ClauseElement) -> frozenset[tuple[str, str]]:
    """The cells of the register, (kind, column), that a part of SQL names."""
    found = set()
    for each in visitors.iterate(part):
        if is_cell(each):
            table: object = each.table
            while isinstance(table, sa.Alias):
                table = table.element
            if isinstance(table, sa.TableClause):
                found.add((table.name, each.name))
    return frozenset(found)


def last_day(register: Register, purpose: str, matter: str, row: sa.FromClause) -> Sql:
    """The last day of a matter: its derived column where it has one, else counted from its own date."""
    if (purpose, matter) not in register.cuts:
        return sa.func.coalesce(row.c[until_column(purpose)], sa.literal(""), type_=sa.Text())
    return _last_day(register, purpose, row, register.keep(purpose, matter))


def _last_day(register: Register, purpose: str, row: sa.FromClause, keep: Keep) -> Sql:
    """min(each at_most, max(base, each at_least)), as a text day; and no later than the row's own consent."""
    assert keep.base is not None
    most = [or_forever(_term(register, keep.matter, term, row, "at_most")) for term in keep.at_most]
    base = _term(register, keep.matter, keep.base, row, "base")
    nothing = sa.literal("")
    least = [
        sa.func.coalesce(_term(register, keep.matter, term, row, "at_least"), nothing, type_=sa.Text())
        for term in keep.at_least
    ]
    if register.agreed.get(keep.matter) == purpose:
        most.append(agreed_until(register, keep.matter, row))
    return earliest([latest([base, *least]), *most])


def _term(register: Register, matter: str, term: Term, row: sa.FromClause, role: str) -> Sql:
    """The last day of one period; NULL when it counts from a row of another kind that is not there."""
    own = term.kind in (None, matter)
    if term.date == "last_contact":
        start = last_contact(register, matter, row)
    elif own:
        start = _date(register, matter, row, term.date)
    else:
        assert term.kind is not None
        start = _elsewhere(register, matter, term.kind, term.date, row)
    if term.date == "last_contact" or (not own and role == "base"):
        start = sa.func.coalesce(start, day(row.c.sys_recorded_at), type_=sa.Text())
    if term.preset is not None:
        return preset_last(start, term.preset)
    return add(start, term.amount, term.unit)


def _date(register: Register, kind: str, row: sa.FromClause, date: str) -> Sql:
    """The day of a date of a row. An empty end date means still running, and the functions pass FOREVER through.

    The day that a thing happened is never still to come: a row without it is dated by its recording.
    """
    if date == own_date(register.tables[kind].kind):
        return day(sa.func.coalesce(row.c[date], row.c.sys_recorded_at))
    return or_forever(day(row.c[date]))


def _elsewhere(register: Register, matter: str, kind: str, date: str, row: sa.FromClause) -> Sql:
    """The latest of a date on the rows of another kind that belong with this matter; running when one is empty."""
    other = register.sa(kind).alias("e")
    return (
        sa.select(sa.func.max(_date(register, kind, other, date)))
        .where(together(register, matter, row, kind, other))
        .scalar_subquery()
    )


def last_contact(register: Register, matter: str, row: sa.FromClause) -> Sql:
    """The latest deed of the matter's person in that matter, over every kind whose rows are deeds; NULL if none."""
    days: list[Sql] = []
    for kind, condition, other in _deeds(register, matter, row):
        act = register.tables[kind].kind.act
        assert act is not None
        moment = sa.func.coalesce(other.c[act], other.c.sys_recorded_at)
        newest = sa.select(sa.func.max(day(moment))).where(condition).scalar_subquery()
        days.append(sa.func.coalesce(newest, sa.literal(""), type_=sa.Text()))
    if not days:
        return sa.null()
    return sa.func.nullif(latest(days), "", type_=sa.Text())


def _deeds(register: Register, matter: str, row: sa.FromClause) -> Iterator[tuple[str, Sql, sa.FromClause]]:
    for kind, table in register.tables.items():
        if table.kind.act is None or table.kind.act not in table.kind.items or kind == matter:
            continue
        other = register.sa(kind).alias("d")
        condition = deed_of(register, matter, row, kind, other)
        if condition is not None:
            yield kind, condition, other


def deed_of(register: Register, matter: str, row: sa.FromClause, kind: str, other: sa.FromClause) -> Sql | None:
    """A deed counts when it names the matter, or is by its person and differs in no other reference they share."""
    mine = _by_target(references(register.tables[matter].kind))
    theirs = references(register.tables[kind].kind)
    named = [other.c[reference.column] == row.c.id for reference in theirs if reference.target == matter]
    persons = [
        other.c[reference.column] == row.c[mine[reference.target]]
        for reference in theirs
        if reference.target in register.subjects and reference.target in mine
    ]
    shared = [
        sa.or_(other.c[reference.column].is_(None), other.c[reference.column] == row.c[mine[reference.target]])
        for reference in theirs
        if reference.target in mine and reference.target not in register.subjects and reference.parent
    ]
    untied = [other.c[reference.column].is_(None) for reference in theirs if reference.target == matter]
    by_person = [sa.and_(sa.or_(*persons), *shared, *untied)] if persons else []
    both = [*named, *by_person]
    return sa.or_(*both) if both else None


def _by_target(found: Sequence[Reference]) -> Mapping[str, str]:
    """The first reference to each kind, parents first."""
    columns: dict[str, str] = {}
    for reference in found:
        columns.setdefault(reference.target, reference.column)
    return columns


def together(register: Register, matter: str, row: sa.FromClause, kind: str, other: sa.FromClause) -> Sql:
    """Rows of another kind belong with a matter when one names the other, else when all parents both have are equal."""
    for reference in references(register.tables[kind].kind):
        if reference.target == matter:
            return other.c[reference.column] == row.c.id
    for reference in references(register.tables[matter].kind):
        if reference.target == kind:
            return row.c[reference.column] == other.c.id
    mine = _by_target([r for r in references(register.tables[matter].kind) if r.parent])
    theirs = [r for r in references(register.tables[kind].kind) if r.parent and r.target in mine]
    if not theirs:
        return sa.false()
    same = [other.c[r.column] == row.c[mine[r.target]] for r in theirs]
    fits = [sa.or_(other.c[r.column].is_(None), same[index]) for index, r in enumerate(theirs)]
    return sa.and_(sa.or_(*same), *fits)


def _spread_to_matter(register: Register, keep: Keep, dialect: str) -> list[Spread]:
    """A changed anchor touches the matters it belongs with."""
    row = register.sa(keep.matter).alias("m")
    spreads = []
    terms = [term for term in (keep.base, *keep.at_least, *keep.at_most) if term is not None]
    for kind in dict.fromkeys(term.kind for term in terms if term.kind not in (None, keep.matter)):
        assert kind is not None
        other = register.sa(kind).alias("e")
        condition = together(register, keep.matter, row, kind, other)
        spreads.append(_touch(register, (kind, other.c.id), (keep.matter, row.c.id), [other, row], condition, dialect))
    if any(term.date == "last_contact" for term in terms):
        for deed, condition, act in _deeds(register, keep.matter, row):
            spreads.append(_touch(register, (deed, act.c.id), (keep.matter, row.c.id), [act, row], condition, dialect))
    return spreads


def _spread_down(register: Register, down: Down, held: str, dialect: str) -> Spread:
    row = register.sa(down.kind).alias("x")
    pointer = row.c[down.column]
    return _touch(register, (down.kind, row.c.id), (held, pointer), [row], pointer.is_not(None), dialect)


def _spread_to_pointing(register: Register, down: Down, dialect: str) -> list[Spread]:
    """Rows that point at a person and follow a matter are touched when the matter, or a row between, is."""
    spreads = []
    for up in down.ups:
        for length in range(1, len(up.path) + 1):
            row = register.sa(down.kind).alias("x")
            path = up.path[:length]
            above, clause = _walk(register, down.kind, row, path)
            kind = end_of(register.notice.kinds, down.kind, path)
            spreads.append(_touch(register, (kind, above.c.id), (down.kind, row.c.id), [clause], sa.true(), dialect))
    return spreads


def _walk(
    register: Register, kind: str, row: sa.FromClause, path: Sequence[str]
) -> tuple[sa.FromClause, sa.FromClause]:
    """The row at the end of a path, and the joined clause that leads there."""
    clause: sa.FromClause = row
    at: sa.FromClause = row
    key = kind
    for number, column in enumerate(path):
        key = next(r.target for r in references(register.tables[key].kind) if r.column == column)
        joined: sa.FromClause = register.sa(key).alias(f"w{number}")
        clause = clause.join(joined, at.c[column] == joined.c.id)
        at = joined
    return at, clause


def _touch(
    register: Register,
    touched: tuple[str, Sql],
    adds: tuple[str, Sql],
    sources: Sequence[sa.FromClause],
    condition: Sql,
    dialect: str,
) -> Spread:
    """INSERT into the touched rows those of ``adds`` (kind, id) that go with a touched row (kind, id)."""
    table = register.metadata.tables[TOUCHED]
    seed = table.alias("s")
    chosen = (
        sa.select(sa.literal(adds[0]).label("kind"), adds[1].label("row"))
        .distinct()
        .select_from(seed, *sources)
        .where(seed.c.kind == touched[0], seed.c.row == touched[1], condition)
    )
    insert = render(sa.insert(table).from_select(["kind", "row"], chosen), dialect)
    return Spread(touched[0], adds[0], f"{insert} ON CONFLICT DO NOTHING", reads(chosen))


def _held_until(register: Register, purpose: str, kind: str, downs: Sequence[Down]) -> Sql:
    """The latest last day over the matters that hold a row; NULL when none does."""
    row = register.sa(kind)
    days: list[Sql] = []
    for down in downs:
        pointing = register.sa(down.kind).alias("x")
        if not down.ups:
            newest = sa.select(sa.func.max(last_day(register, purpose, down.kind, pointing))).where(
                pointing.c[down.column] == row.c.id
            )
            days.append(sa.func.coalesce(newest.scalar_subquery(), sa.literal(""), type_=sa.Text()))
        for up in down.ups:
            matter, clause = _walk(register, down.kind, pointing, up.path)
            newest = (
                sa.select(sa.func.max(last_day(register, purpose, up.kind, matter)))
                .select_from(clause)
                .where(pointing.c[down.column] == row.c.id)
            )
            days.append(sa.func.coalesce(newest.scalar_subquery(), sa.literal(""), type_=sa.Text()))
    return sa.func.nullif(latest(days), "", type_=sa.Text()) if days else sa.null()
