"""Each purpose stands on a basis, and says what hangs on it: Art. 6, 7, 9, 13(1)(c) and (d), 13(2)(e) and (f)."""

from __future__ import annotations

from collections.abc import Iterator

from seloste.notice.expand.people import business_only
from seloste.notice.fields import BASES, ON_INTEREST
from seloste.notice.findings import Finding, found, rule
from seloste.notice.model import Notice, Purpose

NO_BASIS = rule(
    "P01-basis-missing",
    "error",
    firm=True,
    en="The purpose `{key}` has no legal basis.",
    fi="Käyttötarkoituksella `{key}` ei ole perustetta.",
    help_en="Write `basis:` with one of consent, contract, company_contract, legal_obligation, legitimate_interest, "
    "public_task, vital.",
    help_fi="Kirjoita `basis:` ja jokin näistä: consent (suostumus), contract (sopimus), company_contract (sopimus "
    "yrityksen kanssa), legal_obligation (lakisääteinen velvoite), legitimate_interest (oikeutettu etu), "
    "public_task, vital.",
    law="Art. 6(1), 13(1)(c)",
)
NO_TEXT = rule(
    "P02-text-missing",
    "error",
    en="The purpose `{key}` is not said in words.",
    fi="Käyttötarkoitusta `{key}` ei kerrota sanoin.",
    help_en="Write `text:` in each language: why the data are processed.",
    help_fi="Kirjoita `text:` joka kielellä: miksi tietoja käsitellään.",
    law="Art. 13(1)(c)",
)
NO_INTEREST = rule(
    "P03-interest-missing",
    "error",
    en="The purpose `{key}` rests on an interest, and does not name it.",
    fi="Käyttötarkoitus `{key}` on edun varassa, mutta etua ei nimetä.",
    help_en="Write `interest:`, what you need it for, as `to answer you`.",
    help_fi="Kirjoita `interest:`, mihin sitä tarvitset, esimerkiksi `vastata sinulle`.",
    law="Art. 6(1)(f), 13(1)(d)",
)
NO_LAW = rule(
    "P04-law-missing",
    "error",
    en="The purpose `{key}` rests on a duty in law, and names no law.",
    fi="Käyttötarkoitus `{key}` on lain varassa, mutta lakia ei nimetä.",
    help_en="Write `law:` with the act and section, as `kirjanpitolaki 1336/1997 2:10 §`.",
    help_fi="Kirjoita `law:` ja laki pykälineen, esimerkiksi `kirjanpitolaki 1336/1997 2:10 §`.",
    law="Art. 6(3)",
)
NO_WORDING = rule(
    "P05-consent-wording-missing",
    "error",
    en="The purpose `{key}` rests on consent, and the sentence people say yes to is not written.",
    fi="Käyttötarkoitus `{key}` on suostumuksen varassa, mutta lausetta, johon suostutaan, ei ole.",
    help_en="Write `consent:` in each language, as `You may send me your newsletter.`",
    help_fi="Kirjoita `consent:` joka kielellä, esimerkiksi `Saatte lähettää minulle uutiskirjeen.`",
    law="Art. 7(1) and (2)",
)
NOT_CONSENT = rule(
    "P06-not-consent",
    "warning",
    en="The purpose `{key}` does not rest on consent, so `{word}` means nothing there.",
    fi="Käyttötarkoitus `{key}` ei ole suostumuksen varassa, joten `{word}` ei merkitse siinä mitään.",
    help_en="Write `basis: consent`, or leave `{word}` out.",
    help_fi="Kirjoita `basis: consent` tai jätä `{word}` pois.",
    law="Art. 6(1)(a)",
)
ENDLESS_CONSENT = rule(
    "P07-consent-without-end",
    "note",
    en="A consent to `{key}` has no end.",
    fi="Suostumuksella tarkoitukseen `{key}` ei ole loppua.",
    help_en="Consider `lasts: 2 years`: it is then asked again.",
    help_fi="Harkitse riviä `lasts: 2 years`: silloin se kysytään uudelleen.",
    law="Art. 5(1)(e), 7",
)
COMPANY_IS_PARTY = rule(
    "P08-party-is-a-company",
    "error",
    en="The people of this register act for companies, so the party to the contract behind `{key}` is the company.",
    fi="Tämän rekisterin ihmiset toimivat yritysten puolesta, joten tarkoituksen `{key}` sopimuksen osapuoli on "
    "yritys.",
    help_en="Write `basis: company_contract`. It is published as the contract with the company and can be objected to.",
    help_fi="Kirjoita `basis: company_contract`. Se julkaistaan sopimuksena yrityksen kanssa, ja sitä voi vastustaa.",
    law="Art. 6(1)(b)",
)
NO_COMPANY = rule(
    "P09-no-company",
    "error",
    en="`{key}` rests on the contract with a company, and nothing it uses belongs to one.",
    fi="`{key}` on yrityksen kanssa tehdyn sopimuksen varassa, mutta mikään sen tieto ei kuulu yritykselle.",
    help_en="Write `basis: contract` when the person is the party; otherwise add `organisation` to its `uses:`.",
    help_fi="Kirjoita `basis: contract`, jos osapuoli on ihminen itse; muuten lisää `organisation` kohtaan `uses:`.",
    law="Art. 6(1)(b)",
)
SPECIAL_GROUND = rule(
    "P10-special-ground-missing",
    "error",
    en="`{key}` uses a special category of data (`{item}`) without a ground.",
    fi="`{key}` käyttää erityistä henkilötietoa (`{item}`) ilman perustetta.",
    help_en="Write `special:` with one of: {known}.",
    help_fi="Kirjoita `special:` ja jokin näistä: {known}.",
    law="Art. 9(2)",
)
IDLE_SPECIAL = rule(
    "P11-special-ground-idle",
    "warning",
    en="`{key}` gives a ground for special categories and uses none.",
    fi="`{key}` antaa perusteen erityisille henkilötiedoille, mutta ei käytä niitä.",
    help_en="Leave `special:` out, or mark the item with `!` under `kinds:`.",
    help_fi="Jätä `special:` pois tai merkitse tieto merkillä `!` kohdassa `kinds:`.",
    law="Art. 9",
)
CODE_GROUND = rule(
    "P12-identity-code-ground-missing",
    "error",
    en="`{key}` uses a personal identity code (`{item}`) without a ground.",
    fi="`{key}` käyttää henkilötunnusta (`{item}`) ilman perustetta.",
    help_en="Write `identity_code:` with one of: {known}; or leave the item out.",
    help_fi="Kirjoita `identity_code:` ja jokin näistä: {known}; tai jätä tieto pois.",
    law="Data Protection Act 1050/2018, section 29",
)
IDLE_CODE = rule(
    "P13-identity-code-ground-idle",
    "warning",
    en="`{key}` gives a ground for an identity code and uses none.",
    fi="`{key}` antaa perusteen henkilötunnukselle, mutta ei käytä sitä.",
    help_en="Leave `identity_code:` out, or name the item in `uses:`.",
    help_fi="Jätä `identity_code:` pois tai nimeä tieto kohdassa `uses:`.",
    law="Data Protection Act 1050/2018, section 29",
)
CODE_NEEDS_CONSENT = rule(
    "P14-identity-code-ground-differs",
    "error",
    en="`{key}` gives consent as the ground for the identity code, and does not rest on consent.",
    fi="`{key}` perustelee henkilötunnuksen suostumuksella, mutta ei ole suostumuksen varassa.",
    help_en="Write another ground, or `basis: consent`.",
    help_fi="Kirjoita muu peruste tai `basis: consent`.",
    law="Data Protection Act 1050/2018, section 29(1)",
)
CODE_FOR_MARKETING = rule(
    "P15-identity-code-for-marketing",
    "error",
    en="`{key}` is marketing, and uses a personal identity code.",
    fi="`{key}` on markkinointia, mutta käyttää henkilötunnusta.",
    help_en="Leave the identity code out: section 29 gives no ground for marketing.",
    help_fi="Jätä henkilötunnus pois: 29 § ei anna perustetta markkinointiin.",
    law="Data Protection Act 1050/2018, section 29",
)
NOTHING_USED = rule(
    "P16-uses-nothing",
    "error",
    en="The purpose `{key}` says nothing of which data it uses.",
    fi="Käyttötarkoitus `{key}` ei kerro, mitä tietoja se käyttää.",
    help_en="Write `uses:` with what it holds, or `borrows:` with what others hold.",
    help_fi="Kirjoita `uses:`, mitä se pitää, tai `borrows:`, mitä muut pitävät.",
    law="Art. 5(1)(c), 14(1)(d)",
)
NO_PROFILING_TEXT = rule(
    "P17-profiling-not-told",
    "error",
    en="`{key}` profiles, and what is evaluated is not told.",
    fi="`{key}` profiloi, mutta ei kerro, mitä arvioidaan.",
    help_en="Write `profiling:`, what is concluded and what follows from it.",
    help_fi="Kirjoita `profiling:`, mitä päätellään ja mitä siitä seuraa.",
    law="Art. 13(2)(f)",
)
NO_CONSEQUENCE = rule(
    "P18-needed-for-missing",
    "warning",
    en="It is not told what happens if the data for `{key}` are not given.",
    fi="Ei kerrota, mitä seuraa, jos tarkoituksen `{key}` tietoja ei anna.",
    help_en="Write `needed_for:`, as `Without a name and a phone number we cannot agree on the job.`",
    help_fi="Kirjoita `needed_for:`, esimerkiksi `Ilman nimeä ja puhelinnumeroa emme voi sopia työstä.`",
    law="Art. 13(2)(e)",
)
NO_EFFECT = rule(
    "P19-purpose-without-effect",
    "warning",
    en="`{key}` only borrows data, and nobody receives or acts on them.",
    fi="`{key}` vain lainaa tietoja, eikä kukaan saa tai käytä niitä.",
    help_en="Name a recipient `for: {key}`, or a role under `staff:`; or leave the purpose out.",
    help_fi="Nimeä vastaanottaja (`for: {key}`) tai tehtävä kohdassa `staff:`, tai jätä tarkoitus pois.",
    law="Art. 5(1)(b)",
)
DURING_UNUSED = rule(
    "P20-only-during-unused",
    "error",
    en="`{key}` takes data only during `{kind}`, and does not use it.",
    fi="`{key}` ottaa tietoja vain, kun `{kind}` on avoinna, mutta ei käytä sitä.",
    help_en="Add `{kind}` to its `uses:`.",
    help_fi="Lisää `{kind}` kohtaan `uses:`.",
)
DURING_ENDLESS = rule(
    "P21-only-during-endless",
    "warning",
    en="`{kind}` of a person may stay open for ever, and `{key}` takes data as long as it is.",
    fi="`{kind}` voi jäädä auki, ja `{key}` ottaa tietoja niin kauan kuin se on auki.",
    help_en="Write `longest:`, as `12 hours`.",
    help_fi="Kirjoita `longest:`, esimerkiksi `12 hours`.",
    law="Art. 5(1)(c), 25",
)
BECOMES_UNKNOWN = rule(
    "P22-becomes-unknown",
    "error",
    en="A visitor of `{key}` becomes `{word}`, which is no category under `people:`.",
    fi="Tarkoituksen `{key}` kävijästä tulee `{word}`, jota ei ole kohdassa `people:`.",
    help_en="Write one of the categories: {known}.",
    help_fi="Kirjoita jokin ihmisryhmistä: {known}.",
    law="Art. 14(1)(d), 30(1)(c)",
)
INTAKE_STORED = rule(
    "P23-intake-stored",
    "error",
    en="`{ref}` is said to be used on arrival and never stored, and `{other}` stores it.",
    fi="`{ref}` luvataan käyttää saapuessa ja olla tallentamatta, mutta `{other}` tallentaa sen.",
    help_en="Leave it out of one of the two.",
    help_fi="Jätä se pois jommastakummasta.",
    law="Art. 5(1)(a)",
)
TOO_YOUNG = rule(
    "P24-child-consent",
    "warning",
    en="`{category}` may be {age} years old, and `{key}` rests on their own consent.",
    fi="Ryhmässä `{category}` voi olla {age}-vuotiaita, ja `{key}` on heidän oman suostumuksensa varassa.",
    help_en="Below 13 years the holder of parental responsibility consents. Write `youngest: 13`, or another basis.",
    help_fi="Alle 13-vuotiaan puolesta suostuu huoltaja. Kirjoita `youngest: 13` tai muu peruste.",
    law="Art. 8(1); Data Protection Act 1050/2018, section 5",
)
CONFIRM_WHAT = rule(
    "P25-confirm-nothing",
    "error",
    en="`{key}` confirms an e-mail address, and uses none.",
    fi="`{key}` vahvistaa sähköpostiosoitteen, mutta ei käytä sellaista.",
    help_en="Add `email` to its `uses:`, or leave `confirm:` out.",
    help_fi="Lisää `email` kohtaan `uses:` tai jätä `confirm:` pois.",
)

