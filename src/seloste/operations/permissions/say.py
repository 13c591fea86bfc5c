"""What a person says: consent and its withdrawal, objections, bans, restrictions and holds, as events.

Each verb writes its event and what follows from it in one transaction, so the very next read sees it. The events are
rows of the built-in kinds and are the truth; the bits beside the person follow from them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from seloste.catalogue.model import PERSON
from seloste.compiler.audience import senders
from seloste.compiler.lower import purpose_always_says_yes
from seloste.operations.actor import Actor
from seloste.operations.permissions.age import check_may_consent
from seloste.operations.permissions.errors import CannotSayError
from seloste.operations.permissions.events import add_event, end_events, entry_of, log
from seloste.operations.permissions.wording import consent_values, purpose_of
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.records.read import visible_ids
from seloste.operations.retention.report import SweepReport
from seloste.operations.retention.sweep import wipe
from seloste.operations.rights.erase import Erasure
from seloste.operations.rights.unasked import Word, let_go_said, seen_first
from seloste.store import at_once
from seloste.store.bans import ban_objected
from seloste.store.registers import RegisterStore
from seloste.store.work import Work


@dataclass(frozen=True, slots=True)
class SaidReport:
    """The event that was written, how many earlier ones it ended, and what went and stays because of it."""

    kind: str
    id: int
    ended: int = 0
    swept: SweepReport | None = None
    """After a no: what nobody needs any more is gone; what stays names its purpose, law and last day. None where
    nothing was held by that yes alone, so that nothing went."""
    told: tuple[str, ...] = ()
    """Who received what went: to tell each is a task (Art. 19)."""


def grant(
    store: RegisterStore,
    subject: int,
    purpose: str,
    *,
    channel: str,
    language: str,
    actor: Actor,
    now: dt.datetime,
    evidence: str = "",
    recipient: str = "",
    subject_kind: str = PERSON,
    given_at: dt.datetime | None = None,
    guardian: str = "",
) -> SaidReport:
    """Consent (Art. 7): the wording's hash, the notice's version, language, channel and time are its proof.

    For a child below the age ``guardian`` says who consented and how. Raises GuardianNeededError without (Art. 8), and
    RestrictedError while use of their data is paused.
    """
    if purpose_of(store, purpose).per == "row":
        raise CannotSayError(
            "Tämä lupa annetaan yhteen asiaan kerrallaan, samalla kun se kirjataan.",
            "This consent is given to one thing at a time, when that is entered.",
        )
    values = consent_values(
        store,
        purpose,
        channel=channel,
        language=language,
        given_at=given_at or now,
        evidence="\n".join(part for part in (guardian.strip(), evidence) if part),
        recipient=recipient,
    )
    _shown(store, subject_kind, subject, actor, now)
    with store.write(now) as work:
        if subject_kind == PERSON:
            check_may_consent(store, work, subject, channel=channel, guardian=guardian, at=given_at or now)
        number = add_event(work, "permission", subject_kind, subject, values)
        log(work, actor, now, "consent", subject_kind, subject, purpose)
    return SaidReport("permission", number)


def withdraw(
    store: RegisterStore,
    subject: int,
    purpose: str,
    *,
    actor: Actor,
    now: dt.datetime,
    recipient: str = "",
    subject_kind: str = PERSON,
    seen: str | None = None,
) -> SaidReport:
    """Withdrawal (Art. 7(3)): every standing consent to the purpose ends at once; earlier processing stays lawful.

    With ``recipient`` the consent to that one alone ends. What nobody needs any more is removed with it, and to tell
    those who received it becomes a task. Raises ErasesError for what was not ``seen``, see ``let_go_said``.
    """
    purpose_of(store, purpose)
    if actor.lens:
        _shown(store, subject_kind, subject, actor, now)
    if not recipient:
        entry = entry_of(actor, now, "withdraw", subject_kind, subject, purpose)
        if (all_of_them := at_once.withdraw(store, subject_kind, subject, purpose, entry)) is not None:
            return SaidReport("permission", 0, all_of_them)
    if not actor.lens:
        _shown(store, subject_kind, subject, actor, now)
    about = {"purpose": purpose, **({"recipient": recipient} if recipient else {})}
    with seen_first(store), store.write(now) as work:
        ended = end_events(work, "permission", subject_kind, subject, "withdrawn_at", now, about)
        log(work, actor, now, "withdraw", subject_kind, subject, purpose)
        word = Word("withdrawal", purpose, ended)
        gone = let_go_said(store, work, subject_kind, subject, word, seen=seen, actor=actor)
    return _said(store, "permission", 0, ended, gone)


def object_to(
    store: RegisterStore,
    person: int,
    purpose: str,
    *,
    actor: Actor,
    now: dt.datetime,
    reason: str = "",
    to_weigh: Callable[[Work], object] | None = None,
    seen: str | None = None,
) -> SaidReport:
    """Objection (Art. 21): pending until weighed; for marketing upheld at once, without reasons or weighing.

    What nobody needs after an upheld one is removed in the same transaction. ``to_weigh`` is called within it when
    somebody has to weigh the objection. Raises ErasesError for what was not ``seen``, see ``let_go_said``.
    """
    found = purpose_of(store, purpose)
    if found.basis not in ("legitimate_interest", "company_contract", "public_task") and found.nature != "marketing":
        raise CannotSayError(
            "Tätä tarkoitusta ei voi vastustaa, koska se ei perustu oikeutettuun etuun.",
            "This purpose cannot be objected to, since it does not rest on a legitimate interest.",
        )
    upheld = found.nature == "marketing"
    values = {
        "purpose": purpose,
        "state": "upheld" if upheld else "pending",
        "raised_at": now,
        "decided_at": now if upheld else None,
        "reason": reason or None,
    }
    if actor.lens:
        _shown(store, PERSON, person, actor, now)
    if upheld and not reason:
        entry = entry_of(actor, now, "object", PERSON, person, purpose)
        if (raised := at_once.object_to(store, person, purpose, entry)) is not None:
            return SaidReport("objection", raised)
    if not actor.lens:
        _shown(store, PERSON, person, actor, now)
    with seen_first(store), store.write(now) as work:
        number = add_event(work, "objection", PERSON, person, values)
        if upheld:
            ban_objected(work, person, purpose)
        elif to_weigh is not None:
            to_weigh(work)
        log(work, actor, now, "object", PERSON, person, purpose)
        word = Word("objection", purpose)
        gone = let_go_said(store, work, PERSON, person, word, seen=seen, actor=actor) if upheld else None
    return _said(store, "objection", number, 0, gone)


def decide_objection(
    store: RegisterStore, objection: int, *, upheld: bool, reason: str, actor: Actor, now: dt.datetime
) -> SaidReport:
    """Uphold or refuse a pending objection; a refusal needs its reasons (Art. 12(4), 21(1)).

    What nobody needs after an upheld one is removed in the same transaction (Art. 17(1)(c)).
    """
    if not upheld and not reason.strip():
        raise CannotSayError(
            "Kirjoita, miksi vastustaminen hylätään. Hänelle on kerrottava syyt.",
            "Write why the objection is refused. The person must be told the reasons.",
        )
    with store.write(now) as work:
        row = work.conn.execute(
            "SELECT person, purpose FROM objection WHERE id = :id AND state = 'pending'", {"id": objection}
        ).first()
        if row is None:
            raise NoSuchRowError
        if upheld and purpose_always_says_yes(purpose_of(store, str(row[1]))):
            raise CannotSayError(
                "Tätä tarvitaan oikeusvaateisiin. Kirjoita, miksi vastustaminen hylätään.",
                "This is needed for legal claims. Write why the objection is refused.",
            )
        changes = {"state": "upheld" if upheld else "refused", "decided_at": now}
        work.update("objection", objection, changes | ({"reason": reason} if reason else {}))
        log(work, actor, now, "uphold" if upheld else "refuse", PERSON, int(row[0]), str(row[1]))
        word = Word("objection", str(row[1]))
        gone = let_go_said(store, work, PERSON, int(row[0]), word, actor=actor) if upheld else None
    return _said(store, "objection", objection, 0, gone)


def ban(
    store: RegisterStore,
    person: int,
    channel: str,
    *,
    actor: Actor,
    now: dt.datetime,
    purpose: str = "",
    sender: str = "",
    note: str = "",
) -> SaidReport:
    """A ban on marketing by a channel (or ``all``), for one purpose or every one (Art. 21(2); Act 917/2014, s. 200).

    ``sender`` limits it to one of those who send, by name: the controller, a company of its group or a partner.
    """
    if purpose and purpose_of(store, purpose).nature != "marketing":
        raise CannotSayError(
            "Tämä tarkoitus ei ole markkinointia. Sitä voi vastustaa, jos se perustuu oikeutettuun etuun.",
            "This purpose is not marketing. It can be objected to if it rests on a legitimate interest.",
        )
    if sender and sender not in known_senders(store):
        raise CannotSayError(
            "Seloste ei nimeä tätä lähettäjää. Jätä lähettäjä tyhjäksi, jos kielto koskee kaikkia.",
            "The notice does not name this sender. Leave it empty if the ban is on everybody.",
        )
    values = {
        "channel": channel,
        "purpose": purpose or None,
        "sender": sender or None,
        "set_at": now,
        "source_note": note or None,
    }
    _shown(store, PERSON, person, actor, now)
    with store.write(now) as work:
        number = add_event(work, "ban", PERSON, person, values)
        log(work, actor, now, "ban", PERSON, person, channel)
    return SaidReport("ban", number)


def known_senders(store: RegisterStore) -> tuple[str, ...]:
    """Everybody in whose name marketing may be sent: the controller first."""
    found = [
        sender
        for purpose in store.register.purposes.values()
        if purpose.nature == "marketing"
        for sender in senders(store.register, purpose, group=True)
        if sender
    ]
    return tuple(dict.fromkeys([store.register.notice.controller.name, *found]))


def lift_ban(store: RegisterStore, person: int, ban: int, *, actor: Actor, now: dt.datetime) -> SaidReport:
    """The person takes one ban back; every other goes on.

    Raises NoSuchRowError for one that does not stand, or is on a purpose that the role does not act for.
    """
    _shown(store, PERSON, person, actor, now)
    with store.write(now) as work:
        sql = f"SELECT channel, purpose FROM ban WHERE id = :id AND {PERSON} = :person AND lifted_at IS NULL"
        row = work.conn.execute(sql, {"id": ban, "person": person}).first()
        if row is None or not _acts_for(store, actor, row[1]):
            raise NoSuchRowError
        work.update("ban", ban, {"lifted_at": now})
        log(work, actor, now, "unban", PERSON, person, str(row[0]))
    return SaidReport("ban", ban, 1)


def take_back_objection(
    store: RegisterStore, person: int, objection: int, *, actor: Actor, now: dt.datetime
) -> SaidReport:
    """The person no longer objects; the ban that an objection to marketing set goes with it.

    Raises NoSuchRowError for one that does not stand, or is to a purpose that the role does not act for. What was
    erased because of it does not come back.
    """
    _shown(store, PERSON, person, actor, now)
    with store.write(now) as work:
        sql = f"SELECT purpose, raised_at FROM objection WHERE id = :id AND {PERSON} = :person AND withdrawn_at IS NULL"
        row = work.conn.execute(sql, {"id": objection, "person": person}).first()
        if row is None or not _acts_for(store, actor, row[0]):
            raise NoSuchRowError
        work.update("objection", objection, {"withdrawn_at": now})
        purpose, raised = str(row[0]), row[1]
        own = {"channel": "all", "purpose": purpose, "set_at": raised}
        ended = end_events(work, "ban", PERSON, person, "lifted_at", now, own) if purpose and raised else 0
        log(work, actor, now, "unobject", PERSON, person, purpose)
    return SaidReport("objection", objection, 1 + ended)


def restrict(store: RegisterStore, person: int, ground: str, *, actor: Actor, now: dt.datetime) -> SaidReport:
    """Restriction (Art. 18): nothing is used and nothing is erased until it is lifted."""
    _shown(store, PERSON, person, actor, now)
    with store.write(now) as work:
        number = add_event(work, "restriction", PERSON, person, {"ground": ground, "from_at": now})
        log(work, actor, now, "restrict", PERSON, person, ground)
    return SaidReport("restriction", number)


def lift_restriction(store: RegisterStore, person: int, *, actor: Actor, now: dt.datetime) -> SaidReport:
    """Lift every standing restriction. The person is to be told first (Art. 18(3))."""
    with store.write(now) as work:
        ended = end_events(work, "restriction", PERSON, person, "lifted_at", now, {})
        log(work, actor, now, "lift", PERSON, person, "")
    return SaidReport("restriction", 0, ended)


def hold(
    store: RegisterStore,
    person: int,
    reason: str,
    *,
    owner: str,
    review_on: dt.date,
    actor: Actor,
    now: dt.datetime,
) -> SaidReport:
    """A hold for a complaint, dispute or claim (Art. 17(3)(e)): nothing of the person is erased; use goes on."""
    if not reason.strip():
        raise CannotSayError("Kirjoita eston syy.", "Write the reason for the hold.")
    values = {"reason": reason, "owner": owner, "review_on": review_on, "from_at": now}
    _shown(store, PERSON, person, actor, now)
    with store.write(now) as work:
        number = add_event(work, "hold", PERSON, person, values)
        log(work, actor, now, "hold", PERSON, person, "")
    return SaidReport("hold", number)


def release(store: RegisterStore, person: int, *, actor: Actor, now: dt.datetime) -> SaidReport:
    """End every hold of a person."""
    with store.write(now) as work:
        ended = end_events(work, "hold", PERSON, person, "ended_at", now, {})
        log(work, actor, now, "release", PERSON, person, "")
    return SaidReport("hold", 0, ended)


def _said(store: RegisterStore, kind: str, number: int, ended: int, gone: Erasure | None) -> SaidReport:
    """After its transaction: no byte of what went stays."""
    if gone is None:
        return SaidReport(kind, number, ended)
    wipe(store)
    return SaidReport(kind, number, ended, gone.report, gone.told)


def _shown(store: RegisterStore, kind: str, subject: int, actor: Actor, now: dt.datetime) -> None:
    """The subject exists, and this lens shows them; the register itself and the person need no lens."""
    if subject not in visible_ids(store, actor.lens, kind, {subject}, now, actor.person):
        raise NoSuchRowError


def _acts_for(store: RegisterStore, actor: Actor, purpose: str | None) -> bool:
    """Whether the role is shown what was said of a purpose, so that it may undo it; of no purpose, everybody is."""
    lens = store.register.lenses.get(actor.lens)
    return lens is None or not purpose or purpose in lens.purposes


__all__ = [
    "CannotSayError",
    "SaidReport",
    "ban",
    "decide_objection",
    "grant",
    "hold",
    "known_senders",
    "lift_ban",
    "lift_restriction",
    "object_to",
    "release",
    "restrict",
    "take_back_objection",
    "withdraw",
]
