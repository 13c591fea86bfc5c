"""A correction that was asked for: what has been corrected since, and the answer that says so (Art. 16, 19)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from seloste.catalogue.model import PERSON, Kind
from seloste.notice.model import Ref
from seloste.notice.ways import references, told_by
from seloste.operations.actor import Actor
from seloste.operations.rights.answer import close, need_identity
from seloste.operations.rights.gather import gather
from seloste.operations.rights.model import Done, Request, RequestError
from seloste.operations.rights.recipients import add_notices, who_received
from seloste.operations.rights.rows import add_step, log, one, open_one
from seloste.operations.rights.say import Voice
from seloste.store.engine import Connection
from seloste.store.journal_pages import deeds_on
from seloste.store.registers import RegisterStore


def corrected(store: RegisterStore, request: int, *, now: dt.datetime) -> tuple[Ref, ...]:
    """What was corrected or completed since the request arrived, as the journal tells; each once.

    Items that were changed, and kinds (with no item) of which a row was added that only says more of the person.
    """
    with store.read(now) as conn:
        return _changed(store, conn, one(store, conn, request, now))


def carry_out_correction(store: RegisterStore, request: int, *, text: str = "", actor: Actor, now: dt.datetime) -> Done:
    """The cells have been corrected on their own pages; close the request and tell who received them (Art. 19).

    Where nothing has been, ``text`` is why, and the request is refused with it (Art. 12(4)). Raises RequestError.
    """
    with store.write(now) as work:
        found = open_one(store, work, request)
        need_identity(found)
        changed = _changed(store, work.conn, found)
        if not changed:
            if not text.strip():
                raise RequestError(
                    "Mitään ei ole korjattu pyynnön tulon jälkeen. Korjaa tiedot ensin, tai kirjoita, miksi mitään ei"
                    " tarvitse korjata. Syy kerrotaan hänelle.",
                    "Nothing has been corrected since the request arrived. Correct the data first, or write why nothing"
                    " needs correcting. They are told the reason.",
                )
            return close(store, work, found, "refused", text="", reason=text, actor=actor)
        voice = Voice(store.register, found.language)
        who = add_notices(work, request, who_received(voice, gather(store, work.conn, found.person, now=now)))
        add_step(work, request, "executed")
        log(work, actor, "correct", found.person)
        told = [text.strip()]
        for key, which in (("corrected", True), ("completed", False)):
            if refs := [ref for ref in changed if bool(ref.item) is which]:
                told.append(voice.say(f"done.{key}", items=named(voice, refs)))
        told += [voice.say("done.corrected_told", who=voice.t.w.listed(who))] if who else []
        return close(store, work, found, "done", text="\n".join(filter(None, told)), reason="", actor=actor)


def named(voice: Voice, items: Sequence[Ref]) -> str:
    """Items in a line, those of other kinds with the kind: *e-mail, time (visit)*; of no item the kind alone."""
    ordered = sorted(items, key=lambda ref: ref.kind != PERSON)
    return voice.t.w.listed(voice.t.w.low(_name(voice, ref)) for ref in ordered)


def _name(voice: Voice, ref: Ref) -> str:
    if ref.kind == PERSON:
        return voice.label(PERSON, ref.item)
    if not ref.item:
        return voice.singular(ref.kind)
    return f"{voice.label(ref.kind, ref.item)} ({voice.t.w.low(voice.singular(ref.kind))})"


def _changed(store: RegisterStore, conn: Connection, found: Request) -> tuple[Ref, ...]:
    tables = store.register.tables
    deeds = [
        deed
        for deed in deeds_on(conn, found.person, ("change", "store"))
        if deed.at >= found.received_at and deed.kind in tables
    ]
    changed = dict.fromkeys(
        Ref(deed.kind, item)
        for deed in deeds
        if deed.verb == "change"
        for item in deed.items
        if item in tables[deed.kind].kind.items or item in tables
    )
    added = (deed.kind for deed in deeds if deed.verb == "store" and _completes(tables[deed.kind].kind))
    return (*changed, *dict.fromkeys(Ref(kind, "") for kind in added))


def _completes(kind: Kind) -> bool:
    """Whether a row of a kind only says more of a person, as an address does; an order tells of what happened."""
    own = any(each.target == PERSON for each in references(kind))
    return own and not (kind.built_in or kind.tie) and told_by(kind) is None


__all__ = ["carry_out_correction", "corrected", "named"]
