"""Lines with nothing after their colon: what was meant is missing, and whoever wrote the line should hear of it."""

from __future__ import annotations

from seloste.notice.expand.context import Context
from seloste.notice.fields import SECTIONS, Field
from seloste.notice.findings import rule
from seloste.notice.tree import Node, short

EMPTY_LINE = rule(
    "F23-empty-line",
    "warning",
    en="`{key}:` has nothing after the colon, so the line says nothing.",
    fi="Rivillä `{key}:` ei ole mitään kaksoispisteen jälkeen, joten se ei sano mitään.",
    help_en="Write it after the colon, or remove the line. {doc}",
    help_fi="Kirjoita se kaksoispisteen jälkeen tai poista rivi.",
)


def find_empty_lines(ctx: Context, root: Node) -> None:
    """A finding for each optional key that is written and empty; an empty required one is an error already.

    An entry that may stand as a bare word (a category, a purpose of the vocabulary, a source) says enough by its key.
    """
    todo: list[tuple[Node, str, str]] = [(root, "notice", "")]
    while todo:
        node, section, path = todo.pop()
        known = SECTIONS[section]
        for key, value in node.map.items():
            field = known.get(key)
            if field is None:
                continue
            at = f"{path}.{key}" if path else key
            if value.shape == "nothing":
                if not field.required:
                    ctx.find(EMPTY_LINE, node.key_place(key), at, key=key, doc=field.doc)
                continue
            todo += _within(value, field, at)
            if field.shape in ("keep", "free"):
                for word, said in value.map.items():
                    if said.shape == "nothing":
                        place = value.key_place(word)
                        ctx.find(EMPTY_LINE, place, f"{at}.{short(word)}", key=short(word), doc=field.doc)


def _within(node: Node, field: Field, path: str) -> list[tuple[Node, str, str]]:
    """The sections that a value holds, each with its name among the sections and its path."""
    how, _, name = field.shape.partition(":")
    if how == "section":
        return [(node, name, path)]
    if how == "map":
        entries = [node, *node.items]
        return [(said, name, f"{path}.{short(key)}") for each in entries for key, said in each.map.items()]
    if how == "list":
        return [(item, name, f"{path}.{number}") for number, item in enumerate(node.items)]
    return []
