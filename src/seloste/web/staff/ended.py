"""Somebody has left a company, marked with one press: they are its contact no more, and the period begins (C38)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from seloste.compiler.audience import companies
from seloste.operations.records.model import Record
from seloste.operations.records.rectify import rectify
from seloste.web import responses, security
from seloste.web.parts import Act
from seloste.web.present import Presenter
from seloste.web.problems import NotFoundError
from seloste.web.staff.shown import number_of
from seloste.web.staff.todo import own_source


def ending(show: Presenter, kind: str) -> str:
    """The item with which a tie to a company ends, when the role sees it; empty for any other kind."""
    ends = {tie: last for tie, _, last in companies(show.register).ties if last}
    found = ends.get(kind, "")
    return found if found and show.lens.sees(kind, found) and own_source(show) is not None else ""


def act(show: Presenter, tie: Record, subject: str, number: int) -> Act | None:
    """The button beside a tie that has no last day."""
    last = ending(show, tie.kind)
    if not last or tie.values.get(last) is not None:
        return None
    hidden = (*security.hidden(show.request), ("back", f"{subject}.{number}"))
    return Act(text=show.t("permit.left"), post=f"{show.href(tie.kind, tie.id)}/left", hidden=hidden, look="link")


def left(request: Request) -> Response:
    """Today is their last day there."""
    show, number = Presenter(request), number_of(request)
    kind = str(request.path_params["kind"])
    last, source = ending(show, kind), own_source(show)
    if not last or source is None:
        raise NotFoundError
    item = show.kind(kind).items[last]
    moment = show.now if item.type == "time" else show.today
    rectify(show.store, kind, number, {last: moment}, source=source, actor=show.actor, now=show.now)
    subject, _, of = str(request.state.form.get("back", "")).partition(".")
    back = (
        show.href(subject, int(of)) if show.lens.sees(subject) and of.isdecimal() and len(of) < 19 else show.href(kind)
    )
    return responses.redirect(back, done="marked_left")
