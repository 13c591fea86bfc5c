"""Writing a breach down, and what is decided of it (GDPR Art. 33 and 34).

The journal says who did what, not what was written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from seloste.operations.actor import Actor
from seloste.operations.breaches.model import (
    EXEMPTIONS,
    RISKS,
    SORTS,
    Breach,
    BreachError,
    Facts,
    Phase,
    Risk,
    from_text,
    to_text,
)
from seloste.operations.records.model import NoSuchRowError
from seloste.store import breaches
from seloste.store.journal import Entry
from seloste.store.registers import RegisterStore
from seloste.store.work import Work

LONGEST = 10_000
"""Characters of one text."""


def every(store: RegisterStore, *, now: dt.datetime) -> tuple[Breach, ...]:
    """All breaches: those whose clock runs first, the nearest deadline first; then the latest written."""
    with store.read(now) as conn:
        found = [from_text(each.id, each.text) for each in breaches.every(conn)]
    return tuple(
        sorted(found, key=lambda each: (not each.runs, each.closed_at is not None, each.deadline if each.runs else now))
    )


def of_number(store: RegisterStore, number: int, *, now: dt.datetime) -> Breach:
    """Raises NoSuchRowError when there is none of that number."""
    with store.read(now) as conn:
        kept = breaches.get(conn, number)
    if kept is None:
        raise NoSuchRowError
    return from_text(kept.id, kept.text)


def write_down(store: RegisterStore, facts: Facts, *, actor: Actor, now: dt.datetime) -> int:
    """A breach that somebody found; its number. Raises BreachError, naming the field that is wrong."""
    _check(facts, now)
    breach = Breach(0, facts, now, actor.account)
    with store.write(now) as work:
        number = breaches.add(work.conn, to_text(breach))
        work.journal.add(Entry(now, actor.account, actor.lens, "breach_written", note=str(number)))
    return number


def correct(store: RegisterStore, number: int, facts: Facts, *, actor: Actor, now: dt.datetime) -> None:
    """What is known now. Raises BreachError."""
    _check(facts, now)
    changed(store, number, "breach_changed", lambda breach, _: replace(breach, facts=facts), actor=actor, now=now)


def assess(store: RegisterStore, number: int, risk: str, why: str, *, actor: Actor, now: dt.datetime) -> None:
    """How great the risk to people is, and why. Raises BreachError."""
    level: Risk | None = next((each for each in RISKS if each == risk), None)
    if level is None:
        raise BreachError("Valitse, kuinka suuri riski on.", "Choose how great the risk is.", "risk")
    reason = _text(why, "risk_why")
    if not reason:
        raise BreachError("Kirjoita, mihin arvio perustuu.", "Write what the assessment rests on.", "risk_why")
    changed(
        store, number, "breach_assessed", lambda breach, _: replace(breach, risk=level, risk_why=reason),
        actor=actor, now=now, note=level,
    )  # fmt: skip


def notify(
    store: RegisterStore, number: int, at: dt.datetime | None, text: str, delay: str, *, actor: Actor, now: dt.datetime
) -> None:
    """That the authority was told at ``at``, the first time or further (Art. 33(4)). What stands is not changed.

    Raises BreachError for a moment that is none, and when the first comes late without a reason (Art. 33(1)).
    """
    said, reason = _text(text, "phase"), _text(delay, "delay")
    if at is None:
        raise BreachError("Kirjoita, milloin ilmoitettiin.", "Write when the authority was told.", "notified")
    moment = at

    def adds(breach: Breach, _: Work) -> Breach:
        earliest = breach.phases[-1].at if breach.phases else breach.facts.aware
        if not earliest <= moment <= now:
            raise BreachError(
                "Aika ei voi olla ennen loukkauksen havaitsemista tai edellistä ilmoitusta, eikä tulevaisuudessa.",
                "The time cannot be before you knew of the breach or before the previous notification, nor ahead.",
                "notified",
            )
        if not breach.phases and moment > breach.deadline and not reason:
            raise BreachError(
                "Ilmoitus tehtiin määräajan jälkeen. Kirjoita, miksi.",
                "It was made after the deadline. Write why.",
                "delay",
            )
        done = replace(breach, phases=(*breach.phases, Phase(moment, said, actor.account)))
        return done if breach.phases else replace(done, delay=reason)

    changed(store, number, "breach_notified", adds, actor=actor, now=now)


def decide(
    store: RegisterStore, number: int, tell: str, exemption: str, why: str, *, actor: Actor, now: dt.datetime
) -> None:
    """Whether people are told (Art. 34), and why not. Raises BreachError."""
    choice: Literal["yes", "no"] | None = "yes" if tell == "yes" else "no" if tell == "no" else None
    reason = _text(why, "tell_why")
    if choice is None:
        raise BreachError("Valitse, kerrotaanko ihmisille.", "Choose whether people are told.", "tell")
    ground = exemption if choice == "no" and exemption in EXEMPTIONS else ""

    def decides(breach: Breach, _: Work) -> Breach:
        if choice == "no" and breach.risk == "high" and not ground:
            raise BreachError(
                "Riski on korkea: kertomatta voi jättää vain näillä perusteilla. Valitse yksi.",
                "The risk is high: people may be left untold on these grounds only. Choose one.",
                "exemption",
            )
        if choice == "no" and not reason:
            raise BreachError("Kirjoita, miksi ihmisille ei kerrota.", "Write why people are not told.", "tell_why")
        if choice == "no" and breach.told is not None:
            raise BreachError("Ihmisille on jo kerrottu.", "People have been told already.", "tell")
        return replace(breach, tell=choice, exemption=ground, tell_why=reason)

    changed(store, number, "breach_decided", decides, actor=actor, now=now, note=choice)


def close(store: RegisterStore, number: int, *, actor: Actor, now: dt.datetime) -> None:
    """Done with. Raises BreachError while something the law asks of its risk is missing."""

    def closes(breach: Breach, _: Work) -> Breach:
        missing = left_to_do(breach)
        if missing:
            raise missing[0]
        return replace(breach, closed_at=now)

    changed(store, number, "breach_closed", closes, actor=actor, now=now, closed=True)


def reopen(store: RegisterStore, number: int, *, actor: Actor, now: dt.datetime) -> None:
    """Go on with one that was closed."""
    changed(store, number, "breach_reopened", lambda breach, _: replace(breach, closed_at=None),
            actor=actor, now=now, closed=True)  # fmt: skip


def left_to_do(breach: Breach) -> tuple[BreachError, ...]:
    """What must be there before it can be closed, in order; none when all is."""
    found = []
    if not breach.risk:
        found.append(BreachError("Arvioi riski.", "Assess the risk.", "risk"))
    if breach.affected is None:
        found.append(BreachError("Laske, keitä loukkaus koskee.", "Count whom the breach affects.", "kinds"))
    if breach.risk in ("risk", "high") and not breach.phases:
        found.append(BreachError("Ilmoita tietosuojavaltuutetulle.", "Notify the authority.", "notified"))
    if breach.risk == "high" and not breach.tell:
        found.append(BreachError("Päätä, kerrotaanko ihmisille.", "Decide whether people are told.", "tell"))
    if breach.risk == "high" and breach.tell == "no" and not breach.exemption:
        found.append(
            BreachError("Valitse, miksi ihmisille ei kerrota.", "Choose why people are not told.", "exemption")
        )
    if breach.tell == "yes" and breach.told is None:
        found.append(BreachError("Kerro ihmisille.", "Tell the people.", "letters"))
    return tuple(found)


def changed(
    store: RegisterStore,
    number: int,
    verb: str,
    change: Callable[[Breach, Work], Breach],
    *,
    actor: Actor,
    now: dt.datetime,
    note: str = "",
    closed: bool = False,
) -> Breach:
    """Change a breach in one transaction with its entry. Raises NoSuchRowError, and BreachError when it is closed."""
    with store.write(now) as work:
        kept = breaches.get(work.conn, number)
        if kept is None:
            raise NoSuchRowError
        before = from_text(kept.id, kept.text)
        if before.closed_at is not None and not closed:
            raise BreachError(
                "Loukkaus on päätetty. Avaa se ensin uudelleen.", "The breach is closed. Open it again first."
            )
        after = change(before, work)
        if not breaches.change(work.conn, kept, to_text(after)):
            raise BreachError(
                "Joku muu muutti tätä juuri. Lataa sivu uudelleen ja tee muutos siihen.",
                "Somebody else has just changed this. Load the page again and make the change there.",
            )
        # The number of the breach, and a code: what was written stands in the breach alone.
        said = f"{number}:{note}" if note else str(number)
        work.journal.add(Entry(now, actor.account, actor.lens, verb, note=said))
    return after


def _check(facts: Facts, now: dt.datetime) -> None:
    if facts.aware > now:
        raise BreachError("Aika on tulevaisuudessa.", "The time is ahead of now.", "aware")
    if facts.detected is not None and facts.detected > facts.aware:
        raise BreachError(
            "Merkit huomattiin ennen kuin asiasta oltiin varmoja, tai samalla hetkellä.",
            "The signs were noticed before you were sure of it, or at the same time.",
            "detected",
        )
    if facts.occurred is not None and facts.occurred > (facts.detected or facts.aware):
        raise BreachError(
            "Loukkaus alkoi ennen kuin se huomattiin.", "The breach began before it was noticed.", "occurred"
        )
    if not facts.sorts or not set(facts.sorts) <= set(SORTS):
        raise BreachError("Valitse, mitä tiedoille tapahtui.", "Choose what happened to the data.", "sorts")
    if not facts.happened.strip():
        raise BreachError("Kirjoita, mitä tapahtui.", "Write what happened.", "happened")
    for name in ("noticed_by", "system", "happened", "effects", "measures"):
        _text(getattr(facts, name), name)


def _text(text: str, name: str) -> str:
    if len(text) > LONGEST:
        raise BreachError(
            f"Teksti on liian pitkä: enintään {LONGEST} merkkiä.", f"Too long: {LONGEST} characters at most.", name
        )
    return text.strip()
