"""What time lets go: for each date by which a purpose lets rows go, the rows that may be due between two days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from seloste.compiler.functions import Sql
from seloste.compiler.marks import deed_of, together
from seloste.compiler.register import FOREVER, Cut, Register, until_column
from seloste.notice.model import Keep, Term
from seloste.notice.ways import Path, cell_paths, own_date, references


def terms(keep: Keep) -> list[Term]:
    """Every period of a line of keep."""
    return [term for term in (keep.base, *keep.at_least, *keep.at_most) if term is not None]


def counting(register: Register, kind: str) -> tuple[tuple[str, bool], ...]:
    """(matter, by last contact) of the periods that count from rows of a kind other than the matter's."""
    return register.once(("counting", kind), lambda: _counting(register, kind))


def _counting(register: Register, kind: str) -> tuple[tuple[str, bool], ...]:
    found: dict[tuple[str, bool], None] = {}
    of = register.tables[kind].kind
    for keep in (keep for purpose in register.purposes.values() for keep in purpose.keep):
        if keep.matter == kind or keep.matter not in register.tables:
            continue
        if any(term.kind == kind for term in terms(keep)):
            found[keep.matter, False] = None
        if of.act is not None and of.act in of.items and any(term.date == "last_contact" for term in terms(keep)):
            found[keep.matter, True] = None
    return tuple(found)


def tie(
    register: Register, matter: str, row: sa.FromClause, kind: str, other: sa.FromClause, *, newest: bool
) -> Sql | None:
    """Whether a matter counts from a row of another kind; None when it never does."""
    way = deed_of if newest else together
    return way(register, matter, row, kind, other)


@dataclass(frozen=True, slots=True)
class Turn:
    """One date of a kind by which a purpose lets rows go: compared with a cut, or a derived day with today."""

    purpose: str
    kind: str
    column: str
    clock: str
    or_recorded: bool = False
    """A row without the date is dated by its recording; both are times."""
    only_without: str | None = None
    """Only rows that lack this date, and so are dated by their recording."""
    trims: bool = False
    """It bounds the row itself, and nothing that follows it."""

    @property
    def derived(self) -> bool:
        return self.clock == "today"


def turns(register: Register) -> Iterator[Turn]:
    """Every date by which a purpose lets rows of a kind go."""
    for (purpose, kind), way in register.ways.items():
        column = until_column(purpose)
        cut = register.cuts.get((purpose, kind)) if way.base == "own" else None
        if cut is not None:
            base = register.keep(purpose, kind).base
            assert base is not None
            if base.date == own_date(register.tables[kind].kind):
                yield from _own_date_turns(purpose, kind, base.date, cut, trims=False)
            else:
                yield Turn(purpose, kind, base.date, cut.column)
        elif register.tables[kind].column(column) is not None:
            yield Turn(purpose, kind, column, "today")
    for (purpose, kind), (_, cut) in register.trims.items():
        yield from _own_date_turns(purpose, kind, own_date(register.tables[kind].kind), cut, trims=True)


def _own_date_turns(purpose: str, kind: str, dated: str | None, cut: Cut, *, trims: bool) -> Iterator[Turn]:
    """A row is dated by its own date, or else by its recording; a day and a moment have a cut each."""
    if dated is None:
        yield Turn(purpose, kind, "sys_recorded_at", cut.column, trims=trims)
    elif cut.of_time:
        yield Turn(purpose, kind, dated, cut.column, or_recorded=True, trims=trims)
    else:
        yield Turn(purpose, kind, dated, cut.column, trims=trims)
        yield Turn(purpose, kind, "sys_recorded_at", cut.moment_column, only_without=dated, trims=trims)


def index_text(turn: Turn) -> str:
    """What of a kind is indexed, so that the rows of a turn are found."""
    quoted = '"' + turn.column.replace('"', '""') + '"'
    if turn.derived:
        # What is running or was never held is not looked for by its day.
        return f"({quoted}) WHERE {quoted} < '{FOREVER}'"
    return f"(coalesce({quoted}, sys_recorded_at))" if turn.or_recorded else f"({quoted})"


def let_go(register: Register, turn: Turn) -> Iterator[tuple[str, sa.Select[tuple[int]]]]:
    """The rows a turn lets go, those that follow them, and those they were counted from."""
    yield turn.kind, in_window(register, turn, turn.kind, ())
    for kind in register.tables:
        for matter, newest in counting(register, kind):
            if matter == turn.kind:
                row, ended = register.sa(kind).alias("t"), register.sa(matter).alias("m")
                tied = tie(register, matter, ended, kind, row, newest=newest)
                if tied is not None:
                    clause = ended.join(row, tied)
                    yield kind, sa.select(row.c.id).select_from(clause).where(*window(turn, ended))
    if turn.trims:
        return
    for (purpose, kind), way in register.ways.items():
        if purpose != turn.purpose or kind == turn.kind:
            continue
        paths = [up.path for up in way.ups if up.kind == turn.kind]
        if way.side and turn.kind in register.subjects:
            paths += _subject_ends(register, purpose, kind, turn.kind)
        for path in dict.fromkeys(paths):
            yield kind, in_window(register, turn, kind, path)


def _subject_ends(register: Register, purpose: str, kind: str, subject: str) -> list[Path]:
    kinds = register.notice.kinds
    used = [
        column.name
        for column in register.tables[kind].of_role("reference", "item")
        if purpose in register.users(kind, column.name)
    ]
    paths = dict.fromkeys(path for name in used for path in cell_paths(kinds, kind, name))
    return [path for path in paths if path and _end(register, kind, path) == subject]


def _end(register: Register, kind: str, path: Path) -> str:
    for column in path:
        kind = next(r.target for r in references(register.tables[kind].kind) if r.column == column)
    return kind


def in_window(register: Register, turn: Turn, kind: str, path: Path) -> sa.Select[tuple[int]]:
    """The rows of a kind at the end of whose path is a row in the window of a turn."""
    row, at, clause = along(register, kind, path)
    return sa.select(row.c.id).select_from(clause).where(*window(turn, at))


def along(register: Register, kind: str, path: Path) -> tuple[sa.FromClause, sa.FromClause, sa.FromClause]:
    """A row, what is at the end of its path, and the two joined, the end first."""
    row: sa.FromClause = register.sa(kind).alias("t")
    steps: list[tuple[sa.FromClause, Sql]] = []
    at, key = row, kind
    for number, column in enumerate(path):
        key = next(r.target for r in references(register.tables[key].kind) if r.column == column)
        joined: sa.FromClause = register.sa(key).alias(f"w{number}")
        steps.append((at, at.c[column] == joined.c.id))
        at = joined
    clause = at
    for below, tied in reversed(steps):
        clause = clause.join(below, tied)
    return row, at, clause


def window(turn: Turn, row: sa.FromClause) -> Iterator[Sql]:
    """Whether the date of a turn lies between the last sweep and now, as far as it lets go."""
    moment: Sql = row.c[turn.column]
    if turn.or_recorded:
        moment = sa.func.coalesce(moment, row.c.sys_recorded_at)
    yield moment >= sa.literal_column(f":was_{turn.clock}", sa.Text())
    yield moment < sa.literal_column(f":now_{turn.clock}", sa.Text())
    if turn.derived:
        yield moment < FOREVER
    if turn.only_without is not None:
        yield row.c[turn.only_without].is_(None)
