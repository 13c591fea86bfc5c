"""The one rule as SQL: whose a cell is, whether its row is within a purpose, whether it is needed, whether usable.

Sentences 1 to 7 of ``docs/why/one-rule.md``. Everything here is a predicate over one row of a kind, with its subjects
and matters reached by outer joins along the references; views, checks of what may be stored and sweeps all ask here.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import partial
from typing import Literal

import sqlalchemy as sa

from seloste.compiler.functions import Sql
from seloste.compiler.lower import CLOCK, purpose_always_says_yes
from seloste.compiler.register import Cut, Path, Register, until_column
from seloste.notice.ways import (
    Way,
    belongs_to_somebody,
    cell_paths,
    own_date,
    references,
    subject_paths,
    yields_to,
)

Asking = Literal["need", "use"]


class Scope:
    """One row of a kind and the rows its references lead to, joined once per path."""

    def __init__(self, register: Register, kind: str, *, alias: str = "t", schema: str | None = None) -> None:
        self.register = register
        self.kind = kind
        self.row: sa.FromClause = register.sa(kind, schema).alias(alias)
        self._clock = register.sa(CLOCK, schema).alias("c")
        self._asks_clock = False
        self._joined: dict[Path, tuple[sa.FromClause, str]] = {(): (self.row, kind)}
        self._alias = alias
        self._schema = schema
        self._made: dict[Hashable, Sql] = {}

    @property
    def clock(self) -> sa.FromClause:
        """The one row of the day and its cuts, joined when something asks for it."""
        self._asks_clock = True
        return self._clock

    def once(self, key: Hashable, make: Callable[[], Sql]) -> Sql:
        """The predicate of a key, made on first asking."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def at(self, path: Path) -> tuple[sa.FromClause, str]:
        """The joined row at the end of a path, and its kind."""
        if path in self._joined:
            return self._joined[path]
        _, parent = self.at(path[:-1])
        target = next(
            reference.target
            for reference in references(self.register.tables[parent].kind)
            if reference.column == path[-1]
        )
        joined = self.register.sa(target, self._schema).alias(f"{self._alias}{len(self._joined)}")
        self._joined[path] = (joined, target)
        return joined, target

    @property
    def joined(self) -> Mapping[Path, tuple[sa.FromClause, str]]:
        """The rows joined so far, with their kinds; the row itself at the empty path."""
        return self._joined

    def from_(self) -> sa.FromClause:
        """The row with everything joined so far; call it after the predicates are built."""
        # The clock is one row: joined, its day and cuts are read once for a statement, however often they are compared.
        clause: sa.FromClause = self._clock.join(self.row, sa.true()) if self._asks_clock else self.row
        for path, (joined, _) in self._joined.items():
            if path:
                before, _ = self._joined[path[:-1]]
                clause = clause.outerjoin(joined, before.c[path[-1]] == joined.c.id)
        return clause


def alive(scope: Scope, purpose: str, matter: str, row: sa.FromClause) -> Sql:
    """Whether a matter of a purpose still runs: its own date against the cut, or its derived last day."""
    register = scope.register
    cut = register.cuts.get((purpose, matter))
    if cut is None:
        return row.c[until_column(purpose)] >= scope.clock.c.today
    term = register.keep(purpose, matter).base
    assert term is not None
    dated = row.c[term.date]
    if term.date == own_date(register.tables[matter].kind):
        # The day a thing happened is never "still running": a row without it is dated by its recording.
        return _not_before(scope, row, term.date, cut)
    # A row that is not there has no date either, and does not run for that.
    return sa.and_(row.c.id.is_not(None), sa.or_(dated.is_(None), dated >= scope.clock.c[cut.column]))


def _not_before(scope: Scope, row: sa.FromClause, dated: str | None, cut: Cut) -> Sql:
    """Whether a row's own date, or else its recording, is not before a cut."""
    recorded = row.c.sys_recorded_at
    if dated is None:
        return recorded >= scope.clock.c[cut.column]
    if cut.of_time:
        return sa.func.coalesce(row.c[dated], recorded) >= scope.clock.c[cut.column]
    # The own date is a day and the recording a moment, so each has the cut in its own form.
    unsaid = sa.and_(row.c[dated].is_(None), recorded >= scope.clock.c[cut.moment_column])
    return sa.or_(row.c[dated] >= scope.clock.c[cut.column], unsaid)


