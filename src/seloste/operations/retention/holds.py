"""Holds that keep data from going though their time has come (Art. 17(3)(e)), and restrictions (Art. 18).

Whoever leads privacy sees and lifts them; no role does otherwise. A hold has a reason, somebody who answers for it and
a day by which it is looked at again, so that none stays because nobody thought of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from seloste.catalogue.model import PERSON
from seloste.clock import today
from seloste.operations.actor import Actor
from seloste.operations.permissions.say import CannotSayError
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.records.read import persons_touched, visible_ids
from seloste.operations.rights.read import names_of
from seloste.operations.rights.rows import read_rows
from seloste.store.engine import Connection
from seloste.store.journal import Entry
from seloste.store.journal_pages import Query, page
from seloste.store.registers import RegisterStore

HOLD, RESTRICTION = "hold", "restriction"


@dataclass(frozen=True, slots=True)
class Standing:
    """One hold or restriction that stands. ``why`` is the reason written, of a restriction the code of its ground."""

    kind: str
    id: int
    person: int
    why: str
    since: dt.datetime | None
    owner: str = ""
    review_on: dt.date | None = None
    by: str = ""
    """Whose account paused the use, as the journal knows it; empty where it does not, and for holds, which have an
    owner."""

    def overdue(self, day: dt.date) -> bool:
        """Whether it should have been looked at again; a hold without a day should be at once."""
        return self.kind == HOLD and (self.review_on is None or self.review_on < day)


@dataclass(frozen=True, slots=True)
class Held:
    """What stands in the register: holds, those to be reviewed first at the top; restrictions, the oldest first."""

    holds: tuple[Standing, ...]
    restrictions: tuple[Standing, ...]
    names: Mapping[int, str]
    requests: Mapping[int, int]
    """person -> the latest request for restriction, from which it is lifted once the person has been told."""


def held(store: RegisterStore, *, actor: Actor, now: dt.datetime) -> Held:
    """All that stand. Journaled as a look at each person."""
    with store.read(now) as conn:
        holds = [_standing(HOLD, row) for row in _open_rows(store, conn, HOLD, "ended_at")]
        restrictions = [_standing(RESTRICTION, row) for row in _open_rows(store, conn, RESTRICTION, "lifted_at")]
        restrictions = [replace(each, by=_set_by(conn, each.person)) for each in restrictions]
        asked = read_rows(store, conn, "rights_request", "id")
        persons = sorted({each.person for each in (*holds, *restrictions)})
        names = names_of(store, conn, persons)
    if persons:
        store.reads.queue(Entry(now, actor.account, actor.lens, "look", PERSON, tuple(persons), (), len(persons)))
    requests = {row[PERSON]: int(row["id"]) for row in asked if PERSON in row and row.get("right") == RESTRICTION}
    holds.sort(key=lambda each: (each.review_on or dt.date.min, each.id))
    restrictions.sort(key=lambda each: (each.since or now, each.id))
    return Held(tuple(holds), tuple(restrictions), names, requests)


def held_of(store: RegisterStore, person: int, *, now: dt.datetime) -> tuple[Standing, ...]:
    """What stands for one person; whoever reads the person journals that."""
    with store.read(now) as conn:
        found = [
            _standing(kind, row)
            for kind, end in ((HOLD, "ended_at"), (RESTRICTION, "lifted_at"))
            for row in read_rows(store, conn, kind, PERSON, [person])
            if end not in row
        ]
    return tuple(found)


def standing_holds(store: RegisterStore, *, now: dt.datetime) -> tuple[Standing, ...]:
    """Holds that stand, to be counted. Nobody is named."""
    with store.read(now) as conn:
        return tuple(_standing(HOLD, row) for row in _open_rows(store, conn, HOLD, "ended_at"))


def to_review(store: RegisterStore, *, now: dt.datetime) -> tuple[Standing, ...]:
    """Holds whose day of review has come or gone, the oldest first. Nobody is named."""
    tomorrow = today(now) + dt.timedelta(days=1)
    found = [each for each in standing_holds(store, now=now) if each.overdue(tomorrow)]
    return tuple(sorted(found, key=lambda each: (each.review_on or dt.date.min, each.id)))


def persons_of(store: RegisterStore, kind: str, number: int, *, now: dt.datetime) -> tuple[int, ...]:
    """Whose a row is: a hold on it is one on them, for a row says little without those it is about.

    Raises NoSuchRowError for a row that is not there.
    """
    if kind not in store.register.tables or not visible_ids(store, "", kind, {number}, now):
        raise NoSuchRowError
    if kind == PERSON:
        return (number,)
    with store.read(now) as conn:
        return persons_touched(conn, store.register, kind, [number])


def place(
    store: RegisterStore,
    persons: Sequence[int],
    reason: str,
    *,
    owner: str,
    review_on: dt.date | None,
    actor: Actor,
    now: dt.datetime,
) -> tuple[int, ...]:
    """Hold everything of some persons, of one alike with those whose use is paused and whom no role sees.

    Raises CannotSayError when reason, owner or day are missing or the day has gone, NoSuchRowError. All or nothing.
    """
    reason, owner, day = reason.strip(), owner.strip(), today(now)
    if not persons:
        raise CannotSayError("Valitse, kenen tietojen poisto estetään.", "Choose whose data are not to be erased.")
    if not reason:
        raise CannotSayError("Kirjoita eston syy.", "Write the reason for the hold.")
    if not owner:
        raise CannotSayError("Valitse, kuka vastaa estosta.", "Choose who answers for the hold.")
    _check_day(review_on, day)
    if set(persons) - visible_ids(store, "", PERSON, set(persons), now):
        raise NoSuchRowError
    with store.write(now) as work:
        values = {"reason": reason, "owner": owner, "review_on": review_on, "from_at": now}
        made = [work.insert(HOLD, values | {PERSON: each}, source="subject") for each in dict.fromkeys(persons)]
        work.journal.add(Entry(now, actor.account, actor.lens, "hold", PERSON, tuple(persons)))
    return tuple(made)


def review(store: RegisterStore, hold: int, review_on: dt.date | None, *, actor: Actor, now: dt.datetime) -> None:
    """It was looked at and stays: the next day of review. Raises CannotSayError, and NoSuchRowError once it ended."""
    _check_day(review_on, today(now))
    with store.write(now) as work:
        person = _person_of(store, work.conn, hold)
        work.update(HOLD, hold, {"review_on": review_on})
        work.journal.add(Entry(now, actor.account, actor.lens, "review_hold", PERSON, (person,)))


def end(store: RegisterStore, hold: int, *, actor: Actor, now: dt.datetime) -> None:
    """Lift one hold. What nobody needs without it goes in the next night. Raises NoSuchRowError once it ended."""
    with store.write(now) as work:
        person = _person_of(store, work.conn, hold)
        work.update(HOLD, hold, {"ended_at": now})
        work.journal.add(Entry(now, actor.account, actor.lens, "release", PERSON, (person,)))


def _open_rows(store: RegisterStore, conn: Connection, kind: str, end: str) -> list[dict[str, Any]]:
    return [row for row in read_rows(store, conn, kind, "id") if end not in row and PERSON in row]


def _set_by(conn: Connection, person: int) -> str:
    found = page(conn, Query(persons=(person,), verb="restrict", limit=1)).entries
    return found[0].entry.actor if found else ""


def _person_of(store: RegisterStore, conn: Connection, hold: int) -> int:
    rows = [row for row in read_rows(store, conn, HOLD, "id", [hold]) if "ended_at" not in row and PERSON in row]
    if not rows:
        raise NoSuchRowError
    return int(rows[0][PERSON])


def _check_day(review_on: dt.date | None, day: dt.date) -> None:
    if review_on is None or review_on <= day:
        raise CannotSayError(
            "Valitse päivä, jona esto tarkistetaan. Sen on oltava tulossa.",
            "Choose the day on which the hold is looked at again. It must be to come.",
        )


def _standing(kind: str, row: Mapping[str, Any]) -> Standing:
    return Standing(
        kind=kind,
        id=int(row["id"]),
        person=int(row[PERSON]),
        why=str(row.get("reason") or row.get("ground") or ""),
        since=row.get("from_at"),
        owner=str(row.get("owner") or ""),
        review_on=row.get("review_on"),
    )
