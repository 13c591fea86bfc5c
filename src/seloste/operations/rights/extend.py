"""The deadline is extended by two months: in time, with reasons, or not at all (Art. 12(3))."""

from __future__ import annotations

import datetime as dt

from seloste.operations.actor import Actor
from seloste.operations.rights.model import Done, RequestError
from seloste.operations.rights.rows import add_step, log, open_one, settle_request
from seloste.operations.rights.tell import tell
from seloste.store.registers import RegisterStore


def extend(
    store: RegisterStore, request: int, *, reason: str, already: bool = False, actor: Actor, now: dt.datetime
) -> Done:
    """Three months from receipt, once; the person is told the reasons today, or was ``already``.

    Raises RequestError when it is late.
    """
    if not reason.strip():
        raise RequestError(
            "Kirjoita, miksi vastaus vie kauemmin. Syy kerrotaan hänelle.",
            "Write why the answer takes longer. They are told the reason.",
        )
    with store.write(now) as work:
        found = open_one(store, work, request)
        if found.clock.extended:
            raise RequestError("Määräaikaa on jo jatkettu kerran.", "The deadline has been extended once already.")
        if found.clock.overdue:
            raise RequestError(
                "Määräaika on mennyt, joten sitä ei voi enää jatkaa. Vastaa heti.",
                "The deadline has passed, so it cannot be extended any more. Answer at once.",
            )
        add_step(work, request, "extended", text=reason)
        tell(store, work, request, found.person, "extended", already=already)
        done = settle_request(store, work, request)
        log(work, actor, "extend", found.person)
    return done
