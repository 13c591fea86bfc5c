from __future__ import annotations

import re
from typing import ClassVar

from seloste.catalogue.types.base import ItemType
from seloste.catalogue.types.normal import one_line
from seloste.catalogue.types.numbers import INT64, MINUS, NBSP, grouped, plain_number
from seloste.errors import BadValue

EXAMPLE = "1284,00"

_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+|\d+")


class Money(ItemType[int]):
    """An amount in euros, as whole cents."""

    name: ClassVar[str] = "money"
    storage: ClassVar = "integer"
    inputmode: ClassVar[str] = "decimal"

    def parse(self, text: str) -> int:
        typed = re.sub(r"(?:€|\beur(?:oa?)?\b)", "", one_line(text, 60), flags=re.IGNORECASE)
        return read_cents(typed)

    def show(self, value: int, lang: str) -> str:
        euros, cents = divmod(abs(value), 100)
        sign = MINUS if value < 0 else ""
        if lang == "en":
            return f"{sign}€{NBSP}{grouped(euros, lang)}.{cents:02}"
        return f"{sign}{grouped(euros, lang)},{cents:02}{NBSP}€"

    def edit(self, value: int) -> str:
        euros, cents = divmod(abs(value), 100)
        return f"{'-' if value < 0 else ''}{euros},{cents:02}"


def read_cents(typed: str) -> int:
    """Euros as typed (``1 284,50``, ``1,284.50``, ``1284``), in cents. Raises :class:`BadValue`."""
    number = plain_number(typed)
    found = re.fullmatch(r"([+-]?)([0-9.,]+?)(?:[.,]([0-9]{1,2}|-))?", number)
    if found is None:
        raise BadValue("Tämä ei ole rahamäärä.", "This is not an amount of money.", EXAMPLE)
    sign, whole_part, cents = found.groups()
    separator = number[-len(cents) - 1] if cents else ""
    if not _GROUPED.fullmatch(whole_part) or (separator and separator in whole_part):
        raise BadValue("Tämä ei ole rahamäärä.", "This is not an amount of money.", EXAMPLE)
    if not cents and re.fullmatch(r"\d{1,3}[.,]\d{3}", whole_part):
        # 1.284 is a thousand to one reader and one euro to another.
        raise BadValue("Kirjoita sentit kahdella numerolla.", "Write the cents with two digits.", EXAMPLE)
    total = int(re.sub("[.,]", "", whole_part)) * 100 + int((cents or "0").replace("-", "0").ljust(2, "0"))
    if total > INT64:
        raise BadValue("Summa on liian suuri.", "The amount is too large.", EXAMPLE)
    return -total if sign == "-" else total
