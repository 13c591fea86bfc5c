"""Sends the letters that wait, beside the pages. Any number of processes may, and no letter leaves twice by that.

A letter is made when it is sent and not when it was left: what it says is then so, and the page that left it did the
same work whoever it was for.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from seloste import clock
from seloste.operations.mail.letter import Letter, LetterError
from seloste.operations.mail.smtp import MailError, Transport, server_of
from seloste.store import mail_trouble, outbox
from seloste.store.engine import Database
from seloste.store.outbox import Waiting
from seloste.store.post import WORD
from seloste.store.registers import NoRegisterError, Registers

AT_ONCE = 20
"""Letters in one round."""
HELD = dt.timedelta(minutes=5)
"""How long a claim holds; a process that died with a letter is not waited for longer."""
FIRST_WAIT = dt.timedelta(minutes=1)
LONGEST_WAIT = dt.timedelta(hours=1)
WAKE_SECONDS = 2.0
CLEAN_EVERY = 150
"""Rounds between looks at what is too late to be sent."""
STOP_SECONDS = 5.0

Outcome = Literal["sent", "nothing", "again", "given_up"]

Maker = Callable[[Registers, str, Mapping[str, str], dt.datetime], Letter | None]
"""``(registers, register, parts, now)`` makes the letter, or says that there is none to send."""

Settler = Callable[[Registers, str, Mapping[str, str], Outcome, dt.datetime], None]
"""``(registers, register, parts, outcome, now)`` writes down what became of a letter that is tried no more."""

log = logging.getLogger("seloste.mail")


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one letter."""

    letter: str
    outcome: Outcome


def send_due(
    registers: Registers,
    makers: Mapping[str, Maker],
    transport: Transport,
    *,
    settlers: Mapping[str, Settler] | None = None,
    now: dt.datetime,
) -> tuple[Sent, ...]:
    """Send what is due and nobody else has. What fails for a time is tried again, at longer and longer waits."""
    box = _Box(registers, registers.deployment, outbox.HERE)
    found: list[Sent] = []
    for waiting in box.claimed(now):
        if waiting.letter == WORD:
            found += _look_inside(box, makers, transport, settlers or {}, waiting, now)
        else:
            found.append(_send(box, makers, transport, settlers or {}, waiting, now))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Box:
    """Where letters wait: in the installation's data, or in a register."""

    registers: Registers
    database: Database
    table: str

    def claimed(self, now: dt.datetime) -> Iterator[Waiting]:
        """Each letter that is due and nobody else has, claimed as its turn comes."""
        with self.database.read() as conn:
            numbers = outbox.due(conn, now, AT_ONCE, table=self.table)
        for number in numbers:
            with self.database.transaction() as conn:
                waiting = outbox.claim(conn, number, now=now, until=now + HELD, table=self.table)
            if waiting is not None:
                yield waiting

    def done(self, waiting: Waiting) -> None:
        with self.database.transaction() as conn:
            outbox.done(conn, waiting, table=self.table)

    def again(self, waiting: Waiting, at: dt.datetime) -> None:
        with self.database.transaction() as conn:
            outbox.again(conn, waiting, at, table=self.table)


def _look_inside(
    box: _Box,
    makers: Mapping[str, Maker],
    transport: Transport,
    settlers: Mapping[str, Settler],
    word: Waiting,
    now: dt.datetime,
) -> list[Sent]:
    """Send what waits in the register that the word names; the word stays while a letter does."""
    found: list[Sent] = []
    try:
        inside = _Box(box.registers, box.registers.open(word.register).database, outbox.INSIDE)
        with inside.database.transaction() as conn:
            outbox.create(conn)
        found += [_send(inside, makers, transport, settlers, waiting, now) for waiting in inside.claimed(now)]
        with inside.database.read() as conn:
            following = outbox.next_due(conn, now, table=outbox.INSIDE)
    except NoRegisterError:
        following = None
    except Exception as problem:  # noqa: BLE001  one register's trouble is not another's
        log.error("letters of a register were not looked for: %s", type(problem).__name__)  # noqa: TRY400
        following = now + FIRST_WAIT
    if following is None:
        box.done(word)
    else:
        box.again(word, max(following, now))
    return found


