"""The versions of a register's notice: those that were in force, the one that is, the one that waits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from seloste.clock import from_utc_text
from seloste.store import planned
from seloste.store.planned import Planned
from seloste.store.registers import RegisterStore


@dataclass(frozen=True, slots=True)
class Version:
    """A version that came into force. Numbers begin at 1."""

    number: int
    digest: str
    effective: dt.date | None
    """The day its file says."""
    applied_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Versions:
    """All of them, the latest first."""

    applied: tuple[Version, ...]
    waiting: Planned | None
    ended: tuple[Planned, ...]
    """What was decided on here and has come into force, been withdrawn or failed."""

    @property
    def failed(self) -> Planned | None:
        """The last decision, when it could not be carried out."""
        return self.ended[0] if self.ended and self.ended[0].state == "failed" and self.waiting is None else None


def versions(store: RegisterStore, *, now: dt.datetime) -> Versions:
    """Every version of the notice that the register has run, and what is decided on."""
    with store.read(now) as conn:
        rows = conn.execute("SELECT id, digest, effective, applied_at FROM sys_notice ORDER BY id").all()
        waiting, ended = planned.waiting(conn), planned.ended(conn)
    applied = [
        Version(number, digest, dt.date.fromisoformat(effective) if effective else None, from_utc_text(at))
        for number, (_, digest, effective, at) in enumerate(rows, 1)
    ]
    return Versions(tuple(reversed(applied)), waiting, ended)


def source_of(store: RegisterStore, number: int, *, now: dt.datetime) -> str | None:
    """The file of a version as it was applied; None when there is no such version or its file was not kept."""
    with store.read(now) as conn:
        row = conn.execute(
            "SELECT text FROM sys_notice ORDER BY id LIMIT 1 OFFSET :skip", {"skip": max(0, number - 1)}
        ).first()
    return str(row[0]) if row is not None and row[0] and number >= 1 else None
