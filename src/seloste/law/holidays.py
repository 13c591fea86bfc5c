"""Finnish working days: not a Saturday, a Sunday or a public holiday (Regulation 1182/71, Art. 2(2)).

Public holidays come from the ``holidays`` library, which also lists the eves of Midsummer and Christmas. No act makes
the eves public holidays (Church Act 652/2023, ch. 1 s. 6; 388/1937; 272/1944), so they are left out unless asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

from seloste.law.rules import rule_set

_LIBRARY_LANGUAGE = {"fi": "fi", "en": "en_US", "sv": "sv_FI"}


@cache
def public_holidays(year: int, *, eves: bool = False, lang: str = "fi") -> Mapping[date, str]:
    """The public holidays of a year with their names, in ``lang`` (fi, en or sv)."""
    from holidays.countries.finland import Finland

    in_finnish = Finland(years=[year], language="fi", expand=False)  # type: ignore[no-untyped-call]
    named = Finland(years=[year], language=_LIBRARY_LANGUAGE[lang], expand=False)  # type: ignore[no-untyped-call]
    eve_names = rule_set("answer_deadline").find("eves_are_holidays").facts["eves"]
    return {day: named[day] for day, name in sorted(in_finnish.items()) if eves or name not in eve_names}


def is_working_day(day: date, *, eves: bool = False) -> bool:
    return day.weekday() < 5 and day not in public_holidays(day.year, eves=eves)


def next_working_day(day: date, *, eves: bool = False) -> date:
    """``day`` itself if it is a working day, otherwise the first one after it (Regulation 1182/71, Art. 3(4))."""
    while not is_working_day(day, eves=eves):
        day += timedelta(days=1)
    return day
