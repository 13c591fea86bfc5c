"""Whom a breach reaches, found by query in the register (GDPR Art. 33(3)(a)): numbers are kept, not who."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from seloste.catalogue.model import PERSON
from seloste.clock import HELSINKI
from seloste.operations.actor import Actor
from seloste.operations.breaches.model import Affected, Breach, BreachError, Query
from seloste.operations.breaches.record import changed
from seloste.store import affected
from seloste.store.engine import Connection
from seloste.store.mailable import with_mail
from seloste.store.registers import RegisterStore
from seloste.store.work import Work


def askable(store: RegisterStore) -> tuple[str, ...]:
    """Kinds that may be chosen: those about persons, the notice's own first and the person before all."""
    kinds = affected.countable(store.register)
    tables = store.register.tables
    return tuple(sorted(kinds, key=lambda key: (tables[key].kind.built_in, key != PERSON)))


def count(store: RegisterStore, number: int, query: Query, *, actor: Actor, now: dt.datetime) -> Affected:
    """Count what ``query`` finds now and keep the numbers with the breach.

    Raises BreachError for kinds or a purpose that the notice has not, and for a period that ends before it begins.
    """
    _check(store, query)
    counted: list[Affected] = []

    def counts(breach: Breach, work: Work) -> Breach:
        found, people = reached(store, work.conn, query)
        mail = len(with_mail(work.conn, store.register, people))
        counted.append(Affected(query, now, found, len(people), mail))
        return replace(breach, affected=counted[0])

    changed(store, number, "breach_counted", counts, actor=actor, now=now)
    return counted[0]


def reached(store: RegisterStore, conn: Connection, query: Query) -> tuple[dict[str, tuple[int, int]], frozenset[int]]:
    """Kind -> (rows, people) of what a query finds, and the ids of the people, each once."""
    since = _midnight(query.since) if query.since else None
    until = _midnight(query.until + dt.timedelta(days=1)) if query.until else None
    counts, people = {}, set[int]()
    for kind in query.kinds:
        if kind not in store.register.tables:
            continue
        rows, who = affected.count(conn, store.register, kind, since=since, until=until, purpose=query.purpose)
        counts[kind] = rows, len(who)
        people |= who
    return counts, frozenset(people)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), HELSINKI)


def _check(store: RegisterStore, query: Query) -> None:
    if not query.kinds or not set(query.kinds) <= set(askable(store)):
        raise BreachError("Valitse, mitä tietoja loukkaus koskee.", "Choose which data the breach is about.", "kinds")
    if query.purpose and query.purpose not in store.register.purposes:
        raise BreachError("Tätä käyttötarkoitusta ei ole selosteessa.", "The notice has no such purpose.", "purpose")
    if query.since and query.until and query.until < query.since:
        raise BreachError("Aika päättyy ennen kuin alkaa.", "The period ends before it begins.", "until")
    if (query.until or dt.date.min).year >= dt.MAXYEAR:
        raise BreachError("Valitse aikaisempi päivä.", "Choose an earlier day.", "until")
