"""Open work of any kind: what is due and not done, who takes it, and marking it done.

A kind says so itself: ``due`` (by when), ``done`` (empty while it is open) and ``assigned`` (who does it).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from seloste.catalogue.model import Kind
from seloste.clock import HELSINKI
from seloste.operations.records import read
from seloste.operations.records.model import Record
from seloste.operations.records.read import Filter
from seloste.operations.records.rectify import rectify
from seloste.web import responses, security
from seloste.web.open_work import forget
from seloste.web.parts import Act
from seloste.web.present import Presenter
from seloste.web.problems import NotFoundError

MOST = 40
BACK = 14
"""Days that an agreed next contact stays in sight when nothing closes it."""


@dataclass(frozen=True, slots=True)
class Todo:
    """A row that waits, by when, and whether that day has gone."""

    record: Record
    due: dt.date
    late: bool


def due_item(show: Presenter, kind: Kind) -> str:
    """The item by which something is due, when the role sees it and what closes it; bills are no tasks."""
    shown = show.lens.shows.get(kind.key, ())
    if kind.due is None or kind.due not in shown or is_bill(kind):
        return ""
    return kind.due if kind.done is None or kind.done in shown else ""


def done_item(show: Presenter, kind: Kind) -> str:
    """The item that says when it was done, when the role sees it."""
    return kind.done if kind.done is not None and kind.done in show.lens.shows.get(kind.key, ()) else ""


def is_bill(kind: Kind) -> bool:
    """Money that falls due: shown in tables of its own, never as a task of somebody."""
    return kind.due is not None and any(item.type == "money" for item in kind.items.values())


def todos(show: Presenter, until: dt.date) -> Iterator[Todo]:
    """What is due by a day and waits for this account, its role or nobody yet, over every kind."""
    for key in show.lens.shows:
        kind = show.kind(key)
        due = due_item(show, kind)
        if not due or kind.built_in:
            continue
        filters = [Filter(due, "<=", _bound(kind, due, until, dt.time.max))]
        if kind.done:
            filters.append(Filter(kind.done, "empty"))
        else:
            filters.append(Filter(due, ">=", _bound(kind, due, show.today - dt.timedelta(days=BACK), dt.time.min)))
        found = read.rows(show.store, key, filters=filters, sort=due, size=MOST, most=0, actor=show.actor, now=show.now)
        for record in found.rows:
            if is_mine(show, kind, record):
                day = _day(record.values[due])
                yield Todo(record, day, day < show.today)


def is_mine(show: Presenter, kind: Kind, record: Record) -> bool:
    """Whether a row waits for this account or its role; one that nobody has taken waits for everybody."""
    if kind.assigned is None or kind.assigned not in show.lens.shows[kind.key]:
        return True
    return record.values.get(kind.assigned) in (None, show.actor.account, show.actor.lens)


def is_open(kind: Kind, record: Record) -> bool:
    return kind.done is not None and record.values.get(kind.done) is None


def act_done(show: Presenter, record: Record, hidden: tuple[tuple[str, str], ...], *, small: bool = True) -> Act:
    return Act(text=show.t("common.done"), post=f"{show.href(record.kind, record.id)}/done", hidden=hidden, small=small)


def act_take(show: Presenter, record: Record, hidden: tuple[tuple[str, str], ...]) -> Act:
    return Act(text=show.t("home.take"), post=f"{show.href(record.kind, record.id)}/take", hidden=hidden, small=True)


def done(request: Request) -> Response:
    """Mark a row done today; where nothing says so, the day by which it was due is emptied."""
    show, kind, number = _asked(request)
    closing = done_item(show, kind)
    if closing:
        moment = show.now if kind.items[closing].type == "time" else show.today
        _change(show, kind, number, {closing: moment})
    elif due_item(show, kind) and kind.done is None:
        _change(show, kind, number, {kind.due or "": None})
    else:
        raise NotFoundError
    forget(request)
    return responses.redirect(_back(request, show, kind, number), done="marked")


def take(request: Request) -> Response:
    """Take a row that waits: from now on it is this account's."""
    show, kind, number = _asked(request)
    if kind.assigned is None or not show.lens.sees(kind.key, kind.assigned):
        raise NotFoundError
    _change(show, kind, number, {kind.assigned: show.actor.account})
    return responses.redirect(_back(request, show, kind, number), done="taken")


def own_source(show: Presenter) -> str | None:
    """Where a note of one's own comes from: a source that needs no letter and may bring anything."""
    found = [each for each in show.register.notice.sources.values() if not each.art14 and not each.items]
    own = [each.key for each in found if each.key == "own_records"]
    return next(iter([*own, *(each.key for each in found)]), None)


def _asked(request: Request) -> tuple[Presenter, Kind, int]:
    show = Presenter(request)
    key, number = request.path_params["kind"], int(request.path_params["id"])
    if not show.lens.sees(key) or number >= 2**63:
        raise NotFoundError
    return show, show.kind(key), number


def _change(show: Presenter, kind: Kind, number: int, changes: dict[str, object]) -> None:
    source = own_source(show)
    if source is None:
        raise NotFoundError
    rectify(show.store, kind.key, number, changes, source=source, actor=show.actor, now=show.now)


def _back(request: Request, show: Presenter, kind: Kind, number: int) -> str:
    """The page the button was on, without the note on an earlier deed."""
    path, _, query = security.back_to(request, show.href(kind.key, number)).partition("?")
    kept = [part for part in query.split("&") if part and not part.startswith(("done=", "undo=", "seal="))]
    return f"{path}?{'&'.join(kept)}" if kept else path


def _bound(kind: Kind, item: str, day: dt.date, clock: dt.time) -> dt.date:
    """A day as the item holds it: itself, or a moment of it."""
    return day if kind.items[item].type == "date" else dt.datetime.combine(day, clock, HELSINKI)


def _day(value: dt.date) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value
