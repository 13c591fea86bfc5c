from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from seloste.catalogue.model import Option
from seloste.catalogue.types.base import ItemType
from seloste.catalogue.types.normal import one_line, order
from seloste.errors import BadValue


@dataclass(frozen=True)
class Choice(ItemType[str]):
    """One of the item's own options, kept as its key. An item that lists none takes any short word."""

    name: ClassVar[str] = "choice"
    widget: ClassVar[str] = "select"
    options: tuple[Option, ...] = ()

    def parse(self, text: str) -> str:
        typed = one_line(text, 100)
        if not self.options:
            return typed
        for option in self.options:
            if typed == option.key:
                return option.key
        for option in self.options:
            if typed.casefold() in {name.casefold() for name in (option.key, *option.label.values())}:
                return option.key
        raise BadValue(f"Valitse jokin näistä: {self._names('fi')}.", f"Choose one of these: {self._names('en')}.")

    def show(self, value: str, lang: str) -> str:
        for option in self.options:
            if option.key == value:
                return option.label.get(lang) or option.label.get("en") or next(iter(option.label.values()), value)
        return value

    def sort_key(self, value: str) -> tuple[int, str]:
        """The order of the options; what is no longer an option comes last."""
        keys = [option.key for option in self.options]
        return (keys.index(value) if value in keys else len(keys), order(value))

    def _names(self, lang: str) -> str:
        return ", ".join(self.show(option.key, lang) for option in self.options)
