"""A child's own consent to a service offered online: from 13 years on in Finland (GDPR Art. 8; Act 1050/2018, s. 5)."""

from __future__ import annotations

import datetime as dt

from seloste.catalogue.model import PERSON
from seloste.clock import today
from seloste.law.children import age_of_own_consent, may_consent
from seloste.operations.permissions.errors import CannotSayError, RestrictedError
from seloste.store.engine import quote
from seloste.store.masks import Said, read_said, stands
from seloste.store.registers import RegisterStore
from seloste.store.values import from_cell
from seloste.store.work import Work

ONLINE = frozenset({"web_form", "portal", "app", "cookie_banner"})
"""Channels by which the person says it themselves to a service of the information society."""
BIRTH = "pd:BirthDate"
"""What the vocabulary calls a date of birth, whatever a notice calls its item."""


class GuardianNeededError(CannotSayError):
    """A child cannot consent to this alone."""


def need_guardian(
    store: RegisterStore, work: Work, person: int, *, channel: str, guardian: str, at: dt.datetime
) -> None:
    """Raises GuardianNeededError where a child below the age consents online and no guardian has, as far as we know.

    ``guardian``: who holds parental responsibility and how they consented (Art. 8(2)); it becomes the evidence.
    A register that holds no date of birth asks for none: that would be more data than it needs.
    """
    if channel not in ONLINE or guardian.strip():
        return
    born = _born(store, work, person)
    if born is not None and not may_consent(born, today(at)):
        years = age_of_own_consent(today(at))
        raise GuardianNeededError(
            f"Alle {years}-vuotiaan puolesta suostuu huoltaja (tietosuojalaki 5 §). Kirjaa, kuka huoltaja suostui ja "
            "miten.",
            f"For a child under {years} the guardian consents (Data Protection Act, s. 5). Write down which guardian "
            "consented and how.",
        )


def check_may_consent(
    store: RegisterStore, work: Work, person: int, *, channel: str, guardian: str = "", at: dt.datetime | None = None
) -> None:
    """Whether a consent of theirs may be written down now. Raises RestrictedError, GuardianNeededError."""
    said = read_said(work.conn, work.register, PERSON, [person]).get(person, Said())
    day = today(work.now).isoformat()
    if any(stands(event, "from_at", "lifted_at", day) for event in said.events["restriction"]):
        raise RestrictedError
    need_guardian(store, work, person, channel=channel, guardian=guardian, at=at or work.now)


def _born(store: RegisterStore, work: Work, person: int) -> dt.date | None:
    table = store.register.tables[PERSON]
    for name, item in table.kind.items.items():
        if item.type == "date" and item.dpv == BIRTH and table.column(name) is not None:
            row = work.conn.execute(f"SELECT {quote(name)} FROM {quote(PERSON)} WHERE id = :id", {"id": person}).first()
            if row is None or row[0] is None:
                continue
            text = store.keys.decrypt(row[0], place=f"{PERSON}.{name}") if item.sensitive else row[0]
            found = from_cell(item, text)
            return found if isinstance(found, dt.date) else None
    return None
