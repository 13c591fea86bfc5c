"""Which rows go next month, and what tonight's run would do: seen before it happens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from starlette.requests import Request
from starlette.responses import Response

from seloste.clock import today
from seloste.law.periods import add_months_clip
from seloste.operations.records import read
from seloste.operations.retention.forecast import Going, next_month
from seloste.operations.retention.report import ItemLine, KindLine, SweepReport
from seloste.operations.retention.tonight import rehearsed
from seloste.web import responses
from seloste.web.frame import frame_of
from seloste.web.parts import Cell, Column, Head, Item, Link, Row, RowGroup, Table
from seloste.web.present import Presenter
from seloste.web.staff.people import People
from seloste.web.staff.retention import base, counting


def coming(request: Request) -> Response:
    """``/r/{reg}/privacy/retention/next``: rows that go within a month, linked as far as the role sees them."""
    show = Presenter(request)
    coming = next_month(show.store, actor=show.actor, now=show.now)
    found, made = coming if coming is not None else ((), None)
    groups = tuple((show.plural(each.kind), tuple(_rows(show, each)), _others(show, each)) for each in found)
    date = show.f.date(add_months_clip(today(made or show.now), 1))
    return responses.page(
        request,
        "staff/retention_next.html",
        frame=frame_of(request, current=base(show)),
        head=Head(
            title=show.t("keeps.next_title"),
            crumbs=(Link(text=show.t("nav.retention"), href=base(show)),),
            opening=_next_opening(show, date, made, any_goes=bool(groups)),
        ),
        groups=groups,
    )


def _next_opening(show: Presenter, date: str, made: dt.datetime | None, *, any_goes: bool) -> str:
    if made is None:
        return f"{counting(show)}. {show.t('keeps.counting_why')}"
    told = show.t("keeps.next_opening", date=date) if any_goes else show.t("keeps.next_none")
    return told if made == show.now else f"{told} {show.t('keeps.made', when=show.f.when(made, show.now))}"


def _rows(show: Presenter, each: Going) -> Iterator[Item]:
    if not (each.whole or each.parted):
        return
    ids = [*each.whole, *each.parted]
    records = read.by_ids(show.store, each.kind, ids, actor=show.actor, now=show.now)
    people = People(show, records)
    whole = set(each.whole)
    for record in records:
        end = show.t("keeps.next_whole" if record.id in whole else "keeps.next_parted")
        who = "" if show.kind(each.kind).subject else people.who(record)
        yield Item(text=show.name(record), href=show.href(record.kind, record.id), sub=who, end=end)


def _others(show: Presenter, each: Going) -> str:
    return show.t("keeps.next_others", n=each.others) if each.others else ""


def tonight(request: Request) -> Response:
    """``/r/{reg}/privacy/retention/tonight``: the run is done and taken back, so what is told is exact. Where that
    takes too long the page says so."""
    show = Presenter(request)
    report = rehearsed(show.store, now=show.now)
    opening = show.t("keeps.tonight_none" if report is not None else "keeps.tonight_much")
    if report is not None and (report.rows or report.cells):
        rows, values = show.t("keeps.rows", n=report.rows), show.t("keeps.values", n=report.cells)
        opening = show.t("keeps.tonight_opening", rows=rows, values=values)
    return responses.page(
        request,
        "staff/retention_tonight.html",
        frame=frame_of(request, current=base(show)),
        head=Head(
            title=show.t("keeps.tonight_title"),
            crumbs=(Link(text=show.t("nav.retention"), href=base(show)),),
            opening=opening,
        ),
        table=_table(show, report) if report is not None else None,
    )


def _table(show: Presenter, report: SweepReport) -> Table | None:
    groups = tuple(
        RowGroup(
            title=_kind(show, kind), rows=tuple(_lines(show, [each for each in report.items if each.kind == kind.kind]))
        )
        for kind in report.kinds
    )
    columns = (
        Column(text=show.t("keeps.item")),
        Column(text=show.t("keeps.goes"), right=True),
        Column(text=show.t("keeps.stays"), right=True),
        Column(text=show.t("keeps.why")),
    )
    return Table(caption=show.t("keeps.tonight_what"), columns=columns, groups=groups, blocks=True) if groups else None


def _kind(show: Presenter, kind: KindLine) -> str:
    parts = [
        show.t(key, n=count)
        for key, count in (("keeps.n_whole", kind.gone), ("keeps.n_parted", kind.emptied), ("keeps.n_stay", kind.stays))
        if count
    ]
    return f"{show.plural(kind.kind)}: {', '.join(parts)}"


def _lines(show: Presenter, items: Sequence[ItemLine]) -> Iterator[Row]:
    """Items of which as many go and stay, for the same reasons, stand on one line."""
    alike: dict[tuple[int, int, str], list[str]] = {}
    for line in items:
        kind = show.kind(line.kind)
        known = line.item in kind.items or line.item in show.register.tables
        label = show.item_label(kind, line.item) if known else line.item
        alike.setdefault((line.goes, line.stays, _why(show, line)), []).append(label)
    for (goes, stays, why), labels in alike.items():
        names = ", ".join([labels[0], *(show.teller.w.low(label) for label in labels[1:])])
        yield Row(
            cells=(
                Cell(text=names, strong=True),
                Cell(text=show.f.number(goes) if goes else "–"),
                Cell(text=show.f.number(stays) if stays else "–"),
                Cell(text=why),
            ),
            tone="" if goes else "quiet",
        )


def _why(show: Presenter, line: ItemLine) -> str:
    why = []
    for stay in line.why:
        if stay.purpose in show.register.purposes:
            text = show.t("keeps.stays_for", purpose=show.short(stay.purpose), n=stay.cells)
            told = [show.t("keeps.until", date=show.f.date(stay.last))] if stay.last and not stay.running else []
            told += stay.law
            why.append(f"{text} ({', '.join(told)})" if told else text)
    why += [show.t("keeps.under_hold", n=line.held)] if line.held else []
    why += [show.t("keeps.bare", n=line.bare)] if line.bare else []
    return "; ".join(why)
