"""The road by which a person makes a request is tried every day, so that a broken one is known before they meet it.

A letter with a link goes by the outbox to the mail server, as the one that a person asks for. When the server has taken
it, its link is opened here as a browser would; where a setting says so its page is asked for by its public name too.
Within the register a person with an address is found by it, a request of theirs is received, its last day counted, and
it is answered, in one transaction that is always rolled back: nobody ever sees it and nothing counts it. What comes
after the mail server has taken the letter is not tried; docs/howto/running.md says what to watch that with.
"""

from __future__ import annotations

import datetime as dt
import logging
import secrets
import time
from collections.abc import Mapping

from seloste.catalogue.model import PERSON
from seloste.clock import today
from seloste.operations.actor import Actor
from seloste.operations.mail.letter import Letter
from seloste.operations.mail.sender import Maker, Outcome, Settler
from seloste.operations.portal import signing
from seloste.operations.portal.letters import found_at, link_to
from seloste.operations.rights.answer import close
from seloste.operations.rights.model import REQUEST
from seloste.operations.rights.receive import put_request
from seloste.operations.rights.rows import one
from seloste.operations.running.outside import is_reached
from seloste.settings import Settings
from seloste.store import canary, outbox, portal
from seloste.store.canary import Trial
from seloste.store.registers import LOOK_AGAIN, ChangedError, Registers, RegisterStore
from seloste.store.work import Work

LETTER = "canary"
TRIAL = "X-Seloste-Trial"
"""The header by which a rule of a mailbox knows the letter."""
LASTS = dt.timedelta(hours=1)
"""How long the letter may take to leave: a server that puts letters off takes them at the second or third try."""
LATE = LASTS + dt.timedelta(minutes=10)
AGAIN = dt.timedelta(hours=2)
"""A broken road is tried again so often, so that the alarm ends when it is mended."""
MISSING = dt.timedelta(hours=36)
"""A road that was not tried for so long counts as broken: nobody does the work of the night."""
DOMAIN = "canary.invalid"
"""Nobody's, ever (RFC 2606, section 2). An address there stands in the register only in the transaction that is rolled
back, another each time: one that is known could be given as somebody's by whoever wants the alarm raised."""
TRIER = Actor("register", "")

log = logging.getLogger("seloste.canary")


class _RolledBackError(Exception):
    """All went well, and nothing of it is kept."""


def where_broken(trial: Trial, now: dt.datetime) -> str:
    """Where the road ends: ``request``, ``letter``, ``pages``, ``open`` or ``untried``; empty where no end is known."""
    if trial.failed or (trial.ended_at is None and trial.was):
        return trial.failed or trial.was
    if trial.ended_at is None and now - trial.begun_at > LATE:
        return "letter"
    return "untried" if now - trial.begun_at > MISSING else ""


def is_broken(trial: Trial, now: dt.datetime) -> bool:
    """Whether a person who makes a request today may not be heard."""
    return bool(where_broken(trial, now))


def trial_of(registers: Registers, register: str) -> Trial | None:
    """The latest trial of a register, None before the first."""
    with registers.deployment.read() as conn:
        return canary.trial(conn, register)


def try_road(registers: Registers, register: str, now: dt.datetime) -> None:
    """Begin the trial of the day; its end is written when the letter has left. Without mail it ends at once.

    A register that is being moved is let be: it is tried the next night.
    """
    if registers.place(register).moving:
        return
    with registers.deployment.transaction() as conn:
        before = canary.trial(conn, register)
        mark = canary.begin(conn, register, now, was=where_broken(before, now) if before is not None else "")
    if mark is not None:
        _try(registers, register, mark, now)


def try_again(registers: Registers, *, now: dt.datetime) -> tuple[str, ...]:
    """Try the roads that were found broken a while ago, and say so in the log; which registers."""
    with registers.deployment.read() as conn:
        found = [each for each in canary.trials(conn).values() if is_broken(each, now)]
    tried = []
    known = set(registers.keys())
    for trial in found:
        if trial.register not in known or now - trial.begun_at < AGAIN or registers.place(trial.register).moving:
            continue
        with registers.deployment.transaction() as conn:
            was = where_broken(trial, now)
            mark = canary.begin(conn, trial.register, now, was=was, before=trial.begun_at)
        if mark is not None:
            log.error("the road of requests of %s was broken at %s", trial.register, was)
            _try(registers, trial.register, mark, now)
            tried.append(trial.register)
    return tuple(tried)


def _try(registers: Registers, register: str, mark: str, now: dt.datetime) -> None:
    try:
        _as_somebody(registers, register, now)
    except Exception as problem:  # noqa: BLE001  whatever it is, a person would meet it too
        _end(registers, register, mark, now, mailed=False, failed="request", why=type(problem).__name__)
        return
    if not registers.settings.sends_mail:
        _end(registers, register, mark, now, mailed=False)
        return
    with registers.deployment.transaction() as conn:
        # It opens nobody's page, whoever reads the letter.
        token = portal.make_link(conn, register, (), now, lasts=LATE)
        keys, parts = registers.register_keys(register), {"token": token, "mark": mark}
        outbox.put(conn, keys, register, LETTER, parts, now=now, expires_at=now + LASTS)


