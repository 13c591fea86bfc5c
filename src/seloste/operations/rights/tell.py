"""The person is told: each turn of a request leaves a message, by e-mail where an address is on file, else by hand.

The row says what is to be told and whether it was; the e-mail itself is made when it is sent (``mails``). No address is
kept in the register for it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from seloste.catalogue.model import PERSON
from seloste.clock import to_utc_text
from seloste.operations.actor import Actor
from seloste.operations.disclosures.outside import guarded_of
from seloste.operations.portal.letters import SETTLES
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.rights.model import LETTER, REQUEST, RequestError
from seloste.operations.rights.rows import log, one, read_rows
from seloste.store.engine import Connection, quote
from seloste.store.registers import RegisterStore
from seloste.store.work import Work

MAIL = "request"
"""What the outbox calls an e-mail about a request."""
LASTS = dt.timedelta(days=3)
"""How long an e-mail may wait to leave; then somebody must see to it."""

About = Literal[
    "received", "asked_identity", "asked_detail", "extended", "told_fee", "answered", "refused", "told_of_lifting"
]
WORDLESS = ("received", "answered")
"""Messages that say no more than that something happened, and where to read it."""
State = Literal["waiting", "sent", "failed", "by_hand"]


@dataclass(frozen=True, slots=True)
class Told:
    """One message. ``waiting`` is on its way, ``by_hand`` is somebody's to print and deliver, as is a failed one."""

    id: int
    request: int
    about: str
    way: str
    since: dt.datetime
    sent_at: dt.datetime | None
    failed_at: dt.datetime | None
    why_not: str
    later: bool = False
    """Something was told of the request after it: then a receipt that never came is nobody's task any more."""

    @property
    def state(self) -> State:
        if self.sent_at is not None:
            return "sent"
        if self.failed_at is not None:
            return "failed"
        return "by_hand" if self.way == "hand" else "waiting"

    @property
    def task(self) -> bool:
        """Whether somebody must see to it."""
        return self.state in ("failed", "by_hand") and not (self.about == "received" and self.later)


def tell(store: RegisterStore, work: Work, request: int, person: int, about: About, *, already: bool = False) -> None:
    """Leave a message about a request, in the transaction of what it tells; ``already``: somebody has told it.

    That a request has arrived is told by e-mail alone: nobody is owed a receipt on paper. Where a guard stands on the
    person, what holds words about them is given otherwise: whoever reads their mail may be the one it is against.
    """
    if already:
        values = {"about": about, "way": "hand", "since": work.now, "sent_at": work.now, REQUEST: request}
        work.insert(LETTER, values, source="own_records")
        return
    to = _mailed_to(store, person, about, work.now)
    if to or about != "received":
        values = {"about": about, "way": "email" if to else "hand", "since": work.now, REQUEST: request}
        work.insert(LETTER, values, source="own_records")
    if to:
        _leave(store, request, about, to, work.now)


def _mailed_to(store: RegisterStore, person: int, about: str, now: dt.datetime) -> str:
    """The address that a message leaves for; empty where it is somebody's to deliver."""
    if store.leave is None:
        return ""
    with store.database.read() as conn:
        if about not in WORDLESS and guarded_of(store, conn, [person]):
            return ""
    return address_on_file(store, person, now)


def _leave(store: RegisterStore, request: int, about: str, to: str, now: dt.datetime) -> None:
    assert store.leave is not None
    # In the outbox before the register has it: one that never comes to be there is not sent.
    parts = {"request": str(request), "about": about, "at": to_utc_text(now), "to": to}
    store.leave(MAIL, parts, now=now, expires_at=now + LASTS)


def address_on_file(store: RegisterStore, person: int, now: dt.datetime) -> str:
    """The e-mail address that a person has in the register, empty without one. What was changed lately does not count:
    an answer must not go to an address that somebody has just put there.

    It is that of before what is being done now, so that whoever is erased is told of it.
    """
    table = store.register.tables[PERSON]
    names = [name for name, item in table.kind.items.items() if item.type == "email" and not item.sensitive]
    with store.database.read() as conn:
        rows = read_rows(store, conn, PERSON, "id", [person])
        changed = _changed(conn, person, now)
    for name in names:
        given = rows[0].get(name) if rows and name not in changed else None
        for address in [given] if isinstance(given, str) else given or ():
            return str(address)
    return ""


