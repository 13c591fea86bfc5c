"""``never:`` against the rest of the notice, and promises wider than the law against the law."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seloste.catalogue.model import PERSON
from seloste.notice.check.recipients import status, stops
from seloste.notice.check.texts import texts
from seloste.notice.findings import Finding, found, rule
from seloste.notice.model import Notice
from seloste.notice.ways import references

SOLD = rule(
    "N01-selling-denied",
    "error",
    en="The notice says that data are never sold, and `{key}` receives them for its own marketing without a consent.",
    fi="Seloste sanoo, ettei tietoja myydä, mutta `{key}` saa niitä omaan markkinointiinsa ilman lupaa.",
    help_en="Leave `selling` out of `never:`, or let the recipient get data by consent only.",
    help_fi="Jätä `selling` pois kohdasta `never:` tai anna tietoja vastaanottajalle vain luvalla.",
    law="Art. 5(1)(a)",
)
PROFILED = rule(
    "N02-profiling-denied",
    "error",
    en="The notice says that nobody is profiled, and `{key}` profiles.",
    fi="Seloste sanoo, ettei ketään profiloida, mutta `{key}` profiloi.",
    help_en="Leave `profiling` out of `never:`, or leave the purpose out.",
    help_fi="Jätä `profiling` pois kohdasta `never:` tai jätä tarkoitus pois.",
    law="Art. 5(1)(a), 13(2)(f)",
)
LEAVES_EEA = rule(
    "N03-leaving-eea-denied",
    "error",
    en="The notice says that data never leave the EEA, and `{who}` is in {country}.",
    fi="Seloste sanoo, etteivät tiedot lähde ETA-alueelta, mutta `{who}` on maassa {country}.",
    help_en="Leave `leaving_eea` out of `never:`, or choose a party within the EEA.",
    help_fi="Jätä `leaving_eea` pois kohdasta `never:` tai valitse vastaanottaja ETA-alueelta.",
    law="Art. 5(1)(a), 13(1)(f)",
)
MAY_LEAVE_EEA = rule(
    "N04-may-leave-eea",
    "error",
    en="The notice says that data never leave the EEA, and the country of `{key}` comes from the row.",
    fi="Seloste sanoo, etteivät tiedot lähde ETA-alueelta, mutta vastaanottajan `{key}` maa tulee riviltä.",
    help_en="Leave `leaving_eea` out of `never:`, or write a country of the EEA.",
    help_fi="Jätä `leaving_eea` pois kohdasta `never:` tai kirjoita ETA-alueen maa.",
    law="Art. 5(1)(a), 13(1)(f)",
)
JOINED = rule(
    "N05-joining-denied",
    "error",
    en="The notice says that browsers are never joined to people, and `{key}` joins them.",
    fi="Seloste sanoo, ettei selaimia yhdistetä ihmisiin, mutta `{key}` yhdistää.",
    help_en="Leave `joining_browsers_to_persons` out of `never:`, or `becomes:` and the person of the device out of "
    "the purpose.",
    help_fi="Jätä `joining_browsers_to_persons` pois kohdasta `never:` tai `becomes:` ja laitteen henkilö pois "
    "tarkoituksesta.",
    law="Art. 5(1)(a)",
)
PROFILING_DENIED_IN_TEXT = rule(
    "N06-profiling-none",
    "error",
    en="`{key}` profiles, and its `profiling:` says that nothing is.",
    fi="`{key}` profiloi, mutta sen `profiling:` sanoo, ettei mitään profiloida.",
    help_en="Say what is evaluated and what follows from it.",
    help_fi="Kerro, mitä arvioidaan ja mitä siitä seuraa.",
    law="Art. 13(2)(f)",
)
NOT_WIDER = rule(
    "N07-narrower-than-law",
    "error",
    en="`{key}` promises less than the law asks.",
    fi="`{key}` lupaa vähemmän kuin laki vaatii.",
    help_en="A request is answered within one month. Promise a shorter time, or leave the line out.",
    help_fi="Pyyntöön vastataan kuukauden kuluessa. Lupaa lyhyempi aika tai jätä rivi pois.",
    law="Art. 12(3)",
)
NEVER_AND_AUTOMATED = rule(
    "N08-decisions-denied",
    "warning",
    en="The notice says that nothing is decided automatically, and the text of `{key}` speaks of automated decisions.",
    fi="Seloste sanoo, ettei mitään päätetä automaattisesti, mutta tarkoituksen `{key}` teksti puhuu "
    "automaattisista päätöksistä.",
    help_en="Leave `automated_decisions` out of `never:`, or mend the text.",
    help_fi="Jätä `automated_decisions` pois kohdasta `never:` tai korjaa teksti.",
    law="Art. 13(2)(f), 22",
)

DISCLOSURE_DENIED = rule(
    "N09-disclosure-denied",
    "warning",
    en="`{path}` says that data are not disclosed, and `{key}` receives them: “{words}”.",
    fi="`{path}` sanoo, ettei tietoja luovuteta, mutta `{key}` saa niitä: ”{words}”.",
    help_en="Take the sentence out: who receives is told by itself under `recipients:`. Or say in it who is excepted, "
    "as “to nobody but ...”, or leave the recipient out.",
    help_fi="Poista lause: vastaanottajat kerrotaan itsestään kohdasta `recipients:`. Tai kerro lauseessa poikkeus, "
    "esimerkiksi ”muille kuin ...”, tai jätä vastaanottaja pois.",
    law="Art. 5(1)(a), 13(1)(e)",
)

_DENIED = (
    re.compile(r"\b(ei|emme|eikä|emmekä)\b.*\bluovut|\bluovut\w*.*\b(ei|emme)\b", re.IGNORECASE),
    re.compile(
        r"\b(not|never|no|nor|don.t)\b.*\b(disclos|shared?\b|sharing|handed|given (to|out)|pass(ed)? on)", re.IGNORECASE
    ),
    re.compile(r"\b(inte|aldrig|ej|inga)\b.*\b(ut)?lämna|\b(ut)?lämna\w*.*\b(inte|aldrig|ej)\b", re.IGNORECASE),
)
_OF_DATA = re.compile(r"\btie(do|to)|\bdata\b|\binformation\b|\buppgift", re.IGNORECASE)
_BUT = re.compile(
    r"\b(paitsi|ilman|muutoin|muuten|muuhun|muihin|muulle|muille|kuin|lukuun ottamatta|ellei|jollei|ellemme|vain"
    r"|markkinoin\w*|eta|eu|ulkopuolelle"
    r"|except|unless|without|other|but|only|more than|marketing|eea|outside"
    r"|utom|utan|förutom|annan?|annat|andra|än|endast|bara|om inte|marknadsför\w*|ees|utanför)\b",
    re.IGNORECASE,
)
"""Words by which a sentence denies only some disclosures: those are not judged."""

_NOTHING = frozenset({"none", "no", "nothing", "ei", "ei mitään", "ei profilointia", "no profiling", "ingen", "inget"})
_AUTOMATED = ("automaattisesti päät", "automaattinen päätö", "automated decision", "decided automatically")
_SENTENCE = re.compile(r"[^.!?\n]+")
_MONTH_DAYS = {"day": 1, "month": 31, "year": 366}


def findings(notice: Notice) -> Iterator[Finding]:
    checks = {
        "selling": _selling,
        "profiling": _profiling,
        "leaving_eea": _leaving,
        "joining_browsers_to_persons": _joining,
        "automated_decisions": _automated,
    }
    for word in notice.never:
        if word in checks:
            yield from checks[word](notice)
    for purpose in notice.purposes.values():
        said = [text.strip(" .").lower() for text in (purpose.profiling or {}).values()]
        if purpose.nature == "profiling" and any(text in _NOTHING for text in said):
            yield found(PROFILING_DENIED_IN_TEXT, notice, f"purposes.{purpose.key}.profiling", key=purpose.key)
    yield from _disclosing(notice)
    within = notice.gives_more.get("answer_within")
    if isinstance(within, tuple) and within[0] * _MONTH_DAYS[within[1]] > _MONTH_DAYS["month"]:
        yield found(NOT_WIDER, notice, "gives_more.answer_within", key="answer_within")


def _disclosing(notice: Notice) -> Iterator[Finding]:
    """A sentence that nothing is disclosed, beside somebody who receives otherwise than by an authority's request."""
    receives = next((of for of in notice.recipients if not (of.authority and of.when == "legal_request")), None)
    if receives is None:
        return
    for path, text, _ in texts(notice):
        for sentence in dict.fromkeys(each for said in text.values() for each in _SENTENCE.findall(said)):
            denied = any(each.search(sentence) for each in _DENIED) and _OF_DATA.search(sentence)
            if denied and not _BUT.search(sentence):
                yield found(DISCLOSURE_DENIED, notice, path, path=path, key=receives.key, words=sentence.strip()[:120])


