"""The form for a row that is there: old values, the change, where it became known, and what somebody else changed."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from seloste.catalogue.model import Item, Kind
from seloste.catalogue.types import TYPES
from seloste.clock import today
from seloste.law.periods import add_months_clip
from seloste.operations.accounts.roles import account_names
from seloste.operations.records.changed import last_change
from seloste.operations.records.model import InvalidRowsError, NewRow, NoSuchRowError, Record, Sealed, show
from seloste.operations.records.model import title as title_of
from seloste.operations.records.read import row as read_row
from seloste.operations.records.rectify import rectify
from seloste.operations.records.validate import Validator
from seloste.operations.rights.unasked import may_be_told
from seloste.store.engine import StoreError
from seloste.store.registers import RegisterStore
from seloste.store.work import NotNeededError
from seloste.web import registers, responses, security
from seloste.web.frame import frame_of
from seloste.web.i18n import formats, translator
from seloste.web.parts import Field, Head, Link
from seloste.web.present import Presenter
from seloste.web.problems import NotFoundError
from seloste.web.registers import said
from seloste.web.staff.form_choose import Chooser
from seloste.web.staff.form_parts import Drawer, Filled, Section, shown_texts
from seloste.web.staff.form_plan import Plan, plan_edit
from seloste.web.staff.form_read import CLEAR, Posted, as_typed, faults_of, refusal_of, undated
from seloste.web.staff.forms import crumbs, low, propose, summary
from seloste.web.staff.shown import absent

WRONG = "was_wrong"
"""The tick that what stood there was wrong, so that those who received it are told."""
TYPING = dt.timedelta(hours=1)
"""How long after it was entered a row is taken to be mended as it is typed."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that two people changed: what each made of it."""

    item: str
    label: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Clash:
    """Somebody else changed the same cells since the form was opened."""

    title: str
    several: tuple[Difference, ...]


@dataclass(slots=True)
class Edit:
    """One row being changed."""

    plan: Plan
    record: Record
    posted: Posted
    chooser: Chooser
    faults: dict[str, str] = field(default_factory=dict)
    refused: NotNeededError | None = None
    broken: bool = False
    clash: Clash | None = None

    @property
    def kind(self) -> Kind:
        return self.plan.kind


def edit(request: Request) -> Response:
    """The form with the values as they are; a sending changes only what differs from what was shown."""
    store, state = registers.store(request), request.state
    lens, key = store.register.lenses.get(state.lens), request.path_params["kind"]
    if lens is None or key not in store.register.tables or store.register.tables[key].kind.built_in:
        raise NotFoundError
    try:
        record = read_row(store, key, request.path_params["id"], actor=state.actor, now=state.now)
    except NoSuchRowError:
        raise absent(Presenter(request), key, request.path_params["id"]) from None
    plan, posted = plan_edit(store, lens, record), Posted(state.form)
    chooser = Chooser(store, plan, posted, responses.language_of(request), actor=state.actor, now=state.now)
    chooser.sealed = frozenset(end.name for end in plan.ends if isinstance(record.values.get(end.column), Sealed))
    form = Edit(plan, record, posted, chooser)
    if request.method == "GET":
        for end in plan.ends:
            chooser.chosen[end.name] = str(record.references.get(end.column, ""))
        return _page(request, form)
    if posted.one("find"):
        chooser.search(posted.one("find"))
        return _page(request, form)
    return _save(request, store, form)


def _save(request: Request, store: RegisterStore, form: Edit) -> Response:
    lang, state = responses.language_of(request), request.state
    t = translator(lang)
    form.chooser.settle(t)
    typed = _typed(store, state.lens, form, lang)
    form.faults |= form.chooser.faults
    if not form.posted.one("source"):
        form.faults["source"] = t("form.source_missing")
    for day in undated(form.plan.parts[0], form.posted):
        if day.key in form.record.values:
            form.faults.setdefault(f"{form.kind.key}.{day.key}", t("entry.day_needed"))
    named = form.kind.subject or form.kind.about == "nobody"
    titles = [name for name in form.kind.title if name in typed]
    if named and titles and not any(typed[name] for name in titles):
        first = form.kind.items[titles[0]]
        form.faults.setdefault(f"{form.kind.key}.{first.key}", t("form.required", label=low(said(first.label, lang))))
    if form.faults:
        return _page(request, form, status=422)
    changes = _resolved(request, store, form, typed)
    if form.clash is not None:
        return _page(request, form, status=409)
    path = f"/r/{state.register_key}/{form.kind.key}/{form.record.id}"
    if not changes:
        return responses.redirect(path, done="unchanged")
    source = form.posted.one("source")
    try:
        made = rectify(
            store, form.kind.key, form.record.id, changes,
            source=source, wrong=bool(form.posted.one(WRONG)), actor=state.actor, now=state.now,
        )  # fmt: skip
    except InvalidRowsError as invalid:
        form.faults = faults_of(invalid.problems, form.plan, lang)
        return _page(request, form, status=422)
    except NotNeededError as refused:
        form.refused = refused
        return _page(request, form, status=422)
    except StoreError:
        form.broken = True
        return _page(request, form, status=503)
    return responses.redirect(path, done="changed_told" if made.told else "changed")


