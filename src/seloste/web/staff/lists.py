"""One list for every kind: a count, filters, sorting, fifty to a page; its whole state is its address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from seloste.catalogue.model import Item
from seloste.notice.ways import own_date
from seloste.operations.records import read
from seloste.operations.records.find import find
from seloste.operations.records.model import Record
from seloste.operations.records.read import PAGE, Filter
from seloste.operations.records.why import Why, whys
from seloste.web import responses
from seloste.web.frame import _has, frame_of, role_name
from seloste.web.parts import Act, Cell, Choice, Column, Head, Link, Pager, Row, RowGroup, Table
from seloste.web.parts import Filter as FilterPart
from seloste.web.present import Presenter
from seloste.web.problems import NotFoundError
from seloste.web.staff.find import foot, search_of

MOST_COLUMNS = 4
MOST_FILTERS = 3
MOST_FOUND = 200
HIDDEN_TYPES = frozenset({"lines", "fields", "file", "items", "text_long", "code"})


def page(request: Request) -> Response:
    """``/r/{reg}/{kind}``. A kind that the role does not see is no page."""
    show = Presenter(request)
    kind = request.path_params["kind"]
    if not show.lens.sees(kind):
        raise NotFoundError
    asked = _Asked(request, show, kind)
    listed = _rows(show, kind, asked)
    ends = whys(show.store, kind, [record.id for record in listed.rows], actor=show.actor, now=show.now)
    base = show.href(kind)
    here = asked.address
    acts = []
    if _has("/r/{reg}/import"):
        acts.append(Act(text=show.t("list.import"), href=f"/r/{show.key}/import?kind={kind}"))
    if _has("/r/{reg}/{kind}/new"):
        acts.append(Act(text=show.t("form.new_of", what=show.label(kind).lower()), href=f"{base}/new"))
    return responses.page(
        request,
        "staff/list.html",
        frame=frame_of(request, current=base, search=search_of(show, asked.query, base)),
        head=Head(title=show.plural(kind), flash=responses.flash(request), acts=tuple(acts)),
        filters=_filter_parts(show, kind, asked),
        count=show.t("list.count", n=listed.total),
        rest=show.t("list.with_query", query=show.f.quote(asked.query)) if asked.query else "",
        clear=base if asked.given else "",
        links=_links(show, kind, asked),
        table=_table(show, kind, listed, ends, asked) if listed.rows else None,
        pager=Pager(
            first=(listed.page - 1) * PAGE + 1,
            last=(listed.page - 1) * PAGE + len(listed.rows),
            total=listed.total,
            previous=here(page=listed.page - 1) if listed.page > 1 else "",
            next=here(page=listed.page + 1) if listed.page * PAGE < listed.total else "",
        ),
        empty=_empty(show, asked),
        foot=foot(show),
        role=role_name(show.register, show.lens.key, show.lang),
    )


class _Asked:
    """What the address asks for: query, filters, order, page. What it may not ask for is left out."""

    def __init__(self, request: Request, show: Presenter, kind: str) -> None:
        params = request.query_params
        self.path = show.href(kind)
        self.query = params.get("q", "").replace("\x00", "").strip()[:200]
        items = _filterable(show, kind)
        self.chosen = {
            name: params[name]
            for name, item in items.items()
            if params.get(name) in {option.key for option in item.options}
        }
        sort = params.get("sort", "")
        self.descending = sort.startswith("-")
        known = {item.key for item in _columns(show, kind)} | set(show.kind(kind).title)
        self.sort = sort.removeprefix("-") if sort.removeprefix("-") in known else ""
        number = params.get("page", "")
        self.page = int(number) if number.isascii() and number.isdecimal() and len(number) < 7 else 1

    @property
    def given(self) -> bool:
        return bool(self.query or self.chosen)

    def address(self, **changed: object) -> str:
        """This list with something changed."""
        sort = f"-{self.sort}" if self.sort and self.descending else self.sort
        state: dict[str, object] = {"q": self.query, **self.chosen, "sort": sort, **changed}
        wanted = {name: str(value) for name, value in state.items() if value not in ("", None)}
        return f"{self.path}?{urlencode(wanted)}" if wanted else self.path


def _filterable(show: Presenter, kind: str) -> dict[str, Item]:
    """Choices of one value, in the notice's order."""
    items = show.kind(kind).items
    found = [name for name in show.lens.shows[kind] if items[name].options and not items[name].many]
    return {name: items[name] for name in found[:MOST_FILTERS]}


