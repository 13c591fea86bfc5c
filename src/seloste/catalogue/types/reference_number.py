"""Finnish reference numbers of invoices, and their international form (ISO 11649)."""

from __future__ import annotations

import re
from itertools import cycle
from typing import ClassVar

from seloste.catalogue.types.base import ItemType
from seloste.catalogue.types.normal import one_line
from seloste.errors import BadValue

EXAMPLE = "1234561"


class ReferenceNumber(ItemType[str]):
    """A reference number: ``1234561``, or ``RF341234561``. Leading zeros and spaces carry no meaning and go."""

    name: ClassVar[str] = "reference_number"

    def parse(self, text: str) -> str:
        typed = re.sub(r"[\s-]", "", one_line(text, 60)).upper()
        if typed.startswith("RF"):
            return _international(typed)
        if not re.fullmatch(r"[0-9]+", typed):
            raise BadValue("Viitenumerossa on vain numeroita.", "A reference number has only digits.", EXAMPLE)
        typed = typed.lstrip("0")
        if not 4 <= len(typed) <= 20:
            raise BadValue("Viitenumerossa on 4–20 numeroa.", "A reference number has 4 to 20 digits.", EXAMPLE)
        if check_digit(typed[:-1]) != typed[-1]:
            raise BadValue(
                "Viitenumeron viimeinen numero ei täsmää. Tarkista numerot.",
                "The last digit of the reference number does not match. Check the digits.",
            )
        return typed

    def show(self, value: str, lang: str) -> str:
        """In fives from the right; the international form in fours from the left."""
        if value.startswith("RF"):
            return " ".join(value[at : at + 4] for at in range(0, len(value), 4))
        backwards = value[::-1]
        return " ".join(backwards[at : at + 5] for at in range(0, len(value), 5))[::-1]

    def search_keys(self, value: str) -> list[str]:
        national = to_national(value)
        return [value] if national in (None, value) else [value, str(national)]

    def sort_key(self, value: str) -> tuple[int, str]:
        return (len(value), value)

    def same(self, a: str, b: str) -> bool:
        return (to_national(a) or a) == (to_national(b) or b)


def check_digit(base: str) -> str:
    """The check digit of a base: weights 7, 3, 1 from the right, filled up to the next ten."""
    total = sum(int(digit) * weight for digit, weight in zip(reversed(base), cycle((7, 3, 1)), strict=False))
    return str(-total % 10)


def make_reference(base: str | int) -> str:
    """The reference number of a base of 3 to 19 digits (an invoice number). Raises :class:`BadValue`."""
    digits = str(base).lstrip("0")
    if not re.fullmatch(r"[0-9]{3,19}", digits):
        raise BadValue("Viitteen perusosassa on 3–19 numeroa.", "The base has 3 to 19 digits.", "123456")
    return digits + check_digit(digits)


def to_rf(reference: str) -> str:
    """The international form of a Finnish reference number: ``1234561`` becomes ``RF341234561``."""
    return f"RF{98 - int(f'{reference}271500') % 97:02}{reference}"


def to_national(reference: str) -> str | None:
    """The Finnish number inside an international one, itself if it is Finnish, None if there is none."""
    inner = reference[4:].lstrip("0") if reference.startswith("RF") else reference
    if re.fullmatch(r"[0-9]{4,20}", inner) and check_digit(inner[:-1]) == inner[-1]:
        return inner
    return None


def _international(typed: str) -> str:
    if not re.fullmatch(r"RF[0-9]{2}[0-9A-Z]{1,21}", typed):
        raise BadValue(
            "Kansainvälisessä viitteessä on RF, kaksi numeroa ja enintään 21 merkkiä.",
            "An international reference has RF, two digits and at most 21 characters.",
            "RF341234561",
        )
    # ISO 11649: letters count as 10 to 35, and the first four characters are moved to the end.
    digits = "".join(str(int(char, 36)) for char in typed[4:] + typed[:4])
    if int(digits) % 97 != 1:
        raise BadValue(
            "Viitteen tarkistusluku ei täsmää. Tarkista merkit.",
            "The check digits of the reference do not match. Check the characters.",
        )
    return typed