def _typed(store: RegisterStore, lens: str, form: Edit, lang: str) -> dict[str, Any]:
    """What each cell of the form holds now, as its type reads it; faults are kept. Sealed cells only when retyped."""
    part = form.plan.parts[0]
    validator = Validator(store.register, store.register.lenses[lens], store.types)
    raw: dict[str, Any] = {}
    for item in part.items:
        texts = form.posted.all(part.name(item))
        if isinstance(form.record.values.get(item.key), Sealed) and not texts:
            if form.posted.one(part.name(item) + CLEAR):
                raw[item.key] = None
            continue
        raw[item.key] = as_typed(item, texts) if texts else None
    given = {name: value for name, value in raw.items() if value is not None}
    found = validator.values(NewRow(part.key, given, ref=part.key))
    form.faults = faults_of(validator.problems, form.plan, lang)
    chosen = {end.column: form.chooser.chosen[end.name] for end in part.ends}
    # Where somebody guarded lives is not shown, so that nothing chosen there means that it stays.
    ends = {
        column: int(picked) if picked.isdecimal() else None
        for column, picked in chosen.items()
        if picked or not isinstance(form.record.values.get(column), Sealed)
    }
    return {name: found.get(name) for name in raw} | ends


def _now(form: Edit, name: str) -> Any:
    """What the row holds of an item or reference."""
    return form.record.references.get(name, form.record.values.get(name))


def _same(item: Item | None, a: Any, b: Any) -> bool:
    if a in (None, [], "") or b in (None, [], ""):
        return a in (None, [], "") and b in (None, [], "")
    if isinstance(a, Sealed) or isinstance(b, Sealed):
        return False
    if item is None or item.type not in TYPES:
        return bool(a == b)
    # A changed letter is a change, so values are compared as they stand and not as they are searched for.
    return bool(a == b)


def marks(form: Edit) -> str:
    """The version of every cell as it stands: what the form was opened with, without the values themselves."""
    names = sorted([*(item.key for item in form.plan.parts[0].items), *(end.column for end in form.plan.ends)])
    return ";".join(f"{name}:{_mark(form, name)}" for name in names)


def _mark(form: Edit, name: str) -> str:
    value = _now(form, name)
    item = form.kind.items.get(name)
    if isinstance(value, Sealed):
        text = "sealed"
    elif value is None or item is None or item.type not in TYPES:
        text = str(value)
    else:
        text = "\x1f".join(TYPES[item.type].edit(each) for each in (value if item.many else [value]))
    return hashlib.sha256(f"{form.kind.key} {form.record.id} {name} {text}".encode()).hexdigest()[:16]


def _resolved(request: Request, store: RegisterStore, form: Edit, typed: Mapping[str, Any]) -> dict[str, Any]:
    """The changes to make. What somebody else changed meanwhile stays, unless it was changed here to something else."""
    opened = dict(pair.split(":", 1) for pair in form.posted.one("opened").split(";") if ":" in pair)
    items = form.kind.items
    differing = [name for name, value in typed.items() if not _same(items.get(name), value, _now(form, name))]
    moved = [name for name in differing if name in opened and opened[name] != _mark(form, name)]
    # Of what moved, the form may still hold what it was opened with: then only they changed it.
    both = [name for name in moved if _as_opened(form, name, typed[name]) != opened[name]]
    theirs = set(moved) - set(both)
    choice = form.posted.one("clash")
    if both and (choice not in ("mine", "theirs") or form.posted.one("current") != marks(form)):
        form.clash = _clash(request, store, form, both, typed)
        return {}
    if choice == "theirs":
        theirs |= set(both)
    return {name: typed[name] for name in differing if name not in theirs}


def _as_opened(form: Edit, name: str, value: Any) -> str:
    """The version that a cell would have with a value."""
    values, pointing = dict(form.record.values), dict(form.record.references)
    for held in (values, pointing):
        held.pop(name, None)
    if value is not None:
        (values if name in form.kind.items and form.kind.items[name].type != "ref" else pointing)[name] = value
    there = Record(form.kind.key, form.record.id, values, pointing, None, None)
    return _mark(Edit(form.plan, there, form.posted, form.chooser), name)


