from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from seloste.catalogue.types.base import ItemType
from seloste.catalogue.types.normal import one_line
from seloste.catalogue.types.numbers import INT64, MINUS, grouped, whole
from seloste.errors import BadValue


@dataclass(frozen=True)
class Int(ItemType[int]):
    """A whole number. Four digits are shown together, since many of them are years."""

    name: ClassVar[str] = "int"
    storage: ClassVar = "integer"
    widget: ClassVar[str] = "number"
    inputmode: ClassVar[str] = "numeric"
    minimum: int = -INT64
    maximum: int = INT64

    def parse(self, text: str) -> int:
        found = whole(one_line(text, 40), "12")
        if found < self.minimum:
            raise BadValue(
                f"Luku on liian pieni. Pienin on {self.minimum}.",
                f"The number is too small. The smallest is {self.minimum}.",
            )
        if found > self.maximum:
            raise BadValue(
                f"Luku on liian suuri. Suurin on {self.maximum}.",
                f"The number is too large. The largest is {self.maximum}.",
            )
        return found

    def show(self, value: int, lang: str) -> str:
        if abs(value) < 10_000:
            return f"{MINUS if value < 0 else ''}{abs(value)}"
        return grouped(value, lang)
