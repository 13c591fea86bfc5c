from __future__ import annotations

import re
from typing import ClassVar

from seloste.catalogue.types.base import ItemType
from seloste.catalogue.types.normal import one_line
from seloste.errors import BadValue

EXAMPLE = "FI21 1234 5600 0007 85"


class Iban(ItemType[str]):
    """A bank account number (ISO 13616), kept without spaces and shown in fours."""

    name: ClassVar[str] = "iban"

    def parse(self, text: str) -> str:
        from stdnum import iban
        from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError

        typed = re.sub(r"[\s-]", "", one_line(text, 60)).upper().removeprefix("IBAN").lstrip(":")
        if not re.match(r"[A-Z]{2}\d{2}", typed):
            raise BadValue("Tilinumeron alussa on maan tunnus.", "An account number begins with a country.", EXAMPLE)
        try:
            return str(iban.validate(typed))
        except InvalidChecksum:
            raise BadValue(
                "Tilinumeron tarkistusluku ei täsmää. Tarkista numerot.",
                "The check digits of the account number do not match. Check the digits.",
            ) from None
        except InvalidLength:
            raise BadValue("Tilinumeron pituus on väärä.", "The account number has a wrong length.", EXAMPLE) from None
        except ValidationError:
            raise BadValue("Tämä ei ole tilinumero.", "This is not an account number.", EXAMPLE) from None

    def show(self, value: str, lang: str) -> str:
        return " ".join(value[at : at + 4] for at in range(0, len(value), 4))

    def search_keys(self, value: str) -> list[str]:
        return [value]