def _clash(request: Request, store: RegisterStore, form: Edit, both: list[str], typed: Mapping[str, Any]) -> Clash:
    lang = responses.language_of(request)
    t, f = translator(lang), formats(lang)
    several = tuple(
        Difference(
            item=name,
            label=said(form.kind.items[name].label, lang) if name in form.kind.items else name,
            mine=_shown(form, name, typed[name], lang) or t("entry.empty_value"),
            theirs=_shown(form, name, _now(form, name), lang) or t("entry.empty_value"),
        )
        for name in both
    )
    labels = f.listed(low(each.label) for each in several)
    changed = last_change(store, form.kind.key, form.record.id, both)
    if changed is None:
        return Clash(t("entry.clash_someone", item=labels), several)
    who = account_names(registers.deployment(request)).get(changed[0], changed[0])
    return Clash(t("state.clash", who=who, item=labels, time=f.time(changed[1])), several)


def _shown(form: Edit, name: str, value: Any, lang: str) -> str:
    item = form.kind.items.get(name)
    if isinstance(value, Sealed):
        return "•••"
    if item is None or item.type == "ref":
        return "" if value is None else str(value)
    return show(item, value, lang)


def _page(request: Request, form: Edit, *, status: int = 200) -> Response:
    lang, state = responses.language_of(request), request.state
    t, f = translator(lang), formats(lang)
    store, kind, part = registers.store(request), form.kind, form.plan.parts[0]
    if request.method == "GET":
        texts = {f"{kind.key}.{name}": held for name, held in shown_texts(kind, form.record.values, lang)}
    else:
        texts = form.posted.texts()
    refusal = refusal_of(form.refused, form.plan, store.register, t, f, lang) if form.refused else None
    errors = {**form.faults, **(refusal.fields if refusal else {})}
    sealed = frozenset(part.name(item) for item in part.items if isinstance(form.record.values.get(item.key), Sealed))
    filled = Filled(texts=texts, errors=errors, picks=form.chooser.picks(errors, texts), sealed=sealed)
    drawer = Drawer(store.register, t, lang, filled, store.register.lenses[state.lens].purposes)
    source = drawer.source(form.plan, f.date(add_months_clip(today(state.now), 1)), title="entry.change_source")
    wrong = _wrong(drawer, form, state.now) if may_be_told(store.register, kind.key) else ()
    sections = (*drawer.sections(form.plan), *_clearing(drawer, form, sealed), source, *wrong)
    name = title_of(kind, form.record.values) or said(kind.label, lang)
    path = f"/r/{state.register_key}/{kind.key}/{form.record.id}"
    opened = marks(form) if request.method == "GET" else form.posted.one("opened")
    return responses.page(
        request,
        "staff/form.html",
        status=status,
        frame=frame_of(request, current=f"/r/{state.register_key}/{kind.key}"),
        head=Head(
            title=t("entry.edit_what", what=name),
            crumbs=(*crumbs(request, kind), Link(text=name, href=path)),
            errors=status >= 400,
        ),
        hidden=(*security.hidden(request), ("opened", opened), ("current", marks(form))),
        faults=summary(form.faults, drawer, form.plan),
        refused=refusal.text if refusal else "",
        broken=request.state.id if form.broken else "",
        propose=propose(store.register.notice, form.refused, lang) if form.refused else None,
        doubles=(),
        sections=sections,
        submit=t("form.save_what", what=t("entry.the_change")),
        cancel=path,
        clash=form.clash,
    )


def _wrong(drawer: Drawer, form: Edit, now: dt.datetime) -> tuple[Section, ...]:
    """Only whoever corrects knows whether the old value was wrong or has changed since. Just entered, it is typing."""
    recorded = form.record.recorded_at
    if recorded is not None and now - recorded < TYPING:
        return ()
    tick = Field(
        name=WRONG,
        label=drawer.t("entry.was_wrong"),
        widget="checkbox",
        hint=drawer.t("entry.was_wrong_hint"),
        shown=drawer.filled.of(WRONG),
        optional=True,
        unmarked=True,
    )
    return (Section(title=drawer.t("entry.was_wrong_title"), id="wrong", entries=(tick,)),)


def _clearing(drawer: Drawer, form: Edit, sealed: frozenset[str]) -> tuple[Section, ...]:
    """A sealed value is not shown, so emptying its field cannot mean removing it: that is ticked."""
    part = form.plan.parts[0]
    ticks = tuple(
        Field(
            name=part.name(item) + CLEAR,
            label=drawer.t("entry.clear_sealed", label=said(item.label, drawer.lang)),
            widget="checkbox",
            shown=drawer.filled.of(part.name(item) + CLEAR),
            optional=True,
        )
        for item in part.items
        if part.name(item) in sealed
    )
    return (Section(title=drawer.t("exports.sensitive"), id="sealed", entries=ticks),) if ticks else ()
