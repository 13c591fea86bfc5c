"""A request is received: by letter, phone, e-mail, at the office or on the own page. Any channel will do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from seloste.catalogue.model import PERSON
from seloste.operations.actor import Actor
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.records.read import visible_ids
from seloste.operations.rights.evidence import accepted
from seloste.operations.rights.model import REQUEST, Done, RequestError
from seloste.operations.rights.rows import add_step, log, settle_request
from seloste.operations.rights.tell import tell
from seloste.store.registers import RegisterStore
from seloste.store.work import Work


def receive(
    store: RegisterStore,
    right: str,
    *,
    channel: str,
    person: int | None = None,
    evidence: frozenset[str] = frozenset(),
    asked: str = "",
    asked_by: str = "",
    language: str = "",
    received_at: dt.datetime | None = None,
    together: str = "",
    first: Callable[[Work], object] | None = None,
    actor: Actor,
    now: dt.datetime,
) -> Done:
    """Record a request; its month begins on the Finnish day it arrived, seen by anybody or not (Art. 12(3)).

    Without ``person`` nobody knows yet who asks: a bare key stands for them, with what they said of themselves, until
    they are identified. ``evidence`` says how a known person was known; ``together`` names the same request in
    another register (``key:number``), where they are told that it arrived. ``first`` is called in its transaction once
    nobody else writes, and may refuse it. Raises RequestError, NoSuchRowError.
    """
    kind = store.register.tables[REQUEST].kind
    for item, given in (("right", right), ("channel", channel)):
        if given not in {option.key for option in kind.items[item].options}:
            raise RequestError("Valitse, mitä pyydettiin ja miten.", "Choose what was asked and how.")
    at = received_at or now
    if at > now:
        raise RequestError("Pyyntö ei voi saapua tulevana päivänä.", "A request cannot arrive on a day to come.")
    if person is None and not asked_by.strip():
        raise RequestError(
            "Kirjoita, kuka pyytäjä kertoi olevansa ja mihin hänelle vastataan, tai valitse henkilö.",
            "Write who they said they are and where to answer them, or choose the person.",
        )
    if person is not None and person not in visible_ids(store, "", PERSON, {person}, now):
        raise NoSuchRowError
    how = accepted(evidence, now) if evidence else ""
    if how and person is None:
        raise RequestError("Valitse henkilö, joka tunnistettiin.", "Choose the person who was identified.")
    with store.write(now) as work:
        if first is not None:
            work.claim()
            first(work)
        whose = person if person is not None else work.insert(PERSON, {}, source="own_records")
        values = {
            "right": right,
            "received_at": at,
            "channel": channel,
            "asked": asked.strip() or None,
            "asked_by": asked_by.strip() or None,
            "language": language or None,
            "together": [together] if together else None,
        }
        return put_request(store, work, whose, values, how=how, told=person is not None and not together, actor=actor)


def put_request(
    store: RegisterStore, work: Work, person: int, values: Mapping[str, Any], *, how: str, told: bool, actor: Actor
) -> Done:
    """A request, in the caller's transaction. ``how`` they were known, if they were; ``told``: by a message."""
    number = work.insert(REQUEST, {"state": "received", **values, PERSON: person}, source="subject")
    if how:
        add_step(work, number, "identified", how=how)
    done = settle_request(store, work, number)
    if told:
        tell(store, work, number, person, "received")
    log(work, actor, "receive_request", person, note=str(values["right"]))
    return done
