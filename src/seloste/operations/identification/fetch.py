"""Asking a provider: one address, no redirect followed, an answer of limited length and time that is a JSON object."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from types import TracebackType
from typing import Any, ClassVar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPHandler, HTTPRedirectHandler, HTTPSHandler, OpenerDirector, Request, build_opener

from seloste.operations.identification.errors import UnavailableError
from seloste.operations.identification.providers import is_safe

SECONDS = 10.0
"""How long nothing at all may come."""
WHOLE = 20.0
"""Seconds within which the whole answer has come: a letter every nine seconds would keep us for days."""
LONGEST = 512 * 1024


class _Limit:
    """Cuts the lines that are open when the time is up."""

    def __init__(self) -> None:
        self._lines: list[socket.socket] = []
        self._timer = threading.Timer(WHOLE, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> _Limit:
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._timer.cancel()
        for line in self._lines:
            line.close()

    def watch(self, line: socket.socket) -> None:
        """A second hand on the line: what is encrypted over it, or handed on, is cut with it."""
        self._lines.append(line.dup())

    def _cut(self) -> None:
        for line in self._lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


class _Plain(HTTPConnection):
    limit: ClassVar[_Limit]

    def connect(self) -> None:
        super().connect()
        self.limit.watch(self.sock)


class _Encrypted(HTTPSConnection, _Plain):
    """The line is watched before anything is encrypted over it."""


class _Http(HTTPHandler):
    def __init__(self, limit: _Limit) -> None:
        class Watched(_Plain):
            pass

        super().__init__()
        Watched.limit = limit
        self.connection = Watched

    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(self.connection, req)


class _Https(HTTPSHandler):
    def __init__(self, limit: _Limit) -> None:
        class Watched(_Encrypted):
            pass

        super().__init__()
        Watched.limit = limit
        self.connection = Watched

    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(self.connection, req)


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """A provider answers itself; whoever could redirect us could have us ask within our own network."""
        return


def fetch(url: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The JSON object at an address; by POST when a form goes along. Raises UnavailableError."""
    if not is_safe(url):
        raise UnavailableError("unsafe-address")
    data = urlencode(form).encode() if form is not None else None
    asked = Request(url, data, {"Accept": "application/json", **(headers or {})})  # noqa: S310  checked above
    try:
        with _Limit() as limit, _opener(limit).open(asked, timeout=SECONDS) as answer:
            text = answer.read(LONGEST + 1)
    except HTTPError as refused:
        with refused:
            raise UnavailableError(f"status-{refused.code}") from None
    except (OSError, HTTPException, ValueError) as problem:
        raise UnavailableError("no-answer") from problem
    if len(text) > LONGEST:
        raise UnavailableError("too-long")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise UnavailableError("not-json") from problem
    if not isinstance(found, dict):
        raise UnavailableError("not-json")
    return found


def _opener(limit: _Limit) -> OpenerDirector:
    return build_opener(_NoRedirect, _Http(limit), _Https(limit))
