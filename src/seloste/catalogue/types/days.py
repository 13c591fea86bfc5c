from __future__ import annotations

import re
from typing import ClassVar

from seloste.catalogue.types.base import ItemType
from seloste.catalogue.types.normal import one_line
from seloste.catalogue.types.numbers import grouped, whole
from seloste.errors import BadValue

EXAMPLE = "14"

_UNIT = re.compile(r"\s*(?:pv|päivä|päivää|vrk|d|day|days|dag|dagar)\.?$", re.IGNORECASE)
_WORDS = {"fi": ("päivä", "päivää"), "en": ("day", "days"), "sv": ("dag", "dagar")}


class Days(ItemType[int]):
    """A length of time in whole days."""

    name: ClassVar[str] = "days"
    storage: ClassVar = "integer"
    widget: ClassVar[str] = "number"
    inputmode: ClassVar[str] = "numeric"

    def parse(self, text: str) -> int:
        found = whole(_UNIT.sub("", one_line(text, 40)), EXAMPLE)
        if not 0 <= found <= 36_600:
            raise BadValue("Päiviä on nollasta sataan vuoteen.", "Days go from none to a hundred years.", EXAMPLE)
        return found

    def show(self, value: int, lang: str) -> str:
        one, many = _WORDS.get(lang, _WORDS["en"])
        return f"{grouped(value, lang)} {one if value == 1 else many}"