def within(scope: Scope, purpose: str) -> Sql | None:
    """Whether the row is within a purpose by its matters; None when only its persons can tell (way ``side``)."""
    register = scope.register
    way = register.ways[purpose, scope.kind]
    if way.base == "own":
        return alive(scope, purpose, scope.kind, scope.row)
    if way.base == "down":
        return _held_below(scope, purpose, scope.row)
    if way.base == "up":
        reasons = [_held_above(scope, purpose, up.path) for up in way.ups]
        if way.downs:
            reasons.append(_held_below(scope, purpose, scope.row))
        if register.tables[scope.kind].kind.about == "nobody":
            reasons.append(sa.and_(_untied(scope, way), _nobodys(scope)))
        return sa.or_(*reasons)
    if way.base == "master":
        return _master(scope, purpose, way)
    return sa.true() if way.base == "standing" else None


def trimmed(scope: Scope, purpose: str) -> Sql:
    """Whether the row is young enough for the purpose's ``at_most``, whatever its matter says."""
    trim = scope.register.trims.get((purpose, scope.kind))
    if trim is None:
        return sa.true()
    return _not_before(scope, scope.row, own_date(scope.register.tables[scope.kind].kind), trim[1])


def _held_above(scope: Scope, purpose: str, path: Path) -> Sql:
    row, kind = scope.at(path)
    if scope.register.ways[purpose, kind].base == "own":
        return alive(scope, purpose, kind, row)
    return _held_below(scope, purpose, row)


def _held_below(scope: Scope, purpose: str, row: sa.FromClause) -> Sql:
    """Whether a matter that points at a row still runs: the row's derived last day."""
    return row.c[until_column(purpose)] >= scope.clock.c.today


def _master(scope: Scope, purpose: str, way: Way) -> Sql:
    """Nobody's master data is always within; a sole trader's organisation is his and goes with the matters it is in."""
    if not (way.downs or way.side):
        return sa.true()
    return sa.or_(_nobodys(scope), _held_below(scope, purpose, scope.row)) if way.downs else _nobodys(scope)


def _nobodys(scope: Scope) -> Sql:
    """Whether a row of nobody's kind has no owner."""
    owner = scope.register.tables[scope.kind].kind.owner_item
    return sa.true() if owner is None else scope.row.c[owner].is_(None)


def says(register: Register, purpose: str, subject: sa.FromClause, asking: Asking) -> Sql:
    """Whether a subject says yes (need), or says yes with nothing pending and nothing restricted (use)."""
    number, bit = register.bit(purpose)
    return subject.c[f"sys_{asking}_{number}"].op("&")(sa.literal(bit)) != 0


def granted(scope: Scope, purpose: str, paths: Sequence[Path], asking: Asking) -> Sql:
    """Sentences 4 and 5 for one purpose, holds left out: the row is within, and one of the cell's persons says yes."""
    way = scope.register.ways[purpose, scope.kind]
    inside = within(scope, purpose)
    reasons: list[Sql] = []
    if inside is not None:
        reasons.append(sa.and_(inside, _somebody(scope, purpose, paths, asking)))
    if way.side:
        reasons.append(_by_person(scope, purpose, way, paths, asking))
    found = sa.and_(trimmed(scope, purpose), sa.or_(*reasons))
    return sa.and_(found, _unrestricted(scope, purpose, paths)) if asking == "use" else found


def _somebody(scope: Scope, purpose: str, paths: Sequence[Path], asking: Asking) -> Sql:
    """Whether one of a cell's persons says yes. A row of an owner may turn out to be nobody's, a company's order."""
    kind = scope.register.tables[scope.kind].kind
    whose = _is_row_own(scope, paths)
    nobodys = whose and kind.about in ("owner", "nobody") and not kind.subject
    if asking == "need" and purpose_always_says_yes(scope.register.purposes[purpose]) and (nobodys or kind.subject):
        return sa.true()
    words = [_says_at(scope, purpose, path, asking) for path in paths]
    if nobodys:
        words.append(sa.and_(sa.true(), *[scope.at(path)[0].c.id.is_(None) for path in paths]))
    return sa.or_(sa.false(), *words)


def _is_row_own(scope: Scope, paths: Sequence[Path]) -> bool:
    """Whether a cell is that of its row's persons, and not of one it points at."""
    return set(subject_paths(scope.register.notice.kinds, scope.kind)) <= set(paths)


def _says_at(scope: Scope, purpose: str, path: Path, asking: Asking) -> Sql:
    """Whether the subject at the end of a path is one of the row's persons and says yes."""
    subject = scope.at(path)[0]
    silent = asking == "need" and purpose_always_says_yes(scope.register.purposes[purpose])
    word = subject.c.id.is_not(None) if silent else says(scope.register, purpose, subject, asking)
    return sa.and_(counts(scope, path), word)


