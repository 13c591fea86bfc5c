"""One page for a row of any kind: what it is, how to reach it, what belongs to it, why it is held, what happened.

A person, a company and an apartment differ only in what the notice says of them: whose a row is, what ties it, what
has a day, what is money, what is open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response

from seloste.catalogue.model import PERSON
from seloste.operations.records import read
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.records.why import why
from seloste.web import responses
from seloste.web.frame import frame_of
from seloste.web.parts import Address, Choice, Event, Filter, Link, Value
from seloste.web.present import Presenter
from seloste.web.security import hidden
from seloste.web.staff.asked import pointed
from seloste.web.staff.composer import Composer, Draft, composer
from seloste.web.staff.detail_bills import Bills, bills
from seloste.web.staff.detail_events import Next, ending, happened, next_steps, told
from seloste.web.staff.detail_facts import facts, lacking, positions
from seloste.web.staff.detail_place import People, Work, below, people, work
from seloste.web.staff.detail_top import head, reach
from seloste.web.staff.find import search_of
from seloste.web.staff.permissions import has_page, path_of
from seloste.web.staff.sheet import Sheet, with_shared
from seloste.web.staff.shown import absent, kind_of, number_of

MOST_AROUND = 200
"""Rows of one kind that a page is drawn from, the newest; the list has the rest."""
MOST_EVENTS = 40
MANY = 12
"""So many events that choosing one kind of them helps."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the template needs beside the frame."""

    reach: tuple[Address, ...]
    facts: tuple[Value, ...]
    lacking: str
    positions: list[tuple[str, tuple[Value, ...]]]
    now: tuple[People, ...]
    before: tuple[People, ...]
    below: tuple[Work, ...]
    work: tuple[Work, ...]
    bills: tuple[Bills, ...]
    next: tuple[Next, ...]
    events: tuple[Event, ...]
    ending: str
    more: bool
    older: tuple[Link, ...]
    """The lists of what there is more of than a page holds."""
    composer: Composer | None
    only: Filter | None
    has_why: bool
    permissions: Link | None = None
    """The page of what they have said yes and no to."""


def page(request: Request) -> Response:
    """``/r/{reg}/{kind}/{id}``. A row that the role does not see looks like one that is not there."""
    return sheet_page(request)


def sheet_page(request: Request, *, draft: Draft | None = None) -> Response:
    """The page, with a draft that could not be stored still in its form."""
    show = Presenter(request)
    kind, number = kind_of(request, show), number_of(request)
    depth = _depth(show, kind)
    try:
        around = read.around(show.store, kind, number, actor=show.actor, now=show.now, depth=depth, most=MOST_AROUND)
    except NoSuchRowError:
        raise absent(show, kind, number) from None
    found = with_shared(show, around)
    reasons = why(show.store, kind, number, actor=show.actor, now=show.now)
    sheet = Sheet(show, found, reasons, opened=request.query_params.get("why") == "1")
    here = show.href(kind, number)
    parts = _parts(request, sheet)
    return responses.page(
        request,
        "staff/detail.html",
        status=422 if draft is not None else 200,
        frame=frame_of(request, current=show.href(kind), search=search_of(show)),
        head=replace(head(sheet, responses.flash(request)), errors=draft is not None),
        draft=draft or Draft(),
        subject=sheet.kind.subject,
        parts=parts,
        why_link=Link(
            text=show.t("why.hide_all" if sheet.opened else "why.all"), href=here if sheet.opened else f"{here}?why=1"
        ),
        hidden=hidden(request),
        here=here,
    )


def _depth(show: Presenter, kind: str) -> int:
    """A place that holds places shows those; what happened in them stands on their own pages."""
    inside = any(
        kind in show.kind(other).of and show.kind(other).about == "nobody" and not show.kind(other).tie
        for other in show.lens.shows
    )
    return 1 if inside else 3


def _parts(request: Request, sheet: Sheet) -> Parts:
    kinds = {each.kind for each in told(sheet)}
    asked = request.query_params.get("only", "")
    only = asked if asked in kinds else ""
    events = [event for _, event in happened(sheet, only=only)]
    shown = events if request.query_params.get("all") == "1" else events[:MOST_EVENTS]
    now, before = people(sheet)
    values = tuple(facts(sheet))
    return Parts(
        reach=tuple(reach(sheet)),
        facts=values,
        lacking=lacking(sheet),
        positions=positions(sheet) if sheet.kind.subject else [],
        now=now,
        before=before,
        below=tuple(below(sheet)),
        work=tuple(work(sheet)),
        bills=tuple(bills(sheet)),
        next=next_steps(sheet, hidden(request)),
        events=tuple(shown),
        ending=ending(sheet) if len(shown) == len(events) and not only and not sheet.found.cut else "",
        more=len(shown) < len(events) or bool(only),
        older=tuple(_older(sheet)),
        composer=composer(sheet),
        only=_chooser(sheet, kinds, only) if len(kinds) > 1 and (only or len(events) > MANY) else None,
        has_why=any(value.why is not None for value in values),
        permissions=_permissions(sheet),
    )


def _permissions(sheet: Sheet) -> Link | None:
    show = sheet.show
    if sheet.row.kind != PERSON or not has_page(show):
        return None
    return Link(text=show.t("permit.link"), href=path_of(show, sheet.row.id))


def _older(sheet: Sheet) -> Iterator[Link]:
    show = sheet.show
    for kind in show.lens.shows:
        column = next((one for one, at in pointed(show, kind).items() if at == sheet.row.kind), "")
        if kind in sheet.found.cut and column:
            href = f"{show.href(kind)}?{column}={sheet.row.id}"
            yield Link(text=show.t("person.all_of", what=show.teller.w.low(show.plural(kind))), href=href)


def _chooser(sheet: Sheet, kinds: set[str], only: str) -> Filter:
    show = sheet.show
    choices = [Choice(value=key, text=show.plural(key)) for key in show.lens.shows if key in kinds]
    every = Choice(value="", text=show.t("list.everything"))
    return Filter(name="only", label=show.t("person.limit"), value=only, choices=(every, *choices))
