"""Words and formats of the screens, in the languages the staff use.

Words come from ``texts/<language>.yaml``; dates, times, money and numbers follow the house style: Finnish
24.11.2026, klo 9.12, 1 284,00 €; English 24 Nov 2026, 09:12, € 1,284.00. Relative words are only *today* and
*yesterday*. Stored times are aware; they are shown in the zone of the register (Europe/Helsinki unless said).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal
from markupsafe import Markup, escape

from seloste.catalogue.plain_yaml import plain_yaml
from seloste.clock import HELSINKI

LANGUAGES = ("fi", "en")
"""What the staff may read the screens in."""
OUTSIDE = ("fi", "en", "sv")
"""What people from outside may read their own pages in, where the notice is written in it too."""
TEXTS = Path(__file__).parent / "texts"
SMALLEST_SHOWN = 5
"""Counts under this could betray one person, so a public page says only that there are fewer."""

_PLURALS = frozenset({"zero", "one", "two", "few", "many", "other"})
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class MissingTextError(LookupError):
    """A page asked for words that the language does not have, or left a placeholder without its value."""


class Translator(Protocol):
    """``t(key, **values)`` gives the words; a value that is markup makes the whole markup, the rest escaped."""

    def __call__(self, key: str, /, **values: object) -> str: ...


@cache
def texts(lang: str) -> Mapping[str, str | Mapping[str, str]]:
    """All words of one language by dotted key; a plural is a mapping from CLDR category to text.

    A language that is for people from outside alone has the words of their pages, and English ones for the others.
    :raises ValueError: no such language, or a text that is none.
    """
    if lang not in OUTSIDE:
        raise ValueError(f"There are no screen texts in {lang!r}; there are {', '.join(OUTSIDE)}.")
    source = (TEXTS / f"{lang}.yaml").read_text(encoding="utf-8")
    flat: dict[str, str | Mapping[str, str]] = {} if lang in LANGUAGES else dict(texts("en"))
    _flatten(plain_yaml(source), "", flat)
    return flat


def _flatten(node: object, prefix: str, flat: dict[str, str | Mapping[str, str]]) -> None:
    if isinstance(node, Mapping):
        if prefix and "other" in node and node.keys() <= _PLURALS:
            flat[prefix] = {str(form): str(text) for form, text in node.items()}
            return
        for key, child in node.items():
            _flatten(child, f"{prefix}.{key}" if prefix else str(key), flat)
    elif isinstance(node, str):
        flat[prefix] = node
    else:
        raise ValueError(f"The text {prefix} is {node!r}, not words; put it in quotes.")


def placeholders(text: str | Mapping[str, str]) -> frozenset[str]:
    """Names of the values that a text needs, over all its plural forms."""
    forms = (text,) if isinstance(text, str) else text.values()
    return frozenset(name for form in forms for name in _PLACEHOLDER.findall(form))


@cache
def translator(lang: str) -> Translator:
    """The ``t`` of a language.

    A plural needs ``n``; a number is written as the language writes numbers, so a year or a running number is
    given as text.
    :raises MissingTextError: from ``t``, for a key or value that is missing.
    """
    words, formats_, locale = texts(lang), formats(lang), Locale.parse(lang)

    def translate(key: str, /, **values: object) -> str:
        try:
            text = words[key]
        except KeyError:
            raise MissingTextError(f"The screens have no text {key!r} in {lang!r}.") from None
        if not isinstance(text, str):
            count = values.get("n")
            if not isinstance(count, int | float | Decimal):
                raise MissingTextError(f"The text {key!r} is a plural and needs its number n.")
            text = text.get(locale.plural_form(count), text["other"])
        as_markup = any(hasattr(value, "__html__") for value in values.values())

        def fill(match: re.Match[str]) -> str:
            name = match.group(1)
            if name not in values:
                raise MissingTextError(f"The text {key!r} needs a value for {{{name}}}.")
            value = values[name]
            shown = formats_.number(value) if isinstance(value, int | Decimal) else value
            return str(escape(shown)) if as_markup else str(shown)

        if as_markup:
            return Markup(_PLACEHOLDER.sub(fill, str(escape(text))))  # noqa: S704  both halves are escaped above
        return _PLACEHOLDER.sub(fill, text)

    return translate


@dataclass(frozen=True)
class _Style:
    """How a language writes dates and money, as Babel patterns."""

    date: str
    date_short: str
    date_long: str
    day: str
    time: str
    clock: str
    money: str
    quote: str


_STYLES = {
    "fi": _Style("d.M.y", "d.M.", "d. MMMM y", "cccc d. MMMM", "H.mm", "klo {}", "#,##0.00\u00a0¤", "”{}”"),
    "sv": _Style("d.M.y", "d.M.", "d MMMM y", "cccc d MMMM", "H.mm", "kl. {}", "#,##0.00\u00a0¤", "”{}”"),
    "en": _Style("d MMM y", "d MMM", "d MMMM y", "EEEE d MMMM", "HH:mm", "{}", "¤\u00a0#,##0.00", "“{}”"),
}


class Formats:
    """Dates, times, money and numbers as one language writes them; see the module for examples."""

    def __init__(self, lang: str, zone: ZoneInfo = HELSINKI) -> None:
        if lang not in _STYLES:
            raise ValueError(f"There are no formats for {lang!r}; there are {', '.join(_STYLES)}.")
        self.lang, self.zone = lang, zone
        self._style, self._locale = _STYLES[lang], Locale.parse(lang)

    def local(self, moment: dt.datetime) -> dt.datetime:
        """The moment in the zone of the register.

        :raises ValueError: a time without its zone, which could be off by hours.
        """
        if moment.tzinfo is None:
            raise ValueError("A time to be shown must carry its zone.")
        return moment.astimezone(self.zone)

    def _day(self, value: dt.date) -> dt.date:
        return self.local(value).date() if isinstance(value, dt.datetime) else value

    def _write(self, value: dt.date, pattern: str) -> str:
        return format_date(self._day(value), pattern, locale=self._locale)

    def date(self, value: dt.date) -> str:
        """24.11.2026 / 24 Nov 2026."""
        return self._write(value, self._style.date)

    def date_short(self, value: dt.date) -> str:
        """24.11. / 24 Nov, where the year is plain."""
        return self._write(value, self._style.date_short)

    def date_long(self, value: dt.date) -> str:
        """24. marraskuuta 2026 / 24 November 2026, for the public notice."""
        return self._write(value, self._style.date_long)

    def date_due(self, value: dt.date) -> str:
        """ma 30.11.2026 / Mon 30 Nov 2026: a deadline always has its weekday."""
        return f"{self._write(value, 'ccc' if self.lang == 'fi' else 'EEE')} {self.date(value)}"

    def day(self, value: dt.date) -> str:
        """Tiistai 24. marraskuuta / Tuesday 24 November, as a heading."""
        text = self._write(value, self._style.day)
        return text[:1].upper() + text[1:]

    def month(self, value: dt.date) -> str:
        """Marraskuu 2026 / November 2026, as a heading."""
        text = self._write(value, "LLLL y")
        return text[:1].upper() + text[1:]

    def time(self, value: dt.datetime) -> str:
        """9.12 / 09:12."""
        return format_time(self.local(value).time(), self._style.time, locale=self._locale)

    def clock(self, value: dt.datetime) -> str:
        """Klo 9.12 (in small letters) / 09:12, in a sentence."""
        return self._style.clock.format(self.time(value))

    def moment(self, value: dt.datetime) -> str:
        """24.11.2026 klo 9.12 / 24 Nov 2026 09:12."""
        return f"{self.date(value)} {self.clock(value)}"

    def when(self, value: dt.date, now: dt.datetime) -> str:
        """How long ago, as the time column of a list says it: today 09:12, yesterday, 19 Nov, 14 Mar 2024."""
        day, today = self._day(value), self._day(now)
        if day == today:
            word = translator(self.lang)("common.today")
            return f"{word} {self.time(value)}" if isinstance(value, dt.datetime) else word
        if day == today - dt.timedelta(days=1):
            return translator(self.lang)("common.yesterday")
        return self.date_short(day) if day.year == today.year else self.date(day)

    def number(self, value: int | float | Decimal) -> str:
        """3 188 / 3,188. The space is one that does not break."""
        return str(format_decimal(value, locale=self._locale))

    def money(self, value: Decimal | int, currency: str = "EUR") -> str:
        """1 284,00 € / € 1,284.00."""
        return str(format_currency(value, currency, self._style.money, locale=self._locale))

    def few(self, count: int) -> str:
        """A count for a public page: under five only "fewer than five", for one person could be betrayed by it."""
        return self.number(count) if count == 0 or count >= SMALLEST_SHOWN else translator(self.lang)("common.few")

    def quote(self, text: str) -> str:
        """”sana” / “word”."""
        return self._style.quote.format(text)

    def listed(self, words: Iterable[str]) -> str:
        """nimi, puhelin ja osoite / name, phone and address."""
        return self._joined(words, "common.and")

    def either(self, words: Iterable[str]) -> str:
        """yritys tai henkilö / company or person."""
        return self._joined(words, "common.or")

    def _joined(self, words: Iterable[str], last: str) -> str:
        parts = list(words)
        if len(parts) < 2:
            return "".join(parts)
        word = translator(self.lang)(last)
        if last == "common.and" and any(f" {word} " in part for part in parts):
            # Where a part has an "and" of its own, the list takes another.
            word = translator(self.lang)("common.and_wide")
        return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


@cache
def formats(lang: str, zone: ZoneInfo = HELSINKI) -> Formats:
    """The formats of a language; one object for each language and zone."""
    return Formats(lang, zone)
