"""The staff sign in by a provider of the house."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from seloste.operations.accounts.by_provider import sign_in_by
from seloste.operations.accounts.errors import SignInRefusedError
from seloste.operations.identification.errors import WORDS, IdentificationError
from seloste.operations.identification.flow import Proven, Trip
from seloste.web import identified, registers, responses, security, session
from seloste.web.i18n import translator
from seloste.web.parts import Link
from seloste.web.problems import NotFoundError

NO_ACCOUNT = "no_account"
OWN_WORDS = (NO_ACCOUNT, "half_gone")
"""Why nobody was let in, in words of signing in itself."""


def offered(request: Request, after: str) -> tuple[Link, ...]:
    """The providers of the staff; ``after`` is the page to go on to."""
    lang = responses.language_of(request)
    query = f"?{urlencode({'next': after})}" if after else ""
    return tuple(
        Link(text=translator(lang)("signin.with", provider=each.called(lang)), href=f"/sign-in/with/{each.key}{query}")
        for each in identified.every(request)
        if each.staff
    )


def start(request: Request) -> Response:
    """Out to the provider."""
    asked = str(request.path_params["provider"])
    found = next((each for each in identified.every(request) if each.staff and each.key == asked), None)
    if found is None:
        raise NotFoundError
    return identified.set_out(
        request,
        found,
        "staff",
        after=security.local_path(request.query_params.get("next"), "/")[:1000],
        again=request.query_params.get("again") == "1",
    )


def arrive(request: Request, trip: Trip, outcome: Proven | IdentificationError) -> Response:
    """Back: signed in, or the form again with why not."""
    if not isinstance(outcome, Proven):
        return _stopped(trip, outcome.word)
    try:
        signed = sign_in_by(
            registers.deployment(request),
            outcome,
            source=security.source_of(request.scope),
            agent=session.agent_of(request),
            old_token=session.token_of(request),
            now=request.state.now,
        )
    except SignInRefusedError:
        return _stopped(trip, NO_ACCOUNT)
    response = responses.redirect(security.local_path(trip.after, "/"))
    session.keep(response, request, signed.token)
    return response


def _stopped(trip: Trip, why: str) -> Response:
    """To the form, which says why; what the provider answered is not left in the address."""
    return responses.redirect("/sign-in?" + urlencode({"why": why, "next": trip.after, "lang": trip.lang}))


def why_not(request: Request) -> str:
    """Why a provider let nobody in, when the address says so."""
    why = request.query_params.get("why", "")
    if why not in (*WORDS, *OWN_WORDS):
        return ""
    return translator(responses.language_of(request))(f"signin.{why}" if why in OWN_WORDS else f"portal.identify_{why}")
