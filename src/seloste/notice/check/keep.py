"""Every period can be computed and comes to an end: Art. 5(1)(e), 13(2)(a), 30(1)(f)."""

from __future__ import annotations

from collections.abc import Iterator

from seloste.catalogue.model import Kind
from seloste.notice.findings import Finding, found, place_of, rule
from seloste.notice.keep import LAST_CONTACT, say_term
from seloste.notice.longer import longer
from seloste.notice.model import Keep, Notice, Purpose, Term
from seloste.notice.ways import own_date

NO_PERIOD = rule(
    "K05-period-missing",
    "error",
    firm=True,
    en="The purpose `{key}` holds data, and does not say how long.",
    fi="Käyttötarkoitus `{key}` pitää tietoja, mutta ei kerro, kuinka kauan.",
    help_en="Write `keep:`, as `2 years after order.ordered_on`. “As long as necessary” is no period.",
    help_fi="Kirjoita `keep:`, esimerkiksi `2 years after order.ordered_on`. ”Niin kauan kuin on tarpeen” ei ole aika.",
    law="Art. 5(1)(e), 13(2)(a)",
)
MATTER_UNUSED = rule(
    "K06-matter-unused",
    "error",
    firm=True,
    en="`{key}` keeps data by `{matter}`, and does not use it.",
    fi="`{key}` pitää tietoja asian `{matter}` mukaan, mutta ei käytä sitä.",
    help_en="Add `{matter}` to its `uses:`, or count from something it uses.",
    help_fi="Lisää `{matter}` kohtaan `uses:` tai laske jostakin, mitä se käyttää.",
    law="Art. 13(2)(a)",
)
DATE_NOT_HELD = rule(
    "K07-date-not-held",
    "error",
    firm=True,
    en="The period counts from `{date}`, which no purpose holds.",
    fi="Aika lasketaan päivästä `{date}`, jota mikään käyttötarkoitus ei pidä.",
    help_en="Name `{date}` in the `uses:` of the purpose, or count from another date.",
    help_fi="Nimeä `{date}` käyttötarkoituksen kohdassa `uses:` tai laske toisesta päivästä.",
    law="Art. 13(2)(a)",
)
NO_YEAR_END = rule(
    "K08-financial-year-missing",
    "error",
    firm=True,
    en="`{preset}` counts from the end of the financial year, and the controller's is not told.",
    fi="`{preset}` lasketaan tilikauden lopusta, mutta rekisterinpitäjän tilikautta ei kerrota.",
    help_en="Write `financial_year_ends: 12-31` under `controller:`.",
    help_fi="Kirjoita kohtaan `controller:` rivi `financial_year_ends: 12-31`.",
    law="Accounting Act 1336/1997, chapter 2, section 10",
)
OPEN_ENDED = rule(
    "K09-open-ended",
    "warning",
    en="The period of `{matter}` in `{key}` begins only when somebody types `{date}`; if nobody does, the data stay "
    "for ever.",
    fi="Asian `{matter}` aika tarkoituksessa `{key}` alkaa vasta, kun joku kirjaa päivän `{date}`; jos kukaan ei "
    "kirjaa, tiedot jäävät ikuisesti.",
    help_en="Count from `last_contact`, or add a cap from a date that is always there, as `at most 5 years after "
    "{always}`.",
    help_fi="Laske päivästä `last_contact` tai lisää katto päivästä, joka on aina, esimerkiksi `at most 5 years "
    "after {always}`.",
    law="Art. 5(1)(e)",
)
AT_MOST_UNUSED = rule(
    "K10-at-most-unused",
    "error",
    firm=True,
    en="`at_most:` of `{key}` speaks of `{kind}`, which it does not use.",
    fi="Tarkoituksen `{key}` `at_most:` koskee lajia `{kind}`, jota se ei käytä.",
    help_en="Add `{kind}` to its `uses:`, or leave the line out.",
    help_fi="Lisää `{kind}` kohtaan `uses:` tai jätä rivi pois.",
    law="Art. 13(2)(a)",
)
CONTRADICTION = rule(
    "K11-periods-contradict",
    "error",
    en="The rule of `{matter}` in `{key}` says both `{least}` and a shorter `{most}` from the same date.",
    fi="Asian `{matter}` sääntö tarkoituksessa `{key}` sanoo sekä `{least}` että lyhyemmän `{most}` samasta päivästä.",
    help_en="Leave one of the two out.",
    help_fi="Jätä toinen pois.",
    law="Art. 13(2)(a)",
)
BELOW_LAW = rule(
    "K12-below-the-law",
    "error",
    en="The law asks that `{matter}` be kept as `{preset}` says, and the rule cuts it shorter.",
    fi="Laki vaatii pitämään asian `{matter}` niin kuin `{preset}` sanoo, mutta sääntö lyhentää aikaa.",
    help_en="Leave the `at most` out.",
    help_fi="Jätä `at most` pois.",
    law="Accounting Act 1336/1997, chapter 2, section 10",
)

