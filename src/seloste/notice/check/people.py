"""Whom the data are about, where they come from, and who inside acts for what: Art. 14(2)(f), 25, 29, 30(1)(c)."""

from __future__ import annotations

from collections.abc import Iterator

from seloste.notice.check.words import one_of_each_word, words_not_held
from seloste.notice.findings import Finding, found, rule
from seloste.notice.model import Notice, Ref
from seloste.notice.own import own

TIE_UNUSED = rule(
    "A03-category-unheld",
    "error",
    en="What makes a person `{key}` is `{tie}`, and no purpose uses it.",
    fi="Ihmisestä tekee ryhmän `{key}` jäsenen `{tie}`, jota mikään käyttötarkoitus ei käytä.",
    help_en="Add `{tie}` to the `uses:` of a purpose, or leave the category out.",
    help_fi="Lisää `{tie}` jonkin käyttötarkoituksen kohtaan `uses:` tai jätä ryhmä pois.",
    law="Art. 30(1)(c)",
)
END_UNUSED = rule(
    "A04-other-end-unheld",
    "error",
    en="A `{key}` needs `{end}` at the other end of `{tie}`, and no purpose uses it.",
    fi="Ryhmä `{key}` tarvitsee lajin `{end}` yhteyden `{tie}` toiseen päähän, mutta mikään käyttötarkoitus ei "
    "käytä sitä.",
    help_en="Add `{end}` to the `uses:` of a purpose, or choose a category without it.",
    help_fi="Lisää `{end}` jonkin käyttötarkoituksen kohtaan `uses:` tai valitse ryhmä, joka ei sitä tarvitse.",
    law="Art. 30(1)(c)",
)
CATEGORY_MISSING = rule(
    "A05-category-missing",
    "error",
    en="The register holds `{tie}`, and the people it makes ({known}) are no category under `people:`.",
    fi="Rekisterissä on `{tie}`, mutta sen ihmisiä ({known}) ei ole kohdassa `people:`.",
    help_en="Add one of: {known}.",
    help_fi="Lisää jokin näistä: {known}.",
    law="Art. 30(1)(c)",
)
NOBODY_ACTS = rule(
    "A06-nobody-acts",
    "warning",
    en="No role under `staff:` acts for `{key}`, so nobody inside can see or write its data.",
    fi="Mikään kohdan `staff:` tehtävä ei toimi tarkoituksessa `{key}`, joten kukaan ei näe eikä kirjaa sen tietoja.",
    help_en="Add `{key}` to a role.",
    help_fi="Lisää `{key}` jollekin tehtävälle.",
    law="Art. 25(2), 29",
)
EMPTY_ROLE = rule(
    "A07-role-without-purposes",
    "error",
    en="The role `{key}` acts for no purpose.",
    fi="Tehtävä `{key}` ei toimi missään tarkoituksessa.",
    help_en="Write the purposes it acts for: `{key}: [customer_care]`.",
    help_fi="Kirjoita tarkoitukset, joissa se toimii: `{key}: [customer_care]`.",
    law="Art. 29",
)
ONLY_UNHELD = rule(
    "A08-only-unheld",
    "error",
    en="The role `{key}` is narrowed by `{ref}`, which the register does not hold.",
    fi="Tehtävää `{key}` rajaa `{ref}`, jota rekisterissä ei ole.",
    help_en="Name a reference the register holds, as `office.housing_company`.",
    help_fi="Nimeä viittaus, joka rekisterissä on, esimerkiksi `office.housing_company`.",
    law="Art. 25(2)",
)
ONLY_NOBODYS = rule(
    "A11-only-nobodys",
    "error",
    en="The role `{key}` is narrowed by `{ref}`, which does not say whose anything is.",
    fi="Tehtävää `{key}` rajaa `{ref}`, joka ei kerro, kenen mikään on.",
    help_en="Name an item that points at a person, as `order.ordered_by`, or what people are tied to, as "
    "`office.housing_company`.",
    help_fi="Nimeä tieto, joka osoittaa ihmiseen, kuten `order.ordered_by`, tai se, mihin ihminen sidotaan, kuten "
    "`office.housing_company`.",
    law="Art. 25(2)",
)
SUBSCRIBERS = rule(
    "A10-subscribers-missing",
    "warning",
    en="Anybody may say yes to `{key}`, and those who do are no category under `people:`.",
    fi="Kuka tahansa voi suostua tarkoitukseen `{key}`, mutta näitä ihmisiä ei ole kohdassa `people:`.",
    help_en="Add `subscriber`, or a category of your own with `tie: permission`.",
    help_fi="Lisää `subscriber` tai oma ryhmä, jolla on `tie: permission`.",
    law="Art. 30(1)(c)",
)
NO_TEXT = rule(
    "A09-category-text-missing",
    "error",
    en="The people called `{key}` are not said in words.",
    fi="Ihmisryhmää `{key}` ei kerrota sanoin.",
    help_en="Write `text:` in each language, as `members`.",
    help_fi="Kirjoita `text:` joka kielellä, esimerkiksi `jäsenet`.",
    law="Art. 30(1)(c)",
)
ART14_UNSAID = rule(
    "S02-art14-unsaid",
    "error",
    en="It is not told whether people must be told that data come from `{key}`.",
    fi="Ei kerrota, onko ihmisille kerrottava, että tietoja saadaan lähteestä `{key}`.",
    help_en="Write `art14: true` when the data come from somebody else than the person, `art14: false` when from "
    "the person.",
    help_fi="Kirjoita `art14: true`, kun tiedot tulevat muulta kuin ihmiseltä itseltään, `art14: false`, kun häneltä.",
    law="Art. 14(2)(f) and (3)",
)
BRINGS_NOTHING = rule(
    "S03-source-brings-nothing",
    "warning",
    en="`{key}` brings `{word}`, which the register does not hold.",
    fi="Lähde `{key}` tuo tiedon `{word}`, jota rekisteri ei pidä.",
    help_en="Leave it out, or name it in the `uses:` of a purpose.",
    help_fi="Jätä se pois tai nimeä se jonkin käyttötarkoituksen kohdassa `uses:`.",
    law="Art. 5(1)(c)",
)
NO_SOURCE_OF = rule(
    "S04-no-source",
    "error",
    en="No source brings `{ref}`.",
    fi="Mikään lähde ei tuo tietoa `{ref}`.",
    help_en="Add it to a source under `sources:`, or add `subject` when the person gives it.",
    help_fi="Lisää se johonkin kohdan `sources:` lähteeseen tai lisää `subject`, kun ihminen antaa sen itse.",
    law="Art. 14(2)(f)",
)


