"""The journal of one register: who, as which lens, did what, to which kind and persons, which items, when.

It never holds a value. Entries are only added. Each carries the SHA-256 of its own facts, its number and the hash of
the entry before it, and the one row of ``journal_head`` carries the number and hash of the last; so an entry that is
changed, removed, put in or moved is found by :func:`verify`. The database refuses UPDATE and DELETE besides. Somebody
who may write the file itself could still forge the whole chain anew: keep a seal (the head's hash) elsewhere now and
then, and give it to :func:`verify`.

A write is journaled in its own transaction with :func:`append`. A read is left with a :class:`ReadJournal`, which keeps
entries in memory for a moment and commits them in groups. When they cannot be written (a full disk, a lock that does
not open) they stay, and when too many wait the next read is refused: nothing is shown unjournaled.
"""

from __future__ import annotations

import json
import re
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, Literal

from seloste.clock import to_utc_text
from seloste.errors import SelosteError
from seloste.settings import Durability
from seloste.store.bulk import insert
from seloste.store.engine import Connection, Database, Row, StoreError, one
from seloste.store.flusher import flusher
from seloste.store.journal_tables import FIRST_SEAL

if TYPE_CHECKING:
    from seloste.compiler.register import Storage

Outcome = Literal["done", "refused"]

PAGE = 5000
"""Rows that one step of a verification or an export holds in memory."""

GROUP = 500
"""Reads that are worth a commit before the time is up."""

MOST_WAITING = 20_000
"""Reads whose entries may wait; beyond them a read commits its own or is refused."""

# Codes and keys, one a line: no space, no at-sign, no plus, so that hardly a value gets in even by mistake.
_CODES = re.compile(r"[\w.:/\-\n]*")
_CODE_LENGTH = 120

FACTS = "seq, at, actor, lens, verb, kind, persons, items, count, outcome, note, hash"


class JournalError(SelosteError):
    """An entry that the journal does not take, or a journal that is not there."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One deed.

    ``actor`` is an account's id, or the name of a part of the program (``register``, ``web_form``); ``lens`` the role
    acted in, empty when none; ``verb`` what was done (``look``, ``store``, ``change``, ``erase``, ``export`` ...);
    ``kind`` a key of the notice, empty for a deed about the register itself; ``persons`` the ids of the data subjects;
    ``items`` keys of the notice; ``count`` the number of rows (or of what the verb counts); ``note`` a code, as that of
    a reason. Raises JournalError for text that is not a code.
    """

    at: datetime
    actor: str
    lens: str
    verb: str
    kind: str = ""
    persons: tuple[int, ...] = ()
    items: tuple[str, ...] = ()
    count: int = 1
    outcome: Outcome = "done"
    note: str = ""

    def __post_init__(self) -> None:
        codes = (self.actor, self.lens, self.verb, self.kind, self.note)
        if (
            not self.verb
            or not self.actor
            or self.outcome not in ("done", "refused")
            or not _are_codes(codes, self.items)
        ):
            raise JournalError(
                "Lokiin merkitään vain koodeja ja avaimia, ei tietojen sisältöä.",
                "The journal takes only codes and keys, never what the data say.",
            )


@lru_cache(maxsize=1024)
def _are_codes(codes: tuple[str, ...], items: tuple[str, ...]) -> bool:
    return max(map(len, codes)) <= _CODE_LENGTH and _CODES.fullmatch("\n".join((*codes, *items))) is not None


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry's number (0 when there is none) and hash, the seal of all before it."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class JournalReport:
    """What a verification found. ``first_bad`` is the lowest number that is not as it was written, None when whole.

    ``count`` entries were read. ``seal_found`` says whether the seal asked about is in the chain, None when none was.
    """

    ok: bool
    count: int
    first_bad: int | None
    head: Head
    seal_found: bool | None = None


def append(conn: Connection, entry: Entry) -> int:
    """Add one entry in the caller's writing transaction, best as its last statement; returns its number.

    On PostgreSQL the head is locked until that transaction ends, so that the chain has one order.
    """
    return append_all(conn, (entry,))


