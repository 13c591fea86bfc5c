"""Everything held of one person, with its reasons: what a copy tells them, whoever in the house may see what (Art. 15).

The set is the compiler's: each cell that is theirs and needed, and what stays with its row. Nothing here lists a kind,
an item or a column. Rows come with the answers to every question that is asked of them; see ``compiler.copy``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain

from seloste.compiler.copy import Copy, copy_of
from seloste.compiler.copy_names import Named, Names, named, names_of
from seloste.compiler.register import Register
from seloste.compiler.sweep import sweep
from seloste.operations.portal.me import ACCOUNT
from seloste.operations.records.model import title
from seloste.operations.rights.own import Look, Own, OwnCell, OwnRow, Place, Pointed
from seloste.operations.rights.telling import Origins, OwnKind, Told
from seloste.store.due import ids_value
from seloste.store.engine import Connection, Row
from seloste.store.journal_pages import deeds_on
from seloste.store.own_rows import own_rows
from seloste.store.registers import RegisterStore
from seloste.store.values import converter

LOOKING = ("look", "reveal", "export")
"""Deeds of the journal by which somebody saw a person's data or took them along."""


Rows = Mapping[str, list[OwnRow]]
"""By their kind."""


def gather(
    store: RegisterStore,
    conn: Connection,
    person: int,
    *,
    now: dt.datetime,
    whole: bool = True,
    kinds: frozenset[str] | None = None,
) -> Own:
    """Everything of a person. Call :meth:`reads.flush` of the store first, or the latest looks are missing.

    Unless ``whole``, without looks and without names of what rows point at. ``kinds``: rows of these alone.
    """
    conn.narrow()
    looks = tuple(_looks(store, conn, person)) if whole else ()
    plan = _Plan.of(store, conn, kinds)
    own = _rows(store, conn, plan, person, named=whole)
    return Own(person, now, tuple(chain.from_iterable(own.values())), looks, _named(plan, conn, own))


# --- rows -------------------------------------------------------------------------------------------------------------


class _Plan:
    """The statements of a register and what is known beforehand of each kind that they bring."""

    def __init__(self, store: RegisterStore, dialect: str, only: frozenset[str] | None) -> None:
        self.copy: Copy = copy_of(store.register, dialect, only)
        self.kinds = [OwnKind(store, each, dialect) for each in self.copy.kinds]
        self.register = register = store.register
        self.names: dict[str, _Called] = {}
        self.recipients: list[tuple[str, tuple[Named, _Called] | None]] = []
        for one in register.notice.recipients:
            if one.who_from is not None:
                who = named(register, one, dialect)
                called = None if who is None else (who, _Called(register, who.names))
                self.recipients.append((one.key, called))

    @staticmethod
    def of(store: RegisterStore, conn: Connection, only: frozenset[str] | None) -> _Plan:
        """The one of a register, made on first asking."""
        found: _Plan | None = store.kept.get(("copy", only))
        if found is None:
            found = store.kept["copy", only] = _Plan(store, conn.dialect, only)
        return found


def _rows(store: RegisterStore, conn: Connection, plan: _Plan, person: int, *, named: bool) -> Rows:
    told, own = Told(store, person), dict[str, list[OwnRow]]()
    raws = own_rows(conn, plan.copy, person)
    for number in sorted(raws):
        of = plan.kinds[number]
        if rows := of.rows(raws[number], told):
            own[of.kind], told.kinds[of.kind] = rows, of
    for kind, bare in told.bare.items():
        going = _going(store, conn, kind, bare)
        own[kind] = [row for row in own[kind] if row.id not in going]
        told.values[kind] = [each for each in told.values[kind] if each[0] not in going]
    if told.sourced:
        told.origins = _origins(conn, told.sourced)
    if named:
        told.names = _names(plan, conn, told.kinds, own)
    return own


def _going(store: RegisterStore, conn: Connection, kind: str, numbers: Sequence[int]) -> set[int]:
    """Of rows of which nobody needs anything, those that the next sweep takes: nothing hangs on them."""
    free = sweep(store.register, conn.dialect).kinds[kind].free
    return {int(row[0]) for row in conn.execute(free, {"ids": ids_value(conn, numbers)})}


def _origins(conn: Connection, rows: Mapping[str, Sequence[int]]) -> dict[tuple[str, int], Origins]:
    """The sources of single cells, of rows that have any."""
    sql = "SELECT item, source, at FROM sys_cell_source WHERE kind = :kind AND row = :row"
    return {
        (kind, number): {item: (source, at) for item, source, at in conn.execute(sql, {"kind": kind, "row": number})}
        for kind, numbers in rows.items()
        for number in numbers
    }


