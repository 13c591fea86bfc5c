"""The e-mails about a request. They say that something happened and where to read it; no data of anybody is in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from seloste.clock import from_utc_text, today
from seloste.operations.mail.letter import Letter
from seloste.operations.mail.sender import Maker, Outcome, Settler
from seloste.operations.portal.letters import still_reached
from seloste.operations.rights.letter import complaint_lines, refusal_of
from seloste.operations.rights.model import LETTER, REQUEST, Request, parts_of
from seloste.operations.rights.rows import one, read_rows
from seloste.operations.rights.say import Voice
from seloste.operations.rights.tell import LASTS, MAIL, Told, told_of
from seloste.store import portal
from seloste.store.registers import Registers, RegisterStore

OPENS = dt.timedelta(days=14)
"""How long the link of an answer may be opened: people do not read their mail within half an hour."""
COMES = dt.timedelta(minutes=10)
"""How long what left an e-mail may take to be in the register; after that it never happened."""


class NotYetError(Exception):
    """What left the letter has not ended."""


def request_mail(registers: Registers, register: str, parts: Mapping[str, str], now: dt.datetime) -> Letter | None:
    """The e-mail of one message; None when it was delivered meanwhile, or when what it tells never came to be.

    None too where an address of theirs was changed since it was left: it would go to the old one. Then it becomes
    somebody's task.
    """
    store = registers.open(register)
    with store.read(now) as conn:
        told = _find(told_of(store, conn, int(parts["request"])), parts)
        found = one(store, conn, int(parts["request"]), now) if told is not None else None
    if told is None or found is None:
        if now - from_utc_text(parts["at"]) < COMES:
            raise NotYetError
        return None
    if told.state != "waiting" or not still_reached(store, (found.person,), since=parts["at"], now=now):
        return None
    link = f"{registers.settings.public_url}/own/{register}"
    if told.about == "answered":
        with registers.deployment.transaction() as conn:
            token = portal.make_link(conn, register, (found.person,), now, lasts=OPENS)
        link = f"{link}/open/{token}?answer={found.id}"
        more = [_link_there(registers, key, number, now) for key, number in parts_of(found.together)]
        subject, text = mail_text(store, found, told.about, link, more=more)
        return Letter(parts["to"], subject, text)
    return Letter(parts["to"], *mail_text(store, found, told.about, link))


def _link_there(registers: Registers, key: str, number: int, now: dt.datetime) -> tuple[Mapping[str, str], str]:
    """(title, link) of the part of the answer that lies in another register."""
    store = registers.open(key)
    with store.read(now) as conn:
        found = one(store, conn, number, now)
    with registers.deployment.transaction() as conn:
        token = portal.make_link(conn, key, (found.person,), now, lasts=OPENS)
    return store.register.notice.title, f"{registers.settings.public_url}/own/{key}/open/{token}?answer={number}"


def mail_text(
    store: RegisterStore,
    found: Request,
    about: str,
    link: str,
    *,
    more: Sequence[tuple[Mapping[str, str], str]] = (),
) -> tuple[str, str]:
    """Subject and text in the person's language; ``link`` leads to the answer or to their own pages, or is empty.

    A link to an answer names the request in its query, so that the answer is what opens.

    ``more``: titles and links of other registers that the same answer is in.
    """
    voice = Voice(store.register, found.language)
    words = {
        "controller": " ".join(store.register.notice.controller.name.split()),
        "number": str(found.id),
        "received": voice.t.w.date(today(found.received_at)),
        "due": voice.t.w.date(found.clock.day),
        "days": str(OPENS.days),
        "link": f"{link}&lang={voice.lang}" if "/open/" in link else link,
        "home": link.partition("/open/")[0],
        "contact": voice.t.contact,
        "note": note_of(found, about),
    }
    parts = [voice.say("mail.hello"), voice.say(f"mail.{about}", **words)]
    if about == "refused":
        parts += complaint_lines(voice)
    if link:
        parts.append(voice.say("mail.open" if "/open/" in link else "mail.see", **words))
    if more:
        parts.append(voice.say("mail.also"))
        parts += [f"{voice.t.pick(title)}:\n{where}&lang={voice.lang}" for title, where in more]
    parts.append(voice.say("mail.regards", **words))
    return voice.say(f"mail.{about}_subject", **words), "\n\n".join(part.strip() for part in parts) + "\n"


def note_of(found: Request, about: str) -> str:
    """What the staff wrote for the person at that turn."""
    if about == "refused":
        return "\n".join(refusal_of(found))
    return next((step.text for step in reversed(found.steps) if step.step == about), "")


def settled(registers: Registers, register: str, parts: Mapping[str, str], outcome: Outcome, now: dt.datetime) -> None:
    """Write down that an e-mail left, or that it did not and why; then it is a task."""
    if outcome not in ("sent", "given_up"):
        return
    store = registers.open(register)
    with store.write(now) as work:
        told = _find(told_of(store, work.conn, int(parts["request"])), parts)
        if told is None or told.state != "waiting":
            return
        late = now - told.since >= LASTS - dt.timedelta(hours=2)
        failed = {"failed_at": now, "why_not": "late" if late else "refused"}
        work.update(LETTER, told.id, {"sent_at": now} if outcome == "sent" else failed)


def give_up_late(store: RegisterStore, now: dt.datetime) -> int:
    """Mark e-mails that never left in time as failed: the outbox has dropped them. How many."""
    with store.write(now) as work:
        sql = f"SELECT id FROM {LETTER} WHERE sent_at IS NULL AND failed_at IS NULL AND way = 'email'"
        rows = read_rows(store, work.conn, LETTER, "id", [int(number) for (number,) in work.conn.execute(sql)])
        late = [row for row in rows if REQUEST in row and row["since"] < now - LASTS - dt.timedelta(hours=1)]
        for row in late:
            work.update(LETTER, row["id"], {"failed_at": now, "why_not": "late"})
    return len(late)


def _find(found: tuple[Told, ...], parts: Mapping[str, str]) -> Told | None:
    at = from_utc_text(parts["at"])
    return next((each for each in found if each.about == parts["about"] and each.since == at), None)


MAKERS: Mapping[str, Maker] = {MAIL: request_mail}
SETTLERS: Mapping[str, Settler] = {MAIL: settled}
