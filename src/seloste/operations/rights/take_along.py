"""Portability: what the person provided and consent or contract holds, for machines (Art. 20)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from seloste.catalogue.load import vocabulary
from seloste.compiler.register import Register
from seloste.law.rights import right
from seloste.operations.actor import Actor
from seloste.operations.rights.answer import close, need_identity
from seloste.operations.rights.gather import Own, OwnCell, gather
from seloste.operations.rights.give_access import CopyFile
from seloste.operations.rights.machine import as_zip
from seloste.operations.rights.model import Done
from seloste.operations.rights.rows import log, one, open_one
from seloste.operations.rights.say import Voice
from seloste.store.registers import RegisterStore


def portable(register: Register, own: Own) -> Own:
    """The part that a person may take along: held by consent or contract with them (or by what the notice promises
    beyond that), and provided by them, typed or left by using a service; never what we noted or computed ourselves.
    """
    rows = (row.having(cell for cell in row.cells if _portable(register, cell)) for row in own.rows)
    return replace(own, rows=tuple(row for row in rows if row.values), looks=())


def _portable(register: Register, cell: OwnCell) -> bool:
    if cell.shared or not _provided(register, cell.why.source):
        return False
    promised = register.notice.gives_more.get("portability")
    more = promised if isinstance(promised, list | tuple) else ()
    needed = (register.purposes[each.purpose] for each in cell.why.reasons if each.needed)
    return any(purpose.basis in ("consent", "contract") or purpose.key in more for purpose in needed)


def _provided(register: Register, source: str) -> bool:
    known = register.notice.sources.get(source)
    made = vocabulary(register.notice.vocabulary).sources.get(source, {}).get("made", False)
    return known is not None and not known.art14 and not made


def give_portable(store: RegisterStore, request: int, *, text: str = "", actor: Actor, now: dt.datetime) -> Done:
    """Close the request: done, or refused with the reason for each basis when there is nothing to take along.

    It erases nothing (Art. 20(3)).
    """
    with store.write(now) as work:
        found = open_one(store, work, request)
        need_identity(found)
        own = gather(store, work.conn, found.person, now=now)
        voice = Voice(store.register, found.language)
        if (mine := portable(store.register, own)).rows:
            told = voice.say("done.portable", count=voice.count("count", mine.cells))
            text = "\n".join(filter(None, (text.strip(), told)))
            return close(store, work, found, "done", text=text, reason="", actor=actor)
        reason = "\n".join(refusals(store.register, own, voice))
        return close(store, work, found, "refused", text=text, reason=reason, actor=actor)


def refusals(register: Register, own: Own, voice: Voice) -> list[str]:
    """Why nothing can be taken along, by the matrix of the law; and that a copy can be had."""
    bases = dict.fromkeys(register.purposes[key].basis for key in own.purposes())
    why = (right("portability", basis) for basis in bases)
    lines = dict.fromkeys(f"{voice.t.pick(each.why)} ({each.why_article})" for each in why if each.why)
    return [*lines, voice.say("refused.copy_instead")]


def portable_file(store: RegisterStore, request: int, *, actor: Actor, now: dt.datetime) -> CopyFile:
    """The archive of JSON, CSV and their schema, journaled before it is given out."""
    with store.write(now) as work:
        found = one(store, work.conn, request, now)
        if found.open:
            need_identity(found)
        own = portable(store.register, gather(store, work.conn, found.person, now=now))
        log(work, actor, "take_copy", found.person, note="portable", count=own.cells)
    name = f"{store.register.notice.register}_{request}.zip"
    return CopyFile(name, "application/zip", as_zip(store.register, own))
