"""The vocabulary: kinds of record, presets of purposes and the texts around them.

``vocabulary(version)`` is kept as YAML, a folder for each version; a version is never changed once a notice may pin it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from seloste.catalogue.kinds import (
    ITEM_TYPES,
    LANGUAGES,
    CatalogueError,
    humanise,
    kind_from_mapping,
)
from seloste.catalogue.model import Kind
from seloste.catalogue.plain_yaml import plain_yaml
from seloste.errors import SelosteError
from seloste.lazily import cached_property

__all__ = [
    "ITEM_TYPES",
    "LANGUAGES",
    "CatalogueError",
    "RawPreset",
    "UnknownVocabularyError",
    "Vocabulary",
    "humanise",
    "kind_from_mapping",
    "missing_labels",
    "versions",
    "vocabulary",
    "way_to_subject",
]

RawPreset = Mapping[str, Any]
"""A preset as it is written; the notice reads it as it reads a purpose."""


class UnknownVocabularyError(SelosteError):
    """The notice pins a version of the vocabulary that this program does not have."""


def versions() -> tuple[str, ...]:
    """The versions of the vocabulary that are shipped, oldest first."""
    return tuple(sorted(p.name for p in Path(__file__).parent.iterdir() if re.fullmatch(r"\d{4}-\d{2}", p.name)))


@cache
def vocabulary(version: str) -> Vocabulary:
    """The vocabulary of one version, as ``2026-11``. Raises ``UnknownVocabularyError``."""
    if version not in versions():
        known = ", ".join(versions())
        raise UnknownVocabularyError(
            f"Sanastoa {version} ei ole. Kirjoita jokin näistä: {known}.",
            f"There is no vocabulary {version}. Write one of these: {known}.",
        )
    return Vocabulary(version)


class Vocabulary:
    """One version of the vocabulary. Files are read when they are first asked for, and once."""

    def __init__(self, version: str) -> None:
        self.version = version
        self._folder = Path(__file__).parent / version

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """Kinds by key, people first and built-in ones last."""
        raw: dict[str, Mapping[str, Any]] = {}
        for name in _read(self._folder / "index.yaml")["kinds"]:
            raw |= _read(self._folder / "kinds" / f"{name}.yaml")["kinds"]
        return MappingProxyType({key: kind_from_mapping(key, value, raw.keys()) for key, value in raw.items()})

    @cached_property
    def presets(self) -> Mapping[str, RawPreset]:
        """Purposes everybody needs, as written. ``accountability`` is in every register."""
        return self._named("presets")

    @cached_property
    def sources(self) -> Mapping[str, Mapping[str, Any]]:
        """Where data come from: ``{text, art14, public, brings}``; ``brings`` lists what it may bring, if not all."""
        return self._named("sources")

    @cached_property
    def categories(self) -> Mapping[str, Mapping[str, Any]]:
        """Categories of people: ``{text, tie, through, required}``. ``through`` names a pointer item of the tie."""
        return self._named("categories")

    @cached_property
    def security(self) -> Mapping[str, Mapping[str, Any]]:
        """Security measures: ``{text, nature}`` with nature ``proved`` or ``attested``."""
        return self._named("security")

    @cached_property
    def never(self) -> Mapping[str, Mapping[str, Any]]:
        """What a notice may promise never to do: ``{text}``."""
        return self._named("never")

    @cached_property
    def law_presets(self) -> Mapping[str, Mapping[str, Any]]:
        """Retention rules of ``law`` by name: ``{text, law, rule}``; ``rule`` only where it reads as a keep rule."""
        from seloste.law.retention import preset, preset_names

        named = {name: preset(name) for name in preset_names()}
        return MappingProxyType({k: {"text": p.text, "law": p.law, "rule": p.rule or None} for k, p in named.items()})

    @cached_property
    def recipients_when(self) -> Mapping[str, Mapping[str, Any]]:
        """Conditions under which a recipient gets data: ``{text, evidence}``."""
        return self._named("recipients_when")

    @cached_property
    def channels(self) -> Mapping[str, Mapping[str, Any]]:
        """Ways to reach a person: ``{text}``."""
        return self._named("channels")

    @cached_property
    def moments(self) -> Mapping[str, Mapping[str, Any]]:
        """What happens on a date a period counts from, by ``kind.item``: ``{when, short}``, each a text."""
        return self._named("moments")

    @cached_property
    def texts(self) -> Mapping[str, Mapping[str, Any]]:
        """Texts by section, then by key: ``groups``, ``ends`` (of ties), ``bases``, ``rights``, ``safeguards`` ..."""
        return MappingProxyType(_read(self._folder / "texts.yaml"))

    def _named(self, name: str) -> Mapping[str, Any]:
        return MappingProxyType(_read(self._folder / f"{name}.yaml")[name])


def _read(file: Path) -> dict[str, Any]:
    return cast(dict[str, Any], plain_yaml(file.read_text("utf-8")))


def missing_labels(raw: Mapping[str, Any], languages: Sequence[str]) -> list[str]:
    """Paths of the labels that a notice's kind lacks in some of ``languages``: ``label``, ``items.began.label``."""

    def lacks(value: object) -> bool:
        if isinstance(value, Mapping):
            return any(not value.get(language) for language in languages)
        return not value or len(languages) > 1

    paths = ["label"] if lacks(raw.get("label")) else []
    for key, item in (raw.get("items") or {}).items():
        full = isinstance(item, Mapping)
        if lacks(item.get("label") if full else None):
            paths.append(f"items.{key}.label")
        options = item.get("options") if full else None
        if isinstance(options, Mapping):
            paths += [f"items.{key}.options.{name}" for name, label in options.items() if lacks(label)]
    return paths


def way_to_subject(kinds: Mapping[str, Kind], key: str) -> tuple[str, ...] | None:
    """The kinds that lead from a row of ``key`` to a subject, or None when there is no way.

    Follows what a row belongs to first and the items that point at other rows next, always the shortest way. A kind
    that is itself a subject is its own way.
    """
    seen = {key}
    ways: list[tuple[str, ...]] = [(key,)]
    while ways:
        way = ways.pop(0)
        kind = kinds.get(way[-1])
        if kind is None:
            continue
        if kind.subject:
            return way
        pointed = [item.refers_to for item in kind.items.values() if item.refers_to]
        for target in (*kind.of, *pointed):
            if target not in seen:
                seen.add(target)
                ways.append((*way, target))
    return None
