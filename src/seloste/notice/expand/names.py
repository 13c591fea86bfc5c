"""Flat names -> items: what ``uses: [name, contact, order, order.notes]`` stands for.

A word is, in this order: a group of the person (``contact``), a kind (its core items: not named one by one, not
sensitive), ``kind.group`` or ``kind.item``, an item of the person (``salutation``), or an item that one kind alone has.
What several kinds have is ambiguous, and the finding lists them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from seloste.catalogue.model import PERSON, Kind
from seloste.notice.expand.context import Context, near
from seloste.notice.findings import rule
from seloste.notice.model import Place, Ref
from seloste.notice.tree import Node, short

UNKNOWN_ITEM = rule(
    "V03-unknown-item",
    "error",
    en="No group, kind or item is called `{word}`.{near}",
    fi="Ryhmää, tietolajia tai tietoa `{word}` ei ole.{near}",
    help_en="Write a group (`name`, `contact`), a kind (`order`), an item (`order.notes`), or add it under `kinds:`.",
    help_fi="Kirjoita ryhmä (`name`, `contact`), tietolaji (`order`), tieto (`order.notes`) tai lisää se kohtaan "
    "`kinds:`.",
)
AMBIGUOUS_ITEM = rule(
    "V04-ambiguous-item",
    "error",
    en="`{word}` may mean several items: {ways}.",
    fi="`{word}` voi tarkoittaa useaa tietoa: {ways}.",
    help_en="Write one of them in full.",
    help_fi="Kirjoita niistä yksi kokonaan.",
)
NOT_ONE_ITEM = rule(
    "V05-not-one-item",
    "error",
    en="`{word}` is not one item of one kind.{near}",
    fi="`{word}` ei ole yksi tieto yhdestä tietolajista.{near}",
    help_en="Write it as `kind.item`, for example `order.carrier`.",
    help_fi="Kirjoita se muodossa `laji.tieto`, esimerkiksi `order.carrier`.",
)


def core(kind: Kind) -> tuple[Ref, ...]:
    """What the bare name of a kind stands for; a bare tie stands for its ends."""
    items = tuple(Ref(kind.key, item.key) for item in kind.items.values() if not item.extra and not item.sensitive)
    return items or tuple(Ref(kind.key, owner) for owner in kind.of)


def group(kind: Kind, name: str) -> tuple[Ref, ...]:
    """The items of a group; sensitive ones are never held through a group's name."""
    return tuple(Ref(kind.key, key) for key in kind.groups[name] if key in kind.items and not kind.items[key].sensitive)


def meaning(word: str, kinds: Mapping[str, Kind]) -> tuple[Ref, ...] | list[str]:
    """The items a word stands for; a list of the full names it may mean if there are several; empty if none."""
    person = kinds.get(PERSON)
    if person is not None and word in person.groups:
        return group(person, word)
    if word in kinds:
        return core(kinds[word])
    kind_key, dot, item_key = word.partition(".")
    if dot:
        kind = kinds.get(kind_key)
        if kind is None:
            return ()
        if item_key in kind.items or item_key in kind.of:
            return (Ref(kind_key, item_key),)
        return group(kind, item_key) if item_key in kind.groups else ()
    if person is not None and word in person.items:
        return (Ref(PERSON, word),)
    owners = [key for key, kind in kinds.items() if word in kind.items and not kind.built_in]
    if len(owners) == 1:
        return (Ref(owners[0], word),)
    return [f"{owner}.{word}" for owner in owners] if owners else ()


def known_names(kinds: Mapping[str, Kind]) -> list[str]:
    person = kinds.get(PERSON)
    names = [*(person.groups if person else ()), *(person.items if person else ()), *kinds]
    return [*names, *(f"{key}.{item}" for key, kind in kinds.items() for item in kind.items)]


def read_uses(ctx: Context, node: Node | None, path: str) -> tuple[Ref, ...]:
    """The items a list of flat names stands for, in the order written. A leading ``+`` is for the caller."""
    found: dict[Ref, Place] = {}
    by: dict[Ref, str] = {}
    for word, place in ctx.words(node, path):
        if word == "+":
            continue
        for ref in resolve(ctx, word, place, path):
            found.setdefault(ref, place)
            if by.setdefault(ref, word) != word and word in (str(ref), ref.item):
                by[ref] = word
    for ref, place in found.items():
        ctx.places[f"{path}.{ref}"] = place
        ctx.words_of[f"{path}.{ref}"] = by[ref]
    return tuple(found)


def resolve(ctx: Context, word: str, place: Place, path: str) -> tuple[Ref, ...]:
    refs = meaning(word, ctx.kinds)
    at = f"{path}.{word}"
    if isinstance(refs, list):
        ctx.find(AMBIGUOUS_ITEM, place, at, word=short(word), ways=", ".join(f"`{way}`" for way in refs[:8]))
        return ()
    if not refs and word not in ctx.kinds:
        ctx.find(UNKNOWN_ITEM, place, at, word=short(word), near=near(word, known_names(ctx.kinds)))
    return refs


def one_ref(ctx: Context, word: str, place: Place, path: str) -> Ref | None:
    """``kind.item`` (or ``kind.parent``), or a bare name that means one item, else a finding."""
    kind_key, dot, item_key = word.partition(".")
    kind = ctx.kinds.get(kind_key)
    if dot and kind is not None and (item_key in kind.items or item_key in kind.of):
        return Ref(kind_key, item_key)
    refs = meaning(word, ctx.kinds)
    if isinstance(refs, tuple) and len(refs) == 1:
        return refs[0]
    ctx.find(NOT_ONE_ITEM, place, path, word=short(word), near=near(word, known_names(ctx.kinds)))
    return None


def kinds_of(refs: Iterable[Ref]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ref.kind for ref in refs))
