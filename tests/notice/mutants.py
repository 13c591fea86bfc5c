"""Mutants of a notice: the same tree with one written node removed, without reading the file again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from seloste.notice.model import Place
from seloste.notice.parse import Parsed
from seloste.notice.tree import Node

Step = str | int


@dataclass(frozen=True)
class Mutant:
    """``path`` is the removed node (keys, and numbers in lists); ``parents`` the places of what held it, near first."""

    path: tuple[Step, ...]
    word: str
    """What the removed node said, when it was one word."""
    node: Node
    parents: tuple[Place, ...]
    parsed: Parsed

    @property
    def dotted(self) -> str:
        return ".".join(str(step) for step in self.path)


def mutants(parsed: Parsed) -> Iterator[Mutant]:
    """Every node of the merged tree removed in turn: each key with what is under it, each item of a list."""
    for path, node, parents in _walk(parsed.root, (), (parsed.root.place,)):
        word = node.word if node.shape == "word" else ""
        root = _without(parsed.root, path)
        yield Mutant(path, word, node, parents, replace(parsed, root=root))


def _walk(
    node: Node, path: tuple[Step, ...], parents: tuple[Place, ...]
) -> Iterator[tuple[tuple[Step, ...], Node, tuple[Place, ...]]]:
    if node.shape == "map":
        for key, value in node.map.items():
            yield (*path, key), value, parents
            yield from _walk(value, (*path, key), (node.keys[key], value.place, *parents))
    elif node.shape == "list":
        for number, item in enumerate(node.items):
            yield (*path, number), item, parents
            yield from _walk(item, (*path, number), (item.place, *parents))


def _without(node: Node, path: tuple[Step, ...]) -> Node:
    """A copy along the path; everything beside it is shared."""
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        items = list(node.items)
        if rest:
            items[step] = _without(items[step], rest)
        else:
            del items[step]
        return replace(node, items=items)
    kept = dict(node.map)
    if rest:
        kept[step] = _without(kept[step], rest)
        return replace(node, map=kept)
    del kept[step]
    return replace(node, map=kept, keys={key: place for key, place in node.keys.items() if key != step})
