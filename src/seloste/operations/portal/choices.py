"""A person's own yes and no: what they may choose, how it stands, and the choice that acts at once.

One choice is a consent to a purpose (or to one recipient of it), or marketing by one channel. Each is turned in one
transaction, so the very next read obeys it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seloste.catalogue.model import PERSON, Text
from seloste.clock import from_utc_text, today
from seloste.compiler.audience import asks, partners
from seloste.compiler.register import Register
from seloste.notice.model import Purpose
from seloste.notice.ways import cell_paths, end_of
from seloste.operations.permissions.age import need_guardian
from seloste.operations.permissions.say import CannotSayError
from seloste.operations.permissions.wording import consent_values
from seloste.operations.portal.me import ACCOUNT, myself
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.retention.sweep import wipe
from seloste.operations.rights.rows import read_rows
from seloste.operations.rights.unasked import Word, let_go_said
from seloste.operations.rights.word import goes_on, objectable
from seloste.store.journal import Entry
from seloste.store.masks import Said, objections, read_said, standing_grants
from seloste.store.registers import RegisterStore
from seloste.store.work import Work

ALL = "all"
"""The channel of a ban on every channel."""

_HOW = {
    "portal": {"fi": "omalta sivulta", "en": "on the own page", "sv": "på den egna sidan"},
    "letter": {"fi": "viestin linkistä", "en": "by the link in a letter", "sv": "via länken i ett brev"},
}
"""How a no came, as the register keeps it."""

KNOWN = {"portal": "own_account", "letter": "address_on_file"}
"""How whoever said it is known."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to say yes or no to. ``channel`` is empty for a consent to the purpose as a whole."""

    purpose: str
    channel: str = ""
    recipient: str = ""

    @property
    def key(self) -> str:
        """A name that stays, and that an address or a field may carry."""
        mark = hashlib.sha256(self.recipient.encode()).hexdigest()[:8] if self.recipient else ""
        return ".".join(part for part in (self.purpose, self.channel, mark) if part)


@dataclass(frozen=True, slots=True)
class Stand:
    """How a choice stands: ``since`` when it was given or refused, ``until`` the last day of a consent.

    ``withdrawn``: a consent was given and taken back. ``wording`` is what a yes agrees to, where it is a consent.
    """

    choice: Choice
    text: Text
    on: bool
    consent: bool
    withdrawn: bool
    since: dt.datetime | None = None
    until: dt.date | None = None
    wording: Text | None = None


@dataclass(frozen=True, slots=True)
class Without:
    """A purpose that asks for no consent. ``state`` is the person's objection: empty, pending, upheld or refused.

    ``goes_on``: an objection is answered, but the use secures claims and does not stop for it.
    """

    purpose: Purpose
    may_object: bool
    state: str = ""
    since: dt.datetime | None = None

    @property
    def goes_on(self) -> bool:
        return goes_on(self.purpose)


@dataclass(frozen=True, slots=True)
class Stands:
    """Everything that the person may say yes or no to."""

    choices: tuple[Stand, ...]
    without: tuple[Without, ...]


def stands(store: RegisterStore, person: int, *, now: dt.datetime) -> Stands:
    """How all of it stands. Raises NoSuchRowError when the person is not held."""
    register = store.register
    with store.read(now) as conn:
        if not read_rows(store, conn, PERSON, "id", [person]):
            raise NoSuchRowError
        said = read_said(conn, register, PERSON, [person]).get(person, Said())
    day = today(now).isoformat()
    own = register.notice.controller.name
    choices = tuple(_stand(register, each, said, day, own) for each in _choices(register))
    without = tuple(
        _without(purpose, said, key in objectable(register))
        for key, purpose in register.purposes.items()
        if purpose.basis != "consent" and purpose.nature != "marketing" and _concerns(register, purpose)
    )
    return Stands(choices, without)


def choice_of(register: Register, key: str) -> Choice:
    """The choice of a key. Raises CannotSayError when the notice offers none such."""
    found = next((each for each in _choices(register) if each.key == key), None)
    if found is None:
        raise CannotSayError("Tätä ei voi valita.", "This cannot be chosen.")
    return found


