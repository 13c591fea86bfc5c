"""An audience: everybody whom a purpose may reach by a channel, and why the others may not be, in one statement."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from seloste.catalogue.model import PERSON, Text
from seloste.clock import HELSINKI, to_utc_text, today
from seloste.compiler.audience import audience_sql, senders
from seloste.errors import SelosteError
from seloste.law.marketing import Decision, rows
from seloste.notice.model import Purpose
from seloste.operations.actor import Actor
from seloste.operations.permissions.contact import channels
from seloste.store.engine import Connection
from seloste.store.journal import Entry
from seloste.store.registers import RegisterStore


class NoAudienceError(SelosteError):
    """The role does not market for that purpose, or the notice does not let it reach people so."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a message may be sent to. ``refused``: how many others by the row of the table that refuses them."""

    purpose: str
    channel: str
    sender: str
    persons: tuple[int, ...]
    """Ids, in order."""
    refused: Mapping[str, int]
    reasons: Mapping[str, Text]
    """Row of the table -> its reason."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How many a purpose may reach by a channel in the name of a sender, and how many not, by reason."""

    purpose: str
    channel: str
    sender: str
    allowed: int
    refused: tuple[tuple[Text, int], ...]
    """(reason, how many), in the order the table is tried."""


def marketing(store: RegisterStore, actor: Actor) -> tuple[Purpose, ...]:
    """The purposes for which the role markets."""
    lens = store.register.lenses.get(actor.lens)
    known = store.register.purposes
    keys = lens.purposes if lens is not None and lens.sees(PERSON) else ()
    return tuple(known[key] for key in keys if key in known and known[key].nature == "marketing")


@dataclass(frozen=True, slots=True)
class Way:
    """A purpose that markets, by a channel and in the name of a sender: what an audience is asked for."""

    purpose: str
    channel: str
    sender: str


def ways(store: RegisterStore, actor: Actor) -> tuple[Way, ...]:
    """Every marketing purpose of the role with its channels and senders. Nobody is counted."""
    return tuple(
        Way(purpose.key, channel, sender)
        for purpose in marketing(store, actor)
        for channel in channels(purpose)
        for sender in senders(store.register, purpose, group=True)
    )


def reach(store: RegisterStore, way: Way, *, actor: Actor, now: dt.datetime) -> Reach:
    """One of the :func:`ways` of the role, counted. Nobody is named, nothing is read."""
    purpose = store.register.purposes[way.purpose]
    sql, params, table = _asking(store, purpose, way.channel, way.sender, actor, now)
    with store.read(now) as conn:
        rows_of = conn.execute(f"SELECT rule, count(*) FROM ({sql}) asked GROUP BY rule", params).all()
    counts = {str(rule): int(count) for rule, count in rows_of}
    allowed = sum(count for rule, count in counts.items() if table[rule].allow)
    refused = tuple(
        (decision.reason, counts[rule]) for rule, decision in table.items() if rule in counts and not decision.allow
    )
    return Reach(way.purpose, way.channel, way.sender, allowed, refused)


def audience(
    store: RegisterStore, purpose: str, channel: str, *, sender: str = "", actor: Actor, now: dt.datetime
) -> Audience:
    """The persons of the role whom ``purpose`` may reach by ``channel`` today, and the others counted by reason.

    ``sender`` is a partner or a company of the group by name, empty for the controller. Restricted people are no part
    of either, as the role sees nothing of them. Journaled with the count. Raises NoAudienceError.
    """
    found = next((each for each in marketing(store, actor) if each.key == purpose), None)
    if found is None:
        raise NoAudienceError(
            "Roolisi ei markkinoi tähän tarkoitukseen.", "Your role does not market for this purpose."
        )
    if channel not in channels(found) or sender not in senders(store.register, found, group=True):
        raise NoAudienceError(
            "Seloste ei kerro, että tähän tarkoitukseen lähetetään näin. Valitse kanava ja lähettäjä, jotka se nimeää.",
            "The notice does not say that this purpose is sent so. Choose a channel and a sender that it names.",
        )
    sql, params, table = _asking(store, found, channel, sender, actor, now)
    with store.read(now) as conn:
        asked = [(int(person), str(rule)) for person, rule in conn.execute(sql, params)]
    persons = tuple(person for person, rule in asked if table[rule].allow)
    refused = Counter(rule for _, rule in asked if not table[rule].allow)
    with store.write(now) as work:
        work.journal.add(
            Entry(
                at=now,
                actor=actor.account,
                lens=actor.lens,
                verb="audience",
                kind=PERSON,
                count=len(persons),
                note=f"{purpose}.{channel}",
            ),
        )
    return Audience(purpose, channel, sender, persons, dict(refused), {rule: table[rule].reason for rule in refused})


def reached(store: RegisterStore, conn: Connection, found: Audience, *, actor: Actor, now: dt.datetime) -> set[int]:
    """Who of all may be reached so now, as the caller's transaction sees it. Not journaled: the caller's deed is."""
    purpose = store.register.purposes[found.purpose]
    sql, params, table = _asking(store, purpose, found.channel, found.sender, actor, now)
    return {int(person) for person, rule in conn.execute(sql, params) if table[str(rule)].allow}


def _asking(
    store: RegisterStore, purpose: Purpose, channel: str, sender: str, actor: Actor, now: dt.datetime
) -> tuple[str, dict[str, object], dict[str, Decision]]:
    """The statement, its parameters, and the table by whose rows it answers."""
    day = today(now)
    lens = store.register.lenses[actor.lens]
    sql = audience_sql(store.register, lens, purpose, channel, sender, store.database.dialect, day)
    tomorrow = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), HELSINKI)
    params: dict[str, object] = {
        "purpose": purpose.key,
        "channel": channel,
        "sender": sender or store.register.notice.controller.name,
        "day": day.isoformat(),
        "tomorrow": to_utc_text(tomorrow),
        "acting": actor.person,
    }
    return sql, params, {decision.rule: decision for decision, _ in rows(day)}


__all__ = ["Audience", "NoAudienceError", "Reach", "audience", "marketing", "reach", "reached"]
