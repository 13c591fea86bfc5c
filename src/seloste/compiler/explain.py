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
from seloste.notice.render.wording import Wording
from seloste.notice.ways import subject_paths


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


def _kind(register: Register, key: str, lang: str) -> Iterator[Sentence]:
    table = register.tables[key]
    label = say(table.kind.label, lang)
    items = [say(item.label, lang) for name, item in table.kind.items.items() if table.column(name)]
    listed = ", ".join(items) or ("ei muuta" if lang == "fi" else "nothing more")
    whose = subject_paths(register.notice.kinds, key)
    if lang == "fi":
        yield Sentence(f"{label}: rivillä voi olla {listed}.")
        yield Sentence("Rivi on sen henkilön, johon se liittyy." if whose else "Rivi ei ole kenenkään henkilön.")
    else:
        yield Sentence(f"{label}: a row may hold {listed}.")
        yield Sentence("The row is that of the person it belongs to." if whose else "The row is nobody's.")
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
            f"Tarkoitus {say(purpose.text, lang)} saa käyttää sitä niin kauan kuin jokin muu tarvitsee sen."
            if lang == "fi"
            else f"{say(purpose.text, lang)} may use it while another purpose needs it."
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
    basis = say(BASES[purpose.basis], lang)
    ground = basis
    if purpose.interest and purpose.basis == "legitimate_interest":
        ground = f"{basis}: {say(purpose.interest, lang)}"
    if purpose.law:
        ground = f"{basis}: {', '.join(purpose.law)}"
    word = "perusteena" if lang == "fi" else "on the basis of"
    yield Sentence(f"{say(purpose.text, lang)}, {word} {ground}.", purpose.place)
    yield from _until(register, purpose, kind, lang)


def _periods(register: Register, lang: str) -> Periods:
    vocabulary = load.vocabulary(register.notice.vocabulary)
    return Periods(register.notice, vocabulary, Wording(lang), staff=True)


def _until(register: Register, purpose: Purpose, kind: str, lang: str) -> Iterator[Sentence]:
    way = register.ways.get((purpose.key, kind))
    if way is None:
        return
    if way.base == "standing":
        yield Sentence(
            "Kunnes hän peruu suostumuksensa." if lang == "fi" else "Until the person withdraws the consent."
        )
        return
    if way.base == "master":
        yield Sentence("Pysyy: se ei ole kenenkään tieto." if lang == "fi" else "It stays: it is nobody's data.")
    periods = _periods(register, lang)
    for keep in purpose.keep:
        if keep.base is None:
            continue
        matter = say(register.tables[keep.matter].kind.label, lang)
        rule = periods.rule(keep)
        text = (
            f"Säilytys seuraa asiaa {matter}: {rule}." if lang == "fi" else f"Kept with its {matter.lower()}: {rule}."
        )
        yield Sentence(text, keep.place)
    trim = register.trims.get((purpose.key, kind))
    if trim is not None:
        yield Sentence(periods.rows(purpose), trim[0].place)


def _lenses(register: Register, kind: str, item: str | None, lang: str) -> Iterator[Sentence]:
    seeing = [
        lens
        for lens in register.lenses.values()
        if lens.sees(kind, item if item in register.tables[kind].kind.items else None)
    ]
    names = ", ".join(say(lens.text, lang) for lens in seeing)
    if lang == "fi":
        yield Sentence(f"Sen näkevät: {names}." if seeing else "Mikään rooli ei näe sitä.")
    else:
        yield Sentence(f"Seen by: {names}." if seeing else "No role sees it.")


def _outside(register: Register, kind: str, item: str, lang: str) -> Iterator[Sentence]:
    for recipient in register.notice.recipients:
        if Ref(kind, item) in recipient.gets:
            who = say(recipient.text, lang)
            yield Sentence(f"Vastaanottaja: {who}." if lang == "fi" else f"Recipient: {who}.", recipient.place)
    acting = {*register.users(kind, item), *register.borrowers(kind, item)}
    for processor in register.notice.processors:
        if not processor.purposes or acting.intersection(processor.purposes):
            name = f"{processor.name}, " if processor.name else ""
            does = say(processor.does, lang)
            text = f"Käsittelijä: {name}{does}." if lang == "fi" else f"Processor: {name}{does}."
            yield Sentence(text, processor.place)
    allowed = [
        source for source in register.notice.sources.values() if not source.items or Ref(kind, item) in source.items
    ]
    names = ", ".join(say(source.text, lang) for source in allowed)
    yield Sentence(f"Lähteet: {names}." if lang == "fi" else f"Sources: {names}.")
