"""A whole notice as JSON and back, so that a register carries the notice it runs."""

from __future__ import annotations

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
    return _adapter().dump_json(notice).decode()


def from_json(text: str) -> Notice:
    """The notice of :func:`to_json`. Raises ``pydantic.ValidationError`` for anything else."""
    return _adapter().validate_json(text)
