"""``kinds:`` of the notice, and which kinds and items the register holds: those some purpose names, no others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from seloste.catalogue.model import PERSON, Item, Kind
from seloste.notice.expand.context import Context, humanise
from seloste.notice.expand.names import meaning
from seloste.notice.findings import rule
from seloste.notice.model import Place, Purpose, Ref
from seloste.notice.tree import Node, short

BAD_KIND = rule(
    "D01-kind-unreadable",
    "error",
    firm=True,
    en="The kind `{kind}` cannot be read: {why}",
    fi="Tietolajia `{kind}` ei voi lukea: {why}",
    help_en="A kind is written as `membership: {{label: Membership, of: [person], items: {{number: text, began: "
    "date}}}}`.",
    help_fi="Tietolaji kirjoitetaan `membership: {{label: Jäsenyys, of: [person], items: {{number: text, began: "
    "date}}}}`.",
)
NO_LABEL = rule(
    "D02-label-missing",
    "note",
    en="`{path}` has no name in {languages}, so people read its key.",
    fi="Kohdalla `{path}` ei ole nimeä kielellä {languages}, joten ihmiset lukevat avaimen.",
    help_en="Write `label:` in each language of the notice.",
    help_fi="Kirjoita `label:` selosteen jokaisella kielellä.",
)
POINTS_NOWHERE = rule(
    "D03-points-nowhere",
    "error",
    firm=True,
    en="`{ref}` points at `{kind}`, which no purpose uses.",
    fi="`{ref}` osoittaa lajiin `{kind}`, jota mikään käyttötarkoitus ei käytä.",
    help_en="Add `{kind}` to the `uses:` of a purpose, or leave `{ref}` out.",
    help_fi="Lisää `{kind}` jonkin käyttötarkoituksen kohtaan `uses:` tai jätä `{ref}` pois.",
)
BELONGS_TO_NOTHING = rule(
    "D04-belongs-to-nothing",
    "error",
    firm=True,
    en="A row of `{kind}` belongs to one of {ends}, and no purpose uses any of them.",
    fi="Lajin `{kind}` rivi kuuluu johonkin näistä: {ends}, eikä mikään käyttötarkoitus käytä niistä yhtäkään.",
    help_en="Add one of them to the `uses:` of the purpose.",
    help_fi="Lisää jokin niistä käyttötarkoituksen kohtaan `uses:`.",
)
RESERVED_NAME = rule(
    "D12-reserved-name",
    "error",
    firm=True,
    en="A kind cannot be called `{kind}`, because the register has a page or a table of that name.",
    fi="Tietolajin nimi ei voi olla `{kind}`, koska rekisterissä on sen niminen sivu tai taulu.",
    help_en="Choose another key, as `{kind}_record`; the label that people read may stay.",
    help_fi="Valitse toinen avain, vaikkapa `{kind}_record`; ihmisten lukema nimi voi olla sama.",
)

RESERVED = frozenset(
    (
        *("audience", "find", "import", "journal", "menu", "pick", "privacy", "register", "search", "suggest"),
        *("undo", "view"),
        # Pages of the privacy lead and the person that notices written today must leave room for.
        *("contact", "evidence", "notice", "person_page", "portal", "report", "request", "requests", "retention"),
    )
)
"""Names that a kind cannot have: pages beside the lists of kinds, and tables of the register itself."""

RESERVED_BEGINNINGS = ("sys_", "journal_", "sqlite_", "pg_", "seloste_")
"""What the names of the engines' own tables, and of ours, begin with."""