def _by_person(scope: Scope, purpose: str, way: Way, paths: Sequence[Path], asking: Asking) -> Sql:
    """A row tied to no matter follows those of its persons who are held and say yes; a pointer asks its own too."""
    each = []
    for path in subject_paths(scope.register.notice.kinds, scope.kind):
        subject, kind = scope.at(path)
        held = _subject_within(scope, purpose, subject, kind)
        each.append(sa.and_(_says_at(scope, purpose, path, asking), held))
    found = sa.or_(sa.false(), *each)
    if way.base == "up":
        found = sa.and_(_untied(scope, way), found)
    return found if _is_row_own(scope, paths) else sa.and_(found, _somebody(scope, purpose, paths, asking))


def _untied(scope: Scope, way: Way) -> Sql:
    """Whether every way up breaks off at an empty reference; of a person's row, one at a row that is somebody's."""
    kinds = scope.register.notice.kinds
    ends, somebodys = [], []
    for up in way.ups:
        gaps = []
        for number, column in enumerate(up.path):
            row, kind = scope.at(up.path[:number])
            gap = sa.and_(row.c.id.is_not(None), row.c[column].is_(None)) if number else row.c[column].is_(None)
            gaps.append(gap)
            if belongs_to_somebody(kinds, kind):
                somebodys.append(gap)
        ends.append(sa.or_(*gaps))
    return sa.and_(*ends) if kinds[scope.kind].about == "nobody" else sa.and_(*ends, sa.or_(*somebodys))


def _unrestricted(scope: Scope, purpose: str, paths: Sequence[Path]) -> Sql:
    """Sentence 7 for a cell of several persons: the yes of one does not lift the restriction of another."""
    if len(paths) < 2 or scope.register.purposes[purpose].nature == "accountability":
        return sa.true()
    # Of one person alone the bit of use has it in it already.
    standing = [
        sa.or_(sa.not_(counts(scope, path)), sa.func.coalesce(scope.at(path)[0].c.sys_restricted, 0) == 0)
        for path in paths
    ]
    return sa.and_(*standing)


def counts(scope: Scope, path: Path) -> Sql:
    """Whether the subject at the end of a path is one of the row's persons: a nearer one may come before it."""
    nearer = yields_to(scope.register.notice.kinds, scope.kind, path)
    return sa.and_(sa.true(), *[scope.at(other[:-1])[0].c[other[-1]].is_(None) for other in nearer])


def _subject_within(scope: Scope, purpose: str, subject: sa.FromClause, kind: str) -> Sql:
    base = scope.register.ways[purpose, kind].base
    if base == "down":
        return _held_below(scope, purpose, subject)
    if base == "own":
        return alive(scope, purpose, kind, subject)
    return subject.c.id.is_not(None) if base == "standing" else sa.false()


def needed(scope: Scope, column: str) -> Sql:
    """Sentence 4 for a cell: some purpose uses it, or a hold or restriction of one of its persons stands."""
    register = scope.register
    paths = cell_paths(register.notice.kinds, scope.kind, column)
    reasons = [granted(scope, purpose, paths, "need") for purpose in register.users(scope.kind, column)]
    holds = [sa.and_(counts(scope, path), scope.at(path)[0].c.sys_held == 1) for path in paths]
    return sa.or_(*reasons, *holds) if reasons or holds else sa.false()


def usable(scope: Scope, column: str, acting: Callable[[str], bool]) -> list[Sql]:
    """Sentence 5 for a cell and the purposes acted for: the ways in which it may be used, any of them enough.

    Used and needed, or borrowed while anyone needs it. Equal ways of two cells are the same object.
    """
    register = scope.register
    paths = cell_paths(register.notice.kinds, scope.kind, column)
    lenders = register.users(scope.kind, column)
    ways = [
        scope.once((purpose, paths), partial(granted, scope, purpose, paths, "use"))
        for purpose in lenders
        if acting(purpose)
    ]
    if not lenders:
        return ways
    borrowers = [purpose for purpose in register.borrowers(scope.kind, column) if acting(purpose)]
    return ways + [
        scope.once((purpose, lenders, paths), partial(borrowed, scope, purpose, lenders, paths))
        for purpose in borrowers
    ]


def borrowed(scope: Scope, purpose: str, lenders: Sequence[str], paths: Sequence[Path]) -> Sql:
    """Whether a borrower may use a cell: anyone of the lenders needs it, and one of its persons says yes to the use."""
    lent = sa.or_(*[granted(scope, lender, paths, "need") for lender in lenders])
    return sa.and_(lent, _somebody(scope, purpose, paths, "use"), _unrestricted(scope, purpose, paths))
