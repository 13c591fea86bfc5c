"""YAML 1.2 text -> a tree that knows the place of every word, under hard limits.

Scalars stay text: what a word means depends on the key it stands under, so ``NO`` stays Norway, ``00100`` keeps its
zeros, and ``12-31`` is not a number. Built from the parser's events, without recursion: depth, size, anchors and tags
are refused before anything is built from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from seloste.notice.findings import Finding, NoticeUnreadable, Rule, rule
from seloste.notice.model import Place

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_NODES = 50_000

TOO_BIG = rule(
    "F01-too-big",
    "error",
    en="The file is larger than {limit} {unit}.",
    fi="Tiedosto on suurempi kuin {limit} {unit}.",
    help_en="A notice is a few hundred lines. Check that this is the right file.",
    help_fi="Seloste on muutama sata riviä. Tarkista, että tiedosto on oikea.",
)
NOT_TEXT = rule(
    "F02-not-utf8",
    "error",
    en="The file is not UTF-8 text, or holds a character that text may not have.",
    fi="Tiedosto ei ole UTF-8-tekstiä, tai siinä on merkki, jota tekstissä ei saa olla.",
    help_en="Save the file in your editor with the encoding UTF-8.",
    help_fi="Tallenna tiedosto tekstieditorissa merkistöllä UTF-8.",
)
NOT_YAML = rule(
    "F03-not-yaml",
    "error",
    en="The file breaks here: {why}.",
    fi="Tiedosto ei ole tässä kohdassa luettavissa: {why}.",
    help_en="Check the indentation (spaces, no tabs), quotes, brackets and colons on this line and the one before. "
    "A text with a colon or a # in it needs double quotes.",
    help_fi="Tarkista tämän ja edellisen rivin sisennys (välilyöntejä, ei sarkaimia), lainausmerkit, sulkeet ja "
    "kaksoispisteet. Teksti, jossa on kaksoispiste tai #, tarvitsee lainausmerkit.",
)
DUPLICATE = rule(
    "F04-written-twice",
    "error",
    en="`{key}` is written twice; the first one is on line {first}.",
    fi="`{key}` on kirjoitettu kahdesti; ensimmäinen on rivillä {first}.",
    help_en="Join the two, or remove one.",
    help_fi="Yhdistä ne tai poista toinen.",
)
ALIAS = rule(
    "F05-anchor",
    "error",
    en="Anchors, aliases, merge keys and tags of YAML (`&`, `*`, `<<`, `!`) are not part of the format.",
    fi="YAMLin ankkurit, viittaukset, yhdistämisavaimet ja tyyppimerkit (`&`, `*`, `<<`, `!`) eivät kuulu muotoon.",
    help_en="Write the value out. To share parts between notices use `extends:`. A text that begins with such a "
    "sign needs quotes.",
    help_fi="Kirjoita arvo auki. Yhteiset osat kuuluvat pohjaan (`extends:`). Teksti, joka alkaa tällaisella "
    "merkillä, tarvitsee lainausmerkit.",
)
TOO_DEEP = rule(
    "F06-too-deep",
    "error",
    en="The file is nested deeper than {limit} levels.",
    fi="Tiedostossa on yli {limit} sisäkkäistä tasoa.",
    help_en="Check the brackets and the indentation here.",
    help_fi="Tarkista sulkeet ja sisennys tässä.",
)
ODD_KEY = rule(
    "F07-key-not-a-word",
    "error",
    en="A key must be one word, not a list, a mapping or nothing.",
    fi="Avaimen on oltava yksi sana, ei luettelo, rakenne eikä tyhjä.",
    help_en="Write a word before the colon.",
    help_fi="Kirjoita kaksoispisteen eteen sana.",
)
NOT_A_NOTICE = rule(
    "F08-not-a-mapping",
    "error",
    en="The file is empty or is not a list of `key: value` lines.",
    fi="Tiedosto on tyhjä tai se ei koostu riveistä `avain: arvo`.",
    help_en="A notice begins with `seloste: 1`. `seloste new` writes a first one.",
    help_fi="Seloste alkaa rivillä `seloste: 1`. Komento `seloste new` kirjoittaa ensimmäisen.",
)
TWO_DOCUMENTS = rule(
    "F09-two-documents",
    "error",
    en="The file holds two documents, parted by `---`.",
    fi="Tiedostossa on kaksi osaa, joita erottaa `---`.",
    help_en="Keep one notice in one file.",
    help_fi="Pidä yksi seloste yhdessä tiedostossa.",
)

_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

Shape = Literal["map", "list", "word", "nothing"]


@dataclass(slots=True)
class Node:
    """A mapping, a list, a word or nothing, and where it begins.

    ``keys`` holds the place of each key of a mapping. ``quoted`` words are never read as a date, a number or nothing.
    """

    shape: Shape
    place: Place
    word: str = ""
    quoted: bool = False
    items: list[Node] = field(default_factory=list)
    map: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Place] = field(default_factory=dict)

    def get(self, key: str) -> Node | None:
        """The node under ``key``, or None when it is absent or says nothing."""
        found = self.map.get(key)
        return None if found is None or found.shape == "nothing" else found

    def key_place(self, key: str) -> Place:
        return self.keys.get(key, self.place)


def plain(node: Node) -> Any:
    """The tree as Python mappings, lists, strings and None, without places."""
    match node.shape:
        case "map":
            return {key: plain(value) for key, value in node.map.items()}
        case "list":
            return [plain(item) for item in node.items]
        case "word":
            return node.word
    return None


def tree_of(raw: Any, place: Place) -> Node:
    """The tree of a value that comes from the vocabulary, all at the place that named it."""
    if raw is None:
        return Node("nothing", place)
    if hasattr(raw, "items"):
        made = Node("map", place)
        for key, value in raw.items():
            made.map[str(key)] = tree_of(value, place)
            made.keys[str(key)] = place
        return made
    if isinstance(raw, list | tuple):
        return Node("list", place, items=[tree_of(value, place) for value in raw])
    if isinstance(raw, bool):
        return Node("word", place, word="true" if raw else "false")
    return Node("word", place, word=str(raw), quoted=isinstance(raw, str))


def read_tree(data: bytes, file: str) -> Node:
    """Read UTF-8 YAML. Raises ``NoticeUnreadable``, never anything else."""
    if len(data) > MAX_BYTES:
        raise unreadable(TOO_BIG, Place(file, 1, 1), limit=MAX_BYTES, unit={"en": "bytes", "fi": "tavua"})
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        raise unreadable(NOT_TEXT, Place(file, line, column)) from None
    return _Builder(file).build(_events(text, file))


def unreadable(why: Rule, place: Place, /, **facts: object) -> NoticeUnreadable:
    return NoticeUnreadable(Finding(why, place, facts=facts))


def _events(text: str, file: str) -> Iterator[Any]:
    """The parser's events; every complaint of it becomes ours."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.reader import ReaderError

    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except ReaderError as error:
        before = text[: error.position] if isinstance(error.position, int) else ""
        place = Place(file, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
        raise unreadable(NOT_TEXT, place) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
        raise unreadable(NOT_YAML, place, why=_why(error)) from None
    except (
        YAMLError,
        ValueError,
        IndexError,
        KeyError,
        TypeError,
        AttributeError,
        AssertionError,
        NotImplementedError,
    ):
        # The library stumbles over some broken inputs with errors of Python's own; the reader gets ours.
        raise unreadable(NOT_YAML, Place(file, 1, 1), why={"en": "it is not YAML", "fi": "se ei ole YAMLia"}) from None


def _why(error: Any) -> dict[str, str]:
    said = " ".join(str(error.problem or error.context or "it is not YAML").split())
    finnish = {
        "mapping values are not allowed here": "kaksoispiste on väärässä kohdassa",
        "could not find expected ':'": "riviltä puuttuu kaksoispiste",
        "found character '\\t' that cannot start any token": "rivin alussa on sarkain",
        "found unexpected end of stream": "lainausmerkki jää auki",
    }
    english = {
        "mapping values are not allowed here": "a colon stands where none may be",
        "could not find expected ':'": "the line lacks a colon",
        "found character '\\t' that cannot start any token": "the line begins with a tab",
        "found unexpected end of stream": "a quote is left open",
    }
    known = next((key for key in english if said.startswith(key)), None)
    if known:
        return {"en": english[known], "fi": finnish[known]}
    # What the library says may quote the text; only its own first words are kept.
    bare = said.split("'", 1)[0].strip(" ,:") or "it is not YAML"
    return {"en": bare, "fi": "rakenne ei ole kunnossa"}


class _Builder:
    """Events -> Node, one stack, no recursion."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.stack: list[Node] = []
        self.pending: list[tuple[str, Place] | None] = []
        self.root: Node | None = None
        self.count = 0

    def build(self, events: Iterator[Any]) -> Node:
        documents = 0
        for event in events:
            name = type(event).__name__
            if name == "DocumentStartEvent":
                documents += 1
                if documents > 1:
                    raise unreadable(TWO_DOCUMENTS, self._place(event))
            elif name == "AliasEvent":
                raise unreadable(ALIAS, self._place(event))
            elif name in ("MappingEndEvent", "SequenceEndEvent"):
                self.stack.pop()
                self.pending.pop()
            elif name in ("ScalarEvent", "MappingStartEvent", "SequenceStartEvent"):
                self._take(event, name)
        if self.root is None or self.root.shape != "map":
            raise unreadable(NOT_A_NOTICE, Place(self.file, 1, 1))
        return self.root

    def _place(self, event: Any) -> Place:
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _take(self, event: Any, name: str) -> None:
        place = self._place(event)
        self.count += 1
        if self.count > MAX_NODES:
            raise unreadable(TOO_BIG, place, limit=MAX_NODES, unit={"en": "words", "fi": "sanaa"})
        if event.anchor is not None or event.tag is not None:
            raise unreadable(ALIAS, place)
        if name == "ScalarEvent" and _ODD.search(event.value):
            # An escape as "\\ud800" or "\\0" makes a character that no database or page can take.
            raise unreadable(NOT_TEXT, place)
        parent = self.stack[-1] if self.stack else None
        if parent is not None and parent.shape == "map" and self.pending[-1] is None:
            self._key(event, name, place, parent)
            return
        node = self._node(event, name, place)
        if parent is None:
            self.root = node
        elif parent.shape == "map":
            pending = self.pending[-1]
            assert pending is not None
            parent.map[pending[0]], parent.keys[pending[0]] = node, pending[1]
            self.pending[-1] = None
        else:
            parent.items.append(node)
        if name != "ScalarEvent":
            if len(self.stack) >= MAX_DEPTH:
                raise unreadable(TOO_DEEP, place, limit=MAX_DEPTH)
            self.stack.append(node)
            self.pending.append(None)

    def _key(self, event: Any, name: str, place: Place, parent: Node) -> None:
        if name != "ScalarEvent" or not event.value.strip():
            raise unreadable(ODD_KEY, place)
        if event.value == "<<" and event.style is None:
            raise unreadable(ALIAS, place)
        if event.value in parent.keys:
            raise unreadable(DUPLICATE, place, key=short(event.value), first=parent.keys[event.value].line)
        self.pending[-1] = (event.value, place)

    def _node(self, event: Any, name: str, place: Place) -> Node:
        if name == "MappingStartEvent":
            return Node("map", place)
        if name == "SequenceStartEvent":
            return Node("list", place)
        quoted = event.style is not None
        if not quoted and event.value in ("", "~", "null", "Null", "NULL"):
            return Node("nothing", place)
        word = event.value if event.style == "|" else event.value.strip() if not quoted else event.value
        return Node("word", place, word=word, quoted=quoted)


def short(word: str) -> str:
    """A word from the file as a message may repeat it: one line, at most 40 characters."""
    line = " ".join(word.split())
    return line if len(line) <= 40 else line[:39] + "…"
