from __future__ import annotations

from typing import ClassVar

from seloste.catalogue.types.base import ItemType
from seloste.catalogue.types.normal import one_line
from seloste.errors import BadValue

_YES = frozenset({"kyllä", "k", "yes", "y", "ja", "j", "true", "tosi", "1", "on", "x"})
_NO = frozenset({"ei", "e", "no", "n", "nej", "false", "epätosi", "0", "off"})
_WORDS = {"fi": ("ei", "kyllä"), "en": ("no", "yes"), "sv": ("nej", "ja")}


class Bool(ItemType[bool]):
    """Yes or no."""

    name: ClassVar[str] = "bool"
    storage: ClassVar = "bool"
    widget: ClassVar[str] = "checkbox"

    def parse(self, text: str) -> bool:
        typed = one_line(text, 20).casefold()
        if typed in _YES:
            return True
        if typed in _NO:
            return False
        raise BadValue("Vastaa kyllä tai ei.", "Answer yes or no.")

    def show(self, value: bool, lang: str) -> str:
        return _WORDS.get(lang, _WORDS["en"])[value]

    def edit(self, value: bool) -> str:
        return "1" if value else "0"
