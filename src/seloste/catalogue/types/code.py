from __future__ import annotations

import re
from typing import ClassVar

from seloste.catalogue.types.base import ItemType
from seloste.catalogue.types.normal import one_line
from seloste.errors import BadValue


class Code(ItemType[str]):
    """A code that a machine or a label made: a key's number, a browser's id. Kept exactly as it is, without spaces."""

    name: ClassVar[str] = "code"

    def parse(self, text: str) -> str:
        typed = one_line(text, 200)
        if not re.fullmatch(r"[!-~]+", typed):
            raise BadValue(
                "Koodissa on vain kirjaimia a–z, numeroita ja välimerkkejä, ei välilyöntejä.",
                "A code has only letters a to z, digits and punctuation, no spaces.",
                "AB-1042",
            )
        return typed

    def search_keys(self, value: str) -> list[str]:
        return [value.lower()]