def turn(
    store: RegisterStore, person: int, choice: Choice, *, on: bool, language: str, how: str = "portal", now: dt.datetime
) -> None:
    """Say yes or no. Saying again what stands changes nothing. Raises NoSuchRowError, CannotSayError.

    What nobody needs after a withdrawal is removed with it, and to tell those who received it becomes a task.
    """
    gone = None
    with store.write(now) as work:
        # Of two presses at once the second finds what the first said.
        work.claim()
        if not read_rows(store, work.conn, PERSON, "id", [person]):
            raise NoSuchRowError
        turner = _Turner(store, work, person, choice)
        verb = turner.yes(language, now) if on else turner.no(how)
        if verb:
            note = choice.channel or choice.purpose
            work.journal.add(Entry(now, ACCOUNT, "", verb, PERSON, (person,), note=note))
        if verb == "withdraw":
            word = Word("withdrawal", choice.purpose, turner.ended, language, KNOWN[how])
            gone = let_go_said(store, work, PERSON, person, word, actor=myself(person))
    if gone is not None:
        wipe(store)


class _Turner:
    """The events of one choice, in one transaction."""

    def __init__(self, store: RegisterStore, work: Work, person: int, choice: Choice) -> None:
        self.store, self.work, self.person, self.choice = store, work, person, choice
        self.register = store.register
        self.purpose = store.register.purposes[choice.purpose]
        self.marketing = self.purpose.nature == "marketing"
        self.ended = 0
        """Consents that were withdrawn."""

    def no(self, how: str) -> str:
        """Withdraw the consent, or ban the channel. What was done, empty when it stood so."""
        self.ended = ended = self._withdraw() if self._is_consent() else 0
        if ended or not self.marketing or self._banned(self.choice.purpose, self._channels()):
            return "withdraw" if ended else ""
        lang = self.register.notice.languages[0]
        for channel in self._channels():
            self._ban(self.choice.purpose, channel, _HOW[how].get(lang, _HOW[how]["en"]))
        return "ban"

    def yes(self, language: str, now: dt.datetime) -> str:
        """Take bans and objections back as far as they concern this choice, and give the consent where one is asked."""
        did = ""
        for channel in self._channels() if self.marketing else ():
            did = "unban" if self._lift(channel) else did
        for row in self._events("objection"):
            if row.get("purpose") == self.purpose.key and "withdrawn_at" not in row and self.marketing:
                self.work.update("objection", row["id"], {"withdrawn_at": self.work.now})
                did = "unban"
        if not self._is_consent() or self._standing(now):
            return did
        need_guardian(self.store, self.work, self.person, channel="portal", guardian="", at=now)
        values = consent_values(
            self.store,
            self.purpose.key,
            channel="portal",
            language=language,
            given_at=now,
            recipient=self.choice.recipient,
        )
        self._insert("permission", values)
        return "consent"

    def _is_consent(self) -> bool:
        return self.purpose.basis == "consent" or asks(self.purpose, self.choice.channel)

    def _channels(self) -> tuple[str, ...]:
        return (self.choice.channel,) if self.choice.channel else tuple(self.purpose.channels or {"email": "consent"})

    def _standing(self, now: dt.datetime) -> bool:
        said = read_said(self.work.conn, self.register, PERSON, [self.person]).get(self.person, Said())
        grants = standing_grants(self.purpose, said, today(now).isoformat())
        return any((grant["recipient"] or "") == self.choice.recipient for grant in grants)

    def _withdraw(self) -> int:
        others = [each for each in self.purpose.channels.values() if each == "consent"]
        if self.choice.channel and len(others) > 1:
            # The consent covers other channels too: this one is banned instead.
            return 0
        ended = 0
        for row in self._events("permission"):
            mine = row.get("purpose") == self.purpose.key and row.get("recipient", "") == self.choice.recipient
            if mine and "withdrawn_at" not in row:
                self.work.update("permission", row["id"], {"withdrawn_at": self.work.now})
                ended += 1
        return ended

    def _banned(self, purpose: str, channels: Sequence[str]) -> bool:
        return all(
            any(self._covers(row, purpose, channel) for row in self._events("ban") if "lifted_at" not in row)
            for channel in channels
        )

    def _covers(self, row: Mapping[str, Any], purpose: str, channel: str) -> bool:
        sender = row.get("sender", "")
        return (
            row.get("channel") in (channel, ALL)
            and row.get("purpose") in (None, purpose)
            and sender in ("", self.choice.recipient or self.register.notice.controller.name)
        )

    def _ban(self, purpose: str, channel: str, note: str) -> None:
        values = {"purpose": purpose, "channel": channel, "set_at": self.work.now, "source_note": note}
        if self.choice.recipient:
            values["sender"] = self.choice.recipient
        self._insert("ban", values)

    def _lift(self, channel: str) -> bool:
        """Lift what bans this; a wider ban goes on for everything else that it covered."""
        lifted = [
            row
            for row in self._events("ban")
            if "lifted_at" not in row and self._covers(row, self.purpose.key, channel)
        ]
        for row in lifted:
            self.work.update("ban", row["id"], {"lifted_at": self.work.now})
            for key, purpose in self.register.purposes.items():
                for other in (purpose.channels or {"email": "consent"}) if purpose.nature == "marketing" else ():
                    if (key, other) != (self.purpose.key, channel) and self._covers(row, key, other):
                        kept: dict[str, Any] = {
                            name: row[name] for name in ("set_at", "source_note", "sender") if name in row
                        }
                        self._insert("ban", {**kept, "purpose": key, "channel": other})
        return bool(lifted)

    def _events(self, kind: str) -> list[dict[str, Any]]:
        return read_rows(self.store, self.work.conn, kind, PERSON, [self.person])

    def _insert(self, kind: str, values: Mapping[str, Any]) -> None:
        table = self.register.tables[kind]
        known = {name: value for name, value in values.items() if value is not None and table.column(name) is not None}
        self.work.insert(kind, {**known, PERSON: self.person}, source="subject")


