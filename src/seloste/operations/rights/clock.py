"""How long there is to answer: the clock of one request, from what was done about it and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from seloste.clock import today
from seloste.law.deadline import Due, answer_due, extension_in_time


@dataclass(frozen=True, slots=True)
class Pause:
    """The person was asked for something on a day; ``until`` is when it came, None while it is waited for."""

    since: dt.date
    until: dt.date | None


@dataclass(frozen=True, slots=True)
class Clock:
    """``due`` says the last day and how it came about; while paused it is counted as if what is missing came today."""

    due: Due
    paused: bool
    extended: bool
    overdue: bool
    left: int
    """Days until the last one; negative when it has passed."""

    @property
    def day(self) -> dt.date:
        return self.due.due


def clock(
    received: dt.date,
    pauses: Sequence[Pause],
    *,
    extended_on: dt.date | None,
    answered_on: dt.date | None,
    day: dt.date,
) -> Clock:
    """The clock on ``day``, or on the day of the answer when there is one (Art. 12(3), 12(6)).

    A pause that began after the last day had passed stops nothing, and an extension told after it is void: a request
    that is late stays late.
    """
    at = answered_on or day
    waited, paused = 0, False
    for pause in pauses:
        if pause.since > _due(received, waited, _in_time(extended_on, received, waited, before=pause.since)).due:
            continue
        until = pause.until if pause.until is not None and pause.until <= at else None
        waited += ((until or at) - pause.since).days
        paused = paused or (until is None and answered_on is None)
    extended = _in_time(extended_on, received, waited)
    due = _due(received, waited, extended)
    return Clock(due, paused, extended, at > due.due, (due.due - at).days)


def _in_time(told: dt.date | None, received: dt.date, waited: int, *, before: dt.date | None = None) -> bool:
    if told is None or (before is not None and told > before):
        return False
    return extension_in_time(received, told, paused_days=waited)


def _due(received: dt.date, waited: int, extended: bool) -> Due:
    return answer_due(received, extended=extended, paused_days=waited)


def day_of(moment: dt.datetime) -> dt.date:
    """The Finnish day on which something arrived: a weekend or a night is that day."""
    return today(moment)
