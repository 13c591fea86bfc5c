"""Access is given: looked at first, then given out as files, and the request closed by it (Art. 15)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from seloste.notice.render.model import Document
from seloste.operations.actor import Actor
from seloste.operations.retention.sweep import taken_back
from seloste.operations.rights.answer import close, need_identity
from seloste.operations.rights.gather import Own, Place, gather
from seloste.operations.rights.letter import as_html, as_pdf, plain_letter, refusal_of, with_register
from seloste.operations.rights.letter_access import access_letter
from seloste.operations.rights.machine import as_json, as_mapping
from seloste.operations.rights.model import REQUEST, Done, Request, RequestError
from seloste.operations.rights.rows import log, one, open_one, read_rows
from seloste.operations.rights.say import Voice
from seloste.store.registers import RegisterStore
from seloste.store.work import Work

Form = Literal["html", "pdf", "json"]
FORMS: tuple[Form, ...] = ("html", "pdf", "json")
GIVEN = ("done", "partly_done")
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
    quiet: bool = False,
    actor: Actor,
    now: dt.datetime,
) -> Done:
    """Decide and carry out at once. Cells that are others' too may be left out, with the reason (Art. 15(4)).

    Raises RequestError for one that is the person's alone: nothing else is left out.
    """
    with store.write(now) as work:
        return _give(store, work, request, leave_out, reason, text, quiet, actor)


def rehearse_access(
    store: RegisterStore, request: int, *, leave_out: Collection[Place], reason: str, actor: Actor, now: dt.datetime
) -> None:
    """See that access can be given so; nothing of it stays. Raises what :func:`give_access` would."""
    with taken_back(store, now) as work:
        _give(store, work, request, leave_out, reason, "", True, actor)


def _give(
    store: RegisterStore,
    work: Work,
    request: int,
    leave_out: Collection[Place],
    reason: str,
    text: str,
    quiet: bool,
    actor: Actor,
) -> Done:
    found = open_one(store, work, request)
    need_identity(found)
    own = gather(store, work.conn, found.person, now=work.now)
    _only_contested(own, leave_out)
    if leave_out:
        codes = [".".join(map(str, place)) for place in own.contested if place in set(leave_out)]
        work.update(REQUEST, request, {"left_out": codes})
    outcome: Literal["done", "partly_done"] = "partly_done" if leave_out else "done"
    return close(store, work, found, outcome, text=text, reason=reason, quiet=quiet, actor=actor)


def copy_file(
    store: RegisterStore,
    request: int,
    form: Form,
    *,
    lang: str,
    to: Sequence[str] = (),
    beside: Sequence[tuple[RegisterStore, int]] = (),
    actor: Actor,
    now: dt.datetime,
) -> CopyFile:
    """The answer as one file, journaled before it is given out. What was left out stays out.

    ``to``: lines of an address for the envelope of what is printed. ``beside``: the same request in other registers of
    the controller, whose part of the answer goes along where it was given; before this one is, also what is to be.
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
    part = Part(store, found, own)
    parts = [_part(other, number, found, actor, now) for other, number in beside if own is not None]
    return _file(part, [each for each in parts if each is not None], form, lang, to, now)


@dataclass(frozen=True, slots=True)
class Part:
    """What one register answers. ``own`` is None where the answer is no copy."""

    store: RegisterStore
    found: Request
    own: Own | None


def _part(store: RegisterStore, request: int, main: Request, actor: Actor, now: dt.datetime) -> Part | None:
    """Of the answer in another register, journaled there. None for what it has not given, though it is given here:
    somebody has yet to read there what is another's too, or the register has refused.
    """
    store.reads.flush()
    with store.write(now) as work:
        found = one(store, work.conn, request, now)
        if found.state not in GIVEN and not (found.open and main.open):
            return None
        need_identity(found)
        own = gather(store, work.conn, found.person, now=now).without(_left_out(store, work, found))
        log(work, actor, "take_copy", found.person, note="together", count=own.cells)
    return Part(store, found, own)


def _file(main: Part, beside: Sequence[Part], form: Form, lang: str, to: Sequence[str], now: dt.datetime) -> CopyFile:
    found, own = main.found, main.own
    register = main.store.register
    name = f"{register.notice.register}_{found.id}.{form}"
    if form == "json" and own is not None:
        several = {each.store.register.notice.register: as_mapping(each.store.register, each.own)
                   for each in (main, *beside) if each.own is not None}  # fmt: skip
        body = json.dumps({"registers": several}, ensure_ascii=False, indent=2) if beside else as_json(register, own)
        return CopyFile(name, MEDIA[form], body.encode())
    document = _letter(main, lang, now)
    for each in beside:
        document = with_register(document, _letter(each, lang, now), Voice(each.store.register, document.lang))
    if form == "html":
        return CopyFile(name, MEDIA[form], as_html(document).encode())
    return CopyFile(name, MEDIA[form], as_pdf(document, now=now, to=to))


def _letter(part: Part, lang: str, now: dt.datetime) -> Document:
    voice = Voice(part.store.register, part.found.language or lang)
    if part.own is None:
        return plain_letter(voice, part.found, now=now)
    return access_letter(voice, part.found, part.own, reason=" ".join(refusal_of(part.found)), now=now)


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
