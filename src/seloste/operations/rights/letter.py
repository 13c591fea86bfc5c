"""The answer as a file a person can read: a letter in their language, as HTML or PDF."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from seloste.clock import today
from seloste.law.authority import authority
from seloste.notice.render.html import page
from seloste.notice.render.model import Block, Document, Minute, Note, Paragraph, Scale, Section, Words, words
from seloste.operations.rights.model import Request
from seloste.operations.rights.say import Voice

MinuteRow = tuple[str, Words, Scale | None]


def letter(
    voice: Voice,
    request: Request,
    *,
    short: Sequence[MinuteRow],
    sections: Sequence[Section],
    now: dt.datetime,
    note: Note | None = None,
) -> Document:
    """A letter: when it was asked, in short, then everything. What the staff wrote for the person leads."""
    notice, say = voice.register.notice, voice.say
    lead = say("asked_on", date=voice.t.w.date(today(request.received_at)))
    return Document(
        lang=voice.lang,
        register=notice.register,
        controller=notice.controller.name,
        page=say("page"),
        in_force=say("dated", date=voice.t.w.date(today(request.answered_at or now))),
        title=say(f"title_{request.right}"),
        lead=words(lead),
        minute=Minute(say("minute.title"), tuple(short)),
        object_note=note,
        contents=voice.t.w.say("minute.contents"),
        sections=tuple(sections),
        foot=(f"{voice.t.w.say('controller.name')}: {notice.controller.name}", voice.t.contact),
    )


def complaint_lines(voice: Voice) -> tuple[str, str]:
    """Where one may complain and that there is the court (Art. 77, 79)."""
    t, where = voice.t, authority()
    complain = voice.say(
        "refused.complain",
        name=t.pick(where.name),
        street=where.street,
        postal=t.pick(where.postal),
        phone=where.phone,
        email=where.email,
        web=t.pick(where.web),
    )
    return complain, voice.say("refused.court")


def refused_section(voice: Voice, reasons: Sequence[str]) -> Section:
    """What was not done: the reasons, the complaint and the court (Art. 12(4), 77, 79)."""
    lines: list[Block] = [Paragraph(words(reason)) for reason in reasons if reason.strip()]
    lines += [Paragraph(words(line)) for line in complaint_lines(voice)]
    return Section("refused", voice.say("refused.title"), tuple(lines))


def plain_letter(voice: Voice, request: Request, *, now: dt.datetime) -> Document:
    """The letter of whatever is no copy: what we did, and what we did not do and why."""
    sections = [told_section(voice, request)] if request.answer else []
    reasons = refusal_of(request)
    if request.state in ("refused", "partly_done"):
        sections.append(refused_section(voice, reasons))
    short: list[MinuteRow] = [(section.title, _first(section), None) for section in sections]
    return letter(voice, request, short=short, sections=sections, now=now)


def with_register(document: Document, other: Document, voice: Voice) -> Document:
    """The answer with that of another register of the controller behind it, each part under its register's name."""
    key, title = other.register, voice.t.pick(voice.register.notice.title)
    sections = tuple(
        replace(
            each, anchor=f"{key}-{each.anchor}", title=f"{title}: {voice.t.w.low(each.title)}" if each.title else ""
        )
        for each in other.sections
    )
    minute = replace(document.minute, rows=(*document.minute.rows, (title, other.minute.rows[0][1], None)))
    return replace(document, minute=minute, sections=(*document.sections, *sections))


def told_section(voice: Voice, request: Request) -> Section:
    """What the person is told of what was done."""
    lines = tuple(Paragraph(words(line)) for line in request.answer.splitlines() if line.strip())
    return Section("done", voice.say("done.title"), lines)


def refusal_of(request: Request) -> list[str]:
    """The reasons that were written down when it was closed."""
    steps = (step.text for step in reversed(request.steps) if step.step in ("answered", "refused"))
    return [line for line in next(steps, "").splitlines() if line.strip()]


def _first(section: Section) -> Words:
    first = section.blocks[0]
    return first.text if isinstance(first, Paragraph) else ()


def as_html(document: Document) -> str:
    """A page that stands alone and loads nothing."""
    return page(document)


def as_pdf(document: Document, *, now: dt.datetime, to: Sequence[str] = ()) -> bytes:
    """On paper; with ``to``, lines of an address, a first page goes before that shows through an envelope's window."""
    from seloste.notice.render.pdf import pdf  # 17 MB with its fonts, which serving pages does without

    return pdf(document, made=now, to=to)


def message_letter(voice: Voice, request: Request, subject: str, text: str, *, now: dt.datetime) -> Document:
    """A message about a request on paper, as the e-mail would be."""
    notice = voice.register.notice
    blocks = tuple(Paragraph(words(part.strip())) for part in text.split("\n") if part.strip())
    return Document(
        lang=voice.lang,
        register=notice.register,
        controller=notice.controller.name,
        page=voice.say("page"),
        in_force=voice.say("dated", date=voice.t.w.date(today(now))),
        title=subject,
        lead=(),
        minute=Minute("", ()),
        object_note=None,
        contents="",
        sections=(Section("message", "", blocks),),
        foot=(),
    )
