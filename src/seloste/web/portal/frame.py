"""What stands around every page of one's own: the controller's name, the way out, whom to ask, the notice."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from seloste.notice.model import Controller
from seloste.web import registers, responses
from seloste.web.i18n import translator
from seloste.web.parts import Act, Link, PublicFrame
from seloste.web.portal import session


def frame_of(request: Request, *, inside: bool = True) -> PublicFrame:
    """The frame; ``inside`` while the page of somebody is open."""
    t = translator(responses.language_of(request))
    notice = registers.store(request).register.notice
    leave = Act(
        text=t("frame.leave"), post=session.path(request, "/leave"), look="link", hidden=session.hidden(request)
    )
    contact = contact_of(notice.controller)
    return PublicFrame(
        controller=notice.controller.name,
        home=session.path(request),
        languages=responses.languages(request),
        contact=t("frame.questions", address=contact) if contact else "",
        foot=(Link(text=t("public.title"), href=f"/notice/{notice.register}"),),
        leave=leave if inside else None,
        portal=True,
    )


def contact_of(controller: Controller) -> str:
    """Where one asks: e-mail, else phone, else the postal address."""
    ways = (controller.contact_email, controller.email, controller.contact_phone, controller.phone, controller.address)
    return next((each for each in ways if each), "")


def page(request: Request, template: str, title: str, *, inside: bool = True, **context: Any) -> Response:
    """A page of one's own; nothing keeps it."""
    return responses.page(
        request,
        f"portal/{template}.html",
        frame=frame_of(request, inside=inside),
        title=title,
        home=session.path(request),
        hidden=session.hidden(request) if inside else (),
        **context,
    )
