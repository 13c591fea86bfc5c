"""``only:`` of a role: which rows are the acting person's own, so that the role sees these and what belongs to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from seloste.catalogue.model import Kind
from seloste.notice.model import Ref
from seloste.notice.ways import Path, references


@dataclass(frozen=True, slots=True)
class Own:
    """The rows of ``anchor`` that are somebody's own.

    They are named by ``column`` of ``kind`` (``id`` where they are rows of ``kind`` itself), in the rows of which one
    of ``persons`` is the acting person: the openings they manage, the housing companies they hold an office in.
    """

    anchor: str
    kind: str
    column: str
    persons: tuple[str, ...]


def own(kinds: Mapping[str, Kind], only: Ref) -> Own | None:
    """What ``only:`` narrows to; None when it leads to nobody's own."""
    kind = kinds.get(only.kind)
    targets = {each.column: each.target for each in references(kind)} if kind is not None else {}
    target = targets.get(only.item)
    if target is None:
        return None
    if _people(kinds, target):
        return Own(only.kind, only.kind, "id", (only.item,))
    persons = tuple(column for column, other in targets.items() if _people(kinds, other))
    return Own(target, only.kind, only.item, persons) if persons else None


def _people(kinds: Mapping[str, Kind], key: str) -> bool:
    return key in kinds and kinds[key].subject


def paths_from(kinds: Mapping[str, Kind], start: str) -> dict[str, tuple[Path, ...]]:
    """Kind -> the shortest paths of references that lead to it from a row of ``start``, nearest kinds first."""
    found: dict[str, tuple[Path, ...]] = {start: ((),)}
    edge = found
    while edge:
        further: dict[str, list[Path]] = {}
        for kind, paths in edge.items():
            for reference in references(kinds[kind]):
                if reference.target in kinds and reference.target not in found:
                    further.setdefault(reference.target, []).extend((*path, reference.column) for path in paths)
        edge = {kind: tuple(paths) for kind, paths in further.items()}
        found |= edge
    return found
