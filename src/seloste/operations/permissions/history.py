"""What somebody has said yes and no to, newest first: when, what, in which words, and who wrote it down.

The events are rows and the truth; who wrote them down stands in the journal. Nothing here is changed or taken away:
what was said is undone by saying otherwise, and both stay.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from seloste.catalogue.model import PERSON
from seloste.clock import from_utc_text
from seloste.compiler.audience import partners
from seloste.compiler.register import Register
from seloste.operations.actor import Actor
from seloste.operations.permissions.wording import mark_of, wording_of
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.records.read import visible_ids
from seloste.store import journal_pages
from seloste.store.engine import Connection, quote
from seloste.store.registers import RegisterStore
from seloste.store.values import from_cell

TURNS: Mapping[str, Mapping[str, str]] = {
    "permission": {"given_at": "consent", "withdrawn_at": "withdraw"},
    "objection": {"raised_at": "object", "decided_at": "decide", "withdrawn_at": "unobject"},
    "ban": {"set_at": "ban", "lifted_at": "unban"},
    "restriction": {"from_at": "restrict", "lifted_at": "lift"},
}
"""Kind of event -> the item that says when, and what was done then."""
SAME: Mapping[str, tuple[str, ...]] = {
    "consent": ("consent", "store", "ban"),
    "withdraw": ("withdraw",),
    "object": ("object",),
    "decide": ("uphold", "refuse"),
    "unobject": ("unobject", "unban"),
    "ban": ("ban", "object", "store"),
    "unban": ("unban", "unobject"),
    "restrict": ("restrict",),
    "lift": ("lift",),
}
"""What was done -> the verbs of the journal under which it may stand."""
MOST = 200


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that was said or done. ``id`` is its event's; ``stands`` while nothing has ended it."""

    kind: str
    id: int
    verb: str
    at: dt.datetime
    purpose: str
    values: Mapping[str, Any]
    """The event's cells by item."""
    words: str
    """The words agreed to, while the notice still has them; else empty."""
    by: str
    """The account that wrote it down, ``person`` for themselves; empty where the journal has no such entry."""
    stands: bool


def history(store: RegisterStore, person: int, *, actor: Actor, now: dt.datetime) -> tuple[Turn, ...]:
    """Everything said by somebody, of what the role acts for, newest first. Raises NoSuchRowError."""
    lens = store.register.lenses.get(actor.lens)
    if person not in visible_ids(store, actor.lens, PERSON, {person}, now, actor.person):
        raise NoSuchRowError
    mine = None if lens is None else {*lens.purposes, ""}
    with store.read(now) as conn:
        events = [
            (kind, number, recorded, values)
            for kind in TURNS
            for number, recorded, values in _events(conn, store.register, kind, person)
            if mine is None or str(values.get("purpose") or "") in mine
        ]
        entries = journal_pages.page(conn, journal_pages.Query(persons=(person,), limit=MOST)).entries
    written: dict[tuple[str, dt.datetime], str] = {}
    for each in entries:
        written.setdefault((each.entry.verb, each.entry.at.replace(microsecond=0)), each.entry.actor)
    turns = [turn for event in events for turn in _turns(store.register, *event, written)]
    return tuple(sorted(turns, key=lambda turn: (turn.at, turn.id), reverse=True))


def _events(
    conn: Connection, register: Register, kind: str, person: int
) -> Iterator[tuple[int, dt.datetime, dict[str, Any]]]:
    table = register.tables.get(kind)
    if table is None or table.column(PERSON) is None:
        return
    names = [name for name, item in table.kind.items.items() if table.column(name) is not None and not item.sensitive]
    columns = ", ".join(map(quote, ("id", "sys_recorded_at", *names)))
    for number, recorded, *cells in conn.execute(
        f"SELECT {columns} FROM {quote(kind)} WHERE {quote(PERSON)} = :id", {"id": person}
    ):
        values = {
            name: from_cell(table.kind.items[name], cell)
            for name, cell in zip(names, cells, strict=True)
            if cell is not None
        }
        yield int(number), from_utc_text(recorded), values


def _turns(
    register: Register,
    kind: str,
    number: int,
    recorded: dt.datetime,
    values: Mapping[str, Any],
    written: Mapping[tuple[str, dt.datetime], str],
) -> Iterator[Turn]:
    known = [(name, verb, values[name]) for name, verb in TURNS[kind].items() if name in values]
    over = any(verb in ("withdraw", "unobject", "unban", "lift") for _, verb, _ in known)
    purpose = str(values.get("purpose") or "")
    for place, (_, verb, at) in enumerate(known):
        if verb == "decide" and (values.get("state") == "pending" or at == values.get("raised_at")):
            continue
        # What was said earlier is in the journal at the time it was written down.
        moment = recorded if place == 0 else at
        by = next((written[key] for name in SAME[verb] if (key := (name, moment)) in written), "")
        words = _words(register, purpose, values) if kind == "permission" else ""
        yield Turn(kind, number, verb, at, purpose, values, words, by, not over and place == len(known) - 1)


def _words(register: Register, purpose: str, values: Mapping[str, Any]) -> str:
    found = register.purposes.get(purpose)
    if found is None or not found.consent:
        return ""
    for language in found.consent:
        for recipient in ("", *partners(register, found)):
            words = wording_of(found, language, recipient)
            if mark_of(words) == values.get("wording"):
                return words
    return ""


__all__ = ["Turn", "history"]
