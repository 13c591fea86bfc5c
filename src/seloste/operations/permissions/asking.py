"""Enter somebody whose yes must be confirmed by e-mail: what stands without it is stored, the rest waits with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from seloste.clock import today
from seloste.operations.actor import Actor
from seloste.operations.permissions.age import check_may_consent
from seloste.operations.permissions.confirm import ONLINE_ALWAYS, ToConfirm, ask_to_confirm, keep_person, proof
from seloste.operations.permissions.wording import needs_confirming
from seloste.operations.records.collect import Collected
from seloste.operations.records.enter import Said, enter
from seloste.operations.records.model import NewRow
from seloste.store import unconfirmed
from seloste.store.registers import RegisterStore
from seloste.store.work import NotNeededError, Work


@dataclass(frozen=True, slots=True)
class Entered:
    """What was stored, None while all of it waits; and what was sent to be confirmed."""

    stored: Collected | None
    asked: tuple[ToConfirm, ...] = ()


def enter_asking(
    store: RegisterStore,
    rows: Sequence[NewRow],
    said: Sequence[Said],
    *,
    subject: str | int,
    actor: Actor,
    now: dt.datetime,
) -> Entered:
    """``enter``, where a yes that the notice has confirmed counts only when the link in the letter was opened.

    A person whom something else of the notice needs is stored at once, the letter left in the same transaction. Whom
    nothing but that consent needs waits with it for seven days. Raises what ``enter`` and ``ask_to_confirm`` raise.
    """
    purposes = store.register.purposes
    later = [
        one
        for one in said
        if one.yes and one.purpose in purposes and needs_confirming(purposes[one.purpose], one.channel)
    ]
    now_said = [one for one in said if one not in later]
    if not later:
        return Entered(enter(store, rows, said, subject=subject, actor=actor, now=now))
    proofs = [proof(store, one, now) for one in later]
    asked: list[ToConfirm] = []

    def letters(work: Work, ids: Mapping[str, int]) -> None:
        person = subject if isinstance(subject, int) else ids[subject]
        check_may_consent(store, work, person, channel=ONLINE_ALWAYS)
        unconfirmed.drop_old(work.conn, today(now))
        asked.extend(
            keep_person(store, work, person, one, values, actor) for one, values in zip(later, proofs, strict=True)
        )

    try:
        return Entered(enter(store, rows, now_said, subject=subject, actor=actor, now=now, also=letters), tuple(asked))
    except NotNeededError:
        if isinstance(subject, int):
            raise
    return Entered(
        None,
        tuple(
            ask_to_confirm(store, rows, one, subject=subject, others=now_said, actor=actor, now=now) for one in later
        ),
    )


__all__ = ["Entered", "enter_asking"]
