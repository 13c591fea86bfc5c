"""All that hangs on some subjects judged together: what of a row is needed, what goes by that, and why it stays.

A statement for each kind answers every question about its rows by bits and brings where they point; what goes is then
worked out of the answers of all kinds. The predicates are those of the sweep that looks at rows of one kind alone
(``compiler.sweep``), and the last days those of ``compiler.why``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from seloste.compiler.functions import Sql
from seloste.compiler.late import Make, late
from seloste.compiler.marks import reads
from seloste.compiler.parts import Part, flags_of, width_of
from seloste.compiler.register import Column, Register
from seloste.compiler.rule import Scope, counts, granted, needed
from seloste.compiler.sweep import KindSweep, counted_from, names_subject, sweep, texts_of_whom
from seloste.compiler.views import render_of_ids
from seloste.compiler.why import Asked, last_day_of
from seloste.notice.ways import cell_paths, subject_paths

HEAD = 1
"""What stands before the flags in a row: its id."""


@dataclass(frozen=True, slots=True)
class Group:
    """Columns ruled alike. Needed where any bit of ``need`` is set; ``filled`` and ``goes`` are bits of its columns:
    of all of them, and of those that may be emptied while the row stays."""

    need: int
    filled: int
    goes: int


@dataclass(frozen=True, slots=True)
class Why:
    """One purpose asked about cells: the bit of need, and the last day, of the cells at ``late``."""

    asked: Asked
    need: int
    until: Make


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows from the answers to a row. ``goes``: the columns that are emptied while it stays."""

    whole: bool
    """Nothing of it is needed."""
    filled: tuple[str, ...]
    goes: tuple[str, ...]


MOST = 5000
"""Verdicts kept for a kind; rows of which the same was answered share one."""


@dataclass(frozen=True, slots=True)
class WholeKind:
    """``sql`` takes ids as the statements of the sweep do. Each row begins with its id; then ``flags`` numbers of BITS
    bits each.
    """

    sql: str
    flags: int
    of: KindSweep
    groups: tuple[Group, ...]
    filled: Mapping[str, int]
    """Of each column, references and items, the bit that it is filled."""
    pointers: tuple[tuple[Column, int], ...]
    """References to kinds of the register, each with where in a row it stands."""
    held: int
    whys: tuple[Why, ...]
    late: tuple[int, ...]
    """Places of what last days are worked out of."""
    counts: int
    """The bit that a needed matter may count from the row; asked where none of its cells is needed. 0: none ever does.

    Whether it does hangs on what else there is to count from, which ``KindSweep.free`` asks when the row's turn comes.
    """
    reads: frozenset[tuple[str, str]]
    """What the answers hang on, (kind, column); and the kinds of it."""
    kinds: frozenset[str]
    _verdicts: dict[int, Verdict] = field(default_factory=dict, repr=False, compare=False)

    def verdict(self, flags: int) -> Verdict:
        """What follows from the answers to a row."""
        found = self._verdicts.get(flags)
        if found is None:
            if len(self._verdicts) > MOST:
                self._verdicts.clear()
            found = self._verdicts[flags] = self._judge(flags)
        return found

    def _judge(self, flags: int) -> Verdict:
        needed = False
        goes: list[str] = []
        for group, columns in zip(self.groups, self.of.goes, strict=True):
            if group.need & flags:
                needed |= bool(group.filled & flags)
            elif group.goes & flags:
                goes += columns
        filled = tuple(name for name, bit in self.filled.items() if bit & flags)
        return Verdict(not needed, filled, tuple(goes))


def whole(register: Register, kind: str, dialect: str) -> WholeKind:
    """The statement of a kind."""
    return register.once(("whole", kind, dialect), lambda: _whole(register, kind, dialect))


def _whole(register: Register, kind: str, dialect: str) -> WholeKind:
    part = _part(register, kind, sweep(register, dialect).kinds[kind])
    flags, width = flags_of([part]), width_of([part])
    statement = part.select([part.scope.row.c.id], flags, width, dialect)
    places, asked = part.places(HEAD + flags, width), reads(statement)
    return WholeKind(
        sql=render_of_ids(statement, dialect),
        flags=flags,
        of=part.of,
        groups=part.groups,
        filled=part.filled,
        pointers=tuple((column, places[place]) for column, place in part.pointers),
        held=part.held,
        whys=part.whys,
        late=tuple(places[place] for place in part.late),
        counts=part.counts,
        reads=asked,
        kinds=frozenset(name for name, _ in asked),
    )


