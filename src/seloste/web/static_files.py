"""Files of ours that pages use: styles, scripts, the mark. Their addresses change with their content."""

from __future__ import annotations

import mimetypes
from functools import cache
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from seloste.web.problems import NotFoundError
from seloste.web.ui import STATIC

_FOREVER = "public, max-age=31536000, immutable"
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


@cache
def _names() -> frozenset[str]:
    """What may be asked for: exactly the files there are, so no path leads out of the folder."""
    return frozenset(path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.is_file())


@cache
def _file(name: str) -> tuple[bytes, str, str]:
    path = STATIC / name
    content = path.read_bytes()
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return content, sha256(content).hexdigest(), kind


def serve(request: Request) -> Response:
    """One file. Asked for by its content's address, it may be kept for a year; otherwise it is asked for again."""
    name = request.path_params["name"]
    if name not in _names():
        raise NotFoundError
    content, digest, kind = _file(name)
    tag = f'"{digest[:32]}"'
    version = request.query_params.get("v", "")
    headers = {"ETag": tag, "Cache-Control": _FOREVER if version and digest.startswith(version) else "no-cache"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=kind)
