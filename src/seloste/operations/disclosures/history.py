"""What has been given to whom, the newest first, counted and without names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from seloste.catalogue.model import PERSON
from seloste.clock import from_utc_text
from seloste.operations.disclosures.model import DISCLOSURE, Given
from seloste.operations.rights.rows import read_rows
from seloste.store.engine import quote
from seloste.store.registers import RegisterStore


def latest(store: RegisterStore, *, key: str = "", most: int = 20, now: dt.datetime) -> tuple[Given, ...]:
    """The latest disclosures, of one recipient when ``key`` names it."""
    names = ("at", "recipient", "recipient_key", "purpose", "provision", "ground")
    chosen = ", ".join(quote(name) for name in names)
    where = " AND recipient_key = :key" if key else ""
    sql = (
        f"SELECT {chosen}, count(*) FROM {quote(DISCLOSURE)} WHERE {quote(PERSON)} IS NOT NULL AND {quote('at')} IS NOT"
        f" NULL{where} GROUP BY {chosen} ORDER BY {quote('at')} DESC LIMIT :most"
    )
    with store.read(now) as conn:
        rows = conn.execute(sql, {"most": most} | ({"key": key} if key else {})).all()
    return tuple(
        Given(from_utc_text(at), recipient or "", to or "", purpose or "", provision or "", ground or "", int(count))
        for at, recipient, to, purpose, provision, ground, count in rows
    )


@dataclass(frozen=True, slots=True)
class OfPerson:
    """One disclosure of a person's data: to whom, when, what for or by which provision, which items."""

    id: int
    at: dt.datetime
    recipient: str
    purpose: str
    provision: str
    items: tuple[str, ...]


def of_person(
    store: RegisterStore, person: int, *, purposes: Collection[str] | None, now: dt.datetime
) -> tuple[OfPerson, ...]:
    """What was given of a person, the newest first: for some purposes only, or with None for whatever.

    A role learns of no disclosure for a purpose it does not act for: that a debt went to a collector is told to those
    who follow debts.
    """
    with store.read(now) as conn:
        rows = read_rows(store, conn, DISCLOSURE, PERSON, [person])
    found = (
        OfPerson(row["id"], row["at"], row["recipient"], row.get("purpose", ""), row.get("provision", ""),
                 tuple(row.get("what", ())))
        for row in rows
        if "at" in row and "recipient" in row
    )  # fmt: skip
    shown = [each for each in found if purposes is None or each.purpose in purposes]
    return tuple(sorted(shown, key=lambda each: (each.at, each.id), reverse=True))
