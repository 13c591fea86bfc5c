"""The one rule as SQL: whose a cell is, whether its row is within a purpose, whether it is needed, whether usable.

Sentences 1 to 7 of ``docs/why/one-rule.md``. Everything here is a predicate over one row of a kind, with its subjects
and matters reached by outer joins along the references; views, checks of what may be stored and sweeps all ask here.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import Literal

import sqlalchemy as sa

from seloste.compiler.functions import Sql
from seloste.compiler.lower import CLOCK, purpose_always_says_yes
from seloste.compiler.register import Cut, Path, Register, until_column
from seloste.notice.ways import Way, cell_paths, own_date, references, subject_paths, yields_to

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
        return _not_before(scope, sa.func.coalesce(dated, row.c.sys_recorded_at), cut)
    return sa.or_(dated.is_(None), _not_before(scope, dated, cut))


def _not_before(scope: Scope, moment: Sql, cut: Cut) -> Sql:
    return moment >= scope.clock.c[cut.column]


def within(scope: Scope, purpose: str) -> Sql | None:
    """Whether the row is within a purpose by its matters; None when only its persons can tell (way ``side``)."""
    register = scope.register
    way = register.ways[purpose, scope.kind]
    if way.base == "own":
        return alive(scope, purpose, scope.kind, scope.row)
    if way.base == "down":
        return scope.row.c[until_column(purpose)] >= scope.clock.c.today
    if way.base == "up":
        return sa.or_(*[_held_above(scope, purpose, up.path) for up in way.ups])
    if way.base == "master":
        return _master(scope, purpose, way)
    return sa.true() if way.base == "standing" else None


def trimmed(scope: Scope, purpose: str) -> Sql:
    """Whether the row is young enough for the purpose's ``at_most``, whatever its matter says."""
    trim = scope.register.trims.get((purpose, scope.kind))
    if trim is None:
        return sa.true()
    dated = own_date(scope.register.tables[scope.kind].kind)
    recorded = scope.row.c.sys_recorded_at
    moment = recorded if dated is None else sa.func.coalesce(scope.row.c[dated], recorded)
    return _not_before(scope, moment, trim[1])


def _held_above(scope: Scope, purpose: str, path: Path) -> Sql:
    row, kind = scope.at(path)
    if scope.register.ways[purpose, kind].base == "own":
        return alive(scope, purpose, kind, row)
    return row.c[until_column(purpose)] >= scope.clock.c.today


def _master(scope: Scope, purpose: str, way: Way) -> Sql:
    owner = scope.register.tables[scope.kind].kind.owner_item
    if owner is None or not way.downs:
        return sa.true()
    # Nobody's master data is always within; a sole trader's organisation is his and follows his matters.
    return sa.or_(scope.row.c[owner].is_(None), scope.row.c[until_column(purpose)] >= scope.clock.c.today)


def says(register: Register, purpose: str, subject: sa.FromClause, asking: Asking) -> Sql:
    """Whether a subject says yes (need), or says yes with nothing pending and nothing restricted (use)."""
    number, bit = register.bit(purpose)
    return subject.c[f"sys_{asking}_{number}"].op("&")(sa.literal(bit)) != 0


def granted(scope: Scope, purpose: str, paths: Sequence[Path], asking: Asking) -> Sql:
    """Sentences 4 and 5 for one purpose, holds left out: the row is within, and one of the cell's persons says yes."""
    register = scope.register
    way = register.ways[purpose, scope.kind]
    inside = within(scope, purpose)
    trim = trimmed(scope, purpose)
    subjects = [(*scope.at(path), _counts(scope, path)) for path in paths]
    silent = asking == "need" and purpose_always_says_yes(register.purposes[purpose])

    def word(subject: sa.FromClause) -> Sql:
        return sa.true() if silent else says(register, purpose, subject, asking)

    def by_person() -> Sql:
        each = [
            sa.and_(counts, _subject_within(scope, purpose, row, kind), word(row)) for row, kind, counts in subjects
        ]
        return sa.or_(sa.false(), *each)

    if inside is None:
        return sa.and_(trim, by_person())
    by_matter = inside
    if subjects and not silent:
        somebody = sa.or_(*[sa.and_(counts, word(subject)) for subject, _, counts in subjects])
        by_matter = sa.and_(inside, _or_nobody(scope, somebody, paths))
    if way.base == "up" and way.side:
        untied = sa.and_(*[scope.row.c[up.path[0]].is_(None) for up in way.ups])
        return sa.and_(trim, sa.or_(by_matter, sa.and_(untied, by_person())))
    return sa.and_(trim, by_matter)


def _counts(scope: Scope, path: Path) -> Sql:
    """Whether the subject at the end of a path is one of the row's persons: a nearer one may come before it."""
    nearer = yields_to(scope.register.notice.kinds, scope.kind, path)
    return sa.and_(sa.true(), *[scope.row.c[column].is_(None) for column in nearer])


def _or_nobody(scope: Scope, somebody: Sql, paths: Sequence[Path]) -> Sql:
    """A row of an owner may turn out to be nobody's (a company's order); then within is enough."""
    kind = scope.register.tables[scope.kind].kind
    if kind.about in ("owner", "nobody") and not kind.subject:
        return sa.or_(somebody, sa.and_(*[scope.at(path)[0].c.id.is_(None) for path in paths]))
    return somebody


def _subject_within(scope: Scope, purpose: str, subject: sa.FromClause, kind: str) -> Sql:
    way = scope.register.ways[purpose, kind]
    if way.base == "down":
        return subject.c[until_column(purpose)] >= scope.clock.c.today
    if way.base == "own":
        return alive(scope, purpose, kind, subject)
    return subject.c.id.is_not(None)


def needed(scope: Scope, column: str) -> Sql:
    """Sentence 4 for a cell: some purpose uses it, or a hold or restriction of one of its persons stands."""
    register = scope.register
    paths = cell_paths(register.notice.kinds, scope.kind, column)
    reasons = [granted(scope, purpose, paths, "need") for purpose in register.users(scope.kind, column)]
    holds = [scope.at(path)[0].c.sys_held == 1 for path in subject_paths(register.notice.kinds, scope.kind)]
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
        scope.once((purpose, lenders, paths), partial(_borrowed, scope, purpose, lenders, paths))
        for purpose in borrowers
    ]


def _borrowed(scope: Scope, purpose: str, lenders: Sequence[str], paths: Sequence[Path]) -> Sql:
    lent = sa.or_(*[granted(scope, lender, paths, "need") for lender in lenders])
    if not paths:
        return lent
    words = [sa.and_(_counts(scope, path), says(scope.register, purpose, scope.at(path)[0], "use")) for path in paths]
    return sa.and_(lent, _or_nobody(scope, sa.or_(*words), paths))
