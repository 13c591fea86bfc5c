"""A request is answered: done, done in part, or refused with reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Literal

from seloste.operations.actor import Actor
from seloste.operations.rights.model import Done, Request, RequestError
from seloste.operations.rights.rows import add_step, entry, open_one, settle_request
from seloste.operations.rights.tell import tell
from seloste.store.journal import Entry
from seloste.store.registers import RegisterStore
from seloste.store.work import Work

Outcome = Literal["done", "partly_done", "refused"]


def answer(
    store: RegisterStore,
    request: int,
    outcome: Outcome,
    *,
    text: str = "",
    reason: str = "",
    actor: Actor,
    now: dt.datetime,
) -> Done:
    """Close a request with what the person is told. Late or not, it is answered.

    Whatever is not done, whole or in part, needs its ``reason``: the letter tells it with the complaint and the court
    (Art. 12(4)). Nothing is done for somebody whose identity is not known. Raises RequestError.
    """
    with store.write(now) as work:
        found = open_one(store, work, request)
        return close(store, work, found, outcome, text=text, reason=reason, actor=actor)


def refuse(store: RegisterStore, request: int, *, reason: str, actor: Actor, now: dt.datetime) -> Done:
    """Refuse with reasons (Art. 12(4)); also when what would have shown who asks never came (Art. 11(2))."""
    return answer(store, request, "refused", reason=reason, actor=actor, now=now)


def close(
    store: RegisterStore,
    work: Work,
    found: Request,
    outcome: Outcome,
    *,
    text: str,
    reason: str,
    quiet: bool = False,
    beside: Sequence[Entry] = (),
    actor: Actor,
) -> Done:
    """The same inside the transaction of what was done for the person; ``quiet``: they are told by another answer.

    ``found`` is the request as it was read in that transaction. ``beside``: entries of the journal, after that of the
    answer.
    """
    if outcome != "done" and not reason.strip():
        raise RequestError(
            "Kirjoita, miksi pyyntöä ei toteuteta kokonaan. Syy kerrotaan hänelle.",
            "Write why not all of it is done. They are told the reason.",
        )
    if outcome != "refused":
        need_identity(found)
    values: dict[str, Any] = {"state": outcome, "answered_at": work.now, "answer": text.strip() or None}
    told: Literal["refused", "answered"] = "refused" if outcome == "refused" else "answered"
    add_step(work, found.id, told, text=reason)
    if not quiet:
        tell(store, work, found.id, found.person, told)
    done = settle_request(store, work, found.id, values, found=found)
    verb = "refuse_request" if outcome == "refused" else "answer"
    work.journal.add(entry(work, actor, verb, found.person, note=found.right), *beside)
    return Done(done.id, outcome, done.due)


def need_identity(found: Request) -> None:
    """Raises RequestError while it is not known who asks."""
    if not found.identified:
        raise RequestError(
            "Ei vielä tiedetä, kuka pyytää. Tunnista hänet tai kysy lisätietoa ensin.",
            "It is not known yet who asks. Identify them or ask for more first.",
        )
