"""Variants of one deed against each other: interleaved in random order, compared by ratios, equal in what they give."""

from __future__ import annotations

import gc
import hashlib
import random
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

Deed = Callable[[Any], Any]
TRIES = 5


class UnequalError(AssertionError):
    """Two variants gave different results; what they cost is then no comparison."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to do the deed. ``done`` ends a round (commits what waits) within its time."""

    name: str
    deed: Deed
    done: Callable[[], None] = field(default=lambda: None)

    def giving(self, view: Callable[[Any], Any]) -> Variant:
        """The same deed, its result seen in a form that can be compared."""
        return Variant(self.name, lambda key: view(self.deed(key)), self.done)


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


def measure(variants: Sequence[Variant], keys: Sequence[Any], *, rounds: int, ops: int, seed: int) -> list[Measured]:
    """Run every variant on the same keys in each round, in another order each time."""
    chance = random.Random(seed)
    costs: dict[str, list[float]] = {variant.name: [] for variant in variants}
    single: dict[str, list[float]] = {variant.name: [] for variant in variants}
    for variant in variants:
        _round(variant, [chance.choice(keys) for _ in range(min(ops, 20))])
    for _ in range(rounds):
        chosen = [chance.choice(keys) for _ in range(ops)]
        for variant in chance.sample(variants, len(variants)):
            cost, each = _round(variant, chosen)
            costs[variant.name].append(cost)
            single[variant.name] += each
    return [
        Measured(name, tuple(found), statistics.median(found), _percentile(single[name], 0.95))
        for name, found in costs.items()
    ]


def _round(variant: Variant, keys: Sequence[Any]) -> tuple[float, list[float]]:
    """Microseconds of the median operation, with its part of what ends the round, and of each operation.

    Operations during which the system gave the processor to somebody else say nothing about either variant, and are
    left out; a round that keeps less than half is run again, a few times, and then taken as it is. A server's share of
    an operation cannot be watched so, hence the median: one that waited for others does not count.
    """
    for _ in range(TRIES):
        gc.collect()
        costs = [_one(variant.deed, key) for key in keys]
        end, end_quiet = _one(lambda _: variant.done(), None)
        each = [cost for cost, quiet in costs if quiet]
        if end_quiet and len(each) * 2 >= len(keys):
            break
    else:
        each = [cost for cost, _ in costs]
    return statistics.median(each) + end / len(keys), each


def _one(deed: Deed, key: Any) -> tuple[float, bool]:
    """Microseconds of an operation, and whether nobody else had the processor meanwhile."""
    before = resource.getrusage(resource.RUSAGE_THREAD).ru_nivcsw
    begun = time.perf_counter_ns()
    deed(key)
    cost = (time.perf_counter_ns() - begun) / 1000
    return cost, resource.getrusage(resource.RUSAGE_THREAD).ru_nivcsw == before


def _percentile(found: Sequence[float], part: float) -> float:
    return sorted(found)[min(int(len(found) * part), len(found) - 1)]


def must_agree(variants: Sequence[Variant], keys: Sequence[Any]) -> str:
    """The hash of all results. Raises UnequalError when variants give different ones."""
    hashes = {}
    for variant in variants:
        digest = hashlib.sha256()
        for key in keys:
            digest.update(repr(variant.deed(key)).encode())
        variant.done()
        hashes[variant.name] = digest.hexdigest()
    if len(set(hashes.values())) != 1:
        raise UnequalError(f"the variants give different results: {hashes}")
    return next(iter(hashes.values()))
