"""What can go wrong with a request, as a page within the frame or, for programs, as a problem of RFC 9457.

Nothing here tells whether a record exists, and no page shows what was typed or what a database said.
"""

from __future__ import annotations

import logging
import traceback
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from seloste.errors import SelosteError
from seloste.store.engine import StoreError

log = logging.getLogger("seloste.web")


class WebError(Exception):
    """A request that is not answered as asked. ``code`` names the problem in its RFC 9457 type."""

    status = HTTPStatus.BAD_REQUEST
    code = "bad-request"


class NotFoundError(WebError):
    """There is no such page, for this reader."""

    status = HTTPStatus.NOT_FOUND
    code = "not-found"


class NotShownError(NotFoundError):
    """There is no such row, or it is not part of the role, or its use is paused. Nobody is told which."""

    code = "not-shown"


class GoneError(WebError):
    """What the address led to was erased."""

    status = HTTPStatus.GONE
    code = "gone"

    def __init__(self, *, person: bool = False) -> None:
        super().__init__()
        self.person = person


class ForbiddenError(WebError):
    """The page is not part of the reader's role. ``role`` sees it and ``contact`` may be asked, where known; or only
    whoever leads privacy sees it.
    """

    status = HTTPStatus.FORBIDDEN
    code = "forbidden"

    def __init__(self, *, role: str = "", contact: str = "", lead: bool = False) -> None:
        super().__init__()
        self.role = role
        self.contact = contact
        self.lead = lead


class SignInNeededError(WebError):
    """Nobody is signed in."""

    status = HTTPStatus.UNAUTHORIZED
    code = "sign-in-needed"


class SecondStepNeededError(WebError):
    """The installation asks for a second step, and this sign-in had none."""

    status = HTTPStatus.FORBIDDEN
    code = "second-step-needed"


class OwnPageError(WebError):
    """Nobody's own page is open in this browser."""

    status = HTTPStatus.UNAUTHORIZED
    code = "own-page"


class CrossSiteError(WebError):
    """Another site caused a write."""

    status = HTTPStatus.FORBIDDEN
    code = "cross-site"


class StaleFormError(WebError):
    """The form belongs to another session, or to none."""

    status = HTTPStatus.FORBIDDEN
    code = "stale-form"


class TooLargeError(WebError):
    """The body is longer than this page takes."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "too-large"


class MethodError(WebError):
    """The page does not take this method, or this type of body."""

    status = HTTPStatus.METHOD_NOT_ALLOWED
    code = "method"


class RefusedError(WebError):
    """One of our own errors reached the edge: its sentence is shown."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "refused"

    def __init__(self, error: SelosteError) -> None:
        super().__init__()
        self.error = error


class UnavailableError(WebError):
    """The database cannot be reached, or the look cannot be journaled."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "unavailable"


class FaultError(WebError):
    """A fault of ours."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    code = "fault"


_BY_STATUS: dict[int, type[WebError]] = {404: NotFoundError, 405: MethodError, 413: TooLargeError, 415: MethodError}

_TEXTS = {
    # code: (key of the title, keys of the sentences under it)
    "bad-request": ("problem.bad_request", ("problem.bad_request_why",)),
    "not-found": ("state.not_found", ("state.not_found_why",)),
    "not-shown": ("state.not_shown", ("state.not_shown_why",)),
    "gone": ("state.gone_any", ("state.gone_why_any",)),
    "gone-person": ("state.gone", ("state.gone_why",)),
    "forbidden": ("state.forbidden", ("state.forbidden_logged",)),
    "sign-in-needed": ("signin.title", ()),
    "second-step-needed": ("step.needed", ("step.needed_why",)),
    "own-page": ("portal.ask_title", ("portal.ended",)),
    "cross-site": ("problem.cross_site", ("problem.cross_site_why",)),
    "stale-form": ("problem.stale_form", ("problem.stale_form_why",)),
    "too-large": ("problem.too_large", ("problem.too_large_why",)),
    "method": ("problem.bad_request", ("problem.bad_request_why",)),
    "refused": ("problem.refused", ()),
    "unavailable": ("state.fault_page", ("problem.unavailable_why",)),
    "fault": ("state.fault_page", ("state.fault_why_page",)),
}