def _changed(conn: Connection, person: int, now: dt.datetime) -> set[str]:
    """Items of a person that were written anew within the last days."""
    sql = (
        f"SELECT s.item FROM sys_cell_source s JOIN {quote(PERSON)} p ON p.id = s.row"
        " WHERE s.kind = :kind AND s.row = :row AND s.at > :settled AND s.at > p.sys_recorded_at"
    )
    params = {"kind": PERSON, "row": person, "settled": to_utc_text(now - SETTLES)}
    return {str(item) for (item,) in conn.execute(sql, params)}


# --- what became of it ------------------------------------------------------------------------------------------------


def messages(store: RegisterStore, request: int, *, now: dt.datetime) -> tuple[Told, ...]:
    """All that was told about a request, the latest first."""
    with store.read(now) as conn:
        return told_of(store, conn, request)


def told_of(store: RegisterStore, conn: Connection, request: int) -> tuple[Told, ...]:
    return _in_order(read_rows(store, conn, LETTER, REQUEST, [request]))


def _in_order(rows: Sequence[Mapping[str, object]]) -> tuple[Told, ...]:
    """Messages of one request, the latest first."""
    found = sorted(map(_told, rows), key=lambda each: (each.since, each.id), reverse=True)
    return tuple(replace(each, later=number > 0) for number, each in enumerate(found))


def undelivered(store: RegisterStore, *, now: dt.datetime) -> tuple[Told, ...]:
    """Messages that somebody must see to, the oldest first. One that could not leave in time is told from its age."""
    with store.read(now) as conn:
        column = quote(REQUEST)
        sql = f"SELECT DISTINCT {column} FROM {quote(LETTER)} WHERE sent_at IS NULL AND {column} IS NOT NULL"
        rows: dict[int, list[dict[str, object]]] = {int(number): [] for (number,) in conn.execute(sql)}
        for row in read_rows(store, conn, LETTER, REQUEST, list(rows)):
            rows[row[REQUEST]].append(row)
    late = now - LASTS - dt.timedelta(hours=1)
    found = [each for several in rows.values() for each in _in_order(several)]
    found = [each for each in found if each.task or (each.state == "waiting" and each.since < late)]
    return tuple(sorted(found, key=lambda each: (each.since, each.id)))


def _told(row: Mapping[str, object]) -> Told:
    def moment(name: str) -> dt.datetime | None:
        found = row.get(name)
        return found if isinstance(found, dt.datetime) else None

    return Told(
        int(str(row["id"])),
        int(str(row[REQUEST])),
        str(row.get("about", "")),
        str(row.get("way", "hand")),
        moment("since") or dt.datetime.min.replace(tzinfo=dt.UTC),
        moment("sent_at"),
        moment("failed_at"),
        str(row.get("why_not", "")),
    )


def delivered(store: RegisterStore, request: int, message: int, *, actor: Actor, now: dt.datetime) -> None:
    """Somebody gave it to the person: posted, handed over, told. Raises NoSuchRowError, RequestError."""
    with store.write(now) as work:
        found = one(store, work.conn, request, now)
        if _one(store, work, request, message).state == "sent":
            raise RequestError("Viesti on jo toimitettu.", "The message has been delivered already.")
        work.update(LETTER, message, {"sent_at": now, "way": "hand"})
        log(work, actor, "deliver", found.person)


def send_again(store: RegisterStore, request: int, message: int, *, actor: Actor, now: dt.datetime) -> None:
    """Send it by e-mail, anew or at last. Raises NoSuchRowError, RequestError without mail or an address on file."""
    with store.write(now) as work:
        found = one(store, work.conn, request, now)
        told = _one(store, work, request, message)
        to = _mailed_to(store, found.person, told.about, now)
        if not to:
            raise RequestError(
                "Sähköpostia ei voi lähettää: rekisterissä ei ole hänen osoitettaan, se muutettiin viikon sisällä, tai "
                "hänellä on turvakielto. Tulosta viesti.",
                "No e-mail can be sent: the register has no address of theirs, it was changed within a week, or they "
                "have a non-disclosure order. Print the message.",
            )
        changes = {"way": "email", "since": now, "sent_at": None, "failed_at": None, "why_not": None}
        work.update(LETTER, message, changes)
        _leave(store, request, told.about, to, now)
        log(work, actor, "send_again", found.person)


def _one(store: RegisterStore, work: Work, request: int, message: int) -> Told:
    found = next((each for each in told_of(store, work.conn, request) if each.id == message), None)
    if found is None:
        raise NoSuchRowError
    return found
