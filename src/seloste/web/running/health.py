"""``/health/live``: the program answers. ``/health``: it can do its work; 503 with the parts that it cannot do.

Open to anybody, since whoever asks for a balance of load has no token: the answer names parts of the program and
nothing of what it holds. It is looked for once in a while, so that asking often costs nothing.
"""

from __future__ import annotations

import threading
import time

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from seloste.operations.running.health import Ready
from seloste.operations.running.health import ready as look
from seloste.web import registers

HOLDS = 2.0
"""Seconds for which an answer is given again."""
_looking = threading.Lock()


def live(request: Request) -> Response:
    """The program answers; no database is asked."""
    del request
    return PlainTextResponse("ok\n")


def ready(request: Request) -> Response:
    """``{"status": "ok" or "fails", "parts": {...}}``, 200 or 503 (RFC 9110 section 15.6.4)."""
    found = _found(request)
    parts = {part: "ok" if works else "fails" for part, works in found.parts.items()}
    answer = {"status": "ok" if found.ok else "fails", "parts": parts}
    return JSONResponse(answer, status_code=200 if found.ok else 503)


def _found(request: Request) -> Ready:
    """What was found lately. While somebody looks, and a database may be slow to say no, others get what is known."""
    state = request.app.state
    kept: tuple[float, Ready] | None = getattr(state, "ready", None)
    if kept is not None and time.monotonic() - kept[0] < HOLDS:
        return kept[1]
    if not _looking.acquire(blocking=kept is None):
        assert kept is not None
        return kept[1]
    try:
        found = look(registers.installation(request))
        state.ready = time.monotonic(), found
    finally:
        _looking.release()
    return found
