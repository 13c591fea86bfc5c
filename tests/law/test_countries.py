from __future__ import annotations

from datetime import date

import pytest

from seloste.errors import BadValue, NoRuleError
from seloste.law.countries import (
    eea,
    organisation_status,
    safeguard,
    safeguards,
    transfer,
    transfer_allowed,
    transfer_status,
)

TODAY = date(2026, 11, 25)
EU = [
    "AT",
    "BE",
    "BG",
    "HR",
    "CY",
    "CZ",
    "DK",
    "EE",
    "FI",
    "FR",
    "DE",
    "GR",
    "HU",
    "IE",
    "IT",
    "LV",
    "LT",
    "LU",
    "MT",
    "NL",
    "PL",
    "PT",
    "RO",
    "SK",
    "SI",
    "ES",
    "SE",
]


@pytest.mark.parametrize("country", [*EU, "IS", "LI", "NO", "AX"])
def test_the_eea_needs_nothing(country: str) -> None:
    assert transfer_status(country, TODAY) == "eea"
    assert country in eea(TODAY)


@pytest.mark.parametrize("country", ["AD", "AR", "BR", "CH", "FO", "GB", "GG", "IL", "IM", "JE", "KR", "NZ", "UY"])
def test_adequate_countries(country: str) -> None:
    assert transfer_status(country, TODAY) == "adequate"
    assert transfer_allowed(country, TODAY)


@pytest.mark.parametrize("country", ["CA", "JP", "US"])
def test_partial_decisions_say_their_scope(country: str) -> None:
    found = transfer(country, TODAY)
    assert found.status == "partial"
    assert set(found.scope) == {"fi", "en", "sv"}
    assert not transfer_allowed(country, TODAY)
    assert transfer_allowed(country, TODAY, in_scope=True)
    assert transfer_allowed(country, TODAY, mechanism="scc")


@pytest.mark.parametrize("country", ["CN", "GL", "IN", "RU", "TR", "ZZ"])
def test_the_rest_is_a_third_country(country: str) -> None:
    found = transfer(country, TODAY)
    assert (found.status, found.mark, found.scope) == ("third", None, {})
    assert not transfer_allowed(country, TODAY, in_scope=True)
    assert not transfer_allowed(country, TODAY, mechanism="goodwill")
    assert transfer_allowed(country, TODAY, mechanism="bcr")


@pytest.mark.parametrize(
    ("country", "on", "expected"),
    [
        ("BR", "2026-01-26", "third"),
        ("BR", "2026-01-27", "adequate"),
        ("GB", "2019-01-01", "eea"),
        ("GB", "2022-01-01", "adequate"),
        ("GB", "2025-12-18", "adequate"),
        ("GB", "2025-12-19", "adequate"),
        ("GB", "2031-12-27", "adequate"),
        ("GB", "2031-12-28", "third"),
        ("US", "2020-07-16", "partial"),
        ("US", "2020-07-17", "third"),
        ("US", "2023-07-09", "third"),
        ("US", "2023-07-10", "partial"),
        ("NO", "2018-07-19", "third"),
        ("NO", "2018-07-20", "eea"),
    ],
)
def test_the_list_is_read_on_a_day(country: str, on: str, expected: str) -> None:
    assert transfer_status(country, date.fromisoformat(on)) == expected


def test_the_eea_has_thirty_states() -> None:
    assert len(eea(TODAY) - {"AX", "GF", "GP", "MF", "MQ", "RE", "YT"}) == 30


@pytest.mark.parametrize("country", ["fi", "FIN", "", "F1", "Suomi"])
def test_a_code_has_two_capital_letters(country: str) -> None:
    with pytest.raises(BadValue):
        transfer_status(country, TODAY)


def test_the_patent_organisation_is_adequate_since_july_2025() -> None:
    assert organisation_status("EPO", date(2025, 7, 14)) == "third"
    assert organisation_status("EPO", date(2025, 7, 15)) == "adequate"
    assert organisation_status("UN", TODAY) == "third"


def test_derogations_are_told_from_safeguards() -> None:
    assert not safeguard("scc").derogation
    assert safeguard("contract_derogation").derogation
    assert {one.key for one in safeguards()} >= {"scc", "bcr", "contract_derogation", "consent_derogation"}
    with pytest.raises(NoRuleError):
        safeguard("privacy_shield")


def test_what_was_not_checked_is_marked() -> None:
    assert transfer("BR", TODAY).mark is not None
    finland, us = transfer("FI", TODAY).mark, transfer("US", TODAY).mark
    assert finland is not None
    assert us is not None
    assert not finland.verified
    assert us.verified
    assert "C-703/25" in us.note
