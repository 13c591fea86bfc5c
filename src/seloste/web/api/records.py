"""What each path of the API does: reads its words, calls the verb, writes the answer."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

from seloste.catalogue.types import TYPES
from seloste.errors import BadValue
from seloste.operations.records import read
from seloste.operations.records.collect import Collected, collect
from seloste.operations.records.find import find
from seloste.operations.records.model import NewRow, NoSuchRowError
from seloste.operations.records.read import Filter
from seloste.operations.records.rectify import rectify
from seloste.operations.records.why import borrowing, why
from seloste.web.api.app import BadBodyError, Call
from seloste.web.api.openapi import document
from seloste.web.api.values import record_json, to_json, why_json

MOST_ROWS = 1000
LARGEST_PAGE = 500
# Items may be called page or sort, so what is ours begins with a line.
PAGING = frozenset({"_page", "_size", "_sort"})


def openapi(call: Call) -> Response:
    return JSONResponse(document(call.store.register, call.lens))


def find_(call: Call) -> Response:
    query = call.request.query_params.get("q", "")
    limit = _number(call, "limit", 20, 1, 100)
    found = find(call.store, query, limit=limit, actor=call.actor, now=call.now)
    hits = [{"title": hit.title, "items": list(hit.items), "record": record_json(hit.record)} for hit in found.hits]
    return JSONResponse({"hits": hits, "more": found.more})


def list_(call: Call) -> Response:
    kind = _kind(call)
    sort = call.request.query_params.get("_sort", "id")
    page = read.rows(
        call.store,
        kind,
        filters=_filters(call, kind),
        sort=sort.removeprefix("-"),
        descending=sort.startswith("-"),
        page=_number(call, "_page", 1, 1, 10**6),
        size=_number(call, "_size", 50, 1, LARGEST_PAGE),
        actor=call.actor,
        now=call.now,
    )
    rows = [record_json(record) for record in page.rows]
    return JSONResponse({"rows": rows, "total": page.total, "page": page.page, "size": page.size})


def read_(call: Call) -> Response:
    return JSONResponse(record_json(read.row(call.store, _kind(call), _id(call), actor=call.actor, now=call.now)))


def around_(call: Call) -> Response:
    found = read.around(call.store, _kind(call), _id(call), actor=call.actor, now=call.now)
    rows = {kind: [record_json(record) for record in records] for kind, records in found.rows.items()}
    return JSONResponse({"record": record_json(found.row), "rows": rows})


def why_(call: Call) -> Response:
    kind, number = _kind(call), _id(call)
    # No value is told, but which items are held of somebody, and from where: a look like any other.
    read.row(call.store, kind, number, actor=call.actor, now=call.now)
    found = why(call.store, kind, number, actor=call.actor, now=call.now)
    return JSONResponse(why_json(found, borrowing(call.store, kind, number, now=call.now)))


def store_(call: Call) -> Response:
    return _collected(collect(call.store, [_new_row(_kind(call), call.body)], actor=call.actor, now=call.now))


def collect_(call: Call) -> Response:
    rows = call.body.get("rows")
    if not isinstance(rows, list) or not rows or len(rows) > MOST_ROWS or set(call.body) != {"rows"}:
        raise BadBodyError
    made = []
    for row in rows:
        if not isinstance(row, dict) or not isinstance(row.get("kind"), str):
            raise BadBodyError
        body = {name: value for name, value in row.items() if name != "kind"}
        made.append(_new_row(row["kind"], body, refs=True))
    return _collected(collect(call.store, made, actor=call.actor, now=call.now))


def change(call: Call) -> Response:
    changes, source = call.body.get("changes"), call.body.get("source")
    if not isinstance(changes, dict) or not isinstance(source, str) or set(call.body) != {"changes", "source"}:
        raise BadBodyError
    kind, number = _kind(call), _id(call)
    rectify(call.store, kind, number, changes, source=source, actor=call.actor, now=call.now)
    return JSONResponse(record_json(read.row(call.store, kind, number, actor=call.actor, now=call.now)))


def _collected(done: Collected) -> Response:
    return JSONResponse({"ids": dict(done.ids), "tell_by": to_json(done.tell_by)}, status_code=201)


def _new_row(kind: str, body: dict[str, Any], *, refs: bool = False) -> NewRow:
    values, parents = body.get("values", {}), body.get("parents", {})
    source, ref = body.get("source"), body.get("ref", "")
    known = {"values", "parents", "source"} | ({"ref"} if refs else set())
    fits = isinstance(values, dict) and isinstance(parents, dict) and isinstance(source, str) and isinstance(ref, str)
    if not fits or set(body) - known or not all(_is_reference(each, refs) for each in parents.values()):
        raise BadBodyError
    assert isinstance(source, str)
    return NewRow(kind, values, parents, source=source, ref=ref)


def _is_reference(value: object, refs: bool) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or (refs and isinstance(value, str))


def _kind(call: Call) -> str:
    kind: str = call.request.path_params["kind"]
    if not call.lens.sees(kind):
        raise NoSuchRowError
    return kind


def _id(call: Call) -> int:
    number: int = call.request.path_params["id"]
    if number >= 2**63:
        raise NoSuchRowError
    return number


def _number(call: Call, name: str, default: int, low: int, high: int) -> int:
    text = call.request.query_params.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdecimal() or not low <= int(text[:10]) <= high:
        raise BadBodyError
    return int(text)


def _filters(call: Call, kind: str) -> list[Filter]:
    """``item=``, ``item.from=``, ``item.to=`` and ``item.filled=true|false``."""
    filters = []
    items = call.store.register.tables[kind].kind.items
    for name, text in call.request.query_params.multi_items():
        if name in PAGING:
            continue
        item, _, op = name.partition(".")
        known = items.get(item)
        if known is None or not call.lens.sees(kind, item) or op not in ("", "from", "to", "filled") or known.sensitive:
            raise NoSuchRowError
        if op == "filled":
            if text not in ("true", "false"):
                raise BadBodyError
            filters.append(Filter(item, "filled" if text == "true" else "empty"))
            continue
        filters.append(Filter(item, {"": "=", "from": ">=", "to": "<="}[op], _typed(call, item, text)))
    return filters


def _typed(call: Call, item: str, text: str) -> Any:
    known = call.store.register.tables[_kind(call)].kind.items[item]
    if known.type == "ref":
        if not text.isascii() or not text.isdecimal() or len(text) > 18:
            raise BadBodyError
        return int(text)
    if known.options:
        return text
    try:
        value = TYPES[known.type].parse(text)
    except BadValue as problem:
        raise BadBodyError from problem
    return [value] if known.many else value
