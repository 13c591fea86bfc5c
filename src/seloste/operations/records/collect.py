"""Collect: new rows, together or not at all, each with its source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from seloste.clock import to_utc_text
from seloste.operations.actor import Actor
from seloste.operations.records.model import InvalidRowsError, NewRow, NoSuchRowError, Problem
from seloste.operations.records.read import persons_asked, persons_of, visible_ids
from seloste.operations.records.validate import Validator
from seloste.store.agreed import agree
from seloste.store.engine import Result
from seloste.store.journal import Entry
from seloste.store.registers import RegisterStore
from seloste.store.work import Work


@dataclass(frozen=True, slots=True)
class Collected:
    """What was stored: the id of each row by its ref (rows without one by their place, ``0``, ``1`` ...)."""

    ids: Mapping[str, int]
    tell_by: dt.date | None
    """When the persons must be told where the data came from (Art. 14(3)), for sources that need it."""
    banned: tuple[int, ...] = ()
    """Persons who came with an address that is banned from marketing; the ban was set on them anew."""


Also = Callable[[Work, Mapping[str, int]], None]
"""What else is written in the same transaction, given the ids of the rows by their refs."""


def collect(
    store: RegisterStore, rows: Sequence[NewRow], *, actor: Actor, now: dt.datetime, also: Also | None = None
) -> Collected:
    """Store rows. A row may belong to or point at another of the same operation by its ref.

    Raises InvalidRowsError (every problem of every row) and NotNeededError (a cell no purpose needs); then nothing was
    stored.
    """
    lens = store.acted_in(actor.lens)
    validator = Validator(store.register, lens, store.types)
    typed = [validator.row(row) for row in rows]
    validator.nobody_for_himself(rows)
    refs: dict[str, set[str]] = {}
    for row in rows:
        if row.ref:
            refs.setdefault(row.ref, set()).add(row.kind)
    _known(store, validator, rows, refs, actor, now)
    if validator.problems:
        raise InvalidRowsError(validator.problems)
    ids: dict[str, int] = {}
    with store.write(now) as work:
        for place in _in_order(validator, rows):
            row, values = rows[place], dict(typed[place])
            for column, _, given in validator.pointers(row):
                values[column] = ids[given] if isinstance(given, str) and given in refs else int(given)
            number = work.insert(row.kind, values, source=row.source, recorded_at=row.recorded_at)
            ids[row.ref or str(place)] = number
            _cell_sources(work, row, number, now)
        _journal(work, rows, actor, now)
        if also is not None:
            also(work, ids)
        _agreed(work, rows, ids)
    return Collected(ids, _tell_by(store, rows, now), tuple(dict.fromkeys(work.banned_again)))


def _known(
    store: RegisterStore,
    validator: Validator,
    rows: Sequence[NewRow],
    refs: Mapping[str, set[str]],
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Every row pointed at exists and is one this lens shows, or one of these and of the kind pointed at."""
    wanted: dict[str, set[int]] = {}
    for row in rows:
        if row.kind not in store.register.tables:
            continue
        for column, target, given in validator.pointers(row):
            if isinstance(given, str) and refs.get(given) == {target}:
                continue
            try:
                # A ref of another kind is no number either: its row's would be somebody else's here.
                wanted.setdefault(target, set()).add(int("" if given in refs else given))
            except (TypeError, ValueError, OverflowError):
                validator.problems.append(
                    Problem(row.ref, row.kind, column, "Valitse rivi luettelosta.", "Choose a record of the list.")
                )
    for target, numbers in wanted.items():
        if numbers - visible_ids(store, actor.lens, target, numbers, now, actor.person):
            raise NoSuchRowError


def _in_order(validator: Validator, rows: Sequence[NewRow]) -> list[int]:
    """Rows that others point at come first. Raises InvalidRowsError when rows point at each other in a ring."""
    by_ref = {row.ref: place for place, row in enumerate(rows) if row.ref}
    done: list[int] = []
    state = [0] * len(rows)

    def visit(place: int) -> None:
        if state[place] == 2:
            return
        if state[place] == 1:
            raise InvalidRowsError(
                [
                    Problem(
                        rows[place].ref,
                        rows[place].kind,
                        "",
                        "Rivit osoittavat toisiinsa kehässä.",
                        "Rows point at each other in a ring.",
                    )
                ]
            )
        state[place] = 1
        for _, _, given in validator.pointers(rows[place]):
            if isinstance(given, str) and given in by_ref:
                visit(by_ref[given])
        state[place] = 2
        done.append(place)

    for place in range(len(rows)):
        visit(place)
    return done


def _agreed(work: Work, rows: Sequence[NewRow], ids: Mapping[str, int]) -> None:
    """Where the notice asks for the consent of each row, it was given with the row. Raises InvalidRowsError."""
    kinds = work.register.agreed
    problems = [
        Problem(
            row.ref,
            row.kind,
            "",
            "Kysy hänen suostumuksensa tähän. Selosteen mukaan suostumus annetaan jokaiseen erikseen.",
            "Ask for their consent to this. By the notice a consent is given to each one apart.",
        )
        for place, row in enumerate(rows)
        if row.kind in kinds and not agree(work, row.kind, ids[row.ref or str(place)])
    ]
    if problems:
        raise InvalidRowsError(problems)


def _cell_sources(work: Work, row: NewRow, number: int, now: dt.datetime) -> None:
    for item, source in row.cell_sources.items():
        work.conn.execute(
            "INSERT INTO sys_cell_source (kind, row, item, source, at) VALUES (:kind, :row, :item, :source, :at)",
            {"kind": row.kind, "row": number, "item": item, "source": source, "at": to_utc_text(now)},
        )


def _journal(work: Work, rows: Sequence[NewRow], actor: Actor, now: dt.datetime) -> None:
    for kind, numbers in work.written.items():
        items = tuple(dict.fromkeys(item for row in rows if row.kind == kind for item in row.values))
        entry = Entry(now, actor.account, actor.lens, "store", kind, items=items, count=len(numbers))
        # Whose they are is asked with the question for the journal's end, which is a round trip anyway.
        asked = persons_asked(work.register, kind, sorted(numbers))
        work.journal.add_asking(asked, partial(_of_persons, entry))


def _of_persons(entry: Entry, found: Sequence[Result]) -> Entry:
    return replace(entry, persons=persons_of(found))


def _tell_by(store: RegisterStore, rows: Sequence[NewRow], now: dt.datetime) -> dt.date | None:
    """At the latest a month after the data were obtained (Art. 14(3)(a))."""
    sources = store.register.notice.sources
    if not any(sources[row.source].art14 for row in rows if store.register.tables[row.kind].kind.subject):
        return None
    from seloste.clock import today
    from seloste.law.periods import add_months_clip

    return add_months_clip(today(now), 1)
