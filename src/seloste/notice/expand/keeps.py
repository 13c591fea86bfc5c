"""``keep:`` and ``at_most:`` of a purpose -> Keep, AtMost: which matter, counted from which date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from seloste.catalogue.model import Kind
from seloste.notice.expand.context import Context, read_period
from seloste.notice.expand.names import UNKNOWN_ITEM, kinds_of, known_names
from seloste.notice.findings import rule
from seloste.notice.keep import LAST_CONTACT, Clause, KeepError, Rule, own, read_rule, say_period
from seloste.notice.model import AtMost, Keep, Place, Purpose, Ref, Term
from seloste.notice.tree import Node, short
from seloste.notice.ways import own_date

if TYPE_CHECKING:
    from seloste.law.retention import Preset

PERMISSION = "permission"
"""The matter of ``until withdrawn``: the consent itself."""

UNREADABLE = rule(
    "K01-unreadable",
    "error",
    firm=True,
    en="The period `{part}` cannot be read.",
    fi="Aikaa `{part}` ei voi lukea.",
    help_en="{why}.",
    help_fi="{why}.",
    law="Art. 13(2)(a)",
)
NO_SUCH_DATE = rule(
    "K02-no-such-date",
    "error",
    firm=True,
    en="`{kind}` has no date `{date}`, so the period cannot be computed.",
    fi="Lajilla `{kind}` ei ole päivää `{date}`, joten aikaa ei voi laskea.",
    help_en="The dates of {kind} are: {known}. `last_contact` is the latest deed of the person.",
    help_fi="Lajin {kind} päivät ovat: {known}. `last_contact` on henkilön viimeisin teko.",
    law="Art. 5(1)(e), 13(2)(a)",
)
WHICH_MATTER = rule(
    "K03-which-matter",
    "error",
    firm=True,
    en="It is not said whose date `{date}` is: {ways}.",
    fi="Ei sanota, minkä päivä `{date}` on: {ways}.",
    help_en="Write which kind of data the period is of, each with its own: `keep: {{{example}}}`. A kind without a "
    "rule is kept with what it belongs to. See docs/howto/own-kinds.md.",
    help_fi="Kirjoita, minkä tietolajin aika se on, kullekin omansa: `keep: {{{example}}}`. Laji, jolla ei ole omaa "
    "aikaa, säilyy sen mukana, mihin se kuuluu. Katso docs/howto/own-kinds.md.",
    law="Art. 13(2)(a)",
)
NO_OWN_DATE = rule(
    "K04-no-own-date",
    "error",
    firm=True,
    en="`{kind}` has no date of its own to count from.",
    fi="Lajilla `{kind}` ei ole omaa päivää, josta laskea.",
    help_en="Name a date: `1 year after kind.date`.",
    help_fi="Nimeä päivä: `1 year after laji.päivä`.",
    law="Art. 13(2)(a)",
)


def read_keep(ctx: Context, node: Node | None, path: str, uses: tuple[Ref, ...]) -> tuple[Keep, ...]:
    """The keep rules of one purpose, in the order written."""
    if node is None or node.shape == "nothing":
        return ()
    if node.shape == "word":
        return _of_one_line(ctx, node, path, uses)
    if node.shape == "list":
        ctx.wrong(node, path, "one rule, or a rule for each matter", "yksi sääntö tai sääntö kullekin asialle")
        return ()
    found: list[Keep] = []
    for matter, value in node.map.items():
        at = f"{path}.{matter}"
        if matter not in ctx.kinds:
            ctx.find(UNKNOWN_ITEM, node.key_place(matter), at, word=short(matter), near=_near_kind(ctx, matter))
            continue
        said = ctx.word(value, at)
        if said is None:
            continue
        ctx.places[at] = value.place
        read = _read(ctx, said, value.place, at)
        if read is not None and (made := _keep(ctx, read, matter, value.place, at)) is not None:
            found.append(made)
    return tuple(found)


def _near_kind(ctx: Context, word: str) -> Mapping[str, str]:
    from seloste.notice.expand.context import near

    return near(word, ctx.kinds)


def _read(ctx: Context, said: str, place: Place, at: str) -> Rule | None:
    try:
        return read_rule(said, law_names(), place)
    except KeepError as error:
        ctx.find(
            UNREADABLE, place, at, part=short(error.part), why={"en": _sentence(error.en), "fi": _sentence(error.fi)}
        )
        return None


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _of_one_line(ctx: Context, node: Node, path: str, uses: tuple[Ref, ...]) -> tuple[Keep, ...]:
    """A rule without a mapping: its matter is the kind of its date; ``each`` and the law's periods: each dated kind."""
    ctx.places[path] = node.place
    read = _read(ctx, node.word, node.place, path)
    if read is None:
        return ()
    if read.base.withdrawn:
        matters = [PERMISSION]
    elif read.base.each is not None or read.base.law is not None:
        matters = dated_kinds(ctx.kinds, uses)
        if not matters:
            ctx.find(NO_OWN_DATE, node.place, path, kind=", ".join(kinds_of(uses)) or "–")
    elif read.kind is not None:
        matters = [read.kind]
        if read.kind not in ctx.kinds:
            ctx.find(UNKNOWN_ITEM, node.place, path, word=short(read.kind), near=_near_kind(ctx, read.kind))
            return ()
    else:
        assert read.base.term is not None
        date = read.base.term.date
        matters = [kind for kind in kinds_of(uses) if date in ctx.kinds[kind].items]
        if len(matters) != 1:
            none = {"en": "no kind of the purpose has it", "fi": "sitä ei ole millään käyttötarkoituksen lajilla"}
            ways: object = ", ".join(f"`{kind}.{date}`" for kind in matters) if matters else none
            if date == LAST_CONTACT:
                ways = {
                    "en": "it is the day when one was last in touch, and it can be counted from for any kind",
                    "fi": "se on päivä, jona oltiin viimeksi yhteydessä, ja siitä voi laskea joka lajin ajan",
                }
            ctx.find(WHICH_MATTER, node.place, path, date=short(date), ways=ways, example=_example(ctx, uses, date))
            return ()
    made = [_keep(ctx, read, matter, node.place, path) for matter in matters]
    return tuple(keep for keep in made if keep is not None)


