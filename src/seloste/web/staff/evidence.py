"""Evidence, for whoever leads privacy: what is open, security checks, and the record of processing (Art. 30)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from starlette.requests import Request
from starlette.responses import Response

from seloste.notice.record import record
from seloste.notice.record.plain import lines
from seloste.operations.evidence.answers import answers
from seloste.operations.evidence.facts import kept
from seloste.operations.evidence.open import Open
from seloste.operations.evidence.words import Words
from seloste.operations.measures import Checked, measures
from seloste.operations.processing_record import FORMS, record_file
from seloste.web import responses, security
from seloste.web.frame import frame_of
from seloste.web.parts import Act, Cell, Chip, Column, Head, Item, Link, Row, RowGroup, Table
from seloste.web.present import Presenter
from seloste.web.problems import NotFoundError


def page(request: Request) -> Response:
    """``/r/{reg}/privacy/evidence``: what is open, overdue checks, then the whole record of processing."""
    show = Presenter(request)
    t, base, notice = show.t, f"/r/{show.key}/privacy/evidence", show.register.notice
    made = record(notice, show.teller.w.lang)
    found = measures(notice, today=show.today)
    words = Words(show.register, show.teller.w.lang)
    told = answers(words, kept(show.store, now=show.now))
    attested = [each for each in found if each.state != "proved"]
    late = [each for each in found if each.state == "overdue"]
    return responses.page(
        request,
        "staff/evidence.html",
        frame=frame_of(request),
        head=Head(
            title=t("nav.evidence"),
            sub=made.title,
            acts=(
                Act(text=t("evidence.pack"), post=f"{base}/pack", look="main", hidden=security.hidden(request)),
                Act(text=t("evidence.xlsx"), href=f"{base}/record.xlsx"),
            ),
            more=(
                Link(text=t("evidence.json"), href=f"{base}/record.json"),
                Link(text=t("evidence.md"), href=f"{base}/record.md"),
                Link(text=t("evidence.dpv"), href=f"{base}/record.dpv"),
                Link(text=t("evidence.fides"), href=f"{base}/record.fides"),
            ),
            opening=t("evidence.opening"),
            flash=responses.flash(request),
        ),
        opens=tuple(_opens(show, [each for each in told.open if not each.warns])),
        known=tuple(_open(show, each) for each in told.open if each.warns),
        sentences=Item(
            text=t("evidence.sentences_see"),
            href=f"{base}/sentences",
            sub=t("evidence.sentences_sub", n=len(told.each), run=sum(each.run for each in told.each)),
        ),
        late=t("evidence.late", n=len(late)) if late else "",
        notice_href=f"/r/{show.key}/privacy/notice",
        measures=_measures(show, attested) if attested else None,
        proved=tuple((_name(show, each), t("evidence.system")) for each in found if each.state == "proved"),
        record=made,
        activities=tuple((each.purpose, lines(made, each)) for each in made.activities),
    )


def file(request: Request) -> Response:
    """``/r/{reg}/privacy/evidence/record.{form}``: the record as a file, in the reader's language."""
    show, asked = Presenter(request), request.path_params["form"]
    form = next((one for one in FORMS if one == asked), None)
    if form is None:
        raise NotFoundError
    made = record_file(show.register.notice, form, lang=show.teller.w.lang)
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return Response(made.data, media_type=made.media, headers=headers)


_SEEN_TO = {
    "sweep_missing": "retention",
    "past": "retention",
    "holds": "holds",
    "holds_late": "holds",
    "overdue": "requests",
    "undelivered": "requests",
    "to_tell": "requests",
    "pending": "requests",
    "waiting": "requests",
    "transfer": "disclosures",
    "given_others": "disclosures",
    "sources_others": "notice",
    "measure_overdue": "notice",
    "measure_undated": "notice",
    "accepted": "notice",
    "breaches": "breaches",
    "unverified": "journal",
}
"""The page of the lead's on which an exception is seen to."""


MOST_ALIKE = 3
"""Interests that were not weighed stand one by one; more of them are one row."""


def _opens(show: Presenter, found: Sequence[Open]) -> Iterator[Item]:
    alike = [each for each in found if each.code == "balancing_missing"]
    for each in found:
        if len(alike) <= MOST_ALIKE or each.code != "balancing_missing":
            yield _open(show, each)
        elif each is alike[0]:
            text = show.t("evidence.balancings", n=len(alike))
            yield Item(text=text, href=f"/r/{show.key}/privacy/assessments")


def _open(show: Presenter, each: Open) -> Item:
    page = _SEEN_TO.get(each.code, "")
    if each.code.startswith(("balancing_", "transfer_")):
        sort = each.code.partition("_")[0]
        page = f"assessments/{sort}/{each.rules[0].split('.')[1]}"
    if each.code.startswith("agreement"):
        page = f"disclosures/agreements/{each.rules[0].removeprefix('processors.')}"
    return Item(text=each.text, href=f"/r/{show.key}/privacy/{page}" if page else "")


def _measures(show: Presenter, found: Sequence[Checked]) -> Table:
    t = show.t
    # On a phone a day at the right says which day it is.
    columns = (
        Column(text=t("evidence.measure")),
        Column(text=t("evidence.who")),
        Column(text=t("evidence.checked"), right=True),
        Column(text=t("evidence.next"), right=True),
    )
    return Table(
        caption=t("evidence.security"),
        columns=columns,
        groups=(RowGroup(rows=tuple(_row(show, each) for each in found)),),
        blocks=True,
    )


def _name(show: Presenter, each: Checked) -> str:
    return show.teller.pick(each.measure.text).rstrip(".")


def _row(show: Presenter, each: Checked) -> Row:
    t, date, one = show.t, show.f.date, each.measure
    by = show.teller.pick(one.by_text) or one.by or t("evidence.company")
    following = date(one.next_check) if one.next_check else ""
    if each.state == "undated":
        following = t("evidence.undated")
    chips = {
        "overdue": Chip(text=t("evidence.overdue"), tone="stop", icon="warn"),
        "soon": Chip(text=t("evidence.soon"), tone="soon", icon="clock"),
    }
    return Row(
        cells=(
            Cell(text=_name(show, each)),
            Cell(text=show.teller.w.capital(by)),
            Cell(text=date(one.on) if one.on else ""),
            Cell(text=following, chip=chips.get(each.state)),
        ),
        tone="stop" if each.state == "overdue" else "",
    )
