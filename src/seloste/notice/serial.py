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
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def from_json(text: str) -> Notice:
    """The notice of :func:`to_json`. Raises ``pydantic.ValidationError`` for anything else."""
    return _adapter().validate_json(text)
