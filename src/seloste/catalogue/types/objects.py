"""Reading a JSON object somebody else's program wrote, strictly."""

from __future__ import annotations

import json
from typing import Any

from seloste.errors import BadValue


def looks_like_json(text: str) -> bool:
    return text.lstrip()[:1] in ("{", "[")


def read_json(text: str) -> Any:
    """The JSON value of a text. Raises :class:`BadValue` for what is no JSON, names a key twice or says NaN."""
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise BadValue("Tietoa ei voi lukea.", "The data can't be read.") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found


def _refuse(constant: str) -> None:
    raise ValueError(constant)
