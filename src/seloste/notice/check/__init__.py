"""A notice file -> its findings. One module for each family of rules takes the notice and yields what it finds."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from seloste.notice.check.bases import NO_BASIS
from seloste.notice.check.items import ITEM_UNUSED
from seloste.notice.check.keep import NO_PERIOD
from seloste.notice.expand import expand
from seloste.notice.expand.context import MISSING
from seloste.notice.expand.empty import EMPTY_LINE
from seloste.notice.expand.kinds import BAD_KIND
from seloste.notice.findings import Finding, rule
from seloste.notice.model import Notice
from seloste.notice.parse import Parsed, read

IS_FRAME = rule(
    "F21-frame",
    "note",
    en="The file names no register, so it is a frame: nothing can be run from it alone.",
    fi="Tiedosto ei nimeä rekisteriä, joten se on pohja: siitä yksin ei voi ajaa mitään.",
    help_en="Add `register:`, a short name as `customers`, to make it a notice; or extend it from one.",
    help_fi="Lisää `register:` ja lyhyt nimi, esimerkiksi `asiakkaat`, jos se on seloste; tai laajenna sitä "
    "selosteesta.",
)

MODULES = (
    "identity",
    "bases",
    "rows",
    "items",
    "keep",
    "recipients",
    "people",
    "reach",
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
    if parsed.is_frame:
        # What a frame lacks or names may stand in the notices that extend it; only its grammar can be judged alone.
        found = [finding for finding in found if finding.rule.letter == "F" and finding.rule is not MISSING]
        found.append(Finding(IS_FRAME, parsed.root.place, "register"))
    else:
        found = _at_empty_lines(_without_echoes([*found, *_all(notice)]))
    remaining, accepted = settle(notice, _once(found))
    return CheckResult(None if parsed.is_frame else notice, remaining, accepted)


def _all(notice: Notice) -> Iterator[Finding]:
    for checker in checkers():
        yield from checker(notice)


def checkers() -> Iterable[Callable[[Notice], Iterable[Finding]]]:
    for name in MODULES:
        yield importlib.import_module(f"seloste.notice.check.{name}").findings


def _without_echoes(found: list[Finding]) -> list[Finding]:
    """Without what follows from a fault already said: no basis or period where one is written that could not be read,
    items unused of a kind that could not be.
    """
    broken = {finding.at for finding in found if finding.rule is BAD_KIND}
    return [
        finding
        for finding in found
        if not (finding.rule is ITEM_UNUSED and ".".join(finding.at.split(".")[:2]) in broken)
        and not (
            finding.rule is NO_BASIS
            and any(other is not finding and other.at == finding.at and other.severity == "error" for other in found)
        )
        and not (
            finding.rule is NO_PERIOD
            and any(other is not finding and other.at.startswith(finding.at) for other in found)
        )
    ]


def _at_empty_lines(found: list[Finding]) -> list[Finding]:
    """An error that asks for a key which was begun and left empty stands at that line, and says enough for both."""
    empty = [finding for finding in found if finding.rule is EMPTY_LINE]
    kept = [finding for finding in found if finding.rule is not EMPTY_LINE]
    for line in empty:
        owner, _, key = line.at.rpartition(".")
        asked = [at for at, each in enumerate(kept) if _asks_for(each, owner, key) or each.place == line.place]
        for at in asked:
            kept[at] = replace(kept[at], place=line.place)
        if not asked:
            kept.append(line)
    return kept


def _asks_for(finding: Finding, owner: str, key: str) -> bool:
    within = finding.at == owner or finding.at.startswith(f"{owner}.")
    return finding.severity == "error" and within and f"`{key}:" in finding.help("en")


def _once(found: Iterable[Finding]) -> list[Finding]:
    """In the order of the file, each said once."""
    seen: dict[tuple[object, ...], Finding] = {}
    for finding in found:
        seen.setdefault((finding.code, finding.place, finding.message("en")), finding)
    return sorted(seen.values(), key=Finding.order)
