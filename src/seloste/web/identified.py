"""The way out to an identification provider and the one back from it, for people and for the staff alike.

Setting out changes nothing here: what must be known on the way back is in a cookie. The way back begins a session, by a
GET, since that is how a provider sends people back; it does so once, for the browser that set out and for no other.
"""

from __future__ import annotations

import logging
from typing import cast

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from seloste.errors import SelosteError
from seloste.operations.identification import flow
from seloste.operations.identification.errors import IdentificationError
from seloste.operations.identification.flow import Aim, Trip
from seloste.operations.identification.providers import Provider, providers
from seloste.settings import SettingError
from seloste.store.registers import Registers
from seloste.web import registers, responses, security
from seloste.web.problems import RefusedError
from seloste.web.session import is_https

log = logging.getLogger("seloste.web")


def everything(request: Request) -> Registers:
    """All registers of the installation."""
    return cast("Registers", registers.source(request))


def every(request: Request) -> tuple[Provider, ...]:
    """The providers of the installation; none when their file has been spoilt since the start, which the log says."""
    try:
        return tuple(providers(everything(request).settings).values())
    except SettingError as problem:
        log.error("%s", problem)  # noqa: TRY400  the sentence says it; where it was read does not matter
        return ()


def set_out(
    request: Request, provider: Provider, aim: Aim, *, register: str = "", after: str = "", again: bool = False
) -> Response:
    """To the provider. Raises RefusedError when it does not answer."""
    trip = Trip(provider.key, aim, register, responses.language_of(request), after, again)
    try:
        begun = flow.begin(everything(request), provider, trip, now=request.state.now)
    except SelosteError as problem:
        raise RefusedError(problem) from problem
    answer = RedirectResponse(begun.url, status_code=303)
    answer.set_cookie(
        _cookie(request), begun.cookie, max_age=int(flow.LASTS.total_seconds()), httponly=True, samesite="lax",
        secure=is_https(request), path="/",
    )  # fmt: skip
    return answer


def back(request: Request) -> Response:
    """From the provider; on to what the trip was for."""
    cookie = request.cookies.get(_cookie(request))
    cookie = cookie if cookie and len(cookie) <= 4000 else None
    everywhere, now = everything(request), request.state.now
    trip = flow.trip_of(everywhere, cookie, now)
    answer = {key: value for key, value in request.query_params.items() if len(value) <= 4096}
    outcome: flow.Proven | IdentificationError
    try:
        outcome = flow.finish(
            everywhere, str(request.path_params["provider"]), answer, cookie, source=security.source_of(request.scope),
            now=now,
        )  # fmt: skip
    except IdentificationError as problem:
        outcome = problem
    response = _arrive(request, trip, outcome)
    response.delete_cookie(_cookie(request), httponly=True, samesite="lax", secure=is_https(request), path="/")
    return response


def _arrive(request: Request, trip: Trip | None, outcome: flow.Proven | IdentificationError) -> Response:
    if trip is None:
        # Nobody set out from here with this browser: there is nothing to lead back to.
        assert isinstance(outcome, IdentificationError)
        raise RefusedError(outcome)
    # The words of the way back are those of the way out.
    request.state.lang = trip.lang
    if trip.aim == "staff":
        from seloste.web.staff import signin_with

        return signin_with.arrive(request, trip, outcome)
    from seloste.web.portal import identify

    request.state.register_key = trip.register
    registers.store(request)
    return identify.arrive(request, trip, outcome)


def _cookie(request: Request) -> str:
    return "__Host-seloste-identify" if is_https(request) else "seloste-identify"
