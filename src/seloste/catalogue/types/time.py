from __future__ import annotations

import datetime as dt
import re
from typing import ClassVar

from seloste.catalogue.types.base import ItemType
from seloste.catalogue.types.date import read_day, shown_day
from seloste.catalogue.types.normal import one_line
from seloste.clock import HELSINKI
from seloste.errors import BadValue

EXAMPLE = "24.11.2026 klo 9.12"

_ISO = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})[T ](?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"(?P<zone>Z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_SPOKEN = re.compile(
    r"(?P<day>.+?),?\s(?:(?:klo|kl|at)\.?\s?)?(?P<hour>\d{1,2})[.:](?P<minute>\d{2})(?:[.:](?P<second>\d{2}))?",
    re.IGNORECASE,
)
_KLO = {"fi": " klo ", "sv": " kl. ", "en": " "}


class Time(ItemType[dt.datetime]):
    """A moment, to the second. Values are aware and in UTC; people type and read it in Helsinki time.

    An hour that comes twice in the autumn is read as the first of the two, unless the text carries its own offset.
    """

    name: ClassVar[str] = "time"
    storage: ClassVar = "time"
    widget: ClassVar[str] = "datetime-local"

    def parse(self, text: str) -> dt.datetime:
        typed = one_line(text, 80)
        found = _ISO.fullmatch(typed) or _SPOKEN.fullmatch(typed)
        if found is None:
            read_day(typed)  # says what is wrong with the day, if that is what is wrong
            raise BadValue("Kellonaika puuttuu.", "The time of day is missing.", EXAMPLE)
        day = read_day(found["day"])
        try:
            clock = dt.time(int(found["hour"]), int(found["minute"]), int(found["second"] or 0))
        except ValueError:
            raise BadValue("Kellonaikaa ei ole.", "There is no such time of day.", EXAMPLE) from None
        return _moment(dt.datetime.combine(day, clock), found.groupdict().get("zone"))

    def show(self, value: dt.datetime, lang: str) -> str:
        local = value.astimezone(HELSINKI)
        clock = f"{local:%H:%M}" if lang == "en" else f"{local.hour}.{local:%M}"
        return f"{shown_day(local.date(), lang)}{_KLO.get(lang, ' ')}{clock}"

    def edit(self, value: dt.datetime) -> str:
        """Helsinki time as the control writes it; with its offset in the one hour a year that comes twice."""
        local = value.astimezone(HELSINKI)
        text = local.replace(tzinfo=None).isoformat(timespec="seconds" if local.second else "minutes")
        if local.fold:
            return f"{local:%Y-%m-%dT%H:%M:%S}{_offset(local)}"
        return text


def to_text(value: dt.datetime) -> str:
    """``2026-11-24T07:12:00Z``: fixed width, so that the text sorts as the moments do."""
    return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _moment(local: dt.datetime, zone: str | None) -> dt.datetime:
    try:
        if zone:
            aware = dt.datetime.fromisoformat(f"{local.isoformat()}{zone.upper()}")
        else:
            aware = local.replace(tzinfo=HELSINKI)
            if aware.astimezone(dt.UTC).astimezone(HELSINKI).replace(tzinfo=None) != local:
                raise BadValue(
                    "Tätä kellonaikaa ei ole: kellot siirrettiin silloin eteenpäin.",
                    "There is no such time: the clocks went forward then.",
                    EXAMPLE,
                )
        return aware.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise BadValue("Aika ei ole oikein.", "The time is not right.", EXAMPLE) from None


def _offset(local: dt.datetime) -> str:
    return local.isoformat()[-6:]
