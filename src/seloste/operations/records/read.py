"""Reading through a lens: one row, lists, everything around a row. Each read is journaled."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seloste.catalogue.model import Item
from seloste.compiler.guard import GUARDED, guard_of
from seloste.compiler.register import CompiledLens, Register, Storage
from seloste.errors import BadValue
from seloste.notice.ways import references, subject_paths
from seloste.operations.actor import Actor
from seloste.operations.records import ordering
from seloste.operations.records.around import Around, around, pointing
from seloste.operations.records.beside import Beside, beside
from seloste.operations.records.model import NoSuchRowError, Record, title
from seloste.operations.records.ordering import beginnings_sql, is_text, order_by, part_of
from seloste.operations.records.reading import MOST_PERSONS, columns_of, reading
from seloste.operations.records.walk import From, walk_of
from seloste.store.engine import Connection, Result, quote
from seloste.store.registers import RegisterStore
from seloste.store.values import to_cell

PAGE = 50
MOST_PAGES = 10**9
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Filter:
    """Rows whose item compares so with a value of its type.

    ``op``: ``=``, ``>=``, ``<=``, ``empty``, ``filled``, ``has`` (a list holds the value) and, of ``id``, ``in``.
    ``relationship.stage`` is an item of a tie: rows that some tie of that kind, so filtered, leads to.
    """

    item: str
    op: str
    value: Any = None


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
    ``page`` then is what number it has. ``most``: no more rows are counted than so many.
    """
    lens = lens_of(store, actor, kind)
    where, params = _where(store, lens, kind, filters)
    order = order_by(store.register, lens, kind, sort, descending=descending)
    start = (min(max(page, 1), MOST_PAGES) - 1) * size
    with store.through(lens.key, now, actor.person) as conn:
        total = _total(conn, kind, where, params, most)
        near = total > ordering.LONG and (begins is not None or start == 0)
        walk = walk_of(store, lens, kind, sort, order, descending=descending, now=now) if near else None
        walked = walk.page(conn, where, params, size + 1, begins) if walk is not None else None
        if walked is not None:
            found = _in_turn(store, conn, lens, kind, walked)
        else:
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
    over = most is not None and total > most
    return Page(tuple(shown), total - over, page, size, over, len(found) > size)


def _total(conn: Connection, kind: str, where: str, params: Mapping[str, Any], most: int | None) -> int:
    """How many rows there are; ``most + 1`` for more than that."""
    if most is None:
        return int(conn.execute(f"SELECT count(id) FROM {quote(kind)} WHERE {where}", params).all()[0][0])
    some = f"SELECT id FROM {quote(kind)} WHERE {where} LIMIT {int(most) + 1}"
    return int(conn.execute(f"SELECT count(id) FROM ({some}) counted", params).all()[0][0])


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
    where, params = _where(store, lens, kind, filters)
    order = order_by(store.register, lens, kind, sort, descending=descending)
    with store.through(lens.key, now, actor.person) as conn:
        return [
            int(each)
            for (each,) in conn.execute(f"SELECT id FROM {quote(kind)} WHERE {where} ORDER BY {order}", params)
        ]


def count(store: RegisterStore, kind: str, *, filters: Sequence[Filter] = (), actor: Actor, now: dt.datetime) -> int:
    """How many rows of a kind the lens shows. Not journaled: it tells nothing of anybody."""
    lens = lens_of(store, actor, kind)
    where, params = _where(store, lens, kind, filters)
    with store.through(lens.key, now, actor.person) as conn:
        return int(conn.execute(f"SELECT count(id) FROM {quote(kind)} WHERE {where}", params).all()[0][0])


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
    for path in subject_paths(register.notice.kinds, kind):
        sql = _path_sql(register, kind, path)
        for part in _parts(numbers[:MOST_PERSONS]) if sql is not None else ():
            names, params = _names(part)
            asked.append((f"{sql} WHERE t0.id IN ({names})", params))
    return asked


def persons_of(found: Iterable[Result]) -> tuple[int, ...]:
    return tuple(sorted({int(each) for rows in found for (each,) in rows if each}))