def as_problem(error: Exception) -> WebError:
    """The problem that an error is. What is none of ours is a fault, written to the log without its words."""
    # These rooms are heavy to import and are there already when one of their errors comes.
    from seloste.operations.records.model import NoSuchRowError
    from seloste.store.registers import NoRegisterError, OtherVersionError

    if isinstance(error, WebError):
        return error
    if isinstance(error, HTTPException):
        return _BY_STATUS.get(error.status_code, WebError)()
    if isinstance(error, NoSuchRowError):
        return NotShownError()
    if isinstance(error, NoRegisterError):
        return NotFoundError()
    if isinstance(error, StoreError | OtherVersionError):
        return UnavailableError()
    if isinstance(error, SelosteError):
        return RefusedError(error)
    return FaultError()


def record(request_id: str, problem: WebError, error: Exception) -> None:
    """Write a fault to the log: its type and where it was, never its words, for they may hold somebody's data."""
    if problem.status < 500:
        return
    where = [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    cause = error.__cause__ or error.__context__
    log.error(
        "fault %s: %s%s; %s",
        request_id,
        type(error).__name__,
        f" from {type(cause).__name__}" if cause else "",
        " < ".join(reversed(where[-12:])),
    )


def sentences(problem: WebError, lang: str) -> tuple[str, list[str]]:
    """Title and the sentences under it, in the reader's language."""
    from seloste.web.i18n import translator

    t = translator(lang)
    code = "gone-person" if isinstance(problem, GoneError) and problem.person else problem.code
    title, more = _TEXTS[code]
    told = [t(key) for key in more]
    if isinstance(problem, RefusedError):
        told.append(problem.error.message(lang))
    if isinstance(problem, ForbiddenError) and problem.role and problem.contact:
        told.insert(0, t("state.forbidden_who", role=problem.role, contact=problem.contact))
    if isinstance(problem, ForbiddenError) and problem.lead:
        told.insert(0, t("state.forbidden_lead"))
    return t(title).rstrip("."), told


def document(problem: WebError, lang: str, request_id: str) -> dict[str, Any]:
    """The problem as RFC 9457, section 3, has it."""
    title, told = sentences(problem, lang)
    return {
        "type": f"urn:seloste:problem:{problem.code}",
        "title": title,
        "status": int(problem.status),
        "detail": " ".join(told),
        "instance": f"urn:seloste:request:{request_id}",
    }


def problem_response(problem: WebError, lang: str, request_id: str) -> Response:
    """The answer to a program."""
    return JSONResponse(
        document(problem, lang, request_id),
        status_code=problem.status,
        media_type="application/problem+json",
        headers={"Content-Language": lang},
    )


def page_response(request: Request, problem: WebError) -> Response:
    """The answer to a person: a page within the frame when they are signed in."""
    from seloste.web import responses
    from seloste.web.i18n import translator

    if request.url.path.startswith("/own/"):
        from seloste.web.portal import problem as own

        if (found := own.answer(request, problem)) is not None:
            return found
    lang = responses.language_of(request)
    title, told = sentences(problem, lang)
    context: dict[str, Any] = {"title": title, "told": told, "code": request.state.id if problem.status >= 500 else ""}
    signed = getattr(request.state, "signed", None)
    if signed is not None and problem.status < 500:
        from seloste.web.frame import frame_of
        from seloste.web.parts import Head

        frame = frame_of(request)
        return responses.page(
            request, "staff/problem.html", frame=frame, head=Head(title=title), status=problem.status, **context
        )
    if problem.code == "not-found":
        # Whoever is not signed in has no register to search.
        context["told"] = [translator(lang)("state.not_found_anybody")]
    return responses.page(request, "staff/problem_bare.html", status=problem.status, **context)
