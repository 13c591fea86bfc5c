"""Consent records and receipts of ISO/IEC TS 27560: each field it asks for, what was agreed to, nobody else."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from tests.operations.conftest import contact

from seloste.notice.record.terms import terms
from seloste.operations.actor import Actor
from seloste.operations.permissions import say
from seloste.operations.permissions.receipt import RECEIPT, RECORD, consents
from seloste.operations.portal.me import myself
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.rights.machine import _schema
from seloste.store.registers import RegisterStore

SALES = Actor("a1", "sales")
PARTNER, OTHER = "Letkuset Oy", "Öljytukku Oy"
PROCESSING = {"privacy_notice", "language", "purposes"}
PURPOSE = {
    "purpose", "purpose_type", "lawful_basis", "pii_information", "pii_controllers", "collection_method",
    "storage_locations", "processing_locations", "retention_period", "jurisdiction", "recipient_third_parties",
    "withdrawal_method", "privacy_rights", "authority_party",
}  # fmt: skip
"""What TS 27560 and the GDPR profile make mandatory."""
PARTY = {"party_id", "party_name", "party_address", "party_contact", "party_type"}
EVENT = {"event_time", "validity_duration", "entity_id", "event_type", "event_state"}


def test_a_receipt_says_what_was_agreed_to_and_what_became_of_it(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person, somebody = contact(store, fixed_now), contact(store, fixed_now, first="Timo")
    for recipient in (PARTNER, OTHER):
        say.grant(store, person, "partner_marketing", channel="paper", language="en", recipient=recipient,
                  actor=SALES, now=fixed_now)  # fmt: skip
    say.grant(store, somebody, "partner_marketing", channel="paper", language="fi", recipient=PARTNER, actor=SALES,
              now=fixed_now)  # fmt: skip
    later = fixed_now + dt.timedelta(days=3)
    say.withdraw(store, person, "partner_marketing", recipient=OTHER, actor=myself(person), now=later)
    found = json.loads(consents(store, person, actor=myself(person), now=later).receipts(later))
    by_state = {}
    for receipt in found["receipts"]:
        assert receipt["schema_version"] == RECEIPT and uuid.UUID(receipt["receipt_id"])
        record = receipt["consent_record"]
        assert record["schema_version"] == RECORD and uuid.UUID(record["record_id"]).version == 4
        [processing] = record["pii_processing"]
        [purpose] = processing["purposes"]
        assert set(processing) >= PROCESSING and set(purpose) >= PURPOSE
        parties = {party["party_id"] for party in record["party_identification"]}
        assert all(set(party) >= PARTY for party in record["party_identification"])
        assert {*purpose["pii_controllers"], *purpose["recipient_third_parties"], purpose["authority_party"]} <= parties
        assert all(set(event) == EVENT for event in record["events"])
        assert purpose["pii_information"] and all(each["pii_type"] for each in purpose["pii_information"])
        by_state[record["events"][-1]["event_state"]] = purpose
    given, gone = by_state["dpv:ConsentGiven"], by_state["dpv:ConsentWithdrawn"]
    assert PARTNER in given["consent_wording"] and OTHER in gone["consent_wording"]
    assert len(given["recipient_third_parties"]) == 1
    used = set(terms_in(found["receipts"]))
    assert used <= terms().known, used - terms().known
    text = json.dumps(found, ensure_ascii=False)
    assert "Havukoski" not in text and "havupumppu" not in text and "Sari" not in text
    # It is the same record each time, and another person's has another name.
    again = consents(store, person, actor=SALES, now=later).records
    assert [each["record_id"] for each in again] == [each["consent_record"]["record_id"] for each in found["receipts"]]
    other = consents(store, somebody, actor=SALES, now=later).records
    assert other[0]["pii_principal_id"] != again[0]["pii_principal_id"]


def test_a_role_gets_what_it_acts_for_and_a_consent_runs_out(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    say.grant(store, person, "partner_marketing", channel="paper", language="fi", recipient=PARTNER, actor=SALES,
              now=fixed_now)  # fmt: skip
    assert len(consents(store, person, purposes=("orders",), actor=SALES, now=fixed_now).records) == 0
    with pytest.raises(NoSuchRowError):
        consents(store, 9999, actor=SALES, now=fixed_now)
    lasts = store.register.purposes["partner_marketing"].lasts
    assert lasts is not None
    old = fixed_now + dt.timedelta(days=366 * lasts[0] if lasts[1] == "year" else 31 * lasts[0])
    record = consents(store, person, actor=SALES, now=old + dt.timedelta(days=3)).records[0]
    assert record["events"][-1]["event_state"] == "dpv:ConsentExpired"


def test_a_persons_copy_names_terms_as_the_vocabulary_has_them_now(store: RegisterStore) -> None:
    for kind, table in store.register.tables.items():
        for name, item in table.kind.items.items():
            if item.dpv and item.type != "ref" and table.column(name) is not None:
                assert _schema(store.register, kind, name)["x-dpv"] in terms().known


def terms_in(found: Any) -> Iterator[str]:
    if isinstance(found, dict):
        for each in found.values():
            yield from terms_in(each)
    elif isinstance(found, list):
        for each in found:
            yield from terms_in(each)
    elif isinstance(found, str) and found.partition(":")[0] in terms().prefixes:
        yield found
