"""Import: rows of a file into the register, all of them or none, with their source.

A file is first tried (:func:`dry_run`), which finds every faulty row and why, then stored (:func:`store_ready`) from
what the trial left, in one transaction with one entry in the journal.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from seloste.catalogue.model import PERSON
from seloste.operations.actor import Actor
from seloste.operations.records.reading import MOST_PERSONS
from seloste.operations.records.transfer.check import Checker, Step
from seloste.operations.records.transfer.errors import ImportRefusedError
from seloste.operations.records.transfer.leftovers import ROOM
from seloste.operations.records.transfer.plan import CheckReport, Doubles, Fault, ImportPlan, ImportReport, ReadyRow
from seloste.operations.records.transfer.rows import RowReader
from seloste.operations.records.transfer.tables import open_table
from seloste.operations.records.transfer.write import Shared, write_rows
from seloste.store.journal import Entry
from seloste.store.registers import RegisterStore
from seloste.store.spool import Spool
from seloste.store.work import Work

_NO_STEP: Step = lambda done: None  # noqa: E731
_NO_SINK: Callable[[Fault], None] = lambda fault: None  # noqa: E731


def dry_run(
    store: RegisterStore,
    rows: Iterable[tuple[int, list[str]]],
    plan: ImportPlan,
    *,
    ready: Spool,
    sink: Callable[[Fault], None] = _NO_SINK,
    step: Step = _NO_STEP,
    actor: Actor,
    now: dt.datetime,
) -> CheckReport:
    """Try every row; the good ones wait in ``ready``, every fault goes to ``sink``. Nothing is stored.

    ``rows`` are (row number, cells) without the row that names the columns. Raises ImportRefusedError for a mapping or
    source that cannot be used, and whatever ``step`` raises to stop it.
    """
    known = store.register.notice.sources.get(plan.source)
    if known is None:
        raise ImportRefusedError(
            "Valitse, mistä tiedot saatiin. Seloste ei nimeä tätä lähdettä.",
            "Choose where the data came from. The notice does not name this source.",
        )
    if store.register.agreed.keys() & {node.kind for node in plan.target.nodes}:
        raise ImportRefusedError(
            "Näitä ei voi tuoda tiedostosta, koska selosteen mukaan jokaiseen kysytään lupa erikseen.",
            "These cannot be imported from a file: by the notice a consent is asked for each of them.",
        )
    checker = Checker(store, plan, actor=actor, now=now)
    ready.write(row.as_json() for row in checker.run(rows, sink=sink, step=step))
    return checker.report()


def store_ready(
    store: RegisterStore,
    ready: Spool,
    plan: ImportPlan,
    report: CheckReport,
    *,
    skip_faulty: bool = False,
    doubles: Doubles = "skip",
    step: Step = _NO_STEP,
    last: Callable[[], None] = lambda: None,
    actor: Actor,
    now: dt.datetime,
) -> ImportReport:
    """Store what a dry run left, in one transaction. ``last`` is called when all is written and may still stop it.

    Raises ImportRefusedError when rows were faulty and may not be left out, NotNeededError when the notice no longer
    needs one; then nothing was stored.
    """
    if report.faulty and not skip_faulty:
        raise ImportRefusedError(
            f"Tiedostossa on {report.faulty} virheellistä riviä. Korjaa ne tai jätä ne pois.",
            f"The file has {report.faulty} faulty rows. Correct them, or leave them out.",
        )
    reader = RowReader(store, plan, store.acted_in(actor.lens))
    counts: Counter[str] = Counter()
    shared: Shared = {}
    taken = seen = 0
    mains: list[int] = []
    with store.write(now) as work:
        for part in ready.parts():
            rows = [ReadyRow.from_json(raw) for raw in part]
            seen += len(rows)
            chosen = [row for row in rows if doubles == "store" or not row.double]
            taken += len(chosen)
            for kind, number in write_rows(work, reader, chosen, shared):
                counts[kind] += 1
                if kind == plan.target.kind and len(mains) <= MOST_PERSONS:
                    mains.append(number)
            step(seen)
        if not taken:
            raise ImportRefusedError("Tuotavia rivejä ei ole.", "There are no rows to import.")
        _journal(work, plan, mains, taken, actor, now)
        last()
    banned = len(set(work.banned_again))
    return ImportReport(taken, report.rows - taken, dict(counts), mains[0] if mains else None, banned)


def _journal(work: Work, plan: ImportPlan, mains: list[int], taken: int, actor: Actor, now: dt.datetime) -> None:
    """One entry for the file: what was imported, how many rows, from where; the persons when they are few enough."""
    named = tuple(mains) if plan.target.kind == PERSON and len(mains) <= MOST_PERSONS else ()
    fields = (plan.target.field(key) for key in plan.fields if key)
    items = tuple(dict.fromkeys(f"{field.node}.{item.key}" for field in fields if field for item in field.items))
    work.journal.add(
        Entry(
            at=now,
            actor=actor.account,
            lens=actor.lens,
            verb="import",
            kind=plan.target.kind,
            persons=named,
            items=items,
            count=taken,
            note=plan.source,
        ),
    )


def run(
    store: RegisterStore,
    path: Path,
    plan: ImportPlan,
    *,
    dry: bool = False,
    skip_faulty: bool = False,
    doubles: Doubles = "skip",
    sink: Callable[[Fault], None] = _NO_SINK,
    step: Step = _NO_STEP,
    actor: Actor,
    now: dt.datetime,
) -> tuple[CheckReport, ImportReport | None]:
    """Try a file and store it, unless ``dry`` or rows are faulty and may not be left out: then the report is all.

    Raises FileRefusedError besides what the two steps raise.
    """
    rows = iter(open_table(path).rows())
    if plan.headed:
        next(rows, None)
    with tempfile.TemporaryDirectory(prefix=ROOM) as folder:
        ready = Spool(Path(folder) / "ready", store.keys, "import")
        report = dry_run(store, rows, plan, ready=ready, sink=sink, step=step, actor=actor, now=now)
        if dry or (report.faulty and not skip_faulty) or not report.good:
            return report, None
        done = store_ready(
            store, ready, plan, report, skip_faulty=skip_faulty, doubles=doubles, step=step, actor=actor, now=now
        )
        return report, done


__all__ = ["CheckReport", "Fault", "ImportPlan", "ImportReport", "dry_run", "run", "store_ready"]
