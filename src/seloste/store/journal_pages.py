"""The journal as people read it: newest first, by who, about whom, what and when, page by page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from threading import Lock
from typing import NamedTuple

from seloste.clock import from_utc_text, to_utc_text
from seloste.store.engine import Connection, Row, one
from seloste.store.journal import FACTS, Entry, Outcome
from seloste.store.journal_tables import BLOCKS, FIRST_SEAL, in_block


class Written:
    """An entry as it stands in the journal, with its number, its hash and the hash before it.

    Its cells are the entry's, in the order of FACTS. What they say is made of them when it is asked for: who looks
    through a thousand entries for the ones to show has a thousand rows and few entries.
    """

    __slots__ = ("_cells", "_entry", "previous")

    def __init__(self, cells: Row, previous: str) -> None:
        self._cells = cells
        self._entry: Entry | None = None
        self.previous = previous

    @property
    def seq(self) -> int:
        return int(self._cells[0])

    @property
    def hash(self) -> str:
        return str(self._cells[-1])

    @property
    def entry(self) -> Entry:
        if self._entry is None:
            _, at, actor, lens, verb, kind, persons, items, count, outcome, note, _ = self._cells
            moment, whom, which = from_utc_text(at), tuple(json.loads(persons)), _items(items)
            self._entry = Entry(moment, actor, lens, verb, kind, whom, which, count, outcome, note)
        return self._entry


@dataclass(frozen=True, slots=True)
class Query:
    """Which entries to show: newest first, ``limit`` a page, those numbered under ``before``.

    ``persons`` asks for entries about any of them. ``since`` is included, ``until`` is not. None means any.
    """

    actor: str | None = None
    persons: tuple[int, ...] | None = None
    verb: str | None = None
    outcome: Outcome | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Entries, newest first. ``older`` is the ``before`` of the next page, None on the last."""

    entries: tuple[Written, ...]
    older: int | None


def page(conn: Connection, query: Query) -> JournalPage:
    """The entries a query asks for, newest first."""
    return page_of(query, conn.execute(*asked(query)).all())


def asked(query: Query) -> tuple[str, dict[str, int | str]]:
    """The statement of a query and its parameters; :func:`page_of` makes the page of its rows."""
    where, params = _where(query)
    # Where nothing is left out, the entry before each is the next row.
    before = "" if set(params) <= {"before"} else "(SELECT hash FROM journal b WHERE b.seq = j.seq - 1), "
    sql = f"SELECT {before}{FACTS} FROM journal j {where} ORDER BY j.seq DESC LIMIT :more"
    return sql, {**params, "more": query.limit + 1}


def page_of(query: Query, rows: Sequence[Row]) -> JournalPage:
    found = rows[: query.limit]
    if rows and len(rows[0]) == len(_FACTS):
        seals = [row[-1] if row[0] == each[0] - 1 else FIRST_SEAL for each, row in zip(found, rows[1:], strict=False)]
        entries = tuple(map(Written, found, [*seals, FIRST_SEAL]))
    else:
        entries = tuple(Written(row[1:], row[0] or FIRST_SEAL) for row in found)
    return JournalPage(entries, entries[-1].seq if len(rows) > query.limit else None)


_FACTS = FACTS.split(", ")


def _where(query: Query) -> tuple[str, dict[str, int | str]]:
    asked: dict[str, tuple[str, int | str | None]] = {
        "actor": ("j.actor = :actor", query.actor),
        "verb": ("j.verb = :verb", query.verb),
        "outcome": ("j.outcome = :outcome", query.outcome),
        "since": ("j.at >= :since", None if query.since is None else to_utc_text(query.since)),
        "until": ("j.at < :until", None if query.until is None else to_utc_text(query.until)),
        "before": ("j.seq < :before", query.before),
    }
    where = [text for text, value in asked.values() if value is not None]
    params = {name: value for name, (_, value) in asked.items() if value is not None}
    if query.persons is not None:
        names = {f"p{number}": person for number, person in enumerate(query.persons)}
        wanted = ", ".join(f":{name}" for name in names) or "NULL"
        where.append(
            f"j.seq IN ({BLOCKS} SELECT e.seq FROM block CROSS JOIN journal e"
            f" WHERE {in_block('e')} AND e.person IN ({wanted})"
            f" UNION ALL SELECT p.seq FROM block CROSS JOIN journal_person p"
            f" WHERE {in_block('p')} AND p.person IN ({wanted}))"
        )
        params |= names
    return ("WHERE " + " AND ".join(where) if where else ""), params


