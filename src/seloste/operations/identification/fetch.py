"""Asking a provider: one address, no redirect followed, an answer of limited length that is a JSON object."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from seloste.operations.identification.errors import UnavailableError
from seloste.operations.identification.providers import is_safe

SECONDS = 10.0
LONGEST = 512 * 1024


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
        with _opener().open(asked, timeout=SECONDS) as answer:
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


def _opener() -> OpenerDirector:
    return build_opener(_NoRedirect)
