"""Whose a row is, and which matter keeps it: the ways along references, sentences 1 and 3 of the rule.

The ten sentences are in ``docs/why/one-rule.md``. Both the check and the compiler ask here, so a finding about a way
and the statement that follows it cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from seloste.catalogue.model import Kind
from seloste.notice.model import Purpose

Path = tuple[str, ...]
"""Reference columns to follow from a row, one after another; empty is the row itself."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that holds the id of a row of another kind."""

    column: str
    target: str
    parent: bool
    """The row belongs to the other one (``of``); otherwise it is an item that points."""


@dataclass(frozen=True, slots=True)
class Up:
    """The row follows the matter (or a row that a matter holds) at the end of a path of references."""

    path: Path
    kind: str


@dataclass(frozen=True, slots=True)
class Down:
    """Rows of ``kind`` that point here through ``column`` hold the row; ``up`` leads from them to their matter."""

    kind: str
    column: str
    ups: tuple[Up, ...]
    """Empty: the pointing row is the matter itself."""


Base = Literal["own", "down", "up", "side", "master", "standing", "none"]


@dataclass(frozen=True, slots=True)
class Way:
    """How a row of a kind is within a purpose.

    ``own``: it is a matter. ``down``: matters point at it. ``up``: it points at its matter, or has none and follows
    its persons when ``side`` is true. ``side``: it follows its persons. ``master``: nobody's master data, always
    within. ``standing``: held as long as the consent stands. ``none``: nothing leads to a matter, it may not be held.
    """

    base: Base
    ups: tuple[Up, ...] = ()
    downs: tuple[Down, ...] = ()
    side: bool = False


def references(kind: Kind) -> tuple[Reference, ...]:
    """The reference columns of a kind: what it belongs to, then the items that point."""
    parents = tuple(Reference(parent, parent, True) for parent in kind.of)
    named = {reference.column for reference in parents}
    items = tuple(
        Reference(item.key, item.refers_to, False)
        for item in kind.items.values()
        if item.refers_to is not None and not item.many and item.key not in named
    )
    return parents + items


def own_date(kind: Kind) -> str | None:
    """The item that dates a row itself, or None: the kind's ``dated``, its ``act``, else its first date or time."""
    if kind.dated is not None:
        return kind.dated
    if kind.act is not None:
        return kind.act
    for item in kind.items.values():
        if item.type in ("date", "time"):
            return item.key
    return None


def subject_paths(kinds: Mapping[str, Kind], key: str) -> tuple[Path, ...]:
    """The paths from a row to the subjects it is about; empty when it is nobody's.

    A row about a person or visitor is that of the subject it belongs to; when it names none itself, that of its other
    parents' subjects (see ``yields_to``). A row about its owner is that of whoever owns it along any of its parents,
    which may turn out to be nobody.
    """
    return _subject_paths(kinds, key, ())


def _subject_paths(kinds: Mapping[str, Kind], key: str, seen: tuple[str, ...]) -> tuple[Path, ...]:
    kind = kinds[key]
    if kind.subject:
        return ((),)
    if kind.about == "nobody":
        return ((kind.owner_item,),) if kind.owner_item and kind.owner_item in kind.items else ()
    direct = tuple((parent,) for parent in kind.of if parent in kinds and kinds[parent].subject)
    if direct and kind.tie:
        return direct
    found: list[Path] = list(direct)
    for parent in kind.of:
        if parent in kinds and not kinds[parent].subject and parent not in seen:
            found.extend((parent, *rest) for rest in _subject_paths(kinds, parent, (*seen, key)))
    return tuple(found)


def yields_to(kinds: Mapping[str, Kind], key: str, path: Path) -> tuple[str, ...]:
    """Columns that must be empty for the subject at the end of a path to count: a nearer one comes first."""
    kind = kinds[key]
    if len(path) < 2 or kind.about == "owner":
        return ()
    return tuple(parent for parent in kind.of if parent in kinds and kinds[parent].subject)


