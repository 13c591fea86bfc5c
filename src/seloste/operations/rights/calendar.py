"""The last days of requests as a calendar: a month from Monday to Sunday, and a file for calendar programs (RFC 5545).

The file holds numbers of requests and days, nothing of anybody: it lies on phones and at calendar services.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from seloste.clock import from_utc_text
from seloste.law.holidays import public_holidays
from seloste.operations.accounts.errors import AccountError
from seloste.operations.rights.model import Request
from seloste.operations.rights.rows import read_requests
from seloste.store import accounts, feeds, journal
from seloste.store.engine import Database
from seloste.store.registers import RegisterStore


class FeedGoneError(AccountError):
    """The address of a calendar was taken back, or never was."""

    def __init__(self) -> None:
        super().__init__("Kalenterin osoitetta ei ole.", "There is no calendar at this address.")


@dataclass(frozen=True, slots=True)
class Day:
    """``holiday`` is its name, empty on other days; ``inside``: it belongs to the month that is shown."""

    date: dt.date
    inside: bool
    holiday: str
    due: tuple[Request, ...]


@dataclass(frozen=True, slots=True)
class Week:
    number: int
    """By ISO 8601, as Finnish calendars have it."""
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class Month:
    first: dt.date
    weeks: tuple[Week, ...]

    @property
    def before(self) -> dt.date:
        return (self.first - dt.timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> dt.date:
        return (self.first + dt.timedelta(days=31)).replace(day=1)


def month_of(first: dt.date, found: Sequence[Request], *, lang: str) -> Month:
    """The month that begins on ``first``, in whole weeks; each request that has a last day stands on it.

    ``lang`` is fi, en or sv. A request that waits for the person has no last day while it does.
    """
    by_day: dict[dt.date, list[Request]] = {}
    for each in found:
        if each.open and not each.clock.paused:
            by_day.setdefault(each.clock.day, []).append(each)
    day, weeks = first - dt.timedelta(days=first.weekday()), []
    last = (first + dt.timedelta(days=31)).replace(day=1)
    while day < last:
        days = [day + dt.timedelta(days=number) for number in range(7)]
        weeks.append(
            Week(
                day.isocalendar().week,
                tuple(
                    Day(
                        each,
                        each.month == first.month,
                        public_holidays(each.year, lang=lang).get(each, ""),
                        tuple(by_day.get(each, ())),
                    )
                    for each in days
                ),
            )
        )
        day += dt.timedelta(days=7)
    return Month(first, tuple(weeks))


# --- the file ---------------------------------------------------------------------------------------------------------

_SAID = {
    "fi": ("Pyyntö {number}: vastattava tänään", "Pyyntö {number}: myöhässä, vastaa heti", "Pyynnöt"),
    "en": ("Request {number}: answer today", "Request {number}: late, answer at once", "Requests"),
}


def calendar_file(store: RegisterStore, *, lang: str, public_url: str | None, now: dt.datetime) -> bytes:
    """Open requests as events of whole days; those that wait for the person have none. Nothing of anybody is in it."""
    with store.read(now) as conn:
        found = [each for each in read_requests(store, conn, now) if each.open and not each.clock.paused]
    key = store.register.notice.register
    due, late, title = _SAID["fi" if lang == "fi" else "en"]
    stamp = now.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//seloste//requests//FI", "CALSCALE:GREGORIAN",
             "METHOD:PUBLISH", f"X-WR-CALNAME:{_escape(f'{title}: {key}')}"]  # fmt: skip
    for each in sorted(found, key=lambda one: (one.clock.day, one.id)):
        day = each.clock.day
        said = (late if each.clock.overdue else due).format(number=each.id)
        lines += ["BEGIN:VEVENT", f"UID:request-{each.id}@{key}.seloste", f"DTSTAMP:{stamp}",
                  f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{day + dt.timedelta(days=1):%Y%m%d}",
                  f"SUMMARY:{_escape(said)}", "TRANSP:TRANSPARENT"]  # fmt: skip
        if public_url is not None:
            lines.append(f"URL:{public_url}/r/{key}/privacy/requests/{each.id}")
        lines.append("END:VEVENT")
    return "".join(f"{_fold(line)}\r\n" for line in [*lines, "END:VCALENDAR"]).encode()


def _escape(text: str) -> str:
    """A text value of RFC 5545, section 3.3.11."""
    for sign in "\\;,":
        text = text.replace(sign, "\\" + sign)
    return text


def _fold(line: str) -> str:
    """Lines of 75 octets at most (RFC 5545, section 3.1); a letter of several octets is not cut."""
    parts, room = [""], 75
    for letter in line:
        if len((parts[-1] + letter).encode()) > room:
            parts.append("")
            room = 74
        parts[-1] += letter
    return "\r\n ".join(parts)


# --- its address ------------------------------------------------------------------------------------------------------


def make_feed(deployment: Database, account: str, register: str, *, now: dt.datetime) -> str:
    """A new address' token, shown once; the earlier address of the account ends."""
    with deployment.transaction() as conn:
        token = feeds.make(conn, account, register, now)
        journal.append(conn, journal.Entry(now, account, "", "make_calendar", note=register))
    return token


def end_feed(deployment: Database, account: str, register: str, *, now: dt.datetime) -> bool:
    """Let the account's address lead nowhere; whether there was one."""
    with deployment.transaction() as conn:
        ended = feeds.end(conn, account, register)
        if ended:
            journal.append(conn, journal.Entry(now, account, "", "end_calendar", note=register))
    return ended


def feed_since(deployment: Database, account: str, register: str) -> dt.datetime | None:
    """When the account's address was made, None when there is none."""
    with deployment.read() as conn:
        found = feeds.made_at(conn, account, register)
    return from_utc_text(found) if found is not None else None


def feed_of(deployment: Database, token: str) -> tuple[str, str]:
    """(register, language) of an address; no language where its maker has chosen none.

    Raises FeedGoneError, also when its maker leads the register no more.
    """
    with deployment.read() as conn:
        found = feeds.whose(conn, token)
        account = accounts.by_id(conn, found[0]) if found is not None else None
        grants = accounts.grants_of(conn, found[0]) if found is not None else ()
    leads = found is not None and any(each.register == found[1] and each.lead for each in grants)
    if found is None or account is None or not account.active or not leads:
        raise FeedGoneError
    return found[1], account.language
