"""Adding days, months and years to a date, as Regulation (EEC, Euratom) 1182/71, Art. 3(2)(c) ends a period."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Literal

from seloste.errors import BadValue

Unit = Literal["day", "month", "year"]


def last_day_of_month(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def add_months_clip(day: date, months: int) -> date:
    """The same date ``months`` later, or the last day of that month if it has no such date.

    Raises :class:`BadValue` past the year 9999.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    if not date.min.year <= year <= date.max.year:
        raise _too_far()
    return date(year, month, min(day.day, last_day_of_month(year, month)))


def add(day: date, amount: int, unit: Unit) -> date:
    """``day`` plus a period. Monotone in ``day``. Raises :class:`BadValue` past the year 9999."""
    if unit == "day":
        try:
            return day + timedelta(days=amount)
        except OverflowError:
            raise _too_far() from None
    return add_months_clip(day, amount if unit == "month" else 12 * amount)


def end_of_year(day: date, years: int = 0) -> date:
    """31 December, ``years`` after the calendar year of ``day``. Raises :class:`BadValue` past the year 9999."""
    if day.year + years > date.max.year:
        raise _too_far()
    return date(day.year + years, 12, 31)


def _too_far() -> BadValue:
    return BadValue("Päivä on liian kaukana.", "The date is too far away.", "2026-01-30")
