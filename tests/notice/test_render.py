"""The rendered notice says what Art. 13, 14, 21(4) and 26(2) ask for, in plain words, in each of its languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from seloste.catalogue.load import vocabulary
from seloste.catalogue.model import Text
from seloste.law.countries import transfer
from seloste.notice import load
from seloste.notice.check import check_parsed
from seloste.notice.model import Notice, Party, Source
from seloste.notice.parse import read_text
from seloste.notice.render import render, render_body
from seloste.notice.render.build import NoSuchLanguage, build
from seloste.notice.render.model import (
    Block,
    Bullets,
    Document,
    Facts,
    Heading,
    Note,
    Paragraph,
    Scale,
    Stamps,
    Table,
    plain,
)
from seloste.notice.render.wording import LANGUAGES, wording

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = sorted(
    path for path in EXAMPLES.glob("*/*.yaml") if re.search(r"^register:", path.read_text("utf-8"), re.MULTILINE)
)
EVERY = [
    pytest.param(path, lang, id=f"{path.parent.name}-{path.stem}-{lang}") for path in FILES for lang in ("fi", "en")
]


@cache
def notice(path: Path) -> Notice:
    return load(path)


@cache
def document(path: Path, lang: str) -> Document:
    return build(notice(path), lang)


def lines(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(text, _):
            yield plain(text)
        case Bullets(items):
            yield from map(plain, items)
        case Heading(text):
            yield text
        case Table(head, rows, _):
            yield from head
            yield from (plain(cell) for row in rows for cell in row)
        case Facts(pairs):
            yield from (f"{name} {plain(text)}" for name, text in pairs)
        case Stamps(items):
            yield from (f"{stamp.ground} {stamp.until} {stamp.law}" for stamp in items)
        case Note(title, paragraphs, _):
            yield title
            yield from map(plain, paragraphs)
        case Scale(rows):
            yield from (f"{label} {text}" for label, _, _, text in rows)


def section(found: Document, anchor: str) -> str:
    """The text under one heading; empty when it is not there."""
    return "\n".join(
        line for one in found.sections if one.anchor == anchor for block in one.blocks for line in lines(block)
    )


def whole(found: Document) -> str:
    first = [found.title, plain(found.lead), *(plain(text) for _, text, _ in found.minute.rows)]
    note = list(lines(found.object_note)) if found.object_note else []
    rest = [line for one in found.sections for block in one.blocks for line in (one.title, *lines(block))]
    return "\n".join([*first, *note, *rest])


def says(text: str, part: str) -> bool:
    """Whether a text holds another, whatever the case of its first letter, its full stop and its last comma."""
    return part.strip().rstrip(".").casefold() in text.casefold()


# --- Art. 13 and 14, point by point -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "lang"), EVERY)
def test_it_names_the_controller_and_how_to_reach_it(path: Path, lang: str) -> None:
    told, controller = section(document(path, lang), "controller"), notice(path).controller
    for fact in (controller.name, controller.address, controller.email, controller.contact_email, controller.phone):
        assert fact is None or fact in told
    assert says(told, wording(lang).pick(controller.contact_role))
    if controller.processor:
        assert controller.processor in told


@pytest.mark.parametrize(("path", "lang"), EVERY)
def test_each_purpose_says_its_ground_its_data_and_its_end(path: Path, lang: str) -> None:
    w, found = wording(lang), document(path, lang)
    grounds = {"consent": "suostumu consent", "contract": "sopimu contract", "company_contract": "sopimu contract"}
    grounds |= {"legal_obligation": "laki law", "legitimate_interest": "oikeutettu legitimate"}
    for purpose in notice(path).purposes.values():
        told = section(found, f"purpose-{purpose.key}")
        assert any(says(told, word) for word in grounds[purpose.basis].split()), purpose.key
        if purpose.basis in ("legitimate_interest", "company_contract"):
            assert says(told, w.low(w.pick(purpose.interest))), purpose.key
        if purpose.basis == "consent":
            assert w.pick(purpose.consent).replace("{recipient}", "")[-30:] in told
        for keep in purpose.keep:
            if notice(path).kinds[keep.matter].of_house:
                continue  # Papers about nobody are no business of the reader's.
            kind = w.pick(notice(path).kinds[keep.matter].plural)
            assert w.say("keep.one", rule="§").split("§")[0].split()[0] in told
            assert len(purpose.keep) == 1 or kind in told
            if keep.base is not None and keep.base.preset is None and keep.base.amount:
                assert str(keep.base.amount) in told or keep.text.startswith("debt"), purpose.key
        for ref in purpose.uses:
            if notice(path).kinds[ref.kind].of_house:
                continue
            item = notice(path).kinds[ref.kind].items.get(ref.item)
            named = w.pick(item.label) if ref.kind == "person" and item else w.pick(notice(path).kinds[ref.kind].plural)
            assert says(told, named), ref


@pytest.mark.parametrize(("path", "lang"), EVERY)
def test_every_data_item_that_can_be_held_is_listed_by_its_label(path: Path, lang: str) -> None:
    w, told = wording(lang), section(document(path, lang), "data")
    for kind in notice(path).kinds.values():
        if kind.of_house:
            continue
        assert w.pick(kind.plural) in told
        for item in kind.items.values():
            assert says(told, w.pick(item.label)), f"{kind.key}.{item.key}"
    for category in notice(path).categories:
        assert says(told, w.pick(category.text))


def to_the_person(path: Path, source: Source) -> Text:
    """The words of a source as the one reads them whose data it brought; those of the notice where it has its own."""
    known = vocabulary(notice(path).vocabulary).sources.get(source.key, {})
    own = any(source.text.get(lang) not in (None, text) for lang, text in known.get("text", {}).items())
    return source.text if own or "said" not in known else known["said"]


@pytest.mark.parametrize(("path", "lang"), EVERY)
def test_it_says_where_data_come_from_and_that_others_sources_are_told(path: Path, lang: str) -> None:
    w, told = wording(lang), section(document(path, lang), "sources")
    sources = notice(path).sources.values()
    assert sources
    assert all(says(told, w.pick(to_the_person(path, source))) for source in sources)
    assert says(told, w.say("sources.art14")) is any(source.art14 for source in sources)
    assert told.count(w.say("sources.public")) == sum(source.public for source in sources)


@pytest.mark.parametrize(("path", "lang"), EVERY)
def test_it_names_who_receives_what_and_when(path: Path, lang: str) -> None:
    w, told = wording(lang), section(document(path, lang), "recipients")
    conditions = vocabulary(notice(path).vocabulary).recipients_when
    for recipient in notice(path).recipients:
        assert says(told, w.pick(recipient.text))
        assert all(party.name in told for party in recipient.who)
        if recipient.when:
            assert says(told, w.pick(conditions[recipient.when]["text"]))
    for processor in notice(path).processors:
        assert says(told, w.pick(processor.does))
        assert processor.name is None or processor.name in told
    for lens in notice(path).staff.values():
        assert says(told, w.pick(lens.text))


@pytest.mark.promise("C53", "F50")
@pytest.mark.parametrize(("path", "lang"), EVERY)
def test_transfers_name_the_country_the_safeguard_and_how_to_get_a_copy(path: Path, lang: str) -> None:
    w, found = wording(lang), notice(path)
    told = section(document(path, lang), "transfers")
    assert found.effective is not None
    goes = {processor.country for processor in found.processors} | {
        party.country for recipient in found.recipients for party in recipient.who
    }
    outside = [code for code in goes if code and transfer(code, found.effective).status != "eea"]
    from babel import Locale

    assert all(Locale.parse(lang).territories[code] in told for code in outside)
    leaves = bool(outside) or any(recipient.country_from for recipient in found.recipients)
    assert (w.say("transfers.none") in told) is not leaves
    assert (w.say("transfers.copy", contact="").split(":")[0] in told) is leaves
    if leaves:
        assert found.controller.contact_email is not None
        assert found.controller.contact_email in told


@pytest.mark.promise("C63", "P43")
@pytest.mark.parametrize(("path", "lang"), EVERY)
def test_it_tells_every_right_the_way_to_use_it_and_the_authority(path: Path, lang: str) -> None:
    w, found = wording(lang), notice(path)
    told = section(document(path, lang), "rights")
    for right in ("see", "correct", "erase", "restrict", "object", "move", "complain"):
        assert w.say(f"rights.{right}") in told
    consent = any(purpose.basis == "consent" for purpose in found.purposes.values())
    assert (w.say("rights.withdraw") in told) is consent
    assert all(
        part in told for part in ("Lintulahdenkuja 4", "00531", "029 566 6700", "tietosuoja@om.fi", "tietosuoja.fi")
    )
    assert w.say("rights.answer") in told
    assert found.controller.contact_email is not None
    assert found.controller.contact_email in told
    # Never narrower than the law: free, no form, no quota.
    assert not re.search(r"kalenterivuo|calendar year|kirjallisesti|in writing", told)


@pytest.mark.parametrize(("path", "lang"), EVERY)
def test_it_says_whether_data_must_be_given_and_what_follows_if_not(path: Path, lang: str) -> None:
    w, found = wording(lang), notice(path)
    told = section(document(path, lang), "required")
    for purpose in found.purposes.values():
        if not purpose.built_in:
            assert says(told, w.pick(purpose.text)), purpose.key
        if purpose.needed_for:
            assert says(told, w.pick(purpose.needed_for))


@pytest.mark.parametrize(("path", "lang"), EVERY)
def test_cookies_say_what_they_do_how_long_and_whether_they_are_asked_for(path: Path, lang: str) -> None:
    w, found = wording(lang), notice(path)
    told = section(document(path, lang), "cookies")
    assert bool(told) is bool(found.cookies or found.embeds)
    for cookie in found.cookies:
        assert f"{cookie.name}, {cookie.provider}" in told
        assert says(told, w.pick(cookie.text))
        assert w.say("cookies.necessary") in told or not cookie.necessary
        assert cookie.purpose is None or says(told, w.low(w.pick(found.purposes[cookie.purpose].text)))
    for embed in found.embeds:
        assert embed.provider in told


@pytest.mark.promise("F74", "F75")
def test_the_privacy_notices_of_plug_ins_are_linked_and_other_sites_answer_for_themselves() -> None:
    path = EXAMPLES / "fluent-progress" / "customers.yaml"
    page = str(render(notice(path), "en", "html"))
    links = [embed.privacy_url for embed in notice(path).embeds]
    assert len(links) == 3
    assert all(f'<a href="{link}">' in page for link in links)
    assert "link to the pages of others, who answer for them" in section(document(path, "en"), "cookies")


@pytest.mark.promise("C49", "C51")
def test_the_owners_own_sentences_stand_under_their_headings() -> None:
    found = document(EXAMPLES / "fluiconnecto" / "notice.yaml", "en")
    assert "apply their own privacy practices" in section(found, "recipients")
    assert "If you yourself are outside the EU and the EEA" in section(found, "transfers")
    assert "contact us first" in section(found, "rights")


# --- the right to object, set apart -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "lang"), EVERY)
def test_the_right_to_object_stands_in_a_note_of_its_own_before_the_full_text(path: Path, lang: str) -> None:
    w, found = wording(lang), document(path, lang)
    note = found.object_note
    assert note is not None
    told = "\n".join(lines(note))
    for purpose in notice(path).purposes.values():
        objectable = purpose.nature == "marketing" or purpose.basis in ("legitimate_interest", "company_contract")
        assert says(told, w.low(w.pick(purpose.text))) or not objectable, purpose.key
    page = str(render(notice(path), lang, "html"))
    assert page.index('class="minute"') < page.index('id="object"') < page.index('id="purpose-')
    assert page.count('id="object"') == 1


def test_consent_and_contract_alone_leave_nothing_to_object_to() -> None:
    kunto = notice(EXAMPLES / "fluent-progress" / "kunto.yaml")
    only = {key: one for key, one in kunto.purposes.items() if one.basis in ("consent", "contract", "legal_obligation")}
    found = build(replace(kunto, purposes=only), "en")
    assert found.object_note is None
    assert wording("en").say("rights.object_none") in section(found, "rights")


# --- what only some notices have --------------------------------------------------------------------------------------


def test_joint_controllers_publish_the_essence_of_their_arrangement() -> None:
    found = notice(EXAMPLES / "proseduuri" / "notice.yaml")
    shared = {"fi": "Toinen vastaa pyyntöihin.", "en": "The other one answers requests."}
    joint = replace(found.controller, joint=(Party("Toinen Oy", "SE"),), arrangement=shared)
    for lang in ("fi", "en"):
        told = section(build(replace(found, controller=joint), lang), "controller")
        assert "Toinen Oy" in told
        assert shared[lang] in told


def test_an_officer_and_a_representative_are_named_where_there_are_such() -> None:
    found = notice(EXAMPLES / "proseduuri" / "notice.yaml")
    who = replace(
        found.controller, data_protection_officer={"fi": "tsv@x.example"}, representative={"fi": "Edustaja Ab"}
    )
    told = section(build(replace(found, controller=who), "fi"), "controller")
    assert "tsv@x.example" in told
    assert "Edustaja Ab" in told


def test_nothing_is_said_of_machine_decisions_that_is_not_promised() -> None:
    found = notice(EXAMPLES / "fluiconnecto" / "notice.yaml")
    assert section(build(found, "en"), "automated") == wording("en").say("automated.none")
    assert section(build(replace(found, never=()), "en"), "automated") == ""


GYM = """
seloste: 1
vocabulary: 2026-11
register: gym
title: {fi: Jäsenet, en: Members}
languages: [fi, en]
effective: 2026-11-01
controller:
  name: Sali Oy
  address: Salikuja 1, 00100 Helsinki
  email: sali@sali.example
  contact: {role: {fi: Tiski, en: Desk}, email: sali@sali.example}
