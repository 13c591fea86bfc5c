"""A role that sees its own only: ``only:`` as a condition on the rows of every kind.

The acting person's own rows are the anchors (``notice.own``). A row is shown when references lead from it to an
anchor, by the shortest way; a row from which none lead, a person or a company, when a row that leads to an anchor
points at it; what belongs to such a row goes with it, by the shortest way again. What is nobody's and has no tie to
the anchors is shown to everybody, anything else to none.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from seloste.compiler.functions import Sql
from seloste.compiler.register import CompiledLens, Register
from seloste.compiler.rule import Scope
from seloste.notice.own import Own, own, paths_from
from seloste.notice.ways import Path, own_date, references


class Acting(FunctionElement[int]):
    """The id of the person whose account acts, or NULL; told by the connection and never by a statement."""

    inherit_cache = True
    type = sa.BigInteger()


ACTING = "seloste_acting"
"""The name of that function on both engines; store/dialects defines it."""


@compiles(Acting)
def _acting(element: Acting, compiler: SQLCompiler, **kw: Any) -> str:
    # Asked once for a statement, not once for each row.
    return f"(SELECT {ACTING}())"


def narrowed(scope: Scope, lens: CompiledLens, *, schema: str | None) -> Sql | None:
    """Whether the scope's row is the acting person's own or belongs to it; None for a lens that sees everybody's."""
    if lens.only is None:
        return None
    register = scope.register
    found = own(register.notice.kinds, lens.only)
    return sa.false() if found is None else _Narrow(register, found, schema).condition(scope)


class _Narrow:
    def __init__(self, register: Register, found: Own, schema: str | None) -> None:
        self.register = register
        self.kinds = register.notice.kinds
        self.own = found
        self._schema = schema
        self._names = count()

    def condition(self, scope: Scope) -> Sql:
        leading = paths_from(self.kinds, scope.kind)
        if self.own.anchor in leading:
            return sa.or_(*[self._at(scope, path) for path in leading[self.own.anchor]])
        ways = [(path, *way) for kind, paths in leading.items() for way in self._pointing(kind) for path in paths]
        if ways:
            nearest = min(len(path) for path, *_ in ways)
            return sa.or_(*[self._held(scope, *way) for way in ways if len(way[0]) == nearest])
        return sa.true() if self.kinds[scope.kind].about == "nobody" else sa.false()

    def _at(self, scope: Scope, path: Path) -> Sql:
        """Whether a path from the row ends at an anchor; the last reference tells, so the anchor need not be read."""
        cell = scope.at(path[:-1])[0].c[path[-1]] if path else scope.row.c.id
        return cell.in_(self._anchors(scope))

    def _anchors(self, scope: Scope) -> sa.Select[Any]:
        """The ids of the acting person's own rows."""
        row = self._table(self.own.kind)
        mine = sa.or_(*[row.c[person] == Acting() for person in self.own.persons])
        running = [sa.or_(row.c[end].is_(None), row.c[end] >= scope.clock.c.today) for end in self._ends(self.own.kind)]
        found = sa.select(row.c[self.own.column]).where(mine, *running)
        return found.correlate(scope.clock) if running else found

    def _ends(self, kind: str) -> list[str]:
        """The days with which a row of a kind ends, by the periods that count from them: an office that was left."""
        itself = own_date(self.kinds[kind])
        ends = {
            keep.base.date
            for purpose in self.register.purposes.values()
            for keep in purpose.keep
            if keep.matter == kind and keep.base is not None
        }
        return sorted(end for end in ends if end != itself and end in self.kinds[kind].items)

    def _pointing(self, kind: str) -> Iterator[tuple[str, str, Path]]:
        """(kind, column, path) of rows that point at one of ``kind`` and from which a path leads to an anchor."""
        for other in self.kinds:
            paths = paths_from(self.kinds, other).get(self.own.anchor, ())
            for reference in references(self.kinds[other]):
                if reference.target == kind:
                    yield from ((other, reference.column, path) for path in paths)

    def _held(self, scope: Scope, path: Path, kind: str, column: str, leads: Path) -> Sql:
        """Whether a row that leads to an anchor points at the row at the end of ``path``."""
        at = scope.at(path[:-1])[0].c[path[-1]] if path else scope.row.c.id
        pointing = Scope(self.register, kind, alias=f"n{next(self._names)}_", schema=self._schema)
        ends = self._at(pointing, leads)
        return sa.exists(
            sa.select(sa.literal(1)).select_from(pointing.from_()).where(pointing.row.c[column] == at, ends)
        )

    def _table(self, kind: str) -> sa.FromClause:
        return self.register.sa(kind, self._schema).alias(f"o{next(self._names)}")
