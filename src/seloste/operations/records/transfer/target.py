"""What a file's rows may become: which new rows each makes, and to which items its columns may lead.

Everything comes from the compiled notice: a subject comes with the tie that its category demands, since alone it would
be refused, and with the end of that tie, found in the register or made new.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from seloste.catalogue.model import Item, Kind, Text
from seloste.compiler.register import CompiledLens, Register
from seloste.notice.ways import own_date, references

Mode = Literal["new", "find", "find_or_new"]

FOUND_BY = ("business_id", "email", "phone", "code", "reference_number")
"""Types that tell one row from another."""


@dataclass(frozen=True, slots=True)
class Node:
    """One row that a file's row makes or finds. Its name is its kind's key.

    ``ends`` are its references to other nodes, by column. ``required`` says that the rows pointing here need it.
    """

    kind: str
    mode: Mode
    ends: tuple[tuple[str, str], ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """Where a column may lead: an item of a node, or several that one text holds (a whole name)."""

    key: str
    node: str
    label: Text
    items: tuple[Item, ...]

    @property
    def many(self) -> bool:
        return len(self.items) == 1 and self.items[0].many


@dataclass(frozen=True, slots=True)
class Target:
    """``kind`` is what is imported, ``tie`` the kind it comes with. Nodes stand in the order they are stored."""

    key: str
    kind: str
    tie: str
    texts: tuple[Text, ...]
    """What the rows are, in the words of the categories or of the kind."""
    nodes: tuple[Node, ...]
    fields: tuple[Field, ...]

    def field(self, key: str) -> Field | None:
        return next((field for field in self.fields if field.key == key), None)

    def node(self, kind: str) -> Node:
        return next(node for node in self.nodes if node.kind == kind)


@dataclass(frozen=True, slots=True)
class Entry:
    """A way in for a subject: the tie it comes with, the ends that must be there, the categories so entered."""

    tie: str
    required: tuple[str, ...]
    texts: tuple[Text, ...]
    categories: tuple[str, ...]


def entries(register: Register, lens: CompiledLens | None, kind: str) -> tuple[Entry, ...]:
    """The ways in for a subject kind that the lens shows; empty when it can enter none."""
    found: dict[tuple[str, tuple[str, ...]], list[tuple[str, Text]]] = {}
    for category in register.notice.categories:
        tie = category.tie
        if tie is None or tie == kind or tie not in register.tables or not sees(register, lens, tie):
            continue
        tied = register.tables[tie].kind
        # A browser that may turn out to be somebody's makes nobody known.
        if tied.built_in or tied.subject or kind not in tied.of or category.through:
            continue
        found.setdefault((tie, category.required), []).append((category.key, category.text))
    return tuple(
        Entry(tie, required, tuple(text for _, text in named), tuple(key for key, _ in named))
        for (tie, required), named in found.items()
    )


def sees(register: Register, lens: CompiledLens | None, kind: str, item: str | None = None) -> bool:
    """Whether a kind or item of the register is shown; without a lens everything it holds is."""
    table = register.tables.get(kind)
    if table is None or (item is not None and table.column(item) is None):
        return False
    return lens is None or lens.sees(kind, item)


def targets(register: Register, lens: CompiledLens | None) -> tuple[Target, ...]:
    """Everything that a file may be imported as, through a lens (or by the register itself)."""
    found = []
    for key, table in register.tables.items():
        kind = table.kind
        if kind.built_in or not sees(register, lens, key):
            continue
        if kind.subject:
            found += [_subject(register, lens, kind, entry) for entry in entries(register, lens, key)]
        else:
            made = _plain(register, lens, kind)
            if made is not None:
                found.append(made)
    return tuple(found)


def target(register: Register, lens: CompiledLens | None, kind: str, tie: str = "") -> Target | None:
    """The target of a kind; of several ties the first unless one is named."""
    return next((each for each in targets(register, lens) if each.kind == kind and tie in ("", each.tie)), None)


def _subject(register: Register, lens: CompiledLens | None, kind: Kind, entry: Entry) -> Target:
    tie = register.tables[entry.tie].kind
    nodes: list[Node] = []
    ends = [(kind.key, kind.key)]
    for end in tie.of:
        if end == kind.key or not sees(register, lens, end):
            continue
        required = end in entry.required or end not in tie.optional_of
        nodes += _end(register, lens, end, required=required, new=register.tables[end].kind.about == "nobody")
        ends.append((end, end))
    belonging = [Node(each.key, "new", ((kind.key, kind.key),)) for each in belongings(register, lens, kind.key)]
    nodes += [Node(kind.key, "new", required=True), Node(tie.key, "new", tuple(ends), required=True), *belonging]
    order = [kind.key, tie.key, *(node.kind for node in nodes if node.kind not in (kind.key, tie.key))]
    fields = tuple(field for key in order for field in _fields(register, lens, key, nodes))
    return Target(f"{kind.key}+{tie.key}", kind.key, tie.key, entry.texts, tuple(nodes), fields)


def _plain(register: Register, lens: CompiledLens | None, kind: Kind) -> Target | None:
    """Rows of another kind: what they belong to and point at is found in the register."""
    nodes: list[Node] = []
    ends = []
    for reference in references(kind):
        key = reference.target
        if key == kind.key or not sees(register, lens, key) or any(node.kind == key for node in nodes):
            continue
        if not any(True for _ in finders(register, lens, key)):
            continue
        tied = kind.tie and reference.parent and key not in kind.optional_of
        nodes += _end(register, lens, key, required=tied, new=False)
        ends.append((reference.column, key))
    if kind.tie and {end for _, end in ends}.isdisjoint(register.subjects):
        return None
    if kind.of and not ends:
        return None
    nodes.append(Node(kind.key, "new", tuple(ends), required=True))
    order = [kind.key, *(node.kind for node in nodes if node.kind != kind.key)]
    fields = tuple(field for key in order for field in _fields(register, lens, key, nodes))
    return Target(kind.key, kind.key, "", (kind.plural,), tuple(nodes), fields)


def _end(register: Register, lens: CompiledLens | None, key: str, *, required: bool, new: bool) -> list[Node]:
    """A row to be found (or made), and before it the row that it belongs to itself."""
    kind = register.tables[key].kind
    above = [
        parent
        for parent in kind.of
        if sees(register, lens, parent) and not register.tables[parent].kind.subject and kind.about == "nobody"
    ]
    first = [Node(parent, "find") for parent in above[:1]]
    return [*first, Node(key, "find_or_new" if new else "find", tuple((p, p) for p in above[:1]), required)]


def belongings(register: Register, lens: CompiledLens | None, kind: str) -> tuple[Kind, ...]:
    """Kinds that only say more of a row and have no date of their own: an address."""
    return tuple(
        table.kind
        for table in register.tables.values()
        if kind in table.kind.of
        and table.kind.about == "owner"
        and not table.kind.tie
        and not table.kind.built_in
        and own_date(table.kind) is None
        and sees(register, lens, table.kind.key)
    )


def finders(register: Register, lens: CompiledLens | None, key: str) -> Iterator[tuple[Item, ...]]:
    """The items by which a row of a kind is recognised, surest first: what tells it apart, then its whole title."""
    kind = register.tables[key].kind
    for name in FOUND_BY:
        for item in kind.items.values():
            if item.type == name and not item.sensitive and sees(register, lens, key, item.key):
                yield (item,)
    titles = tuple(kind.items[name] for name in kind.title if sees(register, lens, key, name))
    if titles and all(item.type == "text" for item in titles) and not kind.tie:
        yield titles


def _fields(register: Register, lens: CompiledLens | None, key: str, nodes: Sequence[Node]) -> Iterator[Field]:
    kind = register.tables[key].kind
    node = next(node for node in nodes if node.kind == key)
    only = {item.key for items in finders(register, lens, key) for item in items} if node.mode == "find" else None
    whole = _whole(register, lens, kind)
    if whole is not None:
        yield whole
    for item in kind.items.values():
        if item.type in ("ref", "file") or not sees(register, lens, key, item.key):
            continue
        if only is None or item.key in only:
            yield Field(f"{key}.{item.key}", key, item.label, (item,))


def _whole(register: Register, lens: CompiledLens | None, kind: Kind) -> Field | None:
    """A group that is the kind's title of two parts may stand in one column: ``Sari Havukoski``."""
    for name, members in kind.groups.items():
        if len(members) != 2 or tuple(members) != kind.title[:2]:
            continue
        items = tuple(kind.items[each] for each in members if sees(register, lens, kind.key, each))
        if len(items) == 2 and all(item.type == "text" for item in items):
            languages = dict.fromkeys(lang for item in items for lang in item.label)
            label = {lang: " + ".join(item.label.get(lang, item.key) for item in items) for lang in languages}
            return Field(f"{kind.key}.{name}", kind.key, label, items)
    return None
