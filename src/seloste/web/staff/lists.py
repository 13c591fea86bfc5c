"""One list for every kind: a count, filters, sorting, fifty to a page; its whole state is its address."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import Response

from seloste.operations.records.model import TooFarError
from seloste.operations.records.read import PAGE, Page
from seloste.web import registers, responses
from seloste.web.frame import _has, frame_of
from seloste.web.parts import Act, Choice, Filter, Head, Link, Pager
from seloste.web.present import Presenter
from seloste.web.staff import todo
from seloste.web.staff.asked import Asked, missable
from seloste.web.staff.find import foot, search_of
from seloste.web.staff.form_plan import has_form
from seloste.web.staff.list_rows import MOST_COUNTED, Listed, ids_of, page_of
from seloste.web.staff.list_table import table
from seloste.web.staff.list_views import views_of
from seloste.web.staff.shown import kind_of


def page(request: Request) -> Response:
    """``/r/{reg}/{kind}``."""
    show = Presenter(request)
    kind = kind_of(request, show)
    asked = Asked(request, show, kind)
    far = False
    try:
        found = page_of(asked)
    except TooFarError:
        found, far = Page((), 0, asked.page, PAGE), True
    listed, base = Listed(asked, found), show.href(kind)
    return responses.page(
        request,
        "staff/list.html",
        frame=frame_of(request, current=base, search=search_of(show, asked.query, base)),
        head=Head(title=show.plural(kind), flash=responses.flash(request), acts=tuple(_acts(show, kind))),
        filters=tuple(_filters(asked)),
        sort=asked.state_of().get("sort", ""),
        count="" if far else _count(show, kind, found),
        rest=_rest(asked),
        clear=base if asked.given else "",
        links=_links(asked),
        views=views_of(request, asked),
        table=table(listed) if found.rows else None,
        legend=_legend(listed),
        pager=Pager(
            first=(found.page - 1) * PAGE + 1,
            last=(found.page - 1) * PAGE + len(found.rows),
            total=show.t("list.over", n=found.total) if found.over else str(found.total),
            previous=asked.address(page=found.page - 1, before=found.rows[0].id if found.rows else "")
            if found.page > 1
            else "",
            next=asked.address(page=found.page + 1, after=found.rows[-1].id) if found.follows else "",
        ),
        empty=_too_far(asked) if far else _empty(asked),
        foot=foot(show),
    )


def _too_far(asked: Asked) -> tuple[str, str, Act | None]:
    """The page was asked for by its number, and is beyond what is counted."""
    t = asked.show.t
    return t("list.too_far"), t("list.too_far_why", n=MOST_COUNTED), Act(text=t("list.to_first"), href=asked.address())


def _count(show: Presenter, kind: str, found: Page) -> str:
    what = "list.count_people" if show.kind(kind).subject else "list.count"
    return show.t(f"{what}_over" if found.over else what, n=found.total)


def asked_ids(request: Request, show: Presenter, kind: str) -> list[int]:
    """The ids of the whole list that an address asks for, in its order: what an export of it holds."""
    return ids_of(Asked(request, show, kind))


def _acts(show: Presenter, kind: str) -> Iterator[Act]:
    if _has("/r/{reg}/import"):
        yield Act(text=show.t("list.import"), href=f"/r/{show.key}/import?kind={kind}")
    if has_form(show.register, show.lens, kind):
        yield Act(
            text=show.t("entry.new_what", what=show.teller.w.low(show.label(kind))),
            href=f"{show.href(kind)}/new",
            look="main",
        )


def _filters(asked: Asked) -> Iterator[Filter]:
    """One control for each thing the list may be narrowed by; what an address narrowed it to stays in sight."""
    show, t = asked.show, asked.show.t
    every = Choice(value="", text=t("list.everything"))
    for column, number in asked.ends.items():
        named = show.titles_of(show.targets_of(asked.kind)[column], [number])
        chosen = Choice(value=str(number), text=named.get(number, "") or str(number))
        label = show.item_label(asked.kind, column)
        yield Filter(name=column, label=label, value=str(number), choices=(every, chosen))
    for each in asked.choices:
        options = [Choice(value=one.key, text=registers.said(one.label, show.lang)) for one in each.item.options]
        label = registers.said(each.item.label, show.lang)
        yield Filter(name=each.name, label=label, value=asked.chosen.get(each.name, ""), choices=(every, *options))
    if todo.done_item(show, asked.kind):
        states = [Choice(value=state, text=t(f"list.{state}")) for state in ("open", "done")]
        yield Filter(name="state", label=t("list.state"), value=asked.state, choices=(every, *states))
    if asked.dated:
        label = show.item_label(asked.kind, asked.dated)
        since, until = (day.isoformat() if day else "" for day in (asked.since, asked.until))
        yield Filter(name="from", label=t("list.since", what=label), value=since, kind="date")
        yield Filter(name="until", label=t("list.until"), value=until, kind="date")
    items = missable(show, asked.kind.key)
    if len(items) > 2:
        options = [Choice(value=name, text=show.item_label(asked.kind, name)) for name in items]
        none = Choice(value="", text=t("list.any"))
        yield Filter(name="missing", label=t("list.missing"), value=asked.missing, choices=(none, *options))
    if asked.leaves:
        soon = Choice(value="soon", text=t("list.soon"))
        yield Filter(name="leaves", label=t("end.leaves"), value="soon", choices=(every, soon))


def _rest(asked: Asked) -> str:
    """What narrows the list, after the count: *haulla ”havu” · asiakas*."""
    show = asked.show
    parts = [show.t("list.with_query", query=show.f.quote(asked.query))] if asked.query else []
    parts.append(asked.words())
    return " · ".join(part for part in parts if part)


def _links(asked: Asked) -> tuple[Link, ...]:
    if not _has("/r/{reg}/{kind}/export"):
        return ()
    path, _, query = asked.address().partition("?")
    return (Link(text=asked.show.t("list.export"), href=f"{path}/export" + (f"?{query}" if query else "")),)


def _legend(listed: Listed) -> str:
    """What a life line that runs on means: what its end will be counted from."""
    running = next((end for end in listed.ends.values() if end.end == "running"), None)
    if running is None:
        return ""
    row = next(row for row in listed.rows if row.id == running.id)
    return listed.show.t("end.row_legend", rule=listed.show.life_of(running, row).text)


def _empty(asked: Asked) -> tuple[str, str, Act | None]:
    """Title, one line on what to do or when something comes, one button."""
    show, kind = asked.show, asked.kind.key
    new = None
    if has_form(show.register, show.lens, kind):
        what = show.t("entry.new_what", what=show.teller.w.low(show.label(kind)))
        new = Act(text=what, href=f"{show.href(kind)}/new")
    if asked.query:
        key = "list.not_found" if asked.kind.subject else "list.not_found_any"
        return show.t(key, query=show.f.quote(asked.query)), show.t("list.may_have_left"), new
    if asked.given:
        return show.t("list.none"), show.t("list.may_have_left"), Act(text=show.t("list.clear"), href=asked.path)
    # Of several periods the longest is what a row may stay, whichever role looks.
    keeps = [one for purpose in show.register.purposes.values() for one in purpose.keep if one.matter == kind]
    keep = max(keeps, key=lambda one: show.periods.end(one).months or 0.0, default=None)
    kept = show.t("list.kept", rule=show.periods.rule(keep)) if keep is not None else ""
    return show.t("state.nothing_yet"), show.t("state.nothing_yet_why", keep=kept).strip(), new
