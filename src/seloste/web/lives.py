"""Life lines: how much of one has gone, and the day that bounds one which the person's word ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from seloste.operations.records.why import Reason
from seloste.web.i18n import Formats, Translator
from seloste.web.parts import Life


def elapsed(since: dt.date | None, until: dt.date, today: dt.date) -> float | None:
    """The part of a time that has gone by, 0 to 1; None where nobody knows when it began."""
    if since is None:
        return None
    began = since.date() if isinstance(since, dt.datetime) else since
    return max(0.0, min(1.0, (today - began).days / max((until - began).days, 1)))


def not_before(t: Translator, f: Formats, line: Life, longer: Sequence[Reason]) -> Life:
    """A line that the person's word ends, with the day until which something else needs it all the same."""
    if line.end != "person" or not longer or longer[0].until is None:
        return line
    return replace(line, text=t("end.not_before", end=line.text, date=f.date(longer[0].until)))
