"""After a sweep there is exactly what somebody needs, by the slow reading of the one rule, over random notices.

What stays beside it is told in ``docs/why/retention.md``: what a staying row belongs to and the dates it is judged by,
and rows that something needed points at or counts from.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rule.oracle import AGREED, Oracle, Row, Ties, day_of
from tests.rule.strategies import NOW, Drawn, histories, later_days, registers
from tests.rule.world import Names, built, differences, do, dump, new_place, writing

from seloste.catalogue.model import Kind
from seloste.clock import today
from seloste.compiler.register import Register
from seloste.notice.model import Purpose, Term
from seloste.operations.actor import CLI
from seloste.operations.retention.sweep import sweep
from seloste.store import sweep_due
from seloste.store.registers import RegisterStore

Cell = tuple[str, int, str]
Rows = Mapping[str, Mapping[int, Mapping[str, Any]]]
SYSTEM = ("id", "sys_source", "sys_recorded_at", AGREED)


def filled(rows: Rows) -> Iterator[Cell]:
    for kind, found in rows.items():
        for number, cells in found.items():
            yield from (
                (kind, number, name) for name, value in cells.items() if value is not None and name not in SYSTEM
            )


def needed(oracle: Oracle) -> set[Cell]:
    return {cell for cell in filled(oracle.rows) if oracle.needed((cell[0], cell[1]), cell[2])}


def dates_judged_by(register: Register) -> set[tuple[str, str]]:
    """(kind, item) of every date that a rule of the notice counts from."""
    found = set()
    for purpose in register.purposes.values():
        for keep in purpose.keep:
            for term in filter(None, (keep.base, *keep.at_least, *keep.at_most)):
                if term.date == "last_contact":
                    found |= {(key, str(table.kind.act)) for key, table in register.tables.items() if table.kind.act}
                else:
                    found.add((term.kind or keep.matter, term.date))
        for limit in purpose.at_most:
            kind = register.tables[limit.kind].kind
            found |= {(limit.kind, name) for name in kind.items}  # whichever of them dates the row
    return found


def free_texts(kind: Kind) -> list[str]:
    return [item.key for item in kind.items.values() if item.free_text]


def pointed_at(oracle: Oracle) -> set[Row]:
    return {
        (target, cells[column])
        for kind, rows in oracle.rows.items()
        for column, target in oracle.references(kind)
        for cells in rows.values()
        if cells[column] is not None
    }


class Cut(Oracle):
    """The same reading, but what ``at_most`` has cut is gone: it is no matter any more and holds nobody."""

    def running(self, purpose: Purpose, row: Row) -> bool:
        return not self.trimmed(purpose, row) and super().running(purpose, row)

    @cached_property
    def reading(self) -> Mapping[str, Ties]:
        return {key: CutTies(self, purpose) for key, purpose in self.notice.purposes.items()}


class CutTies(Ties):
    def _by(self, column: str, other: Row) -> bool:
        return not self.oracle.trimmed(self.purpose, other) and super()._by(column, other)


def counted_from(oracle: Oracle, kept: set[Row]) -> Iterator[Row]:
    """Rows from whose dates a kept matter is counted."""
    for purpose in oracle.notice.purposes.values():
        for keep in purpose.keep:
            for number in oracle.rows.get(keep.matter, {}) if keep.base is not None else ():
                if (keep.matter, number) in kept:
                    for term in filter(None, (keep.base, *keep.at_least, *keep.at_most)):
                        yield from _counted(oracle, term, (keep.matter, number))


def _counted(oracle: Oracle, term: Term, matter: Row) -> Iterator[Row]:
    for kind, found in oracle.rows.items():
        for row in ((kind, number) for number in found):
            if term.date == "last_contact" and oracle.kinds[kind].act is not None and kind != matter[0]:
                if oracle._deed_of(matter, row) and oracle._start(term, matter) == _day(oracle, row):
                    yield row
            elif term.kind == kind != matter[0] and oracle.together(matter, row):
                yield row


def _day(oracle: Oracle, row: Row) -> dt.date:
    act, cells = str(oracle.kinds[row[0]].act), oracle.cells(row)
    return day_of(cells[act] if cells[act] is not None else cells["sys_recorded_at"])


def check(store: RegisterStore, now: dt.datetime) -> None:
    rows = dump(store)
    before, cut = (reading(store.register.notice, rows, today(now)) for reading in (Oracle, Cut))
    sweep(store, now=now, actor=CLI)
    after = Oracle(store.register.notice, without_hashes(dump(store), rows), today(now))
    answers = needed(after)
    if begins_again(before, after, answers):
        return  # The case that docs/why/retention.md says is not met.
    # What a row held that at_most has cut goes with it; nothing else that was needed may go, and nothing may come back.
    gone, again = needed(cut) - answers, answers - needed(before)
    assert gone == set(), f"something needed has gone: {gone}"
    assert again == set(), f"something is needed again: {again}"
    for kind, found in after.rows.items():
        assert all(cells == rows[kind][number] | _emptied(cells) for number, cells in found.items())
    judged_by, pointed = dates_judged_by(store.register), pointed_at(after)
    kept = {(kind, number) for kind, number, _ in answers}
    counted = set(counted_from(after, kept))
    for kind, number, name in set(filled(after.rows)) - answers:
        of = store.register.tables[kind].kind
        shared = any((kind, number, text) in answers for text in free_texts(of)) or (kind, number) in counted
        told = name in (*of.of, of.owner_item) or (kind, name) in judged_by or (after.is_pointer(kind, name) and shared)
        assert told, f"nobody needs {kind}.{name}"
    bare = {(kind, number) for kind, found in after.rows.items() for number in found} - kept - pointed
    assert bare - counted == set(), "a row stays for nothing"
    assert differences(store, now) == []


def without_hashes(after: dict[str, dict[int, dict[str, Any]]], before: Rows) -> Rows:
    """Of banned persons whose addresses go, a sweep keeps hashes beside the ban; they only ever grow."""
    for number, cells in after.get("ban", {}).items():
        was = before["ban"][number].get("fingerprints")
        if cells.get("fingerprints") not in (None, was):
            assert set(json.loads(was or "[]")) < set(json.loads(cells["fingerprints"]))
            cells["fingerprints"] = was
    return after


def begins_again(before: Oracle, after: Oracle, answers: set[Cell]) -> bool:
    """Whether a bare matter, kept because something pointed at it, lost the row from which its end was counted."""
    held = {(kind, number) for kind, number, _ in needed(before)}
    for purpose in before.notice.purposes.values():
        for keep in purpose.keep:
            for number in after.rows.get(keep.matter, {}) if keep.base is not None else ():
                matter = (keep.matter, number)
                if matter not in held and not before.running(purpose, matter) and after.running(purpose, matter):
                    return True
    return False


def _emptied(cells: Mapping[str, Any]) -> dict[str, None]:
    return {name: None for name, value in cells.items() if value is None}


@pytest.fixture(autouse=True)
def however_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes whole by its own date goes together with others like it, though there be one."""
    monkeypatch.setattr(sweep_due, "MANY", 1)


def live(drawn: Drawn, data: st.DataObject, place: tuple[str, str | None]) -> None:
    steps = data.draw(histories(drawn), label="history")
    with built(drawn.register, place) as store:
        names = Names()
        with writing(store, NOW) as work:
            for step in steps:
                do(work, names, step)
        for now in (NOW, *later_days()):
            check(store, now)
            again = sweep(store, now=now, actor=CLI, every_row=True)
            assert (again.rows, again.cells) == (0, 0), "what a sweep by time leaves, a look at every row leaves too"


@pytest.mark.promise("P36", "P37")
@settings(max_examples=14)
@given(drawn=registers(), data=st.data())
def test_sqlite(drawn: Drawn, data: st.DataObject, tmp_path: Path) -> None:
    live(drawn, data, new_place("sqlite", tmp_path, None))


@settings(max_examples=4)
@given(drawn=registers(), data=st.data())
def test_postgresql(drawn: Drawn, data: st.DataObject, tmp_path: Path, pg_url: str) -> None:
    live(drawn, data, new_place("postgresql", tmp_path, pg_url))
