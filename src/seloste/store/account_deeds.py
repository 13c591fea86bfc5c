"""What others did to what opens an account, for whoever has it to see: who, when, what. Nobody clears it by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast

from seloste.clock import to_utc_text
from seloste.store.engine import Connection

TABLES = (
    """CREATE TABLE account_deed (
      account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE, at TEXT NOT NULL, what TEXT NOT NULL,
      by_account TEXT NOT NULL, agent TEXT NOT NULL)""",
    "CREATE INDEX account_deed_of_account ON account_deed (account, at)",
)

KEPT = timedelta(days=365)
MOST = 20

What = Literal["link_shown", "link_mailed", "link_used", "reset", "password", "lock", "unlock"]


@dataclass(frozen=True, slots=True)
class Deed:
    """One deed. ``at`` is UTC text; ``by`` the account that did it, or that made the link which was used.

    ``agent`` is the device in a word or two, where a link was used.
    """

    at: str
    what: What
    by: str
    agent: str


def note(conn: Connection, account: str, what: What, by: str, now: datetime, *, agent: str = "") -> None:
    """Write a deed down, and forget those that are too old."""
    conn.execute(
        "DELETE FROM account_deed WHERE account = :account AND at <= :old",
        {"account": account, "old": to_utc_text(now - KEPT)},
    )
    conn.execute(
        "INSERT INTO account_deed (account, at, what, by_account, agent) VALUES (:account, :at, :what, :by, :agent)",
        {"account": account, "at": to_utc_text(now), "what": what, "by": by, "agent": agent},
    )


def of_account(conn: Connection, account: str) -> tuple[Deed, ...]:
    """The last of them, latest first."""
    rows = conn.execute(
        f"""SELECT at, what, by_account, agent FROM account_deed WHERE account = :account
        ORDER BY at DESC, what DESC LIMIT {MOST}""",
        {"account": account},
    )
    return tuple(Deed(str(at), cast(What, what), str(by), str(agent)) for at, what, by, agent in rows)


def forget(conn: Connection, account: str) -> None:
    """The account has ended: nobody looks any more."""
    conn.execute("DELETE FROM account_deed WHERE account = :account", {"account": account})
