"""``people:``, ``sources:``, ``staff:`` -> whom the data are about, where they come from, who acts for what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from seloste.catalogue.model import Kind
from seloste.notice.expand.context import Context, humanise
from seloste.notice.expand.names import one_ref, read_uses, resolve
from seloste.notice.findings import rule
from seloste.notice.model import Category, Lens, Place, Ref, Source
from seloste.notice.tree import Node, short

BAD_TIE = rule(
    "A01-tie-unknown",
    "error",
    firm=True,
    en="`{word}` does not say which kind makes a person one of these.",
    fi="`{word}` ei kerro, mikä tietolaji tekee ihmisestä yhden näistä.",
    help_en="Write `tie: relationship`, or `tie: relationship !organisation` when the other end must exist.",
    help_fi="Kirjoita `tie: relationship`, tai `tie: relationship !organisation`, jos toisen pään on oltava.",
)
NO_TIE = rule(
    "A02-category-unknown",
    "error",
    firm=True,
    en="`{word}` is not a category of people of the vocabulary, and has no `tie:` of its own.{near}",
    fi="`{word}` ei ole sanaston ihmisryhmä, eikä sillä ole omaa riviä `tie:`.{near}",
    help_en="Write one of {known}; or say what makes a person one: `{word}: {{text: ..., tie: relationship}}`.",
    help_fi="Kirjoita jokin näistä: {known}; tai kerro, mikä tekee ihmisestä sellaisen: `{word}: {{text: ..., tie: "
    "relationship}}`.",
    law="Art. 30(1)(c)",
)
NO_SOURCE = rule(
    "S01-source-unknown",
    "error",
    firm=True,
    en="`{word}` is not a source of the vocabulary, and has no `text:` and `art14:` of its own.{near}",
    fi="`{word}` ei ole sanaston lähde, eikä sillä ole omia rivejä `text:` ja `art14:`.{near}",
    help_en="Write one of {known}; or describe it: `{word}: {{text: ..., art14: true, public: false}}`.",
    help_fi="Kirjoita jokin näistä: {known}; tai kuvaa se: `{word}: {{text: ..., art14: true, public: false}}`.",
    law="Art. 14(2)(f)",
)


def read_categories(ctx: Context, node: Node | None) -> tuple[Category, ...]:
    found = []
    for key, value, place in ctx.entries(node, "people"):
        path = f"people.{key}"
        ctx.places[path] = place
        said = ctx.section(value, "category", path)
        known: Mapping[str, Any] = ctx.vocabulary.categories.get(key, {})
        text = ctx.text(said.get("text"), f"{path}.text") or known.get("text")
        tie, required = _tie(ctx, said.get("tie"), f"{path}.tie", place)
        if "tie" not in said:
            if not known:
                from seloste.notice.expand.context import near

                names = ctx.vocabulary.categories
                ctx.find(NO_TIE, place, path, word=short(key), near=near(key, names), known=", ".join(names))
                continue
            tie, required = known.get("tie"), tuple(known.get("required", ()))
        age = ctx.word(said.get("youngest"), f"{path}.youngest")
        if age is not None and not (age.isdigit() and 0 < int(age) < 100):
            ctx.wrong(said["youngest"], f"{path}.youngest", "an age in years, as `13`", "ikä vuosina, esimerkiksi `13`")
            age = None
        found.append(
            Category(
                key=key,
                text=dict(text) if text else dict.fromkeys(ctx.languages, humanise(key)),
                tie=tie,
                required=required,
                youngest=int(age) if age else None,
                through=ctx.word(said.get("through"), f"{path}.through") or known.get("through"),
                text_written=bool(text),
                place=place,
            )
        )
    ctx.business_only = business_only(found, ctx.kinds)
    return tuple(found)


def business_only(categories: Iterable[Category], kinds: Mapping[str, Kind]) -> bool:
    """Whether every person the register can name acts for somebody else: the other end of the tie must exist."""
    named = [known for known in categories if known.tie and known.tie in kinds and not kinds[known.tie].subject]
    return bool(named) and all(category.required for category in named)


def _tie(ctx: Context, node: Node | None, path: str, place: Place) -> tuple[str | None, tuple[str, ...]]:
    word = ctx.word(node, path)
    if word is None or node is None:
        return None, ()
    if word == "none":
        return None, ()
    tie, *ends = word.split()
    required = tuple(end.removeprefix("!") for end in ends)
    if (
        tie not in ctx.kinds
        or any(not end.startswith("!") for end in ends)
        or any(end not in ctx.kinds[tie].of for end in required)
    ):
        ctx.find(BAD_TIE, node.place, path, word=short(word))
        return None, ()
    return tie, required


# --- sources ----------------------------------------------------------------------------------------------------------


def read_sources(ctx: Context, node: Node | None) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for key, value, place in ctx.entries(node, "sources"):
        path = f"sources.{key}"
        ctx.places[path] = place
        known: Mapping[str, Any] = ctx.vocabulary.sources.get(key, {})
        described = value.shape == "map"
        said = ctx.section(value, "source", path) if described else {"items": value}
        if not known and not (described and "text" in said):
            from seloste.notice.expand.context import near

            names = ctx.vocabulary.sources
            ctx.find(NO_SOURCE, place, path, word=short(key), near=near(key, names), known=", ".join(names))
            continue
        items = read_uses(ctx, said.get("items"), path)
        if not items:
            items = tuple(
                dict.fromkeys(ref for word in known.get("brings", ()) for ref in resolve(ctx, word, place, path))
            )
        art14 = ctx.flag(said.get("art14"), f"{path}.art14")
        public = ctx.flag(said.get("public"), f"{path}.public")
        found[key] = Source(
            key=key,
            text=ctx.text(said.get("text"), f"{path}.text") or dict(known.get("text", {})) or {},
            art14=bool(known.get("art14", False)) if art14 is None else art14,
            public=bool(known.get("public", False)) if public is None else public,
            items=items,
            brings_all=not items,
            art14_said=bool(known) or art14 is not None,
            place=place,
        )
    return found


# --- staff ------------------------------------------------------------------------------------------------------------


def read_staff(ctx: Context, node: Node | None) -> dict[str, Lens]:
    found: dict[str, Lens] = {}
    for key, value, place in ctx.entries(node, "staff"):
        path = f"staff.{key}"
        ctx.places[path] = place
        described = value.shape == "map"
        said = ctx.section(value, "lens", path) if described else {"for": value}
        only = ctx.word(said.get("only"), f"{path}.only")
        narrowed: Ref | None = one_ref(ctx, only, said["only"].place, f"{path}.only") if only else None
        text = ctx.text(said.get("text"), f"{path}.text") or ctx.vocabulary.texts.get("roles", {}).get(key)
        found[key] = Lens(
            key=key,
            text=dict(text) if text else dict.fromkeys(ctx.languages, humanise(key)),
            purposes=ctx.purposes_named(said.get("for"), path if not described else f"{path}.for"),
            only=narrowed,
            place=place,
        )
    return found
