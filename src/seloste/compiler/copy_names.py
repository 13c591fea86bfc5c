"""What stands beside a person's rows: names of what they point at that is nobody's, and who it is that got of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from seloste.compiler.functions import among_ids
from seloste.compiler.register import Register
from seloste.notice.model import Recipient
from seloste.notice.ways import references


@dataclass(frozen=True, slots=True)
class Names:
    """What rows of a kind are called, by the cells of ``items``: as rows of the kind are, or by an only item.

    ``sql`` gives them after what it tells first, in the order of the ids of the rows so called; ``one`` gives that of
    the row whose id is ``:id``, where rows are asked for by their ids.
    """

    kind: str
    sql: str
    items: tuple[str, ...]
    title: bool = True
    one: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """Who a recipient is. ``items``: kind -> the items of a row that it gets.

    The statement of ``names`` takes the ids of the person's rows of each kind of ``items`` by the name in ``rows``, and
    tells first the number of the kind there and the id of a row that leads to whom it names.
    """

    names: Names
    items: Mapping[str, frozenset[str]]
    rows: tuple[str, ...]


def names_of(register: Register, kind: str, dialect: str) -> Names:
    """What rows of a kind are called whose ids are among ``:ids``, of those that have no owner; their ids first."""
    of = register.tables[kind].kind
    # Said so that no engine looks through all that have no owner for the few that are asked for.
    owned = f' AND coalesce("{of.owner_item}", 0) = 0' if of.owner_item is not None else ""
    items = _titles(register, kind)
    chosen = ", ".join(f'"{name}"' for name in ("id", *items))
    found = f'SELECT {chosen} FROM "{kind}" WHERE '
    several = f"{found}{among_ids('id', dialect)}{owned} ORDER BY id"
    return Names(kind, several, items, one=f"{found}id = CAST(:id AS bigint){owned}")


def named(register: Register, one: Recipient, dialect: str) -> Named | None:
    """Who a recipient is where a row says it: the row of what it gets of the person, or one that row refers to."""
    if one.who_from is None:
        return None
    kind, item = one.who_from.kind, one.who_from.item
    gets = {each.kind: frozenset(ref.item for ref in one.gets if ref.kind == each.kind) for each in one.gets}
    rows = tuple(f"rows{number}" for number in range(len(gets)))
    ways = [way for number, each in enumerate(gets) for way in _ways(register, each, kind, number, dialect)]
    if not ways:
        return None
    led = f'FROM ({" UNION ".join(ways)}) AS led JOIN "{kind}" AS who ON who.id = led.who'
    target = register.tables[kind].kind.items[item].refers_to
    if target is None:
        sql = f'SELECT led.kind, led.id, who."{item}" {led} WHERE who."{item}" IS NOT NULL ORDER BY who.id, led.id'
        return Named(Names(kind, sql, (item,), title=False), gets, rows)
    items = _titles(register, target)
    chosen = "".join(f', party."{name}"' for name in items)
    party = f'JOIN "{target}" AS party ON party.id = who."{item}"'
    return Named(Names(target, f"SELECT led.kind, led.id{chosen} {led} {party} ORDER BY party.id", items), gets, rows)


def _ways(register: Register, kind: str, end: str, number: int, dialect: str) -> Iterator[str]:
    """SELECTs of rows of a kind, each with the id of a row of another that it is or refers to."""
    columns = [each.column for each in references(register.tables[kind].kind) if each.target == end]
    among = among_ids("id", dialect, f"rows{number}")
    for column in [*(["id"] if kind == end else []), *columns]:
        yield f'SELECT {number} AS kind, id, "{column}" AS who FROM "{kind}" WHERE {among}'


def _titles(register: Register, kind: str) -> tuple[str, ...]:
    table = register.tables[kind]
    there = {column.name for column in table.of_role("reference", "item") if column.storage != "bytes"}
    return tuple(name for name in table.kind.title if name in there)
