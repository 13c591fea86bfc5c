"""Files that stand at an agreed address (RFC 8615), for programs and for whoever found a fault."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from seloste.operations.running.security_txt import security_txt as text_of
from seloste.web.problems import NotFoundError

GPC_SINCE = "2026-11-30"
"""The day from which the signal has been heeded as it is now (:mod:`seloste.operations.portal.gpc`)."""


def security_txt(request: Request) -> Response:
    """``/.well-known/security.txt``. Raises NotFoundError where there is none, or where it has expired."""
    text = text_of(request.app.state.settings, now=request.state.now)
    if text is None:
        raise NotFoundError
    return PlainTextResponse(text)


def gpc(request: Request) -> Response:
    """``/.well-known/gpc.json``: that Global Privacy Control is heeded here, and since when (GPC, section 4)."""
    del request
    return JSONResponse({"gpc": True, "lastUpdate": GPC_SINCE})
