"""Values as people and code hold them, and as cells hold them: the same text on both engines.

Dates are ``YYYY-MM-DD``, times UTC ``YYYY-MM-DDTHH:MM:SSZ``, truth 0 or 1, money whole cents, lists and objects JSON.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from seloste.catalogue.model import Item
from seloste.catalogue.types import TYPES
from seloste.catalogue.types.base import ItemType
from seloste.clock import from_utc_text, to_utc_text

if TYPE_CHECKING:
    from seloste.compiler.register import Register


def to_cell(item: Item, value: Any) -> Any:
    """A value of an item as its cell holds it (before encryption). None and empty lists are no value."""
    if value is None or value == "" or value == []:
        return None
    if item.type == "ref":
        return int(value)
    if item.many:
        return json.dumps([_one_to_cell(item, each) for each in value], ensure_ascii=False)
    return _one_to_cell(item, value)


def _one_to_cell(item: Item, value: Any) -> Any:
    storage = TYPES[item.type].storage
    if storage == "date":
        return value.isoformat() if isinstance(value, dt.date) else str(value)
    if storage == "time":
        return to_utc_text(value) if isinstance(value, dt.datetime) else str(value)
    if storage == "bool":
        return 1 if value else 0
    if storage == "json":
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return value


def from_cell(item: Item, cell: Any) -> Any:
    """What a cell holds, as a value of its item."""
    convert = converter(item)
    return cell if cell is None or convert is None else convert(cell)


def converter(item: Item) -> Callable[[Any], Any] | None:
    """What makes a value of an item of a cell that is not NULL; None when the cell is the value."""
    if item.type == "ref":
        return None
    one = _CONVERTERS.get(TYPES[item.type].storage)
    if not item.many:
        return one
    if one is None:
        return _loads
    return lambda cell: [one(each) for each in _loads(cell)]


_loads = json.JSONDecoder().decode
_CONVERTERS: dict[str, Callable[[Any], Any]] = {
    "date": dt.date.fromisoformat,
    "time": from_utc_text,
    "bool": bool,
    "json": _loads,
    "integer": int,
    "real": float,
}


def is_searched(item: Item) -> bool:
    """Whether values of an item are found by keys at all."""
    none = item.sensitive or item.free_text or item.type == "ref"
    return not none and type(TYPES[item.type]).search_keys is not ItemType.search_keys


def searched(register: Register, kind: str) -> Mapping[str, Item]:
    """The items of a kind by whose values its rows are found."""
    items = register.tables[kind].kind.items
    return register.once(("searched", kind), lambda: {name: item for name, item in items.items() if is_searched(item)})


def search_keys(item: Item, value: Any) -> list[str]:
    """The keys a value is found by, normalised by its type; none for sensitive items and free text."""
    if item.sensitive or item.free_text or item.type == "ref" or value is None:
        return []
    kind = TYPES[item.type]
    values = value if item.many else [value]
    return list(dict.fromkeys(key for each in values for key in kind.search_keys(each)))
