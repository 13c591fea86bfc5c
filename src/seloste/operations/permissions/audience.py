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
from seloste.operations.actor import Actor
from seloste.operations.permissions.contact import channels
from seloste.store.journal import Entry, append
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


def audience(
    store: RegisterStore, purpose: str, channel: str, *, sender: str = "", actor: Actor, now: dt.datetime
) -> Audience:
    """The persons of the role whom ``purpose`` may reach by ``channel`` today, and the others counted by reason.

    ``sender`` is a partner or a company of the group by name, empty for the controller. Restricted people are no part
    of either, as the role sees nothing of them. Journaled with the count. Raises NoAudienceError.
    """
    lens = store.register.lenses.get(actor.lens)
    found = store.register.purposes.get(purpose)
    if lens is None or found is None or purpose not in lens.purposes or found.nature != "marketing":
        raise NoAudienceError(
            "Roolisi ei markkinoi tähän tarkoitukseen.", "Your role does not market for this purpose."
        )
    if channel not in channels(found) or sender not in senders(store.register, found, group=True):
        raise NoAudienceError(
            "Seloste ei kerro, että tähän tarkoitukseen lähetetään näin. Valitse kanava ja lähettäjä, jotka se nimeää.",
            "The notice does not say that this purpose is sent so. Choose a channel and a sender that it names.",
        )
    if not lens.sees(PERSON):
        return Audience(purpose, channel, sender, (), {}, {})
    day = today(now)
    sql = audience_sql(store.register, lens, found, channel, sender, store.database.dialect, day)
    tomorrow = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), HELSINKI)
    params = {
        "purpose": purpose,
        "channel": channel,
        "sender": sender or store.register.notice.controller.name,
        "day": day.isoformat(),
        "tomorrow": to_utc_text(tomorrow),
        "acting": actor.person,
    }
    table: dict[str, Decision] = {decision.rule: decision for decision, _ in rows(day)}
    with store.read(now) as conn:
        asked = [(int(person), str(rule)) for person, rule in conn.execute(sql, params)]
    persons = tuple(person for person, rule in asked if table[rule].allow)
    refused = Counter(rule for _, rule in asked if not table[rule].allow)
    with store.write(now) as work:
        append(
            work.conn,
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


__all__ = ["Audience", "NoAudienceError", "audience"]
