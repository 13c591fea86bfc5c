"""Home of the day: what is due, what one opened last, what leaves soon, what this register is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import Response

from seloste.catalogue.model import Kind
from seloste.operations.records import read
from seloste.operations.records.model import Record
from seloste.operations.records.read import Filter
from seloste.operations.register.holdings import holdings
from seloste.store import journal_pages
from seloste.store.journal_pages import Query
from seloste.web import responses
from seloste.web.frame import frame_of, role_name
from seloste.web.parts import Chip, Head, Item
from seloste.web.present import Presenter
from seloste.web.staff.find import search_of

MOST_DUE = 12
MOST_OPENED = 8
AHEAD = 7
BACK = 60


def page(request: Request) -> Response:
    """``/r/{reg}/``."""
    show = Presenter(request)
    held = holdings(show.store, now=show.now, kinds=show.register.subjects)
    leaving = sum(each.leaving for each in held.kinds)
    notice = show.register.notice
    due = sorted(_due(show), key=lambda each: each[0])[:MOST_DUE]
    facts = (
        (
            show.t("home.you_see"),
            show.t(
                "home.you_see_of",
                n=len(show.lens.purposes),
                total=len(show.register.purposes),
                role=role_name(show.register, show.lens.key, show.lang),
            ),
        ),
        (
            show.t("home.notice"),
            show.t(
                "home.notice_version",
                version=str(held.version),
                date=show.f.date(notice.effective) if notice.effective else "–",
            ),
        ),
    )
    return responses.page(
        request,
        "staff/home.html",
        frame=frame_of(request, current=f"/r/{show.key}/", search=search_of(show)),
        head=Head(title=show.f.day(show.today), flash=responses.flash(request)),
        due=tuple(item for _, item in due),
        opened=tuple(_opened(show)),
        leaving=show.t("home.leaving_text", n=leaving) if leaving else show.t("home.leaving_none"),
        facts=facts,
        register_href=f"/r/{show.key}/register",
    )


def _due(show: Presenter) -> Iterator[tuple[dt.date, Item]]:
    """Rows whose due day comes, and whose closing day is empty: what is to be done, whatever its kind is."""
    horizon = show.today + dt.timedelta(days=AHEAD)
    for key in show.lens.shows:
        pair = due_and_done(show.kind(key))
        if pair is None or not set(pair) <= set(show.lens.shows[key]):
            continue
        due, done = pair
        filters = [Filter(due, "<=", horizon), Filter(done, "empty")]
        found = read.rows(
            show.store, key, filters=filters, sort=due, size=MOST_DUE, actor=show.actor, now=show.now
        ).rows
        named = show.titles(found) | show.ends_of(found)
        for record in found:
            day = record.values[due]
            yield day, _due_item(show, record, day, named)


def due_and_done(kind: Kind) -> tuple[str, str] | None:
    """The items of a kind that say when something is due and when it was done, None when it is no such kind."""
    dates = [name for name, item in kind.items.items() if item.type == "date"]
    due = next((name for name in dates if name.startswith("due")), None)
    done = next((name for name in dates if due and dates.index(name) > dates.index(due)), None)
    return (due, done) if due and done else None


def _due_item(show: Presenter, record: Record, day: dt.date, named: dict[tuple[str, int], str]) -> Item:
    late = day < show.today
    when = show.f.date_short(day) if day != show.today else show.t("common.today")
    above = [
        named[target, record.references[c]]
        for c, target in show.targets(record).items()
        if (target, record.references[c]) in named
    ]
    return Item(
        text=show.name(record),
        href=show.href(record.kind, record.id),
        when=when,
        late=late,
        sub=" · ".join([*(text for text in above[:2] if text), show.label(record.kind)]),
        chip=Chip(text=show.t("home.late"), tone="stop") if late else None,
    )


def _opened(show: Presenter) -> Iterator[Item]:
    """The rows of people this account looked at last, one by one, as the journal has it."""
    show.store.reads.flush()
    with show.store.read(show.now) as conn:
        looked = journal_pages.page(conn, Query(actor=show.actor.account, verb="look"))
    persons = dict.fromkeys(
        each.entry.persons[0]
        for each in looked.entries[:BACK]
        if len(each.entry.persons) == 1 and each.entry.kind in show.register.subjects and each.entry.count == 1
    )
    for kind in show.register.subjects:
        if not show.lens.sees(kind):
            continue
        titles = read.titles(show.store, kind, list(persons)[:MOST_OPENED], actor=show.actor, now=show.now)
        for number in list(persons)[:MOST_OPENED]:
            if titles.get(number):
                yield Item(text=titles[number], href=show.href(kind, number))
        return