def _rows(show: Presenter, kind: str, asked: _Asked) -> read.Page:
    """A page of rows: by the search, or by filters and order in the database."""
    sort, descending, filters = _order(show, kind, asked)
    if not asked.query:
        return read.rows(
            show.store, kind, filters=filters, sort=sort, descending=descending, page=asked.page,
            actor=show.actor, now=show.now,
        )  # fmt: skip
    rows = _found(show, kind, asked)
    start = (asked.page - 1) * PAGE
    return read.Page(tuple(rows[start : start + PAGE]), len(rows), asked.page, PAGE)


def _order(show: Presenter, kind: str, asked: _Asked) -> tuple[str, bool, list[Filter]]:
    dated = own_date(show.kind(kind))
    named = [name for name in reversed(show.kind(kind).title) if show.lens.sees(kind, name)]
    # Names in their order, deeds newest first.
    fallback = dated if dated and dated in show.lens.shows[kind] and not show.kind(kind).subject else ""
    sort = asked.sort or fallback or (named[0] if named else "id")
    filters = [Filter(name, "=", value) for name, value in asked.chosen.items()]
    return sort, asked.descending if asked.sort else bool(fallback), filters


def _found(show: Presenter, kind: str, asked: _Asked) -> list[Record]:
    hits = find(show.store, asked.query, limit=MOST_FOUND, kinds=[kind], actor=show.actor, now=show.now).hits
    return [
        hit.record for hit in hits if all(hit.record.values.get(name) == value for name, value in asked.chosen.items())
    ]


def asked_ids(request: Request, show: Presenter, kind: str) -> list[int]:
    """The ids of the whole list that an address asks for, in its order: what an export of it holds."""
    asked = _Asked(request, show, kind)
    sort, descending, filters = _order(show, kind, asked)
    if asked.query:
        return [record.id for record in _found(show, kind, asked)]
    return read.ids(show.store, kind, filters=filters, sort=sort, descending=descending, actor=show.actor, now=show.now)


def _columns(show: Presenter, kind: str) -> list[Item]:
    """The items worth a column: short ones, in the notice's order, that do not name the row."""
    found = show.kind(kind)
    return [
        found.items[name]
        for name in show.lens.shows[kind]
        if name not in found.title
        and not found.items[name].free_text
        and not found.items[name].sensitive
        and not found.items[name].extra
        and found.items[name].type not in HIDDEN_TYPES
    ][:MOST_COLUMNS]


def _table(show: Presenter, kind: str, listed: read.Page, ends: Mapping[int, Why], asked: _Asked) -> Table:
    items = _columns(show, kind)
    ties = _tied(show, kind, listed.rows)
    parents = [parent for parent in show.kind(kind).of if any(parent in record.references for record in listed.rows)]
    named = show.titles(listed.rows)
    first = next(iter(show.kind(kind).title), "")
    columns = [_heading(show, show.label(kind), first, asked)]
    columns += [Column(text=show.label(parent), rank=2) for parent in parents]
    columns += [Column(text=show.t("list.belongs"), rank=2)] if ties else []
    columns += [
        _heading(
            show,
            show.item_label(show.kind(kind), item.key),
            item.key if not item.many else "",
            asked,
            rank=2 + (place > 1),
            right=item.type == "money",
        )
        for place, item in enumerate(items)
    ]
    # Nobody's master data stay, and a column that says so of every row says nothing.
    leave = {number: end for number, end in ends.items() if end.end != "standing"}
    columns += [Column(text=show.t("end.leaves"), rank=3)] if leave else []
    rows = tuple(_row(show, record, items, parents, ties, named, leave) for record in listed.rows)
    return Table(caption=show.plural(kind), columns=tuple(columns), groups=(RowGroup(rows=rows),))


