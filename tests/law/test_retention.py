"""Retention presets: the worked examples, and what holds for every date."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seloste.errors import BadValue, NoRuleError
from seloste.law import retention
from seloste.law.retention import (
    clauses,
    expired_through,
    financial_year_end_of,
    last_day,
    ledger_last_keep,
    preset,
    preset_names,
    voucher_last_keep,
)

days = st.dates(date(1990, 1, 1), date(2200, 12, 31))
year_ends = st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda day: (day.month, day.day))


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("year_end", "voucher", "ledger"),
    [
        ("2025-12-31", "2031-12-31", "2035-12-31"),
        ("2024-03-31", "2030-12-31", "2034-03-31"),
        ("2026-01-31", "2032-12-31", "2036-01-31"),
        ("2017-04-30", "2023-12-31", "2027-04-30"),
    ],
)
def test_it_keeps_books_as_in_the_worked_examples(year_end: str, voucher: str, ledger: str) -> None:
    ends = (day(year_end).month, day(year_end).day)
    first = day(year_end).replace(year=day(year_end).year - 1) + timedelta(days=1)
    for dated in (first, day(year_end)):
        assert voucher_last_keep(dated, ends) == day(voucher)
        assert ledger_last_keep(dated, ends) == day(ledger)
    # The day after belongs to the next financial year.
    assert ledger_last_keep(day(year_end) + timedelta(days=1), ends).year == day(ledger).year + 1
    assert voucher_last_keep(day(year_end) + timedelta(days=1), ends).year == day(voucher).year + 1


def test_an_invoice_of_june_2025_is_kept_through_2031() -> None:
    assert voucher_last_keep(date(2025, 6, 15), (12, 31)) == date(2031, 12, 31)


def test_a_debt_lapses_as_in_the_worked_example() -> None:
    due_on = date(2026, 3, 10)
    assert last_day("debt", due_on) == date(2029, 3, 10)
    assert last_day("debt", due_on, dates={"reminder.sent_on": date(2028, 11, 1)}) == date(2031, 11, 1)
    assert last_day("debt", due_on, dates={"collection.judgment_on": date(2027, 5, 5)}) == date(2032, 5, 5)
    assert last_day("debt", due_on, dates={"reminder.sent_on": None}) == date(2029, 3, 10)
    both = {"reminder.sent_on": date(2026, 4, 1), "collection.judgment_on": date(2027, 5, 5)}
    assert last_day("debt", due_on, dates=both) == date(2032, 5, 5)
    # The final end can't be interrupted.
    assert last_day("debt", due_on, dates={"reminder.sent_on": date(2045, 1, 1)}) == date(2046, 3, 10)


def test_a_debt_is_written_in_the_language_of_a_notice() -> None:
    assert preset("debt").rule == (
        "3 years after due_on, at least 3 years after reminder.sent_on, "
        "at least 5 years after collection.judgment_on, at most 20 years after due_on"
    )
    assert [(part.role, part.amount, part.unit, part.date) for part in clauses(preset("debt").rule)] == [
        ("base", 3, "year", "due_on"),
        ("at_least", 3, "year", "reminder.sent_on"),
        ("at_least", 5, "year", "collection.judgment_on"),
        ("at_most", 20, "year", "due_on"),
    ]


def test_clauses_reads_until_and_refuses_what_it_cannot_read() -> None:
    assert clauses("until ended, at most 6 months after ended")[0].amount == 0
    for faulty in ("", "three years after x", "at least 3 years after x", "3 years after x, 4 years after y"):
        with pytest.raises(NoRuleError):
            clauses(faulty)


@pytest.mark.parametrize(
    ("name", "anchor", "expected"),
    [
        ("working_time_after_employment", "2026-05-31", "2028-05-31"),
        ("annual_leave_after_employment", "2026-05-31", "2028-05-31"),
        ("work_certificate", "2026-05-31", "2036-05-31"),
        ("work_certificate_conduct", "2026-05-31", "2031-05-31"),
        ("recruitment_claims_civil", "2026-09-01", "2027-09-01"),
        ("recruitment_claims", "2026-09-01", "2028-09-01"),
        ("working_time", "2026-02-03", "2028-12-31"),
        ("annual_leave", "2026-09-30", "2028-12-31"),
        ("payroll_voucher", "2026-01-15", "2032-12-31"),
        ("payroll_ledger", "2026-01-15", "2036-12-31"),
        ("pay_claim", "2024-02-29", "2029-02-28"),
        ("pay_claim_after_employment", "2026-05-31", "2028-05-31"),
        ("vat_invoice", "2026-01-15", "2032-12-31"),
        ("vat_real_estate_invoice", "2026-01-15", "2039-12-31"),
        ("camera_recording", "2026-11-25", "2026-12-02"),
        ("camera_recording_workplace", "2026-11-25", "2027-11-25"),
        ("whistleblowing_report", "2026-11-25", "2031-11-25"),
        ("former_owner", "2026-11-25", "2036-11-25"),
        ("resident_arrears", "2026-11-25", "2029-11-25"),
        ("damages", "2026-11-25", "2036-11-25"),
        ("open_ended_claim", "2026-11-25", "2036-11-25"),
        ("consent_proof", "2026-11-25", "2029-11-25"),
        ("request_log", "2026-11-25", "2029-11-25"),
        ("cookie_consent", "2026-11-30", "2027-11-30"),
    ],
)
def test_it_computes_each_preset(name: str, anchor: str, expected: str) -> None:
    assert last_day(name, day(anchor)) == day(expected)


def test_every_preset_is_computed_and_has_its_texts() -> None:
    for name in preset_names():
        found = preset(name)
        assert set(found.text) == set(found.law) == {"fi", "en", "sv"}
        assert found.kind in ("composed", *retention._LAST_DAY)
        assert found.amount > 0 or found.rule
        assert last_day(name, date(2026, 1, 1)) > date(2026, 1, 1)
        assert (found.bound == "proposal") == (found.mark.evidence == "design")


def test_presets_that_are_no_law_are_not_marked_verified() -> None:
    unverified = {name for name in preset_names() if not preset(name).mark.verified}
    assert unverified == {
        "recruitment_claims",
        "camera_recording",
        "resident_arrears",
        "consent_proof",
        "request_log",
        "cookie_consent",
    }


def test_unknown_presets_and_days_before_the_act_are_errors() -> None:
    with pytest.raises(NoRuleError) as caught:
        last_day("accounting_vouchers", date(2026, 1, 1))
    assert "accounting_voucher," in caught.value.message("en")
    with pytest.raises(NoRuleError):
        preset("accounting_voucher", date(2015, 12, 31))
    assert preset("accounting_voucher", date(2016, 1, 1)).amount == 6


@pytest.mark.parametrize("ends", [(13, 1), (0, 1), (4, 31), (2, 30), (6, 0)])
def test_an_impossible_financial_year_end_is_an_error(ends: tuple[int, int]) -> None:
    with pytest.raises(BadValue):
        voucher_last_keep(date(2026, 1, 1), ends)


def test_a_year_that_ends_in_february_ends_with_the_month() -> None:
    for ends in ((2, 28), (2, 29)):
        assert financial_year_end_of(date(2024, 2, 29), ends) == date(2024, 2, 29)
        assert financial_year_end_of(date(2024, 3, 1), ends) == date(2025, 2, 28)


def test_the_end_of_the_calendar_is_a_clear_error() -> None:
    for name in preset_names():
        with pytest.raises(BadValue):
            last_day(name, date(9999, 12, 31))
    with pytest.raises(BadValue):
        last_day("accounting_ledger", date(9999, 6, 1), financial_year_ends=(3, 31))


@given(st.sampled_from(preset_names()), days, st.integers(0, 800), year_ends)
def test_a_later_anchor_never_ends_earlier(name: str, anchor: date, later: int, ends: tuple[int, int]) -> None:
    first = last_day(name, anchor, financial_year_ends=ends)
    assert first <= last_day(name, anchor + timedelta(days=later), financial_year_ends=ends)
    assert first >= anchor


@given(days, year_ends)
def test_a_financial_year_is_a_year_that_holds_the_day(any_day: date, ends: tuple[int, int]) -> None:
    end = financial_year_end_of(any_day, ends)
    assert any_day <= end
    assert (end - any_day).days < 366
    assert end.month == ends[0]
    assert voucher_last_keep(any_day, ends) == date(end.year + 6, 12, 31)


@given(st.sampled_from(preset_names()), days, year_ends)
def test_expired_through_is_the_exact_edge(name: str, today: date, ends: tuple[int, int]) -> None:
    edge = expired_through(name, today, financial_year_ends=ends)
    assert edge is not None
    assert last_day(name, edge, financial_year_ends=ends) < today
    assert last_day(name, edge + timedelta(days=1), financial_year_ends=ends) >= today


def test_nothing_has_expired_at_the_beginning_of_time() -> None:
    assert expired_through("accounting_voucher", date(1, 1, 2)) is None
