"""The first page of one's own: doors to what is held, and what one may do."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from seloste.operations.portal.held import called, is_guarded
from seloste.operations.records.model import NoSuchRowError
from seloste.web.parts import Item
from seloste.web.portal import session
from seloste.web.portal.frame import page as own_page
from seloste.web.portal.view import OwnView, complaint
from seloste.web.routes import ROUTES

DOORS = ("data", "permissions", "received", "looked", "requests")
"""Pages behind the first one, by the last part of their address; those that have a route are shown."""


def page(request: Request) -> Response:
    """Everything there is, a door to each."""
    view = OwnView(request)
    try:
        guarded = is_guarded(view.store, view.person, proven=view.proven, now=view.now)
        name = called(view.store, view.person, proven=view.proven, now=view.now)
    except NoSuchRowError:
        return own_page(request, "nothing", view.t("portal.nothing_held"))
    there = {route.path for route in ROUTES}
    doors = tuple(
        Item(text=view.t(f"portal.{key}"), href=session.path(request, f"/{key}"))
        for key in DOORS
        if f"/own/{{reg}}/{key}" in there
    )
    return own_page(
        request,
        "home",
        view.t("portal.hello", name=name) if name else view.t("portal.hello_nameless"),
        doors=doors,
        guarded=guarded,
        copy=session.path(request, "/copy"),
        complaint=complaint(view.lang),
    )
