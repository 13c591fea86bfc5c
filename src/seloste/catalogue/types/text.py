from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from seloste.catalogue.types.base import ItemType
from seloste.catalogue.types.normal import one_line, order, words


@dataclass(frozen=True)
class Text(ItemType[str]):
    """One line of text: a name, a title, an address. Found by its words, with and without diacritics."""

    name: ClassVar[str] = "text"
    limit: int = 300

    def parse(self, text: str) -> str:
        return one_line(text, self.limit)

    def search_keys(self, value: str) -> list[str]:
        return words(value)

    def sort_key(self, value: str) -> str:
        return order(value)

    def same(self, a: str, b: str) -> bool:
        return a.casefold().split() == b.casefold().split()
