"""May a housing company or its manager tell this to whoever asks? Act 1599/2009, as data in ``data/housing.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from seloste.law.rules import Mark, Text, matches, rule_set

Result = Literal["ALLOW", "DENY", "REVIEW"]

Requester = Literal[
    "authority",
    "police",
    "insurer",
    "owner",
    "shareholder",
    "former_owner",
    "pledgee",
    "estate_agency",
    "board_member",
    "manager",
    "maintenance_company",
    "collection_agency",
    "neighbour",
    "buyer",
    "tenant",
    "outsider",
]
"""``owner``: of the shares of the very apartment; ``shareholder``: of others of the company; ``outsider``: others."""

Data = Literal[
    "share_list",
    "owner_contact",
    "former_owners",
    "old_owners",
    "managers_certificate",
    "overdue_fees",
    "renovation_notices",
    "residents_list",
    "job_contact",
    "debt",
    "camera_recording",
]
"""What is asked for.

``share_list``: an owner's name, shares and apartment. ``owner_contact``: an owner's address or date of birth.
``former_owners``: those of the last ten years; ``old_owners``: before them. ``overdue_fees``: what a named owner has
not paid. ``job_contact``: name, apartment and telephone for a job of maintenance. ``debt``: the debtor, what is
overdue, and the personal identity code.
"""

AUTHORITIES: frozenset[str] = frozenset({"authority", "police"})


@dataclass(frozen=True, slots=True)
class Disclosure:
    result: Result
    """``REVIEW``: the table leaves it to somebody, for the reason given."""
    reason: Text
    law: Text
    """The provision, as it is cited to people."""
    log: bool
    """To whom, when and on what ground it was told must be written down."""
    mark: Mark
    rule: str
    """The id of the row that decided."""
    number: int
    """The row of the table; rows of one number differ by their id."""


def decide(
    requester: Requester,
    data: Data,
    *,
    shows_right: bool = False,
    non_disclosure: bool = False,
    consent: bool = False,
    on: date | None = None,
) -> Disclosure:
    """The decision of the first row that matches, by the law in force on the day (default: the present one).

    ``shows_right``: the requester has shown what their right rests on: an authority the provision, in writing; an
    estate agency its valid assignment; a pledgee that they hold the shares; a board member or the manager the task;
    anybody the right that needs the data (Act 1599/2009, ch. 2 s. 15). ``non_disclosure``: the person asked about has a
    non-disclosure order, or their data is secret; it denies all but these and authorities. ``consent``: the resident's,
    to this. Raises :class:`NoRuleError` for a day before the Regulation applied.
    """
    known = {
        "requester": requester,
        "data": data,
        "shows_right": shows_right,
        "non_disclosure": non_disclosure,
        "consent": consent,
        "authority": requester in AUTHORITIES,
    }
    table = rule_set("housing")
    for entry in table.entries():
        if entry.mark.holds(on) and matches(entry.facts["when"], known):
            row = entry.facts
            return Disclosure(
                row["result"], row["reason"], row["law"], row.get("log", False), entry.mark, entry.id, row["number"]
            )
    # The last row matches everything, so only a day before it can come here; find() says so.
    table.find("unknown", on)
    raise AssertionError("the housing table has a hole")
