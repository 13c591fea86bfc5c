"""May a person be contacted? For each marketing purpose and channel: yes, no or ask, with the reason and since when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

from seloste.catalogue.model import PERSON, Text
from seloste.clock import from_utc_text
from seloste.law.marketing import Channel, Consent, ContactFacts, may_contact
from seloste.notice.model import Purpose
from seloste.operations.actor import Actor
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.records.read import visible_ids
from seloste.store.engine import Connection, quote
from seloste.store.masks import Said, read_said
from seloste.store.registers import RegisterStore

Answer = Literal["yes", "no", "ask"]

CHUNK = 500


@dataclass(frozen=True, slots=True)
class ContactAnswer:
    """Whether a purpose may reach a person by a channel. ``ask``: only a consent that nobody has asked for lacks."""

    purpose: str
    text: Text
    channel: str
    answer: Answer
    reason: Text
    since: dt.datetime | None
    """When the ban was set or the consent given."""


def contact_answers(store: RegisterStore, person: int, *, actor: Actor, now: dt.datetime) -> tuple[ContactAnswer, ...]:
    """Every marketing purpose of the lens and each of its channels, by the dated table of ``law/``.

    Raises NoSuchRowError for a person the lens does not show.
    """
    found = contacts(store, [person], actor=actor, now=now)
    if person not in found:
        raise NoSuchRowError
    return found[person]


def contacts(
    store: RegisterStore, persons: Sequence[int], *, actor: Actor, now: dt.datetime
) -> dict[int, tuple[ContactAnswer, ...]]:
    """The same for many; persons the lens does not show are left out."""
    lens = store.register.lenses.get(actor.lens)
    if lens is None or not lens.sees(PERSON) or not persons:
        return {}
    shown = visible_ids(store, actor.lens, PERSON, set(persons), now, actor.person)
    marketing = [
        store.register.purposes[key]
        for key in lens.purposes
        if key in store.register.purposes and store.register.purposes[key].nature == "marketing"
    ]
    if not marketing:
        return dict.fromkeys(shown, ())
    with store.read(now) as conn:
        said = read_said(conn, store.register, PERSON, sorted(shown))
        working = _who_represent_a_company(conn, store, sorted(shown))
    return {
        person: tuple(
            _answer(purpose, channel, basis, said.get(person, Said()), works=person in working)
            for purpose in marketing
            for channel, basis in (purpose.channels or {"email": "consent"}).items()
        )
        for person in shown
    }


def _who_represent_a_company(conn: Connection, store: RegisterStore, persons: Sequence[int]) -> set[int]:
    """Those whose ties lead to something with a business id: then the rule for work addresses holds (s. 202)."""
    tables = store.register.tables
    firms = {key for key, table in tables.items() if any(i.type == "business_id" for i in table.kind.items.values())}
    found: set[int] = set()
    for key, table in tables.items():
        for end in firms.intersection(table.kind.of) if table.kind.tie and PERSON in table.kind.of else ():
            for start in range(0, len(persons), CHUNK):
                params = {f"i{number}": each for number, each in enumerate(persons[start : start + CHUNK])}
                names = ", ".join(":" + name for name in params)
                sql = f"SELECT DISTINCT {quote(PERSON)} FROM {quote(key)} WHERE {quote(PERSON)} IN ({names})"
                rows = conn.execute(f"{sql} AND {quote(end)} IS NOT NULL", params)
                found |= {int(person) for (person,) in rows}
    return found


def _answer(purpose: Purpose, channel: str, basis: str, said: Said, *, works: bool) -> ContactAnswer:
    banned = [
        event
        for event in said.events["ban"]
        if event["lifted_at"] is None
        and event["channel"] in (channel, "all")
        and event["purpose"] in (None, purpose.key)
    ]
    objections = [
        event
        for event in said.events["objection"]
        if event["purpose"] == purpose.key and event["state"] in ("pending", "upheld") and event["withdrawn_at"] is None
    ]
    objected = bool(objections)
    given = [event for event in said.events["permission"] if event["purpose"] == purpose.key]
    standing = [event for event in given if event["withdrawn_at"] is None]
    consent: Consent = "given" if standing else "withdrawn" if given else "none"
    restricted = any(event["lifted_at"] is None for event in said.events["restriction"])
    facts = ContactFacts(
        channel=cast(Channel, channel),
        recipient="work_address" if works else "person",
        consent=consent,
        banned=bool(banned),
        objected=objected,
        restricted=restricted,
        partner=purpose.per == "recipient",
        consent_names_partner=bool(standing) and purpose.per == "recipient",
    )
    decision = may_contact(facts)
    allowed = decision.allow and (basis != "consent" or consent == "given")
    quiet = not banned and not objected and not restricted and consent == "none"
    answer: Answer = "yes" if allowed else "ask" if quiet else "no"
    refused = [*(event["set_at"] for event in banned), *(event["raised_at"] for event in objections)]
    since = _since(refused or [event["given_at"] for event in standing])
    return ContactAnswer(purpose.key, purpose.text, channel, answer, decision.reason, since)


def _since(moments: Sequence[str | None]) -> dt.datetime | None:
    """The latest of some moments."""
    known = [moment for moment in moments if moment is not None]
    return from_utc_text(max(known)) if known else None
