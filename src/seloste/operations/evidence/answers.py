"""Each sentence of the notice answered: where its rule is enforced, the last proof that it is kept, what is open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from seloste.compiler.enforced import Enforced, enforced
from seloste.notice.model import Place
from seloste.notice.render.build import build
from seloste.notice.render.model import Document
from seloste.notice.render.sentences import Sentence, sentences
from seloste.operations.evidence.facts import Facts
from seloste.operations.evidence.open import Open, open_of
from seloste.operations.evidence.proofs import proofs
from seloste.operations.evidence.words import Words


@dataclass(frozen=True, slots=True)
class Answer:
    """One sentence with what stands behind it, in the notice's language. ``place`` is None for what the law says."""

    sentence: Sentence
    place: Place | None
    enforced: tuple[Enforced, ...]
    proofs: tuple[str, ...]
    open: tuple[Open, ...]

    @property
    def run(self) -> bool:
        """Whether the register itself sees to it."""
        return any(each.sort != "told" for each in self.enforced)


@dataclass(frozen=True, slots=True)
class Answers:
    """Every sentence of a notice, answered. ``open`` are all exceptions of the register, each once."""

    document: Document
    each: tuple[Answer, ...]
    open: tuple[Open, ...]

    @property
    def rules(self) -> int:
        return len({answer.sentence.rule for answer in self.each})


def answers(words: Words, facts: Facts) -> Answers:
    """The published notice sentence by sentence, in the language of ``words``."""
    document = build(words.register.notice, words.lang)
    opens = tuple(open_of(words, facts))
    made: dict[str, tuple[tuple[Enforced, ...], tuple[str, ...], tuple[Open, ...]]] = {}
    found = []
    for sentence in sentences(document):
        rule = sentence.rule
        if rule not in made:
            made[rule] = (
                enforced(words.register, rule),
                tuple(proofs(words, facts, rule)),
                tuple(each for each in opens if each.concerns(rule)),
            )
        found.append(Answer(sentence, _place(words, rule), *made[rule]))
    return Answers(document, tuple(found), opens)


def _place(words: Words, rule: str) -> Place | None:
    places = words.register.notice.places
    return next((places[path] for path in _paths(rule) if path in places), None)


def _paths(rule: str) -> Iterator[str]:
    """The path itself, then what it is part of: a period of one matter may stand on the line of its purpose."""
    while rule:
        yield rule
        rule = rule.rpartition(".")[0]
