"""Reading requests: one, and all by urgency, for whoever leads privacy. Each read is journaled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from seloste.catalogue.model import PERSON
from seloste.compiler.guard import guard_of
from seloste.operations.actor import Actor
from seloste.operations.records.find import MOST_CANDIDATES, words_of
from seloste.operations.records.model import title
from seloste.operations.rights.model import REQUEST, Request
from seloste.operations.rights.rows import one, read_requests, read_rows
from seloste.store.engine import Connection, quote
from seloste.store.journal import Entry
from seloste.store.registers import RegisterStore
from seloste.store.system import BY_KEY

ENDED_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Queue:
    """Requests that wait for an answer, the most urgent first, and the latest answered. ``names`` by person."""

    open: tuple[Request, ...]
    answered: tuple[Request, ...]
    names: Mapping[int, str]


def request(store: RegisterStore, number: int, *, actor: Actor, now: dt.datetime) -> tuple[Request, str]:
    """A request and what the person is called, empty when nobody knows. Raises NoSuchRowError."""
    with store.read(now) as conn:
        found = one(store, conn, number, now)
        names = names_of(store, conn, [found.person])
    _look(store, [found], actor, now)
    return found, names.get(found.person, "")


def requests(store: RegisterStore, *, actor: Actor, now: dt.datetime) -> Queue:
    """All requests. Overdue ones come first and stay until they are answered; those that wait for the person last."""
    with store.read(now) as conn:
        found = read_requests(store, conn, now)
        waiting = sorted((each for each in found if each.open), key=lambda each: (each.clock.paused, each.clock.day))
        ended = sorted((each for each in found if not each.open), key=lambda each: (each.answered_at or now, each.id))
        shown = [*waiting, *ended[: -ENDED_SHOWN - 1 : -1]]
        names = names_of(store, conn, [each.person for each in shown])
    _look(store, shown, actor, now)
    return Queue(tuple(waiting), tuple(shown[len(waiting) :]), names)


def open_beside(store: RegisterStore, found: Request, *, now: dt.datetime) -> tuple[Request, ...]:
    """Other requests of the same person that wait for an answer, the most urgent first."""
    with store.read(now) as conn:
        sql = f"SELECT id FROM {quote(REQUEST)} WHERE {PERSON} = :person AND id <> :id AND answered_at IS NULL"
        numbers = [int(number) for (number,) in conn.execute(sql, {"person": found.person, "id": found.id})]
        others = [each for each in read_requests(store, conn, now, numbers) if each.open] if numbers else []
    return tuple(sorted(others, key=lambda each: each.clock.day))


def person_name(store: RegisterStore, person: int, *, actor: Actor, now: dt.datetime) -> str:
    """What a person is called, empty when nobody knows; for whoever writes down a request of theirs."""
    with store.read(now) as conn:
        found = names_of(store, conn, [person])
    if found:
        store.reads.queue(Entry(now, actor.account, actor.lens, "look", PERSON, (person,), (), 1))
    return found.get(person, "")


def persons_called(
    store: RegisterStore, text: str, *, limit: int = 8, actor: Actor, now: dt.datetime
) -> dict[int, str]:
    """Persons of whom every word of a text begins some key, by name; also those whose use is paused: no role sees
    them, and they may ask all the same.

    Somebody guarded is found by name and not by a number or address: whoever tries one would learn that it is theirs.
    """
    together: set[int] | None = None
    open_to_search = _open_to_search(store)
    with store.read(now) as conn:
        for keys in words_of(text):
            rows: set[int] = set()
            for key in keys:
                sql = (
                    f"SELECT DISTINCT row FROM sys_find WHERE {BY_KEY} = :kind AND key >= :low AND key < :high"
                    f"{open_to_search} ORDER BY row LIMIT :most"
                )
                params = {"kind": PERSON, "low": key, "high": key + "\U0010ffff", "most": MOST_CANDIDATES}
                rows |= {int(number) for (number,) in conn.execute(sql, params)}
            together = rows if together is None else together & rows
        names = names_of(store, conn, sorted(together or ())[:limit])
    if names:
        entry = Entry(now, actor.account, actor.lens, "look", PERSON, tuple(sorted(names)), (), len(names), note="find")
        store.reads.queue(entry)
    return names


def _open_to_search(store: RegisterStore) -> str:
    """The condition on keys of persons that leaves out what a guard seals."""
    guard = guard_of(store.register, PERSON)
    if guard is None or not guard.columns:
        return ""
    sealed = ", ".join(f"'{name}'" for name in guard.columns)
    standing = " OR ".join(f"{quote(name)} IS NOT NULL" for name in store.register.tables[PERSON].kind.guards)
    return f" AND (item NOT IN ({sealed}) OR row NOT IN (SELECT id FROM {quote(PERSON)} WHERE {standing}))"


def names_of(store: RegisterStore, conn: Connection, persons: Sequence[int]) -> dict[int, str]:
    """What persons are called in the register, whoever may use it: a request must be answered to somebody."""
    kind = store.register.tables[PERSON].kind
    rows = read_rows(store, conn, PERSON, "id", set(persons))
    return {row["id"]: name for row in rows if (name := title(kind, row))}


def _look(store: RegisterStore, found: Sequence[Request], actor: Actor, now: dt.datetime) -> None:
    persons = tuple(sorted({each.person for each in found}))
    if persons:
        entry = Entry(now, actor.account, actor.lens, "look", REQUEST, persons[:1000], ("right",), len(found))
        store.reads.queue(entry)
