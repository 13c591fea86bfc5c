"""Connections kept a while for the next to ask, and closed when nobody does: a thousand registers, few connections.

One thread for the whole process closes what lies idle, however many pools there are.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections import deque
from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

from seloste.store.engine import StoreError

T = TypeVar("T")

IDLE_SECONDS = 60.0
SWEEP_SECONDS = 15.0
WAIT_SECONDS = 10.0

_pools: weakref.WeakSet[IdlePool[Any]] = weakref.WeakSet()
_resting: weakref.WeakSet[Resting] = weakref.WeakSet()
_starting = threading.Lock()
_sweeper: threading.Thread | None = None


@runtime_checkable
class Resting(Protocol):
    """What keeps connections of its own. ``used`` is when it was used last, by ``time.monotonic``."""

    used: float

    def rest(self) -> None:
        """Close those that nobody uses just now."""
        ...


def watch(holder: Resting) -> None:
    """Have its idle connections closed when it was not used for a while."""
    _resting.add(holder)
    _start()


class IdlePool(Generic[T]):
    """Connections of one kind: the one given back last is taken first, so that the others grow old and go.

    ``most`` at a time, or as many as are asked for; ``fresh`` is asked of one that lay for more than a second.
    """

    def __init__(
        self,
        opens: Callable[[], T],
        closes: Callable[[T], None],
        *,
        most: int | None = None,
        fresh: Callable[[T], bool] | None = None,
    ) -> None:
        self._opens, self._closes, self._fresh = opens, closes, fresh
        # Its ends are taken and added to whole, so no lock is held while a page is read.
        self._idle: deque[tuple[float, T]] = deque()
        self._turns = None if most is None else threading.BoundedSemaphore(most)
        self._closed = False
        _pools.add(self)
        _start()

    def take(self) -> T:
        """A connection for the caller alone; it goes to :meth:`give` or :meth:`drop`. Raises StoreError."""
        if self._turns is not None and not self._turns.acquire(timeout=WAIT_SECONDS):
            raise StoreError(
                "Tietokanta on ruuhkautunut. Yritä hetken päästä uudelleen.",
                "The database is busy. Try again in a moment.",
            )
        try:
            while self._idle:
                try:
                    since, conn = self._idle.pop()
                except IndexError:
                    break
                if self._fresh is None or time.monotonic() - since < 1 or self._fresh(conn):
                    return conn
                self._closes(conn)
            return self._opens()
        except BaseException:
            self._done()
            raise

    def give(self, conn: T) -> None:
        """Keep a connection for the next."""
        self._idle.append((time.monotonic(), conn))
        if self._closed:
            self.sweep(0)
        self._done()

    def drop(self, conn: T) -> None:
        """Close a connection that nobody shall use again."""
        try:
            self._closes(conn)
        finally:
            self._done()

    def sweep(self, older_than: float) -> None:
        """Close those idle for longer, in seconds."""
        until = time.monotonic() - older_than
        while self._idle:
            try:
                since, conn = self._idle.popleft()
            except IndexError:
                return
            if since > until:
                self._idle.appendleft((since, conn))
                return
            self._closes(conn)

    def close(self) -> None:
        """Close every idle connection now, and those in use when they come back."""
        self._closed = True
        self.sweep(0)

    def __len__(self) -> int:
        """How many lie idle."""
        return len(self._idle)

    def _done(self) -> None:
        if self._turns is not None:
            self._turns.release()


def _start() -> None:
    global _sweeper  # noqa: PLW0603 - one thread for the process
    if _sweeper is None:
        with _starting:
            if _sweeper is None:
                _sweeper = threading.Thread(target=_run, name="seloste-idle", daemon=True)
                _sweeper.start()


def _run() -> None:
    while True:
        time.sleep(SWEEP_SECONDS)
        for pool in list(_pools):
            pool.sweep(IDLE_SECONDS)
        for holder in list(_resting):
            if holder.used < time.monotonic() - IDLE_SECONDS:
                holder.rest()
