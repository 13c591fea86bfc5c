"""When an answer to a data subject is due: Regulation (EU) 2016/679, Art. 12(3), counted by Regulation 1182/71."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from seloste.clock import HELSINKI
from seloste.errors import BadValue
from seloste.law.holidays import next_working_day, public_holidays
from seloste.law.periods import add, add_months_clip
from seloste.law.rules import rule_set

_WEEKDAYS = {
    "fi": ("maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai", "sunnuntai"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


@dataclass(frozen=True, slots=True)
class Due:
    """The last day to answer, and how it came about."""

    received: date
    months: int
    paused_days: int
    raw: date
    """Before it is moved to a working day."""
    due: date
    extended: bool
    eves_are_holidays: bool

    @property
    def moment(self) -> datetime:
        """The last second of the due day in Helsinki."""
        return datetime.combine(self.due, time(23, 59, 59), tzinfo=HELSINKI)

    def explain(self, lang: str = "en") -> list[str]:
        """Sentences in ``fi`` or ``en`` that say how the day was counted."""
        return _explain_fi(self) if lang == "fi" else _explain_en(self)

    def days_off(self, lang: str = "en") -> list[tuple[date, str]]:
        """The days from ``raw`` up to the due day, each with the reason why the answer is not due on it."""
        found = []
        day = self.raw
        while day < self.due:
            name = public_holidays(day.year, eves=self.eves_are_holidays, lang=lang).get(day)
            found.append((day, name or _WEEKDAYS[lang][day.weekday()]))
            day += timedelta(days=1)
        return found


def answer_due(received: date, *, extended: bool = False, paused_days: int = 0, eves_are_holidays: bool = False) -> Due:
    """The last day to answer a request received on ``received`` (a Finnish calendar day).

    ``extended`` counts three months from receipt instead of one (Art. 12(3)); the extension must have been notified in
    time, see :func:`extension_in_time`. ``paused_days`` are whole days the clock stood still while the controller
    waited for what it needed to know who asks (Art. 12(6)). The result is moved once, at the end, to a working day.

    Raises :class:`BadValue` for negative paused days, :class:`NoRuleError` before the Regulation applied.
    """
    if isinstance(received, datetime):
        raise TypeError("received is a day, not a moment; use seloste.clock.today(moment)")
    if paused_days < 0:
        raise BadValue("Odotuspäiviä ei voi olla alle nollan.", "Paused days cannot be fewer than none.", "5")
    rule = rule_set("answer_deadline").find("answer_extended" if extended else "answer", received)
    months: int = rule.facts["months"]
    raw = add(add_months_clip(received, months), paused_days, "day")
    due = next_working_day(raw, eves=eves_are_holidays)
    return Due(received, months, paused_days, raw, due, extended, eves_are_holidays)


def extension_in_time(received: date, notified: date, *, paused_days: int = 0, eves_are_holidays: bool = False) -> bool:
    """True if the person was told of the extension by the first due day; later it is void (Art. 12(3))."""
    first = answer_due(received, paused_days=paused_days, eves_are_holidays=eves_are_holidays)
    return received <= notified <= first.due


def _explain_en(due: Due) -> list[str]:
    span = "one month" if due.months == 1 else f"{due.months} months"
    said = [
        f"Received on {_WEEKDAYS['en'][due.received.weekday()]} {due.received.isoformat()}; "
        f"{span} from receipt (Regulation (EU) 2016/679, Art. 12(3))."
    ]
    if due.paused_days:
        said.append(f"The clock stood still for {due.paused_days} days (Art. 12(6)).")
    said.append(f"The period ends on {_WEEKDAYS['en'][due.raw.weekday()]} {due.raw.isoformat()}.")
    off = due.days_off("en")
    if off:
        names = ", ".join(f"{day.isoformat()} ({name})" for day, name in off)
        said.append(f"Not a working day: {names}. The next working day counts (Regulation 1182/71, Art. 3(4)).")
    return said


def _explain_fi(due: Due) -> list[str]:
    span = "yksi kuukausi" if due.months == 1 else f"{due.months} kuukautta"
    said = [
        f"Saapui {_day_fi(due.received)}; {span} saapumisesta (asetus (EU) 2016/679, 12 artikla 3 kohta).",
    ]
    if due.paused_days:
        said.append(f"Määräaika seisoi {due.paused_days} päivää (12 artikla 6 kohta).")
    said.append(f"Määräaika päättyy {_day_fi(due.raw)}.")
    off = due.days_off("fi")
    if off:
        names = ", ".join(f"{day.day}.{day.month}.{day.year} ({name.lower()})" for day, name in off)
        said.append(f"Ei työpäivä: {names}. Seuraava työpäivä ratkaisee (asetus 1182/71, 3 artikla 4 kohta).")
    return said


def _day_fi(day: date) -> str:
    return f"{_WEEKDAYS['fi'][day.weekday()]}na {day.day}.{day.month}.{day.year}"
