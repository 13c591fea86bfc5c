"""Enter: a person with what ties them to the register and what they said when asked, in one operation.

Alone a person would be refused, since no purpose needs them; and a consent that is asked for while the data are given
must stand when they are judged.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seloste.catalogue.model import PERSON
from seloste.operations.actor import Actor
from seloste.operations.permissions.age import check_may_consent
from seloste.operations.permissions.say import CannotSayError
from seloste.operations.permissions.wording import consent_values
from seloste.operations.records.collect import Also, Collected, collect
from seloste.operations.records.model import NewRow
from seloste.store.journal import Entry
from seloste.store.registers import RegisterStore
from seloste.store.work import Work


@dataclass(frozen=True, slots=True)
class Said:
    """What a person answered to the wording of a purpose that rests on consent. Silence is no answer."""

    purpose: str
    yes: bool
    channel: str
    """How they were asked, an option of ``permission.channel``."""
    language: str
    """The language of the wording they heard."""
    recipient: str = ""
    """The partner the consent names, where the purpose asks for each."""


def enter(
    store: RegisterStore,
    rows: Sequence[NewRow],
    said: Sequence[Said],
    *,
    subject: str | int,
    actor: Actor,
    now: dt.datetime,
    also: Also | None = None,
) -> Collected:
    """Store rows and the answers of the person whose row has the ref ``subject``, or whose id it is.

    A yes is a permission (Art. 7). A no to marketing is a ban on it, so that nobody asks again; any other no leaves no
    trace. Raises what ``collect`` raises, CannotSayError and GuardianNeededError; then nothing was stored. A yes that
    the notice has confirmed by e-mail is not taken here: ``permissions.asking`` does both.
    """
    given = [(one, _consent(store, one, now)) for one in said]
    kind = next((row.kind for row in rows if row.ref == subject), PERSON)
    if given and kind != PERSON:
        raise CannotSayError("Vain ihminen voi antaa luvan tässä.", "Only a person can give a consent here.")

    agreed = store.register.agreed

    def answers(work: Work, ids: Mapping[str, int]) -> None:
        person = subject if isinstance(subject, int) else ids[subject]
        for one, values in given:
            if one.yes:
                check_may_consent(store, work, person, channel=one.channel)
                known = {name: value for name, value in values.items() if value is not None}
                # Where each row is agreed to apart, each rests on a consent of its own.
                for _ in range(max(1, sum(agreed.get(row.kind) == one.purpose for row in rows))):
                    work.insert("permission", {**known, PERSON: person}, source="subject")
            elif store.register.purposes[one.purpose].nature != "marketing":
                continue
            else:
                ban = {"channel": "all", "purpose": one.purpose, "sender": one.recipient or None, "set_at": now}
                table = work.register.tables["ban"]
                held = {name: value for name, value in ban.items() if value is not None and table.column(name)}
                work.insert("ban", {**held, PERSON: person}, source="subject")
            work.journal.add(
                Entry(
                    at=now,
                    actor=actor.account,
                    lens=actor.lens,
                    verb="consent" if one.yes else "ban",
                    kind=PERSON,
                    persons=(person,),
                    note=one.purpose,
                ),
            )

        if also is not None:
            also(work, ids)

    return collect(store, rows, actor=actor, now=now, also=answers if given else also)


def _consent(store: RegisterStore, one: Said, now: dt.datetime) -> dict[str, Any]:
    return consent_values(
        store,
        one.purpose,
        channel=one.channel,
        language=one.language,
        given_at=now,
        recipient=one.recipient,
        # A no needs no confirmation.
        confirmed=not one.yes,
    )
