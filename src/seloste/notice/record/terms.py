"""Terms of the Data Privacy Vocabulary (W3C) that the exports use, and what of ours each stands for."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Terms:
    """``version`` of the vocabulary; ``known`` terms as ``dpv:Process``; ``prefixes`` their namespaces.

    The other mappings lead from a key of ours to a term: a legal basis, a ground of Art. 9(2), a safeguard of a
    transfer, a right, a preset of purposes, a nature of purposes, a security measure. ``renamed`` holds terms that the
    catalogue has by an earlier name.
    """

    version: str
    source: str
    prefixes: Mapping[str, str]
    known: frozenset[str]
    basis: Mapping[str, str]
    special: Mapping[str, str]
    safeguard: Mapping[str, str]
    right: Mapping[str, tuple[str, ...]]
    purpose: Mapping[str, str]
    nature: Mapping[str, str]
    measure: Mapping[str, str]
    renamed: Mapping[str, str]

    def item(self, term: str) -> str:
        """A term of the catalogue as this version of the vocabulary has it."""
        return self.renamed.get(term, term)


@cache
def terms() -> Terms:
    """The terms that are kept beside this module; nothing is fetched."""
    raw = tomllib.loads((Path(__file__).parent / "dpv.toml").read_text("utf-8"))
    return Terms(
        version=raw["version"],
        source=raw["source"],
        prefixes=raw["prefixes"],
        known=frozenset(f"{prefix}:{name}" for prefix, names in raw["known"].items() for name in names.split()),
        right={key: tuple(found) for key, found in raw["right"].items()},
        **{key: raw[key] for key in ("basis", "special", "safeguard", "purpose", "nature", "measure", "renamed")},
    )
