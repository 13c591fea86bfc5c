"""Access is given: looked at first, then given out as files, and the request closed by it (Art. 15)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from seloste.operations.actor import Actor
from seloste.operations.rights.answer import close, need_identity
from seloste.operations.rights.gather import Own, Place, gather
from seloste.operations.rights.letter import as_html, as_pdf, plain_letter, refusal_of
from seloste.operations.rights.letter_access import access_letter
from seloste.operations.rights.machine import as_json
from seloste.operations.rights.model import REQUEST, Done, Request, RequestError
from seloste.operations.rights.rows import log, one, open_one, read_rows
from seloste.operations.rights.say import Voice
from seloste.store.registers import RegisterStore
from seloste.store.work import Work

Form = Literal["html", "pdf", "json"]
FORMS: tuple[Form, ...] = ("html", "pdf", "json")
MEDIA = {"html": "text/html; charset=utf-8", "pdf": "application/pdf", "json": "application/json"}


@dataclass(frozen=True, slots=True)
class CopyFile:
    """One file of the answer. ``name`` tells the register and the request, nobody's name."""

    name: str
    media: str
    body: bytes


def preview(store: RegisterStore, request: int, *, actor: Actor, now: dt.datetime) -> Own:
    """What the person would be told, for whoever decides. Raises NoSuchRowError, RequestError."""
    store.reads.flush()
    with store.write(now) as work:
        found = one(store, work.conn, request, now)
        need_identity(found)
        own = gather(store, work.conn, found.person, now=now)
        log(work, actor, "look", found.person, note="copy", count=own.cells)
    return own


def give_access(
    store: RegisterStore,
    request: int,
    *,
    leave_out: Collection[Place] = (),
    reason: str = "",
    text: str = "",
    actor: Actor,
    now: dt.datetime,
) -> Done:
    """Decide and carry out at once. Cells that are others' too may be left out, with the reason (Art. 15(4)).

    Raises RequestError for one that is the person's alone: nothing else is left out.
    """
    with store.write(now) as work:
        found = open_one(store, work, request)
        need_identity(found)
        own = gather(store, work.conn, found.person, now=now)
        _only_contested(own, leave_out)
        if leave_out:
            codes = [".".join(map(str, place)) for place in own.contested if place in set(leave_out)]
            work.update(REQUEST, request, {"left_out": codes})
        outcome: Literal["done", "partly_done"] = "partly_done" if leave_out else "done"
        return close(store, work, found, outcome, text=text, reason=reason, actor=actor)


def copy_file(
    store: RegisterStore,
    request: int,
    form: Form,
    *,
    lang: str,
    to: Sequence[str] = (),
    actor: Actor,
    now: dt.datetime,
) -> CopyFile:
    """The answer as one file, journaled before it is given out. What was left out stays out.

    ``to``: lines of an address for the envelope of what is printed.
    """
    store.reads.flush()
    with store.write(now) as work:
        found = one(store, work.conn, request, now)
        own: Own | None = None
        if form == "json" or (found.right == "access" and found.state not in ("refused", "cancelled")):
            if found.open:
                need_identity(found)
            own = gather(store, work.conn, found.person, now=now).without(_left_out(store, work, found))
        log(work, actor, "take_copy", found.person, note=form, count=own.cells if own is not None else 1)
    return _file(store, found, own, form, lang, to, now)


def _file(
    store: RegisterStore, found: Request, own: Own | None, form: Form, lang: str, to: Sequence[str], now: dt.datetime
) -> CopyFile:
    name = f"{store.register.notice.register}_{found.id}.{form}"
    if form == "json" and own is not None:
        return CopyFile(name, MEDIA[form], as_json(store.register, own).encode())
    voice = Voice(store.register, found.language or lang)
    if own is not None:
        document = access_letter(voice, found, own, reason=" ".join(refusal_of(found)), now=now)
    else:
        document = plain_letter(voice, found, now=now)
    body = as_html(document).encode() if form == "html" else as_pdf(document, now=now, to=to)
    return CopyFile(name, MEDIA[form], body)


def _only_contested(own: Own, leave_out: Collection[Place]) -> None:
    if not set(leave_out) <= set(own.contested):
        raise RequestError(
            "Pois voi jättää vain tietoja, jotka kertovat myös toisesta ihmisestä.",
            "Only what is about another person too can be left out.",
        )


def _left_out(store: RegisterStore, work: Work, found: Request) -> set[Place]:
    rows = read_rows(store, work.conn, REQUEST, "id", [found.id])
    places: set[Place] = set()
    for code in rows[0].get("left_out", ()):
        kind, number, item = code.split(".", 2)
        places.add((kind, int(number), item))
    return places
