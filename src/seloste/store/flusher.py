"""One thread for the program that commits what waits in memory, in groups; readers never wait for the writer's turn."""

from __future__ import annotations

import atexit
import threading
import time
import weakref
from typing import Protocol

from seloste.store.engine import StoreError

PERIOD = 0.2
"""Seconds that something waits at most, when its database takes it."""


class Flushable(Protocol):
    """What holds something back for a moment. ``flush`` raises StoreError and then still holds it."""

    def flush(self) -> None: ...


class Flusher:
    """Starts its thread with the first thing that waits, and ends with the program."""

    def __init__(self) -> None:
        self._known: weakref.WeakSet[Flushable] = weakref.WeakSet()
        self._due: set[Flushable] = set()
        self._lock = threading.Lock()
        self._some = threading.Event()
        self._now = threading.Event()
        self._thread: threading.Thread | None = None
        self._over = False

    def watch(self, holder: Flushable) -> None:
        """Flush ``holder`` at the end of the program too."""
        with self._lock:
            self._known.add(holder)

    def wake(self, holder: Flushable, *, at_once: bool) -> None:
        """Flush ``holder`` within the period, or at once."""
        # A holder seen as due is flushed after this moment, so what it took in before the call goes along.
        if holder not in self._due:
            with self._lock:
                self._due.add(holder)
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="flusher", daemon=True)
                    self._thread.start()
            self._some.set()
        if at_once and not self._now.is_set():
            self._now.set()

    def _run(self) -> None:
        while not self._over:
            self._some.wait()
            self._now.wait(PERIOD)
            with self._lock:
                self._some.clear()
                self._now.clear()
                due, self._due = self._due, set()
            for holder in due:
                try:
                    holder.flush()
                except StoreError:
                    # What waits stays with its holder; after a while the database is asked again.
                    time.sleep(PERIOD)
                    self.wake(holder, at_once=False)

    def finish(self) -> None:
        """At the end of the program: flush what still waits, as far as databases are still open."""
        self._over = True
        for holder in list(self._known):
            try:
                holder.flush()
            except StoreError:
                continue


flusher = Flusher()
atexit.register(flusher.finish)
