"""A page asked for as people's browsers do: by its public name, over whatever stands between."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

SECONDS = 10.0


def is_reached(address: str) -> bool:
    """Whether our own page answers at an address: 200 with the id that every answer of ours has, no redirect followed.

    A page of a proxy that says *back soon* has none. The certificate must be one that browsers trust.
    """
    parts = urlsplit(address)
    make = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    line = make(parts.hostname or "", parts.port, timeout=SECONDS)
    try:
        line.request("GET", f"{parts.path}?{parts.query}" if parts.query else parts.path)
        answer = line.getresponse()
        return answer.status == 200 and answer.getheader("X-Request-Id") is not None
    except (OSError, HTTPException):
        return False
    finally:
        line.close()
