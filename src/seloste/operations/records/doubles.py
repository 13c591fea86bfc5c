"""Is this person here already? Rows of a subject kind that share an address, a number or the whole name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from seloste.operations.actor import Actor
from seloste.operations.records.model import Record, title
from seloste.operations.records.read import look
from seloste.operations.records.transfer.match import Matcher, keys_of
from seloste.store.registers import RegisterStore

MOST = 3


@dataclass(frozen=True, slots=True)
class Double:
    """A row that may be the same. ``items`` are what the two share."""

    record: Record
    title: str
    items: tuple[str, ...]


def doubles(
    store: RegisterStore, kind: str, values: Mapping[str, Any], *, actor: Actor, now: dt.datetime
) -> tuple[Double, ...]:
    """Rows the lens shows that may be the one whose typed values these are; those who share the most first."""
    lens = store.register.lenses.get(actor.lens)
    if lens is None or not lens.sees(kind):
        return ()
    matcher = Matcher(store, lens, kind, actor=actor, now=now)
    wanted = set(matcher.keys(values))
    if not wanted:
        return ()
    found = []
    for record in matcher.sharing(values):
        shared = [key for items in matcher.by for key in keys_of(items, record.values) if key in wanted]
        names = tuple(dict.fromkeys(name for key in shared for name in key[0].split("+")))
        if names:
            found.append(Double(record, title(store.register.tables[kind].kind, record.values), names))
    found.sort(key=lambda double: (-len(double.items), double.record.id))
    shown = found[:MOST]
    look(store, kind, [double.record for double in shown], actor=actor, now=now)
    return tuple(shown)
