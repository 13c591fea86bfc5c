"""Which rows a form makes, with which items and ends, from the compiled notice and the role. Nothing here draws."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from seloste.catalogue.model import PERSON, Item, Kind
from seloste.compiler.register import CompiledLens, Register
from seloste.notice.model import Purpose, Source
from seloste.notice.ways import own_date, way
from seloste.operations.records.model import Record
from seloste.operations.records.transfer.target import Entry, belongings, entries, sees
from seloste.store.registers import RegisterStore
from seloste.web.staff.form_ends import End, can_belong, ends_of, ends_of_entry, is_asked

NEVER_TYPED = ("ref", "file")
"""Types no form control writes: references have their own part, files come from the programs that keep them."""


@dataclass(frozen=True, slots=True)
class Part:
    """One row that the form makes; its kind's key names its fields. ``within`` is the part that it belongs to."""

    kind: Kind
    items: tuple[Item, ...]
    ends: tuple[End, ...] = ()
    within: str = ""
    optional: bool = False
    files: tuple[Item, ...] = ()
    """Items that hold what is known of a file, which no form takes in."""
    day: str = ""
    """The item that is today's date unless another is typed."""
    counted: frozenset[str] = frozenset()
    """The days from which it is counted how long the row is kept, so that they must be said."""

    @property
    def key(self) -> str:
        return self.kind.key

    def name(self, item: Item) -> str:
        return f"{self.key}.{item.key}"


HOW = "consent_how"
"""The field that says how the consents were given: where the data came from need not tell it."""
HOWS = ("in_person", "phone", "paper", "email", "web_form")


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
    held: frozenset[str] = frozenset()
    """The purposes that need one who comes in by ``entry``."""

    @property
    def kind(self) -> Kind:
        return self.parts[0].kind

    def part(self, key: str) -> Part | None:
        return next((part for part in self.parts if part.key == key), None)

    @property
    def ends(self) -> tuple[End, ...]:
        return tuple(end for part in self.parts for end in part.ends)


def has_form(register: Register, lens: CompiledLens, key: str) -> bool:
    """Whether the role can add rows of a kind: no operation of its own makes it, what a row must belong to is shown,
    and a row can be held by itself. What is kept only while something points at it comes with that.
    """
    table = register.tables.get(key)
    if table is None or table.kind.built_in or not lens.sees(key):
        return False
    kind = table.kind
    if kind.subject:
        return bool(entries(register, lens, key))
    parents = [parent for parent in kind.of if parent in register.tables]
    shown = [parent for parent in parents if sees(register, lens, parent)]
    reached = all(p in shown or p in kind.optional_of for p in parents) if kind.tie else bool(shown) or not parents
    return reached and bool(_holding(register, key))


def _holding(register: Register, key: str) -> set[str]:
    """The purposes that hold a row of a kind without anything that points at it."""
    return {
        purpose.key
        for purpose in register.purposes.values()
        if any(ref.kind == key for ref in purpose.uses)
        and way(register.notice.kinds, purpose, key).base not in ("down", "none")
    }


def plan_new(store: RegisterStore, lens: CompiledLens, key: str, entry: Entry | None) -> Plan:
    """The form for a new row of a kind; a subject comes with the tie of its ``entry``."""
    register = store.register
    kind = register.tables[key].kind
    parts = [_part(register, lens, kind, () if entry else ends_of(register, lens, kind))]
    if entry is not None:
        tie = register.tables[entry.tie].kind
        parts.append(_part(register, lens, tie, ends_of_entry(register, lens, key, entry), within=key))
    parts += [
        _part(register, lens, each, (), within=key, optional=True)
        for each in belongings(register, lens, key)
        if kind.subject or (kind.about == "nobody" and can_belong(register, each, key))
    ]
    consents = () if kind.subject else tuple(_resting_on(register, lens, kind))
    held: set[str] = set()
    if entry is not None:
        held = _holding(register, entry.tie)
        # A consent that is asked here must have something to stand on: itself, or the tie.
        asked = [
            consent
            for consent in (_consents(register, lens) if key == PERSON else ())
            if consent.purpose.key in held or way(register.notice.kinds, consent.purpose, key).base == "standing"
        ]
        consents = tuple(asked)
        held |= {consent.purpose.key for consent in consents}
        parts = [part if part.key == entry.tie else _needed(register, part, held) for part in parts]
        parts = [part for part in parts if part.items or not part.optional]
    sources = sources_of(register, [part.kind for part in parts if not part.optional])
    return Plan(tuple(parts), consents, sources, entry, frozenset(held))


