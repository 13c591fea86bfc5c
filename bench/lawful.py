"""By hand: all that a withdrawal or an objection must leave behind, and the read after it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from itertools import chain
from typing import Any, Protocol

from bench.cases import moments
from bench.world import World
from bench.writes import Execute, executor
from seloste.clock import to_utc_text
from seloste.store.bans import BAN, PRINTS, address_items, prints_of
from seloste.store.journal import Entry
from seloste.store.journal_entry import COLUMNS, sealed

OBJECTION = "objection"
MOMENTS = ("raised_at", "decided_at", "set_at", "sys_recorded_at")
Left = tuple[Mapping[str, Mapping[str, Any]], list[tuple[str, ...]], Mapping[str, Any]]
"""Cells of the two rows by kind, without their ids; kind, item and key of what they are found by; the person's row."""


class Objecting(Protocol):
    """The product's own call."""

    silent: list[int]

    def leaves(self, person: int) -> Left: ...
    def take_back(self, person: int) -> None: ...


def left(world: World, execute: Execute, person: int) -> Left:
    """What an objection has left behind."""
    rows: dict[str, Mapping[str, Any]] = {}
    keys: list[tuple[str, ...]] = []
    for kind in (OBJECTION, BAN):
        row = _row(world, execute, kind, "person", person)
        number = row.pop("id")
        rows[kind] = {name: cell for name, cell in row.items() if cell is not None}
        keys += execute(f"SELECT kind, item, key FROM sys_find WHERE kind = '{kind}' AND row = ?", (number,))
    return rows, sorted(keys), _row(world, execute, "person", "id", person)


def _row(world: World, execute: Execute, kind: str, column: str, number: int) -> dict[str, Any]:
    names = [each.name for each in world.store.register.sa(kind).c]
    chosen = ", ".join(f'"{name}"' for name in names)
    ((*cells,),) = execute(f'SELECT {chosen} FROM "{kind}" WHERE "{column}" = ?', (number,))
    return dict(zip(names, cells, strict=True))


class WithdrawnByHand:
    """By hand: all that a withdrawal must leave behind, its statements known beforehand, in one transaction.

    The event and the day until which it is proof, the person's bits, the ledger's entry, the journal's, and the read.
    """

    def __init__(self, world: World) -> None:
        self._execute = executor(world.plain())
        self._times = moments()
        self._begin = "BEGIN IMMEDIATE" if world.engine == "sqlite" else "BEGIN"
        self._lock = "" if world.engine == "sqlite" else " FOR UPDATE"
        self._number, self._bit = world.store.register.bit("partner_marketing")
        marks = ", ".join("?" * len(COLUMNS))
        self._journal = f"INSERT INTO journal ({', '.join(COLUMNS)}) VALUES ({marks})"

    def deed(self, person: int) -> bool:
        execute, now = self._execute, next(self._times)
        at, until = to_utc_text(now), (now.date() + dt.timedelta(days=1095)).isoformat()
        execute(self._begin, ())
        ended = execute(
            "UPDATE permission SET withdrawn_at = ?, sys_until_accountability = ?"
            " WHERE person = ? AND purpose = 'partner_marketing' AND withdrawn_at IS NULL RETURNING id",
            (at, until, person),
        )
        need, use = f"sys_need_{self._number}", f"sys_use_{self._number}"
        execute(
            f"UPDATE person SET {need} = {need} & ~{self._bit}, {use} = {use} & ~{self._bit} WHERE id = ?", (person,)
        )
        for (number,) in ended:
            execute("INSERT INTO sys_ledger (kind, row, gone, at) VALUES ('permission', ?, 0, ?)", (number, at))
        seq, seal = execute(f"SELECT seq, hash FROM journal_head WHERE id = 1{self._lock}", ())[0]
        entry = Entry(now, "1", "", "withdraw", "person", (person,), note="partner_marketing")
        (row,) = sealed([(entry.deed, now, (person,), 1)], seq, seal)
        execute(self._journal, row)
        execute("UPDATE journal_head SET seq = ?, hash = ? WHERE id = 1", (row[0], row[-1]))
        execute("COMMIT", ())
        return bool(execute(f"SELECT {use} & {self._bit} FROM person WHERE id = ?", (person,))[0][0])