def append_all(conn: Connection, entries: Sequence[Entry]) -> int:
    """Add entries in order in the caller's writing transaction; returns the number of the last."""
    lock = " FOR UPDATE" if conn.dialect == "postgresql" else ""
    seq, previous = one(conn.execute("SELECT seq, hash FROM journal_head WHERE id = 1" + lock))
    if not entries:
        return int(seq)
    rows: list[dict[str, object]] = []
    lists: list[dict[str, int]] = []
    for entry in entries:
        seq += 1
        row = _row(seq, entry, previous)
        previous = str(row["hash"])
        rows.append(row)
        if len(entry.persons) > 1:
            lists.extend({"person": person, "seq": seq} for person in dict.fromkeys(entry.persons))
    if len(rows) == 1:
        conn.execute(_INSERT, rows[0])
    elif conn.dialect == "sqlite":
        conn.executemany(_INSERT, rows)
    else:
        insert(conn, "journal", _COLUMNS, rows)
    insert(conn, "journal_person", {"person": "integer", "seq": "integer"}, lists)
    conn.execute("UPDATE journal_head SET seq = :seq, hash = :hash WHERE id = 1", {"seq": seq, "hash": previous})
    return int(seq)


_COLUMNS: Mapping[str, Storage] = {
    "seq": "integer",
    "at": "text",
    "actor": "text",
    "lens": "text",
    "verb": "text",
    "kind": "text",
    "person": "integer",
    "persons": "text",
    "items": "text",
    "count": "integer",
    "outcome": "text",
    "note": "text",
    "hash": "text",
}
_INSERT = f"INSERT INTO journal ({', '.join(_COLUMNS)}) VALUES ({', '.join(':' + name for name in _COLUMNS)})"


def _row(seq: int, entry: Entry, previous: str) -> dict[str, object]:
    """An entry as its row. The text that is hashed is that of :func:`_hash`, put together without a detour."""
    at = to_utc_text(entry.at)
    persons = _compact_numbers(entry.persons)
    items, before, between, after = _frame(
        entry.actor, entry.count, entry.items, entry.kind, entry.lens, entry.note, entry.outcome, entry.verb
    )
    facts = f'{before}{at}{between}{persons},"previous":"{previous}","seq":{seq}{after}'
    return {
        "seq": seq,
        "at": at,
        "actor": entry.actor,
        "lens": entry.lens,
        "verb": entry.verb,
        "kind": entry.kind,
        "person": entry.persons[0] if len(entry.persons) == 1 else None,
        "persons": persons,
        "items": items,
        "count": entry.count,
        "outcome": entry.outcome,
        "note": entry.note,
        "hash": sha256(facts.encode()).hexdigest(),
    }


@lru_cache(maxsize=1024)
def _frame(
    actor: str, count: int, items: tuple[str, ...], kind: str, lens: str, note: str, outcome: str, verb: str
) -> tuple[str, str, str, str]:
    """What entries of the same deed share: the items, and the text before the time, up to the persons, at the end."""
    listed = f"[{','.join(map(_text, items))}]"
    return (
        listed,
        f'{{"actor":{_text(actor)},"at":"',
        f'","count":{count:d},"items":{listed},"kind":{_text(kind)},"lens":{_text(lens)},"note":{_text(note)},'
        f'"outcome":{_text(outcome)},"persons":',
        f',"verb":{_text(verb)}}}',
    )


def _compact_numbers(numbers: Sequence[int]) -> str:
    return f"[{','.join(map(str, numbers))}]"


def _single(persons: Sequence[int]) -> int | None:
    return persons[0] if len(persons) == 1 else None


_text = json.encoder.encode_basestring


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _hash(row: dict[str, object], persons: Sequence[int], items: Sequence[str], previous: str) -> str:
    """The SHA-256 of an entry's facts as JSON: keys in order, no spaces, letters as they are."""
    facts = {
        "seq": row["seq"],
        "at": row["at"],
        "actor": row["actor"],
        "lens": row["lens"],
        "verb": row["verb"],
        "kind": row["kind"],
        "persons": persons,
        "items": items,
        "count": row["count"],
        "outcome": row["outcome"],
        "note": row["note"],
        "previous": previous,
    }
    return sha256(_compact(facts).encode()).hexdigest()


def head(conn: Connection) -> Head:
    """Where the chain ends now."""
    seq, seal = one(conn.execute("SELECT seq, hash FROM journal_head WHERE id = 1"))
    return Head(int(seq), str(seal))


