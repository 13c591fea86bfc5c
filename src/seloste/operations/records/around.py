"""A row and what refers to it: found by the indexes of the references first, then read through the lens by id."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from seloste.notice.ways import is_date, own_date, references
from seloste.operations.actor import Actor
from seloste.operations.records.model import NoSuchRowError, Record
from seloste.operations.records.reading import reading
from seloste.store.engine import quote
from seloste.store.registers import RegisterStore


@dataclass(frozen=True, slots=True)
class Around:
    """A row and what refers to it, by kind, newest first."""

    row: Record
    rows: Mapping[str, tuple[Record, ...]] = field(default_factory=dict)
    cut: frozenset[str] = frozenset()
    """The kinds of which there are more than were asked for: these are the newest."""


class _Step:
    """From rows of some kinds to the rows that point at them: one statement for all the ways there are."""

    def __init__(self, store: RegisterStore, ways: Sequence[tuple[str, str, str]], most: int | None = None) -> None:
        self._store = store
        self._most = most
        self._fixed = store.fixed()
        self._ways = ways
        self._statements: dict[tuple[tuple[str, int], ...], str] = {}
        self.columns: dict[str, tuple[tuple[str, str], ...]] = {
            kind: tuple((column, target) for each, column, target in ways if each == kind) for kind, _, _ in ways
        }
        """Kind -> (column, target) by which its rows may point."""

    def ids(self, at: Mapping[str, Collection[int]], now: dt.datetime) -> dict[str, set[int]]:
        """By kind the ids of the rows that point at some ids of some kinds, shown or not; by each way the newest when
        only so many are asked for.
        """
        found: dict[str, set[int]] = {}
        if not self._ways:
            return found
        fixed = self._fixed
        params: dict[str, int | str] = {}
        rooms = []
        for target, numbers in at.items():
            room = fixed.room(len(numbers))
            rooms.append((target, room))
            if room == 1:
                (params[target],) = numbers
            else:
                params |= fixed.bind(target, numbers, room)
        key = tuple(rooms)
        statement = self._statements.get(key)
        if statement is None:
            statement = self._statements[key] = self._make(dict(rooms))
        self._store.to_day(now)
        for place, number in fixed.fetch(statement, params):
            kind = self._ways[place][0]
            if kind in found:
                found[kind].add(number)
            else:
                found[kind] = {number}
        return found

    def _make(self, rooms: Mapping[str, int]) -> str:
        arms = []
        for place, (kind, column, target) in enumerate(self._ways):
            arm = f"SELECT {place}, id FROM {quote(kind)} WHERE {self._fixed.among(column, target, rooms[target])}"
            if self._most is not None:
                arm = f"SELECT * FROM ({arm} {self._newest(kind)} LIMIT {self._most}) way_{place}"
            arms.append(arm)
        return self._fixed.make(" UNION ALL ".join(arms))

    def _newest(self, kind: str) -> str:
        table = self._store.register.tables[kind]
        dated = own_date(table.kind)
        if dated is None or table.column(dated) is None or not is_date(table.kind.items[dated]):
            return "ORDER BY id DESC"
        return f"ORDER BY CASE WHEN {quote(dated)} IS NULL THEN 1 ELSE 0 END, {quote(dated)} DESC, id DESC"


def around(
    store: RegisterStore,
    kind: str,
    number: int,
    *,
    actor: Actor,
    now: dt.datetime,
    depth: int = 3,
    most: int | None = None,
    journal: bool = True,
) -> Around:
    """A row and everything that refers to it, and to that, within the lens (a person with all that is theirs).

    With ``most`` only so many of each kind, the newest. Raises NoSuchRowError when the row is not there or not shown.
    """
    how = reading(store, actor.lens, kind, actor.person)
    centre = how.one(number, now)
    if centre is None:
        raise NoSuchRowError
    known: dict[str, dict[int, Record]] = {kind: {number: centre}}
    frontier: dict[str, set[int]] = {kind: {number}}
    person = store.register.tables[kind].kind.subject
    cut: set[str] = set()
    for _ in range(depth):
        # One more than is asked for tells that there are more.
        step = _step(store, actor.lens, kind, tuple(frontier), most + 1 if most is not None else None)
        following: dict[str, set[int]] = {}
        for other, ids in step.ids(frontier, now).items():
            found = known.setdefault(other, {})
            if most is not None and len(ids) > most:
                cut.add(other)
            rows = reading(store, actor.lens, other, actor.person).by("id", ids.difference(found), now)
            reached = _pointing(rows, step.columns[other], frontier)
            found |= reached
            # What hangs on nobody's master data (an event's other guests) is not a person's.
            if reached and not (person and store.register.tables[other].kind.about == "nobody"):
                following[other] = set(reached)
        frontier = following
        if not frontier:
            break
    del known[kind][number]
    shown = {}
    for other in store.register.lenses[actor.lens].shows:
        if found := known.get(other, {}):
            shown[other] = _newest_first(store, other, found.values())[:most]
    if journal:
        how.look((centre,), actor=actor, now=now)
        for other, records in shown.items():
            reading(store, actor.lens, other).look(records, actor=actor, now=now)
    return Around(centre, shown, frozenset(cut & shown.keys()))


def _pointing(
    rows: Iterable[Record], columns: Iterable[tuple[str, str]], at: Mapping[str, Collection[int]]
) -> dict[int, Record]:
    """The rows that point at some ids by a reference that the lens shows; one that it does not leads nowhere."""
    found = {}
    for row in rows:
        shown = row.references
        for column, target in columns:
            if shown.get(column) in at[target]:
                found[row.id] = row
                break
    return found


def pointing(
    store: RegisterStore, kind: str, column: str, targets: Collection[int], *, actor: Actor, now: dt.datetime
) -> list[Record]:
    """Rows of a kind whose reference ``column`` points at any of ``targets``, as the lens shows them; not journaled
    apart from the read it serves.
    """
    key = ("pointing", kind, column)
    step: _Step | None = store.kept.get(key)
    if step is None:
        step = store.kept[key] = _Step(store, ((kind, column, "at"),))
    ids = step.ids({"at": targets}, now).get(kind, set()) if targets else set()
    found = reading(store, actor.lens, kind, actor.person).by("id", ids, now)
    return [record for record in found if record.references.get(column) in targets]


def _step(store: RegisterStore, lens: str, centre: str, targets: tuple[str, ...], most: int | None) -> _Step:
    """The step from some kinds to those that the lens shows."""
    key = ("step", lens, centre, targets, most)
    step: _Step | None = store.kept.get(key)
    if step is None:
        tables = store.register.tables
        ways = [
            (kind, reference.column, reference.target)
            for kind in store.register.lenses[lens].shows
            # A kind without parents that points at itself is another of the same, not something of this one.
            if kind != centre or tables[kind].kind.of
            for reference in references(tables[kind].kind)
            if reference.target in targets and tables[kind].column(reference.column)
        ]
        step = store.kept[key] = _Step(store, ways, most)
    return step


def _newest_first(store: RegisterStore, kind: str, found: Collection[Record]) -> tuple[Record, ...]:
    if len(found) == 1:
        return (*found,)
    dated = own_date(store.register.tables[kind].kind)

    def moment(record: Record) -> tuple[str, int]:
        value = record.values.get(dated) if dated else None
        chosen = value if value is not None else record.recorded_at
        return (chosen.isoformat() if chosen is not None else "", record.id)

    return tuple(sorted(found, key=moment, reverse=True))
