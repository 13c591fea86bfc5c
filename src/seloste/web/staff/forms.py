"""The form for a new row of any kind, made from the notice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from seloste.catalogue.model import PERSON, Kind
from seloste.clock import today
from seloste.compiler.register import CompiledLens
from seloste.law.periods import add_months_clip
from seloste.notice.model import Notice
from seloste.operations.mail.smtp import MailNotSetUpError
from seloste.operations.permissions.asking import enter_asking
from seloste.operations.permissions.say import CannotSayError
from seloste.operations.records.collect import Collected
from seloste.operations.records.doubles import Double, doubles
from seloste.operations.records.model import InvalidRowsError, NewRow, Problem
from seloste.operations.records.remove import RowId
from seloste.operations.records.transfer.target import entries
from seloste.operations.records.validate import Validator
from seloste.store.engine import StoreError
from seloste.store.registers import RegisterStore
from seloste.store.work import NotNeededError
from seloste.web import registers, responses, security
from seloste.web.frame import frame_of
from seloste.web.i18n import formats, translator
from seloste.web.parts import Head, Item, Link
from seloste.web.problems import ForbiddenError, NotFoundError
from seloste.web.registers import said
from seloste.web.staff import undo
from seloste.web.staff.form_choose import Chooser
from seloste.web.staff.form_parts import Drawer, Filled
from seloste.web.staff.form_plan import Plan, has_form, plan_new
from seloste.web.staff.form_read import (
    Posted,
    answers_of,
    faults_of,
    is_number,
    missing,
    refusal_of,
    rows_of,
    values_of,
)


@dataclass(slots=True)
class Form:
    """One form being filled: what it makes, what stands in it, what was found wrong."""

    plan: Plan
    posted: Posted
    chooser: Chooser
    faults: dict[str, str] = field(default_factory=dict)
    refused: NotNeededError | None = None
    broken: bool = False
    """The database did not take it; nothing typed is lost."""
    doubles: tuple[Double, ...] = ()


def new(request: Request) -> Response:
    """The form, or for a subject with several ways in the choice between them."""
    store, lens, kind = _asked(request)
    ways = entries(store.register, lens, kind.key) if kind.subject else ()
    chosen = request.query_params.get("as", "")
    entry = next((way for way in ways if chosen in way.categories or chosen == way.tie), None)
    if kind.subject and entry is None:
        if len(ways) > 1:
            return _ways(
                request, kind, [(way.categories[0], [said(text, _lang(request)) for text in way.texts]) for way in ways]
            )
        entry = ways[0]
    plan = plan_new(store, lens, kind.key, entry)
    posted = Posted(request.state.form)
    chooser = Chooser(store, plan, posted, _lang(request), actor=request.state.actor, now=request.state.now)
    form = Form(plan, posted, chooser)
    if request.method == "GET":
        chooser.prefill({key: value for key, value in request.query_params.items() if is_number(value)})
        return _page(request, form)
    if posted.one("find"):
        chooser.search(posted.one("find"))
        return _page(request, form)
    return _save(request, store, form)


def suggest(request: Request) -> Response:
    """Rows to choose from for what is being typed, as a piece of the form."""
    store, lens = registers.store(request), request.state.lens
    key = request.path_params["kind"]
    if key not in store.register.tables or not store.register.lenses[lens].sees(key):
        raise NotFoundError
    from seloste.web.staff.form_pick import Picker

    # Posted while one types, so that no address holds what is typed.
    sent = request.state.form if request.method == "POST" else request.query_params
    name, query = str(sent.get("name", ""))[:120], str(sent.get("q", ""))[:200]
    picker = Picker(store, _lang(request), actor=request.state.actor, now=request.state.now)
    hits = picker.search(store.register.tables[key].kind, query)
    from seloste.web.ui import render

    with_new = str(sent.get("new", ""))[:100]
    text = render(
        "staff/form_hits.html", _lang(request), name=name, hits=hits, chosen="", asked=True, new_text=with_new
    )
    return HTMLResponse(text)


def _lang(request: Request) -> str:
    return responses.language_of(request)


def _asked(request: Request) -> tuple[RegisterStore, CompiledLens, Kind]:
    """The register, the role and the kind. Raises NotFoundError, ForbiddenError."""
    store = registers.store(request)
    lens = store.register.lenses.get(request.state.lens)
    key = request.path_params["kind"]
    if lens is None or key not in store.register.tables or store.register.tables[key].kind.built_in:
        raise NotFoundError
    if not has_form(store.register, lens, key):
        raise ForbiddenError
    return store, lens, store.register.tables[key].kind


def _save(request: Request, store: RegisterStore, form: Form) -> Response:
    t, lang, state = translator(_lang(request)), _lang(request), request.state
    form.chooser.settle(t)
    chosen = form.chooser.chosen
    form.faults = {**missing(form.plan, form.posted, chosen, t, lang), **form.chooser.faults}
    rows = rows_of(form.plan, form.posted, chosen, store.register)
    rows = [form.chooser.completed(row) for row in rows]
    validator = Validator(store.register, store.register.lenses[state.lens], store.types)
    for row in rows:
        validator.row(row)
    told = [problem for problem in validator.problems if not _asked_already(form, problem)]
    found = faults_of(told, form.plan, lang)
    form.faults = {**{name: text for name, text in found.items() if name not in form.faults}, **form.faults}
    if form.faults:
        return _page(request, form, status=422)
    if form.plan.kind.subject and not form.posted.one("seen"):
        typed = validator.values(NewRow(form.plan.kind.key, values_of(form.plan.parts[0], form.posted)))
        form.doubles = doubles(store, form.plan.kind.key, typed, actor=state.actor, now=state.now)
        if form.doubles:
            return _page(request, form)
    try:
        done = enter_asking(
            store,
            rows,
            answers_of(form.plan, form.posted, lang),
            subject=_subject(form),
            actor=state.actor,
            now=state.now,
        )
    except InvalidRowsError as invalid:
        form.faults = faults_of(invalid.problems, form.plan, lang)
        return _page(request, form, status=422)
    except NotNeededError as refused:
        form.refused = refused
        return _page(request, form, status=422)
    except (CannotSayError, MailNotSetUpError) as cannot:
        form.faults = {"consent": cannot.message(lang)}
        return _page(request, form, status=422)
    except StoreError:
        form.broken = True
        return _page(request, form, status=503)
    if done.stored is None:
        return responses.redirect(f"/r/{state.register_key}/{form.plan.kind.key}", done="asked_confirm")
    return _saved(request, form, rows, done.stored, asked=bool(done.asked))


def _subject(form: Form) -> str | int:
    """Whose answers to the wordings they are: the new person's, or those of the person a row belongs to."""
    end = next((end for end in form.plan.ends if end.parent and end.kind.key == PERSON), None)
    picked = form.chooser.chosen[end.name] if end is not None else ""
    return form.plan.kind.key if form.plan.kind.subject or not picked.isdecimal() else int(picked)


