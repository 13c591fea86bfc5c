"""The person is asked for more, and it comes: who they are (Art. 12(6)), or what they mean (recital 63)."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from seloste.operations.actor import Actor
from seloste.operations.rights.model import Done, RequestError
from seloste.operations.rights.rows import add_step, log, open_one, settle_request
from seloste.operations.rights.tell import tell
from seloste.store.registers import RegisterStore


def ask(
    store: RegisterStore,
    request: int,
    about: Literal["identity", "detail"],
    *,
    text: str = "",
    already: bool = False,
    actor: Actor,
    now: dt.datetime,
) -> Done:
    """Ask, or write down that it was asked ``already``, and let the clock stand from today until the answer comes.

    A request that is late already stays late.
    """
    with store.write(now) as work:
        found = open_one(store, work, request)
        if found.waiting:
            raise RequestError(
                "Häneltä on jo kysytty. Määräaika seisoo, kunnes vastaus tulee.",
                "They have been asked already. The clock stands until the answer comes.",
            )
        add_step(work, request, f"asked_{about}", text=text)
        tell(
            store,
            work,
            request,
            found.person,
            "asked_identity" if about == "identity" else "asked_detail",
            already=already,
        )
        done = settle_request(store, work, request)
        log(work, actor, "ask_more", found.person, note=about)
    return done


def came(store: RegisterStore, request: int, *, text: str = "", actor: Actor, now: dt.datetime) -> Done:
    """What was asked for has come: the clock goes on."""
    with store.write(now) as work:
        found = open_one(store, work, request)
        if not found.waiting:
            raise RequestError("Häneltä ei ole kysytty mitään.", "Nothing has been asked of them.")
        add_step(work, request, "came", text=text, source="subject")
        done = settle_request(store, work, request)
        log(work, actor, "more_came", found.person)
    return done
