from __future__ import annotations

import datetime as dt
import re
from typing import ClassVar

from seloste.catalogue.types.base import ItemType
from seloste.catalogue.types.normal import one_line
from seloste.errors import BadValue

EXAMPLE = "24.11.2026"

MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FINNISH = (
    *("tammi", "helmi", "maalis", "huhti", "touko", "kesä"),
    *("heinä", "elo", "syys", "loka", "marras", "joulu"),
)
_ENGLISH = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_SWEDISH = (
    *("januari", "februari", "mars", "april", "maj", "juni"),
    *("juli", "augusti", "september", "oktober", "november", "december"),
)

_NUMBERS = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_NAMED = re.compile(r"(\d{1,2})\.?\s([^\W\d_]+)\.?,?\s(\d{4})")


class Date(ItemType[dt.date]):
    """A calendar day. Read as 24.11.2026, 2026-11-24, 24 Nov 2026 or 24. marraskuuta 2026."""

    name: ClassVar[str] = "date"
    storage: ClassVar = "date"
    widget: ClassVar[str] = "date"

    def parse(self, text: str) -> dt.date:
        return read_day(one_line(text, 60))

    def show(self, value: dt.date, lang: str) -> str:
        return shown_day(value, lang)

    def edit(self, value: dt.date) -> str:
        return value.isoformat()


def shown_day(day: dt.date, lang: str) -> str:
    """24.11.2026 in Finnish and Swedish, 24 Nov 2026 in English."""
    if lang == "en":
        return f"{day.day} {MONTHS_EN[day.month - 1]} {day.year}"
    return f"{day.day}.{day.month}.{day.year}"


def read_day(typed: str) -> dt.date:
    """Raises :class:`BadValue`."""
    if found := _ISO.fullmatch(typed):
        year, month, day = (int(part) for part in found.groups())
    elif found := _NUMBERS.fullmatch(typed):
        day, month, year = (int(part) for part in found.groups())
    elif found := _NAMED.fullmatch(typed):
        day, month, year = int(found[1]), _month(found[2].lower()), int(found[3])
    elif re.fullmatch(r"\d{1,2}[./-]\d{1,2}[./-]\d{2}", typed):
        raise BadValue("Kirjoita vuosi neljällä numerolla.", "Write the year with four digits.", EXAMPLE)
    else:
        raise BadValue("Tämä ei ole päivämäärä.", "This is not a date.", EXAMPLE)
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise BadValue("Tätä päivää ei ole kalenterissa.", "There is no such day in the calendar.", EXAMPLE) from None


def _month(word: str) -> int:
    for number, (finnish, *others) in enumerate(zip(_FINNISH, _ENGLISH, _SWEDISH, strict=True), start=1):
        if word in (f"{finnish}kuu", f"{finnish}kuuta"):
            return number
        if len(word) >= 3 and any(other.startswith(word) for other in others):
            return number
    raise BadValue("Kuukautta ei ole.", "There is no such month.", EXAMPLE)
