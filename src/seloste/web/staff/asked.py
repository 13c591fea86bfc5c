"""What the address of a list asks for: words, filters, order, page. What it may not ask for is left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request

from seloste.catalogue.model import Item
from seloste.clock import HELSINKI
from seloste.notice.ways import own_date, references
from seloste.operations.records.read import Filter, From
from seloste.web import registers, searched
from seloste.web.present import Presenter
from seloste.web.staff import todo

MOST_CHOICES = 3


@dataclass(frozen=True, slots=True)
class Choosing:
    """A choice that filters: the address' name for it (a tie's is ``relationship.stage``), its item."""

    name: str
    item: Item


class Asked:
    """One list as its address has it."""

    def __init__(self, request: Request, show: Presenter, kind: str) -> None:
        params = request.query_params
        self.show, self.kind, self.path = show, show.kind(kind), show.href(kind)
        self.query = searched.opened(request, "q")
        given = params.get("q", "")
        self.sealed = given if given.startswith(searched.MARK) and self.query else searched.sealed(request, self.query)
        """The same as an address may hold it."""
        self.choices = choosing(show, kind)
        self.chosen = {
            each.name: params[each.name]
            for each in self.choices
            if params.get(each.name) in {option.key for option in each.item.options}
        }
        self.ends = {
            column: int(params[column])
            for column, target in pointed(show, kind).items()
            if _is_number(params.get(column, "")) and target is not None
        }
        self.dated = dated_item(show, kind)
        self.since, self.until = (_day(params.get(name, "")) if self.dated else None for name in ("from", "until"))
        self.missing = params.get("missing", "") if params.get("missing", "") in missable(show, kind) else ""
        self.state = params.get("state", "") if todo.done_item(show, self.kind) else ""
        self.state = self.state if self.state in ("open", "done") else ""
        self.leaves = params.get("leaves", "") == "soon"
        self.page = int(params["page"]) if _is_number(params.get("page", "")) and len(params["page"]) < 7 else 1
        self.begins = _begins(params)
        sort = params.get("sort", "")
        wanted = sort.removeprefix("-")
        self.sorted = wanted if wanted in sortable(show, kind) else ""
        self.sort, self.descending = (self.sorted, sort.startswith("-")) if self.sorted else default_order(show, kind)

    @property
    def given(self) -> bool:
        """Whether anything narrows the list."""
        narrowed = self.query, self.chosen, self.ends, self.since, self.until, self.missing, self.state, self.leaves
        return any(narrowed)

    def state_of(self) -> dict[str, str]:
        """What the address holds, but for the page."""
        found: dict[str, object] = {
            "q": self.sealed,
            **self.chosen,
            **self.ends,
            "from": self.since or "",
            "until": self.until or "",
            "missing": self.missing,
            "state": self.state,
            "leaves": "soon" if self.leaves else "",
            "sort": f"{'-' if self.descending else ''}{self.sorted}" if self.sorted else "",
        }
        return {name: str(value) for name, value in found.items() if value != ""}

    def kept(self) -> dict[str, str]:
        """What of it may be kept under a name: choices and the order. What was typed, a day included, and which row a
        list was narrowed by would be somebody's data in another place, that nothing erases.
        """
        typed = {"q", "from", "until", *self.ends}
        return {name: value for name, value in self.state_of().items() if name not in typed}

    def words(self) -> str:
        """What narrows the list by choice, in words."""
        show, options = self.show, {each.name: each.item.options for each in self.choices}
        parts = [
            registers.said(one.label, show.lang)
            for name, value in self.chosen.items()
            for one in options[name]
            if one.key == value
        ]
        if self.state:
            parts.append(show.teller.w.low(show.t(f"list.{self.state}")))
        if self.missing:
            missing = show.teller.w.low(show.item_label(self.kind, self.missing))
            parts.append(f"{show.teller.w.low(show.t('list.missing'))} {missing}")
        if self.leaves:
            parts.append(show.teller.w.low(show.t("list.soon")))
        return " · ".join(parts)

    def address(self, **changed: object) -> str:
        """This list with something changed; the first page unless that is what changes."""
        state = {**self.state_of(), **{name: str(value) for name, value in changed.items()}}
        wanted = {name: value for name, value in state.items() if value}
        return f"{self.path}?{urlencode(wanted)}" if wanted else self.path

    def filters(self) -> list[Filter]:
        """The filters as reading takes them."""
        items = {each.name: each.item for each in self.choices}
        found = [Filter(name, "has" if items[name].many else "=", value) for name, value in self.chosen.items()]
        found += [Filter(column, "=", number) for column, number in self.ends.items()]
        if self.missing:
            found.append(Filter(self.missing, "empty"))
        if self.state:
            found.append(Filter(todo.done_item(self.show, self.kind), "empty" if self.state == "open" else "filled"))
        if self.since:
            found.append(Filter(self.dated, ">=", self._bound(self.since, dt.time.min)))
        if self.until:
            found.append(Filter(self.dated, "<=", self._bound(self.until, dt.time.max)))
        return found

    def _bound(self, day: dt.date, clock: dt.time) -> dt.date:
        is_day = self.kind.items[self.dated].type == "date"
        return day if is_day else dt.datetime.combine(day, clock, HELSINKI)


def choosing(show: Presenter, kind: str) -> tuple[Choosing, ...]:
    """The choices of a kind and, for subjects, of what ties them to a place."""
    own = [Choosing(name, item) for name, item in _choices(show, kind)]
    if show.kind(kind).subject:
        for tie in show.lens.shows:
            if show.is_position(tie) and kind in show.kind(tie).of:
                own += [Choosing(f"{tie}.{name}", item) for name, item in _choices(show, tie) if not item.many][:1]
    return tuple(own[:MOST_CHOICES])


def _choices(show: Presenter, kind: str) -> list[tuple[str, Item]]:
    items = show.kind(kind).items
    return [(name, items[name]) for name in show.lens.shows[kind] if items[name].options and not items[name].sensitive]


def pointed(show: Presenter, kind: str) -> dict[str, str]:
    """Column -> kind of the rows that a list may be narrowed by: what its rows belong to or point at."""
    shown = set(show.lens.shows[kind])
    return {
        each.column: each.target
        for each in references(show.kind(kind))
        if (each.parent or each.column in shown) and show.lens.sees(each.target)
    }


def dated_item(show: Presenter, kind: str) -> str:
    """The item that dates a row, when the role sees it."""
    dated = own_date(show.kind(kind))
    return dated if dated in show.lens.shows[kind] and not show.kind(kind).subject and dated else ""


def missable(show: Presenter, kind: str) -> tuple[str, ...]:
    """Items that one may look for the lack of: a subject's or a place's own, in plain sight."""
    found = show.kind(kind)
    if not (found.subject or found.about == "nobody"):
        return ()
    return tuple(name for name in show.lens.shows[kind] if not found.items[name].sensitive)


def sortable(show: Presenter, kind: str) -> set[str]:
    """Items that order rows: those of one plain value."""
    items = show.kind(kind).items
    return {
        name
        for name in show.lens.shows[kind]
        if not (items[name].many or items[name].sensitive or items[name].free_text)
        and items[name].type not in ("ref", "lines", "fields", "file", "items", "text_long")
    }


def default_order(show: Presenter, kind: str) -> tuple[str, bool]:
    """Names in their order, a person's by the last name; what has a day newest first."""
    dated = dated_item(show, kind)
    if dated and dated in sortable(show, kind):
        return dated, True
    named = [name for name in show.kind(kind).title if name in sortable(show, kind)]
    if show.kind(kind).subject:
        named.reverse()
    return (named[0], False) if named else ("id", False)


def _begins(params: Mapping[str, str]) -> From | None:
    """The row beside which the page stands: where the page before it ended, or the one after it begins."""
    for name in ("after", "before"):
        if _is_number(params.get(name, "")):
            return From(int(params[name]), back=name == "before")
    return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 16


def _day(text: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    # The first and the last day that there are have moments that fall outside time itself.
    return day if dt.date.min < day < dt.date.max else None
