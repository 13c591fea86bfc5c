"""What went wrong on a page of one's own, within its frame: the staff's home is no place to send people to."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from seloste.web import registers
from seloste.web.i18n import translator
from seloste.web.portal.frame import page
from seloste.web.problems import NotFoundError, WebError, sentences
from seloste.web.responses import language_of

PATH = "/own/"


def answer(request: Request, problem: WebError) -> Response | None:
    """The page, or None where the address names no register of ours."""
    key = request.url.path.removeprefix(PATH).partition("/")[0]
    request.state.register_key = key
    if problem.status >= 500 or registers.about(request, key, "en") is None:
        return None
    # The language was chosen before the register was known.
    request.state.lang = None
    lang = request.state.lang = language_of(request)
    title, told = sentences(problem, lang)
    if isinstance(problem, NotFoundError):
        told = [translator(lang)("state.not_found_anybody")]
    found = page(request, "problem", title, inside=False, told=told)
    found.status_code = problem.status
    return found
