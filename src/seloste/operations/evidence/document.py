"""Evidence as a document that the writers of the notice set: a page, A4. The sentences stand as they are published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from seloste.compiler.enforced import Enforced
from seloste.notice.render.model import (
    Block,
    Bullets,
    Document,
    Facts,
    Heading,
    Minute,
    Note,
    Paragraph,
    Section,
)
from seloste.notice.render.model import (
    Words as Line,
)
from seloste.notice.render.model import (
    words as line,
)
from seloste.operations.evidence.answers import Answer, Answers
from seloste.operations.evidence.checks import Checks
from seloste.operations.evidence.facts import Facts as Figures
from seloste.operations.evidence.words import MOST_NAMES, Words


@dataclass(frozen=True, slots=True)
class Pair:
    """One thing that stands behind a sentence: words and, after each, names of the notice file or the database."""

    name: str
    parts: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        return "; ".join(": ".join(filter(None, part)) for part in self.parts)


def document(words: Words, found: Answers, facts: Figures, checks: Checks) -> Document:
    """Open exceptions first, then the notice in its own order, each rule with the sentences that it says together."""
    say, notice = words.say, words.register.notice
    every = (*checks.open(words), *found.open)
    opens = tuple(line(each.text) for each in every if not each.warns)
    known = tuple(line(each.text) for each in every if each.warns)
    first: list[Block] = [Bullets(opens) if opens else Paragraph(line(say("pack.exceptions_none")))]
    first += [Heading(say("pack.known")), Bullets(known)] if known else []
    named = titles(words, found)
    sections = [
        Section(anchor or "lead", named[anchor], tuple(_blocks(words, several)))
        for anchor, several in groupby(found.each, key=lambda answer: answer.sentence.section)
    ]
    return Document(
        lang=words.lang,
        register=notice.register,
        controller=notice.controller.name,
        page=say("pack.page"),
        in_force=say("pack.made", at=words.at(facts.at)),
        title=say("pack.title"),
        lead=line(say("pack.lead", title=found.document.title)),
        minute=Minute(say("pack.minute"), tuple(_minute(words, found, facts, checks, len(opens)))),
        object_note=None,
        contents=say("pack.contents"),
        sections=(Section("exceptions", say("pack.exceptions"), tuple(first)), *sections),
        foot=(notice.controller.name, facts.digest),
    )


def titles(words: Words, found: Answers) -> dict[str, str]:
    """The sections of the notice by their anchors, with those above the first heading."""
    say = words.say
    above = {"": say("pack.lead_section"), "minute": say("pack.first"), "object": say("pack.object")}
    return above | {section.anchor: section.title for section in found.document.sections}


def _minute(
    words: Words, found: Answers, facts: Figures, checks: Checks, opens: int
) -> Iterator[tuple[str, Line, None]]:
    say = words.say
    run = sum(answer.run for answer in found.each)
    yield say("pack.sentences"), line(say("pack.sentences_text", n=len(found.each), rules=found.rules, run=run)), None
    yield say("pack.exceptions"), line(str(opens) if opens else say("pack.exceptions_none")), None
    if facts.applied_at is not None:
        text = say("pack.notice_text", at=words.day(facts.applied_at), digest=facts.digest)
        yield say("pack.notice"), line(text), None
    journal, derived = checks.journal, checks.derived
    whole = say("pack.journal_ok", n=journal.count, hash=journal.head.hash) if journal.ok else say("pack.journal_bad")
    yield say("pack.journal"), line(whole), None
    same = say("pack.derived_ok", n=derived.checked) if derived.ok else say("pack.derived_bad")
    yield say("pack.derived"), line(same), None


def _blocks(words: Words, found: Iterable[Answer]) -> Iterator[Block]:
    for _, several in groupby(found, key=lambda answer: answer.sentence.rule):
        together = list(several)
        for answer in together:
            yield Paragraph(line(answer.sentence.text))
        yield Facts(tuple((each.name, line(each.text)) for each in pairs(words, together[0])))
        if together[0].open:
            yield Note(words.say("pack.open"), tuple(line(f"{each.text} ") for each in together[0].open))


def pairs(words: Words, answer: Answer) -> Iterator[Pair]:
    """What stands behind a sentence."""
    say = words.say
    yield Pair(say("pack.rule"), (("", answer.sentence.rule),))
    if answer.place is not None:
        where = say("pack.line", file=Path(answer.place.file).name, line=answer.place.line)
        yield Pair(say("pack.place"), ((where, ""),))
    yield Pair(say("pack.where"), tuple(told(words, each) for each in answer.enforced))
    if answer.proofs:
        yield Pair(say("pack.proof"), ((" ".join(answer.proofs), ""),))


def told(words: Words, each: Enforced) -> tuple[str, str]:
    """A place where a rule is enforced, and so many of its names as a line takes."""
    shown, rest = each.names[:MOST_NAMES], len(each.names) - MOST_NAMES
    more = f" {words.say('where.more', n=rest)}" if rest > 0 else ""
    return words.say(f"where.{each.sort}"), ", ".join(shown) + more
