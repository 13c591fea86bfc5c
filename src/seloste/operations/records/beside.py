"""Rows with what they point at: one question and one entry of the journal, however much of it is kept elsewhere.

What holds of many rows is kept once, with what they point at: where a customer belongs, for what a record is there and
whose it is. Whoever asks what holds of rows wants both, and perhaps who of their subjects another role may use.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from seloste.catalogue.model import PERSON
from seloste.compiler.register import CompiledLens
from seloste.compiler.views import view
from seloste.notice.ways import references
from seloste.operations.actor import Actor
from seloste.operations.records.model import Record
from seloste.operations.records.reading import MOST, MOST_PERSONS, Reading, reading
from seloste.store.engine import Row, quote
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
    numbers = [number for number in numbers if 0 < number < MOST]
    lens = store.register.lenses[actor.lens]
    # To what is nobody's thousands of rows may point; then joining what each of them points at costs more than asking.
    target = next((end for each, end in _ways(store, actor.lens, how) if each == column), kind)
    few = column == "id" or store.register.tables[target].kind.about != "nobody"
    other = store.acted_in(role)
    narrow = lens.only is not None or (other is not None and other.only is not None)
    if store.database.dialect == "postgresql" and few and numbers and not narrow:
        found = _joined(store, lens, how, column, numbers, role, now)
    else:
        found = _apart(store, how, column, numbers, role, actor, now)
    if journal and found.cells:
        _look(store, found, actor, now)
    return found


def _ways(store: RegisterStore, lens: str, how: Reading) -> Iterator[tuple[str, str]]:
    """(column, kind pointed at) of the references that the lens shows and whose ends it sees."""
    sees = store.register.lenses[lens].sees
    for each in references(store.register.tables[how.kind].kind):
        if each.column in how.columns and each.target in store.register.tables and sees(each.target):
            yield each.column, each.target


def _apart(
    store: RegisterStore,
    how: Reading,
    column: str,
    numbers: Collection[int],
    role: str,
    actor: Actor,
    now: dt.datetime,
) -> Beside:
    """Kind by kind: where asking costs nothing by itself, what many rows point at is so read once."""
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


class _Joined:
    """One statement for all of it, where each statement is a way to the server and back.

    It is run by the register's own login, for no lens sees what another does: the same conditions as in the views of
    both, as the compiler writes them, over keys alone.
    """

    def __init__(self, store: RegisterStore, lens: CompiledLens, how: Reading, column: str, room: int, role: str):
        fixed = store.fixed()
        self.width = len(how.columns)
        self.parts: list[tuple[str, Reading, int, int]] = []
        self.flags: list[tuple[str, int, int]] = []
        of = how.columns.index
        chosen = [f"r.{quote(name)}" for name in how.columns]
        rows = f"SELECT * FROM ({_text(store, lens, how.kind)}) v WHERE {fixed.among(column, 'ids', room)}"
        source = f"({rows}) r"
        for number, (each, target) in enumerate(_ways(store, lens.key, how)):
            there = reading(store, lens.key, target)
            # The last two tell where a cell came from and when, which is asked of rows and not of what they point at.
            names = there.columns[:-2]
            self.parts.append((target, there, len(chosen), len(chosen) + len(names)))
            chosen += [f"p{number}.{quote(name)}" for name in names]
            joined = f"p{number} ON p{number}.id = r.{quote(each)}"
            source += f" LEFT JOIN ({_text(store, lens, target)}) {joined}"
            other = store.acted_in(role)
            if other is not None and target in store.register.subjects and other.sees(target):
                self.flags.append((target, of(each), len(chosen)))
                chosen.append(f"u{number}.id")
                source += f" LEFT JOIN ({_text(store, other, target)}) u{number} ON u{number}.id = r.{quote(each)}"
        self.sql = fixed.make(f"SELECT {', '.join(chosen)} FROM {source} ORDER BY r.id")


def _text(store: RegisterStore, lens: CompiledLens, kind: str) -> str:
    return view(store.register, lens, kind, store.database.dialect, barred=False).sql


def _joined(
    store: RegisterStore,
    lens: CompiledLens,
    how: Reading,
    column: str,
    numbers: Sequence[int],
    role: str,
    now: dt.datetime,
) -> Beside:
    fixed = store.fixed()
    room = fixed.room(len(numbers))
    key = ("beside", lens.key, how.kind, how.items, column, room, role)
    made: _Joined | None = store.kept.get(key)
    if made is None:
        made = store.kept[key] = _Joined(store, lens, how, column, room, role)
    store.to_day(now)
    rows = fixed.fetch(made.sql, fixed.bind("ids", numbers, room))
    pointed: dict[str, dict[int, Record]] = {}
    for target, there, start, stop in made.parts:
        found = pointed.setdefault(target, {})
        for row in rows:
            if (number := row[stop - 1]) is not None and number not in found:
                found[number] = there.record((*row[start:stop], None, None))
    usable: dict[str, frozenset[int]] = {}
    for target, place, flag in made.flags:
        usable[target] = usable.get(target, frozenset()) | {row[place] for row in rows if row[flag] is not None}
    return Beside(how, [row[: made.width] for row in rows], pointed, usable)


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
