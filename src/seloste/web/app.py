"""The application: every answer passes here, so that headers, sessions, permissions and errors are said once.

A request goes: headers and fault page around all; then for a route its body within the limit, the session, the write
from another site, the audience and permission, and the handler in a thread.
"""

from __future__ import annotations

import importlib
import logging
import secrets
import time
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.datastructures import FormData, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute
from starlette.routing import Mount as StarletteMount
from starlette.routing import Route as StarletteRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from seloste import clock
from seloste.errors import SelosteError
from seloste.operations.actor import Actor
from seloste.settings import Settings
from seloste.store import journal
from seloste.web import problems, proof, registers, responses, security, session
from seloste.web.problems import (
    ForbiddenError,
    NotFoundError,
    OwnPageError,
    SecondStepNeededError,
    SignInNeededError,
    WebError,
)
from seloste.web.registers import RegisterSource
from seloste.web.routes import MOUNTS, ROUTES
from seloste.web.routing import Mount, Route, check_routes
from seloste.web.running.measures import Measures

access = logging.getLogger("seloste.access")

FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
STRANGERS = 256 * 1024
"""Bytes of a body that are read of whoever has not signed in: nobody fills a disk from outside."""
NUL = "\x00"
"""No key types it and no browser sends it, and PostgreSQL holds none: whoever sends it is told so, on either engine."""
API = "/api"
"""Under this path answers are for programs: problems are JSON."""

Handler = Callable[[Request], Response]


class UnprovedFileError(RuntimeError):
    """A route answers with a file of people's data and asks for no fresh proof; the file does not leave."""


def make_app(
    settings: Settings,
    registers: RegisterSource | None = None,
    *,
    now: Callable[[], datetime] = clock.now,
    routes: tuple[Route, ...] = ROUTES,
    mounts: tuple[Mount, ...] = MOUNTS,
) -> Starlette:
    """The application over the registers of ``settings``, or over those given.

    Raises StoreError, SettingError, and RouteError for a route that says of itself what cannot be.
    """
    check_routes(routes)
    if settings.identification_file is not None:
        from seloste.operations.identification.providers import providers

        providers(settings)
    if registers is None:
        from seloste.store.registers import Registers

        registers = Registers(settings)
    app = Starlette(
        routes=[*map(_starlette_mount, mounts), *map(_starlette_route, routes)],
        middleware=[Middleware(Around)],
        exception_handlers={HTTPException: _unrouted},
    )
    app.state.settings = settings
    app.state.registers = registers
    app.state.now = now
    app.state.measures = Measures()
    return app


class Around:
    """The outermost layer: an id for the request, headers on every answer, and no fault that gets past it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {})["id"] = request_id = secrets.token_hex(4).upper()
        # An application under a path puts itself in this one's place.
        measures: Measures = scope["app"].state.measures
        began, status = time.perf_counter(), 0

        async def with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                security.add_headers(headers, https=scope["scheme"] == "https")
                headers["X-Request-Id"] = request_id
            await send(message)

        try:
            await self.app(scope, receive, with_headers)
        except Exception as error:  # noqa: BLE001  the last resort: a fault page, and nothing of it leaves in words
            problems.record(request_id, problems.FaultError(), error)
            if not status:
                await PlainTextResponse(f"500 {request_id}\n", status_code=500)(scope, receive, with_headers)
        # The route and not the address, for that may name a row or hold what somebody searched for.
        route = scope["state"].get("route", "-")
        took = time.perf_counter() - began
        measures.count(scope["method"], route, status, took)
        _log(request_id, scope, route, status, took * 1000)


def _log(request_id: str, scope: Scope, route: str, status: int, ms: float) -> None:
    """The line of a request. Who acted is an account or a key by its id, ``person`` for somebody on their own page."""
    actor = getattr(scope["state"].get("actor"), "account", "")
    facts = {
        "request": request_id,
        "method": scope["method"],
        "route": route,
        "status": status,
        "ms": round(ms, 1),
        **({"actor": actor} if actor else {}),
    }
    text = "%s %s %s %d %.0f ms"
    access.info(text, request_id, scope["method"], route, status, ms, extra={"facts": facts})


class RowNumber(IntegerConvertor):
    """``{id:int}`` of an address: Python reads no number of thousands of digits, and no row has one of thirty."""

    regex = "[0-9]{1,30}"


register_url_convertor("int", RowNumber())


@cache
def load(handler: str) -> Callable[..., Any]:
    """``module:function`` under ``seloste.web``, imported when first asked for."""
    module, _, name = handler.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(f"seloste.web.{module}"), name)
    return found


def _starlette_route(route: Route) -> BaseRoute:
    async def endpoint(request: Request) -> Response:
        request.state.route = route.path
        request.state.form = FormData()
        try:
            if request.method not in security.SAFE_METHODS:
                limit = route.limit
                if limit > STRANGERS and not await run_in_threadpool(_is_signed_in, request):
                    limit = STRANGERS
                receive = security.limited(request.receive, request.headers, limit)
                request.state.form = await _form(Request(request.scope, receive))
            return await run_in_threadpool(_answer, request, route)
        except (WebError, HTTPException) as error:
            return await run_in_threadpool(_problem, request, error)
        finally:
            await request.state.form.close()

    return StarletteRoute(route.path, endpoint, methods=list(route.methods))


def _is_signed_in(request: Request) -> bool:
    return session.signed_in(request, registers.deployment(request), request.app.state.now()) is not None


async def _form(request: Request) -> FormData:
    """The form sent along. Anything that is not a form is refused: pages take nothing else."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in FORM_TYPES:
        if request.headers.get("content-length", "0") == "0" and not kind:
            return FormData()
        raise problems.MethodError
    form = await request.form(max_files=20, max_fields=2000)
    if any(NUL in name or (isinstance(value, str) and NUL in value) for name, value in form.multi_items()):
        await form.close()
        raise WebError
    return form


