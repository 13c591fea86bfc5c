"""Deciding on a new version of a notice, and the day it comes into force. It applies by itself on that day.

Publishing is a decision with the trial in front of whoever decides; until its day it can be withdrawn.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from dataclasses import dataclass

from seloste.clock import today
from seloste.errors import SelosteError
from seloste.notice.check import check_parsed
from seloste.notice.findings import NoticeFaulty
from seloste.notice.model import Notice
from seloste.notice.parse import read_text
from seloste.notice.serial import from_json, to_json
from seloste.operations.actor import Actor
from seloste.operations.notices.tell import leave_letters
from seloste.operations.notices.trial import Trial
from seloste.operations.notices.untold import refuse_untold
from seloste.store import planned
from seloste.store.engine import AwayError, BusyError
from seloste.store.journal import Entry
from seloste.store.moves import MovingError
from seloste.store.planned import Planned
from seloste.store.registers import Registers, RegisterStore

log = logging.getLogger("seloste.notices")

WORKER = "register"
LATER = {"fi": "Valitse myöhempi päivä.", "en": "Choose a later day."}


class PlanError(SelosteError):
    """The version cannot be brought in, decided on or withdrawn so."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A version to look at: its number, and what it means."""

    number: int
    notice: Notice


@dataclass(frozen=True, slots=True)
class Began:
    """A version whose day came: ``failed`` says why it could not be applied, empty when it is in force."""

    register: str
    number: int
    digest: str
    failed: str = ""


def bring(store: RegisterStore, source: str, *, now: dt.datetime, actor: Actor) -> Brought:
    """Take in the file of a new version, to be tried. It stands in nobody's way until it is decided on.

    Raises NoticeUnreadable, NoticeFaulty (with findings) for a file with errors, PlanError for another register's.
    """
    result = check_parsed(read_text(source))
    if result.notice is None or result.has_errors:
        raise NoticeFaulty(result.findings)
    notice = result.notice
    if notice.register != store.register.notice.register:
        raise PlanError(
            f"Tiedosto on rekisterin {notice.register} seloste, ei tämän. Valitse tämän rekisterin tiedosto.",
            f"The file is the notice of register {notice.register}, not of this one. Choose this register's file.",
        )
    with store.write(now) as work:
        number = planned.bring(
            work.conn, digest=notice.digest, source=source, expanded=to_json(notice), at=now, by=actor.account
        )
    return Brought(number, notice)


def meaning(version: Planned) -> Notice:
    """What a version means. Raises PlanError for one that another version of the program took in."""
    try:
        return from_json(version.expanded)
    except (ValueError, LookupError, TypeError) as problem:
        raise PlanError(
            "Tämän tiedoston otti vastaan Selosteen toinen versio. Tuo se uudelleen.",
            "Another version of Seloste took this file in. Bring it in again.",
        ) from problem


def of_number(store: RegisterStore, number: int, *, now: dt.datetime) -> Planned:
    """The version of a number. Raises PlanError when there is none."""
    with store.read(now) as conn:
        found = planned.get(conn, number)
    if found is None:
        raise PlanError(
            "Tätä versiota ei enää ole. Tuo tiedosto uudelleen.", "This version is no more. Bring the file in again."
        )
    return found


def decide(
    store: RegisterStore,
    number: int,
    effective: dt.date,
    shown: Trial,
    *,
    now: dt.datetime,
    actor: Actor,
    by_mail: bool = False,
) -> Planned:
    """Have a version come into force on ``effective``; ``by_mail``: those who must be told are told by e-mail.

    ``shown`` is the trial that whoever decides has in front of them. Raises PlanError for a day that has passed,
    when another version waits and when nothing changes, UntoldError for today when people must be told first.
    """
    version = of_number(store, number, now=now)
    if version.digest == store.register.hash:
        raise PlanError(
            "Tämä versio on jo voimassa: mikään ei muutu.", "This version is in force already: nothing changes."
        )
    day = today(now)
    if effective < day:
        raise PlanError(
            "Voimaantulopäivä on mennyt. Valitse tämä päivä tai myöhempi.",
            "The day of coming into force has passed. Choose today or a later day.",
        )
    refuse_untold(shown.told, effective, LATER, now=now)
    with store.write(now) as work:
        if not planned.decide(work.conn, number, effective=effective, at=now, by=actor.account):
            raise PlanError(
                "Toinen versio odottaa jo voimaantuloaan, tai tästä on jo päätetty. Peru odottava ensin.",
                "Another version waits already, or this one is decided on. Withdraw the waiting one first.",
            )
        if by_mail:
            leave_letters(store, work, number, effective, sorted(shown.people))
        work.journal.add(_entry(version, "publish_notice", actor, now))
    return of_number(store, number, now=now)


def withdraw(store: RegisterStore, number: int, *, now: dt.datetime, actor: Actor) -> None:
    """Take back the decision on a version that still waits. Raises PlanError when it waits no more."""
    version = of_number(store, number, now=now)
    with store.write(now) as work:
        if not planned.end(work.conn, number, "withdrawn", at=now):
            raise PlanError(
                "Tämä versio ei enää odota, joten sitä ei voi perua.",
                "This version waits no more, so it cannot be withdrawn.",
            )
        work.journal.add(_entry(version, "withdraw_notice", actor, now))


def _entry(version: Planned, verb: str, actor: Actor, now: dt.datetime) -> Entry:
    return Entry(at=now, actor=actor.account, lens=actor.lens, verb=verb, note=version.digest[:16])


def begin_due(registers: Registers, keys: Iterable[str], *, now: dt.datetime) -> tuple[Began, ...]:
    """Apply the versions of these registers whose day has come.

    One that fails is told, and its register goes on under the notice in force. Any number of processes may run this:
    applying twice changes nothing.
    """
    found = []
    for key in keys:
        try:
            began = _begin(registers, key, now)
        except SelosteError as problem:
            # A register that another version of the program built, or that is busy, away or being moved: it waits on.
            log.error("notice of %s not looked at: %s", key, type(problem).__name__)  # noqa: TRY400
            continue
        if began is not None:
            found.append(began)
    return tuple(found)


def _begin(registers: Registers, key: str, now: dt.datetime) -> Began | None:
    store = registers.open(key)
    with store.read(now) as conn:
        version = planned.waiting(conn)
    if version is None or version.effective is None or version.effective > today(now):
        return None
    try:
        registers.apply(meaning(version), now=now, actor=WORKER, text=version.source)
    except (BusyError, AwayError, MovingError):
        # It says nothing of the version: that waits on, and is tried again within moments.
        raise
    except SelosteError as problem:
        why = problem.message("en")
        with registers.open(key).write(now) as work:
            planned.end(work.conn, version.id, "failed", at=now, why=why)
        log.error("notice of %s could not come into force: %s", key, why)  # noqa: TRY400
        return Began(key, version.id, version.digest, why)
    with registers.open(key).write(now) as work:
        planned.end(work.conn, version.id, "in_force", at=now)
    return Began(key, version.id, version.digest)
