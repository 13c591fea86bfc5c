"""The notice and its versions, for whoever leads privacy: what is in force, what waits, bringing in a new one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from seloste.notice.findings import Finding, NoticeFaulty, NoticeUnreadable
from seloste.notice.tree import MAX_BYTES
from seloste.operations.notices.publish import PlanError, bring
from seloste.operations.notices.versions import Version, Versions, source_of, versions
from seloste.web import responses, security
from seloste.web.frame import frame_of
from seloste.web.parts import Act, Cell, Column, Field, Head, Link, Row, RowGroup, Table
from seloste.web.present import Presenter
from seloste.web.problems import NotFoundError


def base(show: Presenter) -> str:
    return f"/r/{show.key}/privacy/notice"


def page(request: Request) -> Response:
    """``/r/{reg}/privacy/notice``."""
    return _shown(request, Presenter(request))


def send(request: Request) -> Response:
    """Take in a new version's file; with errors in it they are told, and nothing is kept."""
    show, file = Presenter(request), request.state.form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return _shown(request, show, fault=show.t("change.no_file"))
    try:
        source = file.file.read(MAX_BYTES + 1).decode("utf-8-sig")
        brought = bring(show.store, source, now=show.now, actor=show.actor)
    except UnicodeDecodeError:
        return _shown(request, show, fault=show.t("change.not_text"))
    except NoticeUnreadable as problem:
        return _shown(request, show, findings=(problem.finding,))
    except NoticeFaulty as problem:
        return _shown(request, show, findings=tuple(each for each in problem.findings if each.severity == "error"))
    except PlanError as problem:
        return _shown(request, show, fault=problem.message(show.lang))
    return responses.redirect(f"{base(show)}/{brought.number}")


def file(request: Request) -> Response:
    """``/r/{reg}/privacy/notice/file/{number}.yaml``: the file of a version as it was applied."""
    show, number = Presenter(request), int(request.path_params["number"])
    text = source_of(show.store, number, now=show.now) if number < 2**31 else None
    if text is None:
        raise NotFoundError
    name = f"{show.key}-{number}.yaml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type="application/yaml; charset=utf-8", headers=headers)


def _shown(request: Request, show: Presenter, *, fault: str = "", findings: tuple[Finding, ...] = ()) -> Response:
    found = versions(show.store, now=show.now)
    t = show.t
    first = fault or (t("change.has_errors", n=len(findings)) if findings else "")
    return responses.page(
        request,
        "staff/notice.html",
        status=422 if first else 200,
        frame=frame_of(request),
        head=Head(
            title=t("change.title"),
            sub=show.teller.w.pick(show.register.notice.title),
            acts=(Act(text=t("holds.read_notice"), href=f"/notice/{show.key}/{show.teller.w.lang}"),),
            opening=_opening(show, found),
            flash=responses.flash(request),
            errors=bool(first),
        ),
        waiting=Link(text=t("change.look"), href=f"{base(show)}/{found.waiting.id}") if found.waiting else None,
        waits=_waits(show, found),
        failed=found.failed.why if found.failed is not None else "",
        versions=_versions(show, found),
        findings=findings_shown(findings, show),
        field=Field(
            name="file",
            label=t("change.file"),
            widget="file",
            hint=t("change.file_hint"),
            error=first,
            limits=(("accept", ".yaml,.yml"),),
        ),
        faults=(Link(text=first, href="#file"),) if first else (),
        hidden=security.hidden(request),
        action=base(show),
    )


def findings_shown(findings: Iterable[Finding], show: Presenter) -> tuple[tuple[str, str, str], ...]:
    """Line, code, and the sentences of each."""
    return tuple(
        (show.t("diff.line", n=each.line), each.code, f"{each.message(show.lang)} {each.help(show.lang)}")
        for each in findings
    )


def _opening(show: Presenter, found: Versions) -> str:
    now = found.applied[0]
    return show.t("change.opening", n=now.number, date=_day(show, now))


def _day(show: Presenter, version: Version) -> str:
    return show.f.date(version.effective) if version.effective else show.f.date(version.applied_at.date())


def _waits(show: Presenter, found: Versions) -> str:
    waiting = found.waiting
    if waiting is None or waiting.effective is None:
        return ""
    who = show.worker(waiting.decided_by or "")
    return show.t("change.waits", date=show.f.date(waiting.effective), who=who)


def _versions(show: Presenter, found: Versions) -> Table:
    t, f = show.t, show.f
    rows = tuple(
        Row(
            cells=(
                Cell(text=t("change.version", n=each.number), strong=each is found.applied[0], sub=each.digest[:16]),
                Cell(text=f.date(each.effective) if each.effective else "–"),
                Cell(text=f.moment(each.applied_at)),
                Cell(act=Act(text=t("change.get_file"), href=f"{base(show)}/file/{each.number}.yaml", small=True)),
            )
        )
        for each in found.applied
    )
    columns = (
        Column(text=t("change.which")),
        Column(text=t("holds.in_force")),
        Column(text=t("holds.applied"), rank=2),
        Column(text=t("change.get_file"), unseen=True),
    )
    return Table(caption=t("change.versions"), columns=columns, groups=(RowGroup(rows=rows),), blocks=True)


def day_of(text: str) -> dt.date | None:
    """A day as a date field sends it; None for anything else."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
