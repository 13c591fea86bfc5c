"""Requests counted in memory by route template, method and status, and how long they took. No value of a request."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the histogram, in seconds; what took longer is in the last one, without a bound."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@dataclass(slots=True)
class Took:
    """How long the requests of one route took: counts by bound, and their sum in seconds."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    seconds: float = 0.0

    def cumulative(self) -> Iterator[int]:
        """As Prometheus has a histogram: each bound with all that is under it."""
        total = 0
        for count in self.counts:
            total += count
            yield total


class Measures:
    """What one process has answered since it started."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: dict[tuple[str, str, int], int] = {}
        self._took: dict[str, Took] = {}

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request. ``route`` is a template; a method that is none of HTTP's is counted as ``other``."""
        # Whoever asks chooses the method, and must not choose what is held here.
        key = (method if method in METHODS else "other", route, status)
        with self._lock:
            self._answers[key] = self._answers.get(key, 0) + 1
            took = self._took.setdefault(route, Took())
            took.counts[bisect_left(BOUNDS, seconds)] += 1
            took.seconds += seconds

    def seen(self) -> tuple[dict[tuple[str, str, int], int], dict[str, Took]]:
        """Counts by (method, route, status), and times by route, as they are now."""
        with self._lock:
            times = {route: Took(list(took.counts), took.seconds) for route, took in self._took.items()}
            return dict(self._answers), times
