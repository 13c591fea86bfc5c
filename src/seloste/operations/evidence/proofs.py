"""The last proof of a rule, in sentences: what is held and since when, what went, was said, given, answered, seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from seloste.compiler.enforced import kinds_of
from seloste.notice.model import Purpose
from seloste.operations.evidence.facts import Answered, Facts
from seloste.operations.evidence.open import swept_today
from seloste.operations.evidence.words import Words

Proofs = Iterator[str]


def proofs(words: Words, facts: Facts, rule: str) -> Proofs:
    """Sentences that show a rule kept; none where nothing can be shown."""
    head, _, rest = rule.partition(".")
    make = _HEADS.get(head)
    if make is not None:
        yield from make(words, facts, rest)


# --- what is held, and until when -------------------------------------------------------------------------------------


def _purposes(words: Words, facts: Facts, rest: str) -> Proofs:
    key, _, name = rest.partition(".")
    if not key:
        yield from past(words, facts, words.register.tables)
        return
    purpose = words.register.purposes[key]
    name, _, matter = name.partition(".")
    match name:
        case "keep" | "at_most" | "lasts" | "longest" | "only_during":
            kinds = [limit.kind for limit in purpose.at_most] if name == "at_most" else _matters(purpose, matter)
            yield from kept(words, facts, purpose, kinds)
        case "uses" | "borrows" | "needed_for":
            yield from past(words, facts, kinds_of(words.register, key))
            yield from verified(words, facts)
        case "channels" | "senders":
            yield from objected(words, facts, purpose)
            yield words.say("proof.bans", n=words.count(facts.bans))
        case _ if purpose.basis == "consent":
            standing, withdrawn = facts.consents.get(key, (0, 0))
            yield words.say("proof.consents", n=words.count(standing), out=words.count(withdrawn))
        case "interest" | "is" | "basis":
            yield from _weighed(words, facts, f"balancing.{key}", "proof.balanced")
            yield from objected(words, facts, purpose)
        case "law":
            yield from past(words, facts, kinds_of(words.register, key))


def _matters(purpose: Purpose, matter: str) -> list[str]:
    return [matter] if matter else [keep.matter for keep in purpose.keep]


def kept(words: Words, facts: Facts, purpose: Purpose, kinds: Iterable[str]) -> Proofs:
    """How a period is kept: what is held and since when, that nothing is past its time, the sweep and what it took."""
    named = list(dict.fromkeys(kinds))
    for kind in named:
        held = facts.held.get(kind)
        count = words.count(held.rows if held is not None else 0)
        if held is not None and held.oldest is not None:
            yield words.say("proof.held_since", kind=words.kind(kind), n=count, **words.month(held.oldest))
        else:
            yield words.say("proof.held", kind=words.kind(kind), n=count)
    yield from past(words, facts, kinds_of(words.register, purpose.key))
    yield from swept(words, facts)
    for kind in named:
        if found := facts.removed.get(kind):
            n, at = words.count(found.rows), words.at(found.last)
            yield words.say("proof.removed", kind=words.kind(kind), n=n, at=at)


def past(words: Words, facts: Facts, kinds: Iterable[str]) -> Proofs:
    """How much of some kinds is needed by no purpose: none, or what the next run takes."""
    waits = [facts.unneeded.get(kind, 0) for kind in kinds]
    numbers = [each for each in waits if isinstance(each, int)]
    if not any(waits):
        yield words.say("proof.past_none")
        return
    total = words.count("few" if "few" in waits and not sum(numbers) else sum(numbers))
    yield words.say("proof.past" if swept_today(facts) else "proof.tonight", n=total)


def swept(words: Words, facts: Facts) -> Proofs:
    if facts.swept_at is None:
        yield words.say("proof.not_swept")
    else:
        yield words.say("proof.swept", at=words.at(facts.swept_at))


def verified(words: Words, facts: Facts) -> Proofs:
    """When everything derived was last computed again, if nothing differed."""
    if facts.verified is not None and not facts.verified.fault:
        yield words.say("proof.verified", at=words.at(facts.verified.at))


def _kinds(words: Words, facts: Facts, rest: str) -> Proofs:
    if rest:
        held = facts.held.get(rest)
        yield words.say("proof.held", kind=words.kind(rest), n=words.count(held.rows if held is not None else 0))
        yield from past(words, facts, (rest,))
    else:
        yield words.say("proof.no_other")
        yield from past(words, facts, words.register.tables)
        yield from verified(words, facts)


# --- what people say, and ask -----------------------------------------------------------------------------------------


def objected(words: Words, facts: Facts, purpose: Purpose) -> Proofs:
    """Objections to a purpose by how they stand."""
    states = facts.objections.get(purpose.key, {})
    counts = {state: words.count(states.get(state, 0)) for state in ("pending", "upheld", "refused")}
    yield words.say("proof.objections", **counts)


_ASKED: Mapping[str, str] = {
    "access": "access",
    "rectify": "rectification",
    "erase": "erasure",
    "restrict": "restriction",
    "portability": "portability",
    "object": "objection",
    "no_automated_decision": "human_review",
    "withdraw": "withdrawal",
}
"""A right of the law's table -> what is asked by it, as the requests have it."""