def _example(ctx: Context, uses: tuple[Ref, ...], date: str) -> str:
    """A rule for the first kind of a purpose that may have one: what it counts from is a date of its own."""
    for key in kinds_of(uses):
        kind = ctx.kinds[key]
        own = date if date == LAST_CONTACT or date in kind.items else own_date(kind)
        if not kind.subject and own is not None:
            return f"{key}: 2 years after {own}"
    return "order: 2 years after ordered_on"


def dated_kinds(kinds: Mapping[str, Kind], uses: tuple[Ref, ...]) -> list[str]:
    """The used kinds whose rows have a life of their own: about somebody, dated, not belonging to another of them."""
    dated = [
        key
        for key in kinds_of(uses)
        if not kinds[key].subject and kinds[key].about != "nobody" and own_date(kinds[key]) is not None
    ]
    return [key for key in dated if not any(owner in dated for owner in kinds[key].of)]


def _keep(ctx: Context, read: Rule, matter: str, place: Place, at: str) -> Keep | None:
    kind = ctx.kinds.get(matter)
    if kind is None or read.base.withdrawn:
        return Keep(matter, None, text=read.text, place=place)
    law: str | None = None
    base: Term | None = None
    extra: list[Clause] = []
    if read.base.each is not None or read.base.law is not None:
        date = own_date(kind)
        if read.base.law is not None:
            preset = _preset(read.base.law)
            law = preset.law.get(ctx.languages[0] if ctx.languages else "en") or preset.law["en"]
            if preset.kind == "composed":
                base, extra = _composed(ctx, preset, matter, place)
            elif date is not None:
                base = _law_term(preset, date, place)
        elif date is not None:
            assert read.base.each is not None
            base = Term(*read.base.each, date, place=place)
        if base is None:
            ctx.find(NO_OWN_DATE, place, at, kind=matter)
            return None
    else:
        assert read.base.term is not None
        base = own(read.base.term, matter)
    clauses = [*extra, *read.others]
    terms = {
        role: tuple(_term(ctx, clause, matter, kind, place) for clause in clauses if clause.role == role)
        for role in ("at_least", "at_most")
    }
    keep = Keep(matter, base, terms["at_least"], terms["at_most"], read.text, law, place)
    return keep if _dates_exist(ctx, keep, at) else None