def _answer(request: Request, route: Route) -> Response:
    try:
        if route.alone:
            request.state.now = request.app.state.now()
            answer: Response = load(route.handler)(request)
            return answer
        if any(NUL in part for part in request.path_params.values() if isinstance(part, str)):
            raise NotFoundError
        if any(NUL in value for _, value in request.query_params.multi_items()):
            raise WebError
        _enter(request)
        if not route.from_anywhere:
            security.check_write(request, token_needed=route.audience in ("staff", "lead"))
        _admit(request, route)
        if (asked := proof.demand(request, route)) is not None:
            return asked
        handler: Handler = load(route.handler)
        given = handler(request)
        staff, unproved = route.audience in ("staff", "lead"), not (route.fresh or route.nobodys)
        if staff and unproved and "content-disposition" in given.headers:
            raise UnprovedFileError(route.path)
        return given
    except Exception as error:  # noqa: BLE001  every error is answered by a page
        if isinstance(error, ForbiddenError) and request.state.signed is not None:
            try:
                _journal_refusal(request, route)
            except (WebError, SelosteError) as unwritten:
                return _problem(request, unwritten)
        return _problem(request, error)


def _enter(request: Request) -> None:
    """Who asks, when, and in which language."""
    state = request.state
    state.now = request.app.state.now()
    state.signed = state.account = state.actor = state.lens = None
    state.lead = False
    state.register_key = request.path_params.get("reg")
    state.signed = session.signed_in(request, registers.deployment(request), state.now)
    state.account = state.signed.account if state.signed else None
    state.lang = responses.language_of(request)


def _admit(request: Request, route: Route) -> None:
    """Raises SignInNeededError, ForbiddenError and OwnPageError; sets the role that the request acts in."""
    if route.audience == "public":
        return
    if route.audience == "person":
        from seloste.web.portal.session import admit

        admit(request)
        return
    state = request.state
    if state.signed is None:
        raise SignInNeededError
    grant = None
    if state.register_key is not None:
        grant = state.signed.opened.grant_in(state.register_key)
        # A register without a role and no register look the same from outside.
        if grant is None:
            raise ForbiddenError
        state.lens, state.lead = grant.lens, grant.lead
    state.actor = Actor(state.account.id, state.lens or "", grant.person if grant is not None else None)
    if route.permission != "account:own" and session.lacks_second_step(request, state.signed):
        raise SecondStepNeededError
    if route.audience == "lead" and not state.lead:
        raise ForbiddenError(lead=True)


def _journal_refusal(request: Request, route: Route) -> None:
    """A page that is not part of somebody's role was asked for; the register's own journal says so when it has one."""
    state = request.state
    entry = journal.Entry(
        state.now, state.account.id, state.lens or "", "open_page", outcome="refused", note=route.permission
    )
    if state.lens is not None:
        registers.store(request).reads.queue(entry)
    else:
        with registers.deployment(request).transaction() as conn:
            journal.append(conn, entry)


def _problem(request: Request, error: Exception) -> Response:
    problem = problems.as_problem(error)
    problems.record(request.state.id, problem, error)
    try:
        if not hasattr(request.state, "signed"):
            _enter(request)
        if isinstance(problem, SignInNeededError):
            from seloste.web.staff.signin import to_sign_in

            return to_sign_in(request)
        if isinstance(problem, SecondStepNeededError):
            return responses.redirect("/account#second-step")
        if isinstance(problem, OwnPageError):
            from seloste.web.portal.entry import to_own

            return to_own(request)
        return problems.page_response(request, problem)
    except Exception as fault:  # noqa: BLE001  when even the page fails, its code remains
        problems.record(request.state.id, problems.FaultError(), fault)
        return PlainTextResponse(f"{int(problem.status)} {request.state.id}\n", status_code=problem.status)


def _unrouted(request: Request, error: Exception) -> Response:
    """No route, or not by this method."""
    if request.url.path == API or request.url.path.startswith(API + "/"):
        problem = problems.as_problem(error)
        return problems.problem_response(problem, responses.language_of(request), request.state.id)
    answer = _problem(request, error)
    if isinstance(error, HTTPException) and error.headers:
        answer.headers.update(error.headers)
    return answer


def _starlette_mount(mount: Mount) -> BaseRoute:
    made: dict[str, ASGIApp] = {}

    async def enter(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        scope["state"]["route"] = mount.path
        # Programs come with a key, never with a cookie: a browser that another site sends has nothing to show here.
        try:
            if "cookie" in request.headers and request.method not in security.SAFE_METHODS:
                security.refuse_cross_site(request.headers)
            receive = security.limited(receive, request.headers, mount.limit)
            outer = scope["app"]
            request.state.now = outer.state.now()
            if "app" not in made:
                factory = load(mount.factory)
                made["app"] = await run_in_threadpool(factory, outer.state.registers, outer.state.settings)
            await made["app"](scope, receive, send)
        except WebError as problem:
            lang = responses.language_of(request)
            await problems.problem_response(problem, lang, request.state.id)(scope, receive, send)

    return StarletteMount(mount.path, app=enter)
