"""Parsed -> Notice: presets, groups, kinds and frames written out, each fact with the place where it is written.

What cannot be understood becomes a finding, and the expansion goes on with the rest, so that one run finds everything.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from seloste.notice.expand import kinds as kinds_of_notice
from seloste.notice.expand import parties, people, purposes, rest
from seloste.notice.expand.context import Context
from seloste.notice.expand.empty import find_empty_lines
from seloste.notice.expand.keeps import without_absent_kinds
from seloste.notice.findings import Finding, rule
from seloste.notice.model import Controller, Notice, Place, Purpose, Ref
from seloste.notice.parse import LANGUAGES, Parsed
from seloste.notice.tree import Node, short

if TYPE_CHECKING:
    from seloste.catalogue.load import Vocabulary

_KEY = re.compile(r"^[a-z][a-z0-9_]{0,59}$")

BAD_KEY = rule(
    "F17-key-shape",
    "error",
    en="`{key}` cannot be a key.",
    fi="`{key}` ei kelpaa avaimeksi.",
    help_en="A key is small letters, digits and underscores, and begins with a letter: `{example}`.",
    help_fi="Avaimessa on pieniä kirjaimia, numeroita ja alaviivoja, ja se alkaa kirjaimella: `{example}`.",
)
UNKNOWN_VOCABULARY = rule(
    "V08-vocabulary-unknown",
    "error",
    en="There is no vocabulary `{word}`.",
    fi="Sanastoa `{word}` ei ole.",
    help_en="Write one of: {known}.",
    help_fi="Kirjoita jokin näistä: {known}.",
)
IDLE_SOURCE = rule(
    "S05-source-idle",
    "warning",
    en="`{key}` brings nothing the register holds, so it is no source of it.",
    fi="`{key}` ei tuo mitään, mitä rekisterissä on, joten se ei ole sen lähde.",
    help_en="Leave it out, or use what it brings.",
    help_fi="Jätä se pois tai käytä sitä, mitä se tuo.",
    law="Art. 14(2)(f)",
)
UNKNOWN_LANGUAGE = rule(
    "F18-language-unknown",
    "error",
    en="`{word}` is not a language a notice can be published in.",
    fi="Selostetta ei voi julkaista kielellä `{word}`.",
    help_en="Write language codes, as `[fi, en, sv]`.",
    help_fi="Kirjoita kielikoodeja, esimerkiksi `[fi, en, sv]`.",
)


def expand(parsed: Parsed) -> tuple[Notice, list[Finding]]:
    """The notice as it means, and what could not be understood. A notice with errors is not to be compiled."""
    root = parsed.root
    findings: list[Finding] = []
    ctx = Context(parsed.file, root, _vocabulary(root, findings), findings=findings)
    ctx.places[""] = root.place
    said = ctx.section(root, "notice", "")
    for key in said:
        ctx.places[key] = root.key_place(key)
    ctx.choice(said.get("seloste"), "seloste", ("1",))
    ctx.languages = _languages(ctx, said.get("languages"))
    kinds_of_notice.read_kinds(ctx, said.get("kinds"))
    written = said.get("purposes")
    _check_keys(ctx, root)
    ctx.purposes = tuple(dict.fromkeys([*(written.map if written is not None else ()), purposes.ACCOUNTABILITY]))
    categories = people.read_categories(ctx, said.get("people"))
    read = purposes.read_purposes(ctx, written)
    holding = kinds_of_notice.Holding(ctx, read.values())
    held = holding.kinds()
    final: dict[str, Purpose] = {
        key: without_absent_kinds(holding.only_held(purpose, held), held) for key, purpose in read.items()
    }
    processors = parties.read_processors(ctx, said.get("processors"))
    controller: Controller = parties.read_controller(ctx, said.get("controller"), processors, Place(parsed.file, 1, 1))
    notice = Notice(
        register=_register(ctx, said.get("register")),
        title=ctx.text(said.get("title"), "title") or {},
        vocabulary=ctx.vocabulary.version,
        languages=ctx.languages,
        effective=ctx.date(said.get("effective"), "effective"),
        controller=controller,
        categories=categories,
        kinds=held,
        purposes=final,
        processors=processors,
        recipients=parties.read_recipients(ctx, said.get("recipients"), controller),
        sources=people.read_sources(ctx, said.get("sources")),
        staff=people.read_staff(ctx, said.get("staff")),
        never=rest.read_never(ctx, said.get("never")),
        proofs=rest.read_proofs(ctx, said.get("proofs")),
        gives_more=rest.read_gives_more(ctx, said.get("gives_more")),
        security=rest.read_security(ctx, said.get("security")),
        requests=rest.read_requests(ctx, said.get("requests")),
        paragraphs=rest.read_paragraphs(ctx, said.get("paragraphs")),
        forms=rest.read_forms(ctx, said.get("forms")),
        embeds=rest.read_embeds(ctx, said.get("embeds")),
        cookies=rest.read_cookies(ctx, said.get("cookies")),
        see_also=rest.read_see_also(ctx, said.get("see_also")),
        accepted=rest.read_accepted(ctx, said.get("accept")),
        file=parsed.file,
    )
    notice = _outside_trimmed(ctx, notice)
    find_empty_lines(ctx, root)
    from seloste.notice.canonical import digest

    _leaf_places(ctx, root)
    return replace(notice, places=dict(ctx.places), digest=digest(notice), words=dict(ctx.words_of)), ctx.findings


def _vocabulary(root: Node, findings: list[Finding]) -> Vocabulary:
    from seloste.catalogue.load import versions, vocabulary

    node = root.get("vocabulary")
    known = versions()
    word = node.word.strip() if node is not None and node.shape == "word" else ""
    if word in known:
        return vocabulary(word)
    if node is not None:
        facts = {"word": short(word), "known": ", ".join(known)}
        findings.append(Finding(UNKNOWN_VOCABULARY, node.place, "vocabulary", facts))
    return vocabulary(known[-1])


def _languages(ctx: Context, node: Node | None) -> tuple[str, ...]:
    found = []
    for word, place in ctx.words(node, "languages"):
        if word in LANGUAGES:
            found.append(word)
        else:
            ctx.find(UNKNOWN_LANGUAGE, place, "languages", word=short(word))
    return tuple(dict.fromkeys(found))


def _register(ctx: Context, node: Node | None) -> str:
    word = ctx.word(node, "register") or ""
    if word and not _KEY.match(word) and node is not None:
        ctx.find(BAD_KEY, node.place, "register", key=short(word), example="customers")
    return word


_KEYED = {
    "kinds": "membership",
    "purposes": "customer_care",
    "processors": "mailing",
    "recipients": "carrier",
    "staff": "sales",
    "forms": "contact",
    "embeds": "video",
}


def _check_keys(ctx: Context, root: Node) -> None:
    """Keys become names of tables, roles and addresses, so their shape is fixed."""
    for section, example in _KEYED.items():
        node = root.get(section)
        if node is None or node.shape != "map":
            continue
        for key in list(node.map):
            if not _KEY.match(key):
                ctx.find(BAD_KEY, node.key_place(key), f"{section}.{short(key)}", key=short(key), example=example)
                del node.map[key]


def _outside_trimmed(ctx: Context, notice: Notice) -> Notice:
    """Lists of items outside the purposes (recipients, sources, forms) keep only what the register holds."""

    def held(refs: tuple[Ref, ...]) -> tuple[Ref, ...]:
        return tuple(
            ref
            for ref in refs
            if ref.kind in notice.kinds
            and (ref.item in notice.kinds[ref.kind].items or ref.item in notice.kinds[ref.kind].of)
        )

    sources = {}
    for key, source in notice.sources.items():
        brought = held(source.items)
        if source.items and not brought:
            # An empty list means that a source may bring everything, so one that brings nothing may not stay.
            ctx.find(IDLE_SOURCE, source.place or ctx.root.place, f"sources.{key}", key=key)
        else:
            sources[key] = replace(source, items=brought)
    return replace(
        notice,
        recipients=tuple(replace(recipient, gets=held(recipient.gets)) for recipient in notice.recipients),
        sources=sources,
        forms=tuple(replace(form, items=held(form.items)) for form in notice.forms),
    )


def _leaf_places(ctx: Context, root: Node) -> None:
    """The place of every written key that no section reader has noted, by its dotted path."""
    stack = [("", root)]
    while stack:
        path, node = stack.pop()
        for key, value in node.map.items():
            at = f"{path}.{key}" if path else key
            ctx.places.setdefault(at, node.key_place(key))
            stack.append((at, value))
