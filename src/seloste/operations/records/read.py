"""Reading through a lens: one row, lists, everything around a row. Each read is journaled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seloste.compiler.register import CompiledLens, Register
from seloste.compiler.whose import whose
from seloste.operations.actor import Actor
from seloste.operations.records import ordering
from seloste.operations.records.around import Around, around, pointing
from seloste.operations.records.beside import Beside, beside
from seloste.operations.records.model import NoSuchRowError, Record, TooFarError, title
from seloste.operations.records.ordering import beginnings_sql, is_text, order_by, part_of
from seloste.operations.records.reading import MOST_PERSONS, reading
from seloste.operations.records.walk import Candidates, From, walk_of
from seloste.operations.records.where import Filter, Where, where_of
from seloste.store.engine import Connection, Result, quote
from seloste.store.registers import RegisterStore

PAGE = 50
MOST_PAGES = 10**9
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. ``total`` counts every row the filters let through, up to the most that was asked for."""

    rows: tuple[Record, ...]
    total: int
    page: int
    size: int
    over: bool = False
    """There are more rows than ``total``."""
    follows: bool = False
    """There are rows after those of the page."""


def lens_of(store: RegisterStore, actor: Actor, kind: str) -> CompiledLens:
    """The lens acted in, when it shows the kind. Raises NoSuchRowError otherwise."""
    lens = store.register.lenses.get(actor.lens)
    if lens is None or not lens.sees(kind):
        raise NoSuchRowError
    return lens


def row(
    store: RegisterStore, kind: str, number: int, *, actor: Actor, now: dt.datetime, journal: bool = True
) -> Record:
    """One row. Raises NoSuchRowError when it is not there or not shown."""
    how = reading(store, actor.lens, kind, actor.person)
    found = how.one(number, now)
    if found is None:
        raise NoSuchRowError
    if journal:
        how.look((found,), actor=actor, now=now)
    return found


def by_ids(
    store: RegisterStore, kind: str, numbers: Collection[int], *, actor: Actor, now: dt.datetime, journal: bool = True
) -> list[Record]:
    """The rows of a kind with these ids that the lens shows, in id order."""
    how = reading(store, actor.lens, kind, actor.person)
    found = how.by("id", numbers, now)
    if journal:
        how.look(found, actor=actor, now=now)
    return found


def rows(
    store: RegisterStore,
    kind: str,
    *,
    filters: Sequence[Filter] = (),
    sort: str = "id",
    descending: bool = False,
    page: int = 1,
    size: int = PAGE,
    begins: From | None = None,
    most: int | None = None,
    actor: Actor,
    now: dt.datetime,
) -> Page:
    """A page of a list, filtered and sorted. Raises NoSuchRowError for a kind, item or sort the lens does not show.

    ``begins``: the row by which a page of a list in its kind's own order is found quickly, wherever in the list it is;
    ``page`` then is what number it has. ``most``: no more rows are counted than so many, with 0 none.

    Raises TooFarError on PostgreSQL for a page beyond those counted that no index finds: asked for by its number alone.
    """
    lens = lens_of(store, actor, kind)
    asked = where_of(store, lens, kind, filters)
    order = order_by(store.register, lens, kind, sort, descending=descending)
    start = (min(max(page, 1), MOST_PAGES) - 1) * size
    with store.through(lens.key, now, actor.person) as conn:
        total, asked = _counted(store, conn, lens, kind, asked, most, now)
        near = begins is not None or start == 0
        walk = walk_of(store, lens, kind, sort, order, asked, descending=descending, now=now) if near else None
        # A list that is not counted is read so only where the index has its bounds.
        if walk is not None and not (total > ordering.LONG or (most == 0 and walk.bounds)):
            walk = None
        walked = walk.page(conn, asked, size + 1, begins) if walk is not None else None
        far = most is not None and 0 < most <= start and total > most
        if begins is None and far and store.database.dialect == "postgresql":
            # To reach it, all before it would be put in order and passed over.
            raise TooFarError(most or 0)
        if walked is not None:
            found = _in_turn(store, conn, lens, kind, walked)
        else:
            where, params = asked.sql, asked.params
            if total > ordering.LONG and is_text(store.register, kind, sort):
                cell = quote(sort)
                begin = [(one, many) for one, many in conn.execute(beginnings_sql(kind, cell, where), params)]
                part = part_of(cell, begin, start=start, size=size + 1, descending=descending)
                where, start = f"{where} AND {part.where}", start - part.before
                params |= part.params
            clause = f"{where} ORDER BY {order} LIMIT :sys_size OFFSET :sys_from"
            found = _select(store, conn, lens, kind, clause, params | {"sys_size": size + 1, "sys_from": start})
    shown = found[:size]
    look(store, kind, shown, actor=actor, now=now)
    over = bool(most) and total > (most or 0)
    return Page(tuple(shown), total - over, page, size, over, len(found) > size)


def _counted(
    store: RegisterStore,
    conn: Connection,
    lens: CompiledLens,
    kind: str,
    asked: Where,
    most: int | None,
    now: dt.datetime,
) -> tuple[int, Where]:
    """How many rows there are, ``most + 1`` for more than that; and the condition, by ids where those are known."""
    if most == 0:
        return 0, asked
    if most is not None and store.database.dialect == "postgresql":
        counted = Candidates(store=store, lens=lens, kind=kind, now=now).count(conn, asked, most)
        if counted is not None:
            return counted
    some = f"SELECT id FROM {quote(kind)} WHERE {asked.sql}" + (f" LIMIT {int(most) + 1}" if most is not None else "")
    return int(conn.execute(f"SELECT count(id) FROM ({some}) counted", asked.params).all()[0][0]), asked


