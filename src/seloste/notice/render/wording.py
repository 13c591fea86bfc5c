"""The words around the facts, per language, and how a language lists, counts and dates."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from seloste.catalogue.model import Text

Span = Literal["hour", "day", "month", "year"]

LANGUAGES = ("fi", "en", "sv")
"""Languages a notice can be rendered in (ISO 639-1)."""

_MONTHS = {
    "fi": ["tammi", "helmi", "maalis", "huhti", "touko", "kesä", "heinä", "elo", "syys", "loka", "marras", "joulu"],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "sv": [
        "januari",
        "februari",
        "mars",
        "april",
        "maj",
        "juni",
        "juli",
        "augusti",
        "september",
        "oktober",
        "november",
        "december",
    ],
}


@cache
def _texts(lang: str) -> Mapping[str, Any]:
    file = Path(__file__).parent / "texts" / f"{lang}.toml"
    return tomllib.loads(file.read_text("utf-8"))


class Wording:
    """One language. ``say("minute.title")`` gives its words; the other methods set facts as the language does."""

    def __init__(self, lang: str) -> None:
        if lang not in LANGUAGES:
            raise ValueError(f"A notice can be rendered in {', '.join(LANGUAGES)}, not in {lang!r}.")
        self.lang = lang
        self._texts = _texts(lang)

    def say(self, key: str, /, **values: object) -> str:
        """The text of a dotted key with its values filled in. Raises ``KeyError`` for an unknown key."""
        found: Any = self._texts
        for part in key.split("."):
            found = found[part]
        assert isinstance(found, str), key
        # A value may hold braces of its own (a consent's {recipient}), so nothing is read twice.
        return found.format(**values) if values else found

    def pick(self, text: Text | None) -> str:
        """A text of the notice in this language; in another one, when it is not written in this."""
        if not text:
            return ""
        return text.get(self.lang) or next(
            (text[lang] for lang in LANGUAGES if text.get(lang)), next(iter(text.values()))
        )

    def low(self, label: str) -> str:
        """A label as it stands inside a sentence: small first letter, unless it is a name or an abbreviation."""
        if len(label) > 1 and (label[1].isupper() or (label[1] == "-" and self.lang == "fi")):
            return label
        return label[:1].lower() + label[1:]

    def listed(self, parts: Iterable[str], word: str = "and") -> str:
        """``nimi, puhelin ja osoite``; nothing twice. Parts with commas of their own are parted by semicolons."""
        found = list(dict.fromkeys(part for part in parts if part))
        if len(found) < 2:
            return "".join(found)
        if any("," in part for part in found):
            return "; ".join(found)
        if word == "and" and any(f" {self.say(word)} " in part for part in found):
            # ``laskutus ja kirjanpito sekä palaute``: where a part has an "and" of its own, the list takes another.
            return self.say("and_wide").join((", ".join(found[:-1]), found[-1]))
        return f"{', '.join(found[:-1])} {self.say(word)} {found[-1]}"

    def period(self, amount: int, unit: Span, *, age: bool = False) -> str:
        """``6 kuukautta``; ``age`` gives the form of an age or of one whole period (``1 vuoden``)."""
        one, many, whole = self._texts["unit"][unit]
        if self.lang == "fi" and (age or amount == 1):
            return f"{amount} {whole}"
        return f"{amount} {one if amount == 1 else many}"

    def length(self, amount: int, unit: Span) -> str:
        """A period by itself: ``1 vuosi``, ``6 kuukautta``."""
        one, many, _ = self._texts["unit"][unit]
        return f"{amount} {one if amount == 1 else many}"

    def short(self, amount: int, unit: Span) -> str:
        """``6 kk``."""
        return self.say(f"unit_short.{unit}", n=amount)

    def date(self, day: dt.date) -> str:
        """A day with its month spelled out: 1. marraskuuta 2026, 1 November 2026."""
        month = _MONTHS[self.lang][day.month - 1]
        return f"{day.day}. {month}kuuta {day.year}" if self.lang == "fi" else f"{day.day} {month} {day.year}"

    def capital(self, text: str) -> str:
        return text[:1].upper() + text[1:]

    def inner(self, text: str) -> str:
        """A sentence as part of another: small first letter, no full stop."""
        return self.low(text.strip().rstrip("."))

    def sentence(self, text: str) -> str:
        """A text as a sentence: capital first letter, a full stop at the end."""
        text = text.strip()
        if not text:
            return ""
        return self.capital(text) + ("" if text.endswith((".", "?", "!", ":", "”", "…")) else ".")


@cache
def wording(lang: str) -> Wording:
    """The wording of a language. Raises ``ValueError`` for one that notices are not rendered in."""
    return Wording(lang)
