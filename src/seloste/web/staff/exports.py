"""A list into a file: first what for, then the file, which holds what that purpose may use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from seloste.operations.records import export as op
from seloste.operations.records.export import Exported
from seloste.operations.records.transfer.sheets import MEDIA, Form
from seloste.web import responses, security
from seloste.web.frame import frame_of
from seloste.web.parts import Choice, Field, Head, Link
from seloste.web.present import Presenter
from seloste.web.problems import NotFoundError
from seloste.web.registers import said
from seloste.web.staff.lists import asked_ids

BLOCK = 1 << 16


def page(request: Request) -> Response:
    """What will be exported, and the question what for."""
    return _page(request, {})


def send(request: Request) -> Response:
    """The file, once a purpose is chosen."""
    show, form = _show(request), request.state.form
    kind = request.path_params["kind"]
    purpose = str(form.get("purpose", ""))
    if purpose not in op.purposes(show.store, kind, actor=show.actor):
        return _page(request, {"purpose": show.t("exports.why_missing")})
    chosen: Form = "xlsx" if form.get("form") == "xlsx" else "csv"
    done = op.export(
        show.store,
        kind,
        asked_ids(request, show, kind),
        purpose=purpose,
        form=chosen,
        named=[str(name) for name in form.getlist("sensitive")],
        lang=show.lang,
        actor=show.actor,
        now=show.now,
    )
    headers = {"Content-Disposition": f'attachment; filename="{done.name}"'}
    closing = BackgroundTask(done.file.close)
    return StreamingResponse(_blocks(done), media_type=MEDIA[chosen], headers=headers, background=closing)


def _blocks(done: Exported) -> Iterator[bytes]:
    file: IO[bytes] = done.file
    while block := file.read(BLOCK):
        yield block


def _show(request: Request) -> Presenter:
    show = Presenter(request)
    if not show.lens.sees(request.path_params["kind"]):
        raise NotFoundError
    return show


def _page(request: Request, found: dict[str, str]) -> Response:
    show = _show(request)
    kind, t, lang = request.path_params["kind"], show.t, show.lang
    form = request.state.form
    count = len(asked_ids(request, show, kind))
    known = op.purposes(show.store, kind, actor=show.actor)
    fields = [
        Field(
            name="purpose",
            label=t("exports.why"),
            widget="radio",
            hint=t("exports.why_hint"),
            shown=(str(form.get("purpose", "")),),
            error=found.get("purpose", ""),
            choices=tuple(Choice(value=key, text=show.purpose(key)) for key in known),
        ),
        Field(
            name="form",
            label=t("exports.form"),
            widget="radio",
            shown=(str(form.get("form", "csv")),),
            choices=tuple(
                Choice(value=each, text=t(f"exports.{each}"), hint=t(f"exports.{each}_hint"))
                for each in ("csv", "xlsx")
            ),
        ),
    ]
    sensitive = op.sensitive_items(show.store, kind, actor=show.actor)
    if sensitive:
        fields.append(
            Field(
                name="sensitive",
                label=t("exports.sensitive"),
                widget="checks",
                hint=t("exports.sensitive_hint"),
                optional=True,
                shown=tuple(str(name) for name in form.getlist("sensitive")),
                choices=tuple(Choice(value=item.key, text=said(item.label, lang)) for item in sensitive),
            )
        )
    base = show.href(kind)
    back = f"{base}?{request.url.query}" if request.url.query else base
    plural = show.plural(kind)
    return responses.page(
        request,
        "staff/export.html",
        status=422 if found else 200,
        frame=frame_of(request, current=base),
        head=Head(
            title=t("exports.title", what=plural.lower()), crumbs=(Link(text=plural, href=back),), errors=bool(found)
        ),
        hidden=security.hidden(request),
        intro=t("exports.intro", n=count),
        fields=tuple(fields) if known else (),
        faults=tuple(Link(text=text, href=f"#{name}") for name, text in found.items()),
        cancel=back,
    )
