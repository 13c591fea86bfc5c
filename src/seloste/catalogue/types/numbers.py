"""Numbers as people write and read them."""

from __future__ import annotations

import re

from seloste.errors import BadValue

NBSP = "\u00a0"
MINUS = "\u2212"

INT64 = 2**63 - 1
"""The largest whole number a cell holds, on both engines."""


def plain_number(text: str) -> str:
    """``text`` with ASCII signs and without spaces: ``−1 284,5`` becomes ``-1284,5``."""
    return re.sub(r"[\s'’]", "", text.replace(MINUS, "-").replace("–", "-"))


def grouped(number: int, lang: str) -> str:
    """Digits in threes: ``1 284`` with no-break spaces in Finnish and Swedish, ``1,284`` in English."""
    digits = f"{abs(number):,}"
    if lang != "en":
        digits = digits.replace(",", NBSP)
    return f"{MINUS if number < 0 else ''}{digits}"


def whole(text: str, example: str) -> int:
    """A whole number, however its thousands are grouped. Raises :class:`BadValue`."""
    number = plain_number(text)
    if re.fullmatch(r"-?\d{1,3}([.,])\d{3}(\1\d{3})*", number):
        number = re.sub("[.,]", "", number)
    if not re.fullmatch(r"[+-]?[0-9]{1,19}", number):
        raise BadValue("Tämä ei ole kokonaisluku.", "This is not a whole number.", example)
    found = int(number)
    if abs(found) > INT64:
        raise BadValue("Luku on liian suuri.", "The number is too large.", example)
    return found
