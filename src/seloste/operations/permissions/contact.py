"""May a person be contacted? For each marketing purpose and channel: yes, no or ask, with the reason and since when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal, cast

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
    """Every marketing purpose of the lens and each of its channels, by the dated table of ``law/``."""
    lens = store.register.lenses.get(actor.lens)
    if lens is None or person not in visible_ids(store, actor.lens, PERSON, {person}, now):
        raise NoSuchRowError
    marketing = [
        store.register.purposes[key]
        for key in lens.purposes
        if key in store.register.purposes and store.register.purposes[key].nature == "marketing"
    ]
    with store.read(now) as conn:
        said = read_said(conn, store.register, PERSON, [person]).get(person, Said())
        works = _represents_a_company(conn, store, person)
    return tuple(
        _answer(purpose, channel, basis, said, works=works)
        for purpose in marketing
        for channel, basis in (purpose.channels or {"email": "consent"}).items()
    )


def _represents_a_company(conn: Connection, store: RegisterStore, person: int) -> bool:
    """Whether a tie leads to something with a business id: then the rule for work addresses holds (s. 202)."""
    tables = store.register.tables
    firms = {key for key, table in tables.items() if any(i.type == "business_id" for i in table.kind.items.values())}
    for key, table in tables.items():
        for end in firms.intersection(table.kind.of) if table.kind.tie and PERSON in table.kind.of else ():
            found = conn.execute(
                f"SELECT 1 FROM {quote(key)} WHERE {quote(PERSON)} = :person AND {quote(end)} IS NOT NULL",
                {"person": person},
            ).first()
            if found is not None:
                return True
    return False


def _answer(purpose: Purpose, channel: str, basis: str, said: Said, *, works: bool) -> ContactAnswer:
    banned = [
        event
        for event in said.events["ban"]
        if event["lifted_at"] is None
        and event["channel"] in (channel, "all")
        and event["purpose"] in (None, purpose.key)
    ]
    objected = any(
        event["purpose"] == purpose.key and event["state"] in ("pending", "upheld") and event["withdrawn_at"] is None
        for event in said.events["objection"]
    )
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
    return ContactAnswer(purpose.key, purpose.text, channel, answer, decision.reason, _since(banned, standing))


def _since(banned: list[dict[str, Any]], standing: list[dict[str, Any]]) -> dt.datetime | None:
    moments = [event.get("given_at") for event in standing]
    if banned or not moments or moments[0] is None:
        return None
    return from_utc_text(str(moments[0]))
