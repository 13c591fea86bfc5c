"""Agreements with processors: every field of Art. 28(3) recorded, and what lacks (a lack blocks disclosure)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from seloste.catalogue.model import Item
from seloste.catalogue.types import TYPES
from seloste.catalogue.types.normal import one_line
from seloste.clock import today
from seloste.errors import BadValue
from seloste.notice.model import Processor
from seloste.operations.actor import Actor
from seloste.operations.disclosures.model import AGREEMENT, Block, DisclosureError
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.rights.rows import read_rows
from seloste.store.engine import Connection
from seloste.store.journal import Entry
from seloste.store.registers import RegisterStore

TEXTS = ("subject_matter", "duration", "nature", "aim", "data_types", "subjects")
"""What an agreement sets out in words (Art. 28(3), first sentence)."""

LONGEST = 2000

CLAUSES = "clauses"
"""What it lays down: the controller's rights and duties, and points (a) to (h)."""

State = Literal["in_force", "not_yet", "incomplete", "ended", "missing"]


@dataclass(frozen=True, slots=True)
class Agreement:
    """One agreement as recorded. ``lacks`` names what Art. 28 asks for and is not there, by item or clause."""

    id: int
    values: Mapping[str, Any]
    state: State
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreed:
    """The state of one processor: that of the agreement that counts, and all there have been, newest first."""

    state: State
    current: Agreement | None = None
    all: tuple[Agreement, ...] = field(default=())


def agreements(store: RegisterStore, conn: Connection, on: dt.date) -> Mapping[str, Agreed]:
    """The agreements of every processor of the notice, by its key."""
    found: dict[str, list[Agreement]] = {one.key: [] for one in store.register.notice.processors}
    for row in read_rows(store, conn, AGREEMENT, "id"):
        if row.get("processor") in found:
            found[row["processor"]].append(_agreement(store, row, on))
    return {key: _agreed(each) for key, each in found.items()}


def record_agreement(
    store: RegisterStore,
    processor: str,
    values: Mapping[str, Any],
    *,
    agreement: int | None = None,
    actor: Actor,
    now: dt.datetime,
) -> Agreed:
    """Write an agreement down, or change one that is. What lacks is told by the state and refused by nothing: an
    agreement half recorded is better known than not.

    Raises NoSuchRowError for a processor that the notice does not name, DisclosureError for values of no sense.
    """
    if processor not in {one.key for one in store.register.notice.processors}:
        raise NoSuchRowError
    kept = _values(store, values)
    with store.write(now) as work:
        cells = {"processor": processor, **{name: kept.get(name) for name in store.register.tables[AGREEMENT].kind.items
                                            if name != "processor"}}  # fmt: skip
        if agreement is None:
            work.insert(AGREEMENT, {name: value for name, value in cells.items() if value is not None},
                        source="own_records")  # fmt: skip
        else:
            known = {row["id"] for row in read_rows(store, work.conn, AGREEMENT, "id", [agreement])
                     if row.get("processor") == processor}  # fmt: skip
            if agreement not in known:
                raise NoSuchRowError
            work.update(AGREEMENT, agreement, cells)
        work.journal.add(Entry(at=now, actor=actor.account, lens=actor.lens, verb="record_agreement", kind=AGREEMENT,
                                note=processor))  # fmt: skip
        return agreements(store, work.conn, today(now))[processor]


def end_agreement(
    store: RegisterStore, processor: str, agreement: int, ended_on: dt.date, *, actor: Actor, now: dt.datetime
) -> Agreed:
    """The agreement ends on a day. Raises NoSuchRowError."""
    with store.write(now) as work:
        known = [row for row in read_rows(store, work.conn, AGREEMENT, "id", [agreement])
                 if row.get("processor") == processor]  # fmt: skip
        if not known:
            raise NoSuchRowError
        signed = known[0].get("signed_on")
        if signed is not None and ended_on < signed:
            raise DisclosureError(
                "Sopimus ei voi päättyä ennen kuin se on allekirjoitettu.",
                "An agreement cannot end before it is signed.",
            )
        work.update(AGREEMENT, agreement, {"ended_on": ended_on})
        work.journal.add(Entry(at=now, actor=actor.account, lens=actor.lens, verb="end_agreement", kind=AGREEMENT,
                                note=processor))  # fmt: skip
        return agreements(store, work.conn, today(now))[processor]


