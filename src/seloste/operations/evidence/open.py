"""What is not as the notice promises, or waits for somebody: each exception with the rules it is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from seloste.clock import today
from seloste.compiler.enforced import kinds_of
from seloste.operations.evidence.facts import Facts
from seloste.operations.evidence.words import Words


@dataclass(frozen=True, slots=True)
class Open:
    """One exception. ``rules`` are what it is about: paths with all below them, headings (``recipients``) alone."""

    code: str
    text: str
    rules: tuple[str, ...]
    warns: bool = False
    """True for what is known and accounted for: a hold that stands, a finding that is accepted."""

    def concerns(self, rule: str) -> bool:
        """Whether it is about a rule."""
        return any(rule == each or ("." in each and rule.startswith(f"{each}.")) for each in self.rules)


def open_of(words: Words, facts: Facts) -> Iterator[Open]:
    """Every exception of a register, the gravest sorts first."""
    yield from _retention(words, facts)
    yield from _rights(words, facts)
    yield from _parties(words, facts)
    yield from _assessments(words, facts)
    yield from _house(words, facts)


def _retention(words: Words, facts: Facts) -> Iterator[Open]:
    every = _keeps(words, None)
    if facts.sweep_missing:
        yield Open("sweep_missing", words.say("open.sweep_missing"), (*every, "rights.erase", "security.retention"))
    for kind, rows in facts.unneeded.items():
        if rows and swept_today(facts):
            text = words.say("open.past", kind=words.kind(kind), n=words.count(rows))
            yield Open("past", text, (*_keeps(words, kind), f"kinds.{kind}", "purposes", "kinds"))
    if facts.holds_late:
        yield Open(
            "holds_late", words.say("open.holds_late", n=words.count(facts.holds_late)), (*every, "rights.erase")
        )
    if facts.holds:
        text = words.say("open.holds", n=words.count(facts.holds))
        yield Open("holds", text, (*every, "rights.erase"), warns=True)


def swept_today(facts: Facts) -> bool:
    """Whether the day's own sweep has been: what is past its time after it should have gone with it."""
    return facts.swept_at is not None and today(facts.swept_at) == today(facts.at)


def _keeps(words: Words, kind: str | None) -> tuple[str, ...]:
    """The paths of the periods of purposes that keep rows of a kind, of any with None."""
    return tuple(
        f"purposes.{key}.{name}"
        for key in words.register.purposes
        if kind is None or kind in kinds_of(words.register, key)
        for name in ("keep", "at_most", "lasts")
    )


_ANSWERS = ("rights.answer", "rights.access", "requests", "rights")


def _rights(words: Words, facts: Facts) -> Iterator[Open]:
    for code, count, rules in (
        ("overdue", facts.overdue, _ANSWERS),
        ("undelivered", facts.undelivered, _ANSWERS),
        ("to_tell", facts.to_tell, ("rights.tell_recipients",)),
    ):
        if count:
            yield Open(code, words.say(f"open.{code}", n=words.count(count)), rules)
    for purpose, states in facts.objections.items():
        if pending := states.get("pending", 0):
            text = words.say("open.pending", n=words.count(pending))
            yield Open("pending", text, ("rights.object", f"purposes.{purpose}.interest"), warns=True)
    if facts.open:
        yield Open("waiting", words.say("open.waiting", n=words.count(facts.open)), ("rights.answer",), warns=True)


def _parties(words: Words, facts: Facts) -> Iterator[Open]:
    for key, state in facts.agreements.items():
        if state != "in_force":
            text = words.say(f"open.{state}", who=words.party(key))
            yield Open(state, text, (f"processors.{key}", "processors"))
    for key, countries in facts.transfers_bad.items():
        text = words.say("open.transfer", who=words.party(key), countries=words.countries(countries))
        yield Open("transfer", text, (f"recipients.{key}", f"processors.{key}", "transfers"))
    if facts.given_others:
        text = words.say("open.given_others", n=words.count(facts.given_others))
        yield Open("given_others", text, ("recipients", "never.selling"))
    if facts.sources_others:
        text = words.say("open.sources_others", n=words.count(facts.sources_others))
        yield Open("sources_others", text, ("sources",))


def _assessments(words: Words, facts: Facts) -> Iterator[Open]:
    for path, found in facts.assessed.items():
        sort, _, key = path.partition(".")
        if found.state == "in_force":
            continue
        balancing = sort == "balancing"
        rules = (f"purposes.{key}.interest",) if balancing else (f"recipients.{key}", f"processors.{key}", "transfers")
        who = words.t.name(key) if balancing else words.party(key)
        review = words.day(found.review_on) if found.review_on is not None else ""
        text = words.say(f"open.{sort}_{found.state}", who=who, review=review)
        yield Open(f"{sort}_{found.state}", text, rules, warns=found.state == "in_notice")


def _house(words: Words, facts: Facts) -> Iterator[Open]:
    notice = words.register.notice
    for measure in notice.security:
        state = facts.measures.get(measure.key)
        if state in ("overdue", "undated"):
            text = words.say(f"open.measure_{state}", what=words.t.pick(measure.text).rstrip("."))
            yield Open(f"measure_{state}", text, (f"security.{measure.key}",), warns=state == "undated")
    if facts.breaches:
        yield Open("breaches", words.say("open.breaches", n=facts.breaches), ("security",))
    if facts.verified is not None and facts.verified.fault:
        yield Open("unverified", words.say("open.unverified"), ("register", "kinds"))
    for one in notice.accepted:
        because = words.t.pick(one.because).rstrip(".")
        text = words.say("open.accepted", code=one.code, because=because)
        yield Open("accepted", text, (one.at,) if one.at else ("register",), warns=True)
