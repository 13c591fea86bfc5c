"""What a person is told, on paper: the message or the answer, behind a page for the window of an envelope."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from seloste.catalogue.model import PERSON
from seloste.notice.ways import references
from seloste.operations.actor import Actor
from seloste.operations.disclosures.outside import guarded_of
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.rights.give_access import CopyFile, copy_file
from seloste.operations.rights.letter import as_pdf, message_letter
from seloste.operations.rights.mails import mail_text
from seloste.operations.rights.model import Request
from seloste.operations.rights.read import names_of
from seloste.operations.rights.rows import log, one, read_rows
from seloste.operations.rights.say import Voice
from seloste.operations.rights.tell import told_of
from seloste.store.registers import RegisterStore

LINES = 6
"""Lines of an address that fit the window of an envelope."""


def paper(
    store: RegisterStore,
    request: int,
    message: int,
    *,
    to: str,
    lang: str,
    beside: Sequence[tuple[RegisterStore, int]] = (),
    actor: Actor,
    now: dt.datetime,
) -> CopyFile:
    """A message as PDF, journaled before it is given out; ``to`` is the address as it was typed, and is not kept.

    An answer is the whole letter with its copy. Raises NoSuchRowError.
    """
    lines = tuple(line.strip() for line in to.splitlines() if line.strip())[:LINES]
    with store.read(now) as conn:
        found = one(store, conn, request, now)
        told = next((each for each in told_of(store, conn, request) if each.id == message), None)
    if told is None:
        raise NoSuchRowError
    if told.about in ("answered", "refused"):
        return copy_file(store, request, "pdf", lang=lang, to=lines, beside=beside, actor=actor, now=now)
    subject, text = mail_text(store, found, told.about, "")
    document = message_letter(Voice(store.register, found.language or lang), found, subject, text, now=now)
    with store.write(now) as work:
        log(work, actor, "take_copy", found.person, note="message")
    name = f"{store.register.notice.register}_{request}_{message}.pdf"
    return CopyFile(name, "application/pdf", as_pdf(document, now=now, to=lines))


def address_for_paper(store: RegisterStore, found: Request, *, now: dt.datetime) -> str:
    """Where paper may go, as lines to be looked over: the person's name and a postal address of theirs, or what they
    said of themselves when they asked. Where a guard stands on the person the address is left out: it is opened with a
    reason, and stands in no form.
    """
    with store.read(now) as conn:
        name = names_of(store, conn, [found.person]).get(found.person, "")
        known = {} if guarded_of(store, conn, [found.person]) else store.register.tables
        for key, table in known.items():
            code = next((item for item, one in table.kind.items.items() if one.type == "postal_code"), None)
            if code is None or not any(each.target == PERSON for each in references(table.kind)):
                continue
            for row in read_rows(store, conn, key, PERSON, [found.person]):
                parts = {item: str(row[item]) for item, one in table.kind.items.items()
                         if item in row and one.type in ("text", "postal_code") and not one.sensitive}  # fmt: skip
                if code in parts:
                    return "\n".join(part for part in (name, *_lines(parts, code)) if part)
    said = [part.strip() for part in found.asked_by.replace("\n", ",").split(",") if part.strip()]
    return "\n".join(said) if said else name


def _lines(parts: dict[str, str], code: str) -> list[str]:
    """The items of an address as one writes it: what comes after the postal code stands on its line."""
    names = list(parts)
    at = names.index(code)
    return [*(parts[name] for name in names[:at]), " ".join(parts[name] for name in names[at : at + 2])]