class ObjectedByHand:
    """By hand: all that an objection to marketing must leave, in one transaction, its statements known beforehand.

    Objection and ban with their derived days, what they are found by, the keyed hashes of the addresses among it, the
    person's bits, the ledger's two entries, the journal's; and the read. The days are those that the product wrote for
    somebody else.
    """

    def __init__(self, world: World, purpose: str, saying: Objecting) -> None:
        self._world, self._saying, self._purpose = world, saying, purpose
        self._execute = executor(world.plain())
        self._times = moments()
        sqlite = world.engine == "sqlite"
        self._begin, self._lock = ("BEGIN IMMEDIATE", "") if sqlite else ("BEGIN", " FOR UPDATE")
        register = world.store.register
        self._addresses = address_items(register)
        chosen = ", ".join(f'"{item.key}"' for item in self._addresses)
        self._read = f"SELECT {chosen} FROM person WHERE id = ?"
        somebody = saying.silent[-1]
        before = _row(world, self._execute, "person", "id", somebody)
        rows, keys, after = saying.leaves(somebody)
        self._rows = {kind: _insert(kind, cells) for kind, cells in rows.items()}
        self._cells = {kind: dict(cells) for kind, cells in rows.items()}
        self._keys = [key for key in keys if key[1] != PRINTS]
        lost = {name: cell & ~after[name] for name, cell in before.items() if cell != after[name]}
        cleared = ", ".join(f"{name} = {name} & ~{bits}" for name, bits in lost.items())
        self._clear = f"UPDATE person SET {cleared} WHERE id = ?"
        number, bit = register.bit(purpose)
        self._use = f"SELECT sys_use_{number} & {bit} FROM person WHERE id = ?"
        self._journal = f"INSERT INTO journal ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"

    def leaves(self, person: int) -> Left:
        """What it leaves; then it is as if the person had not objected."""
        self.deed(person)
        found = left(self._world, self._execute, person)
        self._saying.take_back(person)
        return found

    def deed(self, person: int) -> bool:
        execute, now = self._execute, next(self._times)
        at = to_utc_text(now)
        execute(self._begin, ())
        prints = sorted(prints_of(self._world.store.keys, self._addresses, execute(self._read, (person,))[0]))
        own = {"person": person, PRINTS: json.dumps(prints)}
        numbers = {}
        for kind, sql in self._rows.items():
            cells = (own.get(name, at if name in MOMENTS else cell) for name, cell in self._cells[kind].items())
            numbers[kind] = int(execute(sql, tuple(cells))[0][0])
        keys = [*self._keys, *((BAN, PRINTS, key) for key in prints)]
        found = ", ".join(["(?, ?, ?, ?)"] * len(keys))
        execute(
            f"INSERT INTO sys_find (key, kind, row, item) VALUES {found}",
            tuple(chain.from_iterable((key, kind, numbers[kind], item) for kind, item, key in keys)),
        )
        execute(self._clear, (person,))
        execute(
            f"INSERT INTO sys_ledger (kind, row, gone, at) VALUES ('{OBJECTION}', ?, 0, ?), ('{BAN}', ?, 0, ?)",
            (numbers[OBJECTION], at, numbers[BAN], at),
        )
        seq, seal = execute(f"SELECT seq, hash FROM journal_head WHERE id = 1{self._lock}", ())[0]
        entry = Entry(now, "1", "", "object", "person", (person,), note=self._purpose)
        (row,) = sealed([(entry.deed, now, (person,), 1)], seq, seal)
        execute(self._journal, row)
        execute("UPDATE journal_head SET seq = ?, hash = ? WHERE id = 1", (row[0], row[-1]))
        execute("COMMIT", ())
        return bool(execute(self._use, (person,))[0][0])


def _insert(kind: str, cells: Mapping[str, Any]) -> str:
    names = ", ".join(f'"{name}"' for name in cells)
    return f"INSERT INTO {kind} ({names}) VALUES ({', '.join('?' * len(cells))}) RETURNING id"
