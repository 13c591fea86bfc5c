"""Home of the day: what waits for this account, what came in, whom one opened last, who leaves soon, this register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from seloste.catalogue.model import PERSON
from seloste.operations.assessments.record import assessed
from seloste.operations.breaches.record import every as breaches
from seloste.operations.records import read
from seloste.operations.records.ends import MOST, leaving_ids
from seloste.operations.records.model import Record
from seloste.operations.records.read import Filter
from seloste.operations.register.holdings import holdings
from seloste.operations.register.opened import opened
from seloste.operations.retention.holds import to_review
from seloste.operations.retention.runs import is_missing
from seloste.operations.rights.remind import standing
from seloste.operations.running.canary import trial_of, where_broken
from seloste.web import registers, responses
from seloste.web.frame import frame_of, role_name
from seloste.web.parts import Act, Head, Item, Link
from seloste.web.present import Presenter
from seloste.web.security import hidden
from seloste.web.staff import others, todo
from seloste.web.staff.assessments import name_of
from seloste.web.staff.breaches import base, state
from seloste.web.staff.find import search_of
from seloste.web.staff.left import left
from seloste.web.staff.people import People
from seloste.web.staff.todo import Todo

MOST_DUE = 12
MOST_NEW = 8
MOST_OPENED = 8
NEW_FOR = 7
"""Days that what nobody has taken stays under New; then it is in its list."""

LONGEST_SAID = 160


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row that waits: when, what, of whom, how to reach them, what to do."""

    when: str
    late: bool
    text: str
    href: str
    sub: str
    said: str = ""
    phone: Link | None = None
    act: Act | None = None


def page(request: Request) -> Response:
    """``/r/{reg}/``."""
    show = Presenter(request)
    reviews = (*_breaches(show), *_reviews(show), *_assessments(show)) if request.state.lead else ()
    due = sorted(todo.todos(show, show.today), key=lambda each: (each.due, each.record.kind, each.record.id))
    return responses.page(
        request,
        "staff/home.html",
        frame=frame_of(request, current=f"/r/{show.key}/", search=search_of(show)),
        head=Head(title=show.f.day(show.today), flash=responses.flash(request)),
        due=(*reviews, *_due(show, due[:MOST_DUE], hidden(request))),
        count=show.f.number(len(due) + len(reviews)) if due or reviews else "",
        every=_every(show, due) if not reviews else None,
        new=tuple(_new(show, hidden(request))),
        opened=tuple(_opened(show)),
        asked=_asked(request, show),
        leaving=_leaving(show),
        left=left(show),
        first=others.first(request),
        all_others=Act(text=show.t("others.see"), href="/account#others"),
        runs_missing=request.state.lead and is_missing(show.store, now=show.now),
        broken=_broken(request, show) if request.state.lead else "",
        condition=Act(text=show.t("running.see"), href=f"/r/{show.key}/privacy/condition"),
        facts=_facts(show),
        which=Link(text=show.t("home.which"), href=f"/r/{show.key}/register"),
        notice=Link(text=show.t("signin.read_notice"), href=f"/notice/{show.key}"),
    )


def _broken(request: Request, show: Presenter) -> str:
    """What is wrong with the road by which requests come, empty when nothing is known to be."""
    trial = trial_of(registers.installation(request), show.key)
    where = where_broken(trial, show.now) if trial is not None else ""
    return show.t(f"running.road_{where}") if where else ""


def _breaches(show: Presenter) -> Iterator[Waiting]:
    """Breaches whose 72 hours run; only for whoever leads privacy."""
    for each in breaches(show.store, now=show.now):
        if each.runs:
            late = each.overdue(show.now)
            _, short, by = state(show, each)
            yield Waiting(
                when=show.t("common.late") if late else show.f.date_short(each.deadline),
                late=late,
                text=show.t("breach.todo", number=str(each.id)),
                href=f"{base(show)}/{each.id}",
                sub=f"{short} · {by}",
            )


def _reviews(show: Presenter) -> Iterator[Waiting]:
    """Holds to be looked at again; only for whoever leads privacy, for no role sees them."""
    for each in to_review(show.store, now=show.now):
        late = each.overdue(show.today)
        who = show.titles_of(PERSON, [each.person]).get(each.person) or show.t("stops.unknown")
        yield Waiting(
            when=show.t("common.late") if late else show.t("common.today"),
            late=late,
            text=show.t("stops.todo", who=who),
            href=f"/r/{show.key}/privacy/holds?open={each.id}#review",
            sub=show.t("stops.todo_why", owner=show.worker(each.owner)) if each.owner else "",
        )


def _assessments(show: Presenter) -> Iterator[Waiting]:
    """Assessments whose day of review has come or gone; only for whoever leads privacy."""
    for each in assessed(show.store, now=show.now):
        if each.current is not None and each.current.review_on <= show.today:
            late = each.state == "overdue"
            yield Waiting(
                when=show.t("common.late") if late else show.t("common.today"),
                late=late,
                text=show.t("assess.todo", who=name_of(show, each)),
                href=f"/r/{show.key}/privacy/assessments/{each.path}",
                sub=show.t(f"assess.{each.sort}_one"),
            )


