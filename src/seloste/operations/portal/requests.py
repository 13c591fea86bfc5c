"""The person's own requests: what they asked, by when it is answered, what was answered; and a new one (Art. 12)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from seloste.catalogue.model import PERSON
from seloste.operations.portal.held import is_guarded
from seloste.operations.portal.me import ACCOUNT, myself
from seloste.operations.rights.model import REQUEST, Done, Request, RequestError
from seloste.operations.rights.receive import receive
from seloste.operations.rights.rows import read_requests, read_rows
from seloste.store.journal import Entry
from seloste.store.registers import RegisterStore

KNOWN_BY = frozenset({"own_account"})
"""How whoever asks on their own page is known, having come by a link."""
STRONG = frozenset({"strong"})
"""How they are known having been identified strongly."""


@dataclass(frozen=True, slots=True)
class OwnRequests:
    """Those that wait, the first due first, and those answered, the latest first."""

    open: tuple[Request, ...]
    answered: tuple[Request, ...]


def own_requests(store: RegisterStore, person: int, *, now: dt.datetime) -> OwnRequests:
    """All requests of the person. The look is journaled as their own."""
    with store.read(now) as conn:
        ids = [row["id"] for row in read_rows(store, conn, REQUEST, PERSON, [person])]
        found = read_requests(store, conn, now, ids) if ids else []
    if found:
        store.reads.queue(Entry(now, ACCOUNT, "", "look", REQUEST, (person,), ("right",), count=len(found)))
    waiting = sorted((each for each in found if each.open), key=lambda each: (each.clock.day, each.id))
    answered = sorted((each for each in found if not each.open), key=lambda each: each.answered_at or now, reverse=True)
    return OwnRequests(tuple(waiting), tuple(answered))


def ask_own(
    store: RegisterStore,
    person: int,
    right: str,
    *,
    asked: str,
    language: str,
    proven: bool = False,
    now: dt.datetime,
) -> Done:
    """Ask for something; the month begins today.

    The link to an address on file shows who asks, except where a guard stands: then somebody identifies them first,
    unless they were identified strongly. Raises NoSuchRowError, and RequestError, also while the same is asked already:
    one clock runs for it.
    """
    if any(each.right == right for each in own_requests(store, person, now=now).open):
        raise RequestError(
            "Olet jo pyytänyt tätä. Pyyntö on yllä, ja vastaamme siihen.",
            "You have asked for this already. The request is above, and we answer it.",
        )
    return receive(
        store,
        right,
        channel="portal",
        person=person,
        evidence=_evidence(store, person, proven=proven, now=now),
        asked=asked,
        language=language,
        actor=myself(person),
        now=now,
    )


def _evidence(store: RegisterStore, person: int, *, proven: bool, now: dt.datetime) -> frozenset[str]:
    if proven:
        return STRONG
    return frozenset() if is_guarded(store, person, now=now) else KNOWN_BY
