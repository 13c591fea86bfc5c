"""The person's own requests: what they asked, by when it is answered, what was answered; and a new one (Art. 12).

Where a guard stands on the person and they came by a link, words of a request are values like any other: whoever reads
the mail may be the one that the order of non-disclosure is against. So none is shown, and nothing is answered or taken
back. ``proven`` says that who looks was identified strongly.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace

from seloste.catalogue.model import PERSON
from seloste.operations.permissions.say import SaidReport
from seloste.operations.portal.held import is_guarded
from seloste.operations.portal.me import ACCOUNT, myself
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.rights.ask import came
from seloste.operations.rights.evidence import accepted
from seloste.operations.rights.identify import identify
from seloste.operations.rights.model import ASKED, REQUEST, Done, Request, RequestError
from seloste.operations.rights.objection import object_and_ask
from seloste.operations.rights.receive import receive
from seloste.operations.rights.rows import add_step, log, open_one, read_requests, read_rows, settle_request
from seloste.store.engine import Connection
from seloste.store.journal import Entry
from seloste.store.registers import RegisterStore

KNOWN_BY = frozenset({"own_account"})
"""How whoever asks on their own page is known, having come by a link."""
STRONG = frozenset({"strong"})
"""How they are known having been identified strongly."""
MOST_A_DAY = 10
"""Requests on one's own page within a day, cancelled ones too: each has letters, a clock and somebody who reads it."""


@dataclass(frozen=True, slots=True)
class OwnRequests:
    """Those that wait, the first due first, and those answered, the latest first. With ``guarded`` without words."""

    open: tuple[Request, ...]
    answered: tuple[Request, ...]
    guarded: bool = False


def own_requests(store: RegisterStore, person: int, *, proven: bool = False, now: dt.datetime) -> OwnRequests:
    """All requests of the person. The look is journaled as their own."""
    with store.read(now) as conn:
        found = _all_of(store, conn, person, now)
    guarded = bool(found) and is_guarded(store, person, proven=proven, now=now)
    if guarded:
        found = [_wordless(each) for each in found]
    if found:
        store.reads.queue(Entry(now, ACCOUNT, "", "look", REQUEST, (person,), ("right",), count=len(found)))
    waiting = sorted((each for each in found if each.open), key=lambda each: (each.clock.day, each.id))
    answered = sorted((each for each in found if not each.open), key=lambda each: each.answered_at or now, reverse=True)
    return OwnRequests(tuple(waiting), tuple(answered), guarded)


def _all_of(store: RegisterStore, conn: Connection, person: int, now: dt.datetime) -> list[Request]:
    ids = [row["id"] for row in read_rows(store, conn, REQUEST, PERSON, [person])]
    return read_requests(store, conn, now, ids) if ids else []


def _wordless(request: Request) -> Request:
    """What was asked and done, and when, without anybody's words."""
    steps = tuple(replace(step, text="") for step in request.steps)
    return replace(request, asked="", asked_by="", answer="", steps=steps)


def ask_own(
    store: RegisterStore,
    person: int,
    right: str,
    *,
    asked: str,
    language: str,
    proven: bool = False,
    now: dt.datetime,
) -> Done:
    """Ask for something; the month begins today.

    The link to an address on file shows who asks, except where a guard stands: then somebody identifies them first,
    unless they were identified strongly. Raises NoSuchRowError, and RequestError, also while the same is asked already:
    one clock runs for it; and past ``MOST_A_DAY``.
    """
    own = own_requests(store, person, proven=proven, now=now)
    _check_new((*own.open, *own.answered), right, now)
    return receive(
        store,
        right,
        channel="portal",
        person=person,
        evidence=_evidence(store, person, proven=proven, now=now),
        asked=asked,
        language=language,
        # A button that was pressed twice sends two at once, and neither sees the other before.
        first=lambda work: _check_new(_all_of(store, work.conn, person, now), right, now),
        actor=myself(person),
        now=now,
    )