def _in_turn(
    store: RegisterStore, conn: Connection, lens: CompiledLens, kind: str, numbers: Sequence[int]
) -> list[Record]:
    """The rows of some ids, in the order of the ids."""
    fixed = store.fixed(lens.key)
    clause, bound = fixed.among("id", "sys_page", 0), fixed.bind("sys_page", numbers, 0)
    there = {each.id: each for each in _select(store, conn, lens, kind, clause, bound)}
    return [there[number] for number in numbers if number in there]


def ids(
    store: RegisterStore,
    kind: str,
    *,
    filters: Sequence[Filter] = (),
    sort: str = "id",
    descending: bool = False,
    actor: Actor,
    now: dt.datetime,
) -> list[int]:
    """The ids of a whole list, in its order. Not journaled: whoever reads the rows by them journals that."""
    lens = lens_of(store, actor, kind)
    asked = where_of(store, lens, kind, filters)
    where, params = asked.sql, asked.params
    order = order_by(store.register, lens, kind, sort, descending=descending)
    with store.through(lens.key, now, actor.person) as conn:
        return [
            int(each)
            for (each,) in conn.execute(f"SELECT id FROM {quote(kind)} WHERE {where} ORDER BY {order}", params)
        ]


def count(store: RegisterStore, kind: str, *, filters: Sequence[Filter] = (), actor: Actor, now: dt.datetime) -> int:
    """How many rows of a kind the lens shows. Not journaled: it tells nothing of anybody."""
    lens = lens_of(store, actor, kind)
    asked = where_of(store, lens, kind, filters)
    with store.through(lens.key, now, actor.person) as conn:
        return int(conn.execute(f"SELECT count(id) FROM {quote(kind)} WHERE {asked.sql}", asked.params).all()[0][0])


def titles(
    store: RegisterStore, kind: str, numbers: Collection[int], *, actor: Actor, now: dt.datetime
) -> dict[int, str]:
    """What rows are called, as far as the lens shows; not journaled apart from the read it serves."""
    lens = store.register.lenses.get(actor.lens)
    if lens is None or not lens.sees(kind) or not numbers:
        return {}
    found = by_ids(store, kind, sorted(numbers), actor=actor, now=now, journal=False)
    named = store.register.tables[kind].kind
    return {record.id: title(named, record.values) for record in found}


def visible_ids(
    store: RegisterStore,
    lens: str,
    kind: str,
    numbers: Collection[int],
    now: dt.datetime,
    acting: int | None = None,
) -> set[int]:
    """Those of the ids that exist and the lens shows; without a lens (the register itself) those that exist."""
    chosen = store.acted_in(lens)
    numbers = [number for number in numbers if 0 < number < 2**63]
    if not numbers or (chosen is not None and not chosen.sees(kind)):
        return set()
    shown_by = lens if chosen is not None else None
    fixed = store.fixed(shown_by, acting)
    room = fixed.room(len(numbers))
    key = ("visible", shown_by, kind, room)
    statement = store.kept.get(key)
    if statement is None:
        statement = store.kept[key] = fixed.make(f"SELECT id FROM {quote(kind)} WHERE {fixed.among('id', 'ids', room)}")
    store.to_day(now)
    return {number for (number,) in fixed.fetch(statement, fixed.bind("ids", numbers, room))}


def persons_touched(conn: Connection, register: Register, kind: str, numbers: Sequence[int]) -> tuple[int, ...]:
    """The ids of the persons that rows are about, for the journal."""
    return persons_of(conn.ask(persons_asked(register, kind, numbers)))


def persons_asked(register: Register, kind: str, numbers: Sequence[int]) -> list[tuple[str, dict[str, Any]]]:
    """What is asked for :func:`persons_touched`; :func:`persons_of` makes the ids of the answers."""
    asked = []
    for sql in whose(register, kind):
        for part in _parts(numbers[:MOST_PERSONS]):
            names, params = _names(part)
            asked.append((f"{sql} WHERE t0.id IN ({names})", params))
    return asked


def persons_of(found: Iterable[Result]) -> tuple[int, ...]:
    return tuple(sorted({int(each) for rows in found for (each,) in rows if each}))


def look(store: RegisterStore, kind: str, found: Sequence[Record], *, actor: Actor, now: dt.datetime) -> None:
    """Journal a read: of whom, which items."""
    if found:
        reading(store, actor.lens, kind).look(found, actor=actor, now=now)


def _select(
    store: RegisterStore, conn: Connection, lens: CompiledLens, kind: str, where: str, params: Mapping[str, Any]
) -> list[Record]:
    how = reading(store, lens.key, kind)
    chosen = ", ".join(map(quote, how.columns))
    return [how.record(cells) for cells in conn.execute(f"SELECT {chosen} FROM {quote(kind)} WHERE {where}", params)]


def _names(part: Sequence[int]) -> tuple[str, dict[str, Any]]:
    params = {f"i{number}": each for number, each in enumerate(part)}
    return ", ".join(":" + name for name in params), params


def _parts(numbers: Sequence[int]) -> Iterable[Sequence[int]]:
    for start in range(0, len(numbers), CHUNK):
        yield numbers[start : start + CHUNK]


__all__ = [
    "PAGE",
    "Around",
    "Beside",
    "Filter",
    "From",
    "Page",
    "around",
    "beside",
    "by_ids",
    "count",
    "ids",
    "lens_of",
    "look",
    "persons_asked",
    "persons_of",
    "persons_touched",
    "pointing",
    "row",
    "rows",
    "titles",
    "visible_ids",
]
