"""Search: everything the role sees, by name, phone, e-mail or number; as a page and as suggestions."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from seloste.operations.records.find import Hit, find
from seloste.operations.records.read import look
from seloste.operations.register.opened import look_in_passing
from seloste.web import responses, searched
from seloste.web.frame import frame_of, role_name
from seloste.web.parts import Head, Item, Link, Search
from seloste.web.present import Presenter
from seloste.web.ui import render

LONGEST = 200
SUGGESTED = 6
SHOWN = 60
IN_A_GROUP = 10


def page(request: Request) -> Response:
    """All hits by kind, those who may be called with their number."""
    show = Presenter(request)
    query = _query(request)
    found = find(show.store, query, limit=SHOWN, journal=False, actor=show.actor, now=show.now)
    _journal(show, found.hits)
    kinds = {hit.record.kind for hit in found.hits}
    groups = [_group(show, kind, query, found.hits) for kind in show.lens.shows if kind in kinds]
    return responses.page(
        request,
        "staff/find.html",
        frame=frame_of(request, search=search_of(show, query)),
        head=Head(title=show.t("find.title", query=show.f.quote(query)) if query else show.t("find.empty")),
        groups=groups,
        query=query,
        more=found.more,
        foot=foot(show),
    )


def _group(show: Presenter, kind: str, query: str, every: Sequence[Hit]) -> tuple[str, tuple[Item, ...], Link | None]:
    """The hits of one kind: title, rows, and the way to all of them."""
    from seloste.web.staff.list_table import marked

    hits = [hit for hit in every if hit.record.kind == kind]
    shown = hits[:IN_A_GROUP]
    about = _about(show, shown)
    items = tuple(
        Item(
            text=marked(show.name(hit.record), query),
            href=show.href(kind, hit.record.id),
            sub=about[hit.record.id],
            end=show.phone(hit.record)[0],
            end_href=show.phone(hit.record)[1],
        )
        for hit in shown
    )
    every_one = urlencode({"q": searched.sealed(show.request, query)})
    rest = Link(
        text=show.t("place.all_of", n=len(hits)),
        href=f"{show.href(kind)}?{every_one}",
    )
    return show.plural(kind), items, rest if len(hits) > len(shown) else None


def _about(show: Presenter, hits: Sequence[Hit]) -> dict[int, str]:
    """The second line of each hit: where a subject belongs, else whom the row is of and its short items."""
    if not hits:
        return {}
    kind = hits[0].record.kind
    if show.kind(kind).subject:
        places = show.places_of(kind, [hit.record.id for hit in hits])
        return {hit.record.id: places.get(hit.record.id, "") for hit in hits}
    records = [hit.record for hit in hits]
    named = show.titles(records) | show.ends_of(records)
    found = {}
    for record in records:
        above = [named.get((target, record.references[column]), "") for column, target in show.targets(record).items()]
        moment = show.moment(record) if show.kind(kind).about != "nobody" else None
        parts = [*above[:1], show.f.when(moment, show.now) if moment else "", show.summary(record, named, most=2)]
        found[record.id] = " · ".join(dict.fromkeys(part for part in parts if part))
    return found


def suggest(request: Request) -> Response:
    """The list that the search field shows while one types; the number stands in the row."""
    show = Presenter(request)
    found = find(show.store, _query(request), limit=SUGGESTED, journal=False, actor=show.actor, now=show.now)
    _journal(show, found.hits)
    about: dict[tuple[str, int], str] = {}
    for kind in {hit.record.kind for hit in found.hits}:
        hits = [hit for hit in found.hits if hit.record.kind == kind]
        about |= {(kind, number): text for number, text in _about(show, hits).items()}
    several = [
        {
            "href": show.href(hit.record.kind, hit.record.id),
            "text": show.name(hit.record),
            "sub": about[hit.record.kind, hit.record.id] or show.label(hit.record.kind),
            "end": show.phone(hit.record)[0] or show.label(hit.record.kind),
        }
        for hit in found.hits
    ]
    return HTMLResponse(render("staff/suggest.html", show.lang, several=several))


def _journal(show: Presenter, hits: Sequence[Hit]) -> None:
    """What was shown of whom: of subjects their names and numbers, for nobody's page was opened."""
    for kind in dict.fromkeys(hit.record.kind for hit in hits):
        rows = [hit.record for hit in hits if hit.record.kind == kind]
        if not show.kind(kind).subject:
            look(show.store, kind, rows, actor=show.actor, now=show.now)
            continue
        phones = [name for name, item in show.kind(kind).items.items() if item.type == "phone"]
        look_in_passing(show.store, kind, rows, [*show.kind(kind).title, *phones], actor=show.actor, now=show.now)


def search_of(show: Presenter, query: str = "", action: str = "") -> Search:
    """The search field of a page: on a list it is the list's own."""
    base = f"/r/{show.key}"
    to = action or f"{base}/find"
    form = searched.searching(show.request, to)
    return Search(action=to, suggest=f"{base}/suggest", query=query, post=form.post, hidden=form.hidden)


def foot(show: Presenter) -> str:
    """What the role shows: the same words for everyone, so that it reveals nothing."""
    purposes = show.f.listed(show.teller.w.low(show.short(key)) for key in show.lens.purposes)
    return show.t("list.foot", role=role_name(show.register, show.lens.key, show.lang), purposes=purposes)


def _query(request: Request) -> str:
    """What is searched for: sent with the form while one types, else held by the address."""
    sent = request.state.form.get("q", "")
    return (
        sent.replace("\x00", "").strip()[:LONGEST] if isinstance(sent, str) and sent else searched.opened(request, "q")
    )
