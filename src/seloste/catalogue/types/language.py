from __future__ import annotations

import re
from functools import cache
from typing import ClassVar

from seloste.catalogue.types.base import ItemType
from seloste.catalogue.types.normal import one_line, order
from seloste.errors import BadValue


class Language(ItemType[str]):
    """A language by its ISO 639-1 code, as ``fi``. Shown by its name in the reader's language."""

    name: ClassVar[str] = "language"
    widget: ClassVar[str] = "select"

    def parse(self, text: str) -> str:
        typed = one_line(text, 40).lower()
        if re.fullmatch("[a-z]{2}", typed) and language_name(typed, "en") != typed:
            return typed
        raise BadValue("Kieltä ei tunneta. Anna sen koodi.", "This language is not known. Give its code.", "fi")

    def show(self, value: str, lang: str) -> str:
        return language_name(value, lang)

    def sort_key(self, value: str) -> str:
        return order(self.show(value, "fi"))


@cache
def language_name(code: str, lang: str) -> str:
    """What a language is called in ``lang`` (fi, en or sv): ``sv`` is ``ruotsi``. What is no code comes back as is."""
    from babel import Locale

    return str(Locale.parse(lang).languages.get(code, code))
