"""The JSON Schema: a schema of its dialect, made of the format's own keys, that every notice of ours fits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from seloste.catalogue.load import vocabulary
from seloste.law import identity_code
from seloste.notice.fields import CODE_GROUNDS, SAFEGUARDS, SECTIONS, SPECIAL_GROUNDS
from seloste.notice.parse import read
from seloste.notice.schema import DIALECT, json_schema
from seloste.notice.tree import Node

ROOT = Path(__file__).parents[2]
NOTICES = sorted(path for pattern in ("examples/*/*.yaml", "tests/corpus/*/notice.yaml") for path in ROOT.glob(pattern))
SCHEMA = json_schema()
KNOWN = {
    "$schema", "$id", "$ref", "$defs", "title", "description", "type", "enum", "anyOf", "not", "if", "then",
    "properties", "additionalProperties", "required", "items", "pattern", "minProperties", "maxProperties",
}  # fmt: skip
TYPES = {"string": str, "object": dict, "array": list, "boolean": bool, "null": type(None)}


def of_yaml(node: Node) -> Any:
    """A tree as an editor's YAML reader would have it."""
    match node.shape:
        case "map":
            return {key: of_yaml(value) for key, value in node.map.items()}
        case "list":
            return [of_yaml(item) for item in node.items]
        case "nothing":
            return None
    if node.quoted or not re.fullmatch(r"true|false|\d+", node.word):
        return node.word
    return node.word == "true" if node.word in ("true", "false") else int(node.word)


def faults(schema: Any, value: Any, path: str = "") -> Iterator[str]:
    """Where a value does not fit, for the keywords our schema uses (a test holds that it uses no others)."""
    if "$ref" in schema:
        yield from faults(SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")], value, path)
    if "type" in schema and not any(_is(value, name) for name in _listed(schema["type"])):
        yield f"{path}: not {schema['type']}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: not one of {schema['enum'][:4]}"
    if "pattern" in schema and isinstance(value, str) and not re.search(schema["pattern"], value):
        yield f"{path}: not as {schema['pattern']}"
    if "anyOf" in schema and not any(not list(faults(one, value, path)) for one in schema["anyOf"]):
        yield f"{path}: none of the shapes fits {value!r}"
    if "if" in schema and "then" in schema and not list(faults(schema["if"], value, path)):
        yield from faults(schema["then"], value, path)
    if "not" in schema and not list(faults(schema["not"], value, path)):
        yield f"{path}: must not fit"
    if isinstance(value, dict):
        yield from _of_object(schema, value, path)
    if isinstance(value, list) and "items" in schema:
        for number, item in enumerate(value):
            yield from faults(schema["items"], item, f"{path}.{number}")


def _of_object(schema: Any, value: dict[str, Any], path: str) -> Iterator[str]:
    for key in schema.get("required", ()):
        if key not in value:
            yield f"{path}: no {key}"
    if not schema.get("minProperties", 0) <= len(value) <= schema.get("maxProperties", 10**6):
        yield f"{path}: {len(value)} keys"
    for key, inner in value.items():
        if key in schema.get("properties", {}):
            yield from faults(schema["properties"][key], inner, f"{path}.{key}")
        elif schema.get("additionalProperties") is False:
            yield f"{path}: unknown {key}"
        elif isinstance(schema.get("additionalProperties"), dict):
            yield from faults(schema["additionalProperties"], inner, f"{path}.{key}")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _is(value: Any, name: str) -> bool:
    if name == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


@pytest.mark.parametrize("path", NOTICES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_notice_of_ours_fits_the_schema(path: Path) -> None:
    assert list(faults(SCHEMA, of_yaml(read(path).root))) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"colour": "blue"}, "unknown colour"),
        ({"purposes": {"orders": {"basis": "because"}}}, "purposes.orders"),
        ({"purposes": {"orders": {"bases": "consent"}}}, "purposes.orders"),
        ({"effective": "1.11.2026"}, "effective"),
        ({"never": ["sleeping"]}, "never"),
        ({"requests": {"office": "yes"}}, "requests.office"),
        ({"vocabulary": "1999-01"}, "vocabulary"),
    ],
)
def test_what_the_format_does_not_know_does_not_fit(change: dict[str, Any], said: str) -> None:
    notice = of_yaml(read(ROOT / "tests" / "corpus" / "gym" / "notice.yaml").root)
    assert any(said in fault for fault in faults(SCHEMA, notice | change))


def test_a_missing_section_does_not_fit() -> None:
    notice = of_yaml(read(ROOT / "tests" / "corpus" / "gym" / "notice.yaml").root)
    del notice["sources"]
    assert list(faults(SCHEMA, notice)) == [": no sources"]


def _schemas(schema: Any) -> Iterator[dict[str, Any]]:
    yield schema
    for key, value in schema.items():
        if key in ("properties", "$defs"):
            for inner in value.values():
                yield from _schemas(inner)
        elif key == "anyOf":
            for inner in value:
                yield from _schemas(inner)
        elif key in ("items", "additionalProperties", "if", "then", "not") and isinstance(value, dict):
            yield from _schemas(value)


def test_it_is_a_schema_of_its_dialect_whose_references_lead_somewhere() -> None:
    assert SCHEMA["$schema"] == DIALECT
    for schema in _schemas(SCHEMA):
        assert set(schema) <= KNOWN
        if "$ref" in schema:
            assert schema["$ref"].removeprefix("#/$defs/") in SCHEMA["$defs"]
        for name in _listed(schema.get("type", [])):
            assert name in (*TYPES, "number")
        if "pattern" in schema:
            re.compile(schema["pattern"])


def test_it_offers_every_key_of_the_format_and_every_preset() -> None:
    assert set(SCHEMA["properties"]) == set(SECTIONS["notice"])
    assert set(SCHEMA["properties"]["purposes"]["properties"]) == set(vocabulary("2026-11").presets)


def test_the_words_of_the_format_are_those_the_law_and_the_vocabulary_know() -> None:
    assert set(CODE_GROUNDS) == {use.key for use in identity_code.grounds()}
    assert set(SAFEGUARDS) == set(vocabulary("2026-11").texts["safeguards"])
    assert set(SPECIAL_GROUNDS) == set(vocabulary("2026-11").texts["special_grounds"])
