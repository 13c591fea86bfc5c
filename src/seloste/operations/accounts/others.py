"""What others did to what opens an account, by name, for whoever has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from seloste.clock import from_utc_text
from seloste.store import account_deeds, accounts
from seloste.store.account_deeds import What
from seloste.store.engine import Database

TOLD = timedelta(days=14)
"""How long a deed by which somebody else could be in is said first. Pressing it away is not possible: whoever got in
by it would press.
"""
OPENS = frozenset({"link_used", "reset", "password"})


@dataclass(frozen=True, slots=True)
class Other:
    """One deed; ``who`` is empty for a command where the program runs."""

    at: datetime
    what: What
    who: str
    agent: str

    def is_told(self, now: datetime) -> bool:
        """Whether it is said first on the pages that one comes to."""
        return self.what in OPENS and now - self.at < TOLD


def by_others(deployment: Database, account: str) -> tuple[Other, ...]:
    """The last of them in a year, latest first."""
    with deployment.read() as conn:
        deeds = account_deeds.of_account(conn, account)
        names = {each.by: found.name for each in deeds if (found := accounts.by_id(conn, each.by)) is not None}
    return tuple(Other(from_utc_text(each.at), each.what, names.get(each.by, ""), each.agent) for each in deeds)
