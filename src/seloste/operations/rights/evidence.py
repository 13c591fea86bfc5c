"""What shows who somebody is when they ask for their data: GDPR Art. 12(6); Data Protection Act 1050/2018, s. 29."""

from __future__ import annotations

import datetime as dt

from seloste.clock import today
from seloste.law.identity_code import identifies
from seloste.operations.rights.model import RequestError

ACCEPTED = ("strong", "own_account", "in_person", "address_on_file")
"""Enough, the surest first. A copy of an identity card or a signature is not among them and is not asked for."""


class NotIdentifiedError(RequestError):
    """What was given does not show who somebody is."""


def accepted(evidence: frozenset[str], now: dt.datetime) -> str:
    """The surest of what was given. Raises NotIdentifiedError for an identity code, with or without the name."""
    found = next((each for each in ACCEPTED if each in evidence), "")
    if found and identifies(evidence, today(now)):
        return found
    if evidence and evidence <= {"identity_code", "name"}:
        raise NotIdentifiedError(
            "Henkilötunnus ja nimi eivät osoita, kuka hän on (tietosuojalaki 29 §). Kysy lisää. Määräaika seisoo "
            "sen ajan.",
            "An identity code and a name do not show who they are (Data Protection Act, s. 29). Ask for more. "
            "The clock stands meanwhile.",
        )
    raise NotIdentifiedError(
        "Valitse, mistä hänet tunnettiin: käydessään, rekisterissä olevasta osoitteesta tai vahvasta tunnistuksesta.",
        "Choose how they were known: in person, by the address on file or by strong identification.",
    )