def _heading(show: Presenter, text: str, item: str, asked: _Asked, *, rank: int = 1, right: bool = False) -> Column:
    """A column that sorts by an item, when there is one."""
    ranked: Literal[1, 2, 3] = 3 if rank > 2 else 2 if rank == 2 else 1
    if not item:
        return Column(text=text, rank=ranked, right=right)
    current = asked.sort == item
    href = asked.address(sort=f"-{item}" if current and not asked.descending else item)
    order = ("descending" if asked.descending else "ascending") if current else ""
    return Column(text=text, rank=ranked, right=right, href=href, sorted=order)  # type: ignore[arg-type]


def _row(
    show: Presenter,
    record: Record,
    items: list[Item],
    parents: list[str],
    ties: Mapping[int, str],
    named: Mapping[tuple[str, int], str],
    ends: Mapping[int, Why],
) -> Row:
    phone = next(
        (show.text(i, record.values[i.key]) for i in items if i.type == "phone" and i.key in record.values), ""
    )
    cells = [Cell(text=show.name(record), href=show.href(record.kind, record.id), phone=phone)]
    for parent in parents:
        number = record.references.get(parent)
        text = named.get((parent, number), "") if number is not None else ""
        cells.append(Cell(text=text, href=show.href(parent, number) if text else ""))
    if ties:
        cells.append(Cell(text=ties.get(record.id, "")))
    for item in items:
        shown = show.shown(record, item.key, named)
        cells.append(Cell(text=", ".join(each.text for each in shown)))
    if ends:
        end = ends.get(record.id)
        cells.append(Cell(life=show.life(end.end, end.until)) if end else Cell())
    return Row(cells=tuple(cells))


def _tied(show: Presenter, kind: str, rows: tuple[Record, ...]) -> dict[int, str]:
    """For subjects: what their ties lead to, as far as the role sees it."""
    if not show.kind(kind).subject or not rows:
        return {}
    found: dict[int, dict[str, None]] = {}
    for tie in show.lens.shows:
        other = [end for end in show.kind(tie).of if end != kind]
        if not show.is_position(tie) or kind not in show.kind(tie).of or not other:
            continue
        tied = read.pointing(show.store, tie, kind, [row.id for row in rows], actor=show.actor, now=show.now)
        named = show.titles(tied)
        for each in tied:
            name = next((named.get((end, each.references[end]), "") for end in other if end in each.references), "")
            if name and kind in each.references:
                found.setdefault(each.references[kind], {})[name] = None
    return {number: ", ".join(names) for number, names in found.items()}


def _filter_parts(show: Presenter, kind: str, asked: _Asked) -> tuple[FilterPart, ...]:
    parts = []
    for name, item in _filterable(show, kind).items():
        options = tuple(
            Choice(value=option.key, text=option.label.get(show.lang) or option.key) for option in item.options
        )
        every = Choice(value="", text=show.t("list.everything"))
        label = show.item_label(show.kind(kind), name)
        parts.append(FilterPart(name=name, label=label, value=asked.chosen.get(name, ""), choices=(every, *options)))
    return tuple(parts)


def _links(show: Presenter, kind: str, asked: _Asked) -> tuple[Link, ...]:
    if not _has("/r/{reg}/{kind}/export"):
        return ()
    query = asked.address().partition("?")[2]
    href = f"{show.href(kind)}/export" + (f"?{query}" if query else "")
    return (Link(text=show.t("list.export"), href=href),)


def _empty(show: Presenter, asked: _Asked) -> tuple[str, str]:
    if asked.query:
        return show.t("list.not_found_any", query=show.f.quote(asked.query)), show.t("list.may_have_left")
    return show.t("list.none"), show.t("list.may_have_left") if asked.chosen else ""
