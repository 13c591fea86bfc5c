"""Rows with what they point at: one question and one entry of the journal, however much of it is kept elsewhere.

What holds of many rows is kept once, with what they point at: where a customer belongs, for what a record is there and
whose it is. Whoever asks what holds of rows wants both, and perhaps who of their subjects another role may use.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from seloste.catalogue.model import PERSON
from seloste.notice.ways import references
from seloste.operations.actor import Actor
from seloste.operations.records.model import Record
from seloste.operations.records.reading import MOST_PERSONS, Reading, reading
from seloste.store.engine import Row
from seloste.store.journal_entry import deed
from seloste.store.registers import RegisterStore


@dataclass(frozen=True, slots=True)
class Beside:
    """Rows in id order, and each row that they point at once."""

    reading: Reading
    cells: Sequence[Row]
    """By ``reading.columns``, as the database holds them: of thousands of rows hardly all are to be shown."""
    pointed: Mapping[str, Mapping[int, Record]]
    """Kind -> id -> row pointed at, as far as the lens shows it; without source and moment."""
    usable: Mapping[str, frozenset[int]]
    """Of the subjects pointed at, by kind, those that the other role sees; empty when none was asked about."""

    def records(self) -> list[Record]:
        return [self.reading.record(cells) for cells in self.cells]


def beside(
    store: RegisterStore,
    kind: str,
    column: str,
    numbers: Collection[int],
    *,
    items: tuple[str, ...] | None = None,
    role: str = "",
    actor: Actor,
    now: dt.datetime,
    journal: bool = True,
) -> Beside:
    """The rows of a kind whose ``column`` (``id``, or a reference that the lens shows) is any of some ids.

    ``items``: of the rows only these items, beside what they point at; None for all. ``role``: which subjects another
    role may use is told too; the caller has seen to it that this may be told.
    Raises NoSuchRowError when the lens does not show the kind.
    """
    how = reading(store, actor.lens, kind, actor.person, items)
    found = _asked(store, how, column, numbers, role, actor, now)
    if journal and found.cells:
        _look(store, found, actor, now)
    return found


def _ways(store: RegisterStore, lens: str, how: Reading) -> Iterator[tuple[str, str]]:
    """(column, kind pointed at) of the references that the lens shows and whose ends it sees."""
    sees = store.register.lenses[lens].sees
    for each in references(store.register.tables[how.kind].kind):
        if each.column in how.columns and each.target in store.register.tables and sees(each.target):
            yield each.column, each.target


def _asked(
    store: RegisterStore,
    how: Reading,
    column: str,
    numbers: Collection[int],
    role: str,
    actor: Actor,
    now: dt.datetime,
) -> Beside:
    """Kind by kind, each through the lens: what many rows point at is read once.

    One statement for all of it would be a round trip less on PostgreSQL, but the planner joins no barred views by key,
    and the register's own login, which could, is not what holds a role to its lens.
    """
    from seloste.operations.records.read import visible_ids

    cells = how.cells_by(column, numbers, now)
    wanted: dict[str, set[int]] = {}
    for each, target in _ways(store, actor.lens, how):
        place = how.columns.index(each)
        wanted.setdefault(target, set()).update({row[place] for row in cells} - {None})
    pointed = {
        target: {row.id: row for row in reading(store, actor.lens, target, actor.person).by("id", sorted(ids), now)}
        for target, ids in wanted.items()
    }
    usable = {
        target: frozenset(visible_ids(store, role, target, wanted[target], now))
        for target in wanted
        if role and target in store.register.subjects
    }
    return Beside(how, cells, pointed, usable)


def _look(store: RegisterStore, found: Beside, actor: Actor, now: dt.datetime) -> None:
    """Journal it as one look: items of what is pointed at are named with their kind."""
    how = found.reading
    items = [name for place, name in enumerate(how.items) if any(row[place] is not None for row in found.cells)]
    persons = how.persons_in(found.cells)
    for target, rows in found.pointed.items():
        names: dict[str, object] = {}
        for row in rows.values():
            names |= row.values
        items += [f"{target}.{name}" for name in names]
        if target == PERSON:
            persons = persons | rows.keys()
    named = tuple(sorted(persons)) if len(persons) <= MOST_PERSONS else ()
    done = deed(actor.account, actor.lens, "look", how.kind, tuple(items))
    store.reads.add(done, now, named, len(found.cells))
