"""The first page of one's own: doors to what is held, and what one may do."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from seloste.operations.portal.held import called, is_guarded
from seloste.operations.portal.home import Counts, counts
from seloste.operations.records.model import NoSuchRowError
from seloste.web.parts import Item, Link
from seloste.web.portal import identify, session
from seloste.web.portal.frame import contact_of
from seloste.web.portal.frame import page as own_page
from seloste.web.portal.permissions import signal_of
from seloste.web.portal.view import OwnView, complaint

DOORS = ("data", "permissions", "received", "looked", "requests")
"""Pages behind the first one, by the last part of their address."""
ACTS = ("rectification", "erasure")
"""What is asked for most often."""


def page(request: Request) -> Response:
    """Everything there is, a door to each."""
    view = OwnView(request)
    try:
        # Here everybody comes by who opens their page.
        signal_of(view)
        guarded = is_guarded(view.store, view.person, proven=view.proven, now=view.now)
        name = called(view.store, view.person, proven=view.proven, now=view.now)
        found = counts(view.store, view.person, now=view.now)
    except NoSuchRowError:
        return own_page(request, "nothing", view.t("portal.nothing_held"))
    ends = _ends(view, found)
    return own_page(
        request,
        "home",
        view.t("portal.hello", name=name) if name else view.t("portal.hello_nameless"),
        doors=tuple(
            Item(text=view.t(f"portal.{key}"), href=session.path(request, f"/{key}"), end=ends.get(key, ""))
            for key in DOORS
        ),
        acts=tuple(
            Link(text=view.t(f"portal.ask_{right}"), href=session.path(request, f"/requests/{right}")) for right in ACTS
        ),
        guarded=guarded,
        by=identify.offered(request) if guarded else (),
        contact=contact_of(view.register.notice.controller),
        copy=session.path(request, "/copy"),
        complaint=complaint(view.lang),
    )


def _ends(view: OwnView, found: Counts) -> dict[str, str]:
    """What stands at the end of a door."""
    ends = {
        "data": view.t("portal.n_data", n=found.cells)
        + (view.t("portal.n_proof", n=found.proof) if found.proof else ""),
        "received": view.t("portal.n_received", n=found.disclosures) if found.disclosures else "",
    }
    if found.waiting:
        # One that waits for the person has no last day.
        due = view.t("portal.n_waiting_due", date=view.f.date(found.due)) if found.due is not None else ""
        ends["requests"] = ", ".join(part for part in (view.t("portal.n_waiting", n=found.waiting), due) if part)
    return ends
