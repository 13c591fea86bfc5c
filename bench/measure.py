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


class Waits:
    """How long this thread and a server's processes were ready to run while others had the processor.

    Other programs on the same machine then do not decide what is measured. Linux counts it; elsewhere it is nothing.
    """

    def __init__(self, server: int | None = None) -> None:
        """``server``: the process of a PostgreSQL server, whose children answer."""
        self._server = server
        self._files: dict[Path, int] = {}
        self._known: dict[Path, int] = {}

    def renew(self) -> None:
        """Look again which processes there are."""
        process = Path("/proc")
        wanted = {process / "self" / "task" / str(threading.get_native_id()) / "schedstat"}
        with suppress(OSError):
            if self._server is not None:
                children = process / str(self._server) / "task" / str(self._server) / "children"
                wanted |= {process / child / "schedstat" for child in children.read_text().split() if _answers(child)}
        for path in self._files.keys() - wanted:
            os.close(self._files.pop(path))
        for path in wanted - self._files.keys():
            with suppress(OSError):
                self._files[path] = os.open(path, os.O_RDONLY)

    def nanoseconds(self) -> tuple[int, int]:
        """Of this thread, and of the server, since they began; only differences say something."""
        own = server = 0
        for path, file in self._files.items():
            with suppress(OSError):  # a process that has ended waits no more
                self._known[path] = int(os.pread(file, 64, 0).split()[1])
        for path, waited in self._known.items():
            if path.parts[2] == "self":
                own += waited
            else:
                server += waited
        return own, server

    def close(self) -> None:
        for file in self._files.values():
            os.close(file)
        self._files.clear()


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


def measure(
    variants: Sequence[Variant], keys: Sequence[Any], *, rounds: int, ops: int, seed: int, waits: Waits | None = None
) -> list[Measured]:
    """Run every variant on the same keys in each round, in another order each time."""
    waits = Waits() if waits is None else waits
    chance = random.Random(seed)
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
    each = [cost - own - server for cost, own, server, seen in found if seen and cost > own + server]
    each = each or [cost for cost, *_ in found]
    # A group is streamed: the server works while this thread sends, and what both waited may be the same moments.
    cost, own, server, _ = one(lambda _: variant.done(), None, waits)
    return statistics.fmean(each) + max(cost - max(own, server), 0.0) / len(keys), each


def one(deed: Deed, key: Any, waits: Waits) -> tuple[float, float, float, bool]:
    """Microseconds of an operation, and for how many of them others had the processor: this thread's, the server's.

    The last is whether that was seen: not if the thread had to wait just between the operation and the look at it.
    """
    quick = False
    while not quick:
        looked = time.perf_counter_ns()
        own, server = waits.nanoseconds()
        begun = time.perf_counter_ns()
        quick = begun - looked < LOOK
    deed(key)
    ended = time.perf_counter_ns()
    own_then, server_then = waits.nanoseconds()
    seen = time.perf_counter_ns() - ended < LOOK
    return (ended - begun) / 1000, (own_then - own) / 1000, (server_then - server) / 1000, seen


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
