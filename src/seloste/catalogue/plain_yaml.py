"""YAML files of ours as plain mappings, lists, strings and truth values, and nothing else.

The library's own loader works out a type for every scalar; ours are words, so reading the parser's events takes a
quarter of the time, and a number or a date stays as it is written.
"""

from __future__ import annotations

from typing import Any


def plain_yaml(text: str) -> Any:
    """The one document of ``text``. Raises ``ruamel.yaml.error.YAMLError`` when it is not YAML."""
    from ruamel.yaml import YAML
    from ruamel.yaml.events import (
        AliasEvent,
        MappingEndEvent,
        MappingStartEvent,
        ScalarEvent,
        SequenceEndEvent,
        SequenceStartEvent,
    )

    builder = _Builder()
    for event in YAML(typ="safe", pure=False).parse(text):
        kind = type(event)
        if kind is ScalarEvent:
            builder.put(_WORDS.get(event.value, event.value) if event.implicit[0] else event.value, event.anchor)
        elif kind is MappingStartEvent:
            builder.open({}, event.anchor)
        elif kind is SequenceStartEvent:
            builder.open([], event.anchor)
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            builder.open_ones.pop()
        elif kind is AliasEvent:
            builder.put(builder.anchors[event.anchor], None)
    return builder.whole


_WORDS: dict[str, bool | None] = {"true": True, "false": False, "": None, "null": None}


class _Builder:
    """Puts each value where it belongs: the open collection, under the key that was read last."""

    def __init__(self) -> None:
        self.whole: Any = None
        self.open_ones: list[tuple[Any, list[Any]]] = []
        """Each open collection, with the key that waits for its value (none, or one)."""
        self.anchors: dict[str, Any] = {}

    def open(self, collection: Any, anchor: str | None) -> None:
        self.put(collection, anchor)
        self.open_ones.append((collection, []))

    def put(self, value: Any, anchor: str | None) -> None:
        if anchor is not None:
            self.anchors[anchor] = value
        if not self.open_ones:
            self.whole = value
            return
        collection, keys = self.open_ones[-1]
        if isinstance(collection, list):
            collection.append(value)
        elif keys:
            collection[keys.pop()] = value
        else:
            keys.append(value)
