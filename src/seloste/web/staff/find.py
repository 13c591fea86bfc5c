"""Search: everything the role sees, by name, phone, e-mail or number; as a page and as suggestions."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from seloste.operations.records.find import Hit, find
from seloste.web import responses
from seloste.web.frame import frame_of
from seloste.web.parts import Head, Item, Search
from seloste.web.present import Presenter
from seloste.web.ui import render

LONGEST = 200
SUGGESTED = 6
SHOWN = 60


def page(request: Request) -> Response:
    """All hits, grouped by kind."""
    show = Presenter(request)
    query = _query(request)
    found = find(show.store, query, limit=SHOWN, actor=show.actor, now=show.now)
    groups: dict[str, list[Item]] = {}
    named = show.titles(hit.record for hit in found.hits)
    for hit in found.hits:
        item = Item(
            text=_name(show, hit), href=show.href(hit.record.kind, hit.record.id), sub=show.summary(hit.record, named)
        )
        groups.setdefault(hit.record.kind, []).append(item)
    return responses.page(
        request,
        "staff/find.html",
        frame=frame_of(request, search=search_of(show, query)),
        head=Head(title=show.t("find.title", query=query) if query else show.t("find.empty")),
        groups=[(show.plural(kind), tuple(items)) for kind, items in groups.items()],
        query=query,
        more=found.more,
        foot=foot(show),
    )


def suggest(request: Request) -> Response:
    """The list that the search field shows while one types; the number stands in the row."""
    show = Presenter(request)
    found = find(show.store, _query(request), limit=SUGGESTED, actor=show.actor, now=show.now)
    several = [
        {
            "href": show.href(hit.record.kind, hit.record.id),
            "text": _name(show, hit),
            "sub": show.label(hit.record.kind),
            "end": _phone(show, hit),
        }
        for hit in found.hits
    ]
    return HTMLResponse(render("staff/suggest.html", show.lang, several=several))


def search_of(show: Presenter, query: str = "", action: str = "") -> Search:
    """The search field of a page: on a list it is the list's own."""
    base = f"/r/{show.key}"
    return Search(action=action or f"{base}/find", suggest=f"{base}/suggest", query=query, hint=show.t("find.hint"))


def foot(show: Presenter) -> str:
    """What the role shows: the same words for everyone, so that it reveals nothing."""
    from seloste.web.frame import role_name

    purposes = ", ".join(show.purpose(key) for key in show.lens.purposes)
    return show.t("list.foot", role=role_name(show.register, show.lens.key, show.lang), purposes=purposes)


def _query(request: Request) -> str:
    return request.query_params.get("q", "").replace("\x00", "").strip()[:LONGEST]


def _name(show: Presenter, hit: Hit) -> str:
    return show.name(hit.record)


def _phone(show: Presenter, hit: Hit) -> str:
    items = show.kind(hit.record.kind).items
    for name, item in items.items():
        if item.type == "phone" and name in hit.record.values:
            return show.text(item, hit.record.values[name])
    return ""
