"""From sentences to facts: which cue of the lexicon stands in which part of the text."""

from __future__ import annotations

import tomllib
from collections.abc import Set
from functools import cache
from pathlib import Path
from typing import Any

from seloste.catalogue.load import vocabulary
from seloste.catalogue.model import Kind
from seloste.draft import abroad
from seloste.draft.apart import may_be_a_things, not_placed, of_people
from seloste.draft.facts import Facts, Where
from seloste.draft.lexicon import Lang, Lexicon, lexicon
from seloste.draft.particulars import controller, services
from seloste.draft.periods import periods
from seloste.draft.sentences import Sentence, split
from seloste.notice.new import VOCABULARY, known

BRIEF = 8
"""Words of a line that only points at another notice, as a link does."""
NOT_FOR_BASIS = {"data", "source", "security", "cookies", "rights", "retention", "controller"}
NOT_FOR_SECURITY = {"rights", "purpose", "data", "source", "recipients", "transfer"}
NOT_FOR_PEOPLE = {"rights", "recipients", "retention", "security", "cookies"}
READS: dict[str, Set[str]] = {
    "item": {"data"},
    "source": {"source"},
    "recipient": {"recipients", "transfer"},
    "processor": {"recipients", "transfer", "cookies"},
    "right": {"rights", "complaint"},
    "interest": {"basis", "purpose", "recipients"},
    "safeguard": {"transfer", "recipients"},
    "only_within": {"transfer", "recipients", "security"},
}
"""The topics in whose sections a cue is believed."""


@cache
def parties() -> dict[str, Any]:
    """How parties and periods are written in a notice."""
    found: dict[str, Any] = tomllib.loads((Path(__file__).parent / "parties.toml").read_text("utf-8"))
    return found


def read(text: str, lang: Lang) -> Facts:
    """What ``text``, a privacy notice in that language, says. Reads any text and raises nothing."""
    words = lexicon(lang)

    def topics_of(said: str, heading: bool) -> set[str]:
        return {key for key, _ in words.found("topic", said)}

    sentences = split(text, topics_of)
    said: dict[str, Where] = {name: {} for name in words.cues}
    denied: dict[str, Where] = {name: {} for name in words.cues}
    for one in sentences:
        if not one.heading:
            _read_one(words, one, said, denied)
    facts = Facts(lang, sentences, said, denied)
    facts.controller = controller(words, sentences)
    facts.services = services(sentences)
    facts.apart = [
        (phrase, one)
        for one in sentences
        if one.point and one.topics == {"data"} and not one.heading
        for phrase in not_placed(words, one)
    ]
    for one in sentences:
        _read_countries(words, one, said, denied)
    facts.periods, facts.open_ended = periods(words, sentences)
    facts.customers = _customers(facts)
    _imply(facts)
    return facts


def _read_one(words: Lexicon, one: Sentence, said: dict[str, Where], denied: dict[str, Where]) -> None:
    sure = bool(one.topics)
    topics = set(one.topics) or {key for key, _ in words.found("topic", one.text)}
    told = {key for key, yes in words.found("tells", one.text) if yes}
    ours = {key for key, _ in words.found("item", of_people(words, one.text)[0])}
    for section in words.cues:
        if section in ("topic", "unit", "number", "anchor", "role", "label"):
            continue
        for key, yes in words.found(section, one.text):
            if section == "item" and may_be_a_things(key) and key not in ours:
                continue
            if _believed(section, key, one, topics, told, sure=sure):
                (said if yes else denied)[section].setdefault(key, []).append(one)


def _read_countries(words: Lexicon, one: Sentence, said: dict[str, Where], denied: dict[str, Where]) -> None:
    """A country outside the EEA, named elsewhere than in the controller's own address, is where data go."""
    if one.heading or "controller" in one.topics:
        return
    for clause in words.parts.split(one.text):
        for _, end in abroad.named(clause, words.lang):
            held = (said if words.affirms(clause.lower(), end) else denied)["never"].setdefault("leaving_eea", [])
            if one not in held:
                held.append(one)


