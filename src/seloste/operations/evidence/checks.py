"""Checks that are made for the pack at once: the whole journal computed anew, and everything derived."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from seloste.operations.actor import Actor
from seloste.operations.evidence.open import Open
from seloste.operations.evidence.words import Words
from seloste.operations.journal import check_journal
from seloste.operations.verify import verify
from seloste.store.journal import JournalReport
from seloste.store.registers import RegisterStore
from seloste.store.verify import DerivedReport


@dataclass(frozen=True, slots=True)
class Checks:
    """What was found. ``journal.head`` is the seal to be noted elsewhere."""

    journal: JournalReport
    derived: DerivedReport

    def open(self, words: Words) -> Iterator[Open]:
        """Exceptions of theirs."""
        if not self.journal.ok:
            text = words.say("open.journal", n=self.journal.first_bad or 0)
            yield Open("journal", text, ("security.read_log", "register"))
        if not self.derived.ok:
            text = words.say("open.derived", n=len(self.derived.differences))
            yield Open("derived", text, ("register", "kinds"))


def check(store: RegisterStore, *, actor: Actor, now: dt.datetime) -> Checks:
    """Compute both anew; each leaves its entry in the journal."""
    derived = verify(store, actor=actor, now=now)
    return Checks(check_journal(store, actor=actor, now=now), derived)
