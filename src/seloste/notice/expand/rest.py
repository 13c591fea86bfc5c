"""The other sections: promises, security, requests, paragraphs, forms, embeds, cookies, sister notices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seloste.notice.expand.context import Context, humanise
from seloste.notice.expand.names import read_uses
from seloste.notice.fields import HEADINGS, PROOFS
from seloste.notice.findings import rule
from seloste.notice.model import Accepted, Cookie, Embed, Form, Measure, SeeAlso
from seloste.notice.tree import Node, short

UNKNOWN_MEASURE = rule(
    "X01-measure-unknown",
    "error",
    firm=True,
    en="`{word}` is not a security measure of the vocabulary, and has no `text:` of its own.{near}",
    fi="`{word}` ei ole sanaston suojatoimi, eikä sillä ole omaa riviä `text:`.{near}",
    help_en="Write one of {known}; or describe it: `{word}: {{text: ..., by: ..., at: 2026-10-05, next_check: "
    "2027-10-05}}`.",
    help_fi="Kirjoita jokin näistä: {known}; tai kuvaa se: `{word}: {{text: ..., by: ..., at: 2026-10-05, "
    "next_check: 2027-10-05}}`.",
    law="Art. 30(1)(g), 32(1)",
)


def read_never(ctx: Context, node: Node | None) -> tuple[str, ...]:
    found = []
    for word, place in ctx.words(node, "never"):
        ctx.places[f"never.{word}"] = place
        if ctx.known(word, place, "never", ctx.vocabulary.never):
            found.append(word)
    return tuple(dict.fromkeys(found))


def read_proofs(ctx: Context, node: Node | None) -> tuple[str, ...]:
    found = []
    for word, place in ctx.words(node, "proofs"):
        ctx.places[f"proofs.{word}"] = place
        if ctx.known(word, place, "proofs", PROOFS):
            found.append(word)
    return tuple(dict.fromkeys(found))


def read_security(ctx: Context, node: Node | None) -> tuple[Measure, ...]:
    found = []
    for key, value, place in ctx.entries(node, "security"):
        path = f"security.{key}"
        ctx.places[path] = place
        known: Mapping[str, Any] = ctx.vocabulary.security.get(key, {})
        said = ctx.section(value, "measure", path)
        text = ctx.text(said.get("text"), f"{path}.text") or known.get("text")
        if not text:
            from seloste.notice.expand.context import near

            names = ctx.vocabulary.security
            ctx.find(UNKNOWN_MEASURE, place, path, word=short(key), near=near(key, names), known=", ".join(names))
            continue
        by = ctx.text(said.get("by"), f"{path}.by")
        found.append(
            Measure(
                key=key,
                text=dict(text),
                proved=known.get("nature") == "proved",
                by=next(iter(by.values())) if by else None,
                on=ctx.date(said.get("at"), f"{path}.at"),
                next_check=ctx.date(said.get("next_check"), f"{path}.next_check"),
                by_text=by,
                place=place,
            )
        )
    return tuple(found)


def read_requests(ctx: Context, node: Node | None) -> dict[str, bool]:
    said = ctx.section(node, "requests", "requests")
    found = {}
    for key, value in said.items():
        ctx.places[f"requests.{key}"] = value.place
        if (flag := ctx.flag(value, f"requests.{key}")) is not None:
            found[key] = flag
    return found


def read_gives_more(ctx: Context, node: Node | None) -> dict[str, object]:
    said = ctx.section(node, "gives_more", "gives_more")
    found: dict[str, object] = {}
    for key, value in said.items():
        path = f"gives_more.{key}"
        ctx.places[path] = value.place
        match key:
            case "ban_erasable":
                found[key] = bool(ctx.flag(value, path))
            case "portability":
                found[key] = ctx.purposes_named(value, path)
            case "erasure":
                if (word := ctx.choice(value, path, ("on_request",))) is not None:
                    found[key] = word
            case "answer_within":
                if (period := ctx.period(value, path)) is not None:
                    found[key] = period
    return found


def read_paragraphs(ctx: Context, node: Node | None) -> dict[str, Mapping[str, str]]:
    said = ctx.section(node, "paragraphs", "paragraphs")
    found = {}
    for key in HEADINGS:
        if key in said and (text := ctx.text(said[key], f"paragraphs.{key}")) is not None:
            ctx.places[f"paragraphs.{key}"] = said[key].place
            found[key] = text
    return found


def read_forms(ctx: Context, node: Node | None) -> tuple[Form, ...]:
    found = []
    for key, value, place in ctx.entries(node, "forms"):
        path = f"forms.{key}"
        ctx.places[path] = place
        said = ctx.section(value, "form", path)
        text = ctx.text(said.get("text"), f"{path}.text") or dict.fromkeys(ctx.languages, humanise(key))
        items = read_uses(ctx, said.get("items"), f"{path}.items")
        found.append(Form(key, text, items, ctx.purposes_named(said.get("for"), f"{path}.for"), place))
    return tuple(found)


def read_embeds(ctx: Context, node: Node | None) -> tuple[Embed, ...]:
    from seloste.notice.expand.parties import country

    found = []
    for key, value, place in ctx.entries(node, "embeds"):
        path = f"embeds.{key}"
        ctx.places[path] = place
        said = ctx.section(value, "embed", path)
        land = said.get("country")
        found.append(
            Embed(
                key=key,
                text=ctx.text(said.get("text"), f"{path}.text") or dict.fromkeys(ctx.languages, humanise(key)),
                provider=ctx.word(said.get("provider"), f"{path}.provider") or "",
                privacy_url=ctx.word(said.get("privacy_url"), f"{path}.privacy_url"),
                country=country(ctx, ctx.word(land, f"{path}.country"), land.place, f"{path}.country")
                if land
                else None,
                place=place,
            )
        )
    return tuple(found)


def read_cookies(ctx: Context, node: Node | None) -> tuple[Cookie, ...]:
    """A list of mappings with a name, or a mapping from the name."""
    found = []
    for name, value in _named(ctx, node, "cookies"):
        path = f"cookies.{name}"
        ctx.places[path] = value.place
        said = ctx.section(value, "cookie", path)
        purpose = ctx.purposes_named(said.get("purpose"), f"{path}.purpose")
        found.append(
            Cookie(
                name=name,
                provider=ctx.word(said.get("provider"), f"{path}.provider") or "",
                text=ctx.text(said.get("text"), f"{path}.text") or {},
                purpose=purpose[0] if purpose else None,
                duration=ctx.word(said.get("duration"), f"{path}.duration") or "",
                necessary=bool(ctx.flag(said.get("necessary"), f"{path}.necessary")),
                place=value.place,
            )
        )
    return tuple(found)


def _named(ctx: Context, node: Node | None, path: str) -> list[tuple[str, Node]]:
    if node is None or node.shape == "nothing":
        return []
    if node.shape == "map":
        return list(node.map.items())
    found = []
    for number, item in enumerate(node.items):
        name = ctx.word(item.get("name"), f"{path}.{number}.name") if item.shape == "map" else None
        if name is None:
            ctx.wrong(item, f"{path}.{number}", "a mapping with `name:`", "osa, jolla on `name:`")
        else:
            found.append((name, item))
    return found


def read_see_also(ctx: Context, node: Node | None) -> tuple[SeeAlso, ...]:
    found = []
    for number, item in enumerate(_items(ctx, node, "see_also")):
        path = f"see_also.{number}"
        ctx.places[path] = item.place
        said = ctx.section(item, "see_also", path)
        found.append(
            SeeAlso(
                text=ctx.text(said.get("text"), f"{path}.text") or {},
                url=ctx.word(said.get("url"), f"{path}.url"),
                register=ctx.word(said.get("register"), f"{path}.register"),
                place=item.place,
            )
        )
    return tuple(found)


def read_accepted(ctx: Context, node: Node | None) -> tuple[Accepted, ...]:
    found = []
    for number, item in enumerate(_items(ctx, node, "accept")):
        path = f"accept.{number}"
        ctx.places[path] = item.place
        said = ctx.section(item, "accept", path)
        found.append(
            Accepted(
                code=ctx.word(said.get("code"), f"{path}.code") or "",
                at=ctx.word(said.get("at"), f"{path}.at") or "",
                because=ctx.text(said.get("because"), f"{path}.because") or {},
                place=item.place,
            )
        )
    return tuple(found)


def _items(ctx: Context, node: Node | None, path: str) -> list[Node]:
    if node is None or node.shape == "nothing":
        return []
    if node.shape != "list":
        ctx.wrong(node, path, "a list: each item begins with `- `", "luettelo: joka kohdan alussa on `- `")
        return []
    return node.items


__all__ = [name for name in globals() if name.startswith("read_")]
