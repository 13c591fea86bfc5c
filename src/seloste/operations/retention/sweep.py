"""The sweep: what nobody needs any more is removed for good, by the one rule and by nothing else.

What has expired is hidden already by the day itself; the sweep makes it gone. Storage limitation: GDPR Art. 5(1)(e).
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import replace

from seloste.catalogue.model import PERSON
from seloste.clock import today
from seloste.operations.actor import Actor
from seloste.operations.retention.report import SweepReport, report
from seloste.store import post, runs, unconfirmed
from seloste.store.dialects.sqlite import SqliteDatabase
from seloste.store.journal import Entry
from seloste.store.placed import here
from seloste.store.registers import RegisterStore
from seloste.store.sweep import (
    RegisterBusyError,
    Swept,
    chunk,
    giving_way,
    hold_still,
    keep_report,
    kept_reports,
)
from seloste.store.sweep_due import collect
from seloste.store.sweep_run import Run
from seloste.store.sweep_whole import sweep_whole
from seloste.store.work import Work

TRIES = 20
"""Times a turn gives way to the writers of the day before the sweep is left for later."""

AT_MOST = 0.5
"""Seconds after which a turn ends, since writers of the day wait for it; readers do not. On SQLite each turn writes the
pages of an index anew that those before it wrote, so that short ones cost more."""


class _Rehearsed(Exception):  # noqa: N818
    """Ends the transaction of a dry run, so that nothing of it stays."""


def sweep(
    store: RegisterStore, *, now: dt.datetime, actor: Actor, dry_run: bool = False, every_row: bool = False
) -> SweepReport:
    """Remove what nobody needs, in turns of one transaction each; what a run that was ended left is done first.

    ``dry_run`` does all of it and takes it back, so its report is exact. ``every_row`` looks at every row instead of
    only those that time or an event let go. Raises RegisterBusyError when others keep writing; what was done stays.
    """
    if dry_run:
        return _rehearse(store, now=now, every_row=every_row)
    began = time.monotonic()
    run, swept = Run(every_row), Swept()
    while not run.done:
        run, done = _turn(store, run, now, actor)
        swept.add(done)
    with store.read(now) as conn:
        made = report(conn, store.register, swept, at=now, dry_run=False)
    wipe(store)
    made = replace(made, by=actor.account, seconds=round(time.monotonic() - began, 1))
    with store.write(now) as work:
        keep_report(work.conn, now, made.to_json())
        runs.forget_old(work.conn, now)
    return made


def _turn(store: RegisterStore, run: Run, now: dt.datetime, actor: Actor) -> tuple[Run, Swept]:
    """One transaction of the sweep, once the writers of the day let it: as many steps as they can wait for.

    Gives how far the run is then; a transaction that was taken back has moved nothing on.
    """
    for attempt in range(TRIES):
        ahead, swept = copy(run), Swept()
        try:
            with giving_way(store.database.dialect), store.write(now) as work:
                work.claim()
                hold_still(work.conn, store.register, again=attempt > 0)
                began = time.monotonic()
                if not ahead.begun:
                    unconfirmed.drop_old(work.conn, today(now))
                    post.tidy(store, work)
                swept.add(ahead.step(work))
                while not ahead.done and time.monotonic() - began < AT_MOST:
                    swept.add(ahead.step(work))
                log_swept(work, swept, now, actor)
            return ahead, swept
        except RegisterBusyError:
            if attempt == TRIES - 1:
                raise
            time.sleep(0.05 * (attempt + 1))
    raise AssertionError("unreachable")


def _rehearse(store: RegisterStore, *, now: dt.datetime, every_row: bool) -> SweepReport:
    with taken_back(store, now) as work:
        work.rehearsed = True  # it takes as long as the sweep of all that waits
        run, swept = Run(every_row), Swept()
        while not run.done:
            swept.add(run.step(work))
        return report(work.conn, store.register, swept, at=now, dry_run=True)


@contextmanager
def taken_back(store: RegisterStore, now: dt.datetime) -> Iterator[Work]:
    """A transaction of which nothing stays."""
    try:
        with store.write(now) as work:
            yield work
            raise _Rehearsed
    except _Rehearsed:
        return


def sweep_person(
    store: RegisterStore,
    person: int,
    *,
    now: dt.datetime,
    actor: Actor,
    dry_run: bool = False,
    subject_kind: str = PERSON,
) -> SweepReport:
    """Remove what nobody needs of one person, at once; the report names for all that stays its purpose and last day."""
    if dry_run:
        with taken_back(store, now) as work:
            swept = sweep_within(work, {subject_kind: {person}})
            return report(work.conn, store.register, swept, at=now, dry_run=True)
    with store.write(now) as work:
        swept = sweep_within(work, {subject_kind: {person}})
        log_swept(work, swept, now, actor, persons=(person,) if subject_kind == PERSON else ())
        made = report(work.conn, store.register, swept, at=now, dry_run=False)
    wipe(store)
    return made


def sweep_within(work: Work, rows: Mapping[str, set[int]]) -> Swept:
    """Sweep rows and everything that refers to them inside an operation's own transaction.

    Call it after the operation's events are written; it brings bits and derived days up to date first. The caller
    journals, and calls :func:`wipe` after its transaction.
    """
    work.settled()
    return sweep_whole(work, rows)


def sweep_every_row(work: Work, *, now: dt.datetime, actor: Actor) -> Swept:
    """Sweep the whole register inside the caller's transaction, while nobody else can be there: at a restore."""
    swept = Swept(every_row=collect(work, every_row=True))
    while (done := chunk(work)) is not None:
        log_swept(work, done, now, actor)
        swept.add(done)
    return swept


def wipe(store: RegisterStore, *, rewrite: bool = False) -> None:
    """On SQLite, leave no byte of what was removed in the log beside the file.

    On PostgreSQL the bytes stay in the files until others take their place; ``rewrite`` writes the tables anew, which
    nobody can use meanwhile. See ``docs/why/retention.md``.
    """
    database = here(store.database)
    if isinstance(database, SqliteDatabase):
        database.truncate_log()
    elif rewrite:
        from seloste.store.dialects.postgresql import PostgresDatabase

        assert isinstance(database, PostgresDatabase)
        database.rewrite((*store.register.tables, "sys_find", "sys_cell_source"))


def last_reports(store: RegisterStore, *, now: dt.datetime, most: int = 30) -> tuple[SweepReport, ...]:
    """Reports of the latest runs, newest first."""
    with store.read(now) as conn:
        return tuple(SweepReport.from_json(text) for text in kept_reports(conn, most))


def log_swept(work: Work, swept: Swept, now: dt.datetime, actor: Actor, *, persons: tuple[int, ...] = ()) -> None:
    """One entry for each kind: how many rows went whole, and which items were emptied in how many others."""
    items: dict[str, list[str]] = {}
    for kind, item in swept.gone:
        items.setdefault(kind, []).append(item)
    for kind in dict.fromkeys([*swept.rows, *swept.emptied]):
        for note, count in (("row", swept.rows[kind]), ("cell", swept.emptied[kind])):
            if count:
                work.journal.add(
                    Entry(
                        at=now,
                        actor=actor.account,
                        lens=actor.lens,
                        verb="sweep",
                        kind=kind,
                        persons=persons,
                        items=tuple(items.get(kind, ())),
                        count=count,
                        note=note,
                    ),
                )


__all__ = [
    "SweepReport",
    "last_reports",
    "log_swept",
    "sweep",
    "sweep_every_row",
    "sweep_person",
    "sweep_within",
    "wipe",
]
