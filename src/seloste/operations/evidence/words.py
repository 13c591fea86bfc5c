"""The words of evidence in one language: counts that hide small ones, days and months, and sentences by key."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from seloste.clock import HELSINKI
from seloste.compiler.register import Register
from seloste.notice.model import Processor, Recipient
from seloste.notice.render.tell import Teller
from seloste.operations.evidence.counts import Count

MOST_NAMES = 8
"""So many names of the database stand in one line of an answer; the rest are counted, and all are in the JSON."""


@cache
def _texts(lang: str) -> Mapping[str, Any]:
    return tomllib.loads((Path(__file__).parent / "texts" / f"{lang}.toml").read_text("utf-8"))


class Words:
    """One register's evidence in one language of its notice."""

    def __init__(self, register: Register, lang: str) -> None:
        self.register = register
        self.t = Teller(register.notice, lang)
        self.lang = lang

    def say(self, key: str, /, **values: object) -> str:
        """The text of a dotted key. Raises ``KeyError`` for an unknown one."""
        found: Any = _texts(self.lang)
        for part in key.split("."):
            found = found[part]
        return str(found).format(**values) if values else str(found)

    def count(self, number: Count) -> str:
        """``fewer than five``, ``not told``, ``none``, or the number with its thousands apart."""
        if isinstance(number, str):
            return self.say(number)
        if number == 0:
            return self.say("none")
        return f"{number:,}" if self.lang == "en" else f"{number:,}".replace(",", "\u00a0")

    def month(self, day: dt.date) -> Mapping[str, str]:
        """The ``month`` and ``year`` of a text that tells a day by its month."""
        from babel.dates import format_date

        return {"month": format_date(day, "LLLL", locale=self.lang), "year": str(day.year)}

    def day(self, moment: dt.date) -> str:
        """A day by its numbers, as a moment's Finnish day."""
        found = moment.astimezone(HELSINKI).date() if isinstance(moment, dt.datetime) else moment
        return (
            f"{found.day} {found:%b} {found.year}" if self.lang == "en" else f"{found.day}.{found.month}.{found.year}"
        )

    def at(self, moment: dt.datetime) -> str:
        """A moment, of a run of the program: day and clock in Finland."""
        here = moment.astimezone(HELSINKI)
        return f"{self.day(here)} {here:%H:%M}" if self.lang == "en" else f"{self.day(here)} {here.hour}.{here:%M}"

    def kind(self, key: str) -> str:
        return self.t.periods.kind_plural(key)

    def kinds(self, keys: Iterable[str]) -> str:
        return self.t.w.listed(self.t.w.low(self.kind(key)) for key in keys)

    def countries(self, codes: Iterable[str]) -> str:
        return self.t.w.listed(self.t.country(code) for code in codes)

    def party(self, key: str) -> str:
        """A recipient or processor by what it does and its name."""
        notice = self.register.notice
        known: dict[str, Recipient | Processor] = {one.key: one for one in notice.processors}
        known |= {one.key: one for one in notice.recipients}
        return self._party(known[key]) if key in known else key

    def _party(self, one: Recipient | Processor) -> str:
        if isinstance(one, Processor):
            return self.t.pick(one.does) + (f", {one.name}" if one.name else "")
        return self.t.w.capital(self.t.pick(one.text))