def cell_paths(kinds: Mapping[str, Kind], key: str, column: str) -> tuple[Path, ...]:
    """The subjects a cell is about: the one a pointer points at, everybody of a free text, else the row's."""
    kind = kinds[key]
    item = kind.items.get(column)
    own = subject_paths(kinds, key)
    if item is None:
        return own
    if item.refers_to is not None and kinds[item.refers_to].subject:
        return ((column,),)
    if item.free_text:
        pointers = tuple(
            (reference.column,)
            for reference in references(kind)
            if not reference.parent and kinds[reference.target].subject
        )
        return tuple(dict.fromkeys(own + pointers))
    return own


def way(kinds: Mapping[str, Kind], purpose: Purpose, key: str) -> Way:
    """How rows of a kind are within a purpose."""
    # What is kept until withdrawn has no matter: the standing consent is it.
    matters = {keep.matter for keep in purpose.keep if keep.base is not None}
    kind = kinds[key]
    if key in matters:
        return Way("own")
    ups = _ups(kinds, purpose, key, matters)
    downs = _downs(kinds, purpose, key, matters)
    if kind.about == "nobody" and not ups:
        return Way("master", downs=downs if kind.owner_item else ())
    side = bool(subject_paths(kinds, key)) and not kind.subject
    if not matters and any(keep.base is None for keep in purpose.keep):
        return Way("standing")
    if ups:
        return Way("up", ups=ups, side=side and _has_subject_parent(kinds, kind))
    if downs:
        return Way("down", downs=downs)
    if any(keep.base is None for keep in purpose.keep):
        return Way("standing")
    if side and any(
        way(kinds, purpose, _end(kinds, key, path)).base in ("down", "own", "standing")
        for path in subject_paths(kinds, key)
    ):
        return Way("side", side=True)
    return Way("none")


def _has_subject_parent(kinds: Mapping[str, Kind], kind: Kind) -> bool:
    return any(parent in kinds and kinds[parent].subject for parent in kind.of)


def _end(kinds: Mapping[str, Kind], key: str, path: Path) -> str:
    for column in path:
        key = next(reference.target for reference in references(kinds[key]) if reference.column == column)
    return key


def _ups(kinds: Mapping[str, Kind], purpose: Purpose, key: str, matters: set[str]) -> tuple[Up, ...]:
    """Shortest paths through parents (and pointing items, when no parent leads there) to matters or held rows."""
    if kinds[key].subject:
        return ()
    for parents_only in (True, False):
        found: list[Up] = []
        for reference in references(kinds[key]):
            target = reference.target
            if target not in kinds or kinds[target].subject or (parents_only and not reference.parent):
                continue
            if target in matters or (parents_only and _held_by_matter(kinds, target, matters, key)):
                found.append(Up((reference.column,), target))
            elif parents_only:
                found.extend(Up((reference.column, *up.path), up.kind) for up in _ups(kinds, purpose, target, matters))
        if found:
            return tuple(found)
    return ()


def _held_by_matter(kinds: Mapping[str, Kind], key: str, matters: set[str], asking: str) -> bool:
    """Whether rows of a kind are held because a matter points at them (an order by an open complaint)."""
    if kinds[key].about == "nobody":
        return False
    return any(
        reference.target == key
        for matter in matters
        if matter in kinds and matter != asking
        for reference in references(kinds[matter])
    )


def _downs(kinds: Mapping[str, Kind], purpose: Purpose, key: str, matters: set[str]) -> tuple[Down, ...]:
    used = {ref.kind for ref in purpose.uses} | matters
    found = []
    for other, kind in kinds.items():
        if other == key or other not in used:
            continue
        for reference in references(kind):
            if reference.target != key:
                continue
            if other in matters:
                found.append(Down(other, reference.column, ()))
            else:
                ups = tuple(
                    up
                    for up in _ups(kinds, purpose, other, matters)
                    if up.kind in matters and up.path != (reference.column,)
                )
                if ups:
                    found.append(Down(other, reference.column, ups))
    return tuple(found)
