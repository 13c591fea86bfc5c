"""Any cell -> sentences: why it exists, who sees it, who receives it, until when, each with its line of the notice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from seloste.catalogue import load
from seloste.catalogue.model import Text
from seloste.compiler.register import Register
from seloste.errors import SelosteError
from seloste.notice.model import Place, Purpose, Ref
from seloste.notice.render.periods import Periods
from seloste.notice.render.tell import Teller
from seloste.notice.render.wording import Wording, wording
from seloste.notice.ways import Way, subject_paths


class NothingToExplainError(SelosteError):
    """The register holds nothing of that name; the message names what it does hold."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and the line of the notice that it rests on."""

    text: str
    place: Place | None = None


def explain(register: Register, name: str, lang: str) -> tuple[Sentence, ...]:
    """Sentences about a kind (``person``) or a cell (``person.email``), in ``fi`` or ``en``.

    Raises NothingToExplainError.
    """
    kind, _, item = name.partition(".")
    if kind not in register.tables:
        raise _nothing(name, list(register.tables))
    if not item:
        return tuple(_kind(register, kind, lang))
    if register.tables[kind].column(item) is None or item.startswith("sys_"):
        held = [f"{kind}.{column.name}" for column in register.tables[kind].of_role("item", "reference")]
        raise _nothing(name, held)
    return tuple(_cell(register, kind, item, lang))


def _nothing(name: str, held: Sequence[str]) -> NothingToExplainError:
    known = ", ".join(held)
    return NothingToExplainError(
        f"Rekisterissä ei ole tietoa {name}, koska seloste ei nimeä sitä. Näitä on: {known}.",
        f"The register has no {name}, since the notice does not name it. It has: {known}.",
    )


def say(text: Text, lang: str) -> str:
    return text.get(lang) or text.get("en") or next(iter(text.values()), "")


def _low(text: str, lang: str) -> str:
    return wording(lang).low(text)


def _kind(register: Register, key: str, lang: str) -> Iterator[Sentence]:
    table = register.tables[key]
    label = say(table.kind.label, lang)
    items = [_low(say(item.label, lang), lang) for name, item in table.kind.items.items() if table.column(name)]
    listed = ", ".join(items) or ("ei muuta" if lang == "fi" else "nothing more")
    whose = subject_paths(register.notice.kinds, key)
    if lang == "fi":
        yield Sentence(f"{label}: siitä voi olla talletettuna {listed}.")
        yield Sentence("Se on tietoa ihmisestä, jonka se on." if whose else "Se ei ole tietoa kenestäkään ihmisestä.")
    else:
        yield Sentence(f"{label}: what may be stored of it is {listed}.")
        yield Sentence("It is data about the person whose it is." if whose else "It is data about no person.")
    for purpose in register.purposes.values():
        if any(ref.kind == key for ref in purpose.uses):
            yield from _purpose(register, purpose, key, lang)
    yield from _lenses(register, key, None, lang)


def _cell(register: Register, kind: str, item: str, lang: str) -> Iterator[Sentence]:
    table = register.tables[kind]
    known = table.kind.items.get(item)
    label = say(known.label, lang) if known else say(register.tables[item].kind.label, lang)
    users = [register.purposes[key] for key in register.users(kind, item)]
    if lang == "fi":
        uses = "yksi tarkoitus" if len(users) == 1 else f"{len(users)} tarkoitusta"
        yield Sentence(f"{label} ({say(table.kind.label, lang)}) on rekisterissä, koska {uses} käyttää sitä.")
    else:
        uses = "purpose uses" if len(users) == 1 else "purposes use"
        yield Sentence(f"{label} ({say(table.kind.label, lang)}) is in the register because {len(users)} {uses} it.")
    for purpose in users:
        yield from _purpose(register, purpose, kind, lang)
    for key in register.borrowers(kind, item):
        purpose = register.purposes[key]
        text = (
            f"Myös tämä saa käyttää sitä, niin kauan kuin jokin yllä olevista tarvitsee sen: {say(purpose.text, lang)}."
            if lang == "fi"
            else f"This may use it too, for as long as one of the above needs it: {say(purpose.text, lang)}."
        )
        yield Sentence(text, purpose.place)
    if known is not None and known.sensitive:
        yield Sentence(
            "Tieto on salattu, ja sen katsominen kirjataan erikseen."
            if lang == "fi"
            else "It is encrypted, and each look at it is recorded on its own."
        )
    yield from _lenses(register, kind, item, lang)
    yield from _outside(register, kind, item, lang)


BASES: dict[str, Text] = {
    "consent": {"fi": "suostumus", "en": "consent"},
    "contract": {"fi": "sopimus hänen kanssaan", "en": "the contract with the person"},
    "company_contract": {"fi": "sopimus hänen yrityksensä kanssa", "en": "the contract with the person's company"},
    "legal_obligation": {"fi": "laki", "en": "a legal obligation"},
    "legitimate_interest": {"fi": "oikeutettu etu", "en": "a legitimate interest"},
    "public_task": {"fi": "yleinen tehtävä", "en": "a public task"},
    "vital": {"fi": "elintärkeä etu", "en": "a vital interest"},
}


