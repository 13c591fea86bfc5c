"""May a person be contacted? For each marketing purpose, channel and sender: yes, no or ask, with the reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

from seloste.catalogue.model import PERSON, Text
from seloste.clock import from_utc_text, today
from seloste.compiler.audience import asks, companies, senders
from seloste.law.marketing import (
    NO_CONSENT,
    Channel,
    Consent,
    ContactFacts,
    Decision,
    RecipientKind,
    may_contact,
    rows,
)
from seloste.notice.model import Purpose
from seloste.operations.actor import Actor
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.records.read import visible_ids
from seloste.store.engine import Connection, quote
from seloste.store.masks import Said, objections, read_said, standing_grants, stands
from seloste.store.registers import RegisterStore

Answer = Literal["yes", "no", "ask"]

CHUNK = 500


@dataclass(frozen=True, slots=True)
class ContactAnswer:
    """Whether a purpose may reach a person by a channel. ``ask``: only a consent that nobody has asked for lacks."""

    purpose: str
    text: Text
    channel: str
    answer: Answer
    reason: Text
    since: dt.datetime | None
    """When the ban was set or the consent given."""
    sender: str = ""
    """Whose marketing it is: a partner or a company of the group by name; empty for the controller's own."""
    rule: str = ""
    """The row of the dated table that gives the reason."""
    ban: str = ""
    """What the ban is on that stands against it: the channel, or ``all``; empty when none does."""
    ban_id: int = 0
    """That ban, which may be lifted; 0 when none stands."""


def contact_answers(store: RegisterStore, person: int, *, actor: Actor, now: dt.datetime) -> tuple[ContactAnswer, ...]:
    """Every marketing purpose of the lens and each of its channels, by the dated table of ``law/``.

    Raises NoSuchRowError for a person the lens does not show.
    """
    found = contacts(store, [person], actor=actor, now=now)
    if person not in found:
        raise NoSuchRowError
    return found[person]


def contacts(
    store: RegisterStore, persons: Sequence[int], *, group: bool = False, actor: Actor, now: dt.datetime
) -> dict[int, tuple[ContactAnswer, ...]]:
    """The same for many; persons the lens does not show are left out.

    A purpose that asks for each recipient has an answer for each; the companies of the group only with ``group``.
    """
    lens = store.register.lenses.get(actor.lens)
    if lens is None or not lens.sees(PERSON) or not persons:
        return {}
    shown = visible_ids(store, actor.lens, PERSON, set(persons), now, actor.person)
    known = store.register.purposes
    marketing = [known[key] for key in lens.purposes if key in known and known[key].nature == "marketing"]
    if not marketing:
        return dict.fromkeys(shown, ())
    day = today(now)
    with store.read(now) as conn:
        said = read_said(conn, store.register, PERSON, sorted(shown))
        acting = _recipients(conn, store, sorted(shown), day)
    asked = [
        (purpose, channel, sender)
        for purpose in marketing
        for channel in channels(purpose)
        for sender in senders(store.register, purpose, group=group)
    ]
    own = store.register.notice.controller.name
    return {
        person: tuple(
            _answer(*one, said.get(person, Said()), own, day, acting.get(person, ("person", False))) for one in asked
        )
        for person in shown
    }


def channels(purpose: Purpose) -> tuple[str, ...]:
    """The channels by which a purpose reaches people."""
    return tuple(purpose.channels or {"email": "consent"})


