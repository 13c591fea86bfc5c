"""The rows of a person as the statements of ``compiler.copy`` bring them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from seloste.compiler.copy import Copy
from seloste.store.engine import Connection, Row


def own_rows(conn: Connection, copy: Copy, person: int) -> Mapping[int, list[Row]]:
    """The rows of a person, in any order, by the number of their kind in ``copy.kinds``."""
    given = dict.fromkeys(copy.names) | {"person": person}
    found: dict[int, list[Row]] = defaultdict(list)
    for step in copy.steps:
        sql = step.sql
        if step.above:
            most = max([len(found.get(number, ())) for number in step.above])
            if not most and step.only_above:
                continue
            if most < len(step.few):
                sql = step.few[most]
        for row in conn.fetch(sql, given):
            found[row[-1]].append(row)
        for number, names in step.leads.items():
            for name, row in zip(names, found.get(number, ()), strict=False):
                given[name] = row[0]
    return found
