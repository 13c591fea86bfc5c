"""The shortest form of a predicate that is easily found: what always holds goes, what repeats is said once.

A view asks its predicate for each row and cell, so every comparison left out counts. Only laws of a distributive
lattice are used (idempotence, absorption, ``a.x or a.y = a.(x or y)``) and that two tests of bits of one mask are one
test of both; they hold in SQL's logic of three values as well, so a simplified predicate is true, false and NULL
where the given one is.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import elements, operators

from seloste.compiler.functions import Sql
from seloste.compiler.register import is_cell


@dataclass(frozen=True, slots=True)
class Leaf:
    """A comparison that is not looked into."""

    key: Hashable
    sql: Sql = field(compare=False)


@dataclass(frozen=True, slots=True)
class Mask:
    """Whether any of some bits of a column is set."""

    key: Hashable
    bits: int
    column: Sql = field(compare=False)


@dataclass(frozen=True, slots=True)
class Every:
    """All of several; of none: always true."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """Any of several; of none: never true."""

    parts: tuple[Formula, ...]


Formula = Leaf | Mask | Every | Some
TRUE, FALSE = Every(()), Some(())


def formula(clause: Any) -> Formula:
    """A predicate, simplified."""
    # SQLAlchemy keeps a constant that stands alone as a comparison of it with true.
    while isinstance(clause, elements.Grouping) or (
        isinstance(clause, elements.AsBoolean) and clause.operator is operators.is_true
    ):
        clause = clause.element
    if isinstance(clause, elements.True_):
        return TRUE
    if isinstance(clause, elements.False_):
        return FALSE
    if isinstance(clause, elements.BooleanClauseList) and clause.operator in (operators.and_, operators.or_):
        parts = [formula(part) for part in clause.clauses]
        return every(parts) if clause.operator is operators.and_ else some(parts)
    return _mask(clause) or Leaf(_key(clause), clause)


def every(parts: Iterable[Formula]) -> Formula:
    """All of some predicates, the short ones first."""
    flat = [each for part in parts for each in (part.parts if isinstance(part, Every) else (part,))]
    if FALSE in flat:
        return FALSE
    kept: list[Formula] = []
    for each in dict.fromkeys(flat):
        if not any(implies(other, each) for other in kept):
            kept = [other for other in kept if not implies(each, other)] + [each]
    return kept[0] if len(kept) == 1 else Every(tuple(sorted(kept, key=_size)))


def some(parts: Iterable[Formula]) -> Formula:
    """Any of some predicates, in their order."""
    flat = [each for part in parts for each in (part.parts if isinstance(part, Some) else (part,))]
    if TRUE in flat:
        return TRUE
    kept: list[Formula] = []
    for each in dict.fromkeys(flat):
        if any(implies(each, other) for other in kept):
            continue
        kept = [other for other in kept if not implies(other, each)]
        for place, other in enumerate(kept):
            together = _together(other, each)
            if together is not None:
                kept[place] = together
                break
        else:
            kept.append(each)
    return kept[0] if len(kept) == 1 else Some(tuple(kept))


def implies(one: Formula, other: Formula) -> bool:
    """Whether ``other`` is true wherever ``one`` is. False when that is not seen at a glance."""
    if one == other:
        return True
    if isinstance(one, Some):
        return all(implies(part, other) for part in one.parts)
    if isinstance(other, Every):
        return all(implies(one, part) for part in other.parts)
    if isinstance(other, Some) and any(implies(one, part) for part in other.parts):
        return True
    if isinstance(one, Every):
        return any(implies(part, other) for part in one.parts)
    return isinstance(one, Mask) and isinstance(other, Mask) and one.key == other.key and not one.bits & ~other.bits


def sql(found: Formula) -> Sql:
    """The predicate as SQL."""
    if isinstance(found, Leaf):
        return found.sql
    if isinstance(found, Mask):
        return found.column.op("&")(sa.literal(found.bits)) != 0
    if isinstance(found, Every):
        return sa.and_(*map(sql, found.parts)) if found.parts else sa.true()
    return sa.or_(*map(sql, found.parts)) if found.parts else sa.false()


def _together(one: Formula, other: Formula) -> Formula | None:
    """Two alternatives as one, when they differ in nothing but the bits they test."""
    if isinstance(one, Mask) and isinstance(other, Mask) and one.key == other.key:
        return Mask(one.key, one.bits | other.bits, one.column)
    if not isinstance(one, Every) or not isinstance(other, Every):
        return None
    mine = [part for part in one.parts if part not in other.parts]
    theirs = [part for part in other.parts if part not in one.parts]
    if len(mine) != 1 or len(theirs) != 1:
        return None
    joined = _together(mine[0], theirs[0])
    return None if joined is None else every(joined if part == mine[0] else part for part in one.parts)


def _size(found: Formula) -> int:
    return sum(map(_size, found.parts)) if isinstance(found, Every | Some) else 1


def _mask(clause: Any) -> Mask | None:
    """``column & bits != 0``, as ``rule.says`` writes it."""
    if not isinstance(clause, elements.BinaryExpression) or clause.operator is not operators.ne:
        return None
    tested: Any = clause.left
    while isinstance(tested, elements.Grouping):
        tested = tested.element
    if (
        isinstance(tested, elements.BinaryExpression)
        and getattr(tested.operator, "opstring", None) == "&"
        and isinstance(tested.right, elements.BindParameter)
        and isinstance(clause.right, elements.BindParameter)
        and clause.right.value == 0
    ):
        bits: Any = tested.right.value
        return Mask(_key(tested.left), int(bits), tested.left)
    return None


def _key(clause: Any) -> Hashable:
    """Equal for clauses that say the same."""
    if isinstance(clause, elements.Grouping):
        return _key(clause.element)
    if is_cell(clause):
        table: Any = clause.table
        return "column", str(table.name), clause.name
    if isinstance(clause, elements.BindParameter):
        return "value", clause.value
    if isinstance(clause, elements.BinaryExpression):
        operator = getattr(clause.operator, "opstring", None) or getattr(clause.operator, "__name__", "")
        if operator:
            return operator, _key(clause.left), _key(clause.right)
    if isinstance(clause, sa.Function):
        return clause.name, *map(_key, clause.clauses)
    return str(clause.compile(compile_kwargs={"literal_binds": True}))
