"""Somebody outside asks for data of people: an authority by law, a shareholder, an estate agency, a neighbour.

Each person asked about has a row of their own. Where the notice gives data by housing law, the dated table of
``law.housing`` decides what may be told; elsewhere an authority gets what its request covers, and anybody else what a
ground covers that somebody weighs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from seloste.catalogue.model import PERSON, Text
from seloste.clock import today
from seloste.compiler.register import Register
from seloste.law import housing
from seloste.notice.model import Ref
from seloste.operations.disclosures.contents import NOT_WRITTEN
from seloste.operations.disclosures.model import OUTSIDE
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.rights.rows import read_rows
from seloste.store.engine import Connection, quote
from seloste.store.registers import RegisterStore

OTHERS: tuple[str, ...] = ("authority", "police", "insurer", "outsider")
"""Who asks, where no table of the law tells more kinds apart."""

Answer = Literal["ALLOW", "DENY", "REVIEW"]


@dataclass(frozen=True, slots=True)
class Advice:
    """What the law says of a request: may be given, may not, or somebody weighs it. ``rule`` names the row."""

    answer: Answer
    reason: Text
    law: Text
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request from outside: one row for each person asked about, decided together. ``persons`` are in id order."""

    id: int
    code: str
    persons: tuple[int, ...]
    requester: str
    sort: str
    asked_by: str
    provision: str
    right_shown: str
    reference: str
    asked: str
    what: tuple[str, ...]
    received_at: dt.datetime
    state: str
    decided_at: dt.datetime | None
    reason: str
    rows: tuple[int, ...]

    @property
    def open(self) -> bool:
        return self.decided_at is None

    @property
    def authority(self) -> bool:
        return self.requester in housing.AUTHORITIES


def by_housing_law(register: Register) -> bool:
    """Whether the notice gives data by housing law, so that its table decides."""
    return any(one.when == "housing_law" for one in register.notice.recipients)


def requesters(register: Register) -> tuple[str, ...]:
    """As whom somebody may ask."""
    return get_args(housing.Requester) if by_housing_law(register) else OTHERS


def sorts(register: Register) -> tuple[str, ...]:
    """What sort of data may be asked for, where a table of the law tells them apart."""
    return get_args(housing.Data) if by_housing_law(register) else ()


def askable(register: Register) -> tuple[Ref, ...]:
    """Items that may be given on a request: all that the register holds but what it keeps of itself."""
    return tuple(
        Ref(kind, name)
        for kind, table in register.tables.items()
        if not table.kind.built_in
        for name, item in table.kind.items.items()
        if item.type not in NOT_WRITTEN
    )


def one(store: RegisterStore, number: int, *, now: dt.datetime) -> Asked:
    """The request that a row is part of. Raises NoSuchRowError."""
    with store.read(now) as conn:
        return read_one(store, conn, number)


def requests(store: RegisterStore, *, now: dt.datetime) -> tuple[Asked, ...]:
    """Every request: those to be decided first, the oldest at the top; then the decided, newest first."""
    with store.read(now) as conn:
        found = list(read_all(store, conn))
    waiting = sorted((each for each in found if each.open), key=lambda each: each.received_at)
    decided = sorted((each for each in found if not each.open), key=lambda each: str(each.decided_at), reverse=True)
    return (*waiting, *decided)


def advice(store: RegisterStore, asked: Asked, *, consent: bool = False, now: dt.datetime) -> Advice:
    """What the law says. A non-disclosure order of any of the persons denies all but authorities."""
    with store.read(now) as conn:
        return advise(store, conn, asked, consent, today(now))


def restricted(store: RegisterStore, asked: Asked, *, now: dt.datetime) -> int:
    """How many of the persons asked about have their data restricted."""
    with store.read(now) as conn:
        return len(restricted_of(conn, asked.persons))


def advise(store: RegisterStore, conn: Connection, asked: Asked, consent: bool, on: dt.date) -> Advice:
    protected = bool(guarded_of(store, conn, asked.persons))
    if by_housing_law(store.register):
        told = housing.decide(
            asked.requester,  # type: ignore[arg-type]
            asked.sort,  # type: ignore[arg-type]
            shows_right=bool(asked.provision if asked.authority else asked.right_shown),
            non_disclosure=protected,
            consent=consent,
            on=on,
        )
        return Advice(told.result, told.reason, told.law, told.rule)
    if asked.authority:
        return Advice("ALLOW", _AUTHORITY, {"fi": asked.provision, "en": asked.provision}, "authority")
    if protected:
        return Advice("DENY", _PROTECTED, {}, "protected")
    return Advice("REVIEW", _OUTSIDER, {"fi": "5 artikla 1 b, 6 artikla", "en": "Art. 5(1)(b), 6"}, "outsider")


_AUTHORITY: Text = {
    "fi": "Viranomaiselle annetaan se, mitä sen lakiin perustuva pyyntö koskee, ei muuta.",
    "en": "An authority is given what its request by law covers, and nothing else.",
}
_PROTECTED: Text = {
    "fi": "Turvakiellon alaisia tietoja ei anneta muille kuin viranomaisille.",
    "en": "Data under a non-disclosure order are given to authorities only.",
}
_OUTSIDER: Text = {
    "fi": "Seloste ei nimeä pyytäjää vastaanottajaksi. Tietoja annetaan vain, jos laki tai henkilön suostumus sallii.",
    "en": "The notice does not name the asker as a recipient. Data are given only if a law or the person's consent "
    "allows it.",
}


def guarded_of(store: RegisterStore, conn: Connection, persons: Collection[int]) -> set[int]:
    guards = store.register.tables[PERSON].kind.guards
    if not guards:
        return set()
    # What a guard says is sealed; that it stands is seen by its being there.
    stands = " OR ".join(f"{quote(name)} IS NOT NULL" for name in guards)
    found = set()
    for number in persons:
        if conn.execute(f"SELECT id FROM person WHERE id = :id AND ({stands})", {"id": number}).first() is not None:
            found.add(number)
    return found


def restricted_of(conn: Connection, persons: Collection[int]) -> tuple[int, ...]:
    found = []
    for number in sorted(persons):
        row = conn.execute("SELECT sys_restricted FROM person WHERE id = :id", {"id": number}).first()
        if row is not None and row[0]:
            found.append(number)
    return tuple(found)


def read_all(store: RegisterStore, conn: Connection, code: str | None = None) -> Iterator[Asked]:
    rows = [row for row in read_rows(store, conn, OUTSIDE, "id") if PERSON in row]
    cases: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        if code is None or row.get("request_code") == code:
            cases.setdefault(row.get("request_code", str(row["id"])), []).append(row)
    for key, together in cases.items():
        first = together[0]
        yield Asked(
            first["id"],
            key,
            tuple(sorted(row[PERSON] for row in together)),
            first.get("requester", ""),
            first.get("sort", ""),
            first.get("asked_by", ""),
            first.get("provision", ""),
            first.get("right_shown", ""),
            first.get("reference", ""),
            first.get("asked", ""),
            tuple(first.get("what", ())),
            first["received_at"],
            first.get("state", "received"),
            first.get("decided_at"),
            first.get("reason", ""),
            tuple(row["id"] for row in together),
        )


def read_one(store: RegisterStore, conn: Connection, number: int) -> Asked:
    rows = read_rows(store, conn, OUTSIDE, "id", [number])
    found = list(read_all(store, conn, rows[0].get("request_code", ""))) if rows else []
    if not found:
        raise NoSuchRowError
    return found[0]