def verify(database: Database, *, seal: str | None = None) -> JournalReport:
    """Read the whole journal in one snapshot and compute each hash anew.

    ``seal`` is a hash noted earlier: a chain forged anew after that day no longer holds it.
    """
    with database.read() as conn:
        end = head(conn)
        count, expected, previous, first_bad = 0, 1, FIRST_SEAL, None
        seal_found = None if seal is None else seal == FIRST_SEAL
        for rows in _pages(conn):
            lists = _lists(conn, rows[0][0], rows[-1][0])
            for row in rows:
                count += 1
                sound = row[0] == expected and _is_sound(row, previous, lists.get(row[0], ()))
                if not sound and first_bad is None:
                    first_bad = min(int(row[0]), expected)
                expected, previous = row[0] + 1, row[-1]
                if first_bad is None and seal is not None and previous == seal:
                    seal_found = True
        if first_bad is None and (end.seq, end.hash) != (expected - 1, previous):
            first_bad = min(end.seq + 1, expected)
    return JournalReport(first_bad is None and seal_found is not False, count, first_bad, end, seal_found)


def _pages(conn: Connection) -> Iterator[list[Row]]:
    after = -(2**31)  # An entry put in under number 1 must be met too.
    while rows := conn.execute(
        f"SELECT person, {FACTS} FROM journal WHERE seq > :after ORDER BY seq LIMIT :page",
        {"after": after, "page": PAGE},
    ).all():
        yield [(*row[1:-1], row[0], row[-1]) for row in rows]
        after = rows[-1][1]


def _lists(conn: Connection, first: int, last: int) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for person, seq in conn.execute(
        "SELECT person, seq FROM journal_person WHERE seq BETWEEN :first AND :last ORDER BY seq, person",
        {"first": first, "last": last},
    ):
        found.setdefault(seq, []).append(person)
    return found


def _is_sound(row: Row, previous: str, listed: Sequence[int]) -> bool:
    names = ("seq", "at", "actor", "lens", "verb", "kind", "persons", "items", "count", "outcome", "note")
    facts = dict(zip(names, row, strict=False))
    try:
        persons, items = json.loads(row[6]), json.loads(row[7])
        expected = sorted(set(persons)) if len(persons) > 1 else []
        return (
            row[-1] == _hash(facts, persons, items, previous)
            and row[-2] == _single(persons)
            and list(listed) == expected
        )
    except (ValueError, TypeError):
        return False


class ReadJournal:
    """The reads of one register. Open the database with ``full_sync`` when durability is EACH.

    In a writing transaction use ``journal.append`` on its connection instead: the groups take a transaction of theirs.
    """

    def __init__(self, database: Database, durability: Durability = Durability.GROUP) -> None:
        self._database = database
        self._durability = durability
        self._waiting: deque[Entry] = deque()
        self._commit = threading.Lock()
        self._left = 0
        self._counting = threading.Lock()
        self._done = 0
        self._closed = False
        flusher.watch(self)

    def queue(self, entry: Entry) -> None:
        """Journal one read. Raises StoreError when it cannot be journaled; the read must then not be shown."""
        if self._closed:
            raise StoreError("Rekisteri on suljettu.", "The register is closed.")
        with self._counting:
            self._waiting.append(entry)
            self._left += 1
            ticket = self._left
        if self._durability is Durability.EACH or ticket - self._done > MOST_WAITING:
            self._flush_until(ticket)
        else:
            flusher.wake(self, at_once=ticket - self._done >= GROUP)

    def flush(self) -> None:
        """Commit all that waits. Raises StoreError when the database does not take it; nothing is lost."""
        with self._counting:
            ticket = self._left
        self._flush_until(ticket)

    def close(self) -> None:
        """Commit all that waits and take no more."""
        self._closed = True
        self.flush()

    def _flush_until(self, ticket: int) -> None:
        with self._commit:
            while self._done < ticket:
                batch = list(islice(self._waiting, 1000))
                try:
                    with self._database.transaction() as conn:
                        append_all(conn, batch)
                except Exception as problem:
                    raise StoreError(
                        "Katselua ei voitu kirjata lokiin, joten tietoja ei näytetä. Yritä hetken kuluttua uudelleen.",
                        "The look could not be journaled, so nothing is shown. Try again in a moment.",
                    ) from problem
                for _ in batch:
                    self._waiting.popleft()
                self._done += len(batch)