def _law_term(preset: Preset, date: str, place: Place) -> Term:
    if preset.kind == "after":
        return Term(preset.amount, preset.unit, date, place=place)
    return Term(preset.amount, preset.unit, date, preset=preset.name, place=place)


def _term(ctx: Context, clause: Clause, matter: str, kind: Kind, place: Place) -> Term:
    if clause.law is not None:
        preset = _preset(clause.law)
        return _law_term(preset, own_date(kind) or "", place)
    assert clause.term is not None
    return own(clause.term, matter)


def _composed(ctx: Context, preset: Preset, matter: str, place: Place) -> tuple[Term | None, list[Clause]]:
    """A composed period of the law as terms; those that count from a kind nobody knows ask for nothing."""
    from seloste.law.retention import clauses

    base: Term | None = None
    others: list[Clause] = []
    for clause in clauses(preset.rule):
        kind_key, dot, date = clause.date.partition(".")
        term = Term(clause.amount, clause.unit, date if dot else clause.date, kind_key if dot else None, place=place)
        if clause.role == "base":
            base = term
        elif term.kind is None or term.kind in ctx.kinds:
            others.append(Clause(clause.role, term, law=None))
    return base, others


def _dates_exist(ctx: Context, keep: Keep, at: str) -> bool:
    good = True
    assert keep.base is not None
    for term in (keep.base, *keep.at_least, *keep.at_most):
        key = term.kind or keep.matter
        if term.date == LAST_CONTACT and term.kind is None:
            continue
        kind = ctx.kinds.get(key)
        if kind is None:
            ctx.find(UNKNOWN_ITEM, keep.place or Place(ctx.file, 1, 1), at, word=short(key), near=_near_kind(ctx, key))
            good = False
            continue
        item = kind.items.get(term.date)
        if item is None or item.type not in ("date", "time"):
            dates = [other.key for other in kind.items.values() if other.type in ("date", "time")]
            ctx.find(
                NO_SUCH_DATE,
                keep.place or Place(ctx.file, 1, 1),
                at,
                kind=key,
                date=short(term.date),
                known=", ".join(dates) or "–",
            )
            good = False
    return good


def law_names() -> Mapping[str, Any]:
    from seloste.law.retention import preset_names

    return dict.fromkeys(preset_names())


def _preset(name: str) -> Preset:
    from seloste.law.retention import preset

    return preset(name)


def read_at_most(ctx: Context, node: Node | None, path: str) -> tuple[AtMost, ...]:
    """``at_most: {interaction: 3 years}``."""
    found = []
    for key, value, place in (
        ctx.entries(node, path) if node is not None and node.shape == "map" else _not_map(ctx, node, path)
    ):
        at = f"{path}.{key}"
        if key not in ctx.kinds:
            ctx.find(UNKNOWN_ITEM, place, at, word=short(key), near=_near_kind(ctx, key))
            continue
        if (period := ctx.period(value, at)) is not None:
            ctx.places[at] = value.place
            if own_date(ctx.kinds[key]) is None:
                ctx.find(NO_OWN_DATE, place, at, kind=key)
            else:
                found.append(AtMost(key, *period, place=value.place))
    return tuple(found)


def _not_map(ctx: Context, node: Node | None, path: str) -> list[tuple[str, Node, Place]]:
    if node is not None and node.shape != "nothing":
        ctx.wrong(node, path, "a mapping: `{interaction: 3 years}`", "laji ja aika: `{interaction: 3 years}`")
    return []


def without_absent_kinds(purpose: Purpose, held: Mapping[str, Kind]) -> Purpose:
    """The purpose with the law's own terms about kinds the register does not hold left out: they ask for nothing."""
    keeps = []
    for keep in purpose.keep:
        if keep.law is None:
            keeps.append(keep)
            continue
        least = tuple(term for term in keep.at_least if term.kind is None or term.kind in held)
        most = tuple(term for term in keep.at_most if term.kind is None or term.kind in held)
        keeps.append(replace(keep, at_least=least, at_most=most))
    return replace(purpose, keep=tuple(keeps))


__all__ = [
    "dated_kinds",
    "known_names",
    "read_at_most",
    "read_keep",
    "read_period",
    "say_period",
    "without_absent_kinds",
]
