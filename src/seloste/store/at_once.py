"""A withdrawal or an objection to marketing at once, where nothing more follows from it; see ``compiler.at_once``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from seloste.catalogue.model import Item
from seloste.clock import to_utc_text, today
from seloste.compiler.at_once import Withdrawal, withdrawal
from seloste.compiler.objected_at_once import Objection, objection
from seloste.compiler.register import Register
from seloste.store.bans import BAN, PRINTS, address_items, keeps, prints_of
from seloste.store.due import ids_value
from seloste.store.engine import Connection, one
from seloste.store.journal import Entry, append
from seloste.store.journal_entry import BETWEEN, COLUMNS, before_hash, sealed
from seloste.store.ledger import NOTED
from seloste.store.opened import RegisterStore
from seloste.store.values import search_keys

SAID = ("actor", "lens", "verb", "kind", "persons", "items", "count", "outcome", "note")
"""Cells of an entry that do not hang on where it stands in the journal."""

OBJECTION = "objection"
NOTHING: Mapping[str, str] = MappingProxyType({})
MOST = 2**63
"""Ids are below it on both engines."""


class _FollowsError(Exception):
    """More follows than was written; nothing of it is kept."""


def withdraw(store: RegisterStore, subject_kind: str, subject: int, purpose: str, entry: Entry) -> int | None:
    """End every standing consent of a subject to a purpose, with ``entry`` in the journal. How many there were.

    None when nothing was written: the subject is not there, the register stands at another day or notice, or more
    follows than this writes. Then the operation is to be run whole.
    """
    words = withdrawal(store.register, subject_kind, purpose, store.database.dialect)
    if words is None or not 0 < subject < MOST:
        return None
    if words.whole:
        return _whole(store, words.whole, subject, entry)
    try:
        with store.database.transaction() as conn:
            ended = _steps(conn, store.register.hash, words, subject, entry)
    except _FollowsError:
        return None
    store.stands_at(entry.at)
    return ended


def object_to(store: RegisterStore, person: int, purpose: str, entry: Entry) -> int | None:
    """Write an objection to marketing and the ban that it is, with ``entry`` in the journal. The objection's id.

    None when nothing was written, as of :func:`withdraw`, or some ban of the person or of an address stands already.
    """
    register = store.register
    items = address_items(register) if keeps(register) else ()
    names = tuple(item.key for item in items)
    words = objection(register, purpose, names, store.database.dialect)
    if words is None or not 0 < person < MOST or any(item.sensitive for item in items):
        return None
    if words.whole:
        reads = store.fixed()
        cells = reads.fetch(store.kept.setdefault(words.cells, reads.make(words.cells)), {"subject": person})
        if not cells:
            return None
        addresses = cells[0][1:]
        prints = sorted(prints_of(store.keys, items, addresses))
        keys = [{"key": key, "kind": kind, "item": item} for kind, item, key in _keys(register, purpose, entry, prints)]
        more = {f"address{number}": cell or "" for number, cell in enumerate(addresses)}
        return _whole(store, words.whole, person, entry, {**more, "prints": _listed(prints), "keys": json.dumps(keys)})
    try:
        with store.database.transaction() as conn:
            number = _raised(conn, store, words, purpose, person, items, entry)
    except _FollowsError:
        return None
    store.stands_at(entry.at)
    return number


def _raised(
    conn: Connection,
    store: RegisterStore,
    words: Objection,
    purpose: str,
    person: int,
    items: Sequence[Item],
    entry: Entry,
) -> int:
    at, day = to_utc_text(entry.at), today(entry.at).isoformat()
    facts = conn.execute(words.facts, {"subject": person, "at": at}).first()
    if facts is None or facts[:4] != (store.register.hash, day, person, 0):
        raise _FollowsError
    prints = sorted(prints_of(store.keys, items, facts[4:]))
    if prints and one(conn.execute(words.known, {"keys": json.dumps(prints)}))[0]:
        raise _FollowsError
    given = {"subject": person, "at": at, "prints": _listed(prints)}
    raised, banned = (int(one(conn.execute(sql, given))[0]) for sql in words.insert)
    rows = {OBJECTION: raised, BAN: banned}
    conn.executemany(
        "INSERT INTO sys_find (key, kind, row, item) VALUES (:key, :kind, :row, :item)",
        [
            {"key": key, "kind": kind, "row": rows[kind], "item": item}
            for kind, item, key in _keys(store.register, purpose, entry, prints)
        ],
    )
    conn.execute(words.bits, {"subject": person})
    if one(conn.execute(words.follows, {"subject": person, "raised": raised, "banned": banned}))[0]:
        raise _FollowsError
    for kind, row in rows.items():
        conn.execute(NOTED, {"kind": kind, "row": row, "at": at})
    append(conn, entry)
    return raised


def _listed(prints: Sequence[str]) -> str:
    return json.dumps(prints) if prints else ""


def _keys(register: Register, purpose: str, entry: Entry, prints: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Kind, item and key of all by which an objection and its ban are found."""
    values: Mapping[str, Mapping[str, Any]] = {
        OBJECTION: {"purpose": purpose, "state": "upheld", "raised_at": entry.at, "decided_at": entry.at},
        BAN: {"channel": "all", "purpose": purpose, "set_at": entry.at, PRINTS: list(prints) or None},
    }
    for kind, cells in values.items():
        items = register.tables[kind].kind.items
        for name, value in cells.items():
            if name in items:
                yield from ((kind, name, key) for key in search_keys(items[name], value))


def _whole(store: RegisterStore, sql: str, subject: int, entry: Entry, more: Mapping[str, str] = NOTHING) -> int | None:
    at = to_utc_text(entry.at)
    (row,) = sealed([(entry.deed, entry.at, entry.persons, entry.count)], 0, "")
    cells = dict(zip(COLUMNS, row, strict=True))
    found = store.write_whole(
        sql,
        {
            **{name: cells[name] for name in SAID},
            **more,
            "subject": subject,
            "at": at,
            "day": today(entry.at).isoformat(),
            "digest": store.register.hash,
            "before": before_hash(entry.deed, at, cells["persons"], entry.count),
            "between": BETWEEN,
            "after": entry.deed.after,
        },
    )
    if found is None:
        return None
    store.stands_at(entry.at)
    return int(found[0])


def _steps(conn: Connection, digest: str, words: Withdrawal, subject: int, entry: Entry) -> int:
    whose = {"subject": subject}
    at, day = to_utc_text(entry.at), today(entry.at).isoformat()
    if conn.execute(words.facts, whose).first() != (digest, day, subject):
        raise _FollowsError
    rows = [int(row) for (row,) in conn.execute(words.end, {**whose, "at": at, "day": day}).all()]
    if words.bits:
        conn.execute(words.bits, whose)
    if one(conn.execute(words.follows, {**whose, "ids": ids_value(conn, rows)}))[0]:
        raise _FollowsError
    for row in rows:
        conn.execute(NOTED, {"kind": "permission", "row": row, "at": at})
    append(conn, entry)
    return len(rows)
