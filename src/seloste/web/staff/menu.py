"""The menu as a page, for narrow screens and for browsers without script."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from seloste.web import responses
from seloste.web.frame import frame_of
from seloste.web.i18n import translator
from seloste.web.parts import Head


def page(request: Request) -> Response:
    """What the side bar and the user menu hold."""
    t = translator(responses.language_of(request))
    return responses.page(request, "menu.html", frame=frame_of(request), head=Head(title=t("frame.menu")))
