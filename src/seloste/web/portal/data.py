"""Everything held of the person, with why, from where and until when; and one sealed value, opened by a button."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from seloste.operations.portal.held import held
from seloste.operations.portal.held import reveal as reveal_own
from seloste.operations.records.model import NoSuchRowError
from seloste.web.portal import identify, session
from seloste.web.portal.frame import contact_of
from seloste.web.portal.frame import page as own_page
from seloste.web.portal.view import OwnView
from seloste.web.problems import NotFoundError


def page(request: Request) -> Response:
    """The data, by kind."""
    view = OwnView(request)
    title = view.t("portal.data")
    try:
        found = held(view.store, view.person, proven=view.proven, now=view.now)
    except NoSuchRowError:
        return own_page(request, "nothing", view.t("portal.nothing_held"))
    return own_page(
        request,
        "data",
        title,
        sections=view.sections(found),
        guarded=found.guarded,
        copy=session.path(request, "/copy"),
        by=identify.offered(request) if found.guarded else (),
        contact=contact_of(view.register.notice.controller),
    )


def sealed(request: Request) -> Response:
    """What would be opened; nothing is yet."""
    return _sealed(request, "")


def reveal(request: Request) -> Response:
    """The value, once."""
    view, (kind, number, item) = OwnView(request), _asked(request)
    try:
        value = reveal_own(view.store, view.person, kind, number, item, proven=view.proven, now=view.now)
    except NoSuchRowError:
        raise NotFoundError from None
    return _sealed(request, ", ".join(view.texts(view.kind(kind).items[item], value)))


def _asked(request: Request) -> tuple[str, int, str]:
    """Kind, row and item of the address. Raises NotFoundError for an item that the notice does not have."""
    kind, item = str(request.path_params["kind"]), str(request.path_params["item"])
    table = OwnView(request).register.tables.get(kind)
    number = int(request.path_params["id"])
    if table is None or item not in table.kind.items or not 0 < number < 2**63:
        raise NotFoundError
    return kind, number, item


def _sealed(request: Request, value: str) -> Response:
    view, (kind, _, item) = OwnView(request), _asked(request)
    label = view.item_label(view.kind(kind), item)
    return own_page(request, "sealed", label, value=value, action=request.url.path, back=session.path(request, "/data"))