people:
  member: {text: {fi: jäsenet, en: members}, tie: membership}
kinds:
  membership:
    label: {fi: Jäsenyys, en: Membership}
    plural: {fi: Jäsenyydet, en: Memberships}
    about: person
    of: [person]
    items:
      began: {type: date, label: {fi: Alkoi, en: Began}}
      ended: {type: date, label: {fi: Loppui, en: Ended}}
purposes:
  membership:
    text: {fi: Jäsenyyden hoito, en: Running the membership}
    basis: contract
    uses: [name, membership]
    keep: 2 years after membership.ended
    needed_for: {fi: Ilman nimeä ei voi liittyä., en: Without a name you cannot join.}
sources: [subject]
staff: {owner: [membership]}
security: [personal_accounts]
"""


def test_a_kind_of_the_notices_own_is_told_without_a_text_of_ours() -> None:
    gym = check_parsed(read_text(GYM)).notice
    assert gym is not None
    fi, en = build(gym, "fi"), build(gym, "en")
    assert "2 vuotta kohtaan ”Loppui” (jäsenyys) merkitystä päivästä" in section(fi, "purpose-membership")
    assert "2 years after the date “Ended” (membership)" in section(en, "purpose-membership")
    assert "Jäsenyydet" in section(fi, "data")
    assert "jäsenet" in section(fi, "data")


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "lang"), EVERY)
def test_there_is_no_placeholder_and_no_key_in_the_text(path: Path, lang: str) -> None:
    text = whole(document(path, lang))
    for cookie in notice(path).cookies:
        text = text.replace(cookie.name, "")
    assert not re.search(r"[{}\[\]]|TODO|XXX|\bNone[,.)]", text)
    assert not re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", text)
    assert not re.findall(r"\b[a-z]+\.[a-z]+_[a-z]+\b", text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_languages_say_the_same_things_in_the_same_order(path: Path) -> None:
    shapes = [
        [(one.anchor, [type(block).__name__ for block in one.blocks]) for one in document(path, lang).sections]
        for lang in ("fi", "en")
    ]
    assert shapes[0] == shapes[1]


def test_a_notice_is_not_rendered_in_a_language_it_is_not_written_in() -> None:
    with pytest.raises(NoSuchLanguage, match="sv"):
        build(notice(FILES[0]), "sv")


def test_swedish_words_are_all_there() -> None:
    found = notice(EXAMPLES / "fluiconnecto" / "notice.yaml")
    told = whole(build(replace(found, languages=("sv",)), "sv"))
    assert "Personuppgiftsansvarig" in told
    assert "dataombudsmannens" in told.casefold()


def test_every_language_has_the_same_texts_with_the_same_values() -> None:
    def keys(texts: object, prefix: str = "") -> dict[str, set[str]]:
        if isinstance(texts, str):
            return {prefix: set(re.findall(r"{(\w+)}", texts))}
        if isinstance(texts, list):
            return {prefix: {str(len(texts))}}
        assert isinstance(texts, dict)
        return {key: found for name, value in texts.items() for key, found in keys(value, f"{prefix}.{name}").items()}

    found = {lang: keys(dict(wording(lang)._texts)) for lang in LANGUAGES}
    assert found["fi"] == found["en"] == found["sv"]


@pytest.mark.parametrize(
    ("lang", "amount", "unit", "said", "age"),
    [
        ("fi", 1, "year", "1 vuoden", "1 vuoden"),
        ("fi", 3, "year", "3 vuotta", "3 vuoden"),
        ("fi", 6, "month", "6 kuukautta", "6 kuukauden"),
        ("fi", 90, "day", "90 päivää", "90 päivän"),
        ("en", 1, "year", "1 year", "1 year"),
        ("en", 2, "month", "2 months", "2 months"),
        ("sv", 1, "month", "1 månad", "1 månad"),
    ],
)
def test_periods_are_said_as_the_language_says_them(lang: str, amount: int, unit: str, said: str, age: str) -> None:
    w = wording(lang)
    assert w.period(amount, unit) == said  # type: ignore[arg-type]
    assert w.period(amount, unit, age=True) == age  # type: ignore[arg-type]


# --- writers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "lang"), EVERY)
def test_the_page_stands_alone_and_loads_nothing(path: Path, lang: str) -> None:
    page = str(render(notice(path), lang, "html"))
    assert page.startswith("<!doctype html>")
    assert f'<html lang="{lang}">' in page
    assert not re.search(r"<(script|link|img|iframe|object)\b|@import|url\(|\sstyle=|\son\w+=", page)
    assert all(link.startswith(("https://", "#", "../")) for link in re.findall(r'href="([^"]*)"', page))
    anchors = re.findall(r'\bid="([^"]*)"', page)
    assert len(anchors) == len(set(anchors))
    assert {link[1:] for link in re.findall(r'href="(#[^"]*)"', page)} <= set(anchors)


def test_what_the_owner_writes_is_text_never_markup() -> None:
    found = notice(FILES[0])
    bad = replace(found, title={"fi": "<script>alert(1)</script> & co", "en": "x"})
    page = str(render(bad, "fi", "html"))
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; co" in page
    assert "<script>" not in str(render(bad, "fi", "md"))


def test_the_body_takes_what_stands_beside_a_promise_and_under_the_first_layer() -> None:
    from markupsafe import Markup

    found = notice(EXAMPLES / "fluiconnecto" / "notice.yaml")
    beside = {"orders": Markup("<p>412 people now</p>")}
    body = render_body(found, "en", own=Markup("<p>See your data</p>"), proof=lambda one: beside.get(one.purpose or ""))
    assert body.count('<aside class="proof">') == 1
    assert body.index("See your data") < body.index('id="object"')
    orders = body[body.index('id="purpose-orders"') : body.index('id="purpose-service"')]
    assert "412 people now" in orders
    assert "<html" not in body


@pytest.mark.parametrize(("path", "lang"), EVERY)
def test_markdown_holds_every_line_of_the_document(path: Path, lang: str) -> None:
    text = re.sub(r"\\(.)", r"\1", str(render(notice(path), lang, "md"))).replace("**", "")
    for one in document(path, lang).sections:
        assert f"## {one.title}" in text
    for line in whole(document(path, lang)).splitlines():
        for part in line.split("  "):
            assert part.strip() in text or all(word in text for word in part.split())
    assert "\n\n\n" not in text


@pytest.mark.parametrize("lang", ["fi", "en"])
def test_the_pdf_is_the_same_each_time_and_names_itself(lang: str) -> None:
    found = notice(EXAMPLES / "proseduuri" / "notice.yaml")
    first, second = render(found, lang, "pdf"), render(found, lang, "pdf")
    assert isinstance(first, bytes)
    assert first == second
    assert first.startswith(b"%PDF-")
    assert f"/Lang ({lang})".encode() in first
    assert len(first) < 300_000


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_letter_of_the_notice_is_in_the_fonts_of_the_pdf(path: Path) -> None:
    from fontTools.ttLib import TTFont

    from seloste.notice.render.pdf import FONTS

    letters = set("".join(whole(document(path, lang)) for lang in ("fi", "en")) + "äöåÄÖÅ€–—”“’…·½é§") - set("\n")
    for file in FONTS.glob("*.ttf"):
        with TTFont(file) as font:
            assert {letter for letter in letters if ord(letter) not in font.getBestCmap()} == set(), file.name


def test_the_fonts_carry_their_licences() -> None:
    from seloste.notice.render.pdf import FONTS

    assert {file.name for file in FONTS.glob("LICENSE-*.txt")} == {
        "LICENSE-SourceSansPro.txt",
        "LICENSE-SourceSerifPro.txt",
    }
    assert all("SIL Open Font License" in file.read_text("utf-8") for file in FONTS.glob("LICENSE-*.txt"))
