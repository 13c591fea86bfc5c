from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from seloste.catalogue.types.base import ItemType
from seloste.catalogue.types.normal import one_line
from seloste.catalogue.types.numbers import MINUS, plain_number
from seloste.errors import BadValue

EXAMPLE = "62,60109"


@dataclass(frozen=True)
class Degrees(ItemType[float]):
    """A latitude or longitude in degrees (WGS 84), to seven decimals: one centimetre on the ground."""

    name: ClassVar[str] = "degrees"
    storage: ClassVar = "real"
    inputmode: ClassVar[str] = "decimal"
    limit: float = 180.0

    def parse(self, text: str) -> float:
        typed = plain_number(one_line(text, 40)).removesuffix("°").replace(",", ".")
        if not re.fullmatch(r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,20})?", typed):
            raise BadValue("Kirjoita asteet desimaalilukuna.", "Write the degrees as a decimal number.", EXAMPLE)
        found = round(float(typed), 7)
        if abs(found) > self.limit:
            raise BadValue(
                f"Asteita on enintään {self.limit:g}.", f"There are at most {self.limit:g} degrees.", EXAMPLE
            )
        return found + 0.0  # no negative zero

    def show(self, value: float, lang: str) -> str:
        shown = f"{MINUS if value < 0 else ''}{abs(value):.5f}°"
        return shown if lang == "en" else shown.replace(".", ",")

    def edit(self, value: float) -> str:
        return f"{value:.7f}".rstrip("0").rstrip(".")
