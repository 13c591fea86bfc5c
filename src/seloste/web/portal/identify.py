"""Into one's own page by strong identification, beside the link by e-mail or instead of it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from seloste.operations.identification.errors import IdentificationError, NobodyError
from seloste.operations.identification.flow import Proven, Trip
from seloste.operations.identification.providers import Provider
from seloste.operations.portal.prove import is_waited_for, open_proven
from seloste.operations.portal.unknown import seal
from seloste.web import identified, registers, responses
from seloste.web.i18n import translator
from seloste.web.parts import Link
from seloste.web.portal import session, unknown
from seloste.web.problems import NotFoundError


def offered(request: Request) -> tuple[Link, ...]:
    """The providers of the register, each with the address that leads there."""
    lang = responses.language_of(request)
    return tuple(
        Link(
            text=translator(lang)("portal.identify_by", provider=each.called(lang)),
            href=session.path(request, f"/identify/{each.key}"),
        )
        for each in _usable(request)
    )


def _usable(request: Request) -> list[Provider]:
    registers.store(request)
    return [each for each in identified.every(request) if each.serves(request.state.register_key)]


def start(request: Request) -> Response:
    """Out to the provider."""
    asked = str(request.path_params["provider"])
    found = next((each for each in _usable(request) if each.key == asked), None)
    if found is None:
        raise NotFoundError
    return identified.set_out(request, found, "own", register=request.state.register_key)


def arrive(request: Request, trip: Trip, outcome: Proven | IdentificationError) -> Response:
    """Back: the page opens, or it is said why it does not."""
    if not isinstance(outcome, Proven):
        return _stopped(trip, outcome)
    try:
        opened = open_proven(session.everything(request), outcome, old=session.token_of(request), now=request.state.now)
    except NobodyError as nobody:
        sealed = seal(session.everything(request), outcome, request.state.now)
        if sealed is None:
            return _stopped(trip, nobody)
        response = responses.redirect(f"/own/{trip.register}/unknown?lang={trip.lang}")
        unknown.keep(response, request, sealed)
        return response
    waits = is_waited_for(session.everything(request), opened, now=request.state.now)
    response = responses.redirect(f"/own/{trip.register}/{'requests' if waits else 'home'}?lang={trip.lang}")
    session.keep(response, request, opened.token)
    return response


def _stopped(trip: Trip, why: IdentificationError) -> Response:
    """To the way in, which says why; what the provider answered is not left in the address."""
    return responses.redirect(f"/own/{trip.register}?why={why.word}&lang={trip.lang}")
