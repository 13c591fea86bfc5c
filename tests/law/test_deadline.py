"""The answer deadline of Art. 12(3): the worked examples, and what holds for every day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seloste.clock import HELSINKI
from seloste.errors import BadValue, NoRuleError
from seloste.law.deadline import answer_due, extension_in_time
from seloste.law.holidays import is_working_day, next_working_day, public_holidays
from seloste.law.periods import add_months_clip

# received, raw, due, due when eves are holidays, raw and due extended, extended when eves are holidays
TABLE = [
    ("2026-01-05", "2026-02-05", "2026-02-05", "2026-02-05", "2026-04-05", "2026-04-07", "2026-04-07"),
    ("2026-01-30", "2026-02-28", "2026-03-02", "2026-03-02", "2026-04-30", "2026-04-30", "2026-04-30"),
    ("2026-03-03", "2026-04-03", "2026-04-07", "2026-04-07", "2026-06-03", "2026-06-03", "2026-06-03"),
    ("2026-04-01", "2026-05-01", "2026-05-04", "2026-05-04", "2026-07-01", "2026-07-01", "2026-07-01"),
    ("2026-05-20", "2026-06-20", "2026-06-22", "2026-06-22", "2026-08-20", "2026-08-20", "2026-08-20"),
    ("2026-11-24", "2026-12-24", "2026-12-24", "2026-12-28", "2027-02-24", "2027-02-24", "2027-02-24"),
    ("2026-11-30", "2026-12-30", "2026-12-30", "2026-12-30", "2027-02-28", "2027-03-01", "2027-03-01"),
    ("2026-09-24", "2026-10-24", "2026-10-26", "2026-10-26", "2026-12-24", "2026-12-24", "2026-12-28"),
    ("2026-08-31", "2026-09-30", "2026-09-30", "2026-09-30", "2026-11-30", "2026-11-30", "2026-11-30"),
]

days = st.dates(date(2018, 5, 25), date(2070, 12, 31))


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(("received", "raw", "due", "with_eves", "raw_3", "extended", "extended_eves"), TABLE)
def test_it_counts_the_worked_examples(
    received: str, raw: str, due: str, with_eves: str, raw_3: str, extended: str, extended_eves: str
) -> None:
    plain = answer_due(day(received))
    assert (plain.raw, plain.due) == (day(raw), day(due))
    assert answer_due(day(received), eves_are_holidays=True).due == day(with_eves)
    longer = answer_due(day(received), extended=True)
    assert (longer.raw, longer.due) == (day(raw_3), day(extended))
    assert answer_due(day(received), extended=True, eves_are_holidays=True).due == day(extended_eves)


def test_it_never_chains_one_month_and_two() -> None:
    assert answer_due(date(2026, 1, 31), extended=True).raw == date(2026, 4, 30)


def test_it_moves_the_day_once_after_the_pause() -> None:
    # 30 January + 1 month = Saturday 28 February; moved first it would be 2 March, and 3 March after the pause.
    assert answer_due(date(2026, 1, 30), paused_days=1).due == date(2026, 3, 2)
    assert answer_due(date(2026, 1, 30), paused_days=3).due == date(2026, 3, 3)


def test_it_refuses_a_negative_pause_and_a_day_before_the_regulation() -> None:
    with pytest.raises(BadValue):
        answer_due(date(2026, 1, 5), paused_days=-1)
    with pytest.raises(NoRuleError) as caught:
        answer_due(date(2018, 5, 24))
    assert "2018-05-24" in caught.value.message("en")
    assert "24.5.2018" in caught.value.message("fi")


def test_it_wants_a_day_and_not_a_moment() -> None:
    with pytest.raises(TypeError):
        answer_due(datetime(2026, 1, 5, 23, 30, tzinfo=HELSINKI))


def test_the_moment_is_the_last_second_in_helsinki() -> None:
    assert answer_due(date(2026, 5, 20)).moment.isoformat() == "2026-06-22T23:59:59+03:00"
    assert answer_due(date(2026, 1, 5)).moment.isoformat() == "2026-02-05T23:59:59+02:00"


def test_an_extension_told_after_the_first_due_day_is_void() -> None:
    assert extension_in_time(date(2026, 1, 30), date(2026, 3, 2))
    assert not extension_in_time(date(2026, 1, 30), date(2026, 3, 3))
    assert not extension_in_time(date(2026, 1, 30), date(2026, 1, 29))
    assert extension_in_time(date(2026, 1, 30), date(2026, 3, 3), paused_days=3)


def test_it_explains_in_both_languages() -> None:
    due = answer_due(date(2026, 3, 3), paused_days=0)
    english, finnish = due.explain("en"), due.explain("fi")
    assert english[0] == (
        "Received on Tuesday 2026-03-03; one month from receipt (Regulation (EU) 2016/679, Art. 12(3))."
    )
    assert "Good Friday" in english[-1]
    assert "Saturday" in english[-1]
    assert "pitkäperjantai" in finnish[-1]
    assert finnish[1] == "Määräaika päättyy perjantaina 3.4.2026."
    assert [name for _, name in due.days_off("en")] == ["Good Friday", "Saturday", "Easter Sunday", "Easter Monday"]
    assert any("4 days" in said for said in answer_due(date(2026, 3, 3), paused_days=4).explain("en"))


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2026, "01-01 01-06 04-03 04-05 04-06 05-01 05-14 05-24 06-20 10-31 12-06 12-25 12-26"),
        (2027, "01-01 01-06 03-26 03-28 03-29 05-01 05-06 05-16 06-26 11-06 12-06 12-25 12-26"),
    ],
)
def test_the_public_holidays_are_those_of_the_acts(year: int, expected: str) -> None:
    assert [f"{found:%m-%d}" for found in public_holidays(year)] == expected.split()


def test_eves_are_holidays_only_when_asked() -> None:
    eves = set(public_holidays(2026, eves=True)) - set(public_holidays(2026))
    assert eves == {date(2026, 6, 19), date(2026, 12, 24)}


@given(days)
def test_holidays_follow_the_acts_in_every_year(any_day: date) -> None:
    found = public_holidays(any_day.year)
    assert len(found) in (12, 13, 14)  # Ascension Day or Pentecost may fall on May Day
    for fixed in ((1, 1), (1, 6), (5, 1), (12, 6), (12, 25), (12, 26)):
        assert date(any_day.year, *fixed) in found
    midsummer = next(date(any_day.year, 6, n) for n in range(20, 27) if date(any_day.year, 6, n).weekday() == 5)
    assert midsummer in found
    all_saints = next(
        candidate for n in range(7) if (candidate := date(any_day.year, 10, 31) + timedelta(days=n)).weekday() == 5
    )
    assert all_saints in found


@given(days, st.booleans(), st.integers(0, 90), st.booleans())
def test_it_is_due_on_a_working_day_not_before_the_raw_end(
    received: date, extended: bool, paused: int, eves: bool
) -> None:
    found = answer_due(received, extended=extended, paused_days=paused, eves_are_holidays=eves)
    assert found.raw <= found.due <= found.raw + timedelta(days=6)
    assert is_working_day(found.due, eves=eves)
    assert found.due.weekday() < 5
    assert not any(is_working_day(off, eves=eves) for off, _ in found.days_off())
    assert next_working_day(found.due, eves=eves) == found.due
    assert len(found.explain("fi")) == len(found.explain("en"))


@given(days, st.integers(0, 40), st.booleans(), st.integers(0, 30))
def test_a_later_request_is_never_due_earlier(received: date, later: int, extended: bool, paused: int) -> None:
    first = answer_due(received, extended=extended, paused_days=paused)
    second = answer_due(received + timedelta(days=later), extended=extended, paused_days=paused)
    assert first.due <= second.due


@given(days, st.integers(0, 60))
def test_more_pause_and_an_extension_never_shorten(received: date, paused: int) -> None:
    assert answer_due(received).due <= answer_due(received, paused_days=paused).due
    assert answer_due(received).due < answer_due(received, extended=True).due


@given(st.dates(date(2000, 1, 1), date(2400, 1, 1)), st.integers(0, 600))
def test_months_keep_the_date_or_clip_it(start: date, months: int) -> None:
    end = add_months_clip(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day == start.day or (end + timedelta(days=1)).day == 1
    assert end.day <= start.day


def test_a_date_past_the_calendar_is_a_clear_error() -> None:
    with pytest.raises(BadValue):
        add_months_clip(date(9999, 12, 1), 1)
