"""Importing a file, step by step: send it, say what each column is, see what is wrong, store all or nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from seloste.clock import today
from seloste.operations.records.transfer.errors import ImportRefusedError
from seloste.operations.records.transfer.jobs import report_of
from seloste.operations.records.transfer.mapping import check_mapping
from seloste.operations.records.transfer.plan import Fault, ImportPlan
from seloste.operations.records.transfer.sheets import harmless
from seloste.store.import_jobs import ImportJob
from seloste.store.registers import RegisterStore
from seloste.web import registers, responses
from seloste.web.i18n import translator
from seloste.web.staff import import_pages as pages
from seloste.web.staff.import_pages import job_of, jobs_of, known_targets, path_of, width_of
from seloste.web.staff.import_parts import columns

PATIENCE = 0.8
"""Seconds that a page waits for a short step, so that nobody sees a progress line for it."""


def start(request: Request) -> Response:
    """The form that takes the file."""
    return pages.start_page(request, {})


def send(request: Request) -> Response:
    """Take the file in and read it."""
    store, form = registers.store(request), request.state.form
    t = translator(responses.language_of(request))
    file = form.get("file")
    target = next((each for each in known_targets(request, store) if each.key == form.get("target")), None)
    faults: dict[str, str] = {}
    if not isinstance(file, UploadFile) or not file.filename:
        faults["file"] = t("imports.no_file")
    if target is None:
        faults["target"] = t("form.choose", label=t("imports.as").lower())
    if faults or target is None or not isinstance(file, UploadFile):
        return pages.start_page(request, faults)
    jobs = jobs_of(request)
    job = jobs.begin(store, target, file.file, actor=request.state.actor)
    jobs.wait(job, PATIENCE)
    return responses.redirect(path_of(request, job))


def step(request: Request) -> Response:
    """The import at whichever step it is."""
    store, job = registers.store(request), job_of(request)
    if job.state == "columns":
        return pages.columns_page(request, store, job, {})
    if job.state == "checked":
        return pages.checked_page(request, store, job)
    if job.state == "done":
        return pages.done_page(request, store, job)
    if job.state in ("failed", "cancelled"):
        return pages.ended_page(request, job)
    return pages.working_page(request, job)


def go_on(request: Request) -> Response:
    """What the pages of an import send: the columns, the order to store, or to cancel."""
    store, job, form = registers.store(request), job_of(request), request.state.form
    jobs, deed = jobs_of(request), form.get("do")
    if deed == "cancel":
        jobs.cancel(job)
        return responses.redirect(f"/r/{request.state.register_key}/import", done="import_cancelled")
    if deed == "columns" and job.state == "checked":
        return pages.columns_page(request, store, job, {})
    if deed == "try" and job.state in ("columns", "checked"):
        return _try(request, store, job)
    if deed == "store" and job.state == "checked":
        try:
            _may_store(job, skip=form.get("faulty") == "skip")
        except ImportRefusedError as refused:
            return pages.checked_page(request, store, job, refused)
        jobs.store(
            store,
            job,
            skip_faulty=form.get("faulty") == "skip",
            doubles="store" if form.get("doubles") == "store" else "skip",
            actor=request.state.actor,
        )
        jobs.wait(job.id, PATIENCE)
    return responses.redirect(path_of(request, job.id))


def faults(request: Request) -> Response:
    """Every fault as a CSV file: row, column, what is wrong; never what stood there."""
    store, job = registers.store(request), job_of(request)
    jobs, lang = jobs_of(request), responses.language_of(request)
    t = translator(lang)
    names = columns(jobs.first_rows(store, job.id), job, t) if job.state == "checked" else ()
    titles = [each.title for each in names]

    def lines() -> Iterator[str]:
        yield "\ufeff"
        yield _line([t("imports.row"), t("imports.where"), t("imports.problem")])
        for fault in jobs.faults(job.id):
            yield _line([str(fault.row), _where(fault, titles, t("imports.whole_row")), fault.message(lang)])

    name = f"{request.state.register_key}-import-faults-{today(request.state.now).isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(lines(), media_type="text/csv; charset=utf-8", headers=headers)


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerow([harmless(cell) for cell in cells])
    return out.getvalue()


def _where(fault: Fault, titles: Sequence[str], whole: str) -> str:
    return titles[fault.column] if fault.column is not None and fault.column < len(titles) else whole


def _try(request: Request, store: RegisterStore, job: ImportJob) -> Response:
    form, jobs = request.state.form, jobs_of(request)
    t = translator(responses.language_of(request))
    target = jobs.target(store, job)
    width = width_of(jobs.first_rows(store, job.id))
    fields = tuple(str(form.get(f"column.{place}", "")) for place in range(width))
    plan = ImportPlan(target, fields, str(form.get("source", "")), form.get("headed") == "1")
    found: dict[str, str] = {}
    try:
        check_mapping(target, fields)
    except ImportRefusedError as refused:
        found["column.0"] = refused.message(responses.language_of(request))
    if plan.source not in store.register.notice.sources:
        found["source"] = t("form.source_missing")
    if found:
        return pages.columns_page(request, store, job, found)
    jobs.check(store, job, plan, actor=request.state.actor)
    jobs.wait(job.id, PATIENCE)
    return responses.redirect(path_of(request, job.id))


def _may_store(job: ImportJob, *, skip: bool) -> None:
    report = report_of(job.facts)
    if report.faulty and not skip:
        raise ImportRefusedError(
            "Korjaa rivit tiedostoon ja lähetä se uudelleen, tai valitse, että virheelliset rivit jätetään pois.",
            "Correct the rows in the file and send it again, or choose to leave the faulty rows out.",
        )
