"""The last days of requests on a month page that prints, and as a file and an address for calendar programs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from seloste.operations.rights import calendar, model
from seloste.operations.rights.calendar import FeedGoneError
from seloste.operations.rights.read import requests
from seloste.web import registers, responses, security
from seloste.web.frame import frame_of
from seloste.web.parts import Act, Head, Link
from seloste.web.present import Presenter
from seloste.web.problems import NotFoundError
from seloste.web.staff.requests import base, right_name, who

YEARS = 5
"""How far from today a month may be looked at; further away there is nothing."""


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of the page: its number, how it reads for whoever does not see the grid, what is due."""

    number: str
    said: str
    inside: bool
    today: bool
    off: bool
    holiday: str
    due: tuple[Link, ...]
    late: bool


def page(request: Request) -> Response:
    """A month, the present one unless the address names another (``?month=2026-12``)."""
    return _page(request)


def _page(request: Request, feed: str = "") -> Response:
    show = Presenter(request)
    queue = requests(show.store, actor=show.actor, now=show.now)
    month = calendar.month_of(_first(request, show), queue.open, lang=show.lang)
    paused = [each for each in queue.open if each.clock.paused]
    here = f"{base(show)}/calendar"
    account = request.state.account.id
    since = calendar.feed_since(registers.deployment(request), account, show.key)
    return responses.page(
        request,
        "staff/request_calendar.html",
        frame=frame_of(request, current=base(show)),
        head=Head(
            title=show.f.month(month.first),
            crumbs=(Link(text=show.t("nav.requests"), href=base(show)),),
            flash=responses.flash(request),
            acts=(
                Act(text=show.t("calendar.before"), href=f"{here}?month={month.before:%Y-%m}"),
                Act(text=show.t("calendar.after"), href=f"{here}?month={month.after:%Y-%m}"),
            ),
        ),
        hidden=security.hidden(request),
        weekdays=tuple(_weekday(show, day.date) for day in month.weeks[0].days),
        weeks=tuple(
            (str(week.number), tuple(_day(show, day, queue.names) for day in week.days)) for week in month.weeks
        ),
        empty=not any(day.due and day.inside for week in month.weeks for day in week.days),
        paused=tuple(_link(show, each, queue.names) for each in paused),
        file=f"{here}.ics",
        here=here,
        feed=feed,
        since=show.f.date(since) if since is not None else "",
    )


def _first(request: Request, show: Presenter) -> dt.date:
    try:
        first = dt.date.fromisoformat(f"{request.query_params.get('month', '')}-01")
    except ValueError:
        first = show.today.replace(day=1)
    # The furthest years have no months around them, and no request.
    return first if abs(first.year - show.today.year) <= YEARS else show.today.replace(day=1)


def _weekday(show: Presenter, day: dt.date) -> tuple[str, str]:
    """Short and whole."""
    return show.f.date_due(day).split(" ")[0], show.f.day(day).split(" ")[0]


def _day(show: Presenter, day: calendar.Day, names: object) -> DayCell:
    return DayCell(
        number=str(day.date.day),
        said=show.f.day(day.date),
        inside=day.inside,
        today=day.date == show.today,
        off=bool(day.holiday) or day.date.weekday() >= 5,
        holiday=day.holiday,
        due=tuple(_link(show, each, names) for each in day.due),
        late=any(each.clock.overdue for each in day.due),
    )


def _link(show: Presenter, each: model.Request, names: object) -> Link:
    assert isinstance(names, dict)
    called = who(show, each, names.get(each.person, ""))
    return Link(text=f"{right_name(show, each.right)}: {called}", href=f"{base(show)}/{each.id}")


# --- the file and its address -----------------------------------------------------------------------------------------


def file(request: Request) -> Response:
    """The file, for whoever is signed in."""
    show = Presenter(request)
    url = request.app.state.settings.public_url
    return _ics(calendar.calendar_file(show.store, lang=show.lang, public_url=url, now=show.now), show.key)


def feed(request: Request) -> Response:
    """The file at its own address, for a calendar program."""
    try:
        key, lang = calendar.feed_of(registers.deployment(request), str(request.path_params["token"]))
    except FeedGoneError:
        raise NotFoundError from None
    settings = request.app.state.settings
    made = calendar.calendar_file(registers.store(request, key), lang=lang or settings.language,
                                  public_url=settings.public_url, now=request.state.now)  # fmt: skip
    return _ics(made, "requests")


def _ics(made: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.ics"'}
    return Response(made, media_type="text/calendar; charset=utf-8", headers=headers)


def change(request: Request) -> Response:
    """Make an address, which is shown once, or take it back."""
    show, account = Presenter(request), request.state.account.id
    deployment = registers.deployment(request)
    if request.state.form.get("do") == "end":
        calendar.end_feed(deployment, account, show.key, now=show.now)
        return responses.redirect(f"{base(show)}/calendar", done="calendar_ended")
    token = calendar.make_feed(deployment, account, show.key, now=show.now)
    origin = request.app.state.settings.public_url or str(request.base_url).rstrip("/")
    return _page(request, f"{origin}/calendar/{token}.ics")
