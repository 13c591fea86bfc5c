"""What an order of non-disclosure seals: on every row that is a guarded person's, where they live and are reached.

A guard is a sealed truth on a subject's own row (``Kind.guards``). It stands for all that is theirs: whoever reads the
street address of a delivery, or of which apartment somebody is a resident, has found them as well as by their own row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from seloste.catalogue.model import REACHING, Item, Kind
from seloste.compiler.functions import Sql
from seloste.compiler.register import CompiledLens, Register
from seloste.compiler.rule import Scope
from seloste.notice.ways import Path, end_of, references, subject_paths

_TERMS = "TelephoneNumber EmailAddress Contact PhysicalAddress PostalCode Location GPSCoordinate"
LOCATING = frozenset(f"pd:{term}" for term in _TERMS.split())
"""Terms of the Data Privacy Vocabulary for what tells where somebody is, or how they are reached."""

DWELLING = frozenset(("pd:Residency", "pd:ApartmentOwned"))
"""Terms of the items of a tie that says where somebody lives."""

_SAYS_NOT_WHERE = ("date", "time", "bool", "int", "choice", "country")

GUARDED = "sys_guarded"
"""The column of a view that says whether a row is guarded, and by its bits which of its cells are sealed."""


@dataclass(frozen=True, slots=True)
class Guard:
    """What is sealed on the rows of one kind, and by whose guards."""

    paths: tuple[Path, ...]
    """To the persons whose guard seals a row: everybody the row is about by any way, and everybody it points at."""
    columns: tuple[str, ...]
    """Items, and references to homes, in the order of the bits of ``sys_guarded``."""
    homes: frozenset[str]
    """Those of the columns that are references to homes: open to a lens that is shown the guard itself."""
    told_by: tuple[tuple[str, str], ...]
    """(kind, item) of the guards."""

    def bit(self, column: str) -> int:
        """The bit that says that a column is sealed and not empty; the lowest says that a guard stands."""
        return 2 << self.columns.index(column)

    def seals(self, lens: CompiledLens) -> tuple[str, ...]:
        """The columns that are sealed for a lens.

        Whoever is shown the order itself, so as to heed it, is shown who lives where as well: somebody has to know. An
        address or a number is opened with a reason by everybody alike.
        """
        knows = any(lens.sees(kind, item) for kind, item in self.told_by)
        return tuple(column for column in self.columns if not (knows and column in self.homes))


def guard_of(register: Register, kind: str) -> Guard | None:
    """What guards seal on the rows of a kind; None when nothing ever is."""
    known, tables = register.notice.kinds, register.tables
    this = tables[kind].kind
    paths = dict.fromkeys(subject_paths(known, kind))
    if not this.subject:
        pointing = (reference for reference in references(this) if reference.target in tables)
        paths |= {(each.column,): None for each in pointing if tables[each.target].kind.subject}
    guarded = tuple(path for path in paths if tables[end_of(known, kind, path)].kind.guards)
    items, lived_in = _closed(register, kind) if guarded else (frozenset[str](), frozenset[str]())
    if not (items or lived_in or (guarded and this.guards)):
        return None
    columns = (each.name for each in tables[kind].of_role("reference", "item"))
    ends = dict.fromkeys(end_of(known, kind, path) for path in guarded)
    return Guard(
        paths=guarded,
        columns=tuple(name for name in columns if name in items | lived_in),
        homes=lived_in,
        told_by=tuple((end, name) for end in ends for name in tables[end].kind.guards),
    )


def reaching(kind: Kind) -> tuple[str, ...]:
    """The items of a kind that tell where somebody is or how they are reached. What is sensitive is sealed anyway."""
    found = {item.key for item in kind.items.values() if _reaches(item)}
    # A city alone is where many live; beside a street it is the rest of an address.
    beside = "pd:City" if any(kind.items[name].dpv == "pd:PhysicalAddress" for name in found) else None
    found |= {item.key for item in kind.items.values() if item.dpv == beside and beside and not item.sensitive}
    return tuple(name for name in kind.items if name in found)


def _reaches(item: Item) -> bool:
    named = item.dpv in LOCATING and item.type not in _SAYS_NOT_WHERE
    return not item.sensitive and item.refers_to is None and (item.type in (*REACHING, "postal_code") or named)


def homes(register: Register) -> frozenset[str]:
    """Nobody's kinds that people live in by some tie, and what these belong to: the apartment, its building.

    A tie may lead there over somebody's row, as over the lease of an apartment.
    """
    kinds = {key: table.kind for key, table in register.tables.items()}
    found: set[str] = set()
    ties = [kind for kind in kinds.values() if kind.tie]
    waiting = [end for tie in ties if any(item.dpv in DWELLING for item in tie.items.values()) for end in tie.of]
    while waiting:
        end = waiting.pop()
        if end in kinds and end not in found:
            found.add(end)
            waiting.extend(kinds[end].of)
    return frozenset(end for end in found if kinds[end].about == "nobody")


def _closed(register: Register, kind: str) -> tuple[frozenset[str], frozenset[str]]:
    """The items of a kind that a guard closes, and the references: those to where people live."""
    this, lived_in = register.tables[kind].kind, homes(register)
    if this.subject or kind in lived_in:
        return frozenset(reaching(this)), frozenset()
    return frozenset(reaching(this)), frozenset(each.column for each in references(this) if each.target in lived_in)


def standing(scope: Scope, guard: Guard) -> Sql:
    """Whether a guard stands on any of a row's persons. A person who is not there has none."""
    found = []
    for path in guard.paths:
        person, kind = scope.at(path)
        found += [person.c[name].is_not(None) for name in scope.register.tables[kind].kind.guards]
    return sa.or_(*found)


def mark(stands: Sql, guard: Guard, filled: Mapping[str, Sql]) -> Sql:
    """The number of ``sys_guarded``: empty where no guard stands, else 1 and the bits of the cells it seals.

    ``filled`` says of the sealed columns that a lens sees whether it would see a value there.
    """
    number: Sql = sa.literal(1)
    for column, there in filled.items():
        number = number + sa.case((there, guard.bit(column)), else_=0)
    return sa.case((stands, number))
