"""Variants of one deed against each other: interleaved in random order, compared by ratios, equal in what they give."""

from __future__ import annotations

import gc
import hashlib
import os
import random
import re
import statistics
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Deed = Callable[[Any], Any]
LOOK = 100_000
"""Nanoseconds that a look at how long threads waited takes at most, unless this one waits meanwhile."""


class UnequalError(AssertionError):
    """Two variants gave different results; what they cost is then no comparison."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to do the deed. ``done`` ends a round (commits what waits) within its time; ``ready`` comes before each
    operation and is not measured, as putting back what the one before removed.
    """

    name: str
    deed: Deed
    done: Callable[[], None] = field(default=lambda: None)
    ready: Callable[[Any], None] = field(default=lambda _: None)

    def giving(self, view: Callable[[Any], Any]) -> Variant:
        """The same deed, its result seen in a form that can be compared."""
        return Variant(self.name, lambda key: view(self.deed(key)), self.done, self.ready)


@dataclass(frozen=True, slots=True)
class Spent:
    """Nanoseconds for which this thread and a server's processes waited for a processor, and for which the server's had
    one, since they began; only differences say something."""

    own: int
    server: int
    worked: int


class Waits:
    """How long this thread and a server's processes were ready to run while others had the processor.

    Other programs on the same machine then do not decide what is measured. Linux counts it; elsewhere it is nothing.
    """

    def __init__(self, server: int | None = None) -> None:
        """``server``: the process of a PostgreSQL server, whose children answer."""
        self._server = server
        self._own: int | None = None
        self._thread = 0
        self._files: dict[int, int] = {}
        self._known: dict[int, tuple[int, int]] = {}

    def renew(self) -> None:
        """Look again which processes there are."""
        process, thread = Path("/proc"), threading.get_native_id()
        if thread != self._thread:
            self._close_own()
            with suppress(OSError):
                self._own = os.open(process / "self" / "task" / str(thread) / "schedstat", os.O_RDONLY)
            self._thread = thread
        wanted: set[int] = set()
        with suppress(OSError):
            if self._server is not None:
                children = process / str(self._server) / "task" / str(self._server) / "children"
                wanted = {int(child) for child in children.read_text().split() if _answers(child)}
        for gone in self._files.keys() - wanted:
            os.close(self._files.pop(gone))
        for new in wanted - self._files.keys():
            with suppress(OSError):
                self._files[new] = os.open(process / str(new) / "schedstat", os.O_RDONLY)

    def spent(self) -> Spent:
        """Up to now. Call it from the thread that :meth:`renew` was called from."""
        own = _waited(self._own) if self._own is not None else 0
        for number, file in self._files.items():
            with suppress(OSError):  # a process that has ended waits and works no more
                # On Linux this names the clock of another process.
                self._known[number] = _waited(file), time.clock_gettime_ns(~number << 3 | 2)
        known = self._known.values()
        return Spent(own, sum(waited for waited, _ in known), sum(worked for _, worked in known))

    def _close_own(self) -> None:
        if self._own is not None:
            os.close(self._own)
            self._own = None

    def close(self) -> None:
        self._close_own()
        for file in self._files.values():
            os.close(file)
        self._files.clear()


def _waited(file: int) -> int:
    return int(os.pread(file, 64, 0).split()[1])


def _answers(process: str) -> bool:
    """Whether a process of the server is there for a client; it says so in its title, with where the client is."""
    with suppress(OSError):
        return re.search(rb"\[local\]|\(\d+\)", Path("/proc", process, "cmdline").read_bytes()) is not None
    return False


@dataclass(frozen=True, slots=True)
class Measured:
    """Microseconds for each operation: what each round cost, the median of that, and the 95th percentile of all."""

    name: str
    rounds: Sequence[float]
    median: float
    p95: float

    def ratio_to(self, other: Measured) -> float:
        """The median of what this cost in a round against the other in the same round, moments apart."""
        return statistics.median(mine / theirs for mine, theirs in zip(self.rounds, other.rounds, strict=True))


FEW = 20


