from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import ClassVar

from seloste.catalogue.types.base import ItemType
from seloste.catalogue.types.normal import one_line, order
from seloste.errors import BadValue

# Codes the territory lists hold that are no countries: unions, test codes, and islands exceptionally reserved.
_NOT_COUNTRIES = frozenset(("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"))
_OTHER_CODES = {"UK": "GB", "EL": "GR"}
_OTHER_NAMES = {"usa": "US", "englanti": "GB", "england": "GB", "hollanti": "NL", "holland": "NL"}


class Country(ItemType[str]):
    """A country by its ISO 3166-1 alpha-2 code. Read from the code, or from its name in Finnish, English or Swedish."""

    name: ClassVar[str] = "country"
    widget: ClassVar[str] = "select"
    autocomplete: ClassVar[str] = "country"

    def parse(self, text: str) -> str:
        typed = one_line(text, 80)
        code = _OTHER_CODES.get(typed.upper(), typed.upper())
        if code in country_names("en"):
            return code
        if named := _by_name().get(typed.casefold()):
            return named
        raise BadValue("Maata ei löydy.", "There is no such country.", "Suomi", "Finland")

    def show(self, value: str, lang: str) -> str:
        return country_names(lang).get(value, value)

    def sort_key(self, value: str) -> str:
        return order(self.show(value, "fi"))


@cache
def country_names(lang: str) -> Mapping[str, str]:
    """Every country's name by its code, in ``lang`` (fi, en or sv), in that language's order: options of a select."""
    from babel import Locale

    found = {
        code: str(name)
        for code, name in Locale.parse(lang).territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES
    }
    return dict(sorted(found.items(), key=lambda pair: order(pair[1])))


@cache
def _by_name() -> Mapping[str, str]:
    names = {name.casefold(): code for lang in ("sv", "en", "fi") for code, name in country_names(lang).items()}
    return {**names, **_OTHER_NAMES}