ASKED = ("contract", "legal_obligation")
"""Bases under which data are demanded of the person rather than asked for."""


def findings(notice: Notice) -> Iterator[Finding]:
    for purpose in notice.purposes.values():
        yield from _basis(notice, purpose)
        yield from _contract(notice, purpose)
        yield from _grounds(notice, purpose)
        yield from _what(notice, purpose)
        yield from _visitors(notice, purpose)


def _basis(notice: Notice, of: Purpose) -> Iterator[Finding]:
    path = f"purposes.{of.key}"
    if of.basis not in BASES:
        yield found(NO_BASIS, notice, f"{path}.basis", key=of.key)
    if not of.text_written:
        yield found(NO_TEXT, notice, f"{path}.text", key=of.key)
    if of.basis in ON_INTEREST and not of.interest:
        yield found(NO_INTEREST, notice, f"{path}.interest", key=of.key)
    if of.basis in ("legal_obligation", "public_task") and not of.law:
        yield found(NO_LAW, notice, f"{path}.law", key=of.key)
    if of.basis in ASKED and not of.needed_for and not of.built_in:
        yield found(NO_CONSEQUENCE, notice, f"{path}.needed_for", key=of.key)
    yield from _consent(notice, of, path)


def _consent(notice: Notice, of: Purpose, path: str) -> Iterator[Finding]:
    if of.basis == "consent":
        if not of.consent:
            yield found(NO_WORDING, notice, f"{path}.consent", key=of.key)
        if of.lasts is None and any(keep.base is None for keep in of.keep):
            yield found(ENDLESS_CONSENT, notice, f"{path}.lasts", key=of.key)
        for category in notice.categories:
            if category.youngest is not None and category.youngest < 13:
                at = f"people.{category.key}.youngest"
                yield found(TOO_YOUNG, notice, at, key=of.key, category=category.key, age=category.youngest)
    elif "consent" not in of.channels.values():
        for word, said in (("consent", of.consent), ("lasts", of.lasts), ("confirm", of.confirm), ("per", of.per)):
            if said is not None:
                yield found(NOT_CONSENT, notice, f"{path}.{word}", key=of.key, word=word)


