"""The journal of one register: who, as which lens, did what, to which kind and persons, which items, when.

It never holds a value. Entries are only added. Each carries the SHA-256 of its own facts, its number and the hash of
the entry before it, and the one row of ``journal_head`` carries the number and hash of the last; so an entry that is
changed, removed, put in or moved is found by :func:`verify`. The database refuses UPDATE and DELETE besides. Somebody
who may write the file itself could still forge the whole chain anew: keep a seal (the head's hash) elsewhere now and
then, and give it to :func:`verify`.

A write is journaled in its own transaction: an operation leaves its entries with :class:`Pending`, which writes them
last of all; what is no operation calls :func:`append`. A read is left with a :class:`ReadJournal`, which keeps entries
in memory for a moment and commits them in groups. When they cannot be written (a full disk, a lock that does not open)
they stay, and when too many wait the next read is refused: nothing is shown unjournaled.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from seloste.settings import Durability
from seloste.store.engine import Connection, Database, Dialect, Params, Result, Row, StoreError, one
from seloste.store.flusher import flusher
from seloste.store.journal_entry import COLUMNS, Deed, Done, Entry, JournalError, Outcome, is_sound, sealed
from seloste.store.journal_tables import BLOCK, FIRST_SEAL

PAGE = 5000
"""Rows that one step of a verification or an export holds in memory."""

GROUP = 500
"""Reads that are worth a commit before the time is up."""

MOST_WAITING = 20_000
"""Reads whose entries may wait; beyond them a read commits its own or is refused."""

FACTS = "seq, at, actor, lens, verb, kind, persons, items, count, outcome, note, hash"


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
    """Add one entry in the caller's writing transaction, as its last statement; returns its number.

    On PostgreSQL the head is locked until that transaction ends, so that the chain has one order. Whoever wrote a row
    after that could wait for somebody who holds the row and waits for the head.
    """
    return append_all(conn, (entry,))


def append_all(conn: Connection, entries: Sequence[Entry]) -> int:
    """Add entries in order in the caller's writing transaction; returns the number of the last."""
    return _append(conn, _done(entries))


@dataclass(frozen=True, slots=True)
class _Asking:
    """An entry that says what is asked when it is written."""

    asked: Sequence[tuple[str, Params]]
    entry: Callable[[Sequence[Result]], Entry]


class Pending:
    """The entries of one operation, kept in order until all else of its transaction is written and judged.

    They go with the operation: of one that is taken back nothing is ever written.
    """

    def __init__(self) -> None:
        self._kept: list[Entry | _Asking] = []
        self._written = self._claimed = False

    def add(self, *entries: Entry) -> None:
        """Have entries written at the end."""
        self._keep(entries)

    def add_asking(self, asked: Sequence[tuple[str, Params]], entry: Callable[[Sequence[Result]], Entry]) -> None:
        """As :meth:`add`, of an entry that says what is asked then, with the question for the chain's end."""
        self._keep((_Asking(asked, entry),))

    def _keep(self, more: Sequence[Entry | _Asking]) -> None:
        # A deed that was done after the end would be written down nowhere.
        assert not self._written, "the operation has ended"
        self._kept += more

    def claim(self, conn: Connection) -> None:
        """Be the one who writes to the register, until the transaction ends. On SQLite a writer is alone anyway."""
        if conn.dialect == "postgresql" and not self._claimed:
            self._claimed = True
            conn.send(_end(conn.dialect))

    def write(self, conn: Connection) -> int:
        """Append all of them as the last of the transaction; the number of the last, 0 when there are none."""
        self._written = True
        if not self._kept:
            return 0
        questions = [question for each in self._kept if isinstance(each, _Asking) for question in each.asked]
        *answers, end = conn.ask([*questions, (_end(conn.dialect), {})])
        found = iter(answers)
        entries = [
            each if isinstance(each, Entry) else each.entry([next(found) for _ in each.asked]) for each in self._kept
        ]
        return _append(conn, _done(entries), one(end))


def _done(entries: Sequence[Entry]) -> list[Done]:
    return [(entry.deed, entry.at, entry.persons, entry.count) for entry in entries]


def _end(dialect: Dialect) -> str:
    return "SELECT seq, hash FROM journal_head WHERE id = 1" + (" FOR UPDATE" if dialect == "postgresql" else "")


