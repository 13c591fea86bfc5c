"""The 72 hours of Art. 33: the worked examples, and what holds for every moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seloste.clock import HELSINKI
from seloste.errors import BadValue, NoRuleError
from seloste.law.breach import breach_clock, breach_due, local_moment


@pytest.mark.parametrize(
    ("aware", "strict", "full_hours"),
    [
        ("2026-03-04T09:05", "2026-03-07T09:05", "2026-03-07T10:00"),
        ("2026-03-27T12:00", "2026-03-30T13:00", "2026-03-30T14:00"),
        ("2026-12-23T18:30", "2026-12-26T18:30", "2026-12-26T19:00"),
        ("2026-10-23T12:00", "2026-10-26T11:00", "2026-10-26T12:00"),
    ],
)
def test_it_counts_the_worked_examples(aware: str, strict: str, full_hours: str) -> None:
    clock = breach_clock(local_moment(datetime.fromisoformat(aware)))
    assert clock.deadline.replace(tzinfo=None) == datetime.fromisoformat(strict)
    assert clock.full_hours_end.replace(tzinfo=None) == datetime.fromisoformat(full_hours)
    assert clock.hours == 72
    assert clock.deadline.tzinfo is HELSINKI


@given(st.datetimes(datetime.fromisoformat("2018-05-26"), datetime.fromisoformat("2100-01-01")))
def test_it_is_72_elapsed_hours_whatever_the_clocks_do(naive: datetime) -> None:
    aware = naive.replace(tzinfo=UTC)
    clock = breach_clock(aware)
    assert clock.deadline.astimezone(UTC) - aware == timedelta(hours=72)
    late = clock.full_hours_end.astimezone(UTC) - clock.deadline.astimezone(UTC)
    assert timedelta(0) < late <= timedelta(hours=1)
    assert breach_due(aware) == clock.deadline


def test_an_hour_that_comes_twice_is_read_as_the_first() -> None:
    twice = datetime.fromisoformat("2026-10-25T03:30")
    assert local_moment(twice).astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert local_moment(twice.replace(fold=1)).astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_an_hour_that_never_comes_is_an_error() -> None:
    with pytest.raises(BadValue) as caught:
        local_moment(datetime.fromisoformat("2026-03-29T03:30"))
    assert "2026-03-29T04:30" in caught.value.message("en")


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        breach_due(datetime.fromisoformat("2026-03-04T09:05"))


def test_a_moment_with_a_zone_is_shown_in_helsinki() -> None:
    assert local_moment(datetime(2026, 3, 4, 7, 5, tzinfo=UTC)).isoformat() == "2026-03-04T09:05:00+02:00"


def test_before_the_regulation_there_is_no_clock() -> None:
    with pytest.raises(NoRuleError):
        breach_due(datetime(2018, 5, 24, 12, tzinfo=HELSINKI))
