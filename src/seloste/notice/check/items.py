"""Which data, whose they are, and which matter they follow: Art. 5(1)(c), 14(1)(d), 30(1)(c)."""

from __future__ import annotations

from collections.abc import Iterator

from seloste.catalogue.model import Kind
from seloste.notice.check.words import words_not_held
from seloste.notice.findings import Finding, found, place_of, rule
from seloste.notice.model import Notice, Purpose, Ref
from seloste.notice.ways import references, subject_paths, way

ITEM_UNUSED = rule(
    "D05-item-unused",
    "warning",
    en="No purpose uses `{ref}`, so the register does not hold it.",
    fi="Mikään käyttötarkoitus ei käytä tietoa `{ref}`, joten rekisteri ei pidä sitä.",
    help_en="Name it in the `uses:` of a purpose, or leave it out.",
    help_fi="Nimeä se jonkin käyttötarkoituksen kohdassa `uses:` tai jätä se pois.",
    law="Art. 5(1)(b) and (c)",
)
NO_WAY_TO_MATTER = rule(
    "D06-no-matter",
    "error",
    firm=True,
    en="`{key}` uses `{kind}`, and nothing says which of its matters a row of it follows.",
    fi="`{key}` käyttää lajia `{kind}`, mutta mikään ei kerro, mitä asiaa sen rivi seuraa.",
    help_en="Give `{kind}` a rule of its own under `keep:`, or use what ties it to one of: {matters}.",
    help_fi="Anna lajille `{kind}` oma sääntö kohdassa `keep:` tai käytä sitä, mikä sitoo sen johonkin näistä: "
    "{matters}.",
    law="Art. 5(1)(e), 13(2)(a)",
)
NO_WAY_TO_PERSON = rule(
    "D07-no-person",
    "error",
    firm=True,
    en="Rows of `{kind}` are about people, and nothing says about whom.",
    fi="Lajin `{kind}` rivit koskevat ihmisiä, mutta mikään ei kerro, ketä.",
    help_en="Say under `kinds:` what a row belongs to, as `of: [person]`, or `about: nobody`.",
    help_fi="Kerro kohdassa `kinds:`, mihin rivi kuuluu, esimerkiksi `of: [person]`, tai `about: nobody`.",
    law="Art. 15, 17",
)
AMBIGUOUS_WAY = rule(
    "D08-several-ways",
    "error",
    firm=True,
    en="In `{key}` a row of `{kind}` may follow `{matter}` in several ways: {ways}.",
    fi="Tarkoituksessa `{key}` lajin `{kind}` rivi voi seurata asiaa `{matter}` usealla tavalla: {ways}.",
    help_en="Say which one is meant: name only that item in `uses:`, or let the kind belong to the matter (`of:`).",
    help_fi="Kerro, mikä niistä on oikea: nimeä kohdassa `uses:` vain se tieto tai pane laji kuulumaan asiaan (`of:`).",
    law="Art. 5(1)(e)",
)
NOTHING_TO_BORROW = rule(
    "D09-nothing-to-borrow",
    "warning",
    en="`{key}` borrows `{word}`, and no purpose holds it.",
    fi="`{key}` lainaa tietoa `{word}`, mutta mikään käyttötarkoitus ei pidä sitä.",
    help_en="Name it in the `uses:` of a purpose that needs it, or leave it out.",
    help_fi="Nimeä se sitä tarvitsevan käyttötarkoituksen kohdassa `uses:` tai jätä se pois.",
    law="Art. 5(1)(c)",
)
CODE_OPEN = rule(
    "D10-identity-code-open",
    "error",
    en="`{ref}` is a personal identity code, and is not marked sensitive.",
    fi="`{ref}` on henkilötunnus, mutta sitä ei ole merkitty arkaluonteiseksi.",
    help_en='Write the flag `S`: `{item}: "hetu + S"`. It is then encrypted and named one by one.',
    help_fi='Kirjoita merkki `S`: `{item}: "hetu + S"`. Silloin se salataan ja nimetään erikseen.',
    law="Data Protection Act 1050/2018, section 29; Art. 32",
)
SPECIAL_OPEN = rule(
    "D11-special-open",
    "error",
    en="`{ref}` is a special category of data, and is not marked sensitive.",
    fi="`{ref}` on erityinen henkilötieto, mutta sitä ei ole merkitty arkaluonteiseksi.",
    help_en="Write the flag `S` beside `!`.",
    help_fi="Kirjoita merkin `!` viereen merkki `S`.",
    law="Art. 9, 32",
)