def _rights(words: Words, facts: Facts, rest: str) -> Proofs:
    asked = _ASKED.get(rest)
    if rest in ("", "answer", "identity") or asked is not None:
        yield from answered(words, facts.by_right.get(asked, Answered()) if asked else facts.requests)
    if rest == "erase":
        yield from swept(words, facts)
    if rest == "restrict":
        yield words.say("proof.restrictions", n=words.count(facts.restrictions))
    if rest == "tell_recipients":
        yield words.say("proof.to_tell", n=words.count(facts.to_tell))
    if rest == "object_marketing":
        yield words.say("proof.bans", n=words.count(facts.bans))


def answered(words: Words, found: Answered) -> Proofs:
    """Requests answered in a year, and in time."""
    if not found.answered:
        yield words.say("proof.answered_none")
        return
    yield words.say("proof.answered", n=words.count(found.answered), late=words.count(found.late))
    if found.longest is not None:
        yield words.say("proof.answered_longest", days=found.longest)
    if found.last is not None:
        yield words.say("proof.answered_last", **words.month(found.last))


# --- who gets, sees and sends -----------------------------------------------------------------------------------------


def _recipients(words: Words, facts: Facts, rest: str) -> Proofs:
    key = rest.partition(".")[0]
    if not key:
        yield words.say("proof.given_others", n=words.count(facts.given_others))
        return
    found = facts.given.get(key)
    if found is None or not found.people:
        yield words.say("proof.given_none")
    elif found.last is None:
        yield words.say("proof.given_untold")
    else:
        yield words.say("proof.given", n=words.count(found.people), **words.month(found.last))
    yield from _abroad(words, facts, key)


def _processors(words: Words, facts: Facts, rest: str) -> Proofs:
    key = rest.partition(".")[0]
    keys = (key,) if key else tuple(facts.agreements)
    if keys and all(facts.agreements.get(each) == "in_force" for each in keys):
        yield words.say("proof.agreement")
    if key:
        yield from _abroad(words, facts, key)


def _abroad(words: Words, facts: Facts, key: str) -> Proofs:
    if (countries := facts.transfers.get(key)) and key not in facts.transfers_bad:
        yield words.say("proof.transfers", countries=words.countries(countries))
    yield from _weighed(words, facts, f"transfer.{key}", "proof.assessed")


def _weighed(words: Words, facts: Facts, path: str, text: str) -> Proofs:
    found = facts.assessed.get(path)
    if found is not None and found.state == "in_force" and found.on is not None and found.review_on is not None:
        yield words.say(text, on=words.day(found.on), review=words.day(found.review_on))


def transfers(words: Words, facts: Facts, _: str = "") -> Proofs:
    """Where data go outside the EEA, and that the safeguard holds; nothing where one does not."""
    if not facts.transfers:
        yield words.say("proof.transfers_none")
    elif not facts.transfers_bad:
        every = dict.fromkeys(country for found in facts.transfers.values() for country in found)
        yield words.say("proof.transfers", countries=words.countries(every))


def _staff(words: Words, facts: Facts, rest: str) -> Proofs:
    if rest:
        yield words.say("proof.looks", n=words.count(facts.looks.get(rest, 0)))
    else:
        yield words.say("proof.refused", n=words.count(facts.refused))


def _sources(words: Words, facts: Facts, rest: str) -> Proofs:
    if rest:
        yield words.say("proof.source", n=words.count(facts.sources.get(rest, 0)))
    else:
        yield words.say("proof.sources", n=words.count(facts.sources_others))


# --- the house --------------------------------------------------------------------------------------------------------


def _never(words: Words, facts: Facts, rest: str) -> Proofs:
    if facts.applied_at is not None:
        yield words.say("proof.applied", at=words.day(facts.applied_at))
    if rest == "selling":
        yield words.say("proof.given_others", n=words.count(facts.given_others))
    if rest == "leaving_eea":
        yield from transfers(words, facts)


def _security(words: Words, facts: Facts, rest: str) -> Proofs:
    for one in words.register.notice.security:
        if one.key != rest:
            continue
        if one.proved:
            yield words.say("proof.measure_proved")
        elif one.on is not None and one.next_check is not None:
            yield words.say("proof.measure_checked", on=words.day(one.on), next=words.day(one.next_check))
        elif one.on is not None:
            yield words.say("proof.measure_once", on=words.day(one.on))
        if one.key == "retention":
            yield from swept(words, facts)


def _register(words: Words, facts: Facts, _: str) -> Proofs:
    yield words.say("proof.digest", digest=facts.digest[:16])
    yield from verified(words, facts)


_HEADS: Mapping[str, Callable[[Words, Facts, str], Proofs]] = {
    "purposes": _purposes,
    "kinds": _kinds,
    "rights": _rights,
    "requests": lambda words, facts, _: answered(words, facts.requests),
    "recipients": _recipients,
    "processors": _processors,
    "transfers": transfers,
    "staff": _staff,
    "sources": _sources,
    "never": _never,
    "security": _security,
    "register": _register,
    "effective": _register,
}
