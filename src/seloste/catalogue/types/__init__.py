"""The types an item may have: how each is read, checked, shown, found and compared. One file per type."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from seloste.catalogue.types.base import ItemType, Storage
from seloste.catalogue.types.bool import Bool
from seloste.catalogue.types.business_id import BusinessId
from seloste.catalogue.types.choice import Choice
from seloste.catalogue.types.code import Code
from seloste.catalogue.types.country import Country
from seloste.catalogue.types.date import Date
from seloste.catalogue.types.days import Days
from seloste.catalogue.types.degrees import Degrees
from seloste.catalogue.types.email import Email
from seloste.catalogue.types.fields import Fields
from seloste.catalogue.types.file import File
from seloste.catalogue.types.hetu import Hetu
from seloste.catalogue.types.iban import Iban
from seloste.catalogue.types.int import Int
from seloste.catalogue.types.ip import Ip
from seloste.catalogue.types.items import Items
from seloste.catalogue.types.lines import Lines
from seloste.catalogue.types.money import Money
from seloste.catalogue.types.normal import words
from seloste.catalogue.types.phone import Phone
from seloste.catalogue.types.postal_code import PostalCode
from seloste.catalogue.types.reference_number import ReferenceNumber
from seloste.catalogue.types.text import Text
from seloste.catalogue.types.text_long import TextLong
from seloste.catalogue.types.time import Time
from seloste.catalogue.types.url import Url
from seloste.errors import BadValue

_ALL: tuple[ItemType[Any], ...] = (
    *(Text(), TextLong(), Phone(), Email(), Url(), Date(), Time(), Days(), Int(), Money(), Bool(), Choice()),
    *(Country(), PostalCode(), BusinessId(), Hetu(), Iban(), ReferenceNumber(), Ip(), Code(), Degrees()),
    *(File(), Lines(), Fields(), Items()),
)

TYPES: Mapping[str, ItemType[Any]] = MappingProxyType({one.name: one for one in _ALL})
"""Every type by its name. Use ``TYPES[name].configure(...)`` for an item's own options."""

# What a search is compared with as one key, beside its words. Sensitive types are never searched by what is typed.
_FOUND_BY = ("phone", "email", "business_id", "reference_number", "iban")


def query_keys(typed: str) -> list[str]:
    """What somebody typed into a search, as keys that :meth:`ItemType.search_keys` gives.

    A whole number or address gives its own keys: ``050 000 0140`` gives ``358500000140`` and ``0500000140``. Anything
    else gives its words, ``Märta`` both ``märta`` and ``marta``, and its digits if it is a run of four or more.
    """
    found: dict[str, None] = {}
    for name in _FOUND_BY:
        kind = TYPES[name]
        try:
            keys = kind.search_keys(kind.parse(typed))
        except BadValue:
            continue
        # The domain alone would find everybody at the same company.
        found.update(dict.fromkeys(keys[:1] if name == "email" else keys))
    if not found:
        digits = re.sub(r"[\s()./+-]", "", typed)
        keys = [digits] if re.fullmatch(r"[0-9]{4,}", digits) else []
        found.update(dict.fromkeys([*keys, *words(typed)]))
    return list(found)


__all__ = ["TYPES", "ItemType", "Storage", "query_keys"]
