"""What a new row belongs to and points at, as the questions that a form asks: each once, and only what can be."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from seloste.catalogue.model import Item, Kind
from seloste.compiler.register import CompiledLens, Register
from seloste.notice.expand.people import business_only
from seloste.notice.ways import references, way
from seloste.operations.records.transfer.target import Entry, entries, sees

NEW_ROW = "new"
"""The answer to *which one?* that makes a row."""

Hint = Literal["", "one_of", "who_there", "if_other"]
"""Said beside a choice: that one of several is enough; who it is at the company; only when it is somebody else."""


@dataclass(frozen=True, slots=True)
class End:
    """What a row belongs to or points at, chosen from the register. ``news`` are the items of one made at once."""

    part: str
    column: str
    kind: Kind
    required: bool
    parent: bool
    news: tuple[Item, ...] = ()
    follows: str = ""
    """The column of the subject that it follows from, as a relationship from its person: asked when there are more."""
    hint: Hint = ""
    hint_of: tuple[Kind, ...] = ()
    """The kinds that the hint names."""

    @property
    def name(self) -> str:
        return f"{self.part}.{self.column}"


def ends_of(register: Register, lens: CompiledLens, kind: Kind) -> tuple[End, ...]:
    """The ends of a row of its own: whose it is first, then what it points at."""
    found = list(_references(register, lens, kind))
    parents = _owners(register, kind, [(column, target) for column, target, parent in found if parent])
    tied = {column: _follows(register, kind, target, parents) for column, target in parents}
    asked = [column for column, _ in parents if not tied[column]]
    ends = [
        replace(
            _end(
                register,
                lens,
                kind,
                column,
                target,
                required=(kind.tie and column not in kind.optional_of) or asked == [column],
            ),
            follows=tied[column],
        )
        for column, target in parents
    ]
    # What follows comes after what it follows from.
    ends.sort(key=lambda end: bool(end.follows))
    for column, target, parent in found:
        if not parent:
            ends.append(_end(register, lens, kind, column, target, required=False, parent=False))
    return tuple(ends) if kind.tie else _hinted(ends)


def ends_of_entry(register: Register, lens: CompiledLens, kind: str, entry: Entry) -> tuple[End, ...]:
    """The other ends of the tie by which a subject of a kind comes in.

    One that this way in does not demand is left out when another way in by the same tie does: a private customer has no
    company where contact persons come in by themselves.
    """
    tie = register.tables[entry.tie].kind
    elsewhere = {
        end for other in entries(register, lens, kind) if other.tie == entry.tie for end in other.required
    } - set(entry.required)
    return tuple(
        _end(register, lens, tie, column, target, required=column in entry.required or column not in tie.optional_of)
        for column, target, parent in _references(register, lens, tie)
        if target != kind and parent and column not in elsewhere
    )


def is_asked(kind: Kind, item: Item, ends: Collection[str]) -> bool:
    """Whether an item can be asked for at all, of a row that may have some ends: a job title needs a company."""
    needed = [end for end, names in kind.only_with.items() if item.key in names]
    return not needed or any(end in ends for end in needed)


def _references(register: Register, lens: CompiledLens, kind: Kind) -> Iterator[tuple[str, str, bool]]:
    """(column, target, whether the row belongs to it) of what the role may see."""
    for reference in references(kind):
        if not sees(register, lens, reference.target):
            continue
        if reference.parent or sees(register, lens, kind.key, reference.column):
            yield reference.column, reference.target, reference.parent


def can_belong(register: Register, kind: Kind, target: str) -> bool:
    """Whether a row can be held that belongs to rows of a kind only: an address that follows persons cannot be kept of
    a company, unless that is somebody's.
    """
    owner = register.tables[target].kind
    if owner.about != "nobody" or owner.owner_item is not None or kind.about != "owner":
        return True
    notice = register.notice
    using = (purpose for purpose in register.purposes.values() if any(ref.kind == kind.key for ref in purpose.uses))
    return any(way(notice.kinds, purpose, kind.key).base != "side" for purpose in using)


def _owners(register: Register, kind: Kind, parents: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Where everybody acts for a company, what may be a company's is nobody's own: the person is not asked for."""
    notice = register.notice
    parents = [(column, target) for column, target in parents if kind.tie or can_belong(register, kind, target)]
    masters = [target for _, target in parents if register.tables[target].kind.about == "nobody"]
    if kind.tie or not masters or not business_only(notice.categories, notice.kinds):
        return parents
    return [(column, target) for column, target in parents if not register.tables[target].kind.subject]


def _follows(register: Register, kind: Kind, target: str, parents: list[tuple[str, str]]) -> str:
    """The column of a subject from which a tie follows; empty when it has to be asked for itself."""
    tie = register.tables[target].kind
    if kind.tie or not tie.tie:
        return ""
    return next((column for column, at in parents if at in tie.of and register.tables[at].kind.subject), "")


def _end(
    register: Register, lens: CompiledLens, kind: Kind, column: str, target: str, *, required: bool, parent: bool = True
) -> End:
    pointed = register.tables[target].kind
    news: tuple[Item, ...] = ()
    # Master data that belong to nothing can be made on the way: a company, an event.
    if pointed.about == "nobody" and not any(above in register.tables for above in pointed.of):
        news = tuple(
            item
            for item in pointed.items.values()
            if sees(register, lens, target, item.key) and (item.key in pointed.title or item.type == "business_id")
        )
        news = news if set(pointed.title) <= {item.key for item in news} else ()
    return End(kind.key, column, pointed, required, parent, news)


def _hinted(ends: list[End]) -> tuple[End, ...]:
    """The ends with what must be known to answer: that one owner is enough, and who else is meant by a pointer."""
    owners = [end for end in ends if end.parent and not end.follows]
    subjects = [end.kind for end in owners if end.kind.subject]
    masters = [end.kind for end in owners if end.kind.about == "nobody"]
    several = len(owners) > 1
    found = []
    for end in ends:
        if several and end is owners[0]:
            end = replace(end, hint="one_of", hint_of=tuple(each.kind for each in owners))
        elif not end.parent and end.kind in subjects:
            end = replace(end, hint="who_there" if masters else "if_other", hint_of=tuple(masters[:1] or subjects))
        found.append(end)
    return tuple(found)