def _send(
    box: _Box,
    makers: Mapping[str, Maker],
    transport: Transport,
    settlers: Mapping[str, Settler],
    waiting: Waiting,
    now: dt.datetime,
) -> Sent:
    outcome: Outcome
    registers = box.registers
    try:
        parts = outbox.parts(registers.register_keys(waiting.register), waiting)
        letter = makers[waiting.letter](registers, waiting.register, parts, now)
        if letter is not None:
            transport.send(letter, now)
        outcome = "sent" if letter is not None else "nothing"
    except Exception as problem:  # noqa: BLE001  one letter's trouble is not another's
        lasting = isinstance(problem, LetterError | NoRegisterError) or (
            isinstance(problem, MailError) and problem.lasting
        )
        at = now + min(FIRST_WAIT * 2 ** min(waiting.tries - 1, 10), LONGEST_WAIT)
        outcome = "given_up" if lasting or at >= waiting.expires_at else "again"
        # The kind of letter and of trouble alone: what the server said may hold the address.
        name = type(problem.__cause__ or problem).__name__
        log.error("letter %s did not leave (%s): %s", waiting.letter, outcome, name)  # noqa: TRY400
        with suppress(Exception), registers.deployment.transaction() as conn:
            mail_trouble.note(conn, waiting.letter, outcome, name, now)
        if outcome == "again":
            box.again(waiting, at)
            return Sent(waiting.letter, outcome)
    _settle(registers, waiting, outcome, settlers.get(waiting.letter), now)
    box.done(waiting)
    return Sent(waiting.letter, outcome)


def _settle(
    registers: Registers, waiting: Waiting, outcome: Outcome, settler: Settler | None, now: dt.datetime
) -> None:
    """Whoever left the letter is told first: if that is cut off, the letter is taken up again and found settled."""
    if settler is not None:
        try:
            parts = outbox.parts(registers.register_keys(waiting.register), waiting)
            settler(registers, waiting.register, parts, outcome, now)
        except Exception as problem:  # noqa: BLE001  the letter is done, whether or not that could be noted
            log.error("letter %s was not noted: %s", waiting.letter, type(problem).__name__)  # noqa: TRY400


class Sender(threading.Thread):
    """Sends what is due until it is stopped, by the mail server of the settings unless another ``transport`` is given.

    Made only where mail is set up: raises MailNotSetUpError.
    """

    def __init__(
        self,
        registers: Registers,
        makers: Mapping[str, Maker],
        now: Callable[[], dt.datetime] = clock.now,
        settlers: Mapping[str, Settler] | None = None,
        transport: Transport | None = None,
    ) -> None:
        super().__init__(name="seloste-mail", daemon=True)
        self._registers = registers
        self._makers = makers
        self._settlers = settlers
        self._transport = transport or server_of(registers.settings)
        self._now = now
        self._stopped = threading.Event()

    def run(self) -> None:
        rounds = 0
        while not self._stopped.wait(WAKE_SECONDS):
            try:
                now = self._now()
                send_due(self._registers, self._makers, self._transport, settlers=self._settlers, now=now)
                if rounds % CLEAN_EVERY == 0:
                    with self._registers.deployment.transaction() as conn:
                        outbox.drop_expired(conn, now)
                rounds += 1
            except Exception as problem:  # noqa: BLE001  the database may be away for a while
                log.error("sending failed: %s", type(problem).__name__)  # noqa: TRY400

    def stop(self) -> None:
        """End, and wait a while for the letter under way."""
        self._stopped.set()
        self.join(STOP_SECONDS)
