"""The JSON Schema (draft 2020-12) of a notice file, made from ``notice.fields``: what an editor offers and underlines.

It says what may be written where. What the parts mean together is the check's: a file may fit the schema and have
findings.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from seloste.notice.fields import PROOFS, SECTIONS, Field
from seloste.notice.parse import LANGUAGES

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(version: str | None = None) -> dict[str, Any]:
    """The schema; ``version`` is the vocabulary whose presets and words are offered (default: the newest)."""
    from seloste.catalogue.load import versions, vocabulary

    words = vocabulary(version or versions()[-1])
    defs: dict[str, Any] = {
        "text": {
            "description": "A text: one line, or one for each language.",
            "anyOf": [
                {"type": ["string", "number"]},
                {
                    "type": "object",
                    "properties": {language: {"type": ["string", "number"]} for language in LANGUAGES},
                    "additionalProperties": False,
                    "minProperties": 1,
                },
            ],
        },
        "word": {"type": ["string", "number"]},
        "names": {"anyOf": [{"$ref": "#/$defs/word"}, {"type": "array", "items": {"$ref": "#/$defs/word"}}]},
        "uses": {
            "description": "Groups (name, contact), kinds, kind.item; `+` first adds to the preset.",
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
        },
        "keep": {
            "description": "One rule, or a rule for each matter: `2 years after order.ordered_on`.",
            "anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}],
        },
        "period": {"type": "string", "pattern": r"^\d{1,4} (hour|day|month|year)s?$"},
        "date": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
    }
    for name, fields in SECTIONS.items():
        if name != "notice":
            defs[name] = _section(fields)
    whole = _section(SECTIONS["notice"])
    # A frame, and a notice that extends one, may leave out what the other says.
    defs["controller"].pop("required")
    defs["contact"].pop("required")
    required = whole.pop("required")
    whole["if"] = {"required": ["register"], "not": {"required": ["extends"]}}
    whole["then"] = {"required": required}
    _offer(whole, defs, words)
    return {
        "$schema": DIALECT,
        "$id": "urn:seloste:notice:1",
        "title": "Seloste notice",
        **whole,
        "$defs": defs,
    }


def _section(fields: dict[str, Field]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": "object",
        "properties": {key: {"description": field.doc, **_shape(field.shape)} for key, field in fields.items()},
        "additionalProperties": False,
    }
    if required := [key for key, field in fields.items() if field.required]:
        made["required"] = required
    return made


def _shape(shape: str) -> dict[str, Any]:
    kind, _, rest = shape.partition(":")
    if kind in _SHAPES:
        return _SHAPES[kind](rest)
    return {"$ref": f"#/$defs/{kind}"}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}


def _map(section: str) -> dict[str, Any]:
    """A mapping from key to section; sections whose entries may be words or short forms allow those too."""
    value = {"anyOf": [_ref(section), {"type": "null"}, *_SHORT.get(section, ())]}
    shapes: list[dict[str, Any]] = [{"type": "object", "additionalProperties": value}]
    if section in _LISTED:
        entry = {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": value, "maxProperties": 1}]}
        shapes.append({"type": "array", "items": entry})
    if section == "cookie":
        shapes.append({"type": "array", "items": _ref(section)})
    return shapes[0] if len(shapes) == 1 else {"anyOf": shapes}


_LISTED = ("category", "source", "measure")
_SHORT: dict[str, tuple[dict[str, Any], ...]] = {"lens": (_ref("names"),), "source": (_ref("uses"),)}


def _choice(words: str) -> dict[str, Any]:
    known = words.split("|")
    return {"enum": [*known, *(int(word) for word in known if word.isdigit())]}


_SHAPES: dict[str, Callable[[str], dict[str, Any]]] = {
    "flag": lambda _: {"type": "boolean"},
    "free": lambda _: {"type": ["object", "array", "string"]},
    "parties": lambda _: _ref("names"),
    "choice": _choice,
    "section": _ref,
    "map": _map,
    "list": lambda section: {"type": "array", "items": _ref(section)},
}


def _offer(whole: dict[str, Any], defs: dict[str, Any], words: Any) -> None:
    """Name the vocabulary's words where an editor can offer them; others stay allowed where the format allows them."""
    from seloste.catalogue.load import versions

    properties = whole["properties"]
    properties["vocabulary"]["enum"] = list(versions())
    properties["vocabulary"].pop("$ref", None)
    purpose = properties["purposes"]["additionalProperties"]
    properties["purposes"]["properties"] = {
        key: {"description": preset["text"]["en"], **purpose} for key, preset in words.presets.items()
    }
    defs["purpose"]["properties"]["like"]["enum"] = list(words.presets)
    defs["recipient"]["properties"]["when"]["enum"] = list(words.recipients_when)
    properties["proofs"] = {
        "description": properties["proofs"]["description"],
        "anyOf": [{"enum": list(PROOFS)}, {"type": "array", "items": {"enum": list(PROOFS)}}],
    }
    properties["never"] = {
        "description": properties["never"]["description"],
        "anyOf": [{"enum": list(words.never)}, {"type": "array", "items": {"enum": list(words.never)}}],
    }
