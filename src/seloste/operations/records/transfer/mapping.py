"""Which column leads where, proposed from the names of the columns and, where they say nothing, from the cells."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from seloste.catalogue.load import vocabulary
from seloste.catalogue.model import Text
from seloste.catalogue.types import TYPES
from seloste.catalogue.types.normal import words
from seloste.compiler.register import Register
from seloste.errors import BadValue
from seloste.operations.records.transfer.errors import ImportRefusedError
from seloste.operations.records.transfer.target import Field, Target

SAMPLE = 200
"""Rows whose cells are looked at."""

# Types that a text is recognised by without a name, surest first.
_TELLING = ("email", "business_id", "iban", "url", "phone", "date")


@dataclass(frozen=True, slots=True)
class Proposal:
    """``fields`` holds a field's key for each column, empty for one that is left out.

    ``headed`` says that the first row names the columns. ``unnamed`` tells of columns whose data the notice does not
    name: column -> what it is.
    """

    fields: tuple[str, ...]
    headed: bool
    unnamed: Mapping[int, Text]


@cache
def synonyms() -> Mapping[str, tuple[str, ...]]:
    """Other names of fields, from ``words.toml``."""
    raw = tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))
    return {key: tuple(names) for key, names in raw.items()}


def normal(name: str) -> str:
    """A column's name as it is compared: its words without case, diacritics and the number at its end."""
    found = "".join(word for word in words(name) if word.isascii() or not word.isalpha())
    kept = found.rstrip("0123456789")
    return kept or found


def propose(register: Register, target: Target, rows: Sequence[Sequence[str]]) -> Proposal:
    """A mapping for the first rows of a file."""
    width = max((len(row) for row in rows), default=0)
    headed = _is_headed(rows)
    names = list(rows[0]) + [""] * (width - len(rows[0])) if headed and rows else [""] * width
    sample = rows[1:SAMPLE] if headed else rows[:SAMPLE]
    chosen = [""] * width
    taken: set[str] = set()
    known = _names(register, target)
    for column, name in enumerate(names):
        field = next((f for f in known.get(normal(name), ()) if f.many or not taken.intersection(_claims(f))), None)
        if name.strip() and field is not None:
            chosen[column] = field.key
            taken.update(_claims(field))
    unnamed = {
        column: label
        for column, name in enumerate(names)
        if not chosen[column] and (label := _unnamed(register, target, name)) is not None
    }
    for column in range(width):
        if chosen[column] or column in unnamed:
            continue
        cells = [row[column].strip() for row in sample if column < len(row) and row[column].strip()]
        field = _by_cells(target, cells, taken)
        if field is not None:
            chosen[column] = field.key
            taken.update(_claims(field))
    return Proposal(tuple(chosen), headed, unnamed)


def check_mapping(target: Target, fields: Sequence[str]) -> None:
    """Raises ImportRefusedError when a column leads nowhere, two lead to one item, or nothing is taken."""
    seen: set[str] = set()
    for key in fields:
        if not key:
            continue
        field = target.field(key)
        if field is None:
            raise ImportRefusedError(
                f"Tietoa {key} ei voi tuoda tähän. Valitse sarakkeelle toinen tieto tai jätä se pois.",
                f"{key} cannot be imported here. Choose another item for the column, or leave it out.",
            )
        if not field.many and seen.intersection(_claims(field)):
            raise ImportRefusedError(
                f"Kaksi saraketta osoittaa samaan tietoon {field.label.get('fi', key)}. Jätä toinen pois.",
                f"Two columns lead to {field.label.get('en', key)}. Leave one of them out.",
            )
        seen.update(_claims(field))
    if not any((field := target.field(key)) is not None and field.node in (target.kind, target.tie) for key in fields):
        raise ImportRefusedError(
            "Valitse ainakin yksi sarake, josta tuodaan tietoja.", "Choose at least one column to import from."
        )


def _claims(field: Field) -> set[str]:
    return {f"{field.node}.{item.key}" for item in field.items}


def _names(register: Register, target: Target) -> dict[str, list[Field]]:
    """Field by every name it may go by; of fields with one name the earlier comes first."""
    found: dict[str, list[Field]] = {}
    several = synonyms()
    for field in target.fields:
        kind = register.tables[field.node].kind
        labels = [*field.label.values()]
        named = [field.key, field.key.partition(".")[2], *labels, *several.get(field.key, ())]
        named += [f"{label} {own}" for label in kind.label.values() for own in labels]
        for name in dict.fromkeys(map(normal, named)):
            found.setdefault(name, []).append(field)
    return found


def _unnamed(register: Register, target: Target, name: str) -> Text | None:
    """What a column is, when the vocabulary knows it and the notice does not name it."""
    wanted = normal(name)
    if not wanted:
        return None
    kinds = vocabulary(register.notice.vocabulary).kinds
    for node in target.nodes:
        known = kinds.get(node.kind)
        held = register.tables[node.kind]
        for item in known.items.values() if known is not None else ():
            if held.column(item.key) is None:
                names = (item.key, *item.label.values(), *synonyms().get(f"{node.kind}.{item.key}", ()))
                if wanted in map(normal, names):
                    return item.label
    return None


def _is_headed(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns: it holds no address, number or date, as data would."""
    if not rows:
        return False
    # A name such as ``organisation.name`` could be a web address; it is no data for that.
    return all(_type_of([cell]) in ("", "url") and not cell.strip().isdecimal() for cell in rows[0] if cell.strip())


def _type_of(cells: Iterable[str]) -> str:
    """The type that nine of ten texts are of, empty when there is none."""
    texts = list(cells)
    for name in _TELLING if texts else ():
        if sum(_fits(name, text) for text in texts) >= 0.9 * len(texts):
            return name
    return ""


def _fits(name: str, text: str) -> bool:
    if name == "phone" and not text.lstrip("(").startswith(("+", "0")):
        return False
    if name == "url" and "." not in text:
        return False
    try:
        TYPES[name].parse(text)
    except BadValue:
        return False
    return True


def _by_cells(target: Target, cells: Sequence[str], taken: set[str]) -> Field | None:
    name = _type_of(cells)
    if not name or name == "date":
        return None
    for field in target.fields:
        if len(field.items) == 1 and field.items[0].type == name and not taken.intersection(_claims(field)):
            return field
    return None