def _believed(section: str, key: str, one: Sentence, topics: set[str], told: set[str], *, sure: bool) -> bool:
    match section:
        case "purpose":
            return _is_purpose(key, one, topics, told, sure=sure)
        case "item":
            if "data" in topics and (one.point or (sure and topics == {"data"})):
                return True
            return "data" in told and ("data" in topics or not sure)
        case "basis":
            return not topics & NOT_FOR_BASIS or bool(topics & {"basis"})
        case "security":
            return not topics & NOT_FOR_SECURITY or "security" in topics
        case "people":
            return not topics & NOT_FOR_PEOPLE or (key in ("visitor", "passer_by") and "rights" not in topics)
        case "right" if key in ("withdraw", "complaint"):
            return not topics & {"data"} and topics != {"purpose"}
        case "source" if key == "tracker":
            return bool(topics & {"source", "cookies"})
        case "processor" if key == "others":
            return "recipients" in topics
        case "processor" if key == "analytics" and "cookies" not in topics:
            return "recipients" in topics
        case "processor" if "cookies" in topics and not topics & {"recipients", "transfer"}:
            return key == "analytics"
        case _:
            allowed = READS.get(section)
            return allowed is None or bool(topics & allowed)


def _is_purpose(key: str, one: Sentence, topics: set[str], told: set[str], *, sure: bool) -> bool:
    if "other_notice" in told and len(one.text.split()) < BRIEF:
        return False
    if "rights" in topics or ("retention" in topics and "purpose" not in topics):
        return False
    if "cookies" in topics:
        return _near_the_web(key)
    if "purpose" in topics and (one.point or "data" not in topics):
        return sure or "purpose" in told
    if "basis" in topics and sure:
        # A basis is told by what it is for; what a contract is about is no purpose of its own.
        return key != "agreements"
    return "purpose" in told and (not sure or ("data" in topics and "purpose" in topics))


@cache
def of_the_web(purpose: str) -> bool:
    """Whether a ready purpose is about browsers and devices."""
    return any(kind.subject for kind in _of_visitors(purpose))


def _near_the_web(purpose: str) -> bool:
    """Whether it may be named among cookies: also what visitors send, or what is recorded for a while."""
    return bool(_of_visitors(purpose)) or "only_during" in vocabulary(VOCABULARY).presets.get(purpose, {})


def _of_visitors(purpose: str) -> list[Kind]:
    words = vocabulary(VOCABULARY)
    kinds = [words.kinds.get(use) for use in words.presets.get(purpose, {}).get("uses", ())]
    return [kind for kind in kinds if kind is not None and kind.about == "visitor"]


def _customers(facts: Facts) -> Any:
    if not facts.has("people", "contact"):
        return "people"
    return "both" if facts.has("tells", "private") else "companies"


def _need_customers(facts: Facts) -> None:
    """An order is somebody's: doings that need customers, members or residents bring the care of customers."""
    table = known()["activity"]
    found = {key: one for key, one in table.items() if set(one["purposes"]) & set(facts.purposes)}
    for one in found.values():
        if one.get("needs") and not set(one["needs"]) & set(found):
            where = next(facts.purposes[key] for key in one["purposes"] if key in facts.purposes)
            facts.implied.setdefault("customer_care", where)


def _imply(facts: Facts) -> None:
    """Purposes that another part of the text takes for granted: who collects debts has claims."""
    said = facts.said
    for key, where in said["item"].items():
        if key in vocabulary(VOCABULARY).presets:
            facts.implied.setdefault(key, where[0])
    for key, where in said["item"].items():
        # A kind that is only of the first notices is somebody's doing: whoever stores visits books them.
        doing = next((one for one in known()["activity"].values() if key in one.get("kinds", ())), None)
        if doing is not None:
            facts.implied.setdefault(doing["purposes"][0], where[0])
    for key, where in said["recipient"].items():
        purpose = parties()["recipient"].get(key, {}).get("for")
        if purpose:
            facts.implied.setdefault(purpose, where[0])
    for period in facts.periods:
        if period.purpose in ("bookkeeping", "recruitment_claims"):
            facts.implied.setdefault(period.purpose, period.where)
    if "recruitment" in facts.purposes:
        facts.implied.setdefault("recruitment_claims", facts.purposes["recruitment"])
    _need_customers(facts)
    written = vocabulary(VOCABULARY).presets.keys() | known()["purpose"].keys()
    for found in (said["purpose"], facts.implied):
        for key in found.keys() - written:
            del found[key]
