"""Writing an assessment down, and how all that need one stand. What lacks is told and stops nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from seloste.clock import today
from seloste.operations.actor import Actor
from seloste.operations.assessments.model import (
    TEXTS,
    Assessed,
    Assessment,
    AssessmentError,
    Outcome,
    Sort,
    State,
    from_text,
    needs,
    said_in_notice,
    to_text,
)
from seloste.operations.records.model import NoSuchRowError
from seloste.store import assessments
from seloste.store.engine import Connection
from seloste.store.journal import Entry
from seloste.store.registers import RegisterStore

LONGEST = 10_000
"""Characters of one text."""

_ORDER: tuple[State, ...] = ("fails", "overdue", "missing", "in_notice", "in_force")


def assessed(store: RegisterStore, *, now: dt.datetime) -> tuple[Assessed, ...]:
    """All that need one: those to be seen to first, then by day of review."""
    with store.read(now) as conn:
        return read(store, conn, today(now))


def read(store: RegisterStore, conn: Connection, on: dt.date) -> tuple[Assessed, ...]:
    """The same within a read."""
    notice = store.register.notice
    written: dict[tuple[Sort, str], list[Assessment]] = {}
    for number, text in assessments.every(conn):
        one = from_text(number, text)
        written.setdefault((one.sort, one.of), []).append(one)
    found = []
    for sort, of, countries in needs(notice, on):
        several = tuple(written.get((sort, of), ()))
        current = several[0] if several else None
        in_notice = said_in_notice(notice, sort, of)
        found.append(Assessed(sort, of, _state(current, on, in_notice=in_notice), current, several, countries))
    return tuple(
        sorted(found, key=lambda each: (_ORDER.index(each.state), each.current.review_on if each.current else on))
    )


def of(store: RegisterStore, sort: str, key: str, *, now: dt.datetime) -> Assessed:
    """One of them. Raises NoSuchRowError for what needs none."""
    found = next((each for each in assessed(store, now=now) if (each.sort, each.of) == (sort, key)), None)
    if found is None:
        raise NoSuchRowError
    return found


def write_down(
    store: RegisterStore,
    sort: str,
    key: str,
    texts: Mapping[str, str],
    *,
    outcome: str,
    on: dt.date | None,
    review_on: dt.date | None,
    actor: Actor,
    now: dt.datetime,
) -> Assessed:
    """Write one down beside those before it. The journal says of what, not what was written.

    Raises NoSuchRowError for what needs none, AssessmentError naming the field that is wrong.
    """
    asked = of(store, sort, key, now=now)
    made = _made(asked.sort, key, texts, outcome, on, review_on, actor, now)
    with store.write(now) as work:
        assessments.add(work.conn, to_text(made))
        work.journal.add(Entry(now, actor.account, actor.lens, "assess", note=f"{sort}.{key}"))
    return of(store, sort, key, now=now)


def _made(
    sort: Sort,
    key: str,
    texts: Mapping[str, str],
    outcome: str,
    on: dt.date | None,
    review_on: dt.date | None,
    actor: Actor,
    now: dt.datetime,
) -> Assessment:
    kept = {name: texts.get(name, "").strip() for name in TEXTS[sort]}
    for name, text in kept.items():
        if not text:
            raise AssessmentError(name, "Kirjoita tämä kohta.", "Write this part.")
        if len(text) > LONGEST:
            raise AssessmentError(name, f"Enintään {LONGEST} merkkiä.", f"At most {LONGEST} characters.")
    results: dict[str, Outcome] = {"stands": "stands", "fails": "fails"}
    if outcome not in results:
        raise AssessmentError("outcome", "Valitse tulos.", "Choose the outcome.")
    if on is None or on > today(now):
        raise AssessmentError(
            "on", "Kirjoita, milloin arvio tehtiin: tänään tai ennen.", "Write when it was made: today or before."
        )
    if review_on is None or review_on <= on:
        raise AssessmentError(
            "review_on",
            "Kirjoita, milloin arvio katsotaan uudestaan: arvion päivän jälkeen.",
            "Write when it is looked at again: after the day it was made.",
        )
    return Assessment(0, sort, key, kept, results[outcome], on, review_on, now, actor.account)


def _state(current: Assessment | None, on: dt.date, *, in_notice: bool) -> State:
    if current is None:
        return "in_notice" if in_notice else "missing"
    if current.outcome == "fails":
        return "fails"
    return "overdue" if current.review_on < on else "in_force"