def measure(
    variants: Sequence[Variant], keys: Sequence[Any], *, rounds: int, ops: int, seed: int, waits: Waits | None = None
) -> list[Measured]:
    """Run every variant on the same keys in each round, in another order each time."""
    waits = Waits() if waits is None else waits
    chance = random.Random(seed)
    if rounds == 1:
        ops = min(ops, FEW)  # one round only tries whether a case works
    for variant in variants:
        _round(variant, [chance.choice(keys) for _ in range(min(ops, 20 if rounds > 1 else 5))], waits)
    drawn = ([chance.choice(keys) for _ in range(ops)] for _ in range(rounds))
    return in_turns(variants, drawn, seed=seed, waits=waits)


def few(keys: Sequence[Any], rounds: int) -> Sequence[Any]:
    """Of how many keys the results are compared: a fifth of them when one round only tries whether a case works."""
    return keys if rounds > 1 else keys[: max(len(keys) // 5, 3)]


def in_turns(
    variants: Sequence[Variant], rounds: Iterable[Sequence[Any]], *, seed: int, waits: Waits
) -> list[Measured]:
    """Run every variant on the keys of each round, in another order each time."""
    chance = random.Random(seed)
    costs: dict[str, list[float]] = {variant.name: [] for variant in variants}
    single: dict[str, list[float]] = {variant.name: [] for variant in variants}
    gc.collect()
    gc.freeze()  # what was made before is not looked at again at the end of each round
    try:
        for chosen in rounds:
            for variant in chance.sample(variants, len(variants)):
                cost, each = _round(variant, chosen, waits)
                costs[variant.name].append(cost)
                single[variant.name] += each
    finally:
        gc.unfreeze()
    return [
        Measured(name, tuple(found), statistics.median(found), percentile(single[name], 0.95))
        for name, found in costs.items()
    ]


def _round(variant: Variant, keys: Sequence[Any], waits: Waits) -> tuple[float, list[float]]:
    """Microseconds of the mean operation, with its part of what ends the round, and of each operation."""
    gc.collect()
    waits.renew()
    found = []
    for key in keys:
        variant.ready(key)
        found.append(one(variant.deed, key, waits))
    each = [took.without_waiting for took in found if took.seen] or [took.cost for took in found]
    return statistics.fmean(each) + one(lambda _: variant.done(), None, waits).without_waiting / len(keys), each


@dataclass(frozen=True, slots=True)
class Took:
    """Microseconds of an operation, for how many of them this thread and the server waited for a processor, and for how
    many the two had one.

    ``seen``: not if the thread had to wait just between the operation and the look at it.
    """

    cost: float
    own: float
    server: float
    busy: float
    seen: bool

    @property
    def without_waiting(self) -> float:
        """What it would have taken had others not had the processor.

        The two wake each other, so one also waits while the other works, and both may wait at once: it cannot be less
        than what they worked.
        """
        return min(self.cost, max(self.cost - self.own - self.server, self.busy))


def one(deed: Deed, key: Any, waits: Waits) -> Took:
    """Do it once."""
    quick = False
    while not quick:
        looked = time.perf_counter_ns()
        before = waits.spent()
        worked, begun = time.thread_time_ns(), time.perf_counter_ns()
        quick = begun - looked < LOOK
    deed(key)
    ended, worked = time.perf_counter_ns(), time.thread_time_ns() - worked
    after = waits.spent()
    seen = time.perf_counter_ns() - ended < LOOK
    own, server = after.own - before.own, after.server - before.server
    busy = worked + after.worked - before.worked
    return Took((ended - begun) / 1000, own / 1000, server / 1000, busy / 1000, seen)


def percentile(found: Sequence[float], part: float) -> float:
    """The cost that so large a part of all stays below."""
    return sorted(found)[min(int(len(found) * part), len(found) - 1)]


def must_agree(variants: Sequence[Variant], keys: Sequence[Any]) -> str:
    """The hash of all results. Raises UnequalError when variants give different ones."""
    hashes = {}
    for variant in variants:
        digest = hashlib.sha256()
        for key in keys:
            variant.ready(key)
            digest.update(repr(variant.deed(key)).encode())
        variant.done()
        hashes[variant.name] = digest.hexdigest()
    if len(set(hashes.values())) != 1:
        raise UnequalError(f"the variants give different results: {hashes}")
    return next(iter(hashes.values()))
