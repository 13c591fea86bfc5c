"""What happened after a backup, done again to its rows: who went goes, what was said is said, in the caller's work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seloste.store import backup_rows, bulk, ledger
from seloste.store.engine import quote
from seloste.store.ledger_file import Entry, Read
from seloste.store.values import from_cell
from seloste.store.work import Work

ALLOWS = ("permission",)
"""Events by which something may be done. One of which the ledger kept only a part is not written anew: a consent whose
recipient or proof is lost is asked for again. What forbids something is written also in part."""

PART = 500


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many rows went, how many events were written, and how many could not be, for want of a part or a person."""

    gone: int = 0
    events: int = 0
    left_out: int = 0


def replay(work: Work, read: Read) -> Replayed:
    """Bring rows of a backup up to what the ledger says; derived columns settle with the caller's work."""
    conn = work.conn
    bulk.insert(
        conn,
        ledger.TABLE,
        {"seq": "integer", **ledger.COLUMNS},
        [
            {"seq": e.seq, "kind": e.kind, "row": e.row, "gone": int(e.gone), "at": e.at, "others": e.others}
            for e in read.entries
        ],
    )
    # Before anything is noted anew, so that numbers go on after those of the file.
    backup_rows.raise_numbers(conn, {**read.numbers, **_highest(read.entries), ledger.TABLE: read.last})
    state = {(each.kind, row): each for each in read.entries if each.kind in work.register.tables for row in each.rows}
    gone = [(kind, row) for (kind, row), entry in state.items() if entry.gone]
    removed = sum(work.delete(kind, row) for kind, row in gone)
    _let_go(work, {kind for kind, _ in gone})
    written = left_out = 0
    for kind in ledger.events(work.register):
        said = {row: entry for (each, row), entry in state.items() if each == kind and not entry.gone}
        for part in _parts(sorted(said)):
            done = _write(work, kind, {row: said[row] for row in part})
            written, left_out = written + done, left_out + len(part) - done
    # It was judged when it was written first; what has ended since goes with the sweep.
    work.written.clear()
    return Replayed(removed, written, left_out)


def _highest(entries: Iterable[Entry]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for each in entries:
        found[each.kind] = max(found[each.kind], *each.rows)
    return found


def _let_go(work: Work, targets: set[str]) -> None:
    """Rows that had come to point elsewhere before what they pointed at went; the backup has them as they were."""
    for kind, table in work.register.tables.items():
        for column in table.of_role("reference"):
            if column.target not in targets:
                continue
            name, target = quote(column.name), quote(str(column.target))
            sql = (
                f"SELECT x.id FROM {quote(kind)} x LEFT JOIN {target} y ON y.id = x.{name}"
                f" WHERE x.{name} IS NOT NULL AND y.id IS NULL"
            )
            for (row,) in work.conn.execute(sql).all():
                work.conn.execute(f"UPDATE {quote(kind)} SET {name} = NULL WHERE id = :row", {"row": int(row)})
                work.touch(kind, (int(row),))


def _write(work: Work, kind: str, said: Mapping[int, Entry]) -> int:
    """Events of one kind as they were last: those that are there are brought up to date, others written anew."""
    table = work.register.tables[kind]
    kept = set(ledger.kept_columns(work.register, kind))
    ends = {column.name: str(column.target) for column in table.of_role("reference") if column.name in kept}
    there = {int(number) for (number,) in ledger.rows_by_id(work.conn, kind, (), said)}
    known = {name: _known(work, target, [e.cells.get(name) for e in said.values()]) for name, target in ends.items()}
    done = 0
    for row, entry in said.items():
        cells = {name: entry.cells.get(name) for name in kept}
        if any(cells[name] is not None and cells[name] not in known[name] for name in ends):
            continue
        if row not in there:
            if kind in ALLOWS and entry.left:
                continue
            given = [column for column in table.of_role("source", "recorded") if column.name in kept]
            storage = {"id": "integer", **{column.name: column.storage for column in given}}
            bulk.insert(work.conn, kind, storage, [{"id": row, **cells}])
        items = {column.name: column.item for column in table.of_role("item") if column.name in kept}
        values = {name: from_cell(table.kind.items[str(item)], cells[name]) for name, item in items.items()}
        work.update(kind, row, {**values, **{name: cells[name] for name in ends}})
        done += 1
    return done


def _known(work: Work, kind: str, ids: Iterable[Any]) -> set[int]:
    """Which of these rows are there."""
    if kind not in work.register.tables:
        return set()
    wanted = {int(each) for each in ids if each is not None}
    return {int(number) for (number,) in ledger.rows_by_id(work.conn, kind, (), wanted)}


def _parts(rows: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(rows), PART):
        yield rows[start : start + PART]
