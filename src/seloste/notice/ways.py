"""Whose a row is, and which matter keeps it: the ways along references, sentences 1 and 3 of the rule.

The ten sentences are in ``docs/why/one-rule.md``. Both the check and the compiler ask here, so a finding about a way
and the statement that follows it cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from seloste.catalogue.model import Item, Kind
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

    ``own``: it is a matter. ``up``: it belongs to its matter, or points at it; where ``downs`` are given, matters that
    point at it hold it too; where ``side`` is true, one that is tied to no matter follows its persons. ``down``:
    matters point at it. ``side``: it follows its persons. ``master``: nobody's master data, always within; one that has
    an owner is held by the matters that point at it, or follows the owner (``side``) when none can. ``standing``: held
    as long as the consent stands. ``none``: nothing leads to a matter, it may not be held.
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
        if is_date(item):
            return item.key
    return None


def told_by(kind: Kind) -> str | None:
    """The item that says when what a row tells happened: ``dated`` or ``act``. A first date alone may be a birthday."""
    return kind.dated or kind.act


def is_date(item: Item) -> bool:
    """Whether a period can be counted from an item: one date or time, and not encrypted."""
    return item.type in ("date", "time") and not item.sensitive and not item.many


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


def yields_to(kinds: Mapping[str, Kind], key: str, path: Path) -> tuple[Path, ...]:
    """References that must be empty for the subject at the end of a path to count: a nearer one comes first."""
    found: list[Path] = []
    for number, column in enumerate(path):
        kind = kinds[key]
        key = _target(kinds, key, column)
        if kind.about in ("person", "visitor") and not kinds[key].subject:
            nearer = (parent for parent in kind.of if parent in kinds and kinds[parent].subject)
            found.extend((*path[:number], parent) for parent in nearer)
    return tuple(found)


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
    standing = purpose.basis == "consent" and any(keep.base is None for keep in purpose.keep)
    kind = kinds[key]
    if key in matters:
        return Way("own")
    ups = _ups(kinds, purpose, key, matters)
    downs = _downs(kinds, purpose, key, matters)
    if ups:
        return Way("up", ups, downs, _may_follow_persons(kinds, key, ups))
    if kind.about == "nobody":
        owned = subject_paths(kinds, key) != ()
        return Way("master", downs=downs if owned and not standing else (), side=owned and (standing or not downs))
    if standing:
        return Way("standing")
    if downs:
        return Way("down", downs=downs)
    if not kind.subject and any(
        way(kinds, purpose, end_of(kinds, key, path)).base in ("down", "own") for path in subject_paths(kinds, key)
    ):
        return Way("side", side=True)
    return Way("none")


def belongs_to_somebody(kinds: Mapping[str, Kind], key: str) -> bool:
    """Whether a row may belong to a subject directly."""
    return any(parent in kinds and kinds[parent].subject for parent in kinds[key].of)


def _may_follow_persons(kinds: Mapping[str, Kind], key: str, ups: tuple[Up, ...]) -> bool:
    """Whether a way up may break off at a row that belongs to somebody and to no matter."""
    if not subject_paths(kinds, key):
        return False
    return kinds[key].about == "nobody" or any(
        belongs_to_somebody(kinds, end_of(kinds, key, up.path[:number])) for up in ups for number in range(len(up.path))
    )


def end_of(kinds: Mapping[str, Kind], key: str, path: Path) -> str:
    """The kind at the end of a path from a row of a kind."""
    for column in path:
        key = _target(kinds, key, column)
    return key


def _target(kinds: Mapping[str, Kind], key: str, column: str) -> str:
    return next(reference.target for reference in references(kinds[key]) if reference.column == column)


def _ties(purpose: Purpose, kind: Kind) -> tuple[Reference, ...]:
    """The references that tie rows for a purpose: what they belong to, and the items it uses.

    An item that only another purpose uses ties nothing here, or naming it there would lengthen this purpose's hold.
    """
    named = {ref.item for ref in purpose.uses if ref.kind == kind.key}
    return tuple(reference for reference in references(kind) if reference.parent or reference.column in named)


def _ups(
    kinds: Mapping[str, Kind], purpose: Purpose, key: str, matters: set[str], seen: tuple[str, ...] = ()
) -> tuple[Up, ...]:
    """Paths through parents to matters or to rows that matters point at; through an item when no parent leads there."""
    if kinds[key].subject or key in seen:
        return ()
    found: list[Up] = []
    ties = [tie for tie in _ties(purpose, kinds[key]) if tie.target in kinds and not kinds[tie.target].subject]
    for tie in ties:
        if not tie.parent:
            continue
        if tie.target in matters or _carried(kinds, purpose, tie.target, matters, key):
            found.append(Up((tie.column,), tie.target))
        if tie.target not in matters:
            above = _ups(kinds, purpose, tie.target, matters, (*seen, key))
            found.extend(Up((tie.column, *up.path), up.kind) for up in above)
    if found:
        return tuple(found)
    return tuple(Up((tie.column,), tie.target) for tie in ties if not tie.parent and tie.target in matters)


def _carried(kinds: Mapping[str, Kind], purpose: Purpose, key: str, matters: set[str], asking: str) -> bool:
    """Whether rows of a kind are held because a matter points at them (an order by an open complaint)."""
    if kinds[key].about == "nobody":
        return False
    return any(
        tie.target == key
        for matter in matters
        if matter in kinds and matter not in (asking, key)
        for tie in _ties(purpose, kinds[matter])
    )


def _downs(kinds: Mapping[str, Kind], purpose: Purpose, key: str, matters: set[str]) -> tuple[Down, ...]:
    used = {ref.kind for ref in purpose.uses} | matters
    found = []
    for other, kind in kinds.items():
        if other == key or other not in used:
            continue
        for tie in _ties(purpose, kind):
            if tie.target != key:
                continue
            if other in matters:
                found.append(Down(other, tie.column, ()))
                continue
            ups = tuple(
                up for up in _ups(kinds, purpose, other, matters) if up.kind in matters and up.path[0] != tie.column
            )
            if ups:
                found.append(Down(other, tie.column, ups))
    return tuple(found)
