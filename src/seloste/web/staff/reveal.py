"""Opening one sealed value: choose the reason, see it once. The look is in the journal, and the person will see it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from seloste.operations.records import read
from seloste.operations.records.reveal import reasons, reveal
from seloste.web import responses
from seloste.web.frame import frame_of
from seloste.web.parts import Choice, Head, Link
from seloste.web.present import Presenter
from seloste.web.problems import NotFoundError
from seloste.web.security import hidden


def page(request: Request) -> Response:
    """Ask for the reason; nothing is opened yet."""
    return _page(request, "")


def show(request: Request) -> Response:
    """Open it, once: the answer is not to be kept by any cache, and its address does not open it again."""
    view = Presenter(request)
    kind, number, item = _asked(request, view)
    purpose = str(request.state.form.get("purpose", ""))
    opened = reveal(view.store, kind, number, item, purpose=purpose, actor=view.actor, now=view.now)
    answer = _page(request, view.text(view.kind(kind).items[item], opened.value))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _asked(request: Request, view: Presenter) -> tuple[str, int, str]:
    kind, number, item = request.path_params["kind"], int(request.path_params["id"]), request.path_params["item"]
    if not view.lens.sees(kind, item) or number >= 2**63:
        raise NotFoundError
    return kind, number, item


def _page(request: Request, value: str) -> Response:
    view = Presenter(request)
    kind, number, item = _asked(request, view)
    record = read.row(view.store, kind, number, actor=view.actor, now=view.now)
    if item not in record.values:
        raise NotFoundError
    label = view.item_label(view.kind(kind), item)
    choices = tuple(
        Choice(value=key, text=view.purpose(key)) for key in reasons(view.store, kind, item, actor=view.actor)
    )
    return responses.page(
        request,
        "staff/reveal.html",
        frame=frame_of(request, current=view.href(kind)),
        head=Head(title=label, crumbs=(Link(text=view.name(record), href=view.href(kind, number)),)),
        value=value,
        choices=choices,
        hidden=hidden(request),
        back=view.href(kind, number),
    )
