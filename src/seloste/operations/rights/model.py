"""A request as the rows of the built-in kinds tell it: what was asked, what was done, how long there is left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from seloste.clock import today
from seloste.errors import SelosteError
from seloste.operations.rights.clock import Clock, Pause, clock

REQUEST, STEP, NOTICE, LETTER = "rights_request", "request_step", "recipient_notice", "request_letter"

State = Literal["received", "waiting", "extended", "done", "partly_done", "refused", "cancelled"]
ANSWERED: tuple[State, ...] = ("done", "partly_done", "refused", "cancelled")

ASKED = ("asked_identity", "asked_detail")
"""Steps that stop the clock until ``came``."""

IN_MATRIX: Mapping[str, str] = {
    "access": "access",
    "rectification": "rectify",
    "erasure": "erase",
    "restriction": "restrict",
    "portability": "portability",
    "objection": "object",
    "human_review": "no_automated_decision",
    "withdrawal": "withdraw",
}
"""What may be asked -> the right in the matrix of the law."""


class RequestError(SelosteError):
    """That cannot be done to this request now: why, and what to do instead."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done about a request."""

    id: int
    step: str
    at: dt.datetime
    how: str
    text: str


@dataclass(frozen=True, slots=True)
class Request:
    """One request. ``identified`` says how the person was known, empty when that is not known yet."""

    id: int
    person: int
    right: str
    received_at: dt.datetime
    channel: str
    language: str
    asked: str
    asked_by: str
    state: State
    answer: str
    answered_at: dt.datetime | None
    identified: str
    steps: tuple[Step, ...]
    clock: Clock
    together: tuple[str, ...] = ()
    """The same request in other registers of the controller, as ``register:number``."""

    @property
    def open(self) -> bool:
        return self.answered_at is None

    @property
    def unasked(self) -> bool:
        """Whether nobody asked, in any way: it was written down so that recipients are told (``rights.unasked``)."""
        return not (self.channel or self.asked)

    @property
    def waiting(self) -> bool:
        """Whether something was asked of the person and has not come."""
        return self.state == "waiting"


@dataclass(frozen=True, slots=True)
class Done:
    """What an operation on a request did: the request, its state and last day after it."""

    id: int
    state: State
    due: dt.date | None


def build(row: Mapping[str, Any], steps: Sequence[Step], now: dt.datetime) -> Request:
    """A request of its row and steps, as it stands at ``now``. ``row`` holds values by item, and id and person."""
    ordered = tuple(sorted(steps, key=lambda step: (step.at, step.id)))
    answered: dt.datetime | None = row.get("answered_at")
    received: dt.datetime = row.get("received_at") or now
    extensions = [step.at for step in ordered if step.step == "extended"]
    counted = clock(
        today(received),
        pauses(ordered),
        extended_on=today(extensions[0]) if extensions else None,
        answered_on=today(answered) if answered else None,
        day=today(now),
    )
    known = [step.how for step in ordered if step.step == "identified"]
    return Request(
        id=row["id"],
        person=row["person"],
        right=row.get("right") or "access",
        received_at=received,
        channel=row.get("channel") or "",
        language=row.get("language") or "",
        asked=row.get("asked") or "",
        asked_by=row.get("asked_by") or "",
        state=_state(row.get("state"), answered, counted, ordered),
        answer=row.get("answer") or "",
        answered_at=answered,
        identified=known[-1] if known else "",
        steps=ordered,
        clock=counted,
        together=tuple(row.get("together", ())),
    )


def parts_of(together: Collection[str]) -> tuple[tuple[str, int], ...]:
    """(register, request) of each part."""
    return tuple((key, int(number)) for key, _, number in (code.rpartition(":") for code in together))


def pauses(steps: Sequence[Step]) -> tuple[Pause, ...]:
    """The spans in which the person was waited for; being identified ends one as what was asked for does."""
    found: list[Pause] = []
    for step in steps:
        if step.step in ASKED and (not found or found[-1].until is not None):
            found.append(Pause(today(step.at), None))
        elif step.step in ("came", "identified") and found and found[-1].until is None:
            found[-1] = Pause(found[-1].since, today(step.at))
    return tuple(found)


def _state(written: str | None, answered: dt.datetime | None, counted: Clock, steps: Sequence[Step]) -> State:
    if answered is not None:
        return next((state for state in ANSWERED if state == written), "done")
    spans = pauses(steps)
    if spans and spans[-1].until is None:
        return "waiting"
    return "extended" if counted.extended else "received"