def read_kinds(ctx: Context, node: Node | None) -> None:
    """Add the notice's own kinds to those of the vocabulary in ``ctx.kinds``."""
    ctx.kinds = dict(ctx.vocabulary.kinds)
    if node is None or node.shape == "nothing":
        return
    if node.shape != "map":
        ctx.wrong(node, "kinds", "a mapping: a key for each kind", "avain kullekin tietolajille")
        return
    from seloste.catalogue.load import CatalogueError, kind_from_mapping, missing_labels

    own: dict[str, Any] = {}
    for key, value in node.map.items():
        path = f"kinds.{key}"
        ctx.places[path] = node.key_place(key)
        ctx.section(value, "kind", path)
        if key in RESERVED or key.startswith(RESERVED_BEGINNINGS):
            ctx.find(RESERVED_NAME, node.key_place(key), path, kind=short(key))
        if value.shape == "map":
            own[key] = _plain(value)
            own[key].pop("built_in", None)
            if key in ctx.kinds:
                _without_said_again(own[key], ctx.kinds[key])
    known: dict[str, Any] = {**ctx.kinds, **{key: None for key in own if key not in ctx.kinds}}
    for key, raw in own.items():
        value, path = node.map[key], f"kinds.{key}"
        _item_places(ctx, value, path)
        try:
            ctx.kinds[key] = kind_from_mapping(key, raw, {**known, **ctx.kinds}, ctx.languages or ("en",))
        except CatalogueError as error:
            why = {"en": _without_path(error, "en"), "fi": _without_path(error, "fi")}
            ctx.find(BAD_KIND, _place_in(value, error.path) or node.key_place(key), path, kind=short(key), why=why)
            continue
        except (AttributeError, TypeError, ValueError):
            what = {"en": "its parts are in the wrong shape.", "fi": "sen osat ovat väärässä muodossa."}
            ctx.find(BAD_KIND, node.key_place(key), path, kind=short(key), why=what)
            continue
        if key not in ctx.vocabulary.kinds:
            _labels(
                ctx,
                _unlabelled(ctx, raw, missing_labels(raw, ctx.languages or ("en",))),
                value,
                node.key_place(key),
                path,
            )


def _without_said_again(raw: dict[str, Any], base: Kind) -> None:
    """Drop what a kind of the vocabulary says of itself anyway, as the expanded form writes it."""
    for name in ("about", "tie", "subject", "act", "dated", "due", "done", "assigned", "owner_item"):
        if name in raw and raw[name] == getattr(base, name):
            del raw[name]
    for name in ("of", "optional_of"):
        said = raw.get(name)
        if isinstance(said, list) and all(owner in getattr(base, name) for owner in said):
            del raw[name]
    asked = raw.get("only_with")
    if isinstance(asked, dict) and all(set(asked[end]) <= set(base.only_with.get(end, ())) for end in asked):
        del raw["only_with"]


def _unlabelled(ctx: Context, raw: dict[str, Any], missing: list[str]) -> list[str]:
    """``missing``, with the plural when it is written in some languages only (a kind without one shows its label)."""
    plural = raw.get("plural")
    lacking = isinstance(plural, dict) and any(not plural.get(language) for language in ctx.languages)
    return [*missing, "plural"] if lacking else missing


def _labels(ctx: Context, missing: list[str], value: Node, place: Place, path: str) -> None:
    """One finding for a kind whose names are missing, at the first of them."""
    if missing:
        whose = ", ".join(missing[:4]) + (" …" if len(missing) > 4 else "")
        ctx.find(
            NO_LABEL,
            _place_in(value, missing[0].removesuffix(".label")) or place,
            path,
            path=f"{path}: {whose}",
            languages=", ".join(ctx.languages),
        )


def _item_places(ctx: Context, value: Node, path: str) -> None:
    items = value.get("items")
    if items is not None and items.shape == "map":
        for key in items.map:
            ctx.places[f"{path}.items.{key}"] = items.key_place(key)


def _without_path(error: Any, lang: str) -> str:
    said: str = error.message(lang)
    return said.removeprefix(f"{error.path}: ")


def _plain(node: Node) -> Any:
    """Like ``tree.plain``, with true and false as such, and absent values left out."""
    match node.shape:
        case "map":
            return {key: _plain(value) for key, value in node.map.items() if value.shape != "nothing"}
        case "list":
            return [_plain(item) for item in node.items]
        case "word":
            return node.word == "true" if node.word in ("true", "false") and not node.quoted else node.word
    return None


def _place_in(node: Node, path: str) -> Place | None:
    """The place of the deepest key of a dotted path that is written."""
    place: Place | None = None
    for part in path.split("."):
        if node.shape != "map" or part not in node.map:
            break
        place, node = node.key_place(part), node.map[part]
    return place


def _kept(names: Mapping[str, tuple[str, ...]], items: Mapping[str, Item]) -> dict[str, tuple[str, ...]]:
    """Names that stand for several items, with those that are held."""
    return {name: kept for name, keys in names.items() if (kept := tuple(key for key in keys if key in items))}


