"""Changed cells of a row at once, where nothing more follows from it; see ``compiler.corrected_at_once``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from seloste.catalogue.model import PERSON, REACHING, Item
from seloste.clock import to_utc_text, today
from seloste.compiler.corrected_at_once import Correction, correction
from seloste.store.engine import Connection, quote
from seloste.store.journal import Entry, append
from seloste.store.journal_entry import BETWEEN, until_persons
from seloste.store.masks import EVENTS
from seloste.store.opened import RegisterStore
from seloste.store.values import is_searched, search_keys, to_cell

MOST = 2**63
"""Ids are below it on both engines."""

SOURCE = (
    "INSERT INTO sys_cell_source (kind, row, item, source, at) VALUES (:kind, :row, :item, :source, :at)"
    " ON CONFLICT (row, kind, item) DO UPDATE SET source = excluded.source, at = excluded.at"
)
"""Says where a cell that was changed came from."""

FOUND = "INSERT INTO sys_find (key, kind, row, item) VALUES (:key, :kind, :row, :item)"
UNFOUND = "DELETE FROM sys_find WHERE kind = :kind AND row = :row AND item = :item"


class Change:
    """What is written: cells of a row, and item and key of all by which they are found."""

    def __init__(self, kind: str, row: int, source: str, items: Mapping[str, Item], values: Mapping[str, Any]) -> None:
        self.kind, self.row, self.source = kind, row, source
        self.cells = {name: _cell(to_cell(items[name], value)) for name, value in values.items()}
        self.searched = [name for name in values if is_searched(items[name])]
        self.keys = [(name, key) for name in self.searched for key in search_keys(items[name], values[name])]

    def groups(self, words: Correction) -> int:
        found = 0
        for name in self.cells:
            found |= words.bits[name]
        return found


class _FollowsError(Exception):
    """More follows than is written here; nothing of it is kept."""


def correct(store: RegisterStore, kind: str, row: int, values: Mapping[str, Any], source: str, entry: Entry) -> bool:
    """Change cells of a row, each with its source, with ``entry`` in the journal; it names the row's person then.

    False when nothing was written: the row is not there, the register stands at another day or notice, or more may
    follow than this writes. Then the operation is to be run whole.
    """
    words = store.register.once(("corrected at once", kind, store.database.dialect), lambda: _words(store, kind))
    if words is None or not values or not values.keys() <= words.bits.keys() or not 0 < row < MOST:
        return False
    change = Change(kind, row, source, store.register.tables[kind].kind.items, values)
    if words.whole:
        return _whole(store, words, change, entry)
    try:
        with store.database.transaction() as conn:
            _steps(conn, store.register.hash, words, change, entry)
    except _FollowsError:
        return False
    store.stands_at(entry.at)
    return True


def _words(store: RegisterStore, kind: str) -> Correction | None:
    """The texts of a kind; None where more may follow from any change.

    Not of an event, from which somebody's bits follow; nor of a person by whose addresses bans are known.
    """
    register, counted = store.register, store.statements.marks.counted
    table = register.tables[kind]
    items = table.kind.items
    if kind in EVENTS or (kind == PERSON and any(item.type in REACHING for item in items.values())):
        return None
    names = tuple(
        column.name
        for column in table.of_role("item")
        if not items[column.name].sensitive and (kind, column.name) not in counted and column.target is None
    )
    return correction(register, kind, names, store.database.dialect)


def _cell(cell: Any) -> Any:
    # As of all that is written: PostgreSQL keeps no NUL.
    return cell.replace("\0", "") if isinstance(cell, str) else cell


def _whole(store: RegisterStore, words: Correction, change: Change, entry: Entry) -> bool:
    at, deed = to_utc_text(entry.at), entry.deed
    found = store.write_whole(
        words.whole,
        {
            "subject": change.row,
            "cells": json.dumps(change.cells),
            "keys": json.dumps([{"item": item, "key": key} for item, key in change.keys]),
            "groups": change.groups(words),
            "source": change.source,
            "at": at,
            "day": today(entry.at).isoformat(),
            "digest": store.register.hash,
            "before": until_persons(deed, at, entry.count),
            "between": BETWEEN,
            "after": deed.after,
            "actor": deed.actor,
            "lens": deed.lens,
            "verb": deed.verb,
            "kind": deed.kind,
            "items": deed.items,
            "count": entry.count,
            "outcome": deed.outcome,
            "note": deed.note,
        },
    )
    if found is None:
        return False
    store.stands_at(entry.at)
    return True


def _steps(conn: Connection, digest: str, words: Correction, change: Change, entry: Entry) -> None:
    facts = conn.execute(words.facts, {"subject": change.row}).first()
    if facts is None or facts[:2] != (digest, today(entry.at).isoformat()):
        raise _FollowsError
    unneeded, persons, person = facts[2:]
    if unneeded & change.groups(words) or persons > 1:
        raise _FollowsError
    sets = ", ".join(f"{quote(name)} = :{name}" for name in change.cells)
    conn.execute(f"UPDATE {quote(change.kind)} SET {sets} WHERE id = :sys_row", {**change.cells, "sys_row": change.row})
    where = {"kind": change.kind, "row": change.row}
    for item in change.searched:
        conn.execute(UNFOUND, {**where, "item": item})
    if change.keys:
        conn.executemany(FOUND, [{**where, "item": item, "key": key} for item, key in change.keys])
    at = to_utc_text(entry.at)
    for item in change.cells:
        conn.execute(SOURCE, {**where, "item": item, "source": change.source, "at": at})
    append(conn, replace(entry, persons=() if person is None else (int(person),)))