def _contract(notice: Notice, of: Purpose) -> Iterator[Finding]:
    path = f"purposes.{of.key}.basis"
    if of.basis == "contract" and business_only(notice.categories, notice.kinds):
        yield found(COMPANY_IS_PARTY, notice, path, key=of.key)
    if of.basis == "company_contract" and of.uses and not _reaches_nobodys(notice, of):
        yield found(NO_COMPANY, notice, path, key=of.key)


def _reaches_nobodys(notice: Notice, of: Purpose) -> bool:
    """Whether anything the purpose uses is, belongs to or points at something that is nobody's (a company, a house)."""
    seen: set[str] = set()
    waiting = [ref.kind for ref in of.uses]
    while waiting:
        key = waiting.pop()
        if key in seen or key not in notice.kinds:
            continue
        seen.add(key)
        kind = notice.kinds[key]
        if kind.about == "nobody":
            return True
        if not kind.subject:
            waiting += [*kind.of, *(item.refers_to for item in kind.items.values() if item.refers_to)]
    return False


def _grounds(notice: Notice, of: Purpose) -> Iterator[Finding]:
    from seloste.notice.fields import CODE_GROUNDS, SPECIAL_GROUNDS

    path = f"purposes.{of.key}"
    items = [(ref, notice.kinds[ref.kind].items.get(ref.item)) for ref in (*of.uses, *of.borrows)]
    special = [ref for ref, item in items if item is not None and item.special]
    codes = [ref for ref, item in items if item is not None and item.type == "hetu"]
    if special and not of.special:
        yield found(
            SPECIAL_GROUND,
            notice,
            f"{path}.uses.{special[0]}",
            key=of.key,
            item=special[0],
            known=", ".join(SPECIAL_GROUNDS),
        )
    if of.special and not special:
        yield found(IDLE_SPECIAL, notice, f"{path}.special", key=of.key)
    if codes and not of.identity_code_ground:
        yield found(
            CODE_GROUND, notice, f"{path}.uses.{codes[0]}", key=of.key, item=codes[0], known=", ".join(CODE_GROUNDS)
        )
    if of.identity_code_ground and not codes:
        yield found(IDLE_CODE, notice, f"{path}.identity_code", key=of.key)
    if of.identity_code_ground == "consent" and of.basis != "consent":
        yield found(CODE_NEEDS_CONSENT, notice, f"{path}.identity_code", key=of.key)
    if codes and of.nature == "marketing":
        yield found(CODE_FOR_MARKETING, notice, f"{path}.uses.{codes[0]}", key=of.key)