def _due(show: Presenter, due: Sequence[Todo], token: tuple[tuple[str, str], ...]) -> Iterator[Waiting]:
    people = People(show, [each.record for each in due])
    for each in due:
        yield Waiting(
            when=show.t("common.late") if each.late else show.t("common.today"),
            late=each.late,
            text=show.name(each.record),
            href=show.href(each.record.kind, each.record.id),
            sub=_sub(show, people, each),
            phone=people.phone(each.record),
            act=todo.act_done(show, each.record, token),
        )


def _sub(show: Presenter, people: People, each: Todo) -> str:
    due = show.t("home.was_due", date=show.f.date_short(each.due)) if each.late else ""
    return " · ".join(part for part in (people.who(each.record), show.label(each.record.kind), due) if part)


def _every(show: Presenter, due: Sequence[Todo]) -> Link | None:
    """The list of what is open, when it is of one kind."""
    kinds = list(dict.fromkeys(each.record.kind for each in due))
    if len(kinds) != 1 or not show.kind(kinds[0]).done:
        return None
    return Link(text=show.t("common.all"), href=f"{show.href(kinds[0])}?state=open")


def _new(show: Presenter, token: tuple[tuple[str, str], ...]) -> Iterator[Waiting]:
    """What came in during the last days and nobody has taken: open rows without a day of their own to be done by."""
    since = show.now - dt.timedelta(days=NEW_FOR)
    found: list[Record] = []
    for key in show.lens.shows:
        kind = show.kind(key)
        done = todo.done_item(show, kind)
        if not done or kind.due is not None or kind.built_in or kind.tie:
            continue
        filters = [Filter(done, "empty")]
        if kind.assigned is not None and show.lens.sees(key, kind.assigned):
            filters.append(Filter(kind.assigned, "empty"))
        rows = read.rows(
            show.store, key, filters=filters, sort="sys_recorded_at", descending=True, size=MOST_NEW, most=0,
            actor=show.actor, now=show.now,
        ).rows  # fmt: skip
        found += [row for row in rows if row.recorded_at is not None and row.recorded_at >= since]
    found.sort(key=lambda row: row.recorded_at or show.now, reverse=True)
    people = People(show, found[:MOST_NEW])
    for row in found[:MOST_NEW]:
        kind = show.kind(row.kind)
        takes = kind.assigned is not None and show.lens.sees(row.kind, kind.assigned)
        said = show.said_text(row)
        yield Waiting(
            when=show.f.when(show.moment(row) or show.now, show.now),
            late=False,
            text=f"{show.label(row.kind)}: {show.called(row) or people.who(row) or row.id}",
            href=show.href(row.kind, row.id),
            sub=people.who(row) if show.called(row) else "",
            said=said if len(said) <= LONGEST_SAID else f"{said[:LONGEST_SAID].rsplit(' ', 1)[0]}…",
            phone=None if takes else people.phone(row),
            act=todo.act_take(show, row, token) if takes else todo.act_done(show, row, token),
        )


def _opened(show: Presenter) -> Iterator[Item]:
    """The subjects whose pages this account opened last."""
    for kind in show.register.subjects:
        if not show.lens.sees(kind):
            continue
        chosen = opened(show.store, kind, most=MOST_OPENED, actor=show.actor, now=show.now)
        titles, places = show.titles_of(kind, chosen), show.places_of(kind, chosen)
        for number in chosen:
            if number in titles:
                yield Item(text=titles[number], href=show.href(kind, number), end=places.get(number, ""))


def _asked(request: Request, show: Presenter) -> Item | None:
    """How the requests of the people stand, for whoever leads privacy; nothing when none is open."""
    if not request.state.lead:
        return None
    found = standing(show.store, now=show.now)
    if not found.open and not found.undelivered and not found.to_tell:
        return None
    t = show.t
    said = [t("home.requests_late", n=found.late)] if found.late else []
    said += [t("home.requests_week", n=found.week)] if found.week else []
    said += [t("letters.count", n=found.undelivered)] if found.undelivered else []
    said += [t("home.to_tell", n=found.to_tell)] if found.to_tell else []
    rest = t("home.requests_open", n=found.open)
    return Item(text=" ".join(said) or rest, href=f"/r/{show.key}/privacy/requests", late=bool(found.late),
                sub=rest if said and found.open else "")  # fmt: skip


def _leaving(show: Presenter) -> tuple[str, Link | None]:
    """How many leave in the next days, and the way to see who."""
    for kind in show.register.subjects:
        if show.lens.sees(kind):
            count = len(leaving_ids(show.store, kind, actor=show.actor, now=show.now))
            if count:
                link = Link(text=show.t("home.see_who"), href=f"{show.href(kind)}?leaves=soon")
                return show.t("home.leaving_text" if count < MOST else "home.leaving_over", n=count), link
    return show.t("home.leaving_none"), None


def _facts(show: Presenter) -> tuple[tuple[str, str], ...]:
    notice, t = show.register.notice, show.t
    held = holdings(show.store, now=show.now, kinds=())
    own = [key for key, purpose in show.register.purposes.items() if not purpose.built_in]
    date = show.f.date(notice.effective) if notice.effective else "–"
    role = role_name(show.register, show.lens.key, show.lang)
    return (
        (t("home.you_see"), t("home.you_see_of", n=len(show.lens.purposes), total=len(own), role=role)),
        (t("home.notice"), t("home.notice_version", version=str(held.version), date=date)),
    )
