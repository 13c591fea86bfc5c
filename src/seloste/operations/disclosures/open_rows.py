"""Which rows are overdue and unpaid, by what the vocabulary says of the condition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from seloste.catalogue.load import vocabulary
from seloste.operations.rights.rows import read_rows
from seloste.store.engine import Connection
from seloste.store.registers import RegisterStore


def open_rows(store: RegisterStore, conn: Connection, when: str, numbers: Collection[int], on: dt.date) -> set[int]:
    """Of some rows of the kind that a condition (``charge.overdue``) names, those overdue on a day and not paid.

    Paid is what has the day of its payment, or what payments that belong to it cover.
    """
    kind = when.partition(".")[0]
    said: dict[str, Any] = dict(vocabulary(store.register.notice.vocabulary).recipients_when.get(when, {}))
    found = store.register.tables[kind].kind
    rows = read_rows(store, conn, kind, "id", numbers) if numbers else []
    late = [row for row in rows if found.due in row and row[found.due] < on]
    if found.done is not None and found.done in found.items:
        late = [row for row in late if found.done not in row]
    settled = said.get("settled_by")
    if settled and late:
        payments, _, amount = settled.partition(".")
        paid: dict[int, int] = {}
        if payments in store.register.tables and store.register.tables[payments].column(amount) is not None:
            for row in read_rows(store, conn, payments, kind, {row["id"] for row in late}):
                paid[row[kind]] = paid.get(row[kind], 0) + row.get(amount, 0)
        late = [row for row in late if not _covered(row.get(said["sum"]), paid.get(row["id"]))]
    return {row["id"] for row in late}


def _covered(whole: int | None, paid: int | None) -> bool:
    """What no sum is told of is settled by any payment."""
    return paid is not None and (whole is None or paid >= whole)