def _names(plan: _Plan, conn: Connection, kinds: Mapping[str, OwnKind], own: Rows) -> dict[tuple[str, int], str]:
    """What rows point at that is nobody's, by its name."""
    wanted: dict[str, set[int]] = {}
    for kind, of in kinds.items():
        for name, target in of.nobodys:
            if numbers := {row.values[name] for row in own[kind] if name in row.values}:
                wanted.setdefault(target, set()).update(numbers)
    found = {}
    for kind, numbers in wanted.items():
        if (names := plan.names.get(kind)) is None:
            names = plan.names[kind] = _Called(plan.register, names_of(plan.register, kind, conn.dialect))
        for (number,), name in names.of(conn, numbers):
            found[kind, number] = name
    return found


# --- who else ---------------------------------------------------------------------------------------------------------


Naming = dict[str, frozenset[tuple[str, int]]]
"""Names of a recipient, each with the rows (kind and id) that lead to it."""


def _named(plan: _Plan, conn: Connection, own: Rows) -> dict[str, Naming]:
    """Recipients that rows name, by their keys: one whom no row names has no names."""
    return {key: _who(conn, who, own) if who is not None else {} for key, who in plan.recipients}


def _who(conn: Connection, who: tuple[Named, _Called], own: Rows) -> Naming:
    of, called = who
    kinds = tuple(of.items)
    wanted = [
        [row.id for row in own.get(kind, ()) if not gets.isdisjoint(row.values)] for kind, gets in of.items.items()
    ]
    if not any(wanted):
        return {}
    ids = {name: ids_value(conn, numbers) for name, numbers in zip(of.rows, wanted, strict=True)}
    found: Naming = {}
    for (number, row), name in called.read(conn, ids):
        if name:
            found[name] = found.get(name, frozenset()) | {(kinds[number], row)}
    return found


class _Called:
    """What rows are called, by a statement of ``compiler.copy_names``."""

    def __init__(self, register: Register, names: Names) -> None:
        self._kind = register.tables[names.kind].kind
        self._names = names
        items = ((name, self._kind.items.get(name)) for name in names.items)
        self._convert = [(name, None if item is None else converter(item)) for name, item in items]

    def of(self, conn: Connection, numbers: Collection[int]) -> Iterator[tuple[tuple[int, ...], str]]:
        """Rows by their ids; a person mostly points at one company, and one needs no list."""
        if len(numbers) == 1:
            return self._told(conn.fetch(self._names.one, {"id": next(iter(numbers))}))
        return self.read(conn, {"ids": ids_value(conn, numbers)})

    def read(self, conn: Connection, ids: Mapping[str, str]) -> Iterator[tuple[tuple[int, ...], str]]:
        """What the statement tells first, and a name; that is empty where nothing is filled that names the row."""
        return self._told(conn.fetch(self._names.sql, ids))

    def _told(self, rows: Sequence[Row]) -> Iterator[tuple[tuple[int, ...], str]]:
        for row in rows:
            values = {}
            head = len(row) - len(self._convert)
            for (name, convert), cell in zip(self._convert, row[head:], strict=True):
                if cell is not None:
                    values[name] = cell if convert is None else convert(cell)
            text = title(self._kind, values) if self._names.title else "".join(map(str, values.values()))
            yield row[:head], text


def _looks(store: RegisterStore, conn: Connection, person: int) -> Iterator[Look]:
    """Looks at the person, newest first: their dates and purposes (C-579/21)."""
    for deed in deeds_on(conn, person, LOOKING):
        purposes = _acted_for(store, deed.lens, deed.kind)
        if deed.verb == "export" and deed.note in store.register.purposes:
            purposes = (deed.note,)
        yield Look(deed.when, deed.lens, deed.verb, purposes, deed.kind, deed.items, deed.actor == ACCOUNT)


def _acted_for(store: RegisterStore, lens: str, kind: str) -> tuple[str, ...]:
    """The purposes of a role that concern a kind."""
    found = store.register.lenses.get(lens)
    if found is None or kind not in store.register.tables:
        return ()
    return store.register.once(("acted for", lens, kind), lambda: _concerning(store, found.purposes, kind))


def _concerning(store: RegisterStore, purposes: Sequence[str], kind: str) -> tuple[str, ...]:
    columns = [column.name for column in store.register.tables[kind].of_role("reference", "item")]
    using = {
        key for name in columns for key in (*store.register.users(kind, name), *store.register.borrowers(kind, name))
    }
    return tuple(key for key in purposes if key in using)


__all__ = ["Look", "Own", "OwnCell", "OwnRow", "Place", "Pointed", "gather"]
