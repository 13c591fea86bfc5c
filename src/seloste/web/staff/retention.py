"""What goes and when, for whoever leads privacy: the months ahead, the nightly runs, the holds that stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from starlette.requests import Request
from starlette.responses import Response

from seloste.operations.accounts.roles import account_names
from seloste.operations.retention.forecast import (
    MONTHS,
    MOST_MONTHS,
    Forecast,
    KindAhead,
    Month,
    counting_since,
    kept_forecast,
)
from seloste.operations.retention.holds import standing_holds
from seloste.operations.retention.report import SweepReport
from seloste.operations.retention.runs import Runs, runs
from seloste.web import registers, responses
from seloste.web.frame import frame_of
from seloste.web.parts import Act, Bar, Cell, Column, Head, Link, Row, RowGroup, Table
from seloste.web.present import Presenter

LONGEST_BAR = 180
"""Pixels, so that the bar and its numbers stand beside each other on a phone."""

RUNS = 14


def base(show: Presenter) -> str:
    return f"/r/{show.key}/privacy/retention"


def page(request: Request) -> Response:
    """``/r/{reg}/privacy/retention``: twelve months, or with ``?months=24`` twice as many."""
    show = Presenter(request)
    months = MOST_MONTHS if request.query_params.get("months") == str(MOST_MONTHS) else MONTHS
    kept = kept_forecast(show.store, now=show.now, months=months)
    found, made = kept if kept is not None else (None, None)
    done = runs(show.store, registers.deployment(request), now=show.now, most=RUNS)
    other = MONTHS if months == MOST_MONTHS else MOST_MONTHS
    return responses.page(
        request,
        "staff/retention.html",
        frame=frame_of(request),
        head=Head(
            title=show.t("keeps.title"),
            acts=(
                Act(text=show.t("keeps.see_next"), href=f"{base(show)}/next"),
                Act(text=show.t("keeps.see_tonight"), href=f"{base(show)}/tonight"),
            ),
            opening=_opening(show, found.months[0]) if found is not None else "",
            flash=responses.flash(request),
        ),
        runs_missing=done.missing,
        failed=show.t("keeps.failed", error=done.failed) if done.failed else "",
        counting=counting(show) if found is None else "",
        bars=tuple(_bars(show, found)) if found is not None and any(month.kinds for month in found.months) else (),
        months=_months(show, found) if found is not None else None,
        made=show.t("keeps.made", when=show.f.when(made, show.now)) if made is not None else "",
        longer=Link(text=show.t("keeps.longer", n=other), href=f"{base(show)}?months={other}"),
        runs=_runs(show, done, account_names(registers.deployment(request))) if done.reports else None,
        last=show.t("keeps.runs_last", when=show.f.when(done.last, show.now)) if done.last else "",
        holds=_holds(show),
        holds_link=Link(text=show.t("keeps.holds_see"), href=f"/r/{show.key}/privacy/holds"),
    )


def counting(show: Presenter) -> str:
    """That the months ahead of a large register are not there yet, and since when they are being counted."""
    since = counting_since(show.store, now=show.now)
    if since is None:
        return show.t("keeps.counting")
    return show.t("keeps.counting_since", when=show.f.when(since, show.now))


def _opening(show: Presenter, month: Month) -> str:
    if not month.kinds:
        return show.t("keeps.opening_none")
    return show.t("keeps.opening", rows=_rows(show, month.rows), values=_values(show, month.values))


def _rows(show: Presenter, count: int) -> str:
    return show.t("keeps.rows", n=count)


def _values(show: Presenter, count: int) -> str:
    return show.t("keeps.values", n=count)


def _between(show: Presenter, month: Month) -> str:
    return f"{show.f.date_short(month.begins)}–{show.f.date(month.ends)}"


def _bars(show: Presenter, found: Forecast) -> Iterator[Bar]:
    """A bar for each month by the values that go; one that loses nothing has a dash."""
    most = max(month.values for month in found.months) or 1
    for month in found.months:
        length = max(round(LONGEST_BAR * month.values / most), 6)
        text = show.t("keeps.bar", rows=_rows(show, month.rows), values=_values(show, month.values))
        yield Bar(label=_between(show, month), length=length if month.kinds else 2, text=text if month.kinds else "–")


def _months(show: Presenter, found: Forecast) -> Table | None:
    """The same month by month, kind by kind: what ends, and which purposes and laws keep what is left."""
    groups = tuple(
        RowGroup(title=_between(show, month), rows=tuple(_kind(show, each) for each in month.kinds))
        for month in found.months
        if month.kinds
    )
    columns = (
        Column(text=show.t("keeps.kind")),
        Column(text=show.t("keeps.whole"), right=True),
        Column(text=show.t("keeps.parted"), right=True),
        Column(text=show.t("keeps.count"), right=True),
        Column(text=show.t("keeps.ended")),
        Column(text=show.t("keeps.rest")),
    )
    return Table(caption=show.t("keeps.ahead"), columns=columns, groups=groups, blocks=True) if groups else None


def _kind(show: Presenter, each: KindAhead) -> Row:
    number = show.f.number
    rest = [
        show.t("keeps.rest_of", purpose=show.short(one.purpose), n=one.rows)
        + (f" ({', '.join(one.law)})" if one.law else "")
        for one in each.stays
    ]
    rest += [show.t("keeps.rest_held", n=each.held)] if each.held else []
    rest += [show.t("keeps.rest_bare", n=each.bare)] if each.bare else []
    return Row(
        cells=(
            Cell(text=show.plural(each.kind), strong=True),
            Cell(text=number(each.rows) if each.rows else "–"),
            Cell(text=number(each.parted) if each.parted else "–"),
            Cell(text=number(each.values)),
            Cell(text=", ".join(show.short(one.purpose) for one in each.ended)),
            Cell(text="; ".join(rest)),
        )
    )


def _runs(show: Presenter, done: Runs, names: Mapping[str, str]) -> Table:
    columns = (
        Column(text=show.t("keeps.at")),
        Column(text=show.t("keeps.what")),
        Column(text=show.t("keeps.lasted"), rank=2, right=True),
        Column(text=show.t("keeps.by"), rank=3),
    )
    rows = tuple(_run(show, each, names) for each in done.reports)
    return Table(caption=show.t("keeps.runs"), columns=columns, groups=(RowGroup(rows=rows),), blocks=True)


def _run(show: Presenter, one: SweepReport, names: Mapping[str, str]) -> Row:
    went = show.t("keeps.nothing_went")
    if one.rows or one.cells:
        went = show.t("keeps.bar", rows=_rows(show, one.rows), values=_values(show, one.cells))
    kinds = [
        f"{show.teller.w.low(show.plural(line.kind))} {show.f.number(line.gone + line.emptied)}"
        for line in one.kinds
        if (line.gone or line.emptied) and line.kind in show.register.tables
    ]
    by = {"register": show.t("keeps.by_itself"), "cli": show.t("keeps.by_command")}.get(one.by) or names.get(
        one.by, one.by
    )
    took = show.t("keeps.seconds", n=show.f.number(one.seconds))
    sub = ", ".join(kinds) or (show.t("keeps.every_row") if one.every_row else "")
    return Row(
        cells=(Cell(text=show.f.when(one.at, show.now)), Cell(text=went, sub=sub), Cell(text=took), Cell(text=by)),
        tone="" if one.rows or one.cells else "quiet",
    )


def _holds(show: Presenter) -> Sequence[str]:
    found = standing_holds(show.store, now=show.now)
    if not found:
        return (show.t("keeps.holds_none"),)
    late = sum(1 for each in found if each.overdue(show.today))
    told = [show.t("keeps.holds_stand", n=len(found))]
    return (*told, show.t("keeps.holds_review", n=late)) if late else told
