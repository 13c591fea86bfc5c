from __future__ import annotations

import json
import re
from typing import ClassVar

from seloste.catalogue.types.base import ItemType
from seloste.catalogue.types.normal import clean
from seloste.catalogue.types.objects import looks_like_json, read_json
from seloste.errors import BadValue

EXAMPLE = "person.email, organisation.name"


class Items(ItemType[list[str]]):
    """Names of items of the register (``person.email``), as a disclosure or a publication lists them."""

    name: ClassVar[str] = "items"
    storage: ClassVar = "json"

    def parse(self, text: str) -> list[str]:
        typed = clean(text)
        found = read_json(typed) if looks_like_json(typed) else re.split(r"[\s,;]+", typed.strip(",; \n"))
        if not isinstance(found, list) or not found:
            raise BadValue("Tietojen nimiä ei ole.", "There are no names of items.", EXAMPLE)
        for name in found:
            if not isinstance(name, str) or not re.fullmatch(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?", name):
                raise BadValue("Tämä ei ole tiedon nimi.", "This is not the name of an item.", EXAMPLE)
        return list(dict.fromkeys(found))

    def edit(self, value: list[str]) -> str:
        return ", ".join(value)

    def sort_key(self, value: list[str]) -> str:
        return json.dumps(sorted(value))

    def same(self, a: list[str], b: list[str]) -> bool:
        return set(a) == set(b)
