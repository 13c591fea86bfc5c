"""Why: for each cell of a row its source, its purposes and their grounds, until when, and who may receive it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from seloste.catalogue.model import Text
from seloste.clock import from_utc_text
from seloste.compiler.register import FOREVER, Register
from seloste.compiler.sweep import among_ids
from seloste.compiler.why import Asked, borrowing_statement, why_statement
from seloste.notice.model import Basis, Recipient, Ref
from seloste.notice.ways import cell_paths
from seloste.operations.actor import Actor
from seloste.operations.records.read import lens_of, visible_ids
from seloste.store.due import ids_value
from seloste.store.engine import Connection, quote
from seloste.store.registers import RegisterStore

PART = 500

MOST_REASONS = 5000
"""Reasons kept for a kind, so that each is made once for the rows that share it."""

End = Literal["date", "running", "law", "person", "held", "standing", "row"]
"""How a life line ends: a known day; not begun; a day that a law sets; when the person says so; a hold; master data;
with its row, since a period of that is counted from it."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One purpose that uses a cell. ``until`` is the last day, None when no day is known."""

    purpose: str
    text: Text
    basis: Basis
    interest: Text | None
    law: tuple[str, ...]
    rule: str
    """The period as the notice writes it."""
    needed: bool
    usable: bool
    until: dt.date | None
    end: End


@dataclass(frozen=True, slots=True)
class Borrowing:
    """A purpose that uses the cell while another holds it, as the notice has it: :func:`borrowing` knows of a row."""

    purpose: str
    text: Text
    basis: Basis


@dataclass(frozen=True, slots=True)
class CellWhy:
    """Why one cell is held."""

    item: str
    source: str
    source_text: Text
    recorded_at: dt.datetime | None
    reasons: tuple[Reason, ...]
    borrowings: tuple[Borrowing, ...]
    recipients: tuple[Recipient, ...]
    until: dt.date | None
    """The last of the days of the purposes that need it."""
    end: End

    @property
    def beyond(self) -> tuple[Reason, ...]:
        """Where the person's word ends it: what still needs it until a day when that word is taken back."""
        return beyond(self.reasons) if self.end == "person" and self.until is None else ()


@dataclass(frozen=True, slots=True)
class Why:
    """Why a row is held, by item (references of ``of`` under the parent's name)."""

    kind: str
    id: int
    held: bool
    cells: Mapping[str, CellWhy]
    until: dt.date | None
    end: End


def why(store: RegisterStore, kind: str, number: int, *, actor: Actor, now: dt.datetime) -> Why:
    """Why the cells that the lens shows of a row are held. Raises NoSuchRowError. Reads no value."""
    from seloste.operations.records.model import NoSuchRowError

    found = whys(store, kind, [number], actor=actor, now=now)
    if number not in found:
        raise NoSuchRowError
    return found[number]


def borrowing(store: RegisterStore, kind: str, number: int, *, now: dt.datetime) -> dict[str, list[str]]:
    """Of a row the purposes that borrow each cell and may use it now: it is lent, and the person's word lets them."""
    sql, asked = borrowing_statement(store.register, kind, store.database.dialect)
    found: dict[str, list[str]] = {}
    if sql:
        with store.read(now) as conn:
            row = conn.execute(sql, {"ids": ids_value(conn, [number])}).first()
        for (column, purpose), may in zip(asked, row[1:] if row is not None else (), strict=False):
            if may:
                found.setdefault(column, []).append(purpose)
    return found


def whys(store: RegisterStore, kind: str, numbers: Sequence[int], *, actor: Actor, now: dt.datetime) -> dict[int, Why]:
    """Why for many rows of a kind; rows the lens does not show are left out."""
    lens = lens_of(store, actor, kind)
    shown = visible_ids(store, lens.key, kind, set(numbers), now, actor.person)
    if not shown:
        return {}
    register = store.register
    columns = [
        column.name
        for column in register.tables[kind].of_role("reference", "item")
        if column.item in lens.shows[kind] or column.item is None
    ]
    with store.read(now) as conn:
        return told(store, conn, kind, shown, columns)


