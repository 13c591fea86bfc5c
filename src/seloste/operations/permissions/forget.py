"""Forget a ban: on the wish of the person even the record of it goes, once they know that it protects them.

What is left of somebody who forbade marketing is the ban and keyed hashes of their addresses. Both go here (GDPR Art.
17); from then on nobody knows that these addresses were banned.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from seloste.catalogue.model import PERSON, REACHING
from seloste.catalogue.types import TYPES
from seloste.errors import BadValue, SelosteError
from seloste.operations.actor import Actor
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.records.read import visible_ids
from seloste.operations.retention.report import SweepReport, report
from seloste.operations.retention.sweep import log_swept, sweep_within, wipe
from seloste.operations.rights.rows import read_rows
from seloste.store.bans import address_items, banned_by, fingerprint, keeps
from seloste.store.journal import Entry
from seloste.store.registers import RegisterStore
from seloste.store.work import Work

WARNING = {
    "fi": "Kiellon tieto suojaa sinua: sen avulla tunnemme osoitteesi, jos saamme sen myöhemmin muualta. Kun tieto on "
    "poistettu, emme enää tiedä, että olet kieltänyt markkinoinnin.",
    "en": "The record of your ban protects you: by it we know your address if we later get it from somebody else. "
    "Once it is erased we no longer know that you have forbidden marketing.",
    "sv": "Uppgiften om ditt förbud skyddar dig: med den känner vi igen din adress om vi senare får den från någon "
    "annan. När uppgiften har raderats vet vi inte längre att du har förbjudit marknadsföring.",
}
"""What a person is told before the record goes, in each language."""


class NotWarnedError(SelosteError):
    """The record of a ban protects the person, and they have not been told so."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many bans went, and what else went with them or stays of those persons."""

    bans: int
    swept: SweepReport


@dataclass(frozen=True, slots=True)
class FoundBan:
    """A standing ban: what it is on (of all where empty), and since when."""

    channel: str
    purpose: str
    sender: str
    set_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class FoundBans:
    """The bans that are recognised by an address, of how many persons, and how many of these are still reached here."""

    bans: tuple[FoundBan, ...]
    persons: int
    here: int


def find_bans(store: RegisterStore, address: str, *, actor: Actor, now: dt.datetime) -> FoundBans:
    """What :func:`forget_bans` would erase of whoever had an address. Journaled as a look; the address nowhere.

    Raises BadValue for what is no address.
    """
    if not keeps(store.register):
        return FoundBans((), 0, 0)
    prints = _prints(store, address)
    with store.read(now) as conn:
        found = {ban.id: ban.person for bans in banned_by(conn, store.register, prints).values() for ban in bans}
        persons = sorted(set(found.values()))
        rows = read_rows(store, conn, "ban", "id", set(found))
        names = [item.key for item in address_items(store.register)]
        here = sum(1 for row in read_rows(store, conn, PERSON, "id", persons) if any(name in row for name in names))
    if found:
        store.reads.queue(Entry(now, actor.account, actor.lens, "look", "ban", tuple(persons), (), len(found)))
    bans = (FoundBan(row.get("channel", ""), row.get("purpose", ""), row.get("sender", ""), row.get("set_at"))
            for row in rows)  # fmt: skip
    return FoundBans(tuple(bans), len(persons), here)


def forget_bans(
    store: RegisterStore,
    *,
    person: int | None = None,
    address: str = "",
    warned: bool,
    actor: Actor,
    now: dt.datetime,
) -> Forgotten:
    """Erase the bans of a person, or of whoever had an e-mail address or a telephone number.

    ``warned`` says that the person has read WARNING and still wants it. Raises NotWarnedError, NoSuchRowError when
    there is no such person or no ban on the address, BadValue for what is no address; then nothing changed.
    """
    if not warned:
        raise NotWarnedError(WARNING["fi"], WARNING["en"])
    if not keeps(store.register):
        raise NoSuchRowError
    if person is not None and person not in visible_ids(store, actor.lens, PERSON, {person}, now, actor.person):
        raise NoSuchRowError
    prints = [] if person is not None else _prints(store, address)
    with store.write(now) as work:
        bans = _of_person(work, person) if person is not None else _of_address(work, prints)
        if not bans:
            raise NoSuchRowError
        persons = set(bans.values())
        for number in bans:
            work.delete("ban", number)
        for number in _objections(work, persons):
            work.delete("objection", number)
        work.touch_bits(PERSON, persons)
        entry = Entry(
            at=now,
            actor=actor.account,
            lens=actor.lens,
            verb="forget_ban",
            kind=PERSON,
            persons=tuple(sorted(persons)),
            count=len(bans),
        )
        work.journal.add(entry)
        swept = sweep_within(work, {PERSON: persons})
        log_swept(work, swept, now, actor, persons=tuple(sorted(persons)))
        made = report(work.conn, store.register, swept, at=now, dry_run=False)
    wipe(store)
    return Forgotten(len(bans), made)


def _prints(store: RegisterStore, address: str) -> list[str]:
    for kind in REACHING:
        try:
            return [fingerprint(store.keys, kind, store.types[kind].parse(address))]
        except BadValue:
            continue
    raise BadValue(
        "Kirjoita sähköpostiosoite tai puhelinnumero, jonka kielto poistetaan.",
        "Write the e-mail address or the telephone number whose ban is erased.",
        TYPES["email"].show("aino@yritys.example", "fi"),
    )


def _objections(work: Work, persons: set[int]) -> list[int]:
    """What they have said against marketing is the same record by another name."""
    marketing = {key for key, purpose in work.register.purposes.items() if purpose.nature == "marketing"}
    found: list[int] = []
    for person in sorted(persons):
        rows = work.conn.execute(f"SELECT id, purpose FROM objection WHERE {PERSON} = :id", {"id": person}).all()
        found += [int(number) for number, purpose in rows if purpose in marketing]
    return found


def _of_person(work: Work, person: int) -> dict[int, int]:
    rows = work.conn.execute(f"SELECT id FROM ban WHERE {PERSON} = :person", {"person": person}).all()
    return {int(number): person for (number,) in rows}


def _of_address(work: Work, prints: list[str]) -> dict[int, int]:
    found = banned_by(work.conn, work.register, prints)
    return {ban.id: ban.person for bans in found.values() for ban in bans}


__all__ = ["WARNING", "Forgotten", "FoundBan", "FoundBans", "NotWarnedError", "find_bans", "forget_bans"]
