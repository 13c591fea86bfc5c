"""How much open work each kind holds, for the numbers of the side bar: a number only where somebody must act."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING, Any

from starlette.requests import Request

from seloste.clock import HELSINKI, today
from seloste.operations.actor import Actor
from seloste.operations.records.read import Filter, count

if TYPE_CHECKING:
    from seloste.catalogue.model import Kind
    from seloste.store.registers import RegisterStore

AHEAD = 14
"""Days ahead that what is due counts as open work of now."""

KEPT = 10.0
"""Seconds that the numbers may be old: every page shows them."""

SHARE = 30
"""Numbers that took longer to count are kept for so many times that, so that pages do not wait for them."""

WHILE_COUNTED = 10.0
"""Seconds for which the old numbers stand while they are counted anew."""


def open_counts(request: Request, store: RegisterStore, lens: str) -> dict[str, int]:
    """Kind -> open rows that the role sees, for kinds that say when something is done. Nothing is read of anybody."""
    kept: dict[tuple[str, str, int | None], tuple[float, dict[str, int]]] = _kept(request)
    """By whom they are for: until when they are shown, and what they are."""
    actor = request.state.actor
    # A request that was refused before its role was known acts in none: its page stands without numbers.
    if actor is None:
        return {}
    key = (store.register.notice.register, lens, actor.person)
    until, found = kept.get(key, (0.0, {}))
    began = time.monotonic()
    if began >= until:
        if found:
            # Whoever comes while they are counted is shown the old ones and does not count beside.
            kept[key] = (began + WHILE_COUNTED, found)
        found = _counts(request, store, lens)
        ended = time.monotonic()
        kept[key] = (ended + max(KEPT, SHARE * (ended - began)), found)
    return found


def forget(request: Request) -> None:
    """Count anew at the next page: something was just done."""
    _kept(request).clear()


def _kept(request: Request) -> dict[Any, Any]:
    state = request.app.state
    if not hasattr(state, "open_work"):
        state.open_work = {}
    found: dict[Any, Any] = state.open_work
    return found


def _counts(request: Request, store: RegisterStore, lens: str) -> dict[str, int]:
    shows = store.register.lenses[lens].shows
    found = {}
    for key, shown in shows.items():
        kind = store.register.tables[key].kind
        if kind.tie or kind.built_in or kind.done is None or kind.done not in shown:
            continue
        filters = [[Filter(kind.done, "empty"), *more] for more in _due(kind, shown, today(request.state.now))]
        actor = Actor(request.state.account.id, lens, request.state.actor.person)
        found[key] = sum(count(store, key, filters=each, actor=actor, now=request.state.now) for each in filters)
    return found


def _due(kind: Kind, shown: tuple[str, ...], day: dt.date) -> list[list[Filter]]:
    """What is due by now or soon, and what has no day; of bills only those whose day has gone."""
    if kind.due is None or kind.due not in shown:
        return [[]]
    bill = any(item.type == "money" for item in kind.items.values())
    last = day - dt.timedelta(days=1) if bill else day + dt.timedelta(days=AHEAD)
    until: dt.date = last
    if kind.items[kind.due].type == "time":
        until = dt.datetime.combine(last, dt.time.max, HELSINKI)
    by_day = [Filter(kind.due, "<=", until)]
    return [by_day] if bill else [by_day, [Filter(kind.due, "empty")]]