def told(
    store: RegisterStore, conn: Connection, kind: str, numbers: Collection[int], columns: Sequence[str]
) -> dict[int, Why]:
    """Why cells of rows are held, whoever asks: the caller has seen to what may be told."""
    known = known_of(store.register, kind, store.database.dialect)
    asked = [known.columns[column] for column in columns]
    found: dict[int, Why] = {}
    ordered = sorted(numbers)
    for start in range(0, len(ordered), PART):
        # One text however many ids there are, so that it is prepared once.
        params = {"ids": ids_value(conn, ordered[start : start + PART])}
        rows = conn.execute(known.sql, params).all()
        origins = _origins(conn, kind, params)
        written = _row_sources(conn, kind, params)
        for row in rows:
            number = int(row[0])
            found[number] = _why(known, asked, row, origins.get(number, _NONE), written[number])
    return found


_NONE: Mapping[str, tuple[str, str]] = {}


@dataclass(frozen=True, slots=True)
class _Column:
    """What is the same for a column in every row: who may use it, where the answers stand, who receives it."""

    name: str
    users: tuple[tuple[str, int], ...]
    borrowers: tuple[str, ...]
    recipients: tuple[Recipient, ...]
    group: int
    """Columns of one group have the same reasons and borrowings."""


class Known:
    """The statement of a kind and what is the same in every row."""

    def __init__(self, register: Register, kind: str, dialect: str) -> None:
        statement = why_statement(register, kind, dialect)
        places = {each: 2 + 3 * place for place, each in enumerate(statement.asked)}
        self.register = register
        self.kind = kind
        self.sql = statement.sql
        self.places = places
        """Where in a row of the statement need, use and the last day of what is asked begin."""
        self.width = 2 + 3 * len(places)
        self.columns: dict[str, _Column] = {}
        self._reasons: dict[tuple[str, int, int, str | None], Reason] = {}
        groups: dict[object, int] = {}
        for column in register.tables[kind].of_role("reference", "item"):
            name = column.name
            paths = cell_paths(register.notice.kinds, kind, name)
            users = tuple((purpose, places[Asked(purpose, paths)]) for purpose in register.users(kind, name))
            borrowers = tuple(register.borrowers(kind, name))
            group = groups.setdefault((users, borrowers), len(groups))
            self.columns[name] = _Column(name, users, borrowers, tuple(_recipients(register, kind, name)), group)

    def reason(self, purpose: str, need: int, use: int, day: str | None) -> Reason:
        """Rows have few different answers, so each is made once."""
        key = purpose, need, use, day
        found = self._reasons.get(key)
        if found is None:
            if len(self._reasons) > MOST_REASONS:
                self._reasons.clear()
            found = self._reasons[key] = _reason(self.register, self.kind, *key)
        return found


def known_of(register: Register, kind: str, dialect: str) -> Known:
    """The one of a kind."""
    return register.once(("told", kind, dialect), lambda: Known(register, kind, dialect))


def _origins(conn: Connection, kind: str, params: Mapping[str, Any]) -> dict[int, dict[str, tuple[str, str]]]:
    found: dict[int, dict[str, tuple[str, str]]] = {}
    among = among_ids("row", conn.dialect)
    sql = f"SELECT row, item, source, at FROM sys_cell_source WHERE kind = :kind AND {among}"
    for row, item, source, at in conn.execute(sql, {**params, "kind": kind}):
        found.setdefault(int(row), {})[item] = (source, at)
    return found


def _row_sources(conn: Connection, kind: str, params: Mapping[str, Any]) -> dict[int, tuple[str, str]]:
    sql = f"SELECT id, sys_source, sys_recorded_at FROM {quote(kind)} WHERE {among_ids('id', conn.dialect)}"
    return {int(row): (source or "", at or "") for row, source, at in conn.execute(sql, params)}


Grounds = tuple[tuple[Reason, ...], tuple[Borrowing, ...], dt.date | None, End]


