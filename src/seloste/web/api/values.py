"""Values and rows as JSON, and how a type is described in JSON Schema."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from seloste.catalogue.model import Item
from seloste.catalogue.types import TYPES
from seloste.clock import to_utc_text
from seloste.compiler.register import CompiledLens, Register
from seloste.operations.records.model import Record, Sealed
from seloste.operations.records.why import Why

_FORMATS = {"email": "email", "url": "uri", "date": "date", "time": "date-time"}
_STORED: dict[str, dict[str, Any]] = {
    "integer": {"type": "integer"},
    "real": {"type": "number"},
    "bool": {"type": "boolean"},
    "json": {},
}


def to_json(value: Any) -> Any:
    """A value of an item; times are UTC, money whole cents, sealed values ``{"sealed": true}``."""
    if isinstance(value, Sealed):
        return {"sealed": True}
    if isinstance(value, dt.datetime):
        return to_utc_text(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [to_json(each) for each in value]
    return value


def record_json(record: Record) -> dict[str, Any]:
    """A row: only what the lens shows."""
    return {
        "id": record.id,
        "kind": record.kind,
        "values": {name: to_json(value) for name, value in record.values.items()},
        "references": dict(record.references),
        "source": record.source,
        "recorded_at": to_json(record.recorded_at),
    }


def why_json(why: Why, borrowing: Mapping[str, list[str]]) -> dict[str, Any]:
    """Why each cell of a row is held, and which borrowers may use it now."""
    return {
        "kind": why.kind,
        "id": why.id,
        "held": why.held,
        "until": to_json(why.until),
        "end": why.end,
        "cells": {
            name: {
                "source": cell.source,
                "recorded_at": to_json(cell.recorded_at),
                "until": to_json(cell.until),
                "end": cell.end,
                "purposes": [
                    {
                        "purpose": reason.purpose,
                        "basis": reason.basis,
                        "needed": reason.needed,
                        "usable": reason.usable,
                        "until": to_json(reason.until),
                        "end": reason.end,
                    }
                    for reason in cell.reasons
                ],
                "borrowed_by": borrowing.get(name, []),
                "may_go_to": [recipient.key for recipient in cell.recipients],
            }
            for name, cell in why.cells.items()
        },
    }


def item_schema(item: Item, *, writing: bool = False) -> dict[str, Any]:
    """An item as JSON Schema 2020-12. Written, a text is read as a person would type it."""
    if item.type == "ref":
        one: dict[str, Any] = {"type": "integer", "description": f"id of a {item.refers_to}"}
    else:
        one = dict(_STORED.get(TYPES[item.type].storage, {"type": "string"}))
        if item.type in _FORMATS and not writing:
            one["format"] = _FORMATS[item.type]
        if item.options:
            one["enum"] = [option.key for option in item.options]
        if item.type == "money":
            one["description"] = "whole cents"
        if writing and "type" in one and one["type"] != "string":
            one = {"anyOf": [one, {"type": "string"}]}
    if item.many:
        one = {"type": "array", "items": one}
    if item.sensitive and not writing:
        one = {"type": "object", "properties": {"sealed": {"const": True}}, "required": ["sealed"]}
    return {"title": item.label.get("en") or item.key, **one}


def kind_schema(register: Register, lens: CompiledLens, kind: str, *, writing: bool = False) -> dict[str, Any]:
    """The items of a kind that the lens shows."""
    items = register.tables[kind].kind.items
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            name: item_schema(items[name], writing=writing)
            for name in lens.shows[kind]
            if writing or items[name].refers_to is None
        },
    }