NO_DEEDS = rule(
    "K13-no-deeds",
    "error",
    firm=True,
    en="The period of `{matter}` in `{key}` counts from the latest contact, and the register holds no deed of the "
    "person.",
    fi="Asian `{matter}` aika tarkoituksessa `{key}` lasketaan viimeisestä yhteydestä, mutta rekisterissä ei ole "
    "yhtään henkilön tekoa.",
    help_en="Use a kind that records deeds, as `interaction` or `order`; or say under `kinds:` which date is one "
    "(`act:`).",
    help_fi="Käytä lajia, joka kirjaa tekoja, kuten `interaction` tai `order`; tai kerro kohdassa `kinds:`, mikä "
    "päivä on teko (`act:`).",
    law="Art. 5(1)(e), 13(2)(a)",
)

LONGER_ELSEWHERE = rule(
    "K14-kept-longer-elsewhere",
    "note",
    en="Rows of `{matter}` stay longer than `{key}` says (`{rule}`): `{other}` keeps the same rows (`{longest}`).",
    fi="Lajin `{matter}` rivit säilyvät pidempään kuin `{key}` sanoo (`{rule}`): `{other}` säilyttää samat rivit "
    "(`{longest}`).",
    help_en="Leave it so if both are right: people are told the longer one. Otherwise leave `{matter}` out of the "
    "`uses:` of one, or give it a shorter period there.",
    help_fi="Jätä näin, jos molemmat ovat oikein: ihmisille kerrotaan pidempi. Muuten jätä `{matter}` pois toisen "
    "kohdasta `uses:` tai anna sille siinä lyhyempi aika.",
    law="Art. 5(1)(e), 13(2)(a)",
)

_DAYS = {"day": 1, "month": 30, "year": 365}


def findings(notice: Notice) -> Iterator[Finding]:
    for purpose in notice.purposes.values():
        path = f"purposes.{purpose.key}.keep"
        if purpose.uses and not purpose.keep:
            yield found(NO_PERIOD, notice, path, key=purpose.key)
        for keep in purpose.keep:
            at = f"{path}.{keep.matter}" if f"{path}.{keep.matter}" in notice.places else path
            yield from _of_matter(notice, purpose, keep, at)
            yield from _longer(notice, purpose, keep, at)
        for limit in purpose.at_most:
            if not any(ref.kind == limit.kind for ref in purpose.uses):
                yield found(
                    AT_MOST_UNUSED,
                    notice,
                    f"purposes.{purpose.key}.at_most.{limit.kind}",
                    key=purpose.key,
                    kind=limit.kind,
                )


