"""Global Privacy Control: a browser says for its person that their data are not to be sold or given to others.

It is a W3C draft (``Sec-GPC: 1``). In the EU it can be no more and no less than an objection by automated means
(Art. 21(5)) to data being passed to another controller for marketing (Art. 21(2), (3)): it names no purpose of ours,
says nothing against what the first party does by itself, and its absence says nothing at all. A consent given to one
named recipient is more particular than a signal to everybody, so it stands until it is withdrawn; and what must be
weighed (Art. 21(1)) is objected to by the person and not by a header. On pages where nobody is known there is nothing
to stop: they load nothing of others, set no cookie of a visitor and pass nothing on.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from seloste.catalogue.model import PERSON
from seloste.compiler.audience import asks, partners, senders
from seloste.compiler.register import Register
from seloste.notice.model import Purpose
from seloste.operations.portal.choices import ALL
from seloste.operations.portal.me import ACCOUNT
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.rights.rows import read_rows
from seloste.store.journal import Entry
from seloste.store.registers import RegisterStore

NOTE = {
    "fi": "selaimen yksityisyyspyynnöstä (Global Privacy Control)",
    "en": "by the browser's privacy request (Global Privacy Control)",
    "sv": "genom webbläsarens begäran (Global Privacy Control)",
}
"""How the no came, as the register keeps it."""


@dataclass(frozen=True, slots=True)
class Others:
    """Somebody else in whose name a purpose may market by a channel without a consent of the person."""

    purpose: str
    channel: str
    name: str


@dataclass(frozen=True, slots=True)
class Heeded:
    """``others`` are all whom the signal concerns here; ``new`` those to whom a no was said by it just now."""

    others: tuple[Others, ...]
    new: tuple[Others, ...] = ()


def others(register: Register) -> tuple[Others, ...]:
    """Whom the signal concerns: who else markets, by channels that ask for no consent."""
    return tuple(
        Others(key, channel, name)
        for key, purpose in register.purposes.items()
        if purpose.nature == "marketing" and purpose.basis != "consent"
        for name in _names(register, purpose)
        for channel in purpose.channels
        if not asks(purpose, channel)
    )


def concerns(register: Register, purpose: str) -> bool:
    """Whether a purpose lets somebody else than the controller market, with a consent or without."""
    found = register.purposes.get(purpose)
    return found is not None and bool(_names(register, found))


def _names(register: Register, purpose: Purpose) -> tuple[str, ...]:
    """Who else than the controller a purpose has market, or is given people for it."""
    found = dict.fromkeys((*senders(register, purpose, group=True), *partners(register, purpose)))
    return tuple(name for name in found if name and name != register.notice.controller.name)


def heed(store: RegisterStore, person: int, *, now: dt.datetime) -> Heeded:
    """Write down a no to each of them, once: what the person has said of one since, either way, is left as it is.

    The no is a ban on that sender by that channel, in force with the next read. Raises NoSuchRowError.
    """
    found = others(store.register)
    if not found:
        return Heeded(())
    with store.read(now) as conn:
        new = _unsaid(found, read_rows(store, conn, "ban", PERSON, [person]))
    if not new:
        return Heeded(found)
    with store.write(now) as work:
        # A browser asks for several pages at once, and each says the same.
        work.claim()
        if not read_rows(store, work.conn, PERSON, "id", [person]):
            raise NoSuchRowError
        new = _unsaid(found, read_rows(store, work.conn, "ban", PERSON, [person]))
        lang = store.register.notice.languages[0]
        for each in new:
            values = {
                "channel": each.channel,
                "purpose": each.purpose,
                "sender": each.name,
                "set_at": now,
                "source_note": NOTE.get(lang, NOTE["en"]),
                PERSON: person,
            }
            work.insert("ban", values, source="subject")
            work.journal.add(Entry(now, ACCOUNT, "", "ban", PERSON, (person,), note="gpc"))
    return Heeded(found, new)


def _unsaid(found: tuple[Others, ...], bans: list[dict[str, Any]]) -> tuple[Others, ...]:
    """Those of whom no ban stands that covers them, and none has been said and lifted."""

    def said(each: Others) -> bool:
        return any(
            ban.get("purpose") in (None, each.purpose)
            and ban.get("channel") in (ALL, each.channel)
            and ban.get("sender") in (None, each.name)
            for ban in bans
        )

    return tuple(each for each in found if not said(each))