def answers(register: Register, kind: str, dialect: str) -> str:
    """The statement of a kind without where rows point, their last days and what counts from them: the id and the
    flags, of which the last number may be missing.
    """

    def make() -> str:
        part = _part(register, kind, sweep(register, dialect).kinds[kind], counts=False)
        part.brought.clear()
        statement = part.select([part.scope.row.c.id], flags_of([part]), width_of([part]), dialect)
        return render_of_ids(statement, dialect)

    return register.once(("answers", kind, dialect), make)


@dataclass(kw_only=True)
class _Part(Part):
    """One kind while it is put together."""

    of: KindSweep
    groups: tuple[Group, ...] = ()
    filled: Mapping[str, int] = field(default_factory=dict)
    pointers: tuple[tuple[Column, int], ...] = ()
    held: int = 0
    whys: tuple[Why, ...] = ()
    counts: int = 0


def _part(register: Register, kind: str, of: KindSweep, *, counts: bool = True) -> _Part:
    scope = Scope(register, kind)
    part = _Part(scope=scope, of=of)
    part.filled = {
        column.name: part.bit(scope.row.c[column.name].is_not(None))
        for column in register.tables[kind].of_role("reference", "item")
    }
    asked: dict[Asked, Why] = {}
    part.groups = tuple(_group(part, group, goes, asked) for group, goes in zip(of.groups, of.goes, strict=True))
    part.whys = tuple(asked.values())
    persons = subject_paths(register.notice.kinds, kind)
    part.held = part.bit(sa.or_(sa.false(), *[scope.at(path)[0].c.sys_held == 1 for path in persons]))
    part.pointers = tuple(
        (column, part.bring("integer", scope.row.c[column.name]))
        for column in register.tables[kind].of_role("reference")
        if column.target in register.tables
    )
    if counts and (reasons := list(counted_from(register, kind, scope.row, whatever=True))):
        cells = [sa.and_(_filled(part, group), needed(scope, group[0])) for group in of.groups]
        part.counts = part.bit(_asked_unless(sa.or_(*cells), reasons))
    return part


def _group(part: _Part, group: Sequence[str], goes: Sequence[str], asked: dict[Asked, Why]) -> Group:
    register, scope = part.register, part.scope
    paths = cell_paths(register.notice.kinds, part.kind, group[0])
    need = 0
    for purpose in register.users(part.kind, group[0]):
        key = Asked(purpose, paths)
        if key not in asked:
            bit = part.bit(granted(scope, purpose, paths, "need"))
            asked[key] = Why(key, bit, late(last_day_of(scope, purpose), part.bring_late))
        need |= asked[key].need
    for path in paths:
        need |= part.bit(sa.and_(counts(scope, path), scope.at(path)[0].c.sys_held == 1))
    if names_subject(register, part.kind, group[0]):
        need |= part.bit(_counted(part))
        for reason in texts_of_whom(scope, group[0]):
            need |= part.bit(reason)
    return Group(need, _bits(part, group), _bits(part, goes))


def _bits(part: _Part, columns: Sequence[str]) -> int:
    found = 0
    for column in columns:
        found |= part.filled[column]
    return found


def _counted(part: _Part) -> Sql:
    """Whether a running matter counts from the row; it is looked for only where some of the row is not needed."""
    scope = part.scope
    reasons = list(counted_from(part.register, part.kind, scope.row))
    if not reasons:
        return sa.false()
    return _asked_unless(sa.and_(sa.true(), *[needed(scope, group[0]) for group in part.of.groups]), reasons)


def _asked_unless(known: Sql, reasons: Sequence[Sql]) -> Sql:
    """Whether any of some reasons holds, asked only where something is not known to."""
    found: Sql = sa.case((known, 0), (sa.or_(*reasons), 1), else_=0) == 1
    return found


def _filled(part: _Part, group: Sequence[str]) -> Sql:
    return sa.or_(*[part.scope.row.c[name].is_not(None) for name in group])