def _what(notice: Notice, of: Purpose) -> Iterator[Finding]:
    path = f"purposes.{of.key}"
    if not of.uses and not of.borrows and not of.at_intake:
        yield found(NOTHING_USED, notice, f"{path}.uses", key=of.key)
    if of.nature == "profiling" and not of.profiling:
        yield found(NO_PROFILING_TEXT, notice, f"{path}.profiling", key=of.key)
    if not of.uses and of.borrows and of.nature == "ordinary":
        received = any(of.key in recipient.purposes for recipient in notice.recipients)
        acted = any(of.key in lens.purposes for lens in notice.staff.values())
        if not received and not acted:
            yield found(NO_EFFECT, notice, path, key=of.key)
    if of.confirm == "email" and not any(
        notice.kinds[ref.kind].items[ref.item].type == "email"
        for ref in of.uses
        if ref.item in notice.kinds[ref.kind].items
    ):
        yield found(CONFIRM_WHAT, notice, f"{path}.confirm", key=of.key)


def _visitors(notice: Notice, of: Purpose) -> Iterator[Finding]:
    path = f"purposes.{of.key}"
    if of.only_during is not None:
        if not any(ref.kind == of.only_during for ref in of.uses):
            yield found(DURING_UNUSED, notice, f"{path}.only_during", key=of.key, kind=of.only_during)
        elif of.longest is None and notice.kinds[of.only_during].about != "nobody":
            yield found(DURING_ENDLESS, notice, f"{path}.only_during", key=of.key, kind=of.only_during)
    if of.becomes is not None and of.becomes not in {category.key for category in notice.categories}:
        known = ", ".join(category.key for category in notice.categories)
        yield found(BECOMES_UNKNOWN, notice, f"{path}.becomes", key=of.key, word=of.becomes, known=known)
    for ref in of.at_intake:
        storing = [other.key for other in notice.purposes.values() if ref in other.uses]
        if storing:
            yield found(INTAKE_STORED, notice, f"{path}.at_intake.{ref}", ref=ref, other="`, `".join(storing))
