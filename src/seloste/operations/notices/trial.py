"""What a new version of a notice would do to its register: whom to tell, whom to ask again, what goes.

GDPR Art. 13(3) and 14(4): people are told of a further purpose before it begins. The figures come from doing it all and
taking it back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from seloste.compiler.concerned import consenting
from seloste.notice.diff import Change, Difference, compare
from seloste.notice.model import Notice
from seloste.operations.actor import CLI
from seloste.operations.notices.untold import whom
from seloste.operations.retention.report import SweepReport, report
from seloste.operations.retention.sweep import sweep
from seloste.store import due
from seloste.store.engine import Connection, one
from seloste.store.mailable import with_mail
from seloste.store.registers import Registers
from seloste.store.sweep import Swept, chunk
from seloste.store.sweep_due import collect
from seloste.store.trial import tried


@dataclass(frozen=True, slots=True)
class Counted:
    """A change and how many people it concerns; None where its effects concern nobody in particular."""

    change: Change
    people: int | None


@dataclass(frozen=True, slots=True)
class Trial:
    """All that a version would change. Counts of people and of values, nobody's number and no value."""

    difference: Difference
    changes: tuple[Counted, ...]
    told: int
    """People to tell before it begins, each once."""
    asked: int
    """People whose yes is asked again, each once."""
    values: int
    """Values that the new version no longer names, and are erased at once."""
    swept: SweepReport
    """What its first sweep removes beside that."""
    anyway: int
    """Values that the sweep of the same day removes under the notice in force too."""
    people: frozenset[int] = field(repr=False)
    """Whom to tell; for the letters, not to be shown."""
    with_mail: int
    """How many of them have an e-mail address."""

    @property
    def erased(self) -> int:
        """Values that go because of the change."""
        return self.values + max(0, self.swept.cells - self.anyway)


def trial(registers: Registers, notice: Notice, lang: str, *, now: dt.datetime) -> Trial:
    """Try ``notice`` on its register and take it back.

    Raises NoRegisterError when there is no register yet, StoreError when the notice cannot be applied.
    """
    store = registers.open(notice.register)
    difference = compare(store.register.notice, notice, lang)
    anyway = sweep(store, now=now, actor=CLI, dry_run=True, every_row=True).cells
    with tried(registers, notice, now=now) as done:
        work = done.work
        count = _Count(work.conn, notice, now)
        changes = tuple(Counted(change, count.people(change)) for change in difference.changes)
        people, asked = whom(work.conn, work.register, difference.of("inform")), count.asked(difference.of("ask"))
        with_mail = count.with_mail(people)
        due.create(work.conn)
        swept = Swept(every_row=collect(work, every_row=True))
        while (part := chunk(work)) is not None:
            swept.add(part)
        swept_report = report(work.conn, work.register, swept, at=now, dry_run=True)
    values = sum(step.erased for step in done.steps)
    told = frozenset(people)
    return Trial(difference, changes, len(told), asked, values, swept_report, anyway, told, with_mail)


class _Count:
    """People counted in the register as the new version would have it, before anything is swept."""

    def __init__(self, conn: Connection, notice: Notice, now: dt.datetime) -> None:
        from seloste.compiler.lower import compile_text
        from seloste.notice.serial import to_json

        self.conn, self.register, self.now = conn, compile_text(to_json(notice)), now

    def people(self, change: Change) -> int | None:
        if "ask" in change.effects:
            return self.asked([change])
        return len(whom(self.conn, self.register, [change])) if "inform" in change.effects else None

    def with_mail(self, people: set[int]) -> int:
        """How many of them have an e-mail address, by the keys under which it is found."""
        return len(with_mail(self.conn, self.register, people))

    def asked(self, changes: Iterable[Change]) -> int:
        purposes = dict.fromkeys(key for change in changes for key in change.purposes)
        return self._of(consenting(self.register, purposes))

    def _of(self, sql: str) -> int:
        return int(one(self.conn.execute(f"SELECT count(*) FROM (SELECT DISTINCT * FROM ({sql}) AS a) AS b"))[0])
