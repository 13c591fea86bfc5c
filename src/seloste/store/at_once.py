"""A withdrawal all at once, where nothing follows from it that must be looked for first; see ``compiler.at_once``."""

from __future__ import annotations

from seloste.clock import to_utc_text, today
from seloste.compiler.at_once import Withdrawal, withdrawal
from seloste.store.due import ids_value
from seloste.store.engine import Connection, one
from seloste.store.journal import Entry, append
from seloste.store.journal_entry import BETWEEN, COLUMNS, before_hash, sealed
from seloste.store.ledger import note
from seloste.store.opened import RegisterStore

SAID = ("actor", "lens", "verb", "kind", "persons", "items", "count", "outcome", "note")
"""Cells of an entry that do not hang on where it stands in the journal."""

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


def _whole(store: RegisterStore, sql: str, subject: int, entry: Entry) -> int | None:
    at = to_utc_text(entry.at)
    (row,) = sealed([(entry.deed, entry.at, entry.persons, entry.count)], 0, "")
    cells = dict(zip(COLUMNS, row, strict=True))
    found = store.write_whole(
        sql,
        {
            **{name: cells[name] for name in SAID},
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
    note(conn, "permission", rows, gone=False, at=entry.at)
    append(conn, entry)
    return len(rows)