def _path_sql(register: Register, kind: str, path: Sequence[str]) -> str | None:
    """SELECT of the subject's id at the end of a path; None when the subject is not a person."""
    at, joins = kind, ""
    last = "t0.id"
    for number, column in enumerate(path):
        target = next(r.target for r in references(register.tables[at].kind) if r.column == column)
        last = f"t{number}.{quote(column)}"
        if number < len(path) - 1:
            joins += f" JOIN {quote(target)} t{number + 1} ON t{number + 1}.id = {last}"
        at = target
    from seloste.catalogue.model import PERSON

    return f"SELECT DISTINCT {last} FROM {quote(kind)} t0{joins}" if at == PERSON else None


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


_COMPARISONS = {"=": "=", ">=": ">=", "<=": "<="}


def _where(
    store: RegisterStore, lens: CompiledLens, kind: str, filters: Sequence[Filter]
) -> tuple[str, dict[str, Any]]:
    parts, params = ["1 = 1"], dict[str, Any]()
    for number, each in enumerate(filters):
        tie, _, item = each.item.rpartition(".")
        if not tie:
            part, given = _condition(store, lens, kind, each, f"f{number}")
        elif not lens.sees(tie) or kind not in columns_of(store.register, lens, tie):
            raise NoSuchRowError
        else:
            inner, given = _condition(store, lens, tie, Filter(item, each.op, each.value), f"f{number}")
            part = f"id IN (SELECT {quote(kind)} FROM {quote(tie)} WHERE {inner})"
        parts.append(part)
        params |= given
    return " AND ".join(parts), params


def _condition(
    store: RegisterStore, lens: CompiledLens, kind: str, each: Filter, name: str
) -> tuple[str, dict[str, Any]]:
    """One filter as a condition on the rows of a kind.

    Raises NoSuchRowError for an item the lens does not show or a comparison there is not, and BadValue for a value that
    is not of the item's type.
    """
    if each.item == "id" and each.op == "in":
        fixed = store.fixed(lens.key)
        return fixed.among("id", name, 0), fixed.bind(name, _whole(each.value), 0)
    if each.item not in columns_of(store.register, lens, kind):
        raise NoSuchRowError
    if each.op in ("empty", "filled"):
        return _filled(store.register, kind, each.item, wanted=each.op == "filled"), {}
    table = store.register.tables[kind]
    item, column = table.kind.items.get(each.item), table.column(each.item)
    if column is None or column.storage == "bytes":
        raise NoSuchRowError
    if each.op == "has":
        wanted = (
            re.sub(r"([!%_])", r"!\1", json.dumps(each.value, ensure_ascii=False)) if _is_text(each.value) else None
        )
        if wanted is None or item is None or not item.many:
            raise _unfit()
        return f"{quote(each.item)} LIKE :{name} ESCAPE '!'", {name: f"%{wanted}%"}
    if each.op not in _COMPARISONS:
        raise NoSuchRowError
    value = _cell(item, column.storage, each.value)
    return f"{quote(each.item)} {_COMPARISONS[each.op]} :{name}", {name: value}


def _filled(register: Register, kind: str, column: str, *, wanted: bool) -> str:
    """Whether there is a value; of a sealed cell that is told, and nothing else."""
    guard = guard_of(register, kind)
    there = f"{quote(column)} IS NOT NULL"
    if guard is not None and column in guard.columns:
        there = f"({there} OR (coalesce({GUARDED}, 0) & {guard.bit(column)}) != 0)"
    return there if wanted else f"NOT {there}"


def _cell(item: Item | None, storage: Storage, value: Any) -> Any:
    """What a value is compared as; each engine takes only what its column holds."""
    try:
        cell = value if item is None or item.type == "ref" else to_cell(item, value)
    except (TypeError, ValueError, AttributeError) as problem:
        raise _unfit() from problem
    if storage == "integer" and isinstance(cell, int) and abs(cell) < 2**63:
        return int(cell)
    if storage == "real" and isinstance(cell, int | float) and math.isfinite(cell):
        return float(cell)
    if storage == "text" and _is_text(cell):
        return cell
    raise _unfit()


def _whole(value: Any) -> list[int]:
    if isinstance(value, list | tuple | set) and all(isinstance(each, int) and abs(each) < 2**63 for each in value):
        return [int(each) for each in value]
    raise _unfit()


def _is_text(value: Any) -> bool:
    """Text that both engines can be asked about: no NUL and no half of a character."""
    return isinstance(value, str) and "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)


def _unfit() -> BadValue:
    return BadValue("Tällä arvolla ei voi rajata tätä tietoa.", "This item cannot be filtered by such a value.")


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
