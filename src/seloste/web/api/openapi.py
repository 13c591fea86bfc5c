"""The OpenAPI 3.1 document of one register through one lens, written from the notice."""

from __future__ import annotations

from typing import Any

from seloste import __version__
from seloste.compiler.register import CompiledLens, Register
from seloste.web.api.values import kind_schema
from seloste.web.registers import said

JSON = "application/json"
PROBLEM = "application/problem+json"


def document(register: Register, lens: CompiledLens, lang: str = "en") -> dict[str, Any]:
    """Every path a key of this lens may use; a kind it does not show is nowhere in it."""
    notice = register.notice
    purposes = [said(register.purposes[key].text, lang) for key in lens.purposes]
    paths: dict[str, Any] = {
        "/find": {
            "get": _operation(
                "find",
                "Find by name, phone, e-mail or number",
                "Found",
                [_query("q", required=True), _query("limit", "integer")],
            )
        },
        "/collect": {
            "post": _operation(
                "collect", "Store rows together, or none of them", "Collected", body="Collect", status="201"
            )
        },
    }
    for kind in lens.shows:
        paths |= _kind_paths(register, lens, kind, lang)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{said(notice.title, lang)}, {notice.controller.name}",
            "version": f"{__version__}+{register.hash[:12]}",
            "description": f"{said(lens.text, lang)}: {', '.join(purposes)}.",
        },
        "servers": [{"url": f"/api/{notice.register}"}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": _schemas(register, lens),
        },
    }


def _kind_paths(register: Register, lens: CompiledLens, kind: str, lang: str) -> dict[str, Any]:
    label = said(register.tables[kind].kind.label, lang)
    plural = said(register.tables[kind].kind.plural, lang)
    filters = [_query(f"{item}{op}") for item in lens.shows[kind] for op in ("", ".from", ".to", ".filled")]
    paging = [_query("_page", "integer"), _query("_size", "integer"), _query("_sort")]
    number = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    one = f"/records/{kind}/{{id}}"
    found: dict[str, Any] = {
        f"/records/{kind}": {
            "get": _operation(f"list_{kind}", plural, f"{kind}_page", paging + filters),
            "post": _operation(f"store_{kind}", f"Store: {label}", "Collected", body=f"{kind}_new", status="201"),
        },
        one: {
            "parameters": [number],
            "get": _operation(f"read_{kind}", label, f"{kind}_record"),
            "patch": _operation(f"change_{kind}", f"Rectify: {label}", f"{kind}_record", body=f"{kind}_change"),
        },
        f"{one}/why": {"parameters": [number], "get": _operation(f"why_{kind}", f"Why is it held: {label}", "Why")},
        f"{one}/around": {
            "parameters": [number],
            "get": _operation(f"around_{kind}", f"Everything that belongs to it: {label}", "Around"),
        },
    }
    if register.tables[kind].kind.built_in:
        # Proof of what was said and done comes of saying and doing it.
        del found[f"/records/{kind}"]["post"], found[one]["patch"]
    return found


def _operation(
    name: str,
    summary: str,
    answer: str,
    parameters: list[dict[str, Any]] | None = None,
    *,
    body: str | None = None,
    status: str = "200",
) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": name,
        "summary": summary,
        "responses": {
            status: {"description": summary, "content": {JSON: {"schema": _ref(answer)}}},
            "default": {"description": "Problem (RFC 9457)", "content": {PROBLEM: {"schema": _ref("Problem")}}},
        },
    }
    if parameters:
        operation["parameters"] = parameters
    if body is not None:
        operation["requestBody"] = {"required": True, "content": {JSON: {"schema": _ref(body)}}}
    return operation


def _query(name: str, kind: str = "string", *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "schema": {"type": kind}}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(properties: dict[str, Any], required: tuple[str, ...] = (), *, strict: bool = False) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "object", "properties": properties}
    if required:
        made["required"] = list(required)
    if strict:
        made["additionalProperties"] = False
    return made


TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
PARENTS = {"type": "object", "additionalProperties": {"type": ["integer", "string"]}}


def _list(of: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": of, **more}


def _schemas(register: Register, lens: CompiledLens) -> dict[str, Any]:
    sources = {"type": "string", "enum": list(register.notice.sources)}
    found = _rows(list(lens.shows), sources) | _answers()
    for kind in lens.shows:
        found |= _kind_schemas(register, lens, kind, sources)
    return found


def _rows(kinds: list[str], sources: dict[str, Any]) -> dict[str, Any]:
    """A row as it is read and as it is stored."""
    kind = {"type": "string", "enum": kinds}
    moment = {"type": ["string", "null"], "format": "date-time"}
    record = {
        "id": NUMBER,
        "kind": kind,
        "values": {"type": "object"},
        "references": {"type": "object", "additionalProperties": NUMBER},
        "source": {"type": ["string", "null"]},
        "recorded_at": moment,
    }
    new_row = {"ref": TEXT, "kind": kind, "values": {"type": "object"}, "parents": PARENTS, "source": sources}
    return {
        "Record": _object(record, ("id", "kind", "values", "references")),
        "NewRow": _object(new_row, ("kind", "source"), strict=True),
        "Collect": _object({"rows": _list(_ref("NewRow"), minItems=1)}, ("rows",), strict=True),
    }


def _answers() -> dict[str, Any]:
    """What is answered beside rows."""
    ids = {"type": "object", "additionalProperties": NUMBER}
    hit = _object({"title": TEXT, "items": _list(TEXT), "record": _ref("Record")}, ("record",))
    around = {"type": "object", "additionalProperties": _list(_ref("Record"))}
    problem = {"type": TEXT, "title": TEXT, "status": NUMBER, "detail": TEXT, "instance": TEXT}
    return {
        "Collected": _object({"ids": ids, "tell_by": {"type": ["string", "null"], "format": "date"}}, ("ids",)),
        "Found": _object({"hits": _list(hit), "more": {"type": "boolean"}}, ("hits",)),
        "Why": _object({"kind": TEXT, "id": NUMBER, "cells": {"type": "object"}}, ("kind", "id", "cells")),
        "Around": _object({"record": _ref("Record"), "rows": around}, ("record", "rows")),
        "Problem": _object(problem | {"problems": _list({"type": "object"})}, ("type", "title", "status")),
    }


def _parents(register: Register, kind: str) -> dict[str, Any]:
    """What a row of this kind may belong to, by the id of that row."""
    known = [parent for parent in register.tables[kind].kind.of if parent in register.tables]
    return {"type": "object", "properties": dict.fromkeys(known, NUMBER), "additionalProperties": False}


def _kind_schemas(register: Register, lens: CompiledLens, kind: str, sources: dict[str, Any]) -> dict[str, Any]:
    """One kind's rows, page, new row and change."""
    values = kind_schema(register, lens, kind)
    written = kind_schema(register, lens, kind, writing=True)
    page = {"rows": _list(_ref(f"{kind}_record")), "total": NUMBER, "page": NUMBER, "size": NUMBER}
    new = {"values": written, "parents": _parents(register, kind), "source": sources}
    change = {"changes": written, "source": sources}
    return {
        f"{kind}_record": {"allOf": [_ref("Record"), _object({"values": values})]},
        f"{kind}_page": _object(page, tuple(page)),
        f"{kind}_new": _object(new, ("source",), strict=True),
        f"{kind}_change": _object(change, ("changes", "source"), strict=True),
    }
