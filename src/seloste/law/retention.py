"""How long the law wants, or lets, data be kept: the presets a notice may name in ``keep``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal, get_args

from seloste.errors import BadValue, NoRuleError
from seloste.law.periods import Unit, add, add_months_clip, end_of_year, last_day_of_month
from seloste.law.rules import Mark, Text, rule_set

PresetKind = Literal["after", "calendar_year", "financial_year", "financial_year_calendar", "composed"]
Bound = Literal["minimum", "maximum", "limitation", "proposal"]

CALENDAR_YEAR = (12, 31)


@dataclass(frozen=True, slots=True)
class Preset:
    """A named period: the texts people read, the provision, and how the last day follows from the anchor date."""

    name: str
    text: Text
    law: Text
    kind: PresetKind
    bound: Bound
    amount: int
    """0 when composed."""
    unit: Unit
    rule: str
    """For ``composed``: the rule in the language of a notice's ``keep``; otherwise empty."""
    counted_from: str
    """What the anchor date is, as ``document_date`` or ``employment_ended``."""
    mark: Mark


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a composed rule: ``amount`` ``unit`` after ``date`` (``due_on``, ``reminder.sent_on``)."""

    role: Literal["base", "at_least", "at_most"]
    amount: int
    unit: Unit
    date: str


_CLAUSE = re.compile(
    r"^(?P<role>at least |at most )?(?:(?P<amount>\d+) (?P<unit>day|month|year)s? after|until)"
    r" (?P<date>[a-z_]+(?:\.[a-z_]+)?)$"
)


def preset_names() -> tuple[str, ...]:
    return tuple(dict.fromkeys(entry.id for entry in rule_set("retention").entries()))


@cache
def preset(name: str, on: date | None = None) -> Preset:
    """The preset of that name; ``on`` picks the version in force on a day. Raises :class:`NoRuleError`."""
    entry = rule_set("retention").find(name, on)
    facts = entry.facts
    assert facts["kind"] in get_args(PresetKind)
    assert facts["bound"] in get_args(Bound)
    return Preset(
        name=name,
        text=facts["text"],
        law=facts["law"],
        kind=facts["kind"],
        bound=facts["bound"],
        amount=facts.get("amount", 0),
        unit=facts.get("unit", "year"),
        rule=facts.get("rule", ""),
        counted_from=facts["counted_from"],
        mark=entry.mark,
    )


def last_day(
    rule: Preset | str,
    anchor_date: date,
    *,
    financial_year_ends: tuple[int, int] = CALENDAR_YEAR,
    dates: Mapping[str, date | None] | None = None,
) -> date:
    """The last day the preset keeps what is anchored on ``anchor_date``; erase from the day after.

    Non-decreasing in ``anchor_date``. ``financial_year_ends`` is (month, day). ``dates`` gives the other dates of a
    composed rule by name; one that is missing or None asks for nothing. Statutory ends do not move over weekends.
    Raises :class:`NoRuleError` for an unknown name, :class:`BadValue` for an impossible financial year end or past the
    year 9999.
    """
    found = preset(rule) if isinstance(rule, str) else rule
    if found.kind == "composed":
        return _composed(found, anchor_date, dates or {})
    return _LAST_DAY[found.kind](found, anchor_date, financial_year_ends)


def expired_through(
    rule: Preset | str, today: date, *, financial_year_ends: tuple[int, int] = CALENDAR_YEAR
) -> date | None:
    """The latest anchor date whose last day is before ``today``: rows anchored by then have expired.

    None if no anchor date has. Lets a sweep compare a column with one constant instead of computing each row's end.
    """
    found = preset(rule) if isinstance(rule, str) else rule
    low, high = date.min.toordinal() - 1, today.toordinal()
    while low < high:
        middle = (low + high + 1) // 2
        anchor = date.fromordinal(middle)
        if last_day(found, anchor, financial_year_ends=financial_year_ends) < today:
            low = middle
        else:
            high = middle - 1
    return date.fromordinal(low) if low >= date.min.toordinal() else None


def voucher_last_keep(document_date: date, financial_year_end: tuple[int, int] = CALENDAR_YEAR) -> date:
    """Six years from the end of the calendar year in which the document's financial year ended (1336/1997, 2:10(2))."""
    return last_day("accounting_voucher", document_date, financial_year_ends=financial_year_end)


