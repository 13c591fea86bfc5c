"""Recording a deed from the page of whom it concerns: a call, a note, a meeting. Made from the notice like any form."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from seloste.catalogue.model import Kind
from seloste.operations.records.collect import collect
from seloste.operations.records.model import InvalidRowsError, NewRow
from seloste.store.work import NotNeededError
from seloste.web import responses
from seloste.web.open_work import forget
from seloste.web.parts import Act, Choice
from seloste.web.present import Presenter
from seloste.web.problems import NotFoundError
from seloste.web.staff import todo, undo
from seloste.web.staff.sheet import Sheet

MOST_TABS = 4
LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class Composer:
    """A quick form: which kind of row it makes, the tabs of its first choice, where it belongs."""

    kind: str
    choice: str
    tabs: tuple[Choice, ...]
    parent: str
    parent_id: int
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed and could not be stored, and why."""

    text: str = ""
    kind: str = ""
    error: str = ""


def composer(sheet: Sheet) -> Composer | None:
    """The first kind of deeds with a text that may belong to this row or to one of its standing ties."""
    show = sheet.show
    if todo.own_source(show) is None:
        return None
    for key in show.lens.shows:
        kind = show.kind(key)
        parent = _parent(sheet, kind) if _is_deed(show, kind) else None
        if parent is None:
            continue
        choice = _choice(show, kind)
        options = kind.items[choice].options if choice else ()
        tabs = tuple(Choice(value=o.key, text=_capital(o.label.get(show.lang) or o.key)) for o in options)
        return Composer(
            kind=key,
            choice=choice,
            tabs=tabs[:MOST_TABS],
            parent=parent[0],
            parent_id=parent[1],
            acts=(Act(text=show.t("person.record"), look="main"),),
        )
    return None


def _parent(sheet: Sheet, kind: Kind) -> tuple[str, int] | None:
    """From a person's page it belongs to their standing tie; from a firm's it must not fall on one of its people."""
    own = [tie for tie in sheet.positions if not sheet.is_over(tie)] if sheet.kind.subject else []
    tied = next(((tie.kind, tie.id) for tie in own if tie.kind in kind.of), None)
    return tied or ((sheet.row.kind, sheet.row.id) if sheet.row.kind in kind.of else None)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def record(request: Request) -> Response:
    """Store what was written, and go back to the page it was written on."""
    show = Presenter(request)
    form = request.state.form
    key, back = request.path_params["kind"], int(request.path_params["id"])
    made, parent = str(form.get("made", "")), str(form.get("parent", ""))
    number, text = str(form.get("parent_id", "")), str(form.get("text", "")).strip()[:LONGEST]
    if not show.lens.sees(key) or not show.lens.sees(made) or not number.isascii() or not number.isdecimal():
        raise NotFoundError
    kind, source = show.kind(made), todo.own_source(show)
    if not _is_deed(show, kind) or parent not in kind.of or source is None:
        raise NotFoundError
    choice, chosen = _choice(show, kind), str(form.get("kind", ""))
    if not text:
        return _again(request, Draft(text, chosen, show.t("person.write_first")))
    written = next(name for name in show.lens.shows[made] if kind.items[name].free_text)
    values: dict[str, object] = {str(kind.act): show.now, written: text}
    if choice and chosen:
        values[choice] = chosen
    row = NewRow(made, values, {parent: int(number[:18])}, source=source)
    try:
        stored = collect(show.store, [row], actor=show.actor, now=show.now)
    except (InvalidRowsError, NotNeededError) as refused:
        return _again(request, Draft(text, chosen, refused.message(show.lang)))
    forget(request)
    return responses.redirect(undo.address(request, show.href(key, back), [(made, stored.ids["0"])], done="recorded"))


def _again(request: Request, draft: Draft) -> Response:
    """The page as it was, with what was typed and what is wrong with it."""
    from seloste.web.staff.detail import sheet_page

    return sheet_page(request, draft=draft)


def _is_deed(show: Presenter, kind: Kind) -> bool:
    shown = show.lens.shows.get(kind.key, ())
    if kind.tie or kind.built_in:
        return False
    if kind.act is None or kind.act not in shown or kind.items[kind.act].type != "time":
        return False
    return any(kind.items[name].free_text for name in shown) and not kind.subject and _choice(show, kind) != ""


def _choice(show: Presenter, kind: Kind) -> str:
    """The first choice of the kind: how the deed was done."""
    return next((name for name in show.lens.shows[kind.key] if kind.items[name].options), "")
