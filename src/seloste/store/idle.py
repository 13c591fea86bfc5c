"""Connections kept a while for the next to ask, and closed when nobody does: a thousand registers, few connections.

One thread for the whole process closes what lies idle, however many pools there are. Before another is opened to a
server those are closed that nobody has used for longest, so that no more than :data:`MOST_IDLE` lie idle there.
"""

from __future__ import annotations

import logging
import threading
import time
import weakref
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

from seloste.store.engine import BusyError

T = TypeVar("T")

IDLE_SECONDS = 60.0
SWEEP_SECONDS = 15.0
WAIT_SECONDS = 10.0
MOST_IDLE = 40
"""Connections of this process to one server that lie idle. PostgreSQL lets a hundred in as it comes, all programs
together, and a register that somebody works in keeps two to four."""

log = logging.getLogger("seloste.idle")

_pools: weakref.WeakSet[IdlePool[Any]] = weakref.WeakSet()
_resting: weakref.WeakSet[Resting] = weakref.WeakSet()
_servers: defaultdict[str, weakref.WeakSet[Kept]] = defaultdict(weakref.WeakSet)
_known = threading.Lock()
"""Held while these are added to or gone through: a set that grows meanwhile ends whoever goes through it."""
_starting = threading.Lock()
_sweeper: threading.Thread | None = None


@runtime_checkable
class Rests(Protocol):
    """What keeps connections of its own."""

    def rest(self) -> None:
        """Close those that nobody uses just now."""
        ...


class Resting(Rests, Protocol):
    """What is put to rest by itself. ``used`` is when it was used last, by ``time.monotonic``."""

    used: float


class Kept(Protocol):
    """Idle connections to a server."""

    def __len__(self) -> int: ...
    def since(self) -> float:
        """When the one that lies longest came to lie there, by ``time.monotonic``."""
        ...

    def close_oldest(self) -> None:
        """Close that one; nothing when none is left."""
        ...


def watch(holder: Resting) -> None:
    """Have its idle connections closed when it was not used for a while."""
    with _known:
        _resting.add(holder)
    _start()


def keep(server: str, holder: Kept) -> None:
    """Count its idle connections among those to a server."""
    with _known:
        _servers[server].add(holder)


def make_room(server: str) -> None:
    """To be called before a connection to a server is opened: with it, no more than MOST_IDLE are there to lie idle."""
    with _known:
        holders = list(_servers[server])
    for _ in range(sum(map(len, holders)) - MOST_IDLE + 1):
        if filled := [each for each in holders if len(each)]:
            min(filled, key=lambda each: each.since()).close_oldest()


class IdlePool(Generic[T]):
    """Connections of one kind: the one given back last is taken first, so that the others grow old and go.

    ``most`` at a time, or as many as are asked for; ``fresh`` is asked of one that lay for more than a second.
    ``server`` is where they lead, and empty for files.
    """

    def __init__(
        self,
        opens: Callable[[], T],
        closes: Callable[[T], None],
        *,
        most: int | None = None,
        fresh: Callable[[T], bool] | None = None,
        server: str = "",
    ) -> None:
        self._server = server
        self._opens, self._closes, self._fresh = opens, closes, fresh
        # Its ends are taken and added to whole, so no lock is held while a page is read.
        self._idle: deque[tuple[float, T]] = deque()
        self._turns = None if most is None else threading.BoundedSemaphore(most)
        self._closed = False
        # A pool that nobody holds any more takes along what lies idle in it; a process that ends does so by itself.
        weakref.finalize(self, _close_all, self._idle, closes).atexit = False
        with _known:
            _pools.add(self)
        if server:
            keep(server, self)
        _start()

    def take(self) -> T:
        """A connection for the caller alone; it goes to :meth:`give` or :meth:`drop`. Raises BusyError, AwayError."""
        if self._turns is not None and not self._turns.acquire(timeout=WAIT_SECONDS):
            raise BusyError(
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
            if self._server:
                make_room(self._server)
            return self._opens()
        except BaseException:
            self._done()
            raise

    def give(self, conn: T) -> None:
        """Keep a connection for the next."""
        self._idle.append((time.monotonic(), conn))
        try:
            if self._closed:
                self.sweep(0)
        finally:
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

    def since(self) -> float:
        """When the one that lies longest came to lie there; now, when none does."""
        try:
            return self._idle[0][0]
        except IndexError:
            return time.monotonic()

    def close_oldest(self) -> None:
        """Close that one."""
        try:
            _, conn = self._idle.popleft()
        except IndexError:
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


def _close_all(idle: deque[tuple[float, T]], closes: Callable[[T], None]) -> None:
    while idle:
        closes(idle.pop()[1])


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
        try:
            _sweep()
        except Exception as problem:  # noqa: BLE001  without this thread no connection would be closed any more
            log.error("idle connections not closed: %s", type(problem).__name__)  # noqa: TRY400


def _sweep() -> None:
    with _known:
        pools, holders = list(_pools), list(_resting)
    for pool in pools:
        pool.sweep(IDLE_SECONDS)
    for holder in holders:
        if holder.used < time.monotonic() - IDLE_SECONDS:
            holder.rest()
