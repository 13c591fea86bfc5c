"""Reminders to whoever leads privacy: half way, a week before, the day before, and while a request is late.

They hold numbers of requests and days, nothing of anybody.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass

from seloste.catalogue.model import PERSON
from seloste.clock import today
from seloste.operations.mail.letter import Letter
from seloste.operations.mail.sender import Maker
from seloste.operations.rights.model import NOTICE, REQUEST, Request
from seloste.operations.rights.rows import read_requests
from seloste.operations.rights.tell import undelivered
from seloste.store import accounts, outbox, reminders
from seloste.store.engine import Connection, one, quote
from seloste.store.registers import Registers, RegisterStore

MAIL = "request_reminder"
LASTS = dt.timedelta(days=1)
DAILY = 7
"""Days for which a late request is reminded of each day; then once a week."""
KEPT = dt.timedelta(days=400)

_TEXTS = {
    "fi": {
        "subject": "Tietopyynnöt: {n} odottaa vastausta",
        "hello": "Hei,\n\nnämä pyynnöt odottavat vastausta rekisterissä {register}:",
        "left": "Pyyntö {number}: vastattava viimeistään {day}, {left} pv jäljellä",
        "late": "Pyyntö {number}: myöhässä {left} pv (määräaika oli {day}). Vastaa heti.",
        "foot": "Muistutus tulee, kun määräajasta on kulunut puolet, viikko ennen, päivää ennen ja myöhästyneestä "
        "päivittäin viikon ajan, sitten viikoittain.",
    },
    "en": {
        "subject": "Requests about data: {n} to be answered",
        "hello": "Hello,\n\nthese requests wait for an answer in the register {register}:",
        "left": "Request {number}: answer by {day}, {left} days left",
        "late": "Request {number}: {left} days late (it was due on {day}). Answer at once.",
        "foot": "A reminder comes half way, a week before, the day before, and of what is late each day for a week, "
        "then each week.",
    },
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How the open requests stand: counts alone, for the start page."""

    late: int
    week: int
    later: int
    waiting: int
    undelivered: int
    to_tell: int
    """Recipients to be told (Art. 19)."""

    @property
    def open(self) -> int:
        return self.late + self.week + self.later + self.waiting


def standing(store: RegisterStore, *, now: dt.datetime) -> Standing:
    """Counted from the last days kept beside the requests; nothing of anybody is read."""
    day = today(now)
    with store.read(now) as conn:
        sql = f"SELECT due_on FROM {quote(REQUEST)} WHERE answered_at IS NULL AND {quote(PERSON)} IS NOT NULL"
        rows = conn.execute(sql).all()
        waits = f"SELECT count(*) FROM {quote(NOTICE)} WHERE told_at IS NULL AND {quote(REQUEST)} IS NOT NULL"
        to_tell = int(one(conn.execute(waits))[0])
    days = [dt.date.fromisoformat(str(due)) if due is not None else None for (due,) in rows]
    known = [each for each in days if each is not None]
    late = sum(1 for each in known if each < day)
    week = sum(1 for each in known if day <= each <= day + dt.timedelta(days=7))
    todo = len(undelivered(store, now=now))
    return Standing(late, week, len(known) - late - week, len(days) - len(known), todo, to_tell)


def step_of(request: Request, day: dt.date) -> str:
    """The reminder that a request has come to on a day, empty for none. A deadline that moves begins anew."""
    clock = request.clock
    if not request.open or clock.paused:
        return ""
    if clock.left < 0:
        late = -clock.left
        return f"{clock.day}:late:{late if late <= DAILY else late // 7 * 7}"
    received = today(request.received_at)
    if clock.left <= 1:
        return f"{clock.day}:day"
    if clock.left <= 7:
        return f"{clock.day}:week"
    return f"{clock.day}:half" if (day - received) * 2 >= clock.day - received else ""


def remind(registers: Registers, register: str, now: dt.datetime) -> int:
    """Leave a letter to each who leads the register about requests that have come to a new step; how many requests.

    Without mail nothing is noted, so that the reminders begin when it is set up.
    """
    store = registers.open(register)
    if store.leave is None:
        return 0
    with store.read(now) as conn:
        found = [(each, step) for each in read_requests(store, conn, now) if (step := step_of(each, today(now)))]
    with registers.deployment.transaction() as conn:
        reminders.forget(conn, register, now - KEPT)
        new = [each.id for each, step in found if reminders.claim(conn, register, each.id, step, now)]
        keys = registers.register_keys(register)
        for account in _leads(conn, register) if new else ():
            parts = {"account": account, "requests": json.dumps(new)}
            outbox.put(conn, keys, register, MAIL, parts, now=now, expires_at=now + LASTS)
    return len(new)


def _leads(conn: Connection, register: str) -> list[str]:
    every = (grant.account for grant in accounts.all_grants(conn) if grant.register == register and grant.lead)
    return list(dict.fromkeys(every))


def reminder(registers: Registers, register: str, parts: Mapping[str, str], now: dt.datetime) -> Letter | None:
    """The letter to one who leads; None when they do no more, or when all of it was answered meanwhile."""
    store = registers.open(register)
    with registers.deployment.read() as conn:
        account = accounts.by_id(conn, parts["account"])
        grants = accounts.grants_of(conn, parts["account"])
    if account is None or not account.active or not any(one.register == register and one.lead for one in grants):
        return None
    with store.read(now) as conn:
        found = read_requests(store, conn, now, json.loads(parts["requests"]))
    waiting = sorted((one for one in found if one.open and not one.clock.paused), key=lambda one: one.clock.day)
    if not waiting:
        return None
    lang = account.language or registers.settings.language
    words = _TEXTS["fi" if lang == "fi" else "en"]
    base = f"{registers.settings.public_url}/r/{register}/privacy/requests"
    lines = [words["hello"].format(register=register)]
    lines += [f"{_line(words, one, lang)}\n{base}/{one.id}" for one in waiting]
    subject = words["subject"].format(n=len(waiting))
    return Letter(account.email, subject, "\n\n".join([*lines, words["foot"]]) + "\n")


def _line(words: Mapping[str, str], one: Request, lang: str) -> str:
    day = one.clock.day
    said = f"{day.day}.{day.month}.{day.year}" if lang == "fi" else day.isoformat()
    return words["late" if one.clock.overdue else "left"].format(number=one.id, day=said, left=abs(one.clock.left))


MAKERS: Mapping[str, Maker] = {MAIL: reminder}