def _append(conn: Connection, done: Sequence[Done], end: Row | None = None) -> int:
    seq, previous = end if end is not None else one(conn.execute(_end(conn.dialect)))
    if not done:
        return int(seq)
    rows = sealed(done, int(seq), str(previous))
    conn.append("journal", COLUMNS, rows)
    lists = [
        (person, number)
        for number, (_, _, persons, _) in enumerate(done, int(seq) + 1)
        if len(persons) > 1
        for person in dict.fromkeys(persons)
    ]
    if lists:
        conn.append("journal_person", ("person", "seq"), lists)
    last = {"seq": rows[-1][0], "hash": rows[-1][-1]}
    conn.send("UPDATE journal_head SET seq = :seq, hash = :hash WHERE id = 1", last)
    return int(rows[-1][0])


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
                sound = row[0] == expected and is_sound(row, previous, lists.get(row[0], ()))
                if not sound and first_bad is None:
                    first_bad = min(int(row[0]), expected)
                expected, previous = row[0] + 1, row[-1]
                if first_bad is None and seal is not None and previous == seal:
                    seal_found = True
        if first_bad is None and (end.seq, end.hash) != (expected - 1, previous):
            first_bad = min(end.seq + 1, expected)
    return JournalReport(first_bad is None and seal_found is not False, count, first_bad, end, seal_found)


def verify_end(database: Database, most: int) -> JournalReport:
    """Compute the last ``most`` hashes anew, from the one before them on, which is taken as it is."""
    with database.read() as conn:
        end = head(conn)
        before = max(end.seq - most, 0)
        row = conn.execute("SELECT hash FROM journal WHERE seq = :seq", {"seq": before}).first()
        previous, expected, count = str(row[0]) if row is not None else FIRST_SEAL, before + 1, 0
        for rows in _pages(conn, before):
            lists = _lists(conn, rows[0][0], rows[-1][0])
            for each in rows:
                if each[0] != expected or not is_sound(each, previous, lists.get(each[0], ())):
                    return JournalReport(False, count, min(int(each[0]), expected), end)
                expected, previous, count = each[0] + 1, each[-1], count + 1
    whole = (end.seq, end.hash) == (expected - 1, previous) and (before == 0 or row is not None)
    return JournalReport(whole, count, None if whole else expected, end)


def _pages(conn: Connection, after: int = -(2**31)) -> Iterator[list[Row]]:
    """Entries after a number. From the first on, one that was put in under number 1 is met too."""
    while rows := conn.execute(
        f"SELECT person, {FACTS} FROM journal WHERE seq > :after ORDER BY seq LIMIT :page",
        {"after": after, "page": PAGE},
    ).all():
        yield [(*row[1:-1], row[0], row[-1]) for row in rows]
        after = rows[-1][1]


def _lists(conn: Connection, first: int, last: int) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for person, seq in conn.execute(
        f"SELECT person, seq FROM journal_person WHERE (seq >> {BLOCK}) BETWEEN :block AND :last_block"
        " AND seq BETWEEN :first AND :last ORDER BY seq, person",
        {"first": first, "last": last, "block": first >> BLOCK, "last_block": last >> BLOCK},
    ):
        found.setdefault(seq, []).append(person)
    return found


class ReadJournal:
    """The reads of one register. Open the database with ``full_sync`` when durability is EACH.

    In a writing transaction use its ``Work.journal`` instead: the groups take a transaction of theirs.
    """

    def __init__(self, database: Database, durability: Durability = Durability.GROUP) -> None:
        self._database = database
        self._durability = durability
        self._waiting: deque[Done] = deque()
        self._commit = threading.Lock()
        self._left = 0
        self._counting = threading.Lock()
        self._done = 0
        self._closed = False
        flusher.watch(self)

    def queue(self, entry: Entry) -> None:
        """Journal one read. Raises StoreError when it cannot be journaled; the read must then not be shown."""
        self.add(entry.deed, entry.at, entry.persons, entry.count)

    def add(self, deed: Deed, at: datetime, persons: tuple[int, ...], count: int) -> None:
        """As :meth:`queue`, for a deed that was done before."""
        if self._closed:
            raise StoreError("Rekisteri on suljettu.", "The register is closed.")
        with self._counting:
            self._waiting.append((deed, at, persons, count))
            self._left += 1
            ticket = self._left
        if self._durability is Durability.EACH or ticket - self._done > MOST_WAITING:
            self._flush_until(ticket)
        else:
            flusher.wake(self, at_once=ticket - self._done >= GROUP)

    @property
    def waiting(self) -> int:
        """How many entries are not committed yet."""
        return self._left - self._done

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
                    asking = _end(self._database.dialect)
                    with self._database.transaction(relaxed=True, asking=asking) as conn:
                        _append(conn, batch, conn.asked[0])
                except Exception as problem:
                    raise StoreError(
                        "Katselua ei voitu kirjata lokiin, joten tietoja ei näytetä. Yritä hetken kuluttua uudelleen.",
                        "The look could not be journaled, so nothing is shown. Try again in a moment.",
                    ) from problem
                for _ in batch:
                    self._waiting.popleft()
                self._done += len(batch)


__all__ = [
    "FACTS",
    "Entry",
    "Head",
    "JournalError",
    "JournalReport",
    "Outcome",
    "Pending",
    "ReadJournal",
    "append",
    "append_all",
    "head",
    "verify",
]
