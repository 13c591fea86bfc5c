"""What a housing company may tell to whom: every row of the table, in the order it is tried."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seloste.errors import NoRuleError
from seloste.law.housing import AUTHORITIES, Data, Requester, Result, decide
from seloste.law.rules import rule_set

REQUESTERS = get_args(Requester)
DATA = get_args(Data)
RIGHT = {"shows_right": True}
GUARDED = {"non_disclosure": True}

CASES: list[tuple[Requester, Data, dict[str, bool], Result, int]] = [
    ("outsider", "share_list", {}, "ALLOW", 1),
    ("authority", "share_list", {}, "ALLOW", 1),
    ("outsider", "owner_contact", {}, "DENY", 2),
    ("buyer", "owner_contact", {}, "DENY", 2),
    ("shareholder", "owner_contact", {}, "ALLOW", 3),
    ("outsider", "owner_contact", RIGHT, "ALLOW", 3),
    ("shareholder", "former_owners", {}, "ALLOW", 4),
    ("former_owner", "former_owners", RIGHT, "ALLOW", 4),
    ("outsider", "former_owners", {}, "REVIEW", 15),
    ("shareholder", "old_owners", {}, "REVIEW", 4),
    ("outsider", "share_list", GUARDED, "DENY", 5),
    ("shareholder", "owner_contact", GUARDED, "DENY", 5),
    ("board_member", "residents_list", GUARDED, "DENY", 5),
    ("maintenance_company", "job_contact", GUARDED, "DENY", 5),
    ("neighbour", "residents_list", {**GUARDED, "consent": True}, "DENY", 5),
    ("outsider", "owner_contact", {**GUARDED, **RIGHT}, "ALLOW", 3),
    ("authority", "owner_contact", {**GUARDED, **RIGHT}, "ALLOW", 13),
    ("authority", "share_list", GUARDED, "REVIEW", 13),
    ("owner", "managers_certificate", {}, "ALLOW", 6),
    ("pledgee", "managers_certificate", RIGHT, "ALLOW", 6),
    ("pledgee", "managers_certificate", {}, "REVIEW", 15),
    ("estate_agency", "overdue_fees", RIGHT, "ALLOW", 6),
    ("neighbour", "overdue_fees", {}, "DENY", 7),
    ("buyer", "overdue_fees", RIGHT, "DENY", 7),
    ("tenant", "managers_certificate", {}, "DENY", 7),
    ("owner", "renovation_notices", {}, "ALLOW", 8),
    ("estate_agency", "renovation_notices", RIGHT, "ALLOW", 8),
    ("estate_agency", "renovation_notices", {}, "REVIEW", 15),
    ("outsider", "residents_list", {}, "DENY", 9),
    ("neighbour", "residents_list", RIGHT, "DENY", 9),
    ("neighbour", "residents_list", {"consent": True}, "ALLOW", 9),
    ("board_member", "debt", RIGHT, "ALLOW", 10),
    ("manager", "residents_list", RIGHT, "ALLOW", 10),
    ("board_member", "debt", {}, "REVIEW", 15),
    ("maintenance_company", "job_contact", {}, "ALLOW", 11),
    ("maintenance_company", "debt", {}, "REVIEW", 15),
    ("collection_agency", "debt", {}, "ALLOW", 12),
    ("authority", "residents_list", RIGHT, "ALLOW", 13),
    ("police", "debt", RIGHT, "ALLOW", 13),
    ("authority", "residents_list", {}, "REVIEW", 15),
    ("police", "camera_recording", RIGHT, "REVIEW", 14),
    ("insurer", "camera_recording", {}, "REVIEW", 14),
]

LOGGED = {"owner_contact_right", "authority", "residents_list_consent"}


@pytest.mark.parametrize(("requester", "data", "said", "result", "number"), CASES)
def test_the_first_row_that_matches_decides(
    requester: Requester, data: Data, said: dict[str, bool], result: Result, number: int
) -> None:
    found = decide(requester, data, **said)
    assert (found.result, found.number) == (result, number)
    assert set(found.reason) == set(found.law) == {"fi", "en", "sv"}
    assert found.log == (found.rule in LOGGED)


def test_every_row_of_the_table_decides_one_of_the_cases() -> None:
    decided = {decide(requester, data, **said).rule for requester, data, said, _, _ in CASES}
    assert decided == {entry.id for entry in rule_set("housing").entries()}


@given(st.sampled_from(REQUESTERS), st.sampled_from(DATA), st.booleans())
def test_a_non_disclosure_order_denies_all_but_authorities_and_who_shows_a_right(
    requester: Requester, data: Data, consent: bool
) -> None:
    found = decide(requester, data, non_disclosure=True, consent=consent)
    assert found.result == ("REVIEW" if requester in AUTHORITIES else "DENY")
    shown = decide(requester, data, non_disclosure=True, shows_right=True, consent=consent)
    assert shown == decide(requester, data, shows_right=True, consent=consent)


def test_a_row_cites_the_act_that_it_rests_on_from_the_day_it_came_into_force() -> None:
    found = decide("outsider", "owner_contact", shows_right=True)
    assert "15 § 3 mom." in found.law["fi"]
    assert "1330/2018" in found.mark.source
    assert decide("owner", "managers_certificate", on=date(2023, 6, 1)).number == 6
    assert decide("owner", "managers_certificate", on=date(2023, 5, 31)).result == "REVIEW"
    assert decide("outsider", "share_list", on=date(2018, 12, 31)).result == "REVIEW"
    with pytest.raises(NoRuleError):
        decide("outsider", "share_list", on=date(2018, 5, 24))
