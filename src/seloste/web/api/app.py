"""The API's application: a key opens one register through one lens; everything else is a problem of RFC 9457."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from seloste.operations.accounts.keys import open_key
from seloste.operations.actor import Actor
from seloste.operations.records.model import InvalidRowsError
from seloste.settings import Settings
from seloste.store.registers import RegisterStore
from seloste.store.work import NotNeededError
from seloste.web import problems, responses
from seloste.web.api.details import DETAILS
from seloste.web.problems import NotFoundError, SignInNeededError, WebError
from seloste.web.registers import RegisterSource


class BadBodyError(WebError):
    """The body is not the JSON that the document describes."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a program: whose key, which register, when."""

    request: Request
    store: RegisterStore
    actor: Actor
    now: datetime
    body: dict[str, Any]

    @property
    def lens(self) -> Any:
        return self.store.register.lenses[self.actor.lens]


class RoleGoneError(WebError):
    """The notice has no longer the role that the key was made for."""

    status = HTTPStatus.FORBIDDEN
    code = "forbidden"


Handler = Callable[[Call], Response]


def make_api(registers: RegisterSource, settings: Settings) -> ASGIApp:
    """The application under ``/api``."""
    from seloste.web.api import records

    del settings
    table: list[tuple[str, str, Handler]] = [
        ("GET", "/{reg}/openapi.json", records.openapi),
        ("GET", "/{reg}/find", records.find_),
        ("POST", "/{reg}/collect", records.collect_),
        ("GET", "/{reg}/records/{kind}", records.list_),
        ("POST", "/{reg}/records/{kind}", records.store_),
        ("GET", "/{reg}/records/{kind}/{id:int}", records.read_),
        ("PATCH", "/{reg}/records/{kind}/{id:int}", records.change),
        ("GET", "/{reg}/records/{kind}/{id:int}/why", records.why_),
        ("GET", "/{reg}/records/{kind}/{id:int}/around", records.around_),
    ]
    routes = [
        Route(path, partial(_endpoint, path=path, handler=handler, registers=registers), methods=[method])
        for method, path, handler in table
    ]
    return Starlette(routes=routes, exception_handlers={404: _unrouted, 405: _unrouted})


async def _endpoint(request: Request, *, path: str, handler: Handler, registers: RegisterSource) -> Response:
    request.state.route = f"/api{path}"
    try:
        body = await _body(request)
    except WebError as problem:
        return _problem(request, problem)
    return await run_in_threadpool(_answer, request, handler, registers, body)


async def _body(request: Request) -> dict[str, Any]:
    if request.method in ("GET", "HEAD"):
        return {}
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise BadBodyError
    try:
        found = json.loads(await request.body())
        # Half a character may be written with an escape, and can be neither kept nor told back.
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise BadBodyError from error
    if not isinstance(found, dict):
        raise BadBodyError
    return found


def _answer(request: Request, handler: Handler, registers: RegisterSource, body: dict[str, Any]) -> Response:
    try:
        return handler(_call(request, registers, body))
    except Exception as error:  # noqa: BLE001  every error is answered by a problem
        return _problem(request, error)


def _call(request: Request, registers: RegisterSource, body: dict[str, Any]) -> Call:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    key = open_key(registers.deployment, token.strip()) if scheme.lower() == "bearer" and token else None
    if key is None:
        raise SignInNeededError
    # A register that the key does not open and one that is not there look the same.
    if key.register != request.path_params["reg"]:
        raise NotFoundError
    store: RegisterStore = registers.open(key.register)
    if key.lens not in store.register.lenses:
        raise RoleGoneError
    request.state.actor = Actor(key.id, key.lens)
    return Call(request, store, request.state.actor, request.state.now, body)


def _problem(request: Request, error: Exception) -> Response:
    problem = problems.as_problem(error)
    number = getattr(request.state, "id", None) or secrets.token_hex(4).upper()
    problems.record(number, problem, error)
    lang = responses.accepted(request.headers.get("accept-language", "")) or "en"
    found = problems.document(problem, lang, number)
    if problem.code in DETAILS:
        found["detail"] = DETAILS[problem.code][0 if lang == "fi" else 1]
    if isinstance(error, NotNeededError):
        found["problems"] = [
            {"ref": "", "kind": kind, "item": item, "detail": found["detail"]} for kind, item in error.cells
        ]
    if isinstance(error, InvalidRowsError):
        found["problems"] = [
            {"ref": each.ref, "kind": each.kind, "item": each.item, "detail": each.message(lang)}
            for each in error.problems
        ]
    headers = {"Content-Language": lang}
    if isinstance(problem, SignInNeededError):
        headers["WWW-Authenticate"] = 'Bearer realm="seloste"'
    return JSONResponse(found, status_code=problem.status, media_type="application/problem+json", headers=headers)


def _unrouted(request: Request, error: Exception) -> Response:
    return _problem(request, error)
