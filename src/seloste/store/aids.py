"""The tables of a register that are made when they are first needed, so that whatever needs all of them has all."""

from __future__ import annotations

from seloste.store import (
    agreed,
    assessments,
    breaches,
    due,
    forecast_slices,
    kept_figures,
    ledger,
    outbox,
    planned,
    unconfirmed,
)
from seloste.store.engine import Connection

_KEPT = (due, agreed, planned, breaches, kept_figures, assessments)
"""Those that a backup carries; a test holds every ``CREATE TABLE`` of this room to it."""


def create(conn: Connection) -> None:
    """Make all of them that are not there yet."""
    for each in _KEPT:
        each.create(conn)


def create_all(conn: Connection) -> None:
    """Make those too that no backup carries, and the ledger that an early version had not."""
    create(conn)
    for each in (ledger, unconfirmed, outbox, forecast_slices):
        each.create(conn)
