"""The pages of an import, one for each step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from seloste.clock import today
from seloste.law.periods import add_months_clip
from seloste.operations.records.transfer.errors import ImportRefusedError
from seloste.operations.records.transfer.jobs import Jobs, report_of
from seloste.operations.records.transfer.target import Target, targets
from seloste.store.import_jobs import ImportJob
from seloste.store.registers import RegisterStore
from seloste.web import registers, responses, security
from seloste.web.frame import frame_of
from seloste.web.i18n import formats, translator
from seloste.web.parts import Act, Choice, Field, Head, Link
from seloste.web.registers import said
from seloste.web.staff.form_plan import sources_of
from seloste.web.staff.import_parts import columns, fault_table, made_pairs, what

SHOWN_FAULTS = 50


def jobs_of(request: Request) -> Jobs:
    """The imports of this installation."""
    state = request.app.state
    if not hasattr(state, "imports"):
        state.imports = Jobs(registers.deployment(request), state.settings.data_dir / "imports", state.now)
    found: Jobs = state.imports
    return found


def path_of(request: Request, job: str) -> str:
    return f"/r/{request.state.register_key}/import/{job}"


def job_of(request: Request) -> ImportJob:
    return jobs_of(request).get(registers.store(request), request.path_params["job"], actor=request.state.actor)


def known_targets(request: Request, store: RegisterStore) -> tuple[Target, ...]:
    return targets(store.register, store.register.lenses[request.state.lens])


def _head(request: Request, title: str, *, errors: bool = False, crumb: bool = True) -> Head:
    t = translator(responses.language_of(request))
    crumbs = (Link(text=t("list.import"), href=f"/r/{request.state.register_key}/import"),) if crumb else ()
    return Head(title=title, crumbs=crumbs, errors=errors, flash=responses.flash(request))


def _page(request: Request, template: str, head: Head, *, status: int = 200, **context: Any) -> Response:
    return responses.page(
        request,
        f"staff/{template}.html",
        status=status,
        frame=frame_of(request),
        head=head,
        hidden=security.hidden(request),
        **context,
    )


def start_page(request: Request, found: Mapping[str, str]) -> Response:
    store, lang = registers.store(request), responses.language_of(request)
    t = translator(lang)
    known = known_targets(request, store)
    asked = request.query_params.get("kind", "")
    sent = request.state.form.get("target")
    chosen = sent or next((each.key for each in known if each.kind == asked), known[0].key if known else "")
    fields = (
        Field(
            name="file",
            label=t("imports.file"),
            widget="file",
            hint=t("imports.file_hint"),
            error=found.get("file", ""),
            limits=(("accept", ".csv,.txt,.tsv,.xlsx,.xlsm"),),
        ),
        Field(
            name="target",
            label=t("imports.as_plain"),
            widget="radio",
            shown=(str(chosen),),
            error=found.get("target", ""),
            choices=tuple(Choice(value=each.key, text=what(store.register, each, lang)) for each in known),
        ),
    )
    waiting = tuple(
        Link(text=t("imports.waits"), href=path_of(request, job.id))
        for job in jobs_of(request).waiting(store, actor=request.state.actor)
    )
    return _page(
        request,
        "import_start",
        _head(request, t("list.import"), errors=bool(found), crumb=False),
        status=422 if found else 200,
        fields=fields if known else (),
        faults=tuple(Link(text=text, href=f"#{name}") for name, text in found.items()),
        waiting=waiting,
    )


def columns_page(request: Request, store: RegisterStore, job: ImportJob, found: Mapping[str, str]) -> Response:
    lang = responses.language_of(request)
    t = translator(lang)
    jobs = jobs_of(request)
    target = jobs.target(store, job)
    form = request.state.form
    given = request.method == "POST" and form.get("do") == "try"
    rows = jobs.first_rows(store, job.id)
    chosen = [str(form.get(f"column.{place}", "")) for place in range(width_of(rows))] if given else job.facts["fields"]
    headed = (form.get("headed") == "1") if given else bool(job.facts.get("headed"))
    lens = store.register.lenses[request.state.lens]
    kinds = [store.register.tables[node.kind].kind for node in target.nodes if node.kind in (target.kind, target.tie)]
    kinds.sort(key=lambda kind: kind.key != target.kind)
    f = formats(lang)
    tell_by = f.date(add_months_clip(today(request.state.now), 1))
    source = Field(
        name="source",
        label=t("form.source"),
        widget="radio",
        shown=(str(form.get("source", "")) if given else str(job.facts.get("source", "")),),
        error=found.get("source", ""),
        choices=tuple(
            Choice(
                value=each.key,
                text=said(each.text, lang)[:1].upper() + said(each.text, lang)[1:],
                hint=t("entry.tell_by_short", date=tell_by) if each.art14 else "",
            )
            for each in sources_of(store.register, kinds)
        ),
    )
    return _page(
        request,
        "import_columns",
        _head(request, t("imports.step_columns"), errors=bool(found)),
        status=422 if found else 200,
        sub=what(store.register, target, lang),
        count=int(job.facts.get("rows", 0)) - headed,
        columns=columns(rows, job, t, target=target, register=store.register, chosen=chosen, lang=lang, headed=headed),
        headed=Field(name="headed", label=t("imports.headed"), widget="checkbox", shown=("1",) if headed else ()),
        source=source,
        faults=tuple(Link(text=text, href=f"#{name}") for name, text in found.items()),
        path=path_of(request, job.id),
        lens=lens.key,
    )


def width_of(rows: list[list[str]]) -> int:
    return max((len(row) for row in rows), default=0)


def working_page(request: Request, job: ImportJob) -> Response:
    t = translator(responses.language_of(request))
    word = {"reading": "imports.reading", "checking": "imports.checking"}.get(job.state, "imports.storing")
    head = _head(request, t(word).rstrip("."))
    return _page(
        request,
        "import_working",
        head,
        done=job.done,
        total=job.total,
        path=path_of(request, job.id),
        may_cancel=job.state != "settling",
    )


def checked_page(
    request: Request, store: RegisterStore, job: ImportJob, refused: ImportRefusedError | None = None
) -> Response:
    lang = responses.language_of(request)
    t, jobs, report = translator(lang), jobs_of(request), report_of(job.facts)
    names = [each.title for each in columns(jobs.first_rows(store, job.id), job, t)]
    shown = [fault for _, fault in zip(range(SHOWN_FAULTS), jobs.faults(job.id), strict=False)]
    return _page(
        request,
        "import_checked",
        _head(request, t("imports.step_check"), errors=refused is not None),
        status=422 if refused else 200,
        report=report,
        table=fault_table(shown, names, t, lang) if shown else None,
        more_faults=t("imports.faults_of", n=SHOWN_FAULTS) if len(shown) == SHOWN_FAULTS else "",
        pairs=made_pairs(store.register, report, lang, t),
        faulty=Field(
            name="faulty",
            label=t("imports.faulty_label"),
            widget="radio",
            shown=("fix",),
            error=refused.message(lang) if refused else "",
            choices=(
                Choice(value="fix", text=t("imports.faulty_fix")),
                Choice(value="skip", text=t("imports.faulty_skip", n=report.faulty)),
            ),
        )
        if report.faulty and report.good
        else None,
        doubles=Field(
            name="doubles",
            label=t("imports.doubles_label"),
            widget="radio",
            hint=t("imports.doubles", n=report.doubles),
            shown=("skip",),
            choices=(
                Choice(value="skip", text=t("imports.doubles_skip")),
                Choice(value="store", text=t("imports.doubles_store")),
            ),
        )
        if report.doubles
        else None,
        path=path_of(request, job.id),
    )


def done_page(request: Request, store: RegisterStore, job: ImportJob) -> Response:
    lang = responses.language_of(request)
    t, f = translator(lang), formats(lang)
    target = jobs_of(request).target(store, job)
    source = store.register.notice.sources.get(str(job.facts.get("source", "")))
    result = job.facts["result"]
    tell = ""
    if source is not None and source.art14 and store.register.tables[target.kind].kind.subject:
        tell = t("imports.tell_by", date=f.date(add_months_clip(today(job.touched_at), 1)))
    base = f"/r/{request.state.register_key}"
    acts = (
        Act(text=t("imports.see_list"), href=f"{base}/{target.kind}", look="main"),
        Act(text=t("imports.again"), href=f"{base}/import"),
    )
    return _page(
        request,
        "import_done",
        _head(request, t("imports.done", n=int(result["taken"])).rstrip(".")),
        left_out=int(result["left_out"]),
        banned=int(result.get("banned", 0)),
        tell=tell,
        source=t("imports.source", source=said(source.text, lang)) if source else "",
        acts=acts,
    )


def ended_page(request: Request, job: ImportJob) -> Response:
    lang = responses.language_of(request)
    t = translator(lang)
    if job.state == "cancelled":
        told = t("imports.cancelled")
    else:
        error = job.facts.get("error")
        told = error[lang] if error else t("imports.failed")
    again = Act(text=t("imports.again"), href=f"/r/{request.state.register_key}/import")
    return _page(request, "import_ended", _head(request, t("list.import"), crumb=False), told=told, again=again)
