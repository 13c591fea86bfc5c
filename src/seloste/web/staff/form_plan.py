"""Which rows a form makes, with which items and ends, from the compiled notice and the role. Nothing here draws."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from seloste.catalogue.model import PERSON, Item, Kind
from seloste.compiler.register import CompiledLens, Register
from seloste.notice.model import Purpose, Source
from seloste.notice.ways import references
from seloste.operations.records.transfer.target import Entry, belongings, entries, sees
from seloste.store.registers import RegisterStore

NEVER_TYPED = ("ref", "file", "items")
"""Types no form control writes: references have their own part, files and lists of items come from elsewhere."""

NEW_ROW = "new"
"""The answer to *which one?* that makes a row."""


@dataclass(frozen=True, slots=True)
class End:
    """What a row belongs to or points at, chosen from the register. ``news`` are the items of one made at once."""

    part: str
    column: str
    kind: Kind
    required: bool
    parent: bool
    news: tuple[Item, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.part}.{self.column}"


@dataclass(frozen=True, slots=True)
class Part:
    """One row that the form makes; its kind's key names its fields. ``within`` is the part that it belongs to."""

    kind: Kind
    items: tuple[Item, ...]
    ends: tuple[End, ...] = ()
    within: str = ""
    optional: bool = False

    @property
    def key(self) -> str:
        return self.kind.key

    def name(self, item: Item) -> str:
        return f"{self.key}.{item.key}"


@dataclass(frozen=True, slots=True)
class Consent:
    """A purpose whose wording is read to the person; for each partner where the purpose asks so."""

    purpose: Purpose
    recipient: str = ""
    place: int = 0

    @property
    def name(self) -> str:
        return f"consent.{self.purpose.key}" + (f".{self.place}" if self.recipient else "")


@dataclass(frozen=True, slots=True)
class Plan:
    """A form for new rows of a kind. ``parts`` begins with the kind itself."""

    parts: tuple[Part, ...]
    consents: tuple[Consent, ...]
    sources: tuple[Source, ...]
    entry: Entry | None = None

    @property
    def kind(self) -> Kind:
        return self.parts[0].kind

    def part(self, key: str) -> Part | None:
        return next((part for part in self.parts if part.key == key), None)

    @property
    def ends(self) -> tuple[End, ...]:
        return tuple(end for part in self.parts for end in part.ends)


def has_form(register: Register, lens: CompiledLens, key: str) -> bool:
    """Whether the role can add rows of a kind: it shows it, no operation of its own makes it, and a way in is there."""
    table = register.tables.get(key)
    if table is None or table.kind.built_in or not lens.sees(key):
        return False
    return not table.kind.subject or bool(entries(register, lens, key))


def plan_new(store: RegisterStore, lens: CompiledLens, key: str, entry: Entry | None) -> Plan:
    """The form for a new row of a kind; a subject comes with the tie of its ``entry``."""
    register = store.register
    kind = register.tables[key].kind
    parts = [Part(kind, items_of(register, lens, kind), () if entry else _ends(register, lens, kind))]
    if entry is not None:
        tie = register.tables[entry.tie].kind
        ends = tuple(
            _end(
                register, lens, tie, column, target, required=column in entry.required or column not in tie.optional_of
            )
            for column, target, parent in _references(register, lens, tie)
            if target != key and parent
        )
        parts.append(Part(tie, items_of(register, lens, tie), ends, within=key))
    parts += [
        Part(each, items_of(register, lens, each), within=key, optional=True)
        for each in belongings(register, lens, key)
        if kind.subject or kind.about == "nobody"
    ]
    consents = tuple(_consents(register, lens)) if key == PERSON and entry is not None else ()
    return Plan(tuple(parts), consents, sources_of(register, [part.kind for part in parts if not part.optional]), entry)


def plan_edit(store: RegisterStore, lens: CompiledLens, key: str) -> Plan:
    """The form for a row that is there: its items, and what it points at. What it belongs to stays."""
    register = store.register
    kind = register.tables[key].kind
    ends = tuple(replace(end, news=()) for end in _ends(register, lens, kind) if not end.parent)
    return Plan((Part(kind, items_of(register, lens, kind), ends),), (), sources_of(register, [kind]))


def items_of(register: Register, lens: CompiledLens, kind: Kind) -> tuple[Item, ...]:
    """The items of a kind that the role may write, in the order of the notice."""
    return tuple(
        item
        for item in kind.items.values()
        if item.type not in NEVER_TYPED and sees(register, lens, kind.key, item.key)
    )


def sources_of(register: Register, kinds: list[Kind]) -> tuple[Source, ...]:
    """The sources of the notice that may bring rows of the first of these kinds."""
    first = kinds[0].key
    return tuple(
        source
        for source in register.notice.sources.values()
        if source.brings_all or any(ref.kind == first for ref in source.items)
    )


def _references(register: Register, lens: CompiledLens, kind: Kind) -> Iterator[tuple[str, str, bool]]:
    """(column, target, whether the row belongs to it) of what the role may see."""
    for reference in references(kind):
        if not sees(register, lens, reference.target):
            continue
        if reference.parent or sees(register, lens, kind.key, reference.column):
            yield reference.column, reference.target, reference.parent


def _ends(register: Register, lens: CompiledLens, kind: Kind) -> tuple[End, ...]:
    found = list(_references(register, lens, kind))
    parents = [column for column, _, parent in found if parent]
    return tuple(
        _end(
            register,
            lens,
            kind,
            column,
            target,
            required=parent and ((kind.tie and column not in kind.optional_of) or len(parents) == 1),
            parent=parent,
        )
        for column, target, parent in found
    )


def _end(
    register: Register, lens: CompiledLens, kind: Kind, column: str, target: str, *, required: bool, parent: bool = True
) -> End:
    pointed = register.tables[target].kind
    news: tuple[Item, ...] = ()
    # Master data that belong to nothing can be made on the way: a company, an event.
    if pointed.about == "nobody" and not any(sees(register, lens, above) for above in pointed.of):
        news = tuple(
            item
            for item in pointed.items.values()
            if sees(register, lens, target, item.key) and (item.key in pointed.title or item.type == "business_id")
        )
        news = news if set(pointed.title) <= {item.key for item in news} else ()
    return End(kind.key, column, pointed, required, parent, news)


def _consents(register: Register, lens: CompiledLens) -> Iterator[Consent]:
    """Purposes of the role that rest on the consent of a person and are asked as one question."""
    for key in lens.purposes:
        purpose = register.purposes.get(key)
        if purpose is None or purpose.basis != "consent" or purpose.built_in or not purpose.consent:
            continue
        if not any(ref.kind == PERSON for ref in (*purpose.uses, *purpose.borrows)):
            continue
        if purpose.per == "recipient":
            named = [party.name for each in register.notice.recipients if key in each.purposes for party in each.who]
            for place, name in enumerate(dict.fromkeys(named)):
                yield Consent(purpose, name, place)
        elif purpose.per is None:
            yield Consent(purpose)
