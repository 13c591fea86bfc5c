"""Numbers as they may be told to anybody: a small one could point at somebody, and is not told."""

from __future__ import annotations

import datetime as dt
from typing import Literal

SMALLEST = 5
"""A count under this is told as fewer than this; none is told as none."""

Small = Literal["few"]
Count = int | Small
"""0, a number of at least SMALLEST, or ``few``."""


def coarse(number: int) -> Count:
    """A number as it may be told."""
    return number if number == 0 or number >= SMALLEST else "few"


def month(day: dt.date | None) -> dt.date | None:
    """The first of a day's month: a day that a row of somebody gives is told by its month."""
    return None if day is None else dt.date(day.year, day.month, 1)
