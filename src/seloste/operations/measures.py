"""Security measures that somebody has attested: by whom, when, and whether the next check is late (Art. 32(1)(d))."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from seloste.notice.model import Measure, Notice

SOON = dt.timedelta(days=30)

State = Literal["overdue", "undated", "soon", "checked", "proved"]
_ORDER: tuple[State, ...] = ("overdue", "undated", "soon", "checked", "proved")


@dataclass(frozen=True, slots=True)
class Checked:
    """A measure on a day. ``undated``: attested, and no day is set for the next check."""

    measure: Measure
    state: State


def measures(notice: Notice, *, today: dt.date) -> tuple[Checked, ...]:
    """The measures of a notice with their state on a day: overdue ones first, what the system proves last."""
    found = [Checked(one, _state(one, today)) for one in notice.security]
    return tuple(
        sorted(found, key=lambda each: (_ORDER.index(each.state), each.measure.next_check or dt.date.max)),
    )


def _state(one: Measure, today: dt.date) -> State:
    if one.proved:
        return "proved"
    if one.next_check is None:
        return "undated"
    if one.next_check < today:
        return "overdue"
    return "soon" if one.next_check - today <= SOON else "checked"
