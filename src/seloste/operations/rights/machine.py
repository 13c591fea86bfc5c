"""The same data for machines: JSON and CSV with a schema that says what each item is (Art. 15(3), 20(1))."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile
from collections import defaultdict
from typing import Any

from seloste.catalogue.model import Item
from seloste.catalogue.types import TYPES
from seloste.clock import to_utc_text
from seloste.compiler.register import Register
from seloste.notice.record.terms import terms
from seloste.operations.records.transfer.sheets import harmless
from seloste.operations.rights.gather import Own, OwnCell, Pointed

FORMAT = "seloste-own-data/1"

_TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "real": {"type": "number"},
    "bool": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "time": {"type": "string", "format": "date-time"},
    "json": {},
}


def as_mapping(register: Register, own: Own, *, looks: bool = True) -> dict[str, Any]:
    """What is held, by kind, with the source, the purposes and the last day of each cell. Times are UTC."""
    data: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in own.rows:
        data[row.kind].append({
            "id": row.id,
            "recorded_at": to_utc_text(row.recorded_at) if row.recorded_at else None,
            "values": {cell.item: _plain(cell.value) for cell in row.cells},
            "why": {cell.item: _why(cell) for cell in row.cells},
        })  # fmt: skip
    notice = register.notice
    whole: dict[str, Any] = {
        "format": FORMAT,
        "register": notice.register,
        "controller": notice.controller.name,
        "notice": register.hash,
        "at": to_utc_text(own.at),
        "person": own.person,
        "data": dict(data),
        "purposes": {key: _purpose(register, key) for key in own.purposes()},
        "left_out": [".".join(map(str, place)) for place in own.withheld],
    }
    if looks:
        whole["looks"] = [
            {
                "at": to_utc_text(look.at),
                "role": look.lens,
                "own": look.mine,
                "deed": look.verb,
                "purposes": list(look.purposes),
                "kind": look.kind,
                "items": list(look.items),
            }
            for look in own.looks
        ]
    return whole


def schema(register: Register, own: Own) -> dict[str, Any]:
    """A JSON Schema (2020-12) of ``data``: the kinds and items that are in it, with their labels and terms."""
    kinds: dict[str, Any] = {}
    for row in own.rows:
        kind = register.tables[row.kind].kind
        known = kinds.setdefault(
            row.kind, {"type": "array", "title": dict(kind.plural), "items": {"type": "object", "properties": {
                "id": {"type": "integer"}, "recorded_at": {"type": ["string", "null"], "format": "date-time"},
                "values": {"type": "object", "properties": {}, "additionalProperties": False}}}})  # fmt: skip
        for cell in row.cells:
            known["items"]["properties"]["values"]["properties"][cell.item] = _schema(register, row.kind, cell.item)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": FORMAT,
        "type": "object",
        "properties": {"data": {"type": "object", "properties": kinds, "additionalProperties": False}},
        "required": ["data"],
    }


def as_json(register: Register, own: Own) -> str:
    """The copy as one JSON text, its schema inside."""
    whole = as_mapping(register, own) | {"schema": schema(register, own)}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def as_csv(own: Own, kind: str) -> str:
    """Rows of one kind as CSV (RFC 4180): ``id``, then the items; lists and compound values as JSON."""
    rows = [row for row in own.rows if row.kind == kind]
    columns = list(dict.fromkeys(cell.item for row in rows for cell in row.cells))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["id", *columns])
    for row in rows:
        cells = {cell.item: _field(cell) for cell in row.cells}
        writer.writerow([row.id, *(cells.get(name, "") for name in columns)])
    return out.getvalue()


def as_zip(register: Register, own: Own) -> bytes:
    """``data.json``, ``schema.json`` and a CSV file for each kind, in one archive; the same data, the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        files = {
            "data.json": json.dumps(as_mapping(register, own, looks=False), ensure_ascii=False, indent=2) + "\n",
            "schema.json": json.dumps(schema(register, own), ensure_ascii=False, indent=2) + "\n",
            **{f"{kind}.csv": as_csv(own, kind) for kind in dict.fromkeys(row.kind for row in own.rows)},
        }
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, (own.at.year, own.at.month, own.at.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text.encode())
    return out.getvalue()


def _plain(value: Any) -> Any:
    if isinstance(value, Pointed):
        return {"kind": value.kind, "id": value.id, "title": value.title} if value.title else {"kind": value.kind}
    if isinstance(value, dt.datetime):
        return to_utc_text(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def _why(cell: OwnCell) -> dict[str, Any]:
    return {
        "source": cell.why.source,
        "purposes": [each.purpose for each in cell.why.reasons if each.needed],
        "paused": [each.purpose for each in cell.why.reasons if each.needed and not each.usable],
        "until": cell.why.until.isoformat() if cell.why.until else None,
        "end": cell.why.end,
    }


def _purpose(register: Register, key: str) -> dict[str, Any]:
    purpose = register.purposes[key]
    return {
        "text": dict(purpose.text),
        "basis": purpose.basis,
        "law": list(purpose.law),
        "keep": {keep.matter: keep.text for keep in purpose.keep},
    }


def _schema(register: Register, kind: str, name: str) -> dict[str, Any]:
    table = register.tables[kind].kind
    item: Item | None = table.items.get(name)
    if item is None or item.type == "ref":
        label = item.label if item is not None else register.tables[name].kind.label
        return {"type": "object", "title": dict(label)}
    one: dict[str, Any] = dict(_TYPES[TYPES[item.type].storage])
    if item.options:
        one["enum"] = [option.key for option in item.options]
    found = {"type": "array", "items": one} if item.many else one
    return found | {"title": dict(item.label)} | ({"x-dpv": terms().item(item.dpv)} if item.dpv else {})


def _field(cell: OwnCell) -> str:
    """A field that no spreadsheet takes for a formula; ``data.json`` has every value as it is."""
    if isinstance(cell.value, Pointed):
        return harmless(cell.value.title)
    value = _plain(cell.value)
    return harmless(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


__all__ = ["FORMAT", "as_csv", "as_json", "as_mapping", "as_zip", "schema"]
