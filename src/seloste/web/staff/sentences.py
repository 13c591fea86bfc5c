"""The published notice sentence by sentence, with what stands behind each, and the pack for an authority."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from starlette.requests import Request
from starlette.responses import Response

from seloste.operations.evidence.answers import Answer, Answers, answers
from seloste.operations.evidence.counts import SMALLEST
from seloste.operations.evidence.document import Pair, pairs, titles
from seloste.operations.evidence.facts import kept
from seloste.operations.evidence.pack import make_pack
from seloste.operations.evidence.words import Words
from seloste.web import responses, security
from seloste.web.frame import frame_of
from seloste.web.parts import Act, Chip, Head, Link
from seloste.web.present import Presenter


@dataclass(frozen=True, slots=True)
class Group:
    """Sentences that one rule says, what stands behind them, and what is open of it."""

    sentences: tuple[str, ...]
    facts: tuple[Pair, ...]
    open: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the notice."""

    id: str
    title: str
    open: Chip | None
    groups: tuple[Group, ...]


def page(request: Request) -> Response:
    """``/r/{reg}/privacy/evidence/sentences``: sections with something open stand open, the others closed."""
    show = Presenter(request)
    words = Words(show.register, show.teller.w.lang)
    facts = kept(show.store, now=show.now)
    found = answers(words, facts)
    base = f"/r/{show.key}/privacy/evidence"
    sub = show.t("evidence.sentences_sub", n=len(found.each), run=sum(each.run for each in found.each))
    return responses.page(
        request,
        "staff/sentences.html",
        frame=frame_of(request, current=base),
        head=Head(
            title=show.t("evidence.sentences"),
            crumbs=(Link(text=show.t("nav.evidence"), href=base),),
            sub=sub,
            opening=show.t("evidence.sentences_opening"),
            acts=(Act(text=show.t("evidence.pack"), post=f"{base}/pack", hidden=security.hidden(request)),),
        ),
        lang=words.lang,
        sections=tuple(_parts(show, words, found)),
        counted=show.t("evidence.sentences_counted", when=show.f.when(facts.at, show.now), least=SMALLEST),
    )


def pack(request: Request) -> Response:
    """``/r/{reg}/privacy/evidence/pack``: the pack as a ZIP file, in the reader's language."""
    show = Presenter(request)
    made = make_pack(show.store, show.teller.w.lang, actor=show.actor, now=show.now)
    headers = {"Content-Disposition": f'attachment; filename="{made.name}.zip"'}
    return Response(made.zipped(show.now), media_type="application/zip", headers=headers)


def _parts(show: Presenter, words: Words, found: Answers) -> Iterator[Part]:
    named = titles(words, found)
    for anchor, several in groupby(found.each, key=lambda answer: answer.sentence.section):
        groups = tuple(_groups(words, tuple(several)))
        count = len({text for group in groups for text in group.open})
        chip = Chip(text=show.t("evidence.sentences_open", n=count), tone="soon", icon="warn") if count else None
        yield Part(anchor or "lead", named[anchor], chip, groups)


def _groups(words: Words, found: Sequence[Answer]) -> Iterator[Group]:
    for _, several in groupby(found, key=lambda answer: answer.sentence.rule):
        together = tuple(several)
        first = together[0]
        yield Group(
            tuple(each.sentence.text for each in together),
            tuple(pairs(words, first)),
            tuple(dict.fromkeys(each.text for each in first.open if not each.warns)),
        )