def ledger_last_keep(document_date: date, financial_year_end: tuple[int, int] = CALENDAR_YEAR) -> date:
    """Ten years from the end of the financial year the date belongs to (1336/1997, 2:10(1))."""
    return last_day("accounting_ledger", document_date, financial_year_ends=financial_year_end)


def financial_year_end_of(day: date, financial_year_ends: tuple[int, int] = CALENDAR_YEAR) -> date:
    """The last day of the financial year that contains ``day``.

    A year that ends on the last of February ends on the 29th in a leap year, whichever of the two is written.
    Raises :class:`BadValue` if no year has such a day.
    """
    month, last = _checked(financial_year_ends)
    ends = _end_in(day.year, month, last)
    if ends >= day:
        return ends
    if day.year == date.max.year:
        return add_months_clip(ends, 12)
    return _end_in(day.year + 1, month, last)


def clauses(rule: str) -> tuple[Clause, ...]:
    """A composed rule in its parts: the base first, then ``at least``, then ``at most`` as written.

    Raises :class:`NoRuleError` if the text is not such a rule.
    """
    found = []
    for position, part in enumerate(rule.split(", ")):
        match = _CLAUSE.match(part)
        if match is None or (position == 0) != (match["role"] is None):
            raise NoRuleError(f"Sääntöä ei voi lukea kohdasta: {part}.", f"The rule cannot be read at: {part}.")
        role = (match["role"] or "base").strip().replace(" ", "_")
        found.append(Clause(role, int(match["amount"] or 0), match["unit"] or "day", match["date"]))  # type: ignore[arg-type]
    return tuple(found)


def _composed(found: Preset, anchor: date, dates: Mapping[str, date | None]) -> date:
    base, *others = clauses(found.rule)
    known = {**dates, base.date: anchor}
    result = add(anchor, base.amount, base.unit)
    for role, choose in (("at_least", max), ("at_most", min)):
        for clause in others:
            day = known.get(clause.date)
            if clause.role == role and day is not None:
                result = choose(result, add(day, clause.amount, clause.unit))
    return result


def _after(found: Preset, anchor: date, _ends: tuple[int, int]) -> date:
    return add(anchor, found.amount, found.unit)


def _calendar_year(found: Preset, anchor: date, _ends: tuple[int, int]) -> date:
    return end_of_year(anchor, found.amount)


def _financial_year(found: Preset, anchor: date, ends: tuple[int, int]) -> date:
    return add(financial_year_end_of(anchor, ends), found.amount, "year")


def _financial_year_calendar(found: Preset, anchor: date, ends: tuple[int, int]) -> date:
    return end_of_year(financial_year_end_of(anchor, ends), found.amount)


_LAST_DAY: Mapping[str, Callable[[Preset, date, tuple[int, int]], date]] = {
    "after": _after,
    "calendar_year": _calendar_year,
    "financial_year": _financial_year,
    "financial_year_calendar": _financial_year_calendar,
}


def _checked(ends: tuple[int, int]) -> tuple[int, int]:
    month, day = ends
    if not 1 <= month <= 12 or not 1 <= day <= last_day_of_month(2024, month):
        raise BadValue(
            "Tilikauden päättymispäivää ei ole kalenterissa.", "No year has such a financial year end.", "12-31"
        )
    return month, day


def _end_in(year: int, month: int, day: int) -> date:
    last = last_day_of_month(year, month)
    if month == 2 and day >= 28:
        return date(year, 2, last)
    return date(year, month, min(day, last))
