"""The kit served as real pages are: shipped templates and files, under the policy of the pages, with no database."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jinja2 import ChoiceLoader, Environment, FileSystemLoader
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from seloste.web import ui
from seloste.web.i18n import LANGUAGES
from seloste.web.parts import Act, Head, Item

HERE = Path(__file__).parent
sys.path.append(str(HERE))  # the samples are modules beside this file

from kit_sample import Sample  # noqa: E402

ENVIRONMENTS: dict[str, Environment] = {
    lang: ui.environment(lang, ChoiceLoader([FileSystemLoader(ui.TEMPLATES), FileSystemLoader(HERE / "pages")]))
    for lang in LANGUAGES
}


def _page(request: Request) -> Response:
    """``/{lang}/{name}``: one page of the kit; ``?theme=`` and ``?keys=off`` stand for the account's choices."""
    lang, name = request.path_params["lang"], request.path_params["name"]
    theme, keys = request.query_params.get("theme", ""), request.query_params.get("keys") != "off"
    sample = Sample(lang)
    kit = sample.kit(opened="why" in request.query_params)
    context: dict[str, Any] = {"kit": kit, "title": name}
    if name in ("notice", "portal"):
        context |= {"frame": sample.public_frame(portal=name == "portal", theme=theme), "sample": sample.notice()}
        context |= {"doors": sample.doors(), "title": sample.notice().title}
    elif name == "signin":
        context |= {"languages": sample.languages(), "fields": sample.signin_fields(), "day": date(2026, 9, 1)}
        context |= {"theme": theme}
    else:
        context |= {"frame": sample.frame(theme=theme, keys=keys), "head": sample.head(errors=name == "kit")}
    return HTMLResponse(ENVIRONMENTS[lang].get_template(f"{name}.html").render(context))


def _list(request: Request) -> Response:
    """A list whose count follows its filters, to see that script and plain form come to the same."""
    sample, asked = Sample("en"), request.query_params
    said = f"{asked.get('q', '')}|{asked.get('group', '')}|{asked.get('sort', '')}"
    head = Head(title="People", acts=(Act(text="New", href="/new"),))
    page = ENVIRONMENTS["en"].get_template("list.html")
    filters, people, pager = sample.filters(), sample.people(), sample.kit().pager
    return HTMLResponse(
        page.render(filters=filters, said=said, people=people, pager=pager, frame=sample.frame(), head=head)
    )


async def _suggest(request: Request) -> Response:
    query = str((await request.form())["q"])
    found = tuple(Item(text=f"{query} {n}", href=f"/found/{n}", end="050 000 0100") for n in (1, 2, 3))
    template = ENVIRONMENTS["en"].from_string('{% import "components/table.html" as l %}{{ l.suggestions(found) }}')
    return HTMLResponse(template.render(found=found if query != "xx" else ()))


def _plain(request: Request) -> Response:
    if request.method == "POST":
        return RedirectResponse("/en/kit", 303)
    return HTMLResponse(f"<!doctype html><html lang=en><title>{request.url.path}</title><h1>There</h1></html>")


def application() -> Callable[..., Any]:
    inner = Starlette(
        routes=[
            Mount("/static", StaticFiles(directory=ui.STATIC)),
            Route("/list", _list),
            Route("/suggest", _suggest, methods=["POST"]),
            Route("/found/{path:path}", _plain),
            Route("/{lang:str}/{name:str}", _page),
            Route("/{path:path}", _plain, methods=["GET", "POST"]),
        ]
    )

    async def with_policy(scope: dict[str, Any], receive: Any, send: Any) -> None:
        async def sent(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"content-security-policy", ui.CSP.encode())]
            await send(message)

        await inner(scope, receive, sent)

    return with_policy


@pytest.fixture
def kit(live_server: Callable[[Any], str]) -> str:
    """The address of the served kit."""
    return live_server(application())
