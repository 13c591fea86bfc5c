"""``controller:``, ``processors:`` and ``recipients:`` -> who is responsible, who helps, who receives."""

from __future__ import annotations

import re

from seloste.notice.expand.context import Context, humanise
from seloste.notice.expand.names import one_ref, read_uses
from seloste.notice.fields import SAFEGUARDS
from seloste.notice.findings import rule
from seloste.notice.model import Controller, Party, Place, Processor, Recipient, Ref
from seloste.notice.tree import Node, short

_PARTY = re.compile(r"^(.*\S)\s*\(([A-Z]{2})\)$")
_COUNTRY = re.compile(r"^[A-Z]{2}$")
_YEAR_END = re.compile(r"^(\d{1,2})-(\d{1,2})$")
_ROW_ITEM = re.compile(r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")

NO_COUNTRY = rule(
    "R01-country-missing",
    "error",
    firm=True,
    en="`{name}` has no country, so it cannot be seen whether data leave the EEA.",
    fi="Kohdalla `{name}` ei ole maata, joten ei näy, siirtyvätkö tiedot ETA-alueen ulkopuolelle.",
    help_en="Write the country in brackets after the name, as `Name Oy (FI)`, or `country: FI`.",
    help_fi="Kirjoita maa sulkeisiin nimen perään, esimerkiksi `Nimi Oy (FI)`, tai `country: FI`.",
    law="Art. 13(1)(f), 30(1)(e)",
)
BAD_COUNTRY = rule(
    "R02-country-unknown",
    "error",
    firm=True,
    en="`{word}` is not the code of a country.",
    fi="`{word}` ei ole maan tunnus.",
    help_en="Write two capital letters, as `FI`, `SE`, `US`.",
    help_fi="Kirjoita kaksi isoa kirjainta, esimerkiksi `FI`, `SE`, `US`.",
)
NO_GROUP = rule(
    "R03-group-empty",
    "error",
    firm=True,
    en="`group` stands for the companies under `controller: group:`, and there are none.",
    fi="`group` tarkoittaa yrityksiä kohdassa `controller: group:`, eikä niitä ole.",
    help_en="Name the companies of the group there, as `[Name AB (SE)]`.",
    help_fi="Nimeä konsernin yritykset siellä, esimerkiksi `[Nimi AB (SE)]`.",
    law="Art. 13(1)(e)",
)
UNKNOWN_CONDITION = rule(
    "R04-condition-unknown",
    "error",
    firm=True,
    en="`{word}` is not a condition for giving data out.{near}",
    fi="`{word}` ei ole luovuttamisen ehto.{near}",
    help_en="The conditions are: {known}.",
    help_fi="Ehdot ovat: {known}.",
)


def read_party(ctx: Context, word: str, place: Place, path: str) -> Party:
    """``FluiCo Group AB (SE)`` -> name and country."""
    match = _PARTY.match(word)
    if match is None:
        ctx.find(NO_COUNTRY, place, path, name=short(word))
        return Party(word, None)
    country(ctx, match[2], place, path)
    return Party(match[1], match[2])


def country(ctx: Context, word: str | None, place: Place, path: str) -> str | None:
    """A country code that exists, or a finding."""
    if word is None:
        return None
    if _COUNTRY.match(word) and word in _countries():
        return word
    ctx.find(BAD_COUNTRY, place, path, word=short(word))
    return None


def _countries() -> frozenset[str]:
    from seloste.notice.countries import COUNTRIES

    return COUNTRIES


def read_parties(ctx: Context, node: Node | None, path: str) -> tuple[Party, ...]:
    found = []
    for number, (word, place) in enumerate(ctx.words(node, path)):
        ctx.places[f"{path}.{number}"] = place
        found.append(read_party(ctx, word, place, f"{path}.{number}"))
    return tuple(found)


# --- controller -------------------------------------------------------------------------------------------------------


def read_controller(ctx: Context, node: Node | None, processors: tuple[Processor, ...], place: Place) -> Controller:
    said = ctx.section(node, "controller", "controller")
    contact = ctx.section(said.get("contact"), "contact", "controller.contact")
    where = node.place if node is not None else place
    if node is not None and node.shape == "map":
        for key in said:
            ctx.places[f"controller.{key}"] = node.key_place(key)
    ctx.places["controller"] = ctx.root.key_place("controller") if "controller" in ctx.root.keys else where
    processor = ctx.word(said.get("processor") or ctx.root.get("processor"), "controller.processor")
    runs = next((known for known in processors if known.key == processor), None)
    return Controller(
        name=ctx.word(said.get("name"), "controller.name") or "",
        address=ctx.word(said.get("address"), "controller.address"),
        business_id=ctx.word(said.get("business_id"), "controller.business_id"),
        email=ctx.word(said.get("email"), "controller.email"),
        phone=ctx.word(said.get("phone"), "controller.phone"),
        web=ctx.word(said.get("web"), "controller.web"),
        contact_role=ctx.text(contact.get("role"), "controller.contact.role"),
        contact_email=ctx.word(contact.get("email"), "controller.contact.email"),
        contact_phone=ctx.word(contact.get("phone"), "controller.contact.phone"),
        financial_year_ends=_year_end(ctx, said.get("financial_year_ends")),
        group=read_parties(ctx, said.get("group"), "controller.group"),
        data_protection_officer=ctx.text(said.get("data_protection_officer"), "controller.data_protection_officer"),
        processor=(runs.name or runs.key) if runs is not None else processor,
        processor_contact=ctx.word(said.get("processor_contact"), "controller.processor_contact"),
        representative=ctx.text(said.get("representative"), "controller.representative"),
        joint=read_parties(ctx, said.get("joint"), "controller.joint"),
        arrangement=ctx.text(said.get("arrangement"), "controller.arrangement"),
        each=ctx.word(said.get("each"), "controller.each"),
        processor_key=runs.key if runs is not None else None,
        place=ctx.places["controller"],
    )


def _year_end(ctx: Context, node: Node | None) -> tuple[int, int] | None:
    path = "controller.financial_year_ends"
    word = ctx.word(node, path)
    if word is None:
        return None
    assert node is not None
    if match := _YEAR_END.match(word):
        from seloste.errors import BadValue
        from seloste.law.retention import CALENDAR_YEAR, financial_year_end_of

        ends = (int(match[1]), int(match[2]))
        if ends == CALENDAR_YEAR:
            return ends
        try:
            import datetime as dt

            financial_year_end_of(dt.date(2024, 1, 1), ends)
        except BadValue:
            pass
        else:
            return ends
    ctx.wrong(node, path, "month and day, as `12-31`", "kuukausi ja päivä, esimerkiksi `12-31`")
    return None


# --- processors -------------------------------------------------------------------------------------------------------


def read_processors(ctx: Context, node: Node | None) -> tuple[Processor, ...]:
    found = []
    for key, value, place in ctx.entries(node, "processors"):
        path = f"processors.{key}"
        ctx.places[path] = place
        said = ctx.section(value, "processor", path)
        for name in said:
            ctx.places[f"{path}.{name}"] = value.key_place(name)
        land = said.get("country")
        found.append(
            Processor(
                key=key,
                does=ctx.text(said.get("does"), f"{path}.does") or {},
                name=ctx.word(said.get("name"), f"{path}.name"),
                country=country(
                    ctx, ctx.word(land, f"{path}.country"), land.place if land else place, f"{path}.country"
                ),
                safeguard=ctx.choice(said.get("safeguard"), f"{path}.safeguard", SAFEGUARDS),
                purposes=ctx.purposes_named(said.get("for"), f"{path}.for"),
                sub_processors=read_parties(ctx, said.get("sub_processors"), f"{path}.sub_processors"),
                agreement=ctx.word(said.get("agreement"), f"{path}.agreement"),
                place=place,
            )
        )
    return tuple(found)


# --- recipients -------------------------------------------------------------------------------------------------------


def read_recipients(ctx: Context, node: Node | None, controller: Controller) -> tuple[Recipient, ...]:
    return tuple(
        _recipient(ctx, key, value, place, controller) for key, value, place in ctx.entries(node, "recipients")
    )


def _recipient(ctx: Context, key: str, value: Node, place: Place, controller: Controller) -> Recipient:
    path = f"recipients.{key}"
    ctx.places[path] = place
    said = ctx.section(value, "recipient", path)
    for name in said:
        ctx.places[f"{path}.{name}"] = value.key_place(name)
    who, who_from = _who(ctx, said.get("who"), f"{path}.who", controller)
    land, land_from = _land(ctx, said.get("country"), f"{path}.country")
    when = said.get("when")
    condition = ctx.word(when, f"{path}.when")
    if condition is not None and when is not None:
        ctx.known(condition, when.place, f"{path}.when", ctx.vocabulary.recipients_when, UNKNOWN_CONDITION)
    text = ctx.text(said.get("text"), f"{path}.text")
    return Recipient(
        key=key,
        text=text or _default_text(ctx, key, who),
        who=who,
        who_from=who_from,
        country_from=land_from,
        purposes=ctx.purposes_named(said.get("for"), f"{path}.for"),
        gets=read_uses(ctx, said.get("gets"), f"{path}.gets"),
        when=condition,
        authority=ctx.choice(said.get("is"), f"{path}.is", ("authority",)) is not None,
        safeguard=ctx.choice(said.get("safeguard"), f"{path}.safeguard", SAFEGUARDS),
        country=land,
        place=place,
        text_written=text is not None or key in ctx.vocabulary.texts.get("recipients", {}),
    )


def _default_text(ctx: Context, key: str, who: tuple[Party, ...]) -> dict[str, str]:
    known = ctx.vocabulary.texts.get("recipients", {}).get(key)
    if known is not None:
        return dict(known)
    name = ", ".join(party.name for party in who) or humanise(key)
    return dict.fromkeys(ctx.languages, name)


def _who(ctx: Context, node: Node | None, path: str, controller: Controller) -> tuple[tuple[Party, ...], Ref | None]:
    """Named parties, the group, or an item of the row."""
    parties: list[Party] = []
    for word, place in ctx.words(node, path):
        if word == "group":
            if not controller.group:
                ctx.find(NO_GROUP, place, path)
            parties.extend(controller.group)
        elif _ROW_ITEM.match(word):
            return (), one_ref(ctx, word, place, path)
        else:
            parties.append(read_party(ctx, word, place, path))
    return tuple(parties), None


def _land(ctx: Context, node: Node | None, path: str) -> tuple[str | None, Ref | None]:
    word = ctx.word(node, path)
    if word is None or node is None:
        return None, None
    if _ROW_ITEM.match(word):
        return None, one_ref(ctx, word, node.place, path)
    return country(ctx, word, node.place, path), None