def block_of(processor: Processor, agreed: Agreed) -> Block | None:
    """What an agreement's state puts in the way, None when it is in force and whole."""
    match agreed.state:
        case "in_force":
            return None
        case "missing":
            return Block(
                "agreement_missing",
                "Käsittelysopimusta ei ole kirjattu. Kirjaa se, ennen kuin annat tietoja (28 artikla).",
                "No processing agreement is recorded. Record it before you give data out (Art. 28).",
            )
        case "incomplete":
            return Block(
                "agreement_incomplete",
                "Käsittelysopimuksesta puuttuu kohtia, jotka 28 artikla vaatii. Täydennä se.",
                "The processing agreement lacks points that Art. 28 asks for. Complete it.",
            )
        case "not_yet":
            return Block(
                "agreement_not_yet",
                "Käsittelysopimus ei ole vielä voimassa.",
                "The processing agreement is not in force yet.",
            )
        case "ended":
            return Block(
                "agreement_ended",
                "Käsittelysopimus on päättynyt. Tietoja ei anneta, ennen kuin uusi on kirjattu.",
                "The processing agreement has ended. No data are given before a new one is recorded.",
            )


def lacking(store: RegisterStore, values: Mapping[str, Any]) -> tuple[str, ...]:
    """What of Art. 28(3) and (9) is not there: texts, clauses, the day of signing and where the paper is."""
    options = store.register.tables[AGREEMENT].kind.items[CLAUSES].options
    there = set(values.get(CLAUSES) or ())
    texts = [name for name in (*TEXTS, "signed_on", "paper") if not values.get(name)]
    return (*texts, *(option.key for option in options if option.key not in there))


def _agreement(store: RegisterStore, row: Mapping[str, Any], on: dt.date) -> Agreement:
    lacks = lacking(store, row)
    signed, ended = row.get("signed_on"), row.get("ended_on")
    state: State = "in_force"
    # On the day with which it ends it holds still.
    if ended is not None and ended < on:
        state = "ended"
    elif lacks:
        state = "incomplete"
    elif signed is not None and signed > on:
        state = "not_yet"
    return Agreement(row["id"], row, state, lacks)


_ORDER: tuple[State, ...] = ("in_force", "not_yet", "incomplete", "ended")


def _agreed(found: Collection[Agreement]) -> Agreed:
    if not found:
        return Agreed("missing")
    newest = sorted(found, key=lambda each: (str(each.values.get("signed_on") or ""), each.id), reverse=True)
    best = min(newest, key=lambda each: _ORDER.index(each.state))
    return Agreed(best.state, best, tuple(newest))


def _values(store: RegisterStore, given: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed as values of the items. Raises DisclosureError."""
    items = store.register.tables[AGREEMENT].kind.items
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name not in items or value in (None, "", []):
            continue
        try:
            found[name] = _value(items[name], value)
        except BadValue as problem:
            label = items[name].label
            raise DisclosureError(
                f"{label.get('fi', name)}: {problem.message('fi')}", f"{label.get('en', name)}: {problem.message('en')}"
            ) from None
    if found.get("ended_on") and found.get("signed_on") and found["ended_on"] < found["signed_on"]:
        raise DisclosureError(
            "Sopimus ei voi päättyä ennen kuin se on allekirjoitettu.", "An agreement cannot end before it is signed."
        )
    return found


def _value(item: Item, given: Any) -> Any:
    """Raises BadValue."""
    if item.type == "choice":
        return [option.key for option in item.options if option.key in given]
    if item.type == "date":
        return given if isinstance(given, dt.date) else TYPES["date"].parse(str(given))
    # A list of the data or of the people may be longer than what a line of text takes elsewhere.
    return one_line(str(given), LONGEST)
