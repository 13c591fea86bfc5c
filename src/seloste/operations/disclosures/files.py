"""A file for a recipient: a sheet of lines, or JSON with everything in its place."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import IO, Any, Literal

from seloste.catalogue.model import PERSON, Item
from seloste.clock import to_utc_text
from seloste.compiler.register import Register
from seloste.operations.disclosures.contents import Contents, OfPerson, Part
from seloste.operations.records.transfer import sheets
from seloste.operations.records.validate import say

Form = Literal["csv", "xlsx", "json"]
FORMS: tuple[Form, ...] = ("csv", "xlsx", "json")
MEDIA: Mapping[Form, str] = {"csv": sheets.MEDIA["csv"], "xlsx": sheets.MEDIA["xlsx"], "json": "application/json"}
FORMAT = "seloste-disclosure/1"

Column = tuple[str, str, Item]
"""Kind of the row, the column that leads beside it (empty: the row itself), the item."""


def write(
    file: IO[bytes],
    form: Form,
    register: Register,
    found: Contents,
    head: Mapping[str, str],
    at: dt.datetime,
    lang: str,
) -> None:
    """Write the file. ``head`` says to whom and what for, in JSON; a sheet holds the data alone."""
    if form == "json":
        file.write((json.dumps(_whole(found, head, at), ensure_ascii=False, indent=2) + "\n").encode())
        return
    columns = list(_columns(register, found))
    sheets.write(file, form, _heads(register, columns, lang), _lines(found, columns, lang), head["recipient"] or "1")


# --- a sheet ----------------------------------------------------------------------------------------------------------


def _columns(register: Register, found: Contents) -> Iterator[Column]:
    """The items of the person, then those of each kind with what is told beside it; only what somebody has."""
    there = {
        (part.kind, column, name)
        for each in found.people
        for part in each.parts
        for column, values in (("", part.values), *part.beside.items())
        for name in values
    }
    for kind in sorted(found.columns, key=lambda each: each != PERSON):
        for column, target in (("", kind), *found.beside.get(kind, ())):
            for name in found.columns[target]:
                if (kind, column, name) in there:
                    yield kind, column, register.tables[target].kind.items[name]


def _heads(register: Register, columns: Sequence[Column], lang: str) -> list[str]:
    """The items' labels; with the kind before it where two columns would be called the same."""
    plain = [say(item.label, lang) for _, _, item in columns]
    return [
        label if plain.count(label) == 1 else f"{say(register.tables[kind].kind.label, lang)}: {label}"
        for label, (kind, _, _) in zip(plain, columns, strict=True)
    ]


def _lines(found: Contents, columns: Sequence[Column], lang: str) -> Iterator[list[Any]]:
    """A line for each person; one who has several rows of a kind, as invoices, has as many lines."""
    for each in found.people:
        own = next((part for part in each.parts if part.kind == PERSON), None)
        for parts in _side_by_side(each):
            by_kind = {part.kind: part for part in parts} | ({PERSON: own} if own is not None else {})
            yield [_cell(by_kind.get(kind), column, item, lang) for kind, column, item in columns]


def _side_by_side(each: OfPerson) -> Iterator[list[Part]]:
    kinds: dict[str, list[Part]] = {}
    for part in each.parts:
        if part.kind != PERSON:
            kinds.setdefault(part.kind, []).append(part)
    lines = list(zip_longest(*kinds.values())) or [()]
    yield from ([part for part in line if part is not None] for line in lines)


def _cell(part: Part | None, column: str, item: Item, lang: str) -> Any:
    if part is None:
        return ""
    values = part.beside.get(column, {}) if column else part.values
    return sheets.cell_of(item, values.get(item.key), lang)


# --- JSON -------------------------------------------------------------------------------------------------------------


def _whole(found: Contents, head: Mapping[str, str], at: dt.datetime) -> dict[str, Any]:
    return {
        "format": FORMAT,
        **head,
        "at": to_utc_text(at),
        "persons": [_person(each) for each in found.people],
    }


def _person(each: OfPerson) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in each.parts:
        values = _plain(part.values) | {column: _plain(more) for column, more in part.beside.items()}
        if part.kind == PERSON:
            found[PERSON] = values
        else:
            found.setdefault(part.kind, []).append(values)
    return found


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain_one(value) for name, value in values.items()}


def _plain_one(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return to_utc_text(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return [_plain_one(each) for each in value] if isinstance(value, list | tuple) else value
