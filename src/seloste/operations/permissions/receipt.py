"""Consents of one person as consent records and receipts of ISO/IEC TS 27560, in the GDPR profile of the W3C group.

Field names are those of the specification, terms those of the Data Privacy Vocabulary. A record is of one consent with
what became of it; the receipt is the copy that the person keeps.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from seloste.catalogue.model import PERSON
from seloste.clock import to_utc_text, today
from seloste.law import rights
from seloste.law.authority import authority
from seloste.notice.model import Purpose
from seloste.notice.record.make import processors_of, recipients_of
from seloste.notice.record.terms import terms
from seloste.notice.render.periods import Periods
from seloste.notice.render.tell import Teller
from seloste.operations.actor import Actor
from seloste.operations.permissions.history import Turn, history
from seloste.store.journal import Entry
from seloste.store.registers import RegisterStore

RECORD = "https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr"
RECEIPT = "https://w3id.org/dpv/schema/dpv-27560#receipt-eu-gdpr"
CONTROLLER, AUTHORITY = "controller", "authority"

STATES: Mapping[str, str] = {"consent": "dpv:ConsentGiven", "withdraw": "dpv:ConsentWithdrawn"}
COUNTRY = "FI"
"""The law that the register runs under, and where it is kept unless a processor says otherwise."""


@dataclass(frozen=True, slots=True)
class Consents:
    """``records`` by the purpose and the moment of the yes, newest first; each as JSON has it."""

    records: tuple[dict[str, Any], ...]

    def receipts(self, now: dt.datetime) -> bytes:
        """The receipts as one JSON file, each with the copy of its record."""
        made = [
            {
                "schema_version": RECEIPT,
                "receipt_id": str(uuid.uuid5(uuid.UUID(record["record_id"]), to_utc_text(now))),
                "consent_record": record,
            }
            for record in self.records
        ]
        return (json.dumps({"@context": _context(), "receipts": made}, ensure_ascii=False, indent=2) + "\n").encode()


def consents(
    store: RegisterStore, person: int, *, purposes: Collection[str] | None = None, actor: Actor, now: dt.datetime
) -> Consents:
    """The consent records of a person that the actor's role acts for, of some purposes only or with None of any.

    A look at the consents is journaled. Raises NoSuchRowError when the role does not show the person.
    """
    turns = [each for each in history(store, person, actor=actor, now=now) if each.kind == "permission"]
    shown = [each for each in turns if purposes is None or each.purpose in purposes]
    by_event: dict[int, list[Turn]] = {}
    for each in shown:
        by_event.setdefault(each.id, []).append(each)
    records = tuple(_record(store, person, several, now) for several in by_event.values())
    entry = Entry(
        now, actor.account, actor.lens, "look", "permission", (person,), ("purpose", "given_at"), len(records)
    )
    store.reads.queue(entry)
    return Consents(records)


def _context() -> dict[str, str]:
    return dict(terms().prefixes)


def _record(store: RegisterStore, person: int, turns: list[Turn], now: dt.datetime) -> dict[str, Any]:
    first = min(turns, key=lambda turn: turn.at)
    purpose = store.register.purposes.get(first.purpose)
    lang = str(first.values.get("language") or store.register.notice.languages[0])
    t = Teller(store.register.notice, lang if lang in store.register.notice.languages else "en")
    return {
        "schema_version": RECORD,
        "record_id": _uuid(store, f"permission:{first.id}"),
        "pii_principal_id": _uuid(store, f"{PERSON}:{person}"),
        "pii_processing": [_processing(store, t, first, purpose)],
        "party_identification": list(_parties(store, t, purpose)),
        "events": list(_events(first, turns, now)),
    }


def _uuid(store: RegisterStore, what: str) -> str:
    """A UUID that stays, and that tells nobody without the register's key what it is of. It has the form of version 4,
    as the specification asks (RFC 9562, 5.4)."""
    return str(uuid.UUID(hex=store.keys.lookup(what, place="consent record")[:32], version=4))


def _processing(store: RegisterStore, t: Teller, first: Turn, purpose: Purpose | None) -> dict[str, Any]:
    notice = store.register.notice
    known = terms()
    processors = processors_of(notice, purpose) if purpose is not None else ()
    countries = list(dict.fromkeys(one.country for one in processors if one.country)) or [COUNTRY]
    kind = known.purpose.get(purpose.preset or purpose.key, "dpv:Purpose") if purpose is not None else "dpv:Purpose"
    told = {
        "purpose": t.name(first.purpose),
        "purpose_type": kind,
        "lawful_basis": ["eu-gdpr:A6-1-a"],
        "consent_wording": first.words,
        "pii_information": list(_pii(t, purpose)),
        "pii_controllers": [CONTROLLER],
        "collection_method": str(first.values.get("channel") or ""),
        "storage_locations": [f"loc:{code}" for code in countries],
        "processing_locations": [f"loc:{code}" for code in countries],
        "retention_period": _keeps(t, purpose),
        "jurisdiction": [f"loc:{COUNTRY}"],
        "recipient_third_parties": [key for key, _, _ in _recipients(t, first, purpose)],
        "withdrawal_method": t.w.say("rights.withdraw_text", purposes=t.name(first.purpose)),
        "privacy_rights": list(_rights()),
        "authority_party": AUTHORITY,
    }
    # The version that stood when it was agreed to; its first half is what the consent keeps.
    return {
        "privacy_notice": f"{notice.register} {first.values.get('notice', '')}",
        "language": str(first.values.get("language") or ""),
        "purposes": [told],
    }


def _pii(t: Teller, purpose: Purpose | None) -> Iterator[dict[str, Any]]:
    refs = dict.fromkeys((*purpose.uses, *purpose.borrows)) if purpose is not None else {}
    for ref in refs:
        kind = t.notice.kinds.get(ref.kind)
        item = kind.items.get(ref.item) if kind is not None else None
        if item is None or item.type == "ref":
            continue
        yield {
            "pii_type": terms().item(item.dpv) if item.dpv else "dpv:PersonalData",
            "pii_attribute_id": str(ref),
            "pii_optional": True,
            "sensitive_pii_category": item.sensitive,
            "special_pii_category": item.special,
        }


def _keeps(t: Teller, purpose: Purpose | None) -> str:
    periods = Periods(t.notice, t.vocabulary, t.w)
    return "; ".join(periods.rule(keep) for keep in purpose.keep) if purpose is not None else ""


def _rights() -> Iterator[str]:
    for key in rights.rights():
        if rights.available(key, "consent") != "no":
            yield from terms().right.get(key, ())


def _recipients(t: Teller, first: Turn, purpose: Purpose | None) -> Iterator[tuple[str, str, str]]:
    """Key, name and country of those whom the consent is about: the one it names, else all of the purpose."""
    named = str(first.values.get("recipient") or "")
    for one in recipients_of(t.notice, purpose) if purpose is not None else ():
        if not one.purposes:
            continue
        for number, party in enumerate(one.who):
            if named in ("", party.name):
                yield f"{one.key}_{number + 1}", party.name, party.country or ""


def _parties(store: RegisterStore, t: Teller, purpose: Purpose | None) -> Iterator[dict[str, Any]]:
    controller, office = store.register.notice.controller, authority()
    yield _party(
        CONTROLLER,
        controller.name,
        "dpv:DataController",
        address=controller.address or "",
        contact=t.pick(controller.contact_role) or controller.name,
        email=controller.contact_email or controller.email or "",
        phone=controller.contact_phone or controller.phone or "",
        url=controller.web or "",
    )
    yield _party(
        AUTHORITY,
        t.pick(office.name),
        "dpv:Authority",
        address=f"{office.street}; {t.pick(office.postal)}",
        contact=office.email,
        email=office.email,
        phone=office.phone,
        url=t.pick(office.web),
    )
    for one in recipients_of(store.register.notice, purpose) if purpose is not None else ():
        if one.purposes:
            for number, party in enumerate(one.who):
                country = t.country(party.country) if party.country else ""
                yield _party(
                    f"{one.key}_{number + 1}", party.name, "dpv:Recipient", address=country, contact=party.name
                )


def _party(key: str, name: str, kind: str, *, address: str, contact: str, **more: str) -> dict[str, Any]:
    told = {f"party_{field}": value for field, value in more.items() if value}
    return {
        "party_id": key,
        "party_name": name,
        "party_address": address,
        "party_contact": contact,
        "party_type": kind,
        **told,
    }


def _events(first: Turn, turns: list[Turn], now: dt.datetime) -> Iterator[dict[str, Any]]:
    """What happened, in order: given, then withdrawn or run out."""
    ends: dt.date | None = first.values.get("ends_on")
    lasts = ends.isoformat() if ends is not None else "until withdrawn"
    ordered = sorted(turns, key=lambda turn: turn.at)
    for each in ordered:
        yield {
            "event_time": to_utc_text(each.at),
            "validity_duration": lasts,
            "entity_id": "pii_principal" if each.by in ("", PERSON) else CONTROLLER,
            "event_type": "eu-gdpr:A6-1-a",
            "event_state": STATES.get(each.verb, "dpv:ConsentUnknown"),
        }
    if ordered[-1].verb == "consent" and ends is not None and ends < today(now):
        yield {
            "event_time": ends.isoformat(),
            "validity_duration": lasts,
            "entity_id": CONTROLLER,
            "event_type": "eu-gdpr:A6-1-a",
            "event_state": "dpv:ConsentExpired",
        }
