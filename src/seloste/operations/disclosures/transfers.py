"""Whether data may go where a party is, on a day: within the EEA, or by a decision or a safeguard (Art. 44 to 49)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from seloste.catalogue.model import Text
from seloste.errors import NoRuleError
from seloste.law.countries import Status, last_known, safeguard, transfer
from seloste.notice.check.recipients import DECISIONS, DEROGATIONS
from seloste.notice.model import Party


@dataclass(frozen=True, slots=True)
class TransferState:
    """One country to which data go. ``ok`` is false where nothing makes the transfer lawful on the day."""

    who: str
    country: str
    status: Status
    safeguard: str | None
    ok: bool
    since: dt.date | None = None
    until: dt.date | None = None
    """First and last day of the decision that the transfer rests on; None while no end is known."""
    scope: Text | None = None
    """Of a decision that holds for some only: for whom."""
    ended: dt.date | None = None
    """The last day of a decision that held once and does not any more."""

    @property
    def leaves(self) -> bool:
        return self.status != "eea"

    @property
    def single(self) -> bool:
        """It rests on an exception meant for single cases (Art. 49)."""
        return not self.by_decision and self.safeguard in DEROGATIONS

    @property
    def by_decision(self) -> bool:
        """It rests on a decision of the Commission (Art. 45)."""
        return self.status == "adequate" or (self.status == "partial" and self.safeguard in (None, *DECISIONS))


def transfer_state(country: str, mechanism: str | None, on: dt.date, *, who: str = "") -> TransferState:
    """What holds for a country (ISO 3166 alpha-2) under the safeguard that the notice tells, on a day.

    A decision for some companies only is enough when the notice says that it covers this one (``adequacy``, ``dpf``).
    """
    found = transfer(country, on)
    mark = found.mark
    ended = None
    if found.status == "third":
        earlier = last_known(country, on)
        ended = earlier.valid_to if earlier is not None else None
    ok = found.status in ("eea", "adequate") or _covers(country, found.status, mechanism)
    return TransferState(
        who,
        country,
        found.status,
        mechanism,
        ok,
        mark.valid_from if mark is not None else None,
        mark.valid_to if mark is not None else None,
        found.scope or None,
        ended,
    )


def transfer_states(parties: Iterable[Party], mechanism: str | None, on: dt.date) -> tuple[TransferState, ...]:
    """One for each country outside the EEA, with who is there; nothing where all stays within."""
    named: dict[str, list[str]] = {}
    for party in parties:
        if party.country:
            named.setdefault(party.country, []).append(party.name)
    states = (
        transfer_state(country, mechanism, on, who=", ".join(dict.fromkeys(name for name in names if name)))
        for country, names in named.items()
    )
    return tuple(state for state in states if state.leaves)


def _covers(country: str, status: Status, mechanism: str | None) -> bool:
    if mechanism is None:
        return False
    if mechanism in DECISIONS:
        return status == "partial" and (mechanism != "dpf" or country == "US")
    try:
        safeguard(mechanism)
    except NoRuleError:
        return False
    return True