def _check_new(found: Collection[Request], right: str, now: dt.datetime) -> None:
    """Raises RequestError where a request for the same waits, or too many were sent today."""
    if any(each.open and each.right == right for each in found):
        raise RequestError(
            "Olet jo pyytänyt tätä. Pyyntö on yllä, ja vastaamme siihen.",
            "You have asked for this already. The request is above, and we answer it.",
            "Du har redan begärt detta. Din begäran finns ovan, och vi besvarar den.",
        )
    since = now - dt.timedelta(days=1)
    lately = [each for each in found if each.channel == "portal" and each.received_at > since]
    if len(lately) >= MOST_A_DAY:
        raise RequestError(
            "Olet lähettänyt tänään monta pyyntöä. Lähetä seuraava huomenna tai ota meihin yhteyttä.",
            "You have sent many requests today. Send the next one tomorrow, or contact us.",
            "Du har skickat många begäranden i dag. Skicka nästa i morgon eller kontakta oss.",
        )


def object_own(
    store: RegisterStore,
    person: int,
    purpose: str,
    *,
    reason: str,
    asked: str,
    language: str,
    proven: bool = False,
    now: dt.datetime,
) -> SaidReport:
    """Object to a use (Art. 21(1)). What must be weighed is a request too, so that it is answered in time (Art. 12(3)).

    Where one waits already, that one holds this objection as well. ``asked``: what is objected to and why, in words.
    Raises CannotSayError, NoSuchRowError.
    """
    evidence = _evidence(store, person, proven=proven, now=now)
    return object_and_ask(
        store,
        person,
        purpose,
        asked=asked,
        reason=reason,
        channel="portal",
        language=language,
        how=accepted(evidence, now) if evidence else "",
        actor=myself(person),
        now=now,
    )


def reply_own(
    store: RegisterStore, person: int, number: int, text: str, *, proven: bool = False, now: dt.datetime
) -> Done:
    """Answer what was asked about a request of one's own; the clock goes on.

    Who somebody is, is not answered in words. Raises NoSuchRowError for a request of another or where a guard stands,
    and RequestError.
    """
    found = _own(store, person, number, proven, now)
    if asked_of(found) != "asked_detail":
        raise RequestError(
            "Tähän ei odoteta vastausta.", "No answer is waited for here.", "Inget svar väntas på detta."
        )
    if not text.strip():
        raise RequestError("Kirjoita vastauksesi.", "Write your answer.", "Skriv ditt svar.")
    return came(store, number, text=text, actor=myself(person), now=now)


def cancel_own(store: RegisterStore, person: int, number: int, *, proven: bool = False, now: dt.datetime) -> Done:
    """Take a request of one's own back while it waits for its answer. Raises NoSuchRowError, also where a guard stands,
    and RequestError.
    """
    _own(store, person, number, proven, now)
    with store.write(now) as work:
        open_one(store, work, number)
        add_step(work, number, "cancelled", source="subject")
        done = settle_request(store, work, number, {"state": "cancelled", "answered_at": now})
        log(work, myself(person), "cancel_request", person)
    return Done(done.id, "cancelled", done.due)


def mine_own(store: RegisterStore, person: int, number: int, *, proven: bool, now: dt.datetime) -> Done:
    """Say that a request in one's name is one's own: whoever was identified strongly is known by that, and it goes on.

    Raises NoSuchRowError for whoever was not, and for a request of another or one that waits for something else.
    """
    found = _own(store, person, number, proven, now)
    if not proven or not found.open or not waits_for_who(found):
        raise NoSuchRowError
    return identify(store, number, STRONG, actor=myself(person), now=now)


def waits_for_who(request: Request) -> bool:
    """Whether it is not known yet who asks; a request that waits for something else goes on waiting."""
    return asked_of(request) == "asked_identity" if request.waiting else not request.identified


def asked_of(request: Request) -> str:
    """What the person is waited for: ``asked_identity``, ``asked_detail``, or nothing."""
    asked = [step.step for step in request.steps if step.step in ASKED]
    return asked[-1] if request.waiting and asked else ""


def question(request: Request) -> str:
    """What they were asked, in the words of the staff."""
    if not request.waiting:
        return ""
    return next((step.text for step in reversed(request.steps) if step.step in ASKED), "")


def _own(store: RegisterStore, person: int, number: int, proven: bool, now: dt.datetime) -> Request:
    """The person's request of that number; another's looks as if it were not there. Raises NoSuchRowError."""
    with store.read(now) as conn:
        found = next((each for each in read_requests(store, conn, now, [number]) if each.person == person), None)
    if found is None or is_guarded(store, person, proven=proven, now=now):
        raise NoSuchRowError
    return found


def _evidence(store: RegisterStore, person: int, *, proven: bool, now: dt.datetime) -> frozenset[str]:
    if proven:
        return STRONG
    return frozenset() if is_guarded(store, person, now=now) else KNOWN_BY