def _asked_already(form: Form, problem: Problem) -> bool:
    """A row that lacks what it belongs to is told of once, where that is chosen."""
    part = form.plan.part(problem.kind)
    lacking = part is not None and problem.item in part.kind.of
    return lacking and part is not None and any(end.name in form.faults for end in part.ends if end.parent)


def _saved(request: Request, form: Form, rows: list[NewRow], done: Collected, *, asked: bool = False) -> Response:
    key = request.state.register_key
    kinds = {row.ref: row.kind for row in rows}
    stored: list[RowId] = [(kinds[ref], number) for ref, number in done.ids.items()]
    main = form.plan.kind
    stored.sort(key=lambda row: row[0] != main.key)
    number = done.ids[main.key]
    path = f"/r/{key}/{main.key}/{number}"
    if form.chooser.picker.record(main.key, number) is None:
        # A role that sees only what is its own does not see what it made for somebody else.
        path = f"/r/{key}/{main.key}"
    if form.chooser.came_from is not None:
        kind, number = form.chooser.came_from
        path = f"/r/{key}/{kind}/{number}"
    elif main.tie:
        subject = next((end for end in form.plan.ends if end.kind.subject and form.chooser.chosen.get(end.name)), None)
        if subject is not None:
            path = f"/r/{key}/{subject.kind.key}/{form.chooser.chosen[subject.name]}"
    told = "stored_asked" if asked else "stored_tell" if done.tell_by else "stored"
    return responses.redirect(undo.address(request, path, stored, done=told))


def _ways(request: Request, kind: Kind, ways: list[tuple[str, list[str]]]) -> Response:
    """First the category: what ties a person to the register decides what may be asked of them."""
    lang, key = _lang(request), request.state.register_key
    t, f = translator(lang), formats(lang)
    rows = tuple(
        Item(text=_sentence(f.listed(texts)), href=f"/r/{key}/{kind.key}/new?as={quote(category)}")
        for category, texts in ways
    )
    return responses.page(
        request,
        "staff/form_ways.html",
        frame=frame_of(request, current=f"/r/{key}/{kind.key}"),
        head=Head(title=t("entry.new_what", what=low(said(kind.label, lang))), crumbs=crumbs(request, kind)),
        rows=rows,
    )


