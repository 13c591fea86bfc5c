"""What there is behind each door of one's own page, in numbers; no value is read out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from seloste.catalogue.model import PERSON
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.rights.gather import gather
from seloste.operations.rights.model import REQUEST
from seloste.operations.rights.rows import read_requests, read_rows
from seloste.store.registers import RegisterStore

DISCLOSURE = "disclosure"


@dataclass(frozen=True, slots=True)
class Counts:
    """``cells`` without ``proof``, what is kept as proof of what was said and asked; ``due`` the nearest last day, if
    any runs. A copy and the answer to a request count the two together.
    """

    cells: int
    proof: int
    disclosures: int
    waiting: int
    due: dt.date | None


def counts(store: RegisterStore, person: int, *, now: dt.datetime) -> Counts:
    """Counted as everything held of the person is gathered. Raises NoSuchRowError when they are not held."""
    with store.read(now) as conn:
        if not read_rows(store, conn, PERSON, "id", [person]):
            raise NoSuchRowError
        own = gather(store, conn, person, now=now)
        ids = [row.id for row in own.rows if row.kind == REQUEST]
        waiting = [each for each in read_requests(store, conn, now, ids) if each.open] if ids else []
    return Counts(
        cells=own.cells - (proof := own.proof(store.register.built_in)),
        proof=proof,
        disclosures=sum(row.kind == DISCLOSURE for row in own.rows),
        waiting=len(waiting),
        due=min((each.clock.day for each in waiting if not each.waiting), default=None),
    )
