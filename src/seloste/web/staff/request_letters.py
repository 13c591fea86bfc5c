"""What a person was told of a request, and whether it reached them; what did not is somebody's to print and deliver."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from seloste.operations.rights.model import LETTER, Request
from seloste.operations.rights.paper import LINES, address_for_paper
from seloste.operations.rights.tell import Told
from seloste.web.parts import Field
from seloste.web.present import Presenter
from seloste.web.staff.requests import option


@dataclass(frozen=True, slots=True)
class Message:
    """One message. ``task``: the forms to print, deliver and send it again stand with it."""

    id: int
    text: str
    state: str
    failed: bool
    task: bool
    again: bool
    address: Field | None


def letters(show: Presenter, found: Request, told: tuple[Told, ...]) -> Iterator[Message]:
    """All of them, those that somebody must see to first."""
    known = address_for_paper(show.store, found, now=show.now) if any(each.task for each in told) else ""
    for each in sorted(told, key=lambda one: not one.task):
        text = option(show, LETTER, "about", each.about)
        field = Field(
            name="to", label=show.t("letters.to"), widget="textarea", lines=LINES - 2, hint=show.t("letters.to_hint"),
            optional=True, shown=(known,),
        )  # fmt: skip
        yield Message(
            id=each.id,
            text=text[:1].upper() + text[1:],
            state=_state(show, each),
            failed=each.state == "failed",
            task=each.task,
            again=show.store.leave is not None and _again(each),
            address=field if each.task else None,
        )


def _again(each: Told) -> bool:
    """What failed, and an answer whose link was used or is too old."""
    return each.state == "failed" or (each.state == "sent" and each.way == "email" and each.about == "answered")


def _state(show: Presenter, each: Told) -> str:
    t, date = show.t, show.f.date(each.sent_at or each.failed_at or each.since)
    if each.state == "sent":
        return t("letters.sent" if each.way == "email" else "letters.delivered", date=date)
    if each.state == "failed":
        return t("letters.failed", date=date, why=option(show, LETTER, "why_not", each.why_not))
    return t("letters.waiting" if each.state == "waiting" else "letters.by_hand")


def answer_hint(show: Presenter, told: tuple[Told, ...]) -> str:
    """How the answer reaches the person."""
    last = next((each for each in told if each.about in ("answered", "refused")), None)
    if last is None or last.state in ("by_hand", "failed"):
        return show.t("requests.answer_hint")
    if last.way == "hand":
        return ""
    return show.t("letters.refused_mailed" if last.about == "refused" else "letters.answer_waits")
