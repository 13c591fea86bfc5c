"""The text format that Prometheus reads, version 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Kind = Literal["counter", "gauge", "histogram"]
Labels = Mapping[str, str]


class Exposition:
    """Families of samples, written in the order they are given."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def family(self, name: str, kind: Kind, about: str, samples: Iterable[tuple[Labels, float]]) -> None:
        """One family: what it is, and its samples, if there are any."""
        self._head(name, kind, about)
        self._lines += [_sample(name, labels, value) for labels, value in samples]

    def histogram(
        self, name: str, about: str, bounds: Iterable[float], series: Iterable[tuple[Labels, Iterable[int], float]]
    ) -> None:
        """A histogram: for each series its labels, what is under each bound and in all, and the sum."""
        self._head(name, "histogram", about)
        ends = [*(_number(bound) for bound in bounds), "+Inf"]
        for labels, cumulative, total in series:
            counts = list(cumulative)
            for end, count in zip(ends, counts, strict=True):
                self._lines.append(_sample(f"{name}_bucket", {**labels, "le": end}, count))
            self._lines.append(_sample(f"{name}_sum", labels, total))
            self._lines.append(_sample(f"{name}_count", labels, counts[-1]))

    def text(self) -> str:
        return "\n".join(self._lines) + "\n"

    def _head(self, name: str, kind: Kind, about: str) -> None:
        self._lines += [f"# HELP {name} {about}", f"# TYPE {name} {kind}"]


def _sample(name: str, labels: Labels, value: float) -> str:
    inside = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
    return f"{name}{{{inside}}} {_number(value)}" if inside else f"{name} {_number(value)}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(round(float(value), 6))
