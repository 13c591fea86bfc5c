"""Opening one value that is not shown by the way: choose the reason, see it once. The person will see that too."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from seloste.operations.records import read
from seloste.operations.records.model import Record, Sealed
from seloste.operations.records.reveal import ReasonNeededError, reasons, reveal
from seloste.web import responses
from seloste.web.frame import frame_of
from seloste.web.parts import Choice, Field, Head, Link
from seloste.web.present import Presenter
from seloste.web.problems import NotShownError
from seloste.web.security import hidden
from seloste.web.staff.shown import kind_of, number_of


def page(request: Request) -> Response:
    """Ask for the reason; nothing is opened yet."""
    return _page(request)


def show(request: Request) -> Response:
    """Open it, once: the answer is not to be kept by any cache, and its address does not open it again."""
    view = Presenter(request)
    record, item = _asked(request, view)
    purpose = str(request.state.form.get("purpose", ""))
    try:
        opened = reveal(view.store, record.kind, record.id, item, purpose=purpose, actor=view.actor, now=view.now)
    except ReasonNeededError as lacking:
        return _page(request, fault=lacking.message(view.lang))
    known = view.kind(record.kind).items.get(item)
    # Of a reference to where somebody lives the value is what that is called.
    told = str(opened.value) if known is None or known.type == "ref" else view.text(known, opened.value)
    answer = _page(request, value=told)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _asked(request: Request, view: Presenter) -> tuple[Record, str]:
    """The row, and the item that may be opened. Raises NotShownError; it is not told what is lacking."""
    kind, number, item = kind_of(request, view), number_of(request), str(request.path_params["item"])
    if not view.lens.sees(kind):
        raise NotShownError
    found = read.by_ids(view.store, kind, [number], actor=view.actor, now=view.now, journal=False)
    if not found or item not in found[0].values:
        raise NotShownError
    if not isinstance(found[0].values[item], Sealed):
        raise NotShownError
    return found[0], item


def _page(request: Request, *, value: str = "", fault: str = "") -> Response:
    view = Presenter(request)
    record, item = _asked(request, view)
    label = view.item_label(view.kind(record.kind), item)
    given = reasons(view.store, record.kind, item, actor=view.actor)
    return responses.page(
        request,
        "staff/reveal.html",
        status=422 if fault else 200,
        frame=frame_of(request, current=view.href(record.kind)),
        head=Head(
            title=label,
            crumbs=(
                Link(text=view.plural(record.kind), href=view.href(record.kind)),
                Link(text=view.name(record), href=view.href(record.kind, record.id)),
            ),
            errors=bool(fault),
        ),
        value=value,
        why=Field(
            name="purpose",
            label=view.t("reveal.reason"),
            widget="radio",
            error=fault,
            choices=tuple(Choice(value=key, text=view.purpose(key)) for key in given),
        ),
        faults=(Link(text=fault, href="#purpose"),) if fault else (),
        hidden=hidden(request),
        back=view.href(record.kind, record.id),
    )
