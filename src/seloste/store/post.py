"""Letters that something in a register causes: they wait in the register itself, and the installation is told to look.

A register and the installation's data are two databases, so no transaction holds both. The letter is written with what
causes it; word that letters wait is left in the installation before that is kept, and hurried after. Killed between,
the word is found a minute later and looks in vain or not, and nothing is lost.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from seloste.settings import Settings
from seloste.store import outbox
from seloste.store.engine import Database
from seloste.store.keys import Keys

if TYPE_CHECKING:
    from seloste.store.registers import RegisterStore
    from seloste.store.work import Work

WORD = "look_inside"
"""What lies in the installation's outbox: letters wait in the register that the row names."""
LOOKS_AFTER = dt.timedelta(minutes=1)
LASTS = dt.timedelta(days=8)


class Leave(Protocol):
    """Leaves a letter of a register to be sent. It is in the outbox at once, whatever becomes of what caused it."""

    def __call__(
        self, letter: str, parts: Mapping[str, str], *, now: dt.datetime, expires_at: dt.datetime
    ) -> object: ...


def leaver(deployment: Database, keys: Keys, register: str) -> Leave:
    """What leaves letters of a register in the installation's own outbox."""

    def leave(letter: str, parts: Mapping[str, str], *, now: dt.datetime, expires_at: dt.datetime) -> str:
        with deployment.transaction() as conn:
            return outbox.put(conn, keys, register, letter, parts, now=now, expires_at=expires_at)

    return leave


class Post:
    """Where a register leaves word that letters wait in it."""

    def __init__(self, deployment: Database, keys: Keys, register: str, settings: Callable[[], Settings]) -> None:
        self._deployment = deployment
        self._keys = keys
        self._register = register
        self._settings = settings

    @property
    def settings(self) -> Settings:
        """Those of the installation, as they are now."""
        return self._settings()

    def word(self, now: dt.datetime, *, after: dt.timedelta = LOOKS_AFTER) -> str:
        """Have the register looked into a minute from now; the word's id."""
        with self._deployment.transaction() as conn:
            return outbox.put(
                conn, self._keys, self._register, WORD, {}, now=now, due_at=now + after, expires_at=now + LASTS
            )

    def hurry(self, number: str, now: dt.datetime) -> None:
        """Have it looked into at once: what was written is kept now."""
        with self._deployment.transaction() as conn:
            there = outbox.hurry(conn, number, now)
        if not there:
            self.word(now, after=dt.timedelta(0))


def leave(store: RegisterStore, work: Work, letter: str, parts: Mapping[str, str], *, expires_at: dt.datetime) -> None:
    """Leave a letter in the transaction of what causes it; it is sent before ``expires_at``, or never."""
    outbox.create(work.conn)
    key, now = store.register.notice.register, work.now
    outbox.put(work.conn, work.keys, key, letter, parts, now=now, expires_at=expires_at, table=outbox.INSIDE)
    post = store.post
    if post is not None and not work.after:
        number = post.word(now)
        work.after.append(lambda: post.hurry(number, now))


def tidy(store: RegisterStore, work: Work) -> None:
    """Drop what would come too late, and have the rest looked for again."""
    outbox.create(work.conn)
    outbox.drop_expired(work.conn, work.now, table=outbox.INSIDE)
    if store.post is not None and outbox.next_due(work.conn, work.now, table=outbox.INSIDE) is not None:
        store.post.word(work.now)
