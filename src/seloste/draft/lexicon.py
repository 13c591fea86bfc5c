"""The words by which a text says something: cues of each language, and the labels of the vocabulary as stems."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from seloste.catalogue.load import vocabulary
from seloste.catalogue.model import Item, Kind
from seloste.notice.new import VOCABULARY

Lang = Literal["fi", "en"]
GAP = r"(?:[^\w]+[\w-]+){0,3}?[^\w]+"
JOINED = {"fi": r" ja | tai |/", "en": r" and | or |/"}
SHORTEST = 4
"""Letters of the shortest stem that is taken from a label: shorter ones stand in too many other words."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Sections of cues, each a pattern by key; ``denies`` and ``parts`` find what turns a sentence round."""

    lang: Lang
    cues: Mapping[str, Mapping[str, re.Pattern[str]]]
    denies: re.Pattern[str]
    parts: re.Pattern[str]
    ignore: re.Pattern[str]
    things: re.Pattern[str]
    """Animals and things, whose data are not a person's."""
    persons: re.Pattern[str]
    """Whoever has them."""
    raw: Mapping[str, Any]

    def found(self, section: str, text: str) -> Iterator[tuple[str, bool]]:
        """What of a section ``text`` says, and whether it says so (False: it says that it is not so)."""
        plain = self.ignore.sub(" ", text.lower())
        clauses = self.parts.split(plain)
        for key, pattern in self.cues[section].items():
            said = [
                self.affirms(clause, match.end()) for clause in clauses for match in [pattern.search(clause)] if match
            ]
            if said:
                yield key, any(said)

    def says(self, section: str, key: str, text: str) -> bool:
        return (key, True) in set(self.found(section, text))

    def affirms(self, clause: str, end: int) -> bool:
        """Whether no "not" stands before the end of what was found: in "data are not sold" one does."""
        return not any(match.start() < end for match in self.denies.finditer(clause))


@cache
def lexicon(lang: Lang) -> Lexicon:
    """The words of one language."""
    raw = tomllib.loads((Path(__file__).parent / f"{lang}.toml").read_text("utf-8"))
    cues = {
        name: {key: cue_pattern(words) for key, words in section.items()}
        for name, section in raw.items()
        if isinstance(section, dict)
    }
    items = _label_cues(lang, set(raw["not_cues"]))
    for key, words in raw["item"].items():
        items[key] = [*items.get(key, []), *words]
    cues["item"] = {key: cue_pattern(words) for key, words in items.items()}
    return Lexicon(
        lang=lang,
        cues=cues,
        denies=cue_pattern(raw["denies"]),
        parts=re.compile("|".join(rf"(?:{part})" for part in raw["parts"])),
        ignore=cue_pattern(raw["ignore"]),
        things=cue_pattern(raw["things"]),
        persons=cue_pattern(raw["persons"]),
        raw=raw,
    )


def cue_pattern(cues: list[str]) -> re.Pattern[str]:
    """One pattern of several cues. A word is the beginning of a word; ``=word`` is it whole, ``~stem`` is within one,
    ``a|b`` is either; up to three words may stand between two.
    """
    return re.compile("|".join(GAP.join(_word(word) for word in cue.split()) for cue in cues))


def _word(word: str) -> str:
    if word.startswith("="):
        return rf"\b(?:{'|'.join(re.escape(one.lstrip('=~')) for one in word.split('|'))})\b"
    stems = [(r"[\w-]*?" if one.startswith("~") else "") + re.escape(one.lstrip("~=")) for one in word.split("|")]
    return rf"\b(?:{'|'.join(stems)})[\w-]*"


def _label_cues(lang: Lang, skip: set[str]) -> dict[str, list[str]]:
    """Cues made of the labels of kinds and of those items that are a person's own or are named one by one."""
    kinds = [kind for kind in vocabulary(VOCABULARY).kinds.values() if not kind.built_in]
    labels: dict[str, list[str]] = {}
    for kind in kinds:
        for key, label in _named(kind, lang):
            labels.setdefault(label.lower(), []).append(key)
    found: dict[str, list[str]] = {}
    for label, keys in labels.items():
        # A label that several kinds share ("Date") names none of them; the person's own comes before the others'.
        own = next((key for key in keys if key.partition(".")[0] in ("person", "address")), "")
        if len(keys) > 1 and not own:
            continue
        for part in re.split(JOINED[lang], label):
            cue = " ".join(stem(word) for word in part.split())
            if len(cue) >= SHORTEST and cue not in skip:
                found.setdefault(own or keys[0], []).append(cue)
    return found


def _named(kind: Kind, lang: Lang) -> Iterator[tuple[str, str]]:
    if not kind.subject:
        yield kind.key, kind.label[lang]
    for item in kind.items.values():
        if _own(kind, item):
            yield f"{kind.key}.{item.key}", item.label[lang]


def _own(kind: Kind, item: Item) -> bool:
    if item.refers_to or (item.type in ("bool", "date", "time") and not item.sensitive):
        return False
    return kind.subject or kind.about == "nobody" or item.extra or item.sensitive


def stem(word: str) -> str:
    """What stays of a word in most of its cases: ``osoite`` -> ``osoi``, ``address`` -> ``addres``."""
    word = word.strip("()").lower()
    return word if len(word) < 5 else word[: -(2 if len(word) > 7 else 1)]
