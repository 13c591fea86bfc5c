"""Who receives, who helps, and where the data go: Art. 13(1)(e) and (f), 28, 30(1)(d) and (e), 44 to 49."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from seloste.notice.check.words import one_of_each_word, words_not_held
from seloste.notice.fields import SAFEGUARDS
from seloste.notice.findings import Finding, found, rule
from seloste.notice.model import Notice, Purpose, Recipient, Ref

NO_SAFEGUARD = rule(
    "R05-safeguard-missing",
    "error",
    en="`{who}` is outside the EEA ({country}), and no safeguard is told.",
    fi="`{who}` on ETA-alueen ulkopuolella ({country}), eikä suojatoimea kerrota.",
    help_en="Write `safeguard:` with one of: {known}.",
    help_fi="Kirjoita `safeguard:` ja jokin näistä: {known}.",
    law="Art. 13(1)(f), 30(1)(e), 44 to 49",
)
BAD_SAFEGUARD = rule(
    "R06-safeguard-not-in-force",
    "error",
    en="`{safeguard}` does not hold for {country} on the day the notice takes effect.",
    fi="`{safeguard}` ei ole maan {country} kohdalla voimassa selosteen voimaantulopäivänä.",
    help_en="Write a safeguard that does, as `scc`.",
    help_fi="Kirjoita suojatoimi, joka on, esimerkiksi `scc`.",
    law="Art. 45, 46",
)
DEROGATION = rule(
    "R07-derogation-for-regular",
    "warning",
    en="`{key}` handles data all the time, and its transfer rests on an exception meant for single cases.",
    fi="`{key}` käsittelee tietoja jatkuvasti, mutta siirto on yksittäistapauksiin tarkoitetun poikkeuksen varassa.",
    help_en="Write a safeguard of Art. 46, as `scc`.",
    help_fi="Kirjoita 46 artiklan suojatoimi, esimerkiksi `scc`.",
    law="Art. 49(1)",
)
GETS_NOTHING = rule(
    "R08-gets-missing",
    "error",
    en="It is not told what `{key}` receives.",
    fi="Ei kerrota, mitä `{key}` saa.",
    help_en="Write `gets:`, as `[name, email]`. Only an authority that asks by law gets what its request covers.",
    help_fi="Kirjoita `gets:`, esimerkiksi `[name, email]`. Vain lain nojalla pyytävä viranomainen saa sen, mitä "
    "pyyntö koskee.",
    law="Art. 5(1)(c), 13(1)(e)",
)
NO_CONDITION = rule(
    "R09-condition-missing",
    "error",
    en="`{key}` receives data for no purpose and on no condition.",
    fi="`{key}` saa tietoja ilman tarkoitusta ja ehtoa.",
    help_en="Write `for:` with a purpose, or `when:` with a condition.",
    help_fi="Kirjoita `for:` ja tarkoitus tai `when:` ja ehto.",
    law="Art. 6(4), 13(1)(e)",
)
GETS_TOO_MUCH = rule(
    "R10-gets-too-much",
    "error",
    en="`{key}` gets `{ref}`, which the purposes it receives for do not use.",
    fi="`{key}` saa tiedon `{ref}`, jota ne tarkoitukset, joihin se saa tietoja, eivät käytä.",
    help_en="Leave it out of `gets:`, or name it in the `uses:` or `borrows:` of {purposes}.",
    help_fi="Jätä se pois kohdasta `gets:` tai nimeä se tarkoituksen {purposes} kohdassa `uses:` tai `borrows:`.",
    law="Art. 5(1)(b) and (c)",
)
GETS_UNHELD = rule(
    "R11-gets-unheld",
    "warning",
    en="`{key}` gets `{word}`, which the register does not hold.",
    fi="`{key}` saa tiedon `{word}`, jota rekisteri ei pidä.",
    help_en="Leave it out, or name it in the `uses:` of a purpose.",
    help_fi="Jätä se pois tai nimeä se jonkin käyttötarkoituksen kohdassa `uses:`.",
    law="Art. 13(1)(e)",
)
NOBODY_ASKED_FOR = rule(
    "R12-consent-for-nobody",
    "error",
    en="Consent to `{key}` is asked for each recipient by name, and there is none.",
    fi="Tarkoitukseen `{key}` kysytään lupa vastaanottaja kerrallaan, mutta vastaanottajia ei ole.",
    help_en="Write under `recipients:` who receives `for: {key}`.",
    help_fi="Kirjoita kohtaan `recipients:`, kuka saa tietoja (`for: {key}`).",
    law="Art. 4(11), 13(1)(e)",
)
CONDITION_UNHELD = rule(
    "R13-condition-unheld",
    "error",
    en="`{key}` receives on the condition `{when}`, and the register holds no `{kind}`.",
    fi="`{key}` saa tietoja ehdolla `{when}`, mutta rekisterissä ei ole lajia `{kind}`.",
    help_en="Write another condition, or add `{kind}` to the `uses:` of a purpose.",
    help_fi="Kirjoita muu ehto tai lisää `{kind}` jonkin käyttötarkoituksen kohtaan `uses:`.",
    law="Art. 13(1)(e)",
)
MARKETING_WITHOUT_CONSENT = rule(
    "R14-marketing-of-others",
    "error",
    en="`{key}` receives data for its own marketing, and `{purpose}` does not rest on a consent that names it.",
    fi="`{key}` saa tietoja omaan markkinointiinsa, eikä `{purpose}` ole sen nimeävän luvan varassa.",
    help_en="Use a purpose with `basis: consent` and `per: recipient`, as `partner_marketing`, or write `when: "
    "consent`.",
    help_fi="Käytä tarkoitusta, jolla on `basis: consent` ja `per: recipient`, kuten `partner_marketing`, tai "
    "kirjoita `when: consent`.",
    law="Act 917/2014, section 200(1); Art. 6(1)(a)",
)
WHO_IS_IT = rule(
    "R15-recipient-not-named",
    "error",
    en="It is not told who `{key}` is.",
    fi="Ei kerrota, kuka `{key}` on.",
    help_en="Write `text:` in each language, or `who:` with a name and country.",
    help_fi="Kirjoita `text:` joka kielellä tai `who:`, nimi ja maa.",
    law="Art. 13(1)(e)",
)

ASKED_WITHOUT_NAME = rule(
    "R16-consent-without-name",
    "error",
    en="Consent to `{purpose}` is asked by the recipient's name, and `{key}` names nobody.",
    fi="Tarkoitukseen `{purpose}` kysytään lupa vastaanottajan nimellä, mutta `{key}` ei nimeä ketään.",
    help_en="Write `who: [Name Oy (FI)]`.",
    help_fi="Kirjoita `who: [Nimi Oy (FI)]`.",
    law="Art. 4(11), 7; Act 917/2014, section 200(1)",
)
IDLE_SAFEGUARD = rule(
    "R17-safeguard-idle",
    "warning",
    en="`{key}` has a safeguard for a transfer, and nothing says that data leave the EEA.",
    fi="Kohdalla `{key}` on siirron suojatoimi, mutta mikään ei kerro, että tiedot lähtevät ETA-alueelta.",
    help_en="Write where they go (`country:`, or the country beside each name), or leave `safeguard:` out.",
    help_fi="Kirjoita, minne ne menevät (`country:` tai maa kunkin nimen perään), tai jätä `safeguard:` pois.",
    law="Art. 13(1)(f), 30(1)(e)",
)
NO_PURPOSE = rule(
    "R18-purpose-missing",
    "warning",
    en="It is not told for which purpose `{key}` receives data.",
    fi="Ei kerrota, mihin tarkoitukseen `{key}` saa tietoja.",
    help_en="Write `for:`; it then gets no more than the purpose uses.",
    help_fi="Kirjoita `for:`; silloin se ei saa enempää kuin tarkoitus käyttää.",
    law="Art. 5(1)(b)",
)

COUNTRY_OF_ROW = rule(
    "R19-safeguard-for-any-country",
    "error",
    en="The country of `{key}` comes from the row (`{ref}`) and may be outside the EEA, and no safeguard is told.",
    fi="Vastaanottajan `{key}` maa tulee riviltä (`{ref}`) ja voi olla ETA-alueen ulkopuolella, eikä suojatoimea "
    "kerrota.",
    help_en="Write `safeguard:` with one of: {known}.",
    help_fi="Kirjoita `safeguard:` ja jokin näistä: {known}.",
    law="Art. 13(1)(f), 30(1)(e), 44 to 49",
)

DEROGATIONS = ("explicit_consent", "contract_derogation", "claims_derogation")
DECISIONS = ("adequacy", "dpf")
"""Safeguards that rest on a decision of the Commission, which holds for a country from a day to a day."""


class Stop(NamedTuple):
    """One place data may go: where it is said and by which section, the party, its country and safeguard."""

    path: str
    owner: str
    who: str
    country: str
    safeguard: str | None


def findings(notice: Notice) -> Iterator[Finding]:
    for stop in stops(notice):
        yield from _transfer(notice, stop)
    for processor in notice.processors:
        if processor.safeguard in DEROGATIONS:
            yield found(DEROGATION, notice, f"processors.{processor.key}.safeguard", key=processor.key)
    for recipient in notice.recipients:
        yield from _recipient(notice, recipient)
    for purpose in notice.purposes.values():
        if purpose.per == "recipient" and not any(purpose.key in recipient.purposes for recipient in notice.recipients):
            yield found(NOBODY_ASKED_FOR, notice, f"purposes.{purpose.key}", key=purpose.key)
        for recipient in notice.recipients if purpose.per == "recipient" else ():
            if purpose.key in recipient.purposes and not recipient.who and recipient.who_from is None:
                yield found(
                    ASKED_WITHOUT_NAME,
                    notice,
                    f"recipients.{recipient.key}.who",
                    key=recipient.key,
                    purpose=purpose.key,
                )


def stops(notice: Notice) -> Iterator[Stop]:
    """Every party with a country that handles or receives data. The group counts where it receives."""
    for processor in notice.processors:
        path = f"processors.{processor.key}"
        if processor.country:
            name = processor.name or processor.key
            yield Stop(f"{path}.country", path, name, processor.country, processor.safeguard)
        for number, party in enumerate(processor.sub_processors):
            if party.country:
                yield Stop(f"{path}.sub_processors.{number}", path, party.name, party.country, processor.safeguard)
    for recipient in notice.recipients:
        path = f"recipients.{recipient.key}"
        if recipient.country:
            yield Stop(f"{path}.country", path, recipient.key, recipient.country, recipient.safeguard)
        for party in recipient.who:
            if party.country:
                yield Stop(f"{path}.who", path, party.name, party.country, recipient.safeguard)


def status(country: str, on: dt.date | None) -> str:
    """eea | adequate | partial | third, on the day (or by the present lists)."""
    from seloste.law.countries import transfer_status

    return transfer_status(country, on or dt.date.max)


def _transfer(notice: Notice, stop: Stop) -> Iterator[Finding]:
    now = status(stop.country, notice.effective)
    if now in ("eea", "adequate"):
        if stop.safeguard == "dpf" and now == "adequate":
            yield found(BAD_SAFEGUARD, notice, f"{stop.owner}.safeguard", safeguard="dpf", country=stop.country)
        return
    if stop.safeguard is None:
        yield found(NO_SAFEGUARD, notice, stop.path, who=stop.who, country=stop.country, known=", ".join(SAFEGUARDS))
    elif stop.safeguard in DECISIONS and (now != "partial" or (stop.safeguard == "dpf" and stop.country != "US")):
        yield found(BAD_SAFEGUARD, notice, f"{stop.owner}.safeguard", safeguard=stop.safeguard, country=stop.country)


def _recipient(notice: Notice, of: Recipient) -> Iterator[Finding]:
    path = f"recipients.{of.key}"
    if not of.purposes and of.when is None:
        yield found(NO_CONDITION, notice, path, key=of.key)
    if not of.purposes and of.when is not None and not of.authority:
        yield found(NO_PURPOSE, notice, path, key=of.key)
    by_request = of.authority and of.when == "legal_request"
    named = any(at.startswith(f"{path}.gets.") for at in notice.words)
    if not of.gets and not by_request and not named:
        yield found(GETS_NOTHING, notice, f"{path}.gets", key=of.key)
    if not of.text_written and not of.who:
        yield found(WHO_IS_IT, notice, f"{path}.text", key=of.key)
    outside = (
        of.country_from is not None
        or of.who_from is not None
        or any(_abroad(notice, stop) for stop in stops(notice) if stop.owner == path)
    )
    if of.safeguard is not None and not outside:
        yield found(IDLE_SAFEGUARD, notice, f"{path}.safeguard", key=of.key)
    if of.country_from is not None and of.safeguard is None:
        facts = {"key": of.key, "ref": of.country_from, "known": ", ".join(SAFEGUARDS)}
        yield found(COUNTRY_OF_ROW, notice, f"{path}.country", **facts)
    yield from _gets(notice, of, path)
    if of.when is not None and "." in of.when and of.when.partition(".")[0] not in notice.kinds:
        yield found(CONDITION_UNHELD, notice, f"{path}.when", key=of.key, when=of.when, kind=of.when.partition(".")[0])
    for key in of.purposes:
        purpose = notice.purposes[key]
        if (
            purpose.nature == "marketing"
            and purpose.basis != "consent"
            and of.when != "consent"
            and not of.authority
            and not _of_group(notice, of)
        ):
            yield found(MARKETING_WITHOUT_CONSENT, notice, path, key=of.key, purpose=key)


def _abroad(notice: Notice, stop: Stop) -> bool:
    return status(stop.country, notice.effective) != "eea"


def _gets(notice: Notice, of: Recipient, path: str) -> Iterator[Finding]:
    allowed = frozenset(ref for key in of.purposes for ref in _may_use(notice.purposes[key]))
    too_much = [ref for ref in of.gets if of.purposes and ref not in allowed]
    for _, ref in one_of_each_word(notice, f"{path}.gets", too_much):
        yield found(GETS_TOO_MUCH, notice, f"{path}.gets.{ref}", key=of.key, ref=ref, purposes=", ".join(of.purposes))
    for word, at in words_not_held(notice, f"{path}.gets", of.gets):
        yield found(GETS_UNHELD, notice, at, key=of.key, word=word)


def _may_use(of: Purpose) -> frozenset[Ref]:
    return frozenset((*of.uses, *of.borrows))


def _of_group(notice: Notice, of: Recipient) -> bool:
    return bool(of.who) and all(party in notice.controller.group for party in of.who)
