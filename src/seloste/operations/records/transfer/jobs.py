"""An import step by step: a file is read, its columns are chosen, its rows tried, then stored; all but the choice run
beside the pages, in a thread, and can be cancelled.

The files of an import lie in a folder of its own, encrypted once they are read, and go when it ends or after a day.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from seloste.errors import SelosteError
from seloste.operations.actor import Actor
from seloste.operations.records import import_
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.records.transfer.errors import ImportCancelledError
from seloste.operations.records.transfer.leftovers import SILENT, clear_imports
from seloste.operations.records.transfer.mapping import SAMPLE, propose
from seloste.operations.records.transfer.plan import CheckReport, Doubles, Fault, ImportPlan
from seloste.operations.records.transfer.tables import open_table
from seloste.operations.records.transfer.target import Target, targets
from seloste.store import import_jobs
from seloste.store.engine import Database
from seloste.store.import_jobs import ImportJob, State
from seloste.store.registers import RegisterStore
from seloste.store.spool import Spool

log = logging.getLogger("seloste.import")

TELL_EVERY = 0.5
"""Seconds between two notes of how far it is."""

Clock = Callable[[], dt.datetime]

_INTERRUPTED = SelosteError(
    "Tuonti keskeytyi, kun ohjelma suljettiin. Mitään ei talletettu. Lähetä tiedosto uudelleen.",
    "The import ended when the program was closed. Nothing was stored. Send the file again.",
)
_BROKEN_OFF = SelosteError(
    "Ohjelma suljettiin, kun tuonti oli valmistumassa. Katso luettelosta, ovatko rivit siellä.",
    "The program was closed while the import was ending. See in the list whether the rows are there.",
)


class Jobs:
    """The imports of an installation."""

    def __init__(self, deployment: Database, folder: Path, clock: Clock) -> None:
        self.deployment = deployment
        self.folder = folder
        self.clock = clock
        self._threads: dict[str, threading.Thread] = {}
        self._clean()

    # --- what the pages ask and do --------------------------------------------------------------------------------

    def begin(self, store: RegisterStore, target: Target, file: IO[bytes], *, actor: Actor) -> str:
        """Take a file in and read it. Returns the import's id."""
        self._clean()
        now = self.clock()
        job = secrets.token_hex(8)
        place = self.folder / job
        place.mkdir(parents=True, mode=0o700)
        with os.fdopen(os.open(place / "raw", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:
            shutil.copyfileobj(file, raw, 1 << 20)
        register = store.register.notice.register
        made = ImportJob(job, register, actor.account, actor.lens, target.key, "reading", 0, 0, now, now)
        with self.deployment.transaction() as conn:
            import_jobs.insert(conn, made)
        self._start(job, lambda: self._read(store, target, job))
        return job

    def get(self, store: RegisterStore, job: str, *, actor: Actor) -> ImportJob:
        """An import of the same account, register and role. Raises NoSuchRowError for any other."""
        with self.deployment.read() as conn:
            found = import_jobs.get(conn, job)
        register = store.register.notice.register
        if found is None or (found.register, found.account, found.lens) != (register, actor.account, actor.lens):
            raise NoSuchRowError
        silent = found.touched_at < self.clock() - SILENT
        if found.running and silent and not self._works(job):
            self._fail(job, _BROKEN_OFF if found.state == "settling" else _INTERRUPTED)
            return self.get(store, job, actor=actor)
        return found

    def waiting(self, store: RegisterStore, *, actor: Actor) -> tuple[ImportJob, ...]:
        """Imports of the account that are not at their end."""
        with self.deployment.read() as conn:
            found = import_jobs.of_account(conn, store.register.notice.register, actor.account)
        return tuple(
            job for job in found if job.lens == actor.lens and job.state in ("columns", "checked", *import_jobs.RUNNING)
        )

    def first_rows(self, store: RegisterStore, job: str) -> list[list[str]]:
        """The rows that the columns are shown by."""
        part = next(self._spool(store, job, "rows").parts(), [])
        return [cells for _, cells in part[:SAMPLE]]

    def target(self, store: RegisterStore, job: ImportJob) -> Target:
        """What the rows become. Raises NoSuchRowError when the notice no longer has it."""
        lens = store.register.lenses.get(job.lens)
        found = next((each for each in targets(store.register, lens) if each.key == job.target), None)
        if found is None:
            raise NoSuchRowError
        return found

    def check(self, store: RegisterStore, job: ImportJob, plan: ImportPlan, *, actor: Actor) -> bool:
        """Try every row under a plan. False when the import is not where this can begin."""
        facts = {"fields": list(plan.fields), "headed": plan.headed, "source": plan.source}
        with self.deployment.transaction() as conn:
            moved = import_jobs.move(
                conn, job.id, to="checking", since=("columns", "checked"), now=self.clock(), **facts
            )
        if moved:
            self._start(job.id, lambda: self._check(store, job.id, plan, actor))
        return moved

    def store(self, store: RegisterStore, job: ImportJob, *, skip_faulty: bool, doubles: Doubles, actor: Actor) -> bool:
        """Store what was tried. False when the import is not where this can begin."""
        with self.deployment.transaction() as conn:
            moved = import_jobs.move(conn, job.id, to="storing", since=("checked",), now=self.clock())
        if moved:
            self._start(job.id, lambda: self._store(store, job, actor, skip_faulty=skip_faulty, doubles=doubles))
        return moved

    def cancel(self, job: ImportJob) -> None:
        """End an import; one that runs stops at its next step, and what it wrote is taken back."""
        with self.deployment.transaction() as conn:
            since = import_jobs.CANCELLED_FROM
            moved = import_jobs.move(conn, job.id, to="cancelled", since=since, now=self.clock())
        if moved and not self._works(job.id):
            self._forget_files(job.id)

    def wait(self, job: str, seconds: float) -> None:
        """Give a short import the time to end, so that nobody has to look at a progress line for it."""
        thread = self._threads.get(job)
        if thread is not None:
            thread.join(seconds)

    def faults(self, job: str) -> Iterator[Fault]:
        """Every fault of the last trial, in the order of the rows."""
        path = self.folder / job / "faults"
        if not path.exists():
            return
        with path.open(encoding="utf-8") as file:
            for line in file:
                yield Fault(*json.loads(line))

    def plan_of(self, store: RegisterStore, job: ImportJob) -> ImportPlan:
        """The plan that was tried last, or the proposal."""
        facts = job.facts
        fields = tuple(facts.get("fields", ()))
        return ImportPlan(self.target(store, job), fields, facts.get("source", ""), bool(facts.get("headed", True)))

    # --- the steps ------------------------------------------------------------------------------------------------

    def _read(self, store: RegisterStore, target: Target, job: str) -> None:
        raw = self.folder / job / "raw"
        try:
            table = open_table(raw)
            tell = self._teller(job, 0)
            count = self._spool(store, job, "rows").write(_told(table.rows(), tell))
        finally:
            raw.unlink(missing_ok=True)
        rows = self.first_rows(store, job)
        if not rows:
            from seloste.operations.records.transfer.errors import FileRefusedError

            raise FileRefusedError("Tiedostossa ei ole rivejä.", "The file has no rows.")
        found = propose(store.register, target, rows)
        facts = {
            "fields": list(found.fields),
            "headed": found.headed,
            "unnamed": {str(column): dict(label) for column, label in found.unnamed.items()},
            "rows": count,
        }
        self._move(job, "columns", "reading", **facts)

    def _check(self, store: RegisterStore, job: str, plan: ImportPlan, actor: Actor) -> None:
        now = self.clock()
        with self.deployment.read() as conn:
            known = import_jobs.get(conn, job)
        total = int(known.facts.get("rows", 0)) - plan.headed if known else 0
        tell = self._teller(job, total)
        rows = ((number, cells) for number, cells in self._spool(store, job, "rows").read())
        if plan.headed:
            next(rows, None)
        with (self.folder / job / "faults").open("w", encoding="utf-8") as file:

            def sink(fault: Fault) -> None:
                file.write(json.dumps([fault.row, fault.column, fault.fi, fault.en], ensure_ascii=False) + "\n")

            report = import_.dry_run(
                store, rows, plan, ready=self._spool(store, job, "ready"), sink=sink, step=tell, actor=actor, now=now
            )
        self._move(job, "checked", "checking", report=_report_facts(report))

    def _store(
        self, store: RegisterStore, job: ImportJob, actor: Actor, *, skip_faulty: bool, doubles: Doubles
    ) -> None:
        report = report_of(job.facts)
        tell = self._teller(job.id, report.good)
        done = import_.store_ready(
            store,
            self._spool(store, job.id, "ready"),
            self.plan_of(store, job),
            report,
            skip_faulty=skip_faulty,
            doubles=doubles,
            step=tell,
            last=lambda: self._move(job.id, "settling", "storing"),
            actor=actor,
            now=self.clock(),
        )
        result = {"taken": done.taken, "left_out": done.left_out, "made": dict(done.made), "banned": done.banned}
        self._move(job.id, "done", "settling", result=result)
        self._forget_files(job.id)

    def _teller(self, job: str, total: int) -> Callable[[int], None]:
        """Notes how far it is, now and then, and stops the work when somebody cancelled it."""
        last = time.monotonic()

        def tell(done: int) -> None:
            nonlocal last
            if time.monotonic() - last < TELL_EVERY:
                return
            last = time.monotonic()
            with self.deployment.transaction() as conn:
                state = import_jobs.progress(conn, job, done=done, total=total, now=self.clock())
            if state not in import_jobs.RUNNING:
                raise ImportCancelledError

        return tell

    def _start(self, job: str, work: Callable[[], None]) -> None:
        def run() -> None:
            try:
                work()
            except ImportCancelledError:
                self._forget_files(job)
            except SelosteError as refused:
                self._fail(job, refused)
            except Exception as fault:  # noqa: BLE001  a thread has nobody to raise to; the page says that it failed
                log.error("import %s: %s", job, type(fault).__name__)  # noqa: TRY400  a trace may hold values
                self._fail(job, None)

        thread = threading.Thread(target=run, name=f"import-{job}", daemon=True)
        self._threads[job] = thread
        thread.start()

    def _move(self, job: str, to: State, since: State, **facts: Any) -> None:
        with self.deployment.transaction() as conn:
            moved = import_jobs.move(conn, job, to=to, since=(since,), now=self.clock(), **facts)
        if not moved:
            raise ImportCancelledError

    def _fail(self, job: str, error: SelosteError | None) -> None:
        facts = {"error": {"fi": error.message_fi, "en": error.message_en}} if error is not None else {}
        with self.deployment.transaction() as conn:
            import_jobs.move(conn, job, to="failed", since=import_jobs.RUNNING, now=self.clock(), **facts)
        self._forget_files(job)

    # --- files ----------------------------------------------------------------------------------------------------

    def _spool(self, store: RegisterStore, job: str, name: str) -> Spool:
        return Spool(self.folder / job / name, store.keys, f"import {job} {name}")

    def _forget_files(self, job: str) -> None:
        shutil.rmtree(self.folder / job, ignore_errors=True)

    def _works(self, job: str) -> bool:
        thread = self._threads.get(job)
        return thread is not None and thread.is_alive()

    def _clean(self) -> None:
        """Imports that nobody went on with."""
        clear_imports(self.deployment, self.folder, self.clock())
        self._threads = {job: thread for job, thread in self._threads.items() if thread.is_alive()}


def _told(rows: Iterator[tuple[int, list[str]]], tell: Callable[[int], None]) -> Iterator[tuple[int, list[str]]]:
    for count, row in enumerate(rows, 1):
        if count % 1000 == 0:
            tell(count)
        yield row


def _report_facts(report: CheckReport) -> dict[str, Any]:
    return {
        "rows": report.rows,
        "faulty": report.faulty,
        "doubles": report.doubles,
        "made": dict(report.made),
        "found": dict(report.found),
    }


def report_of(facts: Mapping[str, Any]) -> CheckReport:
    """What the last trial found."""
    raw = facts.get("report", {})
    return CheckReport(
        int(raw.get("rows", 0)),
        int(raw.get("faulty", 0)),
        int(raw.get("doubles", 0)),
        raw.get("made", {}),
        raw.get("found", {}),
    )
