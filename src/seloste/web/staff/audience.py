"""Whom may we contact: how many by purpose and channel, how many not and why, and the file for whatever tool sends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from seloste.errors import SelosteError
from seloste.law.marketing import ELECTRONIC, must_carry
from seloste.operations.mail.letter import LetterError
from seloste.operations.mail.smtp import MailNotSetUpError
from seloste.operations.permissions.audience import Reach, Way, marketing, reach, ways
from seloste.operations.permissions.audience_file import ListChangesError, audience_file
from seloste.operations.records.transfer.sheets import MEDIA, Form
from seloste.web import responses, security
from seloste.web.frame import frame_of
from seloste.web.parts import Act, Cell, Choice, Column, Field, Head, Item, Link, Row, RowGroup, Table
from seloste.web.present import Presenter
from seloste.web.problems import NotFoundError
from seloste.web.registers import said
from seloste.web.staff.form_read import is_number

BLOCK = 1 << 16


def page(request: Request) -> Response:
    """All purposes of the role that market, with their channels and senders."""
    show = Presenter(request)
    if not marketing(show.store, show.actor):
        raise NotFoundError
    found = [reach(show.store, way, actor=show.actor, now=show.now) for way in ways(show.store, show.actor)]
    tables = tuple(
        (show.purpose(key), _table(show, [each for each in found if each.purpose == key]))
        for key in dict.fromkeys(each.purpose for each in found)
    )
    return responses.page(
        request,
        "staff/audience.html",
        frame=frame_of(request, current=_base(show)),
        head=Head(title=show.t("audience.title"), opening=show.t("audience.opening")),
        tables=tables,
    )


def ask(request: Request) -> Response:
    """One audience: who is in it and who is not, and the file."""
    show = Presenter(request)
    return _form(request, show, _asked(show))


def send(request: Request) -> Response:
    """The file."""
    show = Presenter(request)
    asked, form = _asked(show), request.state.form
    chosen: Form = "xlsx" if form.get("form") == "xlsx" else "csv"
    try:
        done = audience_file(
            show.store,
            asked.purpose,
            asked.channel,
            sender=asked.sender,
            form=chosen,
            lang=show.lang,
            actor=show.actor,
            now=show.now,
        )
    except (ListChangesError, MailNotSetUpError, LetterError) as cannot:
        return _form(request, show, asked, cannot)
    headers = {"Content-Disposition": f'attachment; filename="{done.name}"'}
    closing = BackgroundTask(done.file.close)
    return StreamingResponse(_blocks(done.file), media_type=MEDIA[chosen], headers=headers, background=closing)


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        yield block


def _base(show: Presenter) -> str:
    return f"/r/{show.key}/audience"


def _asked(show: Presenter) -> Reach:
    """The audience of the address. Raises NotFoundError for one that the role or the notice does not have."""
    path, sender = show.request.path_params, show.request.query_params.get("sender", "")
    there = ways(show.store, show.actor)
    wanted = Way(str(path["purpose"]), str(path["channel"]), _sender(there, str(path["purpose"]), sender))
    if wanted not in there:
        raise NotFoundError
    return reach(show.store, wanted, actor=show.actor, now=show.now)


def _sender(there: Iterable[Way], purpose: str, place: str) -> str:
    """A sender by its place among those of the purpose, so that no name stands in an address."""
    names = list(dict.fromkeys(each.sender for each in there if each.purpose == purpose))
    number = int(place) if is_number(place) else 0
    return names[number] if number < len(names) else names[0] if names else ""


def _table(show: Presenter, several: list[Reach]) -> Table:
    t = show.t
    columns = (
        Column(text=t("audience.how")),
        Column(text=t("audience.may"), right=True),
        Column(text=t("audience.may_not"), right=True),
        Column(text=t("audience.why")),
        Column(text=t("audience.make"), unseen=True),
    )
    names = list(dict.fromkeys(each.sender for each in several))
    rows = tuple(
        Row(
            cells=(
                Cell(text=_how(show, each), sub=each.sender, strong=True),
                Cell(text=show.f.number(each.allowed), strong=True),
                Cell(text=show.f.number(sum(n for _, n in each.refused))),
                Cell(text=_reasons(show, each)),
                Cell(act=_make(show, each, names.index(each.sender)) if each.allowed else None),
            )
        )
        for each in several
    )
    return Table(caption=show.purpose(several[0].purpose), columns=columns, groups=(RowGroup(rows=rows),), blocks=True)


def _make(show: Presenter, each: Reach, place: int) -> Act:
    return Act(text=show.t("audience.make"), href=_href(show, each, place), small=True)


def _href(show: Presenter, each: Reach, place: int) -> str:
    return f"{_base(show)}/{each.purpose}/{each.channel}" + (f"?sender={place}" if place else "")


def _how(show: Presenter, each: Reach) -> str:
    return show.t(f"audience.by_{each.channel}")


def _reasons(show: Presenter, each: Reach) -> str:
    if len(each.refused) == 1:
        return said(each.refused[0][0], show.lang)
    return " ".join(f"{show.f.number(count)}: {said(reason, show.lang)}" for reason, count in each.refused)


def _form(request: Request, show: Presenter, asked: Reach, cannot: SelosteError | None = None) -> Response:
    t = show.t
    left = sum(count for _, count in asked.refused)
    field = Field(
        name="form",
        label=t("exports.form"),
        widget="radio",
        shown=(str(request.state.form.get("form", "csv")) if request.method == "POST" else "csv",),
        choices=tuple(
            Choice(value=each, text=t(f"exports.{each}"), hint=t(f"exports.{each}_hint")) for each in ("csv", "xlsx")
        ),
    )
    text = cannot.message(show.lang) if cannot is not None else ""
    what = show.teller.w.low(show.short(asked.purpose))
    return responses.page(
        request,
        "staff/audience_file.html",
        status=503 if cannot is not None else 200,
        frame=frame_of(request, current=_base(show)),
        head=Head(
            title=t("audience.file_title", what=what, how=show.teller.w.low(_how(show, asked))),
            sub=asked.sender,
            crumbs=(Link(text=t("audience.title"), href=_base(show)),),
            errors=cannot is not None,
        ),
        hidden=security.hidden(request),
        intro=t("audience.in_file", n=asked.allowed) if asked.allowed else t("audience.nobody"),
        none=not asked.allowed,
        left_out=t("audience.left_out", n=left) if left else "",
        reasons=tuple(Item(text=said(reason, show.lang), end=show.f.number(count)) for reason, count in asked.refused),
        carries=[Item(text=said(each, show.lang)) for each in must_carry()] if asked.channel in ELECTRONIC else [],
        mail=asked.channel == "email",
        fields=(field,),
        faults=(Link(text=text, href=""),) if text else (),
        cancel=_base(show),
    )