def findings(notice: Notice) -> Iterator[Finding]:
    yield from _own_items(notice)
    for purpose in notice.purposes.values():
        yield from _ways(notice, purpose)
        yield from _borrowed(notice, purpose)
    for key, kind in notice.kinds.items():
        if kind.about in ("person", "visitor") and not kind.subject and not subject_paths(notice.kinds, key):
            yield found(NO_WAY_TO_PERSON, notice, _first_use(notice, key), kind=key)
        yield from _open(notice, kind)


def _own_items(notice: Notice) -> Iterator[Finding]:
    """Items written under ``kinds:`` that no purpose names."""
    for path in notice.places:
        parts = path.split(".")
        if len(parts) == 4 and parts[0] == "kinds" and parts[2] == "items":
            kind = notice.kinds.get(parts[1])
            if kind is None or parts[3] not in kind.items:
                yield found(ITEM_UNUSED, notice, path, ref=f"{parts[1]}.{parts[3]}")


def _open(notice: Notice, kind: Kind) -> Iterator[Finding]:
    for item in kind.items.values():
        at = f"kinds.{kind.key}.items.{item.key}"
        if item.type == "hetu" and not item.sensitive:
            yield found(CODE_OPEN, notice, at, ref=Ref(kind.key, item.key), item=item.key)
        elif item.special and not item.sensitive:
            yield found(SPECIAL_OPEN, notice, at, ref=Ref(kind.key, item.key))


def _ways(notice: Notice, of: Purpose) -> Iterator[Finding]:
    """Every kind a purpose holds follows one of its matters, in one way."""
    if not of.keep:
        return
    matters = tuple(keep.matter for keep in of.keep if keep.matter in notice.kinds)
    for key in dict.fromkeys(ref.kind for ref in of.uses):
        at = _use_in(of, key)
        if way(notice.kinds, of, key).base == "none":
            yield found(NO_WAY_TO_MATTER, notice, at, key=of.key, kind=key, matters=", ".join(matters) or "–")
        for matter in matters:
            ways = _pointing(notice, key, matter)
            if key != matter and len(ways) > 1:
                said = ", ".join(f"`{key}.{column}`" for column in ways)
                yield found(AMBIGUOUS_WAY, notice, at, key=of.key, kind=key, matter=matter, ways=said)


def _pointing(notice: Notice, key: str, matter: str) -> list[str]:
    """The items by which a row points at a matter, when it does not belong to it: more than one is a guess."""
    refs = [reference for reference in references(notice.kinds[key]) if reference.target == matter]
    return [] if any(reference.parent for reference in refs) else [reference.column for reference in refs]


def _borrowed(notice: Notice, of: Purpose) -> Iterator[Finding]:
    """Words of ``borrows:`` none of whose items anybody holds; those of a preset are simply not there."""
    for word, at in words_not_held(notice, f"purposes.{of.key}.borrows", of.borrows):
        if place_of(notice, at) != of.place:
            yield found(NOTHING_TO_BORROW, notice, at, key=of.key, word=word)


def _use_in(of: Purpose, kind: str) -> str:
    ref = next(ref for ref in of.uses if ref.kind == kind)
    return f"purposes.{of.key}.uses.{ref}"


def _first_use(notice: Notice, kind: str) -> str:
    if f"kinds.{kind}" in notice.places:
        return f"kinds.{kind}"
    return next((_use_in(of, kind) for of in notice.purposes.values() if any(ref.kind == kind for ref in of.uses)), "")
