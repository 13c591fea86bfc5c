"""What the last sweep removed, counted by kind, and for what the rest of what it looked at stays."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from seloste.operations.retention.report import Stay, SweepReport
from seloste.operations.retention.sweep import last_reports
from seloste.web.parts import Item, Life, Stamp
from seloste.web.present import Presenter

MOST_KINDS = 6
MOST_STAMPS = 4


@dataclass(frozen=True, slots=True)
class Left:
    """``when`` the sweep was, the sentence on it, what went by kind, and the stamp lines of what stays."""

    when: str
    told: str
    kinds: tuple[Item, ...] = ()
    stays: tuple[Stamp, ...] = ()


def left(show: Presenter) -> Left | None:
    """Of the kinds that the role sees, for a count may tell of somebody; None before the first sweep."""
    found = last_reports(show.store, now=show.now, most=1)
    if not found:
        return None
    last = found[0]
    gone = sum(line.goes for line in last.items if show.lens.sees(line.kind))
    return Left(
        when=show.f.when(last.at, show.now),
        told=show.t("home.left_last_night", n=gone) if gone else show.t("home.nothing_left"),
        kinds=_kinds(show, last)[:MOST_KINDS],
        stays=_stays(show, last)[:MOST_STAMPS] if gone else (),
    )


def _kinds(show: Presenter, last: SweepReport) -> tuple[Item, ...]:
    """Rows that went whole, and rows that lost a part."""
    return tuple(
        Item(
            text=show.plural(line.kind),
            href=show.href(line.kind),
            end=", ".join(
                show.t(key, n=count)
                for key, count in (("home.left_whole", line.gone), ("home.left_part", line.emptied))
                if count
            ),
        )
        for line in last.kinds
        if show.lens.sees(line.kind) and (line.gone or line.emptied)
    )


def _stays(show: Presenter, last: SweepReport) -> tuple[Stamp, ...]:
    """Purposes that still need something of the kinds of which something went, those that need most first."""
    touched = {line.kind for line in last.kinds if line.gone or line.emptied}
    many: Counter[str] = Counter()
    ends: dict[str, list[Stay]] = {}
    for line in last.items:
        if line.kind in touched and show.lens.sees(line.kind):
            for stay in line.why:
                many[stay.purpose] += stay.cells
                ends.setdefault(stay.purpose, []).append(stay)
    known = [key for key, _ in many.most_common() if key in show.register.purposes]
    return tuple(_stamp(show, key, ends[key]) for key in known)


def _stamp(show: Presenter, key: str, several: list[Stay]) -> Stamp:
    purpose = show.register.purposes[key]
    law = ", ".join(dict.fromkeys(each for stay in several for each in stay.law))
    return Stamp(basis=purpose.basis, purpose=show.short(key), life=_life(show, several, by_law=bool(law)), law=law)


def _life(show: Presenter, several: list[Stay], *, by_law: bool) -> Life:
    """Until the last of their days; what has none runs on."""
    last: dt.date | None = max((stay.last for stay in several if stay.last is not None), default=None)
    if last is None or any(stay.running for stay in several):
        return show.life("running", None)
    return show.life("law" if by_law else "date", last)
