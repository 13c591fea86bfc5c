"""An audience as a file for whatever tool sends: only those who may be contacted today, each with their way out.

For e-mail each row carries the two headers by which a mail program ends the mailing with one press (RFC 8058, RFC
2369) and the address for the foot of the message (Act 917/2014, ss. 200(3) and 202). Making the file is journaled.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from seloste.catalogue.model import PERSON, REACHING, Item, Text
from seloste.clock import today
from seloste.compiler.register import Register
from seloste.errors import SelosteError
from seloste.operations.actor import Actor
from seloste.operations.mail.smtp import MailNotSetUpError
from seloste.operations.permissions.audience import Audience, audience, reached
from seloste.operations.permissions.postal import Postal
from seloste.operations.portal.choices import Choice, choice_of
from seloste.operations.portal.unsubscribe import Mailing, headers
from seloste.operations.records.model import Record
from seloste.operations.records.reading import MOST_PERSONS
from seloste.operations.records.transfer.purpose_read import PurposeReader
from seloste.operations.records.transfer.sheets import Form, cell_of, cell_of_one, write
from seloste.operations.records.validate import say
from seloste.store.journal import Entry, append
from seloste.store.registers import RegisterStore

CHUNK = 500
TRIES = 5
"""Times a file is made anew because somebody in it said no meanwhile."""
IN_MEMORY = 4 << 20
TYPE_OF = {"email": "email", "sms": "phone", "phone": "phone", "auto_call": "phone"}
"""Channel -> the type of item that is an address of it; what the post needs is rows of their own (``postal``)."""
POST, UNSUBSCRIBE = "List-Unsubscribe-Post", "List-Unsubscribe"
LINK: Text = {"fi": "Lopetuslinkki", "en": "Unsubscribe link", "sv": "Länk för att sluta"}


class ListChangesError(SelosteError):
    """People kept saying no while the file was made."""

    def __init__(self) -> None:
        super().__init__(
            "Lista muuttui koko ajan, kun tiedostoa tehtiin. Yritä hetken kuluttua uudelleen.",
            "The list kept changing while the file was made. Try again in a moment.",
        )


@dataclass(frozen=True, slots=True)
class AudienceFile:
    """The file from its start, whom it holds, and whom it leaves out; the name holds no personal data."""

    file: IO[bytes]
    name: str
    form: Form
    count: int
    audience: Audience
    without_address: int
    """How many may be contacted so, but have no address of the channel."""


def audience_file(
    store: RegisterStore,
    purpose: str,
    channel: str,
    *,
    sender: str = "",
    form: Form = "csv",
    lang: str = "en",
    actor: Actor,
    now: dt.datetime,
) -> AudienceFile:
    """A row for each person who may be contacted, with what the purpose may use of them and one address.

    Raises NoAudienceError; for e-mail MailNotSetUpError and LetterError when no address could end the mailing.
    """
    file: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  the caller closes what it is given
    try:
        for _ in range(TRIES):
            found = audience(store, purpose, channel, sender=sender, actor=actor, now=now)
            rows = _Rows(store, found, lang, actor, now)
            file.seek(0)
            file.truncate()
            title = say(store.register.tables[PERSON].kind.plural, lang)
            count = write(file, form, rows.heads(), rows, title)
            if _noted(store, rows, found, actor, now):
                break
        else:
            raise ListChangesError
    except BaseException:
        file.close()
        raise
    file.seek(0)
    plain = re.sub(r"[^a-z0-9_]", "", f"{store.register.notice.register}_{purpose}_{channel}")
    return AudienceFile(file, f"{plain}_{today(now).isoformat()}.{form}", form, count, found, rows.without_address)


def choice_for(register: Register, purpose: str, channel: str, sender: str) -> Choice:
    """What somebody says no to who ends this mailing. Raises CannotSayError when the notice offers no such choice."""
    found = register.purposes[purpose]
    recipient = sender if found.per == "recipient" else ""
    wanted = Choice(purpose, recipient=recipient) if found.basis == "consent" else Choice(purpose, channel)
    return choice_of(register, wanted.key)


class _Rows:
    """The rows of the file, read a part at a time."""

    def __init__(self, store: RegisterStore, found: Audience, lang: str, actor: Actor, now: dt.datetime) -> None:
        self.store, self.found, self.lang = store, found, lang
        self.reader = PurposeReader(store, actor, PERSON, found.purpose, now)
        self.kind = TYPE_OF.get(found.channel, "")
        items = store.register.tables[PERSON].kind.items
        held = [items[name] for name in self.reader.items()]
        self.address = [item for item in held if item.type == self.kind and not item.sensitive]
        self.items: list[Item] = [
            item
            for item in held
            if not item.sensitive and item.type not in ("ref", "file", *REACHING) and not item.free_text
        ]
        self.postal = Postal(store, found.purpose, actor, now) if found.channel == "post" else None
        self.choice = None
        if found.channel == "email":
            if store.post is None:
                raise MailNotSetUpError
            self.choice = choice_for(store.register, found.purpose, found.channel, found.sender)
            # What could not be stopped is not begun: that the addresses can be made is seen before the first row.
            self._way_out(0)
        self.written: list[int] = []
        self.without_address = 0

    def heads(self) -> list[str]:
        head = {"email": "email", "phone": "phone"}.get(self.kind, "")
        ways = [say(LINK, self.lang), UNSUBSCRIBE, POST] if self.choice is not None else []
        place = [say(item.label, self.lang) for item in self.postal.items.values()] if self.postal is not None else []
        return [*([head] if head else []), *(say(item.label, self.lang) for item in self.items), *place, *ways]

    def __iter__(self) -> Iterator[Sequence[Any]]:
        for start in range(0, len(self.found.persons), CHUNK):
            part = self.found.persons[start : start + CHUNK]
            records = self.reader.read(part)
            places = self.postal.of(part) if self.postal is not None else {}
            for number in part:
                record, place = records.get(number), places.get(number)
                address = self._address_of(record) if record is not None else ""
                if record is None or (self.postal is None and not address) or (self.postal is not None and not place):
                    self.without_address += 1
                    continue
                self.written.append(number)
                cells = [cell_of(item, record.values.get(item.key), self.lang) for item in self.items]
                yield [*([address] if self.kind else []), *cells, *self._place(place), *self._way_out(number)]

    def _place(self, place: Record | None) -> list[Any]:
        if self.postal is None or place is None:
            return []
        items = self.store.register.tables[place.kind].kind.items
        return [
            cell_of(items[key], place.values.get(key), self.lang) if key in items else "" for key in self.postal.items
        ]

    def _address_of(self, record: Record) -> str:
        """The first address of the channel; a tool that sends takes one."""
        for item in self.address:
            value = record.values.get(item.key)
            for each in value if isinstance(value, list | tuple) else [value]:
                if isinstance(each, str) and each:
                    return str(cell_of_one(item, each, self.lang))
        return ""

    def _way_out(self, person: int) -> list[str]:
        if self.choice is None or self.store.post is None:
            return []
        found = headers(self.store.post.settings, self.store, Mailing(person, self.choice))
        return [found[UNSUBSCRIBE].strip("<>"), found[UNSUBSCRIBE], found[POST]]


def _noted(store: RegisterStore, rows: _Rows, found: Audience, actor: Actor, now: dt.datetime) -> bool:
    """Write down what leaves, for which purpose; the persons by number when they are few enough.

    False when somebody in the file has said no since they were read; then nothing is written down.
    """
    place = rows.postal.items.values() if rows.postal is not None else ()
    items = tuple(dict.fromkeys(item.key for item in (*rows.address, *rows.items, *place)))
    persons = tuple(sorted(rows.written)) if len(rows.written) <= MOST_PERSONS else ()
    note = f"{found.purpose}.{found.channel}"
    entry = Entry(now, actor.account, actor.lens, "export", PERSON, persons, items, len(rows.written), note=note)
    try:
        with store.database.transaction() as conn:
            # Its place in the journal taken, whoever says no has an entry before it, and is seen here, or one after it.
            # It writes nothing else, so that it may hold that place and read.
            append(conn, entry)
            if set(rows.written) - reached(store, conn, found, actor=actor, now=now):
                raise _SaidNo
    except _SaidNo:
        return False
    return True


class _SaidNo(Exception):  # noqa: N818
    """Ends the transaction, so that nothing of it stays."""


__all__ = ["AudienceFile", "audience_file", "choice_for"]
