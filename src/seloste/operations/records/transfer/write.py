"""Ready rows -> rows of the register, kind by kind, so that each statement carries many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from seloste.operations.records.transfer.plan import ReadyRow
from seloste.operations.records.transfer.rows import RowReader
from seloste.store.values import from_cell
from seloste.store.work import Work

Shared = dict[tuple[str, int], int]
"""Ids of the new rows that several rows of the file share: (kind, key) -> id."""


def write_rows(work: Work, reader: RowReader, ready: Sequence[ReadyRow], shared: Shared) -> dict[tuple[str, int], int]:
    """Store what the rows make; (kind, id) -> number of the file's row. ``shared`` is carried from part to part."""
    made: dict[tuple[str, int], int] = {}
    ids: dict[tuple[int, str], int] = {}
    for node in reader.plan.target.nodes:
        items = work.register.tables[node.kind].kind.items
        batch: list[Mapping[str, Any]] = []
        owners: list[tuple[ReadyRow, int | None]] = []
        waiting: dict[int, list[ReadyRow]] = {}
        for row in ready:
            found = row.nodes.get(node.kind)
            if found is None:
                continue
            key = found.get("key")
            if "id" in found:
                ids[row.number, node.kind] = found["id"]
            elif key is not None and (node.kind, key) in shared:
                ids[row.number, node.kind] = shared[node.kind, key]
            elif key is not None and key in waiting:
                waiting[key].append(row)
            else:
                values = {name: from_cell(items[name], cell) for name, cell in found["cells"].items()}
                ends = {c: ids[row.number, end] for c, end in node.ends if (row.number, end) in ids}
                batch.append({**values, **ends})
                owners.append((row, key))
                if key is not None:
                    waiting[key] = []
        numbers = work.insert_many(node.kind, batch, source=reader.source_of(node))
        for (row, key), number in zip(owners, numbers, strict=True):
            made[node.kind, number] = row.number
            ids[row.number, node.kind] = number
            if key is not None:
                shared[node.kind, key] = number
                for other in waiting[key]:
                    ids[other.number, node.kind] = number
    return made