class Holding:
    """Which kinds and items the purposes hold, worked out once from their ``uses``."""

    def __init__(self, ctx: Context, purposes: Iterable[Purpose]) -> None:
        self.ctx = ctx
        self.purposes = list(purposes)
        self.named: dict[str, dict[str, Ref]] = {}
        for purpose in self.purposes:
            for ref in purpose.uses:
                self.named.setdefault(ref.kind, {}).setdefault(ref.item, ref)
        self.touched = set(self.named) | {PERSON}

    def kinds(self) -> dict[str, Kind]:
        """Each touched kind with only the items held, in the catalogue's order."""
        self._follow_references()
        held = {key: self._kind(kind) for key, kind in self.ctx.kinds.items() if key in self.touched}
        self._check_ends(held)
        return held

    def _follow_references(self) -> None:
        """References named one by one must have something to point at; those that come with a kind may be left out."""
        for purpose in self.purposes:
            for ref in purpose.uses:
                item = self.ctx.kinds[ref.kind].items.get(ref.item)
                if item is None or item.refers_to is None or item.refers_to in self.touched:
                    continue
                self.named[ref.kind].pop(ref.item, None)
                if self.ctx.named_alone(f"purposes.{purpose.key}.uses", ref):
                    place = self.ctx.places.get(f"purposes.{purpose.key}.uses.{ref}") or purpose.place
                    assert place is not None
                    self.ctx.find(
                        POINTS_NOWHERE, place, f"purposes.{purpose.key}.uses.{ref}", ref=ref, kind=item.refers_to
                    )

    def _kind(self, kind: Kind) -> Kind:
        named = self.named.get(kind.key, {})
        items: dict[str, Item] = {key: item for key, item in kind.items.items() if key in named}
        return replace(
            kind,
            of=tuple(owner for owner in kind.of if owner in self.touched),
            optional_of=tuple(owner for owner in kind.optional_of if owner in self.touched),
            items=items,
            only_with=_kept(kind.only_with, items),
            groups=_kept(kind.groups, items),
            title=tuple(key for key in kind.title if key in items),
            act=kind.act if kind.act in items else None,
            dated=kind.dated if kind.dated in items else None,
            due=kind.due if kind.due in items else None,
            done=kind.done if kind.done in items else None,
            assigned=kind.assigned if kind.assigned in items else None,
            owner_item=kind.owner_item if kind.owner_item in items else None,
        )

    def _check_ends(self, held: Mapping[str, Kind]) -> None:
        """A row about somebody needs an end that leads to him; ends no purpose uses are simply not held."""
        for key, kind in held.items():
            whole = self.ctx.kinds[key]
            if not whole.of or kind.of or whole.subject or whole.built_in or whole.about == "nobody":
                continue
            place, at = self._first_use(key)
            self.ctx.find(BELONGS_TO_NOTHING, place, at, kind=key, ends=", ".join(f"`{owner}`" for owner in whole.of))

    def _first_use(self, kind: str) -> tuple[Place, str]:
        for purpose in self.purposes:
            for ref in purpose.uses:
                if ref.kind == kind:
                    at = f"purposes.{purpose.key}.uses.{ref}"
                    place = self.ctx.places.get(at) or purpose.place
                    assert place is not None
                    return place, at
        return self.ctx.root.place, f"kinds.{kind}"

    def only_held(self, purpose: Purpose, held: Mapping[str, Kind]) -> Purpose:
        """The purpose with what the register does not hold left out of what it uses and borrows."""

        def there(ref: Ref) -> bool:
            kind = held.get(ref.kind)
            return kind is not None and (ref.item in kind.items or ref.item in kind.of)

        return replace(
            purpose,
            uses=tuple(ref for ref in purpose.uses if there(ref)),
            borrows=tuple(ref for ref in purpose.borrows if there(ref)),
        )


def stands_for(ctx: Context, word: str) -> tuple[Ref, ...]:
    """What a word means, without findings."""
    refs = meaning(word, ctx.kinds)
    return () if isinstance(refs, list) else refs


__all__ = ["Holding", "humanise", "read_kinds", "stands_for"]
