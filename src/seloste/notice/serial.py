"""A whole notice as JSON and back, so that a register carries the notice it runs."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from seloste.notice.model import Notice

if TYPE_CHECKING:
    from pydantic import TypeAdapter


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Notice]:
    from pydantic import TypeAdapter

    return TypeAdapter(Notice)


def to_json(notice: Notice) -> str:
    """Everything of an expanded notice, places included."""
    return json.dumps(_plain(notice), ensure_ascii=False)


def _plain(value: object) -> object:
    """Dataclasses and mappings as dicts, tuples as lists, dates as ISO text."""
    if isinstance(value, str | int | None):  # most of it
        return value
    if names := _names(type(value)):
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def _names(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass; nothing for any other class."""
    if kind not in _FIELDS:
        _FIELDS[kind] = tuple(f.name for f in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else ()
    return _FIELDS[kind]


_FIELDS: dict[type, tuple[str, ...]] = {}


def from_json(text: str) -> Notice:
    """The notice of :func:`to_json`. Raises ``pydantic.ValidationError`` for anything else."""
    return _adapter().validate_json(text)