def _purpose(register: Register, purpose: Purpose, kind: str, lang: str) -> Iterator[Sentence]:
    ground = say(BASES[purpose.basis], lang)
    if purpose.interest and purpose.basis == "legitimate_interest":
        # The notice says it to the person, so it is quoted to the staff.
        ground += f", {_quoted(say(purpose.interest, lang), lang)}"
    if purpose.law:
        ground += f", {Teller(register.notice, lang).laws(purpose)}"
    why, basis = ("Käyttötarkoitus", "Peruste") if lang == "fi" else ("Purpose", "Basis")
    yield Sentence(f"{why}: {say(purpose.text, lang)}. {basis}: {ground}.", purpose.place)
    yield from _until(register, purpose, kind, lang)


def _quoted(text: str, lang: str) -> str:
    return f"”{text}”" if lang == "fi" else f"“{text}”"


def _periods(register: Register, lang: str) -> Periods:
    vocabulary = load.vocabulary(register.notice.vocabulary)
    return Periods(register.notice, vocabulary, Wording(lang), staff=True)


def _until(register: Register, purpose: Purpose, kind: str, lang: str) -> Iterator[Sentence]:
    way = register.ways.get((purpose.key, kind))
    if way is None:
        return
    finnish = lang == "fi"
    if way.base == "standing":
        yield Sentence(
            "Säilytetään, kunnes hän peruu suostumuksensa." if finnish else "Kept until they withdraw consent."
        )
        return
    if way.base == "master":
        if not way.side and not way.downs:
            yield Sentence(
                "Tämä tarkoitus ei poista sitä, koska se ei ole tietoa kenestäkään ihmisestä."
                if finnish
                else "This purpose does not erase it, since it is data about no person."
            )
            return
        yield Sentence(
            "Jos se on jonkun ihmisen oma, se säilytetään näin; muuten tämä tarkoitus ei poista sitä."
            if finnish
            else "Where it is a person's own it is kept as follows; otherwise this purpose does not erase it."
        )
    periods, matters = _periods(register, lang), _matters(register, way, purpose, kind)
    for keep in purpose.keep:
        if keep.base is None or keep.matter not in matters:
            continue
        matter = _low(say(register.tables[keep.matter].kind.label, lang), lang)
        rule = periods.rule(keep)
        yield Sentence(f"Säilytetään ({matter}): {rule}." if finnish else f"Kept ({matter}): {rule}.", keep.place)
    trim = register.trims.get((purpose.key, kind))
    if trim is not None:
        yield Sentence(periods.rows(purpose), trim[0].place)


def _matters(register: Register, way: Way, purpose: Purpose, kind: str) -> set[str]:
    """The matters whose period decides over a row: its own, or those that the way leads to."""
    every = {keep.matter for keep in purpose.keep}
    if way.base == "own":
        return {kind}
    found = {up.kind for up in way.ups}
    for down in way.downs:
        found |= {up.kind for up in down.ups} or {down.kind}
    # A row held through another that is held, or through its persons, follows whatever holds those.
    return found if found and found <= every and not way.side else every


def _lenses(register: Register, kind: str, item: str | None, lang: str) -> Iterator[Sentence]:
    seeing = [
        lens
        for lens in register.lenses.values()
        if lens.sees(kind, item if item in register.tables[kind].kind.items else None)
    ]
    for lens in seeing:
        who = say(lens.text, lang)
        yield Sentence(f"Sen näkee: {who}." if lang == "fi" else f"Seen by: {who}.", lens.place)
    if not seeing:
        yield Sentence("Mikään rooli ei näe sitä." if lang == "fi" else "No role sees it.")


def _outside(register: Register, kind: str, item: str, lang: str) -> Iterator[Sentence]:
    finnish = lang == "fi"
    for recipient in register.notice.recipients:
        if Ref(kind, item) in recipient.gets:
            who = _quoted(say(recipient.text, lang), lang)
            yield Sentence(f"Annetaan: {who}." if finnish else f"Given to: {who}.", recipient.place)
    acting = {*register.users(kind, item), *register.borrowers(kind, item)}
    for processor in register.notice.processors:
        if not processor.purposes or acting.intersection(processor.purposes):
            does = say(processor.does, lang)
            who = f"{processor.name} ({_low(does, lang)})" if processor.name else does
            text = f"Käsitellään lukuumme: {who}." if finnish else f"Handled on our behalf: {who}."
            yield Sentence(text, processor.place)
    allowed = [
        source for source in register.notice.sources.values() if not source.items or Ref(kind, item) in source.items
    ]
    names = ", ".join(say(source.text, lang) for source in allowed)
    place = register.notice.places.get("sources")
    yield Sentence(f"Voidaan saada: {names}." if finnish else f"May come: {names}.", place)
