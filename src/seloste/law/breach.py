"""The 72 hours of a personal data breach: Regulation (EU) 2016/679, Art. 33(1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from seloste.clock import HELSINKI
from seloste.errors import BadValue
from seloste.law.rules import rule_set


@dataclass(frozen=True, slots=True)
class BreachClock:
    """When the authority must have been told. All moments are aware, in Helsinki."""

    aware: datetime
    hours: int
    deadline: datetime
    """``hours`` elapsed after ``aware``; runs through nights, weekends and holidays."""
    full_hours_end: datetime
    """The same period counted from the next full hour (Regulation 1182/71, Art. 3(1)); for information only."""


def breach_clock(aware: datetime) -> BreachClock:
    """The clock of a breach the controller became aware of at ``aware`` (an aware datetime, any zone).

    Raises ``ValueError`` if ``aware`` carries no zone, :class:`NoRuleError` before the Regulation applied.
    """
    if aware.utcoffset() is None:
        raise ValueError("the moment has no time zone; read a local one with local_moment()")
    start = aware.astimezone(HELSINKI)
    hours: int = rule_set("breach").find("notify_authority", start.date()).facts["hours"]
    # Elapsed hours are counted in UTC: adding them to a local time would lose or gain one when the clocks change.
    utc = aware.astimezone(UTC)
    next_hour = utc.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return BreachClock(
        aware=start,
        hours=hours,
        deadline=(utc + timedelta(hours=hours)).astimezone(HELSINKI),
        full_hours_end=(next_hour + timedelta(hours=hours)).astimezone(HELSINKI),
    )


def breach_due(aware: datetime) -> datetime:
    """The deadline alone, in Helsinki; see :func:`breach_clock`."""
    return breach_clock(aware).deadline


def local_moment(local: datetime) -> datetime:
    """A wall-clock time in Helsinki as an aware moment.

    An hour that comes twice in the autumn is read as the first, which gives the earlier deadline.
    Raises :class:`BadValue` for an hour the spring skips.
    """
    if local.utcoffset() is not None:
        return local.astimezone(HELSINKI)
    moment = local.replace(tzinfo=HELSINKI, fold=0)
    back = moment.astimezone(UTC).astimezone(HELSINKI)
    if back.replace(tzinfo=None) != local.replace(fold=0):
        raise BadValue(
            "Tätä kellonaikaa ei ole: kellot siirrettiin silloin eteenpäin.",
            "There is no such time: the clocks went forward then.",
            "2026-03-29T04:30",
        )
    return moment
