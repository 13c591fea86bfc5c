"""One operation's writing: rows in, derived days and bits brought up to date, then judged by the rule, or nothing.

Storing is judged at the end (sentence 9), so a person and his residency come together and either alone is refused.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from seloste.clock import to_utc_text
from seloste.compiler.lower import TOUCHED
from seloste.compiler.marks import Marking, Spread
from seloste.compiler.register import Register, Storage
from seloste.compiler.word import probes, reached
from seloste.lazily import cached_property
from seloste.store import agreed, bulk, ledger
from seloste.store.bans import keep_bans
from seloste.store.due import ids_value
from seloste.store.engine import Connection, quote
from seloste.store.journal import Pending
from seloste.store.keys import Keys
from seloste.store.masks import EVENTS, Lost, as_columns, default_bits, renew_bits
from seloste.store.refusal import NotNeededError, refusal
from seloste.store.statements import Statements
from seloste.store.values import search_keys, searched, to_cell


@dataclass
class Work:
    """The open transaction of one operation."""

    conn: Connection
    statements: Statements
    keys: Keys
    now: dt.datetime
    written: dict[str, set[int]] = field(default_factory=dict)
    touched: dict[str, set[int]] = field(default_factory=dict)
    journal: Pending = field(default_factory=Pending)
    """What the operation did, written last of all."""
    rehearsed: bool = False
    """It is taken back, and lets others write meanwhile."""
    after: list[Callable[[], None]] = field(default_factory=list)
    """What is done once all of it is kept."""
    banned_again: list[int] = field(default_factory=list)
    """Persons on whom a ban was set anew, because they came with an address that is banned; see ``store.bans``."""
    kept_bans: set[int] = field(default_factory=set)
    """Bans that were written with the hashes of their person's addresses."""
    _changed: dict[tuple[str, int], tuple[set[str], set[str]]] = field(default_factory=dict)
    """Of each row that was there before: the columns changed, and those that somebody needed before."""
    _noted: set[tuple[str, int]] = field(default_factory=set)
    """Events that stand in the ledger already."""
    lost: Lost = field(default_factory=Lost)
    """What those who spoke said yes to before this operation and say no longer."""
    moved: bool = False
    """More was derived anew than the days of the rows written, or a cell of them is needed no more."""
    _owned: set[tuple[str, int]] = field(default_factory=set)
    """Events of which it is known whose they are."""
    _left: set[str] = field(default_factory=set)
    """Kinds of which rows stand in ``sys_touched`` already."""

    @property
    def register(self) -> Register:
        return self.statements.register

    def insert(
        self, kind: str, values: Mapping[str, Any], *, source: str, recorded_at: dt.datetime | None = None
    ) -> int:
        """Add a row; ``values`` holds items and references by column. Returns its id."""
        cells = self._cells(kind, values)
        cells["sys_source"] = source
        cells["sys_recorded_at"] = to_utc_text(recorded_at or self.now)
        if self.register.tables[kind].kind.subject:
            cells |= self._new_bits
        row = self.conn.execute(bulk.insert_text(kind, tuple(cells)), cells).first()
        assert row is not None
        number = int(row[0])
        self._wrote(kind, number)
        self._owns(kind, number, cells)
        self._index(kind, number, values)
        return number

    def insert_many(
        self, kind: str, rows: Sequence[Mapping[str, Any]], *, source: str, recorded_at: dt.datetime | None = None
    ) -> list[int]:
        """Add rows of one kind as :meth:`insert` does, a few statements for all of them. Their ids, in order."""
        if not rows:
            return []
        bits = self._new_bits if self.register.tables[kind].kind.subject else {}
        known = {"sys_source": source, "sys_recorded_at": to_utc_text(recorded_at or self.now), **bits}
        numbers = bulk.new_ids(self.conn, kind, len(rows))
        given = [self._cells(kind, values) for values in rows]
        names = ["id", *dict.fromkeys(name for cells in given for name in cells), *known]
        cells = [{"id": number, **each, **known} for number, each in zip(numbers, given, strict=True)]
        bulk.insert(self.conn, kind, {name: self._storage(kind, name) for name in names}, cells)
        self.written.setdefault(kind, set()).update(numbers)
        self.touch(kind, numbers)
        for each in cells if kind in EVENTS else ():
            self._owns(kind, each["id"], each)
        keys = [
            {"key": key, "kind": kind, "row": number, "item": name}
            for name, item in searched(self.register, kind).items()
            for number, values in zip(numbers, rows, strict=True)
            for key in search_keys(item, values.get(name))
        ]
        bulk.insert(self.conn, "sys_find", {"key": "text", "kind": "text", "row": "integer", "item": "text"}, keys)
        return numbers

    def _storage(self, kind: str, name: str) -> Storage:
        column = self.register.tables[kind].column(name)
        assert column is not None, name
        return column.storage

    @cached_property
    def _new_bits(self) -> dict[str, int]:
        return as_columns(default_bits(self.register, self.now))

    def update(self, kind: str, row: int, changes: Mapping[str, Any]) -> bool:
        """Change cells of a row; what it pointed at is brought up to date too. False when there is no such row.

        A changed cell is refused when nobody needs it and nobody did before: to say late that something has ended is
        to say it, though what has ended is then not needed any more.
        """
        self.claim()
        there = self._note_change(kind, row, changes)
        table = self.register.tables[kind]
        if any(column.name in changes for column in table.of_role("reference")):
            self._leave(kind, row)
            self._owned.discard((kind, row))
        cells = self._cells(kind, changes, whole=True)
        sets = ", ".join(f"{quote(name)} = :{name}" for name in cells)
        self.conn.send(f"UPDATE {quote(kind)} SET {sets} WHERE id = :sys_row", {**cells, "sys_row": row})
        self.written.setdefault(kind, set()).add(row)
        counted = self.statements.marks.counted
        if kind in EVENTS or any((kind, name) in counted for name in changes):
            self.touch(kind, (row,))
        self._index(kind, row, changes, replace=True)
        return there

    def delete(self, kind: str, row: int) -> bool:
        """Remove a row whole."""
        self.claim()
        self._leave(kind, row)
        for table in ("sys_find", "sys_cell_source"):
            self.conn.send(f"DELETE FROM {table} WHERE kind = :kind AND row = :row", {"kind": kind, "row": row})
        done = self.conn.execute(f"DELETE FROM {quote(kind)} WHERE id = :row", {"row": row})
        if done.rowcount > 0:
            ledger.note(self.conn, kind, (row,), gone=True, at=self.now)
        return done.rowcount > 0

    def touch(self, kind: str, rows: Iterable[int]) -> None:
        """Have the derived columns of rows brought up to date at the end."""
        self.touched.setdefault(kind, set()).update(rows)

    def _wrote(self, kind: str, row: int) -> None:
        self.written.setdefault(kind, set()).add(row)
        self.touch(kind, (row,))

    def _owns(self, kind: str, row: int, cells: Mapping[str, Any]) -> None:
        """An event is somebody's, whose bits follow from it."""
        if kind not in EVENTS:
            return
        self._owned.add((kind, row))
        for subject in self.register.subjects:
            if (owner := cells.get(subject)) is not None:
                self.touch_bits(subject, (int(owner),))

    def _note_change(self, kind: str, row: int, changes: Iterable[str]) -> bool:
        """Keep what of a row was needed before it changes. Whether the row is there."""
        if row in self.written.get(kind, ()) and (kind, row) not in self._changed:
            return True
        if (kind, row) not in self._changed:
            judgement = self.statements.judgements[kind]
            found = self.conn.execute(bulk.of_so_many(judgement.needs, 1), {"i0": row}).first()
            if found is None:
                return False
            flags = found[1 : 1 + len(judgement.groups)]
            needed = {name for names, flag in zip(judgement.groups, flags, strict=True) if not flag for name in names}
            self._changed[kind, row] = set(), needed
            self._owns(kind, row, dict(zip(judgement.pointers, found[1 + len(judgement.groups) :], strict=True)))
        self._changed[kind, row][0].update(changes)
        return True

    def _leave(self, kind: str, row: int) -> None:
        """What a row holds, counts for or says, before it points elsewhere or goes: all that may change with it."""
        names = [column for column in self.register.tables[kind].of_role("reference") if column.target is not None]
        chosen = ", ".join(["id", *(quote(column.name) for column in names)])
        found = self.conn.execute(f"SELECT {chosen} FROM {quote(kind)} WHERE id = :row", {"row": row}).first()
        for column, target in zip(names, found[1:] if found is not None else (), strict=False):
            if target is None:
                continue
            assert column.target is not None
            self.touch(column.target, (int(target),))
            if kind in EVENTS and column.target in self.register.subjects:
                self.touch_bits(column.target, (int(target),))
        self._leave_behind(kind, row)

    def _leave_behind(self, kind: str, row: int) -> None:
        """Matters that count from a row, and rows that follow a matter through it, while that can still be seen."""
        found = self.statements.marks
        if not any(spread.kind == kind for spread in (*found.to_matters, *found.to_pointing)):
            return
        self.conn.execute(
            f"INSERT INTO {TOUCHED} (kind, row) VALUES (:kind, :row) ON CONFLICT DO NOTHING", {"kind": kind, "row": row}
        )
        self._left.add(kind)
        self._spread(found.to_matters, self._left)
        self._spread(found.to_pointing, self._left)

    def _cells(self, kind: str, values: Mapping[str, Any], *, whole: bool = False) -> dict[str, Any]:
        """Values as cells, encrypted where sensitive, with their look-up keys."""
        table = self.register.tables[kind]
        cells: dict[str, Any] = {}
        for name, value in values.items():
            column = table.column(name)
            assert column is not None, name
            if column.role == "reference":
                cells[name] = None if value is None else int(value)
                continue
            item = table.kind.items[name]
            cell = to_cell(item, value)
            if isinstance(cell, str):
                # What people write in their own words passes no type on its way, and PostgreSQL keeps no NUL.
                cell = cell.replace("\0", "")
            if cell is None:
                if whole:
                    cells[name] = None
                    cells |= {each.name: None for each in table.columns if each.role == "lookup" and each.item == name}
                continue
            if item.sensitive:
                place = f"{kind}.{name}"
                lookup = table.column(f"sys_key_{name}")
                if lookup is not None:
                    cells[lookup.name] = self.keys.lookup(str(cell), place=place)
                cell = self.keys.encrypt(str(cell), place=place)
            cells[name] = cell
        return cells

    def _index(self, kind: str, row: int, values: Mapping[str, Any], *, replace: bool = False) -> None:
        """Keep the search table: the normalised keys by which a value is found."""
        items = searched(self.register, kind)
        found = {name: search_keys(item, values[name]) for name, item in items.items() if name in values}
        for name in found if replace else ():
            self.conn.send(
                "DELETE FROM sys_find WHERE kind = :kind AND row = :row AND item = :item",
                {"kind": kind, "row": row, "item": name},
            )
        keys = [{"key": key, "kind": kind, "row": row, "item": name} for name, mine in found.items() for key in mine]
        bulk.insert(self.conn, "sys_find", {"key": "text", "kind": "text", "row": "integer", "item": "text"}, keys)

    def settle(self) -> None:
        """Bring everything derived up to date, then judge what was written. Raises NotNeededError.

        Events that were written go into the ledger, so that a backup brought back knows of them.
        """
        if self.written or self.touched or self._left:
            self.claim()
        if unneeded := [(kind, item) for kind, _, item in self.unneeded()]:
            raise refusal(self.register, list(dict.fromkeys(unneeded)))
        # Once for each transaction: what the row says is read when the entry is written into its file.
        events = {kind: self.written[kind] for kind in ledger.events(self.register) if kind in self.written}
        new = {(kind, row) for kind, rows in events.items() for row in rows} - self._noted
        ledger.note_written(self.conn, {kind: [row for of, row in new if of == kind] for kind in events}, self.now)
        self._noted |= new

    def claim(self) -> None:
        """Let nobody else write from here on: before a row is held, or anything derived; see decision 0024."""
        if not self.rehearsed:
            self.journal.claim(self.conn)

    def finish(self) -> None:
        self.settle()
        self.journal.write(self.conn)

    def settled(self) -> None:
        """Settle, and have nothing left to settle: what is written after this is looked at by itself."""
        self.settle()
        self.touched.clear()
        self.written.clear()

    def lets_go(self, subject_kind: str, subject: int) -> bool:
        """Whether what was settled of one subject lets anything of theirs go; if not, all is needed as it was before.

        What time has let go meanwhile counts only where a yes that was lost might have held it.
        """
        if self.moved or self.lost.released:
            return True
        found = reached(probes(self.register, subject_kind, self.conn.dialect), self.lost.need)
        going = self.conn.ask([(probe.sql, {"subject": subject}) for probe in found.values()])
        return any(each.first() is not None for each in going)

    def unneeded(self) -> list[tuple[str, int, str]]:
        """Everything derived brought up to date, then each written cell that nobody needs: (kind, row, column)."""
        keep_bans(self)
        self._bits()
        self._marks()
        return list(self._judge())

    def _bits(self) -> None:
        """Subjects whose events changed."""
        for kind in EVENTS:
            rows = {row for row in self.touched.get(kind, ()) if (kind, row) not in self._owned}
            if not rows:
                continue
            for subject in self.register.subjects:
                if self.register.tables[kind].column(subject) is None:
                    continue
                for part in bulk.parts(sorted(rows)):
                    marks_, params = bulk.named(part)
                    owners = self.conn.execute(
                        f"SELECT DISTINCT {quote(subject)} FROM {quote(kind)} WHERE id IN ({marks_})"
                        f" AND {quote(subject)} IS NOT NULL",
                        params,
                    ).all()
                    self.touched.setdefault(f"{subject}!", set()).update(int(owner[0]) for owner in owners)
        for subject in self.register.subjects:
            owners_ = self.touched.pop(f"{subject}!", set())
            if owners_:
                self.lost.add(renew_bits(self.conn, self.register, subject, sorted(owners_), self.now))
                agreed.touch(self, subject, owners_)

    def touch_bits(self, subject: str, rows: Iterable[int]) -> None:
        """Have the bits of subjects computed again at the end (their event was removed)."""
        self.touched.setdefault(f"{subject}!", set()).update(rows)

    def _marks(self) -> None:
        found = self.statements.marks
        live = {kind for kind, rows in self.touched.items() if rows} | self._left
        if not live:
            return
        if not self._left and not live & found.spreading:
            # Nothing else hangs on what was touched.
            self.moved |= any(rows - self.written.get(kind, set()) for kind, rows in self.touched.items())
            for each in (*found.mark_matters, *found.mark_held):
                for part in bulk.parts(sorted(self.touched.get(each.kind, ()))):
                    self.conn.send(each.of_ids, {"ids": ids_value(self.conn, part)})
            return
        self.moved = True
        for kind, rows in self.touched.items():
            for part in bulk.parts(sorted(rows)):
                bulk.insert(
                    self.conn,
                    TOUCHED,
                    {"kind": "text", "row": "integer"},
                    [{"kind": kind, "row": row} for row in part],
                    skip_known=True,
                )
        self._spread(found.to_matters, live)
        self._mark(found.mark_matters, live)
        self._spread(found.to_pointing, live)
        self._spread(found.to_held, live)
        self._mark(found.mark_held, live)
        self.conn.send(f"DELETE FROM {TOUCHED}")
        self._left.clear()

    def _spread(self, spreads: Sequence[Spread], live: set[str]) -> None:
        for spread in spreads:
            if spread.kind in live and self.conn.execute(spread.sql).rowcount > 0:
                live.add(spread.adds)

    def _mark(self, found: Sequence[Marking], live: set[str]) -> None:
        for mark in found:
            if mark.kind in live:
                self.conn.send(mark.sql)

    def _judge(self) -> Iterator[tuple[str, int, str]]:
        asked: list[tuple[str, tuple[str, dict[str, int]]]] = []
        for kind, rows in self.written.items():
            for part in bulk.parts(sorted(rows)):
                text = bulk.of_so_many(self.statements.judgements[kind].sql, len(part))
                asked.append((kind, (text, bulk.named(part)[1])))
        for (kind, _), found in zip(asked, self.conn.ask([each for _, each in asked]), strict=True):
            groups = self.statements.judgements[kind].groups
            for row in found:
                self.moved = True
                number = int(row[0])
                for items, flag in zip(groups, row[1:], strict=True):
                    if flag:
                        yield from ((kind, number, item) for item in self._held_items(kind, number, items))

    def _held_items(self, kind: str, row: int, items: Sequence[str]) -> Iterator[str]:
        names = ", ".join(quote(item) for item in items)
        found = self.conn.execute(f"SELECT {names} FROM {quote(kind)} WHERE id = :row", {"row": row}).first()
        changed, needed_before = self._changed.get((kind, row), (set(items), set()))
        for item, value in zip(items, found or (), strict=False):
            if value is not None and item in changed and item not in needed_before:
                yield item


__all__ = ["NotNeededError", "Work", "refusal"]
