"""Sentences people read: in every language of the notice, no placeholders, no repealed acts, no limits on rights."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seloste.catalogue.model import Text
from seloste.notice.findings import Finding, found, rule
from seloste.notice.model import Notice

LANGUAGE_MISSING = rule(
    "T01-language-missing",
    "error",
    en="`{path}` has no text in {languages}.",
    fi="Kohdalla `{path}` ei ole tekstiä kielellä {languages}.",
    help_en="Write one line for each language of the notice, as `fi: ...` and `en: ...`.",
    help_fi="Kirjoita rivi selosteen jokaiselle kielelle: `fi: ...` ja `en: ...`.",
    law="Art. 12(1)",
)
LANGUAGE_EXTRA = rule(
    "T02-language-extra",
    "warning",
    en="`{path}` has a text in {languages}, in which the notice is not published.",
    fi="Kohdalla `{path}` on teksti kielellä {languages}, jolla selostetta ei julkaista.",
    help_en="Add the language to `languages:`, or leave the text out.",
    help_fi="Lisää kieli kohtaan `languages:` tai jätä teksti pois.",
)
PLACEHOLDER = rule(
    "T03-placeholder",
    "error",
    en="A placeholder is left in `{path}`: `{word}`.",
    fi="Kohtaan `{path}` on jäänyt täyttämätön paikka: `{word}`.",
    help_en="Write what belongs there.",
    help_fi="Kirjoita siihen se, mitä siihen kuuluu.",
    law="Art. 5(1)(a), 12(1)",
)
REPEALED = rule(
    "T04-repealed-law",
    "error",
    en="`{path}` cites an act that has been repealed: {act}.",
    fi="`{path}` viittaa kumottuun säädökseen: {act}.",
    help_en="Cite {replacement} instead.",
    help_fi="Viittaa sen sijaan: {replacement}.",
    law="Art. 5(1)(a)",
)
NARROWED = rule(
    "T05-right-narrowed",
    "warning",
    en="`{path}` seems to narrow a right: “{words}”.",
    fi="`{path}` näyttää kaventavan oikeutta: ”{words}”.",
    help_en="A right may be used free of charge, in any way and as often as needed (Art. 12). Take the limit out.",
    help_fi="Oikeutta saa käyttää maksutta, millä tavalla tahansa ja niin usein kuin on tarpeen (12 artikla). "
    "Poista rajoitus.",
    law="Art. 12(2), (3) and (5)",
)
INDEFINITE = rule(
    "T06-indefinite",
    "warning",
    en="`{path}` speaks of keeping data without an end: “{words}”.",
    fi="`{path}` puhuu tietojen pitämisestä ilman loppua: ”{words}”.",
    help_en="The periods of the purposes are published by themselves. Take the sentence out, or say when the time "
    "ends.",
    help_fi="Tarkoitusten säilytysajat julkaistaan itsestään. Poista lause tai kerro, milloin aika päättyy.",
    law="Art. 5(1)(e), 13(2)(a)",
)
NUMBERS_DIFFER = rule(
    "T07-languages-differ",
    "warning",
    en="The numbers in `{path}` differ between languages.",
    fi="Kohdan `{path}` luvut eroavat kielten välillä.",
    help_en="Compare the texts: they must promise the same.",
    help_fi="Vertaa tekstejä: niiden on luvattava sama.",
    law="Art. 5(1)(a)",
)
BAD_BRACES = rule(
    "T08-unknown-brace",
    "error",
    en="`{path}` has `{word}` in braces, which nothing fills in.",
    fi="Kohdassa `{path}` on aaltosulkeissa `{word}`, jota mikään ei täytä.",
    help_en="Only `{{recipient}}` may stand in braces, in a consent that is asked for each recipient.",
    help_fi="Aaltosulkeissa voi olla vain `{{recipient}}`, ja vain luvassa, joka kysytään vastaanottaja kerrallaan.",
    law="Art. 12(1)",
)

_PLACEHOLDER = re.compile(
    r"\[[^\]\n]{0,80}\]|\bTODO\b|\bTBD\b|\bXXX+\b|\bxxx+\b|_{3,}|\?{3,}|…{2,}|\blorem ipsum\b|<[a-zäö ]+>",
    re.IGNORECASE,
)
_BRACES = re.compile(r"\{([^{}]*)\}")
_NUMBER = re.compile(r"\d+")
_NARROWED = re.compile(
    r"kerran (kalenteri)?vuo(dessa|den aikana)|once (a|per|in a) (calendar )?year|"
    r"(vain|ainoastaan) (omakätisesti |allekirjoitet\w+ )?kirjalli\w+|only (be made )?(in writing|by a signed)|"
    r"omakätisesti allekirjoitet\w+|personally signed|maksu peritään|a fee is charged",
    re.IGNORECASE,
)
_INDEFINITE = re.compile(
    r"toistaiseksi|rajoittamattoman ajan|niin kauan kuin (se )?on tarpeen|indefinitely|"
    r"as long as (it is )?necessary|for an unlimited time",
    re.IGNORECASE,
)


def findings(notice: Notice) -> Iterator[Finding]:
    for path, text, own in texts(notice):
        yield from _languages(notice, path, text, own)
        for said in dict.fromkeys(text.values()):
            yield from _sentence(notice, path, said)
    for path, word in _words(notice):
        yield from _placeholders(notice, path, word)
        yield from _repealed(notice, path, word)


def texts(notice: Notice) -> Iterator[tuple[str, Text, bool]]:
    """``(path, text, written in this notice)`` of every text people read; those of the vocabulary are not written."""
    yield "title", notice.title, True
    of = notice.controller
    for name, text in (
        ("contact.role", of.contact_role),
        ("data_protection_officer", of.data_protection_officer),
        ("representative", of.representative),
        ("arrangement", of.arrangement),
    ):
        if text:
            yield f"controller.{name}", text, True
    for purpose in notice.purposes.values():
        for name in ("text", "interest", "balancing", "consent", "needed_for", "profiling"):
            said: Text | None = getattr(purpose, name)
            if said and (name != "text" or purpose.text_written):
                path = f"purposes.{purpose.key}.{name}"
                yield path, said, notice.places.get(path) != purpose.place
    yield from _named(notice)
    for processor in notice.processors:
        if processor.does:
            yield f"processors.{processor.key}.does", processor.does, True
    for key, text in notice.paragraphs.items():
        yield f"paragraphs.{key}", text, True
    for number, other in enumerate(notice.see_also):
        if other.text:
            yield f"see_also.{number}.text", other.text, True


def _named(notice: Notice) -> Iterator[tuple[str, Text, bool]]:
    """Texts of the sections that go by key."""
    named = (
        *(("people", of.key, of.text) for of in notice.categories),
        *(("recipients", of.key, of.text) for of in notice.recipients if of.text_written),
        *(("sources", of.key, of.text) for of in notice.sources.values()),
        *(("staff", of.key, of.text) for of in notice.staff.values()),
        *(("security", of.key, of.text) for of in notice.security),
        *(("forms", of.key, of.text) for of in notice.forms),
        *(("embeds", of.key, of.text) for of in notice.embeds),
        *(("cookies", of.name, of.text) for of in notice.cookies),
    )
    for section, key, text in named:
        path = f"{section}.{key}.text"
        if text:
            yield path, text, path in notice.places
    for measure in notice.security:
        if measure.by_text:
            yield f"security.{measure.key}.by", measure.by_text, True


def _words(notice: Notice) -> Iterator[tuple[str, str]]:
    """One-line facts that are published as they stand."""
    of = notice.controller
    for name in ("name", "address", "email", "phone", "web", "contact_email", "contact_phone", "processor_contact"):
        value = getattr(of, name)
        if value:
            yield f"controller.{name.replace('contact_', 'contact.') if name.startswith('contact_') else name}", value
    for purpose in notice.purposes.values():
        for law in purpose.law:
            yield f"purposes.{purpose.key}.law", law
    for processor in notice.processors:
        if processor.agreement:
            yield f"processors.{processor.key}.agreement", processor.agreement
        if processor.name:
            yield f"processors.{processor.key}.name", processor.name


def _languages(notice: Notice, path: str, text: Text, own: bool) -> Iterator[Finding]:
    if not own or not notice.languages:
        return
    missing = [language for language in notice.languages if not text.get(language)]
    extra = [language for language in text if language not in notice.languages]
    if missing:
        yield found(LANGUAGE_MISSING, notice, path, path=path, languages=", ".join(missing))
    if extra:
        yield found(LANGUAGE_EXTRA, notice, f"{path}.{extra[0]}", path=path, languages=", ".join(extra))
    numbers = {tuple(sorted(_NUMBER.findall(text[language]))) for language in notice.languages if text.get(language)}
    if not missing and len(numbers) > 1:
        yield found(NUMBERS_DIFFER, notice, path, path=path)


def _sentence(notice: Notice, path: str, said: str) -> Iterator[Finding]:
    yield from _placeholders(notice, path, said)
    yield from _repealed(notice, path, said)
    of_recipient = path.endswith(".consent") and notice.purposes[path.split(".")[1]].per == "recipient"
    for match in _BRACES.finditer(said):
        if not (of_recipient and match[1] == "recipient"):
            yield found(BAD_BRACES, notice, path, path=path, word=match[1][:30] or " ")
    if path.startswith("paragraphs."):
        if narrowed := _NARROWED.search(said):
            yield found(NARROWED, notice, path, path=path, words=narrowed[0])
        if endless := _INDEFINITE.search(said):
            yield found(INDEFINITE, notice, path, path=path, words=endless[0])


def _placeholders(notice: Notice, path: str, said: str) -> Iterator[Finding]:
    if match := _PLACEHOLDER.search(said):
        yield found(PLACEHOLDER, notice, path, path=path, word=match[0][:40])


def _repealed(notice: Notice, path: str, said: str) -> Iterator[Finding]:
    from seloste.law.repealed import repealed

    for citation in repealed(said, notice.effective):
        act = {lang: f"{name} ({citation.act})" for lang, name in citation.name.items()}
        yield found(REPEALED, notice, path, path=path, act=act, replacement=citation.replacement)