def _why(
    known: Known,
    columns: Sequence[_Column],
    row: Sequence[Any],
    origins: Mapping[str, tuple[str, str]],
    written: tuple[str, str],
) -> Why:
    grounds: dict[int, Grounds] = {}
    cells = cell_whys(known, columns, row, origins, written, grounds)
    held = bool(row[1])
    until, end = last_of([reason for reasons, *_ in grounds.values() for reason in reasons], held=held)
    return Why(known.kind, int(row[0]), held, cells, until, end)


def cell_whys(
    known: Known,
    columns: Iterable[_Column],
    row: Sequence[Any],
    origins: Mapping[str, tuple[str, str]],
    written: tuple[str, str],
    grounds: dict[int, Grounds],
) -> dict[str, CellWhy]:
    """Why each of some cells of a row is held. ``origins``: sources of single cells, ``written`` that of the row.

    ``grounds``: reasons and borrowings by group of columns; those made here are added, for rows with the same answers.
    """
    held = bool(row[1])
    sources: dict[tuple[str, str], tuple[str, Text, dt.datetime | None]] = {}
    cells = {}
    for column in columns:
        found = grounds.get(column.group)
        if found is None:
            found = grounds[column.group] = _grounds(known, column, row, held=held)
        reasons, borrowings, until, end = found
        origin = origins.get(column.name, written)
        if origin not in sources:
            source, at = origin
            named = known.register.notice.sources.get(source)
            sources[origin] = source, named.text if named else {}, from_utc_text(at) if at else None
        cells[column.name] = CellWhy(column.name, *sources[origin], reasons, borrowings, column.recipients, until, end)
    return cells


def _grounds(known: Known, column: _Column, row: Sequence[Any], *, held: bool) -> Grounds:
    reasons = tuple([known.reason(purpose, *row[place : place + 3]) for purpose, place in column.users])
    borrowings = tuple(_borrowings(known.register, column.borrowers))
    return (reasons, borrowings, *last_of(reasons, held=held))


def _reason(register: Register, kind: str, key: str, need: int, use: int, day: str | None) -> Reason:
    purpose = register.purposes[key]
    keep = next((each for each in purpose.keep if each.matter == kind), purpose.keep[0] if purpose.keep else None)
    way = register.ways[key, kind]
    end: End
    if way.base == "master":
        end = "standing"
    elif way.base == "standing":
        end = "person"
    elif day is not None and day >= FOREVER:
        end = "running"
    else:
        end = "law" if keep is not None and keep.law else "date"
    until = dt.date.fromisoformat(day) if day is not None and day < FOREVER else None
    return Reason(
        purpose=key,
        text=purpose.text,
        basis=purpose.basis,
        interest=purpose.interest,
        law=purpose.law,
        rule=keep.text if keep else "",
        needed=bool(need),
        usable=bool(use),
        until=until,
        end=end,
    )


_ORDER: Mapping[End, int] = {"date": 0, "law": 0, "person": 1, "running": 2, "standing": 3, "held": 4, "row": 0}


def last_of(reasons: Sequence[Reason], *, held: bool) -> tuple[dt.date | None, End]:
    """The end of what several purposes need: the one that lasts longest."""
    if held:
        return None, "held"
    needing = [reason for reason in reasons if reason.needed]
    if not needing:
        return None, "date"
    longest = max(needing, key=_lasting)
    return longest.until, longest.end


def beyond(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Of the reasons that need something now, those that last to a day whatever the person says, the last first."""
    dated = [reason for reason in reasons if reason.needed and reason.end != "person" and reason.until is not None]
    return tuple(sorted(dated, key=_lasting, reverse=True))


def _lasting(reason: Reason) -> tuple[int, dt.date, bool]:
    """A consent that lasts to a day ends on it like any period; of two that end together, that which no word ends."""
    order = 0 if reason.end == "person" and reason.until is not None else _ORDER[reason.end]
    return order, reason.until or dt.date.min, reason.end != "person"


def _borrowings(register: Register, borrowers: Sequence[str]) -> Iterator[Borrowing]:
    for key in borrowers:
        purpose = register.purposes[key]
        yield Borrowing(key, purpose.text, purpose.basis)


def _recipients(register: Register, kind: str, column: str) -> Iterator[Recipient]:
    for recipient in register.notice.recipients:
        if Ref(kind, column) in recipient.gets:
            yield recipient
