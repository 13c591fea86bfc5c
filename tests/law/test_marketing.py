"""The marketing table: every row, in the order it is tried."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seloste.errors import NoRuleError
from seloste.law.marketing import (
    CHANNELS,
    ELECTRONIC,
    Consent,
    ContactFacts,
    ExistingCustomer,
    RecipientKind,
    default_basis,
    may_contact,
    must_carry,
)

CUSTOMER = ExistingCustomer(True, True, True, True, True, True)
RECIPIENTS = get_args(RecipientKind)

customers = st.builds(ExistingCustomer, *[st.booleans()] * 6)
any_facts = st.builds(
    ContactFacts,
    channel=st.sampled_from(CHANNELS),
    recipient=st.sampled_from(RECIPIENTS),
    consent=st.sampled_from(get_args(Consent)),
    banned=st.booleans(),
    objected=st.booleans(),
    restricted=st.booleans(),
    unlawful_source=st.booleans(),
    fits_role=st.booleans(),
    partner=st.booleans(),
    consent_names_partner=st.booleans(),
    left=st.booleans(),
    customer=customers,
)


@pytest.mark.parametrize(
    ("facts", "allow", "ground", "number"),
    [
        (ContactFacts("email", "person", consent="given", banned=True), False, "ban", 1),
        (ContactFacts("post", "person", objected=True), False, "ban", 1),
        (ContactFacts("email", "company_address", consent="withdrawn"), False, "ban", 1),
        (ContactFacts("email", "person", consent="withdrawn", customer=CUSTOMER), False, "ban", 1),
        (ContactFacts("phone", "person", restricted=True), False, "restriction", 2),
        (ContactFacts("phone", "person", unlawful_source=True), False, "restriction", 2),
        (ContactFacts("email", "person", consent="given"), True, "consent", 3),
        (ContactFacts("sms", "sole_trader", consent="given"), True, "consent", 3),
        (ContactFacts("auto_call", "person", customer=CUSTOMER), True, "customer", 4),
        (ContactFacts("email", "person"), False, "none", 5),
        (ContactFacts("email", "sole_trader"), False, "none", 5),
        (ContactFacts("email", "work_address"), True, "opt_out", 6),
        (ContactFacts("email", "work_address", fits_role=False, consent="given"), True, "consent", 7),
        (ContactFacts("email", "work_address", fits_role=False, customer=CUSTOMER), True, "customer", 7),
        (ContactFacts("email", "work_address", fits_role=False), False, "none", 7),
        (ContactFacts("email", "company_address"), True, "opt_out", 8),
        (ContactFacts("email", "person", consent="given", left=True), True, "consent", 3),
        (ContactFacts("email", "person", customer=CUSTOMER, left=True), False, "none", 12),
        (ContactFacts("phone", "person", left=True), False, "none", 12),
        (ContactFacts("phone", "person"), True, "opt_out", 9),
        (ContactFacts("post", "company_address"), True, "opt_out", 9),
        (ContactFacts("post", "person", partner=True), True, "opt_out", 9),
        (ContactFacts("email", "person", consent="given", partner=True), False, "none", 10),
        (ContactFacts("email", "company_address", partner=True), False, "none", 10),
        (ContactFacts("email", "person", customer=CUSTOMER, partner=True), False, "none", 10),
        (
            ContactFacts("email", "person", consent="given", partner=True, consent_names_partner=True),
            True,
            "consent",
            10,
        ),
        (ContactFacts("email", "person", partner=True, consent_names_partner=True), False, "none", 10),
    ],
)
def test_the_first_row_that_matches_decides(facts: ContactFacts, allow: bool, ground: str, number: int) -> None:
    decision = may_contact(facts)
    assert (decision.allow, decision.ground, decision.rule_number) == (allow, ground, number)
    assert set(decision.reason) == {"fi", "en", "sv"}
    assert decision.mark.source


@pytest.mark.parametrize("missing", range(6))
def test_the_customer_exception_needs_all_six_conditions(missing: int) -> None:
    five = ExistingCustomer(*[index != missing for index in range(6)])
    decision = may_contact(ContactFacts("email", "person", customer=five))
    assert (decision.allow, decision.rule_number) == (False, 5)


@given(any_facts)
def test_every_combination_of_facts_is_decided(facts: ContactFacts) -> None:
    decision = may_contact(facts, date(2026, 11, 25))
    assert decision.rule_number in range(1, 13)
    assert decision.allow == (decision.ground in ("consent", "customer", "opt_out"))


@given(any_facts)
def test_a_ban_an_objection_or_a_withdrawal_always_stops(facts: ContactFacts) -> None:
    for change in ({"banned": True}, {"objected": True}, {"consent": "withdrawn"}):
        assert not may_contact(replace(facts, **change)).allow


@given(any_facts)
def test_electronic_marketing_to_a_person_needs_consent_or_custom(facts: ContactFacts) -> None:
    decision = may_contact(facts)
    if decision.allow and facts.channel in ELECTRONIC and facts.recipient in ("person", "sole_trader"):
        assert facts.consent == "given" or facts.customer.holds()


def test_the_default_of_each_channel() -> None:
    found = {(channel, kind): default_basis(channel, kind) for channel, kind in product(CHANNELS, RECIPIENTS)}
    assert {kind for (channel, kind), basis in found.items() if channel == "email" and basis == "consent"} == {
        "person",
        "sole_trader",
    }
    assert all(basis == "interest" for (channel, _), basis in found.items() if channel in ("phone", "post"))


def test_an_email_must_carry_sender_nature_and_way_out() -> None:
    assert [text["en"] for text in must_carry()] == [
        "who sends the message",
        "that the message is marketing",
        "an easy and free way to refuse more",
    ]


def test_the_table_is_dated() -> None:
    with pytest.raises(NoRuleError):
        may_contact(ContactFacts("post", "person"), date(2014, 12, 31))
