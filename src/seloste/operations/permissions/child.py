"""Who may consent now: from 13 on by themselves, before that their guardian does (Art. 8; act 1050/2018, s. 5).

Whoever's age the register does not hold is taken to be old enough, as everywhere where nothing says otherwise.
"""

from __future__ import annotations

import datetime as dt

from seloste.catalogue.model import PERSON
from seloste.clock import today
from seloste.errors import SelosteError
from seloste.law.children import age_of_own_consent, may_consent
from seloste.store.cells import read_cells
from seloste.store.masks import Said, read_said, stands
from seloste.store.work import Work

BORN = "pd:BirthDate"


class CannotSayError(SelosteError):
    """That cannot be said of this purpose: consent where it is not the basis, an objection where none is given."""


class RestrictedError(CannotSayError):
    """Use of their data is paused: nothing new is agreed to meanwhile (Art. 18(2))."""

    def __init__(self) -> None:
        super().__init__(
            "Hänen tietojensa käyttö on keskeytetty. Luvan voi kirjata, kun keskeytys on päättynyt. Kielto, "
            "vastustaminen ja luvan peruminen kirjataan heti.",
            "Use of their data is paused. A consent can be recorded when the pause has ended. A ban, an objection "
            "and a withdrawal are recorded at once.",
        )


class UnderAgeError(CannotSayError):
    """They are too young to consent by themselves, and nobody is named who did for them."""

    def __init__(self, age: int) -> None:
        super().__init__(
            f"Hän on alle {age}-vuotias. Luvan antaa hänen huoltajansa. Merkitse, että huoltaja antoi luvan, ja "
            "kirjoita näyttöön, kuka ja miten.",
            f"They are under {age}. Their parent or guardian consents. Mark that the guardian consented, and write in "
            "the evidence who did and how.",
        )


def born(work: Work, person: int) -> dt.date | None:
    """The day of birth, of the item that holds it or of an identity code; None when neither is there."""
    items = work.register.tables[PERSON].kind.items
    days = [name for name, item in items.items() if item.dpv == BORN and item.type == "date"]
    codes = [name for name, item in items.items() if item.type == "hetu"]
    known = read_cells(work.conn, work.keys, work.register, PERSON, person, [*days, *codes])
    for name in days:
        for day in known.get(name, ()):
            return dt.date.fromisoformat(day) if isinstance(day, str) else day
    for name in codes:
        for code in known.get(name, ()):
            return _day(str(code))
    return None


def check_may_consent(work: Work, person: int, *, guardian: bool = False) -> None:
    """Raises UnderAgeError for somebody who is too young today, unless their guardian consented; RestrictedError."""
    day = today(work.now)
    said = read_said(work.conn, work.register, PERSON, [person]).get(person, Said())
    if any(stands(event, "from_at", "lifted_at", day.isoformat()) for event in said.events["restriction"]):
        raise RestrictedError
    birth = None if guardian else born(work, person)
    if birth is not None and not may_consent(birth, day):
        raise UnderAgeError(age_of_own_consent(day))


def _day(code: str) -> dt.date:
    """The day of an identity code that was checked when it was stored: the sign after the day tells the century."""
    century = 1800 if code[6] == "+" else 2000 if code[6] in "ABCDEF" else 1900
    return dt.date(century + int(code[4:6]), int(code[2:4]), int(code[:2]))