def _selling(notice: Notice) -> Iterator[Finding]:
    for recipient in notice.recipients:
        if recipient.authority or recipient.when == "consent":
            continue
        for key in recipient.purposes:
            purpose = notice.purposes[key]
            outside = not all(party in notice.controller.group for party in recipient.who) or not recipient.who
            if purpose.nature == "marketing" and purpose.basis != "consent" and outside:
                yield found(SOLD, notice, "never.selling", key=recipient.key)


def _profiling(notice: Notice) -> Iterator[Finding]:
    for purpose in notice.purposes.values():
        if purpose.nature == "profiling" or purpose.profiling:
            yield found(PROFILED, notice, "never.profiling", key=purpose.key)


def _leaving(notice: Notice) -> Iterator[Finding]:
    for stop in stops(notice):
        if status(stop.country, notice.effective) != "eea":
            yield found(LEAVES_EEA, notice, stop.path, who=stop.who, country=stop.country)
    for recipient in notice.recipients:
        if recipient.country_from is not None:
            yield found(MAY_LEAVE_EEA, notice, f"recipients.{recipient.key}.country", key=recipient.key)
    for embed in notice.embeds:
        if embed.country and status(embed.country, notice.effective) != "eea":
            yield found(LEAVES_EEA, notice, f"embeds.{embed.key}.country", who=embed.provider, country=embed.country)


def _joining(notice: Notice) -> Iterator[Finding]:
    for purpose in notice.purposes.values():
        joined = any(
            reference.target == PERSON and reference.column == ref.item
            for ref in purpose.uses
            if notice.kinds[ref.kind].subject and ref.kind != PERSON
            for reference in references(notice.kinds[ref.kind])
        )
        if purpose.becomes is not None or joined:
            yield found(JOINED, notice, "never.joining_browsers_to_persons", key=purpose.key)


def _automated(notice: Notice) -> Iterator[Finding]:
    for purpose in notice.purposes.values():
        said = " ".join([*purpose.text.values(), *(purpose.profiling or {}).values()]).lower()
        if any(words in said for words in _AUTOMATED):
            yield found(NEVER_AND_AUTOMATED, notice, f"purposes.{purpose.key}", key=purpose.key)
