"""Rows as operations take and give them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from seloste.catalogue.languages import LANGUAGE, language_name
from seloste.catalogue.model import Item, Kind
from seloste.errors import SelosteError


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row to be stored. ``ref`` names it within the operation; parents and pointers may name another's ref.

    ``values`` holds texts as people type them or values of the item's type; ``parents`` the ids (or refs) of the rows
    it belongs to, by kind. ``cell_sources`` names the source of cells that came from elsewhere than the row.
    """

    kind: str
    values: Mapping[str, Any] = field(default_factory=dict)
    parents: Mapping[str, int | str] = field(default_factory=dict)
    source: str = "subject"
    ref: str = ""
    cell_sources: Mapping[str, str] = field(default_factory=dict)
    recorded_at: dt.datetime | None = None
    """When it was first recorded, if not now (imports of what another system held)."""


class Sealed:
    """Stands for an encrypted value that is there and was not opened. ``reveal`` opens one, with a reason."""

    def __repr__(self) -> str:
        return "SEALED"

    def __bool__(self) -> bool:
        return True


SEALED = Sealed()


@dataclass(frozen=True, slots=True)
class Record:
    """A row as a lens shows it: only cells that may be used; a cell that may not is absent, like one that is empty.

    Sensitive items are SEALED, and of a guarded row what reaches its person or says where they live, under the name of
    the item or of the reference: that there is a value is shown, the value is not.
    """

    kind: str
    id: int
    values: Mapping[str, Any]
    references: Mapping[str, int]
    source: str | None
    recorded_at: dt.datetime | None
    guarded: bool = False
    """It is a guarded person's own row, or a guard seals something of it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one row: where (ref of the row, item), and what to do about it."""

    ref: str
    kind: str
    item: str
    fi: str
    en: str

    def message(self, lang: str) -> str:
        return self.fi if lang == "fi" else self.en


class InvalidRowsError(SelosteError):
    """Rows that cannot be stored; nothing was. Every problem of every row is told."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(
            " ".join(dict.fromkeys(problem.fi for problem in problems)),
            " ".join(dict.fromkeys(problem.en for problem in problems)),
        )
        self.problems = tuple(problems)


class NoSuchRowError(SelosteError):
    """There is no such row, or this lens does not show it; the caller is not told which."""

    def __init__(self) -> None:
        super().__init__(
            "Tätä ei ole, tai se ei kuulu rooliisi.", "There is no such record, or it is not part of your role."
        )


class TooFarError(SelosteError):
    """The page is further than rows are counted, and it was not said which row it follows."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"Näin kaukana olevaa sivua ei voi avata numerolla: luettelosta lasketaan {most} ensimmäistä."
            " Rajaa luetteloa tai selaa sitä sivu kerrallaan.",
            f"A page this far cannot be opened by its number: the first {most} of the list are counted."
            " Narrow the list, or go through it page by page.",
        )


def title(kind: Kind, values: Mapping[str, Any]) -> str:
    """What a row is called, from the items that name rows of its kind; empty when none is shown."""
    from seloste.catalogue.types import TYPES

    parts = []
    for name in kind.title:
        value = values.get(name)
        if value not in (None, "", []) and not isinstance(value, Sealed):
            parts.append(show(kind.items[name], value, "fi") if kind.items[name].type in TYPES else str(value))
    return " ".join(parts)


def show(item: Item, value: Any, lang: str) -> str:
    """A value as people read it in a language (fi, en)."""
    from seloste.catalogue.types import TYPES

    if value is None or isinstance(value, Sealed):
        return "" if value is None else "•••"
    if item.many:
        return ", ".join(_show_one(item, each, lang) for each in value)
    if item.type == "ref":
        return str(value)
    assert item.type in TYPES
    if item.type == "code" and item.dpv == LANGUAGE:
        return language_name(str(value), lang)
    return _show_one(item, value, lang)


def _show_one(item: Item, value: Any, lang: str) -> str:
    from seloste.catalogue.types import TYPES

    for option in item.options:
        if option.key == value:
            return option.label.get(lang) or option.label.get("en") or option.key
    return TYPES[item.type].show(value, lang)
