"""Identity code, children, rights, checklist and the authority."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seloste.errors import NoRuleError
from seloste.law import checklist, identity_code, rights
from seloste.law.authority import authority
from seloste.law.children import age_of_own_consent, may_consent, turns

# --- identity code ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key",
    [
        "consent",
        "law",
        "statutory_task",
        "rights_and_duties",
        "research_or_statistics",
        "credit",
        "debt_collection",
        "insurance",
        "credit_institution",
        "payment_service",
        "rental_and_lending",
        "credit_information",
        "health_care",
        "social_welfare",
        "employment",
        "address_update",
    ],
)
def test_section_29_allows_these_uses(key: str) -> None:
    found = identity_code.use(key)
    assert found.allowed
    assert "s. 29" in found.mark.source
    assert found.key in {ground.key for ground in identity_code.grounds()}


@pytest.mark.parametrize("key", ["printing", "identification", "marketing", "convenience", "loyalty_card", ""])
def test_section_29_does_not_allow_these(key: str) -> None:
    assert not identity_code.allowed(key)
    assert key not in {ground.key for ground in identity_code.grounds()}


def test_singling_out_is_asked_where_the_section_asks_it() -> None:
    needing = {ground.key for ground in identity_code.grounds() if ground.needs_singling_out}
    assert needing == {"statutory_task", "rights_and_duties", "research_or_statistics"}


def test_the_code_alone_or_with_the_name_identifies_nobody() -> None:
    assert not identity_code.identifies({"identity_code"})
    assert not identity_code.identifies({"identity_code", "name"})
    assert not identity_code.identifies({"name"})
    assert not identity_code.identifies(set())
    assert identity_code.identifies({"identity_code", "name", "strong_identification"})


def test_a_use_the_section_does_not_name_is_an_error() -> None:
    with pytest.raises(NoRuleError):
        identity_code.use("loyalty_card")


# --- children ---------------------------------------------------------------------------------------------------------


def test_own_consent_from_the_thirteenth_birthday() -> None:
    born = date(2013, 11, 25)
    assert age_of_own_consent() == 13
    assert not may_consent(born, date(2026, 11, 24))
    assert may_consent(born, date(2026, 11, 25))


def test_who_is_born_on_a_leap_day_waits_for_march() -> None:
    assert turns(date(2012, 2, 29), 13) == date(2025, 3, 1)
    assert turns(date(2012, 2, 29), 16) == date(2028, 2, 29)
    assert not may_consent(date(2012, 2, 29), date(2025, 2, 28))


@given(st.dates(date(2006, 1, 2), date(2060, 1, 1)))
def test_consent_starts_once_and_stays(born: date) -> None:
    birthday = turns(born, 13)
    assert not may_consent(born, birthday - timedelta(days=1))
    assert may_consent(born, birthday)
    assert may_consent(born, birthday + timedelta(days=1))


# --- rights -----------------------------------------------------------------------------------------------------------

MATRIX = {
    #                     a     b     c     d     e     f
    "inform": "yes yes yes yes yes yes",
    "access": "yes yes yes yes yes yes",
    "rectify": "yes yes yes yes yes yes",
    "erase": "yes if no if no if",
    "restrict": "yes yes yes yes yes yes",
    "tell_recipients": "yes yes yes yes yes yes",
    "portability": "if if no no no no",
    "object": "no no no no yes yes",
    "object_marketing": "yes yes yes yes yes yes",
    "no_automated_decision": "if if if yes if yes",
    "withdraw": "yes no no no no no",
    "complain": "yes yes yes yes yes yes",
}


@pytest.mark.parametrize(("key", "row"), MATRIX.items())
def test_the_matrix_of_rights(key: str, row: str) -> None:
    assert [rights.available(key, basis) for basis in rights.BASES] == row.split()
    for basis in rights.BASES:
        found = rights.right(key, basis)
        # A refusal always gives its reason (Art. 12(4)), and a condition says what it is.
        assert bool(found.why) == (found.available != "yes")
        assert bool(found.why_article) == (found.available != "yes")
        assert set(found.label) == {"fi", "en", "sv"}


def test_the_matrix_covers_every_right() -> None:
    assert set(rights.rights()) == set(MATRIX)


def test_the_contract_of_an_employer_is_run_as_legitimate_interest() -> None:
    for key in rights.rights():
        assert rights.available(key, "company_contract") == rights.available(key, "legitimate_interest")


def test_unknown_rights_and_bases_are_errors() -> None:
    with pytest.raises(NoRuleError):
        rights.available("erase", "goodwill")
    with pytest.raises(NoRuleError):
        rights.available("vanish", "consent")


# --- checklist --------------------------------------------------------------------------------------------------------


def test_the_checklist_has_its_25_items() -> None:
    assert [one.id for one in checklist.items()] == [f"N{n}" for n in range(1, 26)]
    assert all(set(one.label) == {"fi", "en", "sv"} for one in checklist.items())


def ids(article: checklist.Article, *facts: str) -> set[str]:
    return {one.id for one in checklist.required(article, set(facts))}


def test_what_is_always_asked() -> None:
    always = {f"N{n}" for n in (1, 2, 5, 6, 10, 11, 12, 13, 14, 15, 16, 18)}
    assert ids(13) == always | {"N19"}
    assert ids(14) == always | {"N21", "N22"}


@pytest.mark.parametrize(
    ("fact", "item"),
    [
        ("eu_representative", "N3"),
        ("dpo_designated", "N4"),
        ("legitimate_interest", "N7"),
        ("recipients", "N8"),
        ("transfer", "N9"),
        ("consent", "N17"),
        ("automated_decisions", "N20"),
        ("objectable", "N23"),
        ("joint_controllers", "N24"),
        ("cookies", "N25"),
    ],
)
def test_what_a_fact_adds(fact: str, item: str) -> None:
    assert ids(13, fact) - ids(13) == {item}
    assert ids(14, fact) - ids(14) == {item}
    assert fact in checklist.conditions()
    assert checklist.item(item).when == fact


def test_a_misspelt_fact_is_an_error() -> None:
    with pytest.raises(ValueError, match="transfers"):
        checklist.required(13, {"transfers"})
    with pytest.raises(NoRuleError):
        checklist.item("N26")


# --- authority --------------------------------------------------------------------------------------------------------


def test_the_authority_is_the_ombudsman() -> None:
    found = authority()
    assert found.name["fi"] == "Tietosuojavaltuutetun toimisto"
    assert found.email == "tietosuoja@om.fi"
    assert found.phone == "029 566 6700"
    assert found.street == "Lintulahdenkuja 4, 00530 Helsinki"
    assert found.mark.verified
