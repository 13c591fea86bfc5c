"""Time as the register counts it.

Days are Finnish days: a period that ends on a date ends at midnight in Helsinki, whatever zone the machine stands in.
Moments are stored as UTC text of fixed width, so that the text sorts as the moments do, on every database.
Only the edges (web, cli, the worker) call :func:`now`; everything else is given ``now`` as an argument.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

HELSINKI = ZoneInfo("Europe/Helsinki")


def now() -> datetime:
    """The present moment, aware, in Helsinki."""
    return datetime.now(HELSINKI)


def today(now: datetime) -> date:
    """The Finnish calendar day at ``now``.

    Raises ``ValueError`` if ``now`` carries no zone.
    """
    return _aware(now).astimezone(HELSINKI).date()


def to_utc_text(moment: datetime) -> str:
    """``moment`` as ISO 8601 text in UTC, always 20 characters: ``2026-11-25T07:12:00Z``. Parts of a second go.

    Raises ``ValueError`` if ``moment`` carries no zone.
    """
    # An operation writes its own moment some fifty times. What is equal need not be the same moment, in the hour that
    # is there twice when a summer ends; the same object is.
    known, told = _told[0]
    if known is moment:
        return told
    # The zone is asked once; each journal entry passes here.
    offset = moment.utcoffset()
    if offset is None:
        raise _no_zone(moment)
    text = (moment.replace(tzinfo=None) - offset).isoformat(timespec="seconds") + "Z"
    _told[0] = moment, text
    return text


_told: list[tuple[datetime | None, str]] = [(None, "")]
"""The moment that was last brought to text, and its text."""


@lru_cache(maxsize=4096)
def from_utc_text(text: str) -> datetime:
    """The moment that a text of :func:`to_utc_text` names, aware, in Helsinki.

    What came in together carries the same text, so that it is read once. Raises ``ValueError`` if ``text`` is not
    ISO 8601 with a zone.
    """
    return _aware(datetime.fromisoformat(text)).astimezone(HELSINKI)


def _aware(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise _no_zone(moment)
    return moment


def _no_zone(moment: datetime) -> ValueError:
    return ValueError(f"{moment.isoformat()} has no time zone; Seloste counts only moments that say theirs")
