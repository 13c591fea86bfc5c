"""The rows of requests, read and written; what every verb of this room shares."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from seloste.catalogue.model import PERSON
from seloste.compiler.register import Column
from seloste.operations.actor import Actor
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.rights.model import REQUEST, STEP, Done, Request, RequestError, Step, build
from seloste.store.engine import Connection, Row, quote
from seloste.store.journal import Entry
from seloste.store.registers import RegisterStore
from seloste.store.values import from_cell
from seloste.store.work import Work

CHUNK = 500


def read_rows(
    store: RegisterStore, conn: Connection, kind: str, column: str, ids: Collection[int] | None = None
) -> list[dict[str, Any]]:
    """Whole rows of a kind whose ``column`` is one of some ids (None: all), as values by item; empty cells left out."""
    return read_several(store, conn, [(kind, column)], ids)[0]


def read_several(
    store: RegisterStore, conn: Connection, of: Sequence[tuple[str, str]], ids: Collection[int] | None = None
) -> list[list[dict[str, Any]]]:
    """The same of several kinds, each by a column of its own, asked together."""
    # A number that no row can have is one that neither engine can be asked about.
    wanted = sorted(each for each in ids if 0 < each < 2**63) if ids is not None else []
    parts = [wanted[start : start + CHUNK] for start in range(0, len(wanted), CHUNK)] if ids is not None else [None]
    found: list[list[dict[str, Any]]] = [[] for _ in of]
    for part in parts:
        params = {f"i{place}": each for place, each in enumerate(part or ())}
        marks, asked = ", ".join(f":{name}" for name in params), []
        for kind, column in of:
            where = f" WHERE {quote(column)} IN ({marks})" if part is not None else ""
            names = ", ".join(quote(each.name) for each in _columns(store, kind))
            asked.append((f"SELECT {names} FROM {quote(kind)}{where} ORDER BY id", params))
        for (kind, _), rows, told in zip(of, found, conn.ask(asked), strict=True):
            rows += [_row(store, kind, cells) for cells in told]
    return found


def _columns(store: RegisterStore, kind: str) -> tuple[Column, ...]:
    def readable() -> tuple[Column, ...]:
        columns = store.register.tables[kind].of_role("id", "reference", "item")
        return tuple(column for column in columns if column.storage != "bytes")

    return store.register.once(("rows of requests", kind), readable)


def _row(store: RegisterStore, kind: str, cells: Row) -> dict[str, Any]:
    items = store.register.tables[kind].kind.items
    return {
        each.name: from_cell(items[each.name], cell) if each.role == "item" else int(cell)
        for each, cell in zip(_columns(store, kind), cells, strict=True)
        if cell is not None
    }


def read_requests(
    store: RegisterStore, conn: Connection, now: dt.datetime, ids: Collection[int] | None = None
) -> list[Request]:
    """Requests with their steps, in id order; ids None: all."""
    requests, told = read_several(store, conn, [(REQUEST, "id"), (STEP, REQUEST)], ids)
    steps: dict[int, list[Step]] = {}
    for row in told:
        if REQUEST in row and "step" in row:
            step = Step(row["id"], row["step"], row.get("at") or now, row.get("how", ""), row.get("text", ""))
            steps.setdefault(row[REQUEST], []).append(step)
    return [build(row, steps.get(row["id"], ()), now) for row in requests if PERSON in row]


def one(store: RegisterStore, conn: Connection, number: int, now: dt.datetime) -> Request:
    """The request of an id. Raises NoSuchRowError."""
    found = read_requests(store, conn, now, [number])
    if not found:
        raise NoSuchRowError
    return found[0]


def open_one(store: RegisterStore, work: Work, number: int) -> Request:
    """The request of an id, which waits for an answer still. Raises NoSuchRowError, RequestError."""
    if work.conn.dialect == "postgresql" and 0 < number < 2**63:
        # Two who answer at once take turns; the second finds it answered. On SQLite a writer is alone anyway.
        work.claim()
        work.conn.send(f"SELECT id FROM {quote(REQUEST)} WHERE id = :id FOR UPDATE", {"id": number})
    found = one(store, work.conn, number, work.now)
    if not found.open:
        raise RequestError(
            "Tähän pyyntöön on jo vastattu. Kirjaa uusi pyyntö, jos hän pyytää lisää.",
            "This request has been answered. Record a new one if they ask for more.",
        )
    return found


def add_step(work: Work, request: int, step: str, *, how: str = "", text: str = "", source: str = "own_records") -> int:
    """Write what was done."""
    values = {"step": step, "at": work.now, "how": how or None, "text": text.strip() or None}
    return work.insert(STEP, {**values, REQUEST: request}, source=source)


def settle_request(
    store: RegisterStore,
    work: Work,
    number: int,
    changes: Mapping[str, Any] | None = None,
    *,
    found: Request | None = None,
) -> Done:
    """After a step: the state and the last day as the steps now tell them, kept beside the request.

    While it waits for the person it has no last day of its own: the clock stands. ``found`` is the request as it was
    read, where no step since then moves its clock.
    """
    found = found or one(store, work.conn, number, work.now)
    state = (changes or {}).get("state", found.state)
    due = None if found.waiting and found.clock.paused else found.clock.day
    work.update(REQUEST, number, {**(changes or {}), "state": state, "due_on": due})
    return Done(number, state, due)


def log(work: Work, actor: Actor, verb: str, person: int, *, note: str = "", count: int = 1) -> None:
    """One entry of the journal about a request; codes only."""
    work.journal.add(entry(work, actor, verb, person, note=note, count=count))


def entry(work: Work, actor: Actor, verb: str, person: int, *, note: str = "", count: int = 1) -> Entry:
    """An entry of the journal about a request, that is to be written with another."""
    return Entry(
        at=work.now,
        actor=actor.account,
        lens=actor.lens,
        verb=verb,
        kind=REQUEST,
        persons=(person,),
        count=count,
        note=note,
    )
