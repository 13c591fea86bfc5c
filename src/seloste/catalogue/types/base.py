"""What an item type offers; each type is one file beside this one."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, Generic, Literal, Self, TypeVar

V = TypeVar("V")

Storage = Literal["text", "integer", "real", "date", "time", "bool", "json", "bytes"]


@dataclass(frozen=True)
class ItemType(Generic[V]):
    """One type of item. Instances are immutable and hold no value; they read, write and compare values.

    ``parse`` and ``show`` are for people, ``edit`` for a form control. ``parse(edit(value)) == value`` always holds.
    """

    name: ClassVar[str]
    storage: ClassVar[Storage] = "text"
    """What a cell holds; ``store`` turns values into cells."""
    widget: ClassVar[str] = "text"
    """The HTML form control: an input type, or ``textarea`` or ``select``."""
    inputmode: ClassVar[str] = ""
    """The keyboard a phone should show; empty for the widget's own."""
    autocomplete: ClassVar[str] = "off"
    """The autofill hint for a person's own form; staff forms use ``off`` whatever this says."""

    def configure(self, **options: Any) -> Self:
        """The type as one item uses it: ``options`` for a choice, ``allow_test`` for an identity code, and so on.

        Raises ``TypeError`` for an option the type does not know.
        """
        known = {field.name for field in fields(self)}
        if unknown := sorted(options.keys() - known):
            raise TypeError(f"the type {self.name} has no option {', '.join(unknown)}")
        return replace(self, **options)

    def parse(self, text: str) -> V:
        """What a person typed, checked and brought to one form. Raises :class:`seloste.errors.BadValue`."""
        raise NotImplementedError

    def show(self, value: V, lang: str) -> str:
        """The value as people read it in ``lang`` (fi, en or sv)."""
        return self.edit(value)

    def edit(self, value: V) -> str:
        """The value as a form control holds it."""
        return str(value)

    def search_keys(self, value: V) -> list[str]:
        """Normalised keys the value is found by; empty if it is not searched for. What somebody types into a search
        is brought to the same form by :func:`seloste.catalogue.types.query_keys`."""
        return []

    def first_key(self, value: V) -> str:
        """The first of the keys, which is the same however the value was typed."""
        return self.search_keys(value)[0]

    def sort_key(self, value: V) -> Any:
        """Orders values of this type among themselves."""
        return value

    def same(self, a: V, b: V) -> bool:
        """True if the two mean the same thing, however they were typed."""
        return a == b
