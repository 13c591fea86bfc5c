"""What a notice means: the tables it needs, who may see what, and which row keeps which. Immutable, no connection."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeGuard, TypeVar

import sqlalchemy as sa

from seloste.catalogue.model import Kind, Text
from seloste.lazily import cached_property
from seloste.notice.model import AtMost, Keep, Notice, Place, Purpose, Ref, Unit
from seloste.notice.ways import Path, Way

Storage = Literal["integer", "text", "real", "bytes"]
Made = TypeVar("Made")
Role = Literal["id", "reference", "item", "lookup", "source", "recorded", "until", "need", "use", "held"]

BITS = 62
"""Purposes in one mask column: what fits a signed 64-bit integer with room to spare."""

FOREVER = "9999-12-31"
"""The last day of what is still running."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. Items are cells of the notice; the rest is what the rule needs, named ``sys_``."""

    name: str
    role: Role
    storage: Storage
    target: str | None = None
    """For a reference, the kind it points at."""
    item: str | None = None
    """For an item or its look-up key, the item."""
    purpose: str | None = None
    """For a last day, the purpose it is of."""


@dataclass(frozen=True, slots=True)
class Table:
    """The table of one kind."""

    kind: Kind
    columns: tuple[Column, ...]
    _named: Mapping[str, Column] = field(init=False, repr=False, compare=False)
    _of_roles: dict[tuple[Role, ...], tuple[Column, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "_named", {column.name: column for column in reversed(self.columns)})

    @property
    def name(self) -> str:
        return self.kind.key

    def column(self, name: str) -> Column | None:
        return self._named.get(name)

    def of_role(self, *roles: Role) -> tuple[Column, ...]:
        found = self._of_roles.get(roles)
        if found is None:
            found = self._of_roles[roles] = tuple(column for column in self.columns if column.role in roles)
        return found


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time, or the law's preset that gives the last day."""

    amount: int
    unit: Unit
    preset: str | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """A day kept in the one-row table ``sys_clock``: rows dated before it are past their period.

    It is the earliest date whose last day has not passed, so a changed rule or a new day changes one cell and no row.
    """

    column: str
    purpose: str
    kind: str
    period: Period
    of_time: bool
    """The dates compared are UTC times, so the cut is the UTC time at which that day begins in Finland."""

    @property
    def moment_column(self) -> str:
        """Where the same cut stands as a UTC time, for rows dated by their recording."""
        return self.column if self.of_time else f"{self.column}_at"

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.column, self.moment_column)))


@dataclass(frozen=True, slots=True)
class CompiledLens:
    """What a caller who acts for some purposes may see: the cells those purposes use or borrow."""

    key: str
    text: Text
    purposes: tuple[str, ...]
    shows: Mapping[str, tuple[str, ...]]
    """Kind -> items in form order (references of ``of`` are seen with the row)."""
    only: Ref | None = None
    place: Place | None = None

    def sees(self, kind: str, item: str | None = None) -> bool:
        return kind in self.shows and (item is None or item in self.shows[kind])


@dataclass(frozen=True)
class Register:
    """One compiled notice. ``hash`` is the notice's; equal notices compile to equal registers."""

    notice: Notice
    tables: Mapping[str, Table]
    purposes: Mapping[str, Purpose]
    ways: Mapping[tuple[str, str], Way]
    """(purpose, kind) -> way, for every kind the purpose uses or a used kind leads to."""
    uses: Mapping[Ref, tuple[str, ...]]
    """Cell (items and parent references) -> purposes that use it."""
    borrows: Mapping[Ref, tuple[str, ...]]
    lenses: Mapping[str, CompiledLens]
    cuts: Mapping[tuple[str, str], Cut]
    """(purpose, matter kind) whose period counts from one own date."""
    trims: Mapping[tuple[str, str], tuple[AtMost, Cut]]
    """(purpose, kind) -> at_most."""
    agreed: Mapping[str, str]
    """Kind -> purpose, where each row rests on a consent of its own (``per: row``)."""
    metadata: sa.MetaData = field(compare=False)
    _made: dict[Hashable, object] = field(default_factory=dict, repr=False, compare=False)

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What follows from this register alone, made on first asking; ``key`` names it and all that it depends on.

        Registers whose notices differ in nothing but ``lower.APART`` share it, so nothing of that may be in it.
        """
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]  # type: ignore[return-value]

    @property
    def hash(self) -> str:
        return self.notice.digest

    @property
    def subjects(self) -> tuple[str, ...]:
        """The kinds whose rows are data subjects."""
        return self.once(("subjects",), lambda: tuple(key for key, table in self.tables.items() if table.kind.subject))

    def sa(self, name: str, schema: str | None = None) -> sa.TableClause:
        """The table of a kind (or a ``sys_`` one) as questions name it, with a schema when one is given."""
        return self.once(("sa", name, schema), lambda: _asked(self.metadata.tables[name], schema))

    def keep(self, purpose: str, matter: str) -> Keep:
        return next(keep for keep in self.purposes[purpose].keep if keep.matter == matter)

    def must_date(self, kind: str) -> frozenset[str]:
        """The day on which a row falls due, when a period counts from it: empty it would read "still running"."""
        due = self.tables[kind].kind.due
        counted = {
            keep.base.date
            for purpose in self.purposes.values()
            for keep in purpose.keep
            if keep.matter == kind and keep.base is not None
        }
        return frozenset({due} & counted) if due is not None else frozenset()

    def bit(self, purpose: str) -> tuple[int, int]:
        """(mask column number, bit value) of a purpose."""
        index = list(self.purposes).index(purpose)
        return index // BITS, 1 << (index % BITS)

    @property
    def mask_count(self) -> int:
        return (len(self.purposes) - 1) // BITS + 1

    def users(self, kind: str, column: str) -> tuple[str, ...]:
        return self.uses.get(Ref(kind, column), ())

    @cached_property
    def built_in(self) -> frozenset[str]:
        """Kinds that every register has: what was said, asked and given."""
        return frozenset(key for key, table in self.tables.items() if table.kind.built_in)

    def borrowers(self, kind: str, column: str) -> tuple[str, ...]:
        return self.borrows.get(Ref(kind, column), ())

    def lens(self, key: str) -> CompiledLens:
        return self.lenses[key]


MOST_LETTERS = 63
"""Letters in a name of a table, column or index: what PostgreSQL keeps of it."""


def _asked(table: sa.Table, schema: str | None) -> sa.TableClause:
    """A table without what only its making needs: each alias copies every column, and these are light."""
    return sa.table(table.name, *[sa.column(column.name, column.type) for column in table.columns], schema=schema)


def is_cell(element: object) -> TypeGuard[sa.ColumnClause[Any]]:
    """Whether a part of SQL is a column of some table."""
    return isinstance(element, sa.ColumnClause) and element.table is not None


def short_name(name: str) -> str:
    """A name within MOST_LETTERS, unlike any other: a longer one ends in a mark of the whole."""
    if len(name) <= MOST_LETTERS:
        return name
    return f"{name[: MOST_LETTERS - 13]}_{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def until_column(purpose: str) -> str:
    return short_name(f"sys_until_{purpose}")


__all__ = [
    "BITS",
    "FOREVER",
    "Column",
    "CompiledLens",
    "Cut",
    "Path",
    "Period",
    "Register",
    "Role",
    "Storage",
    "Table",
    "short_name",
    "until_column",
]