def crumbs(request: Request, kind: Kind) -> tuple[Link, ...]:
    return (Link(text=said(kind.plural, _lang(request)), href=f"/r/{request.state.register_key}/{kind.key}"),)


def _page(request: Request, form: Form, *, status: int = 200) -> Response:
    lang, state = _lang(request), request.state
    t, f = translator(lang), formats(lang)
    store, kind = registers.store(request), form.plan.kind
    texts = form.posted.texts() if request.method != "GET" else prefilled(form.plan, state.now)
    refusal = refusal_of(form.refused, form.plan, store.register, t, f, lang) if form.refused else None
    errors = {**form.faults, **(refusal.fields if refusal else {})}
    filled = Filled(texts=texts, errors=errors, picks=form.chooser.picks(errors, texts))
    drawer = Drawer(store.register, t, lang, filled, store.register.lenses[state.lens].purposes)
    tell_by = f.date(add_months_clip(today(state.now), 1))
    sections = (*drawer.sections(form.plan), drawer.source(form.plan, tell_by))
    sections += drawer.consents(form.plan.consents)
    what = low(said(kind.label, lang))
    return responses.page(
        request,
        "staff/form.html",
        status=status,
        frame=frame_of(request, current=f"/r/{state.register_key}/{kind.key}"),
        head=Head(title=t("entry.new_what", what=what), crumbs=crumbs(request, kind), errors=status >= 400),
        hidden=(*security.hidden(request), *_carried(form)),
        faults=summary(form.faults, drawer, form.plan),
        refused=refusal.text if refusal else "",
        broken=request.state.id if form.broken else "",
        propose=propose(store.register.notice, form.refused, lang) if form.refused else None,
        doubles=_doubles(request, kind, form.doubles),
        sections=sections,
        submit=t("form.save_what", what=what),
        cancel=form.chooser.back or f"/r/{state.register_key}/{kind.key}",
        clash=None,
    )


def _carried(form: Form) -> tuple[tuple[str, str], ...]:
    """What the next sending must know: the page it began at, and that a likely double was shown."""
    came = form.chooser.came_from
    found = (("from", f"{came[0]}.{came[1]}"),) if came else ()
    return (*found, ("seen", "1")) if form.doubles or form.posted.one("seen") else found


def prefilled(plan: Plan, now: dt.datetime) -> Mapping[str, list[str]]:
    """Today where a part has a day; a source that is the only one needs no choosing."""
    from seloste.catalogue.types import TYPES

    texts: dict[str, list[str]] = {}
    for part in plan.parts:
        day = next((item for item in part.items if item.key == part.day), None)
        if day is not None:
            texts[part.name(day)] = [TYPES[day.type].edit(now.replace(second=0) if day.type == "time" else today(now))]
    if len(plan.sources) == 1:
        texts["source"] = [plan.sources[0].key]
    return texts


def summary(faults: Mapping[str, str], drawer: Drawer, plan: Plan) -> tuple[Link, ...]:
    """The faults in the order of the form, each leading to its field."""
    found = []
    for section in (*drawer.sections(plan), drawer.source(plan, "")):
        for entry in section.entries:
            own = [(entry.name, entry.label), *((each.name, each.label) for each in getattr(entry, "news", ()))]
            for name, label in own:
                if name in faults:
                    text = faults[name] if name == "source" else f"{label}: {low(faults[name])}"
                    found.append(Link(text=text, href=f"#{name}"))
    told = {link.href for link in found}
    found += [Link(text=text, href="") for name, text in faults.items() if f"#{name}" not in told]
    return tuple(found)


def propose(notice: Notice, refused: NotNeededError | None, lang: str) -> Link | None:
    """A letter to whoever leads the register: which items, never a value."""
    to = notice.controller.contact_email or notice.controller.email
    if not to or refused is None:
        return None
    t = translator(lang)
    names = ", ".join(f"{kind}.{item}" for kind, item in refused.cells)
    subject = quote(t("entry.propose_subject", items=names))
    return Link(text=t("state.suggest"), href=f"mailto:{to}?subject={subject}")


def _doubles(request: Request, kind: Kind, found: tuple[Double, ...]) -> tuple[Link, ...]:
    key = request.state.register_key
    return tuple(
        Link(text=each.title or str(each.record.id), href=f"/r/{key}/{kind.key}/{each.record.id}") for each in found
    )


def low(text: str) -> str:
    """A label inside a sentence; one that begins with a code or an abbreviation stays."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == "" else text


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