def _longer(notice: Notice, purpose: Purpose, keep: Keep, at: str) -> Iterator[Finding]:
    # Of the vocabulary's own kinds the presets are meant so; of a kind of the notice's own somebody should look.
    if f"kinds.{keep.matter}" in notice.places and (found_longer := longer(notice, purpose, keep)) is not None:
        other, longest = found_longer
        facts = {"matter": keep.matter, "key": purpose.key, "rule": keep.text, "other": other.key}
        yield found(LONGER_ELSEWHERE, notice, at, **facts, longest=longest.text)


def _of_matter(notice: Notice, of: Purpose, keep: Keep, at: str) -> Iterator[Finding]:
    kind = notice.kinds.get(keep.matter)
    if kind is None or (not kind.built_in and not any(ref.kind == keep.matter for ref in of.uses)):
        yield found(MATTER_UNUSED, notice, at, key=of.key, matter=keep.matter)
        return
    if keep.base is None:
        return
    terms = (keep.base, *keep.at_least, *keep.at_most)
    missing = False
    for term in terms:
        if (
            term.preset is not None
            and notice.controller.financial_year_ends is None
            and _counts_from_year_end(term.preset)
        ):
            yield Finding(
                NO_YEAR_END, place_of(notice, "controller"), "controller.financial_year_ends", {"preset": term.preset}
            )
        if term.date == LAST_CONTACT and term.kind is None and not any(held.act for held in notice.kinds.values()):
            yield found(NO_DEEDS, notice, at, matter=keep.matter, key=of.key)
        if not _held(notice, term, keep.matter):
            missing = True
            yield found(DATE_NOT_HELD, notice, at, date=f"{term.kind or keep.matter}.{term.date}")
    yield from _contradictions(notice, of, keep, at)
    if not missing and not of.built_in and place_of(notice, at) != of.place and _open_ended(notice, keep, kind):
        always = own_date(kind) or "created"
        yield found(OPEN_ENDED, notice, at, key=of.key, matter=keep.matter, date=keep.base.date, always=always)


def _held(notice: Notice, term: Term, matter: str) -> bool:
    if term.date == LAST_CONTACT and term.kind is None:
        return True
    kind = notice.kinds.get(term.kind or matter)
    return kind is not None and term.date in kind.items


def _counts_from_year_end(name: str) -> bool:
    from seloste.law.retention import preset

    return preset(name).kind.startswith("financial_year")


def _open_ended(notice: Notice, keep: Keep, kind: Kind) -> bool:
    """Whether only a date somebody must think of typing starts or caps the period."""
    assert keep.base is not None
    return keep.law is None and not any(_always(notice, term, kind) for term in (keep.base, *keep.at_most))


def _always(notice: Notice, term: Term, matter: Kind) -> bool:
    """A date every row has: the one that dates it, a deed, its due day, the latest contact; or another kind's own."""
    if term.date == LAST_CONTACT or term.preset is not None:
        return True
    kind = matter if term.kind is None else notice.kinds[term.kind]
    if term.date in (own_date(kind), kind.act, kind.due):
        return True
    # A thing that is planned (an event, a study) has its dates from the start; only a life has an open end.
    return kind.about == "nobody"


def _contradictions(notice: Notice, of: Purpose, keep: Keep, at: str) -> Iterator[Finding]:
    assert keep.base is not None
    for most in keep.at_most:
        for least in (keep.base, *keep.at_least):
            same = (least.kind, least.date) == (most.kind, most.date) and least.preset is None and most.preset is None
            if same and _length(most) < _length(least):
                yield found(
                    CONTRADICTION,
                    notice,
                    at,
                    key=of.key,
                    matter=keep.matter,
                    least=say_term(least),
                    most=say_term(most),
                )
    if keep.base.preset is not None and keep.at_most:
        from seloste.law.retention import preset

        if preset(keep.base.preset).bound == "minimum":
            yield found(BELOW_LAW, notice, at, matter=keep.matter, preset=keep.base.preset)


def _length(term: Term) -> int:
    return term.amount * _DAYS[term.unit]
