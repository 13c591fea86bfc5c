"""A notice file -> its findings. One module for each family of rules takes the notice and yields what it finds."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from seloste.notice.expand import expand
from seloste.notice.findings import Finding
from seloste.notice.model import Notice
from seloste.notice.parse import Parsed, read

MODULES = (
    "identity",
    "bases",
    "items",
    "keep",
    "recipients",
    "people",
    "promises",
    "marketing",
    "texts",
    "rest",
)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """``notice`` is None for a frame: it is checked with the notices that extend it."""

    notice: Notice | None
    findings: tuple[Finding, ...]
    accepted: tuple[Finding, ...] = ()
    """Findings the notice accepts with a reason."""

    @property
    def has_errors(self) -> bool:
        return any(finding.severity == "error" for finding in self.findings)


def check(path: Path | str) -> CheckResult:
    """Read, expand and check a file. Raises ``NoticeUnreadable``."""
    return check_parsed(read(path))


def check_parsed(parsed: Parsed) -> CheckResult:
    from seloste.notice.check.accept import settle

    notice, found = expand(parsed)
    if not parsed.is_frame:
        found = [*found, *_all(notice)]
    remaining, accepted = settle(notice, _once(found))
    return CheckResult(None if parsed.is_frame else notice, remaining, accepted)


def _all(notice: Notice) -> Iterator[Finding]:
    for checker in checkers():
        yield from checker(notice)


def checkers() -> Iterable[Callable[[Notice], Iterable[Finding]]]:
    for name in MODULES:
        yield importlib.import_module(f"seloste.notice.check.{name}").findings


def _once(found: Iterable[Finding]) -> list[Finding]:
    """In the order of the file, each said once."""
    seen: dict[tuple[object, ...], Finding] = {}
    for finding in found:
        seen.setdefault((finding.code, finding.place, finding.message("en")), finding)
    return sorted(seen.values(), key=Finding.order)
