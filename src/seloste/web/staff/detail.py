"""One page for a row of any kind: what it is, how to reach it, what belongs to it, why it is held, what happened.

A person, an organisation and an apartment differ only in what the notice says of them.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from seloste.catalogue.model import PERSON
from seloste.operations.permissions.contact import ContactAnswer, contact_answers
from seloste.operations.records import read
from seloste.operations.records.model import Record
from seloste.operations.records.why import Why as RowWhy
from seloste.operations.records.why import why
from seloste.web import registers, responses
from seloste.web.frame import _has, frame_of
from seloste.web.parts import Act, Address, Chip, Event, Head, Item, Link, Permission, Value, Why
from seloste.web.present import LINKED, Presenter
from seloste.web.problems import NotFoundError
from seloste.web.security import hidden
from seloste.web.staff.composer import Composer, composer
from seloste.web.staff.find import search_of

MOST_EVENTS = 60
MOST_TIES = 40
MOST_ACTS = 3
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Parts:
    """What the template needs beside the frame."""

    reach: tuple[Address, ...]
    facts: tuple[Value, ...]
    now: tuple[tuple[str, tuple[Item, ...]], ...]
    before: tuple[tuple[str, tuple[Item, ...]], ...]
    events: tuple[Event, ...]
    ending: str
    composer: Composer | None


def page(request: Request) -> Response:
    """``/r/{reg}/{kind}/{id}``. A row that the role does not see looks like one that is not there."""
    show = Presenter(request)
    kind, number = request.path_params["kind"], int(request.path_params["id"])
    if not show.lens.sees(kind) or number >= 2**63:
        raise NotFoundError
    found = read.around(show.store, kind, number, actor=show.actor, now=show.now)
    reasons = why(show.store, kind, number, actor=show.actor, now=show.now)
    opened = request.query_params.get("why") == "1"
    named = show.titles([found.row, *(each for rows in found.rows.values() for each in rows)])
    parts = _parts(show, found, reasons, named, opened=opened, every=request.query_params.get("all") == "1")
    here = show.href(kind, number)
    return responses.page(
        request,
        "staff/detail.html",
        frame=frame_of(request, current=show.href(kind), search=search_of(show)),
        head=_head(request, show, found, named),
        parts=parts,
        why_link=Link(text=show.t("why.hide_all" if opened else "why.all"), href=here if opened else f"{here}?why=1"),
        hidden=hidden(request),
        here=here,
    )


def _parts(
    show: Presenter,
    found: read.Around,
    reasons: RowWhy,
    named: Mapping[tuple[str, int], str],
    *,
    opened: bool,
    every: bool,
) -> Parts:
    ties, rest = _split(show, found)
    current = [each for each in ties if not _is_over(show, each)]
    over = [each for each in ties if _is_over(show, each)]
    events = sorted(rest, key=lambda each: _when(show, each), reverse=True)
    shown = events if every else events[:MOST_EVENTS]
    return Parts(
        reach=tuple(_reach(show, found.row, reasons, opened=opened)),
        facts=tuple(_facts(show, found.row, reasons, named, opened=opened)),
        now=tuple(_ties(show, found.row, current, named)),
        before=tuple(_ties(show, found.row, over, named)),
        events=tuple(_event(show, each, named) for each in shown),
        ending=show.t("person.nothing_older", rule="") if len(shown) == len(events) else "",
        composer=composer(show, found, current),
    )


def _head(request: Request, show: Presenter, found: read.Around, named: Mapping[tuple[str, int], str]) -> Head:
    record = found.row
    ties, _ = _split(show, found)
    subs = [text for tie in ties if not _is_over(show, tie) for text in [_tie_text(show, record, tie, named)] if text]
    parents = [
        Link(text=named[parent, record.references[parent]], href=show.href(parent, record.references[parent]))
        for parent in show.kind(record.kind).of
        if parent in record.references and (parent, record.references[parent]) in named
    ]
    acts = []
    if _has("/r/{reg}/{kind}/new"):
        acts += [
            Act(text=f"+ {show.label(kind)}", href=f"{show.href(kind)}/new?{record.kind}={record.id}")
            for kind in _children(show, record)
        ]
    if _has("/r/{reg}/{kind}/{id:int}/edit"):
        acts.append(Act(text=show.t("common.edit"), href=f"{show.href(record.kind, record.id)}/edit"))
    return Head(
        title=show.name(record),
        crumbs=(Link(text=show.plural(record.kind), href=show.href(record.kind)), *parents),
        sub="; ".join(subs[:2]),
        chips=tuple(_chips(show, record, ties)),
        acts=tuple(acts[-MOST_ACTS:]),
        flash=responses.flash(request),
    )


def _children(show: Presenter, record: Record) -> list[str]:
    """Kinds that belong to this row and stand alone, for the buttons."""
    return [
        key
        for key in show.lens.shows
        if record.kind in show.kind(key).of and not show.kind(key).tie and not show.kind(key).built_in
    ][:2]


def _chips(show: Presenter, record: Record, ties: list[Record]) -> Iterator[Chip]:
    for tie in ties:
        began, ended = _span(show, tie)
        if ended is not None and ended <= show.today:
            if all(_is_over(show, each) for each in ties):
                yield Chip(text=show.t("person.left_on", date=show.f.date(ended)))
                return
            continue
        if began is not None and record.kind == PERSON:
            yield Chip(text=show.t("person.since", year=str(began.year), what=show.label(tie.kind).lower()))
            return


def _reach(show: Presenter, record: Record, reasons: RowWhy, *, opened: bool) -> Iterator[Address]:
    """Numbers and addresses of a subject, each with what it may be used for."""
    kind = show.kind(record.kind)
    if not kind.subject:
        return
    answers: tuple[ContactAnswer, ...] = ()
    if record.kind == PERSON:
        answers = contact_answers(show.store, record.id, actor=show.actor, now=show.now)
    for name, item in kind.items.items():
        if item.type not in LINKED or name not in record.values:
            continue
        cell = reasons.cells[name]
        usable = [reason for reason in cell.reasons if reason.usable and reason.purpose in show.lens.purposes]
        permissions = [Permission(state="yes", text=registers.said(reason.text, show.lang)) for reason in usable[:1]]
        permissions += [
            Permission(state=each.answer, text=registers.said(each.text, show.lang), note=_note(show, each))
            for each in answers
            if each.channel == item.type
        ]
        values = record.values[name] if item.many else [record.values[name]]
        for place, value in enumerate(values):
            yield Address(
                text=show.text(item, [value] if item.many else value),
                href=f"{LINKED[item.type]}{value}",
                permissions=tuple(permissions),
                why=_beside(show.why(cell, show.item_label(kind, name), opened=opened)) if place == 0 else None,
            )


def _beside(boxed: Why) -> Why:
    """Beside what an address may be used for there is room for *why?* only; the end stands in the box."""
    return dataclasses.replace(boxed, own_end=False)


def _note(show: Presenter, answer: ContactAnswer) -> str:
    if answer.answer == "yes" and answer.since is not None:
        return show.t("may.consent_from", date=show.f.date(answer.since))
    return registers.said(answer.reason, show.lang) if answer.answer == "no" else ""


def _facts(
    show: Presenter, record: Record, reasons: RowWhy, named: Mapping[tuple[str, int], str], *, opened: bool
) -> Iterator[Value]:
    kind = show.kind(record.kind)
    columns = [*kind.of, *(name for name in show.lens.shows[record.kind] if name not in kind.of)]
    for name in columns:
        item = kind.items.get(name)
        if item is not None and kind.subject and item.type in LINKED:
            continue
        cell = reasons.cells.get(name)
        boxed = (
            show.why(cell, show.item_label(kind, name), opened=opened, row_end=(reasons.end, reasons.until))
            if cell
            else None
        )
        value = show.value(record, name, named, boxed)
        if value is not None:
            yield value


def _split(show: Presenter, found: read.Around) -> tuple[list[Record], list[Record]]:
    """Ties of this row, and what happened around it. Ties of ties (others' guests) are left to their own page."""
    ties, rest = [], []
    for kind, rows in found.rows.items():
        known = show.kind(kind)
        for each in rows:
            direct = each.references.get(found.row.kind) == found.row.id
            if known.tie and direct and show.is_position(each.kind):
                ties.append(each)
            elif not known.tie:
                rest.append(each)
    return ties, rest


def _span(show: Presenter, tie: Record) -> tuple[dt.date | None, dt.date | None]:
    """From when and until when a tie holds: its first date, and its last when it has two."""
    dates = [name for name, item in show.kind(tie.kind).items.items() if item.type in ("date", "time")]
    days = [_day(tie.values.get(name)) for name in dates]
    return (days[0] if days else None), (days[-1] if len(days) > 1 else None)


def _day(value: object) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    return value if isinstance(value, dt.date) else None


def _is_over(show: Presenter, tie: Record) -> bool:
    _, ended = _span(show, tie)
    return ended is not None and ended <= show.today


def _ties(
    show: Presenter, record: Record, ties: list[Record], named: Mapping[tuple[str, int], str]
) -> Iterator[tuple[str, tuple[Item, ...]]]:
    """Ties by kind: what is at the other end, since when, until when."""
    groups: dict[str, list[Item]] = {}
    for tie in ties[:MOST_TIES]:
        other = next((end for end in show.kind(tie.kind).of if end != record.kind and end in tie.references), None)
        text = named.get((other, tie.references[other]), "") if other else ""
        began, ended = _span(show, tie)
        days = "–".join(show.f.date(day) if day else "" for day in (began, ended)) if began or ended else ""
        title = _title_of(show, tie)
        item = Item(
            text=text or title or show.label(tie.kind),
            href=show.href(other, tie.references[other]) if other and text else show.href(tie.kind, tie.id),
            sub=title if text else "",
            end=days,
            end_href=show.href(tie.kind, tie.id),
        )
        groups.setdefault(tie.kind, []).append(item)
    for kind, items in groups.items():
        yield show.plural(kind), tuple(items)


def _title_of(show: Presenter, tie: Record) -> str:
    from seloste.operations.records.model import title

    return title(show.kind(tie.kind), tie.values)


def _tie_text(show: Presenter, record: Record, tie: Record, named: Mapping[tuple[str, int], str]) -> str:
    """``Huoltopäällikkö, Havupumppu Oy``."""
    if not show.kind(record.kind).subject:
        return ""
    other = next((end for end in show.kind(tie.kind).of if end != record.kind and end in tie.references), None)
    text = named.get((other, tie.references[other]), "") if other else ""
    return ", ".join(part for part in (_title_of(show, tie), text) if part)


def _when(show: Presenter, record: Record) -> str:
    moment = show.moment(record)
    return moment.isoformat() if moment is not None else ""


def _event(show: Presenter, record: Record, named: Mapping[tuple[str, int], str]) -> Event:
    kind = show.kind(record.kind)
    moment = show.moment(record)
    name = _title_of(show, record)
    label = show.label(record.kind)
    return Event(
        when=show.f.when(moment, show.now) if moment is not None else "",
        iso=moment.isoformat() if moment is not None else "",
        what=f"{label} {name}".strip() if len(name) <= LONGEST_NAME else label,
        href=show.href(record.kind, record.id),
        meta=show.summary(record, named),
        text=" ".join(part for part in (name if len(name) > LONGEST_NAME else "", show.said_text(record)) if part),
        own=kind.built_in,
    )
