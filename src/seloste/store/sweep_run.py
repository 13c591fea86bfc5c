"""A run of the register's own sweep, step by step; whoever runs it says how many steps go into one transaction."""

from __future__ import annotations

import time

from seloste.compiler.sweep_outright import Outright
from seloste.store.sweep import Swept, chunk
from seloste.store.sweep_due import begin, go_on
from seloste.store.sweep_outright import remove
from seloste.store.work import Work

FIRST, MOST = 10_000, 80_000
"""Rows that go outright in one step: at first, and at most, once it is seen that they take little time."""

LITTLE = 0.05
"""Seconds within which a step may take twice as many rows the next time."""


class Run:
    """What has been done of a sweep and what is next: what is due is made due, what goes outright goes, then each row
    that is left is looked at. Whatever ends it, the next run finds in the register where it was."""

    def __init__(self, every_row: bool) -> None:
        self.begun = self.done = False
        self._every_row = every_row
        self._rules: tuple[Outright, ...] = ()
        self._next = 0
        """Which of the rules is at work."""
        self._most = FIRST

    def step(self, work: Work) -> Swept:
        """Do the next step within the caller's transaction; what it removed."""
        if not self.begun:
            found = begin(work, every_row=self._every_row)
            self.begun, self._rules = True, found.rules
            return Swept(every_row=found.every_row)
        if self._next < len(self._rules):
            return self._outright(work)
        if self._rules:
            go_on(work, self._rules)
            self._rules, self._next = (), 0
            return Swept()
        swept = chunk(work)
        self.done = swept is None
        return swept or Swept()

    def _outright(self, work: Work) -> Swept:
        began, most = time.monotonic(), self._most
        swept = remove(work, self._rules[self._next], most)
        if swept is None or swept.looked < most:
            self._next += 1
        elif time.monotonic() - began < LITTLE:
            self._most = min(2 * most, MOST)
        return swept or Swept()