def _recipients(
    conn: Connection, store: RegisterStore, persons: Sequence[int], day: dt.date
) -> dict[int, tuple[RecipientKind, bool]]:
    """As whom those persons are reached who have or had a tie to something with a business id (s. 202).

    (kind of recipient, whether they have left every company). A sole trader is a natural person.
    """
    found: dict[int, tuple[RecipientKind, bool]] = {}
    for start in range(0, len(persons), CHUNK):
        params: dict[str, object] = {f"i{n}": each for n, each in enumerate(persons[start : start + CHUNK])}
        names = ", ".join(":" + name for name in params)
        for tie, end, last in companies(store.register).ties:
            over = f"{quote(last)} IS NOT NULL AND {quote(last)} <= :day" if last else "1 = 0"
            sql = (
                f"SELECT {quote(PERSON)}, min(CASE WHEN {over} THEN 1 ELSE 0 END) FROM {quote(tie)}"
                f" WHERE {quote(PERSON)} IN ({names}) AND {quote(end)} IS NOT NULL GROUP BY {quote(PERSON)}"
            )
            # SQLite takes no parameter that a statement does not name.
            given = params | ({"day": day.isoformat()} if last else {})
            for person, left in conn.execute(sql, given):
                works = not left or found.get(person, ("person", True))[0] == "work_address"
                found[int(person)] = ("work_address", False) if works else ("person", True)
        for firm, owner in companies(store.register).traders:
            sql = f"SELECT DISTINCT {quote(owner)} FROM {quote(firm)} WHERE {quote(owner)} IN ({names})"
            for (person,) in conn.execute(sql, params):
                found[int(person)] = ("sole_trader", False)
    return found


def _answer(
    purpose: Purpose,
    channel: str,
    sender: str,
    said: Said,
    own: str,
    on: dt.date,
    reached: tuple[RecipientKind, bool],
) -> ContactAnswer:
    day = on.isoformat()
    banned = [
        event
        for event in said.events["ban"]
        if event["lifted_at"] is None
        and event["channel"] in (channel, "all")
        and event["purpose"] in (None, purpose.key)
        and event["sender"] in (None, sender or own)
    ]
    partner = bool(sender) or purpose.per == "recipient"
    named = (sender,) if purpose.per == "recipient" else (None, sender or own)
    asked = asks(purpose, channel)
    standing = [each for each in standing_grants(purpose, said, day) if asked and each["recipient"] in named]
    taken_back = asked and any(
        event["withdrawn_at"] is not None and event["purpose"] == purpose.key and event["recipient"] in named
        for event in said.events["permission"]
    )
    consent: Consent = "given" if standing else "withdrawn" if taken_back else "none"
    pending, upheld = (objections(purpose, said, state) for state in ("pending", "upheld"))
    # A yes given after the no is a yes, where yes and no are about the same: a purpose that rests on consent.
    objected = bool(pending) or (bool(upheld) and not (purpose.basis == "consent" and standing))
    restricted = any(stands(event, "from_at", "lifted_at", day) for event in said.events["restriction"])
    facts = ContactFacts(
        channel=cast(Channel, channel),
        recipient=reached[0],
        consent=consent,
        banned=bool(banned),
        objected=objected,
        restricted=restricted,
        partner=partner,
        consent_names_partner=bool(standing) and partner,
        left=reached[1],
    )
    decision = may_contact(facts, on)
    allowed = decision.allow and (not asked or consent == "given")
    quiet = not banned and not objected and not restricted and not reached[1] and consent == "none"
    answer: Answer = "yes" if allowed else "ask" if quiet else "no"
    told = decision if allowed or not decision.allow else _no_consent(on)
    refused = [*(event["set_at"] for event in banned), *(event["raised_at"] for event in (*pending, *upheld))]
    # The narrowest of several is lifted first: what is on everything stands for more than this.
    first = min(banned, key=lambda event: (event["channel"] == "all", event["id"]), default=None)
    since = _since((refused if not allowed else []) or [event["given_at"] for event in standing])
    text = {lang: f"{words}: {sender}" for lang, words in purpose.text.items()} if sender else purpose.text
    on_ban, number = (str(first["channel"]), int(first["id"])) if first is not None else ("", 0)
    return ContactAnswer(purpose.key, text, channel, answer, told.reason, since, sender, told.rule, on_ban, number)


def _no_consent(on: dt.date) -> Decision:
    """The reason where the notice asks for consent though the law need not."""
    return next(each for each, _ in rows(on) if each.rule == NO_CONSENT)


def _since(moments: Sequence[str | None]) -> dt.datetime | None:
    """The latest of some moments."""
    known = [moment for moment in moments if moment is not None]
    return from_utc_text(max(known)) if known else None