def _needed(register: Register, part: Part, held: Collection[str]) -> Part:
    """A part with the items that some purpose needs of one who comes in this way; others would be refused."""
    items = tuple(item for item in part.items if set(register.users(part.key, item.key)) & set(held))
    return replace(part, items=items)


def plan_edit(store: RegisterStore, lens: CompiledLens, record: Record) -> Plan:
    """The form for a row that is there: its items, and what it points at. What it belongs to stays."""
    register = store.register
    kind = register.tables[record.kind].kind
    pointing = tuple(replace(end, news=()) for end in ends_of(register, lens, kind) if not end.parent)
    part = _part(register, lens, kind, pointing, had=record.references)
    kept = (item for item in items_of(register, lens, kind) if item in part.items or item.key in record.values)
    return Plan((replace(part, items=tuple(kept)),), (), sources_of(register, [kind]))


def items_of(register: Register, lens: CompiledLens, kind: Kind) -> tuple[Item, ...]:
    """The items of a kind that the role may write, in the order of the notice."""
    return tuple(
        item
        for item in kind.items.values()
        if item.type not in NEVER_TYPED and sees(register, lens, kind.key, item.key)
    )


def _part(
    register: Register,
    lens: CompiledLens,
    kind: Kind,
    ends: tuple[End, ...],
    *,
    within: str = "",
    optional: bool = False,
    had: Collection[str] = (),
) -> Part:
    """One row with what can be asked of it. ``had`` are the ends that it has already."""
    # An end that the role does not see may be there.
    unseen = [end for end in kind.of if end in register.tables and not sees(register, lens, end)]
    possible = {*had, *unseen, *(end.column for end in ends)}
    day = "" if optional or kind.subject else _day(register, kind)
    return Part(
        kind,
        tuple(item for item in items_of(register, lens, kind) if is_asked(kind, item, possible)),
        ends,
        within=within,
        optional=optional,
        files=tuple(
            item for item in kind.items.values() if item.type == "file" and sees(register, lens, kind.key, item.key)
        ),
        day=day,
        counted=register.must_date(kind.key) | ({day} & _bases(register, kind)),
    )


def _bases(register: Register, kind: Kind) -> set[str]:
    """The dates of its own from which rows of a kind are kept for a period, as matters."""
    keeps = [keep for purpose in register.purposes.values() for keep in purpose.keep if keep.matter == kind.key]
    return {keep.base.date for keep in keeps if keep.base is not None and keep.base.kind is None}


def _day(register: Register, kind: Kind) -> str:
    """A deed is most often written down when it is done; so is what is kept from its own day on. A tie began when it
    did, and what is due is due later.
    """
    own = own_date(kind)
    if kind.act is not None or own is None or kind.tie or own == kind.due:
        return kind.act or ""
    limited = any(limit.kind == kind.key for purpose in register.purposes.values() for limit in purpose.at_most)
    return own if limited or own in _bases(register, kind) else ""


def sources_of(register: Register, kinds: list[Kind]) -> tuple[Source, ...]:
    """The sources of the notice that may bring rows of the first of these kinds."""
    first = kinds[0].key
    return tuple(
        source
        for source in register.notice.sources.values()
        if source.brings_all or any(ref.kind == first for ref in source.items)
    )


def _resting_on(register: Register, lens: CompiledLens, kind: Kind) -> Iterator[Consent]:
    """The consents of its person that a row rests on alone: without a yes it would be refused."""
    using = {key for item in kind.items for key in register.users(kind.key, item)}
    if PERSON in kind.of and using and all(register.purposes[key].basis == "consent" for key in using):
        asked = _consents(register, lens, of_rows=True)
        yield from (consent for consent in asked if consent.purpose.key in using)


def _consents(register: Register, lens: CompiledLens, *, of_rows: bool = False) -> Iterator[Consent]:
    """Purposes of the role that rest on the consent of a person and are asked as one question, or with each row."""
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
        elif purpose.per is None or (of_rows and purpose.per == "row"):
            yield Consent(purpose)
