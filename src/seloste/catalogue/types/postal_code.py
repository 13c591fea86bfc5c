from __future__ import annotations

import re
from typing import ClassVar

from seloste.catalogue.types.base import ItemType
from seloste.catalogue.types.normal import one_line
from seloste.errors import BadValue

EXAMPLE = "33100"


class PostalCode(ItemType[str]):
    """A Finnish postal code of five digits, or a foreign one with its country in front: ``SE-411 04``."""

    name: ClassVar[str] = "postal_code"
    autocomplete: ClassVar[str] = "postal-code"

    def parse(self, text: str) -> str:
        typed = one_line(text, 30).upper()
        home = re.sub(r"^(?:FI|FIN)\s?-\s?", "", typed)
        if re.fullmatch(r"[0-9]{5}|[0-9]{2} [0-9]{3}|[0-9]{3} [0-9]{2}", home):
            return home.replace(" ", "")
        if found := re.fullmatch(r"([A-Z]{2})\s?-\s?([0-9A-Z][0-9A-Z -]{1,9})", typed):
            if found[1] != "FI" and re.search(r"\d", found[2]):
                return f"{found[1]}-{found[2].strip()}"
        elif home.isdigit():
            raise BadValue("Postinumerossa on viisi numeroa.", "A Finnish postal code has five digits.", EXAMPLE)
        raise BadValue(
            "Postinumerossa on viisi numeroa. Ulkomaan postinumeron edessä on maan tunnus.",
            "A Finnish postal code has five digits. A foreign one has its country in front.",
            "SE-411 04",
        )

    def search_keys(self, value: str) -> list[str]:
        return [value.lower().replace(" ", "")]

    def same(self, a: str, b: str) -> bool:
        return a.replace(" ", "") == b.replace(" ", "")