@lru_cache(maxsize=1024)
def _items(listed: str) -> tuple[str, ...]:
    return tuple(json.loads(listed))


def entry(conn: Connection, seq: int) -> Written | None:
    """The entry of that number."""
    found = page(conn, Query(before=seq + 1, limit=1)).entries
    return found[0] if found and found[0].seq == seq else None


class DeedOn(NamedTuple):
    """What was done with somebody's data: when, by whom, in which role, at what, for what; as its entry has it."""

    seq: int
    when: str
    actor: str
    lens: str
    verb: str
    kind: str
    listed: str
    note: str

    @property
    def at(self) -> datetime:
        return from_utc_text(self.when)

    @property
    def items(self) -> tuple[str, ...]:
        return _items(self.listed)


def deeds_on(conn: Connection, person: int, verbs: Iterable[str]) -> Sequence[DeedOn]:
    """Deeds of some verbs on a person, newest first; verbs are names of ours."""
    rows = conn.fetch(_deeds(tuple(verbs)), {"person": person})
    # To sort within the statement SQLite runs its two halves side by side.
    rows.sort(reverse=True)
    return [DeedOn(*row) for row in rows]


@lru_cache(maxsize=16)
def _deeds(verbs: tuple[str, ...]) -> str:
    # Each verb by itself: for a list SQLite makes a table first.
    named, whose = " OR ".join(f"e.verb = '{verb}'" for verb in verbs), "CAST(:person AS bigint)"
    return (
        f"{BLOCKS} SELECT e.seq, e.at, e.actor, e.lens, e.verb, e.kind, e.items, e.note FROM block CROSS JOIN journal e"
        f" WHERE {in_block('e')} AND e.person = {whose} AND ({named}) AND e.outcome = 'done'"
        " UNION ALL SELECT e.seq, e.at, e.actor, e.lens, e.verb, e.kind, e.items, e.note"
        " FROM block CROSS JOIN journal_person p CROSS JOIN journal e"
        f" WHERE {in_block('p')} AND p.person = {whose} AND e.seq = p.seq AND ({named}) AND e.outcome = 'done'"
    )


def was_named(conn: Connection, person: int, lens: str, actor: str | None = None) -> bool:
    """Whether an entry of a role names a person; with ``actor`` one of that account."""
    params = {"person": person, "lens": lens, **({} if actor is None else {"actor": actor})}
    own = "" if actor is None else " AND e.actor = :actor"
    alone = (
        f"{BLOCKS} SELECT 1 FROM block CROSS JOIN journal e"
        f" WHERE {in_block('e')} AND e.person = :person AND e.lens = :lens{own} LIMIT 1"
    )
    listed = (
        f"{BLOCKS} SELECT 1 FROM block CROSS JOIN journal_person p CROSS JOIN journal e"
        f" WHERE {in_block('p')} AND p.person = :person AND e.seq = p.seq AND e.lens = :lens{own} LIMIT 1"
    )
    return any(conn.execute(sql, params).all() for sql in (alone, listed))


def first_at(conn: Connection) -> datetime | None:
    """When the journal begins, None when it is empty."""
    row = conn.execute("SELECT at FROM journal ORDER BY seq LIMIT 1").first()
    return from_utc_text(row[0]) if row else None


class Words:
    """The verbs that occur in one journal, and the accounts and parts of the program, for the page's filters.

    A journal only grows, so that each look at them reads what was added since the one before.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._to = 0
        self._actors: set[str] = set()
        self._verbs: set[str] = set()

    def look(self, conn: Connection) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """(actors, verbs), each in order."""
        with self._lock:
            end = int(one(conn.execute("SELECT coalesce(max(seq), 0) FROM journal"))[0])
            if end < self._to:
                # Another journal stands in its place, as after a restore.
                self._to, self._actors, self._verbs = 0, set(), set()
            sql = "SELECT DISTINCT actor, verb FROM journal WHERE seq > :after AND seq <= :to"
            for actor, verb in conn.execute(sql, {"after": self._to, "to": end}):
                self._actors.add(str(actor))
                self._verbs.add(str(verb))
            self._to = end
            return tuple(sorted(self._actors)), tuple(sorted(self._verbs))
