"""Where personal data may go: the EEA and the Commission's adequacy decisions, by day (GDPR Art. 44-49)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from seloste.errors import BadValue, NoRuleError
from seloste.law.rules import Entry, Mark, Text, rule_set

Status = Literal["eea", "adequate", "partial", "third"]


@dataclass(frozen=True, slots=True)
class Transfer:
    """What the law says of a country on a day. ``scope`` is empty unless ``partial``, ``mark`` None for ``third``."""

    country: str
    status: Status
    scope: Text
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class Safeguard:
    """A mechanism for a third country: a safeguard (Art. 46) or a derogation for single cases (Art. 49)."""

    key: str
    text: Text
    derogation: bool
    mark: Mark


def transfer(country: str, on: date) -> Transfer:
    """What holds for ``country`` (ISO 3166-1 alpha-2, upper case) on a day.

    Raises :class:`BadValue` if ``country`` is not two capital letters.
    """
    if not re.fullmatch(r"[A-Z]{2}", country):
        raise BadValue("Maan tunnuksessa on kaksi isoa kirjainta.", "A country code has two capital letters.", "SE")
    for entry in reversed(rule_set("countries").entries()):
        if entry.id == country and entry.mark.holds(on):
            return Transfer(country, entry.facts["status"], entry.facts.get("scope", {}), entry.mark)
    return Transfer(country, "third", {}, None)


def last_known(country: str, on: date) -> Mark | None:
    """What held for a country last before a day and does not hold on it: a decision that ended."""
    marks = [entry.mark for entry in rule_set("countries").entries() if entry.id == country]
    over = [mark for mark in marks if mark.valid_to is not None and mark.valid_to < on]
    return max(over, key=lambda mark: mark.valid_to or date.min, default=None)


def transfer_status(country: str, on: date) -> Status:
    """``eea`` needs nothing; ``adequate`` nothing more; ``partial`` only within the scope; ``third`` a safeguard."""
    return transfer(country, on).status


def eea(on: date) -> frozenset[str]:
    """The codes of the EEA on a day, with the regions that have codes of their own (``AX``)."""
    return frozenset(
        entry.id for entry in rule_set("countries").entries() if entry.facts["status"] == "eea" and entry.mark.holds(on)
    )


def organisation_status(key: str, on: date) -> Status:
    """The same for an international organisation (``EPO``)."""
    known = rule_set("countries").entries("organisation")
    return next((_status(entry) for entry in known if entry.id == key and entry.mark.holds(on)), "third")


def safeguard(key: str) -> Safeguard:
    """The mechanism a notice names (``scc``, ``bcr``, ``contract_derogation`` ...). Raises :class:`NoRuleError`."""
    entry = rule_set("countries").find(key, kind="safeguard")
    return Safeguard(key, entry.facts["text"], entry.facts.get("derogation", False), entry.mark)


def safeguards() -> tuple[Safeguard, ...]:
    return tuple(safeguard(entry.id) for entry in rule_set("countries").entries("safeguard"))


def transfer_allowed(country: str, on: date, *, mechanism: str | None = None, in_scope: bool = False) -> bool:
    """True if data may go there: within the EEA, to an adequate country, within a partial decision's scope when the
    recipient is (``in_scope``, as a certified company in the US), or under a known mechanism.
    """
    status = transfer_status(country, on)
    if status in ("eea", "adequate") or (status == "partial" and in_scope):
        return True
    if mechanism is None:
        return False
    try:
        safeguard(mechanism)
    except NoRuleError:
        return False
    return True


def _status(entry: Entry) -> Status:
    status: Status = entry.facts["status"]
    return status