def findings(notice: Notice) -> Iterator[Finding]:
    yield from _categories(notice)
    yield from _staff(notice)
    yield from _sources(notice)


def _categories(notice: Notice) -> Iterator[Finding]:
    for category in notice.categories:
        at = f"people.{category.key}"
        if not category.text_written:
            yield found(NO_TEXT, notice, at, key=category.key)
        if category.tie is None:
            continue
        if category.tie not in notice.kinds:
            yield found(TIE_UNUSED, notice, at, key=category.key, tie=category.tie)
            continue
        for end in category.required:
            if end not in notice.kinds:
                yield found(END_UNUSED, notice, at, key=category.key, tie=category.tie, end=end)
    if "people" not in notice.places:
        return
    known = _known_ties(notice.vocabulary)
    ties = {category.tie for category in notice.categories}
    yield from _subscribers(notice)
    for key, kind in notice.kinds.items():
        if key in known and key not in ties and not kind.built_in:
            yield found(CATEGORY_MISSING, notice, "people", tie=key, known=", ".join(known[key]))


def _subscribers(notice: Notice) -> Iterator[Finding]:
    """A letter anybody may order makes subscribers, who need be nothing else."""
    if any(
        category.tie in notice.kinds and notice.kinds[category.tie].built_in
        for category in notice.categories
        if category.tie
    ):
        return
    for purpose in notice.purposes.values():
        ordered = purpose.nature == "marketing" and purpose.basis == "consent" and purpose.per is None and purpose.uses
        if ordered and any(keep.base is None for keep in purpose.keep):
            yield found(SUBSCRIBERS, notice, "people", key=purpose.key)


def _known_ties(version: str) -> dict[str, list[str]]:
    """Tie -> the vocabulary's categories it makes."""
    from seloste.catalogue.load import vocabulary

    found_ties: dict[str, list[str]] = {}
    for key, category in vocabulary(version).categories.items():
        if category.get("tie"):
            found_ties.setdefault(category["tie"], []).append(key)
    return found_ties


def _staff(notice: Notice) -> Iterator[Finding]:
    for lens in notice.staff.values():
        if not lens.purposes:
            yield found(EMPTY_ROLE, notice, f"staff.{lens.key}", key=lens.key)
        if lens.only is not None and not _holds(notice, lens.only):
            yield found(ONLY_UNHELD, notice, f"staff.{lens.key}.only", key=lens.key, ref=lens.only)
        elif lens.only is not None and own(notice.kinds, lens.only) is None:
            yield found(ONLY_NOBODYS, notice, f"staff.{lens.key}.only", key=lens.key, ref=lens.only)
    if "staff" not in notice.places:
        return
    for purpose in notice.purposes.values():
        if not purpose.built_in and not any(purpose.key in lens.purposes for lens in notice.staff.values()):
            yield found(NOBODY_ACTS, notice, "staff", key=purpose.key)


def _holds(notice: Notice, ref: Ref) -> bool:
    kind = notice.kinds.get(ref.kind)
    return kind is not None and (ref.item in kind.items or ref.item in kind.of)


def _sources(notice: Notice) -> Iterator[Finding]:
    for source in notice.sources.values():
        path = f"sources.{source.key}"
        if not source.art14_said:
            yield found(ART14_UNSAID, notice, path, key=source.key)
        for word, at in words_not_held(notice, path, source.items):
            yield found(BRINGS_NOTHING, notice, at, key=source.key, word=word)
    if not notice.sources or any(source.brings_all for source in notice.sources.values()):
        return
    brought = {ref for source in notice.sources.values() for ref in source.items}
    for purpose in notice.purposes.values():
        path = f"purposes.{purpose.key}.uses"
        lacking = [ref for ref in purpose.uses if ref not in brought and ref.item in notice.kinds[ref.kind].items]
        for _, ref in one_of_each_word(notice, path, lacking if not purpose.built_in else []):
            yield found(NO_SOURCE_OF, notice, f"{path}.{ref}", ref=ref)