def _as_somebody(registers: Registers, register: str, now: dt.datetime) -> None:
    """As a person does who is told that the notice has just changed: they load the page again and try once more."""
    try:
        request_within(registers.open(register), now)
    except ChangedError:
        time.sleep(LOOK_AGAIN)
        request_within(registers.open(register), now)


def request_within(store: RegisterStore, now: dt.datetime) -> None:
    """Find a person by address, receive a request of theirs and answer it; all rolled back. Raises what goes wrong."""
    try:
        with store.write(now) as work:
            person = _person(store, work)
            right = store.register.tables[REQUEST].kind.items["right"].options[0].key
            values = {"right": right, "received_at": now, "channel": "portal"}
            number = put_request(store, work, person, values, how="own_account", told=True, actor=TRIER).id
            waiting = one(store, work.conn, number, now)
            if not waiting.open or not waiting.identified or waiting.clock.day <= today(now):
                raise AssertionError("a request that was received does not wait")
            close(store, work, waiting, "done", text="", reason="", actor=TRIER)
            if one(store, work.conn, number, now).open:
                raise AssertionError("a request that was answered waits still")
            work.finish()
            raise _RolledBackError
    except _RolledBackError:
        return


def _person(store: RegisterStore, work: Work) -> int:
    """Somebody with an address, found by it; the address is gone again before anything is judged."""
    items = store.register.tables[PERSON].kind.items
    names = [name for name, item in items.items() if item.type == "email" and not item.sensitive and _held(store, name)]
    address = f"{secrets.token_hex(8)}@{DOMAIN}"
    given = {name: [address] if items[name].many else address for name in names}
    person = work.insert(PERSON, given, source="subject")
    if names and found_at(store, work.conn, address, work.now) != (person,):
        raise AssertionError("a person is not found by their address")
    if names:
        work.update(PERSON, person, dict.fromkeys(names))
    return person


def _held(store: RegisterStore, name: str) -> bool:
    return store.register.tables[PERSON].column(name) is not None


def _end(
    registers: Registers, register: str, mark: str, now: dt.datetime, *, mailed: bool, failed: str = "", why: str = ""
) -> None:
    with registers.deployment.transaction() as conn:
        mine = canary.end(conn, register, mark, now, mailed=mailed, failed=failed)
    if failed and mine:
        log.error("the road of requests of %s is broken at %s%s", register, failed, f": {why}" if why else "")


# --- the letter -------------------------------------------------------------------------------------------------------

_TEXTS = {
    "fi": (
        "Selosteen päivittäinen koe, ei toimenpiteitä: {register}",
        "Tämä on koekirje. Seloste lähettää sellaisen joka päivä samaa tietä kuin linkin, jonka ihminen pyytää omiin "
        "tietoihinsa, ja huomaa näin, jos tie ei toimi.\n\nSinun ei tarvitse tehdä mitään. Linkki ei avaa kenenkään "
        "tietoja, ja Seloste on jo käyttänyt sen:\n\n{link}\n\nMuu osoite näille kirjeille: SELOSTE_CANARY_TO.\n",
    ),
    "en": (
        "Daily trial of Seloste, nothing to do: {register}",
        "This is a trial letter. Seloste sends one every day by the same road as the link that a person asks for to "
        "their own data, and so notices when the road does not work.\n\nYou need not do anything. The link opens "
        "nobody's data, and Seloste has used it already:\n\n{link}\n\nAnother address for these letters: "
        "SELOSTE_CANARY_TO.\n",
    ),
}


def receiver(settings: Settings) -> str:
    """Whom the trial letter goes to, without a name."""
    return (settings.canary_to or settings.mail_from or "").rpartition("<")[2].rstrip(">").strip()


def _letter(registers: Registers, register: str, parts: Mapping[str, str], now: dt.datetime) -> Letter | None:
    lang = registers.settings.language
    subject, text = _TEXTS["fi" if lang == "fi" else "en"]
    link = link_to(registers, register, parts["token"], lang)
    headers = {TRIAL: "1"}
    return Letter(receiver(registers.settings), subject.format(register=register), text.format(link=link), headers)


def _settled(registers: Registers, register: str, parts: Mapping[str, str], outcome: Outcome, now: dt.datetime) -> None:
    """The letter has left, or never will."""
    failed, why = ("", "") if outcome == "sent" else ("letter", outcome)
    if not failed:
        try:
            link = link_to(registers, register, parts["token"], registers.settings.language)
            if registers.settings.canary_web and not is_reached(link):
                failed = "pages"
            elif not _opens(registers, register, parts["token"], now):
                failed = "open"
        except Exception as problem:  # noqa: BLE001  whatever it is, a person would meet it too
            failed, why = "open", type(problem).__name__
    _end(registers, register, parts["mark"], now, mailed=True, failed=failed, why=why)


def _opens(registers: Registers, register: str, token: str, now: dt.datetime) -> bool:
    """The link stands, opens once, and what it opened can be used and left."""
    if not signing.link_stands(registers, register, token, now=now):
        return False
    opened = signing.open_link(registers, register, token, old=None, now=now)
    used = signing.use(registers, register, opened.token, now=now)
    signing.leave(registers, opened.token)
    once = not signing.link_stands(registers, register, token, now=now)
    return used is not None and used.persons == () and once


LETTERS: Mapping[str, Maker] = {LETTER: _letter}
SETTLERS: Mapping[str, Settler] = {LETTER: _settled}