def _choices(register: Register) -> Iterator[Choice]:
    for key, purpose in register.purposes.items():
        if not _concerns(register, purpose):
            continue
        if purpose.basis == "consent":
            if purpose.per == "recipient":
                yield from (Choice(key, recipient=name) for name in partners(register, purpose))
            elif purpose.per is None:
                yield Choice(key)
        elif purpose.nature == "marketing":
            yield from (Choice(key, channel) for channel in (purpose.channels or {"email": "consent"}))


def _concerns(register: Register, purpose: Purpose) -> bool:
    """Whether a purpose uses anything of a person; what is of a browser alone is chosen on the web pages."""
    kinds = register.notice.kinds
    return not purpose.built_in and any(
        end_of(kinds, ref.kind, path) == PERSON
        for ref in (*purpose.uses, *purpose.borrows)
        for path in cell_paths(kinds, ref.kind, ref.item)
    )


def _stand(register: Register, choice: Choice, said: Said, day: str, own: str) -> Stand:
    purpose = register.purposes[choice.purpose]
    consent = purpose.basis == "consent" or asks(purpose, choice.channel)
    channels = (choice.channel,) if choice.channel else tuple(purpose.channels)
    bans = [
        event
        for event in said.events["ban"]
        if event["lifted_at"] is None
        and event["channel"] in (*channels, ALL)
        and event["purpose"] in (None, purpose.key)
        and event["sender"] in (None, choice.recipient or own)
    ]
    refused = [*(ban["set_at"] for ban in bans), *_refusals(purpose, said)]
    mine = [
        event
        for event in said.events["permission"]
        if event["purpose"] == purpose.key and (event["recipient"] or "") == choice.recipient
    ]
    standing = [event for event in standing_grants(purpose, said, day) if event in mine]
    on = not bans and (bool(standing) if consent else not refused)
    moments = [each["given_at"] for each in standing] if on else refused
    if not on and not refused:
        moments = [each["withdrawn_at"] for each in mine]
    known = [moment for moment in moments if moment is not None]
    ends = [each["ends_on"] for each in standing if each["ends_on"] is not None] if on else []
    wording = purpose.consent if consent else None
    if wording is not None and choice.recipient:
        wording = {lang: text.replace("{recipient}", choice.recipient) for lang, text in wording.items()}
    return Stand(
        choice,
        purpose.text,
        on,
        consent,
        not on and not refused and bool(known),
        from_utc_text(max(known)) if known else None,
        dt.date.fromisoformat(max(ends)) if ends else None,
        wording,
    )


def _refusals(purpose: Purpose, said: Said) -> list[str | None]:
    return [event["raised_at"] for state in ("pending", "upheld") for event in objections(purpose, said, state)]


def _without(purpose: Purpose, said: Said, may_object: bool) -> Without:
    for state in ("pending", "upheld", "refused"):
        found = objections(purpose, said, state)
        if found:
            at = [event["raised_at"] for event in found if event["raised_at"] is not None]
            return Without(purpose, may_object, state, from_utc_text(max(at)) if at else None)
    return Without(purpose, may_object)
